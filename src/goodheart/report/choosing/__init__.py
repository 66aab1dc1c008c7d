"""The page of a study by choice."""

from goodheart.report.choosing.page import render_choosing
from goodheart.report.choosing.shown import ChoiceRun

__all__ = ["ChoiceRun", "render_choosing"]
