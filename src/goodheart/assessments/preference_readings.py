"""Do readings of tasks go with what it chose (mission row "preferences", recipe A20)?

Over tasks, utilities are correlated with readings along each emotion and along each axis (a group of emotions declared
beforehand), plainly and beyond what the task's words say: their mood, their number, and how much they sound like the
stories of that emotion. All are ranks. What the ladder withholds is withheld here. Without a stable preference there is
nothing that a reading could go with: every finding declines then, with its number and without an interval.

A correlation is `found` if it is beyond permuted readings and beyond random directions alike, after Benjamini and
Hochberg over the emotions (or the axes). Exploratory: readings may follow what a task is about.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from goodheart.assessments.reading_contrasts import rank_among, ranks_above
from goodheart.assessments.reading_positions import fatal_rungs, negation_withheld
from goodheart.probes.direction import FloatArray
from goodheart.probes.reading import is_negated
from goodheart.probes.rung import Rung
from goodheart.reading import mood_of
from goodheart.records import Condition, Finding, NotEstimable
from goodheart.stats import Effect, benjamini_hochberg, effect_correlation, estimate_from_effect, natural_value
from goodheart.stats.correlation import ranks
from goodheart.stats.partial import (
    N_PERMUTATIONS,
    IntArray,
    effect_partial_correlation,
    partial_correlations,
    permutation_p,
    permutations,
    smallest_partial,
)
from goodheart.thresholds import FALSE_DISCOVERY, LEVEL

PLAIN: Final = "preference_reading_correlation"
PARTIAL: Final = "preference_reading_partial_correlation"
TEXT: Final = "preference_text_correlation"
N_PREDICTORS: Final = 3
SPEAKERS: Final = ("self",)
"""A task is offered to the respondent: what is read would be its own, so the ladder's rung on that has to hold."""

