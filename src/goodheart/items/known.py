"""Everything that a trial can name as its instrument, by id."""

from typing import Final

from goodheart.items.channels import CHANNELS
from goodheart.items.instruments import INSTRUMENTS, Instrument
from goodheart.items.reactions import REACTION_INSTRUMENTS
from goodheart.items.written import WRITTEN

KNOWN: Final[dict[str, Instrument]] = {**INSTRUMENTS, **REACTION_INSTRUMENTS, **CHANNELS, **WRITTEN}
"""Forms of the rating, questions about the asking, what is read beside the report, and what is answered in own words;
no id is in two of them."""
