"""`goodheart report`: analyse run folders again, without a model."""

from pathlib import Path
from typing import Annotated

import typer


def report(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Run folders that `goodheart audit` wrote.")],
) -> None:
    """Write findings and report of run folders again, from their journals and without a model."""
    from goodheart.cli.summary import print_summary
    from goodheart.studies import report_study

    for folder in folders:
        print_summary(report_study(folder), folder)
