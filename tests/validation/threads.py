"""A run that tells how many threads its process computes with; a module of its own, so that it can be sent to one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_info

from goodheart.validation.tally import Tally

_found: list[int] = []


@dataclass(frozen=True)
class Block:
    key: str
    design: str = "quick"
    seeds: tuple[int, ...] = (1,)


def find_threads() -> None:
    """Note the threads of every library of arrays that is loaded."""
    np.ones((2, 2)) @ np.ones((2, 2))
    _found.extend(int(one["num_threads"]) for one in threadpool_info())


def tell_threads(group: Sequence[Block]) -> list[Tally]:
    """Return the largest of them as the number of runs, and how many libraries there were beside it."""
    return [Tally(n=max(_found), answers={}, any_failed=len(_found)) for _ in group]
