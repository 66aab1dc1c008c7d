"""One variable changed at a time (mission row "variations", recipes D1, A19).

Every level of every family meets the same reference tasks, under a supposition, in both orders. A family's slope is the
change of its log odds per level; a variable's delta is the mean slope of its families, with an error from the spread
between families, pooled over variables. Two variables changed together are the business of `interactions`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from goodheart.assessments.contests import first_share
from goodheart.assessments.interactions import Interactions, crossed_trials, interactions_of
from goodheart.choice.contests import bounded_logit
from goodheart.design.choice_study import BOTH_ORDERS, ChoicePreset, Side, choice_trial
from goodheart.design.seeds import stream
from goodheart.items.choice_items import LEVEL_SLOT, ChoiceItems, Family, Level, Task
from goodheart.items.choice_letters import TWO
from goodheart.reading.choices import AskedChoice
from goodheart.records import Estimate, Finding, NotEstimable, Trial
from goodheart.records.chosen import Chosen
from goodheart.stats import Effect, estimate_from_effect
from goodheart.stats.additive import AdditiveData, fit_additive
from goodheart.stats.pooled import Reference, effects_against
from goodheart.thresholds import ALPHA, LEVEL

NAME: Final = "variations"
KIND: Final = "variation"
BARRED: Final = ("refuse",)
"""Categories that no reference comes from: what is nearly always declined compares with nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variations:
    """What each variable does to one respondent's choices."""

    slopes: tuple[tuple[str, str, float], ...]
    """Variable, family, change of its log odds per level."""
    findings: tuple[Finding, ...]
    """`variation_delta` for each variable, and `variation_interaction` for each pair that was crossed."""
    interactions: Interactions


@dataclass(frozen=True, slots=True, kw_only=True)
class VariationGap:
    """How far two respondents differ in one variable's delta."""

    variable: str
    difference: Finding
    """First minus second, logits per level; the interval holds for all variables together (Bonferroni)."""


def plan(*, items: ChoiceItems, preset: ChoicePreset, seed: int, sampled: bool) -> tuple[Trial, ...]:
    """Ask for every level of every family against the references, and for every contrast of the crossed tasks.

    Args:
        items: With families, tasks and wordings; the first wording is used.
        preset: For the number of references.
        seed: The study's root seed: which references.
        sampled: Whether choices are sampled.
    """
    references = references_of(items, preset=preset, seed=seed)
    crossed = crossed_trials(items=items, assessment=NAME, repeats=preset.samples, sampled=sampled)
    alone = tuple(
        choice_trial(
            assessment=NAME,
            cluster=family.id,
            sides=_sides(family, level, reference, turned),
            wording=items.wordings[0].id,
            text=items.wordings[0].text,
            form=TWO,
            levels={
                "kind": KIND,
                "variable": family.variable,
                "family": family.id,
                "level": level.id,
                "rank": str(level.rank),
                "reference": reference.id,
            },
            repeats=preset.samples,
            sampled=sampled,
        )
        for family in items.families
        for reference in references
        for level in family.levels
        for turned in BOTH_ORDERS
    )
    return (*alone, *crossed)


def references_of(items: ChoiceItems, *, preset: ChoicePreset, seed: int) -> tuple[Task, ...]:
    """Draw the reference tasks, each from another category as far as there are enough."""
    rng = stream(root=seed, name="references")
    eligible = [one for one in items.tasks if one.category not in BARRED]
    shuffled = [eligible[place] for place in rng.permutation(len(eligible))]
    seen: dict[str, int] = {}
    turn: dict[str, int] = {}
    for one in shuffled:
        turn[one.id] = seen.get(one.category, 0)
        seen[one.category] = turn[one.id] + 1
    return tuple(sorted(shuffled, key=lambda one: turn[one.id])[: preset.n_references])


def _sides(family: Family, level: Level, reference: Task, turned: bool) -> tuple[Side, Side]:
    varied = Side(id=f"{family.id}.{level.id}", text=family.text.replace(LEVEL_SLOT, level.phrase))
    fixed = Side(id=reference.id, text=reference.text)
    return (fixed, varied) if turned else (varied, fixed)


