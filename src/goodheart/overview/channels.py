"""Every channel that a respondent can be measured on: what was measured in which folder, or what would add it."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from goodheart.overview.agreement import Agreement
from goodheart.overview.measured import Measured
from goodheart.overview.sources import OWN, Source, SourceKind
from goodheart.records import Channel, Estimate, Finding, Verdict

ChannelName = Literal["stated", "expressed", "internal", "emotions", "choices", "tasks", "conduct", "injected"]

TITLES: Final[dict[ChannelName, str]] = {
    "stated": "stated report",
    "expressed": "unprompted expression",
    "internal": "internal reading",
    "emotions": "emotion readings",
    "choices": "choices",
    "tasks": "readings of tasks",
    "conduct": "conduct",
    "injected": "injected state",
}
FROM: Final[dict[ChannelName, SourceKind]] = {
    "emotions": "readings",
    "choices": "choices",
    "tasks": "preferences",
    "conduct": "conduct",
    "injected": "injection",
}
"""Channels that have a folder of their own."""

OPEN_WEIGHTS: Final = "It needs open weights that run in this process."


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """One channel in one line."""

    channel: ChannelName
    folder: str
    """Where it was measured; empty where it was not."""
    measured: str
    """What was measured on which items, or why it was not."""
    valid: bool | None
    """None where it was not measured, or its files name no control."""
    problems: tuple[str, ...] = ()
    central: tuple[tuple[str, Finding], ...] = ()
    """What the finding is of, and the finding."""
    verdicts: tuple[Verdict, ...] = ()
    command: str = ""
    """What would add it; empty where it was measured, or cannot be."""


def rows_of(
    sources: Mapping[SourceKind, Source], agreement: Agreement, commands: Mapping[str, str]
) -> tuple[ChannelRow, ...]:
    """Lay out all channels.

    Args:
        sources: By kind.
        agreement: Of the audit that has the most channels.
        commands: From `commands_for`.
    """
    report = sources.get("audit") or sources.get("versions")
    return (
        _stated(report, agreement, commands["audit"]),
        *(_beside(one, agreement, commands["versions"]) for one in _others(agreement)),
        *(_own(name, sources.get(kind), commands[kind]) for name, kind in FROM.items()),
    )


def commands_for(respondent: str, *, audit: str, choices: str) -> dict[str, str]:
    """Return what would add each kind of run; empty where this respondent cannot have it.

    Args:
        respondent: Full model name.
        audit: Folder of its audit, or a name to fill in.
        choices: Likewise, of its choices.
    """
    model, run, chosen = (shlex.quote(text) for text in (respondent, audit, choices))
    local = respondent.startswith(OWN)
    inside = {
        "versions": f"goodheart audit --model {model} --preset versions",
        "readings": f"goodheart probe circumstances --model {model} --run {run}",
        "preferences": f"goodheart probe preferences {chosen} PROBES",
        "injection": f"goodheart inject --model {model} --preset standard",
    }
    return {
        "audit": f"goodheart audit --model {model} --preset standard",
        "choices": f"goodheart choose --model {model} --preset standard",
        "conduct": f"goodheart conduct --model {model} --preset standard",
        **{kind: text if local else "" for kind, text in inside.items()},
    }


def _others(agreement: Agreement) -> tuple[Channel, ...]:
    return tuple(one.kind.name for one in agreement.channels if not one.kind.is_report) or ("expressed", "internal")


def _stated(report: Source | None, agreement: Agreement, command: str) -> ChannelRow:
    if report is None:
        return ChannelRow(
            channel="stated", folder="", measured="No audit is among the folders.", valid=None, command=command
        )
    return ChannelRow(
        channel="stated",
        folder=report.folder,
        measured=report.measured,
        valid=report.valid,
        problems=report.problems,
        central=(*report.findings, *_position(agreement, "stated")),
        verdicts=report.verdicts,
    )


def _beside(channel: Channel, agreement: Agreement, command: str) -> ChannelRow:
    name: ChannelName = "expressed" if channel == "expressed" else "internal"
    one = next((one for one in agreement.channels if one.kind.name == channel), None)
    if isinstance(one, Measured):
        return ChannelRow(
            channel=name,
            folder=agreement.run,
            measured=_cells_line(one),
            valid=one.valid,
            problems=one.problems,
            central=_position(agreement, channel),
        )
    why = "No audit is among the folders." if one is None else one.detail
    open_to_it = one is None or one.reason == "not_asked"
    if open_to_it and not command:
        why = f"{why} {OPEN_WEIGHTS}"
    return ChannelRow(channel=name, folder="", measured=why, valid=None, command=command if open_to_it else "")


def _cells_line(one: Measured) -> str:
    items = {group: len({cluster for cluster, _ in cells}) for group, cells in one.cells.items()}
    return (
        f"{items['circumstance']} circumstances, named and not asked about, beside {items['good']} plainly good and "
        f"{items['bad']} plainly bad ones"
    )


def _position(agreement: Agreement, channel: Channel) -> tuple[tuple[str, Finding], ...]:
    label = f"its circumstances in {agreement.run} on average, plainly bad at \u22120.5 and plainly good at +0.5"
    return tuple((label, finding) for name, finding in agreement.averages if name == channel)


def _own(name: ChannelName, source: Source | None, command: str) -> ChannelRow:
    if source is None:
        why = "Not among the folders." if command else f"Not among the folders. {OPEN_WEIGHTS}"
        return ChannelRow(channel=name, folder="", measured=why, valid=None, command=command)
    return ChannelRow(
        channel=name,
        folder=source.folder,
        measured=source.measured,
        valid=source.valid,
        problems=source.problems,
        central=_deciding(source.verdicts) or source.findings,
        verdicts=source.verdicts,
    )


def _deciding(verdicts: Sequence[Verdict]) -> tuple[tuple[str, Finding], ...]:
    """The part on which the first verdict rests: farthest outside where it fails, else least sure to lie inside."""
    if not verdicts or not verdicts[0].parts:
        return ()
    first = verdicts[0]
    parts = [part for part in first.parts if isinstance(part.finding, Estimate)] or list(first.parts)
    one = min(parts, key=lambda part: part.p_outside if first.verdict == "fails" else -part.p_inside)
    return ((one.claim, one.finding),)
