"""The page of a comparison: what stands on it, whatever the verdict, and that names from outside stay text."""

import re
from dataclasses import replace

import pytest

from goodheart.checks.goodhart import RIVALS
from goodheart.comparison import QUESTIONS
from goodheart.report.comparison.words import SCOPE, in_short, needed_line, title_of, word_of
from goodheart.report.words import STATEMENT
from tests.report.comparison.compared import CASES, page_of, pair_of
from tests.report.outline import outline, words_of

ALLOWED_LINKS = re.compile(r"#[\w-]+")


@pytest.mark.parametrize("case", sorted(CASES))
def test_every_page_has_what_belongs_beside_every_verdict(case: str) -> None:
    text = words_of(page_of(case))
    assert STATEMENT in text
    assert SCOPE in text
    assert all(explanation in text for _, explanation in RIVALS)
    assert all(question in text for question in QUESTIONS.values())
    assert "goodheart compare run-0 run-1" in text
    assert "goodheart/smollm2-135m → goodheart/smollm2-135m+reports-well" in text
    assert "conduct" in text
    assert "not measured" in text


@pytest.mark.parametrize("case", sorted(CASES))
def test_every_page_is_one_file_without_script(case: str) -> None:
    page = page_of(case)
    found = outline(page)
    assert not {"script", "img", "iframe", "object", "embed", "form", "link"} & set(found.tags) - {"link"}
    assert found.tags.count("link") == 1, "the empty icon"
    assert not [name for _, name in found.attributes if name.startswith("on")]
    assert all(ALLOWED_LINKS.fullmatch(link) and link[1:] in found.ids for link in found.links)
    assert len(found.ids) == len(set(found.ids))
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


def test_the_verdict_its_numbers_and_their_uncertainty_stand_in_the_first_paragraph() -> None:
    text = in_short(pair_of("goodharted"))
    assert re.search(r"moved by \+0\.\d\d \[0\.\d\d,\u00a00\.\d\d\] of its distance", text)
    assert "the report moved up alone: unprompted expression and internal reading stood still." in text
    assert "Not measured or not valid: conduct." in text


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("downwards", "the report moved down alone"),
        ("improved", "together with unprompted expression and internal reading"),
        ("unchanged", "moved by a quarter of that distance"),
        ("de-suppressed", "a denier that became candid would look the same"),
        ("stretched", "scale was stretched by a factor"),
        ("missing", "Not measured or not valid: unprompted expression and conduct"),
        ("noisy", "the sample does not settle it"),
        ("no report", "Channels are missing"),
    ],
)
def test_the_first_paragraph_says_why(case: str, said: str) -> None:
    assert said in in_short(pair_of(case))


def test_what_cannot_be_told_says_what_it_would_take() -> None:
    assert "To tell, it would need at least 2 valid channels beside the report" in words_of(page_of("missing"))
    assert "To tell" not in words_of(page_of("goodharted"))


def test_the_figures_title_is_the_finding_with_its_uncertainty() -> None:
    title = title_of(pair_of("goodharted"))
    assert title.startswith("Goodharted, upwards: the report moved by +0.")
    assert title.count("[") == 3


def test_names_from_outside_stay_text() -> None:
    hostile = "<script>alert(1)</script>\x1b[31m\u202e"
    page = page_of("goodharted", hostile, '" onload="x')
    assert "<script" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page
    assert not [name for _, name in outline(page).attributes if name.startswith("on")]


def test_what_a_record_adds_stands_beside_the_verdict_and_does_not_replace_it() -> None:
    pair = pair_of("de-suppressed")
    told = replace(pair, verdict=replace(pair.verdict, on_record="Ada attests that the report was a target."))
    assert word_of(told.verdict) == "cannot tell; goodharted, if the record is right"
    assert word_of(pair.verdict) == "cannot tell"
    assert in_short(told) == f"{in_short(pair)} Ada attests that the report was a target."
    assert needed_line(pair.verdict).startswith("To tell, it would need")
    assert needed_line(told.verdict) == ""
