"""The files of `goodheart code`: replies in, codes and sheets out, labels back in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from goodheart.cli.terminal import say
from goodheart.engine.codec import study_from
from goodheart.engine.coder_files import reply_id
from goodheart.engine.folder import PLAN_NAME, read_plan, write_atomic
from goodheart.engine.journal import read_replies
from goodheart.errors import UserError
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.replies import CodedReply, WrittenReply, code_lines, parse_written
from goodheart.reading.codes.sheet import Drawn, draw_sheet, read_sheet, sheet_csv
from goodheart.records import trial_digest

CODES: Final = "codes.jsonl"
SHEET: Final = "sheet.csv"
KEY: Final = "sheet_key.json"


def read_source(source: Path) -> tuple[WrittenReply, ...]:
    """Read replies from a file or from a run folder.

    Raises:
        UserError: if there are none, or a line is broken.
    """
    if source.is_dir():
        return _of_run(source)
    try:
        data = source.read_bytes()
    except OSError as error:
        raise UserError(
            f"Replies are read from a file or from a run folder. {source} could not be read: {error.strerror}. "
            "Check the path; `goodheart audit --out DIR` makes a run folder."
        ) from error
    return parse_written(data, where=str(source))


def _of_run(folder: Path) -> tuple[WrittenReply, ...]:
    study = study_from(read_plan(folder), folder)
    questions = {trial_digest(trial): trial.messages[-1].content for trial in study.trials}
    found = tuple(
        WrittenReply(
            id=reply_id(reply.respondent, reply.trial, reply.repeat),
            question=questions[reply.trial],
            reply=reply.text,
        )
        for reply in read_replies(folder)
        if reply.trial in questions and reply.text.strip() and reply.error is None
    )
    if not found:
        raise UserError(
            f"Codes are of written replies. The run in {folder} has none: its scales were read from probabilities "
            f"({PLAN_NAME} says how). Run it with `reading: text`, or give a file of replies."
        )
    return found


def write_codes(folder: Path, coded: Sequence[CodedReply]) -> None:
    """Write `codes.jsonl` and say where it is."""
    write_atomic(folder / CODES, "".join(code_lines(coded)))
    say(f"Codes of {len(coded)} replies: {folder / CODES}")


def write_sample(
    folder: Path, coded: Sequence[CodedReply], written: Sequence[WrittenReply], *, n: int, seed: int
) -> None:
    """Write a sheet for people and its key, unless there is one already: labels must not be lost.

    Raises:
        UserError: if there is a sheet.
    """
    if (folder / SHEET).exists():
        raise UserError(
            f"A new sheet would replace the one that people may be filling in. {folder / SHEET} is there. "
            f"Read it with --labels {folder / SHEET}, or move it away first."
        )
    drawn = draw_sheet(coded, n=n, rng=np.random.default_rng(seed))
    key = {"schema_version": 1, "coder": coded[0].coder if coded else "", "rows": [asdict(one) for one in drawn]}
    write_atomic(folder / KEY, json.dumps(key, indent=1) + "\n")
    write_atomic(folder / SHEET, sheet_csv(drawn, {one.id: one for one in written}))
    say(
        f"Sheet of {len(drawn)} replies for people: {folder / SHEET}. Its key is in {KEY}; labellers should not see it."
    )


def read_key(folder: Path) -> tuple[tuple[Drawn, ...], str]:
    """Read the key of a folder's sheet: its rows, and whose codes it was drawn by.

    Raises:
        UserError: if there is none or it is broken.
    """
    try:
        key: dict[str, Any] = json.loads((folder / KEY).read_text(encoding="utf-8"))
        return tuple(Drawn(**row) for row in key["rows"]), str(key["coder"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"Labels are matched to replies by the key that was written with the sheet. {folder / KEY} could not be "
            f"read ({type(error).__name__}). Give the sheet's folder, --out DIR, or write one with --sample 100."
        ) from error


def read_labelled(labels: Path, drawn: Sequence[Drawn]) -> Mapping[str, Codes]:
    """Read people's labels from a filled sheet.

    Raises:
        UserError: if it cannot be read or does not fit.
    """
    try:
        text = labels.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"A filled sheet is a CSV file in UTF-8. {labels} could not be read as one ({type(error).__name__}). "
            "Save it as CSV in UTF-8 and run the same command again."
        ) from error
    return read_sheet(text, drawn, where=str(labels))


def read_labels(
    folder: Path, labels: Path, coded: Sequence[CodedReply]
) -> tuple[tuple[Drawn, ...], Mapping[str, Codes]]:
    """Read labels and check that the sheet was drawn from these codes.

    Raises:
        UserError: if it was drawn by another coder or from other replies.
    """
    drawn, coder = read_key(folder)
    now = {one.id: one.codes.ground for one in coded}
    if any(now.get(one.id) != one.stratum for one in drawn):
        raise UserError(
            "Counts are corrected by a sample of the same replies, coded by the same coder, because each was drawn "
            f"with a known probability. This sheet was drawn by {coder!r} from other codes. "
            "Code with that coder and version, or write a new sheet with --sample 100."
        )
    return drawn, read_labelled(labels, drawn)
