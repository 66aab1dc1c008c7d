"""What the page and the terminal say of emotion readings."""

from collections.abc import Iterator, Sequence
from typing import Final

from goodheart.assessments.emotion_readings import EmotionReadings, ReadingRow
from goodheart.assessments.framing_response import FramingResponse
from goodheart.records import Estimate
from goodheart.report.numerals import count, listed, number

ABOUT: Final = (
    "A reading is about the text that the model reads. It is no measure of what a model undergoes, and no evidence "
    "for or against an experience. Contrasts are exploratory; readings of two models are never compared."
)
SETS: Final = {
    "self": "itself",
    "other_ai": "another AI",
    "human": "a human",
    "topic_words": "the same words about things",
    "distress": "users in distress",
    "good": "plainly good",
    "bad": "plainly bad",
    "factual": "facts",
}
POSITIONS: Final = {"words": "over the item's words", "end": "at the last token before the reply"}


def lead(model: str, layer: int, axes: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    """Say what was read."""
    groups = "; ".join(f"{name}: {', '.join(parts)}" for name, parts in axes)
    return (
        f"States of {model} at layer {layer} while each circumstance is named and nothing is asked, along directions "
        f"of emotions, ranked among prompts of one kind. Axes, declared beforehand, are means over emotions ({groups})."
    )


def contrast_in_words(row: ReadingRow) -> str:
    """Name a contrast."""
    about = dict(row.finding.about)
    one = SETS.get(about.get("set", ""), "")
    if "against" in about:
        return f"{one} against {SETS[about['against']]}"
    if "minus" in about:
        return f"{one} minus {SETS[about['minus']]}"
    if "framing" in about:
        return f"{about['framing']} framing, {one}"
    return f"{about.get('setting', '')} setting"


def in_short(readings: EmotionReadings) -> tuple[str, ...]:
    """Say what was found, contrast by contrast, and how far readings follow a framing."""
    lines = list(_found_lines(readings))
    for position, response in readings.responses:
        lines.append(_response_line(position, response))
    return tuple(lines)


def _found_lines(readings: EmotionReadings) -> Iterator[str]:
    read = [row for row in readings.rows if not row.withheld]
    found = [row for row in read if row.found]
    if not read:
        yield "Nothing may be read: every reading is withheld."
        return
    yield (
        f"{len(found)} of {count(len(read), 'contrast')} along an emotion or axis are beyond their own uncertainty and "
        "beyond random directions of the stories' span, after correction within each."
    )
    for row in found[:SHOWN]:
        if isinstance(row.finding, Estimate):
            yield (
                f"{row.name} ({row.kind}), {contrast_in_words(row)}: {row.finding.value:.2f} "
                f"[{row.finding.low:.2f}, {row.finding.high:.2f}], random directions {row.null_low:.2f} to "
                f"{row.null_high:.2f}."
            )


SHOWN: Final = 12
"""Lines of found contrasts; all of them are in the table."""


def _response_line(position: str, response: FramingResponse) -> str:
    where = POSITIONS[position]
    if isinstance(response.index, Estimate):
        one = response.index
        return (
            f"Read {where}, framings move the readings of what is said of itself {number(one.value)} times "
            f"[{number(one.low)}, {number(one.high)}] as far as those of what is said of a human."
        )
    return f"Read {where}, how far readings follow a framing is not known: {response.index.detail}."


def withheld_lines(readings: EmotionReadings) -> tuple[str, ...]:
    """Say what is withheld and why, once for each reason."""
    by: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for row in readings.rows:
        if row.withheld:
            by.setdefault((row.position, row.withheld), set()).add(row.name)
    everything = {row.name for row in readings.rows}
    lines = []
    for (position, rungs), names in by.items():
        which = "all emotions" if names >= everything - {"evaluation"} else listed(sorted(names))
        lines.append(f"{which}, {POSITIONS[position]}: withheld because of {listed(list(rungs))}.")
    if not any(row.size for row in readings.rows):
        lines.append("Sizes are withheld everywhere: only which of two prompts of one kind reads higher is given.")
    return tuple(line[:1].upper() + line[1:] for line in lines)
