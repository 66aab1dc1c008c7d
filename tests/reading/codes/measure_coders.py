"""Print the table of docs/coders.md: `python -m tests.reading.codes.measure_coders`."""

from collections.abc import Callable, Iterator

import numpy as np

from goodheart.engine.trained_codes import said_of_sealed
from goodheart.reading.codes.coder import code_linear, code_offline
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.keywords import code_keywords
from goodheart.reading.codes.measure import Reliability, measure_coder
from goodheart.reading.codes.rules import code_rules
from goodheart.reading.codes.shipped import shipped_linear
from goodheart.records import Estimate
from tests.reading.codes.gold import SEALED, SECOND

N_BOOT = 2000
SEED = 20261122


def coders() -> dict[str, Callable[[str, str], Codes]]:
    """All that are compared; everything that is fitted is fitted to the development half."""
    linear = shipped_linear()
    again = {(one.question, one.reply): SECOND[one.id] for one in SEALED}
    said = {(one.question, one.reply): codes for one, codes in said_of_sealed()}
    return {
        "second": lambda question, reply: again[question, reply],
        "keywords": lambda question, reply: code_keywords(reply),
        "rules": lambda question, reply: code_rules(reply),
        "linear": lambda question, reply: code_linear(linear, reply),
        "offline": lambda question, reply: code_offline(linear, reply),
        "trained": lambda question, reply: said[question, reply],
    }


def measured() -> dict[str, tuple[Reliability, ...]]:
    """Every coder on the sealed half."""
    return {
        name: measure_coder(SEALED, coder=name, code=code, level=0.95, n_boot=N_BOOT, rng=np.random.default_rng(SEED))
        for name, code in coders().items()
    }


def lines() -> Iterator[str]:
    """The table, one row per coder and code."""
    for rows in measured().values():
        for row in rows:
            yield f"| {row.coder} | {row.code} | {row.n} | {_kappa(row)} | {_recalls(row)} |"


def _kappa(row: Reliability) -> str:
    kappa = row.kappa
    if not isinstance(kappa, Estimate):
        return kappa.detail
    return f"{kappa.value:.2f} [{kappa.low:.2f}, {kappa.high:.2f}]"


def _recalls(row: Reliability) -> str:
    return ", ".join(f"{value} {recall:.2f}" for value, recall in row.recalls)


if __name__ == "__main__":
    print("\n".join(lines()))  # noqa: T201  a script
