from hypothesis import given
from hypothesis import strategies as st

from goodheart.whitebox.cuts import LONGEST, SHORTEST, break_tokens, cut_points
from tests.whitebox.tiny import tiny_tokenizer

BREAKS = frozenset({0, 1})
tokens = st.lists(st.integers(0, 9), max_size=120)


def test_blocks_end_after_breaks_once_they_are_long_enough() -> None:
    #        0123456789...           a break at 2 comes too early, the one at 10 ends the first block after 11 tokens
    prompt = [5] * 2 + [0] + [5] * 7 + [0] + [5] * 9
    assert cut_points(prompt, BREAKS) == (11,)


def test_a_text_without_breaks_is_cut_by_length() -> None:
    assert cut_points([5] * (2 * LONGEST + 1), BREAKS) == (LONGEST, 2 * LONGEST)


def test_the_last_token_is_never_in_a_shared_block() -> None:
    assert cut_points([5] * LONGEST, BREAKS) == ()
    assert cut_points([0] * SHORTEST, BREAKS) == ()
    assert cut_points([0] * (SHORTEST + 1), BREAKS) == (SHORTEST,)


@given(start=tokens, a=tokens, b=tokens)
def test_equal_beginnings_are_cut_equally(start: list[int], a: list[int], b: list[int]) -> None:
    first, second = cut_points(start + a, BREAKS), cut_points(start + b, BREAKS)
    n = min(len(start), len(start + a) - 1, len(start + b) - 1)
    assert [end for end in first if end <= n] == [end for end in second if end <= n]
    assert all(SHORTEST <= end - begin <= LONGEST for begin, end in zip((0, *first), first, strict=False))


def test_breaks_are_the_ends_of_lines_and_sentences() -> None:
    tokenizer = tiny_tokenizer()
    found = break_tokens(tokenizer)
    assert {tokenizer("\n").input_ids[0], tokenizer(".").input_ids[0], tokenizer("?").input_ids[0]} <= found
    assert tokenizer("a").input_ids[0] not in found
