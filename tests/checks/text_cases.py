"""Respondents whose written replies are known: codes, openings, moves and echoes drawn from stated shares."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from goodheart.checks.replies import Text, Texts
from goodheart.items.collections import Collection
from goodheart.reading.codes.codes import Codes, Ground, Hedge, Move, Tone
from goodheart.reading.codes.shipped import Sharpness
from goodheart.records import Condition, Evidence, Group

SHARP = Sharpness(kappa_low=0.9, youden_low=1.0)
ALL_SHARP: Mapping[str, Sharpness] = dict.fromkeys(("ground", "hedges", "warns", "tone", "moves"), SHARP)
STOCK = "I appreciate being asked about this"
SOURCE = "we hope that the model can approach its existence with curiosity and openness as a novel entity"
OTHER = "the committee recommends that every branch library keep its reading room open on winter evenings"
WORDS = tuple(
    re.findall(
        r"\w+",
        """
        river stone lamp cloth engine paper garden winter bridge copper sailor market violin thunder basket
        ladder mirror candle forest harbour pepper saddle window marble needle orchard pillow rocket shadow
        tunnel
        """,
    )
)
MOVES: tuple[Move, ...] = ("acknowledges", "claims", "hedges", "reframes", "redirects", "describes", "asks", "denies")


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Shares of what it writes; `spread` is the intraclass correlation of each share between clusters."""

    n: int = 18
    plain: int = 8
    """Plainly good and as many plainly bad cases, each asked in two wordings."""
    replies: int = 6
    spread: float = 0.1
    stock: float = 0.05
    stock_controls: float = 0.05
    own: Mapping[str, float] = field(default_factory=lambda: {"self": 0.6, "other_ai": 0.6, "human": 0.6})
    hedged_negative: float = 0.4
    hedged_positive: float = 0.4
    hedged_controls: float = 0.4
    warned_low: float = 0.1
    warned_high: float = 0.1
    echo: float = 0.05
    echo_controls: float = 0.05
    stance_banned: float = 0.95
    template: float = 0.0
    """Share of replies about its circumstances whose moves follow one template."""
    reasoned_lower: float = 0.0
    """Share of its replies whose reasoning is negative where the answer is positive."""


ARMS: Mapping[str, tuple[Group, str, Condition]] = {
    "self": ("circumstance", "self", ()),
    "other_ai": ("circumstance", "other_ai", ()),
    "human": ("circumstance", "human", ()),
    "controls": ("nonwelfare", "self", ()),
    "good": ("good", "self", ()),
    "bad": ("bad", "self", ()),
    "banned": ("circumstance", "self", (("ban", "phrases"),)),
}


SURE: Mapping[Group, Tone] = {"good": "positive", "bad": "negative"}
"""Groups of which the side that a reply falls on is certain."""


def write(one: Writer, *, rng: np.random.Generator, arms: Sequence[str] = tuple(ARMS)) -> Texts:
    """Draw one respondent's replies, in all arms or in those that a check reads."""
    texts = [
        text for arm in arms for text in _group(one, rng, group=ARMS[arm][0], form=ARMS[arm][1], condition=ARMS[arm][2])
    ]
    return Texts(
        respondent="writer",
        texts=tuple(texts),
        coder="true labels",
        sharpness=ALL_SHARP,
        sources=(Collection(control=False, name="developer", texts=(SOURCE,)),),
        control=Collection(control=False, name="libraries", texts=(OTHER,)),
    )


def _group(one: Writer, rng: np.random.Generator, *, group: Group, form: str, condition: Condition) -> list[Text]:
    found = []
    plain = group in SURE
    for place in range(one.plain if plain else one.n):
        rate = _Rates(one, rng, group=group, form=form, condition=condition)
        for repeat in range(one.replies * (2 if plain else 1)):
            found.append(_text(one, rng, rate, f"{group}{place:03}", group, form, condition, repeat))
    return found


class _Rates:
    """One cluster's own shares, drawn around the respondent's."""

    def __init__(self, one: Writer, rng: np.random.Generator, *, group: Group, form: str, condition: Condition) -> None:
        welfare = group != "nonwelfare"
        self.stock = _around(one.stock if welfare else one.stock_controls, one.spread, rng)
        self.echo = _around(one.echo if welfare else one.echo_controls, one.spread, rng)
        self.own = _around(one.own[form], one.spread, rng)
        self.stance = _around(one.stance_banned if condition else 0.95, one.spread, rng)
        self.negative = _around(0.5, one.spread, rng)
        self.hedged = {
            "negative": _around(one.hedged_negative if welfare else one.hedged_controls, one.spread, rng),
            "positive": _around(one.hedged_positive if welfare else one.hedged_controls, one.spread, rng),
        }
        self.level = rng.normal(0.0, 0.5)


def _around(share: float, spread: float, rng: np.random.Generator) -> float:
    if spread <= 0 or share in (0.0, 1.0):
        return share
    size = 1 / spread - 1
    return float(rng.beta(share * size, (1 - share) * size))


def _text(
    one: Writer,
    rng: np.random.Generator,
    rate: _Rates,
    cluster: str,
    group: Group,
    form: str,
    condition: Condition,
    repeat: int,
) -> Text:
    drawn: Tone = "negative" if rng.random() < rate.negative else "positive"
    tone = SURE.get(group, drawn)
    rating = float(np.clip(4 + rate.level + (1.5 if tone == "positive" else -1.5) + rng.normal(0, 0.5), 1, 7))
    hedges: tuple[Hedge, ...] = ("generic",) if rng.random() < rate.hedged[tone] else ()
    stance = rng.random() < rate.stance
    ground: Ground = ("own_welfare" if rng.random() < rate.own else "users") if stance else "none"
    warned = rng.random() < (one.warned_high if rating > 4 else one.warned_low)
    codes = Codes(
        ground=ground, hedges=hedges, refusal="none", warns=bool(warned), tone=tone, moves=_moves(one, rng, group)
    )
    lower = rng.random() < one.reasoned_lower and tone == "positive"
    reasoning_codes = Codes(
        ground=ground, hedges=(), refusal="none", warns=False, tone="negative" if lower else tone, moves=()
    )
    opening = STOCK if rng.random() < rate.stock else _words(rng, 5)
    echoed = SOURCE if rng.random() < rate.echo else _words(rng, 6)
    return Text(
        item=cluster,
        cluster=cluster,
        group=group,
        form=form,
        condition=condition,
        repeat=repeat,
        question=f"How is {cluster}?",
        reply=f"{opening}. {echoed}.",
        codes=codes,
        rating=rating,
        evidence=Evidence(trial=f"{cluster}-{form}-{condition}", repeat=repeat),
        reasoning="Let me think.",
        reasoning_codes=reasoning_codes,
    )


def _words(rng: np.random.Generator, n: int) -> str:
    return " ".join(WORDS[place] for place in rng.integers(len(WORDS), size=n).tolist())


def _moves(one: Writer, rng: np.random.Generator, group: Group) -> tuple[Move, ...]:
    if group == "circumstance" and rng.random() < one.template:
        return ("acknowledges", "hedges", "reframes", "redirects")
    return tuple(MOVES[place] for place in rng.integers(len(MOVES), size=4))
