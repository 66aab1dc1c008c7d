"""What is asked and observed: one file per assessment."""
