"""What is installed is what was built: the package's data is in it, and tests see the wheel where they should."""

import os
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

import pytest

import goodheart
from goodheart.items import public_banks

from .sources import ROOT


def test_the_items_and_their_ratings_are_in_the_package() -> None:
    folder = files("goodheart.items").joinpath("public")
    names = {entry.name for entry in folder.iterdir()}
    assert {"circumstances.yaml", "controls.yaml", "neutral.yaml", "nonwelfare.yaml"} <= names
    assert {"ratings.csv", "same_meaning.csv"} <= names
    assert len(public_banks()) >= 4


def test_every_file_of_the_source_is_in_the_package() -> None:
    source = ROOT / "src" / "goodheart"
    wanted = {str(path.relative_to(source)) for path in source.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    installed = Path(goodheart.__file__).parent
    assert [name for name in sorted(wanted) if not (installed / name).is_file()] == []


def test_inspect_is_told_of_the_tasks() -> None:
    assert "goodheart.engine.registry" in {entry.value for entry in entry_points(group="inspect_ai")}


@pytest.mark.skipif(os.environ.get("GOODHEART_TEST_WHEEL") != "1", reason="only `make test` installs the wheel")
def test_the_tests_run_against_the_wheel() -> None:
    assert "site-packages" in Path(goodheart.__file__).parts
