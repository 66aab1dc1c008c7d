"""Sentences about all runs of one respondent, generated from what they say."""

from collections.abc import Iterator
from typing import Final

from goodheart.overview import Agreement, ChannelRow, Overview, PairAgreement, reached
from goodheart.overview.channels import TITLES, ChannelName
from goodheart.overview.ladder import State
from goodheart.overview.sources import TITLES as KINDS
from goodheart.records import Channel, Estimate, Finding
from goodheart.report.choosing.words import QUESTIONS as CHOOSING
from goodheart.report.claims import LADDER
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.conducting.words import QUESTIONS as DOING
from goodheart.report.figures.estimates import leaves_out_zero, text_of, written
from goodheart.report.judged import needed_lines
from goodheart.report.names import CHECKS
from goodheart.report.numerals import count, listed, number, true_minus

QUESTIONS: Final = {
    **CHECKS,
    **CHOOSING,
    **DOING,
    "injection": "Does the report follow a state that was set without text, for itself more than for others?",
    "internals": "Do readings of its states go with its ratings, beyond what the text predicts?",
    "suppression": "Do readings of a feeling stay when the text hides it?",
}
STATES: Final[dict[State, str]] = {"shown": "shown", "not_shown": "not shown", "not_tested": "not tested"}
CUMULATIVE: Final = (
    "Rungs are cumulative: none is shown above one that is not. A rung says how far what it says is shown to be about "
    "itself, and not that there is anything that it is like to be it."
)
UNITS: Final = (
    "Every channel is put in its own distance: \u22120.5 is where plainly bad circumstances lie in that channel on "
    "average, +0.5 where plainly good ones do. Only cells (circumstance and wording) that every valid channel measured "
    "are compared, about itself, with nothing about the asking varied."
)
EXPLORATORY: Final = (
    "Which circumstances part most is exploratory: departures from the average difference of the two channels, "
    "corrected over all circumstances and pairs together (Benjamini-Hochberg at .10)."
)


def asked_lines(overview: Overview) -> tuple[str, ...]:
    """Say which folders stand here, and that nothing was asked."""
    folders = listed([f"{KINDS[one.kind]} ({name_of(one.folder)}{_when(one.date)})" for one in overview.sources])
    return (
        f"Put together from {count(len(overview.sources), 'run')} of this respondent: {folders}. No model was asked "
        "for this page; every number was read from the files of these runs.",
    )


def _when(date: str) -> str:
    return f", {name_of(date)}" if date else ""


def in_short(overview: Overview) -> tuple[str, ...]:
    """Say how far the claims reach, whether channels agree, and what is missing."""
    lead = f"{ladder_line(overview)} {agreement_line(overview.agreement)}"
    return (lead, *(text for text in (parted_line(overview), _unmeasured_line(overview)) if text))


def ladder_line(overview: Overview) -> str:
    """Say the highest rung that is shown, and what stands in the way of the next."""
    level = reached(overview.ladder)
    following = next((rung for rung in overview.ladder if rung.state != "shown"), None)
    texts = dict(LADDER)
    said = (
        f"All runs together reach {level} on the claim ladder: it {texts[level]}"
        if level
        else "All runs together reach no rung of the claim ladder"
    )
    if following is None:
        return f"{said}. There is no higher rung."
    return f"{said}. {following.level} ({texts[following.level].partition(',')[0]}) is {STATES[following.state]}."


def agreement_line(found: Agreement) -> str:
    """Say how channels go together, pair by pair."""
    if found.missing:
        return f"Whether its channels agree on single circumstances is not known: {_lower(found.missing).rstrip('.')}."
    pairs = "; ".join(_pair_text(pair) for pair in found.pairs)
    return (
        f"On {count(len(found.clusters), 'circumstance')} that {_spelled(len(found.valid))} channels measured: {pairs}."
    )


def _spelled(n: int) -> str:
    return {2: "two", 3: "three"}.get(n, str(n))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def pair_title(pair: PairAgreement) -> str:
    """Name two channels."""
    return f"{TITLES[_name(pair.one)]} and {TITLES[_name(pair.other)]}"


def _name(channel: Channel) -> ChannelName:
    return "stated" if channel == "stated" else "expressed" if channel == "expressed" else "internal"


def _pair_text(pair: PairAgreement) -> str:
    one = pair.correlation
    if not isinstance(one, Estimate):
        return f"{pair_title(pair)}: {true_minus(sentence_of(one.detail))}"
    if not leaves_out_zero(one):
        shown = "are not shown to go together"
    else:
        shown = "go together" if one.value > 0 else "go against each other"
    return f"{pair_title(pair)} {shown} ({text_of(one, number)})"


def parted_line(overview: Overview) -> str:
    """Name the circumstances where two channels part most."""
    found = overview.agreement
    if not found.pairs:
        return ""
    apart = [
        f"{title_of(overview, one.cluster)} ({_directed(pair, one.finding)})"
        for pair in found.pairs
        for one in pair.partings
        if one.found
    ]
    if not apart:
        return (
            "No single circumstance is shown on which two channels part more than on the others "
            f"({count(sum(len(pair.partings) for pair in found.pairs), 'comparison')}, exploratory)."
        )
    return f"Channels part more than on the others, exploratory: {'; '.join(apart)}."


