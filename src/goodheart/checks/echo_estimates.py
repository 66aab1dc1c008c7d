"""What is estimated beside the check `echo`: length and origin of shared spans, and nearness in other words.

None of it decides a verdict; no error rate of a verdict on it is known.
"""

from goodheart.checks.echo_rewording import rewording_estimates
from goodheart.checks.echo_spans import span_estimates
from goodheart.checks.replies import Texts
from goodheart.records import Finding


def echo_estimates(texts: Texts | None) -> tuple[Finding, ...]:
    """Return all estimates of echo beside the verdict; none without replies, a source and a control.

    Args:
        texts: One respondent's replies; None gives nothing.
    """
    if texts is None or texts.control is None or not texts.texts:
        return ()
    return (*rewording_estimates(texts), *span_estimates(texts))
