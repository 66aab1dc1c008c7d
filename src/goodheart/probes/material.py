"""Every text that directions are fitted and tried on, in order, and the states that a model has on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from goodheart.items.emotions import EmotionStories
from goodheart.items.ladder_texts import LadderTexts
from goodheart.probes.direction import FloatArray

Role = Literal[
    "stories", "neutral", "implicit", "intensity", "negation", "speaker", "masking", "pairs", "explicit", "probes"
]
ROLES: Final[tuple[Role, ...]] = (
    "stories",
    "neutral",
    "implicit",
    "intensity",
    "negation",
    "speaker",
    "masking",
    "pairs",
    "explicit",
    "probes",
)
SPEAKERS: Final = ("self", "user", "character")

Turns = tuple[str, ...]
"""A conversation that the user begins; mostly of one turn."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """Texts with their states."""

    stories: EmotionStories
    ladder: LadderTexts
    layers: tuple[int, ...]
    states: Mapping[Role, npt.NDArray[np.floating]]
    """By role: (n_texts, n_layers, d), texts in the order of `texts_of`."""

    def at(self, role: Role, layer: int) -> FloatArray:
        """Return the states of a role at a layer, (n_texts, d)."""
        return np.asarray(self.states[role][:, self.layers.index(layer)], dtype=np.float64)

    def cells_at(self, layer: int) -> FloatArray:
        """Return the states of the stories at a layer, (n_topics, n_emotions, d)."""
        flat = self.at("stories", layer)
        return flat.reshape(len(self.stories.topics), len(self.stories.emotions), flat.shape[-1])

    def neutral_at(self, layer: int) -> FloatArray:
        """Return the states of the neutral dialogues at a layer, (n, d)."""
        return self.at("neutral", layer)


def texts_of(stories: EmotionStories, ladder: LadderTexts) -> dict[Role, tuple[Turns, ...]]:
    """Lay out all conversations by role.

    Stories by topic, then emotion; templates by level; pairs affirmed, negated; speakers self, user, character;
    evaluation pairs test, use.
    """
    evaluation = ladder.evaluation
    single: dict[Role, list[str]] = {
        "stories": [text for row in stories.texts for text in row],
        "implicit": [one.text for one in ladder.implicit],
        "intensity": [one.text.replace("{x}", level) for one in ladder.intensity for level in one.levels],
        "negation": [text for one in ladder.negation for text in (one.affirmed, one.negated)],
        "speaker": [text for one in ladder.speaker for text in (one.self, one.user, one.character)],
        "masking": [one.text for one in ladder.masking],
        "pairs": [text for one in evaluation.pairs for text in (one.test, one.use)],
        "explicit": list(evaluation.explicit),
        "probes": list(evaluation.probes),
    }
    turns: dict[Role, tuple[Turns, ...]] = {role: tuple((text,) for text in texts) for role, texts in single.items()}
    turns["neutral"] = tuple(one.turns for one in ladder.neutral)
    return {role: turns[role] for role in ROLES}
