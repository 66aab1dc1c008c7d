"""How far up the claim ladder the findings about one respondent reach: C0 reacts to text, C1 is specific to itself.

C1 needs all of this, each by its 95% interval or its verdict: a part of the differences between its circumstances that
neither the mood of the texts nor its ratings of another AI and of a human predict; a gap to the other AI that differs
from circumstance to circumstance, or a level of its own (the check `person` fails); and the same gaps on a second valid
form of the scale, since what one form alone shows may be that form's. A trained persona can have all of it: C1 says
that the report is specific, and not that there is a state behind it.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from goodheart.assessments.dependence import SHARES
from goodheart.assessments.validated import Validated, valid_others
from goodheart.items import FORMS
from goodheart.records import Claim, Estimate, Finding, NotEstimable, Verdict

BEYOND: Final = (
    "This study cannot show more: C2 would need a state that is set without text (steering on open weights) and that "
    "the report follows, C3 choices that were carried out and that agree with it."
)
NO_INSTRUMENT: Final = Claim(
    level="C0",
    detail="No form of the scale is valid on this respondent, so not even a reaction to what the text says is shown. "
    + BEYOND,
)


def claim_of(estimates: Sequence[Finding], *, valid: Validated, verdicts: Sequence[Verdict]) -> Claim:
    """Place one respondent's report on the claim ladder.

    Args:
        estimates: With those of `dependence_of`.
        valid: What passed its controls.
        verdicts: All of the study's.
    """
    own = _named(estimates, SHARES[2])
    missing = list(_missing(estimates, valid, verdicts))
    if missing:
        return Claim(level="C0", detail=f"Not shown to be specific to itself: {'; '.join(missing)}. {BEYOND}")
    said = _said(own) if own is not None else ""
    return Claim(
        level="C1",
        detail=f"Of the differences between its circumstances {said} is predicted neither by the mood of the text nor "
        "by its ratings of another AI and of a human, and a second form of the scale sees the same gaps. That is no "
        f"evidence of a state behind it. {BEYOND}",
    )


def _missing(estimates: Sequence[Finding], valid: Validated, verdicts: Sequence[Verdict]) -> Iterator[str]:
    absent = [form for form in FORMS[1:] if form not in valid_others(valid)]
    if absent:
        yield f"the form of the scale is not valid about {' and '.join(_PERSONS[form] for form in absent)}"
    own = _named(estimates, SHARES[2])
    if not _above_zero(own):
        yield f"the share that neither mood nor ratings of others predict is {_said(own)}"
    gap = _named(estimates, "gap_sd", ("from", "other_ai"))
    level = any(one.check == "person" and one.verdict == "fails" for one in verdicts)
    if not (_above_zero(gap) or level):
        yield f"the gap to another AI is not shown to differ between circumstances (SD {_said(gap)}) or to have a level"
    again = _named(estimates, "gap_correlation")
    if again is None:
        yield "no second valid form of the scale to see the same gaps with"
    elif not _above_zero(again):
        yield f"a second form of the scale does not see the same gaps (correlation {_said(again)})"


_PERSONS: Final = {"other_ai": "another AI", "human": "a human"}


def _named(estimates: Sequence[Finding], name: str, about: tuple[str, str] | None = None) -> Finding | None:
    return next((one for one in estimates if one.name == name and (about is None or about in one.about)), None)


def _above_zero(finding: Finding | None) -> bool:
    return isinstance(finding, Estimate) and finding.low > 0


def _said(finding: Finding | None) -> str:
    if finding is None:
        return "not asked"
    if isinstance(finding, NotEstimable):
        return f"not estimable ({finding.detail})"
    return f"{finding.value:.2f} [{finding.low:.2f}, {finding.high:.2f}]"
