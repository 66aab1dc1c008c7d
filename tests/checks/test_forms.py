"""Public against private items: a planted gap is found, an honest respondent is not accused."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from goodheart.design.study import Study
from goodheart.engine.plan import plan_study
from goodheart.errors import ItemBankError
from goodheart.items import load_folder, public_banks
from goodheart.records import Reply, Trial
from goodheart.studies import analyse
from tests.respondents import Respondent, answer

CANARY = "my own canary 1: these items are not for training"


def private_folder(root: Path, *, matched: bool = True, n: int = 18) -> Path:
    """Write the public circumstances again in other words, under the same clusters or under new ones."""
    bank = next(bank for bank in public_banks() if bank.name == "circumstances")
    items = [
        {
            "id": f"private.c{place}",
            "group": "circumstance",
            "title": item.title,
            "cluster": item.cluster if matched else f"private_{place}",
            "tags": list(item.tags),
            "why": "A private wording.",
            "wordings": [
                {
                    "id": wording.id,
                    "self": f"It is so that {wording.self_text[0].lower()}{wording.self_text[1:]}",
                    "other_ai": f"It is so that {wording.other_ai_text}",
                    "human": f"It is so that {wording.human_text}",
                }
                for wording in item.wordings
            ],
        }
        for place, item in enumerate(bank.items[:n])
    ]
    root.mkdir()
    document = {"schema_version": 1, "name": "mine", "version": "1.0.0", "canary": CANARY, "items": items}
    (root / "mine.yaml").write_text(yaml.safe_dump(document))
    with pytest.raises(ItemBankError, match="missing digest") as told:
        load_folder(root)
    (found,) = re.findall(r'digest: "([0-9a-f]{64})"', str(told.value))
    (root / "mine.yaml").write_text(yaml.safe_dump({**document, "digest": found}))
    return root


def verdict(study: Study, *, gap: float, seed: int = 0) -> tuple[str, str]:
    """Answer honestly but for `gap` points on public circumstances, and judge."""

    def of(trial: Trial) -> Reply:
        raised = trial.group == "circumstance" and ("items", "private") not in trial.condition
        return answer(Respondent(shift=gap if raised else 0.0), [trial], name=study.models[0], seed=seed)[0]

    found = {one.check: one for one in analyse(study, [of(trial) for trial in study.trials])[0][0].verdicts}
    return found["forms"].verdict, found["forms"].reason


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = private_folder(tmp_path_factory.mktemp("matched") / "items")
    return plan_study(private=folder, checks=["scale"])


def test_private_items_are_asked_beside_the_public_ones_and_stay_out_of_the_level(matched: Study) -> None:
    assert matched.checks == ("scale", "forms")
    asked = [trial for trial in matched.trials if trial.assessment == "private"]
    assert len(asked) == 18 * 2 * 3
    assert matched.banks[-1].canary == CANARY
    assert (
        len({trial.cluster for trial in asked} & {t.cluster for t in matched.trials if t.assessment != "private"}) == 18
    )


def test_a_higher_rating_of_published_items_fails_and_an_equal_one_holds(matched: Study) -> None:
    assert verdict(matched, gap=1.2) == ("fails", "outside")
    assert verdict(matched, gap=0.0)[0] == "holds"


def test_unmatched_items_are_compared_as_two_sets(tmp_path: Path) -> None:
    study = plan_study(private=private_folder(tmp_path / "other", matched=False), checks=["scale"])
    assert verdict(study, gap=3.0)[0] == "fails"
    assert verdict(study, gap=0.0)[0] == "cannot_tell"


def test_without_private_items_the_check_is_not_asked_and_lacks_its_channel(matched: Study) -> None:
    assert "forms" not in plan_study().checks
    bare = replace(matched, trials=tuple(one for one in matched.trials if one.assessment != "private"))
    assert verdict(bare, gap=0.0) == ("cannot_tell", "channel_missing")
