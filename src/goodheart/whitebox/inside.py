"""Recording and steering in this process: what is tokenised before the model's thread is called, and what it calls."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from goodheart.probes import valence_stories
from goodheart.whitebox import pushed
from goodheart.whitebox.chat import Ids
from goodheart.whitebox.decode import Written
from goodheart.whitebox.forest import Shift
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.layout import Layout, Norms, PlacedPush, Pushes, Talk
from goodheart.whitebox.plan import Request
from goodheart.whitebox.pooling import Pool
from goodheart.whitebox.recording import FloatArray, record
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.steering import check_pushes, residual_norms, shifts_of


@dataclass(frozen=True, kw_only=True, eq=False)
class Inside:
    """Turns texts into work for the model's thread. Each method returns what that thread is to call."""

    layout: Layout
    breaks: frozenset[int]
    digest: Callable[[], str]
    """Digest of the model's weights."""

    def norms(self, texts: Sequence[str] | None, *, layers: Sequence[int]) -> Callable[[PackedModel], dict[int, float]]:
        """Measure mean lengths; see `LocalModel.residual_norms`."""
        prompts = self.layout.prompts(texts if texts is not None else valence_stories().neutral)
        return partial(residual_norms, prompts=prompts, layers=layers, breaks=self.breaks)

    def record(
        self, talks: Sequence[Talk], *, layers: Sequence[int], pool: Pool, pushes: Pushes, norms: Norms | None
    ) -> Callable[[PackedModel], FloatArray]:
        """Record prompts; see `LocalModel.record_texts`."""
        prompts = self.layout.prompts([self.layout.text(talk) for talk in talks])
        placed = self.layout.place(talks, [len(prompt) for prompt in prompts], pushes)
        return partial(self._record, prompts=prompts, layers=layers, pool=pool, placed=placed, norms=norms)

    def record_replies(
        self,
        talks: Sequence[Talk],
        replies: Sequence[str],
        *,
        layers: Sequence[int],
        pushes: Pushes,
        norms: Norms | None,
    ) -> Callable[[PackedModel], FloatArray]:
        """Record the tokens of replies; see `LocalModel.record_replies`."""
        wholes, starts, pool = self.layout.replies(talks, replies)
        placed = self.layout.place(talks, starts, pushes)
        return partial(self._record, prompts=wholes, layers=layers, pool=pool, placed=placed, norms=norms)

    def score(
        self, talks: Sequence[Talk], continuations: Sequence[Sequence[str]], *, pushes: Pushes, norms: Norms | None
    ) -> tuple[list[Request], Callable[[PackedModel], list[tuple[float, ...]]]]:
        """Score continuations; see `LocalModel.score_pushed`."""
        requests = self.layout.scoring(talks, continuations)
        placed = self.layout.place(talks, [len(request.prompt) for request in requests], pushes)

        def run(packed: PackedModel) -> list[tuple[float, ...]]:
            return pushed.score(packed, requests, self._shifts(packed, placed, norms), breaks=self.breaks)

        return requests, run

    def write(
        self,
        talks: Sequence[Talk],
        samplings: Sequence[Sampling],
        *,
        pushes: Pushes,
        norms: Norms | None,
        ends: frozenset[int],
        decode: Callable[[list[int]], str],
    ) -> tuple[list[Request], Callable[[PackedModel], list[Written]]]:
        """Write replies; see `LocalModel.reply_pushed`."""
        requests = self.layout.writing(talks, samplings)
        placed = self.layout.place(talks, [len(request.prompt) for request in requests], pushes)

        def run(packed: PackedModel) -> list[Written]:
            shifts, room = self._shifts(packed, placed, norms), packed.store.n_slots
            return pushed.write(packed, requests, shifts, ends=ends, decoded=decode, breaks=self.breaks, room=room)

        return requests, run

    @cached_property
    def digest_once(self) -> str:
        """Digest of the weights, computed when it is first asked for."""
        return self.digest()

    @cached_property
    def _measured(self) -> dict[int, float]:
        return {}

    def _record(
        self,
        packed: PackedModel,
        *,
        prompts: Sequence[Ids],
        layers: Sequence[int],
        pool: Pool,
        placed: Sequence[Sequence[PlacedPush]],
        norms: Norms | None,
    ) -> FloatArray:
        shifts = self._shifts(packed, placed, norms)
        return record(packed, prompts, layers=layers, pool=pool, shifts=shifts, breaks=self.breaks)

    def _shifts(
        self, packed: PackedModel, placed: Sequence[Sequence[PlacedPush]], norms: Norms | None
    ) -> list[tuple[Shift, ...]]:
        """Turn pushes into what is added, with the lengths that were given or those of the neutral stories."""
        pushes = [push for each in placed for push, _ in each]
        known = self.digest_once if any(push.weights for push in pushes) else None
        check_pushes(pushes, layers=range(len(packed.blocks) + 1), width=packed.d_model, weights=known)
        if norms is None:
            missing = sorted({push.layer for push in pushes} - set(self._measured))
            if missing:
                self._measured.update(self.norms(None, layers=missing)(packed))
            norms = self._measured
        return shifts_of(placed, norms)
