"""What a fit leaves behind: directions, and of which model and texts they are."""

from dataclasses import dataclass

from goodheart.probes.axes import Axes
from goodheart.probes.evaluation import EvaluationDirection
from goodheart.probes.fitted import EmotionDirections


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where directions come from: they can be read on nothing else."""

    model: str
    """Its name, for people."""
    weights: str
    """SHA-256 of its weights."""
    stories: str
    """Digest of the stories."""
    ladder: str
    """Digest of the texts that they were tried on."""
    pooling: str
    """Which tokens were averaged, in words."""
    versions: tuple[tuple[str, str], ...]
    """Of the programs that had a part in it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProbeSet:
    """Directions of one model."""

    origin: Origin
    emotions: EmotionDirections
    affect: Axes | None
    """Of valence and of arousal beyond it; None without norms."""
    masking: Axes | None
    """At the layer that is read; None without stories of hidden feelings."""
    evaluation: EvaluationDirection | None
    """None without pairs of messages."""
