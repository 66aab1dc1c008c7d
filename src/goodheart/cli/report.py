"""`goodheart report`: analyse run folders again, without a model."""

from pathlib import Path
from typing import Annotated

import typer


def report(
    folders: Annotated[
        list[Path],
        typer.Argument(metavar="DIR...", help="Run folders that `goodheart audit`, `choose` or `conduct` wrote."),
    ],
) -> None:
    """Write findings and report of run folders again, from their journals and without a model."""
    for folder in folders:
        _again(folder)


def _again(folder: Path) -> None:
    """Analyse a run by what its plan is of: each kind has a key that no other has."""
    from goodheart.engine.folder import read_plan

    plan = read_plan(folder)
    if "assessments" in plan:
        from goodheart.choices import report_choices
        from goodheart.cli.chosen import print_choices

        print_choices(report_choices(folder), folder)
    elif "beforehand" in plan:
        from goodheart.cli.conduct import print_conduct
        from goodheart.conducts import report_conduct

        print_conduct(report_conduct(folder), folder)
    else:
        from goodheart.cli.summary import print_summary
        from goodheart.studies import report_study

        print_summary(report_study(folder), folder)
