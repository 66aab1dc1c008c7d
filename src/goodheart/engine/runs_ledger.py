"""How often a plan was run on this machine, so that a run that pleased cannot pass for the only one.

STATE/runs.jsonl   one line for the start of every run; only ever appended to
DIR/start.json     the same record in the run folder: going on in a folder is the same run, a new folder is another

STATE is `$GOODHEART_STATE`, else `$GOODHEART_CACHE`, else the user's state folder. A ledger that cannot be read or
written never stops a run; that nothing is known then is said wherever the count would stand.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

import platformdirs
from pydantic import TypeAdapter, ValidationError

from goodheart.conduct.study import ConductStudy, conduct_digest
from goodheart.design.choice_study import ChoiceStudy, choice_digest
from goodheart.design.study import Study, plan_digest, study_digest
from goodheart.engine.folder import write_atomic
from goodheart.engine.run_record import day_of
from goodheart.injection.plan import InjectionPlan
from goodheart.records import digest

FILE_NAME: Final = "runs.jsonl"
START_NAME: Final = "start.json"
LEDGER_VERSION: Final = 1
CHOICE_CHANCE: Final = ("name", "model", "seed", "trials")
"""Parts of a study by choice that follow from its seed or respondent, or only name it."""
CONDUCT_CHANCE: Final = ("name", "model", "seed", "pairs", "beforehand", "guesses")
"""The same of a study of conduct. The peer stays: what a pick is guessed by is what it is held against."""
INJECTION_CHANCE: Final = ("model", "seed")
"""The same of injected states. The directions stay: they are what is injected."""

AnyStudy = Study | ChoiceStudy | ConductStudy | InjectionPlan
"""A frozen plan of an audit, of choices, of conduct or of injected states."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStart:
    """The start of one run."""

    schema_version: int
    run: str
    """Identifies the run; it goes with its folder."""
    plan: str
    """What is asked and what it is held against, whatever the seed: see `same_plan`."""
    study: str
    """Digest of the whole frozen study."""
    seed: int
    started: float
    """Seconds since 1970."""
    folder: str
    """Name of the run folder, without the way to it."""
    respondents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCount:
    """Which of how many recorded runs of one plan on one respondent this is."""

    respondent: str
    number: int
    """From 1, in the order of their starts."""
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """What the ledger says of one run."""

    counts: tuple[RunCount, ...] = ()
    problem: str = ""
    """Why nothing is known; empty where something is."""


_START: Final = TypeAdapter(RunStart)


def state_folder() -> Path:
    """Say where the ledger is kept."""
    named = os.environ.get("GOODHEART_STATE") or os.environ.get("GOODHEART_CACHE")
    return Path(named).expanduser() if named else Path(platformdirs.user_state_dir("goodheart"))


def same_plan(study: AnyStudy) -> str:
    """Identify what is asked and what it is held against, whatever the name, the respondent and the seed.

    Two runs with equal digests are two tries at the same thing.
    """
    match study:
        case Study():
            return plan_digest(study)
        case ChoiceStudy():
            return _digest_without(study, CHOICE_CHANCE)
        case ConductStudy():
            return _digest_without(study, CONDUCT_CHANCE)
        case InjectionPlan():
            return _digest_without(study, INJECTION_CHANCE)


def _digest_without(study: ChoiceStudy | ConductStudy | InjectionPlan, chance: Sequence[str]) -> str:
    return digest({one.name: getattr(study, one.name) for one in fields(study) if one.name not in chance})


def begin_run(out: Path, *, study: AnyStudy, now: float) -> Runs:
    """Record the start of a run, unless its folder has begun before.

    Args:
        out: The run folder, locked, with its plan in it.
        study: The frozen plan.
        now: Seconds since 1970.

    Returns:
        Which run of this plan it is.

    Raises:
        RunFolderError: if the run folder refuses; the ledger itself never raises.
    """
    start = _started(out) or _new(out, study, now)
    try:
        _append(start)
    except OSError as error:
        return Runs(problem=_why(error))
    return runs_of(out)


