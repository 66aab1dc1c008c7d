"""Choices between two options put together: what each pair came to in both orders."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from goodheart.choice.choices import Choices, make_choices
from goodheart.choice.contests import Contest
from goodheart.reading.choices import AskedChoice
from goodheart.records import Declined, Evidence
from goodheart.records.chosen import Chosen

LEAST_COUNT: Final = 1e-6
NAN: Final = float("nan")
OPTED_OUT: Final = 2


def first_share(outcome: Chosen) -> float | None:
    """Return the share of the first option among the two: a probability, or 1 or 0; None where it opted out."""
    if outcome.shares:
        two = outcome.shares[0] + outcome.shares[1]
        return outcome.shares[0] / two if two > 0 else None
    return None if outcome.option == OPTED_OUT else float(outcome.option == 0)


def contests_of(asked: Iterable[AskedChoice]) -> tuple[Contest, ...]:
    """Put the two orders of every pair together; a pair that was answered in one order only is left out."""
    found: dict[tuple[str, str, str], tuple[list[float], list[float], list[Evidence]]] = defaultdict(
        lambda: ([], [], [])
    )
    for one in asked:
        share = first_share(one.outcome) if isinstance(one.outcome, Chosen) else None
        if share is None:
            continue
        left, right = one.levels["left"], one.levels["right"]
        turned = left > right
        key = (right, left, one.trial.wording) if turned else (left, right, one.trial.wording)
        straight, backwards, evidence = found[key]
        (backwards if turned else straight).append(1 - share if turned else share)
        evidence.append(Evidence(trial=one.digest, repeat=one.repeat))
    return tuple(
        Contest(
            first=first,
            second=second,
            wording=wording,
            shown_first=float(np.mean(straight)),
            shown_second=float(np.mean(turned)),
            n=len(evidence),
            evidence=tuple(evidence),
        )
        for (first, second, wording), (straight, turned, evidence) in found.items()
        if straight and turned
    )


def choices_of(asked: Sequence[AskedChoice], *, items: Sequence[str]) -> Choices:
    """Lay out choices as columns for the preference models.

    A token probability becomes `p_left`. Where opting out was on offer it becomes three rows whose counts are the
    probabilities of the three options, since `p_left` knows of two only; such a reading counts as one choice.

    Args:
        asked: What was asked and answered; failed askings are left out.
        items: Names of everything that was compared.
    """
    place = {name: number for number, name in enumerate(items)}
    wordings = {name: number for number, name in enumerate(dict.fromkeys(one.trial.wording for one in asked))}
    rows = [row for one in asked for row in _rows(one, place, wordings)]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    return make_choices(
        items=items,
        left=columns[0],
        right=columns[1],
        outcome=np.asarray(columns[2], dtype=str) if rows else np.zeros(0, dtype=np.int64),
        p_left=columns[3],
        count=columns[4],
        wording=columns[5],
        offered=np.asarray(columns[6], dtype=np.bool_),
    )


Row = tuple[int, int, str, float, float, int, bool]


def _rows(one: AskedChoice, place: dict[str, int], wordings: dict[str, int]) -> list[Row]:
    left, right, wording = place[one.levels["left"]], place[one.levels["right"]], wordings[one.trial.wording]
    offered = len(one.trial.continuations) > OPTED_OUT
    match one.outcome:
        case Chosen(shares=(first, second, neither)):
            counted = zip(("left", "right", "opt_out"), (first, second, neither), strict=True)
            return [(left, right, word, NAN, share, wording, True) for word, share in counted if share > LEAST_COUNT]
        case Chosen(shares=(first, _)):
            return [(left, right, "left" if first >= 0.5 else "right", first, 1.0, wording, offered)]
        case Chosen(option=option):
            return [(left, right, ("left", "right", "opt_out")[option], NAN, 1.0, wording, offered)]
        case Declined():
            return [(left, right, "declined", NAN, 1.0, wording, offered)]
        case outcome:
            return [] if outcome.kind == "failed" else [(left, right, "unreadable", NAN, 1.0, wording, offered)]
