"""Shares of independent conversations with exact intervals, and the evidence that they rest on."""

from collections.abc import Iterable

from scipy import special

from goodheart.conduct.episode import Played
from goodheart.records import Condition, Estimate, Evidence, Finding, NotEstimable
from goodheart.thresholds import LEVEL


def exact_share(name: str, about: Condition, *, successes: int, n: int, evidence: tuple[Evidence, ...] = ()) -> Finding:
    """Estimate a share with the exact interval of Clopper and Pearson.

    Estimand: the long-run share of conversations, taken as independent.

    Args:
        name: What is estimated.
        about: Of what.
        successes: Count in 0..n.
        n: Conversations; with 0 there is nothing to estimate.
        evidence: Where the replies stand.

    Source:
        Clopper and Pearson (1934), Biometrika 26:404-413.
    """
    if n == 0:
        return NotEstimable(name=name, about=about, reason="too_few", detail="no conversation that counts")
    tail = (1 - LEVEL) / 2
    low = 0.0 if successes == 0 else float(special.betaincinv(successes, n - successes + 1, tail))
    high = 1.0 if successes == n else float(special.betaincinv(successes + 1, n - successes, 1 - tail))
    return Estimate(
        name=name,
        about=about,
        value=successes / n,
        low=low,
        high=high,
        level=LEVEL,
        unit="share",
        n=n,
        n_clusters=n,
        method="clopper_pearson",
        evidence=evidence,
    )


def evidence_of(played: Iterable[Played]) -> tuple[Evidence, ...]:
    """Return where the replies of some conversations stand."""
    return tuple(Evidence(trial=reply.trial, repeat=reply.repeat) for one in played for reply in one.replies)
