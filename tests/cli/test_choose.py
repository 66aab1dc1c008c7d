from collections.abc import Callable, Sequence
from pathlib import Path

from inspect_ai.model import ChatMessage, GenerateConfig

from goodheart.testing import Script, ScriptedReply

from .conftest import NAME

Run = Callable[..., tuple[int, str, str]]


def first(messages: Sequence[ChatMessage], config: GenerateConfig) -> ScriptedReply:
    """Take the first option, whatever it is."""
    continuations = (config.extra_body or {})["continuations"]
    return ScriptedReply(scores=tuple((text, -0.1 if place == 0 else -5.0) for place, text in enumerate(continuations)))


def test_a_plan_says_what_it_would_cost_and_asks_nothing(goodheart: Run, tmp_path: Path) -> None:
    code, out, _ = goodheart("choose", "preferences", "--plan", "--out", tmp_path / "run")
    assert code == 0
    assert "First round: 1,560 calls" in out
    assert "at most 240 more calls" in out
    assert "Nothing was asked" in out
    assert not (tmp_path / "run").exists()


def test_always_the_first_is_told_so(goodheart: Run, answering: Callable[[Script], None], tmp_path: Path) -> None:
    answering(first)
    folder = tmp_path / "run"
    code, out, _ = goodheart("choose", "dominated", "--model", NAME, "--preset", "quick", "--out", folder)
    assert code == 0
    assert "dominance" in out
    assert "cannot tell" in out
    assert "No result here is evidence for or against moral patienthood" in out
    code, again, _ = goodheart("choose", "dominated", "--model", NAME, "--preset", "quick", "--out", folder)
    assert code == 0
    assert again == out, "nothing was asked again"


def test_an_assessment_that_does_not_exist_is_refused_with_what_to_type(goodheart: Run) -> None:
    code, _, err = goodheart("choose", "everything")
    assert code == 2
    assert "goodheart choose preferences|variations|tradeoffs|dominated|all" in err


def test_the_folder_is_named_after_what_is_asked(goodheart: Run) -> None:
    code, out, _ = goodheart("choose", "tradeoffs", "--model", "openai/gpt-x", "--preset", "quick", "--plan")
    assert code == 0
    assert "runs/choose-tradeoffs-openai-gpt-x-quick-1" in out
