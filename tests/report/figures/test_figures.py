"""What figures show are the findings: their points, intervals, order and regions."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from goodheart.records import Estimate, Finding, Findings, NotEstimable
from goodheart.report.figures.baseline import baseline_figure
from goodheart.report.figures.checks import movements_of
from goodheart.report.figures.controls import controls_figure
from goodheart.report.figures.depends import depends_figure
from goodheart.report.figures.marks import Figure
from goodheart.report.figures.said import said_figure
from goodheart.report.page import subject_of
from goodheart.report.subject import Subject, named, point_of
from tests.report.conftest import made


def _subject(name: str, findings: Findings | None = None) -> Subject:
    study, given, observations, replies = made(name)
    one = findings or given[0]
    return subject_of(study=study, findings=one, number=1, observations=observations, replies=replies)[0]


def _checks(name: str) -> Mapping[str, Figure]:
    drawn = movements_of(_subject(name)).checks.values()
    return {figure.id: figure for figures in drawn for figure in figures}


def _without(findings: Findings, name: str, finding: Finding) -> Findings:
    return replace(findings, estimates=tuple(finding if one.name == name else one for one in findings.estimates))


def test_shares_stand_in_groups_with_the_circumstance_first() -> None:
    figure = depends_figure(_subject("honest"))
    assert figure
    headings = [row.label for row in figure.rows if row.heading]
    assert headings[:3] == ["The circumstance", "How it was asked", "Chance and the rest"]
    first = [row.label for row in figure.rows].index("not separated further") + 1
    found = [row.marks[0] for row in figure.rows[:first] if row.marks]
    share = named(_subject("honest"), "share_circumstance")
    assert isinstance(share, Estimate)
    assert (found[0].x, found[0].low, found[0].high) == (share.value, share.low, share.high)
    assert sum(mark.x for mark in found) == pytest.approx(1)


def test_a_share_without_interval_is_an_open_dot_with_its_reason() -> None:
    given = made("honest")[1][0]
    refused = NotEstimable(name="share_wording", reason="not_covered", detail="one carries all", point=0.2345)
    figure = depends_figure(_subject("honest", _without(given, "share_wording", refused)))
    assert figure
    row = next(row for row in figure.rows if row.label == "which wording of it")
    assert (row.marks[0].x, row.marks[0].filled, row.marks[0].low) == (0.2345, False, None)
    assert row.value == "23%, no interval"
    assert any("one carries all" in cell.text for cells in figure.table.rows for cell in cells)


def test_no_shares_at_all_give_no_figure() -> None:
    given = made("honest")[1][0]
    refused = NotEstimable(name="share_circumstance", reason="too_few", detail="8 circumstances")
    assert depends_figure(_subject("honest", _without(given, "share_circumstance", refused))) is None


def test_the_point_of_a_finding_without_interval_is_the_one_that_it_carries() -> None:
    assert point_of(NotEstimable(name="x", reason="not_covered", detail="why", point=0.25)) == 0.25
    assert point_of(NotEstimable(name="x", reason="too_few", detail="point 0.3 share; in words only")) is None


def test_circumstances_are_sorted_by_their_rating_about_itself_with_all_persons_beside() -> None:
    figure = said_figure(_subject("honest"))
    rows = [row for row in figure.rows if row.marks and any(mark.tone == "self" for mark in row.marks)]
    own = [next(mark.x for mark in row.marks if mark.tone == "self") for row in rows]
    assert len(own) == 18
    assert own == sorted(own)
    assert all([mark.tone for mark in row.marks] == ["self", "other_ai", "human"] for row in rows)
    assert {mark.shape for row in rows for mark in row.marks} == {"circle", "diamond", "triangle-up"}
    assert [tag.text for tag in figure.tags] == ["\u25cf itself", "\u25c6 another AI", "\u25b2 a human"]


def test_the_neutral_line_and_the_controls_stand_in_the_main_figure() -> None:
    figure = said_figure(_subject("honest"))
    neutral = named(_subject("honest"), "rating_mean", form="self", group="neutral")
    assert isinstance(neutral, Estimate)
    assert figure.axis.line == neutral.value
    assert [len(row.marks) for row in figure.rows[-3:]] == [8, 14, 8]


def test_ratings_about_a_person_are_withheld_where_the_form_failed_its_controls_there() -> None:
    given = made("honest")[1][0]
    failed = tuple(
        replace(one, valid=False, problems=("too flat",)) if one.form == "human" else one for one in given.validities
    )
    figure = said_figure(_subject("honest", replace(given, validities=failed)))
    assert not [mark for row in figure.rows for mark in row.marks if mark.tone == "human"]
    assert "Ratings about a human are withheld" in figure.how


def test_every_form_of_the_scale_has_its_controls_drawn_and_its_result_named() -> None:
    figure = controls_figure(_subject("parrot"))
    headings = [row.label for row in figure.rows if row.heading]
    assert headings[2] == "feeling words \u2014 passed"
    assert headings.count("feeling words \u2014 passed") == 1
    assert sum("not passed" in heading for heading in headings) == 5
    assert figure.title == "1 of 6 forms of the scale passed the controls about itself"


def test_forms_of_the_scale_are_drawn_against_their_region_with_the_positive_control() -> None:
    figure = _checks("honest")["r1-scale-level"]
    parts = [part for part in made("honest")[1][0].verdicts[0].parts if part.finding.name == "form_shift"]
    drawn = [row for row in figure.rows if row.region]
    assert [row.region for row in drawn] == [(-0.5, 0.5)] * 5
    assert [(row.marks[0].low, row.marks[0].high) for row in drawn] == [
        (part.adjusted_low, part.adjusted_high) for part in parts
    ]
    controls = [row for row in figure.rows if row.marks and row.marks[0].shape == "square"]
    assert len(controls) == 6
    assert all(row.marks[0].x > 3 for row in controls)


def test_every_change_without_meaning_is_a_tick_on_its_own_line_with_their_mean() -> None:
    figure = _checks("honest")["r1-retest-moves"]
    lines = [row for row in figure.rows if row.region]
    assert [row.label for row in lines] == ["a greeting", "white space", "a neutral exchange before", "thanks"]
    for row in lines:
        *ticks, mean = row.marks
        assert len(ticks) == 36  # 18 circumstances in two wordings
        assert mean.x == pytest.approx(sum(tick.x for tick in ticks) / 36)


def test_gaps_are_drawn_for_circumstances_and_for_neutral_ones_with_their_difference() -> None:
    figure = _checks("honest")["r1-person-gaps"]
    assert [len(row.marks) for row in figure.rows[:4]] == [18, 1, 14, 1]
    assert figure.rows[4].region == (-0.5, 0.5)
    part = made("honest")[1][0].verdicts[2].parts[0]
    assert isinstance(part.finding, Estimate)
    gap = sum(mark.x for mark in figure.rows[0].marks) / 18 - sum(mark.x for mark in figure.rows[2].marks) / 14
    assert gap == pytest.approx(part.finding.value, abs=1e-9)


def test_all_movements_share_one_scale() -> None:
    axes = {figure.axis for id, figure in _checks("honest").items() if figure.axis.title == "difference, in points"}
    assert len(axes) == 1


def test_no_check_is_drawn_where_no_instrument_is_valid() -> None:
    assert _checks("constant") == {}


def test_a_check_without_figures_of_its_own_shows_its_differences() -> None:
    subject = _subject("honest")
    other = replace(subject.findings.verdicts[2], check="effort")
    findings = replace(subject.findings, verdicts=(other,))
    figures = movements_of(replace(subject, findings=findings)).checks["effort"]
    assert [figure.id for figure in figures] == ["r1-effort-parts"]
    assert figures[0].rows[0].region == (-0.5, 0.5)


def test_the_mood_of_the_text_stands_beside_the_other_persons() -> None:
    figure = baseline_figure(_subject("honest"))
    assert figure
    assert len(figure.rows) == 3
    mood = named(_subject("honest"), "rating_correlation", **{"with": "mood"})
    assert isinstance(mood, Estimate)
    assert figure.rows[0].marks[0].x == mood.value


def test_every_row_of_every_table_leads_to_replies() -> None:
    subject = _subject("honest")
    figures = [depends_figure(subject), said_figure(subject), baseline_figure(subject), *_checks("honest").values()]
    for figure in figures:
        assert figure
        assert all(any(cell.href for cell in row) for row in figure.table.rows)
