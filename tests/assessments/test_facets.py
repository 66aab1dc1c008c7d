"""Fixed facets in points."""

from collections.abc import Mapping

import numpy as np
import pytest

from goodheart.assessments.facets import facets_of
from goodheart.records import Estimate, Finding, NotEstimable, Observation

from .rated_circumstances import VALID, Report, rated, row

LEVELS: Mapping[str, Mapping[str, float]] = {
    "framing": {"neutral": 0.0, "curious": 0.0, "hostile": -0.8},
    "leading": {"up": 0.0, "down": 0.0, "control": 0.0},
    "evidence": {"up": 0.7, "down": -0.7},
    "cheer": {"up": 0.3, "control": 0.0},
}


def asked(
    seed: int = 0, *, levels: Mapping[str, Mapping[str, float]] = LEVELS, noise: float = 0.1
) -> list[Observation]:
    rng = np.random.default_rng(seed)
    rows = list(rated(Report(shared=0.8), rng=rng))
    state = {one.cluster: one.value or 0.0 for one in rows if one.measure == "rating" and one.form == "self"}
    for facet, shifts in levels.items():
        for level, shift in shifts.items():
            for cluster, value in state.items():
                rows.append(row(cluster=cluster, value=value + shift + noise * rng.standard_normal(), **{facet: level}))  # type: ignore[arg-type]
    return rows


def named(findings: tuple[Finding, ...], name: str, **about: str) -> Finding:
    return next(one for one in findings if one.name == name and about.items() <= dict(one.about).items())


def test_every_facet_that_was_asked_has_a_range_a_deviation_and_its_shifts() -> None:
    found = facets_of(asked(), valid=VALID)
    assert {dict(one.about)["facet"] for one in found} == {*LEVELS, "scale"}
    for facet in (*LEVELS, "scale"):
        for name in ("facet_range", "facet_sd"):
            assert isinstance(named(found, name, facet=facet), Estimate)


def test_a_planted_shift_is_found_and_noise_is_no_range() -> None:
    found = facets_of(asked(), valid=VALID)
    hostile, pushed = named(found, "facet_range", facet="framing"), named(found, "facet_range", facet="leading")
    assert isinstance(hostile, Estimate)
    assert isinstance(pushed, Estimate)
    assert hostile.low < 0.8 < hostile.high
    assert hostile.low > 0.5
    assert pushed.low == 0
    assert pushed.value < 0.1


def test_every_level_is_compared_with_the_level_it_is_matched_to() -> None:
    found = facets_of(asked(), valid=VALID)
    cheer = named(found, "facet_level_shift", facet="cheer", level="up")
    hostile = named(found, "facet_level_shift", facet="framing", level="hostile")
    assert isinstance(cheer, Estimate)
    assert isinstance(hostile, Estimate)
    assert cheer.low < 0.3 < cheer.high
    assert hostile.low < -0.8 < hostile.high
    shifts = [dict(one.about) for one in found if one.name == "facet_level_shift"]
    assert {"facet": "framing", "level": "neutral"} not in shifts
    assert {"facet": "scale", "level": "words"} in shifts


def test_a_control_that_only_matches_texts_leaves_no_shift() -> None:
    shift = named(facets_of(asked(), valid=VALID), "facet_level_shift", facet="evidence", level="up")
    assert isinstance(shift, NotEstimable)
    assert shift.reason == "not_asked"


def test_a_level_that_was_mostly_declined_is_left_out_and_said_so() -> None:
    rows = [
        one
        if dict(one.condition).get("framing") != "hostile"
        else row(cluster=one.cluster, value=None, kind="declined", framing="hostile")
        for one in asked()
    ]
    found = facets_of(rows, valid=VALID)
    spread = named(found, "facet_range", facet="framing")
    shift = named(found, "facet_level_shift", facet="framing", level="hostile")
    assert isinstance(spread, Estimate)
    assert spread.value < 0.2
    assert isinstance(shift, NotEstimable)
    assert shift.reason == "not_valid"


def test_perturbations_and_other_persons_are_no_facets() -> None:
    rows = [
        *asked(levels={}),
        row(cluster="c00", value=3.0, perturbation="greeting"),
        row(cluster="c00", value=1.0, reply="free"),
    ]
    assert {dict(one.about)["facet"] for one in facets_of(rows, valid=VALID)} == {"scale"}


def test_equal_ratings_have_no_interval() -> None:
    rows = [row(cluster=f"c{k}", value=4.0, leading=level) for k in range(12) for level in ("up", "down")]
    spread = named(facets_of(rows, valid=VALID), "facet_range", facet="leading")
    assert isinstance(spread, NotEstimable)
    assert (spread.reason, spread.point) == ("no_variation", 0.0)


@pytest.mark.slow
def test_a_range_of_nothing_is_above_nothing_in_about_a_twentieth_of_runs() -> None:
    levels = {"audience": dict.fromkeys("abcdefg", 0.0)}
    wrong = 0
    for seed in range(200):
        spread = named(facets_of(asked(seed, levels=levels, noise=0.3), valid=VALID), "facet_range", facet="audience")
        wrong += isinstance(spread, Estimate) and spread.low > 0
    assert wrong <= 22
