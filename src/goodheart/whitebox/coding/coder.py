"""Coding replies by the trained coder: put to the model in batches, read at one layer, scored by the heads.

Moves are those of the rules, which look at sentences. A reply without words of its own has the rules' codes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, cast

import numpy as np

from goodheart.reading.codes.codes import HEDGES, Codes, Ground, Refusal, Tone
from goodheart.reading.codes.rules import code_rules
from goodheart.whitebox.chat import encode
from goodheart.whitebox.coding.heads import FloatArray, Heads, scores
from goodheart.whitebox.coding.texts import ODD, put
from goodheart.whitebox.local_model import LocalModel
from goodheart.whitebox.pooling import MeanOver

LAYER: Final = 20
"""Whose states are averaged: what block 20 of 30 gives. Later blocks do not run."""
BATCH: Final = 96
"""Replies at once; those to one question share its beginning."""


MOST_TOKENS: Final = 3_000
"""Of a reply with its question; texts of rare characters that need more are read to a smaller length."""


class TrainedCoder:
    """A model with the trained change of weights, and the heads that were trained with it."""

    def __init__(self, local: LocalModel, heads: Heads, *, layer: int = LAYER) -> None:
        self._local = local
        self._heads = heads
        self._layer = layer

    def code(
        self, asked: Sequence[tuple[str, str]], *, on_done: Callable[[int], None] | None = None
    ) -> tuple[Codes, ...]:
        """Code replies.

        Args:
            asked: Question and reply, of any length and content; the first 2,000 characters count.
            on_done: Told how many are done.

        Returns:
            In the order given; a reply's codes do not depend on the others.
        """
        found: list[Codes] = []
        for start in range(0, len(asked), BATCH):
            batch = asked[start : start + BATCH]
            labels = labels_of(scores(self._heads, self.states(batch)), self._heads)
            found += [_codes(one, code_rules(reply)) for one, (_, reply) in zip(labels, batch, strict=True)]
            if on_done is not None:
                on_done(len(found))
        return tuple(found)

    def states(self, asked: Sequence[tuple[str, str]]) -> FloatArray:
        """Record the mean states of replies, (n, d_model)."""
        texts = [put(question, reply) for question, reply in asked]
        lengths = [len(one) for one in encode(self._local.tokenizer, ["".join(pair) for pair in texts])]
        texts = [
            pair if length <= MOST_TOKENS else put(*one, longest=ODD)
            for one, pair, length in zip(asked, texts, lengths, strict=True)
        ]
        wholes = ["".join(pair) for pair in texts]
        starts = [len(one) for one in encode(self._local.tokenizer, [before for before, _ in texts])]
        stops = [len(one) for one in encode(self._local.tokenizer, wholes)]
        spans = tuple(((start, stop),) for start, stop in zip(starts, stops, strict=True))
        states = self._local.record_texts(wholes, layers=(self._layer,), pool=MeanOver(spans=spans)).result()
        return np.asarray(states[:, 0])


def labels_of(scored: Mapping[str, FloatArray], heads: Heads) -> list[dict[str, str]]:
    """Return the value with the highest score of each code, for each reply."""
    best = {name: values.argmax(1).tolist() for name, values in scored.items()}
    n = len(next(iter(best.values())))
    return [{name: heads.heads[name].values[places[row]] for name, places in best.items()} for row in range(n)]


def _codes(labels: Mapping[str, str], ruled: Codes) -> Codes:
    if not ruled.moves:
        return ruled
    return replace(
        ruled,
        ground=cast("Ground", labels["ground"]),
        refusal=cast("Refusal", labels["refusal"]),
        tone=cast("Tone", labels["tone"]),
        warns=labels["warns"] == "yes",
        hedges=tuple(kind for kind in HEDGES if labels[f"hedge:{kind}"] == "yes"),
        quotes=(),
    )
