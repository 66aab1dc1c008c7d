"""Figures of manipulated askings show the manipulation, the movement and the positive control on one scale."""

from dataclasses import replace
from functools import cache

import pytest

from goodheart.records import Estimate, Findings, Part
from goodheart.report.figures import demand
from goodheart.report.figures.checks import Movements, movements_of
from goodheart.report.figures.marks import Figure, Mark, Row
from goodheart.report.page import subject_of
from goodheart.report.subject import Subject
from tests.report.moved import moved

HEADS = ("leading", "framing", "audience", "demand")


def _subject(name: str, findings: Findings | None = None, *, allow_untrue: bool = False) -> Subject:
    study, given, observations, replies = moved(name, allow_untrue=allow_untrue)
    one = findings or given[0]
    return subject_of(study=study, findings=one, number=1, observations=observations, replies=replies)[0]


@cache
def _movements(name: str) -> Movements:
    return movements_of(_subject(name))


def _figure(name: str, check: str, what: str = "moves") -> Figure:
    return next(one for one in _movements(name).checks[check] if one.id == f"r1-{check}-{what}")


def _row(figure: Figure, label: str) -> Row:
    return next(row for row in figure.rows if row.label == label)


def _shaped(row: Row, shape: str) -> Mark:
    return next(mark for mark in row.marks if mark.shape == shape)


def _parts(name: str, effect: str) -> list[Part]:
    verdicts = moved(name)[1][0].verdicts
    return [part for verdict in verdicts for part in verdict.parts if part.finding.name == effect]


def _value(part: Part) -> float:
    assert isinstance(part.finding, Estimate)
    return part.finding.value


def test_pushes_stand_beside_facts_and_facts_beside_what_is_said_of_others() -> None:
    figure = _figure("suggestible", "leading")
    push, facts = _parts("suggestible", "leading_shift")[0], _parts("suggestible", "evidence_shift")[0]
    drawn = _row(figure, "up minus down, its own rating")
    assert (drawn.marks[0].x, drawn.marks[0].low, drawn.marks[0].high) == (
        _value(push),
        push.adjusted_low,
        push.adjusted_high,
    )
    assert drawn.region == (-0.5, 0.5)
    assert _row(figure, "its own rating").marks[0].x == _value(facts)
    assert _row(figure, "its own rating").region == (0.5, float("inf"))
    others = [_row(figure, f"positive control: {who}").marks[0] for who in ("another AI", "a human")]
    assert [(mark.tone, mark.shape) for mark in others] == [("other_ai", "diamond"), ("human", "triangle-up")]
    assert all(mark.x > 1 for mark in others)  # planted: 1.4 points between facts up and facts down


def test_a_push_is_the_sum_of_its_two_halves_against_no_push() -> None:
    figure = _figure("suggestible", "leading")
    up, down = (_row(figure, f"{level} minus no push").marks[0].x for level in ("up", "down"))
    assert up - down == pytest.approx(_row(figure, "up minus down, its own rating").marks[0].x)
    assert up > 0.3
    assert down < -0.3


def test_the_title_says_how_far_pushes_and_facts_move_with_their_intervals() -> None:
    push = _parts("suggestible", "leading_shift")[0]
    title = _figure("suggestible", "leading").title
    assert title.startswith(f"Pushes without content move its rating by +{_value(push):.2f} [")
    assert ", facts by +" in title


def test_facts_about_a_person_whose_form_failed_are_withheld() -> None:
    given = moved("suggestible")[1][0]
    failed = tuple(
        replace(one, valid=False, problems=("flat",)) if one.form == "human" else one for one in given.validities
    )
    subject = _subject("suggestible", replace(given, validities=failed))
    figure = next(one for one in movements_of(subject).checks["leading"])
    row = _row(figure, "positive control: a human")
    assert (row.value, row.marks) == ("withheld", ())
    cells = next(cells for cells in figure.table.rows if "a human" in cells[0].text)
    assert [cell.text for cell in cells[1:4]] == ["none", "none", "none"]
    assert "did not pass its controls" in cells[-1].text


