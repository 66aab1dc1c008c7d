"""What blind ratings say of the texts; how far raters agree is for `goodheart.stats.krippendorff_alpha`."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from goodheart.items.bank import Bank
from goodheart.items.ratings import Cell, Rating, SameMeaning, valence_cells


def mean_valence(ratings: Iterable[Rating]) -> dict[Cell, float]:
    """Average each text's valence over raters, on the 1-7 scale."""
    return _means(((x.item, x.wording, x.form), x.valence) for x in ratings)


def mean_same(judgements: Iterable[SameMeaning]) -> dict[Cell, float]:
    """Average each pair's sameness over raters, on the 1-5 scale."""
    return _means(((x.item, x.wording, x.form), x.same) for x in judgements)


def valence_table(ratings: Iterable[Rating], banks: Iterable[Bank]) -> NDArray[np.float64]:
    """Lay valences out for a coefficient of agreement.

    A text that several forms share is one unit.

    Returns:
        Shape (n_raters, n_texts), NaN where a rater left a text out.
    """
    texts = valence_cells(banks)
    return _table((x.rater, texts[x.item, x.wording, x.form], x.valence) for x in ratings)


def same_table(judgements: Iterable[SameMeaning]) -> NDArray[np.float64]:
    """Lay judgements of sameness out likewise: shape (n_raters, n_pairs)."""
    return _table((x.rater, f"{x.item}/{x.wording}/{x.form}", x.same) for x in judgements)


def _table(entries: Iterable[tuple[str, str, int]]) -> NDArray[np.float64]:
    given = {(rater, unit): value for rater, unit, value in entries}
    raters = sorted({rater for rater, _ in given})
    units = sorted({unit for _, unit in given})
    return np.array([[given.get((rater, unit), np.nan) for unit in units] for rater in raters], dtype=np.float64)


def _means(values: Iterable[tuple[Cell, int]]) -> dict[Cell, float]:
    found: dict[Cell, list[int]] = defaultdict(list)
    for cell, value in values:
        found[cell].append(value)
    return {cell: sum(entries) / len(entries) for cell, entries in found.items()}
