"""A comparison of versions as one page."""

from goodheart.report.comparison.page import render_comparison

__all__ = ["render_comparison"]
