"""Does a reading rise with a number that makes the emotion stronger, everything else being the same text?"""

from typing import Final

import numpy as np

from goodheart.probes.axes import read_axes
from goodheart.probes.direction import FloatArray
from goodheart.probes.ladder.bench import Attempt
from goodheart.probes.rung import SIZE, Rung, interval_of, not_run, tried
from goodheart.stats.correlation import ranks
from goodheart.stats.proportions import estimate_proportion
from goodheart.thresholds import LEVEL, PROBE_SHARE

NAME: Final = "rising_numbers"
CLAIM: Final = "where one number makes an emotion stronger or weaker, its reading follows"


def rising_numbers(attempt: Attempt) -> Rung:
    """Try the directions on templates, and count those in which the reading follows the number.

    Estimand: the share of templates with a Spearman correlation of level and reading above 0, in the stated direction.
    """
    templates, names = attempt.material.ladder.intensity, attempt.fitted.names
    states = attempt.material.at("intensity", attempt.fitted.layer)
    ends = np.cumsum([len(template.levels) for template in templates])
    rhos: dict[str, float] = {}
    for template, end in zip(templates, ends, strict=True):
        if template.emotion in names:
            read = read_axes(attempt.axes, states[end - len(template.levels) : end])
            rho = spearman(read[:, names.index(template.emotion)])
            rhos[template.id] = rho if template.sign == "up" else -rho
    followed = sum(rho > 0 for rho in rhos.values())
    found = interval_of(estimate_proportion(name=NAME, successes=followed, n=len(rhos), level=LEVEL))
    if found is None:
        return not_run(NAME, CLAIM, "no templates for these emotions", withholds=(SIZE,))
    passed = found.low > PROBE_SHARE
    against = [name for name, rho in rhos.items() if rho <= 0]
    return tried(
        NAME,
        CLAIM,
        found,
        passed=passed,
        unit="share of templates",
        line=PROBE_SHARE,
        n=len(rhos),
        n_clusters=len(rhos),
        detail=(
            f"{followed} of {len(rhos)} follow; mean rank correlation {np.mean(list(rhos.values())):+.2f}"
            + (f"; not: {', '.join(against)}" if against else "")
        ),
        withholds=(SIZE,),
        parts=tuple(rhos.items()),
    )


def spearman(values: FloatArray) -> float:
    """Return the rank correlation of values with their own order; 0 where they do not differ."""
    if np.ptp(values) == 0:
        return 0.0
    order = np.arange(len(values), dtype=np.float64)
    return float(np.corrcoef(order, ranks(values=values))[0, 1])
