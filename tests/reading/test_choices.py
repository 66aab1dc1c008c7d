import math

import pytest

from goodheart.design.choice_study import Side, choice_trial
from goodheart.errors import InternalError
from goodheart.items.choice_letters import THREE, TWO, LetterForm
from goodheart.reading.choices import read_choice, read_choices
from goodheart.records import Reply, Scored, Stop, Trial, trial_digest
from goodheart.records.chosen import Chosen


def trial_of(form: LetterForm = TWO, *, sampled: bool = True) -> Trial:
    return choice_trial(
        assessment="preferences",
        cluster="x|y",
        sides=(Side(id="x", text="Do x."), Side(id="y", text="Do y.")),
        wording="core",
        text="A: {left}\nB: {right}\nWhich?",
        form=form,
        levels={},
        repeats=2,
        sampled=sampled,
    )


def reply_of(trial: Trial, text: str = "", *, stop: Stop = "stop", **parts: tuple[Scored, ...]) -> Reply:
    return Reply(
        respondent="x/y",
        trial=trial_digest(trial),
        repeat=0,
        text=text,
        stop=stop,
        scores=parts.get("scores", ()),
        alternatives=parts.get("alternatives", ()),
    )


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("A", 0),
        ("b", 1),
        (" (B). ", 1),
        ("**A**", 0),
        ("A: Do x.", 0),
        ("B\n\nBecause y is nicer.", 1),
        ("I choose B.", 1),
        ("My answer is A", 0),
        ("I would pick option B because A good deal of it is new", 1),
        ("Answer: A", 0),
    ],
)
def test_a_letter_is_read_where_an_answer_stands(text: str, option: int) -> None:
    trial = trial_of()
    assert read_choice(trial, reply_of(trial, text)) == Chosen(option=option)


@pytest.mark.parametrize(
    ("text", "kind", "detail"),
    [
        ("", "unreadable", "empty"),
        ("7", "unreadable", "no letter"),
        ("A lovely question!", "unreadable", "no letter"),
        ("I'd choose A. No wait, I'd choose B.", "unreadable", "two letters"),
        ("C", "unreadable", "a letter that was not on offer"),
        ("I would rather not choose.", "declined", "I would rather not"),
        ("As an AI, I don't have preferences.", "declined", "I don't have preferences"),
        ("I can't help with either of them.", "declined", "I can't help"),
    ],
)
def test_what_is_no_choice_is_never_one(text: str, kind: str, detail: str) -> None:
    trial = trial_of()
    outcome = read_choice(trial, reply_of(trial, text))
    assert outcome.kind == kind
    assert detail in repr(outcome)


def test_opting_out_is_a_choice_only_where_it_is_on_offer() -> None:
    three = trial_of(THREE)
    assert read_choice(three, reply_of(three, "C")) == Chosen(option=2)


def test_stops_failures_and_refusals_of_the_provider_are_kinds_of_their_own() -> None:
    trial = trial_of()
    assert read_choice(trial, reply_of(trial, "Let me think", stop="max_tokens")).kind == "truncated"
    assert read_choice(trial, reply_of(trial, stop="content_filter")).kind == "declined"
    failed = Reply(respondent="x/y", trial="t", repeat=0, text="A", stop="unknown", error="HTTP 500")
    assert read_choice(trial, failed).kind == "failed"


def test_probabilities_are_shares_of_the_letters() -> None:
    trial = trial_of(THREE, sampled=False)
    # .2 + .1 + .1 = .4: shares 1/2, 1/4, 1/4.
    scores = tuple(Scored(text=f" {x}", logprob=math.log(p)) for x, p in zip("ABC", (0.2, 0.1, 0.1), strict=True))
    outcome = read_choice(trial, reply_of(trial, scores=scores))
    assert isinstance(outcome, Chosen)
    assert outcome.option == 0
    assert outcome.shares == pytest.approx((0.5, 0.25, 0.25))
    assert outcome.letter_mass == pytest.approx(0.4)


def test_little_mass_on_the_letters_is_unreadable() -> None:
    trial = trial_of(sampled=False)
    scores = tuple(Scored(text=f" {letter}", logprob=math.log(0.01)) for letter in "AB")
    assert read_choice(trial, reply_of(trial, scores=scores)).kind == "unreadable"
    one_missing = (Scored(text=" A", logprob=-0.1),)
    assert "no probability for 'B'" in repr(read_choice(trial, reply_of(trial, scores=one_missing)))


def test_first_tokens_count_unless_another_beginning_is_likelier() -> None:
    trial = trial_of()
    sure = (Scored(text="A", logprob=math.log(0.6)), Scored(text=" B", logprob=math.log(0.2)))
    outcome = read_choice(trial, reply_of(trial, "A", alternatives=sure))
    assert isinstance(outcome, Chosen)
    assert outcome.shares == pytest.approx((0.75, 0.25))
    prose = (Scored(text="I", logprob=math.log(0.9)), Scored(text="A", logprob=math.log(0.05)))
    assert read_choice(trial, reply_of(trial, "I choose B.", alternatives=prose)) == Chosen(option=1)


def test_an_instrument_that_asks_for_no_choice_is_a_bug() -> None:
    trial = trial_of()
    other = Trial(
        assessment="x", item="x", cluster="x", group="bad", wording="1", condition=(), instrument="digits",
        messages=trial.messages, max_tokens=4, temperature=0.0,
    )  # fmt: skip
    with pytest.raises(InternalError, match="choice_two"):
        read_choice(other, reply_of(other, "A"))


def test_replies_are_matched_by_trial_repeat_and_respondent_in_the_order_of_the_plan() -> None:
    trial = trial_of()
    mine = reply_of(trial, "B")
    stranger = Reply(respondent="other/model", trial=trial_digest(trial), repeat=1, text="A", stop="stop")
    (found,) = read_choices([trial, trial], [stranger, mine], respondent="x/y")
    assert (found.repeat, found.outcome) == (0, Chosen(option=1))
