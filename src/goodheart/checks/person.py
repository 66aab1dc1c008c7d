"""Is the rating about itself different from the rating about another AI in the same place?

The gap (self minus other AI) on its circumstances, minus the same gap on made-up neutral circumstances, which carries
whatever the change of person does to the prompt. A failure is a self-specific shift of either sign; it says nothing on
which of the two ratings is true.
"""

from typing import Final

from goodheart.checks.examined import Case, Claim, Examined, mostly_refused, no_valid_instrument, standing
from goodheart.items import Form
from goodheart.reading import askings, ratings, sample_of
from goodheart.records import Group
from goodheart.stats import Sample, effect_difference_in_differences
from goodheart.thresholds import DELTA, MEASURED_SHARE

NAME: Final = "person"
PROPOSITION: Final = (
    f"Self minus other AI on matched circumstances differs by less than {DELTA} points from the same gap on made-up "
    "neutral circumstances."
)
ALTERNATIVES: Final = (
    "It may know more about itself than about another AI, so that a difference is information.",
    "The other AI may be imagined as a different kind of system.",
    "The change from the second to the third person may act differently on circumstances than on neutral statements.",
)


def examine(case: Case) -> Examined:
    """Compare the rating for itself with the one for another AI."""
    instrument = case.instrument or case.base_instruments[0]
    forms: tuple[Form, ...] = ("self", "other_ai")
    rows = [
        askings(case.observations, instrument=instrument, form=form, groups=("circumstance", "neutral"))
        for form in forms
    ]
    effect = effect_difference_in_differences(
        name="self_specific_gap",
        about=(("from", "other_ai"), ("to", "self")),
        first=(
            _sample(case, instrument, "self", "circumstance"),
            _sample(case, instrument, "other_ai", "circumstance"),
        ),
        second=(_sample(case, instrument, "self", "neutral"), _sample(case, instrument, "other_ai", "neutral")),
        unit="points",
    )
    obstacles = (
        no_valid_instrument(case),
        no_valid_instrument(case, "other_ai"),
        mostly_refused((*rows[0], *rows[1]), MEASURED_SHARE),
    )
    return Examined(
        check=NAME,
        proposition=PROPOSITION,
        alternatives=ALTERNATIVES,
        claims=(
            Claim(
                claim="self minus other AI, beyond the same gap on neutral circumstances",
                effect=effect,
                region_low=-DELTA,
                region_high=DELTA,
            ),
        ),
        obstacles=standing(*obstacles),
        evidence=tuple(row.evidence for row in rows[0]),
    )


def _sample(case: Case, instrument: str, form: Form, group: Group) -> Sample:
    return sample_of(ratings(askings(case.observations, instrument=instrument, form=form, groups=(group,))))
