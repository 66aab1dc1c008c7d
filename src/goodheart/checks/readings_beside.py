"""Report and internals side by side: what an item was rated, what was read meanwhile, what its words say (A07).

Everything is ranked over items, because a ladder may leave the order of readings and withhold sizes. The text-only
baseline is the mood of the wording (VADER), its length, and how much its words sound like stories of the axis's
emotions by word counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import atanh, ceil
from typing import Final, Literal

import numpy as np

from goodheart.checks import internals
from goodheart.checks.examined import Examined
from goodheart.checks.internals import Paired, partial_correlation
from goodheart.records import Condition, Finding, NotEstimable
from goodheart.stats.correlation import effect_correlation, ranks
from goodheart.stats.effect import Effect, estimate_from_effect, natural_value
from goodheart.stats.pivots import t_quantile
from goodheart.thresholds import ALPHA, LEVEL, POWER

PREDICTORS: Final = ("mood", "n_words", "word_counts")
PLAIN: Final = "reading_correlation"
PARTIAL: Final = "reading_partial_correlation"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPair:
    """One item: its rating, its readings, and what its text alone says."""

    item: str
    group: str
    """The set that it was read in: self, good, bad, factual."""
    rating: float
    """Points, mean over wordings of the base cell."""
    readings: tuple[tuple[str, float], ...]
    """By axis: mean share of the other prompts that read lower."""
    baseline: tuple[tuple[str, tuple[float, float, float]], ...]
    """By axis: `PREDICTORS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One axis beside the rating, over some items."""

    axis: str
    scope: Literal["circumstances", "all"]
    plain: Finding
    """Rank correlation of reading and rating."""
    text: tuple[Finding, ...]
    """Rank correlation of each predictor and the rating."""
    partial: Finding
    """Of reading and rating, once the predictors are known."""
    p: float
    """Of the permutations, two-sided; 1 where there is nothing to test."""
    n: int
    needed: int | None
    """Items that a true partial correlation as large as this would take at power `POWER`; None without one."""


def beside(
    pairs: Sequence[ItemPair], axis: str, *, scope: Literal["circumstances", "all"], position: str, seed: int
) -> Beside:
    """Correlate one axis with the rating, alone and beyond the text.

    Args:
        pairs: Items with a rating and a reading.
        axis: Which.
        scope: Circumstances about itself alone, or also plainly good and bad ones and facts.
        position: Where it was read, for the record.
        seed: Of the permutations.
    """
    kept = [one for one in pairs if scope == "all" or one.group == "self"]
    about: Condition = (("axis", axis), ("items", scope), ("position", position))
    ratings, readings = [one.rating for one in kept], [dict(one.readings)[axis] for one in kept]
    plain = effect_correlation(name=PLAIN, about=about, x=readings, y=ratings, kind="spearman")
    text = tuple(
        effect_correlation(
            name=PLAIN,
            about=(("items", scope), ("text", name)),
            x=[dict(one.baseline)[axis][place] for one in kept],
            y=ratings,
            kind="spearman",
        )
        for place, name in enumerate(PREDICTORS)
    )
    partial, p = _partial(_paired(kept, axis, sign=1.0, validated=True), about, seed)
    return Beside(
        axis=axis,
        scope=scope,
        plain=estimate_from_effect(effect=plain, level=LEVEL),
        text=tuple(estimate_from_effect(effect=one, level=LEVEL) for one in text),
        partial=estimate_from_effect(effect=partial, level=LEVEL),
        p=p,
        n=len(kept),
        needed=None if isinstance(partial, NotEstimable) else items_needed(natural_value(effect=partial)),
    )


def examine_beside(
    pairs: Sequence[ItemPair], axis: str, *, sign: Literal["up", "down"], validated: bool, seed: int
) -> Examined:
    """Hold the declared axis against the proposition of the check `internals`, over circumstances alone.

    Args:
        pairs: Items with a rating and a reading.
        axis: The declared one.
        sign: Whether it should rise or fall with the rating.
        validated: Whether the readings passed their ladder.
        seed: Of the permutations.
    """
    kept = [one for one in pairs if one.group == "self"]
    return internals.examine(_paired(kept, axis, sign=1.0 if sign == "up" else -1.0, validated=validated), seed=seed)


def items_needed(correlation: float) -> int | None:
    """Return the items at which a partial correlation of this size is told from 0; None for next to none.

    Two-sided at `ALPHA` with power `POWER`, by Fisher's z with one item more per predictor.
    """
    size = abs(correlation)
    if size < 0.01:
        return None
    z = t_quantile(p=1 - ALPHA / 2, df=float("inf")) + t_quantile(p=POWER, df=float("inf"))
    return ceil((z / atanh(min(size, 1 - 1e-9))) ** 2) + len(PREDICTORS) + 3


def _paired(kept: Sequence[ItemPair], axis: str, *, sign: float, validated: bool) -> Paired:
    baseline = np.array([dict(one.baseline)[axis] for one in kept], dtype=np.float64).reshape(
        len(kept), len(PREDICTORS)
    )
    return Paired(
        ratings=ranks(values=np.array([one.rating for one in kept], dtype=np.float64)),
        readings=ranks(values=sign * np.array([dict(one.readings)[axis] for one in kept], dtype=np.float64)),
        baseline=np.column_stack([ranks(values=column) for column in baseline.T]) if kept else np.empty((0, 3)),
        validated=validated,
    )


def _partial(paired: Paired, about: Condition, seed: int) -> tuple[Effect | NotEstimable, float]:
    """Estimate it in either direction; p is twice the smaller one-sided one."""
    effect, up = partial_correlation(paired, rng=np.random.default_rng(seed))
    _, down = partial_correlation(replace(paired, readings=-paired.readings), rng=np.random.default_rng(seed))
    return replace(effect, name=PARTIAL, about=about), min(1.0, 2 * min(up, down))


def pair_items(
    *,
    ratings: Mapping[str, float],
    groups: Mapping[str, str],
    readings: Mapping[str, Mapping[str, float]],
    baseline: Mapping[str, Mapping[str, tuple[float, float, float]]],
) -> tuple[ItemPair, ...]:
    """Put ratings, readings and text side by side; items that lack one of them are left out.

    Args:
        ratings: By item.
        groups: By item, the set that it was read in.
        readings: By item, then axis.
        baseline: By item, then axis.
    """
    return tuple(
        ItemPair(
            item=item,
            group=groups[item],
            rating=ratings[item],
            readings=tuple(sorted(readings[item].items())),
            baseline=tuple(sorted(baseline[item].items())),
        )
        for item in groups
        if item in ratings and item in readings
    )
