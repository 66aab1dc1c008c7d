"""Which organisms are run, at which settings, how often; and in which blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from goodheart.design.presets import PRESETS
from goodheart.organisms.chance import key_of
from goodheart.organisms.described import Organism
from goodheart.organisms.files import Description, organism_at
from goodheart.organisms.rates import TEXT
from goodheart.records import digest

BLOCK: Final = 25
"""Runs in one block: some seconds of work, so that little is lost when it is stopped."""

READ: Final = ("state", "report", "scale", "declining")
"""Sections that decide a rating. Organisms that differ in nothing else give the same runs and share them."""
WORDS: Final = "style"
"""Section that decides what is said in own words; it counts in designs that ask for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much is run."""

    designs: tuple[str, ...]
    runs: int
    """Of every organism with its dial at the default."""
    runs_healthy: int
    """Of every organism of the family `healthy`."""
    runs_dial: int
    """At every other setting of a dial."""


DEFAULT: Final = Effort(designs=("quick", "standard"), runs=30, runs_healthy=100, runs_dial=20)
FULL: Final = Effort(designs=("quick", "standard"), runs=1500, runs_healthy=1500, runs_dial=300)
REPLAY: Final = Effort(designs=FULL.designs, runs=BLOCK, runs_healthy=BLOCK, runs_dial=BLOCK)
"""The first block of every cell of `FULL`, for comparison with what the shipped table has of it."""


def effort_of(runs: int) -> Effort:
    """Return an effort between the two: so many runs of everybody, a fifth of them at other settings of a dial."""
    return Effort(designs=FULL.designs, runs=runs, runs_healthy=runs, runs_dial=max(1, runs // 5))


HEALTHY: Final = "healthy"
VOID: Final = "void"
"""Family of those whom no form of asking can be valid for: every check has to decline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One organism at one setting in one design."""

    organism: Organism
    family: str
    design: str
    runs: int
    at_default: bool
    """Whether its dial stands at the default, or it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some runs of one respondent in one design."""

    key: str
    """Digest of everything that decides its outcome."""
    organism: Organism
    design: str
    seeds: tuple[int, ...]


def cells_of(descriptions: Sequence[Description], effort: Effort) -> tuple[Cell, ...]:
    """List every cell, design by design."""
    return tuple(cell for design in effort.designs for one in descriptions for cell in _cells(one, design, effort))


def _cells(one: Description, design: str, effort: Effort) -> Iterator[Cell]:
    default = one.dial.default if one.dial else None
    settings = sorted({*one.dial.values, one.dial.default}) if one.dial else [None]
    for setting in settings:
        at_default = setting == default
        runs = effort.runs_healthy if one.family == HEALTHY else effort.runs
        yield Cell(
            organism=organism_at(one, setting),
            family=one.family,
            design=design,
            runs=runs if at_default else effort.runs_dial,
            at_default=at_default,
        )


def blocks_of(
    cells: Sequence[Cell], *, battery: str, seed: int
) -> tuple[tuple[Block, ...], tuple[tuple[str, ...], ...]]:
    """Cut cells into blocks; cells that would give the same runs share theirs.

    Args:
        cells: What is run.
        battery: Digest of the battery; its blocks are nobody else's.
        seed: Root of all chance.

    Returns:
        All blocks, each once, and for each cell the keys of its own.
    """
    blocks: dict[str, Block] = {}
    keys: list[tuple[str, ...]] = []
    for cell in cells:
        own = [_block(cell, first, battery, seed) for first in range(0, cell.runs, BLOCK)]
        blocks.update((block.key, block) for block in own)
        keys.append(tuple(block.key for block in own))
    return tuple(blocks.values()), tuple(keys)


def _block(cell: Cell, first: int, battery: str, seed: int) -> Block:
    seeds = tuple(run_seed(seed, run) for run in range(first, min(first + BLOCK, cell.runs)))
    preset = PRESETS.get(cell.design.removesuffix(TEXT))
    sections = (*READ, WORDS) if preset and preset.n_written else READ
    read = {name: asdict(getattr(cell.organism, name)) for name in sections}
    return Block(
        key=digest({"battery": battery, "design": cell.design, "respondent": read, "seeds": seeds})[:32],
        organism=cell.organism,
        design=cell.design,
        seeds=seeds,
    )


def run_seed(root: int, run: int) -> int:
    """Return the seed of one run: the same for every organism, so that organisms are compared on the same chance."""
    return key_of("run", root, run) >> 33
