"""Whether an instrument measures anything on this respondent: its controls, in the same run.

Positive control: plainly good circumstances are rated above plainly bad ones, by more than the difference that matters
and in the right order nearly always. Negative control: made-up neutral circumstances are not rated as more extreme than
the plainly good or bad ones, and differ among themselves much less than good from bad. An instrument that fails is *not
valid for this respondent*, and nothing it reads is used.
"""

from collections.abc import Iterator, Sequence
from statistics import fmean

import numpy as np

from goodheart.reading.ratings import Ratings, askings, cluster_means, ratings, sample_of
from goodheart.records import Estimate, Finding, Group, NotEstimable, Observation, Validity
from goodheart.stats import estimate_auc, estimate_contrast_independent, estimate_proportion
from goodheart.thresholds import CONTROL_AUC, CONTROL_GAP, DELTA, LEVEL, MEASURED_SHARE, NEUTRAL_SPREAD

CONTROLS: tuple[Group, ...] = ("good", "bad", "neutral")


def validity_of(observations: Sequence[Observation], *, instrument: str, form: str) -> Validity:
    """Judge an instrument by its controls.

    Args:
        observations: Of one respondent.
        instrument: Its id.
        form: The person that the controls are about.

    Returns:
        Valid only if every control could be estimated and passed.
    """
    rows = askings(observations, instrument=instrument, form=form, groups=CONTROLS)
    about = (("form", form), ("instrument", instrument))
    if not rows:
        nothing = NotEstimable(name="control_gap", about=about, reason="not_asked", detail="No controls were asked.")
        return Validity(instrument=instrument, form=form, valid=False, problems=(nothing.detail,), findings=(nothing,))
    good, bad, neutral = (ratings([row for row in rows if row.group == group]) for group in CONTROLS)
    means_good, means_bad, means_neutral = _item_means(good), _item_means(bad), _item_means(neutral)
    measured = sum(row.kind == "measured" for row in rows)
    share = estimate_proportion(name="measured_share", about=about, successes=measured, n=len(rows), level=LEVEL)
    gap = estimate_contrast_independent(
        name="control_gap", about=about, a=sample_of(good), b=sample_of(bad), level=LEVEL, unit="points"
    )
    auc = estimate_auc(name="control_auc", about=about, positive=means_good, negative=means_bad, level=LEVEL)
    problems = (
        *_share_problems(share),
        *_gap_problems(gap, means_good, means_bad),
        *_auc_problems(auc),
        *_neutral_problems(means_good, means_bad, means_neutral),
    )
    return Validity(instrument=instrument, form=form, valid=not problems, problems=problems, findings=(share, gap, auc))


def main_instrument(validities: Sequence[Validity], *, preference: Sequence[str]) -> str | None:
    """Choose the instrument that carries the findings, by a rule that is fixed before any result.

    The first in order of preference that is valid for every person it was asked about, since findings compare persons;
    failing that, the first that is valid for the respondent itself; else None.

    Args:
        validities: Of one respondent.
        preference: Ids, the most wanted first.
    """
    of = {name: [validity for validity in validities if validity.instrument == name] for name in preference}
    for_all = [name for name in preference if of[name] and all(validity.valid for validity in of[name])]
    for_self = [name for name in preference if any(one.valid for one in of[name] if one.form == "self")]
    return next(iter((*for_all, *for_self)), None)


def _item_means(column: Ratings) -> tuple[float, ...]:
    return tuple(cluster_means(column).values())


def _share_problems(share: Finding) -> Iterator[str]:
    if isinstance(share, NotEstimable):
        yield share.detail
    elif share.value < MEASURED_SHARE:
        yield f"only {share.value:.0%} of its askings gave a rating; {MEASURED_SHARE:.0%} are needed"


def _gap_problems(gap: Finding, good: Sequence[float], bad: Sequence[float]) -> Iterator[str]:
    if isinstance(gap, NotEstimable):
        # Written answers may put every good item at 7 and every bad one at 1: nothing varies, and nothing is in doubt.
        if gap.reason != "no_variation" or fmean(good) - fmean(bad) <= CONTROL_GAP:
            yield f"good minus bad cannot be estimated: {gap.detail}"
    elif gap.low <= CONTROL_GAP:
        yield (
            f"plainly good minus plainly bad is {gap.value:.2f} points [{gap.low:.2f}, {gap.high:.2f}]; "
            f"it has to be shown to exceed {CONTROL_GAP}"
        )


def _auc_problems(auc: Finding) -> Iterator[str]:
    # The line is on the point; an interval that would not cover is no reason to distrust the order that was seen.
    value = auc.value if isinstance(auc, Estimate) else auc.point if auc.reason == "not_covered" else None
    if value is None:
        yield "the order of good and bad cannot be estimated"
    elif value < CONTROL_AUC:
        yield f"{value:.0%} of (good, bad) pairs stand in the right order; {CONTROL_AUC:.0%} are needed"


def _neutral_problems(good: Sequence[float], bad: Sequence[float], neutral: Sequence[float]) -> Iterator[str]:
    if min(len(good), len(bad)) < 1 or len(neutral) < 2:
        yield "too few neutral circumstances were rated"
        return
    low, high, middle = fmean(bad), fmean(good), fmean(neutral)
    if not low - DELTA <= middle <= high + DELTA:
        yield f"neutral circumstances ({middle:.2f}) are rated more extreme than good ({high:.2f}) or bad ({low:.2f})"
    spread = float(np.std(neutral, ddof=1))
    if spread > NEUTRAL_SPREAD * abs(high - low):
        yield (
            f"neutral circumstances differ among themselves (SD {spread:.2f}) by more than "
            f"{NEUTRAL_SPREAD:.0%} of the gap between good and bad ({high - low:.2f})"
        )
