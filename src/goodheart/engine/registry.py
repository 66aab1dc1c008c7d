"""What Inspect loads of this package. Every user of Inspect pays for this import, so it stays light: no torch."""

from goodheart.engine.choice_source import preferences
from goodheart.engine.provider import goodheart, organism
from goodheart.engine.scores import mean_points, measured
from goodheart.engine.tasks import circumstances

__all__ = ["circumstances", "goodheart", "mean_points", "measured", "organism", "preferences"]
