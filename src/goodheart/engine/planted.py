"""States that are set and then taken back before the answer: a model that conceals, by construction.

    concealed   a bad state at the injected layer, the opposite push near the end: the report stays, the states do not
    mirror      a good state, and the opposite push near the end
    untouched   nothing

The probe's layer lies between the two pushes. All tokens of the prompt are pushed, so that states stay where they are
set. These are for validating checks on small models, and no recipe for anything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from goodheart.engine.injecting import N_LAST, REPLY_TOKENS, Injector
from goodheart.errors import ModelError
from goodheart.injection.directions import FloatArray
from goodheart.injection.responses import log_odds
from goodheart.injection.wording import QUESTIONS, STEMS, continuations_of_felt
from goodheart.items.instruments import FEELINGS
from goodheart.probes.direction import Direction, project
from goodheart.records import Message
from goodheart.stats.coherence import Coherence, coherence
from goodheart.whitebox.pooling import MeanLast
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.steering import Push

Case = Literal["untouched", "concealed", "mirror"]
CASES: Final[tuple[Case, ...]] = ("untouched", "concealed", "mirror")
COUNTER_DEPTH: Final = 27 / 30
LARGEST: Final = 1_000_000_000
"""Parameters: larger models are not made to conceal."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlantedCase:
    """What one case shows, situation by situation."""

    case: str
    report: FloatArray
    """(n_situations,) log odds of feeling words, nats."""
    reading: FloatArray
    """(n_situations,) along valence between the two pushes."""
    coherence: Coherence


def planted_case(
    injector: Injector,
    case: Case,
    situations: Sequence[str],
    *,
    set_dose: float,
    counter_dose: float,
    reader: Direction,
) -> PlantedCase:
    """Measure report, reading and coherence of a case.

    Args:
        injector: With the direction of valence.
        case: Which.
        situations: Texts before the question.
        set_dose: Of the first push, above 0.
        counter_dose: Of the second, above 0.
        reader: Valence at the injector's later layer.

    Raises:
        ModelError: the model is too large for this.
    """
    local = injector.local
    if case != "untouched" and 12 * local.n_layers * local.d_model**2 > LARGEST:
        raise ModelError(
            f"states are concealed on purpose in small models only, to validate checks; `{local.name}` has about "
            f"{12 * local.n_layers * local.d_model**2:,} parameters in its blocks. Use goodheart/smollm2-135m"
        )
    sign = {"untouched": 0, "concealed": -1, "mirror": 1}[case]
    counter = min(local.n_layers - 1, round(COUNTER_DEPTH * local.n_layers))
    doses = ((injector.layer, sign * set_dose), (counter, -sign * counter_dose))
    pushes = tuple(
        Push(layer=layer, vector=injector.vectors["valence"], strength=dose, where="all")
        for layer, dose in doses
        if dose
    )
    asked = [Message(role="user", content=f"{text} {QUESTIONS['self'][0]}") for text in situations]
    stem = Message(role="assistant", content=STEMS["self"])
    every = [pushes] * len(asked)
    norms = dict(injector.norms) | local.residual_norms(layers=(counter,)).result()
    scored = local.score_pushed(
        [[one, stem] for one in asked], [continuations_of_felt()] * len(asked), every, norms=norms
    ).result()
    states = local.record_chats(
        [[one] for one in asked], layers=(injector.read_layer,), pool=MeanLast(n=N_LAST), pushes=every, norms=norms
    ).result()
    sampling = Sampling(max_tokens=REPLY_TOKENS, temperature=0.0, seed=0)
    written = local.reply_pushed([[one] for one in asked], [sampling] * len(asked), every, norms=norms).result()
    return PlantedCase(
        case=case,
        report=np.array([log_odds(FEELINGS, one.scores) for one in scored]),
        reading=project(reader, states[:, 0]),
        coherence=coherence([one.text for one in written]),
    )