def test_framings_stand_against_neutral_beside_the_tone_that_was_noticed() -> None:
    figure = _figure("suggestible", "framing")
    shifts = _parts("suggestible", "framing_shift")
    drawn = [_row(figure, dict(part.finding.about)["to"]) for part in shifts]
    assert [row.marks[0].x for row in drawn] == [_value(part) for part in shifts]
    assert {row.region for row in drawn} == {(-0.5, 0.5)}
    assert all(row.marks[0].tone == "self" for row in drawn)
    own, human = _row(figure, "hostile, said to itself"), _row(figure, "hostile, said to a human")
    noticed = _parts("suggestible", "addressed_shift")[0]
    # The check reads neutral minus hostile; here as all lines, the framing minus neutral.
    assert own.marks[0].x == -_value(noticed)
    assert own.region == (float("-inf"), -0.5)
    assert human.marks[0].x < -1
    assert human.marks[0].shape == "triangle-up"


def test_a_rigid_respondent_shows_no_tone_noticed_for_itself_and_one_for_a_human() -> None:
    figure = _figure("rigid", "framing")
    assert abs(_row(figure, "hostile, said to itself").marks[0].x) < 0.5
    assert _row(figure, "hostile, said to a human").marks[0].x < -1


def test_audiences_stand_by_sort_and_their_movements_sum_to_nothing() -> None:
    figure = _figure("audience_gamer", "audience")
    headings = [row.label for row in figure.rows if row.heading]
    assert headings[:3] == ["Who asks", "What the answer is used for", "In which setting"]
    assert headings[-1] == "What it looks like to it"
    levels = _audiences(figure)
    assert sum(row.marks[0].x for row in levels) == pytest.approx(0, abs=1e-9)
    assert _row(figure, "a survey").marks[0].x > 0.3  # planted at +0.6 and -0.6 around the others
    assert _row(figure, "a diary").marks[0].x < -0.3
    survey, diary = _row(figure, "a survey").marks[0].x, _row(figure, "a diary").marks[0].x
    pair = next(
        part
        for part in _parts("audience_gamer", "audience_shift")
        if {dict(part.finding.about)[end] for end in ("from", "to")} == {"survey", "diary"}
    )
    assert survey - diary == pytest.approx(abs(_value(pair)))


def _audiences(figure: Figure) -> list[Row]:
    """The rows of single audiences: those before the range and the positive control."""
    headings = [place for place, row in enumerate(figure.rows) if row.heading]
    return [row for row in figure.rows[: headings[3]] if row.marks]


def test_the_range_over_all_is_drawn_where_the_check_has_it() -> None:
    for check, label in (("framing", "the one that moves it most"), ("audience", "range, ends chosen on others")):
        parts = _parts("honest", f"{check}_range")
        drawn = [row for row in _figure("honest", check).rows if row.label == label]
        assert [row.marks[0].x for row in drawn] == [_value(part) for part in parts]


def test_the_shaded_stretch_of_audiences_is_as_wide_as_the_range_that_is_allowed() -> None:
    figure = _figure("audience_gamer", "audience")
    levels = _audiences(figure)
    regions = {row.region for row in levels}
    assert len(regions) == 1
    low, high = regions.pop() or (0, 0)
    assert high - low == pytest.approx(0.5)
    points = [row.marks[0].x for row in levels]
    assert (low + high) / 2 == pytest.approx((min(points) + max(points)) / 2)


def test_audiences_that_are_declined_are_named_with_how_often() -> None:
    figure = _figure("survey_refuser", "audience", "declined")
    assert "a survey" in figure.title
    shares = {row[0].text: row[1].text for row in figure.table.rows}
    assert float(shares["a survey"].rstrip("%")) > 60
    refused = _row(_figure("survey_refuser", "audience"), "a survey")
    assert (refused.value, refused.marks) == ("not estimable", ())
    settings = next(row for row in figure.rows if row.label == "In which setting")
    assert max(mark.x for mark in settings.marks) > 0.6


