"""Small changes to a model's weights: made here to know the truth about a copy, shipped, and put on by name."""
