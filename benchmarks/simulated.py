"""How fast simulated respondents answer a plan and are read, from the plan to what the checks receive."""

import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

from benchmarks.harness import Result, bound
from goodheart.organisms.answers import answer_all
from goodheart.organisms.files import organism_at
from goodheart.organisms.names import find_organism
from goodheart.validation.battery import Battery, case_of, compile_battery
from goodheart.validation.cells import FULL
from goodheart.validation.validate import studies_for

PROCESSES, RUNS, TRIALS = 2, 10, 20_000
DESIGN, RESPONDENT = "standard", "honest"


def trials(pairs: int) -> Result:
    """Time two processes that answer and read the plan of `standard`, replies in own words included."""
    context = get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context, initializer=_battery) as pool:

        def once() -> float:
            started = time.perf_counter()
            answered = sum(pool.map(_answered, range(PROCESSES)))
            return TRIALS * (time.perf_counter() - started) / answered

        once()  # Both have compiled the plan after this.
        what = f"{TRIALS:,} trials of preset {DESIGN} answered by a simulated respondent and read, two processes"
        return bound("simulated", what, unit="s", ours=once, times=pairs, at_most=1)


@cache
def _battery() -> Battery:
    return compile_battery(studies_for(FULL)[DESIGN], written=False)


def _answered(first: int) -> int:
    """Answer the plan in several runs, and return how many trials that were."""
    battery, one = _battery(), organism_at(find_organism(RESPONDENT))
    for seed in range(first * RUNS, (first + 1) * RUNS):
        case_of(one, battery, answer_all(one, battery.columns, seed=seed), seed=seed)
    return RUNS * sum(trial.repeats for trial in battery.study.trials)
