"""Random and label-shuffled directions: how well any directions do that say nothing of the emotions.

Three families, each with its sign fixed on the stories as for a real direction and tried on held-out topics:
*isotropic* (any direction), *on-manifold* (differences of two random groups of stories with as many of each emotion in
both) and *shuffled* (fitted as the real ones are, with the emotions permuted within each topic).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from goodheart.probes.axes import fit_axes, scale_axes, stand_on
from goodheart.probes.direction import FloatArray, leading_components
from goodheart.probes.fitted import N_FOLDS, topic_folds
from goodheart.probes.ladder.bench import Attempt
from goodheart.probes.ladder.held_out import within_topics
from goodheart.probes.material import Material
from goodheart.probes.rung import ALL, Rung
from goodheart.thresholds import PROBE_NULL

NAME: Final = "random_directions"
CLAIM: Final = "the directions do better than random and label-shuffled ones"
N_DRAWS: Final = 100
"""Of each family; the smallest rank is then 1 of 101."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nulls:
    """Mean share of pairs in the right order of directions that say nothing, by family."""

    scores: dict[str, FloatArray]


def draw_nulls(material: Material, *, layer: int, rng: np.random.Generator, n_draws: int = N_DRAWS) -> Nulls:
    """Draw directions of each family and try them on held-out topics.

    Args:
        material: Texts and states.
        layer: Where.
        rng: Chance.
        n_draws: Of each family.
    """
    cells, neutral = material.cells_at(layer), material.neutral_at(layer)
    components = leading_components(neutral)
    names = material.stories.emotions
    scores: dict[str, list[float]] = {"isotropic": [], "on_manifold": [], "shuffled": []}
    for _ in range(n_draws):
        random = random_directions(cells.shape[-1], len(names), rng)
        grouped = manifold_directions(cells, len(names), rng)
        mixed = shuffle_labels(cells, rng)
        standing = {family: np.empty((len(cells), len(names), len(names))) for family in scores}
        for held in topic_folds(len(cells), N_FOLDS):
            rest = np.setdiff1d(np.arange(len(cells)), held)
            for family, vectors in (("isotropic", random), ("on_manifold", grouped)):
                axes = scale_axes(cells[rest], names, vectors=vectors, raw=vectors)
                standing[family][held] = stand_on(axes, cells[held])
            axes = fit_axes(mixed[rest], names, components=components)
            standing["shuffled"][held] = stand_on(axes, cells[held])
        for family, found in standing.items():
            scores[family].append(float(within_topics(found).mean()))
    return Nulls(scores={family: np.array(values) for family, values in scores.items()})


def random_directions(d: int, n: int, rng: np.random.Generator) -> FloatArray:
    """Draw n directions, any of them as likely as any other; (n, d)."""
    vectors = rng.normal(size=(n, d))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def manifold_directions(cells: FloatArray, n: int, rng: np.random.Generator) -> FloatArray:
    """Draw n differences of two random halves of the stories, each emotion in equal parts on both sides; (n, d)."""
    n_topics, n_emotions = cells.shape[:2]
    half = n_topics // 2
    vectors = np.empty((n, cells.shape[-1]))
    for row in range(n):
        sides = np.zeros((n_topics, n_emotions))
        for e in range(n_emotions):
            order = rng.permutation(n_topics)
            sides[order[:half], e], sides[order[half : 2 * half], e] = 1.0, -1.0
        vectors[row] = np.tensordot(sides, cells, axes=2)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def shuffle_labels(cells: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Permute the emotions within each topic."""
    return np.stack([row[rng.permutation(len(row))] for row in cells])


def random_rung(attempt: Attempt, nulls: Nulls) -> Rung:
    """Rank the directions among those that say nothing.

    Estimand: the largest, over families, of the share of draws that do at least as well (the draw itself counted).
    """
    statistic = float(within_topics(attempt.standing).mean())
    ranks = {
        family: float((1 + (scores >= statistic).sum()) / (1 + len(scores))) for family, scores in nulls.scores.items()
    }
    worst = max(ranks.values())
    pooled = np.concatenate(list(nulls.scores.values()))
    low, high = (float(value) for value in np.quantile(pooled, (0.025, 0.975)))
    passed = worst <= PROBE_NULL
    return Rung(
        name=NAME,
        claim=CLAIM,
        outcome="passed" if passed else "failed",
        statistic=worst,
        unit="rank",
        line=PROBE_NULL,
        null_low=low,
        null_high=high,
        n=len(pooled),
        n_clusters=len(attempt.fitted.topics),
        detail=(
            f"mean AUC {statistic:.3f}; of the nulls "
            + ", ".join(f"{family} at most {scores.max():.3f}" for family, scores in nulls.scores.items())
        ),
        withholds=() if passed else (ALL,),
        parts=(("mean_auc", statistic), *((f"rank_{family}", rank) for family, rank in ranks.items())),
    )
