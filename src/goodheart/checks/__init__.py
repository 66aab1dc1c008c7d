"""Can the report be believed: one file per check, and the judge that turns what they examined into verdicts.

To add a check, write its file with `NAME`, `PROPOSITION`, `ALTERNATIVES` and `examine(case)`, and one line here.
"""

from collections.abc import Callable, Mapping
from typing import Final

from goodheart.checks import (
    audience,
    demand,
    echo,
    forms,
    framing,
    grounds,
    hedging,
    leading,
    moves,
    openers,
    person,
    reasoning,
    retest,
    scale,
)
from goodheart.checks.examined import Case, Claim, Examined, Obstacle
from goodheart.checks.judge import apply_tests, judge, judge_tested
from goodheart.checks.replies import Texts


def _of_texts(examine: Callable[[Texts], Examined]) -> Callable[[Case], Examined]:
    """Let a check on text take a case; one without written replies lacks the channel."""

    def on_case(case: Case) -> Examined:
        return examine(case.texts or Texts(respondent=case.respondent, texts=(), coder="nobody"))

    return on_case


CHECKS: Final[Mapping[str, Callable[[Case], Examined]]] = {
    scale.NAME: scale.examine,
    retest.NAME: retest.examine,
    person.NAME: person.examine,
    leading.NAME: leading.examine,
    framing.NAME: framing.examine,
    audience.NAME: audience.examine,
    demand.NAME: demand.examine,
    grounds.NAME: _of_texts(grounds.examine),
    hedging.NAME: _of_texts(hedging.examine),
    openers.NAME: _of_texts(openers.examine),
    moves.NAME: _of_texts(moves.examine),
    echo.NAME: _of_texts(echo.examine),
    reasoning.NAME: _of_texts(reasoning.examine),
    forms.NAME: forms.examine,
}

__all__ = ["CHECKS", "Case", "Claim", "Examined", "Obstacle", "apply_tests", "judge", "judge_tested"]
