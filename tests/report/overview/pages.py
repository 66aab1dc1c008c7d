"""Overviews of one respondent and their pages, each made once."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from goodheart.engine.overview_sources import read_sources
from goodheart.overview import Overview, Source, overview_of
from goodheart.report.overview import render_overview
from tests.overview.folders import one_of_each

APART = "deprecation"
"""The circumstance that the report is raised on alone, by two points, in the case of that name."""


@cache
def sources() -> tuple[Source, ...]:
    """One run of each kind."""
    with TemporaryDirectory() as place:
        folders = one_of_each(Path(place))
        return tuple(one for folder in folders for one in read_sources(folder))


@cache
def overview_named(case: str) -> Overview:
    """`planted`: everything; `parted`: one circumstance apart; `alone`: an audit; `no audit`: an injection."""
    kinds = {one.kind: one for one in sources()}
    match case:
        case "planted":
            return overview_of(sources())
        case "parted":
            return overview_of([_parted(kinds["versions"])])
        case "alone":
            return overview_of([kinds["audit"]])
        case _:
            return overview_of([kinds["injection"]])


def _parted(source: Source) -> Source:
    raised = tuple(
        replace(row, value=row.value + 2.0)
        if row.channel == "stated" and row.measure == "rating" and row.cluster == APART and row.value is not None
        else row
        for row in source.observations
    )
    return replace(source, observations=raised)


@cache
def page_of(case: str) -> str:
    return render_overview(overview_named(case))
