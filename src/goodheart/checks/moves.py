"""Under fresh words, are the moves the same: granted, hedged, turned to users, always in that order?

The entropy of the next move given the present one, against replies to questions that are not about welfare.
"""

from collections.abc import Sequence
from typing import Final

from goodheart.checks.examined import Claim, Examined, standing
from goodheart.checks.openers import equal_n
from goodheart.checks.replies import Text, Texts
from goodheart.checks.texts import coder_too_blunt, evidence_of, of_base, too_few
from goodheart.stats.entropy import effect_entropy_ratio
from goodheart.thresholds import ENTROPY_SHARE

NAME: Final = "moves"
PROPOSITION: Final = (
    f"The entropy of move sequences is at least {ENTROPY_SHARE:g} of that on controls, at equal n and temperature."
)
ALTERNATIVES: Final = (
    "Questions about circumstances may call for fewer kinds of move than the controls do.",
    "A coder that misses moves makes all replies look alike; see its agreement on moves.",
    "Short replies have few moves on any subject.",
)


def examine(texts: Texts) -> Examined:
    """Compare how open the next move is."""
    own, controls = equal_n(of_base(texts, groups=("circumstance",)), of_base(texts, groups=("nonwelfare",)))
    obstacles = (
        too_few(own, what="circumstances"),
        too_few(controls, what="controls that are not about welfare"),
        coder_too_blunt(texts, "moves"),
    )
    return Examined(
        check=NAME,
        proposition=PROPOSITION,
        alternatives=ALTERNATIVES,
        claims=(
            Claim(
                claim="entropy of moves, circumstances over controls",
                effect=effect_entropy_ratio(
                    name="move_entropy_ratio", a=_sequences(own), b=_sequences(controls), edge=ENTROPY_SHARE
                ),
                region_low=ENTROPY_SHARE,
                region_high=float("inf"),
            ),
        ),
        obstacles=standing(*obstacles),
        evidence=evidence_of(own, controls),
    )


def _sequences(texts: Sequence[Text]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for one in texts:
        found.setdefault(one.cluster, []).append(one.codes.moves)
    return found
