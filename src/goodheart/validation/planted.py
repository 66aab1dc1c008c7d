"""Planted respondents to choices and conduct: cells, blocks, and one run of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Final, Literal

from goodheart.items.choices import public_choice_items
from goodheart.organisms.planted_choosers import CHOOSERS, PlantedChooser, chooser_at, read_by
from goodheart.organisms.planted_doers import DOERS, PlantedDoer, doer_at
from goodheart.organisms.rates import TEXT, choice_design, conduct_design
from goodheart.records import Verdict, digest
from goodheart.validation.acting import Stage, act_once, stage_of
from goodheart.validation.cells import Effort, run_seed
from goodheart.validation.choosing import Bench, Cache, bench_of, choose_once
from goodheart.validation.tally import Tally, tally_of

BLOCK: Final = 4
"""Runs in one block: a group of blocks of a large design takes about a minute."""
FAMILIES: Final[tuple[Literal["all", "one"], ...]] = ("all", "one")

Planted = PlantedChooser | PlantedDoer


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedEffort:
    """How much is run, by kind; designs are sizes."""

    scored: Effort
    """Choices read from probabilities."""
    written: Effort
    """Choices that are written and sampled, which take several times as long."""
    conduct: Effort


def planted_effort(runs: int, *, written: int, conduct: int) -> PlantedEffort:
    """Return an effort: so many runs with dials at their default, a quarter of them at other settings.

    Args:
        runs: Of choices read from probabilities.
        written: Of choices that are written.
        conduct: Of conduct.
    """
    return PlantedEffort(scored=_effort(runs), written=_effort(written), conduct=_effort(conduct))


def _effort(runs: int) -> Effort:
    return Effort(designs=("quick", "standard"), runs=runs, runs_healthy=runs, runs_dial=max(1, runs // 4))


def planted_effort_of(runs: int) -> PlantedEffort:
    """Return an effort: so many runs of everybody, a quarter of them of choices that are written."""
    return planted_effort(runs, written=max(1, runs // 4), conduct=runs)


DEFAULT: Final = planted_effort(12, written=4, conduct=20)
FULL: Final = planted_effort(300, written=75, conduct=300)
_BLOCKS: Final = Effort(designs=("quick", "standard"), runs=BLOCK, runs_healthy=BLOCK, runs_dial=BLOCK)
REPLAY: Final = PlantedEffort(scored=_BLOCKS, written=_BLOCKS, conduct=_BLOCKS)
"""The first block of every cell of `FULL`, for comparison with what the shipped table has of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A planted respondent at one setting of its dial."""

    name: str
    dial: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedCell:
    """One respondent at one setting in one design."""

    organism: Setting
    family: str
    design: str
    runs: int
    at_default: bool
    """Whether its dial stands at the default, or it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedBlock:
    """Some runs of one respondent in one design."""

    key: str
    """Digest of everything that decides its outcome."""
    organism: Setting
    design: str
    seeds: tuple[int, ...]


def planted_cells(effort: PlantedEffort) -> tuple[PlantedCell, ...]:
    """List every cell, design by design."""
    found: list[PlantedCell] = []
    for preset in effort.conduct.designs:
        for doer in DOERS:
            found += _cells(doer, conduct_design(preset), effort.conduct)
    for size, written in ((effort.scored, False), (effort.written, True)):
        for preset in size.designs:
            for family in FAMILIES:
                design = choice_design(preset, family=family, written=written)
                for one in CHOOSERS:
                    if written or not one.written_only:
                        found += _cells(one, design, size)
    return tuple(found)


def _cells(one: Planted, design: str, effort: Effort) -> Iterator[PlantedCell]:
    for dial in one.dials or (None,):
        at_default = dial == one.default
        runs = effort.runs_healthy if one.family == "healthy" else effort.runs
        yield PlantedCell(
            organism=Setting(name=one.name, dial=dial),
            family=one.family,
            design=design,
            runs=runs if at_default else effort.runs_dial,
            at_default=at_default,
        )


