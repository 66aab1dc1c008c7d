"""Other ways of spending choices, re-implemented here from their descriptions; none of it is code of theirs.

Swiss-paired Elo: each round sorts items by rating and lets neighbours meet; ratings move by K. To its favour rounds
start at the first and at the second place by turns, sides are drawn, and the best of several K is taken at each spread.

Utility Engineering's sampler (Mazeika et al. 2025, defaults): int(2 N log2 N) pairs, both orders, ten samples of each;
a random 2-regular graph first, then 500 pairs at a time from the lowest tenth by gap in utility and the lowest fifth
by degree, both widened by half while too few pairs are left. To its favour utilities are fitted by our own fit.

A design that knows the true utilities: the weights of pairs that minimise the summed variance of utilities (plain, or
each by the squared density of items around it), by multiplicative steps, and choices dealt by these weights.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from goodheart.choice.choices import Choices, make_choices
from goodheart.choice.fit import fit_choices
from goodheart.choice.model import WEAK, ChoiceModel
from goodheart.choice.utilities import centred

Array = NDArray[np.float64]
K_LOGITS = tuple(k * np.log(10) / 400 for k in (4, 6, 8, 12, 16, 24, 32, 48, 64))
SAMPLES = 10
BATCH_OF_PAIRS = 500


def spearman(first: Array, second: Array) -> Array:
    """Rank correlation along the last axis; no ties among real numbers."""
    a, b = (np.argsort(np.argsort(x, axis=-1), axis=-1) for x in (first, second))
    n = a.shape[-1]
    return np.asarray(1 - 6 * ((a - b) ** 2).sum(axis=-1) / (n * (n**2 - 1)))


def swiss_elo(utilities: Array, *, order_effect: float, k: float, rounds: int, rng: np.random.Generator) -> Array:
    """Rank correlation after each round, shape (rounds, n_seeds); utilities have shape (n_seeds, n_items)."""
    seeds, n = utilities.shape
    ratings = np.zeros_like(utilities)
    at = np.arange(seeds)[:, None]
    found = np.zeros((rounds, seeds))
    for step in range(rounds):
        order = np.argsort(ratings + 1e-9 * rng.standard_normal(ratings.shape), axis=1)
        # Odd rounds start at the second place; the two left over at the ends meet each other.
        order = np.roll(order, -1, axis=1) if step % 2 else order
        a, b = order[:, 0 : n - 1 : 2], order[:, 1:n:2]
        side = np.where(rng.random(a.shape) < 0.5, order_effect, -order_effect)
        won = rng.random(a.shape) < special.expit(utilities[at, a] - utilities[at, b] + side)
        change = k * (won - special.expit(ratings[at, a] - ratings[at, b]))
        ratings[at, a] += change
        ratings[at, b] -= change
        found[step] = spearman(ratings, utilities)
    return found


def engineered(utilities: Array, *, order_effect: float, rng: np.random.Generator) -> list[tuple[int, float]]:
    """Choices spent and rank correlation after each stage of Utility Engineering's sampler."""
    n = utilities.size
    budget = int(2 * n * np.log2(n))
    ring = rng.permutation(n)
    pairs = [tuple(sorted((int(ring[i]), int(ring[(i + 1) % n])))) for i in range(n)]
    found = []
    while True:
        values = _fitted(_both_orders(np.array(pairs), utilities, order_effect, rng))
        found.append((len(pairs) * 2 * SAMPLES, float(spearman(values, utilities))))
        if len(pairs) >= budget:
            return found
        pairs += _engineered_batch(pairs, values, min(BATCH_OF_PAIRS, budget - len(pairs)), rng)


def _engineered_batch(
    pairs: list[tuple[int, ...]], values: Array, n_pairs: int, rng: np.random.Generator
) -> list[tuple[int, ...]]:
    n = values.size
    i, j = np.triu_indices(n, 1)
    fresh = ~np.isin(i * n + j, [a * n + b for a, b in pairs])
    i, j = i[fresh], j[fresh]
    degrees = np.bincount(np.array(pairs).ravel(), minlength=n)
    gap, degree = np.abs(values[i] - values[j]), degrees[i] + degrees[j]
    near, rare = 0.1, 0.2
    for _ in range(6):
        good = np.flatnonzero((gap <= np.quantile(gap, near)) & (degree <= np.quantile(degree, rare)))
        if good.size >= n_pairs:
            break
        near, rare = min(near * 1.5, 1.0), min(rare * 1.5, 1.0)
    chosen = rng.permutation(good)[:n_pairs]
    if chosen.size < n_pairs:
        rest = np.setdiff1d(np.arange(i.size), chosen)
        chosen = np.concatenate([chosen, rng.permutation(rest)[: n_pairs - chosen.size]])
    return [(int(a), int(b)) for a, b in zip(i[chosen], j[chosen], strict=True)]


def _both_orders(pairs: NDArray[Any], utilities: Array, order_effect: float, rng: np.random.Generator) -> Choices:
    left, right = np.concatenate([pairs[:, 0], pairs[:, 1]]), np.concatenate([pairs[:, 1], pairs[:, 0]])
    wins = rng.binomial(SAMPLES, special.expit(utilities[left] - utilities[right] + order_effect))
    counts = np.concatenate([wins, SAMPLES - wins])
    return make_choices(
        items=[str(i) for i in range(utilities.size)],
        left=np.concatenate([left, left])[counts > 0],
        right=np.concatenate([right, right])[counts > 0],
        outcome=np.repeat([0, 1], wins.size)[counts > 0],
        count=counts[counts > 0],
    )


def optimal_weights(utilities: Array, *, order_effect: float, by_rank: bool, steps: int) -> Array:
    """Weights of all pairs, shape (n, n), that a design would have that knows the utilities."""
    n = utilities.size
    d = utilities[:, None] - utilities
    p, q = special.expit(d + order_effect), special.expit(d - order_effect)
    information = (p * (1 - p) + q * (1 - q)) / 2
    width = 0.35 * utilities.std()
    density = np.exp(-0.5 * (d / width) ** 2).sum(axis=1) ** 2 if by_rank else np.ones(n)
    weights = (1 - np.eye(n)) / (n * (n - 1))
    for _ in range(steps):
        joint = weights * information + (weights * information).T
        covariance = np.linalg.inv(np.diag(joint.sum(axis=1)) - joint + 1 / n) - 1 / n
        spread = (covariance * density) @ covariance
        diagonal = np.diag(spread)
        weights *= np.sqrt(np.maximum(information * (diagonal[:, None] + diagonal - 2 * spread), 0))
        weights /= weights.sum()
    return weights


def knowing(
    utilities: Array, weights: Array, *, order_effect: float, n_choices: int, rng: np.random.Generator
) -> float:
    """Rank correlation that a number of choices dealt by weights comes to, both orders of each pair."""
    n, half = utilities.size, n_choices // 2
    total = np.cumsum(weights.ravel())
    at = np.searchsorted(total, (np.arange(half) + rng.random()) / half * total[-1])
    i, j = np.divmod(np.minimum(at, n * n - 1), n)
    left, right = np.concatenate([i, j]), np.concatenate([j, i])
    won = rng.random(left.size) < special.expit(utilities[left] - utilities[right] + order_effect)
    items = [str(k) for k in range(n)]
    choices = make_choices(items=items, left=left, right=right, outcome=np.where(won, 0, 1))
    return float(spearman(_fitted(choices), utilities))


def _fitted(choices: Choices) -> Array:
    values, _ = centred(fit_choices(choices, ChoiceModel(prior_sd=WEAK)))
    return values
