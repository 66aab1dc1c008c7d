"""The frozen plan of a study: everything that decides what is asked and what it is held against."""

from dataclasses import dataclass, fields
from typing import Final, Literal

from goodheart.design.presets import Preset
from goodheart.records import Trial, digest

SCHEMA_VERSION: Final = 1

Reading = Literal["auto", "logprobs", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BankIdentity:
    """Which version of which items."""

    name: str
    version: str
    digest: str
    canary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What is asked of whom, frozen before the first question; its digest names the run."""

    schema_version: int
    name: str
    models: tuple[str, ...]
    preset: Preset
    seed: int
    reading: Reading
    banks: tuple[BankIdentity, ...]
    titles: tuple[tuple[str, str], ...]
    """Title of every circumstance that is asked about, by cluster; for tables and figures."""
    instruments: str
    """Digest of all instruments."""
    thresholds: tuple[tuple[str, float], ...]
    """Every line that a result is held against, by name."""
    manipulations: tuple[BankIdentity, ...]
    """What was varied about the asking."""
    allow_untrue: bool
    """Whether the respondent was told what is untrue or not known to be true."""
    asker: str | None
    """Who asks, where the study names them to the respondent."""
    checks: tuple[str, ...]
    """The families of verdicts."""
    trials: tuple[Trial, ...]


def study_digest(study: Study) -> str:
    """Identify a study by everything in it."""
    frozen = {field.name: getattr(study, field.name) for field in fields(study) if field.name != "trials"}
    return digest({**frozen, "trials": [digest(trial) for trial in study.trials]})
