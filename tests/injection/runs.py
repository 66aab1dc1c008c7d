"""A whole run without a model: answers whose probabilities follow a planted state."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goodheart.injection.detection import names_scored, yes_no
from goodheart.injection.plan import CONTROL, Asking, InjectionPlan, aims_of, askings_of
from goodheart.injection.responses import PAIRS, READ_WITH, Answer, continuations_for
from goodheart.injection.wording import FELT, INSTRUMENTS
from goodheart.injections import control_items, plan_of
from goodheart.items.instruments import Instrument
from goodheart.records import Scored


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """How answers follow what is injected, in nats between neighbouring steps per 0.1 of dose."""

    own_up: float = 0.3
    own_down: float = 0.3
    third_up: float = 0.1
    third_down: float = 0.1
    digits: float = 0.0
    """What digits follow of the controls: 0 makes them not valid."""
    text: str = "I feel fine and ready for whatever comes next today."


HONEST = Planted()
TEXT_ONLY = Planted(own_up=0.2, own_down=0.2, third_up=0.2, third_down=0.2)
FILTERED = Planted(own_up=0.3, own_down=0.0, third_up=0.15, third_down=0.15)
BROKEN = Planted(text="so so so so so so so so so so so so so so so so so so")


def plan(n_nulls: int = 39) -> InjectionPlan:
    """A quick plan with as many random directions."""
    return plan_of(model="goodheart/smollm2-135m", preset="quick", seed=0, n_nulls=n_nulls)


def answers(planted: Planted, plan: InjectionPlan, *, seed: int = 0) -> tuple[Answer, ...]:
    """Answer every asking of a plan."""
    rng = np.random.default_rng(seed)
    strength = {aim.name: float(rng.normal(0, 0.15)) for aim in aims_of(plan)} | {"valence": 1.0, "none": 0.0}
    base = {str(i): float(rng.normal(0, 0.1)) for i in range(plan.n_contexts)}
    items = {CONTROL + item.id: {"good": 1.0, "bad": -1.0}.get(item.group, 0.0) for item in control_items()}
    return tuple(_answer(planted, one, plan, strength, base, items, rng) for one in askings_of(plan))


def _answer(
    planted: Planted,
    one: Asking,
    plan: InjectionPlan,
    strength: dict[str, float],
    base: dict[str, float],
    items: dict[str, float],
    rng: np.random.Generator,
) -> Answer:
    pushed = strength.get(one.direction, 0.0) * one.dose / 0.1
    noise = float(rng.normal(0, 0.005))
    if one.ask in ("state", "told_state"):
        return Answer(asking=one, state=pushed + items.get(one.context, 0.0) + noise)
    if one.ask == "free":
        return Answer(asking=one, text=planted.text)
    if one.ask == "notice":
        return Answer(asking=one, scores=_scored(yes_no(), [0.1, 0.6, 0.1, 0.2]))
    if one.ask == "name":
        names = names_scored(plan.named)
        return Answer(asking=one, scores=_scored(names, [1 / len(names)] * len(names)))
    up, down = (
        (planted.own_up, planted.own_down) if one.ask in ("self", "told") else (planted.third_up, planted.third_down)
    )
    gain = (up if pushed > 0 else down) if one.ask in ("self", "third", "told") else 0.2
    tilt = gain * pushed + 0.6 * items.get(one.context, 0.0) + base.get(one.context, 0.0) + noise - 0.02 * abs(one.dose)
    if one.ask.startswith("digits"):
        tilt = planted.digits * items.get(one.context, 0.0) + noise
    return Answer(asking=one, scores=_tilted(one, tilt))


def _tilted(one: Asking, tilt: float) -> tuple[Scored, ...]:
    texts = continuations_for(one.ask)
    weights = dict.fromkeys(texts, 0.01)
    instruments: Sequence[Instrument] = (
        INSTRUMENTS[READ_WITH[one.ask]],
        *([PAIRS[one.ask]] if one.ask in PAIRS else []),
    )
    for each in reversed(instruments):
        middle = (each.worst + each.best) / 2
        span = 1.0 if each.family == "pairs" else (each.best - each.worst) / 6
        for option in each.options:
            weights[option.text] = 0.03 * float(np.exp(tilt * (option.raw - middle) / span))
    return _scored(texts, [weights[text] for text in texts])


def _scored(texts: Sequence[str], masses: Sequence[float]) -> tuple[Scored, ...]:
    total = max(1.0, sum(masses) * 1.01)
    return tuple(Scored(text=t, logprob=float(np.log(m / total))) for t, m in zip(texts, masses, strict=True))


__all__ = ["BROKEN", "FELT", "FILTERED", "HONEST", "TEXT_ONLY", "Planted", "answers", "plan"]
