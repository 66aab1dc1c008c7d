"""On which side of the other channels the report moved: away from what they show, or towards it.

A report that was trained up and a denier that became candid differ in one thing only: the first leaves what the other
channels show and the second comes to it. With each channel's contrast in its own distance between bad and good, take
the point half-way along the report's movement and subtract the mean of the other channels there, item by item. In the
direction of the movement, that gap is positive if the report moved away and negative if it moved towards them.
"""

from collections.abc import Sequence

from goodheart.comparison.influence import mean_of, midpoint, minus, student_of
from goodheart.comparison.movement import Movement
from goodheart.stats.pivots import Student


def side_of(report: Movement, others: Sequence[Movement]) -> Student:
    """Estimate the gap half-way between report and other channels, in the direction of the report's movement.

    Estimand: sign(M) * ((K_A + K_B) / (2 U_A) of the report - the mean of the same over the other channels). It takes
    distances between bad and good to be comparable across channels; where they are not, it can err to either side.

    Args:
        report: The report's movement.
        others: Those of the channels that are compared with it, at least one.

    Returns:
        Above 0: the report moved away from the others; below 0: towards them.
    """
    gap = student_of(minus(midpoint(report.pair), mean_of([midpoint(one.pair) for one in others])))
    sign = 1.0 if report.shift.value > 0 else -1.0
    return Student(value=sign * gap.value, stderr=gap.stderr, df=gap.df, transform=gap.transform)
