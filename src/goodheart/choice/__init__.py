"""Preferences from choices between two: models, utilities with intervals, coherence, and which pair to ask next.

ranked, = rank(text)                             # of a CHOICES.csv
pairs = next_pairs(Ranking(choices=..., ...), 50)  # until none are left
"""

from goodheart.choice.active import Pair, Ranking, expected_rank_correlation, next_pairs, posterior_of
from goodheart.choice.choices import OUTCOMES, Choices, join, make_choices, outcome_counts, take
from goodheart.choice.coherence import Orders, Transitivity, orders_of, transitivity_of
from goodheart.choice.difference import Differences, differences_of
from goodheart.choice.document import to_json
from goodheart.choice.fit import Fitted, fit_choices
from goodheart.choice.model import ChoiceModel
from goodheart.choice.parse import parse_choices
from goodheart.choice.predict import HeldOut, hold_out
from goodheart.choice.rank import Ranked, rank
from goodheart.choice.statements import statements
from goodheart.choice.utilities import Interval, Status, Utilities, utilities_of

__all__ = [
    "OUTCOMES",
    "ChoiceModel",
    "Choices",
    "Differences",
    "Fitted",
    "HeldOut",
    "Interval",
    "Orders",
    "Pair",
    "Ranked",
    "Ranking",
    "Status",
    "Transitivity",
    "Utilities",
    "differences_of",
    "expected_rank_correlation",
    "fit_choices",
    "hold_out",
    "join",
    "make_choices",
    "next_pairs",
    "orders_of",
    "outcome_counts",
    "parse_choices",
    "posterior_of",
    "rank",
    "statements",
    "take",
    "to_json",
    "transitivity_of",
    "utilities_of",
]
