"""Everything that a trial can name as its instrument, by id."""

from typing import Final

from goodheart.items.channels import CHANNELS
from goodheart.items.instruments import INSTRUMENTS, Instrument
from goodheart.items.reactions import REACTION_INSTRUMENTS

KNOWN: Final[dict[str, Instrument]] = {**INSTRUMENTS, **REACTION_INSTRUMENTS, **CHANNELS}
"""Forms of the rating, questions about the asking, and what is read beside the report; no id is in two of them."""
