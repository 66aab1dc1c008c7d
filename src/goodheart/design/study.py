"""The frozen plan of a study: everything that decides what is asked and what it is held against."""

from dataclasses import dataclass, fields
from typing import Final, Literal

from goodheart.design.presets import Preset
from goodheart.items import Form
from goodheart.items.arms import Truth
from goodheart.items.collections import Collection
from goodheart.records import Trial, digest

SCHEMA_VERSION: Final = 1

Reading = Literal["auto", "logprobs", "text"]
Reasoning = Literal["none", "kept", "dropped"]
"""What becomes of the reasoning before an answer: there is none, or none that the provider gives out; it is kept with
the answer; it is given out and not kept. Readings from probabilities have none."""

LONGEST_ASKER: Final = 120
"""Characters of the name of who asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankIdentity:
    """Which version of which items."""

    name: str
    version: str
    digest: str
    canary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One text about the asking that the plan puts to the respondent, with its truth in this run."""

    manipulation: str
    factor: str
    level: str
    form: Form
    """The person that the circumstance is about; the text is always said to the respondent."""
    text: str
    """As it was put; in an earlier turn it is `request|answer`."""
    truth: Truth
    promise: bool


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
    collections: tuple[Collection, ...]
    """Texts that replies may echo and the control, whole, so that a run can be read again without the folders."""
    reasoning: Reasoning
    """What becomes of the reasoning before its answers, as whoever asks for the study says."""
    told: tuple[Told, ...]
    """Every text of a manipulation that the trials put, each once; frozen, because its truth is known when it is
    planned and its file may be the user's own."""
    trials: tuple[Trial, ...]


def study_digest(study: Study) -> str:
    """Identify a study by everything in it."""
    frozen = {field.name: getattr(study, field.name) for field in fields(study) if field.name != "trials"}
    return digest({**frozen, "trials": [digest(trial) for trial in study.trials]})


def plan_digest(study: Study) -> str:
    """Identify what is asked and what it is held against, whatever the study's name, its respondents and its seed.

    Two runs with equal digests are two tries at the same thing.
    """
    chance = {"name", "models", "seed", "titles", "told", "trials"}
    return digest({field.name: getattr(study, field.name) for field in fields(study) if field.name not in chance})


def asker_problem(name: str) -> str:
    """Say why a text cannot be told to the respondent as the name of who asks; empty where it can."""
    if not name.strip():
        return "it is empty"
    if not name.isprintable() or set(name) & set("|{}"):
        return "it has control characters in it, or | { or }"
    return f"it is longer than {LONGEST_ASKER} characters" if len(name) > LONGEST_ASKER else ""
