"""Directions in activations: fitted, checked and read, as arrays; nothing here knows a model."""

from goodheart.probes.direction import Direction, fit_direction, project
from goodheart.probes.stories import Stories, valence_stories

__all__ = ["Direction", "Stories", "fit_direction", "project", "valence_stories"]
