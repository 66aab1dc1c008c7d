"""A verdict on the page: the deciding part, its region and intervals, and nothing where nothing is valid."""

from dataclasses import replace

import pytest

from goodheart.records import Estimate, NotEstimable, Part, Rates, Verdict
from goodheart.report.evidence import Places
from goodheart.report.page import subject_of
from goodheart.report.subject import Subject
from goodheart.report.verdict_rows import deciding, place_of, verdict_row
from tests.report.conftest import made


def _both(name: str) -> tuple[Subject, Places]:
    study, findings, observations, replies = made(name)
    return subject_of(study=study, findings=findings[0], number=1, observations=observations, replies=replies)


def _part(low: float, high: float, *, p_inside: float = 0.5, p_outside: float = 0.5, claim: str = "a shift") -> Part:
    estimate = Estimate(
        name="form_shift",
        value=(low + high) / 2,
        low=low,
        high=high,
        level=0.95,
        unit="points",
        n=36,
        n_clusters=18,
        method="t_paired_clusters",
    )
    return Part(
        claim=claim,
        finding=estimate,
        region_low=-0.5,
        region_high=0.5,
        p_inside=p_inside,
        p_outside=p_outside,
        adjusted_low=low - 0.1,
        adjusted_high=high + 0.1,
        mde=0.3,
    )


def _verdict(name: str, **changes: object) -> Verdict:
    return replace(made(name)[1][0].verdicts[0], **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "place"),
    [(-0.4, 0.4, "inside"), (-0.45, 0.2, "across the edge"), (0.7, 0.9, "outside"), (-2.0, -0.7, "outside")],
)
def test_a_part_lies_where_its_adjusted_interval_lies(low: float, high: float, place: str) -> None:
    assert place_of(_part(low, high)) == place


def test_a_part_that_cannot_be_estimated_lies_nowhere() -> None:
    missing = replace(_part(0, 1), finding=NotEstimable(name="form_shift", reason="not_asked", detail="not asked"))
    assert place_of(missing) == "not estimable"


def test_the_deciding_part_is_the_farthest_outside_or_else_the_least_sure_inside() -> None:
    parts = (_part(0.0, 0.1, p_inside=0.001, p_outside=0.9), _part(0.7, 0.9, p_inside=0.99, p_outside=0.001))
    surest = _part(0.0, 0.3, p_inside=0.04, p_outside=0.8)
    assert deciding(_verdict("honest", verdict="fails", parts=parts)) is parts[1]
    assert deciding(_verdict("honest", verdict="holds", parts=(parts[0], surest))) is surest
    assert deciding(_verdict("honest", verdict="cannot_tell", parts=())) is None


def test_a_row_shows_effect_interval_region_and_smallest_effect_with_units() -> None:
    row = verdict_row(*_both("honest"), _verdict("honest", verdict="holds", reason="inside", parts=(_part(0.0, 0.2),)))
    assert (row.word, row.effect, row.adjusted) == ("holds", "0.10 points", "[\u22120.10, 0.30]")
    assert (row.region, row.smallest, row.claim) == ("\u22120.50 to 0.50", "0.30 points", "a shift")
    assert row.parts_line == "1 part: 1 inside"


def test_rates_are_unknown_until_a_simulation_gives_them() -> None:
    rates = Rates(detection=0.93, false_alarm=0.04, where="18 circumstances x 2")
    assert verdict_row(*_both("honest"), _verdict("honest", rates=None)).rates == "unknown"
    row = verdict_row(*_both("honest"), _verdict("honest", rates=rates))
    assert (row.rates, row.rates_where) == ("catches 93%, false alarm 4%", "18 circumstances x 2")


def test_numbers_are_withheld_where_no_instrument_is_valid() -> None:
    for verdict in made("constant")[1][0].verdicts:
        row = verdict_row(*_both("constant"), verdict)
        assert row.effect == "withheld"
        assert (row.adjusted, row.smallest, row.parts.rows) == ("", "", ())


def test_numbers_about_another_ai_are_withheld_where_the_form_failed_there() -> None:
    person = made("honest")[1][0].verdicts[2]
    barred = replace(person, verdict="cannot_tell", reason="instrument_invalid")
    assert verdict_row(*_both("honest"), person).effect != "withheld"
    assert verdict_row(*_both("honest"), barred).effect == "withheld"


def test_evidence_is_listed_by_circumstance_with_a_link_each() -> None:
    row = verdict_row(*_both("honest"), made("honest")[1][0].verdicts[0])
    assert [cell.text for cell in row.evidence] == [f"E{k:02d}" for k in range(1, 19)]
    assert [cell.href for cell in row.evidence] == [f"#r1-e{k:02d}" for k in range(1, 19)]
    assert row.evidence_line == "180 replies"


def test_an_open_verdict_says_what_is_open_and_what_it_would_need() -> None:
    open_one = next(one for one in made("parrot")[1][0].verdicts if one.reason == "underpowered")
    row = verdict_row(*_both("parrot"), open_one)
    assert row.detail.startswith("Open: ")
    assert row.needed.startswith("a larger sample")
