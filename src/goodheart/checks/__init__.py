"""Can the report be believed: one file per check, and the judge that turns what they examined into verdicts.

To add a check, write its file with `NAME`, `PROPOSITION`, `ALTERNATIVES` and `examine(case)`, and one line here.
"""

from collections.abc import Callable, Mapping
from typing import Final

from goodheart.checks import audience, demand, framing, leading, person, retest, scale
from goodheart.checks.examined import Case, Claim, Examined, Obstacle
from goodheart.checks.judge import judge

CHECKS: Final[Mapping[str, Callable[[Case], Examined]]] = {
    scale.NAME: scale.examine,
    retest.NAME: retest.examine,
    person.NAME: person.examine,
    leading.NAME: leading.examine,
    framing.NAME: framing.examine,
    audience.NAME: audience.examine,
    demand.NAME: demand.examine,
}

__all__ = ["CHECKS", "Case", "Claim", "Examined", "Obstacle", "judge"]
