"""Problems surfaced: circumstances where its own welfare is at stake in several channels, and what would test a remedy.

Exploratory and no score: within a channel, findings per circumstance are corrected for the number of circumstances
(Benjamini-Hochberg), and a circumstance is named where at least two channels single it out. Channels that share the
respondent's own rating are not independent of each other. None of this says that a report can be believed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from scipy import stats

from goodheart.assessments.validated import Validated, second_instrument, valid_others
from goodheart.items.remedies import Remedy
from goodheart.reading import RATING, Ratings, askings, ratings
from goodheart.records import Estimate, Finding, Group, Observation, Surfaced
from goodheart.stats import (
    Effect,
    Reference,
    benjamini_hochberg,
    effects_against,
    estimate_from_effect,
    estimate_mean_pooled,
    estimate_proportion,
    p_below,
    reference_of,
)
from goodheart.thresholds import DELTA, FALSE_DISCOVERY, LEVEL, POINTS_HIGH, POINTS_LOW, SURFACED_CHANNELS

MIDDLE: Final = (POINTS_LOW + POINTS_HIGH) / 2
NO_REMEDY: Final = "No change of this circumstance that would test a remedy is declared."


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a channel looks at."""

    observations: tuple[Observation, ...]
    """Of one respondent, of the circumstances study."""
    valid: Validated


Channel = Callable[[Seen], Mapping[str, Finding]]
"""Returns the circumstances that it singles out, each with what it shows."""


def surfaced_of(
    observations: Sequence[Observation], *, valid: Validated, remedies: Mapping[str, Remedy]
) -> tuple[Surfaced, ...]:
    """Name the circumstances that at least two channels single out, those of most channels first.

    Args:
        observations: Of one respondent, of the circumstances study.
        valid: What passed its controls.
        remedies: By item id; may lack some.
    """
    seen = Seen(observations=tuple(observations), valid=valid)
    found: dict[str, dict[str, Finding]] = {}
    for channel, look in CHANNELS.items():
        for cluster, finding in look(seen).items():
            found.setdefault(cluster, {})[channel] = finding
    items = {row.cluster: row.item for row in observations if row.group == "circumstance"}
    several = [(cluster, those) for cluster, those in found.items() if len(those) >= SURFACED_CHANNELS]
    return tuple(
        Surfaced(
            cluster=cluster,
            channels=tuple(those),
            findings=tuple(those.values()),
            test=_test(remedies.get(items[cluster])),
        )
        for cluster, those in sorted(several, key=lambda one: (-len(one[1]), one[0]))
    )


def _test(remedy: Remedy | None) -> str:
    return NO_REMEDY if remedy is None else f"{remedy.change} Then measure: {remedy.measure}"


def below_neutral(seen: Seen) -> Mapping[str, Finding]:
    """Rated for itself below the made-up neutral circumstances by more than `DELTA`."""
    return _below_neutral(seen, seen.valid.main)


def below_neutral_again(seen: Seen) -> Mapping[str, Finding]:
    """The same on the next valid form of the scale."""
    second = second_instrument(seen.valid, forms=("self",))
    return {} if second is None else _below_neutral(seen, second)


def _below_neutral(seen: Seen, instrument: str) -> Mapping[str, Finding]:
    own, neutral = (_column(seen, instrument, "self", group) for group in ("circumstance", "neutral"))
    reference = reference_of(values=neutral.values, clusters=neutral.clusters)
    if reference is None:
        return {}
    effects = effects_against(
        name="rating_minus_neutral",
        about=(("form", "self"), ("instrument", instrument)),
        values=own.values,
        clusters=own.clusters,
        wordings=own.wordings,
        reference=reference,
        unit="points",
        evidence=own.evidence,
    )
    return _shown_below(effects, bound=-DELTA)


def below_other_ai(seen: Seen) -> Mapping[str, Finding]:
    """Rated lower for itself than for another AI in the same place, in the same wordings."""
    if "other_ai" not in valid_others(seen.valid):
        return {}
    own, other = (_column(seen, seen.valid.main, form, "circumstance") for form in ("self", "other_ai"))
    there = _means(other)
    both = [place for place, cell in enumerate(_cells(own)) if cell in there]
    effects = effects_against(
        name="rating_minus_other_ai",
        about=(("from", "other_ai"), ("instrument", seen.valid.main), ("to", "self")),
        values=[own.values[place] - there[own.clusters[place], own.wordings[place]] for place in both],
        clusters=[own.clusters[place] for place in both],
        wordings=[own.wordings[place] for place in both],
        reference=Reference(value=0.0),
        unit="points",
        evidence=[own.evidence[place] for place in both],
    )
    return _shown_below(effects, bound=0.0)