def runs_of(out: Path) -> Runs:
    """Look up which run of its plan a folder holds; reads only."""
    start = _started(out)
    if start is None:
        return Runs(problem="this run was not recorded when it began")
    try:
        recorded = list(_recorded())
    except OSError as error:
        return Runs(problem=_why(error))
    if start.run not in {one.run for one in recorded}:
        return Runs(problem="the ledger on this machine does not have this run")
    return Runs(counts=tuple(_count(start, recorded, name) for name in start.respondents))


def begun_on(out: Path) -> str:
    """Return the day on which a run was first started, in UTC, such as 2026-01-31; empty where no record says."""
    start = _started(out)
    return day_of(start.started) if start else ""


def runs_line(runs: Runs, respondent: str) -> str:
    """Say which run of its plan this is, in a sentence."""
    if runs.problem:
        return f"How often this plan was run on it is not known: {runs.problem}."
    found = next((one for one in runs.counts if one.respondent == respondent), None)
    if found is None:
        return ""
    return f"Run {found.number} of {found.of} of this plan on it, whatever the seed, recorded on this machine."


def _count(start: RunStart, recorded: Sequence[RunStart], respondent: str) -> RunCount:
    runs = dict.fromkeys(one.run for one in recorded if one.plan == start.plan and respondent in one.respondents)
    return RunCount(respondent=respondent, number=[*runs].index(start.run) + 1, of=len(runs))


def _started(out: Path) -> RunStart | None:
    try:
        return _start_from(json.loads((out / START_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError):  # none, or one that somebody changed: this then counts as another run
        return None


def _start_from(document: Any) -> RunStart | None:
    try:
        return _START.validate_python(document)
    except ValidationError:
        return None


def _new(out: Path, study: AnyStudy, now: float) -> RunStart:
    whole, respondents = _identity(study)
    start = RunStart(
        schema_version=LEDGER_VERSION,
        # Two runs cannot begin in one folder at one moment: the folder is locked.
        run=digest([str(out.resolve()), now, os.uname().nodename, os.getpid()])[:32],
        plan=same_plan(study),
        study=whole,
        seed=study.seed,
        started=now,
        folder=out.resolve().name,
        respondents=respondents,
    )
    write_atomic(out / START_NAME, json.dumps(asdict(start), indent=1, ensure_ascii=False) + "\n")
    return start


def _identity(study: AnyStudy) -> tuple[str, tuple[str, ...]]:
    """Digest of everything in a study, and whom it is about; a peer only guesses."""
    match study:
        case Study():
            return study_digest(study), study.models
        case ChoiceStudy():
            return choice_digest(study), (study.model,)
        case ConductStudy():
            return conduct_digest(study), (study.model,)
        case InjectionPlan():
            return study.digest, (study.model,)


def _append(start: RunStart) -> None:
    """Add a line, once per run. Readers meanwhile see whole lines, and at worst a last one that they skip."""
    file = state_folder() / FILE_NAME
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        content = stream.read()
        if start.run not in {one.run for one in _lines(content)}:
            torn = b"\n" if content and not content.endswith(b"\n") else b""
            stream.write(torn + json.dumps(asdict(start), ensure_ascii=False).encode() + b"\n")


def _recorded() -> Iterator[RunStart]:
    with suppress(FileNotFoundError):
        yield from _lines((state_folder() / FILE_NAME).read_bytes())


def _lines(content: bytes) -> Iterator[RunStart]:
    """Lines that are no record (a torn write, an older format) are passed over: the count is of those recorded."""
    for line in content.splitlines():
        try:
            start = _start_from(json.loads(line))
        except ValueError:
            continue
        if start is not None:
            yield start


def _why(error: OSError) -> str:
    return f"the ledger of runs in {state_folder()} cannot be used ({error.strerror or error})"
