"""The rim around models: providers, asking, the journal, run folders and the formats of our files."""
