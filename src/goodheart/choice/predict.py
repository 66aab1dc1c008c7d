"""How well utilities predict choices that they were not fitted to, and how they sit with swapped sides.

Folds are of pairs: all choices of a pair, in both orders and all wordings, are held out together, or the same question
asked twice would predict itself. The baseline knows how often left was chosen and nothing of items.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from goodheart.choice.choices import LEFT, TIE, Choices, FloatArray, IntArray, soft_rows, take
from goodheart.choice.fit import fit_choices
from goodheart.choice.model import ChoiceModel
from goodheart.choice.tally import Tally
from goodheart.choice.utilities import centred
from goodheart.errors import InternalError
from goodheart.records import Finding
from goodheart.stats.means import estimate_mean
from goodheart.stats.proportions import estimate_proportion_clustered


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeldOut:
    """Predictions of decided choices from fits without their pairs."""

    keys: IntArray
    """Pairs, as `pair_keys` has them, shape (n_pairs,)."""
    gaps: FloatArray
    """Distance in utility of each pair's items, from the fit without the pair, shape (n_pairs,)."""
    accuracy: Finding
    """Share of decided choices that fell on the side predicted."""
    log_loss: float
    """Mean of -log of the probability given to what was chosen, in nats."""
    gain: Finding
    """Log loss of the baseline minus log loss, averaged over pairs: above 0 if items matter."""


def pair_keys(choices: Choices | Tally) -> IntArray:
    """Return one whole number per unordered pair of items, for each row."""
    low, high = np.minimum(choices.left, choices.right), np.maximum(choices.left, choices.right)
    return np.asarray(low * choices.n_items + high, dtype=np.int64)


def hold_out(choices: Choices, model: ChoiceModel, *, n_folds: int, level: float, rng: np.random.Generator) -> HeldOut:
    """Predict each pair's choices from a fit to the other folds.

    Args:
        choices: Of one respondent, at least one of them decided.
        model: What is assumed.
        n_folds: Into how many parts pairs are dealt.
        level: Confidence of the intervals.
        rng: Deals pairs.
    """
    decided = take(choices, np.asarray(choices.outcome < TIE))
    if not decided.outcome.size:
        raise InternalError("held-out prediction needs decided choices; there are none. Check for them first.")
    keys, pairs = np.unique(pair_keys(decided), return_inverse=True)
    fold = rng.permutation(np.arange(keys.size) % n_folds)[pairs]
    gap, shift = np.zeros(pairs.size), np.zeros(pairs.size)
    for k in range(n_folds):
        here = fold == k
        if not here.any() or here.all():
            continue
        fitted = fit_choices(take(decided, ~here), replace(model, effects=()))
        values, _ = centred(fitted)
        place = fitted.layout.place("order")
        gap[here] = values[decided.left[here]] - values[decided.right[here]]
        shift[here] = 0.0 if place is None else fitted.optimum.params[place]
    return _scored(decided, model, keys, pairs, gap, shift, level)


def _scored(
    decided: Choices,
    model: ChoiceModel,
    keys: IntArray,
    pairs: IntArray,
    gap: FloatArray,
    shift: FloatArray,
    level: float,
) -> HeldOut:
    p = np.clip(special.ndtr(gap + shift) if model.kind == "thurstone" else special.expit(gap + shift), 1e-9, 1 - 1e-9)
    left = np.where(soft_rows(decided), decided.p_left, decided.outcome == LEFT)
    share = np.clip(np.average(left, weights=decided.count), 1e-9, 1 - 1e-9) if model.order_effect else 0.5
    loss, base = _log_loss(left, p), _log_loss(left, np.full_like(p, share))
    weight = np.bincount(pairs, weights=decided.count)
    gains = np.bincount(pairs, weights=decided.count * (base - loss)) / weight
    hits = (left > 0.5) == (p > 0.5)
    gaps = np.zeros(keys.size)
    gaps[pairs] = np.abs(gap)  # the same for all choices of a pair, which was held out as a whole
    return HeldOut(
        keys=keys,
        gaps=gaps,
        accuracy=estimate_proportion_clustered(
            name="held_out_accuracy", hits=hits.tolist(), clusters=[str(k) for k in pairs.tolist()], level=level
        ),
        log_loss=float(np.average(loss, weights=decided.count)),
        gain=estimate_mean(
            name="held_out_gain",
            values=gains.tolist(),
            clusters=[str(k) for k in range(gains.size)],
            level=level,
            unit="nats",
        ),
    )


def _log_loss(left: FloatArray, p: FloatArray) -> FloatArray:
    return np.asarray(-(left * np.log(p) + (1 - left) * np.log1p(-p)))