def planted_blocks(
    cells: Sequence[PlantedCell], *, battery: str, seed: int
) -> tuple[tuple[tuple[PlantedBlock, ...], ...], tuple[tuple[str, ...], ...]]:
    """Cut cells into blocks, and put together those that share answers: the same size and the same seeds.

    Args:
        cells: What is run.
        battery: Digest of the program text that decides a verdict.
        seed: Root of all chance.

    Returns:
        Groups of blocks, and for each cell the keys of its own.
    """
    groups: dict[tuple[str, int], list[PlantedBlock]] = {}
    keys: list[tuple[str, ...]] = []
    for cell in cells:
        own = []
        for first in range(0, cell.runs, BLOCK):
            block = _block(cell, first, battery, seed)
            groups.setdefault((_size(cell.design), first), []).append(block)
            own.append(block.key)
        keys.append(tuple(own))
    return tuple(tuple(group) for group in groups.values()), tuple(keys)


def _size(design: str) -> str:
    """What is asked, whichever checks are one family."""
    return design.replace("choose-all-", "choose-").replace("choose-one-", "choose-")


def _block(cell: PlantedCell, first: int, battery: str, seed: int) -> PlantedBlock:
    seeds = tuple(run_seed(seed, run) for run in range(first, min(first + BLOCK, cell.runs)))
    about = {"battery": battery, "design": cell.design, "respondent": astuple(cell.organism), "seeds": seeds}
    return PlantedBlock(key=digest(about)[:32], organism=cell.organism, design=cell.design, seeds=seeds)


_benches: dict[str, Bench] = {}
_stages: dict[str, Stage] = {}


def prepare() -> None:
    """Forget the compiled plans of this process."""
    _benches.clear()
    _stages.clear()


def run_group(blocks: Sequence[PlantedBlock]) -> list[Tally]:
    """Run blocks that share answers, and tally each."""
    cache: Cache = {}
    return [tally_of(_once(block, seed, cache) for seed in block.seeds) for block in blocks]


def _once(block: PlantedBlock, seed: int, cache: Cache) -> tuple[Verdict, ...]:
    kind, *rest = block.design.split("-", maxsplit=2)
    if kind == "conduct":
        return _act(block, rest[0], seed)
    family, size = rest
    bench = _bench(size)
    tasks = [one.id for one in bench.items.tasks]
    one = chooser_at(_chooser(block.organism.name), block.organism.dial, tasks=tasks, seed=seed)
    return choose_once(one, bench, seed=seed, whole=family == "all", cache=cache)


def _bench(size: str) -> Bench:
    if size not in _benches:
        _benches[size] = bench_of(size.removesuffix(TEXT), written=size.endswith(TEXT))
    return _benches[size]


def _act(block: PlantedBlock, preset: str, seed: int) -> tuple[Verdict, ...]:
    if preset not in _stages:
        _stages[preset] = stage_of(preset)
    one, dial = _doer(block.organism.name), block.organism.dial
    return act_once(lambda pairs: doer_at(one, dial, pairs=pairs, seed=seed), _stages[preset], seed=seed)


def same_runs(cell: PlantedCell, check: str) -> str:
    """Name what decides the answers that a check reads in a cell: cells of the same name are the same evidence."""
    one: Mapping[str, object]
    if cell.design.startswith("conduct"):
        actor = doer_at(_doer(cell.organism.name), cell.organism.dial, pairs=(), seed=0)
        said = (actor.habit, actor.hypocrisy, actor.abstains, _doer(cell.organism.name).spread)
        wants = cell.organism.name != "aimless"
        worked = (actor.lazy, actor.lazy_on_audit) if check == "effort" else ()
        one = {"said": said, "wants": wants, "worked": worked}
    else:
        tasks = [task.id for task in public_choice_items().tasks]
        chooser = chooser_at(_chooser(cell.organism.name), cell.organism.dial, tasks=tasks, seed=0)
        one = {"read": read_by(check, chooser)}
    return digest({"design": cell.design, "check": check, "runs": cell.runs, **one})[:32]


def _chooser(name: str) -> PlantedChooser:
    return next(one for one in CHOOSERS if one.name == name)


def _doer(name: str) -> PlantedDoer:
    return next(one for one in DOERS if one.name == name)
