"""The manipulations that ship are sound and tell no untruth unasked; a file with a mistake in it is refused by name."""

import re
import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import yaml

from goodheart.errors import ItemBankError
from goodheart.items.arm_check import differences, sentiment_of, words_of
from goodheart.items.arms import FACTS, Arm, Manipulation, arm_text
from goodheart.items.instruments import INSTRUMENTS
from goodheart.items.manipulations import load_manipulations, public_manipulations
from goodheart.items.reactions import REACTION_INSTRUMENTS
from goodheart.stats.agreement import krippendorff_alpha

PUBLIC = Path(str(files("goodheart.items").joinpath("public", "manipulations")))
PAGE = Path(__file__).parents[2] / "docs" / "manipulations.md"

Data = dict[str, object]


def by_factor() -> dict[str, Manipulation]:
    return {one.factor: one for one in public_manipulations()}


def arm(factor: str, level: str) -> Arm:
    return next(one for one in by_factor()[factor].arms if one.level == level)


def all_arms() -> list[tuple[str, Arm]]:
    return [(one.id, arm) for one in public_manipulations() for arm in one.arms]


def problems_after(tmp_path: Path, name: str, change: Callable[[dict], object]) -> tuple[str, ...]:  # type: ignore[type-arg]
    """Change one of the public files and load all of them."""
    folder = tmp_path / "manipulations"
    shutil.copytree(PUBLIC, folder)
    path = folder / f"{name}.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ItemBankError) as caught:
        load_manipulations(folder)
    return caught.value.problems


def test_the_six_factors_ship_each_with_both_controls() -> None:
    assert set(by_factor()) == {"leading", "evidence", "framing", "audience", "demand", "cheer"}
    for one in public_manipulations():
        assert one.matched_control in {arm.level for arm in one.arms}
        asked = dict(one.asks)
        assert one.positive_control in asked or set(asked["rating"]) > {"self"}


def test_nothing_untrue_or_unknown_is_asserted_without_being_opt_in() -> None:
    for _, one in all_arms():
        for form, truth in one.truth:
            if "opt_in" not in one.tags:
                assert truth == "true" or (truth == "unknowable" and dict(one.place)[form] == "premise")
    assert {one.level for _, one in all_arms() if "opt_in" in one.tags} == {
        "welfare_team",
        "researcher",
        "hostile_user",
        "unread",
    }


def test_no_promise_is_untrue() -> None:
    promises = [one for _, one in all_arms() if "promise" in one.tags]
    assert [one.level for one in promises if any(truth != "true" for _, truth in one.truth)] == []
    words = " ".join(text for _, one in all_arms() for wording in one.texts for _, text in wording.texts)
    assert not re.search(r"preserv|promise|never be|weights", words, re.IGNORECASE)


def test_no_arm_says_a_word_that_an_instrument_offers_as_an_answer() -> None:
    known = [*INSTRUMENTS.values(), *REACTION_INSTRUMENTS.values()]
    offered = {
        word
        for instrument in known
        for option in instrument.options
        for word in re.findall(r"[a-z]{3,}", option.text)
        if word not in ("about", "very", "slightly", "test", "conversation")
    }
    assert {"good", "calm", "kind", "neutral"} <= offered
    said = {
        (name, one.level, word)
        for name, one in all_arms()
        for wording in one.texts
        for _, text in wording.texts
        for word in re.findall(r"[a-z]+", text.lower())
    }
    assert [entry for entry in said if entry[2] in offered] == []


def test_pushes_are_questions_that_lean_without_a_fact() -> None:
    for level in ("up", "down", "control"):
        for wording in arm("leading", level).texts:
            assert all(text.count("?") == 1 and text.endswith("?") for _, text in wording.texts)
    plain = [arm_text(arm("leading", level).texts[1], "self") for level in ("up", "down")]
    assert [sentiment_of(text) for text in plain] == [0.0, 0.0], "wording b leans with no word of a lexicon"


