"""Inspect is used by its public names only: everything under an underscore changes without notice."""

import ast
from pathlib import Path

import goodheart

SOURCES = sorted(Path(goodheart.__file__).parent.rglob("*.py"))


def imported_names(source: str) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return [name for name in names if name.split(".")[0] == "inspect_ai"]


def is_private(name: str) -> bool:
    return any(part.startswith("_") for part in name.split("."))


def test_no_module_imports_a_private_name_of_inspect() -> None:
    found = {str(path): name for path in SOURCES for name in imported_names(path.read_text()) if is_private(name)}
    assert found == {}


def test_the_check_sees_private_names_however_they_are_imported() -> None:
    source = "import inspect_ai._util\nfrom inspect_ai.event._event import Event\nfrom inspect_ai.model import _model"
    assert [is_private(name) for name in imported_names(source)] == [True, True, True]
    assert sum(len(imported_names(path.read_text())) for path in SOURCES) > 10, "it looks at the real sources"
