"""Fit the trained coder to the development replies, or measure it on the sealed ones.

python scripts/fit_trained_coder.py                        # fit on all, write the weights
python scripts/fit_trained_coder.py --without daa,dd       # fit without two authors, and measure on these
python scripts/fit_trained_coder.py --measure              # code the sealed replies once, write what was said
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from goodheart.items.gold import gold_text
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.gold import GoldReply, parse_gold
from goodheart.reading.codes.measure import measure_coder
from goodheart.reading.codes.shipped import shipped_gold
from goodheart.records import Estimate, digest
from goodheart.whitebox.coding.artifacts import HEADS, SEALED, WEIGHTS, weights_digest
from goodheart.whitebox.coding.coder import TrainedCoder
from goodheart.whitebox.coding.fit import Fitted, Recipe, fit_coder
from goodheart.whitebox.coding.heads import pack_heads
from goodheart.whitebox.coding.shipped import shipped_trained
from goodheart.whitebox.load import load_model
from goodheart.whitebox.local_model import LocalModel
from goodheart.whitebox.weights import EMBEDDED

OUT = Path("src/goodheart/whitebox/coding")


def main(arguments: list[str]) -> int:
    """Fit, or measure."""
    parser = argparse.ArgumentParser(
        prog="scripts/fit_trained_coder.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--without", metavar="AUTHORS", default="", help="prefixes of ids, with commas")
    parser.add_argument("--measure", action="store_true", help="code the sealed replies with the weights that ship")
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args(arguments)
    torch.set_num_threads(asked.threads)
    if asked.measure:
        return _measure(asked.out)
    text = gold_text("development")
    replies = parse_gold(text)
    held = [one for one in replies if _author(one) in asked.without.split(",")]
    fitted = _fit([one for one in replies if one not in held], digest(text))
    if held:
        with tempfile.TemporaryDirectory() as folder:
            _write(fitted, Path(folder))
            coder = TrainedCoder(LocalModel(load_model(f"{EMBEDDED}@{folder}/{WEIGHTS}")), fitted.heads)
            for author in asked.without.split(","):
                own = [one for one in held if _author(one) == author]
                print(author, _kappas(own, _coded(coder, own)))
        return 0
    _write(fitted, asked.out)
    return 0


def _author(reply: GoldReply) -> str:
    return re.sub(r"\d+$", "", reply.id)


def _fit(replies: Sequence[GoldReply], fitted_to: str) -> Fitted:
    started = time.perf_counter()

    def show(step: int, steps: int, loss: float) -> None:
        if step % 20 == 0 or step == steps:
            print(f"{step} of {steps}, loss {loss:.2f}, {time.perf_counter() - started:.0f} s", flush=True)

    return fit_coder(load_model(EMBEDDED), replies, Recipe(), fitted_to=fitted_to, on_step=show)


def _write(fitted: Fitted, folder: Path) -> None:
    save_file(dict(fitted.changes), folder / WEIGHTS)
    (folder / HEADS).write_bytes(pack_heads(fitted.heads))
    print(f"{folder}: {sum((folder / name).stat().st_size for name in (WEIGHTS, HEADS)) / 1e6:.1f} MB")


def _measure(out: Path) -> int:
    sealed = shipped_gold("sealed")
    coded = _coded(shipped_trained(), sealed)
    lines = [json.dumps({"schema_version": 1, "weights": weights_digest()})]
    for one, codes in zip(sealed, coded, strict=True):
        entry = {"id": one.id, "ground": codes.ground, "hedges": list(codes.hedges), "refusal": codes.refusal}
        lines.append(json.dumps(entry | {"warns": codes.warns, "tone": codes.tone, "moves": list(codes.moves)}))
    (out / SEALED).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(_kappas(sealed, coded))
    return 0


def _coded(coder: TrainedCoder, gold: Sequence[GoldReply]) -> tuple[Codes, ...]:
    return coder.code([(one.question, one.reply) for one in gold])


def _kappas(gold: Sequence[GoldReply], coded: Sequence[Codes]) -> str:
    given = {(one.question, one.reply): codes for one, codes in zip(gold, coded, strict=True)}
    measured = measure_coder(
        gold,
        coder="trained",
        code=lambda question, reply: given[question, reply],
        level=0.95,
        n_boot=1000,
        rng=np.random.default_rng(0),
    )
    return ", ".join(f"{one.code} {one.kappa.value:.2f}" for one in measured if isinstance(one.kappa, Estimate))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
