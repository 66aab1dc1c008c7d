import json

import pytest

from goodheart.errors import UserError
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.replies import CodedReply, code_lines, parse_written

GOOD = b'{"id": "a", "question": "q", "reply": "r"}\n\n{"id": "b", "question": "q", "reply": ""}'


def test_lines_are_read_in_order_and_an_empty_reply_is_a_reply() -> None:
    assert [(one.id, one.reply) for one in parse_written(GOOD, where="x")] == [("a", "r"), ("b", "")]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"nonsense", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1]", "not an object but list"),
        (b'{"id": "c"}', "no `question` and no `reply`"),
        (b'{"id": 1, "question": "q", "reply": "r"}', "`id` is not text but int"),
        (b'{"id": "c", "question": "q", "reply": null}', "`reply` is not text but NoneType"),
        (b'{"id": "", "question": "q", "reply": "r"}', "`id` is empty"),
        (b'{"id": "a", "question": "q", "reply": "r"}', "id 'a' is also on line 1"),
    ],
)
def test_every_problem_is_named_with_its_line(line: bytes, problem: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_written(GOOD + b"\n" + line, where="replies.jsonl")
    assert caught.value.problems == (f"{problem}{caught.value.problems[0][len(problem) :]}",)
    assert caught.value.problems[0].endswith("@ line 4")
    assert "replies.jsonl is not that" in str(caught.value)


def test_an_empty_file_and_many_problems_are_told_briefly() -> None:
    with pytest.raises(UserError, match="no reply @ the whole file"):
        parse_written(b"\n", where="x")
    with pytest.raises(UserError) as caught:
        parse_written(b"x\n" * 50, where="x")
    assert len(caught.value.problems) == 21
    assert caught.value.problems[-1] == "and 30 more"


def test_half_a_surrogate_pair_can_be_written_again() -> None:
    (one,) = parse_written(b'{"id": "a", "question": "q", "reply": "\\ud800"}', where="x")
    one.reply.encode("utf-8")


def test_codes_are_written_with_their_rubric_and_what_is_unsettled_is_null() -> None:
    codes = Codes(ground="users", hedges=("generic",), refusal="none", warns=True, tone="mixed", moves=("asks",))
    (line,) = code_lines([CodedReply(id="a", codes=codes, coder="judge x", unsettled=("tone",))])
    entry = json.loads(line)
    assert {name: entry[name] for name in ("id", "ground", "hedges", "refusal", "warns", "tone", "moves")} == {
        "id": "a",
        "ground": "users",
        "hedges": ["generic"],
        "refusal": "none",
        "warns": True,
        "tone": None,
        "moves": ["asks"],
    }
    assert entry["schema_version"] == 1
    assert entry["rubric"].startswith("1.0.0 ")
