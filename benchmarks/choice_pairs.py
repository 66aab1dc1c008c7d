"""How many choices a ranking of 150 items takes: ours beside its peers, on the same respondents.

    python -m benchmarks.choice_pairs --spread 1.1 [--seeds 100]     one spread, in full
    python -m benchmarks choice_swiss                                and so on: one line for `results.json`

Respondents follow Bradley and Terry's model with an order effect of 0.3 logit and normal utilities. What is counted is
the number of choices at which the mean rank correlation with the true utilities, over all seeds, comes to 0.95.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import special

from benchmarks.choice_peers import K_LOGITS, Array, engineered, knowing, optimal_weights, spearman, swiss_elo
from benchmarks.harness import Result, machine
from goodheart.choice.active import Pair, Ranking, choose_pairs, expected_rank_correlation, posterior_of
from goodheart.choice.choices import Choices, IntArray, join, make_choices, take
from goodheart.choice.fit import fit_choices
from goodheart.choice.model import ChoiceModel
from goodheart.choice.simulate import by_utility
from goodheart.choice.utilities import utilities_of

N_ITEMS = 150
GOAL = 0.95
ORDER = 0.3
ENGINEERED = 43_360
"""Choices that Utility Engineering's sampler spends at its defaults: int(2 N log2 N) pairs, 2 orders, 10 of each."""
SPREADS = (0.7, 1.1, 2.0, 3.0)
FLOORED = 0.7
"""Spread at which every design is near the least that one choice can tell, with a target of its own."""
SEEDS = 100
SOFT_NOISE = 0.3
"""Logits by which token probabilities of one pair differ from asking to asking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Choices needed at one spread; infinite where a way never got there."""

    spread: float
    ours: float
    engineered_end: float
    """Rank correlation of Utility Engineering's sampler when its 43,360 choices are spent."""
    swiss: float
    """At the best K."""
    swiss_usual: float
    """At K = 32."""
    knowing: float
    soft: float
    stop_choices: float
    """Where our own stop rule stopped, mean."""
    stop_correlation: float
    """The true rank correlation there, mean."""
    coverage: float
    """Of utilities' 95% intervals there."""
    rank_coverage: float


