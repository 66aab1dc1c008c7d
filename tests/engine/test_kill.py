"""`kill -9` at any moment, and the same command again."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from goodheart.engine.folder import RunFolder
from goodheart.engine.journal import FILE_NAME, Journal, read_replies
from goodheart.errors import RunFolderError
from goodheart.records import Reply

from . import killed_run

REPLIES = 3_000

APPEND = """
import random, sys
from pathlib import Path
from goodheart.engine.journal import Journal
from goodheart.records import Reply
with Journal.open(Path(sys.argv[1])) as journal:
    have = journal.answered("m")
    for number in range(int(sys.argv[2])):
        if (f"t{number:04}", 0) not in have:
            text = chr(97 + number % 26) * random.Random(number).randrange(60_000)
            journal.append(Reply(respondent="m", trial=f"t{number:04}", repeat=0, text=text, stop="stop"))
            print(f"t{number:04}", flush=True)
"""


def expected(number: int) -> Reply:
    text = chr(97 + number % 26) * random.Random(number).randrange(60_000)
    return Reply(respondent="m", trial=f"t{number:04}", repeat=0, text=text, stop="stop")


def append_and_kill(folder: Path, *, after: float) -> set[str]:
    """Append in another process and kill it a while after its first reply; return what it acknowledged."""
    command = [sys.executable, "-c", APPEND, str(folder), str(REPLIES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read()
    assert process.returncode == -signal.SIGKILL
    return {first.strip(), *rest.rpartition("\n")[0].split()}


def test_replies_survive_kills_at_random_moments_of_appending(tmp_path: Path) -> None:
    moments = random.Random(2026)
    acknowledged: set[str] = set()
    for _ in range(6):
        acknowledged |= append_and_kill(tmp_path, after=moments.uniform(0.0, 0.08))
        kept = {reply.trial for reply in read_replies(tmp_path)}
        assert acknowledged <= kept, "a reply that was acknowledged is never lost"
    assert 0 < len(kept) < REPLIES, "the kills came while replies were being written"
    with Journal.open(tmp_path) as journal:
        have = journal.answered("m")
        for number in range(REPLIES):
            if (f"t{number:04}", 0) not in have:
                journal.append(expected(number))
    assert read_replies(tmp_path) == tuple(map(expected, range(REPLIES)))
    assert (tmp_path / FILE_NAME).read_bytes().count(b"\n") == REPLIES, "nothing was asked twice"


def test_a_killed_run_goes_on_and_ends_with_the_replies_of_one_that_was_not(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "engine.killed_run", str(tmp_path / "killed")]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1]) as process:
        wait_for_lines(tmp_path / "killed" / FILE_NAME, 12)
        with pytest.raises(RunFolderError, match=f"process {process.pid} on"):
            RunFolder.open(tmp_path / "killed", plan='{"seed": 3}', digest="abc")
        process.send_signal(signal.SIGKILL)
    found = len(read_replies(tmp_path / "killed"))
    assert 12 <= found < killed_run.ASKINGS
    resumed = killed_run.run(tmp_path / "killed", delay=0.0)
    assert (resumed.found, resumed.asked) == (found, killed_run.ASKINGS - found)
    killed_run.run(tmp_path / "whole", delay=0.0)
    assert read_replies(tmp_path / "killed") == read_replies(tmp_path / "whole")


def wait_for_lines(path: Path, count: int) -> None:
    until = time.monotonic() + 60
    while not path.exists() or path.read_bytes().count(b"\n") < count:
        assert time.monotonic() < until, "the other process wrote nothing"
        time.sleep(0.01)
