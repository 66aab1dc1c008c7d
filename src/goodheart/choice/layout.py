"""Which parameters a row of counts depends on, and how: the linear predictors as slots.

    theta_i = mean + u_i         mean only where opting out gives utilities a zero
    d = theta_left - theta_right + b + b_level + v_(left, level) - v_(right, level)

A slot is one parameter per row (by its index) with a fixed coefficient on each predictor. u, b_level and v are normal
with mean 0; each group of them is a block with one standard deviation.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from goodheart.choice.choices import FloatArray, IntArray
from goodheart.choice.likelihood import Likelihood, davidson, luce, thurstone
from goodheart.choice.model import ChoiceModel, Effect
from goodheart.choice.tally import Tally

NO_TIE: Final = -800.0
"""Log weight of a tie that cannot be: its exponential is exactly 0."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slot:
    """One parameter per row and its coefficient on each predictor."""

    index: IntArray | int
    """A whole number where all rows share the parameter."""
    on: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Parameters with one prior, mean 0."""

    name: str
    start: int
    stop: int
    sd: float | None
    """None: estimated from the choices."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """The parameters of a model for given counts."""

    slots: tuple[Slot, ...]
    blocks: tuple[Block, ...]
    """In the order of the parameters; `utility` first."""
    n_predictors: int
    likelihood: Likelihood
    no_tie: float
    """The last predictor where the model has no tie parameter."""

    @property
    def n_params(self) -> int:
        """How many parameters there are."""
        return self.blocks[-1].stop

    def place(self, name: str) -> int | None:
        """Return the index of a block's first parameter, None where the model has no such block."""
        return next((block.start for block in self.blocks if block.name == name), None)


def lay_out(tally: Tally, model: ChoiceModel) -> Layout:
    """Lay out the parameters that these counts can tell of.

    Tie and opt-out parameters exist where there were ties and where opting out was on offer.
    """
    absolute = bool(tally.offered.any())
    difference = (1.0, -1.0, 0.0) if absolute else (1.0, 0.0)
    left = (1.0, 0.0, 0.0) if absolute else (1.0, 0.0)
    right = (0.0, 1.0, 0.0) if absolute else (-1.0, 0.0)
    order = (0.5, -0.5, 0.0) if absolute else difference
    blocks = [Block(name="utility", start=0, stop=tally.n_items, sd=model.prior_sd)]
    slots = [Slot(index=tally.left, on=left), Slot(index=tally.right, on=right)]

    def add(name: str, size: int, sd: float | None) -> int:
        start = blocks[-1].stop
        blocks.append(Block(name=name, start=start, stop=start + size, sd=sd))
        return start

    for effect in model.effects:
        levels = _levels(tally, effect)
        if levels.size and levels.max() > 0:
            both, n_deviations = _combinations(tally, levels)
            start = add(f"item_{effect}", n_deviations, None)
            slots += [Slot(index=start + both[0], on=left), Slot(index=start + both[1], on=right)]
            if model.order_effect:
                slots.append(Slot(index=add(f"order_{effect}", int(levels.max()) + 1, None) + levels, on=order))
    if absolute:
        slots.append(Slot(index=add("mean", 1, 100.0), on=(1.0, 1.0, 0.0)))
    if model.order_effect:
        slots.append(Slot(index=add("order", 1, model.order_sd), on=order))
    if tally.n_tie.any():
        tie = (*(0.0 for _ in difference[:-1]), 1.0)
        slots.append(Slot(index=add("tie", 1, model.tie_sd), on=tie))
    return Layout(
        slots=tuple(slots),
        blocks=tuple(blocks),
        n_predictors=len(difference),
        likelihood=thurstone if model.kind == "thurstone" else luce if absolute else davidson,
        no_tie=0.0 if model.kind == "thurstone" else NO_TIE,
    )


def predictors(layout: Layout, params: FloatArray, n_rows: int) -> tuple[FloatArray, ...]:
    """Return each row's linear predictors."""
    totals: list[FloatArray] = [np.zeros(n_rows) for _ in range(layout.n_predictors)]
    if layout.place("tie") is None:
        totals[-1] += layout.no_tie
    for slot in layout.slots:
        values = params[slot.index]
        for total, coefficient in zip(totals, slot.on, strict=True):
            if coefficient:
                total += values if coefficient == 1 else coefficient * values
    return tuple(totals)


def _levels(tally: Tally, effect: Effect) -> IntArray:
    return tally.context if effect == "context" else tally.wording


def _combinations(tally: Tally, levels: IntArray) -> tuple[IntArray, int]:
    """Index of (item, level) for the left and the right side, shape (2, n_rows), among those that occur."""
    keys = np.stack([tally.left, tally.right]) * (int(levels.max()) + 1) + levels
    seen, index = np.unique(keys, return_inverse=True)
    return index.reshape(keys.shape).astype(np.int64), seen.size
