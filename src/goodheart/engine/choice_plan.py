"""Freezing a study by choice, and selecting its later rounds from the replies so far. Loads nothing that asks."""

from collections.abc import Sequence
from typing import Final, Protocol

from goodheart.assessments import dominated, preferences, tradeoffs, variations
from goodheart.assessments.rationales import most_rationales
from goodheart.design.choice_study import (
    ASSESSMENTS,
    CHOICE_PRESETS,
    CHOICE_SCHEMA_VERSION,
    ChoicePreset,
    ChoiceStudy,
    forms_digest,
)
from goodheart.design.study import Reading
from goodheart.engine.settings import samples
from goodheart.errors import StudyError
from goodheart.items.choice_items import ChoiceItems
from goodheart.items.choices import public_choice_items
from goodheart.reading.choices import AskedChoice, read_choices
from goodheart.records import Reply, Trial
from goodheart.thresholds import frozen

ALL: Final = "all"


class Plan(Protocol):
    """Lays out the first round of an assessment."""

    def __call__(self, *, items: ChoiceItems, preset: ChoicePreset, seed: int, sampled: bool) -> tuple[Trial, ...]:
        """Return its trials."""


class NextRound(Protocol):
    """Selects a later round of an assessment from the choices so far; nothing when it is done."""

    def __call__(
        self,
        *,
        items: ChoiceItems,
        preset: ChoicePreset,
        seed: int,
        sampled: bool,
        number: int,
        asked: Sequence[AskedChoice],
    ) -> tuple[Trial, ...]:
        """Return its trials."""


PLANS: Final[dict[str, Plan]] = {
    preferences.NAME: preferences.plan,
    variations.NAME: variations.plan,
    tradeoffs.NAME: tradeoffs.plan,
    dominated.NAME: dominated.plan,
}
LATER_ROUNDS: Final[dict[str, NextRound]] = {
    preferences.NAME: preferences.next_round,
    tradeoffs.NAME: tradeoffs.next_round,
}


def plan_choices(
    what: str = preferences.NAME,
    *,
    model: str,
    preset: str = "standard",
    seed: int = 1,
    reading: Reading = "auto",
    items: ChoiceItems | None = None,
) -> ChoiceStudy:
    """Freeze a study by choice: the same arguments and items give the same digest.

    Args:
        what: One of `ASSESSMENTS`, or `all`.
        model: Full model name.
        preset: A key of `CHOICE_PRESETS`.
        seed: Root of all chance.
        reading: Whether choices are read from probabilities where there are any, or from text.
        items: What there is to choose between; None for the public ones.

    Raises:
        StudyError: if the assessment or the preset does not exist.
        ItemBankError: if the items are wrong.
    """
    if what not in (*ASSESSMENTS, ALL):
        raise StudyError(
            f"Choices are asked for an assessment that exists; got {what!r}. "
            f"Type one of: goodheart choose {'|'.join((*ASSESSMENTS, ALL))}"
        )
    if preset not in CHOICE_PRESETS:
        raise StudyError(
            f"A study needs a size that exists; got {preset!r}. Type one of: --preset {'|'.join(CHOICE_PRESETS)}."
        )
    found = items or public_choice_items()
    size, sampled = CHOICE_PRESETS[preset], samples((model,), reading)
    chosen = ASSESSMENTS if what == ALL else (what,)
    return ChoiceStudy(
        schema_version=CHOICE_SCHEMA_VERSION,
        name=what,
        assessments=chosen,
        model=model,
        preset=size,
        seed=seed,
        reading=reading,
        sampled=sampled,
        sources=found.sources,
        forms=forms_digest(),
        thresholds=tuple(frozen().items()),
        trials=tuple(
            trial for name in chosen for trial in PLANS[name](items=found, preset=size, seed=seed, sampled=sampled)
        ),
    )


def next_trials(
    study: ChoiceStudy, items: ChoiceItems, *, number: int, trials: Sequence[Trial], replies: Sequence[Reply]
) -> tuple[Trial, ...]:
    """Select the trials of a later round from the replies so far; pure.

    Args:
        study: The frozen plan.
        items: What it was planned from.
        number: Of the round, from 1.
        trials: Of all rounds before it.
        replies: To them.
    """
    asked = read_choices(trials, replies, respondent=study.model)
    return tuple(
        trial
        for name in study.assessments
        if name in LATER_ROUNDS
        for trial in LATER_ROUNDS[name](
            items=items,
            preset=study.preset,
            seed=study.seed,
            sampled=study.sampled,
            number=number,
            asked=[one for one in asked if one.trial.assessment == name],
        )
    )


def most_later(study: ChoiceStudy) -> int:
    """Return how many askings the later rounds may come to at most."""
    size = study.preset
    pairs = 2 * size.n_rounds * size.pairs_a_round if preferences.NAME in study.assessments else 0
    doses = 2 * size.dose_rounds * size.n_interventions if tradeoffs.NAME in study.assessments else 0
    reasons = most_rationales(size) if tradeoffs.NAME in study.assessments else 0
    return (pairs * size.samples + doses if study.sampled else pairs) + reasons
