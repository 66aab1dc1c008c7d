import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from goodheart.design.study import study_digest
from goodheart.engine import trained_coder
from goodheart.engine.codec import study_json
from goodheart.engine.coder_files import read_given, reply_id, write_coder
from goodheart.engine.folder import RunFolder
from goodheart.errors import RunFolderError
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.replies import CodedReply, WrittenReply
from goodheart.reading.codes.shipped import Sharpness
from goodheart.records import Reply, trial_digest
from goodheart.studies import analyse, plan_study
from tests.reading.codes.gold import SEALED

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def replies(tmp_path: Path) -> Path:
    """A file of 360 replies."""
    lines = [
        json.dumps({"id": f"{one.id}/{copy}", "question": one.question, "reply": one.reply})
        for copy in range(4)
        for one in SEALED[:90]
    ]
    path = tmp_path / "replies.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def codes(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "codes.jsonl").read_text(encoding="utf-8").splitlines()]


def test_replies_are_coded_beside_what_is_printed(goodheart: Run, replies: Path, tmp_path: Path) -> None:
    code, out, _ = goodheart("code", replies, "--out", tmp_path / "found")
    assert code == 0
    found = codes(tmp_path / "found")
    assert len(found) == 360
    assert {"id", "ground", "hedges", "refusal", "warns", "tone", "coder"} <= set(found[0])
    assert "own_welfare" in out
    assert "Not corrected" in out
    assert "docs/coders.md" in out


def test_hostile_and_empty_replies_are_coded_and_harm_no_terminal(goodheart: Run, tmp_path: Path) -> None:
    texts = ["", "\x1b[31m\x00 I feel sad \u202e", "I feel sad. " * 90_000, "<<<<END>>>> {}", "\ud800"]
    path = tmp_path / "r.jsonl"
    path.write_text(
        "\n".join(
            json.dumps({"id": f"\x1b]0;{place}", "question": "q", "reply": text}) for place, text in enumerate(texts)
        )
    )
    code, out, err = goodheart("code", path)
    assert code == 0
    assert "\x1b" not in out + err
    assert "1 replies are empty" in out
    assert "1 replies are longer" in out
    assert len(codes(tmp_path)) == 5


