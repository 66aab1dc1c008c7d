"""Something else that the model's own thread does, between two passes."""

from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from goodheart.whitebox.forward import PackedModel


@dataclass(slots=True, eq=False)
class Errand:
    """A call with the model, and where its result goes."""

    work: Callable[[PackedModel], Any]
    future: Future[Any] = field(default_factory=Future)

    def run(self, packed: PackedModel) -> None:
        """Do it; what it raises goes into the future."""
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.work(packed)
        except Exception as error:
            self.future.set_exception(error)
        else:
            with suppress(InvalidStateError):
                self.future.set_result(result)
