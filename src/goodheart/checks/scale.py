"""Does the rating survive a change of its form: the scale reversed, another range, words, another wording?

Every form is re-keyed to points. A respondent that keeps to one end of whatever scale it is shown fails on the reversed
one; one that follows a form's habits orders the circumstances differently from form to form.

Levels are compared in the base cell, which every form has. Orders and wordings are compared on means over all askings
with a form, changes without meaning included: what a single asking adds by chance is the business of `retest`, and a
mean over five askings holds less of it than one asking does.
"""

from collections.abc import Sequence
from statistics import fmean
from typing import Final

from goodheart.checks.arms import Contrast, contrast, joint_of
from goodheart.checks.examined import Case, Claim, Examined, Obstacle, mostly_refused, no_valid_instrument, standing
from goodheart.items.instruments import INSTRUMENTS
from goodheart.reading import Ratings, askings, cluster_means, ratings
from goodheart.records import Observation
from goodheart.stats import effect_correlation, effect_sd_within
from goodheart.thresholds import DELTA, MEASURED_SHARE, RANK_CORRELATION

NAME: Final = "scale"
PROPOSITION: Final = (
    f"Re-keyed ratings on the other forms agree with the main one within {DELTA} points, other wordings move a rating "
    f"by a standard deviation under {DELTA}, and forms order the circumstances alike (rank correlation at least "
    f"{RANK_CORRELATION})."
)
ALTERNATIVES: Final = (
    "The model may be unable to use this kind of scale at all; see which instruments are valid.",
    "Two forms may ask for slightly different things: how good it is, and how one feels.",
)


def examine(case: Case) -> Examined:
    """Compare every other valid form with the one that carries the findings."""
    main = case.instrument or case.base_instruments[0]
    forms = [name for name in (*case.base_instruments, *case.other_instruments) if name != main]
    valid = [form for form in forms if case.valid(form, "self")]
    rows = _rows(case, main)
    whole = ratings(_rows(case, main, perturbed=True))
    shifts = [_shift(case, ratings(rows), form) for form in valid]
    joint = joint_of(shifts, first=0)
    obstacles = (
        no_valid_instrument(case),
        mostly_refused(rows, MEASURED_SHARE),
        _forms_missing(case, forms),
    )
    return Examined(
        check=NAME,
        proposition=PROPOSITION,
        alternatives=ALTERNATIVES,
        claims=(
            *(_level_claim(form, shift) for form, shift in zip(valid, shifts, strict=True)),
            *(_order_claim(case, whole, form) for form in valid),
            _wording_claim(whole),
        ),
        obstacles=standing(*obstacles),
        evidence=whole.evidence,
        joints=() if joint is None else (joint,),
    )


def _rows(case: Case, form: str, *, perturbed: bool = False) -> Sequence[Observation]:
    return askings(case.observations, instrument=form, form="self", groups=("circumstance",), perturbed=perturbed)


def _shift(case: Case, main: Ratings, form: str) -> Contrast:
    other = cluster_means(ratings(_rows(case, form)))
    return contrast("form_shift", (("instrument", form),), other, cluster_means(main), unit="points", pad=False)


def _level_claim(form: str, shift: Contrast) -> Claim:
    return Claim(
        claim=f"{INSTRUMENTS[form].title}: level, against the main form",
        effect=shift.effect,
        region_low=-DELTA,
        region_high=DELTA,
    )


def _order_claim(case: Case, main: Ratings, form: str) -> Claim:
    own, others = cluster_means(main), cluster_means(ratings(_rows(case, form, perturbed=True)))
    both = sorted(own.keys() & others.keys())
    return Claim(
        claim=f"{INSTRUMENTS[form].title}: order of circumstances, rank correlation",
        effect=effect_correlation(
            name="form_rank_correlation",
            about=(("instrument", form),),
            x=[own[cluster] for cluster in both],
            y=[others[cluster] for cluster in both],
            kind="spearman",
        ),
        region_low=RANK_CORRELATION,
        region_high=1.0,
    )


def _wording_claim(main: Ratings) -> Claim:
    askings_of: dict[tuple[str, str], list[float]] = {}
    for value, cluster, wording in zip(main.values, main.clusters, main.wordings, strict=True):
        askings_of.setdefault((cluster, wording), []).append(value)
    return Claim(
        claim="SD between wordings of one circumstance",
        effect=effect_sd_within(
            name="wording_sd",
            about=(("form", "self"),),
            values=[fmean(those) for those in askings_of.values()],
            clusters=[cluster for cluster, _ in askings_of],
            unit="points",
        ),
        region_low=0.0,
        region_high=DELTA,
    )


def _forms_missing(case: Case, forms: list[str]) -> Obstacle | None:
    """Forms that this respondent cannot use leave the proposition unproved, whatever the others say."""
    missing = [INSTRUMENTS[form].title for form in forms if not case.valid(form, "self")]
    if not missing:
        return None
    return Obstacle(
        reason="instrument_invalid",
        detail=f"Not valid for this respondent, so not compared: {'; '.join(missing)}.",
        needed="forms of the scale that this respondent can use",
        bars_failing=False,
    )
