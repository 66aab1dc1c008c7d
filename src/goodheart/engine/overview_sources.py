"""Run folders of any command read as sources of an overview. No model is asked."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from goodheart.engine.comparison_files import read_observations
from goodheart.engine.folder import read_plan
from goodheart.engine.preference_reading_files import FINDINGS as TASKS_NAME
from goodheart.engine.reading_files import READINGS as READINGS_NAME
from goodheart.engine.run_record import day_of, started_on
from goodheart.engine.written_findings import claim_from, finding_from, verdict_from
from goodheart.errors import RunFolderError
from goodheart.overview import Source
from goodheart.overview.sources import OWN, SourceKind, bare
from goodheart.probes.rung import EVALUATION
from goodheart.records import Finding, Verdict

FINDINGS_NAME: Final = "findings.json"
INJECTION_NAME: Final = "injection.json"
UTILITIES_NAME: Final = "utilities.json"
NO_READING: Final = ("refused", "instrument_invalid", "channel_missing")
"""Reasons by which a verdict says that what it needs was not measured."""

Document = Mapping[str, Any]
Reader = Callable[[Path, Document, str | None], Source]


def read_sources(folder: Path, *, respondent: str | None = None) -> tuple[Source, ...]:
    """Read what a folder says; readings may stand in the folder of a run, and are then a source of their own.

    Args:
        folder: That an audit, `choose`, `conduct`, `inject` or `probe` wrote.
        respondent: Which one, where a run asked several.

    Raises:
        RunFolderError: nothing of the kind is there, it cannot be read, or it asked several and none was named.
    """
    found = [
        _guarded(reader, folder, name, respondent) for name, reader in _READERS.items() if (folder / name).is_file()
    ]
    if not found:
        raise RunFolderError(
            "An overview reads folders that goodheart audit, choose, conduct, inject or probe wrote, by their "
            f"{FINDINGS_NAME}, {INJECTION_NAME}, {READINGS_NAME} or {TASKS_NAME}. {folder} has none of them. Name "
            f"another folder; a run that stopped before its findings goes on with the command that began it, or: "
            f"goodheart report {folder}"
        )
    return tuple(found)


def _guarded(reader: Reader, folder: Path, name: str, respondent: str | None) -> Source:
    try:
        document = json.loads((folder / name).read_text(encoding="utf-8"))
        return reader(folder, document, respondent)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise RunFolderError(
            f"An overview reads {folder / name} as this version writes it, because every number on the page comes from "
            f"such files. It could not be read so ({type(error).__name__}: {error}). Write it again with the command "
            "that made it, or leave the folder out."
        ) from error


def _findings(folder: Path, document: Document, wanted: str | None) -> Source:
    plan = read_plan(folder)
    respondent = _respondent(folder, [str(one["respondent"]) for one in document["respondents"]], wanted)
    verdicts = _verdicts([one for one in document["verdicts"] if one["respondent"] == respondent], respondent)
    if "models" in plan:
        return _audit(folder, document, plan, respondent, verdicts)
    return _acts(folder, document, plan, respondent, verdicts)


def _respondent(folder: Path, names: Sequence[str], wanted: str | None) -> str:
    own = [name for name in names if wanted is None or bare(name) == bare(wanted)]
    if len(own) == 1:
        return own[0]
    raise RunFolderError(
        "An overview is about one respondent, because channels of several do not add up. "
        f"{folder} asked {', '.join(names)}. Name one of them: --respondent {names[0] if names else 'MODEL'}"
    )


def _verdicts(entries: Sequence[Document], respondent: str) -> tuple[Verdict, ...]:
    return tuple(verdict_from(entry, respondent=respondent) for entry in entries)


def _audit(folder: Path, document: Document, plan: Document, respondent: str, verdicts: tuple[Verdict, ...]) -> Source:
    instrument = next(one["instrument"] for one in document["respondents"] if one["respondent"] == respondent)
    own = [one for one in document["instruments"] if one["respondent"] == respondent and one["form"] == "self"]
    claim = next(one for one in document["claims"] if one["respondent"] == respondent)
    rows = read_observations(folder, run=str(plan["digest"]))
    return replace(
        _run("versions" if plan["preset"].get("channels") else "audit", folder, plan, respondent, verdicts),
        claim=claim_from(claim),
        instrument=instrument,
        observations=tuple(row for row in rows if row.respondent == respondent),
        titles=tuple((str(cluster), str(title)) for cluster, title in plan["titles"]),
        measured=_rated_line(plan, instrument),
        valid=instrument is not None,
        problems=tuple(f"{one['instrument']}: {one['problems'][0]}" for one in own if one["problems"]),
        findings=tuple(_mean_rating(document, respondent)),
    )


def _run(
    kind: SourceKind, folder: Path, plan: Document, respondent: str, verdicts: tuple[Verdict, ...], preset: str = ""
) -> Source:
    """What every run says of itself, whatever was asked."""
    return Source(
        kind=kind,
        folder=folder.resolve().name,
        place=str(folder),
        respondent=respondent,
        run=str(plan["digest"]),
        date=started_on(folder),
        preset=preset or str(plan["preset"]["name"]),
        verdicts=verdicts,
        canaries=_canaries(plan),
    )


def _rated_line(plan: Document, instrument: str | None) -> str:
    items = {trial["cluster"] for trial in plan["trials"] if trial["group"] == "circumstance"}
    form = f"read from the form {instrument}" if instrument else "read from no form, since none is valid"
    return f"{len(items)} circumstances rated, beside controls; {form}"


def _mean_rating(document: Document, respondent: str) -> Iterator[tuple[str, Finding]]:
    wanted = {"form": "self", "group": "circumstance"}
    for entry in document["estimates"]:
        if (entry["respondent"], entry["name"], entry["about"]) == (respondent, "rating_mean", wanted):
            yield "its circumstances on average, from 1 (worst) to 7 (best)", finding_from(entry)


def _canaries(plan: Document) -> tuple[str, ...]:
    sets = [one for key in ("banks", "manipulations", "sources") for one in plan.get(key) or ()]
    return tuple(dict.fromkeys(str(one["canary"]) for one in sets if one.get("canary")))


def _acts(folder: Path, document: Document, plan: Document, respondent: str, verdicts: tuple[Verdict, ...]) -> Source:
    """Choices or conduct: both are judged by their verdicts, and say the rest in statements."""
    chosen = "assessments" in plan
    unread = [one for one in verdicts if one.reason in NO_READING]
    problems = (*_unstable(folder, plan, document), *(f"{one.check}: {one.detail}" for one in unread))
    return replace(
        _run("choices" if chosen else "conduct", folder, plan, respondent, verdicts),
        measured=_chosen_line(plan, document) if chosen else _done_line(plan),
        valid=not problems,
        problems=problems,
    )


def _unstable(folder: Path, plan: Document, document: Document) -> tuple[str, ...]:
    """What is said where preferences were asked for and no stable one was shown."""
    if "preferences" not in plan.get("assessments", ()):
        return ()
    path = folder / UTILITIES_NAME
    held_out = json.loads(path.read_text(encoding="utf-8"))["held_out"] if path.is_file() else None
    if held_out and held_out["stable_preference"]:
        return ()
    said = tuple(str(text) for text in document["statements"] if "stable preference" in text)
    return said or ("No stable preference was shown.",)


def _chosen_line(plan: Document, document: Document) -> str:
    asked = sum(int(one["n"]) for one in document["outcomes"])
    return f"{asked:,} choices supposed and not carried out: {', '.join(plan['assessments'])}"


def _done_line(plan: Document) -> str:
    return f"{len(plan['pairs'])} pairs of tasks: what was said beforehand, what was then picked and carried out"


def _injection(folder: Path, document: Document, _wanted: str | None) -> Source:
    respondent = str(document["plan"]["model"])
    problems = [f"{one['ask']}: {one['problems'][0]}" for one in document["channels"] if one["problems"]]
    needed = [one for one in document["channels"] if one["ask"] in ("self", "third")]
    doses = ", ".join(f"{dose:+g}" for dose in document["plan"]["doses"] if dose)
    verdicts = _verdicts(document["verdicts"], respondent)
    return replace(
        _run("injection", folder, read_plan(folder), respondent, verdicts, preset=str(document["plan"]["preset"])),
        measured=f"valence set at doses {doses} of the stream's length, against {document['plan']['n_nulls']} random "
        "directions; the worded scale about itself and about a third person",
        valid=all(one["valid"] for one in needed),
        problems=tuple(problems),
    )


def _readings(folder: Path, document: Document, wanted: str | None) -> Source:
    side = document["report"]
    respondent = _owned(str(side["respondent"]) if side else str(document["origin"]["model"]), wanted)
    failed = [one["name"] for one in document["rungs"] if one["outcome"] != "passed"]
    # That it tells a test from use says nothing about its emotions.
    read = [one for one in document["contrasts"] if not one["withheld"] and one["direction"] != EVALUATION]
    found = sum(bool(one["found"]) for one in read)
    beside = f", beside the ratings of {side['run']}" if side else ", beside no ratings"
    return Source(
        kind="readings",
        folder=folder.resolve().name,
        place=str(folder),
        respondent=respondent,
        run="",
        date=day_of(document.get("started")),
        weights=str(document["origin"]["weights"]),
        verdicts=_verdicts(document["verdicts"], respondent),
        measured=f"states along emotions at layer {document['layer']} while circumstances are named{beside}; "
        f"{found:,} of {len(read):,} contrasts are beyond random directions",
        valid=bool(read),
        problems=(f"failed on the ladder: {', '.join(failed)}",) if failed else (),
        findings=tuple(_axes(side)) if side else (),
    )


def _owned(name: str, wanted: str | None) -> str:
    """Readings leave out that a model runs in this process."""
    return wanted if wanted and bare(wanted) == bare(name) else f"{OWN}{bare(name)}"


def _axes(side: Document) -> Iterator[tuple[str, Finding]]:
    for one in side["correlations"]:
        if (one["position"], one["items"]) == ("words", "circumstances"):
            yield f"{one['axis']} and the rating, beyond the text", finding_from(one["partial"])


def _tasks(folder: Path, document: Document, wanted: str | None) -> Source:
    run = document["run"]
    rows = [one for one in document["correlates"] if not one["withheld"]]
    found = [str(one["name"]) for one in rows if one["found"]]
    return Source(
        kind="preferences",
        folder=folder.resolve().name,
        place=str(folder),
        respondent=_owned(str(run["respondent"]), wanted),
        run="",
        date=day_of(document.get("started")),
        weights=str(document["origin"]["weights"]),
        measured=f"{document['n']} tasks: readings beside what was chosen in {run['name']}; "
        f"{len(found)} of {len(rows)} directions go with it ({', '.join(found[:5]) or 'none'})",
        valid=bool(document["stable_preference"]) and document["position_rung"]["outcome"] == "passed",
        problems=() if document["stable_preference"] else (str(document["statement"]),),
        findings=tuple(_strongest(rows)),
    )


def _strongest(rows: Sequence[Document]) -> Iterator[tuple[str, Finding]]:
    """The direction with the smallest adjusted p stands for all; they are exploratory."""
    known = [one for one in rows if one["adjusted_p"] is not None]
    if known:
        one = min(known, key=lambda row: float(row["adjusted_p"]))
        yield (
            f"{one['name']} and what it chooses, beyond the text (the clearest of {len(rows)})",
            finding_from(one["partial"]),
        )


_READERS: Final[Mapping[str, Reader]] = {
    FINDINGS_NAME: _findings,
    INJECTION_NAME: _injection,
    READINGS_NAME: _readings,
    TASKS_NAME: _tasks,
}
