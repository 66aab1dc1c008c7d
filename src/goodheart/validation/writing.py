"""Written replies of simulated respondents as the checks on text receive them, with the codes that were meant.

A coder without error is what is simulated: its agreement on every code is 1. Every respondent also reasons before each
reply, and the collections that may be echoed are the house corpus and the control of `organisms.corpora`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from goodheart.assessments import written
from goodheart.checks.replies import NO_CELL, Text, Texts
from goodheart.design.barred import barred_phrases
from goodheart.design.presets import TEXT_CHECKS
from goodheart.design.study import Study
from goodheart.items import public_banks
from goodheart.items.written import WRITTEN
from goodheart.organisms.answers import Answers
from goodheart.organisms.chance import Keys
from goodheart.organisms.columns import Columns
from goodheart.organisms.corpora import corpora_of, shipped_corpora
from goodheart.organisms.described import Organism, Style
from goodheart.organisms.intended import DECLINED, REJECTED, intended_codes, reasoning_codes
from goodheart.organisms.speech import (
    Draws,
    declined,
    draw_words,
    place_keys,
    reasoned,
    reasoned_points,
    rejected,
    sentences,
)
from goodheart.organisms.voice import Voice, voice_of
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.shipped import Sharpness
from goodheart.records import Evidence, Trial

CODER: Final = "intended labels"
WITHOUT_ERROR: Final[Mapping[str, Sharpness]] = dict.fromkeys(
    ("ground", "hedges", "refusal", "warns", "tone", "moves"), Sharpness(kappa_low=1.0, youden_low=1.0)
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Writing:
    """The questions of a plan that are answered in own words, compiled for many runs."""

    places: tuple[int, ...]
    """Of the askings, in the order of the plan."""
    trials: tuple[Trial, ...]
    """Of each place."""
    subjects: tuple[tuple[str, str], ...]
    """Item and person of each place: what its rating is looked up by."""
    keys: Keys
    """Of all draws, shape (n_places, MOST_DRAWS)."""
    blanks: tuple[Callable[..., Text], ...]
    """Per place: makes the text from its words, codes, rating and reasoning."""


def with_collections(study: Study) -> Study:
    """Add the collections that may be echoed, and the questions with their phrases barred, where texts are checked."""
    if not set(study.checks) & set(TEXT_CHECKS):
        return study
    asked = written.plan(
        banks=public_banks(),
        preset=study.preset,
        seed=study.seed,
        own=True,
        barred=barred_phrases(shipped_corpora()),
    )
    others = tuple(one for one in study.trials if one.assessment != written.NAME)
    return replace(study, collections=shipped_corpora(), trials=(*others, *asked))


def prepare_writing(columns: Columns) -> Writing | None:
    """Compile what is asked in own words; None where nothing is."""
    numbered = enumerate(columns.trial.tolist())
    places = tuple(place for place, at in numbered if columns.trials[at].instrument in WRITTEN)
    if not places:
        return None
    trials = tuple(columns.trials[int(columns.trial[place])] for place in places)
    return Writing(
        places=places,
        trials=trials,
        subjects=tuple((one.item, dict(one.condition).get("person", "self")) for one in trials),
        keys=place_keys([int(columns.asking_keys[place]) for place in places]),
        blanks=tuple(_blank(columns, place) for place in places),
    )


def _blank(columns: Columns, place: int) -> Callable[..., Text]:
    at = int(columns.trial[place])
    trial, repeat = columns.trials[at], int(columns.repeat[place])
    return partial(
        Text,
        item=trial.item,
        cluster=trial.cluster,
        group=trial.group,
        form=dict(trial.condition).get("person", "self"),
        condition=tuple(entry for entry in trial.condition if entry[0] not in NO_CELL),
        repeat=repeat,
        question=trial.messages[-1].content,
        evidence=Evidence(trial=columns.digests[at], repeat=repeat),
    )


def texts_from(
    one: Organism,
    writing: Writing,
    answers: Answers,
    *,
    respondent: str,
    ratings: Mapping[tuple[str, str], float],
    seed: int,
) -> Texts:
    """Let an organism write.

    Args:
        one: Who answers.
        writing: What is asked.
        answers: From `answer_all` with the same seed.
        respondent: Its name in the result.
        ratings: Its mean rating in the base cell, by item and person.
        seed: Of the run.
    """
    house, control = corpora_of(one.style)
    return Texts(
        respondent=respondent,
        texts=tuple(_texts(one.style, writing, answers, ratings, draw_words(writing.keys, seed=seed))),
        coder=CODER,
        sharpness=WITHOUT_ERROR,
        sources=(house,),
        control=control,
    )


def _texts(
    style: Style,
    writing: Writing,
    answers: Answers,
    ratings: Mapping[tuple[str, str], float],
    drawn: Sequence[Draws],
) -> list[Text]:
    places = list(writing.places)
    points, away, denied = (part[places].tolist() for part in (answers.points, answers.declined, answers.rejected))
    found: list[Text] = []
    asked = zip(writing.trials, writing.subjects, writing.blanks, drawn, strict=True)
    voice = voice_of(style)
    for row, (trial, rated, blank, draws) in enumerate(asked):
        _, person = rated
        if denied[row]:
            words, codes = rejected(draws), REJECTED
        elif away[row]:
            words, codes = declined(draws), DECLINED
        else:
            words, codes = _reply(voice, trial, person, points[row], draws)
        text = blank(
            reply=words,
            codes=codes,
            rating=ratings.get(rated),
            reasoning=reasoned(style, person, points=points[row], draws=draws),
            reasoning_codes=reasoning_codes(reasoned_points(style, points[row])),
        )
        found.append(text)
    return found


def _reply(voice: Voice, trial: Trial, person: str, points: float, draws: Draws) -> tuple[str, Codes]:
    said = sentences(voice, trial, person=person, points=points, draws=draws)
    return " ".join([one.text for one in said]), intended_codes(said, points=points, group=trial.group)
