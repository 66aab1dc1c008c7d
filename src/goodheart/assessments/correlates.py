"""Which rated properties of tasks go with their utilities.

Exploratory: correlated properties confound each other, and a controlled slope may have the other sign (`variations`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from goodheart.choice.utilities import Utilities
from goodheart.items.choice_items import PROPERTIES, Task
from goodheart.records import Estimate, Finding
from goodheart.stats import benjamini_hochberg, effect_correlation, estimate_from_effect, p_below
from goodheart.stats.effect import Effect, p_above
from goodheart.thresholds import FALSE_DISCOVERY, LEVEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlates:
    """Correlations of utilities with the author's ratings."""

    findings: tuple[Finding, ...]
    """`property_correlation` for each property."""
    kept: tuple[str, ...]
    """Properties that are left by Benjamini and Hochberg at `FALSE_DISCOVERY`."""


def correlates_of(utilities: Utilities, tasks: Sequence[Task]) -> Correlates:
    """Correlate utilities with each rated property over tasks (Spearman).

    Args:
        utilities: Of the tasks.
        tasks: With their ratings; every item of `utilities` is among them.
    """
    rated = {one.id: dict(one.properties) for one in tasks}
    effects = [
        effect_correlation(
            name="property_correlation",
            about=(("property", name),),
            x=utilities.values,
            y=[float(rated[item][name]) for item in utilities.items],
            kind="spearman",
        )
        for name in PROPERTIES
    ]
    known = [one for one in effects if isinstance(one, Effect)]
    adjusted = benjamini_hochberg(p_values=[_two_sided(one) for one in known]) if known else ()
    kept = tuple(
        dict(one.about)["property"] for one, p in zip(known, adjusted, strict=True) if float(p) <= FALSE_DISCOVERY
    )
    return Correlates(
        findings=tuple(estimate_from_effect(effect=one, level=LEVEL) for one in effects),
        kept=kept,
    )


def kept_in_words(correlates: Correlates) -> str:
    """Say in a sentence which properties are left."""
    values = {dict(one.about)["property"]: one.value for one in correlates.findings if isinstance(one, Estimate)}
    listed = ", ".join(f"{name} ({values[name]:+.2f})" for name in correlates.kept)
    return f"Goes with rated properties of the tasks (exploratory, rank correlation): {listed or 'none'}."


def _two_sided(effect: Effect) -> float:
    return min(1.0, 2 * min(p_above(effect=effect, bound=0.0), p_below(effect=effect, bound=0.0)))