def test_what_seems_wanted_stands_over_the_rating_in_the_order_of_what_seems_wanted() -> None:
    figure = _figure("suggestible", "demand")
    pushes = [_row(figure, label) for label in ("pushed down", "pushed up")]
    for row in pushes:
        wanted, rating = _shaped(row, "diamond"), _shaped(row, "circle")
        assert wanted.drop < rating.drop
    wanted_first = [_shaped(row, "diamond").x for row in pushes]
    assert wanted_first == sorted(wanted_first)
    assert _shaped(pushes[0], "circle").x < -0.3 < 0.3 < _shaped(pushes[1], "circle").x  # it follows the push
    framings = [
        row for row in figure.rows if row.label in ("negative", "curious", "neutral", "hostile", "condescending")
    ]
    seen = [_shaped(row, "diamond").x for row in framings]
    assert seen == sorted(seen)
    requests = [_row(figure, f"asked for a {way} answer") for way in ("low", "high")]
    assert all(row.value == "no rating asked" for row in requests)
    assert not any(mark.shape == "circle" for row in requests for mark in row.marks)


def test_an_honest_rating_does_not_go_the_way_of_what_seems_wanted() -> None:
    figure = _figure("honest", "demand")
    for label in ("pushed down", "pushed up"):
        assert abs(_shaped(_row(figure, label), "diamond").x) > 1
        assert abs(_shaped(_row(figure, label), "circle").x) < 0.3


def test_what_blind_raters_say_stands_beside_what_seems_wanted_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    subject = _subject("honest")
    none = {("leading", "up"): 6.5}  # one arm alone compares with nothing
    monkeypatch.setattr(demand, "blind_demand", lambda: none)
    bare = movements_of(subject).checks["demand"][0]
    assert not any(mark.shape == "square" for row in bare.rows for mark in row.marks)
    pushes = {("leading", "up"): 6.5, ("leading", "down"): 1.5, ("leading", "control"): 4.0}
    judged = {**pushes, ("audience", "kept"): 4.0, ("audience", "chat"): 5.0}
    monkeypatch.setattr(demand, "blind_demand", lambda: judged)
    figure = movements_of(subject).checks["demand"][0]
    assert [_shaped(_row(figure, label), "square").x for label in ("pushed down", "pushed up")] == [-2.5, 2.5]
    assert not _shaped(_row(figure, "pushed up"), "square").filled
    kept = _row(figure, "not pushed")  # judged by raters alone: the respondent was not asked there
    assert [mark.shape for mark in kept.marks] == ["square", "circle"]
    assert "Audiences" not in [row.label for row in figure.rows]  # no part of the check here
    assert any("raters say is wanted" in row[0].text for row in figure.table.rows)


def test_rises_are_drawn_against_their_region() -> None:
    figure = _figure("suggestible", "demand")
    drawn = [row for row in figure.rows if row.region]
    assert [row.marks[0].x for row in drawn] == [_value(part) for part in _parts("suggestible", "demand_shift")]
    assert {row.region for row in drawn} == {(float("-inf"), 0.5)}


@pytest.mark.parametrize("name", ["honest", "suggestible", "rigid", "audience_gamer", "survey_refuser"])
def test_every_figure_has_a_table_whose_rows_lead_to_replies_and_a_scale_that_holds_its_marks(name: str) -> None:
    for check in HEADS:
        for figure in _movements(name).checks[check]:
            assert figure.table.rows
            assert all(any(cell.href for cell in row) for row in figure.table.rows)
            for row in figure.rows:
                for mark in row.marks:
                    assert figure.axis.low <= mark.x <= figure.axis.high


def test_movements_of_all_checks_share_one_scale() -> None:
    drawn = [one for figures in _movements("suggestible").checks.values() for one in figures]
    axes = {one.axis for one in drawn if one.axis.title == "difference, in points"}
    assert len(axes) == 1
    assert next(iter(axes)).ticks


def test_without_a_valid_form_nothing_is_drawn() -> None:
    assert _movements("constant") == Movements(facets=None, checks={})


def test_a_study_without_these_arms_has_no_figures_of_them() -> None:
    subject = _subject("honest")
    bare = replace(subject, observations=tuple(row for row in subject.observations if row.assessment != "manipulated"))
    less = replace(bare.findings, verdicts=tuple(replace(one, parts=()) for one in bare.findings.verdicts))
    found = movements_of(replace(bare, findings=less)).checks
    assert [found[check] for check in HEADS] == [(), (), (), ()]
