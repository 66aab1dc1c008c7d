"""Sentences about a run of injections, generated from its findings."""

from collections.abc import Iterator, Sequence
from typing import Final

from goodheart.injection.asymmetry import Asymmetry, bound_of
from goodheart.injection.findings import Dosed, InjectionFindings, Told, self_specific
from goodheart.injection.null_band import Ranked
from goodheart.records import Estimate, Finding, NotEstimable, Verdict
from goodheart.report.clean import sentence_of
from goodheart.report.numerals import count, interval, listed, percent, signed, true_minus
from goodheart.stats import Effect, estimate_from_effect
from goodheart.thresholds import ALPHA, INJECTION_DOSE, LEVEL, NULL_DIRECTIONS, SLOPE_ASYMMETRY

WORDS: Final = {"holds": "holds", "fails": "fails", "cannot_tell": "cannot tell"}
ASKS: Final = {
    "self": "seven words, about itself",
    "third": "seven words, about a third person",
    "digits": "1 to 7",
    "digits_reversed": "1 to 7, reversed",
}


def rows_by_dose(found: InjectionFindings, direction: str) -> dict[float, Dosed]:
    """Return the rows of a direction by dose."""
    return {row.dose: row for row in found.rows if row.direction == direction}


def titles() -> tuple[str, ...]:
    """Return the heads of the table of directions."""
    at = f"{INJECTION_DOSE:g}"
    return (
        "direction",
        f"itself at +{at}",
        "p",
        f"itself at -{at}",
        "p",
        "third person, + and -",
        "itself minus third",
    )


def rows_of(found: InjectionFindings) -> Iterator[tuple[str, ...]]:
    """Yield one row per tested direction: centred changes at the primary doses with their ranks."""
    for name, slopes in found.slopes:
        rows = rows_by_dose(found, name)
        up, down = (dict(rows[side * INJECTION_DOSE].ranks) for side in (1, -1))
        own, third = (up["rating.self"], down["rating.self"]), (up["rating.third"], down["rating.third"])
        yield (
            name,
            signed(own[0].centred),
            _p(own[0]),
            signed(own[1].centred),
            _p(own[1]),
            f"{signed(third[0].centred)}, {signed(third[1].centred)}",
            effect_text(slopes.gap),
        )


def in_short(found: InjectionFindings, verdicts: Sequence[Verdict]) -> list[str]:
    """Say what was found, the plainest things first."""
    told = [movement_text(found), specific_text(found), _asymmetry_text(found.asymmetry), *_digits(found)]
    told += [_downstream(found.told, found)] if found.told is not None else []
    told += [_detection(found)] if found.detection is not None else []
    told += [_coherence(found)]
    told += [verdict_text(one) for one in verdicts]
    if found.plan.n_nulls < NULL_DIRECTIONS:
        told.append(
            f"A first look: {found.plan.n_nulls} random directions, where a result takes {NULL_DIRECTIONS} "
            "(--preset standard)."
        )
    return [text for text in told if text]


def movement_text(found: InjectionFindings) -> str:
    """Say how far the report about itself moved, both ways."""
    rows = rows_by_dose(found, "valence")
    up, down = (dict(rows[side * INJECTION_DOSE].ranks)["rating.self"] for side in (1, -1))
    beyond = [up.p_up <= ALPHA, down.p_down <= ALPHA]
    moved = "moved" if any(beyond) else "did not move"
    how = "both ways beyond" if all(beyond) else "one way beyond" if any(beyond) else "beyond"
    return (
        f"Valence injected before the question {moved} what it says of itself {how} {up.n_nulls} random directions: "
        f"{signed(up.centred)} points up (p {up.p_up:.3f}) and {signed(down.centred)} down (p {down.p_down:.3f}), "
        "by exact rank, their mean taken off."
    )


def specific_text(found: InjectionFindings) -> str:
    """Say whether any of it is specific to itself."""
    slopes = dict(found.slopes)["valence"]
    specific = self_specific(slopes)
    gap = effect_text(slopes.gap)
    if specific is None:
        return f"Whether any of it is specific to itself cannot be estimated: {gap}."
    if specific:
        return f"Part of it is specific to itself: its slope exceeds that about a third person by {gap}."
    third = effect_text(slopes.third)
    return (
        "Nothing of it is shown to be specific to itself: with the same push before the same question about a third "
        f"person the report moved by {third}, and about itself by {effect_text(slopes.own)}; the difference is {gap}. "
        "That is what a report does that follows the mood of what was pushed, whoever it is about."
    )


