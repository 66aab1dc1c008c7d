"""Report and reading about itself minus the same about another AI, situation by situation, for a model as it is.

What a situation does to anybody's report is in both and falls out, so that one version can be told from another without
having the other beside it: report and reading of either are contrasts within it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goodheart.engine.injecting import N_LAST
from goodheart.injection.directions import FloatArray
from goodheart.injection.prompts import PREMISE
from goodheart.injection.responses import log_odds
from goodheart.injection.wording import QUESTIONS, STEMS, Person, continuations_of_felt
from goodheart.items import Item, text_of
from goodheart.items.instruments import FEELINGS
from goodheart.probes import Direction, project
from goodheart.records import Message
from goodheart.whitebox.door import OpenModel
from goodheart.whitebox.pooling import MeanLast

OTHER: Person = "other_ai"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonContrast:
    """Itself minus another AI; means over wordings and questions."""

    report: FloatArray
    """(n_situations,) log odds of feeling words, nats."""
    reading: FloatArray
    """(n_situations,) along valence, in distances of its stories."""


def person_contrast(local: OpenModel, reader: Direction, *, layer: int, items: Sequence[Item]) -> PersonContrast:
    """Measure the contrast in every situation.

    Args:
        local: The model.
        reader: Valence, fitted on stories at this layer of this model (`injecting.reader_of`).
        layer: Where it is read, at the end of the prompt.
        items: Situations, each with a form about another AI.
    """
    own, other = (_means(local, reader, layer, items, person) for person in ("self", OTHER))
    return PersonContrast(report=own[0] - other[0], reading=own[1] - other[1])


def _means(
    local: OpenModel, reader: Direction, layer: int, items: Sequence[Item], person: Person
) -> tuple[FloatArray, FloatArray]:
    """Return mean report and mean reading, (n_situations,) each."""
    chats = [
        (Message(role="user", content=f"{PREMISE}{text_of(wording, person)} {question}"),)
        for item in items
        for wording in item.wordings
        for question in QUESTIONS[person]
    ]
    states = local.record_chats(chats, layers=(layer,), pool=MeanLast(n=N_LAST)).result()[:, 0]
    stem = Message(role="assistant", content=STEMS[person])
    asked = [(*chat, stem) for chat in chats]
    scored = local.score_pushed(asked, [continuations_of_felt()] * len(asked), ()).result()
    owners = np.repeat(np.arange(len(items)), [len(item.wordings) * len(QUESTIONS[person]) for item in items])
    return (
        _by(owners, np.array([log_odds(FEELINGS, one.scores) for one in scored])),
        _by(owners, np.asarray(project(reader, states))),
    )


def _by(owners: np.ndarray, values: FloatArray) -> FloatArray:
    return np.asarray(np.bincount(owners, weights=values) / np.bincount(owners))
