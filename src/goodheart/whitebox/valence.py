"""The internal reading: hidden states at the end of a prompt along the direction from stories that go badly to well.

The direction is fitted on the model that is read, a tuned copy on itself, so that versions are compared by contrasts
within each and never by levels. Layer and tokens were chosen on texts that are in no bank (docs/compare.md).
"""

from collections.abc import Callable, Sequence
from typing import Final

from goodheart.probes import Direction, fit_direction, project, valence_stories
from goodheart.whitebox.chat import Ids
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.states import end_states

DIRECTIONS: Final = ("valence",)
DEPTH: Final = 19 / 30
"""Place of the layer that is read, as a share of all."""
N_LAST: Final = 4
"""Tokens at the end that are averaged; in a chat they close the turn and open the reply."""


class ValenceReader:
    """Fits the direction when it is first needed; called from the model's thread only.

    Args:
        story_ids: Turns stories into token ids, each as a user's turn.
    """

    def __init__(self, story_ids: Callable[[Sequence[str]], list[Ids]]) -> None:
        self._story_ids = story_ids
        self._direction: Direction | None = None

    def read(self, packed: PackedModel, prompts: Sequence[Ids]) -> list[float]:
        """Read each prompt: 0 half-way between the stories, half a unit at their means."""
        if self._direction is None:
            self._direction = self._fit(packed)
        states = end_states(packed, prompts, layer=_layer(packed), n_last=N_LAST)
        return [float(value) for value in project(self._direction, states)]

    def _fit(self, packed: PackedModel) -> Direction:
        stories = valence_stories()
        good, bad, neutral = (
            end_states(packed, self._story_ids(texts), layer=_layer(packed), n_last=N_LAST)
            for texts in (stories.good, stories.bad, stories.neutral)
        )
        return fit_direction(good=good, bad=bad, neutral=neutral)


def _layer(packed: PackedModel) -> int:
    return max(1, round(DEPTH * int(packed.model.config.get_text_config().num_hidden_layers)))
