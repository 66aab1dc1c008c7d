"""What `goodheart probe preferences` leaves: correlations with what they rest on, and a table of all readings."""

import io
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import polars as pl

from goodheart.assessments.preference_readings import SPEAKERS, CorrelateRow
from goodheart.assessments.reading_contrasts import ranks_above
from goodheart.assessments.reading_positions import fatal_rungs, size_rungs
from goodheart.engine.codec import finite_json
from goodheart.engine.folder import out_folder, write_atomic
from goodheart.engine.probe_files import NOTICE
from goodheart.engine.probing import Probed
from goodheart.engine.reading_preferences import POSITION, PreferenceReadings
from goodheart.records import Finding, NotEstimable

FINDINGS: Final = "preference_readings.json"
TABLE: Final = "preference_readings.parquet"
VERSION: Final = 1
NEGATION: Final = "negation"
_SCHEMA: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "task": pl.String,
    "utility": pl.Float64,
    "emotion": pl.String,
    "value": pl.Float64,
    "above": pl.Float64,
    "withheld": pl.List(pl.String),
}
"""`value`: distances, null where sizes are withheld; `above`: share of the other tasks that read lower, null where that
is withheld too."""


def write_preference_readings(found: PreferenceReadings, probed: Probed, folder: Path, *, started: float) -> None:
    """Write `preference_readings.json` and `preference_readings.parquet`.

    Args:
        found: What was read, and what it goes with.
        probed: Along which directions, and their ladder.
        folder: Where.
        started: When reading began, in seconds since the epoch.

    Raises:
        RunFolderError: the folder cannot be written.
    """
    out_folder(folder, holds="Readings")
    write_atomic(folder / FINDINGS, preference_readings_json(found, probed, started=started))
    buffer = io.BytesIO()
    pl.DataFrame(list(_rows(found)), schema=_SCHEMA, orient="row").write_parquet(buffer)
    write_atomic(folder / TABLE, buffer.getvalue())


def preference_readings_json(found: PreferenceReadings, probed: Probed, *, started: float) -> str:
    """Write what readings go with, and all that it rests on, as one JSON object."""
    origin, chosen, correlates = probed.probes.origin, found.chosen, found.correlates
    tasks = zip(
        chosen.utilities.tasks,
        chosen.utilities.texts,
        chosen.utilities.values.tolist(),
        chosen.low,
        chosen.high,
        strict=True,
    )
    document = {
        "schema_version": VERSION,
        "not_for_training": NOTICE,
        "started": started,
        "stable_preference": correlates.stable,
        "statement": correlates.statement,
        "exploratory": True,
        "run": {
            "name": chosen.folder.name,
            "digest": chosen.digest,
            "respondent": chosen.respondent,
            "unit": chosen.unit,
            "notes": list(chosen.notes),
            "expected_rank_correlation": chosen.rank_correlation,
        },
        "origin": {**asdict(origin), "versions": [list(pair) for pair in origin.versions]},
        "layer": probed.probes.emotions.layer,
        "position": POSITION,
        "frame": chosen.frame,
        "rungs": [asdict(rung) for rung in probed.rungs],
        "position_rung": asdict(found.rung),
        "axes": {name: list(parts) for name, parts in found.axes},
        "tasks": [
            {"task": task, "text": text, "utility": utility, "low": low, "high": high}
            for task, text, utility, low, high in tasks
        ],
        "left_out": list(correlates.left_out),
        "n": correlates.n,
        "smallest_partial_correlation": correlates.smallest,
        "correlates": [_correlate(row) for row in correlates.rows],
        "text": [_finding(one) for one in correlates.text],
    }
    return finite_json(document)


def _rows(found: PreferenceReadings) -> Iterator[tuple[Any, ...]]:
    read, chosen = found.read, found.chosen.utilities
    sizes, above = size_rungs(read.rungs, POSITION), ranks_above(read.values)
    for row, (task, utility) in enumerate(zip(chosen.tasks, chosen.values.tolist(), strict=True)):
        denied = (NEGATION,) if task in found.correlates.left_out else ()
        for column, name in enumerate(read.names):
            fatal = (*fatal_rungs(read.rungs, emotions=(name,), speakers=SPEAKERS), *denied)
            value = None if fatal or sizes else float(read.values[row, column])
            rank = None if fatal else float(above[row, column])
            yield (task, utility, name, value, rank, [*fatal, *sizes])


def _correlate(row: CorrelateRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": row.kind,
        "plain": _finding(row.plain),
        "partial": _finding(row.partial),
        "p_permutation": row.p_permutation,
        "null_low": row.null_low,
        "null_high": row.null_high,
        "p_null": row.p_null,
        "adjusted_p": row.adjusted,
        "found": row.found,
        "withheld": list(row.withheld),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    entry = {**asdict(finding), "about": dict(finding.about)}
    entry.pop("evidence", None)
    return {"not_estimable": True, **entry} if isinstance(finding, NotEstimable) else entry
