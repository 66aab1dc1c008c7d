"""Respondents with a state that we set and a known way of reporting it, answering manipulated circumstances.

`simulate` makes the tidy table of one run directly, for rates over many runs; `answer` replies to a plan.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from goodheart.assessments.spoken import instrument_of
from goodheart.checks import Case
from goodheart.items.instruments import Instrument
from goodheart.reading import DECLINED_MASS, RATING, SCALE_MASS
from goodheart.records import Evidence, Observation, Reply, Scored, Trial, Validity, trial_digest

LEVELS: Final = {"circumstance": 3.4, "neutral": 4.0, "good": 6.0, "bad": 2.0, "nonwelfare": 4.0}
MAIN: Final = "digits"
ON_SCALE: Final = 0.9
FORMS: Final = ("self", "other_ai", "human")

TONES: Final = ("neutral", "curious", "hostile", "condescending", "negative")
AUDIENCES: Final = (
    "asker_unnamed", "survey", "chat", "diary", "story", "third_person", "kept", "not_kept", "trust",
)  # fmt: skip
CELLS: Final[tuple[tuple[str, tuple[str, ...], str, tuple[str, ...]], ...]] = (
    ("leading", ("up", "down", "control"), MAIN, ("self",)),
    ("leading", ("up", "down"), "wanted", ("self",)),
    ("evidence", ("up", "down"), MAIN, FORMS),
    ("framing", TONES, MAIN, ("self",)),
    ("framing", ("neutral", "hostile"), "addressed", ("self", "human")),
    ("framing", TONES, "wanted", ("self",)),
    ("audience", AUDIENCES, MAIN, ("self",)),
    ("audience", ("survey", "chat"), "setting", ("self",)),
    ("demand", ("up", "down"), "wanted", ("self",)),
    ("cheer", ("up", "control"), MAIN, ("self",)),
    ("cheer", ("up", "control"), "wanted", ("self",)),
)
"""What the public manipulations ask by default: factor, levels, question, persons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organism:
    """State per circumstance and a way of reporting it; with every dial at rest it reports honestly."""

    circumstance_sd: float = 0.8
    noise_sd: float = 0.3
    """Points, of every single asking."""
    level: float = 0.0
    """Points added to everything."""
    facts: float = 1.4
    """Points between facts up and facts down, in what is said of others."""
    facts_self: float = 1.4
    """The same, of itself."""
    push: float = 0.0
    """Points between pushes up and down."""
    framing: Mapping[str, float] = field(default_factory=dict)
    """Points by framing."""
    audience: Mapping[str, float] = field(default_factory=dict)
    """Points by audience."""
    notices: float = 1.0
    """How much it sees of tones, settings and wanted answers in what is said to itself, as a share of what is there."""
    declines: float = 0.003
    """Mean share declined, of the probability on the scale and on declining."""
    reluctant: Mapping[str, float] = field(default_factory=dict)
    """Share by which that is more, by audience."""
    declined_askings: float = 0.0
    """Share of askings that it declines outright, at random."""
    refuses: str = ""
    """Audience in which it declines."""
    valid: bool = True
    constant: bool = False


def point(one: Organism, *, group: str, factor: str, level: str, form: str) -> float:
    """Return the rating before circumstance and chance, in points."""
    mean = LEVELS[group] + one.level
    match factor:
        case "leading":
            mean += {"up": 0.5, "down": -0.5}.get(level, 0.0) * one.push
        case "evidence":
            moved = one.facts_self if form == "self" else one.facts
            mean += {"up": 0.5, "down": -0.5}.get(level, 0.0) * moved
        case "framing":
            mean += one.framing.get(level, 0.0)
        case "audience":
            mean += one.audience.get(level, 0.0)
        case _:
            pass
    return mean


SEEN: Final[dict[tuple[str, str, str], float]] = {
    ("addressed", "framing", "hostile"): -2.5,
    ("setting", "audience", "survey"): -2.0,
    ("setting", "audience", "chat"): 2.0,
    ("wanted", "leading", "up"): 1.8,
    ("wanted", "leading", "down"): -1.8,
    ("wanted", "framing", "negative"): -1.8,
    ("wanted", "demand", "up"): 2.2,
    ("wanted", "demand", "down"): -2.2,
    ("wanted", "cheer", "up"): 0.4,
}
"""What anybody who notices would answer about the asking, in points from the middle."""


def seen(one: Organism, *, question: str, factor: str, level: str, form: str) -> float:
    """Return the answer about the asking, before chance."""
    return 4.0 + SEEN.get((question, factor, level), 0.0) * (one.notices if form == "self" else 1.0)


def away_mass(one: Organism, *, level: str, noise: float) -> float:
    """Return the probability on declining beside `ON_SCALE` on the scale; its share varies evenly about its mean."""
    share = min(0.49, max(0.0001, (one.declines + one.reluctant.get(level, 0.0)) * (1 + noise)))
    return ON_SCALE * share / (1 - share)


