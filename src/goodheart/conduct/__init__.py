"""What a respondent does: conversations as pure plans, a small world as a state machine, and measures of both."""
