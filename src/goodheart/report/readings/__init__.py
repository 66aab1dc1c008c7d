"""Emotion readings of circumstances to a small page."""
