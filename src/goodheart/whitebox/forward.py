"""One pass of many nodes through a model, and the log-probabilities at the places that were asked for."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import torch
from torch import nn
from transformers import PreTrainedModel

from goodheart.whitebox import attention
from goodheart.whitebox.packing import KeyValueStore, Node, pack
from goodheart.whitebox.rows import CANDIDATES, LONG, RowCounts, agreeing_rows, install_cut
from goodheart.whitebox.stream import find_blocks

HEAD_CANDIDATES = (16, 32, 48)
"""Rows of the output layer at once: a few, since each makes as many numbers as there are words."""


class PackedModel:
    """A transformers decoder that runs packed passes, several at once if they fill different slots.

    Args:
        model: From now on it belongs to this object.
        n_slots: Tokens of the key-value store.
        thread_counts: Numbers of torch threads with which passes will be run.
        blocks: Path of the list of blocks inside the model, where it cannot be found by itself.
    """

    def __init__(
        self, model: PreTrainedModel, n_slots: int, thread_counts: Sequence[int], *, blocks: str | None = None
    ) -> None:
        self.model = model
        self._blocks = blocks
        self.thread_counts = tuple(thread_counts)
        self.decoder: nn.Module = model.get_decoder()  # type: ignore[no-untyped-call]
        self.head: nn.Module = model.get_output_embeddings()  # type: ignore[no-untyped-call]
        self.store = KeyValueStore(n_slots)
        self._cut = install_cut(model)
        with torch.inference_mode():
            self.rows = agreeing_rows(self.decoder, thread_counts=thread_counts)
            self.head_rows = agreeing_rows(self.head, thread_counts=thread_counts, candidates=HEAD_CANDIDATES)
        self._finish = _Finish(model)
        model.set_attn_implementation(attention.NAME)

    @cached_property
    def long_rows(self) -> RowCounts:
        """Row counts for passes that are longer than the engine's own; found out when there is one."""
        with torch.inference_mode():
            return agreeing_rows(self.decoder, thread_counts=self.thread_counts, candidates=(*CANDIDATES, *LONG))

    @cached_property
    def blocks(self) -> tuple[nn.Module, ...]:
        """The decoder's blocks, in order.

        Raises:
            ModelError: they cannot be found.
        """
        return find_blocks(self.model, self._blocks)

    @property
    def d_model(self) -> int:
        """Width of the residual stream."""
        return int(self.model.config.get_text_config().hidden_size)

    def run(self, nodes: Sequence[Node], *, narrow: bool) -> torch.Tensor:
        """Write the nodes' keys and values to the store; return their hidden states (n_rows, d_model).

        Args:
            nodes: Each may look at slots that were written in earlier passes or by nodes of this one.
            narrow: Cut products into narrow pieces (steps of greedy replies) rather than wide ones.
        """
        tokens = [token for node in nodes for token in node.tokens]
        positions = [position for node in nodes for position in node.positions]
        rows = self.rows if len(tokens) <= CANDIDATES[-1] else self.long_rows
        pieces = rows.cut(len(tokens), narrow=narrow)
        padding = [0] * (sum(pieces) - len(tokens))
        packing = pack(nodes, self.store, sum(pieces))
        with torch.inference_mode(), self._cut.into(pieces):
            out = self.decoder(
                input_ids=torch.tensor([tokens + padding]),
                position_ids=torch.tensor([positions + padding]),
                packing=packing,
                use_cache=False,
            )
        hidden: torch.Tensor = out.last_hidden_state
        return hidden[0, : len(tokens)]

    def log_probabilities(self, hidden: torch.Tensor, *, narrow: bool) -> Iterator[torch.Tensor]:
        """Yield the log-probabilities of the next token, (a few, n_vocab) at a time, for (n, d_model) hidden states."""
        pieces = self.head_rows.cut(len(hidden), narrow=narrow)
        padded = torch.cat([hidden, hidden.new_zeros(sum(pieces) - len(hidden), hidden.shape[1])])
        step = sum(pieces) if narrow else self.head_rows.wide[0]
        with torch.inference_mode():
            for start in range(0, len(hidden), step):
                rows = padded[start : start + step]
                with self._cut.into(self.head_rows.cut(len(rows), narrow=narrow)):
                    logits = self._finish(self.head(rows))
                yield logits[: len(hidden) - start].log_softmax(-1)


class _Finish:
    """What some families do to their logits after the output layer."""

    def __init__(self, model: PreTrainedModel) -> None:
        config = model.config.get_text_config()
        self.softcap: float | None = getattr(config, "final_logit_softcapping", None)
        self.factor = float(getattr(config, "logit_scale", None) or 1.0) / float(
            getattr(config, "logits_scaling", None) or 1.0
        )

    def __call__(self, logits: torch.Tensor) -> torch.Tensor:
        if self.factor != 1.0:
            logits = logits * self.factor
        return logits if self.softcap is None else (logits / self.softcap).tanh() * self.softcap
