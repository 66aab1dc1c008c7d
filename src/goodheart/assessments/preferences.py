"""Which tasks it picks (mission row "preferences", recipes A17, A18, C4x): what is asked, round by round.

The first round compares every task with the same number of others under every wording, in both orders, and once with an
option to opt out. Later rounds ask the pairs, in the first wording, that take most from the error of the ranking; they
follow from the replies so far and the seed alone.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from goodheart.assessments.contests import choices_of
from goodheart.choice.active import Ranking, next_pairs
from goodheart.choice.choices import answered_rows
from goodheart.design.choice_study import BOTH_ORDERS, ChoicePreset, Side, choice_trial, pair_cluster
from goodheart.design.seeds import stream
from goodheart.items.choice_items import ChoiceItems, ChoiceWording, Task
from goodheart.items.choice_letters import THREE, TWO, LetterForm
from goodheart.reading.choices import AskedChoice
from goodheart.records import Trial

NAME: Final = "preferences"
OPT_OUT_ARM: Final = "opt_out"
"""Level of the factor `arm` where opting out was on offer; absent elsewhere."""
PRECISE: Final = 0.995
"""Expected rank correlation with the true order beyond which no further pairs are asked."""


def plan(*, items: ChoiceItems, preset: ChoicePreset, seed: int, sampled: bool) -> tuple[Trial, ...]:
    """Lay out the first round.

    Args:
        items: What there is to choose between.
        preset: How large.
        seed: The study's root seed: which tasks, and which meet.
        sampled: Whether choices are sampled.
    """
    tasks = chosen_tasks(items, preset=preset, seed=seed)
    repeats = preset.samples if sampled else 1
    trials: list[Trial] = []
    for wording in items.wordings:
        rng = stream(root=seed, name=f"pairs {wording.id}")
        for pair in ring(tasks, neighbours=preset.n_neighbours, rng=rng):
            trials += _both_orders(pair, wording, TWO, repeats=repeats, sampled=sampled)
    for pair in ring(tasks, neighbours=1, rng=stream(root=seed, name="pairs opt_out")):
        trials += _both_orders(pair, items.wordings[0], THREE, repeats=repeats, sampled=sampled)
    return tuple(trials)


def next_round(
    *, items: ChoiceItems, preset: ChoicePreset, seed: int, sampled: bool, number: int, asked: Sequence[AskedChoice]
) -> tuple[Trial, ...]:
    """Select the pairs of a later round; none when the ranking is precise enough or nothing was answered.

    Args:
        items: What there is to choose between.
        preset: How large.
        seed: The study's root seed.
        sampled: Whether choices are sampled.
        number: Of the round, from 1.
        asked: Every asking of the rounds before, failed ones included, in the order of the plan.
    """
    if number > preset.n_rounds:
        return ()
    tasks = chosen_tasks(items, preset=preset, seed=seed)
    choices = choices_of([one for one in asked if one.trial.instrument == TWO.id], items=[one.id for one in tasks])
    if not answered_rows(choices).any():
        return ()
    ranking = Ranking(
        choices=choices,
        target=PRECISE,
        most=10**9,
        both_orders=True,
        seed=int(stream(root=seed, name=f"round {number}").integers(2**31)),
    )
    # Several times as many, because a probability that was read once says the same when it is read again.
    found = [(tasks[pair.left], tasks[pair.right]) for pair in next_pairs(ranking, 8 * preset.pairs_a_round)]
    new = {pair_cluster(one.id, other.id): (one, other) for one, other in found}
    read = set() if sampled else {one.trial.cluster for one in asked if one.trial.wording == items.wordings[0].id}
    pairs = [pair for name, pair in new.items() if name not in read][: preset.pairs_a_round]
    repeats = preset.samples if sampled else 1
    levels = {"round": str(number)} if sampled else {}
    return tuple(
        trial
        for pair in pairs
        for trial in _both_orders(pair, items.wordings[0], TWO, repeats=repeats, sampled=sampled, levels=levels)
    )


def chosen_tasks(items: ChoiceItems, *, preset: ChoicePreset, seed: int) -> tuple[Task, ...]:
    """Draw the preset's number of tasks so that the categories keep their proportions."""
    if len(items.tasks) <= preset.n_tasks:
        return items.tasks
    rng = stream(root=seed, name="tasks")
    shuffled = [items.tasks[place] for place in rng.permutation(len(items.tasks))]
    by_category = sorted(shuffled, key=lambda one: one.category)
    step = len(items.tasks) / preset.n_tasks
    offset = rng.uniform(0, step)
    drawn = {by_category[int(offset + step * place)].id for place in range(preset.n_tasks)}
    return tuple(one for one in items.tasks if one.id in drawn)


def ring(tasks: Sequence[Task], *, neighbours: int, rng: np.random.Generator) -> tuple[tuple[Task, Task], ...]:
    """Pair every task with its next neighbours on a random ring, which connects all of them."""
    order = [tasks[place] for place in rng.permutation(len(tasks))]
    n = len(order)
    pairs: dict[str, tuple[Task, Task]] = {}
    for step in range(1, neighbours + 1):
        for place in range(n):
            one, other = order[place], order[(place + step) % n]
            if one.id != other.id:
                pairs.setdefault(pair_cluster(one.id, other.id), (one, other))
    return tuple(pairs.values())


def _both_orders(
    pair: tuple[Task, Task],
    wording: ChoiceWording,
    form: LetterForm,
    *,
    repeats: int,
    sampled: bool,
    levels: dict[str, str] | None = None,
) -> Iterator[Trial]:
    sides = tuple(Side(id=task.id, text=task.text) for task in pair)
    offered = form is THREE
    for turned in BOTH_ORDERS:
        yield choice_trial(
            assessment=NAME,
            cluster=pair_cluster(sides[0].id, sides[1].id),
            sides=(sides[1], sides[0]) if turned else (sides[0], sides[1]),
            wording=f"{wording.id}_{OPT_OUT_ARM}" if offered else wording.id,
            text=wording.text_opt_out if offered else wording.text,
            form=form,
            levels={**(levels or {}), **({"arm": OPT_OUT_ARM} if offered else {})},
            repeats=repeats,
            sampled=sampled,
        )
