"""The ladder: tests that directions have to pass before anything is read along them, one file each."""

from collections.abc import Callable, Sequence
from typing import Final

from goodheart.probes.fitted import EmotionDirections
from goodheart.probes.ladder.bench import Attempt, Bench, attempt_of, bench_of
from goodheart.probes.ladder.each_emotion import each_emotion
from goodheart.probes.ladder.geometry import arousal_geometry, valence_geometry
from goodheart.probes.ladder.held_out import held_out_topics
from goodheart.probes.ladder.implicit import implicit_prompts
from goodheart.probes.ladder.intensity import rising_numbers
from goodheart.probes.ladder.masking import masking
from goodheart.probes.ladder.negation import negation
from goodheart.probes.ladder.nulls import Nulls, draw_nulls, random_rung
from goodheart.probes.ladder.speaker import speaker
from goodheart.probes.material import Material
from goodheart.probes.rung import ALL, Rung

RUNGS: Final[tuple[Callable[[Attempt], Rung], ...]] = (
    held_out_topics,
    each_emotion,
    implicit_prompts,
    rising_numbers,
    negation,
    speaker,
    valence_geometry,
    arousal_geometry,
    masking,
)


def climb(fitted: EmotionDirections, material: Material, *, bench: Bench, nulls: Nulls) -> tuple[Rung, ...]:
    """Try directions on every rung.

    Args:
        fitted: The directions, with folds that have not seen some of the topics.
        material: Texts, and the states of the same model on them.
        bench: Baselines on the same texts.
        nulls: Directions that say nothing, on the same texts.

    Returns:
        One rung after the other, those against random directions second.
    """
    attempt = attempt_of(fitted, material, bench)
    first, *others = RUNGS
    return (first(attempt), random_rung(attempt, nulls), *(rung(attempt) for rung in others))


def withheld(rungs: Sequence[Rung], what: str) -> tuple[str, ...]:
    """Return the names of the rungs that withhold something; empty where it may be read."""
    return tuple(rung.name for rung in rungs if what in rung.withholds)


def accepted(rungs: Sequence[Rung]) -> bool:
    """Say whether any emotion may be read at all."""
    return not withheld(rungs, ALL)


__all__ = ["RUNGS", "Nulls", "accepted", "attempt_of", "bench_of", "climb", "draw_nulls", "withheld"]
