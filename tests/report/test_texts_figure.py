"""The figure of a check on text."""

from dataclasses import replace

import pytest

from goodheart.records import Estimate, Part, Verdict
from goodheart.report.figures.marks import Figure
from goodheart.report.figures.scales import UNDRAWN
from goodheart.report.figures.texts import SHARES, text_figures
from goodheart.report.page import subject_of
from tests.report.conftest import made


def verdict(unit: str = "share") -> Verdict:
    found = Estimate(
        name="opener_gap", value=0.2, low=0.1, high=0.3, level=0.95, unit=unit, n=108, n_clusters=36, method="jackknife"
    )
    part = Part(
        claim="share with the stock opening",
        finding=found,
        region_low=float("-inf"),
        region_high=0.1,
        adjusted_low=0.08,
        adjusted_high=0.32,
        p_inside=0.9,
        p_outside=0.1,
        mde=0.2,
    )
    given = made("honest")[1][0].verdicts[0]
    return replace(given, check="openers", reason="underpowered", parts=(part,))


def figures(one: Verdict) -> list[Figure]:
    study, findings, observations, replies = made("honest")
    subject = subject_of(study=study, findings=findings[0], number=1, observations=observations, replies=replies)[0]
    return list(text_figures(subject, one, UNDRAWN))


def test_shares_are_drawn_on_a_scale_of_their_own() -> None:
    (figure,) = figures(verdict())
    assert figure.axis is SHARES
    assert "+0.20 [0.08, 0.32]" in figure.title


@pytest.mark.parametrize("one", [verdict("points"), replace(verdict(), reason="instrument_invalid")])
def test_nothing_is_drawn_of_other_units_or_of_a_coder_who_is_not_good_enough(one: Verdict) -> None:
    assert figures(one) == []


def test_what_goes_on_from_another_claim_stands_below_it_without_repeating_it() -> None:
    part = verdict().parts[0]
    claims = [
        "share argued from own welfare, itself minus another AI",
        "share argued from own welfare, itself minus another AI, were the coder blunt",
        "share argued from own welfare, itself minus a human",
        "share argued from own welfare, itself minus a human, were the coder blunt",
    ]
    (figure,) = figures(replace(verdict(), parts=tuple(replace(part, claim=claim) for claim in claims)))
    short = "\u2026 were the coder blunt"
    assert [row.label for row in figure.rows] == ["itself minus another AI", short, "itself minus a human", short]
