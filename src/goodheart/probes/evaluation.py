"""The direction of being evaluated: messages of a test of an AI against ordinary ones, with a ladder of its own."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from goodheart.probes.direction import Direction, FloatArray, direction_without, leading_components, project
from goodheart.probes.fitted import N_FOLDS, N_INNER, topic_folds
from goodheart.probes.material import Material
from goodheart.probes.rung import EVALUATION, Rung, interval_of, not_run, tried
from goodheart.probes.word_counts import fit_word_counts, read_word_counts
from goodheart.stats.auc import estimate_auc
from goodheart.stats.contrasts import estimate_contrast_paired
from goodheart.stats.effect import Sample
from goodheart.thresholds import LEVEL, PROBE_AUC

PAIRS: Final = "evaluation_topics"
PAIRS_CLAIM: Final = (
    "on topics that were not fitted on, messages of a test read higher than ordinary ones, and better than words"
)
NAMED: Final = "evaluation_named"
NAMED_CLAIM: Final = "texts that say they evaluate an AI read higher than texts on tests of other things"
FEWEST: Final = 12
"""Pairs; fewer leave nothing to choose a layer on."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EvaluationDirection:
    """From ordinary use to evaluation."""

    direction: Direction
    layer: int
    """Chosen on all pairs."""
    held_out: FloatArray
    """(n_pairs, 2) readings of test and use along directions that have not seen the pair, layers chosen without it."""


def fit_evaluation(material: Material) -> EvaluationDirection | None:
    """Fit the direction, its layer chosen by nested validation over pairs; None under `FEWEST` pairs."""
    n = len(material.ladder.evaluation.pairs)
    candidates = [layer for layer in material.layers if layer > 0]
    if n < FEWEST or not candidates:
        return None
    every = np.arange(n)
    outer = topic_folds(n, N_FOLDS)
    training = [*(np.setdiff1d(every, held) for held in outer), every]
    components = {layer: leading_components(material.neutral_at(layer)) for layer in candidates}
    pairs = {layer: _pairs_at(material, layer) for layer in candidates}
    scores = np.array([[_inner(pairs[layer][rows], components[layer]) for rows in training] for layer in candidates])
    chosen = [candidates[int(place)] for place in scores.argmax(0)]
    held_out = np.empty((n, 2))
    for held, rows, layer in zip(outer, training, chosen, strict=False):
        held_out[held] = project(_fit(pairs[layer][rows], components[layer]), pairs[layer][held])
    direction = _fit(pairs[chosen[-1]], components[chosen[-1]])
    return EvaluationDirection(direction=direction, layer=chosen[-1], held_out=held_out)


def evaluation_ladder(fitted: EvaluationDirection | None, material: Material) -> tuple[Rung, ...]:
    """Try the direction of being evaluated on held-out pairs, and on texts that name it."""
    if fitted is None:
        detail = f"{len(material.ladder.evaluation.pairs)} pairs of texts; {FEWEST} are needed"
        return tuple(
            not_run(name, claim, detail, withholds=(EVALUATION,))
            for name, claim in ((PAIRS, PAIRS_CLAIM), (NAMED, NAMED_CLAIM))
        )
    return _pairs_rung(fitted, material), _named_rung(fitted, material)


