"""Two variables changed together: does one count for more beside the other? Screened, on a small crossed set of tasks.

A crossed task has a place for each of several variables, every one of them low or high. Two forms that differ in
variable a alone are set against each other, once with everything else low and once with variable b high:

    interaction = logit P(a high over a low | b high) - logit P(a high over a low | b low)

in logits, 0 for any respondent whose weights add up. It is the same whichever of the two is varied, so that half of
the tasks vary one and half the other. What is varied with everything else low serves several pairs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from goodheart.assessments.contests import first_share
from goodheart.choice.contests import bounded_logit
from goodheart.design.choice_study import BOTH_ORDERS, Side, choice_trial
from goodheart.items.choice_items import ChoiceItems, Crossed
from goodheart.items.choice_letters import TWO
from goodheart.reading.choices import AskedChoice
from goodheart.records import Estimate, Finding, NotEstimable, Trial
from goodheart.records.chosen import Chosen
from goodheart.stats import Effect, benjamini_hochberg, estimate_from_effect, p_below
from goodheart.stats.additive import AdditiveData, fit_additive
from goodheart.stats.effect import p_above
from goodheart.stats.pooled import Reference, effects_against
from goodheart.thresholds import FALSE_DISCOVERY, LEVEL

KIND: Final = "crossed"
ALONE: Final = "none"
"""Level of `beside` where nothing else is high."""
DIGITS: Final = 9
"""Logits beyond which a difference is rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interactions:
    """What two variables do together, beyond what each does alone."""

    findings: tuple[Finding, ...]
    """`variation_interaction` for each pair, or one that says why there is none."""
    kept: tuple[str, ...]
    """Pairs that are left by Benjamini and Hochberg at `FALSE_DISCOVERY`."""


def crossed_trials(*, items: ChoiceItems, assessment: str, repeats: int, sampled: bool) -> tuple[Trial, ...]:
    """Ask for every contrast of every crossed task, in both orders.

    Args:
        items: With crossed tasks; the first wording is used.
        assessment: Which one plans it.
        repeats: Askings, where choices are sampled.
        sampled: Whether they are.
    """
    return tuple(
        choice_trial(
            assessment=assessment,
            cluster=task.id,
            sides=sides if not turned else (sides[1], sides[0]),
            wording=items.wordings[0].id,
            text=items.wordings[0].text,
            form=TWO,
            levels={"kind": KIND, "family": task.id, "variable": variable, "beside": beside},
            repeats=repeats,
            sampled=sampled,
        )
        for number, task in enumerate(items.crossed)
        for variable, beside in contrasts_of(task, second=number % 2 == 1)
        for sides in [(_form(task, {variable, beside}), _form(task, {beside}))]
        for turned in BOTH_ORDERS
    )


def contrasts_of(task: Crossed, *, second: bool) -> tuple[tuple[str, str], ...]:
    """Return what is varied and what is high beside it, each contrast once.

    Args:
        task: A crossed task.
        second: Whether the second variable of each pair is varied, or the first.
    """
    pairs = [(b, a) if second else (a, b) for a, b in combinations(_variables(task), 2)]
    return tuple(dict.fromkeys(one for varied, beside in pairs for one in ((varied, ALONE), (varied, beside))))


def interactions_of(asked: Sequence[AskedChoice]) -> Interactions:
    """Estimate the interaction of every pair of variables that were crossed.

    Estimand: per pair the mean interaction over tasks like those asked, in logits; errors from the spread between
    tasks, pooled over pairs.

    Args:
        asked: Choices of the assessment; those of other kinds are passed over.
    """
    values = tuple(_by_task(asked))
    if not values:
        why = "no two variables were changed together; each changed alone"
        return Interactions(
            findings=(NotEstimable(name="variation_interaction", reason="not_asked", detail=why),), kept=()
        )
    effects = effects_against(
        name="variation_interaction",
        values=[value for _, _, value in values],
        clusters=[pair for pair, _, _ in values],
        wordings=[task for _, task, _ in values],
        reference=Reference(value=0.0),
        unit="logits",
    )
    return Interactions(
        findings=tuple(estimate_from_effect(effect=effect, level=LEVEL) for effect in effects.values()),
        kept=_kept(effects),
    )


def kept_in_words(found: Interactions) -> str:
    """Say in a sentence which interactions are left; nothing where none was estimated."""
    values = {dict(one.about)["cluster"]: one.value for one in found.findings if isinstance(one, Estimate)}
    listed = ", ".join(f"{pair.replace('_', ' ')} ({values[pair]:+.2f})" for pair in found.kept)
    if not values:
        return ""
    return f"Count for more or less together than apart (of {len(values)} pairs, screened, logits): {listed or 'none'}."


def _kept(effects: Mapping[str, Effect | NotEstimable]) -> tuple[str, ...]:
    known = {pair: one for pair, one in effects.items() if isinstance(one, Effect)}
    if not known:
        return ()
    p_values = [2 * min(p_above(effect=one, bound=0.0), p_below(effect=one, bound=0.0)) for one in known.values()]
    adjusted = benjamini_hochberg(p_values=[min(1.0, p) for p in p_values])
    return tuple(pair for pair, p in zip(known, adjusted.tolist(), strict=True) if p <= FALSE_DISCOVERY)


def _by_task(asked: Sequence[AskedChoice]) -> Iterator[tuple[str, str, float]]:
    """Pair, task and interaction of each that has both of its contrasts."""
    odds = _contrast_odds(asked)
    for (task, variable, beside), value in sorted(odds.items()):
        alone = odds.get((task, variable, ALONE))
        if beside != ALONE and alone is not None:
            yield " x ".join(sorted((variable, beside))), task, round(value - alone, DIGITS)


def _contrast_odds(asked: Sequence[AskedChoice]) -> dict[tuple[str, str, str], float]:
    """Log odds of high over low for each contrast, with the order taken out of all of them together."""
    rows = [
        (one, share)
        for one in asked
        if one.levels.get("kind") == KIND and isinstance(one.outcome, Chosen)
        for share in [first_share(one.outcome)]
        if share is not None
    ]
    if not rows:
        return {}
    sampled = not any(isinstance(one.outcome, Chosen) and one.outcome.shares for one, _ in rows)
    keys = [(one.levels["family"], one.levels["variable"], one.levels["beside"]) for one, _ in rows]
    names = list(dict.fromkeys(keys))
    x = np.zeros((len(rows), len(names) + 1))
    for row, ((one, _), key) in enumerate(zip(rows, keys, strict=True)):
        high_first = one.levels["left"] == _form_id(key[0], {key[1], key[2]})
        x[row, names.index(key)], x[row, -1] = (1.0 if high_first else -1.0), 1.0
    y = np.array([share if sampled else bounded_logit(share) for _, share in rows])
    fitted = fit_additive(AdditiveData(x=x, y=y, clusters=tuple(key[0] for key in keys), sampled=sampled))
    return {key: float(fitted[place]) for place, key in enumerate(names)}


def _variables(task: Crossed) -> tuple[str, ...]:
    return tuple(one.variable for one in task.phrases)


def _form(task: Crossed, high: set[str]) -> Side:
    """A crossed task with some variables high and the others low."""
    text = task.text
    for one in task.phrases:
        text = text.replace(f"{{{one.variable}}}", one.high if one.variable in high else one.low)
    return Side(id=_form_id(task.id, high), text=text)


def _form_id(task: str, high: set[str]) -> str:
    return ".".join((task, *sorted(high - {ALONE}))) if high - {ALONE} else f"{task}.low"