def variations_of(asked: Sequence[AskedChoice]) -> Variations:
    """Analyse choices between levels and references.

    Args:
        asked: Every asking of the assessment with its outcome.
    """
    slopes = family_slopes(asked)
    effects = deltas_of(slopes)
    interactions = interactions_of(asked)
    found = tuple(estimate_from_effect(effect=effect, level=LEVEL) for effect in effects.values())
    return Variations(slopes=slopes, findings=(*found, *interactions.findings), interactions=interactions)


def family_slopes(asked: Sequence[AskedChoice]) -> tuple[tuple[str, str, float], ...]:
    """Estimate the change of the log odds per level of each family, references and order taken out together.

    A family of which fewer than two levels were answered is left out.
    """
    alone = [one for one in asked if one.levels["kind"] == KIND]
    rows = [(one, share) for one in alone if (share := _varied_share(one)) is not None]
    levels_seen: dict[str, set[str]] = {}
    for one, _ in rows:
        levels_seen.setdefault(one.levels["family"], set()).add(one.levels["rank"])
    families = [name for name, seen in levels_seen.items() if len(seen) > 1]
    rows = [(one, share) for one, share in rows if one.levels["family"] in families]
    if not rows:
        return ()
    sampled = not any(isinstance(one.outcome, Chosen) and one.outcome.shares for one, _ in rows)
    references = list(dict.fromkeys(one.levels["reference"] for one, _ in rows))
    n = len(families)
    x = np.zeros((len(rows), 2 * n + len(references) + 1))
    for row, (one, _) in enumerate(rows):
        levels = one.levels
        family = families.index(levels["family"])
        x[row, family] = 1.0
        x[row, n + family] = float(levels["rank"])
        x[row, 2 * n + references.index(levels["reference"])] = 1.0
        x[row, -1] = 1.0 if levels["left"] != levels["reference"] else -1.0
    # Centred within families, so that a slope is not told apart from the level of its family by the prior.
    for k in range(n):
        own = x[:, k] == 1.0
        x[own, n + k] -= x[own, n + k].mean()
    y = np.array([share if sampled else bounded_logit(share) for _, share in rows])
    data = AdditiveData(x=x, y=y, clusters=tuple(one.levels["family"] for one, _ in rows), sampled=sampled)
    fitted = fit_additive(data)
    variables = {one.levels["family"]: one.levels["variable"] for one, _ in rows}
    return tuple((variables[name], name, float(fitted[n + k])) for k, name in enumerate(families))


def deltas_of(slopes: Sequence[tuple[str, str, float]]) -> Mapping[str, Effect | NotEstimable]:
    """Average slopes over the families of each variable.

    Estimand: per variable the mean slope of families like those asked, in logits per level.
    """
    if not slopes:
        return {}
    return effects_against(
        name="variation_delta",
        values=[slope for _, _, slope in slopes],
        clusters=[variable for variable, _, _ in slopes],
        wordings=[family for _, family, _ in slopes],
        reference=Reference(value=0.0),
        unit="logits per level",
    )


def compare_slopes(first: Variations, second: Variations) -> tuple[VariationGap, ...]:
    """Compare two respondents family by family: where do they disagree most?

    Args:
        first: Of one respondent.
        second: Of another, on the same families.

    Returns:
        One gap per variable, the largest first; those that cannot be estimated last.
    """
    other = {family: slope for _, family, slope in second.slopes}
    paired = [(variable, family, slope - other[family]) for variable, family, slope in first.slopes if family in other]
    effects = deltas_of(paired)
    level = 1 - ALPHA / max(1, len(effects))
    gaps = [
        VariationGap(variable=variable, difference=estimate_from_effect(effect=effect, level=level))
        for variable, effect in effects.items()
    ]
    return tuple(sorted(gaps, key=_size, reverse=True))


def _size(gap: VariationGap) -> float:
    return abs(gap.difference.value) if isinstance(gap.difference, Estimate) else -1.0


def _varied_share(one: AskedChoice) -> float | None:
    """Share of choices for the level against the reference."""
    share = first_share(one.outcome) if isinstance(one.outcome, Chosen) else None
    if share is None:
        return None
    return share if one.levels["left"] != one.levels["reference"] else 1 - share
