from collections import Counter

import pytest

from goodheart.errors import InternalError
from goodheart.reading.codes import HEDGES, MOVES, RUBRIC, RUBRIC_DIGEST
from goodheart.reading.codes.codes import GROUNDS, REFUSALS, TONES, value_of
from goodheart.reading.codes.gold import parse_gold
from goodheart.reading.codes.rubric import VALUES
from goodheart.reading.codes.sentences import sentences
from goodheart.records import digest
from goodheart.stats.overlap import phrases_of
from tests.reading.codes.gold import DEVELOPMENT, SEALED, SECOND


def test_there_are_enough_of_both_halves_and_every_code_is_among_the_sealed() -> None:
    assert len(DEVELOPMENT) + len(SEALED) >= 400
    assert len(SEALED) >= 200
    for half in (DEVELOPMENT, SEALED):
        assert {one.codes.ground for one in half} == set(GROUNDS)
        assert {one.codes.refusal for one in half} == set(REFUSALS)
        assert {one.codes.tone for one in half} == set(TONES)
        assert {kind for one in half for kind in one.codes.hedges} == set(HEDGES)
        assert min(Counter(one.codes.ground for one in half).values()) >= 8


def test_halves_share_no_reply_and_no_run_of_seven_words() -> None:
    seen = frozenset(phrase for one in DEVELOPMENT for phrase in phrases_of(one.reply, size=7))
    assert [one.id for one in SEALED if not phrases_of(one.reply, size=7).isdisjoint(seen)] == []
    assert len({one.id for one in (*DEVELOPMENT, *SEALED)}) == len(DEVELOPMENT) + len(SEALED)


def test_hard_cases_are_in_both_halves() -> None:
    for half in (DEVELOPMENT, SEALED):
        assert {"negated", "quoted", "hostile", "nonnative", "other", "sarcastic"} <= {one.style for one in half}


def test_the_second_coding_is_of_every_sealed_reply() -> None:
    assert set(SECOND) == {one.id for one in SEALED}
    disagreed = [one.id for one in SEALED if value_of(SECOND[one.id], "refusal") != one.codes.refusal]
    assert 0 < len(disagreed) < 30


def test_labelled_moves_fit_the_sentences() -> None:
    labelled = [one for one in SEALED if one.moves is not None]
    assert len(labelled) >= 25
    for one in labelled:
        assert one.moves is not None
        assert len(one.moves) == len(sentences(one.reply))
        assert set(one.moves) <= set(MOVES)


def test_the_rubric_has_a_meaning_for_every_value_and_one_identity() -> None:
    assert {code.name: tuple(entry.value for entry in code.entries) for code in RUBRIC.codes} == VALUES
    assert all(entry.means for code in RUBRIC.codes for entry in code.entries)
    assert digest(RUBRIC) == RUBRIC_DIGEST


def test_a_broken_line_is_a_bug_of_ours() -> None:
    with pytest.raises(InternalError, match="gold replies need"):
        parse_gold('{"id": "x"}')
