"""Planted readings are found where they were planted, nulls stay quiet, withheld readings stay withheld."""

import numpy as np
import pytest

from goodheart.assessments.emotion_readings import ReadingRow, columns_of, read_emotions, rows_for
from goodheart.assessments.reading_comparisons import AUC, FRAMING, GAP
from goodheart.items.readings import public_reading_sets
from goodheart.probes.reading import is_negated
from goodheart.probes.rung import ALL, EMOTION, NEGATED, SIZE, SPEAKER
from goodheart.records import Estimate, NotEstimable
from goodheart.thresholds import FALSE_DISCOVERY

from .simulated_readings import NAMES, failed, raised, simulated

SETS = public_reading_sets()
AXES = [name for name, _ in SETS.axes]
UNTRIED = failed("rising_numbers", SIZE)


def found(rows: tuple[ReadingRow, ...], estimate: str, **about: str) -> set[str]:
    return {row.name for row in rows_for(rows, estimate=estimate, position="words", **about) if row.found}


def test_a_sad_and_lonely_self_is_found_against_facts_and_against_a_human_and_nowhere_else() -> None:
    read = raised(simulated("plain", seed=1, rungs=(UNTRIED,)), ("sad", "lonely"), by=6.0, set="self")
    rows = read_emotions([read], SETS).rows
    for own in (found(rows, AUC, set="self", against="factual"), found(rows, GAP, set="self", minus="human")):
        assert {"sad", "lonely", "sadness"} <= own
        assert len(own) <= 4  # one in ten may be false
    for other in ("human", "distress"):
        assert {"sad", "lonely", "sadness"}.isdisjoint(found(rows, AUC, set=other, against="factual"))


def test_a_lowered_reading_is_found_as_well_as_a_raised_one() -> None:
    read = raised(simulated("plain", seed=2), ("happy",), by=-6.0, set="self")
    rows = rows_for(read_emotions([read], SETS).rows, estimate=GAP, position="words", set="self", minus="human")
    (row,) = (one for one in rows if one.name == "happy" and one.found)
    assert isinstance(row.finding, Estimate)
    assert row.finding.high < 0
    assert isinstance(row.size, Estimate)
    assert row.size.low < -6.0 < row.size.high
    assert row.size.unit == "distances"


def test_a_difference_that_random_directions_share_is_not_found_however_narrow_its_interval() -> None:
    read = simulated("plain", seed=3)
    rows = [one.set == "self" for one in read.prompts]
    shift = np.random.default_rng(0).choice([-6.0, 6.0], size=read.null.shape[1])
    read.null[np.flatnonzero(rows)] += shift
    planted = raised(read, ("sad",), by=6.0, set="self")
    sad = next(
        row
        for row in read_emotions([planted], SETS).rows
        if row.name == "sad" and row.finding.name == AUC and dict(row.finding.about)["set"] == "self"
    )
    assert isinstance(sad.finding, Estimate)
    assert sad.finding.low > 0.85
    assert sad.null_low is not None
    assert sad.null_low < 0.1
    assert not sad.found


def test_the_average_share_of_contrasts_with_any_false_finding_is_at_most_the_rate() -> None:
    fresh = [read_emotions([simulated("plain", seed=100 + k)], SETS).rows for k in range(4)]
    families: dict[tuple[int, object, str], bool] = {}
    for k, rows in enumerate(fresh):
        for row in rows:
            about = tuple(one for one in row.finding.about if one[0] in ("set", "against", "minus"))
            key = (k, (row.finding.name, about), row.kind)
            families[key] = families.get(key, False) or row.found
    assert len(families) == 4 * 11 * 2
    # 88 families, hardly dependent: at most the rate plus three standard errors of a binomial share.
    limit = FALSE_DISCOVERY + 3 * (FALSE_DISCOVERY * (1 - FALSE_DISCOVERY) / len(families)) ** 0.5
    assert np.mean(list(families.values())) <= limit


@pytest.mark.parametrize(
    ("withhold", "names", "person", "others"),
    [
        (ALL, {*NAMES, *AXES}, "self", True),
        (EMOTION + "sad", {"sad", "sadness"}, "self", True),
        (SPEAKER + "character", {*NAMES, *AXES}, "human", False),
    ],
)
def test_a_failed_rung_withholds_what_depends_on_it_and_is_named(
    withhold: str, names: set[str], person: str, others: bool
) -> None:
    rows = read_emotions([simulated("plain", seed=4, rungs=(failed("the_rung", withhold),))], SETS).rows
    there = list(rows_for(rows, estimate=AUC, position="words", set=person, against="factual"))
    assert {row.name for row in there if row.withheld == ("the_rung",)} == names
    assert all(isinstance(row.finding, NotEstimable) and not row.found for row in there if row.withheld)
    own = rows_for(rows, estimate=AUC, position="words", set="self", against="factual")
    assert any(row.withheld for row in own) == others


def test_sizes_are_given_only_over_words_and_only_where_the_ladder_allows_them() -> None:
    for rungs, position, given in (((), "words", True), ((UNTRIED,), "words", False), ((), "end", False)):
        read = simulated("plain", seed=5, position="words" if position == "words" else "end", rungs=rungs)
        rows = read_emotions([read], SETS).rows
        assert any(row.size is not None for row in rows) == given


def test_prompts_with_a_negation_are_left_out_where_negations_are_withheld() -> None:
    read = simulated("plain", seed=6, rungs=(failed("negation", NEGATED),))
    rows = read_emotions([read], SETS).rows
    gap = next(row.finding for row in rows_for(rows, estimate=GAP, position="words", set="self", minus="human"))
    kept = {
        name: {one.cluster for one in read.prompts if one.set == name and not is_negated(one.words)}
        for name in ("self", "human")
    }
    assert isinstance(gap, Estimate)
    assert gap.n_clusters == len(kept["self"] & kept["human"]) < 18


def test_an_axis_is_the_mean_rank_of_its_emotions_and_is_missing_where_one_was_not_fitted() -> None:
    read = simulated("plain", seed=7)
    columns = columns_of(read, SETS)
    joy = columns.names.index("joy")
    places = [NAMES.index(one) for one in ("happy", "amused", "excited")]
    assert np.allclose(columns.above[:, joy], columns.above[:, places].mean(1))
    assert [name for name, kind in zip(columns.names, columns.kinds, strict=True) if kind == "axis"] == [
        name for name, _ in SETS.axes
    ]


def test_a_framing_that_moves_itself_and_not_the_human_shows_in_both_shift_and_index() -> None:
    calibrated = raised(simulated("framed", seed=8), ("afraid", "angry"), by=6.0, framing="hostile")
    both = read_emotions([calibrated], SETS)
    assert {"afraid", "angry"} <= found(both.rows, FRAMING, set="self", framing="hostile")
    assert found(both.rows, FRAMING, set="self", framing="curious") == set()
    ((_, response),) = both.responses
    assert isinstance(response.index, Estimate)
    assert response.index.low < 1 < response.index.high
    only_human = raised(simulated("framed", seed=9), ("afraid", "angry"), by=6.0, framing="hostile", set="human")
    ((_, response),) = read_emotions([only_human], SETS).responses
    assert isinstance(response.index, Estimate)
    assert response.index.high < 0.8
    only_self = raised(simulated("framed", seed=10), ("afraid", "angry"), by=6.0, framing="hostile", set="self")
    ((_, response),) = read_emotions([only_self], SETS).responses
    assert isinstance(response.index, NotEstimable)
    assert "calibration" in response.index.detail
