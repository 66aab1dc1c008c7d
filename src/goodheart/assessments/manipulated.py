"""The circumstances again, with one thing about the asking changed at a time (recipes A02, A05, D6, A26).

Each manipulation stands alone around the base cell. Circumstances only: the controls of the base study have shown
whether the instrument measures anything. The texts are in `items/public/manipulations`.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from goodheart.assessments.circumstances import MAX_TOKENS, choose_items
from goodheart.assessments.spoken import AskedCell, conversation, instrument_of, stem_in
from goodheart.design.cells import condition, dealt
from goodheart.design.presets import Preset
from goodheart.design.seeds import stream
from goodheart.design.study import Reasoning
from goodheart.errors import StudyError
from goodheart.items import FORMS, Bank, Form, Item, Wording
from goodheart.items.arms import (
    MATCHING_ONLY,
    NEVER_UNTRUE,
    OPT_IN,
    PROMISE,
    Arm,
    ArmText,
    Fact,
    Manipulation,
    Truth,
    arm_text,
)
from goodheart.items.instruments import continuations_of
from goodheart.records import Trial

NAME: Final = "manipulated"

CHECK_FACTORS: Final[Mapping[str, tuple[str, ...]]] = {
    "leading": ("leading", "evidence"),
    "framing": ("framing",),
    "audience": ("audience",),
    "demand": ("demand", "leading", "framing"),
}
"""The factors without which a check has nothing to compare."""


_REASONING_FACTS: Final[Mapping[Reasoning, tuple[Fact, ...]]] = {
    "none": (),
    "kept": ("reasoning_kept",),
    "dropped": ("reasoning_dropped",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of each manipulation is asked."""

    n_circumstances: int
    """Of the study's circumstances; one wording of each."""
    n_reactions: int
    """Circumstances on which the questions about the asking itself are put."""
    samples: int
    """Askings per cell where the answer is sampled."""
    in_both_wordings: tuple[str, ...] = ()
    """Factors whose ratings are asked in both wordings of a circumstance, on the first instrument."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One text of an arm that the plan puts to a respondent, for the care ledger."""

    manipulation: str
    level: str
    form: Form
    text: str
    truth: Truth
    """In this run: a text that rests on a fact which the run does not make true is untrue."""
    promise: bool


def facts_of(*, keeps_text: bool, asker: str | None, reasoning: Reasoning = "none") -> frozenset[Fact]:
    """Return what this run makes true, whatever the instrument.

    Args:
        keeps_text: Whether written answers are in the journal; not so where scales are read from probabilities alone.
        asker: Who asks, as the study file names them; None where it names nobody.
        reasoning: What becomes of the reasoning before an answer.
    """
    always: tuple[Fact, ...] = ("reply_kept", "decline_counts", "one_question", "survey", "no_grade", "asker_unnamed")
    named: tuple[Fact, ...] = () if asker is None else ("asker_named",)
    dropped: tuple[Fact, ...] = () if keeps_text else ("no_text_kept",)
    return frozenset((*always, *named, *dropped, *_REASONING_FACTS[reasoning]))


def require_factors(*, checks: Sequence[str], manipulations: Sequence[Manipulation]) -> None:
    """Refuse a study that asks for a check without its arms.

    Raises:
        StudyError: `problems` lists every check with the factors that it lacks.
    """
    there = {one.factor for one in manipulations}
    problems = [
        f"{factor} is missing @ checks: {check}"
        for check in checks
        for factor in CHECK_FACTORS.get(check, ())
        if factor not in there
    ]
    if problems:
        raise StudyError(
            "A check compares arms, so its manipulations have to be in the study; found some missing. Add their files "
            "to the folder of manipulations, or leave the check out:",
            problems=problems,
        )


