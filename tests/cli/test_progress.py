import pytest

from goodheart.cli.progress import LINES, Bar, duration
from goodheart.cli.terminal import console
from goodheart.engine.progress import Progress


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "5 s"), (42, "40 s"), (58, "1 min"), (150, "2 min"), (3600, "60 min"), (9000, "2.5 h")],
)
def test_a_time_is_said_no_finer_than_it_is_known(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def at(done: int, *, failed: int = 0) -> Progress:
    left = None if done < 5 else float(1000 - done)
    return Progress(done=done, total=1000, failed=failed, elapsed=float(done), seconds_left=left)


def test_elsewhere_than_on_a_terminal_a_respondent_gets_few_lines(capsys: pytest.CaptureFixture[str]) -> None:
    console.cache_clear()
    with Bar() as bar:
        for done in range(1001):
            bar.show("a/\x1b[1mb", at(done, failed=done // 500))
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert (out, len(lines)) == ("", LINES)
    assert lines[0] == "a/b: 100 of 1,000, about 15 min left"
    assert lines[-1] == "a/b: 1,000 of 1,000, 2 failed"
