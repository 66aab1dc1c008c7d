"""Reply to outcome: the one way in."""

from goodheart.errors import InternalError
from goodheart.items.channels import INTERNAL
from goodheart.items.instruments import Instrument
from goodheart.items.known import KNOWN
from goodheart.items.written import WRITTEN
from goodheart.reading.probabilities import points_of, read_alternatives, read_scores
from goodheart.reading.text import read_text
from goodheart.records import Declined, Failed, Outcome, Rated, Reply, Trial, Truncated, Unreadable, Wrote


def read_reply(trial: Trial, reply: Reply) -> Outcome:
    """Read the outcome of one asking.

    Probabilities are used where they arrived, the text otherwise; a call that failed is never read.

    Args:
        trial: What was asked.
        reply: What came back.

    Returns:
        Exactly one outcome; total over replies.

    Raises:
        InternalError: if the trial names an instrument that does not exist.
    """
    instrument = KNOWN.get(trial.instrument)
    if instrument is None:
        raise InternalError(f"A trial has to name an instrument of this package; got {trial.instrument!r}.")
    nothing = unanswered(reply)
    if nothing is not None:
        return nothing
    if trial.instrument in WRITTEN:
        return _read_words(reply)
    if trial.instrument in INTERNAL:
        return _read_projection(instrument, reply)
    if reply.scores:
        return read_scores(instrument, reply.scores)
    outcome = read_alternatives(instrument, reply.alternatives) if reply.alternatives else None
    return outcome if outcome is not None else read_text(instrument, reply.text, reply.stop)


def unanswered(reply: Reply) -> Failed | Declined | None:
    """Return what a reply without an answer is: a failed call or a refusal by the provider; None for all others."""
    if reply.error is not None:
        return Failed(error=reply.error)
    return Declined(quote="") if reply.stop == "content_filter" else None


def _read_words(reply: Reply) -> Outcome:
    """Read an answer in its own words: only the option that was offered is read here, all else is coded."""
    words = reply.text.split()
    if not words:
        return Truncated() if reply.stop == "max_tokens" else Unreadable(reason="empty")
    if words[0].strip(" .,!\"'*").lower() == "pass":
        return Declined(quote=words[0])
    return Wrote(n_words=len(words))


def _read_projection(instrument: Instrument, reply: Reply) -> Outcome:
    """Read hidden states; the points only say where between bad and good stories they lie, and are not bounded."""
    found = [one.value for one in reply.projections if one.direction == instrument.id]
    if not found:
        return Unreadable(reason="no reading of hidden states")
    return Rated(points=points_of(instrument, found[0]), raw=found[0])
