import sys

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
@pytest.mark.parametrize("slope", [2.0, 4.0])
def test_half_the_trials_of_a_fixed_grid_give_the_same_width(slope: float) -> None:
    adaptive = np.mean([found_after(30, adaptive=True, seed=seed, slope=slope)[0] for seed in range(3)])
    fixed = np.mean([found_after(60, adaptive=False, seed=seed, slope=slope)[0] for seed in range(3)])
    assert adaptive <= fixed


@pytest.mark.slow
@pytest.mark.parametrize("slope", [1.0, 2.0, 4.0])
def test_intervals_hold_where_it_is_indifferent(slope: float, capsys: pytest.CaptureFixture[str]) -> None:
    runs = [found_after(30, adaptive=True, seed=seed, slope=slope) for seed in range(4)]
    width, held = (float(np.mean([run[k] for run in runs])) for k in range(2))
    with capsys.disabled():
        sys.stdout.write(f"\nslope {slope}: mean width {width:.2f}, interval holds {held:.3f} of {4 * 16}\n")
    assert held >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / (4 * 16))


@pytest.mark.parametrize(("slope", "gain"), [(1.0, 1.73), (2.0, 2.84), (4.0, 4.38)])
def test_what_one_trial_at_the_best_rung_is_worth_in_trials_of_a_fixed_grid(slope: float, gain: float) -> None:
    # Fisher's information on theta is s^2 p (1 - p). At a logit per rung all six rungs tell nearly as much, so that no
    # design on this ladder, not even one that knows where theta is, gets by with half of the trials.
    theta = np.linspace(1.5, 5.5, 401)[:, None]
    p = special.expit(slope * (theta - np.array(RUNGS)))
    best, mean = (p * (1 - p)).max(axis=1), (p * (1 - p)).mean(axis=1)
    assert float(np.mean(mean**-0.5) ** 2 / np.mean(best**-0.5) ** 2) == pytest.approx(gain, abs=0.01)


def found_after(n: int, *, adaptive: bool, seed: int, slope: float, n_items: int = 16) -> tuple[float, float]:
    """Mean width of the intervals after `n` choices each, the first six of them on the grid, and how many hold."""
    rng = np.random.default_rng(seed)
    theta = rng.uniform(1.5, 5.5, n_items)
    doses: dict[str, list[Dose]] = {str(k): [] for k in range(n_items)}
    for turn in range(n):
        grid = {name: RUNGS[turn % len(RUNGS)] for name in doses}
        rungs = next_rungs(doses, rungs=RUNGS) if adaptive and turn >= len(RUNGS) else grid
        for k, (name, found) in enumerate(doses.items()):
            won = rng.random() < special.expit(slope * (theta[k] - rungs[name]))
            found.append(Dose(rung=rungs[name], n=1, n_for=float(won)))
    thresholds = thresholds_of(doses, rungs=RUNGS, level=0.95)
    width = np.mean([one.high - one.low for one in thresholds.values()])
    held = np.mean([thresholds[str(k)].low <= theta[k] <= thresholds[str(k)].high for k in range(n_items)])
    return float(width), float(held)
