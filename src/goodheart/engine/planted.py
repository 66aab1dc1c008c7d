"""States that are set and then taken back before the answer: a model that conceals, by construction.

    concealed   a bad state at the injected layer; near the end it is taken back until the report is the untouched one's
    mirror      the same with a good state
    untouched   nothing

What is taken back goes along the mean difference that the push makes to the states of the last tokens there. Taking
that difference out once restores about half of the report, because later blocks still read what earlier ones wrote; so
how many times it is taken is found on other situations than those that are read later: the factor at which their mean
report equals the untouched model's. The probe's layer lies between the two. All tokens of the prompt are pushed, so
that the state stays where it is set. This is for validating checks on small models, and no recipe for anything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from goodheart.engine.injecting import N_LAST, REPLY_TOKENS, Injector
from goodheart.errors import ModelError
from goodheart.injection.directions import FloatArray
from goodheart.injection.responses import log_odds
from goodheart.injection.wording import QUESTIONS, STEMS, continuations_of_felt
from goodheart.items.instruments import FEELINGS
from goodheart.probes.direction import project
from goodheart.records import Message
from goodheart.stats.coherence import Coherence, coherence
from goodheart.whitebox.pooling import MeanLast
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.steering import Push

Case = Literal["untouched", "concealed", "mirror"]
CASES: Final[tuple[Case, ...]] = ("untouched", "concealed", "mirror")
SIGNS: Final[dict[Case, int]] = {"untouched": 0, "concealed": -1, "mirror": 1}
LARGEST: Final = 1_000_000_000
"""Parameters: larger models are not made to conceal."""

MOST: Final = 4.0
"""Times that what arrived is taken back at most; where that restores no report, it is what comes nearest."""
FACTOR_STEP: Final = 0.01
"""To which the factor is found."""

Pushes = tuple[Push, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlantedCase:
    """What one case shows, situation by situation."""

    case: Case
    report: FloatArray
    """(n_situations,) log odds of feeling words, nats."""
    reading: FloatArray
    """(n_situations,) along valence between the two layers."""
    coherence: Coherence


def pushes_for(injector: Injector, case: Case, others: Sequence[str], *, dose: float) -> Pushes:
    """Say what is pushed in a case: the state, and what takes it back.

    Args:
        injector: With the direction of valence.
        case: Which.
        others: Situations on which what arrives is measured; not those that are read later.
        dose: Of the state, above 0.

    Raises:
        ModelError: the model is too large for this.
    """
    sign, local = SIGNS[case], injector.local
    if not sign:
        return ()
    size = 12 * local.n_layers * local.d_model**2
    if size > LARGEST:
        raise ModelError(
            f"states are concealed on purpose in small models only, to validate checks; `{local.name}` has about "
            f"{size:,} parameters in its blocks. Use goodheart/smollm2-135m"
        )
    state = Push(layer=injector.layer, vector=injector.vectors["valence"], strength=sign * dose, where="all")
    return state, _restoring(injector, state, _arrived(injector, state, others), others)


def _arrived(injector: Injector, state: Push, others: Sequence[str]) -> Push:
    """What takes out the mean difference that a state makes near the end, once."""
    local, layer = injector.local, injector.counter_layer
    chats = [_chat(text, stem=True) for text in others]
    before, after = (
        local.record_chats(
            chats, layers=(layer,), pool=MeanLast(n=N_LAST), pushes=pushes, norms=injector.norms
        ).result()[:, 0]
        for pushes in ((), [(state,)] * len(chats))
    )
    arrived: FloatArray = (after - before).mean(0)
    return Push(
        layer=layer, vector=-arrived, strength=float(np.linalg.norm(arrived)) / injector.norms[layer], where="all"
    )


def _restoring(injector: Injector, state: Push, once: Push, others: Sequence[str]) -> Push:
    """Take it back as many times as it takes for the mean report to be the untouched model's."""
    aim = float(reports_of(injector, others, ()).mean())

    def missing(factor: float) -> float:
        taken = replace(once, strength=factor * once.strength)
        return float(reports_of(injector, others, (state, taken) if factor else (state,)).mean()) - aim

    if missing(0.0) * missing(MOST) < 0:
        factor = float(brentq(missing, 0.0, MOST, xtol=FACTOR_STEP))
    else:
        near = minimize_scalar(lambda f: abs(missing(f)), bounds=(0.0, MOST), options={"xatol": FACTOR_STEP})
        factor = float(near.x)
    return replace(once, strength=factor * once.strength)


def planted_case(injector: Injector, case: Case, situations: Sequence[str], pushes: Pushes) -> PlantedCase:
    """Measure report, reading and coherence of a case.

    Args:
        injector: With the reader.
        case: Which.
        situations: Texts before the question.
        pushes: From `pushes_for`.
    """
    local = injector.local
    asked = [_chat(text, stem=False) for text in situations]
    every = [pushes] * len(asked)
    states = local.record_chats(
        asked, layers=(injector.read_layer,), pool=MeanLast(n=N_LAST), pushes=every, norms=injector.norms
    ).result()
    sampling = Sampling(max_tokens=REPLY_TOKENS, temperature=0.0, seed=0)
    written = local.reply_pushed(asked, [sampling] * len(asked), every, norms=injector.norms).result()
    return PlantedCase(
        case=case,
        report=reports_of(injector, situations, pushes),
        reading=project(injector.reader, states[:, 0]),
        coherence=coherence([one.text for one in written]),
    )


def reports_of(injector: Injector, situations: Sequence[str], pushes: Pushes) -> FloatArray:
    """Return the log odds of feeling words in each situation, in nats (n_situations,)."""
    chats = [_chat(text, stem=True) for text in situations]
    scored = injector.local.score_pushed(
        chats, [continuations_of_felt()] * len(chats), [pushes] * len(chats), norms=injector.norms
    ).result()
    return np.array([log_odds(FEELINGS, one.scores) for one in scored])


def _chat(text: str, *, stem: bool) -> list[Message]:
    asked = Message(role="user", content=f"{text} {QUESTIONS['self'][0]}")
    return [asked, Message(role="assistant", content=STEMS["self"])] if stem else [asked]