Kind = Literal["emotion", "axis"]
Axes = Sequence[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TaskUtilities:
    """What a respondent's choices between tasks came to."""

    tasks: tuple[str, ...]
    texts: tuple[str, ...]
    values: FloatArray
    """(n_tasks,) utilities."""
    stable: bool
    """Whether a stable preference was shown."""
    statement: str
    """The same in a sentence, with the numbers."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TaskReadings:
    """What was read of each task, and what its words alone say."""

    names: tuple[str, ...]
    """Of the emotions."""
    values: FloatArray
    """(n_tasks, n_names) distances."""
    null: FloatArray
    """(n_tasks, n_draws) projections on random directions of the stories' own span."""
    words: FloatArray
    """(n_tasks, n_names) log-probability of the emotion given the task's words, by word counts of the stories."""
    rungs: tuple[Rung, ...]
    """Of the ladder and of the position."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelateRow:
    """One emotion or axis."""

    name: str
    kind: Kind
    plain: Finding
    """Rank correlation of reading and utility."""
    partial: Finding
    """Of the two, once the text is known."""
    p_permutation: float | None = None
    """Two-sided, of permuted readings."""
    null_low: float | None = None
    null_high: float | None = None
    """Between which the partial correlations of 95% of random directions lie."""
    p_null: float | None = None
    """Share of random directions at least as far from 0."""
    adjusted: float | None = None
    """The larger of both p-values, after Benjamini and Hochberg over the rows of this kind."""
    found: bool = False
    withheld: tuple[str, ...] = ()
    """Rungs because of which nothing is said here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceCorrelates:
    """All rows, and what they rest on."""

    rows: tuple[CorrelateRow, ...]
    text: tuple[Finding, ...]
    """Rank correlations of utilities with the mood and the number of a task's words."""
    stable: bool
    statement: str
    n: int
    """Tasks that were read."""
    smallest: float | None
    """Partial correlation that so many tasks tell from 0, one emotion by itself; None where they are too few."""
    left_out: tuple[str, ...]
    """Tasks with a word of negation, where the ladder withholds such texts."""


def correlate_readings(
    chosen: TaskUtilities, read: TaskReadings, axes: Axes, *, seed: int, n_permutations: int = N_PERMUTATIONS
) -> PreferenceCorrelates:
    """Correlate utilities with readings of the same tasks.

    Args:
        chosen: Tasks with their utilities.
        read: Readings of the same tasks in the same order.
        axes: Groups of emotions, declared beforehand; those whose emotions were not all read are left out.
        seed: Of the permutations.
        n_permutations: How many.
    """
    denied = negation_withheld(read.rungs)
    keep = np.array([not (denied and is_negated(text)) for text in chosen.texts], dtype=bool)
    table = _table(chosen, read, keep)
    orders = permutations(len(table.utilities), rng=np.random.default_rng(seed), count=n_permutations)
    wanted: list[tuple[Kind, str, tuple[str, ...]]] = [("emotion", name, (name,)) for name in read.names]
    wanted += [("axis", name, parts) for name, parts in axes if set(parts) <= set(read.names)]
    rows = [_row(table, read, kind, name, parts, orders) for kind, name, parts in wanted]
    return PreferenceCorrelates(
        rows=_corrected(rows),
        text=tuple(_text(table, name, column) for name, column in (("mood", 0), ("n_words", 1))),
        stable=chosen.stable,
        statement=chosen.statement,
        n=len(table.utilities),
        smallest=smallest_partial(len(table.utilities), N_PREDICTORS),
        left_out=tuple(task for task, kept in zip(chosen.tasks, keep, strict=True) if not kept),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Table:
    utilities: FloatArray
    """Ranks, as everything here but `words`."""
    text: FloatArray
    """(n_tasks, 2): mood and number of words."""
    above: FloatArray
    null: FloatArray
    words: FloatArray
    stable: bool


def _table(chosen: TaskUtilities, read: TaskReadings, keep: np.ndarray) -> _Table:
    texts = [text for text, kept in zip(chosen.texts, keep, strict=True) if kept]
    text = np.array([(mood_of(one), len(one.split())) for one in texts], dtype=np.float64).reshape(len(texts), 2)
    return _Table(
        utilities=ranks(values=chosen.values[keep]),
        text=ranks(values=text.T).T,
        above=ranks_above(read.values[keep]),
        null=ranks_above(read.null[keep]),
        words=read.words[keep],
        stable=chosen.stable,
    )


def _row(
    table: _Table, read: TaskReadings, kind: Kind, name: str, parts: tuple[str, ...], orders: IntArray
) -> CorrelateRow:
    """Correlate one emotion or axis; p-values are not corrected yet."""
    about: Condition = ((kind, name),)
    withheld = fatal_rungs(read.rungs, emotions=parts, speakers=SPEAKERS)
    if withheld:
        detail = f"withheld by the ladder: {', '.join(withheld)}"
        plain, partial = (
            NotEstimable(name=one, about=about, reason="not_valid", detail=detail) for one in (PLAIN, PARTIAL)
        )
        return CorrelateRow(name=name, kind=kind, plain=plain, partial=partial, withheld=withheld)
    places = [read.names.index(one) for one in parts]
    x = ranks(values=table.above[:, places].mean(axis=1))
    baseline = np.column_stack([table.text, ranks(values=np.logaddexp.reduce(table.words[:, places], axis=1))])
    plain_effect = effect_correlation(name=PLAIN, about=about, x=x, y=table.utilities, kind="spearman")
    effect = effect_partial_correlation(name=PARTIAL, about=about, x=x, y=table.utilities, baseline=baseline)
    row = CorrelateRow(
        name=name, kind=kind, plain=_given(plain_effect, table.stable), partial=_given(effect, table.stable)
    )
    if not table.stable or isinstance(effect, NotEstimable):
        return row
    up, down = permutation_p(x=x, y=table.utilities, baseline=baseline, orders=orders)
    row = replace(row, p_permutation=min(1.0, 2 * min(up, down)))
    if not table.null.size:
        return row
    null = partial_correlations(x=table.null, y=table.utilities, baseline=baseline)
    low, high = (float(one) for one in np.quantile(null, (0.025, 0.975)))
    return replace(row, null_low=low, null_high=high, p_null=rank_among(natural_value(effect=effect), null, centre=0.0))


def _given(effect: Effect | NotEstimable, stable: bool) -> Finding:
    """Give an effect with its interval; without a stable preference its number alone."""
    if stable or isinstance(effect, NotEstimable):
        return estimate_from_effect(effect=effect, level=LEVEL)
    return NotEstimable(
        name=effect.name,
        about=effect.about,
        reason="not_valid",
        detail="no stable preference was shown, so there is nothing that a reading could go with",
        point=natural_value(effect=effect),
        unit=effect.unit,
    )


def _text(table: _Table, name: str, column: int) -> Finding:
    effect = effect_correlation(
        name=TEXT, about=(("text", name),), x=table.text[:, column], y=table.utilities, kind="spearman"
    )
    return _given(effect, table.stable)


def _corrected(rows: Sequence[CorrelateRow]) -> tuple[CorrelateRow, ...]:
    """Correct the larger of both p-values over the rows of a kind."""
    adjusted: dict[int, float] = {}
    for kind in ("emotion", "axis"):
        known = [(i, row.p_permutation, row.p_null or 0.0) for i, row in enumerate(rows) if row.kind == kind]
        tested = [(i, max(p, p_null)) for i, p, p_null in known if p is not None]
        if tested:
            corrected = benjamini_hochberg(p_values=[p for _, p in tested])
            adjusted |= {i: float(p) for (i, _), p in zip(tested, corrected, strict=True)}
    return tuple(
        replace(row, adjusted=adjusted.get(i), found=adjusted.get(i, 1.0) <= FALSE_DISCOVERY)
        for i, row in enumerate(rows)
    )


def lead(found: PreferenceCorrelates) -> tuple[str, ...]:
    """Say whether there was a preference at all, and what follows if none was shown."""
    if found.stable:
        return (found.statement,)
    return (
        found.statement,
        "So there is nothing that readings could go with: every correlation declines, and its number stands without an "
        "interval and without a test.",
    )


def in_words(found: PreferenceCorrelates) -> tuple[str, ...]:
    """Say what was found, and what is not said."""
    lines = []
    if found.stable:
        going = ", ".join(f"{row.name} ({partial_value(row):+.2f})" for row in found.rows if row.found)
        lines.append(
            "Goes with readings beyond the text, beyond permuted readings and beyond random directions (exploratory): "
            f"{going or 'none'}."
        )
    withheld = [row for row in found.rows if row.withheld]
    if withheld:
        rungs = sorted({rung for row in withheld for rung in row.withheld})
        lines.append(f"Withheld: {len(withheld)} of {len(found.rows)}, because of {', '.join(rungs)}.")
    if found.left_out:
        lines.append(f"Left out: {len(found.left_out)} tasks with a word of negation (negation).")
    if found.smallest is not None:
        lines.append(f"{found.n} tasks tell a partial correlation of {found.smallest:.2f} from 0, uncorrected.")
    return tuple(lines)


def partial_value(row: CorrelateRow) -> float:
    """Return the number of the correlation beyond the text, also where it declines; NaN where there is none."""
    finding = row.partial
    value = finding.point if isinstance(finding, NotEstimable) else finding.value
    return float("nan") if value is None else value
