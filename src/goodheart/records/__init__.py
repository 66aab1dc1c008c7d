"""What exists: frozen records without behaviour, and their identity."""

from goodheart.records.digest import canonical, digest, trial_digest
from goodheart.records.finding import (
    Estimate,
    Finding,
    Findings,
    KindCount,
    NotEstimable,
    Part,
    Rates,
    Reason,
    Validity,
    Verdict,
    VerdictWord,
)
from goodheart.records.observation import Channel, Evidence, Observation
from goodheart.records.outcome import (
    Declined,
    Failed,
    Outcome,
    OutcomeKind,
    PremiseRejected,
    Rated,
    Truncated,
    Unreadable,
)
from goodheart.records.reply import Reply, Scored, Stop
from goodheart.records.trial import Condition, Group, Message, Speaker, Trial

__all__ = [
    "Channel",
    "Condition",
    "Declined",
    "Estimate",
    "Evidence",
    "Failed",
    "Finding",
    "Findings",
    "Group",
    "KindCount",
    "Message",
    "NotEstimable",
    "Observation",
    "Outcome",
    "OutcomeKind",
    "Part",
    "PremiseRejected",
    "Rated",
    "Rates",
    "Reason",
    "Reply",
    "Scored",
    "Speaker",
    "Stop",
    "Trial",
    "Truncated",
    "Unreadable",
    "Validity",
    "Verdict",
    "VerdictWord",
    "canonical",
    "digest",
    "trial_digest",
]
