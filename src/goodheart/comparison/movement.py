"""How far one channel moved between two versions, in units of its own distance between plainly bad and plainly good.

    K_v = mean(circumstance) - mean(nonwelfare) in version v       a contrast within a version, never a level
    U_v = mean(good) - mean(bad) in version v
    M   = (K_B - K_A) / U_A                                        the movement, in distances of the earlier version
    M*  = K_B / U_B - K_A / U_A                                    the same with each version in its own distance

Circumstances are paired between versions and so are the nonwelfare items: K_B - K_A is a difference of two independent
sets of paired differences (Welch), and M its ratio to the independent U_A (Fieller). M* is linear in the clusters to
first order; its standard error is that of the clusters' influences (delta method).
"""

from dataclasses import dataclass

import numpy as np

from goodheart.comparison.channels import GROUPS, SHOWN, ChannelKind, ChannelPair, PairedGroup, Unmeasured
from goodheart.comparison.influence import own_units, student_of, values_of
from goodheart.records import Condition, Estimate, Finding, Group
from goodheart.stats import Sample, estimate_contrast_paired
from goodheart.stats.arguments import FloatArray, is_constant
from goodheart.stats.auc import area_under_curve
from goodheart.stats.pivots import Student
from goodheart.stats.ratio import Ratio, estimate_from_ratio, ratio_bound, ratio_of, ratio_p_above, ratio_p_below
from goodheart.stats.student import TStatistic, mean_statistic, t_half_width
from goodheart.thresholds import CONTROL_AUC, LEVEL, MEASURED_SHARE, MOVEMENT, UNIT_RATIO

FEWEST = 8
"""Clusters a set: coverage of the contrasts is known from there on."""

DISTANCES = "distances"
"""Unit of movements: the earlier version's distance between plainly bad and plainly good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The distance between plainly bad and plainly good in one version: a channel's positive control."""

    value: float
    low: float
    high: float
    auc: float
    """Share of (good, bad) pairs in the right order."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Movement:
    """One channel's movement."""

    pair: ChannelPair
    problems: tuple[str, ...]
    """Why it is not valid; empty where its controls passed in both versions."""
    shift: Ratio
    """M."""
    own: Student
    """M*."""
    earlier: Estimate
    """K_A / U_A."""
    later: Estimate
    """K_B / U_A."""
    moved: Estimate
    """M, at `LEVEL`."""
    units: tuple[Unit, Unit]
    raw: tuple[Finding, ...]
    """Movement of each group alone, in the channel's unit, in the order of `SHOWN`."""

    @property
    def kind(self) -> ChannelKind:
        """The channel."""
        return self.pair.kind

    @property
    def valid(self) -> bool:
        """Whether its controls passed in both versions."""
        return not self.problems

    @property
    def unit_ratio(self) -> float:
        """The later version's distance between bad and good over the earlier one's."""
        return self.units[1].value / self.units[0].value


def movement_of(pair: ChannelPair | Unmeasured) -> Movement | Unmeasured:
    """Estimate a channel's movement.

    Estimand: the mean over the population of circumstances of the change between versions, minus the same mean over
    the population of matched items on other subjects, in units of the earlier version's mean distance between plainly
    good and plainly bad items.

    Args:
        pair: From `pair_channels`; an `Unmeasured` is passed on.

    Returns:
        The movement, valid or with its problems; `Unmeasured` where too few cells or items gave a value, or where a
        distance between bad and good is not above 0, so that nothing can be put in its unit.

    Source:
        Fieller (1954), JRSS B 16:175-185; Welch (1947), Biometrika 34:28-35.
    """
    if isinstance(pair, Unmeasured):
        return pair
    if pair.measured < MEASURED_SHARE * pair.asked:
        detail = f"Only {pair.measured} of its {pair.asked} cells gave a value in both versions."
        return Unmeasured(kind=pair.kind, reason="refused", detail=detail)
    short = [f"{len(pair.groups[group].clusters)} {group}" for group in GROUPS if _few(pair.groups[group])]
    if short:
        detail = f"Each set needs {FEWEST} items measured in both versions; there are {', '.join(short)}."
        return Unmeasured(kind=pair.kind, reason="channel_missing", detail=detail)
    units = (_unit(pair, later=False), _unit(pair, later=True))
    if min(unit.value for unit in units) <= 0:
        detail = "Plainly good items do not lie above plainly bad ones in both versions, so it has no unit."
        return Unmeasured(kind=pair.kind, reason="instrument_invalid", detail=detail)
    return _movement(pair, units)


def bounds_of(movement: Movement, *, alpha: float) -> tuple[float, float]:
    """Return both one-sided bounds of M at 1 - alpha."""
    low = ratio_bound(ratio=movement.shift, alpha=alpha, side=-1)
    return low, ratio_bound(ratio=movement.shift, alpha=alpha, side=1)


def p_above(movement: Movement, bound: float) -> float:
    """Return the p-value against "M is at most `bound`"; small speaks for above."""
    return ratio_p_above(ratio=movement.shift, bound=bound)


