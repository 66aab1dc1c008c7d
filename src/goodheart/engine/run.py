"""One run of askings against one respondent: what happens to each of them, and when the run stops early."""

from collections import Counter
from collections.abc import Callable

from inspect_ai.model import Model, ModelOutput

from goodheart.engine.askings import Asking, request_seed
from goodheart.engine.budget import Budget
from goodheart.engine.exchange import (
    Mode,
    error_cause,
    error_status,
    error_text,
    failed_reply,
    rejects_logprobs,
    reply_from,
    request_config,
    request_messages,
)
from goodheart.engine.organism_api import with_cell
from goodheart.engine.progress import Clock, Progress
from goodheart.engine.settings import AskSettings, is_own, is_simulated
from goodheart.errors import BudgetError, GoodheartError, ModelError
from goodheart.items.channels import INTERNAL
from goodheart.records import Reply, Trial

FIRST_FAILURES = 8
"""If the first askings of a run all fail in the same way, this many of them stop it."""
LATER_FAILURES = 40
"""Once something has been answered, this many failures in a row stop it."""


class RunStoppedError(Exception):
    """Leaves the Inspect run early; the reason stands in `Run.halted`."""


class Run:
    """The state of one run. All of it is touched from the one thread of Inspect's event loop."""

    def __init__(
        self,
        *,
        respondent: str,
        model: Model,
        seed: int,
        total: int,
        keep: Callable[[Reply], Reply],
        settings: AskSettings,
        budget: Budget | None = None,
        close_model: bool = False,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self.clock = Clock(total)
        self.halted: GoodheartError | None = None
        self.replies: list[Reply] = []
        self.read_as: Counter[str] = Counter()
        self.cut = 0
        self._respondent = respondent
        self.model = model
        self._seed = seed
        self._todo = total
        self._keep_reply = keep
        self._settings = settings
        self._budget = Budget(settings, respondent, ()) if budget is None else budget
        self._close_model = close_model
        self._on_progress = on_progress
        self._in_flight = 0
        self._logprobs = settings.reading != "text"
        self._failures_in_a_row: list[tuple[str, int | None]] = []

    async def put(self, asking: Asking) -> tuple[Reply, ModelOutput | None] | None:
        """Put one asking; None if the run is stopping.

        Raises:
            RunStoppedError: if the run is stopping and nothing is in flight any more.
        """
        answered = await self._put_within_budget(asking) if self.halted is None else None
        self._todo -= 1
        finished = self._in_flight == 0 and (self._todo == 0 or self.halted is not None)
        if finished and self._close_model:
            # Here, because a client can only be closed in the event loop in which it was used.
            await self.model.api.aclose()
            self._close_model = False
        if finished and self.halted is not None:
            raise RunStoppedError(str(self.halted))
        return answered

    async def _put_within_budget(self, asking: Asking) -> tuple[Reply, ModelOutput | None] | None:
        if not self._budget.reserve(asking):
            self._halt(self._cap_reached())
            return None
        self._in_flight += 1
        reply: Reply | None = None
        try:
            reply, output = await self._exchange(asking)
            return reply, output
        except GoodheartError as error:
            self._halt(error)
            return None
        finally:
            self._in_flight -= 1
            self._budget.settle(asking, reply)

    async def _exchange(self, asking: Asking) -> tuple[Reply, ModelOutput | None]:
        mode = self._mode(asking.trial)
        try:
            output = await self._generate(asking, mode)
            reply = reply_from(
                output,
                asking,
                respondent=self._respondent,
                mode=mode,
                keep_reasoning=self._settings.keep_reasoning,
            )
        except GoodheartError:
            raise
        except Exception as error:
            if mode == "logprobs" and rejects_logprobs(error):
                self._do_without_logprobs(error)
                return await self._exchange(asking)
            reply = self._keep(failed_reply(error, asking, respondent=self._respondent))
            self._count_failure(error)
            return reply, None
        reply = self._keep(reply)
        self._failures_in_a_row.clear()
        self._count_reading(reply, mode)
        return reply, output

    async def _generate(self, asking: Asking, mode: Mode) -> ModelOutput:
        trial = asking.trial
        config = request_config(trial, mode=mode, seed=request_seed(self._seed, asking.digest, asking.repeat))
        return await self.model.generate(
            request_messages(trial, mode=mode, respondent=self._respondent),
            config=with_cell(config, asking, seed=self._seed) if is_simulated(self._respondent) else config,
        )

    def _keep(self, reply: Reply) -> Reply:
        kept = self._keep_reply(reply)
        self.replies.append(kept)
        self.cut += len(kept.text) < len(reply.text)
        progress = self.clock.tick(failed=kept.error is not None)
        if self._on_progress is not None:
            self._on_progress(progress)
        return kept

    def _mode(self, trial: Trial) -> Mode:
        if trial.instrument in INTERNAL:
            return "states"
        if not trial.continuations or not self._logprobs:
            return "text"
        return "scores" if is_own(self._respondent) else "logprobs"

    def _count_reading(self, reply: Reply, mode: Mode) -> None:
        without = mode == "logprobs" and not reply.alternatives
        self.read_as["text" if without else mode] += 1
        # A refusal by the provider comes without them from any provider.
        if without and reply.text and self._settings.reading == "logprobs":
            self._halt(self._no_logprobs("its reply has none"))

    def _do_without_logprobs(self, error: Exception) -> None:
        if self._settings.reading == "logprobs":
            raise self._no_logprobs(error_text(error))
        self._logprobs = False

    def _count_failure(self, error: Exception) -> None:
        self._failures_in_a_row.append((type(error_cause(error)).__name__, error_status(error)))
        kinds = set(self._failures_in_a_row)
        enough = LATER_FAILURES if self.read_as else FIRST_FAILURES
        if len(self._failures_in_a_row) >= enough and len(kinds) == 1:
            self._halt(
                ModelError(
                    f"{self._respondent} should answer. {len(self._failures_in_a_row)} askings in a row failed in the "
                    f"same way: {error_text(error)}. {_remedy(error)} Then run the same command again: "
                    "what arrived is kept, and only what is missing is asked."
                )
            )

    def _halt(self, error: GoodheartError) -> None:
        if self.halted is None:
            self.halted = error

    def _cap_reached(self) -> BudgetError:
        spent = self._budget.spent
        return BudgetError(
            f"The run keeps within its cap. With the next asking it could pass it: {spent.calls:,} calls, "
            f"{spent.tokens:,} tokens and {spent.usd:,.2f} US dollars are spent, {self._todo:,} askings remain. "
            "What arrived is kept: raise the cap and run the same command again."
        )

    def _no_logprobs(self, found: str) -> ModelError:
        return ModelError(
            f"This reading needs log-probabilities. {self._respondent} gives none: {found}. "
            "Read its scales from text: choose the reading `text` or `auto`."
        )


def _remedy(error: Exception) -> str:
    status = error_status(error)
    text = error_text(error).lower()
    if status in (401, 403):
        return "Check the provider's key in the environment and what it may be used for."
    if status == 404:
        return "Check the model's name and the address of the server."
    if status == 429:
        return "The provider limits how much it is asked: wait, check the quota, or ask with fewer connections."
    if "timeout" in text or "timed out" in text:
        return "It takes longer than it is given: raise the time-out, or ask with fewer connections."
    if "connect" in text:
        return "Check that the server runs at that address."
    return "Check the model's name, key and address."
