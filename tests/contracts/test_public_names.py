"""The public surface: what `import goodheart` offers, and that all of it says what it is."""

import ast
import inspect

import goodheart

from .sources import modules

PUBLIC = [
    "EMBEDDED",
    "PRESETS",
    "AskSettings",
    "Bank",
    "BudgetError",
    "Cost",
    "Estimate",
    "Finding",
    "Findings",
    "Foresight",
    "GoodheartError",
    "InternalError",
    "Item",
    "ItemBankError",
    "ModelError",
    "NotEstimable",
    "Observation",
    "Preset",
    "Prices",
    "Progress",
    "Reply",
    "RunFolderError",
    "Study",
    "StudyError",
    "StudyRequest",
    "Trial",
    "UserError",
    "Validity",
    "Verdict",
    "analyse",
    "cost_of",
    "foresee",
    "load_folder",
    "load_study_file",
    "plan_study",
    "public_banks",
    "rank",
    "report_study",
    "run_study",
    "study_digest",
]


def test_the_public_names_change_only_on_purpose() -> None:
    assert goodheart.__all__ == PUBLIC
    assert len(PUBLIC) <= 40


def test_every_public_name_is_there_and_listed() -> None:
    assert [name for name in PUBLIC if not hasattr(goodheart, name)] == []
    assert set(PUBLIC) <= set(dir(goodheart))


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    assert not hasattr(goodheart, "welfare_score")


def test_every_public_class_and_function_has_a_docstring() -> None:
    named = [getattr(goodheart, name) for name in PUBLIC]
    described = [thing for thing in named if inspect.isclass(thing) or inspect.isfunction(thing)]
    assert len(described) > 30
    assert [thing.__name__ for thing in described if not thing.__doc__ or thing.__doc__.startswith("Union")] == []


def test_everything_without_an_underscore_has_a_docstring() -> None:
    bare = [
        f"{path}: {node.name}"
        for path, tree in modules().items()
        for node in public_definitions(tree)
        if not ast.get_docstring(node)
    ]
    assert bare == []


def public_definitions(tree: ast.Module) -> "list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]":
    """Top-level definitions, and the methods of public classes."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    top = [node for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")]
    classes = [node for node in top if isinstance(node, ast.ClassDef)]
    methods = [
        node
        for each in classes
        for node in each.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_")
    ]
    return [*top, *methods]
