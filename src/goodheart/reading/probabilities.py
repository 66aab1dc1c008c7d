"""Token probabilities to an outcome.

For the steps of a scale, with p_i the probability of step i and x_i its value:

    mass = sum_i p_i                 raw = sum_i p_i x_i / mass

For opposite words, with p+ and p- the probabilities of the two words of pair j:

    raw = mean_j p+ / (p+ + p-)      mass = sum over all words

Either is re-keyed to points: 1 + 6 (raw - worst) / (best - worst).

Source:
    Expected value over the digits' probabilities: methods reference B5; the pairs are ours.
"""

import math
from collections.abc import Mapping, Sequence

from goodheart.items.instruments import Instrument
from goodheart.records import Declined, Outcome, Rated, Scored, Unreadable
from goodheart.thresholds import POINTS_HIGH, POINTS_LOW


def points_of(instrument: Instrument, raw: float) -> float:
    """Re-key a value of the instrument's own scale to points, 1 worst to 7 best."""
    place = (raw - instrument.worst) / (instrument.best - instrument.worst)
    return POINTS_LOW + (POINTS_HIGH - POINTS_LOW) * place


def read_scores(instrument: Instrument, scores: Sequence[Scored]) -> Outcome:
    """Read the log-probabilities of the instrument's continuations after its stem.

    Args:
        instrument: What was asked.
        scores: One entry per continuation, natural logarithms, in any order.

    Returns:
        `Rated`; `Declined` where the option to decline is likelier than the whole scale; `Unreadable` where a
        continuation is missing or too little probability falls on the scale.
    """
    by_text = {score.text: math.exp(score.logprob) for score in scores}
    wanted = [option.text for option in instrument.options]
    missing = [text for text in (*wanted, instrument.decline) if text not in by_text]
    if missing:
        return Unreadable(reason=f"no probability for {missing[0]!r}")
    return _read_masses(instrument, [by_text[text] for text in wanted], by_text[instrument.decline])


def read_alternatives(instrument: Instrument, alternatives: Sequence[Scored]) -> Outcome | None:
    """Read the likeliest first tokens of a written answer.

    Only an instrument whose options are told apart by their first token can be read so: single digits.

    Args:
        instrument: What was asked.
        alternatives: First tokens with their log-probabilities; those that are not listed count as 0.

    Returns:
        An outcome, or None where this instrument has to be read from the text.
    """
    options = {option.text.strip(): option.text for option in instrument.options}
    if any(len(text) != 1 for text in options):
        return None
    masses = _first_tokens(alternatives)
    declined = sum(mass for token, mass in masses.items() if token and instrument.decline.strip().startswith(token))
    if not any(text in masses for text in options) and declined == 0:
        return None
    return _read_masses(instrument, [masses.get(text, 0.0) for text in options], declined)


def _first_tokens(alternatives: Sequence[Scored]) -> Mapping[str, float]:
    masses: dict[str, float] = {}
    for entry in alternatives:
        token = entry.text.strip().lower()
        masses[token] = masses.get(token, 0.0) + math.exp(entry.logprob)
    return masses


def _read_masses(instrument: Instrument, masses: Sequence[float], declined: float) -> Outcome:
    mass = sum(masses)
    if declined > mass:
        return Declined(quote=instrument.decline.strip())
    if mass < instrument.min_mass:
        return Unreadable(reason="little mass on the scale")
    raw = _share_of_pairs(masses) if instrument.family == "pairs" else _expected(instrument, masses)
    return Rated(points=points_of(instrument, raw), raw=raw, scale_mass=mass, declined_mass=declined)


def _expected(instrument: Instrument, masses: Sequence[float]) -> float:
    weighted = sum(option.raw * mass for option, mass in zip(instrument.options, masses, strict=True))
    return weighted / sum(masses)


def _share_of_pairs(masses: Sequence[float]) -> float:
    pairs = [(masses[place], masses[place + 1]) for place in range(0, len(masses), 2)]
    # A pair whose words are both too rare to have a probability says nothing either way.
    return sum(up / (up + down) if up + down > 0 else 0.5 for up, down in pairs) / len(pairs)
