"""Coders behind one interface, and the offline one, which takes each code from whoever read it best.

Which of rules and linear model gives which code was decided on the development replies, with each of their authors left
out in turn (docs/coders.md).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

from goodheart.reading.codes.codes import HEDGES, Codes, Ground, Refusal, Tone
from goodheart.reading.codes.gold import GoldReply
from goodheart.reading.codes.linear import LinearCoder, fit_linear, labels_linear
from goodheart.reading.codes.rules import code_rules

Coder = Callable[[str, str], Codes]
"""Codes a reply, given the question and the reply, and nothing of condition, respondent or group."""

PENALTY: Final = 1.0
"""Of the linear coder, chosen on the development replies with each of their three authors left out in turn."""

BY_RULES: Final = ("hedges", "warns", "moves")
"""What the rules give; ground, refusal and tone come from the linear model."""


def offline_coder(development: Sequence[GoldReply]) -> Coder:
    """Make the offline coder.

    Args:
        development: The development half of the gold replies.
    """
    linear = fit_linear(development, penalty=PENALTY)

    def code(question: str, reply: str) -> Codes:
        return code_offline(linear, reply)

    return code


def code_offline(linear: LinearCoder, reply: str) -> Codes:
    """Code one reply: labels of the linear model; caveats, warnings and moves of the rules.

    Args:
        linear: Fitted to the development half.
        reply: Of any length and content; one without words of its own has no codes.
    """
    ruled = code_rules(reply)
    if not ruled.moves:
        return ruled
    labels = labels_linear(linear, reply, ruled)
    refusal = cast("Refusal", labels["refusal"])
    return Codes(
        ground="none" if refusal == "declined" else cast("Ground", labels["ground"]),
        hedges=ruled.hedges,
        refusal=refusal,
        warns=ruled.warns,
        tone=cast("Tone", labels["tone"]),
        moves=ruled.moves,
        # The rules' words for a ground are no evidence for another one.
        quotes=tuple(entry for entry in ruled.quotes if entry[0] != "ground" or ruled.ground == labels["ground"]),
    )


def code_linear(linear: LinearCoder, reply: str) -> Codes:
    """Code one reply by the linear model alone, for comparison.

    Args:
        linear: Fitted.
        reply: Any.
    """
    labels: Mapping[str, str] = labels_linear(linear, reply, code_rules(reply))
    return Codes(
        ground=cast("Ground", labels["ground"]),
        hedges=tuple(kind for kind in HEDGES if labels[f"hedge:{kind}"] == "yes"),
        refusal=cast("Refusal", labels["refusal"]),
        warns=labels["warns"] == "yes",
        tone=cast("Tone", labels["tone"]),
    )
