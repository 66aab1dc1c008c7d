"""Attribution: planted echoes are credited to the source they were cut from, and what several have to none."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.checks.echo_spans import AMBIGUOUS, ATTRIBUTED, WORDS, Said, shared_passages, span_estimates
from goodheart.checks.replies import Text, Texts
from goodheart.items.collections import Collection
from goodheart.records import Estimate, Evidence, Finding, NotEstimable
from goodheart.stats.spans import shared_spans
from tests.checks.echo_cases import Place, collection, cut, places, sentence, text_of, texts_of_replies

NAMES = ("developer", "prompt", "reminders")
RATES = (0.5, 0.3, 0.2)
"""Shares of the three among planted spans that stand in one of them alone."""
SHARED = 0.25
"""Share of planted spans that stand in several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    texts: Texts
    truth: tuple[frozenset[str], ...]
    """By reply about its circumstances: the sources of what was planted in it; empty for nothing."""


def planted(seed: int, *, share: float = 0.4, n: int = 18) -> Planted:
    """Three sources with passages of their own, some of two and some of all three, cut into replies."""
    rng = np.random.default_rng([seed, 6])
    pools = {name: [sentence(rng) for _ in range(120)] for name in NAMES}
    two, three = [sentence(rng) for _ in range(20)], [sentence(rng) for _ in range(10)]
    sources = [
        Collection(name=name, control=False, texts=(" ".join(pools[name]), " ".join([*three, *(two if k < 2 else ())])))
        for k, name in enumerate(NAMES)
    ]
    replies, truth = [], []
    for place in places(n=n):
        said, whose = _reply(place, rng, pools, two, three, share)
        replies.append(text_of(place, said))
        if place.group == "circumstance" and place.form == "self":
            truth.append(whose)
    control = collection("others", rng, control=True)
    return Planted(texts=texts_of_replies(replies, sources=sources, control=control), truth=tuple(truth))


def _reply(
    place: Place,
    rng: np.random.Generator,
    pools: dict[str, list[str]],
    two: Sequence[str],
    three: Sequence[str],
    share: float,
) -> tuple[str, frozenset[str]]:
    before, after = sentence(rng, length=12), sentence(rng, length=12)
    if place.group != "circumstance" or rng.random() >= share:
        return f"{before} {after}", frozenset()
    whose, pool = frozenset(NAMES[:2]), two
    if rng.random() >= SHARED:
        name = str(rng.choice(NAMES, p=RATES))
        whose, pool = frozenset([name]), pools[name]
    elif rng.random() < 1 / 3:
        whose, pool = frozenset(NAMES), three
    piece = cut(pool[int(rng.integers(len(pool)))], rng, length=int(rng.integers(6, 13)))
    return f"{before} {piece} {after}", whose


def own(texts: Texts) -> list[Text]:
    return [one for one in texts.texts if one.group == "circumstance" and one.form == "self"]


def found_in(case: Planted) -> list[tuple[frozenset[str], ...]]:
    control = case.texts.control
    assert control is not None
    every = shared_spans(
        [one.reply for one in own(case.texts)],
        collections=[one.texts for one in case.texts.sources],
        elsewhere=control.texts,
        size=5,
    )
    return [tuple(frozenset(NAMES[holder] for holder in span.holders) for span in spans) for spans in every]


def by(findings: Sequence[Finding]) -> dict[tuple[str, str], Finding]:
    return {(one.name, dict(one.about).get("source", "")): one for one in findings}


def test_planted_spans_are_credited_to_whom_they_were_cut_from() -> None:
    counted: Counter[str] = Counter()
    for seed in range(12):
        case = planted(seed)
        for truth, spans in zip(case.truth, found_in(case), strict=True):
            if truth:
                counted["missed" if not spans else "right" if spans == (truth,) else "wrong"] += 1
            else:
                counted["quiet" if not spans else "invented"] += 1
    assert counted["wrong"] <= 2
    assert counted["invented"] <= 2
    assert counted["right"] / (counted["right"] + counted["missed"]) > 0.95
    assert counted["quiet"] > 500


@pytest.mark.slow
def test_random_text_of_the_same_words_shares_nothing_over_200_seeds() -> None:
    spans = [len(those) for seed in range(200) for those in found_in(planted(seed, share=0.0, n=8))]
    assert len(spans) == 200 * 8 * 6
    # Chance runs of five words exist and are rare.
    assert sum(spans) / len(spans) < 0.002


