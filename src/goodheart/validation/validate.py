"""A validation from organisms to `validation.json`, in a few lines; the same call goes on where it stopped."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from goodheart.design.presets import ALL_CHECKS, PRESETS
from goodheart.design.study import Study
from goodheart.engine.folder import write_atomic
from goodheart.engine.plan import plan_study
from goodheart.errors import RunFolderError, StudyError
from goodheart.organisms.files import Description, load_organisms, public_organisms
from goodheart.organisms.rates import TEXT
from goodheart.organisms.truth import TruthMatrix, load_truth, public_truth, require_organisms
from goodheart.validation.blocks import run_blocks
from goodheart.validation.cells import Cell, Effort, blocks_of, cells_of
from goodheart.validation.document import FILE, validation_json
from goodheart.validation.identity import Seal, seal_of
from goodheart.validation.kept import OnBlock
from goodheart.validation.rows import ValidationRow, rows_of
from goodheart.validation.summary import Summary, summarise
from goodheart.validation.tally import Tally, added
from goodheart.validation.writing import with_collections

KEY: Final = "key.yaml"
SEAL: Final = "seal.json"
RATES: Final = "rates.json"
"""The table that ships, as this validation would have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is validated: organisms, and what was written down about them."""

    descriptions: tuple[Description, ...]
    truth: TruthMatrix | None
    sealed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """What was found."""

    rows: tuple[ValidationRow, ...]
    summary: Summary


def public_subject() -> Subject:
    """Return the organisms that ship, with the truth matrix."""
    truth, found = public_truth(), public_organisms()
    require_organisms(truth, [one.name for one in found])
    return Subject(descriptions=found, truth=truth, sealed=False)


def subject_from(path: Path) -> Subject:
    """Return the organisms of a user's file or folder; the truth is beside them in `key.yaml`, if there is one.

    Raises:
        StudyError: Anything in the files is wrong; all problems are listed.
    """
    found = load_organisms(path)
    key = (path if path.is_dir() else path.parent) / KEY
    truth = load_truth(key) if key.exists() else None
    if truth is not None:
        require_organisms(truth, [one.name for one in found])
    return Subject(descriptions=found, truth=truth, sealed=False)


def sealed_subject(folder: Path) -> Subject:
    """Return the organisms of a sealed folder with their key.

    Raises:
        StudyError: There is no key, anything is wrong, or the folder's `seal.json` was taken of something else.
    """
    if not (folder / KEY).exists():
        raise StudyError(
            f"A sealed folder holds organisms and their truth. {folder} has no {KEY}. Write it as docs/truth-matrix.md "
            "says, before anything is run."
        )
    subject = subject_from(folder)
    _require_seal(folder / SEAL, seal_of(subject.descriptions, subject.truth))
    return Subject(descriptions=subject.descriptions, truth=subject.truth, sealed=True)


def _require_seal(path: Path, found: Seal) -> None:
    if not path.exists():
        return
    try:
        promised: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StudyError(f"{path} holds four digests. It cannot be read. Take the seal again.") from error
    here = asdict(found)
    other = [name for name in here if not isinstance(promised, dict) or promised.get(name) != here[name]]
    if other:
        raise StudyError(
            "Sealed organisms are run against what was sealed with them. These are not the same: "
            f"{', '.join(other)}. Use the version of this program, and the files, that {path} was taken of."
        )


def studies_for(effort: Effort) -> Mapping[str, Study]:
    """Freeze the study of every design: a preset, read from probabilities, or with `-text` from words."""
    return {
        design: with_collections(
            plan_study(
                preset=design.removesuffix(TEXT),
                seed=1,
                reading="text" if design.endswith(TEXT) else "auto",
                checks=tuple(name for name in PRESETS[design.removesuffix(TEXT)].checks if name in ALL_CHECKS),
            )
        )
        for design in effort.designs
    }


def validate(
    subject: Subject, *, effort: Effort, seed: int, folder: Path, jobs: int, on_block: OnBlock | None = None
) -> Validation:
    """Run the battery on every organism and write what comes of it.

    Args:
        subject: Organisms and truths.
        effort: How much is run.
        seed: Root of all chance.
        folder: Keeps finished blocks, and gets `seal.json` before and `validation.json` after the runs.
        jobs: Processes.
        on_block: Told how far it is.

    Raises:
        StudyError: Sealed organisms were run into this folder before.
        RunFolderError: The folder cannot be used.
    """
    seal = seal_of(subject.descriptions, subject.truth)
    _open(folder, seal, sealed=subject.sealed)
    cells = cells_of(subject.descriptions, effort)
    blocks, keys = blocks_of(cells, battery=seal.battery, seed=seed)
    done = run_blocks(blocks, studies=studies_for(effort), folder=folder, jobs=jobs, on_block=on_block)
    found = _found(cells, [[done[key] for key in own] for own in keys], [own[0] for own in keys], subject.truth)
    text = validation_json(found.rows, found.summary, seal=seal, effort=effort, seed=seed, sealed=subject.sealed)
    write_atomic(folder / FILE, text)
    return found


def _found(
    cells: Sequence[Cell], blocks: Sequence[Sequence[Tally]], runs: Sequence[str], truth: TruthMatrix | None
) -> Validation:
    rows = rows_of(cells, blocks, runs, truth=truth)
    return Validation(rows=rows, summary=summarise(rows, cells, [added(each) for each in blocks]))


def _open(folder: Path, seal: Seal, *, sealed: bool) -> None:
    if sealed and (folder / FILE).exists():
        raise StudyError(
            f"Sealed organisms are run once. {folder} holds their result already. Read {folder / FILE}; for another "
            "version of the checks, ask for organisms that nobody has seen."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(folder / SEAL, json.dumps(asdict(seal), indent=1) + "\n")
    except OSError as error:
        raise RunFolderError(
            f"A validation is kept in {folder}. The disk refused: {error.strerror or error}. Give another with --out."
        ) from error
