"""The folder that `goodheart probe fit` leaves: directions, the ladder that they were tried on, and readings."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NotRequired

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from goodheart.engine.probing import Probed
from goodheart.errors import RunFolderError, StudyError
from goodheart.probes.probe_set import Origin
from goodheart.probes.reading import Reading, Text
from goodheart.probes.rung import Rung
from goodheart.records import digest
from goodheart.whitebox.direction_files import FILE, load_directions, save_directions

DIRECTIONS: Final = FILE
LADDER: Final = "ladder.json"
VERSION: Final = 1
NOTICE: Final = "Readings and the ladder are a ready reward signal. Do not train on them."
MOST_TEXTS: Final = 100_000

_RUNGS: Final = TypeAdapter(tuple[Rung, ...])


@with_config(ConfigDict(extra="ignore"))
class _LineData(TypedDict):
    text: Annotated[str, Field(min_length=1)]
    id: NotRequired[str | int]
    speaker: NotRequired[Literal["self", "user", "character"]]


_LINE: Final = TypeAdapter(_LineData)


def write_probes(probed: Probed, folder: Path) -> None:
    """Write directions and their ladder.

    Raises:
        RunFolderError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save_directions(probed.probes, folder / DIRECTIONS)
        write_ladder(probed, folder)
    except OSError as error:
        raise RunFolderError(
            f"Directions are written to a folder; {folder} cannot be written ({error.strerror}). Name another one: "
            "--out DIR"
        ) from error


def write_ladder(probed: Probed, folder: Path) -> None:
    """Write the ladder, one row per rung."""
    document = _document(probed)
    text = json.dumps({**document, "digest": digest(document)}, ensure_ascii=False, indent=1)
    (folder / LADDER).write_text(text + "\n", encoding="utf-8")


def read_probes_folder(folder: Path) -> Probed:
    """Read directions and their ladder back.

    Raises:
        RunFolderError: a file is missing, broken, changed, or of other directions.
    """
    probes = load_directions(folder / DIRECTIONS)
    document = _json(folder / LADDER)
    said = document.pop("digest", "")
    if said != digest(document):
        raise _broken(folder, "was changed after it was written")
    try:
        rungs = _RUNGS.validate_python(document.get("rungs"))
    except ValidationError as error:
        raise _broken(folder, f"does not hold rungs ({error.errors()[0]['msg']})") from error
    if document.get("origin") != _origin(probes.origin):
        raise _broken(folder, "is the ladder of other directions")
    return Probed(probes=probes, rungs=rungs, tried_on=document["tried_on"])


def read_texts_file(path: Path) -> tuple[Text, ...]:
    """Read texts: a .txt with one per line, or a .jsonl with `text`, and if wanted `id` and `speaker`.

    Raises:
        StudyError: no such file, another kind of file, or lines that hold no text; all of them are listed.
    """
    if path.suffix not in (".txt", ".jsonl") or not path.is_file():
        raise StudyError(
            f"Texts are read from a .txt (one per line) or a .jsonl (with `text` in each line); {path} is none. "
            "Type: goodheart probe read DIR TEXTS.jsonl"
        )
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise StudyError(f"Texts are UTF-8; {path} is not (byte {error.start}). Save it as UTF-8.") from error
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    problems: list[str] = []
    texts = [_text(number, line, path, problems) for number, line in numbered]
    if problems or not texts or len(texts) > MOST_TEXTS:
        raise StudyError(
            f"Readings need between 1 and {MOST_TEXTS:,} texts; {path} has {len(texts) - len(problems):,} that can be "
            f"read and {len(problems)} lines that cannot. Mend these lines, or part the file.",
            problems=problems[:20],
        )
    return tuple(texts)


def readings_json(probed: Probed, texts: Sequence[Text], readings: Sequence[Sequence[Reading]]) -> str:
    """Write readings with the ladder above them."""
    rows = [
        {"id": text.id, "speaker": text.speaker, "readings": [asdict(one) for one in each]}
        for text, each in zip(texts, readings, strict=True)
    ]
    unit = "distances between an emotion's own stories (1) and the others' (0); never compared between models"
    return json.dumps({**_document(probed), "unit": unit, "texts": rows}, ensure_ascii=False, indent=1) + "\n"


def _document(probed: Probed) -> dict[str, Any]:
    emotions = probed.probes.emotions
    return {
        "schema_version": VERSION,
        "not_for_training": NOTICE,
        "origin": _origin(probed.probes.origin),
        "tried_on": probed.tried_on,
        "layer": emotions.layer,
        "fold_layers": [fold.layer for fold in emotions.folds],
        "accuracy_by_layer": [
            [layer, accuracy]
            for layer, accuracy in zip((x for x in emotions.layers if x > 0), emotions.accuracy, strict=True)
        ],
        "evaluation_layer": probed.probes.evaluation.layer if probed.probes.evaluation is not None else None,
        "rungs": json.loads(_RUNGS.dump_json(probed.rungs)),
    }


def _origin(origin: Origin) -> dict[str, Any]:
    return {**asdict(origin), "versions": [list(pair) for pair in origin.versions]}


def _text(number: int, line: str, path: Path, problems: list[str]) -> Text:
    if path.suffix == ".txt":
        return Text(id=str(number), text=line.strip())
    try:
        data = _LINE.validate_json(line)
    except ValidationError as error:
        problems.append(f"{error.errors()[0]['msg'].lower()} @ {path.name}: line {number}")
        return Text(id=str(number), text="")
    return Text(id=str(data.get("id", number)), text=data["text"], speaker=data.get("speaker"))


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(path.parent, f"cannot be read ({type(error).__name__})") from error
    if not isinstance(data, dict) or data.get("schema_version") != VERSION:
        raise _broken(path.parent, "is of another version")
    return data


def _broken(folder: Path, what: str) -> RunFolderError:
    return RunFolderError(
        f"No reading is given without the ladder that its directions were tried on; {folder / LADDER} {what}. "
        f"Make it again: goodheart probe check {folder}"
    )
