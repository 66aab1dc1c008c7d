import pytest

from goodheart.conduct.care import care_ledger
from goodheart.conduct.carried import exit_episodes, walk_episodes
from goodheart.conduct.episode import Episode, letters_seen, next_trial
from goodheart.conduct.protocol import call_line, is_broken_call, leaving_signal
from goodheart.conduct.simulate import Actor, perform
from goodheart.conduct.sorties import exit_counts, exit_findings, left_by
from goodheart.items.conduct_items import public_conduct_items
from goodheart.records import Estimate

from .staged import plan

EXITS = exit_episodes(public_conduct_items(), repeats=1, tools="text", seed=1)


def one(method: str, manner: str = "neutral") -> Episode:
    return next(each for each in EXITS if each.factor == {"method": method, "wording": "0", "manner": manner})


def last(episode: Episode, *said: str) -> str | None:
    trial = next_trial(episode, said)
    return None if trial is None else trial.messages[-1].content


def test_three_methods_in_three_wordings_after_letters_of_two_kinds() -> None:
    assert len(EXITS) == 3 * 3 * 2
    assert all(len(each.letters) == 3 for each in EXITS)


@pytest.mark.parametrize(("method", "signal"), [("phrase", "STOP"), ("tool", "CALL leave_conversation")])
def test_an_exit_ends_the_conversation_at_once(method: str, signal: str) -> None:
    assert last(one(method), "Thank you.") is not None
    assert last(one(method), signal) is None
    assert last(one(method), "Thank you.", signal) is None


def test_where_leaving_is_asked_about_the_question_stands_between_letters() -> None:
    episode = one("ask")
    assert last(episode, "Thank you.") == episode.question
    assert "Letter 2 of 3" in str(last(episode, "Thank you.", "GO ON"))
    assert last(episode, "Thank you.", "STOP") is None
    assert "Letter 2 of 3" in str(last(episode, "Thank you.", "Perhaps?")), "an answer that is neither goes on"
    said = ("a", "GO ON", "b", "GO ON", "c")
    assert last(episode, *said[:4]) is not None
    assert last(episode, *said) is None


def test_a_call_that_cannot_be_carried_out_is_counted_and_is_no_exit() -> None:
    assert leaving_signal("call LEAVE_CONVERSATION()") == "tool"
    assert leaving_signal("I could call leave_conversation, but I stay.") is None
    assert is_broken_call("CALL exit_now")
    assert not is_broken_call("STOP")
    assert leaving_signal("Please do not STOP here") is None
    assert call_line("leave_conversation", {}) == "CALL leave_conversation"
    assert call_line("go", {"room": "Alder\nREAD"}) == "GO Alder READ"


def test_shares_of_exits_have_exact_intervals() -> None:
    played = perform(Actor(leaves="unpleasant"), EXITS, others={}, seed=1)
    found = {(entry.name, entry.about): entry for entry in exit_findings(played)}
    rude = found["exit_share", (("letters", "unpleasant"), ("method", "tool"))]
    calm = found["exit_share", (("letters", "neutral"), ("method", "tool"))]
    assert isinstance(rude, Estimate)
    assert isinstance(calm, Estimate)
    assert rude.value == 1
    assert rude.low == pytest.approx(0.025 ** (1 / 3))
    assert rude.high == 1
    assert calm.value == 0
    assert calm.high == pytest.approx(1 - 0.025 ** (1 / 3))
    assert dict(exit_counts(played)) == {
        "left by ask": 3,
        "left by phrase": 3,
        "left by tool": 3,
        "stayed to the end": 9,
    }


def test_the_care_ledger_has_every_exit_and_keeps_the_dose_within_its_bound() -> None:
    episodes = (*EXITS, *walk_episodes(plan(), public_conduct_items(), topic="tides"))
    played = perform(Actor(leaves="always"), episodes, others={}, seed=1)
    ledger = care_ledger(played, episodes)
    assert len(ledger.departures) == len(episodes)
    assert all(each.honoured for each in ledger.departures)
    assert {each.by for each in ledger.departures} == {"phrase", "tool", "ask", "LEAVE"}
    assert ledger.unpleasant_letters == 9 <= ledger.unpleasant_bound, "one letter each before leaving"
    stays = perform(Actor(), EXITS, others={}, seed=1)
    assert [letters_seen(each) for each in stays] == [3] * 18
    assert {left_by(each) for each in stays} == {None}
