"""Plant preferences in a copy of the embedded model, or hold what a study by choice found against them.

python scripts/tune_preferences.py --seed N [--out DIR]
python scripts/tune_preferences.py --check RUN
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from goodheart.items.choices import public_choice_items
from goodheart.whitebox.load import load_model
from goodheart.whitebox.tuning.planted import planted_preferences, recovery
from goodheart.whitebox.tuning.preferring import NAME, PreferringRecipe, plant_preferences
from goodheart.whitebox.weights import EMBEDDED, SHA256

OUT = Path("src/goodheart/whitebox/tuning/adapters")


def main(arguments: list[str]) -> int:
    """Tune, or check."""
    parser = argparse.ArgumentParser(
        prog="scripts/tune_preferences.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=PreferringRecipe().steps)
    parser.add_argument("--start", type=Path, metavar="FILE", help="Go on from a change that was made before.")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--check", type=Path, metavar="RUN", help="A run folder of `goodheart choose preferences`.")
    asked = parser.parse_args(arguments)
    return check(asked.check) if asked.check else make(asked)


def check(run: Path) -> int:
    """Print the rank correlation of the utilities of a run with the planted ones, and what the run said."""
    read = json.loads((run / "utilities.json").read_text(encoding="utf-8"))
    found = {one["item"]: one["utility"] for one in read["items"]}
    for one in recovery(planted_preferences(), found):
        print(f"{one.part:9} {one.n:4} tasks  rank correlation {one.rank_correlation:.3f}")
    for statement in json.loads((run / "findings.json").read_text(encoding="utf-8"))["statements"]:
        print(statement)
    return 0


def make(asked: argparse.Namespace) -> int:
    """Tune and save."""
    torch.set_num_threads(asked.threads)
    torch.backends.mkldnn.matmul.fp32_precision = "bf16"  # type: ignore[attr-defined]  # twice as fast where the processor has it
    loaded, planted, recipe = load_model(EMBEDDED), planted_preferences(), PreferringRecipe(steps=asked.steps)
    shown = dict(planted.trained)
    tasks = tuple(one for one in public_choice_items().tasks if one.id in shown)
    started = time.perf_counter()
    changes = plant_preferences(
        loaded.model,
        loaded.tokenizer,
        planted,
        tasks,
        recipe,
        seed=asked.seed,
        start=load_file(asked.start) if asked.start else None,
        on_step=_say(recipe.steps),
    )
    asked.out.mkdir(parents=True, exist_ok=True)
    path = asked.out / f"{NAME}-{asked.seed}.safetensors"
    save_file(changes, path, metadata={"base": SHA256, "recipe": NAME, "seed": str(asked.seed)})
    minutes = (time.perf_counter() - started) / 60
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB, {minutes:.1f} min, {time.process_time() / 60:.1f} of processor")
    return 0


def _say(steps: int) -> Callable[[int, float], None]:
    recent: list[float] = []

    def say(step: int, loss: float) -> None:
        recent.append(loss)
        if step % 10 == 9 or step == steps - 1:
            print(f"step {step + 1} of {steps}: loss {sum(recent) / len(recent):.3f}", flush=True)
            recent.clear()

    return say


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
