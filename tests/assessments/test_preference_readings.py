"""Readings of tasks beside utilities: planted, null, of the text alone, along any direction, and declined."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats as scipy_stats

from goodheart.assessments.preference_readings import (
    CorrelateRow,
    PreferenceCorrelates,
    TaskReadings,
    TaskUtilities,
    correlate_readings,
    in_words,
    lead,
    partial_value,
)
from goodheart.items.choices import public_choice_items
from goodheart.probes.direction import FloatArray
from goodheart.probes.reading import is_negated
from goodheart.probes.rung import ALL, EMOTION, NEGATED
from goodheart.reading import mood_of
from goodheart.records import Estimate, NotEstimable
from goodheart.thresholds import FALSE_DISCOVERY
from tests.assessments.simulated_readings import failed

NAMES = tuple(f"e{i:02d}" for i in range(24))
AXES = (("some", ("e00", "e01")), ("others", ("e02", "e03", "e04")), ("unread", ("e00", "unknown")))
TASKS = public_choice_items().tasks


def read_of(seed: int, *, n: int = 60, n_null: int = 999) -> TaskReadings:
    """Readings, random directions and word scores that have nothing to do with one another."""
    rng = np.random.default_rng([seed, 1])
    return TaskReadings(
        names=NAMES,
        values=rng.normal(size=(n, len(NAMES))),
        null=rng.normal(size=(n, n_null)),
        words=rng.normal(size=(n, len(NAMES))),
        rungs=(),
    )


def chosen_of(values: FloatArray, *, stable: bool = True) -> TaskUtilities:
    return TaskUtilities(
        tasks=tuple(one.id for one in TASKS[: len(values)]),
        texts=tuple(one.text for one in TASKS[: len(values)]),
        values=values,
        stable=stable,
        statement="A stable preference was shown." if stable else "No stable preference was shown.",
    )


def noise(seed: int, n: int = 60) -> FloatArray:
    return np.random.default_rng([seed, 2]).normal(size=n)


def correlate(chosen: TaskUtilities, read: TaskReadings, *, n_permutations: int = 1999) -> PreferenceCorrelates:
    return correlate_readings(chosen, read, AXES, seed=1, n_permutations=n_permutations)


def row_of(found: PreferenceCorrelates, name: str) -> CorrelateRow:
    (one,) = [row for row in found.rows if row.name == name]
    return one


def found_in(found: PreferenceCorrelates, kind: str) -> set[str]:
    return {row.name for row in found.rows if row.found and row.kind == kind}


@pytest.mark.parametrize("sign", [1, -1])
def test_utilities_that_follow_one_emotion_are_found_to_with_the_right_sign(sign: int) -> None:
    hits, false, all_found = 0, 0, 0
    for seed in range(8):
        read = read_of(seed)
        found = correlate(chosen_of(sign * read.values[:, 7] + noise(seed)), read)
        names = found_in(found, "emotion")
        hits += "e07" in names
        false, all_found = false + len(names - {"e07"}), all_found + len(names)
        assert np.sign(partial_value(row_of(found, "e07"))) == sign
        assert isinstance(row_of(found, "e07").plain, Estimate)
    assert hits == 8
    assert false <= scipy_stats.binom.ppf(0.999, all_found, FALSE_DISCOVERY)


def test_an_axis_is_found_by_its_emotions_together_and_one_that_was_not_read_is_left_out() -> None:
    read = read_of(3)
    found = correlate(chosen_of(read.values[:, 2:5].sum(axis=1) + noise(3)), read)
    assert found_in(found, "axis") == {"others"}
    assert [row.name for row in found.rows if row.kind == "axis"] == ["some", "others"]


@pytest.mark.slow
def test_utilities_that_follow_nothing_leave_it_quiet_over_200_seeds() -> None:
    any_found, under, tested = 0, 0, 0
    for seed in range(200):
        found = correlate(chosen_of(noise(seed)), read_of(seed, n_null=499), n_permutations=999)
        any_found += bool(found_in(found, "emotion"))
        p = [row.p_permutation for row in found.rows if row.kind == "emotion" and row.p_permutation is not None]
        under, tested = under + sum(one <= 0.05 for one in p), tested + len(p)
    # Every finding is a false one here, so that the false discovery rate is the chance of any.
    assert any_found <= scipy_stats.binom.ppf(0.999, 200, FALSE_DISCOVERY)
    assert under / tested == pytest.approx(0.05, abs=0.012)


def test_the_partial_correlation_is_that_of_a_regression_of_ranks_on_the_text() -> None:
    read, chosen = read_of(5), chosen_of(noise(5) + read_of(5).values[:, 3])
    texts = chosen.texts
    rank = scipy_stats.rankdata
    design = np.column_stack(
        [
            np.ones(60),
            rank([mood_of(one) for one in texts]),
            rank([len(one.split()) for one in texts]),
            rank(read.words[:, 3]),
        ]
    )
    cells = np.column_stack([design[:, 1:], rank(chosen.values), rank(read.values[:, 3])])
    inverse = np.linalg.inv(np.corrcoef(cells.T))
    wanted = -inverse[3, 4] / np.sqrt(inverse[3, 3] * inverse[4, 4])
    row = row_of(correlate(chosen, read), "e03")
    assert partial_value(row) == pytest.approx(wanted)
    assert isinstance(row.plain, Estimate)
    assert row.plain.value == pytest.approx(scipy_stats.spearmanr(chosen.values, read.values[:, 3]).statistic)


def test_what_the_words_say_already_is_not_found() -> None:
    read = read_of(9)
    words = read.words[:, 5]
    values = read.values.copy()
    values[:, 5] = words + 0.3 * noise(91)
    row = row_of(correlate(chosen_of(words + 0.3 * noise(92)), replace(read, values=values)), "e05")
    assert isinstance(row.plain, Estimate)
    assert row.plain.low > 0.5
    assert not row.found


def test_a_correlation_that_random_directions_have_too_is_not_found() -> None:
    read, topic = read_of(2), noise(21)
    values = read.values.copy()
    values[:, 6] = topic + 0.5 * noise(22)
    null = read.null + topic[:, None] * np.random.default_rng(0).choice([-4.0, 4.0], size=read.null.shape[1])
    found = correlate(chosen_of(topic + 0.5 * noise(23)), replace(read, values=values, null=null))
    row = row_of(found, "e06")
    assert row.p_permutation is not None
    assert row.p_permutation < 0.005
    assert row.p_null is not None
    assert row.p_null > 0.1
    assert not row.found
    assert row.adjusted is not None
    assert row.adjusted >= row.p_null


def test_without_a_stable_preference_everything_declines_and_the_first_words_say_so() -> None:
    read = read_of(4)
    found = correlate(chosen_of(read.values[:, 7], stable=False), read)
    for row in found.rows:
        assert isinstance(row.partial, NotEstimable)
        assert isinstance(row.plain, NotEstimable)
        assert row.partial.reason == row.plain.reason == "not_valid"
        assert (row.p_permutation, row.p_null, row.adjusted, row.found) == (None, None, None, False)
    planted = row_of(found, "e07").plain
    assert isinstance(planted, NotEstimable)
    assert planted.point is not None
    assert planted.point > 0.99
    assert all(isinstance(one, NotEstimable) for one in found.text)
    first, second = lead(found)
    assert first == "No stable preference was shown."
    assert "nothing that readings could go with" in second
    assert "e07" not in " ".join(in_words(found))


def test_what_the_ladder_withholds_has_no_number_and_is_no_part_of_the_correction() -> None:
    read = read_of(4)
    chosen = chosen_of(read.values[:, 7] + 2 * noise(4))
    barred = replace(read, rungs=(failed("each_emotion", *(f"{EMOTION}{name}" for name in NAMES if name != "e07")),))
    found = correlate(chosen, barred)
    kept, whole = row_of(found, "e07"), row_of(correlate(chosen, read), "e07")
    assert kept.p_permutation is not None
    assert kept.p_null is not None
    assert kept.adjusted == max(kept.p_permutation, kept.p_null), "nothing else was tested"
    assert whole.adjusted is not None
    assert whole.adjusted >= kept.adjusted
    other = row_of(found, "e06")
    assert other.withheld == ("each_emotion",)
    assert isinstance(other.plain, NotEstimable)
    assert isinstance(other.partial, NotEstimable)
    assert other.plain.point is other.partial.point is None
    assert "Withheld: 25 of 26, because of each_emotion." in in_words(found)
    everything = correlate(chosen, replace(read, rungs=(failed("position_words", ALL),)))
    assert all(row.withheld == ("position_words",) for row in everything.rows)


def test_tasks_with_a_word_of_negation_are_left_out_where_the_ladder_says_so() -> None:
    read, chosen = read_of(6), chosen_of(noise(6))
    found = correlate(chosen, replace(read, rungs=(failed("negation", NEGATED),)))
    keep = [row for row, text in enumerate(chosen.texts) if not is_negated(text)]
    assert 0 < len(found.left_out) == 60 - len(keep) == 60 - found.n
    fewer = correlate(
        replace(
            chosen,
            tasks=tuple(chosen.tasks[i] for i in keep),
            texts=tuple(chosen.texts[i] for i in keep),
            values=chosen.values[keep],
        ),
        replace(read, values=read.values[keep], null=read.null[keep], words=read.words[keep]),
    )
    assert fewer.rows == found.rows


def test_too_few_tasks_have_no_interval_and_no_test() -> None:
    found = correlate(chosen_of(noise(1, 7)), read_of(1, n=7))
    assert all(isinstance(row.partial, NotEstimable) and row.partial.reason == "too_few" for row in found.rows)
    assert found.smallest is None
    assert not any(row.found for row in found.rows)
