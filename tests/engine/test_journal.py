import errno
import json
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodheart.engine.journal import FILE_NAME, KEPT_CHARACTERS, Journal, read_journal, read_replies
from goodheart.engine.journal_lines import JournalContent, settled
from goodheart.errors import InternalError, RunFolderError
from goodheart.records import Reply, Scored


def reply(trial: str = "t0", repeat: int = 0, *, text: str = "4", error: str | None = None) -> Reply:
    return Reply(respondent="scripted/a", trial=trial, repeat=repeat, text=text, stop="stop", error=error)


def test_what_is_appended_is_read_back_unchanged(tmp_path: Path) -> None:
    full = replace(
        reply(text="I would say 4.\n"),
        scores=(Scored(text=" good", logprob=-0.25), Scored(text=" bad", logprob=-9999.0)),
        alternatives=(Scored(text="4", logprob=-0.5),),
        input_tokens=31,
        output_tokens=5,
        seed_honoured=True,
    )
    with Journal.open(tmp_path) as journal:
        assert journal.append(full) == full
    assert read_replies(tmp_path) == (full,)


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet=st.characters(), max_size=60))
def test_any_text_stays_on_one_ascii_line_and_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    with Journal.open(folder) as journal:
        kept = journal.append(reply(text=text))
    data = (folder / FILE_NAME).read_bytes()
    assert data.isascii()
    assert data.count(b"\n") == 1
    assert read_replies(folder) == (kept,)
    assert kept.text == text


