"""Run folders of one respondent to one page: read, put together, write. No model is asked."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from goodheart.engine.folder import out_folder, refuse_named_twice, write_atomic
from goodheart.engine.overview_files import overview_json
from goodheart.engine.overview_sources import read_sources
from goodheart.overview import Overview, overview_of
from goodheart.report.overview import render_overview

FILE_NAME: Final = "overview.json"
PAGE_NAME: Final = "overview.html"


def overview_runs(folders: Sequence[Path], *, out: Path | None = None, respondent: str | None = None) -> Overview:
    """Put run folders of one respondent together, and write `overview.json` and `overview.html`.

    Args:
        folders: That an audit, `choose`, `conduct`, `inject` or `probe` wrote, in any order.
        out: Where to write; a folder beside the first one's if not said (`place_beside`).
        respondent: Which one, where a run asked several.

    Returns:
        What was put together.

    Raises:
        RunFolderError: a folder is named twice or cannot be read, or they do not belong on one page.
    """
    refuse_named_twice(
        folders,
        why="An overview reads each run once, because a run does not add to itself.",
        again="Name it once: goodheart overview DIR...",
    )
    sources = [source for folder in folders for source in read_sources(folder, respondent=respondent)]
    overview = overview_of(sources)
    page = render_overview(overview)
    where = out_folder(out or place_beside(overview), holds="Overviews")
    write_atomic(where / FILE_NAME, overview_json(overview))
    write_atomic(where / PAGE_NAME, page)
    return overview


def place_beside(overview: Overview) -> Path:
    """Return the folder that an overview goes into where none is named: beside the audit, else the first run."""
    first = overview.source("audit") or overview.source("versions") or overview.sources[0]
    folder = Path(first.place).resolve()
    return folder.parent / f"{folder.name}-overview"