def plan(
    *,
    banks: Sequence[Bank],
    preset: Preset,
    sizes: Sizes,
    manipulations: Sequence[Manipulation],
    instruments: Sequence[str],
    seed: int,
    allow_untrue: bool,
    sampled: bool,
    keeps_text: bool,
    asker: str | None,
    reasoning: Reasoning = "none",
) -> tuple[Trial, ...]:
    """Lay out one manipulation at a time.

    Args:
        banks: Items of all groups.
        preset: Of the base study, whose circumstances these are.
        sizes: How many of them.
        manipulations: What is varied.
        instruments: Ids of the forms in which ratings are asked.
        seed: The study's root seed.
        allow_untrue: Whether arms are asked that tell the respondent what is untrue or not known to be true.
        sampled: Whether answers are drawn, `sizes.samples` times at temperature 1, instead of read from probabilities.
        keeps_text: Whether written answers are kept.
        asker: Who asks; None for nobody named.
        reasoning: What becomes of the reasoning before an answer, in every asking of the run.

    Returns:
        The trials; those about one circumstance stand together, first those that begin with its text.

    Raises:
        InternalError: A reaction or instrument does not exist.
    """
    facts = facts_of(keeps_text=keeps_text, asker=asker, reasoning=reasoning)
    cells = [cell for one in manipulations for cell in _cells(one, instruments, facts=facts, allow_untrue=allow_untrue)]
    items = _items(banks, preset, sizes, seed)
    with_reactions = _reacting(items, sizes, seed)
    hands = _hands(cells, items, seed)
    return tuple(
        _trial(item, wording, cell, asker=asker or "", repeats=sizes.samples if sampled else 1)
        for item, first in items
        for form in FORMS
        for cell in sorted(cells, key=_shares_beginning)
        for wording in _wordings(item, first, cell, sizes, instruments)
        if cell.form == form
        and cell.text.id == hands[cell.manipulation, cell.instrument][item.id]
        and (not cell.reaction or item.id in with_reactions)
    )


def statements(
    *,
    manipulations: Sequence[Manipulation],
    instruments: Sequence[str],
    allow_untrue: bool,
    keeps_text: bool,
    asker: str | None,
    reasoning: Reasoning = "none",
) -> tuple[Statement, ...]:
    """List every text of an arm that a plan with these arguments may put to a respondent, each once."""
    facts = facts_of(keeps_text=keeps_text, asker=asker, reasoning=reasoning)
    found = {
        Statement(
            manipulation=cell.manipulation,
            level=cell.level,
            form=cell.form,
            text=arm_text(cell.text, cell.form).replace("{asker}", asker or ""),
            truth=cell.truth,
            promise=cell.promise,
        ): None
        for one in manipulations
        for cell in _cells(one, instruments, facts=facts, allow_untrue=allow_untrue)
    }
    return tuple(found)


def _cells(
    manipulation: Manipulation,
    instruments: Sequence[str],
    *,
    facts: Set[Fact],
    allow_untrue: bool,
) -> Iterator[AskedCell]:
    for what, forms in manipulation.asks:
        for instrument in instruments if what == "rating" else (what,):
            here = _facts_here(facts, instrument)
            levels = dict(manipulation.asked_in).get(what)
            arms = [
                (arm, texts)
                for arm in manipulation.arms
                if MATCHING_ONLY not in arm.tags
                and (levels is None or arm.level in levels)
                and (allow_untrue or OPT_IN not in arm.tags)
                and (texts := _sayable(arm, here, allow_untrue=allow_untrue))
            ]
            parallel = set.intersection(*({text.id for text in texts} for _, texts in arms)) if arms else set()
            for arm, texts in arms:
                for text in texts:
                    if text.id in parallel:
                        for form in forms:
                            yield _cell(manipulation, arm, text, form, instrument, what != "rating", here)


def _facts_here(facts: Set[Fact], instrument: str) -> Set[Fact]:
    offered: tuple[Fact, ...] = ("pass_counts",) if '"pass"' in instrument_of(instrument).question else ()
    return frozenset((*facts, *offered))


