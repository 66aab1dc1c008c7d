"""What the contracts are about: the modules of the installed package, parsed once."""

import ast
from functools import cache
from pathlib import Path

import goodheart

PACKAGE = Path(goodheart.__file__).parent
ROOT = Path(__file__).parents[2]


@cache
def modules() -> dict[str, ast.Module]:
    """Every module by its path inside the package."""
    return {
        str(path.relative_to(PACKAGE)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def dotted(path: str) -> str:
    """The name that a module is imported by."""
    parts = path.removesuffix(".py").split("/")
    return ".".join(["goodheart", *(parts[:-1] if parts[-1] == "__init__" else parts)])
