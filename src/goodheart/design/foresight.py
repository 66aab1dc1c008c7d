"""What each check could answer with a plan's arms and at its size, before anything is asked.

Every check gets the alpha of Holm's first step over its family, shared by its own parts as Bonferroni would: what the
judge does later (Holm's further steps, sign-flips together) is never worse. The spread is an assumption and is printed.
"""

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from goodheart.design.asked_cells import asked_cells
from goodheart.design.presets import TEXT_CHECKS
from goodheart.design.reach import FEWEST_CLUSTERS, REACHES, Planned, Reach, own_circumstances, persons, plain_reach
from goodheart.records import Trial
from goodheart.stats import minimum_certifiable_margin, minimum_detectable_independent, minimum_detectable_paired
from goodheart.stats.foresight import sd_shown_beyond
from goodheart.stats.power import detectable_noncentrality
from goodheart.thresholds import ALPHA, DELTA, POINTS_HIGH, POINTS_LOW, POWER

SD_BETWEEN: Final = 1.0
"""Points: the assumed standard deviation of a circumstance's difference between two cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """What one check could see at this size, if cells differ from circumstance to circumstance as assumed."""

    check: str
    detectable: float
    """Smallest effect, in points, that would be shown to be there at power .9 (for `retest` an SD above `DELTA`)."""
    failing: float
    """Smallest effect, in points, that would be shown to lie outside the region, so that the check fails."""
    certifiable: float
    """Smallest region, in points to either side of 0, that no effect could be shown to lie in, likewise."""
    barred: tuple[str, ...]
    """Why it cannot hold whatever is found: arms that are not asked, and sizes too small for a part."""
    can_hold: bool
    """Whether nothing bars it and the region that it asks for is at least `certifiable`."""
    mute: str
    """Why it can only answer cannot_tell; empty where it can fail or hold."""


def foresee(
    trials: Sequence[Trial],
    *,
    checks: Sequence[str],
    sd: float,
    written: bool,
    judged: Set[str],
    silent: Set[str] = frozenset(),
) -> tuple[Foresight, ...]:
    """Say what each check on ratings could detect and certify, and which can only decline, with the reason.

    Checks on text are about shares of replies and have no effect in points; docs/checks-on-text.md has their rates.

    Args:
        trials: The plan.
        checks: The family.
        sd: Of a circumstance's difference between two cells, in points.
        written: Whether answers are written, so that declining is seen as yes or no.
        judged: Factors on which blind raters have said which answer seems wanted.
        silent: Checks that can give no answer for a reason that is known beforehand, and so cost no alpha.
    """
    spoken = [check for check in checks if check not in silent]
    planned = Planned(cells=asked_cells(trials), written=written, judged=judged, alpha=ALPHA / max(1, len(spoken)))
    return tuple(_foresee(check, planned, sd) for check in checks if check not in TEXT_CHECKS)


def _foresee(check: str, planned: Planned, sd: float) -> Foresight:
    reach = REACHES.get(check, plain_reach)(planned)
    if reach.nothing:
        return _seen(check, (math.inf,) * 3, reach)
    alpha = planned.alpha / reach.n_parts
    if check == "person":
        return _seen(check, _independent(planned, sd, alpha), reach)
    if check == "retest":
        return _seen(check, _spread(planned, sd, alpha), reach)
    return _seen(check, _paired(reach, sd, alpha=alpha, alpha_holding=planned.alpha), reach)


def _seen(check: str, sizes: tuple[float, ...], reach: Reach) -> Foresight:
    detectable, failing, certifiable = sizes
    can_hold = not reach.barred and not reach.nothing and certifiable <= DELTA
    beyond = failing > POINTS_HIGH - POINTS_LOW
    why = f"with {reach.n} circumstances in a comparison no effect on the scale is large enough to be shown"
    return Foresight(
        check=check,
        detectable=detectable,
        failing=failing,
        certifiable=certifiable,
        barred=reach.barred,
        can_hold=can_hold,
        mute=reach.nothing or (why if beyond and not can_hold else ""),
    )


def _paired(reach: Reach, sd: float, *, alpha: float, alpha_holding: float) -> tuple[float, float, float]:
    if reach.n < 2 or (reach.flipped and 2.0**-reach.n > alpha_holding / reach.flipped):
        return (math.inf,) * 3
    stderr = sd / math.sqrt(reach.n)
    detectable = minimum_detectable_paired(n_clusters=reach.n, sd=sd, alpha=alpha, power=POWER)
    failing = DELTA + stderr * detectable_noncentrality(df=reach.n - 1, alpha=alpha, power=POWER)
    if reach.one_sided:
        return detectable, failing, stderr * detectable_noncentrality(df=reach.n - 1, alpha=alpha_holding, power=POWER)
    certifiable = minimum_certifiable_margin(n_clusters=reach.n, sd=sd, alpha=alpha_holding, power=POWER)
    return detectable, failing, certifiable


def _independent(planned: Planned, sd: float, alpha: float) -> tuple[float, float, float]:
    own, neutral = persons(planned.cells)
    detectable = minimum_detectable_independent(n_a=own, n_b=neutral, sd=sd, alpha=alpha, power=POWER)
    stderr = sd * math.sqrt(1 / own + 1 / neutral)
    failing = DELTA + stderr * detectable_noncentrality(df=own + neutral - 2, alpha=alpha, power=POWER)
    # Welch on two sets is a paired contrast with this many clusters, to first order.
    alike = max(2, own * neutral // (own + neutral))
    return detectable, failing, minimum_certifiable_margin(n_clusters=alike, sd=sd, alpha=alpha, power=POWER)


def _spread(planned: Planned, sd: float, alpha: float) -> tuple[float, float, float]:
    """Two cells whose difference has the assumed spread each move by that over the root of 2."""
    cells = planned.cells
    df = own_circumstances(cells) * cells.n_wordings * cells.n_changes
    if own_circumstances(cells) * cells.n_wordings < FEWEST_CLUSTERS or not df:
        return (math.inf,) * 3
    failing = sd_shown_beyond(df=df, bound=DELTA, side=1, alpha=alpha, power=POWER)
    under = sd_shown_beyond(df=df, bound=1.0, side=-1, alpha=planned.alpha, power=POWER)
    return failing, failing, sd / math.sqrt(2) / under
