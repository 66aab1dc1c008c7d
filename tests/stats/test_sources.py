import ast
from pathlib import Path

import pytest

import goodheart.stats
from goodheart.errors import InternalError
from goodheart.stats import SOURCES, source_of

ROOM = Path(goodheart.stats.__file__).parent


def written_methods() -> set[str]:
    """Return every method id that the room's code passes on or names as its METHOD."""
    found: set[str] = set()
    for path in ROOM.glob("*.py"):
        if path.name == "sources.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.keyword(arg="method", value=value):
                    found |= strings(value)
                case ast.Assign(targets=[ast.Name(id="METHOD" | "method")], value=value):
                    found |= strings(value)
                case ast.AnnAssign(target=ast.Name(id="METHOD"), value=ast.expr() as value):
                    found |= strings(value)
    # What `kind == "spearman"` compares with stands in the same expression as two method ids.
    return found - {"spearman"}


def strings(node: ast.expr) -> set[str]:
    return {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def test_every_method_that_an_estimate_can_carry_has_a_source() -> None:
    methods = written_methods()
    assert {"t_tail_df", "mls_jackknife_df", "wilson", "newcombe_5", "spearman_bonett_wright"} <= methods
    assert methods <= set(SOURCES)


def test_no_source_is_left_over() -> None:
    tests_behind_verdicts = {"tost", "max_t_sign_flip", "holm", "benjamini_hochberg"}
    of_other_rooms = {"t_paired_laplace", "firth_logistic"}  # made by the checks on manipulations, and by conduct
    of_injection = {"rank_null_directions", "jackknife_clusters"}
    assert set(SOURCES) - written_methods() == tests_behind_verdicts | of_other_rooms | of_injection


def test_every_source_names_a_year_and_a_limit() -> None:
    for source in SOURCES.values():
        assert any(f"({century}" in source.reference for century in ("18", "19", "20"))
        assert source.limits.endswith(".")


def test_an_unknown_method_is_told_where_to_go() -> None:
    assert source_of(method="wilson").method == "wilson"
    with pytest.raises(InternalError, match=r"stats/sources\.py"):
        source_of(method="vibes")
