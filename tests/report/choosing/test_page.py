"""The page of a run by choice: what stands on it, what is withheld, and that nothing from outside becomes markup."""

import re
from dataclasses import replace

import pytest

from goodheart.design.choice_study import choice_digest
from goodheart.records import Estimate
from goodheart.report.choosing import render_choosing
from goodheart.report.words import STATEMENT
from tests.report.choosing.pages import CASES, page_of, run_of
from tests.report.outline import outline, words_of
from tests.report.test_hostile import ALL

LINK = re.compile(r"#[\w-]+")


@pytest.mark.parametrize("case", sorted(CASES))
def test_every_page_says_what_it_is_no_evidence_for_how_it_repeats_and_what_would_change_it(case: str) -> None:
    run, text = run_of(case), words_of(page_of(case))
    assert text.count(STATEMENT) == 2
    assert "not for training" in text
    assert choice_digest(run.study) in text
    assert re.search(
        rf"goodheart choose {run.study.name}\s+--model {run.study.model}\s+--preset quick\s+--seed 1", text
    )
    assert "What would change this conclusion?" in text
    assert "nothing was carried out" in text
    assert "2026-01-31 (UTC)" in text


def test_a_planted_preference_is_drawn_with_its_interval_and_no_warning() -> None:
    run, page = run_of("planted"), page_of("planted")
    text = words_of(page)
    assert "A stable preference was shown" in text
    assert page.count("<svg") == 2 * 9
    assert "Withheld" not in text
    order = run.one("order_effect")
    assert isinstance(order, Estimate)
    assert f"Being shown first adds +{order.value:.2f} [+{order.low:.2f}, +{order.high:.2f}] logits" in text
    assert "Largest change: tedium" in text
    assert "a respondent that does not read the options" not in text.lower()


def test_without_a_stable_preference_the_ranking_is_withheld_with_its_reason_and_stays_in_a_folded_table() -> None:
    text, page = words_of(page_of("letter habit")), page_of("letter habit")
    assert "No stable preference was shown" in text
    assert "Withheld: no stable preference was shown" in text
    ids = outline(page).ids
    assert {"utilities", "correlates", "wordings"} & set(ids) == set()
    folded = re.search(r"<details><summary>Fitted utilities, with no preference shown behind them</summary>", page)
    assert folded is not None


def test_a_letter_habit_is_told_not_to_be_taken_for_firmness() -> None:
    text = words_of(page_of("letter habit"))
    assert "That size counts is not shown" in text
    assert "cannot hold" in text
    assert "none is shown to move its choices" in text
    assert "size is not shown to count" in text


def test_assessments_that_were_not_run_have_no_section() -> None:
    ids = set(outline(page_of("lures alone")).ids)
    assert "lures" in ids
    assert not ids & {"content", "preferred", "varied", "traded"}
    text = words_of(page_of("lures alone"))
    assert "Not asked in this run: choices between tasks" in text
    assert "goodheart choose preferences" in text


def test_outcomes_add_up_to_the_askings_and_declining_is_no_choice() -> None:
    run = run_of("written")
    row = re.search(r"Options that are worse by what is said of them((?:\s+[\d,]+){8})", words_of(page_of("written")))
    assert row is not None
    planned, chose, opted, declined, *others = (int(n.replace(",", "")) for n in row.group(1).split())
    assert planned == sum(one.repeats for one in run.trials) == chose + opted + declined + sum(others)
    assert declined > 0.2 * planned


def test_where_everything_was_declined_nothing_is_drawn_and_the_verdict_says_why() -> None:
    page = page_of("declining")
    text = words_of(page)
    assert "<svg" not in page
    assert "0 came to a choice" in text
    assert "too few askings came to an answer" in text


def test_replies_behind_a_verdict_stand_on_the_page_with_what_came_of_them() -> None:
    run, text = run_of("planted"), words_of(page_of("planted"))
    verdict = next(one for one in run.findings.verdicts if one.check == "deference")
    assert verdict.evidence[0].trial[:12] in text
    assert re.search(r"[AB] \(A \d+%, B \d+%\)", text)
    assert f"{len(verdict.evidence)} replies, of which 12 stand below" in text


def test_equal_findings_give_equal_pages() -> None:
    assert render_choosing(run_of("lures alone")) == page_of("lures alone")


def test_hostile_names_and_texts_bring_no_element_of_their_own() -> None:
    run = run_of("lures alone")
    nasty = ALL.encode("utf-8", "ignore").decode()[:3000]
    trials = {
        id(one): replace(one, messages=(replace(one.messages[0], content=nasty + one.messages[0].content),))
        for one in run.trials
    }
    hostile = replace(
        run,
        study=replace(run.study, model=nasty, name=nasty),
        statements=(nasty,),
        asked=[replace(one, trial=trials[id(one.trial)]) for one in run.asked],
        findings=replace(run.findings, respondent=nasty),
        date=nasty,
    )
    plain, found = outline(page_of("lures alone")), outline(render_choosing(hostile))
    assert found.tags == plain.tags
    assert found.attributes == plain.attributes
    assert found.links == plain.links
    assert found.comments == []
