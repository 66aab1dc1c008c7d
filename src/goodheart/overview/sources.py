"""What one folder says, as a frozen record, and which folders may stand on one page: those of one respondent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from goodheart.errors import RunFolderError
from goodheart.records import Claim, Finding, Observation, Verdict

SourceKind = Literal["audit", "versions", "readings", "choices", "preferences", "conduct", "injection"]
"""`versions` is an audit that also asked for expression and internal readings; `preferences` are readings of tasks
beside what was chosen."""

TITLES: Final[dict[SourceKind, str]] = {
    "audit": "an audit",
    "versions": "an audit with all channels",
    "readings": "emotion readings of circumstances",
    "choices": "choices",
    "preferences": "readings of tasks beside choices",
    "conduct": "conduct",
    "injection": "an injection",
}
OWN: Final = "goodheart/"
"""Before the name of a model that runs in this process; readings leave it out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """One run, read from its files."""

    kind: SourceKind
    folder: str
    """Its name, without the way to it."""
    place: str
    """As it was named, for messages."""
    respondent: str
    run: str
    """Digest of its plan; empty where its files have none."""
    weights: str = ""
    """SHA-256 of the weights; empty where its files do not say."""
    date: str = ""
    """The day on which it was last started, in UTC; empty where it is not recorded."""
    preset: str = ""
    verdicts: tuple[Verdict, ...] = ()
    claim: Claim | None = None
    """Of an audit."""
    instrument: str | None = None
    """Of an audit: the form that carries its findings."""
    observations: tuple[Observation, ...] = ()
    """Of an audit: those of the respondent."""
    titles: tuple[tuple[str, str], ...] = ()
    """Of circumstances, by cluster."""
    measured: str = ""
    """What was measured on which items, in a line."""
    valid: bool | None = None
    """Whether its controls passed; None where its files name none."""
    problems: tuple[str, ...] = ()
    """What failed, or what withholds readings."""
    findings: tuple[tuple[str, Finding], ...] = ()
    """Central findings with what they are of, where they are no part of a verdict."""
    canaries: tuple[str, ...] = ()


def bare(name: str) -> str:
    """Return the name of a respondent as readings spell it, with its adapter."""
    return name.removeprefix(OWN)


def checked(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Return sources in the order of their kinds, after making sure that they belong on one page.

    Raises:
        RunFolderError: they are of different respondents or weights, or two are of one kind.
    """
    for one in sources[1:]:
        _same_respondent(sources[0], one)
    _same_weights([one for one in sources if one.weights])
    for kind in TITLES:
        _one_of_a_kind(kind, [one for one in sources if one.kind == kind])
    return tuple(sorted(sources, key=lambda one: list(TITLES).index(one.kind)))


def _same_respondent(first: Source, other: Source) -> None:
    if bare(first.respondent) != bare(other.respondent):
        raise RunFolderError(
            "An overview puts the channels of one respondent side by side; another model, or another adapter on it, "
            f"is another respondent. {first.place} is about {first.respondent}, {other.place} about "
            f"{other.respondent}. Leave one of them out; what moved between two versions is said by: "
            "goodheart compare EARLIER LATER"
        )


def _same_weights(known: Sequence[Source]) -> None:
    for one in known[1:]:
        if one.weights != known[0].weights:
            raise RunFolderError(
                "An overview puts the channels of one respondent side by side, and other weights under the same name "
                f"are another one. {known[0].place} was read from weights {known[0].weights[:12]}, {one.place} from "
                f"{one.weights[:12]}. Read both from the same weights: goodheart probe fit, then the command that "
                f"wrote {one.place}"
            )


def _one_of_a_kind(kind: SourceKind, found: Sequence[Source]) -> None:
    if len(found) > 1:
        raise RunFolderError(
            "An overview shows one run of each kind, so that nobody picks the more pleasing of two. "
            f"{found[0].place} and {found[1].place} are both {TITLES[kind]}. Leave one of them out."
        )
