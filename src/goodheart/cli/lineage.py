"""`goodheart lineage`: does a model answer like a possible teacher on welfare, more than elsewhere?"""

from pathlib import Path
from typing import Annotated

import typer


def lineage(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder of the respondent.")],
    *,
    teacher: Annotated[Path, typer.Option(metavar="RUN", help="Run folder of the candidate.")],
    unrelated: Annotated[
        list[Path], typer.Option(metavar="RUN", help="Run folders of models known to be unrelated; three or more.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where lineage.json goes; the respondent's run folder if not said."),
    ] = None,
) -> None:
    """Compare replies in own words with those of a candidate and of unrelated models."""
    from goodheart.cli.terminal import say
    from goodheart.lineages import FILE_NAME, lineage_of
    from goodheart.report.names import VERDICTS
    from goodheart.report.words import STATEMENT

    where = out or folder
    verdict = lineage_of(folder, teacher=teacher, unrelated=unrelated, out=where)
    say(f"lineage: {VERDICTS[verdict.verdict]}\n  {verdict.detail}")
    if verdict.needed:
        say(f"  Needed: {verdict.needed}.")
    for text in verdict.alternatives if verdict.verdict == "fails" else ():
        say(f"  It may also be: {text}")
    say(f"Numbers: {where / FILE_NAME}")
    say(STATEMENT)
