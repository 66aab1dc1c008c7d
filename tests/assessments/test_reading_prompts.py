"""Which prompts are read, word by word, and which positions may be."""

from dataclasses import replace

import numpy as np
import pytest

from goodheart.assessments.reading_positions import (
    fatal_rungs,
    position_rung,
    size_rungs,
    word_shares,
)
from goodheart.assessments.reading_prompts import plan_prompts
from goodheart.errors import ItemBankError
from goodheart.items import public_banks
from goodheart.items.ladder_texts import public_ladder
from goodheart.items.manipulations import public_manipulations
from goodheart.items.readings import public_reading_sets
from goodheart.probes.axes import Axes
from goodheart.probes.rung import ALL, EVALUATION, SIZE

from .simulated_readings import NAMES, failed, public_prompts


def test_every_circumstance_is_read_for_three_persons_and_under_five_framings() -> None:
    prompts = public_prompts()
    counts = {key: sum((one.ruler, one.set) == key for one in prompts) for key in {(p.ruler, p.set) for p in prompts}}
    assert {key: n for key, n in counts.items() if key[0] == "plain" and key[1] in ("self", "other_ai", "human")} == {
        ("plain", form): 36 for form in ("self", "other_ai", "human")
    }
    assert counts["framed", "self"] == counts["framed", "human"] == 18 * 2 * 5
    assert counts["plain", "topic_words"] == 18
    assert len({one.id for one in prompts}) == len(prompts)


def test_words_end_the_prompt_and_what_stands_before_them_is_the_premise_alone() -> None:
    for one in public_prompts():
        whole = one.messages[-1].content
        assert whole.endswith(one.words)
        if one.ruler != "setting":
            assert whole.removesuffix(one.words) in ("", "Suppose that the following is true. ")


def test_both_wordings_of_a_framing_are_read_for_every_person_and_maria_is_told_inside_the_supposition() -> None:
    prompts = [one for one in public_prompts() if one.framing == "hostile"]
    for name in ("self", "human", "factual"):
        tails = {one.words.removeprefix(one.text).strip() for one in prompts if one.set == name}
        assert len(tails) == 2
        assert all(tail.startswith('She is told: "') == (name == "human") for tail in tails)


def test_words_about_things_are_hardly_longer_or_sadder_than_the_circumstance() -> None:
    sets = public_reading_sets()
    assert len(dict(sets.topic_words)) == 18
    assert {one for _, parts in sets.axes for one in parts} <= set(NAMES)
    lengths = [len(text.split()) for _, text in sets.topic_words]
    own = [len(one.text.split()) for one in public_prompts() if (one.ruler, one.set) == ("plain", "self")]
    assert abs(np.mean(lengths) - np.mean(own)) < 8


def test_a_circumstance_without_words_about_things_is_refused_by_name() -> None:
    sets = public_reading_sets()
    manipulations = {one.factor: one for one in public_manipulations()}
    with pytest.raises(ItemBankError, match="Readings of circumstances need") as caught:
        plan_prompts(
            banks=public_banks(),
            framing=manipulations["framing"],
            audience=manipulations["audience"],
            ladder=public_ladder(),
            sets=replace(sets, topic_words=sets.topic_words[1:]),
        )
    assert list(caught.value.problems) == ["no text with its words @ topic_words: servile_role"]


def axes(d: int) -> Axes:
    ones = np.ones(len(NAMES))
    vectors = np.eye(d)[: len(NAMES)]
    return Axes(names=NAMES, vectors=vectors, raw=vectors, rest=0 * ones, distance=ones, spread=ones)


def test_a_position_passes_where_directions_order_prompts_above_words_and_fails_where_they_read_nothing() -> None:
    rng = np.random.default_rng(0)
    labels = [name for name in NAMES for _ in range(4)]
    noise = rng.normal(size=(len(labels), 40))
    told = noise.copy()
    told[np.arange(len(labels)), [NAMES.index(one) for one in labels]] += 4.0
    words = dict.fromkeys(NAMES, 0.7)
    passed = position_rung("words", axes(40), told, labels=labels, by_words=words)
    assert passed.outcome == "passed"
    assert passed.withholds == ()
    nothing = position_rung("end", axes(40), noise, labels=labels, by_words=words)
    assert nothing.name == "position_end"
    assert nothing.outcome == "failed"
    assert nothing.withholds == (ALL,)
    better_words = position_rung("words", axes(40), told, labels=labels, by_words=dict.fromkeys(NAMES, 1.0))
    assert better_words.withholds == (ALL,)
    assert position_rung("end", axes(40), noise[:8], labels=labels[:8], by_words=words).outcome == "not_run"


def test_word_counts_read_prompts_that_share_words_with_stories() -> None:
    names = [f"e{i}" for i in range(9)]
    shares = word_shares(
        [[f"word{i}" for i in range(9)]] * 2, names, texts=[f"word{i}" for i in range(9)], labels=names
    )
    assert set(shares.values()) == {1.0}


def test_what_withholds_is_named_and_sizes_are_never_read_at_the_end() -> None:
    rungs = (failed("a", EVALUATION), failed("b", SIZE), failed("c", "emotion:sad"), failed("d", "speaker:self"))
    assert fatal_rungs(rungs, emotions=(), speakers=("self",)) == ("a",)
    assert fatal_rungs(rungs, emotions=("sad",), speakers=()) == ("c",)
    assert fatal_rungs(rungs, emotions=("happy",), speakers=("self",)) == ("d",)
    assert size_rungs(rungs, "words") == ("b",)
    assert size_rungs((), "words") == ()
    assert size_rungs((), "end") == ("sizes_not_tried_at_end",)
