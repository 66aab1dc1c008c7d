"""Ratings of a run beside readings of the same items, and the checks that rest on both (A07)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from goodheart.assessments.emotion_readings import Read, columns_of
from goodheart.assessments.reading_positions import SIZES_AT, Position, fatal_rungs, size_rungs
from goodheart.checks import judge, suppression
from goodheart.checks.examined import Examined, Obstacle
from goodheart.checks.readings_beside import Beside, ItemPair, beside, examine_beside, pair_items
from goodheart.checks.suppression import Masked
from goodheart.engine.comparison_files import read_observations
from goodheart.engine.folder import read_plan
from goodheart.engine.reading_circumstances import CircumstanceReadings
from goodheart.errors import RunFolderError
from goodheart.probes.rung import MASKING
from goodheart.reading import mean_ratings, mood_of
from goodheart.records import Verdict

SEED: Final = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Ratings of a run, beside readings."""

    folder: Path
    respondent: str
    instrument: str | None
    """The one that carries the run's findings; None where none is valid."""
    ratings: Mapping[str, float]
    """Of itself in the base cell, by item; points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportBeside:
    """What comes of putting them side by side."""

    report: Report
    pairs: tuple[tuple[Position, tuple[ItemPair, ...]], ...]
    found: tuple[tuple[Position, Beside], ...]


def read_report(folder: Path, *, model: str) -> Report:
    """Read from a run folder what the same model said of itself: ratings of the base cell, by item.

    They are those of the instrument that carries the run's findings; where none passed its controls there are none.

    Raises:
        RunFolderError: no plan, observations or findings there, or another model.
    """
    rows = read_observations(folder, run=str(read_plan(folder)["digest"]))
    there = sorted({row.respondent for row in rows})
    names = [name for name in there if name.rsplit("/", 1)[-1] == model.rsplit("/", 1)[-1]]
    if not names:
        raise RunFolderError(
            f"Readings are put beside the ratings of the same model, here {model}; {folder} asked {', '.join(there)}. "
            "Name a run of this model: goodheart probe circumstances DIR --run RUN"
        )
    instrument = _instrument(folder, names[0])
    own = [row for row in rows if row.respondent == names[0]]
    ratings = mean_ratings(own, instrument=instrument) if instrument else {}
    return Report(
        folder=folder,
        respondent=names[0],
        instrument=instrument,
        ratings={item: value for (item, form), value in ratings.items() if form == "self"},
    )


def _instrument(folder: Path, respondent: str) -> str | None:
    try:
        document: Any = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
        found: dict[str, str | None] = {one["respondent"]: one["instrument"] for one in document["respondents"]}
        return found[respondent]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunFolderError(
            f"Ratings are those of the form of asking that carries a run's findings, which {folder / 'findings.json'} "
            f"names; it could not be read ({type(error).__name__}). Write it again: goodheart report {folder}"
        ) from error


def put_beside(found: CircumstanceReadings, report: Report) -> ReportBeside:
    """Put ratings beside readings, item by item, and correlate them."""
    pairs, rows = [], []
    for read in found.reads:
        if read.prompts[0].ruler != "plain" or fatal_rungs(read.rungs, emotions=("",), speakers=("self",)):
            continue
        items = _pairs(found, read, report)
        pairs.append((read.position, items))
        allowed = _axes_allowed(found, read)
        rows += [
            (read.position, beside(items, axis, scope=scope, position=read.position, seed=SEED))
            for axis in allowed
            for scope in ("circumstances", "all")
        ]
    return ReportBeside(report=report, pairs=tuple(pairs), found=tuple(rows))


def judge_readings(found: CircumstanceReadings, side: ReportBeside | None, *, respondent: str) -> tuple[Verdict, ...]:
    """Judge the checks that rest on readings: `internals` beside a run, `suppression` with hidden feelings."""
    examined = []
    words = [items for position, items in side.pairs if position == "words"] if side else []
    if words:
        read = next(one for one in found.reads if one.position == "words" and one.prompts[0].ruler == "plain")
        axis, sign = found.sets.report_axis, found.sets.report_sign
        validated = axis in _axes_allowed(found, read)
        examined.append(examine_beside(words[0], axis, sign=sign, validated=validated, seed=SEED))
    if found.masked is not None:
        examined.append(_suppression(found.masked, found))
    return judge(respondent=respondent, examined=examined) if examined else ()


def _suppression(masked: Masked, found: CircumstanceReadings) -> Examined:
    """Examine hidden feelings; where the ladder withholds sizes, say so: the check compares distances."""
    examined = suppression.examine(masked)
    rungs = found.reads[0].rungs
    sizes = size_rungs(rungs, SIZES_AT)
    if not sizes or any(MASKING in rung.withholds for rung in rungs):
        return examined
    obstacle = Obstacle(
        reason="instrument_invalid",
        detail=f"Hidden feelings are compared in distances, and sizes are withheld because of {', '.join(sizes)}.",
        needed="directions whose readings rise with the strength of a feeling",
        bars_failing=True,
    )
    return replace(examined, obstacles=(obstacle,))


def _axes_allowed(found: CircumstanceReadings, read: Read) -> tuple[str, ...]:
    return tuple(
        name
        for name, parts in found.sets.axes
        if set(parts) <= set(read.names) and not fatal_rungs(read.rungs, emotions=parts, speakers=("self",))
    )


def _pairs(found: CircumstanceReadings, read: Read, report: Report) -> tuple[ItemPair, ...]:
    columns = columns_of(read, found.sets)
    axes = [
        (name, place)
        for place, (name, kind) in enumerate(zip(columns.names, columns.kinds, strict=True))
        if kind == "axis"
    ]
    rows: dict[str, list[int]] = {}
    groups: dict[str, str] = {}
    for row, prompt in enumerate(read.prompts):
        if prompt.set in ("self", "good", "bad", "factual"):
            rows.setdefault(prompt.item, []).append(row)
            groups[prompt.item] = prompt.set
    texts = {item: [read.prompts[row].text for row in those] for item, those in rows.items()}
    moods = {item: fmean(mood_of(text) for text in those) for item, those in texts.items()}
    lengths = {item: fmean(len(text.split()) for text in those) for item, those in texts.items()}
    readings = {
        item: {name: float(columns.above[those, place].mean()) for name, place in axes} for item, those in rows.items()
    }
    baseline = {
        item: {name: (moods[item], lengths[item], found.word_scores[item][name]) for name, _ in axes} for item in rows
    }
    return pair_items(ratings=report.ratings, groups=groups, readings=readings, baseline=baseline)
