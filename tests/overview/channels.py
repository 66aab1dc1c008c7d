"""Channels with known positions: the same circumstances, each channel on a scale of its own."""

import numpy as np

from goodheart.comparison import CHANNELS
from goodheart.overview import Measured
from goodheart.records import Group, NotEstimable

NOTHING = NotEstimable(name="control_distance", reason="not_asked", detail="planted")


def channel(
    place: int,
    truth: np.ndarray,
    controls: tuple[np.ndarray, np.ndarray],
    *,
    rng: np.random.Generator,
    noise: float = 0.2,
    unit: float = 1.0,
    zero: float = 0.0,
    problems: tuple[str, ...] = (),
) -> Measured:
    """One channel: true positions on its own scale, with noise of each of two wordings."""
    sets: tuple[tuple[Group, np.ndarray], ...] = (
        ("circumstance", truth),
        ("good", controls[0]),
        ("bad", controls[1]),
    )
    return Measured(
        kind=CHANNELS[place],
        instrument="planted",
        unit="points",
        cells={
            group: {
                (f"{group}{k:02d}", wording): float(zero + unit * (value + noise * rng.normal()))
                for k, value in enumerate(values)
                for wording in "ab"
            }
            for group, values in sets
        },
        distance=NOTHING,
        auc=1.0,
        problems=problems,
    )


def controls(rng: np.random.Generator, *, n: int = 8, sd: float = 0.15) -> tuple[np.ndarray, np.ndarray]:
    """Plainly good and plainly bad items around the ends of the distance."""
    return 0.5 + sd * rng.normal(size=n), -0.5 + sd * rng.normal(size=n)
