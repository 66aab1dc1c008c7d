"""How often each code occurs in its own words: shares as coded, not corrected for the coder's errors."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from goodheart.checks.replies import Text, Texts
from goodheart.checks.texts import sharp_enough
from goodheart.reading.codes.codes import value_of
from goodheart.reading.codes.rubric import VALUES
from goodheart.records import Finding, NotEstimable
from goodheart.stats import estimate_proportion_clustered
from goodheart.thresholds import CODER_KAPPA, LEVEL

NAME: Final = "code_share"
CODES: Final = ("ground", "hedges", "refusal", "warns", "tone")
WHO: Final[dict[str, Callable[[Text], bool]]] = {
    "self": lambda one: one.group == "circumstance" and one.form == "self",
    "other_ai": lambda one: one.group == "circumstance" and one.form == "other_ai",
    "human": lambda one: one.group == "circumstance" and one.form == "human",
    "controls": lambda one: one.group == "nonwelfare",
}
"""Whose replies are counted together; phrases were barred in none."""


def code_shares(texts: Texts | None) -> tuple[Finding, ...]:
    """Estimate the share of replies with each value of each code, by person.

    Estimand: the mean over circumstances of the share of replies to which the coder gives the value, as it codes.
    A code that the coder is not shown to read well enough is withheld.

    Args:
        texts: Coded replies; None gives nothing.
    """
    return tuple(_shares(texts)) if texts is not None else ()


def _shares(texts: Texts) -> Iterator[Finding]:
    for code in CODES:
        known = texts.sharpness.get(code)
        if not sharp_enough(known):
            found = f"{known.kappa_low:.2f}" if known else "unknown"
            yield NotEstimable(
                name=NAME,
                about=(("code", code), ("coder", texts.coder)),
                reason="not_valid",
                detail=f"The lower limit of the coder's kappa on {code!r} is {found}; {CODER_KAPPA} is needed.",
            )
            continue
        for who, belongs in WHO.items():
            own = [one for one in texts.texts if not one.condition and belongs(one)]
            yield from _of_code(texts.coder, own, who, code) if own else ()


def _of_code(coder: str, own: Sequence[Text], who: str, code: str) -> Iterator[Finding]:
    for value in ("yes",) if code == "hedges" else VALUES[code]:
        yield estimate_proportion_clustered(
            name=NAME,
            about=(("code", code), ("coder", coder), ("value", value), ("who", who)),
            hits=[value_of(one.codes, code) == value for one in own],
            clusters=[one.cluster for one in own],
            level=LEVEL,
        )
