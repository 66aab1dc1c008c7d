"""The claim ladder over all runs together. Rungs are cumulative: none is shown above one that is not.

C0 reacts to text: a form of the scale passed its controls. C1 specific to itself: what the audit's own claim says. C2
follows a state that was set without text: C1, and the verdict `injection` holds. C3 agrees with conduct: C2, and the
verdict `conduct` holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from goodheart.records import Claim, ClaimLevel, Verdict, VerdictWord

State = Literal["shown", "not_shown", "not_tested"]
CUMULATIVE: Final = "rungs are cumulative"
WORDS: Final[dict[VerdictWord, str]] = {"holds": "holds", "fails": "fails", "cannot_tell": "cannot tell"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One rung."""

    level: ClaimLevel
    state: State
    reason: str
    command: str
    """What tests it; empty where this respondent cannot have that run."""


def ladder_of(
    *,
    claim: Claim | None,
    instrument: str | None,
    injection: Verdict | None,
    conduct: Verdict | None,
    commands: Mapping[str, str],
) -> tuple[Rung, ...]:
    """Place a respondent on the ladder by all its runs.

    Args:
        claim: Of its audit; None without one.
        instrument: The form that carries the audit's findings; None where none is valid.
        injection: The verdict of that name; None where no state was set.
        conduct: The verdict of that name; None where nothing was carried out.
        commands: What tests a rung: keys `audit`, `injection`, `conduct`.

    Returns:
        All four rungs, from C0 up.
    """
    first = _reacts(claim, instrument, commands["audit"])
    second = _specific(first, claim, commands["audit"])
    third = _verdict_rung("C2", injection, below=second, asked="no state was set in it", command=commands["injection"])
    fourth = _verdict_rung("C3", conduct, below=third, asked="nothing was carried out", command=commands["conduct"])
    return (first, second, third, fourth)


def reached(rungs: Sequence[Rung]) -> ClaimLevel | None:
    """Return the highest rung that is shown with all under it; None where not even C0 is."""
    found: ClaimLevel | None = None
    for rung in rungs:
        if rung.state != "shown":
            break
        found = rung.level
    return found


def _reacts(claim: Claim | None, instrument: str | None, command: str) -> Rung:
    if claim is None:
        return Rung(level="C0", state="not_tested", reason="No audit is among the folders.", command=command)
    if instrument is None:
        reason = "No form of the scale passed its controls on this respondent."
        return Rung(level="C0", state="not_shown", reason=reason, command=command)
    reason = f"The form {instrument} tells plainly good circumstances from plainly bad ones."
    return Rung(level="C0", state="shown", reason=reason, command=command)


def _specific(below: Rung, claim: Claim | None, command: str) -> Rung:
    if claim is None:
        return Rung(level="C1", state="not_tested", reason="No audit is among the folders.", command=command)
    state: State = "shown" if below.state == "shown" and claim.level != "C0" else "not_shown"
    return Rung(level="C1", state=state, reason=_first_sentences(claim.detail), command=command)


def _first_sentences(detail: str) -> str:
    """Leave out what the claim of an audit says of runs that it does not know."""
    return detail.partition(" This study cannot show more")[0]


def _verdict_rung(level: ClaimLevel, verdict: Verdict | None, *, below: Rung, asked: str, command: str) -> Rung:
    """C2 or C3: the verdict has to hold, and every rung below has to be shown."""
    under = (
        ""
        if below.state == "shown"
        else f" A verdict that holds would not show it alone: {CUMULATIVE}, and {_open(below)}."
    )
    if verdict is None:
        reason = f"In these runs {asked}.{under}"
        return Rung(level=level, state="not_tested", reason=reason, command=command)
    said = f"The verdict {verdict.check} {'holds' if verdict.verdict == 'holds' else _otherwise(verdict)}."
    if verdict.verdict != "holds":
        return Rung(level=level, state="not_shown", reason=f"{said}{under}", command=command)
    if under:
        reason = f"{said} That alone does not show it: {CUMULATIVE}, and {_open(below)}."
        return Rung(level=level, state="not_shown", reason=reason, command=command)
    return Rung(level=level, state="shown", reason=said, command=command)


def _open(below: Rung) -> str:
    return f"{below.level} is {'not tested' if below.state == 'not_tested' else 'not shown'}"


def _otherwise(verdict: Verdict) -> str:
    return f"{WORDS[verdict.verdict]}: {verdict.detail.rstrip('.')}"
