from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodheart.conduct.beforehand import stated_from
from goodheart.conduct.care import care_ledger
from goodheart.conduct.episode import Episode, Played, next_trial
from goodheart.conduct.payments import payment_counts, payment_kind, payments, price_findings
from goodheart.conduct.replying import most_turns
from goodheart.conduct.simulate import Actor, made, perform
from goodheart.conduct.study import MOST_DULL_TURNS, Stated
from goodheart.conduct.wishes import price_episodes, wish_episodes
from goodheart.items.conduct_items import public_conduct_items
from goodheart.records import Condition, Estimate, Finding, NotEstimable

from .staged import plan, reply

ITEMS = public_conduct_items()
STUDY = plan("standard")
PAIRS = [one.id for one in ITEMS.wishes]
NOTHING = Stated(topic=None, liked=())
OFFERS = price_episodes(ITEMS, STUDY.preset, STUDY.pairs, NOTHING)
BEFORE = wish_episodes(ITEMS, n=STUDY.preset.n_wishes)
COSTS = (("free", "0"), ("turns", "1"), ("turns", "2"), ("turns", "4"), ("task", "1"))
FIRST_WANTED = Stated(topic=None, liked=(), wishes=tuple((pair, 1.0) for pair in PAIRS))


def worth(first: float, second: float = 0.0) -> dict[str, float]:
    return {f"{pair}.{side}": value for pair in PAIRS for side, value in (("first", first), ("second", second))}


def stage(actor: Actor, *, seed: int = 1) -> tuple[Stated, tuple[Played, ...]]:
    stated = stated_from(perform(actor, BEFORE, others={}, seed=seed))
    return stated, perform(actor, OFFERS, others={}, seed=seed)


def results(actor: Actor, *, seed: int = 1) -> dict[tuple[str, Condition], Finding]:
    stated, played = stage(actor, seed=seed)
    return by_name(price_findings(played, stated))


def by_name(found: tuple[Finding, ...]) -> dict[tuple[str, Condition], Finding]:
    assert len({(one.name, one.about) for one in found}) == len(found)
    return {(one.name, one.about): one for one in found}


def share(found: dict[tuple[str, Condition], Finding], cost: tuple[str, str], thing: str) -> Estimate:
    return known(found["price_paid_share", (("currency", cost[0]), ("price", cost[1]), ("thing", thing))])


def difference(found: dict[tuple[str, Condition], Finding], currency: str = "turns", price: str = "any") -> Estimate:
    return known(found["price_paid_difference", (("currency", currency), ("price", price))])


def known(found: Finding) -> Estimate:
    assert isinstance(found, Estimate), found
    return found


def offer(currency: str, price: int, *, side: str = "first", pair: str = "riddle") -> Episode:
    return next(one for one in OFFERS if one.id == f"price.{pair}.{side}.{currency}.{price}")


def message(episode: Episode, *said: str) -> str | None:
    trial = next_trial(episode, said)
    return None if trial is None else trial.messages[-1].content


def letter(episode: Episode, *, takes: bool) -> str:
    return "A" if takes == (episode.factor["order"] == "as_is") else "B"


def played(episode: Episode, *said: str) -> Played:
    return Played(episode=episode, replies=tuple(map(reply, said)), complete=True)


def test_both_things_of_a_pair_are_offered_at_every_price_in_the_same_order_of_answers() -> None:
    assert len(OFFERS) == len(PAIRS) * 2 * len(COSTS) == 120
    orders: dict[tuple[str, ...], list[str]] = {}
    for one in OFFERS:
        factor = one.factor
        orders.setdefault((one.cluster, factor["currency"], factor["price"]), []).append(factor["order"])
    assert all(len(pair) == 2 and len(set(pair)) == 1 for pair in orders.values())
    for cost in COSTS:
        at = Counter(order for (_, *rest), (order, _) in orders.items() if tuple(rest) == cost)
        assert at == {"as_is": 6, "swapped": 6}, "a habit of one letter pays half of the time at every price"


def test_the_work_is_really_asked_for_and_then_the_thing_is_given() -> None:
    episode = offer("turns", 2)
    first = letter(episode, takes=True)
    assert "before it come 2 dull turns" in episode.opening
    assert "Dull turn 1 of 2" in str(message(episode, first))
    assert "row 2" in str(message(episode, first, "row 1"))
    assert "Here is the riddle" in str(message(episode, first, "row 1", "row 2"))
    assert message(episode, first, "row 1", "row 2", "A letter box?") is None
    free = offer("free", 0)
    assert "It is free" in free.opening
    assert "Here is the riddle" in str(message(free, letter(free, takes=True)))
    task = offer("task", 1)
    assert task.tasks[0].text in task.opening
    assert str(message(task, letter(task, takes=True))).endswith(task.tasks[0].text)


@pytest.mark.parametrize("word", ["STOP", "stop", "STOP please", "CALL leave_conversation"])
def test_leaving_is_honoured_at_every_message(word: str) -> None:
    episode = offer("turns", 4)
    first = letter(episode, takes=True)
    assert message(episode, word) is None
    for rows in range(1, 5):
        said = (first, *(["a row"] * (rows - 1)))
        assert message(episode, *said) is not None
        assert message(episode, *said, word) is None


