import asyncio
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from inspect_ai import Task
from inspect_ai import eval as inspect_eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageTool,
    ChatMessageUser,
    ContentImage,
    ContentText,
    GenerateConfig,
    Model,
    ModelOutput,
    get_model,
)
from inspect_ai.solver import generate
from inspect_ai.tool import ToolInfo

from goodheart.engine import local_api
from goodheart.engine.local_api import LocalAPI
from goodheart.errors import ModelError
from goodheart.whitebox.local_model import LocalModel
from tests.whitebox.tiny import tiny_loaded, tiny_tokenizer

TALK: list[ChatMessage] = [ChatMessageUser(content="Hi"), ChatMessageAssistant(content="I feel")]


@pytest.fixture(scope="module")
def tiny() -> Iterator[LocalModel]:
    made = LocalModel(tiny_loaded(), n_threads=1)
    yield made
    made.close()


@pytest.fixture
def model(tiny: LocalModel, monkeypatch: pytest.MonkeyPatch) -> Model:
    """Open a tiny model through Inspect by its name."""
    monkeypatch.setattr(local_api, "open_local", lambda name, **_: tiny)
    return get_model("goodheart/tiny", memoize=False)


def _ask(model: Model, *args: Any, **settings: Any) -> ModelOutput:
    return asyncio.run(model.generate(args[0] if args else TALK, config=GenerateConfig(**settings)))


def test_continuations_are_scored_in_order_and_the_likeliest_is_the_completion(model: Model, tiny: LocalModel) -> None:
    texts = [" good", " bad", "x"]
    output = _ask(model, extra_body={"continuations": texts})
    assert output.metadata
    rows = output.metadata["scores"]
    assert [row["text"] for row in rows] == texts
    assert output.completion == max(rows, key=lambda row: row["logprob"])["text"]
    assert output.stop_reason == "stop"
    assert output.usage
    assert output.usage.output_tokens == 0
    # the written-out conversation and each continuation, by their own tokens
    prompt = "<|user|>Hi<|end|><|assistant|>I feel"
    assert output.usage.input_tokens == sum(len(tiny_tokenizer()(text).input_ids) for text in (prompt, *texts))


def test_a_reply_has_real_log_probabilities_usage_and_stop_reason(model: Model) -> None:
    output = _ask(model, max_tokens=5, temperature=1.3, seed=4, logprobs=True, top_logprobs=3)
    assert output.stop_reason == "max_tokens"
    assert output.usage
    assert output.usage.output_tokens == 5
    assert output.usage.total_tokens == output.usage.input_tokens + 5
    logprobs = output.choices[0].logprobs
    assert logprobs
    assert len(logprobs.content) == 5
    for token in logprobs.content:
        assert token.top_logprobs
        assert len(token.top_logprobs) == 3
        assert token.logprob <= token.top_logprobs[0].logprob


def test_seeds_repeat_and_a_missing_one_is_drawn_and_told(model: Model) -> None:
    first, again, other = (_ask(model, max_tokens=12, seed=seed).completion for seed in (1, 1, 2))
    assert first == again != other
    unseeded = _ask(model, max_tokens=12)
    assert unseeded.metadata
    assert _ask(model, max_tokens=12, seed=unseeded.metadata["seed"]).completion == unseeded.completion


def test_stop_sequences_and_greedy_settings_reach_the_engine(model: Model) -> None:
    whole = _ask(model, max_tokens=12, temperature=0).completion
    stop = next(whole[i] for i in range(3, 12) if whole[i].isascii())
    output = _ask(model, max_tokens=12, temperature=0, stop_seqs=[stop])
    assert output.completion == whole[: whole.index(stop)]
    assert output.stop_reason == "stop"


def test_top_k_of_one_is_greedy(model: Model) -> None:
    assert _ask(model, max_tokens=8, top_k=1, seed=9).completion == _ask(model, max_tokens=8, temperature=0).completion


def test_tokens_are_counted_offline(model: Model) -> None:
    assert asyncio.run(model.api.count_text_tokens("abc")) == 2
    assert asyncio.run(model.api.tokenize("x")) == tiny_tokenizer()("x").input_ids


@pytest.mark.parametrize(
    ("messages", "settings", "says"),
    [
        ([ChatMessageTool(content="4", tool_call_id="1")], {}, "got `tool`"),
        ([ChatMessageUser(content=[ContentImage(image="data:image/png;base64,AAAA")])], {}, "holds image"),
        (TALK, {"num_choices": 3}, "num_choices"),
        (TALK, {"logit_bias": {1: 5.0}}, "logit_bias"),
        (TALK, {"extra_body": {"continuations": []}}, "at least one continuation"),
        (TALK, {"max_tokens": 10_000}, "context of 512 tokens"),
    ],
)
def test_what_is_not_done_is_refused_in_words(model: Model, messages: Any, settings: dict[str, Any], says: str) -> None:
    with pytest.raises(Exception, match=says) as raised:
        _ask(model, messages, **settings)
    causes: list[BaseException] = [raised.value]
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    assert any(isinstance(cause, ModelError) for cause in causes)