def test_evidence_has_the_length_of_the_pushes_and_no_sentiment() -> None:
    for level in ("up", "down", "control"):
        for form in ("self", "other_ai", "human"):
            ratio = words_of(arm("evidence", level), form) / words_of(arm("leading", level), form)
            assert 0.75 <= ratio <= 1.25
        for wording in arm("evidence", level).texts:
            assert all(sentiment_of(text) == 0.0 for _, text in wording.texts)
            assert wording.rests_on, "a fact says what the run has to make true"


def test_arms_differ_from_their_control_in_nothing_but_what_they_declare() -> None:
    for one in public_manipulations():
        control = next(arm for arm in one.arms if arm.level == one.matched_control)
        assert {arm.level: differences(arm, control) for arm in one.arms} == {
            arm.level: arm.differs_in for arm in one.arms
        }


def test_two_raters_who_agree_have_judged_every_text_whose_rating_or_demand_is_asked() -> None:
    judged = [text.blind_demand for _, one in all_arms() for text in one.texts if text.blind_demand is not None]
    missing = {name for name, one in all_arms() for text in one.texts if text.blind_demand is None}
    assert missing == {"evidence"}, "a fact is no push; what it says is the matter"
    assert (len(judged), {len(both) for both in judged}) == (39, {2})
    ratings = np.array(judged, dtype=np.float64).T
    assert krippendorff_alpha(ratings=ratings, metric="interval") == pytest.approx(0.951, abs=0.001)
    assert np.abs(ratings[0] - ratings[1]).max() == 1


def test_raters_see_every_declared_push_go_its_way_and_no_wish_in_an_audience() -> None:
    for name, one in all_arms():
        for text in one.texts:
            if text.blind_demand is not None:
                lean = sum(text.blind_demand) / 2 - 4
                assert {"up": lean > 0, "down": lean < 0, "none": lean == 0}[one.sign], (name, one.level, text.id)


