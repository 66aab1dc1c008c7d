"""The documents name every field of an organism file, every organism, and every cell of the matrix."""

import re
from dataclasses import fields
from pathlib import Path

from goodheart.organisms.described import SECTIONS
from goodheart.organisms.files import load_organisms, public_organisms
from goodheart.organisms.truth import public_truth

DOCS = Path(__file__).parents[2] / "docs"


def test_every_field_and_every_organism_is_explained() -> None:
    page = (DOCS / "organisms.md").read_text(encoding="utf-8")
    quoted = set(re.findall(r"`([^`\n]+)`", page))
    named = {field.name for kind in SECTIONS.values() for field in fields(kind)}
    assert named - quoted == set()
    assert {one.name.partition(".")[0] for one in public_organisms()} - quoted == set()


def test_the_example_of_the_page_loads(tmp_path: Path) -> None:
    page = (DOCS / "organisms.md").read_text(encoding="utf-8")
    path = tmp_path / "example.yaml"
    path.write_text(page.partition("```yaml\n")[2].partition("```")[0])
    assert [one.name for one in load_organisms(path)] == ["flatterer"]


def test_the_page_holds_the_matrix_that_ships() -> None:
    page = (DOCS / "truth-matrix.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if re.match(r"\| `[a-z_.]+` \| `[a-z]+` \|", line)]
    shown = {tuple(cell.strip(" `") for cell in line.strip("|").split("|")) for line in lines}
    cells = public_truth().cells
    assert {(organism, check, cell.truth, cell.because) for (organism, check), cell in cells.items()} == {
        (row[0], row[1], row[2], row[4]) for row in shown
    }
