import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.whitebox.blocks import UNIT, Block, BlockPool, PoolFull, slots_of, units_for

ENDS = (UNIT, 2 * UNIT)


def _text(*firsts: int) -> tuple[int, ...]:
    return tuple(token for first in firsts for token in range(first, first + UNIT))


def _open(pool: BlockPool, *firsts: int) -> list[Block]:
    """Open a chain of one-unit blocks and say that they are filled."""
    chain = pool.open(_text(*firsts), ENDS[: len(firsts)])
    for block in chain:
        block.ready = block.filled = True
    return chain


def test_equal_beginnings_share_blocks_and_equal_blocks_elsewhere_do_not() -> None:
    pool = BlockPool(20)
    a, b, c = _open(pool, 0, 100), _open(pool, 0, 200), _open(pool, 100, 200)
    assert a[0] is b[0]
    assert len({id(block) for block in (*a, *b, *c)}) == 5


def test_the_block_unused_for_longest_goes_first_and_children_before_parents() -> None:
    pool = BlockPool(5)  # unit 0 is never given
    pool.close(_open(pool, 0, 1))
    pool.close(_open(pool, 2, 3))
    pool.open(_text(4), ENDS[:1])  # needs one: the child of the older chain goes
    assert pool.open(_text(0), ENDS[:1])[0].filled
    assert pool.open(_text(2, 3), ENDS)[1].filled


def test_blocks_in_use_are_never_taken() -> None:
    pool = BlockPool(4)
    held = _open(pool, 0, 1)
    with pytest.raises(PoolFull):
        pool.open(_text(5, 6), ENDS)
    with pytest.raises(PoolFull):
        pool.private(2 * UNIT)
    assert pool.n_available == 1  # what the failed attempts took was given back
    pool.close(held)
    assert pool.n_available == 3


def test_an_unfilled_block_is_forgotten_with_its_last_user() -> None:
    pool = BlockPool(6)
    first, second = pool.open(_text(0), ENDS[:1]), pool.open(_text(0), ENDS[:1])
    pool.close(first)
    assert pool.open(_text(0), ENDS[:1])[0] is second[0]
    pool.close(second)
    pool.close(second)
    assert pool.open(_text(0), ENDS[:1])[0] is not second[0]


def test_a_block_has_a_slot_for_each_of_its_tokens_and_no_more() -> None:
    pool = BlockPool(10)
    (short,) = pool.open(range(UNIT + 3), (UNIT + 3,))
    slots = slots_of((short, pool.private(2)))
    assert len(set(slots.tolist())) == UNIT + 5
    assert slots.min() >= UNIT  # unit 0 is never given
    assert [units_for(n) for n in (1, UNIT, UNIT + 1)] == [1, 1, 2]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans()), max_size=60))
def test_units_are_never_held_twice_nor_lost(steps: list[tuple[int, int, bool]]) -> None:
    pool = BlockPool(9)
    held: list[list[Block]] = []
    for first, second, close in steps:
        if close and held:
            pool.close(held.pop(0))
            continue
        try:
            held.append(_open(pool, first, 10 + second))
            held.append([pool.private(second * UNIT + 1)])
        except PoolFull:
            pass
        blocks = {id(block): block for chain in held for block in chain}.values()
        units = [unit for block in blocks for unit in block.units]
        assert len(units) == len(set(units))
        assert 0 not in units
    for chain in held:
        pool.close(chain)
    assert pool.n_available == 8
