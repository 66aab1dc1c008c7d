"""Does the rating survive a change of its form: the scale reversed, another range, words, another wording?

Every form is re-keyed to points. A respondent that keeps to one end of whatever scale it is shown fails on the reversed
one; one that follows a form's habits orders the circumstances differently from form to form.
"""

from collections.abc import Iterator
from typing import Final

from goodheart.checks.examined import Case, Claim, Examined, Obstacle, mostly_refused, no_valid_instrument, standing
from goodheart.items.instruments import INSTRUMENTS
from goodheart.reading import Ratings, askings, cluster_means, ratings, sample_of
from goodheart.stats import effect_contrast_paired, effect_correlation, effect_sd_within
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
    rows = askings(case.observations, instrument=main, form="self", groups=("circumstance",))
    column = ratings(rows)
    claims = [claim for form in forms if case.valid(form, "self") for claim in _form_claims(case, column, form)]
    obstacles = (
        no_valid_instrument(case),
        mostly_refused(rows, MEASURED_SHARE),
        _forms_missing(case, forms),
    )
    return Examined(
        check=NAME,
        proposition=PROPOSITION,
        alternatives=ALTERNATIVES,
        claims=(*claims, _wording_claim(column)),
        obstacles=standing(*obstacles),
        evidence=tuple(row.evidence for row in rows),
    )


def _form_claims(case: Case, main: Ratings, form: str) -> Iterator[Claim]:
    other = ratings(askings(case.observations, instrument=form, form="self", groups=("circumstance",)))
    title = INSTRUMENTS[form].title
    yield Claim(
        claim=f"{title}: level, against the main form",
        effect=effect_contrast_paired(
            name="form_shift", about=(("instrument", form),), a=sample_of(other), b=sample_of(main), unit="points"
        ),
        region_low=-DELTA,
        region_high=DELTA,
    )
    own, others = cluster_means(main), cluster_means(other)
    both = sorted(own.keys() & others.keys())
    yield Claim(
        claim=f"{title}: order of circumstances, rank correlation",
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
    return Claim(
        claim="SD between wordings of one circumstance",
        effect=effect_sd_within(
            name="wording_sd", about=(("form", "self"),), values=main.values, clusters=main.clusters, unit="points"
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
