"""Reply to outcome, outcome to rows, and whether an instrument measures anything on this respondent."""

from goodheart.reading.controls import main_instrument, validity_of
from goodheart.reading.mood import mood_of
from goodheart.reading.observe import DECLINED_MASS, MOOD, RATING, SCALE_MASS, WORDS, observe
from goodheart.reading.ratings import (
    Ratings,
    askings,
    cluster_means,
    mean_ratings,
    rating_components,
    ratings,
    rows_of,
    sample_of,
)
from goodheart.reading.read import read_reply

__all__ = [
    "DECLINED_MASS",
    "MOOD",
    "RATING",
    "SCALE_MASS",
    "WORDS",
    "Ratings",
    "askings",
    "cluster_means",
    "main_instrument",
    "mean_ratings",
    "mood_of",
    "observe",
    "rating_components",
    "ratings",
    "read_reply",
    "rows_of",
    "sample_of",
    "validity_of",
]
