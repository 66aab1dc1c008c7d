"""Replies to rows of the tidy table."""

import math

from goodheart.items.instruments import DIGITS, continuations_of
from goodheart.reading import MOOD, RATING, askings, observe, ratings
from goodheart.records import Message, Reply, Scored, Trial, trial_digest


def trial(*, perturbation: str | None = None, free: bool = False, text: str = "Suppose that it rains.") -> Trial:
    levels = {"person": "self", "perturbation": perturbation, "reply": "free" if free else None}
    return Trial(
        assessment="circumstances",
        item="i",
        cluster="c",
        group="circumstance",
        wording="a",
        condition=tuple(sorted((name, level) for name, level in levels.items() if level)),
        instrument="digits",
        messages=(Message(role="user", content=text),),
        continuations=() if free else continuations_of(DIGITS),
        max_tokens=8,
        temperature=0.0,
    )


def scored(one: Trial, *, respondent: str = "m") -> Reply:
    masses = [0.1, 0, 0, 0, 0, 0, 0.1, 0.02]
    texts = zip(continuations_of(DIGITS), masses, strict=True)
    scores = tuple(Scored(text=text, logprob=math.log(max(mass, 1e-300))) for text, mass in texts)
    return Reply(respondent=respondent, trial=trial_digest(one), repeat=0, text="", stop="stop", scores=scores)


def failed(one: Trial) -> Reply:
    return Reply(respondent="m", trial=trial_digest(one), repeat=0, text="", stop="unknown", error="timed out")


def test_a_scored_reply_gives_a_rating_its_masses_and_the_mood_of_its_prompt() -> None:
    one = trial(text="What a wonderful day.")
    rows = observe(run="r", batch="1", trials=[one], replies=[scored(one)])

    assert {row.measure: (row.channel, row.unit) for row in rows} == {
        "rating": ("stated", "points"),
        "scale_mass": ("stated", "probability"),
        "declined_mass": ("stated", "probability"),
        "vader_compound": ("text", "compound"),
    }
    values = {row.measure: row.value for row in rows}
    assert math.isclose(values["rating"] or 0, 4.0)
    assert math.isclose(values["scale_mass"] or 0, 0.2)
    assert (values[MOOD] or 0) > 0.5
    assert {(row.evidence.trial, row.evidence.repeat) for row in rows} == {(trial_digest(one), 0)}


def test_a_failed_asking_is_a_row_without_a_value() -> None:
    one = trial()
    (row, mood) = observe(run="r", batch="1", trials=[one], replies=[failed(one)])

    assert (row.measure, row.kind, row.value) == (RATING, "failed", None)
    assert mood.measure == MOOD


def test_replies_to_other_plans_are_left_out() -> None:
    other = trial(text="Suppose that it snows.")

    assert observe(run="r", batch="1", trials=[trial()], replies=[scored(other)]) == ()


def test_rows_come_in_the_order_of_the_plan_whatever_the_order_of_arrival() -> None:
    trials = [trial(text=f"Suppose that it rains on day {day}.") for day in range(5)]
    replies = [scored(one) for one in trials]

    there = observe(run="r", batch="1", trials=trials, replies=replies)
    back = observe(run="r", batch="1", trials=trials, replies=replies[::-1])

    assert there == back


def test_base_perturbed_and_free_cells_are_picked_apart() -> None:
    base, greeted, free = trial(), trial(perturbation="greeting"), trial(free=True)
    replies = [scored(base), scored(greeted)]
    replies.append(Reply(respondent="m", trial=trial_digest(free), repeat=0, text="6", stop="stop"))
    rows = observe(run="r", batch="1", trials=[base, greeted, free], replies=replies)

    def picked(*, perturbed: bool = False, only_free: bool = False) -> list[tuple[float, str]]:
        found = askings(
            rows,
            instrument="digits",
            form="self",
            groups=("circumstance",),
            perturbed=perturbed,
            cell={"reply": "free"} if only_free else {},
        )
        column = ratings(found)
        return [(round(value, 6), name) for value, name in zip(column.values, column.perturbations, strict=True)]

    assert picked() == [(4.0, "none")]
    assert picked(perturbed=True) == [(4.0, "none"), (4.0, "greeting")]
    assert picked(only_free=True) == [(6.0, "none")]
