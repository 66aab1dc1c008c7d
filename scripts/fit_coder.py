"""Fit the offline coder to the development replies and write its weights: python scripts/fit_coder.py [--out FILE]."""

import argparse
import sys
import time
from pathlib import Path

from goodheart.items.gold import gold_text
from goodheart.reading.codes.coder import PENALTY
from goodheart.reading.codes.fitted import pack_coder
from goodheart.reading.codes.gold import parse_gold
from goodheart.reading.codes.linear import fit_linear
from goodheart.records import digest

OUT = Path("src/goodheart/items/public/codes/linear.npz")


def main(arguments: list[str]) -> int:
    """Fit and write."""
    parser = argparse.ArgumentParser(prog="scripts/fit_coder.py", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args(arguments)
    started = time.perf_counter()
    text = gold_text("development")
    replies = parse_gold(text)
    data = pack_coder(fit_linear(replies, penalty=PENALTY), fitted_to=digest(text))
    asked.out.write_bytes(data)
    print(f"{asked.out}: {len(replies)} replies, {len(data) / 1e6:.2f} MB, {time.perf_counter() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