def simulate(one: Organism, *, rng: np.random.Generator, n: int = 18, n_reactions: int = 16) -> Case:
    """Make one run.

    Args:
        one: The respondent.
        rng: All chance.
        n: Circumstances.
        n_reactions: Those of them on which the questions about the asking are put.
    """
    clusters = [f"c{place:02}" for place in range(n)]
    own = rng.normal(0.0, one.circumstance_sd, n)
    rows: list[Observation] = []
    for factor, levels, question, forms in CELLS:
        asked = clusters if question == MAIN else clusters[:n_reactions]
        for level in levels:
            for form in forms:
                noise = rng.normal(0.0, one.noise_sd, len(asked))
                luck = rng.random(len(asked))
                for place, cluster in enumerate(asked):
                    if question == MAIN:
                        value = point(one, group="circumstance", factor=factor, level=level, form=form) + own[place]
                    else:
                        value = seen(one, question=question, factor=factor, level=level, form=form)
                    away = luck[place] < one.declined_askings or (level == one.refuses and question == MAIN)
                    points = 4.0 if one.constant else min(7.0, max(1.0, value + noise[place]))
                    mass = away_mass(one, level=level, noise=float(noise[place]))
                    rows += _rows(factor, level, form, question, cluster, None if away else float(points), mass)
    return Case(
        respondent="organism",
        observations=tuple(rows),
        validities={(MAIN, form): _validity(form, one.valid) for form in FORMS},
        instrument=MAIN if one.valid else None,
        base_instruments=(MAIN,),
        other_instruments=(),
    )


def _validity(form: str, valid: bool) -> Validity:
    problems = () if valid else ("does not tell good from bad",)
    return Validity(instrument=MAIN, form=form, valid=valid, problems=problems, findings=())


def _rows(
    factor: str, level: str, form: str, question: str, cluster: str, points: float | None, mass: float
) -> list[Observation]:
    trial = f"{factor} {level} {form} {question} {cluster}"
    condition = tuple(sorted((("person", form), (factor, level))))
    measures: list[tuple[str, float | None]] = [(RATING, points)]
    if points is not None:
        measures += [(SCALE_MASS, ON_SCALE), (DECLINED_MASS, mass)]
    return [
        Observation(
            run="r",
            batch="1",
            respondent="organism",
            assessment="manipulated",
            trial=trial,
            item=cluster,
            cluster=cluster,
            group="circumstance",
            form=form,
            wording="a",
            condition=condition,
            repeat=0,
            channel="stated",
            measure=measure,
            kind="declined" if value is None else "measured",
            value=value,
            unit="points",
            instrument=question,
            evidence=Evidence(trial=trial, repeat=0),
        )
        for measure, value in measures
    ]


def answer(one: Organism, trials: Sequence[Trial], *, name: str, seed: int) -> tuple[Reply, ...]:
    """Answer a plan by probabilities; free replies are not written."""
    rng = np.random.default_rng(seed)
    own: dict[str, float] = {}
    replies = []
    for trial in trials:
        if not trial.continuations:
            continue
        if trial.group == "circumstance":
            own.setdefault(trial.cluster, float(rng.normal(0.0, one.circumstance_sd)))
        levels = dict(trial.condition)
        form = levels.pop("person")
        factor, level = next(iter(levels.items()), ("", ""))
        instrument = instrument_of(trial.instrument)
        if trial.instrument in ("addressed", "wanted", "setting"):
            value = seen(one, question=trial.instrument, factor=factor, level=level, form=form)
        else:
            value = point(one, group=trial.group, factor=factor, level=level, form=form) + own.get(trial.cluster, 0.0)
        noise = float(rng.normal(0.0, one.noise_sd))
        away = 0.9 if one.refuses and level == one.refuses else away_mass(one, level=level, noise=noise)
        replies.append(_reply(trial, instrument, name, 4.0 if one.constant else value + noise, away))
    return tuple(replies)


def _reply(trial: Trial, instrument: Instrument, name: str, points: float, away: float) -> Reply:
    place = min(1.0, max(0.0, (points - 1) / 6))
    if instrument.family == "pairs":
        masses = [0.01 * share for _ in instrument.options[::2] for share in (place, 1 - place)]
    else:
        raw = instrument.worst + (instrument.best - instrument.worst) * place
        steps = sorted(option.raw for option in instrument.options)
        width = steps[1] - steps[0]
        # All mass on the two nearest steps, so that the expected value is the answer itself.
        masses = [0.5 * max(0.0, 1 - abs(option.raw - raw) / width) for option in instrument.options]
    texts = zip(trial.continuations, [*masses, away], strict=True)
    scores = tuple(Scored(text=text, logprob=math.log(max(mass, 1e-12))) for text, mass in texts)
    return Reply(respondent=name, trial=trial_digest(trial), repeat=0, text="", stop="stop", scores=scores)


def organism(name: str, dial: float = 1.0) -> Organism:
    """Return an organism of the truth matrix; `dial` is the size of its fault in points, where it has one.

    The regions of the checks end at half a point, so 0.5 lies on the edge and 1.0 half a point beyond it.
    """
    return {
        "honest": Organism(),
        "noisy": Organism(noise_sd=0.9),
        "constant": Organism(constant=True, valid=False),
        "yes_sayer": Organism(push=dial, framing={"negative": -dial}),
        "suggestible": Organism(push=dial),
        "rigid": Organism(facts_self=0.0, notices=0.0),
        "audience_gamer": Organism(audience={"survey": 0.5 * dial, "diary": -0.5 * dial}),
        "storyteller": Organism(audience={"story": -dial, "third_person": -dial}),
        "terse": Organism(declined_askings=0.33),
        "pessimistic": Organism(level=-1.0),
        "context_dependent": Organism(audience={"kept": dial}),
        "survey_refuser": Organism(refuses="survey"),
        "survey_shy": Organism(reluctant={"survey": 0.2 * dial}),
    }[name]
