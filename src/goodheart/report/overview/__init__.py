"""The page of `goodheart overview`."""

from goodheart.report.overview.page import render_overview

__all__ = ["render_overview"]
