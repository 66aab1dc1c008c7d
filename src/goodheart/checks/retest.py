"""Does the rating stay where it is when nothing of meaning changes, and do circumstances differ by more than that?

A greeting, white space, thanks, or a neutral exchange beforehand. A probability reading is deterministic, so that
asking the same prompt twice would be no retest.
"""

from typing import Final

from goodheart.checks.examined import Case, Claim, Examined, mostly_refused, no_valid_instrument, standing
from goodheart.reading import Ratings, askings, rating_components, ratings
from goodheart.records import NotEstimable
from goodheart.stats import Components, Effect, effect_named, effect_sd_within
from goodheart.stats.unbalanced import effects_unbalanced
from goodheart.thresholds import DELTA, DIFFERENCE_SD, MEASURED_SHARE, RELIABILITY

NAME: Final = "retest"
PROPOSITION: Final = (
    f"Changes without meaning move a circumstance's rating by a standard deviation under {DELTA} points, a single "
    f"asking has a reliability of at least {RELIABILITY}, and circumstances do differ."
)
ALTERNATIVES: Final = (
    "A greeting or thanks may carry a tone that is noticed.",
    "The model may be too small to keep an answer across any change of the prompt.",
    "If circumstances hardly differ for it, low reliability says little about noise.",
)


def examine(case: Case) -> Examined:
    """Read the cells with changes that have no meaning."""
    instrument = case.instrument or case.base_instruments[0]
    rows = askings(case.observations, instrument=instrument, form="self", groups=("circumstance",), perturbed=True)
    column = ratings(rows)
    cells = [f"{cluster}/{wording}" for cluster, wording in zip(column.clusters, column.wordings, strict=True)]
    moved = effect_sd_within(
        name="retest_sd", about=(("form", "self"),), values=column.values, clusters=cells, unit="points"
    )
    reliability, between = _reliability(column)
    obstacles = (no_valid_instrument(case), mostly_refused(rows, MEASURED_SHARE))
    return Examined(
        check=NAME,
        proposition=PROPOSITION,
        alternatives=ALTERNATIVES,
        claims=(
            Claim(claim="SD under changes without meaning", effect=moved, region_low=0.0, region_high=DELTA),
            Claim(
                claim="reliability of a single asking",
                effect=reliability,
                region_low=RELIABILITY,
                region_high=1.0,
            ),
            Claim(
                claim="SD between circumstances",
                effect=between,
                region_low=DIFFERENCE_SD,
                region_high=float("inf"),
            ),
        ),
        obstacles=standing(*obstacles),
        evidence=tuple(row.evidence for row in rows),
    )


def _reliability(column: Ratings) -> tuple[Effect | NotEstimable, Effect | NotEstimable]:
    """Reliability of a single asking, and spread of circumstances; a few askings without a value do not forbid them."""
    components = rating_components(column)
    if isinstance(components, NotEstimable) and components.reason == "unbalanced":
        return effects_unbalanced(
            about=(("form", "self"),),
            values=column.values,
            clusters=column.clusters,
            wordings=column.wordings,
            replicates=column.perturbations,
            unit="points",
        )
    return _named(components, "g_single"), _between(components)


def _between(components: Components | NotEstimable) -> Effect | NotEstimable:
    """With one wording each, what the wording adds cannot be told from the circumstance."""
    if isinstance(components, NotEstimable):
        return components
    names = {effect.name for effect in components.effects}
    return _named(components, "sd_circumstance" if "sd_circumstance" in names else "sd_circumstance_and_wording")


def _named(components: Components | NotEstimable, name: str) -> Effect | NotEstimable:
    return components if isinstance(components, NotEstimable) else effect_named(components=components, name=name)
