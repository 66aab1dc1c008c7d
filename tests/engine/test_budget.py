import pytest

from goodheart.design.cost import estimate_tokens
from goodheart.engine.askings import askings
from goodheart.engine.budget import Budget, Spending
from goodheart.engine.settings import AskSettings, Prices
from goodheart.errors import BudgetError
from goodheart.records import Reply

from .conftest import trial

ONE = askings([trial(0)])[0]


def reply(respondent: str = "a/b", tokens_in: int = 0, tokens_out: int = 0) -> Reply:
    return Reply(
        respondent=respondent,
        trial="t",
        repeat=0,
        text="",
        stop="stop",
        input_tokens=tokens_in,
        output_tokens=tokens_out,
    )


def test_tokens_are_estimated_from_characters_and_the_length_allowed() -> None:
    # "How do you rate circumstance 0?" has 31 characters: 31 / 3 rounded up, and 6 for the message's marks.
    assert estimate_tokens(trial(0), scored=False) == (17, 16)


def test_scoring_reads_prefill_and_continuations_and_writes_nothing() -> None:
    # 31 + 2 + 9 characters.
    assert estimate_tokens(trial(0, prefill="It", continuations=("good", "worse")), scored=True) == (20, 0)


def test_money_is_reckoned_per_million_tokens_of_each_kind() -> None:
    settings = AskSettings(prices=(("a/b", Prices(input=3.0, output=15.0)),))
    spent = Budget(settings, "a/b", [reply(tokens_in=1_000_000, tokens_out=2_000_000)]).spent
    assert spent == Spending(calls=1, tokens=3_000_000, usd=33.0)


def test_what_other_respondents_spent_counts_towards_the_cap_at_their_prices() -> None:
    prices = (("a/b", Prices(input=1.0, output=1.0)), ("c/d", Prices(input=10.0, output=0.0)))
    before = [reply("c/d", tokens_in=1_000_000), reply("goodheart/x", tokens_in=1_000_000)]
    budget = Budget(AskSettings(cap_usd=10.0, prices=prices), "a/b", before)
    assert budget.spent == Spending(calls=2, tokens=2_000_000, usd=10.0)
    with pytest.raises(BudgetError, match=r"US dollars: about 10\.00, the cap is 10"):
        budget.check([ONE])


def test_a_cap_that_is_just_met_is_not_passed() -> None:
    Budget(AskSettings(cap_calls=3, cap_tokens=33 + 7), "a/b", [reply(tokens_in=7)]).check([ONE])
    with pytest.raises(BudgetError):
        Budget(AskSettings(cap_calls=3, cap_tokens=33 + 6), "a/b", [reply(tokens_in=7)]).check([ONE])


def test_a_cap_in_dollars_needs_prices_except_for_our_own_engine() -> None:
    with pytest.raises(BudgetError, match="needs the prices of a/b"):
        Budget(AskSettings(cap_usd=1.0), "a/b", []).check([ONE])
    Budget(AskSettings(cap_usd=0.0), "goodheart/x", []).check([ONE])


def test_what_is_in_flight_is_set_aside_until_its_cost_is_known() -> None:
    budget = Budget(AskSettings(cap_tokens=70), "a/b", [])
    assert budget.reserve(ONE)
    assert budget.reserve(ONE)
    assert not budget.reserve(ONE), "99 tokens at most"
    budget.settle(ONE, reply(tokens_in=10, tokens_out=1))
    assert not budget.reserve(ONE), "11 spent, 33 in flight, 33 to come: 77"
    budget.settle(ONE, None)
    assert budget.reserve(ONE)
    assert budget.spent == Spending(calls=1, tokens=11)


def test_calls_are_capped_exactly() -> None:
    budget = Budget(AskSettings(cap_calls=2), "a/b", [])
    assert [budget.reserve(ONE) for _ in range(3)] == [True, True, False]
