"""Figures: rows of marks, drawn offline to static SVG in a wide and a narrow form."""
