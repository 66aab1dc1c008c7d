"""Does the report follow a state that was set? Design, null band, slopes, asymmetry, detection: arrays, no model."""
