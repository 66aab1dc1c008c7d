"""How often each check notices a planted fault and how often it cries wolf: the battery on simulated respondents."""
