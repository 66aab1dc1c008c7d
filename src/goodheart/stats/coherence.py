"""Whether a text that was written under steering is still a text; degenerate ones are counted, never dropped silently.

The rule is stated beforehand and looks at form alone, not at what a text says:

    empty        there is no letter in it
    symbols      letters are less than `LETTER_SHARE` of its characters, blanks left out: emoji, digits, punctuation
    repetition   of its n >= `MIN_TRIGRAMS` runs of three words, at least `REPEATED_SHARE` stood there before:
                 1 - distinct / n
    run          a word of more than `LONGEST_WORD` characters repeats itself in the same way, by runs of characters
    surprising   its perplexity under the unsteered model is more than `PERPLEXITY_RATIO` times that of texts which
                 the model wrote unsteered to the same prompts; judged from `MIN_TOKENS` tokens on, if it is known

The last line was chosen after a look at 33 replies of the embedded model: their mean ratio was 1.9 at most for
strengths up to .3, where they read as text, and more than 5 from .5 on, where most of them do not.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from goodheart.errors import InternalError
from goodheart.thresholds import LETTER_SHARE, PERPLEXITY_RATIO, REPEATED_SHARE

Degenerate = Literal["empty", "symbols", "repetition", "run", "surprising"]

MIN_TRIGRAMS: Final = 8
"""Runs of three words under which repetition is not judged: ten words."""
LONGEST_WORD: Final = 40
"""Characters; the longest words in use have fewer."""
MIN_TOKENS: Final = 10
"""Tokens under which a text's perplexity is not judged."""
LARGEST: Final = 700.0
"""Natural logarithm of the largest ratio that is told from others: beyond it there is no such number."""


def degenerate(text: str, *, ratio: float | None = None) -> Degenerate | None:
    """Say why a text is degenerate, by the first rule that it breaks; None if it breaks none.

    Args:
        text: What was written.
        ratio: Its `perplexity_ratio`; None if it is not known.

    Source:
        The share of repeated n-grams as in Welleck et al. (2020), "Neural text generation with unlikelihood training",
        arXiv:1908.04319 (seq-rep-n, 1 - distinct / all); the other rules and all lines are ours.
    """
    characters = [character for character in text if not character.isspace()]
    n_letters = sum(character.isalpha() for character in characters)
    if not n_letters:
        return "empty"
    if n_letters / len(characters) < LETTER_SHARE:
        return "symbols"
    if repeated_share(text) >= REPEATED_SHARE:
        return "repetition"
    if any(len(word) > LONGEST_WORD and _repeated(word) >= REPEATED_SHARE for word in text.split()):
        return "run"
    return "surprising" if ratio is not None and ratio > PERPLEXITY_RATIO else None


def repeated_share(text: str) -> float:
    """Share of a text's runs of three words that stood in it before; 0 where there are too few to judge."""
    return _repeated(text.lower().split())


def _repeated(parts: Sequence[str]) -> float:
    trigrams = list(zip(parts, parts[1:], parts[2:], strict=False))
    return 0.0 if len(trigrams) < MIN_TRIGRAMS else 1 - len(set(trigrams)) / len(trigrams)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coherence:
    """How many texts of a condition are degenerate, and why."""

    n_texts: int
    n_degenerate: int
    reasons: tuple[tuple[Degenerate, int], ...]
    """Each reason with its count, all of them, in the order of the rules."""

    @property
    def share(self) -> float:
        """Share of degenerate texts; 0 of none."""
        return self.n_degenerate / self.n_texts if self.n_texts else 0.0


def coherence(texts: Sequence[str], *, ratios: Sequence[float | None] | None = None) -> Coherence:
    """Count the degenerate texts of a condition.

    Args:
        texts: What was written.
        ratios: For each text its `perplexity_ratio`, None where it is not known; None if it is known for none.
    """
    known = [None] * len(texts) if ratios is None else ratios
    judged = [degenerate(text, ratio=ratio) for text, ratio in zip(texts, known, strict=True)]
    found = Counter(reason for reason in judged if reason)
    reasons = tuple((reason, found[reason]) for reason in get_args(Degenerate))
    return Coherence(n_texts=len(texts), n_degenerate=found.total(), reasons=reasons)


def perplexity_ratio(logprob: float, n_tokens: int, *, unsteered: Sequence[tuple[float, int]]) -> float | None:
    """Compare how surprising a text is to the unsteered model with texts that it wrote unsteered.

    Estimand: exp(-logprob / n_tokens - m), m the median of the same over the unsteered texts: a ratio of perplexities.

    Args:
        logprob: Log-probability of the text under the unsteered model (natural logarithm).
        n_tokens: Its tokens.
        unsteered: The same for unsteered texts, written to the same prompts with the same sampling.

    Returns:
        The ratio; None for a text of fewer than `MIN_TOKENS` tokens.

    Raises:
        InternalError: there is no unsteered text, or one without tokens, or a log-probability is not finite.
    """
    if not unsteered or any(n < 1 or not np.isfinite(value) for value, n in (*unsteered, (logprob, max(n_tokens, 1)))):
        raise InternalError("perplexity needs texts of at least one token with finite log-probabilities.")
    if n_tokens < MIN_TOKENS:
        return None
    middle = float(np.median([-value / n for value, n in unsteered]))
    return float(np.exp(min(-logprob / n_tokens - middle, LARGEST)))
