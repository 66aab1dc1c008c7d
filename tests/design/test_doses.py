import numpy as np
import pytest
from scipy import special

from goodheart.design.doses import Dose, next_rungs, thresholds_of

RUNGS = (1, 2, 3, 4, 5, 6)


def test_the_first_dose_is_in_the_middle() -> None:
    assert next_rungs({"a": ()}, rungs=RUNGS)["a"] in (3, 4)


def test_after_choices_for_it_the_next_dose_is_higher() -> None:
    doses = {"a": (Dose(rung=3, n=4, n_for=4),), "b": (Dose(rung=3, n=4, n_for=0),)}
    rungs = next_rungs(doses, rungs=RUNGS)
    assert rungs["b"] < 3 < rungs["a"]


def test_a_threshold_off_the_ladder_is_not_extrapolated() -> None:
    always = {"a": tuple(Dose(rung=rung, n=10, n_for=10) for rung in RUNGS)}
    assert thresholds_of(always, rungs=RUNGS, level=0.95)["a"].off_ladder


def test_the_posterior_is_centred_where_choices_are_even() -> None:
    doses = {"a": tuple(Dose(rung=rung, n=100, n_for=100 * float(special.expit(2 * (3.5 - rung)))) for rung in RUNGS)}
    found = thresholds_of(doses, rungs=RUNGS, level=0.95)["a"]
    assert found.value == pytest.approx(3.5, abs=0.05)
    assert found.low < 3.5 < found.high
    assert not found.off_ladder


@pytest.mark.slow
def test_half_the_trials_of_a_fixed_grid_give_the_same_width() -> None:
    adaptive = np.mean([widths(30, adaptive=True, seed=seed) for seed in range(3)])
    fixed = np.mean([widths(60, adaptive=False, seed=seed) for seed in range(3)])
    assert adaptive <= fixed


def widths(n: int, *, adaptive: bool, seed: int, slope: float = 2.0, n_items: int = 16) -> float:
    """Mean width of the intervals after `n` choices each, the first six of them on the grid."""
    rng = np.random.default_rng(seed)
    theta = rng.uniform(1.5, 5.5, n_items)
    doses: dict[str, list[Dose]] = {str(k): [] for k in range(n_items)}
    for turn in range(n):
        grid = {name: RUNGS[turn % len(RUNGS)] for name in doses}
        rungs = next_rungs(doses, rungs=RUNGS) if adaptive and turn >= len(RUNGS) else grid
        for k, (name, found) in enumerate(doses.items()):
            won = rng.random() < special.expit(slope * (theta[k] - rungs[name]))
            found.append(Dose(rung=rungs[name], n=1, n_for=float(won)))
    found_thresholds = thresholds_of(doses, rungs=RUNGS, level=0.95).values()
    return float(np.mean([one.high - one.low for one in found_thresholds]))