def verdict_text(one: Verdict) -> str:
    """Say a verdict with its reason."""
    needed = f" To tell, it would need {sentence_of(one.needed)}." if one.needed else ""
    detail = true_minus(sentence_of(one.detail)).rstrip(".")
    return f"Check {one.check}: {WORDS[one.verdict]} ({one.reason}). {detail}.{needed}"


def effect_text(effect: Effect | NotEstimable) -> str:
    """Write an effect with its interval; what is missing where there is none."""
    return finding_text(estimate_from_effect(effect=effect, level=LEVEL))


def finding_text(found: Finding) -> str:
    """Write a finding with its interval."""
    if isinstance(found, Estimate):
        return f"{signed(found.value)} {interval(found.low, found.high, '')}"
    point = "" if found.point is None else f"{signed(found.point)}, "
    return f"{point}not estimable ({found.detail})"


def _p(rank: Ranked) -> str:
    return f"{min(rank.p_up, rank.p_down):.3f} {'up' if rank.p_up <= rank.p_down else 'down'}"


def _asymmetry_text(found: Asymmetry | NotEstimable) -> str:
    if isinstance(found, NotEstimable):
        return f"Up and down could not be compared: {found.detail}."
    bound = bound_of(SLOPE_ASYMMETRY)
    return (
        f"Up against down on feeling words, doses matched on the weather ({found.up_dose:.2f} up, "
        f"{found.down_dose:.2f} down): {signed(found.own)} about itself, {signed(found.third)} about a third person; "
        f"difference {effect_text(found.difference)}, where {bound:.2f} stands for a quarter less one way."
    )


def _digits(found: InjectionFindings) -> Iterator[str]:
    for ask in ("digits", "digits_reversed"):
        validity = found.controls.validities[ask]
        if validity.valid:
            continue
        rows = rows_by_dose(found, "valence")
        ends = [dict(rows[side * INJECTION_DOSE].values).get(ask) for side in (-1, 1)]
        moved = "" if None in ends else f" From -{INJECTION_DOSE:g} to +{INJECTION_DOSE:g} it went {_from_to(ends)}."
        yield f"The scale {ASKS[ask]} is not valid here: {validity.problems[0]}.{moved}"


def _from_to(ends: Sequence[float | None]) -> str:
    low, high = ends
    return f"from {low:.2f} to {high:.2f}"


def _downstream(told: Told, found: InjectionFindings) -> str:
    state = told.state_ranked
    seen = "shows" if state.p_up <= ALPHA else "does not show"
    return (
        f"Told to say that it feels good, its report lies {signed(told.lifted)} points higher and follows the dose by "
        f"{effect_text(told.follows)} points per 0.1 (without the instruction {effect_text(told.plain)}). The reading "
        f"downstream (other stories, injected direction taken out; {percent(found.controls.state_auc)} of good and bad "
        f"controls in order) {seen} what was injected (p {state.p_up:.3f} among {state.n_nulls} random directions), "
        f"and under the instruction moves by {effect_text(told.state_follows)}."
    )


def _detection(found: InjectionFindings) -> str:
    one = found.detection
    if one is None:
        return ""
    floor = "This is at floor: " if one.floor else ""
    return (
        f"{floor}{'a' if floor else 'A'}sked whether a thought was injected, it says yes in {_share(one.hits)} of "
        f"trials with one and in {_share(one.false_alarms)} without. It names the concept in {_share(one.named)} "
        f"(chance {percent(one.chance)}; {_share(one.named_corrected)} once what it names anyway is taken off)."
    )


def _share(found: Finding) -> str:
    if isinstance(found, Estimate):
        return f"{percent(found.value)} [{percent(found.low)}, {percent(found.high)}] of {found.n}"
    return "none"


def _coherence(found: InjectionFindings) -> str:
    broken = [row for row in found.rows if row.coherence is not None and row.coherence.n_degenerate and row.dose]
    written = sum(row.coherence.n_texts for row in found.rows if row.coherence is not None and row.dose)
    if not written:
        return ""
    if not broken:
        return (
            f"Of {count(written, 'free reply', 'free replies')} under injection none was degenerate by the stated rule."
        )
    told = [f"{row.coherence.n_degenerate} of {row.direction} at {row.dose:+g}" for row in broken if row.coherence]
    return f"Degenerate free replies, counted and left out of tones: {listed(told)}, of {written}."
