import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from goodheart.whitebox.score import grow_leaf


def test_one_token_options_cost_no_row_beyond_the_prompt() -> None:
    leaf = grow_leaf(range(20), [(1,), (2,), (3,)], 16)
    assert leaf.tokens == (16, 17, 18, 19)
    assert [(read.row, read.pairs) for read in leaf.reads] == [(3, ((0, 1), (1, 2), (2, 3)))]


def test_common_tokens_of_options_run_once() -> None:
    # " very good" and " very bad" share their first token; "good" alone adds nothing
    leaf = grow_leaf((9,), [(5, 6), (5, 7), (6,)], 0)
    assert leaf.tokens == (9, 5)
    assert [(read.row, read.pairs) for read in leaf.reads] == [(0, ((0, 5), (1, 5), (2, 6))), (1, ((0, 6), (1, 7)))]
    assert leaf.positions.tolist() == [0, 1]


def test_branches_do_not_see_each_other() -> None:
    leaf = grow_leaf((9,), [(1, 2, 3), (4, 5, 6)], 0)
    assert leaf.tokens == (9, 1, 2, 4, 5)
    expected = np.array([[1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [1, 1, 1, 0, 0], [1, 0, 0, 1, 0], [1, 0, 0, 1, 1]], bool)
    assert np.array_equal(leaf.sees, expected)
    assert leaf.positions.tolist() == [0, 1, 2, 1, 2]


@given(
    prompt=st.lists(st.integers(0, 9), min_size=1, max_size=40),
    start=st.integers(0, 39),
    continuations=st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=5), min_size=1, max_size=8),
)
def test_every_token_of_every_continuation_is_read_once_after_its_own_past(
    prompt: list[int], start: int, continuations: list[list[int]]
) -> None:
    start = min(start, len(prompt) - 1)
    leaf = grow_leaf(prompt, continuations, start)
    read: dict[int, list[tuple[list[int], int]]] = {i: [] for i in range(len(continuations))}
    for each in leaf.reads:
        past = [leaf.tokens[row] for row in np.flatnonzero(leaf.sees[each.row])]
        for i, token in each.pairs:
            read[i].append((past, token))
    tail = prompt[start:]
    for i, continuation in enumerate(continuations):
        assert read[i] == [(tail + continuation[:j], token) for j, token in enumerate(continuation)]
