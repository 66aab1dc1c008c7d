"""The page of a study of conduct."""

from goodheart.report.conducting.page import render_conducting
from goodheart.report.conducting.shown import ConductRun

__all__ = ["ConductRun", "render_conducting"]
