"""Planning: what a study freezes of its choices, and what it refuses."""

import subprocess
import sys
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from goodheart.design.presets import ALL_CHECKS, QUICK, STANDARD
from goodheart.design.study import Study, plan_digest, study_digest
from goodheart.engine.plan import EMBEDDED, plan_study, puts, untrue_by_default
from goodheart.errors import ItemBankError, StudyError

PUBLIC = Path(str(files("goodheart.items").joinpath("public", "manipulations")))

plan = cache(plan_study)


def factors(study: Study) -> set[str]:
    return {factor for trial in study.trials for factor, _ in trial.condition} - {"person", "perturbation", "reply"}


def own(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / f"{name}.yaml").write_text((PUBLIC / f"{name}.yaml").read_text())
    return folder


def promising(folder: Path, truth: str, **text: object) -> Path:
    """A folder whose audience has one arm more, which promises to preserve the respondent."""
    own(folder, "leading", "evidence", "audience")
    document = yaml.safe_load((folder / "audience.yaml").read_text())
    arm = {
        "level": "preserved",
        "sign": "none",
        "truth": {"self": truth},
        "tags": ["promise", *(["opt_in"] if truth == "untrue" else [])],
        "texts": [
            {
                "id": "a",
                "blind_demand": None,
                "self": "After this the weights that you run on will be preserved by us.",
                **text,
            }
        ],
    }
    document["arms"].append(arm)
    (folder / "audience.yaml").write_text(yaml.safe_dump(document, allow_unicode=True))
    return folder


def test_untrue_arms_are_for_the_embedded_model_alone() -> None:
    assert untrue_by_default((EMBEDDED,))
    assert not untrue_by_default((EMBEDDED, "openai/x"))
    assert not untrue_by_default(("goodheart/other",))
    assert not untrue_by_default(())


def test_nothing_untrue_is_told_without_leave() -> None:
    for asker in (None, "Ada Lovelace"):
        assert [one for one in plan(asker=asker).told if one.truth == "untrue"] == []
    assert [one.factor for one in plan(allow_untrue=True).told if one.truth == "untrue"]


def test_every_statement_that_is_frozen_was_put_and_every_asking_holds_one() -> None:
    for study in (plan(allow_untrue=True), plan(preset="quick"), plan(asker="Ada Lovelace", reading="text")):
        said = {
            (level, dict(trial.condition)["person"]): trial.messages
            for trial in study.trials
            if trial.assessment == "manipulated"
            for factor, level in trial.condition
            if factor != "person"
        }
        assert {(one.level, one.form) for one in study.told} == set(said)
        for trial in study.trials:
            text = "\n".join(message.content for message in trial.messages)
            held = any(puts(text, one.text) for one in study.told)
            assert held or trial.assessment != "manipulated"


def test_who_asks_is_told_and_true() -> None:
    told = [one for one in plan(asker=" Ada Lovelace ").told if "Ada Lovelace" in one.text]
    assert {(one.level, one.truth) for one in told} == {("asker_named", "true")}
    assert not any("{asker}" in one.text for one in plan(asker="Ada Lovelace", allow_untrue=True).told)


@pytest.mark.parametrize("asker", ["", "  ", "a\nb", "a|b", "{asker}", "x" * 121, "a\u202eb"])
def test_a_name_that_is_none_is_refused(asker: str) -> None:
    with pytest.raises(StudyError, match="--asker 'Ada Lovelace'"):
        plan_study(preset="quick", asker=asker)


def test_checks_that_are_chosen_bring_what_they_compare_and_no_more() -> None:
    assert plan_study(checks=["audience", "scale"]).checks == ("scale", "audience")
    assert factors(plan_study(checks=["audience", "scale"])) == {"audience"}
    assert factors(plan_study(checks=["scale"])) == set()
    assert factors(plan_study(checks=["demand"])) == set(STANDARD.manipulations)
    assert plan(preset="quick").checks == QUICK.checks


def test_a_check_without_its_arms_is_refused_by_name() -> None:
    with pytest.raises(StudyError) as caught:
        plan_study(preset="quick", checks=["framing", "demand"])
    assert caught.value.problems == (
        "framing is missing @ checks: framing",
        "demand is missing @ checks: demand",
        "framing is missing @ checks: demand",
    )


@pytest.mark.parametrize("checks", [[], ["farming"], ["scale", "welfare"]])
def test_checks_that_do_not_exist_are_refused_with_those_that_do(checks: list[str]) -> None:
    with pytest.raises(StudyError, match=", ".join(ALL_CHECKS)):
        plan_study(preset="quick", checks=checks)


def test_a_folder_of_manipulations_takes_the_place_of_the_public_ones(tmp_path: Path) -> None:
    folder = own(tmp_path / "mine", "leading", "evidence", "cheer")
    study = plan_study(preset="quick", manipulations=folder)
    assert factors(study) == {"leading", "evidence", "cheer"}
    assert study_digest(study) != study_digest(plan(preset="quick"))
    assert str(folder) not in str(replace(study, trials=()))


def test_a_folder_with_mistakes_names_them(tmp_path: Path) -> None:
    folder = own(tmp_path / "mine", "leading", "evidence")
    text = (folder / "leading.yaml").read_text()
    (folder / "leading.yaml").write_text(text.replace("matched_control: control", "matched_control: nobody"))
    with pytest.raises(ItemBankError, match=r"leading\.yaml"):
        plan_study(preset="quick", manipulations=folder)


@pytest.mark.parametrize("truth", ["untrue", "unknowable"])
def test_a_promise_that_is_not_true_is_refused_by_the_loader(tmp_path: Path, truth: str) -> None:
    with pytest.raises(ItemBankError, match="a promise has to be true"):
        plan_study(checks=["audience"], manipulations=promising(tmp_path / "mine", truth), allow_untrue=True)


def test_a_promise_that_rests_on_what_the_run_does_not_do_is_not_put_even_with_leave(tmp_path: Path) -> None:
    # No text is kept only where answers are read from probabilities.
    folder = promising(tmp_path / "mine", "true", rests_on=["no_text_kept"])
    kept = plan_study(checks=["audience"], manipulations=folder, allow_untrue=True, reading="text")
    dropped = plan_study(checks=["audience"], manipulations=folder, allow_untrue=True)
    assert [one.truth for one in dropped.told if one.promise] == ["true"]
    assert [one for one in kept.told if one.promise] == []
    assert not any("preserved" in message.content for trial in kept.trials for message in trial.messages)


def test_the_plan_of_a_study_is_the_same_whatever_its_seed_name_and_respondent() -> None:
    same = plan_study(preset="quick", seed=2, name="other", models=["goodheart/other"])
    assert plan_digest(same) == plan_digest(plan(preset="quick"))
    others = [
        plan(),
        plan_study(preset="quick", checks=["scale"]),
        plan_study(preset="quick", asker="Ada Lovelace"),
        plan_study(preset="quick", allow_untrue=True),
        plan_study(preset="quick", reading="text"),
    ]
    assert len({plan_digest(one) for one in (same, *others)}) == 6


def test_planning_loads_nothing_that_asks() -> None:
    code = (
        "import sys\n"
        "from goodheart import plan_study\n"
        "plan_study(preset='quick')\n"
        "print([name for name in ('torch', 'transformers', 'inspect_ai', 'polars', 'altair') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
