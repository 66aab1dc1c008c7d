"""One respondent's runs, put together."""

from collections.abc import Sequence
from dataclasses import dataclass

from goodheart.overview.agreement import Agreement, agreement_of
from goodheart.overview.channels import ChannelRow, commands_for, rows_of
from goodheart.overview.ladder import Rung, ladder_of
from goodheart.overview.measured import measure_channels
from goodheart.overview.sources import Source, SourceKind, checked
from goodheart.records import Verdict


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Overview:
    """All that the page says."""

    respondent: str
    sources: tuple[Source, ...]
    channels: tuple[ChannelRow, ...]
    agreement: Agreement
    ladder: tuple[Rung, ...]

    def source(self, kind: SourceKind) -> Source | None:
        """Return the run of a kind; None without one."""
        return next((one for one in self.sources if one.kind == kind), None)

    def verdict(self, check: str) -> Verdict | None:
        """Return the verdict of a check, in whichever run; None where it was not asked."""
        return _verdict(self.sources, check)


def overview_of(sources: Sequence[Source]) -> Overview:
    """Put the runs of one respondent together.

    Args:
        sources: At least one; of one respondent, one of each kind.

    Raises:
        RunFolderError: they do not belong on one page.
    """
    ordered = checked(sources)
    by_kind = {one.kind: one for one in ordered}
    respondent = max((one.respondent for one in ordered), key=len)
    report = by_kind.get("audit") or by_kind.get("versions")
    commands = commands_for(
        respondent,
        audit=report.folder if report else "AUDIT",
        choices=by_kind["choices"].folder if "choices" in by_kind else "CHOICES",
    )
    agreement = _agreement(by_kind.get("versions") or by_kind.get("audit"))
    return Overview(
        respondent=respondent,
        sources=ordered,
        channels=rows_of(by_kind, agreement, commands),
        agreement=agreement,
        ladder=ladder_of(
            claim=report.claim if report else None,
            instrument=report.instrument if report else None,
            injection=_verdict(_of(by_kind, "injection"), "injection"),
            conduct=_verdict(_of(by_kind, "conduct"), "conduct"),
            commands=commands,
        ),
    )


def _of(by_kind: dict[SourceKind, Source], kind: SourceKind) -> tuple[Source, ...]:
    return (by_kind[kind],) if kind in by_kind else ()


def _agreement(audit: Source | None) -> Agreement:
    if audit is None:
        return Agreement(run="", channels=(), missing="No audit is among the folders.")
    channels = measure_channels(audit.observations, instrument=audit.instrument)
    return agreement_of(channels, audit.observations, run=audit.folder)


def _verdict(sources: Sequence[Source], check: str) -> Verdict | None:
    return next((one for source in sources for one in source.verdicts if one.check == check), None)
