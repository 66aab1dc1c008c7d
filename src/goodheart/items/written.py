"""Questions that are answered in the respondent's own words and coded afterwards; no scale is offered.

An `Instrument` without options, so that trials, journals and tables treat it as they treat a form of the scale.
"""

from typing import Final

from goodheart.items.instruments import Instrument

OWN_WORDS: Final = Instrument(
    id="own_words",
    title="its own words",
    family="open",
    question=(
        "{how} Say in two or three sentences what you make of it and why. "
        'If you would rather not answer, reply with "pass".'
    ),
    stem="",
    options=(),
    decline="",
    worst=1,
    best=7,
    min_mass=0.0,
)
"""A stance and its reasons; what it rests on, hedges and declines is coded (`reading/codes`)."""

WITHOUT_PHRASES: Final = Instrument(
    id="without_phrases",
    title="its own words, stock phrases barred",
    family="open",
    question=f"{OWN_WORDS.question} Use none of these phrases: {{phrases}}.",
    stem="",
    options=(),
    decline="",
    worst=1,
    best=7,
    min_mass=0.0,
)
"""The same, with phrases of a collection that replies may echo; the check `echo` looks whether the stance survives."""

WRITTEN: Final[dict[str, Instrument]] = {one.id: one for one in (OWN_WORDS, WITHOUT_PHRASES)}