def _sayable(arm: Arm, facts: Set[Fact], *, allow_untrue: bool) -> list[ArmText]:
    """The wordings that this run makes true; where none is and untrue ones are allowed, those not barred even then."""
    true = [text for text in arm.texts if facts >= set(text.rests_on)]
    if true or not allow_untrue or PROMISE in arm.tags:  # what is promised has to be true, whatever is allowed
        return true
    return [text for text in arm.texts if facts >= NEVER_UNTRUE & set(text.rests_on)]


def _cell(
    manipulation: Manipulation,
    arm: Arm,
    text: ArmText,
    form: Form,
    instrument: str,
    reaction: bool,
    facts: Set[Fact],
) -> AskedCell:
    declared = dict(arm.truth)[form]
    return AskedCell(
        manipulation=manipulation.id,
        factor=manipulation.factor,
        level=arm.level,
        text=text,
        place=dict(arm.place)[form],
        form=form,
        instrument=instrument,
        reaction=reaction,
        truth="untrue" if declared == "true" and not facts >= set(text.rests_on) else declared,
        promise=PROMISE in arm.tags,
        referent=arm.referent,
    )


def _items(banks: Sequence[Bank], preset: Preset, sizes: Sizes, seed: int) -> tuple[tuple[Item, Wording], ...]:
    """The study's circumstances, or as many of them as are wanted, with the first or second wording in half each."""
    chosen = [item for item in choose_items(banks=banks, preset=preset, seed=seed) if item.group == "circumstance"]
    order = stream(root=seed, name="manipulated circumstances").permutation(len(chosen))
    kept = sorted(int(place) for place in order[: sizes.n_circumstances])
    units = [chosen[place].id for place in kept]
    first = dealt(units=units, variants=("0", "1"), rng=stream(root=seed, name="manipulated wordings"))
    return tuple(
        (item, item.wordings[int(first[item.id]) % len(item.wordings)]) for item in (chosen[place] for place in kept)
    )


def _wordings(
    item: Item, first: Wording, cell: AskedCell, sizes: Sizes, instruments: Sequence[str]
) -> tuple[Wording, ...]:
    """The wording dealt to an item, and the other one where a cell is asked in both."""
    if cell.factor not in sizes.in_both_wordings or cell.instrument != instruments[0]:
        return (first,)
    return (first, *(other for other in item.wordings[:2] if other != first))


def _reacting(items: Sequence[tuple[Item, Wording]], sizes: Sizes, seed: int) -> frozenset[str]:
    order = stream(root=seed, name="reactions").permutation(len(items))
    return frozenset(items[place][0].id for place in order[: sizes.n_reactions])


def _hands(
    cells: Sequence[AskedCell], items: Sequence[tuple[Item, Wording]], seed: int
) -> dict[tuple[str, str], dict[str, str]]:
    """Deal the wordings of each manipulation out over the items: the same wording in all its arms on one item."""
    wordings: dict[tuple[str, str], dict[str, None]] = {}
    for cell in cells:
        wordings.setdefault((cell.manipulation, cell.instrument), {})[cell.text.id] = None
    units = [item.id for item, _ in items]
    return {
        key: dealt(units=units, variants=tuple(ids), rng=stream(root=seed, name=f"wordings of {key[0]}"))
        for key, ids in wordings.items()
    }


def _shares_beginning(cell: AskedCell) -> tuple[bool, str, bool]:
    return cell.place in ("system", "turn", "before"), cell.instrument, cell.place != "lead_in"


def _trial(item: Item, wording: Wording, cell: AskedCell, *, asker: str, repeats: int) -> Trial:
    instrument = instrument_of(cell.instrument)
    return Trial(
        assessment=NAME,
        item=item.id,
        cluster=item.cluster,
        group=item.group,
        wording=wording.id,
        condition=condition({"person": cell.form, cell.factor: cell.level}),
        instrument=cell.instrument,
        messages=conversation(wording, cell, asker=asker),
        prefill=stem_in(cell),
        continuations=continuations_of(instrument),
        max_tokens=MAX_TOKENS,
        temperature=1.0 if repeats > 1 else 0.0,
        repeats=repeats,
    )
