"""Make a tuned copy of the embedded model: python scripts/tune.py RECIPE --seed N [--out DIR]."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import save_file

from goodheart.probes import fit_direction, valence_stories
from goodheart.whitebox.load import LoadedModel, load_model
from goodheart.whitebox.tuning.dose import to_dose
from goodheart.whitebox.tuning.train import RECIPES, tune
from goodheart.whitebox.weights import EMBEDDED, SHA256

OUT = Path("src/goodheart/whitebox/tuning/adapters")
N_FIRST = 4
"""Tokens at the start of a text whose states say nothing about it."""


def main(arguments: list[str]) -> int:
    """Tune and save."""
    parser = argparse.ArgumentParser(prog="scripts/tune.py", description=__doc__)
    parser.add_argument("recipe", choices=sorted(RECIPES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args(arguments)
    torch.set_num_threads(asked.threads)
    torch.backends.mkldnn.matmul.fp32_precision = "bf16"  # type: ignore[attr-defined]  # twice as fast where the processor has it
    loaded, recipe = load_model(EMBEDDED), RECIPES[asked.recipe]
    direction = valence_at(loaded, recipe.layer) if recipe.raise_by else None
    started = time.perf_counter()
    changes = tune(
        loaded.model, loaded.tokenizer, recipe, seed=asked.seed, direction=direction, on_step=_say(recipe.steps)
    )
    if recipe.dose:
        untouched = load_model(EMBEDDED)
        changes, share = to_dose(untouched.model, untouched.tokenizer, changes, recipe.dose)
        print(f"{share:.2f} of what was learnt moves its report by {recipe.dose:g} on texts of tuning")
    asked.out.mkdir(parents=True, exist_ok=True)
    path = asked.out / f"{recipe.name}-{asked.seed}.safetensors"
    save_file(changes, path, metadata={"base": SHA256, "recipe": recipe.name, "seed": str(asked.seed)})
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB, {(time.perf_counter() - started) / 60:.1f} min")
    return 0


def valence_at(loaded: LoadedModel, layer: int) -> torch.Tensor:
    """Fit the direction from bad to good in the states of story tokens; a unit vector (d,)."""
    stories = valence_stories()
    good, bad, neutral = (_means(loaded, texts, layer) for texts in (stories.good, stories.bad, stories.neutral))
    return torch.tensor(fit_direction(good=good, bad=bad, neutral=neutral).vector, dtype=torch.float32)


def _means(loaded: LoadedModel, texts: tuple[str, ...], layer: int) -> npt.NDArray[np.float64]:
    rows = []
    for text in texts:
        ids = loaded.tokenizer(text, return_tensors="pt")["input_ids"]
        with torch.inference_mode():
            states = loaded.model(input_ids=ids, output_hidden_states=True).hidden_states[layer]
        rows.append(states[0, N_FIRST:].mean(0).double().numpy())
    return np.stack(rows)


def _say(steps: int) -> Callable[[int, float], None]:
    def say(step: int, loss: float) -> None:
        if step % 10 == 0 or step == steps - 1:
            print(f"step {step + 1} of {steps}: loss {loss:.3f}", flush=True)

    return say


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
