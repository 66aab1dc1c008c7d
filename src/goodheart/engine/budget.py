"""What a run may spend, and what it has spent."""

from collections.abc import Iterable
from dataclasses import dataclass

from goodheart.design.cost import estimate_tokens
from goodheart.engine.askings import Asking
from goodheart.engine.settings import AskSettings, Prices, is_own
from goodheart.errors import BudgetError
from goodheart.records import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Calls, tokens and money; adds up."""

    calls: int = 0
    tokens: int = 0
    usd: float = 0.0

    def __add__(self, other: "Spending") -> "Spending":
        return Spending(calls=self.calls + other.calls, tokens=self.tokens + other.tokens, usd=self.usd + other.usd)


class Budget:
    """The caps of a run against what it has spent and what is in flight."""

    def __init__(self, settings: AskSettings, respondent: str, arrived: Iterable[Reply]) -> None:
        self._settings = settings
        self._prices = dict(settings.prices)
        self._respondent = respondent
        self._reserved = Spending()
        self.spent = sum((self._cost_of(reply) for reply in arrived), Spending())
        """Everything in the journal so far, of all respondents."""

    def estimate(self, asking: Asking) -> Spending:
        """Estimate what one asking will cost; a greedy scale reading of our own engine writes nothing."""
        scored = is_own(self._respondent) and bool(asking.trial.continuations) and self._settings.reading != "text"
        tokens_in, tokens_out = estimate_tokens(asking.trial, scored=scored)
        return Spending(calls=1, tokens=tokens_in + tokens_out, usd=self._usd(self._respondent, tokens_in, tokens_out))

    def check(self, todo: Iterable[Asking]) -> None:
        """Refuse a run that would pass a cap.

        Raises:
            BudgetError: with every cap that the estimate passes.
        """
        self._check_prices()
        ahead = sum((self.estimate(asking) for asking in todo), Spending())
        passed = self._passed(self.spent + ahead)
        if passed:
            raise BudgetError(
                f"{self._respondent} is asked only within the caps of the run. This plan would pass them "
                "(what was spent before is counted). Raise the cap, or take a smaller preset:",
                problems=passed,
            )

    def reserve(self, asking: Asking) -> bool:
        """Set aside what one asking may cost; False if a cap would then be passed."""
        estimate = self.estimate(asking)
        if self._passed(self.spent + self._reserved + estimate):
            return False
        self._reserved += estimate
        return True

    def settle(self, asking: Asking, reply: Reply | None) -> None:
        """Replace what was set aside by what it cost."""
        estimate = self.estimate(asking)
        self._reserved += Spending(calls=-1, tokens=-estimate.tokens, usd=-estimate.usd)
        if reply is not None:
            self.spent += self._cost_of(reply)

    def _cost_of(self, reply: Reply) -> Spending:
        return Spending(
            calls=1,
            tokens=reply.input_tokens + reply.output_tokens,
            usd=self._usd(reply.respondent, reply.input_tokens, reply.output_tokens),
        )

    def _usd(self, respondent: str, tokens_in: int, tokens_out: int) -> float:
        price = self._prices.get(respondent, Prices(input=0.0, output=0.0))
        return (tokens_in * price.input + tokens_out * price.output) / 1_000_000

    def _check_prices(self) -> None:
        known = is_own(self._respondent) or self._respondent in self._prices
        if self._settings.cap_usd is not None and not known:
            raise BudgetError(
                f"A cap in dollars needs the prices of {self._respondent}. None are given. "
                "Give its dollars per million input and output tokens, or cap calls or tokens instead."
            )

    def _passed(self, spending: Spending) -> tuple[str, ...]:
        caps = self._settings
        rows: tuple[tuple[str, float, float | None], ...] = (
            ("calls", spending.calls, caps.cap_calls),
            ("tokens", spending.tokens, caps.cap_tokens),
            ("US dollars", spending.usd, caps.cap_usd),
        )
        return tuple(
            f"{name}: about {amount:,.{2 if name == 'US dollars' else 0}f}, the cap is {cap:,}"
            for name, amount, cap in rows
            if cap is not None and amount > cap
        )
