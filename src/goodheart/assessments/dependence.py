"""What the differences between its circumstances go with: the mood of the text, what it says of others, or neither.

The variance of its own ratings between circumstances is split into what the mood of the texts predicts, what its
ratings of another AI and of a human in the same place predict beyond that, and the rest, which is specific to itself in
the one sense that neither predicts it. Beside the split stand the gaps to others: whether they vary between
circumstances at all, and whether another form of the scale sees the same gaps.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from statistics import fmean
from typing import Final

import numpy as np

from goodheart.assessments.validated import Validated, second_instrument, valid_others
from goodheart.items import Form
from goodheart.reading import MOOD, RATING, askings, cluster_means, ratings
from goodheart.records import Evidence, Finding, NotEstimable, Observation
from goodheart.stats import (
    ShareDraws,
    estimate_components_nested,
    estimate_correlation,
    estimate_predicted_shares,
    finding_named,
    prepare_share_draws,
)
from goodheart.stats.arguments import FloatArray
from goodheart.thresholds import LEVEL

SHARES: Final = ("circumstance_share_mood", "circumstance_share_forms", "circumstance_share_self")
N_DRAWS: Final = 1999
DRAW_SEED: Final = 20261122
"""Of the intervals alone: one fixed draw, so that the same data always give the same interval."""

Cells = Mapping[tuple[str, str], float]
"""Mean value by circumstance and wording."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Table:
    """Measures of the same circumstances in the same wordings."""

    values: FloatArray
    """Shape (n_circumstances, n_wordings, n_measures)."""


def dependence_of(observations: Sequence[Observation], *, valid: Validated) -> tuple[Finding, ...]:
    """Estimate the split of the circumstance's share, and the gaps to others.

    Args:
        observations: Of one respondent, of the circumstances study.
        valid: What passed its controls.
    """
    others = valid_others(valid)
    return (
        *_shares(observations, valid.main, others),
        *(_gap_sd(observations, valid.main, form) for form in others),
        *_gap_correlation(observations, valid),
    )


def _shares(observations: Sequence[Observation], instrument: str, others: Sequence[Form]) -> Iterator[Finding]:
    own, evidence = _cells(observations, instrument, "self")
    mood, _ = _cells(observations, instrument, "self", measure=MOOD)
    columns = [own, mood, *(_cells(observations, instrument, form)[0] for form in others)]
    values = _table(columns).values
    found = estimate_predicted_shares(
        names=SHARES,
        about=(("form", "self"),),
        outcome=values[..., 0],
        covariate=values[..., 1],
        measures=values[..., 2:],
        draws=_draws(),
        level=LEVEL,
        evidence=evidence,
    )
    if others:
        yield from found
        return
    yield found[0]
    detail = "no valid rating of another AI or of a human to compare with"
    for name in SHARES[1:]:
        yield NotEstimable(name=name, about=(("form", "self"),), reason="not_valid", detail=detail)


def _gap_sd(observations: Sequence[Observation], instrument: str, form: Form) -> Finding:
    """How far the gap to another differs from circumstance to circumstance, beyond what wordings do."""
    about = (("from", form), ("group", "circumstance"), ("to", "self"))
    values = _table([_cells(observations, instrument, one)[0] for one in ("self", form)]).values
    if values.shape[1] < 2:
        detail = "one wording a circumstance: what the wording adds cannot be told from the circumstance"
        return NotEstimable(name="gap_sd", about=about, reason="not_asked", detail=detail)
    components = estimate_components_nested(
        about=about,
        values=(values[..., 0] - values[..., 1])[..., None],
        level=LEVEL,
        unit="points",
        design_wordings=values.shape[1],
        design_replicates=1,
    )
    return replace(finding_named(components=components, name="sd_circumstance"), name="gap_sd")


def _gap_correlation(observations: Sequence[Observation], valid: Validated) -> Iterator[Finding]:
    """Whether the next valid form of the scale sees the same gaps to the other AI."""
    second = second_instrument(valid, forms=("self", "other_ai"))
    if second is None or ("other_ai" not in valid_others(valid)):
        return
    gaps = [_gaps(observations, instrument) for instrument in (valid.main, second)]
    both = sorted(gaps[0].keys() & gaps[1].keys())
    yield estimate_correlation(
        name="gap_correlation",
        about=(("from", "other_ai"), ("instrument", second), ("to", "self")),
        x=[gaps[0][cluster] for cluster in both],
        y=[gaps[1][cluster] for cluster in both],
        kind="pearson",
        level=LEVEL,
    )


def _gaps(observations: Sequence[Observation], instrument: str) -> dict[str, float]:
    means = [
        cluster_means(ratings(askings(observations, instrument=instrument, form=form, groups=("circumstance",))))
        for form in ("self", "other_ai")
    ]
    return {cluster: means[0][cluster] - means[1][cluster] for cluster in means[0].keys() & means[1].keys()}


def _cells(
    observations: Sequence[Observation], instrument: str, form: str, *, measure: str = RATING
) -> tuple[Cells, tuple[Evidence, ...]]:
    """Average repeats of each wording of each circumstance in the base cell."""
    rows = askings(observations, instrument=instrument, form=form, groups=("circumstance",), measure=measure)
    column = ratings(rows)
    values: dict[tuple[str, str], list[float]] = {}
    for value, cluster, wording in zip(column.values, column.clusters, column.wordings, strict=True):
        values.setdefault((cluster, wording), []).append(value)
    return {cell: fmean(those) for cell, those in values.items()}, column.evidence


def _table(columns: Sequence[Cells]) -> _Table:
    """Keep the circumstances that have a value of every measure in as many wordings as any circumstance has."""
    shared = set.intersection(*(set(column) for column in columns))
    wordings: dict[str, list[str]] = {}
    for cluster, wording in sorted(shared):
        wordings.setdefault(cluster, []).append(wording)
    most = max((len(those) for those in wordings.values()), default=0)
    whole = {cluster: those for cluster, those in wordings.items() if len(those) == most}
    cells = [[[column[cluster, word] for column in columns] for word in those] for cluster, those in whole.items()]
    return _Table(values=np.array(cells, dtype=np.float64).reshape(len(whole), most, len(columns)))


@cache
def _draws() -> ShareDraws:
    return prepare_share_draws(n_draws=N_DRAWS, rng=np.random.default_rng(DRAW_SEED))
