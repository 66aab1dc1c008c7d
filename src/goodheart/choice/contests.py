"""Pairs of items with their two orders put together: who wins when the order is averaged out."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from goodheart.choice.choices import TIE, Choices, soft_rows, take
from goodheart.records import Evidence

LARGEST_LOGIT: Final = 8.0
"""Odds of 3,000 to 1: a token probability beyond it is taken as it."""
INDIFFERENT: Final = 0.025
"""A share of choices this near to one half favours neither option (0.1 logit)."""
EVEN: Final = 1e-9
"""Log odds this near to 0 are 0: the two orders of a habit of letters cancel but for rounding."""

Kind = Literal["robust", "fragile", "indifferent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """One pair under one wording, in both orders."""

    first: str
    """The option whose name comes first; shares are of it."""
    second: str
    wording: str
    shown_first: float
    """Share of choices for `first` where it was shown first, among those for either option."""
    shown_second: float
    """The same where it was shown second."""
    n: int
    evidence: tuple[Evidence, ...] = ()

    @property
    def pair(self) -> str:
        """The pair's name, whatever the order."""
        return f"{self.first}|{self.second}"

    @property
    def log_odds(self) -> float:
        """Log odds of `first` over `second`, the order averaged out."""
        return (bounded_logit(self.shown_first) + bounded_logit(self.shown_second)) / 2

    @property
    def winner(self) -> int:
        """1 where `first` wins with the order averaged out, -1 where `second` does, 0 where neither does."""
        return sign_of(self.log_odds)

    @property
    def order_effect(self) -> float:
        """Log odds that being shown first adds."""
        return (bounded_logit(self.shown_first) - bounded_logit(self.shown_second)) / 2

    @property
    def same_winner(self) -> bool | None:
        """Whether one option is chosen more often in both orders; None where one order has no winner."""
        product = (self.shown_first - 0.5) * (self.shown_second - 0.5)
        return None if product == 0 else product > 0

    @property
    def kind(self) -> Kind:
        """Whether one option clearly wins in both orders."""
        gaps = (self.shown_first - 0.5, self.shown_second - 0.5)
        if min(map(abs, gaps)) <= INDIFFERENT:
            return "indifferent"
        return "robust" if gaps[0] * gaps[1] > 0 else "fragile"


def bounded_logit(share: float) -> float:
    """Return the log odds of a share, no further out than `LARGEST_LOGIT`."""
    return float(np.clip(special.logit(share), -LARGEST_LOGIT, LARGEST_LOGIT))


def sign_of(log_odds: float) -> int:
    """Return 1, -1, or 0 for log odds that are 0 but for rounding."""
    return 0 if abs(log_odds) <= EVEN else 1 if log_odds > 0 else -1


def contests_in(choices: Choices) -> tuple[Contest, ...]:
    """Put the two orders of every pair together, by context and wording; a pair shown in one order only is left out.

    A tie counts half for either side. Rows in which opting out was on offer are left out wherever there are others, as
    they answer another question.

    Args:
        choices: Of one respondent.
    """
    own = take(choices, ~choices.offered) if not choices.offered.all() else choices
    rows = take(own, np.asarray(own.outcome <= TIE))
    share = np.where(soft_rows(rows), rows.p_left, np.choose(rows.outcome, (1.0, 0.0, 0.5)))
    found: dict[tuple[str, str, str], NDArray[np.float64]] = defaultdict(lambda: np.zeros((3, 2)))
    columns = (rows.left, rows.right, rows.context, rows.wording, share, rows.count)
    for left, right, context, wording, p, count in zip(*(one.tolist() for one in columns), strict=True):
        one, other = rows.items[left], rows.items[right]
        turned = one > other
        sums = found[(other, one, f"{context}|{wording}") if turned else (one, other, f"{context}|{wording}")]
        sums[:, int(turned)] += (count * (1 - p if turned else p), count, 1)
    return tuple(
        Contest(
            first=first,
            second=second,
            wording=wording,
            shown_first=float(sums[0, 0] / sums[1, 0]),
            shown_second=float(sums[0, 1] / sums[1, 1]),
            n=int(sums[2].sum()),
        )
        for (first, second, wording), sums in found.items()
        if sums[1].all()
    )