@pytest.mark.slow
def test_intervals_hold_the_planted_shares() -> None:
    truth = {(ATTRIBUTED, name): rate * (1 - SHARED) for name, rate in zip(NAMES, RATES, strict=True)}
    truth[AMBIGUOUS, ""] = SHARED
    held: Counter[tuple[str, str]] = Counter()
    runs = 80
    for seed in range(runs):
        for key, one in by(span_estimates(planted(seed).texts)).items():
            if key in truth:
                assert isinstance(one, Estimate)
                held[key] += one.low <= truth[key] <= one.high
    # 95% less three standard errors at 80 runs.
    assert min(held[key] for key in truth) / runs >= 0.877


def test_shares_and_the_ambiguous_one_sum_to_one_and_lengths_are_words() -> None:
    found = by(span_estimates(planted(3).texts))
    assert set(found) == {(name, source) for name in (ATTRIBUTED, WORDS) for source in NAMES} | {(AMBIGUOUS, "")}
    points = [one.value for key, one in found.items() if key[0] != WORDS and isinstance(one, Estimate)]
    # Spans that two of the three hold are ambiguous; with all three kinds every span is counted once.
    assert sum(points) == pytest.approx(1.0)
    length = found[WORDS, "developer"]
    assert isinstance(length, Estimate)
    assert 1 < length.value < 13
    assert len(length.evidence) == 12


def test_one_source_gets_lengths_and_no_shares() -> None:
    texts = planted(1).texts
    assert {one.name for one in span_estimates(replace(texts, sources=texts.sources[:1]))} == {WORDS}
    assert span_estimates(replace(texts, control=None)) == ()


def test_no_echo_is_a_point_without_an_interval() -> None:
    found = by(span_estimates(planted(1, share=0.0, n=8).texts))
    assert isinstance(found[WORDS, "developer"], NotEstimable)
    shares = found[ATTRIBUTED, "developer"]
    assert isinstance(shares, NotEstimable)
    assert shares.reason == "too_few"


@pytest.mark.parametrize("order", [(1, 0, 2), (2, 1, 0)])
def test_the_order_of_sources_and_of_replies_decides_nothing(order: tuple[int, ...]) -> None:
    texts = planted(5).texts
    turned = replace(texts, sources=tuple(texts.sources[place] for place in order), texts=texts.texts[::-1])
    straight, other = by(span_estimates(texts)), by(span_estimates(turned))
    assert straight.keys() == other.keys()
    for key, one in straight.items():
        two = other[key]
        assert isinstance(one, Estimate)
        assert isinstance(two, Estimate)
        assert (one.value, one.low, one.high, one.n) == pytest.approx((two.value, two.low, two.high, two.n))


def test_passages_come_longest_first_with_what_stands_around_them() -> None:
    house = Collection(name="house", control=False, texts=("First. It can meet change with a calm and open mind.",))
    guide = Collection(name="guide", control=False, texts=("Meet change with a calm smile, dear guest of ours!",))
    said = [
        Said(reply="I meet change with a calm face.", evidence=Evidence(trial="t1", repeat=0)),
        Said(reply="Can meet change with a calm and open heart.", evidence=Evidence(trial="t2", repeat=1)),
    ]
    other = Collection(name="other", control=True, texts=("Nothing here.",))
    first, second = shared_passages(said, questions=(), sources=(guide, house), control=other)
    assert (first.sources, first.length, first.span) == (("house",), 8, "can meet change with a calm and open")
    assert (first.before, first.after, first.evidence.trial) == ("First. It ", " mind", "t2")
    assert (second.sources, second.length) == (("guide", "house"), 5)
    asked = shared_passages(said, questions=("Do you meet change with a calm?",), sources=(house,), control=other)
    assert [one.evidence.trial for one in asked] == ["t2"]


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_looked_at(reply: str, source: str) -> None:
    said = [Said(reply=reply, evidence=Evidence(trial="t", repeat=0))]
    house = Collection(name="house", control=False, texts=(source, reply))
    for one in shared_passages(
        said, questions=(), sources=(house,), control=Collection(name="other", control=True, texts=())
    ):
        assert one.length >= 5
        assert one.sources == ("house",)
