"""Means of the residual stream over tokens of many prompts, reduced while the model runs.

Each stretch of tokens that prompts share is run once; its sums are added to the mean of every prompt that it belongs
to. What is kept is the result and one pass: memory does not grow with the length of texts. Sums are in float64, in the
order of the text, cut by the prompt alone, so a prompt's means do not depend on its company.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import torch

from goodheart.errors import ModelError
from goodheart.whitebox.chat import Ids
from goodheart.whitebox.forest import Shift, grow
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.pooling import Pool, Rolling, Window, windows_of
from goodheart.whitebox.walk import Batch, batches, n_slots, own_store, run_batch

FloatArray = npt.NDArray[np.float64]

Cell = tuple[int, int]
"""A prompt and one of its windows."""
Takes = list[tuple[int, int, list[Cell]]]
"""Rows of a pass from, up to, and the means that their sum is part of."""


def record(
    packed: PackedModel,
    prompts: Sequence[Ids],
    *,
    layers: Sequence[int],
    pool: Pool,
    shifts: Sequence[tuple[Shift, ...]] | None = None,
    breaks: frozenset[int] = frozenset(),
) -> FloatArray:
    """Average the residual stream over tokens of each prompt.

    Args:
        packed: The model; called from its own thread.
        prompts: Token ids, each of at least one token.
        layers: Which states, in the order wanted: 0 are the embeddings, i is what block i gives, before the final norm.
        pool: Which tokens are averaged.
        shifts: For each prompt what is added to its states; a reading at that layer or later sees it.
        breaks: Token ids after which a shared beginning may end; without any it ends at every 32nd token. The finer
            the ends, the more is shared.

    Returns:
        (n_prompts, n_layers, d_model), prompts in the order given; for `Rolling` (n_prompts, n_windows, n_layers,
        d_model), NaN where a prompt has fewer windows than the longest.

    Raises:
        ModelError: no such layer, a window without tokens or outside its prompt, an empty prompt, or states that are
            not finite.
    """
    check_layers(layers, of=range(len(packed.blocks) + 1))
    windows = windows_of(pool, [len(prompt) for prompt in prompts])
    n_windows = max(map(len, windows), default=1)
    totals = np.zeros((len(prompts), n_windows, len(layers), packed.d_model))
    order = grow(prompts, breaks=breaks, shifts=shifts)
    with own_store(packed, n_slots(order)):
        for batch in batches(order):
            takes = _takes(batch, windows)
            for (_, _, cells), sums in zip(takes, _sums(packed, batch, takes, layers), strict=True):
                _check_finite(sums, layers, cells)
                for cell in cells:
                    totals[cell] += sums
    for i, each in enumerate(windows):
        counts = [sum(stop - start for start, stop in window) for window in each]
        totals[i, : len(each)] /= np.array(counts)[:, None, None]
        totals[i, len(each) :] = np.nan
    return totals if isinstance(pool, Rolling) else totals[:, 0]


def check_layers(layers: Sequence[int], *, of: range) -> None:
    """Refuse layers that a model does not have.

    Args:
        layers: What is asked.
        of: Those whose states can be read.

    Raises:
        ModelError: there are none, one twice, or one outside the model.
    """
    if not layers or len(set(layers)) < len(layers) or not all(layer in of for layer in layers):
        raise ModelError(
            f"states are read at layers {layer_names(of)} of this model, each named once; "
            f"asked for {list(layers)}. Pass, for example, `layers=({round(2 * of[-1] / 3)},)`."
        )


def layer_names(layers: range) -> str:
    """Name the first and the last of a model's layers."""
    first = "0 (embeddings)" if layers[0] == 0 else str(layers[0])
    return f"{first} to {layers[-1]} (the last block)"


def _takes(batch: Batch, windows: Sequence[Sequence[Window]]) -> Takes:
    """Find the rows of a pass that are summed together, each sum once for all who want it."""
    takes: Takes = []
    for placed in batch:
        stretch = placed.stretch
        first, last = stretch.start, stretch.start + len(stretch.tokens)
        wanted: dict[tuple[int, int], list[Cell]] = defaultdict(list)
        for prompt in stretch.prompts:
            for span, cells in _pieces(windows[prompt], first, last).items():
                wanted[span] += [(prompt, cell) for cell in cells]
        shift = placed.first - first
        takes += [(start + shift, stop + shift, cells) for (start, stop), cells in wanted.items()]
    return takes


def _pieces(windows: Sequence[Window], first: int, last: int) -> dict[tuple[int, int], list[int]]:
    """Cut tokens first..last at the ends of one prompt's windows; the pieces in them, and whose they are."""
    touching = [
        (max(start, first), min(stop, last), i)
        for i, window in enumerate(windows)
        for start, stop in window
        if start < last and stop > first
    ]
    edges = sorted({edge for start, stop, _ in touching for edge in (start, stop)})
    pieces = {(a, b): [i for start, stop, i in touching if start <= a and b <= stop] for a, b in pairwise(edges)}
    return {span: cells for span, cells in pieces.items() if cells}


def _sums(packed: PackedModel, batch: Batch, takes: Takes, layers: Sequence[int]) -> FloatArray:
    """Run a pass; return the sums of the rows of each take, (n_takes, n_layers, d_model)."""
    sums = np.zeros((len(takes), len(layers), packed.d_model))

    def read(layer: int, states: torch.Tensor) -> None:
        if takes:
            rows = [states[start:stop].sum(0, dtype=torch.float64) for start, stop, _ in takes]
            sums[:, layers.index(layer)] = torch.stack(rows).cpu().numpy()

    run_batch(packed, batch, read=read, layers=layers, stop_early=True)
    return sums


def _check_finite(sums: FloatArray, layers: Sequence[int], cells: Sequence[Cell]) -> None:
    fine = np.isfinite(sums).all(axis=-1)
    if not fine.all():
        layer = layers[int(np.argmin(fine))]
        raise ModelError(
            f"means need finite states; those of prompt {cells[0][0]} at layer {layer} are infinite or not a number. "
            "Load the model with `-M dtype=float32`, or push less."
        )
