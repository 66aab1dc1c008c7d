import numpy as np
import pytest
import torch

from goodheart.whitebox.packing import STEP_GRAIN, KeyValueStore, Node, pack


def _node(n: int, before: int = 0) -> Node:
    return Node(
        tokens=tuple(range(n)),
        positions=np.arange(before, before + n),
        slots=np.arange(8 + before, 8 + before + n),
        context=np.arange(8, 8 + before),
        sees=np.tri(n, dtype=bool),
    )


@pytest.mark.parametrize(
    ("n", "before", "shape"),
    [
        (5, 0, (16, 16)),
        (16, 16, (16, 32)),
        (17, 3, (32, 48)),
        (1, 0, (1, STEP_GRAIN)),
        (1, STEP_GRAIN, (1, 2 * STEP_GRAIN)),
    ],
)
def test_the_shape_follows_from_the_node_alone(n: int, before: int, shape: tuple[int, int]) -> None:
    assert _node(n, before).shape == shape


def test_nodes_of_one_shape_are_stacked() -> None:
    packing = pack([_node(5), _node(16, 16), _node(7)], KeyValueStore(64), 32)
    assert sorted(group.shape for group in packing.groups) == [(1, 16, 32), (2, 16, 16)]


def test_every_token_is_a_query_once_and_padding_goes_to_the_spare_row() -> None:
    packing = pack([_node(5), _node(7), _node(20)], KeyValueStore(64), 32)
    targets = torch.cat([group.targets for group in packing.groups])
    assert sorted(targets[targets < 32].tolist()) == list(range(32))
    assert set(targets[targets >= 32].tolist()) == {32}


@pytest.mark.parametrize(("sizes", "n_padded"), [((1, 31), 32), ((16, 15), 31), ((1, 15), 16)])
def test_rows_with_padding_among_them_are_looked_up(sizes: tuple[int, ...], n_padded: int) -> None:
    # the spare row follows the last one, and must not be taken for the next in line
    *_, last = pack([_node(n) for n in sizes], KeyValueStore(64), n_padded).groups
    assert last.span is None


def test_full_neighbours_are_taken_as_they_stand() -> None:
    (group,) = pack([_node(16), _node(16)], KeyValueStore(64), 32).groups
    assert group.span == slice(0, 32)


def test_a_window_hides_what_is_far_and_a_fold_repeats_the_mask() -> None:
    (group,) = pack([_node(4)], KeyValueStore(64), 16).groups
    bias = group.bias(2, 3)
    assert bias.shape == (1, 1, 48, 16)
    assert (bias[0, 0, :4, :4] == 0).tolist() == [
        [True, False, False, False],
        [True, True, False, False],
        [False, True, True, False],
        [False, False, True, True],
    ]
    assert torch.equal(bias[0, 0, :16], bias[0, 0, 32:])
    assert bool((bias == 0).any(-1).all())  # padding queries look at something
