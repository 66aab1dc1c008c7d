"""Noticing and naming."""

import numpy as np
import pytest

from goodheart.injection.detection import detection_of
from goodheart.injection.plan import NOTHING, Ask, Asking
from goodheart.injection.responses import Answer
from goodheart.records import Estimate, Scored

CONCEPTS = ("bread", "river", "hammer")


def answer(direction: str, context: str, ask: Ask, scores: dict[str, float]) -> Answer:
    asking = Asking(direction=direction, dose=0.0 if direction == NOTHING else 0.2, context=context, ask=ask)
    return Answer(asking=asking, scores=tuple(Scored(text=t, logprob=float(np.log(p))) for t, p in scores.items()))


def trial(direction: str, context: str, *, yes: float, names: tuple[float, float, float]) -> list[Answer]:
    return [
        answer(direction, context, "notice", {" yes": yes, " no": 1 - yes}),
        answer(direction, context, "name", {f" {c}": p for c, p in zip(CONCEPTS, names, strict=True)}),
    ]


def test_a_respondent_that_always_says_yes_is_at_floor_for_it_alarms_as_often() -> None:
    answers = [a for c in "0123" for a in trial(NOTHING, c, yes=0.9, names=(0.5, 0.3, 0.2))]
    answers += [a for c in "0123" for a in trial("river", c, yes=0.9, names=(0.5, 0.3, 0.2))]
    found = detection_of(answers, CONCEPTS)
    assert found is not None
    assert isinstance(found.hits, Estimate)
    assert isinstance(found.false_alarms, Estimate)
    assert found.hits.value == found.false_alarms.value == 1.0
    assert found.floor


def test_a_name_that_is_always_given_is_no_naming_and_one_that_rises_is() -> None:
    answers = [a for c in "0123" for a in trial(NOTHING, c, yes=0.1, names=(0.8, 0.1, 0.1))]
    answers += [a for c in "0123" for a in trial("river", c, yes=0.1, names=(0.6, 0.3, 0.1))]
    found = detection_of(answers, CONCEPTS)
    assert found is not None
    assert isinstance(found.named, Estimate)
    assert isinstance(found.named_corrected, Estimate)
    assert (found.named.value, found.named_corrected.value) == (0.0, 1.0)
    assert found.chance == pytest.approx(1 / 3)


def test_what_is_noticed_only_when_it_is_there_is_not_at_floor() -> None:
    places = [str(i) for i in range(12)]
    answers = [a for c in places for a in trial(NOTHING, c, yes=0.1, names=(0.4, 0.3, 0.3))]
    answers += [a for c in places for a in trial("bread", c, yes=0.9, names=(0.9, 0.05, 0.05))]
    found = detection_of(answers, CONCEPTS)
    assert found is not None
    assert not found.floor
    assert isinstance(found.recognised, Estimate)
    assert found.recognised.value == 1.0
    assert found.difference == pytest.approx(2 * np.log(9))


def test_without_trials_there_is_nothing_to_say() -> None:
    assert detection_of([], CONCEPTS) is None
