"""Findings to a page."""

from goodheart.report.page import render_page

__all__ = ["render_page"]
