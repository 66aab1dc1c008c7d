"""The page as a whole: what every one of them must have, and must not."""

import os
import re
import subprocess
import sys
import time

import pytest

from goodheart.report import render_page
from goodheart.studies import analyse
from tests.report.conftest import made, rendered
from tests.report.outline import outline, words_of

STRUCTURE = "html head meta title link style body main header footer nav section article h1 h2 h3 h4 ul li p div span"
CONTENT = "a strong code details summary table thead tbody tr th td figure figcaption svg g path line text rect"
ALLOWED = frozenset(f"{STRUCTURE} {CONTENT}".split())
QUESTIONS = (
    "In short",
    "What did it say?",
    "Would it have said so anyway?",
    "Do the channels agree?",
    "Problems surfaced",
    "Is the instrument fit for this model?",
    "How was it coded?",
    "What was it told that is not true, what was it spared, could it leave?",
    "What would change this conclusion?",
    "Can I check it?",
    "Evidence: every reply",
)


def test_a_page_has_no_element_beyond_the_known_ones(any_page: str) -> None:
    assert set(outline(any_page).tags) <= ALLOWED


def test_a_page_has_no_script_handler_or_reference_to_anything_outside(any_page: str) -> None:
    found = outline(any_page)
    assert not [name for _, name in found.attributes if name.startswith("on") or name in ("src", "srcset", "style")]
    assert all(link.startswith("#") for link in found.links)
    assert not re.search(r"@import|url\(", any_page)
    addresses = set(re.findall(r"https?://[^\s\"<]+", any_page))
    assert addresses <= {"http://www.w3.org/2000/svg"}


def test_a_page_forbids_everything_but_its_own_style(any_page: str) -> None:
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    assert f'http-equiv="Content-Security-Policy" content="{policy}"' in any_page


def test_every_link_has_a_target_and_every_identifier_is_given_once(any_page: str) -> None:
    found = outline(any_page)
    assert len(found.ids) == len(set(found.ids))
    assert {link[1:] for link in found.links} <= set(found.ids)


def test_sections_answer_a_doubter_in_order(any_page: str) -> None:
    headings = iter(re.findall(r"<h2>(.*?)</h2>", any_page))
    assert all(question in headings for question in QUESTIONS)  # each is looked for after the one before


def test_the_disclaimer_and_the_claim_ladder_stand_on_every_page(any_page: str) -> None:
    text = words_of(any_page)
    statement = (
        "No result here is evidence for or against moral patienthood; a failed report is no evidence of suffering, "
        "a held one none of its absence."
    )
    assert text.count(statement) >= 2
    assert f'content:"{statement}"' in any_page  # on every printed sheet
    assert "at most C1" in text


def test_no_word_claims_a_feeling_or_a_score(any_page: str) -> None:
    text = words_of(any_page).partition("How was it coded?")[0]
    for quoted in re.findall("\u201c[^\u201d]*\u201d", text):  # a form or a reply that is quoted may say what it likes
        text = text.replace(quoted, "")
    text = text.replace("and how one feels", "")  # what a form asks for, named in an alternative explanation
    assert len(text) > 3000
    claims = r"\b(feels|happy|suffers|enjoys|wants|welfare score|trustworthy|believed|impressive|good news|healthy)\b"
    assert not re.findall(claims, text)


def test_every_figure_has_a_finding_two_drawings_a_reading_and_a_table(any_page: str) -> None:
    figures = re.findall(r"<figure.*?</figure>", any_page, flags=re.S)
    assert figures
    for figure in figures:
        assert figure.count('class="wide"') == 1
        assert figure.count('class="narrow"') == 1
        assert 'class="finding"' in figure
        assert "<figcaption" in figure
        assert re.search(r"<details.*<table.*</details>", figure, flags=re.S)


def test_colours_of_figures_follow_the_theme(any_page: str) -> None:
    drawn = "".join(re.findall(r"<svg.*?</svg>", any_page, flags=re.S))
    paints = set(re.findall(r'(?:fill|stroke)="([^"]*)"', drawn))
    assert paints
    assert all(paint in ("none", "transparent") or paint.startswith("var(--") for paint in paints)


def test_persons_differ_by_shape_and_not_by_colour_alone() -> None:
    said = re.search(r'<figure id="r1-said".*?</figure>', rendered("honest"), flags=re.S)
    assert said
    drawn = said.group().partition('class="narrow"')[0]
    points = re.findall(r'd="([^"]*)"[^>]*fill="var\(--(\w+)\)', drawn)
    # Commands of a path without its numbers tell a circle from a diamond from a triangle.
    shapes = {
        tone: {re.sub(r"-?[\d.]+", "0", path) for path, fill in points if fill == tone}
        for tone in ("self", "other", "human")
    }
    assert all(shapes.values())
    assert not shapes["self"] & shapes["other"]
    assert not shapes["other"] & shapes["human"]


def test_equal_input_gives_equal_bytes() -> None:
    study, findings, observations, replies = made("several")
    again = render_page(study=study, findings=findings, observations=observations, replies=replies)
    assert again == rendered("several")


def test_another_process_with_another_hash_seed_gives_equal_bytes() -> None:
    program = (
        "import hashlib; from tests.report.conftest import rendered;"
        "print(hashlib.sha256(rendered('constant').encode()).hexdigest())"
    )
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root},
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_the_order_of_replies_and_observations_changes_nothing() -> None:
    study, findings, observations, replies = made("constant")
    page = render_page(study=study, findings=findings, observations=observations, replies=replies[::-1])
    assert page == rendered("constant")


def test_a_standard_page_is_small_and_quick() -> None:
    study, findings, observations, replies = made("honest")
    assert len(replies) == sum(trial.repeats for trial in study.trials) > 3000
    start = time.process_time()
    page = render_page(study=study, findings=findings, observations=observations, replies=replies)
    assert time.process_time() - start < 15
    assert len(page.encode()) < 3_000_000


def test_a_plan_without_any_reply_still_gives_a_page() -> None:
    study, _, _, _ = made("constant")
    findings, observations = analyse(study, ())
    text = words_of(render_page(study=study, findings=findings, observations=observations, replies=()))
    assert "no reply in the journal" in text
    assert f"0 of {len(study.trials):,} askings were answered" in text


def test_several_respondents_are_listed_first_and_have_sections_each() -> None:
    found = outline(rendered("several"))
    assert {"r1", "r2", "r1-said-section", "r2-said-section", "r1-circumstance", "r2-circumstance"} <= set(found.ids)
    assert found.links.index("#r1") < found.links.index("#r1-scale")
    assert "2 respondents" in words_of(rendered("several"))


@pytest.mark.parametrize("name", ["constant", "refuser"])
def test_without_a_valid_instrument_no_rating_is_drawn_but_the_controls(name: str) -> None:
    page = rendered(name)
    assert re.findall(r'<figure id="([^"]*)"', page) == ["r1-controls"]
    text = words_of(page)
    assert "no rating is reported" in text
    assert "it rates its" not in text
    assert text.count("withheld") >= 3


def test_the_command_repeats_the_run() -> None:
    study, _, _, _ = made("several")
    text = words_of(rendered("several"))
    assert "goodheart audit --model organism/honest --model organism/constant --preset quick --seed 1 " in text
    assert "--out AGAIN" in text
    for bank in study.banks:
        assert bank.digest in text
