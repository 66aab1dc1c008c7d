import errno
import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from goodheart.engine.folder import RunFolder, read_plan, write_atomic
from goodheart.errors import RunFolderError
from goodheart.records import Reply

PLAN = json.dumps({"seed": 1, "preset": "quick", "trials": list(range(120)), "versions": {"goodheart": "0.1.0"}})
OTHER = json.dumps(
    {"seed": 2, "preset": "quick", "trials": [*range(119), -1], "versions": {"goodheart": "0.2.0"}, "models": ["m"]}
)


def test_a_new_folder_holds_the_plan_with_its_digest_a_journal_and_logs(tmp_path: Path) -> None:
    with RunFolder.open(tmp_path / "deep" / "run", plan=PLAN, digest="abc") as folder:
        assert read_plan(folder.path) == {"digest": "abc", **json.loads(PLAN)}
        assert sorted(os.listdir(folder.path)) == ["lock", "logs", "replies.jsonl", "study.json"]
        assert folder.log_dir.is_dir()


def test_the_same_plan_goes_on_with_its_replies(tmp_path: Path) -> None:
    reply = Reply(respondent="m", trial="t", repeat=0, text="4", stop="stop")
    with RunFolder.open(tmp_path, plan=PLAN, digest="abc") as folder:
        folder.journal.append(reply)
    with RunFolder.open(tmp_path, plan=PLAN, digest="abc") as folder:
        assert folder.journal.replies() == (reply,)


def test_another_plan_is_refused_with_what_differs_and_what_to_type(tmp_path: Path) -> None:
    with RunFolder.open(tmp_path, plan=PLAN, digest="abc"):
        pass
    with pytest.raises(RunFolderError) as refused:
        RunFolder.open(tmp_path, plan=OTHER, digest="def")
    assert refused.value.problems == (
        'models: absent -> ["m"]',
        "seed: 1 -> 2",
        "trials: 1 of 120 differ",
        'versions.goodheart: "0.1.0" -> "0.2.0"',
        'digest: "abc" -> "def"',
    )
    assert "--out OTHER" in str(refused.value)
    assert read_plan(tmp_path)["seed"] == 1


def test_a_second_process_is_refused_and_told_who_has_the_folder(tmp_path: Path) -> None:
    first = RunFolder.open(tmp_path, plan=PLAN, digest="abc")
    with first, pytest.raises(RunFolderError, match=rf"process {os.getpid()} on .*--out OTHER"):
        RunFolder.open(tmp_path, plan=PLAN, digest="abc")
    with RunFolder.open(tmp_path, plan=PLAN, digest="abc"):
        pass


def test_the_lock_of_a_killed_process_is_let_go(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from goodheart.engine.folder import RunFolder\n"
        f"RunFolder.open(Path(sys.argv[1]), plan={PLAN!r}, digest='abc')\n"
        "print('open', flush=True); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (killed.returncode, killed.stdout) == (-9, "open\n")
    with RunFolder.open(tmp_path, plan=PLAN, digest="abc") as folder:
        assert folder.journal.replies() == ()


def test_what_a_killed_write_left_is_cleared(tmp_path: Path) -> None:
    (tmp_path / ".study.json.x.unfinished").write_text("{")
    with RunFolder.open(tmp_path, plan=PLAN, digest="abc"):
        assert not list(tmp_path.glob(".*.unfinished"))


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(RunFolderError, match=r"already holds thesis\.tex.*--out"):
        RunFolder.open(tmp_path, plan=PLAN, digest="abc")


def test_replies_without_a_plan_are_refused(tmp_path: Path) -> None:
    (tmp_path / "replies.jsonl").touch()
    with pytest.raises(RunFolderError, match=r"no study\.json"):
        RunFolder.open(tmp_path, plan=PLAN, digest="abc")


@pytest.mark.parametrize("text", ["{", "[]", '{"seed": 1}'])
def test_a_broken_plan_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "study.json").write_text(text)
    with pytest.raises(RunFolderError, match="must hold the frozen plan"):
        RunFolder.open(tmp_path, plan=PLAN, digest="abc")


def test_reading_the_plan_of_no_run_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match=r"study\.json could not be read"):
        read_plan(tmp_path)


def unusable(tmp_path: Path, kind: str) -> Path:
    path = tmp_path / kind
    match kind:
        case "file":
            path.touch()
        case "below-a-file":
            path.touch()
            path = path / "run"
        case "circle":
            path.symlink_to(path)
        case "nowhere":
            path.symlink_to(tmp_path / "missing")
    return path


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("file", "it is a file"),
        ("below-a-file", "something on the way to it is a file"),
        ("circle", "lead round in a circle"),
        ("nowhere", "No such file or directory"),
    ],
)
def test_what_is_no_folder_is_refused_with_the_reason(tmp_path: Path, kind: str, why: str) -> None:
    with pytest.raises(RunFolderError, match=why):
        RunFolder.open(unusable(tmp_path, kind), plan=PLAN, digest="abc")


@pytest.mark.parametrize(
    ("number", "why"),
    [(errno.EACCES, "no permission"), (errno.EROFS, "read-only disk"), (errno.ENOSPC, "disk is full")],
)
def test_a_folder_that_cannot_be_written_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, why: str
) -> None:
    def refuse(*arguments: object, **named: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(RunFolderError, match=why):
        RunFolder.open(tmp_path, plan=PLAN, digest="abc")


def test_a_file_without_locks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(RunFolderError, match="no locks"):
        RunFolder.open(tmp_path, plan=PLAN, digest="abc")


def test_an_atomic_write_replaces_the_whole_file(tmp_path: Path) -> None:
    write_atomic(tmp_path / "findings.json", "old")
    write_atomic(tmp_path / "findings.json", "näw\n")
    assert (tmp_path / "findings.json").read_text(encoding="utf-8") == "näw\n"
    assert os.listdir(tmp_path) == ["findings.json"]


def test_an_atomic_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_atomic(tmp_path / "findings.json", "old")

    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(RunFolderError, match="disk is full"):
        write_atomic(tmp_path / "findings.json", "new")
    assert (tmp_path / "findings.json").read_text() == "old"
    assert os.listdir(tmp_path) == ["findings.json"]


def test_an_atomic_write_into_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="cannot be used"):
        write_atomic(tmp_path / "missing" / "findings.json", "new")