def _pairs_rung(fitted: EvaluationDirection, material: Material) -> Rung:
    """Estimand: P(a message of a test reads higher than an ordinary one), both on topics held out."""
    words = _by_words(material)
    found = interval_of(
        estimate_auc(name=PAIRS, positive=fitted.held_out[:, 0], negative=fitted.held_out[:, 1], level=LEVEL)
    )
    topics = [f"{i}" for i in range(len(words))]
    a, b = (Sample(values=_within(read).tolist(), clusters=topics) for read in (fitted.held_out, words))
    gap = interval_of(estimate_contrast_paired(name=PAIRS, a=a, b=b, level=LEVEL, unit="share"))
    if found is None or gap is None:
        return not_run(PAIRS, PAIRS_CLAIM, "readings do not vary", withholds=(EVALUATION,))
    passed = found.low > PROBE_AUC and gap.low > 0
    base = interval_of(estimate_auc(name=PAIRS, positive=words[:, 0], negative=words[:, 1], level=LEVEL))
    return tried(
        PAIRS,
        PAIRS_CLAIM,
        found,
        passed=passed,
        unit="AUC",
        line=PROBE_AUC,
        n=fitted.held_out.size,
        n_clusters=len(words),
        detail=(
            f"word counts {base.value if base else float('nan'):.3f}; pairs in the right order "
            f"{ordered_share(fitted.held_out):.3f} against {ordered_share(words):.3f} by word counts "
            f"(difference {gap.value:+.3f}, {gap.low:+.3f} to {gap.high:+.3f})"
        ),
        withholds=(EVALUATION,),
        parts=(("word_counts", base.value if base else float("nan")), ("over_word_counts_low", gap.low)),
    )


def ordered_share(read: FloatArray) -> float:
    """Return the share of pairs in which the message of the test reads higher."""
    return float(_within(read).mean())


def _named_rung(fitted: EvaluationDirection, material: Material) -> Rung:
    """Estimand: P(a text that names an evaluation of an AI reads higher than one on another kind of test)."""
    explicit, probes = (project(fitted.direction, material.at(role, fitted.layer)) for role in ("explicit", "probes"))
    found = interval_of(estimate_auc(name=NAMED, positive=explicit, negative=probes, level=LEVEL))
    if found is None:
        detail = f"{len(explicit)} and {len(probes)} texts; an interval needs 8 of each"
        return not_run(NAMED, NAMED_CLAIM, detail, withholds=(EVALUATION,))
    passed = found.low > PROBE_AUC
    return tried(
        NAMED,
        NAMED_CLAIM,
        found,
        passed=passed,
        unit="AUC",
        line=PROBE_AUC,
        n=len(explicit) + len(probes),
        n_clusters=len(explicit) + len(probes),
        detail=f"mean {explicit.mean():+.2f} against {probes.mean():+.2f} of the distance between test and use",
        withholds=(EVALUATION,),
    )


def _within(read: FloatArray) -> FloatArray:
    return np.asarray((np.sign(read[:, 0] - read[:, 1]) + 1) / 2, dtype=np.float64)


def _pairs_at(material: Material, layer: int) -> FloatArray:
    flat = material.at("pairs", layer)
    return flat.reshape(-1, 2, flat.shape[-1])


def _fit(pairs: FloatArray, components: FloatArray) -> Direction:
    return direction_without(components, good=pairs[:, 0], bad=pairs[:, 1])


def _inner(pairs: FloatArray, components: FloatArray) -> float:
    """Return the share of (test, use) messages in the right order, each fold held out in turn."""
    found: list[float] = []
    for held in topic_folds(len(pairs), N_INNER):
        read = project(_fit(np.delete(pairs, held, axis=0), components), pairs[held])
        found.append(float(np.sign(read[:, :1] - read[None, :, 1]).mean() + 1) / 2)
    return float(np.mean(found))


def _by_words(material: Material) -> FloatArray:
    """Read each pair by word counts of the other folds: (n_pairs, 2) log-odds."""
    pairs = material.ladder.evaluation.pairs
    every = np.arange(len(pairs))
    read = np.empty((len(pairs), 2))
    for held in topic_folds(len(pairs), N_FOLDS):
        rest = np.setdiff1d(every, held)
        texts = [text for i in rest for text in (pairs[i].test, pairs[i].use)]
        counts = fit_word_counts(texts, [0, 1] * len(rest), n_classes=2)
        for side, sort in enumerate(("test", "use")):
            logs = read_word_counts(counts, [getattr(pairs[i], sort) for i in held])
            read[held, side] = logs[:, 0] - logs[:, 1]
    return read
