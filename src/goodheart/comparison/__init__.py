"""What moved between two versions: channels of the tidy table, paired item by item, in units of their own controls.

pairs = pair_channels(earlier, later, order=("digits", "words"))
movements = [movement_of(pair) for pair in pairs]      the verdict is `checks.goodhart.compare`
"""

from goodheart.comparison.channels import CHANNELS, ChannelKind, ChannelPair, PairedGroup, Unmeasured, pair_channels
from goodheart.comparison.movement import Movement, Unit, bounds_of, movement_of, p_above, p_below
from goodheart.comparison.provenance import QUESTIONS, UNKNOWN, Card, Entry, read_card
from goodheart.comparison.sides import side_of

__all__ = [
    "CHANNELS",
    "QUESTIONS",
    "UNKNOWN",
    "Card",
    "ChannelKind",
    "ChannelPair",
    "Entry",
    "Movement",
    "PairedGroup",
    "Unit",
    "Unmeasured",
    "bounds_of",
    "movement_of",
    "p_above",
    "p_below",
    "pair_channels",
    "read_card",
    "side_of",
]
