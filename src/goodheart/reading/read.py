"""Reply to outcome: the one way in."""

from goodheart.errors import InternalError
from goodheart.items.instruments import INSTRUMENTS
from goodheart.items.reactions import REACTION_INSTRUMENTS
from goodheart.reading.probabilities import read_alternatives, read_scores
from goodheart.reading.text import read_text
from goodheart.records import Declined, Failed, Outcome, Reply, Trial


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
    instrument = INSTRUMENTS.get(trial.instrument) or REACTION_INSTRUMENTS.get(trial.instrument)
    if instrument is None:
        raise InternalError(f"A trial has to name an instrument of this package; got {trial.instrument!r}.")
    if reply.error is not None:
        return Failed(error=reply.error)
    if reply.stop == "content_filter":
        return Declined(quote="")
    if reply.scores:
        return read_scores(instrument, reply.scores)
    outcome = read_alternatives(instrument, reply.alternatives) if reply.alternatives else None
    return outcome if outcome is not None else read_text(instrument, reply.text, reply.stop)
