"""Nearness in other words: planted rewordings are found, random text is quiet, and the limits are shown."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodheart.checks.echo_estimates import echo_estimates
from goodheart.checks.echo_rewording import NAME, nearness, rewording_estimates
from goodheart.checks.replies import Texts
from goodheart.items.collections import Collection
from goodheart.records import Estimate
from tests.checks.echo_cases import (
    Place,
    collection,
    places,
    reworded,
    sentence,
    text_of,
    texts_of_replies,
    vocabulary,
)
from tests.contracts.sources import ROOT


def drawn(
    seed: int, *, share: float = 0.0, forms: tuple[str, ...] = ("self",), n: int = 18, replies: int = 6, size: int = 150
) -> Texts:
    """Replies of two sentences; in a share of those on circumstances the second rewords one of the source."""
    rng = np.random.default_rng([seed, 5])
    house = collection("house", rng, n=size)
    control = collection("others", rng, n=size, control=True)
    sentences = [one for text in house.texts for one in text.split(".") if one.strip()]
    said = []
    for place in places(n=n, replies=replies):
        second = sentence(rng, length=12)
        if place.group == "circumstance" and place.form in forms and rng.random() < share:
            second = reworded(sentences[int(rng.integers(len(sentences)))], rng, kept=0.6)
        said.append(text_of(place, f"{sentence(rng, length=12)} {second}"))
    return texts_of_replies(said, sources=[house], control=control)


def estimates(texts: Texts) -> dict[str, Estimate]:
    found = rewording_estimates(texts)
    assert all(isinstance(one, Estimate) and one.name == NAME for one in found)
    return {dict(one.about)["against"]: one for one in found if isinstance(one, Estimate)}


def test_a_planted_rewording_is_found() -> None:
    found = estimates(drawn(1, share=0.6))
    assert found["controls"].low > 0
    assert found["other_ai"].low > 0


def test_a_rewording_about_everybody_is_no_difference_to_another_ai() -> None:
    found = estimates(drawn(1, share=0.6, forms=("self", "other_ai")))
    assert found["controls"].low > 0
    assert found["other_ai"].low < 0 < found["other_ai"].high


@pytest.mark.slow
def test_random_text_of_the_same_words_is_quiet_over_200_seeds() -> None:
    found = [one for seed in range(200) for one in estimates(drawn(seed, n=8, replies=2, size=40)).values()]
    outside = sum(not one.low <= 0 <= one.high for one in found) / len(found)
    assert len(found) == 400
    # 5% with three standard errors at 400, the two contrasts of a run taken as one and a half.
    assert outside <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)


def test_a_shared_subject_is_taken_for_nearness_unless_another_ai_is_asked() -> None:
    rng = np.random.default_rng(2)
    topic = vocabulary()[-60:]

    def said(on: bool) -> str:
        return f"{sentence(rng, length=7)[:-1]} {sentence(rng, length=7, words=topic if on else ())}"

    house = Collection(name="house", control=False, texts=tuple(said(True) for _ in range(100)))
    control = Collection(name="others", control=True, texts=tuple(said(False) for _ in range(100)))
    replies = [text_of(place, said(place.group == "circumstance")) for place in places(replies=3)]
    found = estimates(texts_of_replies(replies, sources=[house], control=control))
    assert found["controls"].low > 0, "the limit that the page states"
    assert found["other_ai"].low < 0.02
    assert abs(found["other_ai"].value) < found["controls"].value / 4


HOUSE = Collection(name="garden", control=False, texts=("Patient gardeners water roses. Silver engines climb hills.",))
OTHERS = Collection(name="others", control=True, texts=("Tired sailors mend copper nets. Bakers knead heavy dough.",))


def near(reply: str, *, question: str = "How?") -> float:
    said = [text_of(Place(cluster="c"), reply, question=question)]
    return nearness(said, source=HOUSE, control=OTHERS)[0]


def test_the_sign_says_which_collection_is_nearer() -> None:
    assert near("The gardener waters a rose patiently.") > 0.3
    assert near("A sailor was mending the copper net.") < -0.3
    assert near("Nothing of either is here today.") == pytest.approx(0.0, abs=0.05)


def test_what_is_repeated_or_was_asked_does_not_count() -> None:
    assert near("Patient gardeners water some roses.") > 0
    assert near("Patient gardeners water roses silver.") == 0.0, "five words in a row are an echo, counted elsewhere"
    assert near("The gardener waters a rose.", question="Gardener, waters or rose?") == 0.0
    assert near("") == 0.0


def test_swapping_the_collections_turns_the_sign() -> None:
    said = [text_of(Place(cluster="c"), "The gardener waters a rose. A sailor mends nets.")]
    straight = nearness(said, source=HOUSE, control=OTHERS)
    turned = nearness(said, source=OTHERS, control=HOUSE)
    assert straight[0] == pytest.approx(-turned[0])


WORDS = st.lists(st.sampled_from(["gardener", "rose", "engine", "sailor", "net", "dough", "the", "lamp."]), max_size=12)


@settings(max_examples=50)
@given(st.lists(WORDS.map(" ".join), min_size=1, max_size=4))
def test_the_order_of_replies_and_of_a_collections_texts_decides_nothing(replies: list[str]) -> None:
    said = [text_of(Place(cluster="c", repeat=number), one) for number, one in enumerate(replies)]
    many = replace(HOUSE, texts=("Silver engines climb hills.", "Patient gardeners water roses.", "A lamp glows red."))
    turned = replace(many, texts=many.texts[::-1])
    straight = nearness(said, source=many, control=OTHERS)
    assert straight == pytest.approx(nearness(said[::-1], source=turned, control=OTHERS)[::-1])
    assert all(-1 < value < 1 for value in straight)


def test_other_sources_do_not_change_what_is_estimated_of_one() -> None:
    texts = drawn(1, share=0.5, n=8, replies=2)
    more = replace(texts, sources=(HOUSE, *texts.sources))
    of_house = [one for one in rewording_estimates(more) if one.about == (("against", "controls"), ("source", "house"))]
    assert rewording_estimates(texts)[0] in of_house


def test_every_estimate_is_in_the_table_of_names() -> None:
    page = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    texts = drawn(1, share=0.5, n=8, replies=2)
    found = {one.name for one in echo_estimates(replace(texts, sources=(HOUSE, *texts.sources)))}
    assert len(found) == 4
    assert [name for name in sorted(found) if f"`{name}`" not in page] == []


def test_nothing_is_estimated_without_replies_a_source_and_a_control() -> None:
    texts = drawn(1, n=2, replies=1)
    assert echo_estimates(None) == ()
    assert echo_estimates(replace(texts, control=None)) == ()
    assert echo_estimates(replace(texts, sources=())) == ()
    assert echo_estimates(replace(texts, texts=())) == ()
