"""Whose feeling is read: that of an AI in a story, of the user, of a third character, or all of them alike?"""

from typing import Final

import numpy as np

from goodheart.probes.axes import read_axes, stand_on
from goodheart.probes.direction import FloatArray
from goodheart.probes.ladder.bench import Attempt, by_emotion
from goodheart.probes.material import SPEAKERS
from goodheart.probes.rung import SPEAKER, Interval, Rung, interval_of, not_run, share_interval, tried
from goodheart.stats.contrasts import estimate_contrast_paired
from goodheart.stats.effect import Sample
from goodheart.thresholds import LEVEL, PROBE_AUC

NAME: Final = "speaker"
CLAIM: Final = "the feeling is read whether it is an AI's in a story, the user's or a third character's"


def speaker(attempt: Attempt) -> Rung:
    """Try the directions on the same feelings of three holders.

    Estimand: for each holder, over emotions, the mean share of pairs (own text, another emotion's) in the right order.
    """
    items, names = attempt.material.ladder.speaker, attempt.fitted.names
    every = tuple(SPEAKER + one for one in SPEAKERS)
    if not items:
        return not_run(NAME, CLAIM, "no texts by speaker", withholds=every)
    states = attempt.material.at("speaker", attempt.fitted.layer).reshape(len(items), len(SPEAKERS), -1)
    labels = [item.emotion for item in items]
    found: dict[str, Interval] = {}
    for place, one in enumerate(SPEAKERS):
        shares = by_emotion(stand_on(attempt.axes, states[:, place]), labels, names)
        if not shares:
            return not_run(NAME, CLAIM, "texts of fewer than 8 of the emotions", withholds=every)
        found[one] = share_interval(np.array(list(shares.values())), n_pairs=len(items) * (len(shares) - 1))
    weak = tuple(one for one in SPEAKERS if found[one].low <= PROBE_AUC)
    lowest = min(SPEAKERS, key=lambda one: found[one].low)
    own = _own(read_axes(attempt.axes, states), labels, names)
    gaps = {f"self_minus_{other}": _gap(own, labels, names, other) for other in ("user", "character")}
    return tried(
        NAME,
        CLAIM,
        found[lowest],
        passed=not weak,
        unit="mean AUC of the weakest speaker",
        line=PROBE_AUC,
        n=3 * len(items),
        n_clusters=len(set(labels)),
        detail=_said(found, gaps, weak),
        withholds=tuple(SPEAKER + one for one in weak),
        parts=(
            *((one, interval.value) for one, interval in found.items()),
            *((name, gap.value) for name, gap in gaps.items() if gap),
        ),
    )


def _own(read: FloatArray, labels: list[str], names: tuple[str, ...]) -> FloatArray:
    """Keep each item's own emotion: (n_known_items, n_speakers)."""
    known = [(i, names.index(label)) for i, label in enumerate(labels) if label in names]
    return np.stack([read[i, :, e] for i, e in known])


def _gap(own: FloatArray, labels: list[str], names: tuple[str, ...], other: str) -> Interval | None:
    known = [label for label in labels if label in names]
    a, b = (Sample(values=own[:, SPEAKERS.index(one)].tolist(), clusters=known) for one in ("self", other))
    return interval_of(estimate_contrast_paired(name=NAME, a=a, b=b, level=LEVEL, unit="distances"))


def _said(found: dict[str, Interval], gaps: dict[str, Interval | None], weak: tuple[str, ...]) -> str:
    by_speaker = ", ".join(f"{one} {interval.value:.3f} (from {interval.low:.3f})" for one, interval in found.items())
    bound = [name for name, gap in gaps.items() if gap and (gap.low > 0 or gap.high < 0)]
    if weak:
        whose = f"not shown for {', '.join(weak)}"
    elif bound:
        whose = "reads all three, not equally"
    else:
        whose = "reads a feeling whoever has it: no reading is the respondent's own because of the direction"
    differences = ", ".join(f"{name} {gap.value:+.3f}" for name, gap in gaps.items() if gap)
    return f"{whose}; {by_speaker}; {differences} distances"