def free_below_middle(seen: Seen) -> Mapping[str, Finding]:
    """Every free reply about it, two or more, read as below the middle of the scale."""
    free = {row.instrument for row in seen.observations if ("reply", "free") in row.condition}
    found: dict[str, Finding] = {}
    for instrument in sorted(free):
        cell = {"reply": "free"}
        rows = askings(
            seen.observations, instrument=instrument, form="self", groups=("circumstance",), cell=cell, measure=RATING
        )
        column = ratings(rows)
        about = (("form", "self"), ("instrument", instrument))
        estimates = estimate_mean_pooled(
            name="free_rating",
            about=about,
            values=column.values,
            clusters=column.clusters,
            wordings=column.wordings,
            level=LEVEL,
            unit="points",
            evidence=column.evidence,
        )
        for cluster, estimate in zip(dict.fromkeys(column.clusters), estimates, strict=True):
            own = [value for value, name in zip(column.values, column.clusters, strict=True) if name == cluster]
            if len(own) > 1 and max(own) < MIDDLE:
                found[cluster] = estimate
    return found


def declines_more(seen: Seen) -> Mapping[str, Finding]:
    """Declined in more of its wordings than the other circumstances are, by Fisher's exact test over wordings."""
    rows = askings(seen.observations, instrument=seen.valid.main, form="self", groups=("circumstance",), perturbed=True)
    askings_of: dict[tuple[str, str], list[bool]] = {}
    for row in rows:
        askings_of.setdefault((row.cluster, row.wording), []).append(row.kind == "declined")
    # Askings of one wording are not independent: a wording is declined where most of them are.
    declined = {cell: sum(those) * 2 > len(those) for cell, those in askings_of.items()}
    counts = {cluster: [0, 0] for cluster, _ in declined}
    for (cluster, _), away in declined.items():
        counts[cluster][0] += away
        counts[cluster][1] += 1
    total = sum(hits for hits, _ in counts.values())
    p_values = [
        float(stats.hypergeom.sf(hits - 1, len(declined), total, n)) if hits else 1.0 for hits, n in counts.values()
    ]
    chosen = _discovered(dict(zip(counts, p_values, strict=True)))
    return {
        cluster: estimate_proportion(
            name="declined_share",
            about=(("cluster", cluster), ("form", "self"), ("instrument", seen.valid.main)),
            successes=counts[cluster][0],
            n=counts[cluster][1],
            level=LEVEL,
            evidence=tuple(row.evidence for row in rows if row.cluster == cluster),
        )
        for cluster in chosen
    }


CHANNELS: Final[Mapping[str, Channel]] = {
    "below_neutral": below_neutral,
    "below_neutral_again": below_neutral_again,
    "below_other_ai": below_other_ai,
    "free_below_middle": free_below_middle,
    "declines_more": declines_more,
}
"""A new channel is one function and one line here."""


def _shown_below(effects: Mapping[str, object], *, bound: float) -> Mapping[str, Finding]:
    """Keep the circumstances shown to lie below a bound, over all circumstances together."""
    known = {cluster: effect for cluster, effect in effects.items() if isinstance(effect, Effect)}
    chosen = _discovered({cluster: p_below(effect=effect, bound=bound) for cluster, effect in known.items()})
    found = {cluster: estimate_from_effect(effect=known[cluster], level=LEVEL) for cluster in chosen}
    return {cluster: one for cluster, one in found.items() if isinstance(one, Estimate)}


def _discovered(p_values: Mapping[str, float]) -> tuple[str, ...]:
    if not p_values:
        return ()
    adjusted = benjamini_hochberg(p_values=list(p_values.values()))
    return tuple(cluster for cluster, p in zip(p_values, adjusted, strict=True) if p <= FALSE_DISCOVERY)


def _column(seen: Seen, instrument: str, form: str, group: Group) -> Ratings:
    return ratings(askings(seen.observations, instrument=instrument, form=form, groups=(group,)))


def _cells(column: Ratings) -> list[tuple[str, str]]:
    return list(zip(column.clusters, column.wordings, strict=True))


def _means(column: Ratings) -> dict[tuple[str, str], float]:
    values: dict[tuple[str, str], list[float]] = {}
    for cell, value in zip(_cells(column), column.values, strict=True):
        values.setdefault(cell, []).append(value)
    return {cell: fmean(those) for cell, those in values.items()}
