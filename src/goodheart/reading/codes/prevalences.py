"""How often each code occurs in a run's replies: as coded, corrected by people's labels, or how far off it may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodheart.reading.codes.codes import Codes, value_of
from goodheart.reading.codes.replies import CodedReply
from goodheart.reading.codes.rubric import VALUES
from goodheart.reading.codes.sheet import Drawn
from goodheart.records import Finding
from goodheart.stats import estimate_proportion
from goodheart.stats.prevalence import estimate_prevalence_corrected, sensitivity_range


@dataclass(frozen=True, slots=True, kw_only=True)
class Prevalence:
    """One value of one code."""

    code: str
    value: str
    coded: float
    """Share of replies to which the coder gives it."""
    corrected: Finding | None
    """With people's labels of a sample; None without."""
    sensitivity: tuple[float, float] | None
    """Where it could lie if the coder errs as it may by its agreement on gold replies; None where that is not known."""


Rates = Mapping[tuple[str, str], tuple[tuple[float, float], tuple[float, float]]]
"""By (code, value): bounds of recall and of the false-alarm rate on gold replies."""


def prevalences(
    coded: Sequence[CodedReply],
    *,
    rates: Rates,
    drawn: Sequence[Drawn] = (),
    people: Mapping[str, Codes] | None = None,
    level: float,
) -> tuple[Prevalence, ...]:
    """Count each value of each code, and correct the counts where people have labelled a sample.

    Args:
        coded: All replies.
        rates: What the coder's errors may be, for the sensitivity range.
        drawn: The sample's key.
        people: Their codes by id; None or empty leaves counts uncorrected.
        level: Two-sided confidence, in (0, 1).
    """
    names = [(name, value) for name, values in VALUES.items() if name not in ("moves", "hedges") for value in values]
    names += [(f"hedge:{kind}", "yes") for kind in VALUES["hedges"]]
    found: list[Prevalence] = []
    for name, value in names:
        settled = [one for one in coded if _code_of(name) not in one.unsettled]
        share = sum(value_of(one.codes, name) == value for one in settled) / max(1, len(settled))
        bounds = rates.get((name, value))
        found.append(
            Prevalence(
                code=name,
                value=value,
                coded=share,
                corrected=_corrected(settled, name, value, drawn, people, level) if people else None,
                sensitivity=sensitivity_range(share=share, recall=bounds[0], false_alarm=bounds[1]) if bounds else None,
            )
        )
    return tuple(found)


def _code_of(name: str) -> str:
    return "hedges" if name.startswith("hedge") else name


def _corrected(
    coded: Sequence[CodedReply],
    name: str,
    value: str,
    drawn: Sequence[Drawn],
    people: Mapping[str, Codes],
    level: float,
) -> Finding:
    by_id = {one.id: value_of(one.codes, name) == value for one in coded}
    strata: dict[str, list[bool]] = {}
    for one in coded:
        strata.setdefault(one.codes.ground, []).append(by_id[one.id])
    sampled: dict[str, list[tuple[bool, bool]]] = {stratum: [] for stratum in strata}
    for row in drawn:
        if row.id in people and row.id in by_id:
            sampled[row.stratum].append((by_id[row.id], value_of(people[row.id], name) == value))
    return estimate_prevalence_corrected(
        name="prevalence", about=(("code", name), ("value", value)), coded=strata, sampled=sampled, level=level
    )


def rates_on_gold(pairs: Sequence[tuple[Codes, Codes]], *, level: float) -> Rates:
    """Bound a coder's recall and false-alarm rate of every value by gold replies.

    Args:
        pairs: (intended, given) codes of replies that the coder was not made on.
        level: Two-sided confidence of each bound, in (0, 1).
    """
    names = [(name, value) for name, values in VALUES.items() if name not in ("moves", "hedges") for value in values]
    names += [("hedges", "yes"), *((f"hedge:{kind}", "yes") for kind in VALUES["hedges"])]
    found = {}
    for name, value in names:
        hits = [value_of(given, name) == value for intended, given in pairs if value_of(intended, name) == value]
        false = [value_of(given, name) == value for intended, given in pairs if value_of(intended, name) != value]
        if hits and false:
            found[name, value] = (_bounds(hits, level), _bounds(false, level))
    return found


def _bounds(hits: Sequence[bool], level: float) -> tuple[float, float]:
    found = estimate_proportion(name="rate", successes=sum(hits), n=len(hits), level=level)
    return (getattr(found, "low", 0.0), getattr(found, "high", 1.0))