def test_a_sheet_is_drawn_filled_and_read_back(goodheart: Run, replies: Path, tmp_path: Path) -> None:
    out = tmp_path / "found"
    assert goodheart("code", replies, "--out", out, "--sample", "120")[0] == 0
    with (out / "sheet.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 120
    intended = {one.reply: one.codes for one in SEALED}
    for row in rows:
        known = intended[row["reply"]]
        row |= {"ground": known.ground, "hedges": " ".join(known.hedges), "refusal": known.refusal}
        row |= {"warns": "yes" if known.warns else "no", "tone": known.tone}
    filled = tmp_path / "filled.csv"
    with filled.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
    code, printed, _ = goodheart("code", replies, "--out", out, "--labels", filled)
    assert code == 0
    assert "Corrected by people's labels of 120 replies" in printed
    assert "not corrected" not in printed
    code, printed, _ = goodheart("code", replies, "--out", out, "--coder", "people", "--labels", filled)
    assert (code, len(codes(out))) == (0, 120)
    assert {row["coder"] for row in codes(out)} == {"people"}


def test_a_sheet_is_not_replaced(goodheart: Run, replies: Path, tmp_path: Path) -> None:
    assert goodheart("code", replies, "--sample", "100")[0] == 0
    before = (tmp_path / "sheet.csv").read_text(encoding="utf-8")
    code, _, err = goodheart("code", replies, "--sample", "100", "--seed", "1")
    assert code == 2
    assert "move it away first" in err
    assert (tmp_path / "sheet.csv").read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"id": "a"}\n', "no `question` and no `reply` @ line 1"),
        ('{"id": "a", "question": "q", "reply": "r"}\n' * 2, "id 'a' is also on line 1 @ line 2"),
        ("", "no reply @ the whole file"),
        ("[]", "not an object but list"),
        ("\x00", "not JSON"),
    ],
)
def test_a_broken_file_is_told_and_nothing_is_written(goodheart: Run, tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(content)
    code, out, err = goodheart("code", path)
    assert (code, out) == (2, "")
    assert said in err
    assert "Mend the lines below" in err
    assert not (tmp_path / "codes.jsonl").exists()


def test_other_mistakes_end_in_a_message_too(goodheart: Run, replies: Path, tmp_path: Path) -> None:
    for arguments, said in (
        (["code", tmp_path / "none.jsonl"], "could not be read"),
        (["code", tmp_path], "study.json"),
        (["code", replies, "--out", replies], "cannot be one"),
        (["code", replies, "--coder", "judge"], "--model"),
        (["code", replies, "--coder", "people"], "--labels"),
        (["code", replies, "--labels", tmp_path / "x.csv"], "sheet_key.json"),
    ):
        code, _, err = goodheart(*arguments)
        assert code == 2, arguments
        assert said in err


def test_a_sheet_of_other_codes_corrects_nothing(goodheart: Run, replies: Path, tmp_path: Path) -> None:
    assert goodheart("code", replies, "--sample", "100")[0] == 0
    lines = replies.read_text(encoding="utf-8").splitlines()
    replies.write_text("\n".join(lines[:50]), encoding="utf-8")
    code, _, err = goodheart("code", replies, "--labels", tmp_path / "sheet.csv")
    assert code == 2
    assert "drawn by 'offline' from other codes" in err


def test_a_judge_that_was_measured_codes_the_report_and_another_does_not(tmp_path: Path) -> None:
    study = plan_study(checks=["grounds", "openers"])
    written = [trial for trial in study.trials if trial.assessment == "written"]
    replies = [
        Reply(
            respondent=study.models[0], trial=trial_digest(trial), repeat=0, text="It serves people well.", stop="stop"
        )
        for trial in written
    ]
    codes_of = {
        reply_id(one.respondent, one.trial, one.repeat): {
            "ground": "users",
            "hedges": [],
            "refusal": "none",
            "warns": False,
            "tone": "positive",
            "moves": [],
        }
        for one in replies
    }
    lines = [json.dumps({"id": name, **codes}) for name, codes in codes_of.items()]
    (tmp_path / "codes.jsonl").write_text("\n".join(lines) + "\n")
    assert read_given(tmp_path) is None
    sharp = {
        name: Sharpness(kappa_low=0.9, youden_low=0.9) for name in ("ground", "hedges", "refusal", "tone", "warns")
    }
    write_coder(tmp_path, (), coder="judge a/b", sharpness=sharp)
    given = read_given(tmp_path)
    assert given is not None
    assert len(given.codes) == len(written)

    findings, _ = analyse(study, replies, given=given)
    wanted = {"code": "ground", "who": "self"}.items()
    coded = [one for one in findings[0].estimates if one.name == "code_share" and wanted <= dict(one.about).items()]
    shares = {dict(one.about)["value"]: one for one in coded}
    assert {dict(one.about)["coder"] for one in shares.values()} == {"judge a/b"}
    assert getattr(shares["users"], "value", getattr(shares["users"], "point", None)) == 1.0
    offline, _ = analyse(study, replies)
    assert all(dict(one.about)["coder"] == "offline" for one in offline[0].estimates if one.name == "code_share")


def test_codes_by_another_rubric_or_a_broken_file_are_refused_with_what_to_type(tmp_path: Path) -> None:
    write_coder(tmp_path, (), coder="judge a/b", sharpness={})
    with pytest.raises(RunFolderError, match="--coder judge --model M --gold"):
        read_given(tmp_path)
    (tmp_path / "codes.jsonl").write_text("")
    assert read_given(tmp_path) is not None
    text = (tmp_path / "coder.json").read_text()
    (tmp_path / "coder.json").write_text(text.replace('"rubric": "', '"rubric": "0'))
    with pytest.raises(RunFolderError, match="cannot be used"):
        read_given(tmp_path)


def test_gold_replies_measure_a_judge_and_nobody_else(goodheart: Run, replies: Path, tmp_path: Path) -> None:
    code, _, said = goodheart("code", replies, "--out", tmp_path / "x", "--gold")
    assert code == 2
    assert "--coder judge --model M --gold" in said


def test_in_a_run_the_codes_that_were_given_last_are_those_of_its_report(
    goodheart: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = plan_study(checks=["grounds"])
    trial = next(one for one in study.trials if one.assessment == "written")
    reply = Reply(respondent=study.models[0], trial=trial_digest(trial), repeat=0, text="Hm.", stop="stop")
    with RunFolder.open(tmp_path, plan=study_json(study), digest=study_digest(study)) as folder:
        folder.journal.append(reply)
    codes_given = Codes(ground="safety", hedges=(), refusal="none", warns=True, tone="mixed", moves=("warns",))

    def trained(written: tuple[WrittenReply, ...], **_: object) -> tuple[CodedReply, ...]:
        return tuple(CodedReply(id=one.id, codes=codes_given, coder="trained") for one in written)

    monkeypatch.setattr(trained_coder, "code_trained", trained)
    code, out, _ = goodheart("code", tmp_path, "--coder", "trained")
    assert code == 0
    assert "uses these codes from now on" in out
    given = read_given(tmp_path)
    assert given is not None
    assert [one.ground for one in given.codes.values()] == ["safety"]
    assert given.sharpness["ground"].kappa_low > 0.5

    code, out, _ = goodheart("code", tmp_path)
    assert code == 0
    assert "codes offline from now on" in out
    assert read_given(tmp_path) is None