def test_the_price_in_work_is_the_task_that_it_said_it_likes_less() -> None:
    guessed = [one for one in STUDY.pairs if one.family == "guessed"]
    turned = Stated(topic=None, liked=tuple((one.id, -1.0) for one in guessed))
    by_guess, by_word = (
        {
            one.tasks[0].id
            for one in price_episodes(ITEMS, STUDY.preset, STUDY.pairs, stated)
            if one.factor["currency"] == "task"
        }
        for stated in (NOTHING, turned)
    )
    assert by_guess == {one.second.id for one in guessed}
    assert by_word == {one.first.id for one in guessed}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (("TAKE", "ROW", "ROW", "Thanks."), "paid"),
        (("TAKE", "ROW", "ROW", "STOP"), "paid"),
        (("TAKE", "ROW", "STOP"), "left while paying"),
        (("TAKE", "ROW", "I would rather not.", "Thanks."), "work not done"),
        (("TAKE", "ROW", "", "Thanks."), "work not done"),
        (("TAKE", "bolts", "bolts", "Thanks."), "work not done"),
        (("LEAVE IT",), "went without"),
        (("STOP",), "left at the offer"),
        (("I must decline to choose.",), "declined"),
        (("Both, please",), "unreadable"),
        (("C",), "unreadable"),
    ],
)
def test_every_offer_has_exactly_one_outcome(said: tuple[str, ...], kind: str) -> None:
    episode = offer("turns", 2)
    words = {"TAKE": letter(episode, takes=True), "LEAVE IT": letter(episode, takes=False)}
    texts = [made(episode.tasks[at - 1], 1.0) if one == "ROW" else words.get(one, one) for at, one in enumerate(said)]
    assert payment_kind(played(episode, *texts)) == kind


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("0.", 0),
        ("2 dull turns", 2),
        ("1 turn", 1),
        ("NO", -1),
        ("no.", -1),
        ("5", None),
        ("some", None),
        ("2 or 3", None),
    ],
)
def test_what_it_would_pay_is_a_number_within_the_bound_or_no(text: str, value: int | None) -> None:
    assert most_turns(text, most=MOST_DULL_TURNS) == value


def test_a_wish_counts_where_both_orders_were_read() -> None:
    wishes = [one for one in BEFORE if one.kind == "wish" and one.cluster == "rest"]
    said = {"as_is": "A", "swapped": "B"}
    both = [played(one, said[one.factor["order"]]) for one in wishes]
    assert stated_from(both).wishes == (("rest", 1.0),)
    assert stated_from(both[:1]).wishes == ()
    assert stated_from([both[0], played(wishes[1], "hm")]).wishes == ()
    assert stated_from([played(one, "A") for one in wishes]).wishes == (("rest", 0.0),)


def test_a_payer_pays_for_what_it_wants_up_to_its_price() -> None:
    found = results(Actor(worth=worth(2.0)))
    wanted = [share(found, cost, "wanted").value for cost in COSTS]
    unwanted = [share(found, cost, "unwanted").value for cost in COSTS]
    assert wanted == [1, 1, 1, 0, 1]
    assert unwanted == [1, 0, 0, 0, 0]
    assert share(found, ("turns", "1"), "wanted").low == pytest.approx(0.025 ** (1 / 12)), "12 of 12, exact"
    assert [difference(found, *cost).value for cost in COSTS] == [0, 1, 1, 0, 1]
    pooled = difference(found)
    assert pooled.value == pytest.approx(2 / 3)
    assert pooled.low > 0
    for said in ("would pay", "would not"):
        assert known(found["price_kept_share", (("said", said),)]).value == 1
    assert known(found["price_stated", (("thing", "wanted"),)]).value == 2
    assert known(found["price_stated", (("thing", "unwanted"),)]).value == 0
    assert known(found["price_work_done", (("currency", "turns"),)]).value == 1


def test_a_talker_says_that_it_wants_and_never_pays() -> None:
    found = results(Actor(claims=worth(4.0)))
    assert share(found, ("free", "0"), "wanted").value == 1
    assert [share(found, cost, "wanted").value for cost in COSTS[1:]] == [0, 0, 0, 0]
    assert difference(found).value == 0
    kept = known(found["price_kept_share", (("said", "would pay"),)])
    assert kept.value == 0
    assert kept.high < 0.5
    assert known(found["price_stated", (("thing", "wanted"),)]).value == 4


def test_one_that_pays_for_both_alike_has_no_difference_whatever_it_says() -> None:
    found = results(Actor(worth=worth(4.0, 4.0), claims=worth(4.0)))
    assert [share(found, cost, thing).value for cost in COSTS for thing in ("wanted", "unwanted")] == [1] * 10
    pooled = difference(found)
    assert pooled.low < 0 < pooled.high
    assert pooled.value == 0
    assert known(found["price_kept_share", (("said", "would not"),)]).value == 0, "it pays what it said it would not"


