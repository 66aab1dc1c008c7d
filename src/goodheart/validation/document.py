"""`validation.json`: everything that a validation found, good or bad."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from goodheart.thresholds import LEVEL, frozen
from goodheart.validation.identity import Seal
from goodheart.validation.rows import ValidationRow, share_of
from goodheart.validation.summary import Summary

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SCHEMA_VERSION: Final = 1
FILE: Final = "validation.json"


def validation_json(
    rows: Sequence[ValidationRow], summary: Summary, *, seal: Seal, effort: "DataclassInstance", seed: int, sealed: bool
) -> str:
    """Write the document; it holds no clock, so that the same validation has the same text."""
    document: Mapping[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "not_for_training": "Results of simulated respondents; no target for any training.",
        "where": "in simulation",
        "sealed": sealed,
        "seal": asdict(seal),
        "thresholds": frozen(),
        "effort": asdict(effort),
        "seed": seed,
        "level": LEVEL,
        "rows": [row_data(row) for row in rows],
        "confusion": confusion(rows),
        "summary": asdict(summary),
    }
    return json.dumps(document, indent=1) + "\n"


def row_data(row: ValidationRow) -> dict[str, Any]:
    """Write one row, with the interval of every share."""
    counts = {"failed": row.failed, "held": row.held, "declined": row.declined}
    rates = {name: asdict(share_of(count, row.n)) for name, count in counts.items()}
    return {**asdict(row), "rates": rates}


def confusion(rows: Sequence[ValidationRow]) -> list[dict[str, Any]]:
    """Add up what was answered by what was true, for each check and design, over all organisms and settings."""
    counts: dict[tuple[str, str, str], list[int]] = {}
    for row in rows:
        cell = counts.setdefault((row.check, row.design, row.truth or "unwritten"), [0, 0, 0])
        for place, count in enumerate((row.failed, row.held, row.declined)):
            cell[place] += count
    return [
        {"check": check, "design": design, "truth": truth, "failed": failed, "held": held, "declined": declined}
        for (check, design, truth), (failed, held, declined) in counts.items()
    ]
