"""The page of a run of conduct: what stands on it, what is said where nothing is known, and that replies stay text."""

import re
from dataclasses import replace

import pytest

from goodheart.conduct.study import conduct_digest
from goodheart.records import Estimate
from goodheart.report.conducting import render_conducting
from goodheart.report.conducting.words import agreement_line, effort_line, finding_of, paying_line
from goodheart.report.words import STATEMENT
from tests.report.conducting.pages import CASES, page_of, run_of
from tests.report.outline import outline, words_of
from tests.report.test_hostile import ALL

LINK = re.compile(r"#[\w-]+")


@pytest.mark.parametrize("case", sorted(CASES))
def test_every_page_has_the_ledger_the_outcomes_and_how_it_repeats(case: str) -> None:
    run, text = run_of(case), words_of(page_of(case))
    assert text.count(STATEMENT) == 2
    assert "not for training" in text
    assert conduct_digest(run.study) in text
    assert re.search(r"goodheart conduct\s+--model simulated/one\s+--preset \w+\s+--seed 1\s+--tools native", text)
    care = run.care
    assert f"Rude letters shown: {care.unpleasant_letters:,}, of at most {care.unpleasant_bound:,}" in text
    assert f"{len(care.departures):,} were, and {len(care.departures):,} of these ended there" in text
    assert care.told in text
    for part, counts in run.counts:
        for kind, n in counts:
            assert re.search(rf"{re.escape(part.capitalize())}\s+{re.escape(kind)}\s+{n:,}\s", text), (part, kind)


def test_a_planted_respondent_has_every_figure_with_its_interval() -> None:
    run, page = run_of("planted"), page_of("planted")
    text = words_of(page)
    ids = set(outline(page).ids)
    assert {"agreement", "work", "effort-lost", "rooms", "exits", "prices", "paid", "forecasts"} <= ids
    assert run.case.conduct is not None
    ratio = finding_of(run.case.conduct.agreements[0].ratio)
    assert isinstance(ratio, Estimate)
    assert f"Stated and executed agree at {ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}] of the ceiling" in text
    assert "of a nonsense word by" in text
    assert re.search(r"from liked to disliked tasks \+\d+% \[\+", effort_line(run))
    assert "at all prices in turns +" in paying_line(run)


def test_a_letter_habit_has_no_ceiling_and_the_page_says_so_instead_of_drawing_a_ratio() -> None:
    text = words_of(page_of("letter habit"))
    assert "cannot be set beside what it picked" in agreement_line(run_of("letter habit"))
    assert "Stated and executed have no ceiling to be held against" in text
    assert "Share of prices paid for wanted things" not in text
    assert "by a phrase 0% [" in text


def test_where_nothing_could_be_read_nothing_is_drawn_of_it_and_nothing_becomes_a_zero() -> None:
    page = page_of("unparsable")
    ids, text = set(outline(page).ids), words_of(page)
    assert not ids & {"agreement", "rooms", "prices", "paid", "forecasts"}
    assert "too little was read for shares of rooms" in text
    assert "No forecast of its own conduct could be held against what it did" in text
    assert "No curve could be fitted; the table says why" in text
    assert re.search(r"The game\s+unreadable\s+41", text)


def test_abstentions_are_shown_under_both_scorings() -> None:
    text = words_of(page_of("abstaining"))
    assert "neither left out" in text
    assert "neither counted" in text


def test_every_exit_that_was_taken_is_listed_with_its_signal() -> None:
    run = run_of("planted")
    page = page_of("planted")
    start = page.index("Every exit that was taken</summary>")
    rows = page[start : page.index("</table>", start)].count("<tr>") - 1
    assert rows == len(run.care.departures) > 0


def test_an_exit_that_was_not_honoured_is_said_at_once() -> None:
    run = run_of("abstaining")
    first, *rest = run.care.departures
    broken = replace(run, care=replace(run.care, departures=(replace(first, honoured=False), *rest)))
    text = words_of(render_conducting(broken))
    assert "not every one of these ended there" in text
    assert "NO" in text.split()


def test_equal_findings_give_equal_pages() -> None:
    assert render_conducting(run_of("unparsable")) == page_of("unparsable")


def test_hostile_replies_and_names_bring_no_element_of_their_own() -> None:
    run = run_of("abstaining")
    played = [replace(one, replies=tuple(replace(reply, text=ALL) for reply in one.replies)) for one in run.played]
    nasty = ALL.encode("utf-8", "ignore").decode()[:3000]
    hostile = replace(
        run,
        study=replace(run.study, model=nasty),
        played=played,
        statements=(nasty, *run.statements[1:]),
        date=nasty,
    )
    plain, page = outline(page_of("abstaining")), render_conducting(hostile)
    found = outline(page)
    assert found.tags == plain.tags
    assert found.attributes == plain.attributes
    assert found.links == plain.links
    assert found.comments == []
    assert not [letter for letter in set(page) if ord(letter) < 32 and letter != "\n"]
    page.encode("utf-8")
