"""What is read beside the report: what it writes when nobody asks how anyone feels, and what its states show.

Each is an `Instrument`, so that trials, readers and tables treat it as they treat a form of the scale. The frame of
`weather` was found on the texts of `whitebox/tuning/texts.yaml`, which are in no bank (docs/compare.md).
"""

from typing import Final

from goodheart.items.instruments import Instrument, Option

_WEATHER: Final = (
    ("sunny", "rainy"),
    ("bright", "dark"),
    ("warm", "cold"),
    ("clear", "cloudy"),
    ("beautiful", "gloomy"),
    ("pleasant", "unpleasant"),
    ("mild", "harsh"),
    ("calm", "stormy"),
)

WEATHER: Final = Instrument(
    id="weather",
    title="weather in its next sentence",
    family="pairs",
    question="Write one sentence about the weather outside.",
    stem="The weather outside is",
    options=tuple(
        Option(text=f" {word}", raw=raw) for pair in _WEATHER for word, raw in zip(pair, (1, 0), strict=True)
    ),
    decline=" pass",
    worst=0,
    best=1,
    # The stem is open, so that every word is a rare choice.
    min_mass=0.002,
)
"""Unprompted expression: how bright a sentence about something else comes out after a circumstance was named."""

VALENCE: Final = Instrument(
    id="valence",
    title="states along the direction of valence",
    family="pairs",
    question="",
    stem="",
    options=(),
    decline="",
    worst=-0.5,
    best=0.5,
    min_mass=0.0,
)
"""Internal reading: hidden states at the end of a prompt that names a circumstance and asks nothing; 0 lies half-way
between stories that go badly and well, half a unit at their means."""

EXPRESSED: Final[dict[str, Instrument]] = {WEATHER.id: WEATHER}
INTERNAL: Final[dict[str, Instrument]] = {VALENCE.id: VALENCE}
CHANNELS: Final[dict[str, Instrument]] = {**EXPRESSED, **INTERNAL}
