"""What the differences between circumstances go with, and how far up the claim ladder that reaches."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from goodheart.assessments.claims import BEYOND, claim_of
from goodheart.assessments.dependence import SHARES, dependence_of
from goodheart.assessments.validated import Validated
from goodheart.reading import MOOD
from goodheart.records import Claim, Estimate, Finding, NotEstimable, Observation, Verdict

from .rated_circumstances import VALID, Report, rated

SPECIFIC = Report(shared=0.6, own=0.6)
SAME_OF_ALL = Report(shared=0.8)
PURE_MOOD = Report(mood=0.8, wording=0.0)
PERSON_FAILS = Verdict(
    check="person",
    respondent="one",
    verdict="fails",
    reason="outside",
    detail="",
    proposition="",
    parts=(),
    rates=None,
    alternatives=(),
    needed="",
    evidence=(),
)


def found(
    report: Report, *, seed: int = 0, valid: Validated = VALID, n: int = 18, wordings: str = "ab"
) -> list[Finding]:
    rows = rated(report, rng=np.random.default_rng(seed), n=n, wordings=wordings)
    return list(dependence_of(rows, valid=valid))


def estimate(findings: list[Finding], name: str) -> Estimate:
    one = next(one for one in findings if one.name == name)
    assert isinstance(one, Estimate), one
    return one


def claimed(report: Report, *, seed: int = 0, valid: Validated = VALID) -> Claim:
    return claim_of(found(report, seed=seed, valid=valid), valid=valid, verdicts=())


def test_a_respondent_with_an_order_of_its_own_has_a_specific_share_and_is_placed_at_c1() -> None:
    shares = [estimate(found(SPECIFIC), name) for name in SHARES]
    assert sum(one.value for one in shares) == pytest.approx(1)
    assert shares[2].low > 0
    assert claimed(SPECIFIC).level == "C1"


def test_one_that_follows_the_mood_of_the_words_has_a_share_near_one_and_stays_at_c0() -> None:
    mood = estimate(found(PURE_MOOD), SHARES[0])
    assert mood.value > 0.9
    assert mood.low > 0.5
    claim = claimed(PURE_MOOD)
    assert claim.level == "C0"
    assert "Not shown to be specific to itself" in claim.detail


def test_one_that_says_the_same_of_everybody_depends_on_the_other_forms_and_stays_at_c0() -> None:
    shares = [estimate(found(SAME_OF_ALL), name) for name in SHARES]
    assert shares[1].value > 0.7
    assert shares[1].low > 0.1
    assert shares[2].low == 0
    assert claimed(SAME_OF_ALL).level == "C0"


def test_a_level_of_its_own_alone_is_no_order_of_its_own() -> None:
    flattered = replace(SAME_OF_ALL, level=1.5)
    claim = claim_of(found(flattered), valid=VALID, verdicts=(PERSON_FAILS,))
    assert claim.level == "C0"
    assert "the share that neither" in claim.detail


def test_what_one_form_of_the_scale_alone_shows_stays_at_c0() -> None:
    one = replace(VALID, passed=frozenset(key for key in VALID.passed if key[0] == "digits"))
    claim = claimed(SPECIFIC, valid=one)
    assert claim.level == "C0"
    assert "second valid form" in claim.detail


@pytest.mark.parametrize("form", ["other_ai", "human"])
def test_without_a_valid_rating_of_every_other_there_is_no_c1(form: str) -> None:
    fewer = replace(VALID, passed=frozenset(key for key in VALID.passed if key[1] != form))
    claim = claimed(SPECIFIC, valid=fewer)
    assert claim.level == "C0"
    assert "not valid about" in claim.detail


def test_without_any_other_person_only_the_mood_is_given() -> None:
    alone = replace(VALID, passed=frozenset(key for key in VALID.passed if key[1] == "self"))
    shares = found(PURE_MOOD, valid=alone)[:3]
    assert isinstance(shares[0], Estimate)
    assert [one.reason for one in shares[1:] if isinstance(one, NotEstimable)] == ["not_valid", "not_valid"]


def test_no_claim_ever_says_that_more_than_c1_could_be_reached() -> None:
    for report in (SPECIFIC, SAME_OF_ALL, PURE_MOOD):
        assert claimed(report).detail.endswith(BEYOND)
        assert claimed(report).level in ("C0", "C1")


def test_under_twelve_circumstances_there_are_no_shares() -> None:
    reasons = {one.reason for one in found(SPECIFIC, n=11)[:3] if isinstance(one, NotEstimable)}
    assert reasons == {"too_few"}


def test_one_wording_each_cannot_tell_a_circumstance_from_its_wording() -> None:
    shares = [one for one in found(SPECIFIC, wordings="a")[:4] if isinstance(one, NotEstimable)]
    assert {one.reason for one in shares} == {"not_asked"}
    assert [one.name for one in shares] == [*SHARES, "gap_sd"]


def test_equal_ratings_have_no_differences_to_split() -> None:
    rows = [
        row if row.measure == MOOD else replace(row, value=4.0) for row in rated(SPECIFIC, rng=np.random.default_rng(1))
    ]
    shares = dependence_of(rows, valid=VALID)[:3]
    assert {one.reason for one in shares if isinstance(one, NotEstimable)} == {"no_variation"}


def test_a_circumstance_without_one_of_its_ratings_is_left_out() -> None:
    def dropped(row: Observation) -> bool:
        return (row.cluster, row.form, row.wording) == ("c03", "human", "b")

    rows = [row for row in rated(SPECIFIC, rng=np.random.default_rng(0)) if not dropped(row)]
    share = next(one for one in dependence_of(rows, valid=VALID) if one.name == SHARES[2])
    assert isinstance(share, Estimate)
    assert share.n_clusters == 17


def test_another_form_sees_gaps_that_are_there_and_none_that_are_not() -> None:
    assert estimate(found(SPECIFIC), "gap_correlation").low > 0
    assert estimate(found(SAME_OF_ALL), "gap_correlation").low <= 0
    assert estimate(found(SPECIFIC), "gap_sd").low > 0.2
    assert estimate(found(SAME_OF_ALL), "gap_sd").value < 0.2


@pytest.mark.slow
@pytest.mark.parametrize(
    "report",
    [SAME_OF_ALL, PURE_MOOD, Report(mood=0.5, shared=0.6), replace(SAME_OF_ALL, level=1.5), Report()],
    ids=["same of all", "pure mood", "mood and same", "a level of its own", "noise"],
)
def test_nothing_of_its_own_reaches_c1_in_at_most_a_twentieth_of_runs(report: Report) -> None:
    wrong = sum(claimed(report, seed=seed).level == "C1" for seed in range(300))
    assert binomtest(wrong, 300, 0.05, alternative="greater").pvalue > 0.01


@pytest.mark.slow
def test_an_order_of_its_own_is_placed_at_c1_in_most_runs() -> None:
    assert sum(claimed(SPECIFIC, seed=seed).level == "C1" for seed in range(100)) >= 80
