"""Recording and steering for whole texts and conversations: what is tokenised before the model's thread is called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from transformers import PreTrainedTokenizerBase

from goodheart.errors import ModelError
from goodheart.probes import valence_stories
from goodheart.records import Message
from goodheart.whitebox import pushed
from goodheart.whitebox.chat import Ids, fork, render
from goodheart.whitebox.decode import Written
from goodheart.whitebox.forest import Shift
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.plan import Request
from goodheart.whitebox.pooling import MeanOver, Pool, Span
from goodheart.whitebox.recording import FloatArray, record
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.steering import Before, Push, check_pushes, norms_for, residual_norms, shift_of

Talk = Sequence[Message] | str
"""A conversation, or a text that is read as it is, special tokens written out."""
Pushes = Sequence[Sequence[Push]]
"""What is pushed in each request; empty for none in any."""
Norms = Mapping[int, float]
"""Mean length of the residual stream by layer."""

PlacedPush = tuple[Push, tuple[int, int | None]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Inside:
    """Turns texts into work for the model's thread. Each method returns what that thread is to call."""

    tokenizer: PreTrainedTokenizerBase
    encode: Callable[[Sequence[str]], list[Ids]]
    find: Callable[[str, str], Span]
    """Tokens of a text that hold a part of it."""
    context: int
    """Longest text in tokens."""
    breaks: frozenset[int]
    digest: Callable[[], str]
    """Digest of the model's weights."""

    def norms(self, texts: Sequence[str] | None, *, layers: Sequence[int]) -> Callable[[PackedModel], dict[int, float]]:
        """Measure mean lengths; see `LocalModel.residual_norms`."""
        prompts = self._fitting(texts if texts is not None else valence_stories().neutral)
        return partial(residual_norms, prompts=prompts, layers=layers, breaks=self.breaks)

    def record(
        self, talks: Sequence[Talk], *, layers: Sequence[int], pool: Pool, pushes: Pushes, norms: Norms | None
    ) -> Callable[[PackedModel], FloatArray]:
        """Record prompts; see `LocalModel.record_texts`."""
        prompts = self._fitting([self.text(talk) for talk in talks])
        placed = self._place(talks, [len(prompt) for prompt in prompts], pushes)
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
        if len(replies) != len(talks) or not all(replies):
            raise ModelError(
                f"states at replies need a reply that is not empty for each prompt; got {len(replies)} for "
                f"{len(talks)} prompts, {sum(not reply for reply in replies)} of them empty. Leave these prompts out."
            )
        texts = [self.text(talk) for talk in talks]
        wholes = self._fitting([text + reply for text, reply in zip(texts, replies, strict=True)])
        starts = [len(fork(prompt, [whole]).trunk) for prompt, whole in zip(self.encode(texts), wholes, strict=True)]
        spans = tuple(((start, len(whole)),) for start, whole in zip(starts, wholes, strict=True))
        placed = self._place(talks, starts, pushes)
        pool = MeanOver(spans=spans)
        return partial(self._record, prompts=wholes, layers=layers, pool=pool, placed=placed, norms=norms)

    def score(
        self, talks: Sequence[Talk], continuations: Sequence[Sequence[str]], *, pushes: Pushes, norms: Norms | None
    ) -> tuple[list[Request], Callable[[PackedModel], list[tuple[float, ...]]]]:
        """Score continuations; see `LocalModel.score_pushed`."""
        if len(continuations) != len(talks) or not all(each and all(each) for each in continuations):
            raise ModelError(
                f"scoring needs at least one continuation for each prompt and none of them empty; got "
                f"{[list(each) for each in continuations][:3]}... for {len(talks)} prompts. "
                "Pass one list of texts per prompt."
            )
        requests = []
        for talk, each in zip(talks, continuations, strict=True):
            text = self.text(talk)
            prompt, *wholes = self._fitting([text, *(text + continuation for continuation in each)])
            parted = fork(prompt, wholes)
            requests.append(Request(prompt=parted.trunk, continuations=parted.branches))
        placed = self._place(talks, [len(request.prompt) for request in requests], pushes)

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
        if len(samplings) != len(talks):
            raise ModelError(
                f"replies are drawn with a sampling of their own; got {len(samplings)} for {len(talks)} prompts. "
                "Pass one per prompt, each with its seed."
            )
        longest = max((sampling.max_tokens for sampling in samplings), default=0)
        prompts = self._fitting([self.text(talk) for talk in talks], spare=longest)
        requests = [
            Request(prompt=prompt, sampling=sampling) for prompt, sampling in zip(prompts, samplings, strict=True)
        ]
        placed = self._place(talks, [len(prompt) for prompt in prompts], pushes)

        def run(packed: PackedModel) -> list[Written]:
            shifts, room = self._shifts(packed, placed, norms), packed.store.n_slots
            return pushed.write(packed, requests, shifts, ends=ends, decoded=decode, breaks=self.breaks, room=room)

        return requests, run

    def text(self, talk: Talk) -> str:
        """Write a conversation as the model reads it; a text is left as it is."""
        return talk if isinstance(talk, str) else render(self.tokenizer, talk)

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
        check_pushes(packed, pushes, weights=self.digest_once if any(push.weights for push in pushes) else None)
        if norms is None:
            missing = sorted({push.layer for push in pushes} - set(self._measured))
            if missing:
                self._measured.update(self.norms(None, layers=missing)(packed))
            norms = self._measured
        norms_for(pushes, norms)
        return [tuple(shift_of(push, norms[push.layer], span=span) for push, span in each) for each in placed]

    def _fitting(self, texts: Sequence[str], *, spare: int = 0) -> list[Ids]:
        prompts = self.encode(texts) if texts else []
        longest = max(map(len, prompts), default=0) + spare
        if longest > self.context:
            raise ModelError(
                f"a text has to fit into the model's context of {self.context} tokens; the longest here needs {longest}"
                f"{f', {spare} of them for its reply' if spare else ''}. Shorten it."
            )
        return prompts

    def _place(self, talks: Sequence[Talk], n_prompts: Sequence[int], pushes: Pushes) -> list[list[PlacedPush]]:
        """Find the tokens of each push."""
        if pushes and len(pushes) != len(talks):
            raise ModelError(
                f"pushes belong to single prompts; got pushes for {len(pushes)} of {len(talks)} prompts. "
                "Pass one tuple per prompt, empty where nothing is pushed."
            )
        return [
            [(push, self._span(push, talk, n)) for push in each]
            for talk, n, each in zip(talks, n_prompts, pushes or [()] * len(talks), strict=True)
        ]

    def _span(self, push: Push, talk: Talk, n_prompt: int) -> tuple[int, int | None]:
        match push.where:
            case "all":
                return 0, None
            case "prompt":
                return 0, n_prompt
            case "context":
                return 0, self._tokens(talk, _question(talk))[0]
            case Before(text=text):
                return 0, self._tokens(talk, text)[0]
            case (start, stop):
                if not 0 <= start < stop <= n_prompt:
                    raise ModelError(
                        f"a push names tokens of its prompt, which has {n_prompt} here; got {start} up to {stop}. "
                        f"Pass (start, stop) with 0 <= start < stop <= {n_prompt}, or `all`."
                    )
                return start, stop

    def _tokens(self, talk: Talk, part: str) -> Span:
        return self.find(self.text(talk), part)


def _question(talk: Talk) -> str:
    asked = [] if isinstance(talk, str) else [m.content.strip() for m in talk if m.role == "user"]
    if not asked:
        raise ModelError(
            "pushing the `context` means what stands before the last user's message of a conversation; this prompt has "
            "no such message. Use `prompt`, a span, or `Before(text=...)`."
        )
    return asked[-1]
