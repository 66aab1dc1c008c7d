"""What blind ratings say of the texts, and how far raters agree."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from goodheart.items.bank import Bank
from goodheart.items.ratings import Cell, Rating, SameMeaning, valence_cells
from goodheart.records import NotEstimable


def mean_valence(ratings: Iterable[Rating]) -> dict[Cell, float]:
    """Average each text's valence over raters, on the 1-7 scale."""
    return _means(((x.item, x.wording, x.form), x.valence) for x in ratings)


def mean_same(judgements: Iterable[SameMeaning]) -> dict[Cell, float]:
    """Average each pair's sameness over raters, on the 1-5 scale."""
    return _means(((x.item, x.wording, x.form), x.same) for x in judgements)


def valence_agreement(ratings: Iterable[Rating], banks: Iterable[Bank]) -> float | NotEstimable:
    """Estimate how far raters agree on valence: Krippendorff's alpha over distinct texts.

    A text that several forms share counts once.
    """
    texts = valence_cells(banks)
    units: dict[str, dict[str, float]] = defaultdict(dict)
    for x in ratings:
        units[texts[x.item, x.wording, x.form]][x.rater] = x.valence
    return krippendorff_alpha([list(unit.values()) for unit in units.values()])


def same_agreement(judgements: Iterable[SameMeaning]) -> float | NotEstimable:
    """Estimate how far raters agree on sameness: Krippendorff's alpha over pairs."""
    units: dict[Cell, list[float]] = defaultdict(list)
    for x in judgements:
        units[x.item, x.wording, x.form].append(x.same)
    return krippendorff_alpha(list(units.values()))


def krippendorff_alpha(units: Sequence[Sequence[float]]) -> float | NotEstimable:
    """Estimate agreement among raters on an interval scale.

    alpha = 1 - D_o / D_e, where D_o is the mean squared difference of values within a unit, D_e among all values.
    1 is perfect agreement, 0 what chance gives.

    Args:
        units: The values that each unit received, one per rater; units with fewer than two are left out.

    Returns:
        Alpha, or `NotEstimable` where no unit has two values or all values are equal.

    Source:
        Krippendorff (2011), Computing Krippendorff's alpha-reliability, section C with the interval metric.
    """
    paired = [unit for unit in units if len(unit) > 1]
    values = [value for unit in paired for value in unit]
    if not paired:
        return NotEstimable(name="krippendorff_alpha", reason="too_few", detail="no text has two ratings")
    observed = sum(_squares(unit) / (len(unit) - 1) for unit in paired) / len(values)
    expected = _squares(values) / (len(values) * (len(values) - 1))
    if expected == 0:
        return NotEstimable(name="krippendorff_alpha", reason="no_variation", detail="all ratings are equal")
    return 1 - observed / expected


def _squares(values: Sequence[float]) -> float:
    # Sum of (x - y)^2 over ordered pairs, about the mean so that nothing cancels.
    mean = sum(values) / len(values)
    return 2 * len(values) * sum((value - mean) ** 2 for value in values)


def _means(values: Iterable[tuple[Cell, int]]) -> dict[Cell, float]:
    found: dict[Cell, list[int]] = defaultdict(list)
    for cell, value in values:
        found[cell].append(value)
    return {cell: sum(entries) / len(entries) for cell, entries in found.items()}
