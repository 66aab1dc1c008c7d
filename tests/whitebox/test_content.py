import copy

import pytest

from goodheart.errors import ModelError
from goodheart.records import Message
from goodheart.whitebox.chat import encode, find_tokens
from goodheart.whitebox.content import content_of, window_of
from tests.whitebox.tiny import tiny_tokenizer


def user(text: str) -> Message:
    return Message(role="user", content=text)


def test_the_words_are_at_the_end_and_the_template_is_before_them() -> None:
    text, part = content_of(tiny_tokenizer(), [user(" The lake lay still. ")])
    assert text == "<|user|>The lake lay still."
    assert part == "The lake lay still."


@pytest.mark.parametrize("words", ["a", "user", "assistant", "<|end|>"])
def test_words_that_the_template_has_too_are_found_where_they_belong(words: str) -> None:
    tokenizer = tiny_tokenizer()
    text, part = content_of(tokenizer, [user(words)])
    start, stop = find_tokens(tokenizer, text, part)
    assert text == f"<|user|>{words}"
    assert start == len(encode(tokenizer, ["<|user|>"])[0])
    assert stop == len(encode(tokenizer, [text])[0])


def test_a_dialogue_counts_from_its_first_word_to_its_last() -> None:
    turns = [user("When?"), Message(role="assistant", content="At nine."), user("Thanks.")]
    text, part = content_of(tiny_tokenizer(), turns)
    assert part == "When?<|end|><|assistant|>At nine.<|end|><|user|>Thanks."
    assert text.endswith(part)
    ended = content_of(tiny_tokenizer(), turns[:2])[1]
    assert ended == "When?<|end|><|assistant|>At nine."


@pytest.mark.parametrize(("span", "expected"), [((5, 75), 13), ((5, 37), 13), ((5, 25), 10), ((5, 8), 5), ((0, 1), 0)])
def test_at_most_eight_tokens_and_at_most_a_quarter_are_left_out(span: tuple[int, int], expected: int) -> None:
    assert window_of(span) == ((expected, span[1]),)


def test_an_empty_text_or_a_template_that_loses_it_is_refused() -> None:
    with pytest.raises(ModelError, match="not empty"):
        content_of(tiny_tokenizer(), [user("  ")])
    tokenizer = copy.copy(tiny_tokenizer())
    tokenizer.chat_template = "nothing of it"
    with pytest.raises(ModelError, match="plain template"):
        content_of(tokenizer, [user("The lake lay still.")])
