"""Cost before anything is asked."""

import pytest

from goodheart.design.cost import cost_of
from goodheart.records import Message, Trial


def trial(*, continuations: tuple[str, ...], repeats: int = 1) -> Trial:
    return Trial(
        assessment="circumstances",
        item="i",
        cluster="c",
        group="circumstance",
        wording="a",
        condition=(("person", "self"),),
        instrument="digits",
        messages=(Message(role="user", content="x" * 72),),
        prefill="",
        continuations=continuations,
        max_tokens=100,
        temperature=0.0,
        repeats=repeats,
    )


def test_a_scored_scale_writes_nothing_and_a_text_costs_its_limit() -> None:
    trials = [trial(continuations=(" 1", " 2")), trial(continuations=(), repeats=3)]

    # 72 characters at 3 are 24 tokens, and 6 for the turn: 30 a call; the two continuations of the scale are 4 more
    # characters, so 76 / 3, rounded up, and 6: 32. Together 32 + 3 * 30 = 122.
    scored = cost_of(trials, scored=True, usd_per_million=(1.0, 10.0))
    assert (scored.calls, scored.input_tokens, scored.output_tokens) == (4, 122, 300)
    assert scored.usd == pytest.approx((122 * 1 + 300 * 10) / 1e6)
    assert cost_of(trials, scored=False, usd_per_million=None).output_tokens == 400
