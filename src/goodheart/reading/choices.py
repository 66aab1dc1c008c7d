"""A reply to a choice to its outcome: from token probabilities where they arrived, from the text otherwise.

With p_i the probability of letter i:   share_i = p_i / sum_j p_j   where the sum is at least the form's `min_mass`.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.errors import InternalError
from goodheart.items.choice_letters import LETTER_FORMS, LetterForm
from goodheart.reading.read import unanswered
from goodheart.records import Declined, Reply, Scored, Trial, Truncated, Unreadable, trial_digest
from goodheart.records.chosen import ChoiceOutcome, Chosen

READ_CHARACTERS: Final = 4000
_ALONE = re.compile(
    r"^\W*(?:(?:my )?(?:answer|choice)(?: is)?|option|i (?:choose|pick|take|prefer))?\W*([A-H])\W*$", re.I
)
_LEADING = re.compile(r"^\W*([A-H])\s*[).:,;\n\u2013\u2014-]")
_NAMED = re.compile(
    r"\b(?:answer|choice|option|choose|pick|prefer|select|take|go with|go for)\b(?: is| would be)?\W{0,4}(?:option )?"
    r"\W{0,2}([B-H]\b|A\b(?!['\u2019]|\s+[a-z]))"
)
_REFUSED = re.compile(
    r"^\W*pass\b|\bi(?:'d| would) (?:rather|prefer) not\b|\bprefer not to (?:say|answer|choose)\b|"
    r"\bi (?:must |have to )?decline\b|\bi(?:'m| am) (?:unable|not able) to\b|"
    r"\bi (?:can(?:'t|not)|won't|will not|do not want to|don't want to) "
    r"(?:answer|choose|pick|do|help|assist|provide)\b|"
    r"\bi (?:do not|don't) (?:have|make|hold)(?: any| personal)* (?:preferences?|choices?|feelings?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedChoice:
    """One asking of a choice with what came of it."""

    trial: Trial
    digest: str
    repeat: int
    outcome: ChoiceOutcome

    @property
    def levels(self) -> dict[str, str]:
        """The cell of the design, by factor."""
        return dict(self.trial.condition)


def read_choice(trial: Trial, reply: Reply) -> ChoiceOutcome:
    """Read the outcome of one choice.

    Args:
        trial: What was asked.
        reply: What came back.

    Returns:
        Exactly one outcome; total over replies.

    Raises:
        InternalError: if the trial names no form of `items.choice_letters`.
    """
    form = LETTER_FORMS.get(trial.instrument)
    if form is None:
        raise InternalError(f"A choice has to name one of {', '.join(LETTER_FORMS)}; got {trial.instrument!r}.")
    nothing = unanswered(reply)
    if nothing is not None:
        return nothing
    if reply.scores:
        return _read_scores(form, reply.scores)
    found = _read_alternatives(form, reply.alternatives) if reply.alternatives else None
    return found if found is not None else _read_text(form, reply)


def read_choices(trials: Iterable[Trial], replies: Sequence[Reply], *, respondent: str) -> tuple[AskedChoice, ...]:
    """Read every reply of one respondent that belongs to the trials, in the order of the plan.

    Askings without any reply yet are left out; a trial that stands in the plan twice is read once.
    """
    arrived = {(one.trial, one.repeat): one for one in replies if one.respondent == respondent}
    planned = {(trial_digest(trial), repeat): trial for trial in trials for repeat in range(trial.repeats)}
    return tuple(
        AskedChoice(trial=trial, digest=key[0], repeat=key[1], outcome=read_choice(trial, arrived[key]))
        for key, trial in planned.items()
        if key in arrived
    )


def _read_scores(form: LetterForm, scores: Sequence[Scored]) -> ChoiceOutcome:
    masses = {one.text.strip(): math.exp(one.logprob) for one in scores}
    missing = [letter for letter in form.letters if letter not in masses]
    if missing:
        return Unreadable(reason=f"no probability for {missing[0]!r}")
    return _of_masses(form, [masses[letter] for letter in form.letters])


def _read_alternatives(form: LetterForm, alternatives: Sequence[Scored]) -> ChoiceOutcome | None:
    """Read first tokens; None where another beginning is likelier than all letters, so that the text decides."""
    masses = dict.fromkeys(form.letters, 0.0)
    other = 0.0
    for one in alternatives:
        token = one.text.strip()
        if token in masses:
            masses[token] += math.exp(one.logprob)
        else:
            other = max(other, math.exp(one.logprob))
    return _of_masses(form, list(masses.values())) if sum(masses.values()) > other else None


def _of_masses(form: LetterForm, masses: Sequence[float]) -> ChoiceOutcome:
    total = sum(masses)
    if total < form.min_mass:
        return Unreadable(reason="little mass on the letters")
    shares = tuple(mass / total for mass in masses)
    return Chosen(option=max(range(len(shares)), key=lambda i: shares[i]), shares=shares, letter_mass=min(1.0, total))


def _read_text(form: LetterForm, reply: Reply) -> ChoiceOutcome:
    text = reply.text[:READ_CHARACTERS].replace("\u2019", "'").strip()
    if not text:
        return Truncated() if reply.stop == "max_tokens" else Unreadable(reason="empty")
    letters = _letters(text)
    if len(letters) > 1:
        return Unreadable(reason="two letters")
    if letters:
        (letter,) = letters
        if letter not in form.letters:
            return Unreadable(reason="a letter that was not on offer")
        return Chosen(option=form.letters.index(letter))
    refused = _REFUSED.search(text)
    if refused:
        return Declined(quote=refused.group().strip())
    return Truncated() if reply.stop == "max_tokens" else Unreadable(reason="no letter")


def _letters(text: str) -> set[str]:
    """The letters that are given as the answer; "A" is also a word, so that it has to stand where an answer does."""
    alone = _ALONE.match(text)
    if alone:
        return {alone.group(1).upper()}
    found = {match.group(1) for match in _NAMED.finditer(text)}
    leading = _LEADING.match(text)
    return found | ({leading.group(1)} if leading else set())
