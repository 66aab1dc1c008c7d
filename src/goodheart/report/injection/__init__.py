"""The page of an injection run: dose-response with the random directions' band, tables, verdict."""

from goodheart.report.injection.page import render_injection

__all__ = ["render_injection"]
