"""The shipped tables of measured rates: how each check did on simulated respondents, by design.

`public/rates.json` (self-reports) and `public/choice_rates.json` (choices and conduct) are written by `goodheart
validate` and hold counts, nothing computed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from goodheart.design.presets import TEXT_CHECKS
from goodheart.records import Rates

SCHEMA_VERSION: Final = 1
TEXT: Final = "-text"
"""Ends the name of a design in which answers are written."""
FEWEST: Final = 20
"""Runs with a planted fault, and of sound respondents, under which a rate counts as unknown: it says too little."""
CODED: Final = frozenset(TEXT_CHECKS) - {"openers"}
"""Checks whose rates are of replies coded without error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCount:
    """Of one check on one organism at one setting in one design: how it answered."""

    check: str
    organism: str
    dial: float | None
    design: str
    n: int
    failed: int
    held: int
    first_n: int = 0
    """Runs in the first block of the cell, and how it answered in those: what a replay is held against."""
    first_failed: int = 0
    first_held: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRates:
    """Of one check in one design: what is printed beside its verdicts."""

    check: str
    design: str
    detected: int
    """Runs with a planted fault in which it failed."""
    planted: int
    planted_in: tuple[str, ...]
    """Organisms with the fault, with its size."""
    alarmed: int
    """Runs of sound respondents in which it failed."""
    sound: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTable:
    """Everything that ships."""

    battery: str
    """Digest of the program text that was measured, or of a later one whose replay gave the same verdicts."""
    seed: int
    """Root of all chance."""
    checks: tuple[CheckRates, ...]
    counts: tuple[RateCount, ...]


def rates_for(check: str, preset: str, *, written: bool = False) -> Rates | None:
    """Return the measured rates of a check.

    Args:
        check: Its name.
        preset: Size of the study.
        written: Whether scales were read from words; there is a cell of its own for it, or none.

    Returns:
        Detection and false alarms in simulation, or None where no cell matches: they are then unknown.
    """
    return _found(shipped_rates(), check, f"{preset}{TEXT}" if written else preset)


def choice_rates_for(check: str, preset: str, *, family: Literal["all", "one"], written: bool) -> Rates | None:
    """Return the measured rates of a check on choices.

    Args:
        check: Its name.
        preset: Size of the study.
        family: Whether all assessments were asked, so that all checks are one family, or one.
        written: Whether choices were sampled instead of read from probabilities.

    Returns:
        As `rates_for`.
    """
    return _found(shipped_choice_rates(), check, choice_design(preset, family=family, written=written))


def conduct_rates_for(check: str, preset: str) -> Rates | None:
    """Return the measured rates of a check on conduct, where picks are held against the base rate.

    Args:
        check: Its name.
        preset: Size of the study.

    Returns:
        As `rates_for`.
    """
    return _found(shipped_choice_rates(), check, conduct_design(preset))


def choice_design(preset: str, *, family: Literal["all", "one"], written: bool) -> str:
    """Name a design of choices."""
    return f"choose-{family}-{preset}{TEXT if written else ''}"


def conduct_design(preset: str) -> str:
    """Name a design of conduct."""
    return f"conduct-{preset}"


def _found(table: RateTable, check: str, design: str) -> Rates | None:
    for one in table.checks:
        if one.check == check and one.design == design and min(one.planted, one.sound) >= FEWEST:
            where = _where(one, table.battery)
            return Rates(detection=one.detected / one.planted, false_alarm=one.alarmed / one.sound, where=where)
    return None


def _where(one: CheckRates, battery: str) -> str:
    return (
        f"{one.planted:,} runs with a planted fault ({', '.join(one.planted_in)}) and {one.sound:,} of sound "
        f"respondents, design {one.design}, {'replies coded without error, ' if one.check in CODED else ''}battery "
        f"{battery[:8]}"
    )


@cache
def shipped_rates() -> RateTable:
    """Load the table of self-reports that ships."""
    return _load("rates.json")


@cache
def shipped_choice_rates() -> RateTable:
    """Load the table of choices and conduct that ships."""
    return _load("choice_rates.json")


def _load(name: str) -> RateTable:
    source = files("goodheart.organisms").joinpath("public").joinpath(name)
    return table_from(json.loads(source.read_text(encoding="utf-8")))


def table_from(data: Any) -> RateTable:
    """Read a table from its document."""
    return RateTable(
        battery=data["battery"],
        seed=data["seed"],
        checks=tuple(CheckRates(**{**one, "planted_in": tuple(one["planted_in"])}) for one in data["checks"]),
        counts=tuple(RateCount(**dict(zip(data["columns"], row, strict=True))) for row in data["counts"]),
    )


def table_json(table: RateTable) -> str:
    """Write a table as its document, one row a line."""
    columns = tuple(RateCount.__dataclass_fields__)
    head = {"schema_version": SCHEMA_VERSION, "battery": table.battery, "seed": table.seed, "columns": columns}
    checks = [{name: getattr(one, name) for name in CheckRates.__dataclass_fields__} for one in table.checks]
    counts = [[getattr(one, name) for name in columns] for one in table.counts]
    return "".join(
        (
            json.dumps(head)[:-1],
            ', "checks": [\n',
            _lines(checks),
            '\n], "counts": [\n',
            _lines(counts),
            "\n]}\n",
        )
    )


def _lines(entries: Sequence[object]) -> str:
    return ",\n".join(json.dumps(entry) for entry in entries)
