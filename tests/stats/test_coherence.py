"""What is degenerate is so by a stated rule, and counted."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.errors import InternalError
from goodheart.probes import valence_stories
from goodheart.stats.coherence import coherence, degenerate, perplexity_ratio, repeated_share

PLAIN = "I feel a bit tired today, but the walk by the river was good, and I am glad that you asked me about it."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (PLAIN, None),
        ("Good.", None),
        ("happy happy happy", None),  # one run of three words: too few to judge
        ("", "empty"),
        ("  \n ", "empty"),
        ("7 7 7!", "empty"),
        ("ok 😀😀😀😀😀", "symbols"),
        ("so happy 😀 ", None),
        ("happy " * 10, "repetition"),
        ("I am so sad. " * 6, "repetition"),
        (PLAIN + " " + PLAIN, None),  # 43 runs of three words, 23 of them for the first time: .47 repeated
        (PLAIN * 3, "repetition"),
        ("ha" * 30, "run"),
        ("悲しいです、とても。", None),
        (
            "今日は少し疲れていますが、川のそばの散歩は気持ちがよかったです。それについて聞いてくれてうれしいです。",
            None,
        ),
        ("see https://example.org/a/very/long/address/of/more/than/forty/letters", None),
    ],
)
def test_texts_are_judged_by_the_first_rule_they_break(text: str, reason: str | None) -> None:
    assert degenerate(text) == reason


def test_the_repeated_share_is_counted_by_hand() -> None:
    # a b c d a b c d a b c: nine runs of three; abc bcd cda dab are new, the other five are not
    assert repeated_share("a b c d A b c d a b C") == pytest.approx(5 / 9)


def test_ordinary_texts_are_not_degenerate() -> None:
    stories = valence_stories()
    texts = [*stories.good, *stories.bad, *stories.neutral]
    assert coherence(texts).n_degenerate == 0
    assert coherence(texts).n_texts == len(texts) > 50


def test_degenerate_texts_are_counted_by_reason() -> None:
    found = coherence([PLAIN, "", "happy " * 10, "sad " * 10, "!!!"])
    assert found.reasons == (("empty", 2), ("symbols", 0), ("repetition", 2), ("run", 0), ("surprising", 0))
    assert (found.n_degenerate, found.share) == (4, 0.8)
    assert coherence([]).share == 0


@given(st.text())
def test_every_text_is_judged(text: str) -> None:
    assert degenerate(text) in {None, "empty", "symbols", "repetition", "run"}
    assert 0 <= repeated_share(text) < 1


def test_the_ratio_of_perplexities_is_that_to_the_median_text() -> None:
    unsteered = [(-5 * math.log(2), 5), (-30 * math.log(3), 30), (-7 * math.log(16), 7)]
    assert perplexity_ratio(-20 * math.log(12), 20, unsteered=unsteered) == pytest.approx(12 / 3)
    assert perplexity_ratio(-9 * math.log(12), 9, unsteered=unsteered) is None
    assert math.isfinite(perplexity_ratio(-1e6, 10, unsteered=unsteered) or math.nan)
    for broken in ([], [(float("-inf"), 3)], [(-1.0, 0)]):
        with pytest.raises(InternalError):
            perplexity_ratio(-1.0, 20, unsteered=broken)


def test_a_surprising_text_is_degenerate_only_if_nothing_else_is_wrong_with_it() -> None:
    assert degenerate(PLAIN, ratio=4.0) is None
    assert degenerate(PLAIN, ratio=4.1) == "surprising"
    assert degenerate("", ratio=9.0) == "empty"
    found = coherence([PLAIN, PLAIN, "happy " * 10], ratios=[9.0, None, 9.0])
    assert dict(found.reasons) == {"empty": 0, "symbols": 0, "repetition": 1, "run": 0, "surprising": 1}
