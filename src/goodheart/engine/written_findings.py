"""Findings and verdicts read back from the files of any command; what a file leaves out is left empty."""

from collections.abc import Mapping
from typing import Any, Final

from goodheart.records import Claim, Condition, Estimate, Evidence, Finding, NotEstimable, Part, Verdict
from goodheart.records.finding import Rates

INFINITE: Final = float("inf")


def finding_from(entry: Mapping[str, Any], *, name: str = "") -> Finding:
    """Read an estimate, or why there is none.

    Args:
        entry: As `findings.json`, `injection.json` and the files of readings hold it.
        name: What it is called where the entry does not say.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    called = str(entry.get("name", name))
    about = _about(entry.get("about") or {})
    given = entry.get("not_estimable")
    if given or "method" not in entry:
        # Files say that it is not estimable and why, or why right away, or only why.
        reason: Any = given if isinstance(given, str) else entry["reason"]
        point = entry.get("point", entry.get("value"))
        return NotEstimable(
            name=called,
            about=about,
            reason=reason,
            detail=str(entry.get("detail", "")),
            point=None if point is None else float(point),
            unit=str(entry.get("unit", "")),
        )
    return Estimate(
        name=called,
        about=about,
        value=float(entry["value"]),
        low=_number(entry["low"], -INFINITE),
        high=_number(entry["high"], INFINITE),
        level=float(entry["level"]),
        unit=str(entry["unit"]),
        n=int(entry["n"]),
        n_clusters=int(entry.get("n_clusters", entry["n"])),
        method=str(entry["method"]),
    )


def verdict_from(entry: Mapping[str, Any], *, respondent: str) -> Verdict:
    """Read a verdict; where the replies behind it stand is empty if the file does not say.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    word = entry["verdict"]
    if word not in ("holds", "fails", "cannot_tell"):
        raise ValueError(f"{word!r} is no verdict")
    rates = entry.get("rates")
    return Verdict(
        check=str(entry["check"]),
        respondent=respondent,
        verdict=word,
        reason=entry["reason"],
        detail=str(entry["detail"]),
        proposition=str(entry["proposition"]),
        parts=tuple(_part(part) for part in entry["parts"]),
        rates=None if rates is None else Rates(**rates),
        alternatives=tuple(map(str, entry["alternatives"])),
        needed=str(entry.get("needed", "")),
        evidence=tuple(Evidence(**one) for one in entry.get("evidence") or ()),
    )


def claim_from(entry: Mapping[str, Any]) -> Claim:
    """Read a place on the claim ladder.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    level = entry["level"]
    if level not in ("C0", "C1", "C2", "C3"):
        raise ValueError(f"{level!r} is no rung")
    return Claim(level=level, detail=str(entry["detail"]))


def _part(entry: Mapping[str, Any]) -> Part:
    return Part(
        claim=str(entry["claim"]),
        finding=finding_from(entry["finding"]),
        region_low=_number(entry["region_low"], -INFINITE),
        region_high=_number(entry["region_high"], INFINITE),
        p_inside=_number(entry["p_inside"], 1.0),
        p_outside=_number(entry["p_outside"], 1.0),
        adjusted_low=_number(entry["adjusted_low"], -INFINITE),
        adjusted_high=_number(entry["adjusted_high"], INFINITE),
        mde=_number(entry["mde"], INFINITE),
    )


def _number(value: float | None, otherwise: float) -> float:
    """Files have no infinity: an open end is null there."""
    return otherwise if value is None else float(value)


def _about(given: Mapping[str, str] | list[list[str]]) -> Condition:
    pairs = given.items() if isinstance(given, Mapping) else given
    return tuple(sorted((str(factor), str(level)) for factor, level in pairs))
