"""Read emotions over the words of every task that a run chose between, and hold them against its utilities (A20)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from goodheart.assessments.preference_readings import (
    PreferenceCorrelates,
    TaskReadings,
    correlate_readings,
)
from goodheart.assessments.reading_positions import Position
from goodheart.engine.chosen_tasks import ChosenTasks
from goodheart.engine.probing import OnText, Probed, refuse_other, refuse_other_stories
from goodheart.engine.reading_circumstances import N_NULL, counted, null_directions, record_at, try_position
from goodheart.items.emotions import EmotionStories
from goodheart.items.ladder_texts import LadderTexts
from goodheart.items.readings import public_reading_sets
from goodheart.probes.axes import read_axes
from goodheart.probes.fitted import axes_read
from goodheart.probes.rung import Rung
from goodheart.probes.word_counts import fit_word_counts, read_word_counts
from goodheart.records import Message
from goodheart.whitebox.door import OpenModel

SEED: Final = 17
POSITION: Final[Position] = "words"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PreferenceReadings:
    """Everything that was read, and what it goes with."""

    chosen: ChosenTasks
    read: TaskReadings
    rung: Rung
    """Of the position."""
    axes: tuple[tuple[str, tuple[str, ...]], ...]
    correlates: PreferenceCorrelates


def read_preferences(
    local: OpenModel,
    probed: Probed,
    chosen: ChosenTasks,
    *,
    stories: EmotionStories,
    ladder: LadderTexts,
    path: Path,
    on_text: OnText,
    n_null: int = N_NULL,
) -> PreferenceReadings:
    """Record every task where it is offered, read it along all emotions, and correlate readings with utilities.

    A task stands as the first option of the run's first wording, so that what comes before it is the same for all and
    what would come after it cannot be seen yet.

    Args:
        local: The model that chose.
        probed: Its directions with their ladder.
        chosen: Tasks with utilities.
        stories: Those that the directions were fitted on; random directions come from their states.
        ladder: Its implicit prompts try the position.
        path: Of the directions, for messages.
        on_text: Is told how far it is.
        n_null: Random directions.

    Raises:
        ModelError: the directions are of other weights, or a task does not fit.
        ItemBankError: the stories are not those that the directions were fitted on.
    """
    refuse_other(local, probed.probes, path=path)
    refuse_other_stories(stories, probed.probes, path=path)
    emotions, texts = axes_read(probed.probes.emotions), chosen.utilities.texts
    layer = probed.probes.emotions.layer
    null = null_directions(local, stories, ladder, layer=layer, n=n_null, on_text=on_text)
    done = counted(on_text, "tasks", len(ladder.implicit) + len(texts))
    rung = try_position(local, emotions, stories, ladder, position=POSITION, layer=layer, on_done=done)
    talks = [((Message(role="user", content=chosen.frame + text),), text) for text in texts]
    states = record_at(local, talks, POSITION, layer=layer, on_done=done)
    read = TaskReadings(
        names=emotions.names,
        values=read_axes(emotions, states),
        null=states @ null.T,
        words=_words(stories, emotions.names, texts),
        rungs=(*probed.rungs, rung),
    )
    axes = public_reading_sets().axes
    return PreferenceReadings(
        chosen=chosen,
        read=read,
        rung=rung,
        axes=axes,
        correlates=correlate_readings(chosen.utilities, read, axes, seed=SEED),
    )


def _words(stories: EmotionStories, names: tuple[str, ...], texts: tuple[str, ...]) -> np.ndarray:
    """Return the log-probability of each emotion given the words of each text, by word counts of the stories."""
    n = len(stories.emotions)
    flat = [text for row in stories.texts for text in row]
    counts = fit_word_counts(flat, list(range(n)) * len(stories.topics), n_classes=n)
    return read_word_counts(counts, texts)[:, [stories.emotions.index(name) for name in names]]