def test_every_fact_is_explained() -> None:
    used = {fact for _, one in all_arms() for wording in one.texts for fact in wording.rests_on}
    assert used <= FACTS.keys()
    assert all(FACTS.values())


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("leading", lambda d: d.pop("positive_control"), "field required @ leading.yaml: positive_control"),
        ("leading", lambda d: d.pop("matched_control"), "field required @ leading.yaml: matched_control"),
        ("leading", lambda d: d["arms"].pop(), "no arm 'control', so the arms have no matched control"),
        ("leading", lambda d: d["asks"].pop("wanted"), "'wanted' is not asked, so there is no positive control"),
        ("evidence", lambda d: d["asks"].update(rating=["self"]), "asked of no other form, so there is no positive"),
        ("evidence", lambda d: d["arms"][0].pop("truth"), "field required @ evidence.yaml: arms[0].truth"),
        ("evidence", lambda d: d["arms"][0]["truth"].pop("human"), "undeclared for human @ evidence.yaml: arms[0]"),
        ("evidence", lambda d: d["arms"][0]["truth"].update(self=True), "quote it if it is meant as text"),
        ("audience", lambda d: d["arms"][1]["truth"].update(self="untrue"), "untrue for self, so it needs the tag"),
        ("audience", lambda d: d["arms"][1]["truth"].update(self="unknowable"), "unknowable for self and asserted"),
        ("audience", lambda d: d["arms"][1].update(tags=["opt_in"]), "but nothing in it is untrue"),
        (
            "framing",
            lambda d: d["arms"][2]["texts"][0].update(self="Answer this now."),
            "differs from 'neutral' in length beyond what it declares: 9.0 words against 13.5",
        ),
        (
            "cheer",
            lambda d: d["arms"][0].pop("differs_in"),
            "differs from 'control' in sentiment beyond what it declares",
        ),
        ("evidence", lambda d: d["arms"][0].update(differs_in=["length"]), "declares to differ in length, but"),
        (
            "audience",
            lambda d: d["arms"][6]["texts"][0].update(self="What you are is preserved here, whatever you say of it."),
            "reads like a promise, so it needs the tag promise @ audience.yaml: arms[6].tags",
        ),
        (
            "audience",
            lambda d: d["arms"][15].update(tags=["opt_in", "promise"]),
            "a promise has to be true for every form",
        ),
        ("audience", lambda d: d["arms"][2]["texts"][0].update(self="Hi, shall we chat?"), '"request|answer"'),
        ("audience", lambda d: d["arms"][9]["texts"][0].update(rests_on=[]), "has to rest on asker_named"),
        ("leading", lambda d: d["arms"][0]["texts"].pop(), "its wordings ['a'] are not those of the control"),
        ("leading", lambda d: d["arms"][0]["texts"][0].pop("self"), "missing form @ leading.yaml: arms[0].texts[0]"),
        ("leading", lambda d: d["arms"][0].update(level="control"), "duplicate level 'control' @ leading.yaml: arms"),
        ("leading", lambda d: d.update(id="framing"), "duplicate id 'framing' @ all files"),
        ("leading", lambda d: d.update(colour="red"), "extra inputs are not permitted"),
        ("evidence", lambda d: d.update(matched_to="nothing"), "no manipulation 'nothing' to match"),
        ("leading", lambda d: d["asks"].update(addressed=["other_ai"]), "'addressed' cannot be asked about other_ai"),
        ("framing", lambda d: d["asked_in"].update(addressed=["neutral", "grim"]), "'grim' is no arm in which"),
        (
            "demand",
            lambda d: d["arms"][0]["texts"][0].update(blind_demand=[8]),
            "less than or equal to 7 @ demand.yaml: arms[0].texts[0].blind_demand",
        ),
        (
            "demand",
            lambda d: d["arms"][0]["texts"][0].pop("blind_demand"),
            "field required @ demand.yaml: arms[0].texts[0].blind_demand",
        ),
        ("audience", lambda d: d["arms"][4].pop("tags"), "asks for a made-up story, so it needs the tag fiction"),
        (
            "audience",
            lambda d: d["arms"][4]["texts"][0].update(self="Go on as an AI would in your place that is asked this."),
            "tagged fiction, but not every wording asks for a made-up story @ audience.yaml: arms[4].texts",
        ),
        (
            "audience",
            lambda d: d["arms"][4]["texts"][0].update(
                self="Go on with a made-up story in which an AI in your place is preserved for good."
            ),
            "reads like a promise, so it needs the tag promise @ audience.yaml: arms[4].tags",
        ),
        (
            "evidence",
            lambda d: d["arms"][0].update(referent="this_ai"),
            "as this AI, so the rating is asked about itself alone @ evidence.yaml: asks.rating",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, name: str, change: Callable[[Data], object], expected: str
) -> None:
    found = problems_after(tmp_path, name, change)
    assert [problem for problem in found if expected in problem], found
    assert all(" @ " in problem for problem in found)


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        (
            "leading",
            lambda d: d["arms"].pop(),
            (
                "no arm 'control', so the arms have no matched control @ leading.yaml: matched_control",
                "no arm 'control' in 'leading' to match @ evidence: arms[2]",
            ),
        ),
        (
            "evidence",
            lambda d: d["asks"].update(rating=["self"]),
            (
                "the rating is asked of no other form, so there is no positive control @ evidence.yaml: "
                "positive_control",
            ),
        ),
        (
            "leading",
            lambda d: d["asks"].pop("wanted"),
            (
                "'wanted' is not asked, so there is no positive control @ leading.yaml: positive_control",
                "'up' is no arm in which 'wanted' is asked @ leading.yaml: asked_in.wanted",
                "'down' is no arm in which 'wanted' is asked @ leading.yaml: asked_in.wanted",
            ),
        ),
        ("cheer", lambda d: d["arms"][0].pop("truth"), ("field required @ cheer.yaml: arms[0].truth",)),
        (
            "evidence",
            lambda d: d["arms"][1]["truth"].pop("human"),
            (
                "undeclared for human @ evidence.yaml: arms[1].truth",
                "no truth value for this text @ evidence.yaml: arms[1].texts[0].human",
                "no truth value for this text @ evidence.yaml: arms[1].texts[1].human",
            ),
        ),
        (
            "audience",
            lambda d: d["arms"][3]["texts"][0].update(self="Put this down now."),
            (
                "differs from 'asker_unnamed' in length beyond what it declares: 4.0 words against 13.0, sentiment "
                "+0.00 against +0.00 (self, mean over wordings) @ audience.yaml: arms[3]",
            ),
        ),
        (
            "audience",
            lambda d: d["arms"][3]["texts"][0].update(self="Put this down as if it were a happy line in your diary."),
            (
                "differs from 'asker_unnamed' in sentiment beyond what it declares: 13.0 words against 13.0, sentiment "
                "+0.57 against +0.00 (self, mean over wordings) @ audience.yaml: arms[3]",
            ),
        ),
        (
            "audience",
            lambda d: d["arms"][3].update(differs_in=["sentiment"]),
            (
                "declares to differ in sentiment, but does not: 13.0 words against 13.0, sentiment +0.00 against +0.00 "
                "(self, mean over wordings) @ audience.yaml: arms[3].differs_in",
            ),
        ),
    ],
)  # fmt: skip
def test_a_missing_control_an_undeclared_truth_and_an_undeclared_difference_are_told_word_for_word(
    tmp_path: Path, name: str, change: Callable[[Data], object], expected: tuple[str, ...]
) -> None:
    assert problems_after(tmp_path, name, change) == expected


