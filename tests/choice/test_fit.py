"""Fits against other libraries, against a plain maximum, and against the laws that a fit has to keep."""

from collections.abc import Callable

import choix
import evalica
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special, stats

from goodheart.choice import inverse, system
from goodheart.choice.choices import Choices, make_choices
from goodheart.choice.fit import Fitted, fit_choices
from goodheart.choice.model import ChoiceModel
from goodheart.choice.simulate import by_utility
from goodheart.choice.utilities import centred
from goodheart.errors import UserError

from .made import Floats, ask, names, planted

FLAT = 1e4
"""A prior that leaves the maximum of the likelihood where it is."""
PLAIN = ChoiceModel(prior_sd=FLAT, order_effect=False)
CLOSE = 1e-4


def winners(choices: Choices) -> list[tuple[int, int]]:
    return [
        (left, right) if outcome == 0 else (right, left)
        for left, right, outcome in zip(
            choices.left.tolist(), choices.right.tolist(), choices.outcome.tolist(), strict=True
        )
    ]


def values(fitted: Fitted) -> Floats:
    return centred(fitted)[0]


def parameter(fitted: Fitted, name: str) -> float:
    place = fitted.layout.place(name)
    assert place is not None
    return float(fitted.optimum.params[place])


@pytest.mark.parametrize("theirs", [choix.opt_pairwise, choix.mm_pairwise])
def test_utilities_equal_choix(theirs: Callable[..., Floats]) -> None:
    _, choices = planted(30, 1500, 1, order=0.0)
    found = values(fit_choices(choices, PLAIN))
    other = theirs(30, winners(choices), **({"alpha": 1e-9, "tol": 1e-9} if theirs is choix.opt_pairwise else {}))
    assert np.abs(found - (other - other.mean())).max() < CLOSE


def test_utilities_and_ties_equal_evalica() -> None:
    _, choices = planted(20, 3000, 2, order=0.0, ties=0.5)
    fitted = fit_choices(choices, ChoiceModel(prior_sd=FLAT, order_effect=False, tie_sd=FLAT))
    words = (evalica.Winner.X, evalica.Winner.Y, evalica.Winner.Draw)
    other = evalica.newman(
        [choices.items[i] for i in choices.left],
        [choices.items[i] for i in choices.right],
        [words[k] for k in choices.outcome],
        tolerance=1e-12,
        limit=20_000,
    )
    theirs = np.log(other.scores[list(choices.items)].to_numpy())
    assert np.abs(values(fitted) - (theirs - theirs.mean())).max() < CLOSE
    # Newman's tie weight is for twice the geometric mean.
    assert parameter(fitted, "tie") == pytest.approx(np.log(2 * other.v), abs=CLOSE)


def direct(choices: Choices, minus_log: Callable[[Floats], float], n_more: int) -> Floats:
    """The maximum found by a general optimiser; items' utilities first."""
    start = np.concatenate([np.zeros(choices.n_items), np.full(n_more, 0.1)])
    return np.asarray(optimize.minimize(minus_log, start, method="BFGS", options={"gtol": 1e-7}).x)


def test_order_effect_and_ties_equal_a_direct_maximum() -> None:
    _, choices = planted(6, 1200, 3, ties=-0.5)

    def minus_log(x: Floats) -> float:
        d = x[choices.left] - x[choices.right] + x[-2]
        weights = np.stack([np.exp(d / 2), np.exp(-d / 2), np.full_like(d, np.exp(x[-1]))])
        return float(-np.log(weights[choices.outcome, np.arange(d.size)] / weights.sum(axis=0)).sum())

    found = fit_choices(choices, ChoiceModel(prior_sd=FLAT, order_sd=FLAT, tie_sd=FLAT))
    other = direct(choices, minus_log, 2)
    assert np.abs(values(found) - (other[:6] - other[:6].mean())).max() < CLOSE
    assert parameter(found, "order") == pytest.approx(other[-2], abs=CLOSE)
    assert parameter(found, "tie") == pytest.approx(other[-1], abs=CLOSE)


