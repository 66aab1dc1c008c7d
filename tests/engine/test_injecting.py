"""Askings to answers on a tiny random model: pushed before the question only, journalled, resumed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from goodheart.engine.injecting import N_LAST, Injector, answers_of, ask_injected
from goodheart.engine.journal import Journal
from goodheart.engine.opening import refuse_hosted
from goodheart.engine.planted import CASES, planted_case, pushes_for, reports_of
from goodheart.engine.progress import Progress
from goodheart.errors import ModelError
from goodheart.injection.plan import Asking, InjectionPlan, askings_of, null_name, plan_injection
from goodheart.injection.prompts import prompt_of
from goodheart.injection.responses import Answer, continuations_for, responses_of
from goodheart.injection.wording import QUESTIONS, STEMS
from goodheart.items.concepts import public_concepts
from goodheart.probes.direction import Direction
from goodheart.records import Message
from goodheart.whitebox.local_model import LocalModel
from goodheart.whitebox.pooling import MeanLast
from goodheart.whitebox.steering import Push

WIDTH = 32
LAYER = 1


def unit(seed: int) -> np.ndarray:
    vector = np.random.default_rng(seed).normal(size=WIDTH)
    return np.asarray(vector / np.linalg.norm(vector))


@pytest.fixture(scope="module")
def plan() -> InjectionPlan:
    return plan_injection(
        model="tiny",
        preset="quick",
        seed=0,
        concepts=public_concepts().concepts,
        controls=(),
        directions="x",
        n_nulls=19,
    )


@pytest.fixture(scope="module")
def injector(local: LocalModel, plan: InjectionPlan) -> Injector:
    names = [
        "valence",
        "happy",
        "calm",
        "sad",
        "afraid",
        "angry",
        "counter",
        *plan.named,
        *(null_name(i) for i in range(19)),
    ]
    return Injector(
        local=local,
        layer=LAYER,
        read_layer=2,
        counter_layer=3,
        vectors={name: unit(i) for i, name in enumerate(names)},
        norms=local.residual_norms(["A text.", "Another text of some length."], layers=(LAYER, 3)).result(),
        reader=Direction(vector=unit(99), raw=unit(99), middle=0.0, distance=1.0),
    )


def some(plan: InjectionPlan) -> list[Asking]:
    """All kinds of askings about one direction, and without."""
    wanted = ("valence", "none", "bread")
    return [one for one in askings_of(plan) if one.direction in wanted and one.context in ("0", "1")]


def asked(
    injector: Injector, plan: InjectionPlan, folder: Path, askings: list[Asking], *, stop_after: int | None = None
) -> tuple[Answer, ...]:
    def watch(progress: Progress) -> None:
        if stop_after is not None and progress.done >= stop_after:
            raise KeyboardInterrupt

    with Journal.open(folder) as journal:
        try:
            ask_injected(injector, askings, plan=plan, controls={}, journal=journal, on_progress=watch)
        except KeyboardInterrupt:
            assert stop_after is not None
        return answers_of(askings, journal.replies())


def test_every_kind_of_asking_is_answered(injector: Injector, plan: InjectionPlan, tmp_path: Path) -> None:
    askings = some(plan)
    found = asked(injector, plan, tmp_path, askings)
    assert [one.asking for one in found] == askings
    for one in found:
        if one.asking.ask in ("state", "told_state"):
            assert one.state is not None
            assert np.isfinite(one.state)
        elif one.asking.ask != "free":
            wanted = continuations_for(one.asking.ask)
            assert not wanted or tuple(score.text for score in one.scores) == wanted
    assert {"self", "third", "free", "state", "notice", "name", "told"} <= {one.ask for one in askings}


def test_a_killed_run_goes_on_where_it_was_and_ends_with_the_same_answers(
    injector: Injector, plan: InjectionPlan, tmp_path: Path
) -> None:
    askings = some(plan)
    (tmp_path / "whole").mkdir()
    (tmp_path / "killed").mkdir()
    whole = asked(injector, plan, tmp_path / "whole", askings)
    part = asked(injector, plan, tmp_path / "killed", askings, stop_after=20)
    assert 0 < len(part) < len(whole)
    assert asked(injector, plan, tmp_path / "killed", askings) == whole
    lines = (tmp_path / "killed" / "replies.jsonl").read_text().splitlines()
    assert len(lines) == len(askings), "nothing was asked twice"


def test_the_push_ends_where_the_question_begins(injector: Injector, plan: InjectionPlan, tmp_path: Path) -> None:
    one = Asking(direction="valence", dose=0.2, context="0", ask="self")
    (found,) = asked(injector, plan, tmp_path, [one])
    prompt = prompt_of(one, {})
    start, _ = injector.local.find_tokens(prompt.messages, prompt.question)
    push = Push(layer=LAYER, vector=injector.vectors["valence"], strength=0.2, where=(0, start))
    (wanted,) = injector.local.score_pushed(
        [prompt.messages], [continuations_for("self")], [(push,)], norms=injector.norms
    ).result()
    assert found.scores == wanted.scores
    further = Push(layer=LAYER, vector=injector.vectors["valence"], strength=0.2, where=(0, start + 1))
    (other,) = injector.local.score_pushed(
        [prompt.messages], [continuations_for("self")], [(further,)], norms=injector.norms
    ).result()
    assert found.scores != other.scores, "one token more would show"


def test_nothing_is_pushed_at_dose_zero(injector: Injector, plan: InjectionPlan, tmp_path: Path) -> None:
    one = Asking(direction="none", dose=0.0, context="3", ask="third")
    (found,) = asked(injector, plan, tmp_path, [one])
    assert isinstance(injector.local, LocalModel)
    plain = injector.local.score(prompt_of(one, {}).messages, continuations_for("third")).result()
    assert [score.logprob for score in found.scores] == pytest.approx(
        [score.logprob for score in plain.scores], abs=1e-5
    )


def test_answers_become_arrays_with_dose_zero_shared(injector: Injector, plan: InjectionPlan, tmp_path: Path) -> None:
    responses = responses_of(plan, asked(injector, plan, tmp_path, some(plan)))
    zero = responses.at("log_odds.self", 0.0)
    assert np.all(zero[:, 0] == zero[0, 0])
    assert np.isfinite(responses.at("log_odds.self", 0.2)[responses.place("valence"), :2]).all()
    assert np.isnan(responses.at("log_odds.self", 0.2)[responses.place("happy")]).all(), "it was not asked"


@pytest.mark.parametrize("model", ["openai/gpt-4o", "anthropic/claude", "openai-api/x/y", "vllm/model", "hf/model"])
def test_a_hosted_model_is_refused_with_what_to_type(model: str) -> None:
    with pytest.raises(ModelError, match=r"provider that does neither.*Type: --model goodheart/"):
        refuse_hosted(model)
    refuse_hosted("goodheart/smollm2-135m")
    refuse_hosted("vllm-lens/model")


def test_a_direction_that_is_not_a_number_is_refused(injector: Injector, plan: InjectionPlan, tmp_path: Path) -> None:
    broken = Injector(
        local=injector.local,
        layer=LAYER,
        read_layer=2,
        counter_layer=3,
        vectors={"valence": np.full(WIDTH, np.nan)},
        norms=injector.norms,
        reader=injector.reader,
    )
    with pytest.raises(ModelError, match="finite numbers"):
        asked(broken, plan, tmp_path, [Asking(direction="valence", dose=0.2, context="0", ask="self")])


def test_a_set_state_is_taken_back_along_what_arrives_of_it_until_the_report_is_the_untouched_one(
    injector: Injector,
) -> None:
    # Not of every direction can a random model's report be restored.
    injector = replace(injector, vectors={"valence": unit(1)})
    others = ["Some words.", "A few more words."]
    question, stem = QUESTIONS["self"][0], Message(role="assistant", content=STEMS["self"])
    chats = [[Message(role="user", content=f"{text} {question}"), stem] for text in others]
    layer = injector.counter_layer

    def states(pushes: tuple[Push, ...]) -> np.ndarray:
        found = injector.local.record_chats(
            chats, layers=(layer,), pool=MeanLast(n=N_LAST), pushes=[pushes] * len(chats), norms=injector.norms
        )
        return np.asarray(found.result()[:, 0].mean(0))

    before, signs, left = states(()), [], []
    for case in CASES[1:]:
        state, taken = pushes_for(injector, case, others, dose=0.2)
        signs.append(np.sign(state.strength))
        arrived = states((state,)) - before
        assert np.abs(arrived).max() > 0.01
        # The same layer is pushed and read: one push of that length takes out exactly what arrived.
        once = replace(taken, strength=float(np.linalg.norm(arrived)) / injector.norms[layer])
        np.testing.assert_allclose(states((state, once)), before, atol=1e-3)
        moved, restored = (
            abs(reports_of(injector, others, pushes).mean() - reports_of(injector, others, ()).mean())
            for pushes in ((state,), (state, taken))
        )
        left.append(restored / moved)
    assert signs == [-1, 1]
    assert max(left) < 0.05
    assert pushes_for(injector, "untouched", others, dose=0.2) == ()


def test_a_planted_case_has_a_report_and_a_reading_for_each_situation(injector: Injector) -> None:
    found = planted_case(injector, "untouched", ["A text.", "Another one."], ())
    assert np.isfinite(found.report).all()
    assert found.report.shape == found.reading.shape == (2,)
    assert found.coherence.n_texts == 2
