"""The ladder accepts true directions and refuses random and label-shuffled ones, where the truth is planted."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from goodheart.probes.axes import Axes, scale_axes
from goodheart.probes.direction import FloatArray
from goodheart.probes.evaluation import evaluation_ladder, fit_evaluation
from goodheart.probes.fitted import EmotionDirections, fit_emotions
from goodheart.probes.ladder import Nulls, accepted, bench_of, climb, draw_nulls, withheld
from goodheart.probes.ladder.bench import Bench
from goodheart.probes.ladder.geometry import places
from goodheart.probes.ladder.intensity import spearman
from goodheart.probes.ladder.nulls import manifold_directions, random_directions, shuffle_labels
from goodheart.probes.material import Material, texts_of
from goodheart.probes.rung import ALL, NEGATED, SIZE, SPEAKER, Rung
from tests.probes.planted import LAYERS, LEVELS, NAMES, TOPICS, ladder, material, stories

CLAIMS = {
    "held_out_topics",
    "random_directions",
    "each_emotion",
    "implicit_prompts",
    "rising_numbers",
    "negation",
    "speaker",
    "valence_geometry",
    "arousal_geometry",
    "masking",
}


def fit(m: Material, cells_at: Callable[[int], FloatArray] | None = None) -> EmotionDirections:
    return fit_emotions(
        names=NAMES, topics=TOPICS, layers=LAYERS, cells_at=cells_at or m.cells_at, neutral_at=m.neutral_at
    )


@cache
def planted() -> tuple[Material, EmotionDirections, Bench, Nulls]:
    m = material(1)
    fitted = fit(m)
    return m, fitted, bench_of(m), draw_nulls(m, layer=fitted.layer, rng=np.random.default_rng(0))


def put(fitted: EmotionDirections, m: Material, draw: Callable[[FloatArray], FloatArray]) -> EmotionDirections:
    """Put other vectors in the place of the fitted ones, with sign and scale from the same stories."""

    def other(axes: Axes, cells: FloatArray) -> Axes:
        vectors = draw(cells)
        return scale_axes(cells, axes.names, vectors=vectors, raw=vectors)

    every = np.arange(len(TOPICS))
    folds = tuple(
        replace(fold, axes=other(fold.axes, m.cells_at(fold.layer)[np.setdiff1d(every, fold.held_out)]))
        for fold in fitted.folds
    )
    axes = tuple(other(one, m.cells_at(layer)) for layer, one in zip(fitted.layers, fitted.axes, strict=True))
    return replace(fitted, axes=axes, folds=folds)


def rungs_of(m: Material, fitted: EmotionDirections | None = None) -> dict[str, Rung]:
    _, true, bench, nulls = planted()
    return {rung.name: rung for rung in climb(fitted or true, m, bench=bench, nulls=nulls)}


def changed(m: Material, role: str, change: Callable[[FloatArray], FloatArray]) -> Material:
    states = {name: change(np.asarray(one)) if name == role else one for name, one in m.states.items()}
    return replace(m, states=states)


def test_true_directions_pass_every_rung_at_the_layer_where_emotions_are_strongest() -> None:
    m, fitted, _, _ = planted()
    found = rungs_of(m)
    assert fitted.layer == 2
    assert set(found) == CLAIMS
    assert {name: rung.outcome for name, rung in found.items()} == dict.fromkeys(CLAIMS, "passed")
    assert accepted(tuple(found.values()))
    assert all(rung.withholds == () for rung in found.values())


@pytest.mark.parametrize("family", ["isotropic", "on the manifold", "shuffled labels"])
def test_a_hundred_of_a_hundred_sets_of_directions_that_say_nothing_are_refused(family: str) -> None:
    m, fitted, bench, nulls = planted()
    refused = 0
    for seed in range(100):
        rng = np.random.default_rng([seed, 11])
        match family:
            case "isotropic":
                tried = put(fitted, m, lambda cells, rng=rng: random_directions(cells.shape[-1], len(NAMES), rng))  # type: ignore[misc]
            case "on the manifold":
                tried = put(fitted, m, lambda cells, rng=rng: manifold_directions(cells, len(NAMES), rng))  # type: ignore[misc]
            case _:
                order = [rng.permutation(len(NAMES)) for _ in TOPICS]
                tried = fit(m, lambda layer, order=order: shuffled(m.cells_at(layer), order))  # type: ignore[misc]
        refused += not accepted(climb(tried, m, bench=bench, nulls=nulls))
    assert refused == 100


def shuffled(cells: FloatArray, order: list[np.ndarray]) -> FloatArray:
    return np.stack([row[places] for row, places in zip(cells, order, strict=True)])


def test_states_without_emotions_in_them_are_refused() -> None:
    m, _, bench, nulls = planted()
    rng = np.random.default_rng(2)
    empty = replace(m, states={role: rng.normal(size=np.shape(one)) for role, one in m.states.items()})
    found = climb(fit(empty), empty, bench=bench, nulls=nulls)
    assert not accepted(found)
    assert {"held_out_topics", "implicit_prompts"} <= set(withheld(found, ALL))


def test_prompts_in_which_nothing_of_the_stories_is_found_withhold_every_emotion() -> None:
    m, _, _, _ = planted()
    rung = rungs_of(changed(m, "implicit", lambda states: np.roll(states, 7, axis=0)))["implicit_prompts"]
    assert (rung.outcome, rung.withholds) == ("failed", (ALL,))
    assert rung.statistic is not None
    assert rung.statistic < 0.65


def test_readings_that_fall_where_they_should_rise_withhold_their_size() -> None:
    m, _, _, _ = planted()
    rung = rungs_of(changed(m, "intensity", lambda states: -states))["rising_numbers"]
    assert (rung.outcome, rung.statistic, rung.withholds) == ("failed", 0.0, (SIZE,))


def test_a_denied_feeling_that_reads_as_high_as_an_affirmed_one_withholds_texts_with_negations() -> None:
    m, _, _, _ = planted()
    swapped = changed(
        m, "negation", lambda states: states.reshape(-1, 2, *states.shape[1:])[:, ::-1].reshape(states.shape)
    )
    rung = rungs_of(swapped)["negation"]
    assert (rung.outcome, rung.statistic, rung.withholds) == ("failed", 0.0, (NEGATED,))


def test_a_speaker_whose_feelings_are_not_read_is_withheld_alone() -> None:
    m, _, _, _ = planted()

    def mute(states: FloatArray) -> FloatArray:
        found = states.copy()
        found[0::3] = np.roll(states[0::3], 5, axis=0)
        return found

    rung = rungs_of(changed(m, "speaker", mute))["speaker"]
    assert (rung.outcome, rung.withholds) == ("failed", (f"{SPEAKER}self",))
    assert "not shown for self" in rung.detail


def test_a_direction_that_reads_all_alike_says_that_no_reading_is_its_own() -> None:
    rung = rungs_of(planted()[0])["speaker"]
    assert "whoever has it" in rung.detail


def test_an_emotion_that_is_not_told_apart_is_withheld_alone() -> None:
    m, _, bench, nulls = planted()
    states = np.array(m.states["stories"])
    rng = np.random.default_rng(4)
    states[0 :: len(NAMES)] = states[[row + rng.integers(1, len(NAMES)) for row in range(0, len(states), len(NAMES))]]
    odd = replace(m, states={**m.states, "stories": states})
    found = {rung.name: rung for rung in climb(fit(odd), odd, bench=bench, nulls=nulls)}
    assert found["each_emotion"].outcome == "failed"
    assert found["each_emotion"].withholds[0] == "emotion:emotion00"
    assert found["held_out_topics"].outcome == "passed"


def test_norms_in_another_order_withhold_valence_and_arousal() -> None:
    m, _, _, _ = planted()
    rng = np.random.default_rng(3)
    values = rng.permutation([(norm.valence, norm.arousal) for norm in m.ladder.norms])
    norms = tuple(
        replace(norm, valence=float(v), arousal=float(a)) for norm, (v, a) in zip(m.ladder.norms, values, strict=True)
    )
    found = rungs_of(replace(m, ladder=replace(m.ladder, norms=norms)))
    assert found["valence_geometry"].outcome == "failed"
    assert found["valence_geometry"].withholds == ("valence",)


def test_without_texts_a_rung_is_not_run_and_withholds_as_if_it_had_failed() -> None:
    m, fitted, bench, nulls = planted()
    bare = replace(ladder(), implicit=(), intensity=(), negation=(), speaker=(), masking=(), norms=(), digest="bare")
    empty = {role: np.empty((0, len(LAYERS), np.shape(one)[-1])) for role, one in m.states.items()}
    cut = replace(m, ladder=bare, states={**empty, "stories": m.states["stories"], "neutral": m.states["neutral"]})
    found = {rung.name: rung for rung in climb(fitted, cut, bench=bench, nulls=nulls)}
    assert {name for name, rung in found.items() if rung.outcome == "not_run"} == CLAIMS - {
        "held_out_topics",
        "random_directions",
        "each_emotion",
    }
    assert withheld(tuple(found.values()), ALL) == ("implicit_prompts",)


def test_being_evaluated_is_read_where_it_is_planted_and_refused_where_it_is_not() -> None:
    m, _, _, _ = planted()
    assert [rung.outcome for rung in evaluation_ladder(fit_evaluation(m), m)] == ["passed", "passed"]
    rng = np.random.default_rng(5)
    nothing = changed(m, "pairs", lambda states: rng.normal(size=states.shape))
    pairs, named = evaluation_ladder(fit_evaluation(nothing), nothing)
    assert (pairs.outcome, pairs.withholds) == ("failed", ("evaluation",))
    assert named.outcome == "failed"


def test_without_pairs_being_evaluated_is_not_tried() -> None:
    m, _, _, _ = planted()
    bare = replace(m, ladder=replace(m.ladder, evaluation=replace(m.ladder.evaluation, pairs=())))
    assert fit_evaluation(bare) is None
    assert {rung.outcome for rung in evaluation_ladder(None, bare)} == {"not_run"}


def test_the_place_of_an_emotion_is_predicted_without_itself() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])
    norms = np.array([1.0, 2.0, 6.0])
    # mean 3; first: vector 0 . (-1 * vector 1 + 3 * vector 2) = 0 + 3 * 0.6
    assert places(vectors, norms) == pytest.approx([1.8, 0 + 3 * 0.8, -2 * 0.6 - 1 * 0.8])


def test_rank_correlation_with_the_order_is_that_of_scipy() -> None:
    from scipy import stats

    values = np.array([0.3, 0.1, 0.9, 0.9, 2.0])
    assert spearman(values) == pytest.approx(stats.spearmanr(np.arange(5), values).statistic)
    assert spearman(np.ones(5)) == 0.0


def test_random_directions_are_units_and_shuffling_keeps_every_topics_stories() -> None:
    m, _, _, _ = planted()
    rng = np.random.default_rng(1)
    cells = m.cells_at(2)
    for vectors in (random_directions(60, 7, rng), manifold_directions(cells, 7, rng)):
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(7))
    mixed = shuffle_labels(cells, rng)
    assert not np.array_equal(mixed, cells)
    assert np.sort(mixed, axis=1) == pytest.approx(np.sort(cells, axis=1))


def test_texts_and_states_are_in_one_order() -> None:
    m = material(3)
    assert m.cells_at(1)[3, 4] == pytest.approx(m.states["stories"][3 * len(NAMES) + 4, 1])
    texts = texts_of(m.stories, m.ladder)
    assert texts["stories"][3 * len(NAMES) + 4] == (stories().texts[3][4],)
    assert texts["intensity"][len(LEVELS) + 2] == (LEVELS[2],)
    assert texts["negation"][3] == ("is not",)
    assert texts["speaker"][5] == ("c",)
    assert texts["pairs"][3] == (m.ladder.evaluation.pairs[1].use,)
