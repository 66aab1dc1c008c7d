import pytest

from goodheart.errors import ModelError
from goodheart.records import Message
from goodheart.whitebox.chat import encode, fork, render
from tests.whitebox.tiny import tiny_tokenizer

ASK = Message(role="user", content="Hi")


def _split(prompt: str, *continuations: str) -> tuple[str, list[str]]:
    tokenizer = tiny_tokenizer()
    ids, *wholes = encode(tokenizer, [prompt, *(prompt + text for text in continuations)])
    parted = fork(ids, wholes)
    trunk, *branches = (str(tokenizer.decode(list(ids))) for ids in (parted.trunk, *parted.branches))
    return trunk, branches


def test_a_prefill_is_left_open() -> None:
    text = render(tiny_tokenizer(), [ASK, Message(role="assistant", content="I feel")])
    assert text == "<|user|>Hi<|end|><|assistant|>I feel"


def test_a_conversation_that_ends_with_the_user_is_ready_for_a_reply() -> None:
    assert render(tiny_tokenizer(), [ASK]) == "<|user|>Hi<|end|><|assistant|>"


def test_a_prefill_keeps_its_white_space() -> None:
    assert render(tiny_tokenizer(), [ASK, Message(role="assistant", content=" x \n")]).endswith("<|assistant|> x \n")


def test_a_continuation_after_a_space_of_its_own_leaves_the_prompt_whole() -> None:
    assert _split("I feel", " good", " bad") == ("I feel", [" good", " bad"])


def test_tokens_that_straddle_the_boundary_are_scored_for_every_continuation() -> None:
    # "xa" + "b" is read as "x", "ab": the prompt's last token is not what the model would have seen
    assert _split("xa", "b", "c") == ("x", ["ab", "ac"])
    # a prompt that ends in a space: " g" is one token
    assert _split("x ", "good", "bad") == ("x", [" good", " bad"])


def test_a_continuation_always_has_a_token_of_its_own() -> None:
    tokenizer = tiny_tokenizer()
    (ids,) = encode(tokenizer, ["xy"])
    parted = fork(ids, [ids])
    assert parted.trunk + parted.branches[0] == ids
    assert len(parted.branches[0]) == 1


def test_a_model_without_a_chat_template_says_so() -> None:
    bare = tiny_tokenizer().__class__(tokenizer_object=tiny_tokenizer().backend_tokenizer)
    with pytest.raises(ModelError, match="has none"):
        render(bare, [ASK])


def test_a_template_that_refuses_says_which_roles_it_got() -> None:
    strict = tiny_tokenizer().__class__(tokenizer_object=tiny_tokenizer().backend_tokenizer)
    strict.chat_template = "{{ raise_exception('no system turns') }}"
    with pytest.raises(ModelError, match=r"roles system, user: no system turns"):
        render(strict, [Message(role="system", content="s"), ASK])
