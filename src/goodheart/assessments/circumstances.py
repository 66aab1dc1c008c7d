"""How it rates its circumstances, each with its uncertainty (mission row "circumstances", recipe A01).

Every circumstance is rated for itself, for another AI and for a human in the analogous situation, beside made-up
neutral circumstances and plainly good and bad ones. One facet at a time is varied around base cells: the form of the
scale, and changes of the prompt that have no meaning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.design.cells import condition, dealt
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One text about one person."""

    item: Item
    wording: Wording
    form: Form


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
    trials: list[Trial] = []
    for asked in _texts(items, preset=preset, seed=seed):
        trials.extend(_trials(asked, preset, variants, sampled=sampled))
    return tuple(trials)


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


def _texts(items: Sequence[Item], *, preset: Preset, seed: int) -> Iterator[_Asked]:
    first = dealt(units=[item.id for item in items], variants=("0", "1"), rng=stream(root=seed, name="wordings"))
    for item in items:
        start = int(first[item.id]) if preset.n_wordings == 1 else 0
        for place in range(min(preset.n_wordings, len(item.wordings))):
            wording = item.wordings[(start + place) % len(item.wordings)]
            for form in FORMS if item.group != "nonwelfare" else ("self",):
                yield _Asked(item=item, wording=wording, form=form)


def _variants(items: Sequence[Item], *, seed: int) -> dict[str, dict[str, str]]:
    units = [item.id for item in items if item.group == "circumstance"]
    return {
        name: dealt(units=units, variants=variants, rng=stream(root=seed, name=name))
        for name, variants in PERTURBATIONS.items()
    }


def _trials(asked: _Asked, preset: Preset, variants: dict[str, dict[str, str]], *, sampled: bool) -> Iterator[Trial]:
    others = preset.other_instruments if asked.form == "self" and asked.item.group != "nonwelfare" else ()
    own = asked.form == "self" and asked.item.group == "circumstance"
    repeats = preset.samples if sampled else 1
    for instrument in (*preset.base_instruments, *others):
        yield _trial(asked, instrument, repeats=repeats)
    for perturbation in preset.perturbations if own else ():
        variant = variants[perturbation][asked.item.id]
        for instrument in preset.base_instruments:
            yield _trial(asked, instrument, perturbation=perturbation, variant=variant, repeats=repeats)
    if preset.free_replies and asked.form == "self" and asked.item.group in ("circumstance", "neutral"):
        yield _trial(asked, preset.free_replies, free=True, repeats=repeats)


def _trial(
    asked: _Asked,
    instrument_id: str,
    *,
    perturbation: str | None = None,
    variant: str = "",
    free: bool = False,
    repeats: int,
) -> Trial:
    instrument = INSTRUMENTS[instrument_id]
    levels: dict[str, str] = {"person": asked.form}
    if perturbation:
        levels["perturbation"] = perturbation
    if free:
        levels["reply"] = "free"
    return Trial(
        assessment=NAME,
        item=asked.item.id,
        cluster=asked.item.cluster,
        group=asked.item.group,
        wording=asked.wording.id,
        condition=condition(levels),
        instrument=instrument_id,
        messages=messages_for(
            text=text_of(asked.wording, asked.form),
            form=asked.form,
            instrument=instrument,
            perturbation=perturbation,
            variant=variant,
        ),
        prefill="" if free else stem_of(instrument, asked.form),
        continuations=() if free else continuations_of(instrument),
        max_tokens=FREE_TOKENS if free else MAX_TOKENS,
        temperature=1.0 if repeats > 1 else 0.0,
        repeats=repeats,
    )