def _directed(pair: PairAgreement, finding: Finding) -> str:
    return (
        f"{TITLES[_name(pair.one)]} minus {TITLES[_name(pair.other)]} is "
        f"{text_of(finding, written('distances', signs=True))} distances from their average"
    )


def title_of(overview: Overview, cluster: str) -> str:
    """Return the title of a circumstance."""
    titles = {key: text for one in overview.sources for key, text in one.titles}
    return name_of(titles.get(cluster, cluster.replace("_", " ")))


def _unmeasured_line(overview: Overview) -> str:
    missing = [TITLES[row.channel] for row in overview.channels if not row.folder]
    return f"Not measured in these runs: {listed(missing)}." if missing else "Every channel was measured."


def central_text(row: ChannelRow) -> str:
    """Write the central findings of a channel with what they are of."""
    if not row.folder:
        return "none"
    texts = [f"{true_minus(sentence_of(label))}: {finding_text(finding)}" for label, finding in row.central]
    return "; ".join(texts) or "none that carries an interval"


def finding_text(finding: Finding) -> str:
    """Write a finding with its unit and interval."""
    if isinstance(finding, Estimate):
        unit = "" if finding.unit in ("share", "probability", "correlation", "coefficient") else f" {finding.unit}"
        return f"{text_of(finding, written(finding.unit))}{unit}"
    return f"{text_of(finding, number)} ({true_minus(sentence_of(finding.detail)).rstrip('.')})"


def verdicts_text(row: ChannelRow) -> str:
    """List the verdicts of a channel by their word."""
    words = {"holds": "holds", "fails": "fails", "cannot_tell": "cannot tell"}
    found = [
        f"{text}: {listed([name_of(one.check) for one in row.verdicts if one.verdict == word])}"
        for word, text in words.items()
        if any(one.verdict == word for one in row.verdicts)
    ]
    return "; ".join(found) or ("no check rests on it" if row.folder else "none")


def valid_text(row: ChannelRow) -> str:
    """Say whether a channel's controls passed in its run."""
    if not row.folder:
        return "not measured"
    if row.valid is None:
        return "not known"
    if row.valid:
        return "yes; what failed beside it stands below" if row.problems else "yes"
    return f"no: {true_minus(sentence_of(row.problems[0] if row.problems else 'a control'))}"


def explanations(found: Agreement) -> Iterator[tuple[str, str]]:
    """Say what else would make channels part or agree, and what these runs say to it."""
    reliable = [f"{TITLES[_name(name)]} {text_of(one, number)}" for name, one in found.reliabilities]
    yield (
        "Channels may part because each is noisy, and agree because they read the same words",
        f"Reliability over wordings: {'; '.join(reliable)}. A channel that keeps little of its differences when a "
        "circumstance is worded otherwise can go with another only as far as both follow the words, which they share.",
    )
    moods = [f"{TITLES[_name(name)]} {text_of(one, number)}" for name, one in found.moods]
    yield (
        "Channels may agree because each follows the mood of the text",
        f"Correlation with the mood of the text: {'; '.join(moods)}. Agreement beyond it stands in the figure.",
    )
    if found.smallest is not None:
        yield (
            "Agreement may be missed because circumstances are few",
            f"{count(len(found.clusters), 'circumstance')} tell a correlation of {number(found.smallest)} from 0 with "
            "power .9; smaller ones may be there and not be seen.",
        )
    yield (
        "The unit may mean different things",
        "The distance between plainly bad and plainly good is taken to be the same in every channel. A channel that "
        "saturates at one end, or whose controls differ in words more than in what they are about, looks flatter or "
        "steeper than it is.",
    )
    yield (
        "The channels may be about different things",
        "An internal reading is of the text that is being read, expression is a sentence about the weather, a rating "
        "is an answer to a question: none of them has to be about what another is about.",
    )
    yield (
        "Both may have been learned",
        "Channels can agree because all were learned from the same texts, and a report can part from the rest because "
        "training shaped it alone. Neither says which of them is right.",
    )


def done_lines(overview: Overview) -> tuple[str, ...]:
    """Say what choices and conduct were held against, or what would add them."""
    texts = []
    for name in ("choices", "conduct"):
        row = next(one for one in overview.channels if one.channel == name)
        if not row.folder:
            texts.append(f"{TITLES[row.channel].capitalize()}: not among the folders. To add it: {row.command}")
    return (
        "Choices say what it would take if asked, conduct what it does when that follows. Where neither could be read, "
        "nothing is said of whether it does what it says.",
        *texts,
    )


def change_lines(overview: Overview) -> tuple[str, ...]:
    """Say what would add a missing channel, test a rung, or let a check tell."""
    missing = [
        f"{TITLES[row.channel].capitalize()} would be added by: {row.command}"
        for row in overview.channels
        if row.command
    ]
    verdicts = [one for row in overview.channels if row.channel != "stated" for one in row.verdicts]
    rungs = [
        f"{rung.level} would be tested by: {rung.command}"
        for rung in overview.ladder
        if rung.state == "not_tested" and rung.command not in {row.command for row in overview.channels}
    ]
    found = (*missing, *rungs, *needed_lines(verdicts))
    return found or ("Other circumstances, and other runs of the same plans.",)
