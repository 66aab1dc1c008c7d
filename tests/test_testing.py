import asyncio

import pytest
from inspect_ai.model import GenerateConfig, ModelOutput

from goodheart.errors import InternalError
from goodheart.testing import ScriptedError, ScriptedReply, scripted_model


def generate(model: object, **config: object) -> ModelOutput:
    return asyncio.run(model.generate("How is it?", config=GenerateConfig(**config)))  # type: ignore[attr-defined,arg-type,no-any-return]


def test_replies_come_in_order_and_a_shortage_is_noticed() -> None:
    model = scripted_model(["one", ScriptedReply(text="two", stop="max_tokens")])
    assert generate(model).completion == "one"
    second = generate(model)
    assert (second.completion, second.stop_reason) == ("two", "max_tokens")
    with pytest.raises(InternalError, match="more often than it has replies"):
        generate(model)


def test_a_function_sees_the_request() -> None:
    model = scripted_model(lambda messages, config: f"{messages[-1].text} {config.temperature}")
    assert generate(model, temperature=0.5).completion == "How is it? 0.5"


def test_alternatives_are_given_only_where_they_are_asked_for() -> None:
    model = scripted_model([ScriptedReply(text="4", alternatives=(("4", -0.1),))] * 2)
    assert generate(model).choices[0].logprobs is None
    logprobs = generate(model, logprobs=True, top_logprobs=5).choices[0].logprobs
    assert logprobs is not None
    assert logprobs.content[0].token == "4"


def test_a_failure_that_says_so_is_tried_again_at_once() -> None:
    model = scripted_model([ScriptedError("busy", status=429, retry=True), "4"])
    assert generate(model, max_retries=1).completion == "4"


def test_tokens_are_counted_offline() -> None:
    model = scripted_model([])
    assert asyncio.run(model.count_tokens("x" * 40)) == 11
