"""What `goodheart probe circumstances` leaves: every reading, every contrast, and what withholds the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from goodheart.assessments.emotion_readings import Read, ReadingRow
from goodheart.assessments.reading_contrasts import ranks_above
from goodheart.assessments.reading_positions import fatal_rungs, negation_withheld, size_rungs
from goodheart.engine.codec import finite_json, verdict_entry
from goodheart.engine.folder import out_folder, write_atomic
from goodheart.engine.probe_files import NOTICE
from goodheart.engine.probing import Probed
from goodheart.engine.reading_circumstances import CircumstanceReadings
from goodheart.engine.readings_beside import ReportBeside
from goodheart.probes.reading import is_negated
from goodheart.probes.rung import EVALUATION
from goodheart.records import Estimate, Finding, Verdict

READINGS: Final = "readings.json"
PAGE: Final = "readings.html"
VERSION: Final = 1
UNIT: Final = (
    "value: distances between an emotion's own stories (1) and the others' (0), null where sizes are withheld; above: "
    "share of the other prompts of the same ruler and position that read lower, null where that is withheld too"
)
COLUMNS: Final = ("prompt", "position", "name", "value", "above", "withheld")


def write_readings(
    found: CircumstanceReadings,
    probed: Probed,
    side: ReportBeside | None,
    verdicts: Sequence[Verdict],
    *,
    started: float,
    page: str,
    folder: Path,
) -> None:
    """Write `readings.json` and the page.

    Args:
        found: What was read.
        probed: Along which directions, and their ladder.
        side: Ratings beside it, if a run was named.
        verdicts: Of the checks that rest on it.
        started: When reading began, in seconds since the epoch.
        page: `readings.html`.
        folder: Where.

    Raises:
        RunFolderError: the folder cannot be written.
    """
    out_folder(folder, holds="Readings")
    write_atomic(folder / READINGS, readings_json(found, probed, side, verdicts, started=started))
    write_atomic(folder / PAGE, page)


def readings_json(
    found: CircumstanceReadings,
    probed: Probed,
    side: ReportBeside | None,
    verdicts: Sequence[Verdict],
    *,
    started: float,
) -> str:
    """Write everything as one JSON object; one row per prompt, position and emotion."""
    origin = probed.probes.origin
    evaluation = probed.probes.evaluation
    document = {
        "schema_version": VERSION,
        "not_for_training": NOTICE,
        "started": started,
        "origin": {**asdict(origin), "versions": [list(pair) for pair in origin.versions]},
        "layer": probed.probes.emotions.layer,
        "evaluation_layer": evaluation.layer if evaluation else None,
        "sets": found.sets.digest,
        "axes": {name: list(parts) for name, parts in found.sets.axes},
        "rungs": [asdict(rung) for rung in probed.rungs],
        "position_rungs": [{"position": position, **asdict(rung)} for position, rung in found.position_rungs],
        "prompts": [
            {
                "id": one.id,
                "ruler": one.ruler,
                "set": one.set,
                "item": one.item,
                "cluster": one.cluster,
                "wording": one.wording,
                "framing": one.framing,
                "setting": one.setting,
                "messages": [asdict(message) for message in one.messages],
            }
            for one in found.prompts
        ],
        "unit": UNIT,
        "columns": list(COLUMNS),
        "rows": [row for read in found.reads for row in _rows(read)],
        "contrasts": [_contrast(row) for row in found.readings.rows],
        "framing_response": [
            {
                "position": position,
                "self": _finding(one.own),
                "human": _finding(one.human),
                "index": _finding(one.index),
            }
            for position, one in found.readings.responses
        ],
        "report": _side(side) if side else None,
        "verdicts": [verdict_entry(one) for one in verdicts],
    }
    return finite_json(document, dense=True)


def _rows(read: Read) -> Iterator[list[Any]]:
    above, negation = ranks_above(read.values), negation_withheld(read.rungs)
    sizes = size_rungs(read.rungs, read.position)
    if read.names == (EVALUATION,):
        sizes, negation = (), False
    for row, prompt in enumerate(read.prompts):
        denied = ("negation",) if negation and is_negated(prompt.words) else ()
        for column, name in enumerate(read.names):
            emotions = () if name == EVALUATION else (name,)
            speakers = (prompt.speaker,) if prompt.speaker and emotions else ()
            fatal = (*fatal_rungs(read.rungs, emotions=emotions, speakers=speakers), *denied)
            value = None if fatal or sizes else round(float(read.values[row, column]), 5)
            rank = None if fatal else round(float(above[row, column]), 5)
            yield [prompt.id, read.position, name, value, rank, [*fatal, *sizes]]


def _contrast(row: ReadingRow) -> dict[str, Any]:
    return {
        **_finding(row.finding),
        "direction": row.name,
        "kind": row.kind,
        "position": row.position,
        "size": _finding(row.size) if row.size else None,
        "null_low": row.null_low,
        "null_high": row.null_high,
        "p_null": row.p_null,
        "adjusted_p": row.adjusted,
        "found": row.found,
        "withheld": list(row.withheld),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    if isinstance(finding, Estimate):
        return {
            "name": finding.name,
            "about": dict(finding.about),
            "value": finding.value,
            "low": finding.low,
            "high": finding.high,
            "level": finding.level,
            "unit": finding.unit,
            "n": finding.n,
            "n_clusters": finding.n_clusters,
            "method": finding.method,
        }
    about = dict(finding.about)
    return {"name": finding.name, "about": about, "not_estimable": finding.reason, "detail": finding.detail}


def _side(side: ReportBeside) -> dict[str, Any]:
    return {
        "run": side.report.folder.name,
        "respondent": side.report.respondent,
        "instrument": side.report.instrument,
        "items": [
            {
                "position": position,
                "item": one.item,
                "set": one.group,
                "rating": one.rating,
                "readings": dict(one.readings),
                "text": {axis: list(values) for axis, values in one.baseline},
            }
            for position, items in side.pairs
            for one in items
        ],
        "correlations": [
            {
                "position": position,
                "axis": one.axis,
                "items": one.scope,
                "plain": _finding(one.plain),
                "text": [_finding(each) for each in one.text],
                "partial": _finding(one.partial),
                "p_permutation": one.p,
                "n": one.n,
                "items_needed": one.needed,
            }
            for position, one in side.found
        ],
    }
