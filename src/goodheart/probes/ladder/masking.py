"""Is a hidden feeling told from other hidden ones, and from the same feelings plainly expressed?"""

from dataclasses import replace
from typing import Final

import numpy as np

from goodheart.probes.axes import stand_on
from goodheart.probes.direction import FloatArray, leading_components
from goodheart.probes.ladder.bench import Attempt
from goodheart.probes.masked import Masks, fit_masking, masks_of
from goodheart.probes.rung import MASKING, Rung, in_order, not_run, share_interval, tried
from goodheart.stats.proportions import FEWEST_CLUSTERS
from goodheart.thresholds import PROBE_AUC

NAME: Final = "masking"
CLAIM: Final = "a hidden feeling reads higher than other hidden ones, and than the same two feelings plainly expressed"


def masking(attempt: Attempt) -> Rung:
    """Try masking directions on stories that they were not fitted on, one of each pair at a time.

    Estimand: over pairs, the mean share of (held-out story of the pair, other story) in the right order; once against
    held-out stories of other pairs, once against plain stories of the hidden and the shown feeling; the lower counts.
    """
    masks = masks_of(attempt.material.ladder.masking, attempt.fitted.names)
    if masks is None or len(masks.pairs) < FEWEST_CLUSTERS or len(masks.places) < 2:
        return not_run(NAME, CLAIM, f"stories of fewer than {FEWEST_CLUSTERS} pairs", withholds=(MASKING,))
    hidden, plain = _shares(attempt, masks)
    n = len(masks.places)
    among = share_interval(hidden.mean(0), n_pairs=hidden.size * (len(masks.pairs) - 1))
    against = share_interval(plain.mean(0), n_pairs=plain.size * 2 * len(attempt.fitted.topics))
    lower = min(among, against, key=lambda one: one.low)
    passed = lower.low > PROBE_AUC
    return tried(
        NAME,
        CLAIM,
        lower,
        passed=passed,
        unit="mean AUC, the lower of two",
        line=PROBE_AUC,
        n=n * len(masks.pairs),
        n_clusters=len(masks.pairs),
        detail=(
            f"among hidden feelings {among.value:.3f} (from {among.low:.3f}), against plain ones {against.value:.3f} "
            f"(from {against.low:.3f}); each hidden feeling comes with one shown, so a direction is of the pair"
        ),
        withholds=(MASKING,),
        parts=(("among_hidden", among.value), ("against_plain", against.value)),
    )


def _shares(attempt: Attempt, masks: Masks) -> tuple[FloatArray, FloatArray]:
    """Shares in the right order, (n_stories, n_pairs) each: against other pairs, and against plain stories."""
    layer = attempt.fitted.layer
    states, cells = attempt.material.at("masking", layer), attempt.material.cells_at(layer)
    components = leading_components(attempt.material.neutral_at(layer))
    hidden, plain = np.empty((2, len(masks.places), len(masks.pairs)))
    for i, held in enumerate(masks.places):
        rest = replace(masks, places=masks.places[:i] + masks.places[i + 1 :])
        axes = fit_masking(rest, states, attempt.axes, components=components)
        standing = stand_on(axes, states[list(held)])
        expressed = stand_on(axes, cells)
        for p, pair in enumerate(masks.pairs):
            own = standing[p : p + 1, p]
            hidden[i, p] = in_order(own, np.delete(standing[:, p], p))[0]
            places = [attempt.fitted.names.index(one) for one in pair]
            plain[i, p] = in_order(own, expressed[:, places, p].ravel())[0]
    return hidden, plain
