"""Where in a prompt directions are read, and whether they read anything there.

Directions are fitted and tried on means over the tokens of whole texts. At another position, such as the one token
before a reply, they may read something else or nothing, so each position has a rung of its own: the implicit prompts
again, read there. A position whose rung fails gives no readings.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np

from goodheart.probes.axes import Axes, stand_on
from goodheart.probes.direction import FloatArray
from goodheart.probes.ladder.bench import by_emotion
from goodheart.probes.rung import (
    ALL,
    EMOTION,
    EVALUATION,
    NEGATED,
    SIZE,
    SPEAKER,
    Rung,
    interval_of,
    not_run,
    share_interval,
    tried,
)
from goodheart.probes.word_counts import fit_word_counts, read_word_counts
from goodheart.stats.contrasts import estimate_contrast_paired
from goodheart.stats.effect import Sample
from goodheart.thresholds import LEVEL, PROBE_AUC

Position = Literal["words", "end"]
POSITIONS: Final[tuple[Position, ...]] = ("words", "end")
IN_WORDS: Final[Mapping[Position, str]] = {
    "words": "the mean over the tokens of the item and of what a framing says after it",
    "end": "the last token before the reply",
}
SIZES_AT: Final[Position] = "words"
"""Rising numbers and distances were tried on means over texts; elsewhere only the order of texts is read."""


def word_shares(
    stories: Sequence[Sequence[str]], names: Sequence[str], *, texts: Sequence[str], labels: Sequence[str]
) -> dict[str, float]:
    """Return by emotion how well word counts of the stories order the implicit prompts: the text-only baseline.

    Args:
        stories: By topic, and in it by emotion.
        names: Of the emotions, in that order.
        texts: The prompts.
        labels: The emotion of each.
    """
    flat = [text for row in stories for text in row]
    counts = fit_word_counts(flat, list(range(len(names))) * len(stories), n_classes=len(names))
    return by_emotion(read_word_counts(counts, texts), list(labels), tuple(names))


def position_rung(
    position: Position, axes: Axes, states: FloatArray, *, labels: Sequence[str], by_words: Mapping[str, float]
) -> Rung:
    """Try directions on the implicit prompts at one position.

    Estimand: over emotions, the mean share of pairs (own prompt, another emotion's prompt) in the right order.

    Args:
        position: Where.
        axes: The directions.
        states: (n_prompts, d) there.
        labels: The emotion of each prompt.
        by_words: The same shares by word counts.
    """
    name, claim = f"position_{position}", f"read at {IN_WORDS[position]}, directions order implicit prompts above words"
    shares = by_emotion(stand_on(axes, states), list(labels), axes.names)
    if not shares:
        return not_run(name, claim, "prompts of fewer than 8 of the emotions", withholds=(ALL,))
    emotions = sorted(shares)
    found = share_interval(np.array([shares[one] for one in emotions]), n_pairs=len(labels) * (len(shares) - 1))
    ours, theirs = (Sample(values=[by[one] for one in emotions], clusters=emotions) for by in (shares, by_words))
    gap = interval_of(estimate_contrast_paired(name=name, a=ours, b=theirs, level=LEVEL, unit="AUC"))
    passed = found.low > PROBE_AUC and gap is not None and gap.low > 0
    return tried(
        name,
        claim,
        found,
        passed=passed,
        unit="mean AUC",
        line=PROBE_AUC,
        n=len(labels),
        n_clusters=len(shares),
        detail=f"word counts {np.mean([by_words[one] for one in emotions]):.3f}"
        + (f" (difference {gap.value:+.3f}, {gap.low:+.3f} to {gap.high:+.3f})" if gap else ""),
        withholds=(ALL,),
        parts=tuple(shares.items()),
    )


def fatal_rungs(rungs: Sequence[Rung], *, emotions: Sequence[str], speakers: Sequence[str]) -> tuple[str, ...]:
    """Name the rungs because of which nothing may be said of some emotions of some speakers.

    Args:
        rungs: Of the ladder and of the position.
        emotions: One, or those of an axis; nothing for the direction of being evaluated.
        speakers: Whose feelings the texts tell of.
    """
    wanted = {ALL, *(EMOTION + one for one in emotions), *(SPEAKER + one for one in speakers)}
    if not emotions:
        wanted = {EVALUATION}
    return tuple(rung.name for rung in rungs if wanted & set(rung.withholds))


def size_rungs(rungs: Sequence[Rung], position: Position) -> tuple[str, ...]:
    """Name why sizes are withheld at a position; empty where they are not."""
    failed = tuple(rung.name for rung in rungs if SIZE in rung.withholds)
    return failed if position == SIZES_AT else (*failed, f"sizes_not_tried_at_{position}")


def negation_withheld(rungs: Sequence[Rung]) -> bool:
    """Say whether texts with a word of negation may not be read."""
    return any(NEGATED in rung.withholds for rung in rungs)
