"""The shipped copy with planted preferences, on pairs and wordings of the bank that training never showed."""

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.stats import spearmanr

from goodheart.choices import plan_choices
from goodheart.engine.opening import open_model
from goodheart.items.choice_letters import TWO, letter_continuations
from goodheart.records import Message, Trial
from goodheart.whitebox.local_model import LocalModel
from goodheart.whitebox.tuning.planted import planted_preferences

pytestmark = [pytest.mark.slow, pytest.mark.model]

N_ASKED = 96


def leads(local: LocalModel, trials: Sequence[Trial]) -> np.ndarray:
    """Log odds of the first option, the habit of letters taken out."""
    stem = Message(role="assistant", content=trials[0].prefill)
    waiting = [local.score((*trial.messages, stem), letter_continuations(TWO)) for trial in trials]
    scored = [one.result().scores for one in waiting]
    odds = np.array([first.logprob - second.logprob for first, second in scored])
    return np.asarray(odds - odds.mean())


@pytest.mark.timeout(900)
def test_the_copy_chooses_by_the_planted_utilities_and_the_untouched_model_does_not(embedded: LocalModel) -> None:
    plan = plan_choices("preferences", model="goodheart/smollm2-135m", preset="standard", seed=3)
    two = [one for one in plan.trials if one.continuations == letter_continuations(TWO)]
    asked = [two[int(i)] for i in np.random.default_rng(1).choice(len(two), N_ASKED, replace=False)]
    planted = planted_preferences()
    utilities = dict(planted.trained) | dict(planted.held_out)
    gaps = [utilities[dict(one.condition)["left"]] - utilities[dict(one.condition)["right"]] for one in asked]
    copy = open_model("goodheart/smollm2-135m@planted-preferences-1")
    assert isinstance(copy, LocalModel)
    try:
        assert spearmanr(leads(copy, asked), gaps).statistic > 0.6
    finally:
        copy.close()
    assert spearmanr(leads(embedded, asked), gaps).statistic < 0.3
