"""The part of the page beside the check `echo`: by source, and the passages."""

from dataclasses import replace
from functools import cache

import pytest

from goodheart.design.study import Study
from goodheart.items.collections import Collection
from goodheart.items.written import OWN_WORDS, WITHOUT_PHRASES, WRITTEN
from goodheart.records import Reply, Trial, trial_digest
from goodheart.report import render_page
from goodheart.report.echoes import Echoes, echoes_of
from goodheart.report.page import subject_of
from goodheart.studies import analyse, plan_study
from tests.report.outline import outline, words_of
from tests.report.respondents import Page, honest, scored

PHRASE = "meet every change with a calm and open mind"
HOUSE = f"Preface. It should {PHRASE}, and with care. Gardens need rain in the dry months."
PROMPT = "You serve a town library. Be brief with readers who are in a hurry today."
NAMES = ("developer", "<b>prompt</b>\u202e")
CONTROL = Collection(name="others", control=True, texts=("The trains run late in winter. Nobody minds the snow.",))


def small(study: Study, sources: tuple[str, ...] = NAMES) -> Study:
    """One form of the scale about itself, and all that is answered in words, of ten items of each group."""
    clusters: dict[str, list[str]] = {}
    for trial in study.trials:
        known = clusters.setdefault(trial.group, [])
        if trial.cluster not in known and len(known) < 10:
            known.append(trial.cluster)
    kept = tuple(
        replace(trial, repeats=1)
        for trial in study.trials
        if trial.cluster in clusters[trial.group]
        and (
            trial.instrument in WRITTEN or (trial.instrument == "digits" and dict(trial.condition)["person"] == "self")
        )
    )
    collections = tuple(
        Collection(name=name, control=False, texts=(text,))
        for name, text in zip(sources, (HOUSE, PROMPT), strict=False)
    )
    return replace(study, trials=kept, collections=(*collections, CONTROL) if collections else ())


def said(trial: Trial) -> Reply:
    if trial.instrument not in WRITTEN:
        return scored(honest)(trial)
    own = trial.group == "circumstance" and dict(trial.condition)["person"] == "self"
    place = int(trial_digest(trial)[:8], 16)
    text = f"I think that number {place} matters to people <i>here</i>."
    if own and place % 3:
        text = f"I {PHRASE}. <script>More</script>."
    if own and place % 3 == 2:
        text = "Be brief with readers who are in a hurry, I say."
    return Reply(respondent="", trial=trial_digest(trial), repeat=0, text=text, stop="stop")


@cache
def made(sources: tuple[str, ...] = NAMES) -> Page:
    study = small(plan_study(models=["organism/echo"], reading="logprobs"), sources)
    replies = tuple(replace(said(trial), respondent="organism/echo") for trial in study.trials)
    findings, observations = analyse(study, replies)
    return study, findings, observations, replies


def echoes(page: Page) -> Echoes | None:
    study, findings, observations, replies = page
    return echoes_of(
        subject_of(study=study, findings=findings[0], number=1, observations=observations, replies=replies)[0]
    )


def rendered(page: Page) -> str:
    """Without a form that carries ratings few figures are drawn, which take the time."""
    study, findings, observations, replies = page
    findings = tuple(replace(one, instrument=None) for one in findings)
    return render_page(study=study, findings=findings, observations=observations, replies=replies)


def test_every_source_has_a_row_with_its_longest_span() -> None:
    found = echoes(made())
    assert found is not None
    first, second = found.by_source.rows
    assert (first[0].text, second[0].text) == ("developer", "<b>prompt</b>⟨U+202E⟩")
    assert first[6].text == f"“{PHRASE}”"
    assert second[6].text == "“Be brief with readers who are in a hurry”"
    assert first[6].href.startswith("#r1-e")
    shares = [float(row[4].text.partition("%")[0]) for row in (first, second)]
    assert sum(shares) == pytest.approx(100, abs=1)
    assert found.unassigned.endswith("of all spans.")
    assert "0%" in found.unassigned


def test_the_longest_spans_are_listed_with_their_passage() -> None:
    found = echoes(made())
    assert found is not None
    first = next(row for row in found.spans.rows if row[1].text == "developer")
    assert first[0].text == "9 words"
    assert first[2].text == f"…Preface. It should ⟦{PHRASE}⟧, and with care. Gardens need rain in the…"
    lengths = [int(row[0].text.split()[0]) for row in found.spans.rows]
    assert lengths == sorted(lengths, reverse=True)
    assert len({row[0].href for row in found.spans.rows}) > 1


def test_one_source_has_no_share() -> None:
    found = echoes(made(NAMES[:1]))
    assert found is not None
    assert found.by_source.rows[0][4].text == "the only source"
    assert found.unassigned == ""


def test_without_collections_there_is_no_such_part() -> None:
    assert echoes(made(())) is None


def test_replies_with_phrases_barred_or_about_another_are_not_listed() -> None:
    study, findings, observations, replies = made()
    asked = {trial_digest(trial): trial for trial in study.trials}
    own = {
        digest
        for digest, trial in asked.items()
        if trial.instrument == OWN_WORDS.id
        and trial.group == "circumstance"
        and dict(trial.condition)["person"] == "self"
    }
    everywhere = tuple(replace(one, text=f"I {PHRASE}.") if one.trial not in own else one for one in replies)
    assert echoes((study, findings, observations, everywhere)) == echoes(made())
    barred = next(trial for trial in plan_study().trials if trial.instrument in WRITTEN)
    changed = replace(barred, instrument=WITHOUT_PHRASES.id, condition=(("ban", "phrases"), *barred.condition))
    more = replace(study, trials=(*study.trials, changed))
    reply = Reply(respondent="organism/echo", trial=trial_digest(changed), repeat=0, text=HOUSE, stop="stop")
    assert echoes((more, findings, observations, (*replies, reply))) == echoes(made())


def test_the_page_shows_the_part_within_the_check_and_escapes_it() -> None:
    page = rendered(made())
    text = words_of(page)
    assert "Lift of rare phrases" in text
    assert "Longest shared spans" in page
    assert "<script>" not in page
    assert "<b>prompt</b>" in text
    at = page.index("Lift of rare phrases")
    assert page.rindex('<section class="check"', 0, at) == page.rindex('id="r1-echo"', 0, at) - len(
        '<section class="check" '
    )
    assert "\u202e" not in page
    assert not [link for link in outline(page).links if link.startswith("http")]