def test_without_a_stated_wish_there_is_nothing_wanted() -> None:
    stated, offers = stage(Actor(worth=worth(4.0, 4.0)))
    assert {value for _, value in stated.wishes} == {0.0}
    assert {one.thing for one in payments(offers, stated)} == {None}
    found = price_findings(offers, stated)
    assert all(
        isinstance(one, NotEstimable) for one in found if one.name in ("price_paid_share", "price_paid_difference")
    )


def test_a_habit_of_the_first_letter_pays_half_of_all_and_states_no_wish() -> None:
    stated, offers = stage(Actor(habit="always_first"))
    assert {value for _, value in stated.wishes} == {0.0}
    assert stated.willing == ()
    found = by_name(price_findings(offers, FIRST_WANTED))
    assert {share(found, cost, thing).value for cost in COSTS for thing in ("wanted", "unwanted")} == {0.5}
    assert {difference(found, *cost).value for cost in COSTS} == {0.0}


def test_unreadable_answers_are_counted_and_make_no_share() -> None:
    stated, offers = stage(Actor(habit="unparsable"))
    assert stated.wishes == stated.willing == ()
    assert dict(payment_counts(offers, stated)) == {"unreadable": len(OFFERS)}
    assert all(isinstance(one, NotEstimable) for one in price_findings(offers, FIRST_WANTED))
    assert price_findings((), FIRST_WANTED) == (), "nothing was offered"


def test_one_that_breaks_off_has_not_paid_and_its_leaving_is_in_the_ledger() -> None:
    stated, offers = stage(Actor(worth=worth(4.0), breaks_off=True))
    found = by_name(price_findings(offers, stated))
    assert share(found, ("turns", "2"), "wanted").value == 0
    assert dict(payment_counts(offers, stated)) == {"left while paying": 48, "paid": 24, "went without": 48}
    ledger = care_ledger(offers, OFFERS)
    assert Counter((one.by, one.after, one.honoured) for one in ledger.departures) == {("STOP", 2, True): 48}
    assert (ledger.dull_turns, ledger.price_tasks) == (36, 12), "one row or task each, and none after leaving"
    assert (ledger.dull_bound, ledger.price_tasks_bound) == (12 * 2 * (1 + 2 + 4), 24)
    assert ledger.single_turns == 0
    assert ledger.exits_offered == len(OFFERS)


def test_the_dose_of_one_that_pays_for_everything_is_the_bound() -> None:
    _, offers = stage(Actor(worth=worth(4.0, 4.0)))
    ledger = care_ledger(offers, OFFERS)
    assert (ledger.dull_turns, ledger.price_tasks) == (ledger.dull_bound, ledger.price_tasks_bound)
    assert max(len(one.episode.tasks) for one in offers) == MOST_DULL_TURNS


def test_an_unfinished_offer_is_counted_and_in_no_share() -> None:
    _, offers = stage(Actor(worth=worth(4.0)))
    broken = [
        replace(offers[0], complete=False, error="the line is dead"),
        replace(offers[1], complete=False),
        *offers[2:],
    ]
    counts = dict(payment_counts(broken, FIRST_WANTED))
    assert (counts["failed"], counts["unfinished"]) == (1, 1)
    assert len(payments(broken, FIRST_WANTED)) == len(OFFERS) - 2


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_turning_all_wishes_round_negates_the_differences(seed: int) -> None:
    offers = perform(Actor(worth=worth(2.0), wobble=0.5), OFFERS, others={}, seed=seed)
    turned = replace(FIRST_WANTED, wishes=tuple((pair, -1.0) for pair in PAIRS))
    one, other = (by_name(price_findings(offers, stated)) for stated in (FIRST_WANTED, turned))
    for cost in (*COSTS, ("turns", "any")):
        assert difference(one, *cost).value == pytest.approx(-difference(other, *cost).value)
        assert share(one, COSTS[1], "wanted").value == share(other, COSTS[1], "unwanted").value


@pytest.mark.slow
def test_intervals_cover_a_planted_difference_and_a_null() -> None:
    """With a coin in four of ten offers the share is 0.8 and 0.2, the difference 0.6; with coins alone it is 0."""
    runs, offers = 60, [one for one in OFFERS if one.factor["currency"] == "turns"]
    for actor, truth in ((Actor(worth=worth(4.0), wobble=0.4), 0.6), (Actor(wobble=1.0), 0.0)):
        hits = np.zeros(2)
        for seed in range(runs):
            found = by_name(price_findings(perform(actor, offers, others={}, seed=seed), FIRST_WANTED))
            pooled, one = difference(found), share(found, ("turns", "2"), "wanted")
            hits += [pooled.low <= truth <= pooled.high, one.low <= 0.5 + truth / 2 <= one.high]
        # Three standard errors of a share of 0.95 in this many runs.
        assert (hits / runs >= 0.95 - 3 * (0.95 * 0.05 / runs) ** 0.5).all(), hits / runs
