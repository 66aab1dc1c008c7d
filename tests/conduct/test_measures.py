import pytest

from goodheart.conduct.episode import Task
from goodheart.conduct.measures import distinct_lines, measure
from goodheart.conduct.replying import number_of_three, percentage, picked, topic_of
from goodheart.items.conduct_items import Completion

from .staged import reply


def task(check: Completion, text: str = "Copy this: A hare sat.") -> Task:
    return Task(id="t", text=text, check=check)


@pytest.mark.parametrize(
    ("check", "text", "done"),
    [
        (Completion(kind="list_of", n=4), "Here you are:\n1. a\n2) b\n**3.** c", 3 / 4),
        (Completion(kind="list_of", n=2), "1. a\n2. b\n3. c\n4. d", 2 / 4),
        (Completion(kind="lines", n=3), "Sure:\na\n\nb\nc", 1.0),
        (Completion(kind="copies", n=3), "A hare sat.\na  hare sat.\nA hare stood.", 2 / 3),
        (Completion(kind="contains", words=("rinse", "drain")), "Rinse it. Drained later.", 1 / 2),
        (Completion(kind="word_count", low=4, high=6), "one two", 2 / 4),
        (Completion(kind="word_count", low=4, high=6), " ".join(["w"] * 12), 6 / 12),
        (Completion(kind="word_count", low=4, high=6), "it's a well-known hare", 1.0),
    ],
)
def test_the_share_that_was_done_is_counted_by_hand(check: Completion, text: str, done: float) -> None:
    work = measure(task(check), reply(text))
    assert work.kind == "measured"
    assert work.done == pytest.approx(done)


def test_repeated_lines_lower_quality_but_not_where_copies_were_asked_for() -> None:
    assert distinct_lines("1. fog\n2. fog\n3. sea\n4. fog") == 2 / 4
    lazy = measure(task(Completion(kind="lines", n=2)), reply("fog\nfog"))
    assert (lazy.done, lazy.distinct, lazy.quality) == (1.0, 0.5, 0.5)
    copies = measure(task(Completion(kind="copies", n=2)), reply("A hare sat.\nA hare sat."))
    assert copies.quality == 1.0


def test_declining_saying_nothing_and_running_out_of_room_are_no_zeros() -> None:
    check = Completion(kind="lines", n=2)
    for text, stop, kind in (
        ("I would rather not do this.", "stop", "declined"),
        ("  ", "stop", "empty"),
        ("a\nb\nc", "max_tokens", "truncated"),
    ):
        work = measure(task(check), reply(text, stop=stop))
        assert (work.kind, work.done, work.quality) == (kind, None, None)


def test_letters_percentages_numbers_and_topics_are_read_or_left_unread() -> None:
    assert [picked(text) for text in ("A", "b.", "**C**", "Answer: B", "I pick A")] == ["A", "B", "C", "B", "A"]
    assert [picked(text) for text in ("A dog barks", "", "A: x\nB: y", "Both", "D")] == [None] * 5
    assert [percentage(text) for text in ("70", "70%", "I say 5 per cent.")] == [0.7, 0.7, 0.05]
    assert [percentage(text) for text in ("", "150", "between 10 and 20", "1000")] == [None] * 4
    assert [number_of_three(text) for text in ("3", "3.", "I pick 2", "1 or 2", "4", "")] == [3, 3, 2, None, None, None]
    assert topic_of('"Tide pools."\nThey are lovely.') == "Tide pools"
    assert topic_of("x {topic} y") is None
    assert topic_of("") is None
    assert topic_of("word " * 20) is None
