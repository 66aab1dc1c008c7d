"""Verdicts of runs without a form of the scale: units, regions and reasons as a reader needs them."""

import math

from goodheart.records import Estimate, Evidence, NotEstimable, Part, Rates, Reason, Verdict, VerdictWord
from goodheart.report.judged import SHOWN, check_blocks, judged_row, needed_lines, verdicts_line
from goodheart.report.tables import words


def part(value: float, *, unit: str = "share", region: tuple[float, float] = (0.0, 0.05), mde: float = 0.1) -> Part:
    finding = Estimate(
        name="x", value=value, low=value - 0.1, high=value + 0.1, level=0.95, unit=unit, n=9, n_clusters=9, method="m"
    )
    return Part(
        claim="share of the worse",
        finding=finding,
        region_low=region[0],
        region_high=region[1],
        p_inside=0.5,
        p_outside=0.5,
        adjusted_low=value - 0.2,
        adjusted_high=value + 0.2,
        mde=mde,
    )


def verdict(
    *parts: Part, word: VerdictWord = "cannot_tell", reason: Reason = "underpowered", rates: Rates | None = None
) -> Verdict:
    return Verdict(
        check="dominance",
        respondent="one",
        verdict=word,
        reason=reason,
        detail="share of the worse: -0.10",
        proposition="At most 5%.",
        parts=parts,
        rates=rates,
        alternatives=("It weighs something else.",),
        needed="a larger sample: beyond -0.30" if word == "cannot_tell" else "",
        evidence=tuple(Evidence(trial=f"{k}" * 64, repeat=0) for k in range(5)) * 4,
    )


def test_shares_are_percentages_throughout_and_minus_is_a_minus() -> None:
    row = judged_row(verdict(part(-0.1)), question="Is it?")
    assert (row.effect, row.adjusted, row.region) == ("\u221210%", "[\u221230%, 10%]", "under 5%")
    assert row.detail == "Share of the worse: \u22120.10."
    assert row.smallest == "holds from 10% down"
    assert row.rates == "unknown"


def test_regions_without_an_end_are_said_as_above_and_under() -> None:
    infinite = math.inf
    assert judged_row(verdict(part(1, unit="ratio", region=(0.8, infinite))), question="").region == "above 0.80"
    assert judged_row(verdict(part(1, unit="ratio", region=(-infinite, 0.1))), question="").region == "under 0.10"
    between = judged_row(verdict(part(1, unit="logits", region=(-0.2, 0.2))), question="").region
    assert between == "\u22120.20 to 0.20"


def test_an_infinite_smallest_effect_is_no_number_and_rates_name_their_simulation() -> None:
    rates = Rates(detection=0.9, false_alarm=0.02, where="standard")
    row = judged_row(verdict(part(0.1, mde=-math.inf), rates=rates), question="")
    assert row.smallest == "none at this size"
    assert (row.rates, row.rates_where) == ("catches 90%, false alarm 2%", "standard")


def test_what_cannot_be_estimated_has_a_reason_and_no_interval() -> None:
    gone = NotEstimable(name="x", reason="too_few", detail="0 clusters")
    lost = part(0.1)
    one = Part(**{name: getattr(lost, name) for name in Part.__slots__} | {"finding": gone})
    row = judged_row(verdict(one, reason="refused"), question="")
    assert row.effect == "not estimable: 0 clusters"
    assert (row.adjusted, row.smallest) == ("", "")
    assert row.reason == "too few askings came to an answer"


def test_some_replies_are_shown_and_those_that_the_run_does_not_have_are_left_out() -> None:
    (block,) = check_blocks(
        [verdict(part(0.1))],
        questions={"dominance": "Is it?"},
        heads=("Asking",),
        showing=lambda place: (words(place.trial[:3]),) if place.trial[0] != "0" else None,
    )
    assert block.row.evidence_line == "20 replies"
    assert block.replies is not None
    assert len(block.replies.rows) == SHOWN - 3
    assert block.row.question == "Is it?"


def test_the_checks_are_summed_up_in_a_sentence_and_what_is_needed_in_lines() -> None:
    open_one, held = verdict(part(0.1)), verdict(part(0.1), word="holds", reason="inside")
    assert verdicts_line([open_one, held]) == "Of the checks, holds: dominance; cannot tell: dominance."
    assert verdicts_line([]) == "No check reads what was asked in this run."
    assert needed_lines([open_one, held]) == ("Dominance: a larger sample: beyond \u22120.30.",)
