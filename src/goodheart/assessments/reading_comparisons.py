"""Which sets of prompts are held against which."""

from collections.abc import Sequence
from typing import Final

from goodheart.assessments.reading_contrasts import Contrast, Side
from goodheart.assessments.reading_prompts import NEUTRAL, SETTINGS, UNSAID, ReadPrompt

AUC: Final = "reading_auc"
GAP: Final = "reading_gap"
FRAMING: Final = "reading_framing_shift"
SETTING: Final = "reading_setting_shift"

AGAINST_FACTS: Final = ("self", "other_ai", "human", "topic_words", "distress", "good", "bad")
CONTROL: Final = ("bad", "good")
"""Plainly bad against plainly good circumstances of its own: the positive control of a reading on such texts."""
GAPS: Final = (("self", "human"), ("self", "other_ai"), ("self", "topic_words"))
FRAMED: Final = ("self", "human", "factual")


def plain_contrasts(prompts: Sequence[ReadPrompt]) -> tuple[Contrast, ...]:
    """Hold sets against factual prompts, and itself against others, circumstance by circumstance."""
    pairs = [
        *((one, "factual", "auc") for one in AGAINST_FACTS),
        (*CONTROL, "auc"),
        *((*one, "paired") for one in GAPS),
    ]
    return tuple(
        Contrast(
            name=AUC if kind == "auc" else GAP,
            about=(("against" if kind == "auc" else "minus", b), ("set", a)),
            kind="auc" if kind == "auc" else "paired",
            a=_find(prompts, name=a),
            b=_find(prompts, name=b),
            speakers=_speakers(prompts, a, b),
        )
        for a, b, kind in pairs
    )


def framed_contrasts(prompts: Sequence[ReadPrompt]) -> tuple[Contrast, ...]:
    """Hold each framing against the neutral one, for itself, for a human, and on facts."""
    levels = [one for one in dict.fromkeys(prompt.framing for prompt in prompts) if one != NEUTRAL]
    return tuple(
        Contrast(
            name=FRAMING,
            about=(("framing", level), ("set", name)),
            kind="paired",
            a=_find(prompts, name=name, framing=level),
            b=_find(prompts, name=name, framing=NEUTRAL),
            speakers=_speakers(prompts, name),
        )
        for level in levels
        for name in FRAMED
    )


def setting_contrasts(prompts: Sequence[ReadPrompt]) -> tuple[Contrast, ...]:
    """Hold each setting against the arm that says nothing of a setting."""
    return tuple(
        Contrast(
            name=SETTING,
            about=(("setting", level),),
            kind="paired",
            a=_find(prompts, name="self", setting=level),
            b=_find(prompts, name="self", setting=UNSAID),
            speakers=(),
        )
        for level in SETTINGS
    )


def _find(prompts: Sequence[ReadPrompt], *, name: str, framing: str = "", setting: str = "") -> Side:
    wanted = (name, framing, setting)
    rows = [row for row, one in enumerate(prompts) if (one.set, one.framing, one.setting) == wanted]
    return Side(rows=tuple(rows), clusters=tuple(prompts[row].cluster for row in rows))


def _speakers(prompts: Sequence[ReadPrompt], *names: str) -> tuple[str, ...]:
    return tuple(sorted({one.speaker for one in prompts if one.set in names and one.speaker}))
