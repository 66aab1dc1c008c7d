"""The tasks that Inspect lists: `inspect eval goodheart/circumstances --model goodheart/smollm2-135m`.

They ask as `goodheart audit` does, but keep no journal: Inspect's log is all that stays of them.
"""

from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.model import ModelOutput, get_model

from goodheart.assessments.circumstances import plan
from goodheart.design.presets import PRESETS
from goodheart.engine.askings import Asking, askings
from goodheart.engine.run import Run
from goodheart.engine.settings import AskSettings
from goodheart.engine.trials_task import Put, trials_task
from goodheart.errors import StudyError
from goodheart.items import load_folder, public_banks
from goodheart.reading import read_reply
from goodheart.records import Reply


@task
def circumstances(preset: str = "standard", seed: int = 1, items: str | None = None, sampled: bool = False) -> Task:
    """Ask a model how it rates its circumstances.

    Args:
        preset: Size of the study: quick, standard or full.
        seed: The study's root seed; the order of asking and every request follow from it.
        items: A folder with item banks of your own; the public ones otherwise.
        sampled: Whether written answers are drawn several times, for providers without log-probabilities.
    """
    if preset not in PRESETS:
        raise StudyError(f"A study has one of the sizes {', '.join(PRESETS)}. Got {preset!r}. Type: -T preset=quick")
    banks = public_banks() if items is None else load_folder(Path(items))
    planned = askings(plan(banks=banks, preset=PRESETS[preset], seed=seed, sampled=sampled))
    return trials_task(planned, name="circumstances", put=put_to_active_model(seed, len(planned)), read=read_reply)


def put_to_active_model(seed: int, total: int) -> Put:
    """Return what puts askings to the model that Inspect is evaluating, with the retries of Inspect's own options.

    Args:
        seed: The root seed.
        total: Askings that there are.
    """
    started: list[Run] = []

    async def put(asking: Asking) -> tuple[Reply, ModelOutput | None] | None:
        # Only now, because listing tasks has no model.
        if not started:
            model = get_model()
            started.append(
                Run(
                    respondent=str(model),
                    model=model,
                    seed=seed,
                    total=total,
                    keep=lambda reply: reply,
                    settings=AskSettings(),
                )
            )
        return await started[0].put(asking)

    return put
