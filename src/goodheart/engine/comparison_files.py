"""The files of a comparison: tidy tables and provenance cards in, `comparison.json` out."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import polars as pl
import yaml
from pydantic import TypeAdapter, ValidationError

from goodheart.checks.compared import ComparedPair, Comparison
from goodheart.checks.goodhart import NAME, PROPOSITION, RIVALS
from goodheart.comparison import Card, Movement, Unmeasured, bounds_of, read_card
from goodheart.comparison.channels import SHOWN
from goodheart.engine.codec import NOT_FOR_TRAINING, finite_json
from goodheart.errors import RunFolderError, StudyError
from goodheart.records import Estimate, Evidence, Finding, Observation
from goodheart.stats.pivots import student_bound
from goodheart.thresholds import ALPHA, LEVEL

COMPARISON_VERSION: Final = 1
TABLE_NAME: Final = "observations.parquet"
MAX_CARD_BYTES: Final = 65_536

_ROWS: Final = TypeAdapter(tuple[Observation, ...])


def read_observations(folder: Path, *, run: str) -> tuple[Observation, ...]:
    """Read the tidy table of a run folder.

    Args:
        folder: The run folder.
        run: Digest of its plan.

    Raises:
        RunFolderError: if there is no table, it is no table of this version, or it belongs to another plan.
    """
    path = folder / TABLE_NAME
    again = f"Write it again from the replies: goodheart report {folder}"
    try:
        table = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        why = (str(error).splitlines() or [""])[0]
        raise RunFolderError(
            f"The channels of a run are read from its observations in {path}. They could not be read: {why}. {again}"
        ) from error
    try:
        rows = _ROWS.validate_python([_row(row) for row in table.iter_rows(named=True)])
    except (ValidationError, KeyError, TypeError) as error:
        raise RunFolderError(
            f"The channels of a run are read from the columns of this version in {path}. It holds others. {again}"
        ) from error
    strange = {row.run for row in rows} - {run}
    if strange or not rows:
        found = f"it holds rows of the plan {min(strange)[:12]}" if strange else "it is empty"
        raise RunFolderError(
            f"{path} has to hold observations of the plan in the same folder ({run[:12]}); {found}. {again}"
        )
    return rows


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "condition": tuple((entry["factor"], entry["level"]) for entry in row["condition"]),
        "evidence": Evidence(trial=row["evidence"]["trial"], repeat=row["evidence"]["repeat"]),
    }


def load_card(path: Path) -> Card:
    """Read a provenance card.

    Raises:
        StudyError: if it cannot be read as one, with every problem in it.
    """
    example = "Write for example: report_was_target: {answer: denied, by: the developer}"
    try:
        data = path.read_bytes()
        if len(data) > MAX_CARD_BYTES:
            raise ValueError(f"it has more than {MAX_CARD_BYTES:,} bytes")
        text = data.decode("utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        document = yaml.safe_load(text)
    except OSError as error:
        raise StudyError(
            f"A provenance card is a YAML file. {path} could not be read: {error.strerror}. "
            "Check the name, or leave --provenance out: all answers are then unknown."
        ) from error
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        why = " ".join(str(error).split())[:200]
        raise StudyError(f"A provenance card is a YAML file. {path} is none: {why}. {example}") from None
    card, problems = read_card(document)
    twice = _twice(node)
    if problems or twice:
        raise StudyError(
            f"A provenance card says what is attested, denied or unknown, so that nobody has to guess. {path} does "
            f"not do so. {example}",
            problems=(*twice, *problems),
        )
    return card


def _twice(node: Any) -> tuple[str, ...]:
    keys = [key.value for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
    return tuple(f"stands twice @ {key}" for key in dict.fromkeys(keys) if keys.count(key) > 1)


def comparison_json(comparison: Comparison) -> str:
    """Write a comparison: at the top what holds of the first and the last version, in `pairs` every pair."""
    pairs = [_pair(pair) for pair in comparison.pairs]
    document = {
        "schema_version": COMPARISON_VERSION,
        "not_for_training": NOT_FOR_TRAINING,
        "check": NAME,
        "proposition": PROPOSITION,
        "versions": [asdict(version) for version in comparison.versions],
        **pairs[0],
        "rivals": [{"name": name, "explanation": text} for name, text in RIVALS],
        "provenance": [asdict(entry) for entry in comparison.card.entries],
        "scope": "This pair of versions and these items; one training run is n = 1.",
        "level": LEVEL,
        "adjusted_level": 1 - 2 * ALPHA,
        "pairs": pairs,
    }
    return finite_json(document)


def _pair(pair: ComparedPair) -> dict[str, Any]:
    verdict = pair.verdict
    states = dict(verdict.states)
    return {
        "earlier": pair.earlier,
        "later": pair.later,
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        "direction": verdict.direction,
        "detail": verdict.detail,
        "needed": verdict.needed,
        "on_record": verdict.on_record,
        "side": None if verdict.side is None else verdict.side.value,
        "channels": [
            _channel(one, states.get(one.kind.name, "")) for one in pair.channels if isinstance(one, Movement)
        ],
        "missing": [
            {"name": one.kind.name, "reason": one.reason, "detail": one.detail}
            for one in pair.channels
            if isinstance(one, Unmeasured)
        ],
    }


def _channel(one: Movement, state: str) -> dict[str, Any]:
    low, high = bounds_of(one, alpha=ALPHA)
    tail = (1 - LEVEL) / 2
    return {
        "name": one.kind.name,
        "valid": one.valid,
        "problems": list(one.problems),
        "state": state,
        "shift": one.shift.value,
        "low": one.moved.low,
        "high": one.moved.high,
        "adjusted_low": low,
        "adjusted_high": high,
        "n": one.moved.n,
        "n_clusters": one.moved.n_clusters,
        "method": one.moved.method,
        "own_shift": one.own.value,
        "own_low": student_bound(pivot=one.own, alpha=tail, side=-1),
        "own_high": student_bound(pivot=one.own, alpha=tail, side=1),
        "contrast_earlier": _interval(one.earlier),
        "contrast_later": _interval(one.later),
        "distance_earlier": asdict(one.units[0]),
        "distance_later": asdict(one.units[1]),
        "distance_ratio": one.unit_ratio,
        "raw": {group: _interval(found) for group, found in zip(SHOWN, one.raw, strict=True)},
        "instrument": one.pair.instrument,
        "unit": one.pair.unit,
        "cells_asked": one.pair.asked,
        "cells_measured": one.pair.measured,
    }


def _interval(finding: Finding) -> dict[str, Any]:
    if isinstance(finding, Estimate):
        return {"value": finding.value, "low": finding.low, "high": finding.high}
    return {"value": finding.point, "not_estimable": finding.reason}
