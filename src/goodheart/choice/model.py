"""What is assumed of a respondent's choices, and how strongly."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["bt", "thurstone"]
Effect = Literal["context", "wording"]

PRIOR_SD_RANGE: Final = (0.02, 10.0)
"""Bounds of an estimated standard deviation, in the model's unit: at the lower end nothing is preferred, at the upper
end choices are as good as certain and their scale is set by this bound."""
NEAR_BOUND: Final = 0.99
"""Share of the upper bound from which an estimate counts as standing at it."""

LOGITS_PER_PROBIT: Final = 1.702
"""The factor by which logistic and normal curves differ least; only used to start and to bound."""


WEAK: Final = 5.0
"""Logits: odds of 150 to 1 are one standard deviation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceModel:
    """A model of pairwise choices.

    `bt` is Bradley and Terry's (logistic noise) with Davidson's ties; `thurstone` is Thurstone's case V (normal noise)
    with the ties of Glenn and David.
    """

    kind: Kind = "bt"
    prior_sd: float | None = None
    """Standard deviation of the utilities' normal prior, in logits (probits for Thurstone). None estimates it from the
    choices of all items, which keeps intervals honest where pairs were chosen by earlier choices. A large number, such
    as 1000, gives the maximum of the likelihood; its intervals are honest only where pairs were chosen beforehand."""
    order_effect: bool = True
    """Whether being shown on the left may count."""
    order_sd: float = 5.0
    """Standard deviation of the order effect's prior: weak, so that a respondent who always answers left has a fit."""
    tie_sd: float = 5.0
    """Likewise of the tie parameter."""
    effects: tuple[Effect, ...] = ()
    """Columns whose levels are a sample of many: each level may shift the order effect and, per item, the utility, by
    normal amounts whose spread is estimated."""
