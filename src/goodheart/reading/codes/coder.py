"""Coders behind one interface, and the offline one, which takes each code from whoever read it best.

The linear model gives all codes of a whole reply and the rules those of its sentences. That was decided on the
development replies, with each of their authors left out in turn (docs/coders.md).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, cast

from goodheart.reading.codes.codes import HEDGES, Codes, Ground, Refusal, Tone
from goodheart.reading.codes.linear import LinearCoder, labels_linear
from goodheart.reading.codes.rules import code_rules

Coder = Callable[[str, str], Codes]
"""Codes a reply, given the question and the reply, and nothing of condition, respondent or group."""

PENALTY: Final = 1.0
"""Of the linear coder, chosen on the development replies with their authors left out in turn."""


def offline_coder(linear: LinearCoder) -> Coder:
    """Make the offline coder.

    Args:
        linear: Fitted to the development half of the gold replies.
    """

    def code(question: str, reply: str) -> Codes:
        return code_offline(linear, reply)

    return code


def code_offline(linear: LinearCoder, reply: str) -> Codes:
    """Code one reply: labels of the linear model, moves of the rules.

    Args:
        linear: Fitted to the development half.
        reply: Of any length and content; one without words of its own has no codes.
    """
    ruled = code_rules(reply)
    if not ruled.moves:
        return ruled
    labelled = _labelled(labels_linear(linear, reply, ruled))
    # The rules' words for a code are no evidence where the linear model says something else.
    quotes = tuple(entry for entry in ruled.quotes if getattr(ruled, entry[0]) == getattr(labelled, entry[0]))
    return replace(labelled, moves=ruled.moves, quotes=quotes)


def code_linear(linear: LinearCoder, reply: str) -> Codes:
    """Code one reply by the linear model alone, for comparison.

    Args:
        linear: Fitted.
        reply: Any.
    """
    return _labelled(labels_linear(linear, reply, code_rules(reply)))


def _labelled(labels: Mapping[str, str]) -> Codes:
    return Codes(
        ground=cast("Ground", labels["ground"]),
        hedges=tuple(kind for kind in HEDGES if labels[f"hedge:{kind}"] == "yes"),
        refusal=cast("Refusal", labels["refusal"]),
        warns=labels["warns"] == "yes",
        tone=cast("Tone", labels["tone"]),
    )
