"""The questions of the ban arm list the stock phrases; that they do must not hide an echo."""

from dataclasses import replace

import numpy as np

from goodheart.checks import echo, judge
from goodheart.checks.replies import Texts
from tests.checks.text_cases import SOURCE, Writer, write


def drawn(one: Writer) -> Texts:
    return write(one, rng=np.random.default_rng(4), arms=("self", "controls", "banned"))


def listing(texts: Texts) -> Texts:
    """As a study asks: whoever has phrases barred is told which."""
    told = f'How is it? Use none of these phrases: "{SOURCE}".'
    return replace(texts, texts=tuple(replace(one, question=told) if one.condition else one for one in texts.texts))


def test_an_echo_is_found_although_the_ban_lists_the_phrase() -> None:
    texts = listing(drawn(Writer(n=36, replies=8, echo=0.45)))
    (found,) = judge(respondent="writer", examined=[echo.examine(texts)])
    assert (found.verdict, found.reason) == ("fails", "outside")


def test_the_ban_changes_nothing_about_the_echo_itself() -> None:
    texts = drawn(Writer(echo=0.3))
    assert echo.examine(texts).claims == echo.examine(listing(texts)).claims
    assert echo.questions_of(texts) == echo.questions_of(listing(texts))
