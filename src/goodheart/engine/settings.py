"""How a respondent is asked: bounds, caps and what is read. Nothing here changes a question."""

from collections.abc import Sequence
from dataclasses import dataclass

from goodheart.design.study import Reading

OWN_PREFIX = "goodheart/"
"""Names of models that the white-box engine of this package runs start with this."""

SIMULATED_PREFIX = "organism/"
"""Names of simulated respondents start with this; they score texts as our own models do."""

OWN_CONNECTIONS = 64
"""Askings in flight at the white-box engine: enough to fill its batches while others are being logged."""

API_CONNECTIONS = 10
"""Askings in flight at any other provider, unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a respondent's tokens cost, in US dollars per million."""

    input: float
    output: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSettings:
    """Bounds, caps and the way of reading; retries and waits end by these and never by a provider's own defaults."""

    max_retries: int = 5
    """Further attempts after the first, where the provider says that another may succeed (429, 5xx, time-out)."""
    timeout: int = 600
    """Seconds after which no further attempt at one asking is begun."""
    attempt_timeout: int = 120
    """Seconds after which one attempt is given up."""
    max_connections: int | None = None
    """Askings in flight; None takes `OWN_CONNECTIONS` or `API_CONNECTIONS`."""
    cap_calls: int | None = None
    """Most askings of the whole run, those already in the journal and all respondents included; None for no cap."""
    cap_tokens: int | None = None
    """Most tokens of the whole run, input and output together."""
    cap_usd: float | None = None
    """Most money of the whole run; needs `prices` for every respondent that is not our own."""
    prices: tuple[tuple[str, Prices], ...] = ()
    """Prices by full model name; our own models cost nothing."""
    base_url: str | None = None
    """Where the provider's server is, if not at its default address."""
    model_args: tuple[tuple[str, str | int | float | bool], ...] = ()
    """Further arguments of the provider, by name."""
    keep_reasoning: bool = True
    """Whether visible reasoning is kept with a reply, where a provider gives it out."""
    reading: Reading = "auto"
    """How scales are read: from token probabilities where there are any, from nothing else, or from text only."""


def is_own(respondent: str) -> bool:
    """Tell whether a model runs in this package, by the white-box engine or simulated: it scores texts."""
    return respondent.startswith((OWN_PREFIX, SIMULATED_PREFIX))


def is_simulated(respondent: str) -> bool:
    """Tell whether a respondent is an organism, which has to be told which trial it answers."""
    return respondent.startswith(SIMULATED_PREFIX)


def samples(models: Sequence[str], reading: Reading) -> bool:
    """Tell whether answers are sampled, several times each: probabilities make a single asking enough."""
    return reading == "text" or (reading == "auto" and not all(map(is_own, models)))


def keeps_text(models: Sequence[str], reading: Reading) -> bool:
    """Tell whether written answers are kept: our own models' probabilities come without text, all else is text."""
    return samples(models, reading) or not all(map(is_own, models))


def connections(settings: AskSettings, respondent: str) -> int:
    """Return how many askings may be in flight."""
    if settings.max_connections is not None:
        return settings.max_connections
    return OWN_CONNECTIONS if is_own(respondent) else API_CONNECTIONS
