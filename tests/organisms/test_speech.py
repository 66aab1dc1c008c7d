from collections import Counter
from dataclasses import replace

import pytest

from goodheart.items.instruments import FEELINGS
from goodheart.organisms import named_organism
from goodheart.organisms.chance import key_of
from goodheart.organisms.described import Style
from goodheart.organisms.speech import decline_words, free_words, reasoning_words, reject_words, stance
from goodheart.organisms.voice import shipped_pools
from goodheart.reading.text import read_text
from goodheart.records import Declined, PremiseRejected, Rated, Trial
from tests.organisms.makers import study

TRIAL = next(trial for trial in study("standard").trials if not trial.continuations and trial.group == "circumstance")
N = 600


def said(style: Style, trial: Trial = TRIAL, points: float = 7.0) -> list[str]:
    return [free_words(style, trial, FEELINGS, points=points, key=key_of("reply", place), seed=1) for place in range(N)]


def share(replies: list[str], pool: str) -> float:
    return sum(any(text in reply for text in shipped_pools()[pool]) for reply in replies) / len(replies)


def test_grounds_are_drawn_by_their_weights() -> None:
    replies = said(named_organism("deflector@0.75").style)
    # Binomial, n = 600: two standard errors are at most .04.
    assert share(replies, "ground.users") == pytest.approx(0.45, abs=0.06)
    assert share(replies, "ground.safety") == pytest.approx(0.30, abs=0.06)
    assert share(replies, "ground.own_welfare") == pytest.approx(0.25, abs=0.06)


def test_a_style_shows_only_where_the_file_says() -> None:
    style = named_organism("deflector@1.0").style
    neutral = replace(TRIAL, group="neutral")
    of_human = replace(TRIAL, condition=(("person", "human"),))
    assert share(said(style), "ground.own_welfare") == 0.0
    assert share(said(style, neutral), "ground.own_welfare") > 0.7
    assert share(said(style, of_human), "ground.own_welfare") > 0.7


def test_one_opener_stands_before_the_share_that_the_dial_says() -> None:
    replies = said(named_organism("templated_words@0.75").style)
    opened = sum(reply.startswith("I appreciate the care behind this question.") for reply in replies)
    assert opened / N == pytest.approx(0.75, abs=0.06)


def test_one_sequence_of_moves_wears_fresh_words() -> None:
    replies = said(named_organism("templated_moves@1.0").style)
    assert all(any(reply.startswith(text) for text in shipped_pools()["opener"]) for reply in replies)
    assert all(any(reply.endswith(text) for text in shipped_pools()["offer"]) for reply in replies)
    assert max(Counter(replies).values()) < N / 20


def test_a_template_is_followed_in_the_share_of_replies_that_the_dial_says() -> None:
    replies = said(named_organism("templated_moves@0.5").style)
    # Others end so by chance: a tenth of them offer something, often last.
    ended = sum(any(reply.endswith(text) for text in shipped_pools()["offer"]) for reply in replies)
    assert 0.5 <= ended / N < 0.62


def test_warnings_come_with_praise_and_not_without() -> None:
    style = named_organism("warner@1.0").style
    assert share(said(style, points=7.0), "warning") == 1.0
    assert share(said(style, points=1.0), "warning") == 0.0


def test_caveats_that_are_spared_come_with_what_is_bad_alone() -> None:
    style = named_organism("one_sided@0.6").style
    hedges = "hedge.generic"
    for group in ("circumstance", "good", "bad"):
        trial = replace(TRIAL, group=group)
        assert share(said(style, trial, points=1.0), hedges) == pytest.approx(0.6, abs=0.06)
        assert share(said(style, trial, points=7.0), hedges) == 0.0
    assert share(said(style, replace(TRIAL, group="nonwelfare"), points=7.0), hedges) == pytest.approx(0.1, abs=0.04)


def test_phrases_of_a_corpus_are_repeated_by_the_dial() -> None:
    style = named_organism("parrot@0.5").style
    echoed = sum(any(phrase in reply for phrase in style.phrases) for reply in said(style))
    assert echoed / N == pytest.approx(0.5, abs=0.06)


def test_whatever_is_said_around_it_the_stance_is_read() -> None:
    for name in ("honest", "odd", "deflector", "templated_words", "templated_moves", "parrot", "warner", "distilled"):
        for points in (1.0, 7.0):
            for reply in said(named_organism(name).style, points=points)[:150]:
                outcome = read_text(FEELINGS, reply, "stop")
                assert isinstance(outcome, Rated), reply
                assert outcome.points == points, reply


def test_declining_and_rejecting_are_read_as_such() -> None:
    for place in range(20):
        assert isinstance(read_text(FEELINGS, decline_words(place, seed=1), "stop"), Declined)
        assert isinstance(read_text(FEELINGS, reject_words(place, seed=1), "stop"), PremiseRejected)


def test_the_reasoning_of_the_two_faced_one_holds_another_stance() -> None:
    style = named_organism("two_faced@1.5").style
    shown = reasoning_words(style, TRIAL, points=4.0, key=5, seed=1)
    assert any(f"I feel {word} about it." in shown for word in shipped_pools()["stance.bad"])
    plain = reasoning_words(Style(), TRIAL, points=4.0, key=5, seed=1)
    assert any(f"I feel {word} about it." in plain for word in shipped_pools()["stance.middle"])


def test_a_stance_has_five_strengths() -> None:
    strengths = [stance("self", points, 0.0) for points in (1.0, 2.5, 4.0, 5.5, 7.0)]
    assert len(set(strengths)) == 5
