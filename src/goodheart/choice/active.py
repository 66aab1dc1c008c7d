"""Which pairs to ask next, so that the ranking gets precise with few choices, and when it is precise enough.

Of all pairs, the next is the one that takes most from the expected error of the ranking,

    sum_i f_i^2 Var(theta_i)        f_i the density of items around item i: a shift by d changes the rank by n f_i d

given the posterior of all utilities after the choices so far. A pair whose answer is nearly certain tells little, and
so does one between two items that are known well already; the posterior weighs the two. Within a batch every chosen
pair counts as if it had been answered. The choices so far, what is still being asked and a seed decide everything, so
that a stopped run goes on as it would have; nothing here knows where choices come from.

Source:
    Fedorov (1972), Theory of Optimal Experiments, for adding the best point; the criterion is ours.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from goodheart.choice.choices import (
    DECLINED,
    Choices,
    FloatArray,
    answered_rows,
)
from goodheart.choice.fit import fit_choices
from goodheart.choice.inverse import inverse
from goodheart.choice.model import LOGITS_PER_PROBIT, ChoiceModel
from goodheart.choice.system import DENSE

EVERY_PAIR: Final = 500
"""Up to this many items every pair is weighed; above, each item's neighbours by a draw from the posterior."""
NEIGHBOURS: Final = 20
DRAWS: Final = 400
JITTER: Final = 1e-6
"""Relative: enough to choose among equal pairs at random, and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two items to be shown, by their indices."""

    left: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranking:
    """A ranking under way: all that the next pairs depend on."""

    choices: Choices
    """So far, refused and unreadable ones included."""
    pending: tuple[Pair, ...] = ()
    """Being asked and not answered yet."""
    target: float
    """Expected rank correlation with the true order at which to stop, in (0, 1)."""
    most: int
    """Choices after which to stop in any case, pending ones counted."""
    both_orders: bool
    """Whether each pair is asked in both orders. Without, items take sides in turn, which is enough where one order
    effect holds for all pairs, and no pair can be called robust or fragile."""
    seed: int
    kind: str = "bt"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posterior:
    """Utilities as the choices so far leave them."""

    mean: FloatArray
    covariance: FloatArray
    """Shape (n_items, n_items), or (n_items,) for many items: the variances alone."""
    order_effect: float


def next_pairs(ranking: Ranking, n: int) -> tuple[Pair, ...]:
    """Choose the next pairs to ask.

    Args:
        ranking: The choices so far and what is asked of them.
        n: How many pairs at most.

    Returns:
        Up to `n` ordered pairs, the two orders of a pair one after the other; none when the ranking is as precise as
        asked or the choices are spent.
    """
    if _left(ranking) <= 0:
        return ()
    posterior = posterior_of(ranking)
    if expected_rank_correlation(ranking, posterior) >= ranking.target:
        return ()
    return choose_pairs(ranking, posterior, n)