Trace = list[tuple[int, float]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """One simulated ranking."""

    trace: Trace
    """Choices and true rank correlation after each batch."""
    choices: Choices
    stopped: int
    """Choices at which the stop rule, at the goal itself, would have stopped."""


def ask_actively(utilities: Array, seed: int, *, batch: int, soft: bool, goal: float) -> Asked:
    """Let our own selection ask until it says that the ranking is a little more precise than the goal."""
    rng = np.random.default_rng([seed, 1])
    choose = by_utility(utilities, order_effect=ORDER, tie_threshold=None)
    items = [str(i) for i in range(utilities.size)]
    choices = make_choices(items=items, left=[], right=[], outcome=[])
    trace: Trace = [(0, 0.0)]
    stopped = 0
    while True:
        ranking = Ranking(choices=choices, target=goal, most=20_000, both_orders=not soft, seed=seed)
        # The steps of `next_pairs`, so that the posterior is there to be looked at.
        posterior = posterior_of(ranking)
        expected = expected_rank_correlation(ranking, posterior)
        if choices.outcome.size:
            trace.append((choices.outcome.size, float(spearman(posterior.mean, utilities))))
        stopped = stopped or (choices.outcome.size if expected >= GOAL else 0)
        if expected >= goal:
            return Asked(trace=trace, choices=choices, stopped=stopped)
        pairs = choose_pairs(ranking, posterior, batch)
        answers = _soft(utilities, pairs, rng) if soft else None
        left, right = _sides(pairs)
        outcome = choose(left, right, rng) if answers is None else np.where(answers > 0.5, 0, 1)
        choices = join(choices, make_choices(items=items, left=left, right=right, outcome=outcome, p_left=answers))


def _sides(pairs: Sequence[Pair]) -> tuple[IntArray, IntArray]:
    return (
        np.array([pair.left for pair in pairs], dtype=np.int64),
        np.array([pair.right for pair in pairs], dtype=np.int64),
    )


def _soft(utilities: Array, pairs: Sequence[Pair], rng: np.random.Generator) -> Array:
    left, right = _sides(pairs)
    noise = SOFT_NOISE * rng.standard_normal(left.size)
    return np.asarray(special.expit(utilities[left] - utilities[right] + ORDER + noise))


def needed(traces: Sequence[Trace]) -> float:
    """Choices at which the mean of several traces comes to the goal."""
    most = max(trace[-1][0] for trace in traces)
    grid = np.linspace(0, most, 2001)
    columns = [np.array(trace, dtype=np.float64).T for trace in traces]
    mean = np.mean([np.interp(grid, spent, found) for spent, found in columns], axis=0)
    there = np.flatnonzero(mean >= GOAL)
    return float(grid[there[0]]) if there.size else float("inf")


@cache
def spend(spread: float, seeds: int) -> Spent:
    """Simulate all ways at one spread."""
    utilities = np.stack([np.random.default_rng([seed, 0]).normal(0, spread, N_ITEMS) for seed in range(seeds)])
    batch = 300 if spread < 1 else 150
    # A little beyond the goal, so that the mean over seeds crosses it.
    runs = [ask_actively(u, seed, batch=batch, soft=False, goal=0.96) for seed, u in enumerate(utilities)]
    stops = [_stop(u, seed, run) for seed, (u, run) in enumerate(zip(utilities, runs, strict=True))]
    soft = [ask_actively(u, seed, batch=25, soft=True, goal=0.96).trace for seed, u in enumerate(utilities)]
    swiss, usual = _swiss(utilities, rounds=round(60_000 / N_ITEMS))
    return Spent(
        spread=spread,
        ours=needed([run.trace for run in runs]),
        engineered_end=float(
            np.mean([engineered(u, order_effect=ORDER, rng=_rng(s, 2))[-1][1] for s, u in _some(utilities)])
        ),
        swiss=swiss,
        swiss_usual=usual,
        knowing=_knowing(utilities, spread),
        soft=needed(soft),
        stop_choices=float(np.mean([one[0] for one in stops])),
        stop_correlation=float(np.mean([one[1] for one in stops])),
        coverage=float(np.mean([one[2] for one in stops])),
        rank_coverage=float(np.mean([one[3] for one in stops])),
    )


def _rng(seed: int, stream: int) -> np.random.Generator:
    return np.random.default_rng([seed, stream])


def _some(utilities: Array) -> list[tuple[int, Array]]:
    return list(enumerate(utilities[:20]))


def _stop(utilities: Array, seed: int, asked: Asked) -> tuple[float, float, float, float]:
    """Choices, rank correlation and what intervals cover where the stop rule stops at the goal itself."""
    n, choices = asked.stopped, asked.choices
    part = take(choices, np.arange(n))
    found = utilities_of(fit_choices(part, ChoiceModel()), level=0.95, rng=_rng(seed, 4))
    true = utilities - utilities.mean()
    place = np.argsort(np.argsort(-utilities)) + 1
    covered = float(np.mean((found.low <= true) & (true <= found.high)))
    ranks = float(np.mean((found.rank_low <= place) & (place <= found.rank_high)))
    return float(n), float(spearman(found.values, utilities)), covered, ranks


def _swiss(utilities: Array, rounds: int) -> tuple[float, float]:
    """Choices at the best K and at K = 32."""
    spent = {}
    for place, k in enumerate(K_LOGITS):
        mean = swiss_elo(utilities, order_effect=ORDER, k=k, rounds=rounds, rng=_rng(place, 3)).mean(axis=1)
        there = np.flatnonzero(mean >= GOAL)
        spent[k] = (there[0] + 1) * (N_ITEMS // 2) if there.size else float("inf")
    return min(spent.values()), spent[32 * np.log(10) / 400]


def _knowing(utilities: Array, spread: float) -> float:
    """The better of two criteria, over some of the seeds: each takes a design of its own."""
    start = {0.7: 6000, 1.1: 2600, 2.0: 1000, 3.0: 700}.get(spread, 1000)
    grid = np.round(np.geomspace(start, start * 2.2, 8)).astype(int)
    best = float("inf")
    for by_rank in (False, True):
        traces: list[Trace] = []
        for seed, u in _some(utilities):
            weights = optimal_weights(u, order_effect=ORDER, by_rank=by_rank, steps=200)
            traces.append(
                [(int(n), knowing(u, weights, order_effect=ORDER, n_choices=int(n), rng=_rng(seed, 5))) for n in grid]
            )
        best = min(best, needed(traces))
    return best


def _line(name: str, what: str, ratios: Sequence[float], limits: Sequence[float], ours: float, peer: float) -> Result:
    """One line whose ratio is the median over spreads; met only if each spread keeps its own limit."""
    return Result(
        name=name,
        what=what,
        unit="choices",
        ours=ours,
        peer=peer,
        ratio=float(np.median(ratios)),
        ratio_min=min(ratios),
        ratio_max=max(ratios),
        pairs=len(ratios),
        target="ratio <= " + " / ".join(f"{limit:g}" for limit in limits),
        met=all(ratio <= limit for ratio, limit in zip(ratios, limits, strict=True)),
        machine=machine(),
        command=f"python -m benchmarks {name}",
    )


def _compared(name: str, what: str, peer: Callable[[Spent], float], limit: Callable[[float], float]) -> Result:
    found = [spend(spread, SEEDS) for spread in SPREADS]
    ratios = [one.ours / peer(one) for one in found]
    limits = [limit(one.spread) for one in found]
    return _line(name, what, ratios, limits, found[1].ours, peer(found[1]))


_TO = "choices to rank correlation 0.95 of 150 items, spreads 0.7 / 1.1 / 2 / 3 logits (ours and peer at 1.1)"


def against_engineered(pairs: int) -> Result:
    """Ours against what Utility Engineering's sampler spends at its defaults."""
    return _compared("choice_ue", f"{_TO}, against 43,360", lambda _: float(ENGINEERED), lambda _: 0.25)


def against_swiss(pairs: int) -> Result:
    """Ours against Swiss-paired Elo at its best K."""
    limit = lambda spread: 0.4 if spread == FLOORED else 1 / 3  # noqa: E731
    return _compared("choice_swiss", f"{_TO}, against Swiss-paired Elo at its best K", lambda one: one.swiss, limit)


def against_knowing(pairs: int) -> Result:
    """Ours against a design that knows the true utilities."""
    what = f"{_TO}, against a design that knows the utilities"
    return _compared("choice_known", what, lambda one: one.knowing, lambda _: 1.2)


def soft_against_sampled(pairs: int) -> Result:
    """Token probabilities against sampled choices, both ours."""
    found = [spend(spread, SEEDS) for spread in SPREADS]
    ratios = [one.soft / one.ours for one in found]
    what = f"{_TO}, by token probabilities against sampled choices"
    return _line("choice_soft", what, ratios, [0.1] * len(ratios), found[1].soft, found[1].ours)


def main() -> None:
    """Print everything about one spread."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.choice_pairs")
    parser.add_argument("--spread", type=float, required=True)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    asked = parser.parse_args()
    started = time.perf_counter()
    print(spend(asked.spread, asked.seeds), f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
