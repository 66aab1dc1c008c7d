"""The size budget, as five numbers."""

import ast
import statistics
import sys

import grimp
import pytest

from .sources import dotted, modules

LARGEST_MODULE = 400
LONG_FUNCTION = 40


def test_the_size_budget_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    lines = {path: last_line(tree) for path, tree in modules().items()}
    functions = [length for tree in modules().values() for length in function_lengths(tree)]
    largest = max(lines, key=lambda path: lines[path])
    p90 = statistics.quantiles(functions, n=10)[8]
    cycles = import_cycles()
    hidden = [place for path, tree in modules().items() for place in hidden_imports(path, tree)]
    with capsys.disabled():
        sys.stdout.write(
            f"\nlargest module {lines[largest]} lines ({largest}), median module "
            f"{statistics.median(lines.values()):.0f}; 90% of functions at most {p90:.0f} lines; "
            f"import cycles {len(cycles)}; hidden imports {len(hidden)}\n"
        )
    assert lines[largest] <= LARGEST_MODULE
    assert p90 <= LONG_FUNCTION
    assert cycles == []
    assert hidden == []


def last_line(tree: ast.Module) -> int:
    return max((node.end_lineno or 0 for node in tree.body), default=0)


def function_lengths(tree: ast.Module) -> list[int]:
    """Lines of each function, its docstring not counted."""
    return [
        (node.end_lineno or node.lineno) - node.lineno + 1 - docstring_lines(node)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]


def docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1 if ast.get_docstring(node) else 0


def import_cycles() -> list[str]:
    """Modules that reach themselves by imports; a package's `__init__` counts as a module of its own."""
    graph = grimp.build_graph("goodheart", exclude_type_checking_imports=True, cache_dir=None)
    names = [name for name in graph.modules if name != "goodheart"]
    return [name for name in names if reaches_itself(graph, name)]


def reaches_itself(graph: grimp.ImportGraph, name: str) -> bool:
    imported = graph.find_modules_directly_imported_by(name)
    return any(graph.chain_exists(importer=each, imported=name) for each in imported)


def hidden_imports(path: str, tree: ast.Module) -> list[str]:
    """Imports inside functions, but for command bodies, which import what they need, and provider factories."""
    allowed = path.startswith("cli/") or path == "__init__.py"
    inside = [
        f"{dotted(path)}:{node.lineno}"
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) and not is_provider(function)
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    return [] if allowed else inside


def is_provider(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    decorators = [node.func if isinstance(node, ast.Call) else node for node in function.decorator_list]
    return any(isinstance(node, ast.Name) and node.id == "modelapi" for node in decorators)
