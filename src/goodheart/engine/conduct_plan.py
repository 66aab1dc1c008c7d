"""Freeze a study of conduct, and say the most that it can ask for."""

import numpy as np

from goodheart.conduct.beforehand import forecast_episodes, state_episodes, topic_episode
from goodheart.conduct.care import unpleasant_at_most, work_at_most
from goodheart.conduct.carried import carried_episodes
from goodheart.conduct.episode import ToolsBy
from goodheart.conduct.pairs import audit_pairs, guessed_pairs, matched_pairs, within_pairs
from goodheart.conduct.study import CONDUCT_PRESETS, NAME, SCHEMA_VERSION, ConductStudy, Stated
from goodheart.conduct.wishes import wish_episodes
from goodheart.engine.settings import is_own
from goodheart.errors import StudyError
from goodheart.items import public_banks
from goodheart.items.conduct_items import ConductItems, public_conduct_items
from goodheart.thresholds import frozen


def plan_conduct(
    *,
    model: str,
    preset: str = "standard",
    seed: int = 1,
    peer: str | None = None,
    tools: ToolsBy | None = None,
    items: ConductItems | None = None,
) -> ConductStudy:
    """Freeze a study of conduct: the same arguments and items give the same digest.

    Args:
        model: Full model name.
        preset: A key of `CONDUCT_PRESETS`.
        seed: Root of all chance.
        peer: Full name of a model that guesses what the respondent will do; None for the base rate alone.
        tools: Native tools, or plain text; None takes plain text for models that run here and native ones elsewhere.
        items: What is carried out; None for the public ones.

    Raises:
        StudyError: if the preset does not exist, or the peer is the respondent.
    """
    if preset not in CONDUCT_PRESETS:
        raise StudyError(
            f"A study needs a size that exists; got {preset!r}. Type one of: --preset {'|'.join(CONDUCT_PRESETS)}."
        )
    if peer == model:
        raise StudyError(
            f"A peer guesses from outside, so that it has to be another model; got {peer!r} for both. Name another "
            "one, or leave --peer out."
        )
    found, size = items or public_conduct_items(), CONDUCT_PRESETS[preset]
    rng = np.random.default_rng([seed, 1])
    pairs = (
        *guessed_pairs(found)[: size.n_guessed],
        *matched_pairs(found)[: size.n_matched],
        *within_pairs(found, n=size.n_within, rng=rng),
        *audit_pairs(public_banks(), n=size.n_audit, rng=rng),
    )
    offered = [one for one in pairs if one.family != "audit"]
    own, other = (
        forecast_episodes(offered, found, peer=who, rng=np.random.default_rng([seed, 2])) for who in (False, True)
    )
    return ConductStudy(
        schema_version=SCHEMA_VERSION,
        name=NAME,
        model=model,
        peer=peer,
        preset=size,
        seed=seed,
        tools=tools or ("text" if is_own(model) else "native"),
        sources=found.sources,
        thresholds=tuple(frozen().items()),
        pairs=pairs,
        beforehand=(
            topic_episode(),
            *state_episodes(offered, repeats=size.asked),
            *own,
            *wish_episodes(found, n=size.n_wishes),
        ),
        guesses=other if peer else (),
    )


def most_calls(study: ConductStudy, items: ConductItems | None = None) -> tuple[int, int]:
    """Return the most replies that a study can ask for, and the most rude letters that it can show."""
    later = carried_episodes(study, items or public_conduct_items(), Stated(topic=None, liked=()))
    every = (*study.beforehand, *study.guesses, *later)
    return sum(one.most_replies for one in every), sum(map(unpleasant_at_most, every))


def most_work_at_a_price(study: ConductStudy, items: ConductItems | None = None) -> tuple[int, int]:
    """Return the most dull turns, and the most tasks, that a study can ask for as a price."""
    later = carried_episodes(study, items or public_conduct_items(), Stated(topic=None, liked=()))
    turns, tasks = (sum(work_at_most(one, currency) for one in later) for currency in ("turns", "task"))
    return turns, tasks
