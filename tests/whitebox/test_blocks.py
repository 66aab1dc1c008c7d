import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.whitebox.blocks import Block, BlockPool, PoolFull
from goodheart.whitebox.rows import GRAIN


def _text(*firsts: int) -> tuple[int, ...]:
    return tuple(token for first in firsts for token in range(first, first + GRAIN))


def _filled(chain: list[Block]) -> list[Block]:
    for block in chain:
        block.ready = True
    return chain


def test_equal_beginnings_share_blocks_and_equal_blocks_elsewhere_do_not() -> None:
    pool = BlockPool(20)
    a, b, c = pool.open(_text(0, 100)), pool.open(_text(0, 200)), pool.open(_text(100, 200))
    assert a[0] is b[0]
    assert len({id(block) for block in (*a, *b, *c)}) == 5


def test_the_block_unused_for_longest_goes_first_and_children_before_parents() -> None:
    pool = BlockPool(5)  # place 0 is never given
    pool.close(_filled(pool.open(_text(0, 1))))
    pool.close(_filled(pool.open(_text(2, 3))))
    pool.open(_text(4))  # needs one: the child of the older chain goes
    kept = pool.open(_text(0))
    assert kept[0].ready
    assert pool.open(_text(2, 3))[1].ready


def test_blocks_in_use_are_never_taken() -> None:
    pool = BlockPool(4)
    held = _filled(pool.open(_text(0, 1)))
    with pytest.raises(PoolFull):
        pool.open(_text(5, 6))
    assert pool.n_available == 1  # what the failed attempt took was given back
    pool.close(held)
    assert pool.n_available == 3


def test_an_unfilled_block_is_forgotten_with_its_last_user() -> None:
    pool = BlockPool(6)
    first, second = pool.open(_text(0)), pool.open(_text(0))
    pool.close(first)
    assert pool.open(_text(0))[0] is second[0]
    pool.close(second)
    pool.close(second)
    assert pool.open(_text(0))[0] is not second[0]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans()), max_size=60))
def test_places_are_never_held_twice_nor_lost(steps: list[tuple[int, int, bool]]) -> None:
    pool = BlockPool(9)
    held: list[list[Block]] = []
    for first, second, close in steps:
        if close and held:
            pool.close(held.pop(0))
            continue
        try:
            held.append(_filled(pool.open(_text(first, 10 + second))))
            held.append(pool.private(second * GRAIN))
        except PoolFull:
            pass
        places = {block.place for chain in held for block in chain}
        assert len(places) == len({id(block) for chain in held for block in chain})
        assert 0 not in places
    for chain in held:
        pool.close(chain)
    assert pool.n_available == 8
