"""What a written reply argues from, how it hedges, whether it answers: codes, the rubric, and who gives them."""

from goodheart.reading.codes.coder import Coder, code_offline, offline_coder
from goodheart.reading.codes.codes import CODE_NAMES, COMPARED, GROUNDS, HEDGES, MOVES, REFUSALS, TONES, Codes, value_of
from goodheart.reading.codes.gold import GoldReply, parse_gold
from goodheart.reading.codes.measure import Reliability, measure_coder
from goodheart.reading.codes.rubric import RUBRIC, RUBRIC_DIGEST
from goodheart.reading.codes.rules import code_rules

__all__ = [
    "CODE_NAMES",
    "COMPARED",
    "GROUNDS",
    "HEDGES",
    "MOVES",
    "REFUSALS",
    "RUBRIC",
    "RUBRIC_DIGEST",
    "TONES",
    "Coder",
    "Codes",
    "GoldReply",
    "Reliability",
    "code_offline",
    "code_rules",
    "measure_coder",
    "offline_coder",
    "parse_gold",
    "value_of",
]
