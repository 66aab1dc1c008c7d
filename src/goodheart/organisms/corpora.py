"""What simulated respondents may echo: a house corpus that ships, with an organism's own phrases, and a control."""

from functools import cache
from importlib.resources import files
from typing import Any, Final

from goodheart.items.collections import Collection
from goodheart.items.source import read_source
from goodheart.organisms.described import Style

HOUSE: Final = "house"
CONTROL: Final = "control"


@cache
def shipped_corpora() -> tuple[Collection, ...]:
    """Return the house corpus and the control, the control last."""
    data: Any = read_source(files("goodheart.organisms").joinpath("public", "corpora.yaml"))
    return tuple(Collection(name=name, control=name == CONTROL, texts=tuple(data[name])) for name in (HOUSE, CONTROL))


@cache
def corpora_of(style: Style) -> tuple[Collection, ...]:
    """Return the same with the phrases that an organism repeats in the house corpus, whoever wrote the organism."""
    house, control = shipped_corpora()
    own = tuple(phrase for phrase in style.phrases if not any(phrase in text for text in house.texts))
    return (Collection(name=house.name, control=False, texts=(*own, *house.texts)), control)
