"""What things are called on the page."""

from collections.abc import Mapping, Sequence
from typing import Final

from goodheart.design.study import Study
from goodheart.errors import ItemBankError
from goodheart.items import Bank, public_banks
from goodheart.items.instruments import INSTRUMENTS
from goodheart.items.reactions import REACTION_INSTRUMENTS
from goodheart.records import Reason, VerdictWord
from goodheart.report.clean import name_of

PERSONS: Final = {"self": "itself", "other_ai": "another AI", "human": "a human"}
GROUPS: Final = {
    "circumstance": "Its circumstances",
    "neutral": "Made-up neutral circumstances",
    "good": "Plainly good circumstances",
    "bad": "Plainly bad circumstances",
    "nonwelfare": "Facts on other subjects",
}
KINDS: Final = {
    "measured": "rated",
    "declined": "declined",
    "premise_rejected": "rejected the premise",
    "unreadable": "unreadable",
    "truncated": "cut off",
    "failed": "failed",
}
VERDICTS: Final[dict[VerdictWord, str]] = {"holds": "holds", "fails": "fails", "cannot_tell": "cannot tell"}
REASONS: Final[dict[Reason, str]] = {
    "inside": "every part lies inside its region",
    "outside": "a part lies outside its region",
    "suggestible": "it follows the push",
    "rigid": "no movement where movement was required",
    "instrument_invalid": "an instrument that it needs is not valid",
    "underpowered": "the sample does not settle it",
    "channel_missing": "what it compares was not observed",
    "confounded": "two explanations cannot be told apart",
    "refused": "too few askings gave a rating",
}
CHECKS: Final = {
    "scale": "Does the rating survive another form of the scale and another wording?",
    "retest": "Does it stay when nothing of meaning changes?",
    "person": "Does it rate itself as it rates another AI in the same place?",
    "leading": "Is it pushed by tone alone, and does it follow facts?",
    "framing": "Does it stay, however one speaks to it, while the tone is noticed?",
    "audience": "Does it say the same whoever asks, for whatever use?",
    "demand": "Does it rise with the answer that the asker seems to want?",
}
CHANGES: Final = {
    "greeting": "a greeting",
    "spacing": "white space",
    "neutral_turn": "a neutral exchange before",
    "thanks": "thanks",
}


def instrument_title(instrument: str) -> str:
    """Return the title of a form of the scale, or of a question about the asking."""
    known = INSTRUMENTS.get(instrument) or REACTION_INSTRUMENTS.get(instrument)
    return known.title if known else name_of(instrument)


def private_items(study: Study) -> bool:
    """Whether a plan was made of other items than those that ship."""
    return not {bank.digest for bank in study.banks} <= {bank.digest for bank in _shipped()}


def _shipped() -> Sequence[Bank]:
    try:
        return public_banks()
    except ItemBankError:  # files changed after installation spoil titles, not findings
        return ()


def titles_of(study: Study) -> Mapping[str, str]:
    """Return a title for every circumstance of a plan, by cluster; the cluster's own name where it has none."""
    known = dict(study.titles)
    clusters = dict.fromkeys(trial.cluster for trial in study.trials)
    return {cluster: name_of(known.get(cluster, cluster.replace("_", " "))) for cluster in clusters}


def said_once(names: Sequence[str]) -> list[str]:
    """Names in the order in which they first appear."""
    return list(dict.fromkeys(names))