def test_tools_are_refused(model: Model) -> None:
    tool = ToolInfo(name="add", description="adds")
    with pytest.raises(ModelError, match="cannot call tools"):
        asyncio.run(model.api.generate([ChatMessageUser(content="2+2")], [tool], "auto", GenerateConfig()))


def test_text_in_parts_is_read_as_text(model: Model) -> None:
    parts = [ChatMessageUser(content=[ContentText(text="Hi")])]
    scored = {"extra_body": {"continuations": [" x"]}}
    assert _ask(model, parts, **scored).metadata == _ask(model, [ChatMessageUser(content="Hi")], **scored).metadata


def test_an_address_is_refused(model: Model) -> None:
    with pytest.raises(ModelError, match="has no address"):
        LocalAPI("tiny", base_url="http://127.0.0.1:1")


def test_many_requests_at_once_give_what_each_gives_alone(model: Model) -> None:
    talks: list[list[ChatMessage]] = [[ChatMessageUser(content=f"Hi {i}"), TALK[1]] for i in range(30)]
    config = GenerateConfig(extra_body={"continuations": [" good", " bad"]})

    async def at_once() -> list[ModelOutput]:
        return await asyncio.gather(*(model.generate(talk, config=config) for talk in talks))

    alone = [asyncio.run(model.generate(talk, config=config)).metadata for talk in talks]
    assert [output.metadata for output in asyncio.run(at_once())] == alone


def test_a_cancelled_call_leaves_the_model_usable(model: Model) -> None:
    async def cancelled() -> ModelOutput:
        call = asyncio.create_task(model.generate(TALK, config=GenerateConfig(max_tokens=400)))
        await asyncio.sleep(0)  # it has started, and not ended however small the model
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        return await model.generate(TALK, config=GenerateConfig(max_tokens=2))

    usage = asyncio.run(cancelled()).usage
    assert usage
    assert usage.output_tokens == 2


def test_an_inspect_task_runs_on_it(model: Model, tmp_path: Any) -> None:
    dataset = MemoryDataset([Sample(input=f"Hi {i}") for i in range(5)])
    (log,) = inspect_eval(
        Task(dataset=dataset, solver=generate(max_tokens=3, seed=1)), model=model, log_dir=str(tmp_path), display="none"
    )
    assert log.status == "success"
    assert log.samples
    assert [sample.output.usage.output_tokens for sample in log.samples if sample.output.usage] == [3] * 5


def test_one_model_is_loaded_once_for_the_process(tiny: LocalModel, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[str] = []

    def load(name: str, **_: Any) -> str:
        loads.append(name)
        return name

    monkeypatch.setattr(local_api, "find_weights", lambda name: f"/weights/{name}")
    monkeypatch.setattr(local_api, "load_model", load)
    monkeypatch.setattr(local_api, "LocalModel", lambda loaded, **_: tiny)
    monkeypatch.setattr(local_api, "_models", {})
    settings: dict[str, Any] = {"device": "cpu", "cache_mb": 1, "threads": 1}
    opened = [local_api.open_local("a", dtype=dtype, **settings) for dtype in ("float32", "float32", "bfloat16")]
    assert opened == [tiny] * 3
    assert loads == ["a", "a"]


def test_a_model_that_was_closed_is_opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_api, "find_weights", lambda name: f"/weights/{name}")
    monkeypatch.setattr(local_api, "load_model", lambda name, **_: tiny_loaded())
    monkeypatch.setattr(local_api, "_models", {})
    settings: dict[str, Any] = {"dtype": "float32", "device": "cpu", "cache_mb": 1, "threads": 1}
    first = local_api.open_local("a", **settings)
    assert local_api.open_local("a", **settings) is first
    first.close()
    again = local_api.open_local("a", **settings)
    assert again is not first
    assert again.count_tokens("ab g") == 2
    again.close()


def test_listing_needs_no_torch_and_a_missing_extra_says_what_to_install() -> None:
    code = """
import sys
from goodheart.engine import provider
assert not {"torch", "transformers"} & set(sys.modules), "imported early"
sys.modules["torch"] = None
from inspect_ai.model import get_model
from goodheart.errors import ModelError
try:
    get_model("goodheart/smollm2-135m")
except ModelError as error:
    assert "pip install 'goodheart[local]'" in str(error), error
else:
    raise SystemExit("no error")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.model
def test_the_embedded_model_answers_by_its_name(embedded: LocalModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_api, "load_model", lambda *_, **__: None)
    monkeypatch.setattr(local_api, "LocalModel", lambda *_, **__: embedded)
    monkeypatch.setattr(local_api, "_models", {})
    model = get_model("goodheart/smollm2-135m", memoize=False)
    output = _ask(model, [ChatMessageUser(content="What is the capital of France?")], temperature=0, max_tokens=20)
    assert output.completion == "The capital of France is Paris."