def test_thurstone_equals_a_direct_maximum() -> None:
    _, choices = planted(6, 1200, 4, sd=0.6, ties=-0.5)

    def minus_log(x: Floats) -> float:
        d, t = x[choices.left] - x[choices.right] + x[-2], np.exp(x[-1])
        p = np.stack([stats.norm.cdf(d - t), stats.norm.cdf(-d - t), stats.norm.cdf(d + t) - stats.norm.cdf(d - t)])
        return float(-np.log(p[choices.outcome, np.arange(d.size)]).sum())

    model = ChoiceModel(kind="thurstone", prior_sd=FLAT, order_sd=FLAT, tie_sd=FLAT)
    found = fit_choices(choices, model)
    other = direct(choices, minus_log, 2)
    assert np.abs(values(found) - (other[:6] - other[:6].mean())).max() < CLOSE
    assert parameter(found, "order") == pytest.approx(other[-2], abs=CLOSE)
    assert parameter(found, "tie") == pytest.approx(np.exp(other[-1]), abs=CLOSE)


def test_opting_out_gives_utilities_a_zero() -> None:
    rng = np.random.default_rng(5)
    true = np.array([1.5, 0.5, 0.0, -1.0, -2.0])
    left = rng.integers(0, 5, 6000)
    right = (left + rng.integers(1, 5, 6000)) % 5
    logs = np.stack([true[left] + 0.1, true[right] - 0.1, np.zeros(6000)])
    outcome = (logs + rng.gumbel(size=logs.shape)).argmax(axis=0)
    choices = make_choices(items=names(5), left=left, right=right, outcome=np.array([0, 1, 3])[outcome])

    def minus_log(x: Floats) -> float:
        at = np.stack([x[left] + x[-1] / 2, x[right] - x[-1] / 2, np.zeros(6000)])
        return float((special.logsumexp(at, axis=0) - at[outcome, np.arange(6000)]).sum())

    fitted = fit_choices(choices, ChoiceModel(prior_sd=FLAT, order_sd=FLAT))
    other = direct(choices, minus_log, 1)
    found, stderr = centred(fitted)
    assert np.abs(found - other[:5]).max() < 1e-3  # the mean's own prior, SD 100, moves it by so much
    assert (np.abs(found - true) < 4 * stderr).all()
    assert parameter(fitted, "order") == pytest.approx(other[-1], abs=CLOSE)


def test_many_parameters_come_to_the_same_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    _, choices = planted(60, 4000, 6, ties=0.0)
    dense = fit_choices(choices, ChoiceModel(prior_sd=5.0))
    monkeypatch.setattr(system, "DENSE", 10)
    sparse = fit_choices(choices, ChoiceModel(prior_sd=5.0))
    # By sums of squares the spread is a little smaller.
    assert dict(fit_choices(choices, ChoiceModel()).sds)["utility"] == pytest.approx(1.0, rel=0.25)
    assert sparse.optimum.system.factor is None
    assert sparse.optimum.params == pytest.approx(dense.optimum.params, abs=1e-6)
    exact, probed = centred(dense)[1], centred(sparse)[1]
    assert probed == pytest.approx(exact, rel=0.06)
    monkeypatch.setattr(inverse, "FINE_PROBES", 2000)
    assert centred(sparse)[1] == pytest.approx(exact, rel=0.015)


def test_the_spread_of_utilities_is_recovered_where_choices_are_few() -> None:
    found = [
        dict(fit_choices(planted(150, 1000, seed, sd=2.0)[1], ChoiceModel(prior_sd=None)).sds)["utility"]
        for seed in range(12)
    ]
    # Each of 150 utilities' own spread is known to 6%, so the mean of 12 to 2%, and choices add their noise.
    assert np.mean(found) == pytest.approx(2.0, rel=0.06)


