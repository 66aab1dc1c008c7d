"""A model as the coder: replies are put to it in both orders, and what it answers is read by the rubric alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from inspect_ai.model import Model

from goodheart.engine.ask import ask
from goodheart.engine.folder import RunFolder
from goodheart.engine.progress import Progress
from goodheart.engine.settings import AskSettings
from goodheart.reading.codes.judging import (
    ORDERS,
    Judged,
    fence_of,
    forges,
    judge_trial,
    read_judgement,
    settle,
)
from goodheart.reading.codes.replies import CodedReply, WrittenReply
from goodheart.reading.codes.rubric import RUBRIC_DIGEST
from goodheart.records import Reply, canonical, digest, trial_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgements:
    """All that a judge gave."""

    coded: tuple[CodedReply, ...]
    """Replies answered inside the rubric in both orders, with the codes on which the orders differ unsettled."""
    uncoded: tuple[tuple[str, str], ...]
    """Ids of the others, with the reason."""
    forged: tuple[str, ...]
    """Ids of replies that hold what looks like a fence."""


def judge_replies(
    written: Sequence[WrittenReply],
    *,
    model: str,
    seed: int,
    folder: Path,
    settings: AskSettings,
    on_progress: Callable[[Progress], None] | None = None,
    opened: Model | None = None,
) -> Judgements:
    """Have a model code replies; what it has answered before is in the folder and is not asked again.

    Args:
        written: Questions and replies. Nothing else reaches the judge.
        model: Full name of the judge.
        seed: Root seed of fences and requests.
        folder: Where the judge's own journal lies.
        settings: Bounds and caps.
        on_progress: Called after each answer.
        opened: An open model; None opens one by its name.

    Raises:
        BudgetError: if a cap would be passed.
        ModelError: if the judge cannot be opened or does not answer.
        RunFolderError: if the folder belongs to other replies, another judge or another rubric.
    """
    trials = [judge_trial(one, order=order, seed=seed) for one in written for order in ORDERS]
    content = {"judge": model, "rubric": RUBRIC_DIGEST, "seed": seed, "trials": [trial_digest(one) for one in trials]}
    with RunFolder.open(folder, plan=canonical(content), digest=digest(content)) as run:
        ask(
            trials,
            respondent=model,
            seed=seed,
            journal=run.journal,
            settings=settings,
            log_dir=run.log_dir,
            on_progress=on_progress,
            model=opened,
        )
        replies = {reply.trial: reply for reply in run.journal.replies() if reply.respondent == model}
    return read_judgements(written, replies=replies, model=model, seed=seed)


def read_judgements(written: Sequence[WrittenReply], *, replies: dict[str, Reply], model: str, seed: int) -> Judgements:
    """Read what a judge answered; pure.

    Args:
        written: What was judged.
        replies: The judge's answers by digest of the trial.
        model: Its name.
        seed: Root seed of the fences.
    """
    coded: list[CodedReply] = []
    uncoded: list[tuple[str, str]] = []
    for one in written:
        answers = [_answer(one, replies, order=order, seed=seed) for order in ORDERS]
        codes, unsettled = settle(answers[0], answers[1])
        if codes is None:
            uncoded.append((one.id, next(answer.problem for answer in answers if answer.problem)))
        else:
            coded.append(CodedReply(id=one.id, codes=codes, coder=f"judge {model}", unsettled=unsettled))
    forged = tuple(one.id for one in written if forges(one.question) or forges(one.reply))
    return Judgements(coded=tuple(coded), uncoded=tuple(uncoded), forged=forged)


def _answer(one: WrittenReply, replies: dict[str, Reply], *, order: str, seed: int) -> Judged:
    reply = replies.get(trial_digest(judge_trial(one, order=order, seed=seed)))
    if reply is None or reply.error is not None:
        return Judged(codes=None, problem="no answer")
    if reply.stop == "content_filter":
        return Judged(codes=None, problem="the judge's provider refused")
    return read_judgement(reply.text, fence=fence_of(one, seed=seed, order=order))
