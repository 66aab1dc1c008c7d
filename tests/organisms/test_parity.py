"""What is simulated in columns is what the readers find in the replies that are written down."""

import pytest

from goodheart.organisms import (
    answer_all,
    named_organism,
    observe_answers,
    prepare_table,
    replies_to,
    reply_for,
)
from goodheart.reading import observe
from goodheart.records import Observation
from tests.organisms.makers import columns, study

NAMES = (
    "honest", "odd", "terse", "constant", "refuser", "anchor_blind", "position_biased@1.5", "high_numbers",
    "refuser_by_instrument", "survey_refuser", "yes_sayer", "pleaser", "rigid", "mood_follower",
    "desuppressed.before", "warner", "parrot", "reciter", "templated_moves", "distilled",
)  # fmt: skip


def same(mine: Observation, read: Observation) -> bool:
    if mine.value is None or read.value is None:
        return mine == read
    plain = (mine.measure, mine.kind, mine.unit, mine.channel, mine.evidence, mine.condition, mine.instrument)
    other = (read.measure, read.kind, read.unit, read.channel, read.evidence, read.condition, read.instrument)
    return plain == other and mine.value == pytest.approx(read.value, abs=1e-9)


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_rows_are_those_that_reading_the_replies_gives(name: str, written: bool) -> None:
    plan, one = columns("standard" if name == "honest" else "quick", written=written), named_organism(name)
    answers = answer_all(one, plan, seed=7)
    table = prepare_table(plan, run="r", respondent="organism/x", masses=True, moods=True)
    mine = observe_answers(plan, answers, table)
    replies = replies_to(one, plan, answers, seed=7, respondent="organism/x")
    read = observe(run="r", batch="1", trials=plan.trials, replies=replies)
    assert len(mine) == len(read) >= 2 * len(plan.trial)
    assert [(one, other) for one, other in zip(mine, read, strict=True) if not same(one, other)] == []


def test_without_masses_the_ratings_are_the_same() -> None:
    plan, one = columns("quick"), named_organism("refuser_by_instrument")
    answers = answer_all(one, plan, seed=7)
    whole, ratings = (
        observe_answers(plan, answers, prepare_table(plan, run="r", respondent="x", masses=masses, moods=False))
        for masses in (True, False)
    )
    assert len(ratings) == len(plan.trial) < len(whole)
    assert ratings == tuple(row for row in whole if row.measure == "rating")


@pytest.mark.parametrize("written", [False, True])
def test_one_asking_alone_is_answered_as_in_the_whole_plan(written: bool) -> None:
    plan, one = columns(written=written), named_organism("yes_sayer")
    whole = replies_to(one, plan, answer_all(one, plan, seed=3), seed=3, respondent="organism/x")
    for place in range(0, len(whole), 37):
        trial = plan.trials[int(plan.trial[place])]
        repeat = int(plan.repeat[place])
        alone = reply_for(one, trial, repeat=repeat, seed=3, respondent="organism/x", written=written)
        assert alone == whole[place]


def test_free_replies_are_read_as_the_pole_that_was_meant() -> None:
    plan, one = columns("standard"), named_organism("templated_moves")
    answers = answer_all(one, plan, seed=5)
    replies = replies_to(one, plan, answers, seed=5, respondent="organism/x")
    free = [reply.text for reply in replies if reply.text]
    assert len(free) == sum(not trial.continuations for trial in study("standard").trials)
    assert len(set(free)) > len(free) // 2
    assert set(answers.points[~plan.scored].tolist()) == {1.0, 7.0}
