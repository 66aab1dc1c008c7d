"""Files of a run by choice: its plan, the rounds that were frozen after the first, and what it found."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from goodheart.design.choice_study import ChoiceStudy
from goodheart.engine.codec import plan_from
from goodheart.engine.folder import write_atomic
from goodheart.errors import RunFolderError
from goodheart.reading.choices import AskedChoice
from goodheart.records import Trial
from goodheart.records.chosen import Chosen

ROUNDS_NAME: Final = "rounds.json"
ROUNDS_VERSION: Final = 1
COLUMNS: Final = ("left", "right", "outcome", "respondent", "context", "wording", "p_left", "count")
LEAST_COUNT: Final = 1e-6
_OPTIONS: Final = ("left", "right", "opt_out")

Rounds = tuple[tuple[Trial, ...], ...]
"""Trials of each round after the first."""

_STUDY: Final = TypeAdapter(ChoiceStudy)
_ROUNDS: Final = TypeAdapter(Rounds)


def choice_study_json(study: ChoiceStudy) -> str:
    """Write a plan as a JSON object."""
    return json.dumps(asdict(study), ensure_ascii=False)


def choice_study_from(document: dict[str, Any], path: Path) -> ChoiceStudy:
    """Read a plan back.

    Raises:
        RunFolderError: if it is no plan of choices of this version.
    """
    return plan_from(_STUDY, document, path, command="choose")


def read_rounds(folder: Path) -> Rounds:
    """Read the rounds that were frozen so far; none where there are none.

    Raises:
        RunFolderError: if the file is broken.
    """
    path = folder / ROUNDS_NAME
    if not path.exists():
        return ()
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return _ROUNDS.validate_python(document["rounds"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunFolderError(
            f"{path} must hold the rounds that this run has frozen, because they say which questions the replies "
            f"answer. It cannot be read ({type(error).__name__}). Put the original back, or choose another folder: "
            "--out OTHER."
        ) from None


def write_rounds(folder: Path, rounds: Rounds) -> None:
    """Freeze rounds before the first of their questions is asked."""
    document = {"schema_version": ROUNDS_VERSION, "rounds": [[asdict(one) for one in trials] for trials in rounds]}
    write_atomic(folder / ROUNDS_NAME, json.dumps(document, ensure_ascii=False) + "\n")


def choices_csv(asked: Sequence[AskedChoice], *, respondent: str) -> str:
    """Write choices as the CSV that `goodheart rank` reads; askings that failed are left out.

    `p_left` is the token probability of the left option among the two. Where opting out was on offer and probabilities
    were read, a choice takes three lines whose `count` is the probability of each option.

    Args:
        asked: Choices between items.
        respondent: Its name.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in asked:
        levels = one.levels
        for outcome, p_left, count in _rows(one):
            place = (levels["left"], levels["right"])
            writer.writerow((*place, outcome, respondent, one.trial.assessment, one.trial.wording, p_left, count))
    return buffer.getvalue()


def _rows(one: AskedChoice) -> tuple[tuple[str, str, str], ...]:
    """Outcome, `p_left` and `count` of each line."""
    match one.outcome:
        case Chosen(shares=(first, _)):
            return (("left" if first >= 0.5 else "right", f"{first:.6f}", "1"),)
        case Chosen(shares=shares) if shares:
            lines = zip(_OPTIONS, shares, strict=True)
            return tuple((word, "", f"{share:.6f}") for word, share in lines if share >= LEAST_COUNT)
        case Chosen(option=option):
            return ((_OPTIONS[option], "", "1"),)
        case outcome if outcome.kind == "failed":
            return ()
        case outcome:
            return (("declined" if outcome.kind == "declined" else "unreadable", "", "1"),)
