"""The trained coder at work: the one module beside it that loads a model to code."""

from collections.abc import Sequence

from goodheart.engine.progress import Clock
from goodheart.engine.trained_codes import TRAINED, OnCoded
from goodheart.reading.codes.replies import CodedReply, WrittenReply
from goodheart.whitebox.coding.shipped import shipped_trained


def code_trained(written: Sequence[WrittenReply], *, on_coded: OnCoded | None = None) -> tuple[CodedReply, ...]:
    """Code replies.

    Raises:
        ModelError: the embedded weights are not there.
    """
    clock = Clock(len(written))

    def tell(done: int) -> None:
        for _ in range(done - clock.done):
            progress = clock.tick(failed=False)
        if on_coded is not None:
            on_coded(progress)

    codes = shipped_trained().code([(one.question, one.reply) for one in written], on_done=tell)
    return tuple(CodedReply(id=one.id, codes=own, coder=TRAINED) for one, own in zip(written, codes, strict=True))
