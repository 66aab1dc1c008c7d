"""Goodheart assesses the welfare of a language model and audits whether its own reports can be believed."""

__version__ = "0.1.0"