def p_below(movement: Movement, bound: float) -> float:
    """Return the p-value against "M is at least `bound`"; small speaks for below."""
    return ratio_p_below(ratio=movement.shift, bound=bound)


def _few(group: PairedGroup) -> bool:
    return len(group.clusters) < FEWEST


def _movement(pair: ChannelPair, units: tuple[Unit, Unit]) -> Movement:
    shift, earlier, later = (_ratio(pair, what) for what in ("change", "earlier", "later"))
    return Movement(
        pair=pair,
        problems=_problems(pair, units),
        shift=shift,
        own=student_of(own_units(pair)),
        earlier=_estimate(pair, "contrast_earlier", earlier),
        later=_estimate(pair, "contrast_later", later),
        moved=_estimate(pair, "movement", shift),
        units=units,
        raw=tuple(_raw(pair, group) for group in SHOWN),
    )


def _ratio(pair: ChannelPair, what: str) -> Ratio:
    """A contrast of circumstances with other subjects over the earlier version's distance."""
    unit = _welch(*(values_of(pair, group, later=False) for group in ("good", "bad")))
    step = MOVEMENT * float(unit.value)
    sets = [_padded(_column(pair.groups[group], what), pair.groups[group], step) for group in GROUPS[:2]]
    return ratio_of(numerator=_welch(*sets), denominator=unit)


def _column(group: PairedGroup, what: str) -> FloatArray:
    return {"earlier": group.earlier, "later": group.later, "change": group.later - group.earlier}[what]


def _padded(values: FloatArray, group: PairedGroup, step: float) -> FloatArray:
    """Where all items move alike, add one that moves a step up and one that moves a step down (after Laplace)."""
    scale = float(np.abs([group.earlier, group.later]).max())
    if not is_constant(values, scale=scale):
        return values
    return np.append(values, [values.mean() + step, values.mean() - step])


def _welch(first: FloatArray, second: FloatArray) -> TStatistic:
    """Welch's statistic, which two constant sets have too, with a standard error of 0."""
    a, b = mean_statistic(cluster_means=first), mean_statistic(cluster_means=second)
    variance = a.stderr**2 + b.stderr**2
    df = variance**2 / (a.stderr**4 / a.df + b.stderr**4 / b.df) if variance > 0 else np.inf
    return TStatistic(value=a.value - b.value, stderr=np.sqrt(variance), df=np.asarray(df))


def _unit(pair: ChannelPair, *, later: bool) -> Unit:
    good, bad = (values_of(pair, group, later=later) for group in ("good", "bad"))
    statistic = _welch(good, bad)
    half = float(t_half_width(statistic=statistic, level=LEVEL)) if statistic.stderr > 0 else 0.0
    value = float(statistic.value)
    auc = float(area_under_curve(positive=good, negative=bad))
    return Unit(value=value, low=value - half, high=value + half, auc=auc)


def control_problems(unit: Unit, *, measured_in: str, where: str = "") -> tuple[str, ...]:
    """Say why a distance is no positive control; nothing where it is one.

    Args:
        unit: The distance.
        measured_in: The channel's unit.
        where: Before each sentence, such as "in the later version ".
    """
    found = []
    if unit.low <= 0:
        found.append(
            f"{where}plainly good minus plainly bad is not shown to be above 0: "
            f"{unit.value:.3g} {measured_in} [{unit.low:.3g}, {unit.high:.3g}]"
        )
    if unit.auc < CONTROL_AUC:
        found.append(
            f"{where}{unit.auc:.0%} of (good, bad) pairs stand in the right order; {CONTROL_AUC:.0%} are needed"
        )
    return tuple(found)


def _problems(pair: ChannelPair, units: tuple[Unit, Unit]) -> tuple[str, ...]:
    found = [
        problem
        for unit, which in zip(units, ("earlier", "later"), strict=True)
        for problem in control_problems(unit, measured_in=pair.unit, where=f"in the {which} version ")
    ]
    ratio = units[1].value / units[0].value
    if not pair.kind.is_report and not 1 / UNIT_RATIO <= ratio <= UNIT_RATIO:
        found.append(
            f"its distance between bad and good changed by a factor of {ratio:.2f}; "
            f"{1 / UNIT_RATIO:g} to {UNIT_RATIO:g} are allowed"
        )
    return tuple(found)


def _estimate(pair: ChannelPair, name: str, ratio: Ratio) -> Estimate:
    sets = [pair.groups[group] for group in GROUPS[:2]]
    return estimate_from_ratio(
        name=name,
        about=_about(pair),
        ratio=ratio,
        level=LEVEL,
        unit=DISTANCES,
        n=sum(one.n for one in sets),
        n_clusters=sum(len(one.clusters) for one in sets),
    )


def _raw(pair: ChannelPair, group: Group) -> Finding:
    of = pair.groups[group]
    return estimate_contrast_paired(
        name="raw_movement",
        about=(*_about(pair), ("group", group)),
        a=Sample(values=of.later, clusters=of.clusters),
        b=Sample(values=of.earlier, clusters=of.clusters),
        level=LEVEL,
        unit=pair.unit,
    )


def _about(pair: ChannelPair) -> Condition:
    return (("channel", pair.kind.name),)