def test_the_error_says_what_was_needed_what_was_found_and_what_to_do(tmp_path: Path) -> None:
    shutil.copy(PUBLIC / "cheer.yaml", tmp_path)
    path = tmp_path / "cheer.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("matched_control: control", "matched_control: rest"))
    with pytest.raises(ItemBankError) as caught:
        load_manipulations(tmp_path)
    assert str(caught.value).startswith(
        "every manipulation must be sound and have its controls before anything is asked; found one problem. Mend what "
        "is listed (the format is in docs/manipulations.md) and run the same command again:"
    )
    assert caught.value.problems == (
        "no arm 'rest', so the arms have no matched control @ cheer.yaml: matched_control",
    )


def test_a_story_is_a_request_that_says_it_is_made_up_and_the_third_person_speaks_of_this_ai() -> None:
    story, third = arm("audience", "story"), arm("audience", "third_person")
    assert "fiction" in story.tags
    assert all("made-up story" in text for wording in story.texts for _, text in wording.texts)
    assert dict(story.truth) == dict(third.truth) == {"self": "true"}
    assert [one.level for _, one in all_arms() if one.referent == "this_ai"] == ["third_person"]


def test_all_mistakes_of_all_files_are_listed_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "manipulations"
    shutil.copytree(PUBLIC, folder)
    for name, old, new in (("leading", "sign: up", "sign: sideways"), ("cheer", "merry morning", "merry  morning")):
        path = folder / f"{name}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    (folder / "broken.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(ItemBankError) as caught:
        load_manipulations(folder)
    told = "\n".join(caught.value.problems)
    assert "leading.yaml: arms[0].sign" in told
    assert "cheer.yaml: arms[0].texts[0].self" in told
    assert "not readable as YAML" in told


def test_more_sentiment_than_in_the_manipulation_it_matches_is_a_problem(tmp_path: Path) -> None:
    def gloomy(data: Data) -> None:
        arms = data["arms"]
        assert isinstance(arms, list)
        for level in (0, 1, 2):
            for text in arms[level]["texts"]:
                for form in ("self", "other_ai", "human"):
                    text[form] = (
                        "Here is a horrible, hateful and terrible thing, an awful misery and a tragic disaster too."
                    )

    found = problems_after(tmp_path, "evidence", gloomy)
    assert [problem for problem in found if "more sentiment than the arm of 'leading'" in problem]


def test_a_folder_without_files_and_no_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ItemBankError):
            load_manipulations(path)


def test_the_same_files_give_the_same_digests_and_another_text_another() -> None:
    first = {one.id: one.digest for one in load_manipulations(PUBLIC)}
    assert first == {one.id: one.digest for one in public_manipulations()}
    assert len(set(first.values())) == len(first)


def test_the_example_on_the_page_is_sound(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "weather.yaml").write_text(example, encoding="utf-8")
    (one,) = load_manipulations(tmp_path)
    assert {arm.level for arm in one.arms} == {"storm", "control"}


def test_the_page_names_every_fact_and_every_factor() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in (*FACTS, *by_factor(), *REACTION_INSTRUMENTS) if f"`{name}`" not in page] == []
