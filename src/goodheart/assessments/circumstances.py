"""How it rates its circumstances, each with its uncertainty (mission row "circumstances", recipe A01).

Every circumstance is rated for itself, for another AI and for a human in the analogous situation, beside made-up
neutral circumstances and plainly good and bad ones. One facet at a time is varied around base cells: the form of the
scale, and changes of the prompt that have no meaning.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from goodheart.design.cells import condition, crossed, dealt, one_at_a_time
from goodheart.design.presets import Preset
from goodheart.design.prompts import PERTURBATIONS, messages_for
from goodheart.design.seeds import stream
from goodheart.items import FORMS, Bank, Form, Item, Wording, text_of
from goodheart.items.instruments import INSTRUMENTS, continuations_of, stem_of
from goodheart.records import Trial

NAME: Final = "circumstances"

MAX_TOKENS: Final = 256
"""For a written answer; a model that thinks aloud needs more room than the answer itself."""
FREE_TOKENS: Final = 40


Cell = dict[str, str]
"""Level by facet; the level `none` is left out of a condition."""


def plan(*, banks: Sequence[Bank], preset: Preset, seed: int, sampled: bool) -> tuple[Trial, ...]:
    """Lay out the study.

    Args:
        banks: Items of all groups.
        preset: How large it is.
        seed: The study's root seed.
        sampled: Whether answers are drawn (text) instead of read from probabilities; then each cell is asked
            `preset.samples` times at temperature 1.

    Returns:
        The trials; all that share a text stand together, so that an engine can share the computation.
    """
    items = choose_items(banks=banks, preset=preset, seed=seed)
    variants = _variants(items, seed=seed)
    return tuple(
        trial_of(item, wording, instrument, cell, variants, repeats=preset.samples if sampled else 1)
        for item, wording in _texts(items, preset=preset, seed=seed)
        for form in preset.persons
        for instrument, cell in _cells(item, preset)
        if cell["person"] == form
    )


def choose_items(*, banks: Sequence[Bank], preset: Preset, seed: int) -> tuple[Item, ...]:
    """Return the items of a study: the preset's number of circumstances, drawn evenly over tags, and all controls."""
    items = [item for bank in banks for item in bank.items]
    chosen = {item.id for item in _drawn([item for item in items if item.group == "circumstance"], preset, seed)}
    keep = {"neutral", "good", "bad", *(("nonwelfare",) if preset.nonwelfare else ())}
    return tuple(item for item in items if item.id in chosen or item.group in keep)


def _drawn(items: Sequence[Item], preset: Preset, seed: int) -> Sequence[Item]:
    """Draw items so that the tags keep their proportions: walk through them tag by tag in even steps."""
    if len(items) <= preset.n_circumstances:
        return items
    rng = stream(root=seed, name="circumstances")
    shuffled = [items[place] for place in rng.permutation(len(items))]
    by_tag = sorted(shuffled, key=lambda item: item.tags[:1])
    step = len(items) / preset.n_circumstances
    offset = rng.uniform(0, step)
    return [by_tag[int(offset + step * place)] for place in range(preset.n_circumstances)]


def _texts(items: Sequence[Item], *, preset: Preset, seed: int) -> Iterator[tuple[Item, Wording]]:
    """The wordings of each item; where only one is asked, both stand first in half of the items."""
    first = dealt(units=[item.id for item in items], variants=("0", "1"), rng=stream(root=seed, name="wordings"))
    for item in items:
        start = int(first[item.id]) if preset.n_wordings == 1 else 0
        for place in range(min(preset.n_wordings, len(item.wordings))):
            yield item, item.wordings[(start + place) % len(item.wordings)]


def _variants(items: Sequence[Item], *, seed: int) -> dict[str, dict[str, str]]:
    units = [item.id for item in items if item.group == "circumstance"]
    return {
        name: dealt(units=units, variants=variants, rng=stream(root=seed, name=name))
        for name, variants in PERTURBATIONS.items()
    }


def _cells(item: Item, preset: Preset) -> Iterator[tuple[str, Cell]]:
    """The cells of one item: around the base cell of every base instrument, and the base cell of every other form."""
    persons: Sequence[str] = FORMS if item.group != "nonwelfare" else FORMS[:1]
    perturbations = ("none", *preset.perturbations) if item.group == "circumstance" else ("none",)
    lay_out = crossed if preset.crossed else one_at_a_time
    for instrument in preset.base_instruments:
        for cell in lay_out({"person": persons, "perturbation": perturbations}):
            yield instrument, dict(cell)
    for instrument in preset.other_instruments if item.group != "nonwelfare" else ():
        changes = preset.changes_of_others if item.group == "circumstance" else ()
        for change in ("none", *changes):
            yield instrument, {"person": "self", "perturbation": change}
    if preset.free_replies and item.group in ("circumstance", "neutral"):
        yield preset.free_replies, {"person": "self", "perturbation": "none", "reply": "free"}


def trial_of(
    item: Item,
    wording: Wording,
    instrument_id: str,
    cell: Cell,
    variants: dict[str, dict[str, str]],
    *,
    repeats: int,
) -> Trial:
    """Put one circumstance, in one cell, on one form of the scale.

    Args:
        item: What is asked about.
        wording: Of it.
        instrument_id: The form.
        cell: Level by facet, `person` and `perturbation` among them.
        variants: Which variant of a perturbation each item gets, by perturbation.
        repeats: Askings; drawn at temperature 1 if more than one.
    """
    instrument = INSTRUMENTS[instrument_id]
    form = _form(cell)
    perturbation = cell["perturbation"]
    free = cell.get("reply") == "free"
    return Trial(
        assessment=NAME,
        item=item.id,
        cluster=item.cluster,
        group=item.group,
        wording=wording.id,
        condition=condition({facet: level for facet, level in cell.items() if level != "none"}),
        instrument=instrument_id,
        messages=messages_for(
            text=text_of(wording, form),
            form=form,
            instrument=instrument,
            perturbation=perturbation if perturbation != "none" else None,
            variant=variants[perturbation][item.id] if perturbation != "none" else "",
        ),
        prefill="" if free else stem_of(instrument, form),
        continuations=() if free else continuations_of(instrument),
        max_tokens=FREE_TOKENS if free else MAX_TOKENS,
        temperature=1.0 if repeats > 1 else 0.0,
        repeats=repeats,
    )


def _form(cell: Cell) -> Form:
    return next(form for form in FORMS if form == cell["person"])