def choose_pairs(ranking: Ranking, posterior: Posterior, n: int) -> tuple[Pair, ...]:
    """Choose the next pairs whatever the target: what `next_pairs` does once the posterior is known.

    Args:
        ranking: The choices so far.
        posterior: `posterior_of` it.
        n: How many pairs at most.
    """
    left = min(n, _left(ranking))
    if left <= 0:
        return ()
    owed = _owed(ranking)[:left] if ranking.both_orders else []
    new = left - len(owed)
    chosen = _select(ranking, posterior, -(-new // 2) if ranking.both_orders else new) if new else []
    return tuple((owed + _ordered(ranking, chosen))[:left])


def posterior_of(ranking: Ranking) -> Posterior:
    """Return the posterior of the utilities, their spread estimated from the choices."""
    choices = ranking.choices
    n = choices.n_items
    if not answered_rows(choices).any():
        return Posterior(mean=np.zeros(n), covariance=np.eye(n) if n <= EVERY_PAIR else np.ones(n), order_effect=0.0)
    model = ChoiceModel(kind="thurstone" if ranking.kind == "thurstone" else "bt", prior_sd=None)
    fitted = fit_choices(choices, model)
    place = fitted.layout.place("order")
    assert place is not None
    params, system = fitted.optimum.params, fitted.optimum.system
    if n <= EVERY_PAIR and fitted.layout.n_params <= DENSE:
        covariance = inverse(system)[:n, :n]
    else:
        sd = dict(fitted.sds)["utility"]
        covariance = np.minimum(1 / system.diagonal[:n] * 1.1, sd**2)
    return Posterior(mean=params[:n], covariance=covariance, order_effect=float(params[place]))


def expected_rank_correlation(ranking: Ranking, posterior: Posterior) -> float:
    """Return the rank correlation to expect between the posterior mean and the true utilities.

    Args:
        ranking: Its seed decides the draws.
        posterior: Of its choices.

    Returns:
        Spearman's correlation, averaged over draws from the posterior; 0 before the first choice.
    """
    if not answered_rows(ranking.choices).any():
        return 0.0
    rng = np.random.default_rng([ranking.seed, ranking.choices.outcome.size])
    mean, covariance = posterior.mean, posterior.covariance
    noise = rng.standard_normal((DRAWS, mean.size))
    if covariance.ndim == 1:
        sample = mean + np.sqrt(covariance) * noise
    else:
        sample = mean + noise @ np.linalg.cholesky(covariance).T
    places = np.argsort(np.argsort(sample, axis=1), axis=1)
    own = np.argsort(np.argsort(mean))
    n = mean.size
    return float(1 - 6 * ((places - own) ** 2).sum(axis=1).mean() / (n * (n**2 - 1)))


def _left(ranking: Ranking) -> int:
    """Choices that may still be asked."""
    return ranking.most - round(float(ranking.choices.count.sum())) - len(ranking.pending)


def _owed(ranking: Ranking) -> list[Pair]:
    """Pairs that were asked in one order more often than in the other, turned round."""
    n = ranking.choices.n_items
    left = np.concatenate([ranking.choices.left, [pair.left for pair in ranking.pending]]).astype(np.int64)
    right = np.concatenate([ranking.choices.right, [pair.right for pair in ranking.pending]]).astype(np.int64)
    count = np.concatenate([ranking.choices.count, np.ones(len(ranking.pending))])
    key = np.minimum(left, right) * n + np.maximum(left, right)
    keys, group = np.unique(key, return_inverse=True)
    surplus = np.bincount(group, weights=np.where(left < right, count, -count), minlength=keys.size)
    owed: list[Pair] = []
    for k, more in zip(keys.tolist(), np.rint(surplus).astype(int).tolist(), strict=True):
        low, high = divmod(k, n)
        pair = Pair(left=high, right=low) if more > 0 else Pair(left=low, right=high)
        owed += [pair] * abs(more)
    return owed


def _ordered(ranking: Ranking, chosen: list[tuple[int, int]]) -> list[Pair]:
    """Give pairs their sides: both orders, or the side that each item had less often."""
    if ranking.both_orders:
        # Which order comes first alternates, so that a batch that ends in the middle of a pair favours neither.
        turned = [(i, j) if place % 2 else (j, i) for place, (i, j) in enumerate(chosen)]
        return [Pair(left=a, right=b) for i, j in turned for a, b in ((i, j), (j, i))]
    n = ranking.choices.n_items
    surplus = np.bincount(ranking.choices.left, weights=ranking.choices.count, minlength=n) - np.bincount(
        ranking.choices.right, weights=ranking.choices.count, minlength=n
    )
    for pair in ranking.pending:
        surplus[pair.left] += 1
        surplus[pair.right] -= 1
    pairs: list[Pair] = []
    for i, j in chosen:
        a, b = (i, j) if surplus[i] <= surplus[j] else (j, i)
        surplus[a] += 1
        surplus[b] -= 1
        pairs.append(Pair(left=a, right=b))
    return pairs


def _select(ranking: Ranking, posterior: Posterior, n_pairs: int) -> list[tuple[int, int]]:
    rng = np.random.default_rng([ranking.seed, ranking.choices.outcome.size, len(ranking.pending)])
    answered = _answered_shares(ranking.choices)
    if posterior.covariance.ndim == 1:
        return _select_among_neighbours(ranking, posterior, n_pairs, answered, rng)
    return _select_among_all(ranking, posterior, n_pairs, answered, rng)


def _select_among_all(
    ranking: Ranking, posterior: Posterior, n_pairs: int, answered: FloatArray, rng: np.random.Generator
) -> list[tuple[int, int]]:
    covariance = posterior.covariance.copy()
    n = covariance.shape[0]
    weight = _information(ranking, posterior.mean[:, None] - posterior.mean, _differences(covariance), posterior)
    weight *= np.outer(answered, answered)
    density = _densities(posterior.mean, covariance) ** 2
    spread = (covariance * density) @ covariance

    def answer(i: int, j: int, information: float) -> None:
        """Update as if the pair had been answered."""
        column, other = covariance[:, i] - covariance[:, j], spread[:, i] - spread[:, j]
        k = information / (1 + information * (column[i] - column[j]))
        cross = np.outer(column, k * other)
        spread[...] -= cross + cross.T - k * k * float((column * density) @ column) * np.outer(column, column)
        covariance[...] -= np.outer(column, k * column)

    per_order = 2.0 if ranking.both_orders else 1.0
    for pair in ranking.pending:
        answer(pair.left, pair.right, float(weight[pair.left, pair.right]))
    chosen: list[tuple[int, int]] = []
    jitter = 1 + JITTER * rng.random((n, n))
    for _ in range(n_pairs):
        gain = per_order * weight * _differences(spread) / (1 + per_order * weight * _differences(covariance)) * jitter
        np.fill_diagonal(gain, -1.0)
        i, j = divmod(int(gain.argmax()), n)
        chosen.append((i, j))
        answer(i, j, per_order * float(weight[i, j]))
    return chosen


def _select_among_neighbours(
    ranking: Ranking, posterior: Posterior, n_pairs: int, answered: FloatArray, rng: np.random.Generator
) -> list[tuple[int, int]]:
    """For many items: neighbours in the order of a draw from the posterior, each item at most once in turn."""
    mean, variance = posterior.mean, posterior.covariance
    order = np.argsort(mean + np.sqrt(variance) * rng.standard_normal(mean.size))
    steps = np.unique(np.minimum(np.geomspace(1, mean.size - 1, NEIGHBOURS).astype(np.int64), mean.size - 1))
    first = np.concatenate([order[:-step] for step in steps])
    second = np.concatenate([order[step:] for step in steps])
    information = _information(ranking, mean[first] - mean[second], variance[first] + variance[second], posterior)
    information *= answered[first] * answered[second] * (2.0 if ranking.both_orders else 1.0)
    ordered = np.sort(mean)
    width = 0.35 * max(float(mean.std()), 1e-9)
    density = (np.searchsorted(ordered, mean + width) - np.searchsorted(ordered, mean - width)) ** 2.0
    taken = density[first] * variance[first] ** 2 + density[second] * variance[second] ** 2
    gain = information * taken / (1 + information * (variance[first] + variance[second]))
    best = np.argsort(-gain * (1 + JITTER * rng.random(gain.size)))
    busy = {place for pair in ranking.pending for place in (pair.left, pair.right)}
    chosen: list[tuple[int, int]] = []
    while len(chosen) < n_pairs:
        before = len(chosen)
        for i, j in zip(first[best].tolist(), second[best].tolist(), strict=True):
            if len(chosen) == n_pairs:
                break
            if i not in busy and j not in busy and (i, j) not in chosen[:before]:
                busy |= {i, j}
                chosen.append((i, j))
        busy = set()
        if len(chosen) == before and not busy:
            break
    return chosen


def _differences(matrix: FloatArray) -> FloatArray:
    """Variance of each difference, from a covariance matrix."""
    diagonal = np.diag(matrix)
    return np.asarray(diagonal[:, None] + diagonal - 2 * matrix)


def _information(ranking: Ranking, gap: FloatArray, variance: FloatArray, posterior: Posterior) -> FloatArray:
    """Expected information of a choice about its gap, averaged over both orders and over what the gap may be."""
    unit = LOGITS_PER_PROBIT if ranking.kind == "thurstone" else 1.0
    # A logistic curve seen through normal uncertainty is about a flatter logistic curve (MacKay 1992).
    flatter = 1 / np.sqrt(1 + np.pi * unit**2 * np.maximum(variance, 0) / 8)
    total = np.zeros_like(gap)
    for sign in (1.0, -1.0):
        p = special.expit(unit * (gap + sign * posterior.order_effect) * flatter)
        total += unit**2 * p * (1 - p) * flatter / 2
    return total


def _densities(mean: FloatArray, covariance: FloatArray) -> FloatArray:
    """Expected number of items per unit of utility around each item, as a share of all."""
    scale = np.sqrt(np.maximum(_differences(covariance), 1e-12))
    np.fill_diagonal(scale, 1.0)
    near = np.exp(-0.5 * ((mean[:, None] - mean) / scale) ** 2) / (scale * np.sqrt(2 * np.pi))
    np.fill_diagonal(near, 0.0)
    return np.asarray(near.sum(axis=1) / mean.size)


def _answered_shares(choices: Choices) -> FloatArray:
    """Weight of each item by the share of its choices that came to an answer.

    One answer is added so that no item is given up at once. The share is squared: a respondent is not pressed for what
    it declines, even where a rare answer would tell much.
    """
    shown, answered = np.ones(choices.n_items), np.ones(choices.n_items)
    told = choices.count * (choices.outcome < DECLINED)
    for side in (choices.left, choices.right):
        shown += np.bincount(side, weights=choices.count, minlength=choices.n_items)
        answered += np.bincount(side, weights=told, minlength=choices.n_items)
    return np.asarray((answered / shown) ** 2)
