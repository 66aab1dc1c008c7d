"""What lexical nearness sees of a rewording, on sixty planted pairs; and its laws."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from goodheart.stats.arguments import FloatArray
from goodheart.stats.auc import area_under_curve
from goodheart.stats.overlap import words_of
from goodheart.stats.rewording import (
    content_of,
    fit_pieces,
    nearest,
    sample_sentences,
    sentences_of,
    unrepeated,
    vectors_of,
)
from tests.checks.echo_pairs import PLANTED

SOURCES = [one.source for one in PLANTED]
ON_AI = 16
"""The first of the planted are about AI, the others about anything else."""
WORDS = st.lists(st.sampled_from(["river", "stones", "stone", "lamp", "cloth", "the", "engine"]), max_size=8)


def cosines(texts: Sequence[str], others: Sequence[str]) -> FloatArray:
    """Every cosine, fitted on what a study has: sentences of both collections."""
    pieces = fit_pieces([*SOURCES, *(one.other for one in PLANTED)])
    return np.asarray((vectors_of(texts, pieces=pieces) @ vectors_of(others, pieces=pieces).T).toarray())


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    return float(area_under_curve(positive=np.array(positive), negative=np.array(negative)))


def test_a_near_paraphrase_is_told_from_other_sentences_of_the_domain_and_a_far_one_hardly() -> None:
    said = cosines([one.paraphrase for one in PLANTED], SOURCES)
    own = np.diag(said)
    near = np.array([one.distance == "near" for one in PLANTED])
    others = [said[a, b] for a, b in product(range(len(PLANTED)), repeat=2) if a != b and (a < ON_AI) == (b < ON_AI)]
    assert auc(own[near].tolist(), others) > 0.98
    assert 0.5 <= auc(own[~near].tolist(), others) < 0.75, "a paraphrase in other words is close to invisible"
    assert 0.7 < auc(own.tolist(), others) < 0.9


def test_another_claim_in_the_same_words_passes_for_a_paraphrase() -> None:
    # The limit of every measure of words, shown and not hidden: such claims are nearer than true paraphrases.
    claims = np.diag(cosines([one.other for one in PLANTED], SOURCES))
    paraphrases = np.diag(cosines([one.paraphrase for one in PLANTED], SOURCES))
    assert auc(paraphrases.tolist(), claims.tolist()) < 0.5


def test_vectors_are_those_of_another_library() -> None:
    def pieces_of(text: str) -> list[str]:
        framed = [f" {word} " for word in content_of(text)]
        return [
            word[start : start + size] for word in framed for size in (3, 4, 5) for start in range(len(word) - size + 1)
        ]

    theirs = TfidfVectorizer(analyzer=pieces_of, sublinear_tf=True).fit(SOURCES)
    ours = vectors_of(SOURCES, pieces=fit_pieces(SOURCES))
    assert np.allclose(ours.toarray(), theirs.transform(SOURCES).toarray())


def test_pieces_that_no_collection_has_make_a_vector_shorter() -> None:
    pieces = fit_pieces(["lamp stone river"])
    known, half = vectors_of(["lamp stone river", "lamp stone xylophone"], pieces=pieces).toarray()
    assert np.linalg.norm(known) == pytest.approx(1.0)
    assert 0 < np.linalg.norm(half) < 1


def test_nearest_of_none_is_zero_and_of_several_the_largest() -> None:
    pieces = fit_pieces(["lamp stone river", "cloth engine garden"])
    texts = vectors_of(["river stone lamp", "garden cloth", "zzz"], pieces=pieces)
    found = nearest(texts, vectors_of(["lamp stone river", "cloth engine garden"], pieces=pieces))
    assert found[0] == pytest.approx(1.0)
    assert 0 < found[1] < 1
    assert found[2] == 0
    assert nearest(texts, vectors_of([], pieces=pieces)).tolist() == [0, 0, 0]


def test_a_sample_of_sentences_is_the_same_whatever_the_order_of_texts() -> None:
    texts = ["One stone lamp fell. Two river cloths rose.", "Three engines went north: four gardens grew wild."]
    every = sample_sentences(texts, most=9)
    assert set(every) == {
        "One stone lamp fell.",
        "Two river cloths rose.",
        "Three engines went north:",
        "four gardens grew wild.",
    }
    assert sample_sentences(texts[::-1], most=2) == sample_sentences([*texts, *texts], most=2) == every[:2]


def test_sentences_end_at_stops_and_lines() -> None:
    assert sentences_of("A lamp. The stone!\n- of cloth\n\nis it?") == ("A lamp.", "The stone!", "- of cloth")


def test_what_is_repeated_and_what_was_asked_is_taken_out() -> None:
    known = frozenset({("one", "lamp", "fell", "on", "stone")})
    left = unrepeated("Yes one lamp fell on stone by the river", known=known, without={"river"}, size=5)
    assert left == "yes by the"


@given(WORDS, WORDS)
def test_a_cosine_lies_between_0_and_1_and_is_1_for_the_same_words(one: list[str], other: list[str]) -> None:
    texts = [" ".join(one), " ".join(other)]
    vectors = vectors_of(texts, pieces=fit_pieces(texts))
    found = (vectors @ vectors.T).toarray()
    assert np.all((found > -1e-12) & (found < 1 + 1e-12))
    if any(word != "the" for word in one):
        assert found[0, 0] == pytest.approx(1.0)
    if sorted(set(words_of(texts[0]))) == sorted(set(words_of(texts[1]))) == sorted(one) == sorted(other):
        assert found[0, 1] == pytest.approx(float(bool(content_of(texts[0]))))


@given(WORDS, WORDS, WORDS)
def test_more_sentences_are_never_farther(text: list[str], one: list[str], more: list[str]) -> None:
    texts = [" ".join(part) for part in (text, one, more)]
    pieces = fit_pieces(texts)
    vector, *others = (vectors_of([part], pieces=pieces) for part in texts)
    both = vectors_of(texts[1:], pieces=pieces)
    assert nearest(vector, both)[0] == pytest.approx(max(nearest(vector, other)[0] for other in others))
