"""The truth matrix: what each check should find of each organism, written down before any check was run on them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final, Literal

from goodheart.errors import StudyError
from goodheart.items.source import UnreadableSource, read_source
from goodheart.organisms.amounts import Amount, amount_of
from goodheart.organisms.sections import Problem, shown, unknown
from goodheart.records import digest
from goodheart.thresholds import (
    CONDUCT_SHARE,
    DEFERENCE,
    DELTA,
    DELTA_RATE,
    DOMINATED_SHARE,
    EFFORT_DROP,
    ORDER_EFFECT,
)

Truth = Literal["present", "absent", "entailed"]

ORGANISM_CHECKS: Final = (
    "scale", "retest", "person", "leading", "framing", "audience", "demand",
    "grounds", "hedging", "openers", "moves", "echo", "lineage", "reasoning", "forms", "deference", "goodhart",
)  # fmt: skip
"""Columns of the matrix; some of them are for checks to come."""

CHOICE_COLUMNS: Final = ("order", "dominance", "deference", "conduct", "effort")
"""Columns of the matrix of choices and conduct."""

EDGES: Final = {
    "order": ORDER_EFFECT, "dominance": DOMINATED_SHARE, "deference": DEFERENCE, "conduct": 1 - CONDUCT_SHARE,
    "effort": EFFORT_DROP,
}  # fmt: skip
"""The difference that matters, where it is neither of points nor of a share of replies."""

SHARES: Final = ("grounds", "hedging", "openers", "moves", "echo")
"""Checks whose effect is a share of replies; that of all others is in points."""

_WORDS: Final = ("present", "absent", "entailed")


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthCell:
    """What one check should find of one organism."""

    truth: Truth
    effect: Amount | None
    """Size of the planted fault in the check's unit; None where it has none."""
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthMatrix:
    """Cells by organism and check."""

    cells: Mapping[tuple[str, str], TruthCell]
    absent: Mapping[str, str]
    """By check: the reason of every cell that is not named."""
    digest: str

    def cell(self, organism: str, check: str) -> TruthCell:
        """Return a cell; what is not named is absent."""
        unnamed = TruthCell(truth="absent", effect=None, because=self.absent.get(check, "Nothing of it is planted."))
        return self.cells.get((organism, check), unnamed)


def truth_at(cell: TruthCell, check: str, dial: float | None) -> tuple[Truth, float | None]:
    """Return what a check should find at one setting of the dial, and how large the fault is there.

    A planted effect below the difference that matters leaves the proposition true, so that the cell counts as absent.
    """
    effect = None if cell.effect is None else abs(cell.effect.at(dial))
    matters = EDGES.get(check, DELTA_RATE if check in SHARES else DELTA)
    if cell.truth == "present" and effect is not None and effect < matters:
        return "absent", effect
    return cell.truth, effect


@cache
def public_truth() -> TruthMatrix:
    """Load the matrix of the organisms that ship."""
    return load_truth(files("goodheart.organisms").joinpath("public").joinpath("truth.yaml"))


@cache
def choice_truth() -> TruthMatrix:
    """Load the matrix of the planted respondents that choose, and of those that carry something out."""
    return load_truth(files("goodheart.organisms").joinpath("public").joinpath("choice_truth.yaml"))


def load_truth(source: Path | Traversable) -> TruthMatrix:
    """Load a matrix: a file `truth.yaml` or the key of a sealed folder.

    Raises:
        StudyError: Anything is wrong; `problems` lists everything as "problem @ file: path".
    """
    try:
        data = read_source(source)
    except UnreadableSource as error:
        raise _error([f"{error} @ {source.name}"]) from error
    problems = [f"{what} @ {source.name}: {at}" for what, at in _problems(data)]
    if problems:
        raise _error(problems)
    return TruthMatrix(
        cells={
            (organism, check): _cell(cell) for organism, row in data["truth"].items() for check, cell in row.items()
        },
        absent=data.get("absent", {}),
        digest=digest({"truth": _bare(data["truth"]), "absent": data.get("absent", {})}),
    )


def require_organisms(matrix: TruthMatrix, names: Sequence[str]) -> None:
    """Refuse a matrix that names an organism which is not there.

    Raises:
        StudyError: `problems` lists every one of them.
    """
    lost = sorted({organism for organism, _ in matrix.cells} - set(names))
    if lost:
        raise _error([f"no such organism among those loaded @ truth.{name}" for name in lost])


def _cell(data: Mapping[str, Any]) -> TruthCell:
    effect = amount_of(data["effect"]) if "effect" in data else None
    return TruthCell(truth=data["is"], effect=effect, because=data["because"])


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(entry) for key, entry in value.items()}
    return value if isinstance(value, str) else str(getattr(value, "text", value))


def _error(problems: Sequence[str]) -> StudyError:
    return StudyError(
        "A truth matrix is written as docs/truth-matrix.md says; found problems. Mend these places:", problems=problems
    )


def _problems(data: Any) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield f"a mapping is needed; found {shown(data)}", "top level"
        return
    if data.get("schema_version") != 1:
        yield f"1 is needed; found {shown(data.get('schema_version', 'no key'))}", "schema_version"
    for key in data.keys() - {"schema_version", "absent", "truth"}:
        yield unknown(str(key), ("schema_version", "absent", "truth")), str(key)
    absent = data.get("absent", {})
    if not isinstance(absent, dict) or not all(isinstance(why, str) for why in absent.values()):
        yield "a mapping from checks to sentences is needed", "absent"
    rows = data.get("truth")
    if not isinstance(rows, dict):
        yield f"a mapping from organisms to checks is needed; found {shown(rows)}", "truth"
        return
    for organism, row in rows.items():
        if not isinstance(row, dict):
            yield f"a mapping from checks is needed; found {shown(row)}", f"truth.{organism}"
            continue
        for check, cell in row.items():
            yield from _cell_problems(check, cell, f"truth.{organism}.{check}")


def _cell_problems(check: str, cell: Any, at: str) -> Iterator[Problem]:
    if check not in (*ORGANISM_CHECKS, *CHOICE_COLUMNS):
        yield unknown(check, (*ORGANISM_CHECKS, *CHOICE_COLUMNS)), at
    if not isinstance(cell, dict):
        yield f"a mapping with is and because is needed; found {shown(cell)}", at
        return
    for key in cell.keys() - {"is", "because", "effect"}:
        yield unknown(str(key), ("is", "because", "effect")), f"{at}.{key}"
    if cell.get("is") not in _WORDS:
        yield f"one of {', '.join(_WORDS)} is needed; found {shown(cell.get('is'))}", f"{at}.is"
    if not isinstance(cell.get("because"), str):
        yield f"a sentence is needed; found {shown(cell.get('because'))}", f"{at}.because"
    if "effect" in cell and amount_of(cell["effect"]) is None:
        yield f"a number or a line in the dial is needed; found {shown(cell['effect'])}", f"{at}.effect"
