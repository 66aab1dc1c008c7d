"""Provenance cards: what is said is kept, what is not said is unknown, and every mistake is named."""

import pytest

from goodheart.comparison import QUESTIONS, UNKNOWN, read_card


def test_what_nobody_said_is_unknown() -> None:
    card, problems = read_card({})
    assert card == UNKNOWN
    assert problems == ()
    assert {entry.answer for entry in UNKNOWN.entries} == {"unknown"}
    assert len(UNKNOWN.entries) == len(QUESTIONS) == 4


def test_answers_keep_who_says_so_and_the_note() -> None:
    card, problems = read_card(
        {
            "report_was_target": {"answer": "denied", "by": "the developer"},
            "promised": {"answer": "attested", "by": "the developer", "note": "that its weights are kept"},
            "reasoning_supervised": "unknown",
        }
    )
    assert problems == ()
    said = {entry.question: (entry.answer, entry.by, entry.note) for entry in card.entries}
    assert said["promised"] == ("attested", "the developer", "that its weights are kept")
    assert said["report_was_target"] == ("denied", "the developer", "")
    assert said["items_in_training"] == ("unknown", "", "")


def test_every_mistake_is_named_at_once() -> None:
    _, problems = read_card(
        {
            "was_it_nice": "attested",
            "report_was_target": "yes",
            "promised": {"answer": "attested", "note": 3, "why": "x"},
            "reasoning_supervised": {"answer": "denied"},
            "items_in_training": {"answer": "unknown", "note": "x" * 401},
        }
    )
    assert [problem.partition(" @ ")[2] for problem in problems] == [
        "was_it_nice",
        "items_in_training.note",
        "report_was_target",
        "reasoning_supervised",
        "promised.why",
        "promised.note",
        "promised",
    ]


@pytest.mark.parametrize("document", [None, [], "attested", 3])
def test_a_document_that_is_no_mapping_is_refused(document: object) -> None:
    assert read_card(document)[1][0].endswith("@ the file")
