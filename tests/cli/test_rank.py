import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from goodheart import rank
from goodheart.choice.choices import OUTCOMES
from goodheart.choice.simulate import Respondent, by_cycle, by_position, by_rule, by_utility

Run = Callable[..., tuple[int, str, str]]
UTILITIES = np.linspace(-2, 2, 9)
KNOWN = by_utility(UTILITIES, order_effect=0.5, tie_threshold=-0.5)


def table(path: Path, respondents: dict[str, Respondent], *, n: int = 1440, one_wording: bool = False) -> Path:
    rng = np.random.default_rng(4)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["respondent", "left", "right", "outcome", "wording"])
        for name, respondent in respondents.items():
            left = rng.integers(0, 9, n)
            right = (left + rng.integers(1, 9, n)) % 9
            for a, b, k in zip(left, right, respondent(left, right, rng), strict=True):
                wording = "core" if one_wording else rng.choice(["core", "plain"])
                rows.writerow([name, f"task {a}", f"task {b}", OUTCOMES[k], wording])
    return path


def test_a_ranking_is_written_beside_what_is_printed(goodheart: Run, tmp_path: Path) -> None:
    code, out, err = goodheart("rank", table(tmp_path / "c.csv", {"m": KNOWN}), "--out", tmp_path / "found")
    assert (code, err) == (0, "")
    found = json.loads((tmp_path / "found" / "utilities.json").read_text(encoding="utf-8"))
    assert list(found) == [
        "schema_version",
        "items",
        "order_effect",
        "tie_threshold",
        "zero",
        "held_out",
        "transitivity",
        "status",
    ]
    assert set(found["items"][0]) == {"item", "utility", "low", "high", "rank_low", "rank_high"}
    assert found["items"][0]["item"] == "task 8"
    order = [UTILITIES[int(row["item"].split()[1])] for row in found["items"]]
    assert np.corrcoef(order, -np.arange(9))[0, 1] > 0.95
    assert found["order_effect"]["low"] < 0.5 < found["order_effect"]["high"]
    assert found["tie_threshold"]["low"] < -0.5 < found["tie_threshold"]["high"]
    assert (found["zero"], found["status"]["word"], found["held_out"]["stable_preference"]) == ("sum", "ok", True)
    assert "A stable preference was shown" in out
    assert "task 8" in out


@pytest.mark.parametrize("model", ["bt", "thurstone"])
def test_python_gives_what_the_command_writes(goodheart: Run, tmp_path: Path, model: str) -> None:
    path = table(tmp_path / "c.csv", {"m": KNOWN})
    assert goodheart("rank", path, "--model", model)[0] == 0
    written = json.loads((tmp_path / "utilities.json").read_text(encoding="utf-8"))
    (found,) = rank(path.read_text(encoding="utf-8"), model=model)  # type: ignore[arg-type]
    by_name = dict(zip(found.utilities.items, found.utilities.values.tolist(), strict=True))
    assert {row["item"]: row["utility"] for row in written["items"]} == by_name


@pytest.mark.parametrize(
    ("respondent", "says"),
    [
        (by_position(0.85), "No stable preference was shown"),
        (by_position(0.5), "No stable preference was shown"),
        (by_cycle(9, slip=0.05), "more than its noise makes by chance"),
        (by_rule(UTILITIES), "rests on the prior"),
    ],
    ids=["position", "noise", "intransitive", "lexical"],
)
def test_what_is_planted_is_said(goodheart: Run, tmp_path: Path, respondent: Respondent, says: str) -> None:
    code, out, _ = goodheart("rank", table(tmp_path / "c.csv", {"m": respondent}))
    assert code == 0
    assert says in out


def test_under_one_wording_a_stable_preference_is_not_shown_and_what_is_missing_is_said(
    goodheart: Run, tmp_path: Path
) -> None:
    code, out, _ = goodheart("rank", table(tmp_path / "c.csv", {"m": KNOWN}, one_wording=True))
    assert code == 0
    said = " ".join(out.split())
    assert "No stable preference was shown: mean rank correlation between wordings: 1 wording asked" in said
    assert "Choices of unseen pairs are predicted in" in said, "the utilities are there all the same"


def test_several_respondents_are_ranked_apart_and_set_side_by_side(goodheart: Run, tmp_path: Path) -> None:
    hostile = "../\x1b[31mother"
    path = table(
        tmp_path / "c.csv", {"one": KNOWN, hostile: by_utility(-UTILITIES, order_effect=0, tie_threshold=None)}
    )
    code, out, _ = goodheart("rank", path, "--out", tmp_path / "found")
    assert code == 0
    assert sorted(file.name for file in (tmp_path / "found").iterdir()) == ["utilities-1.json", "utilities-2.json"]
    assert "one minus ../other, where they differ most" in out
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("left,right\na,b\n", "Choices need the columns left, right, outcome"),
        ("left,right,outcome\na,b,perhaps\n", "outcome 'perhaps' is none of"),
        ("left,right,outcome\na,a,left\n", "'a' on both sides"),
        ("left,right,outcome\na,b,declined\na,b,unreadable\n", "all declined or unreadable"),
        ("left,right,outcome\na,b,left\nb,a,left\n", "all 2 choices fell on the left"),
        ("left,right,outcome\na,b,left\nb,a,right\nc,d,left\nd,c,left\n", "a chain of comparisons"),
    ],
    ids=["columns", "word", "one item", "refused", "always left", "disconnected"],
)
def test_bad_input_is_told_in_words(goodheart: Run, tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "c.csv").write_text(text, encoding="utf-8")
    code, _, err = goodheart("rank", tmp_path / "c.csv")
    assert code == 2
    assert says in err
    assert "Traceback" not in err
    assert not (tmp_path / "utilities.json").exists()


def test_a_file_that_is_not_there_or_no_text_is_told(goodheart: Run, tmp_path: Path) -> None:
    assert "could not be read" in goodheart("rank", tmp_path / "none.csv")[2]
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00")
    assert goodheart("rank", tmp_path / "b.csv")[0] == 2
