"""What to ask: conditions, prompts, sizes, seeds, and what a study would cost and could detect."""
