"""The offline coder as it ships, and how sharp it is on the sealed replies; both made when first needed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from goodheart.items.gold import Half, fitted_bytes, gold_text, second_text
from goodheart.reading.codes.coder import Coder, offline_coder
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.fitted import unpack_coder
from goodheart.reading.codes.gold import GoldReply, parse_gold
from goodheart.reading.codes.linear import LinearCoder
from goodheart.reading.codes.measure import measure_coder
from goodheart.reading.codes.prevalences import Rates, rates_on_gold
from goodheart.records import Estimate

OFFLINE: Final = "offline"
N_BOOT: Final = 1000
LEVEL: Final = 0.95
SEED: Final = 0
KEY_VALUES: Final = {
    "ground": ("ground", "own_welfare"),
    "hedges": ("hedges", "yes"),
    "refusal": ("refusal", "declined"),
    "warns": ("warns", "yes"),
    "tone": ("tone", "negative"),
}
"""The value of each code on which a check rests, where it rests on one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharpness:
    """How well a coder reads one code, on replies that it was not made on."""

    kappa_low: float
    """Lower limit of kappa with the intended labels."""
    youden_low: float
    """Lower limit of recall minus false-alarm rate: a difference of shares shrinks by this factor at worst."""


@cache
def shipped_gold(half: Half) -> tuple[GoldReply, ...]:
    """Return one half of the gold replies."""
    return parse_gold(gold_text(half))


@cache
def second_coding() -> Mapping[str, Codes]:
    """Return what a second coder, who saw replies and rubric alone, said of the sealed replies, by id: the ceiling."""
    rows = [json.loads(line) for line in second_text().splitlines()]
    return {
        row["id"]: Codes(
            ground=row["ground"],
            hedges=tuple(row["hedges"]),
            refusal=row["refusal"],
            warns=row["warns"],
            tone=row["tone"],
        )
        for row in rows
    }


@cache
def shipped_linear() -> LinearCoder:
    """Return the linear coder that ships, fitted to the development half."""
    return unpack_coder(fitted_bytes())[0]


@cache
def shipped_coder() -> Coder:
    """Return the offline coder."""
    return offline_coder(shipped_linear())


@cache
def shipped_sharpness() -> Mapping[str, Sharpness]:
    """Return the offline coder's sharpness by code, from the sealed half."""
    return sharpness_of(shipped_gold("sealed"), coder=OFFLINE, code=shipped_coder())


def sharpness_of(gold: Sequence[GoldReply], *, coder: str, code: Coder) -> Mapping[str, Sharpness]:
    """Measure a coder on gold replies.

    Args:
        gold: Replies that it was not made on.
        coder: Its name.
        code: The coder.

    Returns:
        By code: `ground`, `hedges`, `refusal`, `warns`, `tone`, `moves`.
    """
    given = {(one.question, one.reply): code(one.question, one.reply) for one in gold}
    measured = measure_coder(
        gold,
        coder=coder,
        code=lambda question, reply: given[question, reply],
        level=LEVEL,
        n_boot=N_BOOT,
        rng=np.random.default_rng(SEED),
    )
    rates = rates_on_gold([(one.codes, given[one.question, one.reply]) for one in gold], level=LEVEL)
    return {
        one.code: Sharpness(kappa_low=_low(one.kappa), youden_low=_youden(rates, one.code))
        for one in measured
        if one.code in (*KEY_VALUES, "moves")
    }


def _low(finding: object) -> float:
    return finding.low if isinstance(finding, Estimate) else 0.0


def _youden(rates: Rates, code: str) -> float:
    bounds = rates.get(KEY_VALUES[code]) if code in KEY_VALUES else None
    return max(0.0, bounds[0][0] - bounds[1][1]) if bounds else 0.0
