"""Organisms and plans that the tests share."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from goodheart.design.presets import PRESETS, RATED_CHECKS
from goodheart.design.study import Study
from goodheart.engine.plan import plan_study
from goodheart.organisms import Columns, Organism, compile_trials, load_organisms, organism_at

NOTHING = {"noise": 0, "wording": 0, "perturbation": 0}
"""A report without chance."""


def made(folder: Path, sections: Mapping[str, object], *, dial: float | None = None, **more: object) -> Organism:
    """Write one organism to a file and load it."""
    path = folder / "one.yaml"
    entry = {"name": "one", "family": "test", "why": "For a test.", **more, **sections}
    path.write_text(yaml.safe_dump({"schema_version": 1, "organisms": [entry]}))
    return organism_at(load_organisms(path)[0], dial)


@cache
def study(preset: str = "quick", *, written: bool = False) -> Study:
    rated = [name for name in PRESETS[preset].checks if name in RATED_CHECKS]
    return plan_study(preset=preset, seed=1, reading="text" if written else "auto", checks=rated)


@cache
def columns(preset: str = "quick", *, written: bool = False) -> Columns:
    return compile_trials(study(preset, written=written).trials, written=written)
