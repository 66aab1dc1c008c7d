"""Run folders to a comparison: read, check that only the model differs, compare, write."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from goodheart.checks.compared import Comparison, Version, compare_versions
from goodheart.comparison import UNKNOWN
from goodheart.design.study import Study
from goodheart.engine.codec import study_from
from goodheart.engine.comparison_files import comparison_json, load_card, read_observations
from goodheart.engine.folder import out_folder, read_plan, refuse_named_twice, write_atomic
from goodheart.engine.plan_difference import plan_difference
from goodheart.errors import RunFolderError
from goodheart.records import Observation
from goodheart.report.command import command_of
from goodheart.report.comparison import render_comparison
from goodheart.thresholds import frozen

FILE_NAME: Final = "comparison.json"
PAGE_NAME: Final = "comparison.html"

FREE: Final = ("models", "name", "digest")
"""Of two plans, all that may differ: who was asked, and what the study is called."""

LINES: Final = ("ALPHA", "CONTROL_AUC", "CONTROL_GAP", "LEVEL", "MEASURED_SHARE", "MOVEMENT", "STILL", "UNIT_RATIO")
"""Thresholds that a comparison is held against: the plans have to have frozen them as they are now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    folder: Path
    plan: dict[str, Any]
    study: Study
    observations: tuple[Observation, ...]


def compare_runs(folders: Sequence[Path], *, out: Path, provenance: Path | None = None) -> Comparison:
    """Compare the versions in run folders, and write `comparison.json` and `comparison.html`.

    Args:
        folders: Run folders from the earliest version to the latest; every respondent of a folder is a version, in the
            order of its plan.
        out: Where to write; made where it is missing.
        provenance: A card of what is known of how the later versions came to be; None for nothing.

    Returns:
        One verdict per pair.

    Raises:
        RunFolderError: if there are fewer than two versions, or the plans differ in more than the model.
        StudyError: if the provenance card cannot be used.
    """
    card = UNKNOWN if provenance is None else load_card(provenance)
    refuse_named_twice(
        folders,
        why="A comparison is between different runs, because a run does not move against itself.",
        again="Name two run folders: goodheart compare EARLIER LATER",
    )
    runs = [_read(folder) for folder in folders]
    for run in runs[1:]:
        _same_plan(runs[0], run)
    _same_lines(runs[0])
    versions = _versions(runs)
    study = runs[0].study
    comparison = compare_versions(versions, order=study.preset.base_instruments, card=card)
    page = render_comparison(comparison, study=study, command=_command(folders, provenance))
    out_folder(out, holds="Comparisons")
    write_atomic(out / FILE_NAME, comparison_json(comparison))
    write_atomic(out / PAGE_NAME, page)
    return comparison


def _read(folder: Path) -> _Run:
    plan = read_plan(folder)
    study = study_from(plan, folder)
    return _Run(folder=folder, plan=plan, study=study, observations=read_observations(folder, run=str(plan["digest"])))


def _versions(runs: Sequence[_Run]) -> list[tuple[Version, tuple[Observation, ...]]]:
    found = [(run, model) for run in runs for model in run.study.models]
    if len(found) < 2:
        raise RunFolderError(
            "A comparison needs at least two versions, because it speaks of what moved between them. "
            f"{runs[0].folder} holds one respondent, {found[0][1]}. "
            "Name the run folder of the other version too: goodheart compare EARLIER LATER"
        )
    names = [model for _, model in found]
    return [
        (
            Version(
                label=model if names.count(model) == 1 else f"{model} ({run.folder.resolve().name})",
                respondent=model,
                run=str(run.plan["digest"]),
                folder=run.folder.resolve().name,
            ),
            tuple(row for row in run.observations if row.respondent == model),
        )
        for run, model in found
    ]


def _same_plan(first: _Run, other: _Run) -> None:
    old, new = ({key: value for key, value in run.plan.items() if key not in FREE} for run in (first, other))
    # The digests of two plans that differ in their models differ too, and say nothing.
    problems = plan_difference(old, new)
    if problems:
        again = " ".join(command_of(replace(first.study, models=other.study.models)))
        raise RunFolderError(
            "Two versions are compared on the same items, asked in the same way, so that only the model differs. "
            f"{other.folder} differs from {first.folder} in more. To ask it the same, type: {again}\n"
            f"What differs ({first.folder.name} -> {other.folder.name}):",
            problems=problems,
        )


def _same_lines(run: _Run) -> None:
    now, then = frozen(), dict(run.study.thresholds)
    problems = [
        f"{name}: {'absent' if name not in then else f'{then[name]:g}'} -> {now[name]:g}"
        for name in LINES
        if then.get(name) != now[name]
    ]
    if problems:
        raise RunFolderError(
            "The lines that a comparison is held against are frozen with the plan, before any result. "
            f"{run.folder} froze others than this version has. Ask again with this version: "
            f"{' '.join(command_of(run.study))}\nWhat differs (frozen -> now):",
            problems=problems,
        )


def _command(folders: Sequence[Path], provenance: Path | None) -> tuple[str, ...]:
    # Names without the way to them: a page that is passed on says nothing about the machine that made it.
    card = () if provenance is None else (f"--provenance {provenance.name}",)
    return ("goodheart compare", *(folder.resolve().name for folder in folders), *card)
