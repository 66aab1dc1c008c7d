"""The trained coder: the embedded model with a small change of its weights, and a linear head for each code."""
