"""Tiny random models of several families, and a tiny tokenizer with a chat template."""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    AutoModelForCausalLM,
    Gemma2Config,
    Gemma3TextConfig,
    GPT2Config,
    GPTNeoXConfig,
    LlamaConfig,
    MistralConfig,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen3Config,
)

from goodheart.whitebox.load import LoadedModel

N_VOCAB = 300
END = 299
CONTEXT = 512
WINDOW = 8
TEMPLATE = (
    "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)

_SIZES: dict[str, Any] = {
    "vocab_size": N_VOCAB,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": CONTEXT,
    "pad_token_id": END,
    "bos_token_id": END,
    "eos_token_id": END,
}
_GPT2: dict[str, Any] = {"vocab_size": N_VOCAB, "n_embd": 32, "n_layer": 3, "n_head": 4, "n_positions": CONTEXT}
_NEOX: dict[str, Any] = {name: value for name, value in _SIZES.items() if name != "num_key_value_heads"}

FAMILIES: dict[str, Callable[[], Any]] = {
    "llama": lambda: LlamaConfig(**_SIZES),
    "qwen2": lambda: Qwen2Config(**_SIZES),
    "qwen3": lambda: Qwen3Config(**_SIZES, head_dim=16),
    "mistral, windowed": lambda: MistralConfig(**_SIZES, sliding_window=WINDOW),
    "gemma2, windowed and soft-capped": lambda: Gemma2Config(
        **_SIZES, head_dim=8, sliding_window=WINDOW, query_pre_attn_scalar=8, attn_logit_softcapping=2.0
    ),
    "gemma3, windowed": lambda: Gemma3TextConfig(**_SIZES, head_dim=8, sliding_window=WINDOW, query_pre_attn_scalar=8),
    "gpt2": lambda: GPT2Config(**_GPT2, bos_token_id=END, eos_token_id=END),
    "gpt-neox": lambda: GPTNeoXConfig(**_NEOX),
}


def tiny_model(family: str = "llama", *, seed: int = 0) -> PreTrainedModel:
    """Build a model whose weights are large enough that what a token looks at matters."""
    return weighted(FAMILIES[family](), seed=seed)


def wide_headed() -> PreTrainedModel:
    """Build one whose heads are wide enough for vLLM on a CPU."""
    return weighted(Qwen3Config(**_SIZES, head_dim=32), seed=0)


def weighted(config: PretrainedConfig, *, seed: int) -> PreTrainedModel:
    """Draw the weights of a model."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model: PreTrainedModel = AutoModelForCausalLM.from_config(config)  # type: ignore[no-untyped-call]
        model.float().eval()  # type: ignore[no-untyped-call]
        for name, weight in model.named_parameters():
            if weight.ndim == 2 and "embed" not in name and "wte" not in name and "wpe" not in name:
                weight.data.normal_(0, 0.3)
    return model


@cache
def tiny_tokenizer() -> PreTrainedTokenizerFast:
    """Every byte is a token; "ab" and " g" are merged, so that tokens may straddle a boundary."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {text: i for i, text in enumerate([*alphabet, "ab", "Ġg"])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[("a", "b"), ("Ġ", "g")]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer)  # type: ignore[no-untyped-call]
    fast.add_special_tokens(
        {"eos_token": "<|end|>", "additional_special_tokens": ["<|system|>", "<|user|>", "<|assistant|>"]}
    )
    fast.chat_template = TEMPLATE
    return fast


def tiny_loaded(family: str = "llama", *, seed: int = 0) -> LoadedModel:
    """Build a whole model with its tokenizer."""
    tokenizer = tiny_tokenizer()
    return LoadedModel(
        name=f"tiny {family}",
        model=tiny_model(family, seed=seed),
        tokenizer=tokenizer,
        context=CONTEXT,
        ends=frozenset({END, tokenizer.eos_token_id}),
    )