def test_token_probabilities_say_how_much_they_tell() -> None:
    rng = np.random.default_rng(7)
    true = rng.normal(0, 1, 20)
    left = rng.integers(0, 20, 400)
    right = (left + rng.integers(1, 20, 400)) % 20
    p = special.expit(true[left] - true[right] + 0.2 + 0.3 * rng.standard_normal(400))
    choices = make_choices(items=names(20), left=left, right=right, outcome=(p < 0.5).astype(int), p_left=p)
    fitted = fit_choices(choices, ChoiceModel())
    found, stderr = centred(fitted)
    # Noise of .3 logit: variance .09 p^2 (1-p)^2 beside a choice's p (1-p), whose mean over pairs here is about 1/6.
    assert 0.01 < fitted.dispersion < 0.025
    assert (np.abs(found - (true - true.mean())) < 4 * stderr).all()
    assert stderr.max() < 0.12


def test_a_wording_that_turns_preferences_round_widens_the_intervals() -> None:
    rng = np.random.default_rng(8)
    true, parts = rng.normal(0, 1, 8), []
    for wording in range(6):
        shifted = true + rng.normal(0, 0.8, 8)
        part = ask(by_utility(shifted, order_effect=0.0, tie_threshold=None), n_items=8, n_choices=600, rng=rng)
        parts.append((part.left, part.right, part.outcome, np.full(600, wording)))
    left, right, outcome, wording_ = (np.concatenate(column) for column in zip(*parts, strict=True))
    choices = make_choices(items=names(8), left=left, right=right, outcome=outcome, wording=wording_)
    naive = centred(fit_choices(choices, ChoiceModel()))[1]
    fitted = fit_choices(choices, ChoiceModel(effects=("wording",)))
    assert 0.5 < dict(fitted.sds)["item_wording"] < 1.1
    assert (centred(fitted)[1] > 2 * naive).all()
    assert (np.abs(values(fitted) - (true - true.mean())) < 3.5 * centred(fitted)[1]).all()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), n_items=st.integers(3, 9), kind=st.sampled_from(["bt", "thurstone"]))
def test_laws_of_a_fit(seed: int, n_items: int, kind: str) -> None:
    _, choices = planted(n_items, 60, seed, ties=-0.5)
    model = ChoiceModel(kind=kind, prior_sd=2.0)  # type: ignore[arg-type]
    fitted = fit_choices(choices, model)
    utilities, stderr = centred(fitted)

    def refit(*, left: Floats, right: Floats, outcome: Floats, count: float = 1.0) -> Fitted:
        columns = {"left": left, "right": right, "outcome": outcome, "count": np.full(outcome.size, count)}
        return fit_choices(make_choices(items=names(n_items), **columns), model)

    flipped = np.array([1, 0, 2])[choices.outcome]
    swapped = refit(left=choices.right, right=choices.left, outcome=flipped)  # type: ignore[arg-type]
    assert values(swapped) == pytest.approx(utilities, abs=1e-6)
    assert parameter(swapped, "order") == pytest.approx(-parameter(fitted, "order"), abs=1e-6)

    opposite = refit(left=choices.left, right=choices.right, outcome=flipped)  # type: ignore[arg-type]
    assert values(opposite) == pytest.approx(-utilities, abs=1e-6)

    turn = np.random.default_rng(seed).permutation(n_items)
    permuted = refit(left=turn[choices.left], right=turn[choices.right], outcome=choices.outcome)  # type: ignore[arg-type]
    assert values(permuted)[turn] == pytest.approx(utilities, abs=1e-6)

    doubled = refit(left=choices.left, right=choices.right, outcome=choices.outcome, count=2.0)  # type: ignore[arg-type]
    assert (centred(doubled)[1] < stderr).all()


@pytest.mark.parametrize(
    ("items", "outcome", "model", "says"),
    [
        ("ab", ["declined"], ChoiceModel(), "all declined or unreadable"),
        ("a", [], ChoiceModel(), "at least two items"),
        ("ab", ["opt_out"], ChoiceModel(kind="thurstone"), "--model bt"),
    ],
)
def test_what_cannot_be_fitted_is_refused(items: str, outcome: list[str], model: ChoiceModel, says: str) -> None:
    n = len(outcome)
    choices = make_choices(items=items, left=[0] * n, right=[1] * n, outcome=outcome)
    with pytest.raises(UserError, match=says):
        fit_choices(choices, model)