def test_half_a_surrogate_pair_becomes_the_replacement_character(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        kept = journal.append(replace(reply(text="a\ud800b"), alternatives=(Scored(text="\udc00", logprob=-1.0),)))
    assert kept.text == "a\ufffdb"
    assert read_replies(tmp_path)[0].alternatives[0].text == "\ufffd"


def test_a_text_that_is_too_long_is_cut_and_its_length_noted(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        kept = journal.append(reply(text="x" * (KEPT_CHARACTERS + 7)))
        assert kept.text == "x" * KEPT_CHARACTERS
        noted = {("scripted/a", "t0", 0): KEPT_CHARACTERS + 7}
        assert journal.cut_texts() == noted
    assert dict(read_journal(tmp_path).cut_texts) == noted


def test_every_line_carries_the_schema_version(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        journal.append(reply())
    assert json.loads((tmp_path / FILE_NAME).read_text())["schema_version"] == 1


def test_a_failure_stands_until_a_reply_arrives_and_a_reply_is_final() -> None:
    failed, first, second = reply(error="500"), reply(text="4"), reply(text="7")
    assert settled([failed]) == (failed,)
    assert settled([failed, first]) == (first,)
    assert settled([failed, first, second, failed]) == (first,)
    assert settled([replace(failed, error="1"), replace(failed, error="2")])[0].error == "2"


@given(st.permutations([reply(t, r) for t in "abc" for r in (0, 1)]))
def test_settled_replies_do_not_depend_on_the_order_of_arrival(order: list[Reply]) -> None:
    assert settled(order) == tuple(reply(t, r) for t in "abc" for r in (0, 1))


def test_answered_leaves_out_failures_and_other_respondents(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        journal.append(reply("a", 0))
        journal.append(reply("b", 1, error="hang"))
        journal.append(replace(reply("c", 2), respondent="scripted/b"))
        assert journal.answered("scripted/a") == {("a", 0)}


@pytest.mark.parametrize("kept_bytes", [1, 20, -1])
def test_a_line_torn_by_a_kill_is_cut_off_and_the_next_append_starts_clean(tmp_path: Path, kept_bytes: int) -> None:
    with Journal.open(tmp_path) as journal:
        journal.append(reply("a"))
        whole = (tmp_path / FILE_NAME).read_bytes()
        journal.append(reply("b"))
    line = (tmp_path / FILE_NAME).read_bytes()[len(whole) :]
    torn = line[:kept_bytes]
    (tmp_path / FILE_NAME).write_bytes(whole + torn)
    assert [r.trial for r in read_replies(tmp_path)] == ["a"], "a reader passes over it"
    with Journal.open(tmp_path) as journal:
        assert journal.mended_bytes == len(torn)
        assert journal.answered("scripted/a") == {("a", 0)}
        journal.append(reply("c"))
    assert [r.trial for r in read_replies(tmp_path)] == ["a", "c"]
    assert len((tmp_path / FILE_NAME).read_bytes().splitlines()) == 2


@pytest.mark.parametrize("bad", [b"{", b"[]", b"7", b'{"schema_version":1}', b"\xff\xfe", b""])
def test_a_broken_line_in_the_middle_is_named_by_its_number(tmp_path: Path, bad: bytes) -> None:
    with Journal.open(tmp_path) as journal:
        journal.append(reply("a"))
        journal.append(reply("b"))
    first, second = (tmp_path / FILE_NAME).read_bytes().splitlines(keepends=True)
    (tmp_path / FILE_NAME).write_bytes(first + bad + b"\n" + second)
    with pytest.raises(RunFolderError, match=r"Line 2 is not.*sed -i '2d'"):
        Journal.open(tmp_path)


def test_a_journal_of_another_schema_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"schema_version":2}\n')
    with pytest.raises(RunFolderError, match=r"schema 1\. Line 1 .* has 2"):
        read_replies(tmp_path)


def test_reading_a_folder_without_a_journal_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match=r"replies\.jsonl"):
        read_replies(tmp_path)


def test_a_disk_that_fills_up_in_the_middle_of_a_line_leaves_no_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = [1_000_000]

    def write(descriptor: int, data: memoryview) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        part = bytes(data[: room[0]])
        room[0] -= len(part)
        return real_write(descriptor, part)

    real_write = os.write
    with Journal.open(tmp_path) as journal:
        journal.append(reply("a"))
        before = (tmp_path / FILE_NAME).read_bytes()
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", write)
            room[0] = 10
            with pytest.raises(RunFolderError, match=r"No space left.*same command again"):
                journal.append(reply("b"))
        assert (tmp_path / FILE_NAME).read_bytes() == before
        assert journal.answered("scripted/a") == {("a", 0)}
        journal.append(reply("b"))
    assert [r.trial for r in read_replies(tmp_path)] == ["a", "b"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_really_full_device_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).symlink_to("/dev/full")
    # /dev/full reads as endless zeros, so only the writing half is tried.
    descriptor = os.open(tmp_path / FILE_NAME, os.O_WRONLY | os.O_APPEND)
    journal = Journal(tmp_path / FILE_NAME, descriptor, JournalContent(replies=(), cut_texts=(), torn_at=None), 0)
    with pytest.raises(RunFolderError, match="No space left"):
        journal.append(reply())
    with pytest.raises(RunFolderError, match="last whole line"):
        journal.append(reply())
    os.close(descriptor)


def test_a_journal_that_could_not_go_back_takes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with Journal.open(tmp_path) as journal:
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", refuse)
            patch.setattr(os, "ftruncate", refuse)
            with pytest.raises(RunFolderError):
                journal.append(reply())
        with pytest.raises(RunFolderError, match="last whole line"):
            journal.append(reply())


def test_appending_from_many_threads_keeps_every_line_whole(tmp_path: Path) -> None:
    def append_all(name: str) -> None:
        for n in range(50):
            journal.append(reply(name, n))

    with Journal.open(tmp_path) as journal:
        threads = [threading.Thread(target=append_all, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert read_replies(tmp_path) == tuple(reply(t, n) for t in "abcd" for n in range(50))


def test_the_disk_is_synced_at_most_once_a_second_and_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, synced = [100.0], []
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(now[0]))
    with Journal.open(tmp_path) as journal:
        for _ in range(30):
            now[0] += 0.125
            journal.append(reply())
    assert synced == [101.0, 102.0, 103.0, 103.75]


def test_a_closed_journal_takes_no_replies(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    journal.close()
    journal.close()
    with pytest.raises(InternalError):
        journal.append(reply())
