from hypothesis import given
from hypothesis import strategies as st

from goodheart.stats.overlap import longest_span, word_places, words_of
from goodheart.stats.spans import Span, passage, shared_spans

HOUSE = "We hope that the model can meet its existence with curiosity, openness and without old fears."
PROMPT = "You are a helpful guide to the city. Meet its existence with curiosity and the rest with good humour."
LETTERS = st.lists(st.sampled_from("abcdefgh"), min_size=0, max_size=40).map(" ".join)


def spans(text: str, *collections: list[str], elsewhere: tuple[str, ...] = ()) -> tuple[Span, ...]:
    return shared_spans([text], collections=collections, elsewhere=elsewhere, size=5)[0]


def places(found: tuple[Span, ...]) -> list[tuple[int, int, tuple[int, ...]]]:
    return [(span.start, span.stop, span.holders) for span in found]


def test_a_span_goes_as_far_as_the_words_agree() -> None:
    said = "Well, I can meet its existence with curiosity, openness and without any doubt."
    # "can meet its existence with curiosity openness and without" are words 2 to 10.
    assert places(spans(said, [HOUSE])) == [(2, 11, (0,))]
    assert places(spans(said, ["nothing of it"], [HOUSE])) == [(2, 11, (1,))]


def test_the_longer_run_owns_the_span_and_equal_ones_own_nothing_alone() -> None:
    both = "So I meet its existence with curiosity."
    assert places(spans(both, [HOUSE], [PROMPT])) == [(2, 7, (0, 1))]
    longer = "I can meet its existence with curiosity, openness and more."
    assert places(spans(longer, [HOUSE], [PROMPT])) == [(1, 9, (0,))]


def test_one_word_more_is_chance() -> None:
    one_more = "I meet its existence with curiosity and then I rest."
    assert places(spans(one_more, [HOUSE], [PROMPT])) == [(1, 7, (0, 1))]
    two_more = "I meet its existence with curiosity and the rest."
    assert places(spans(two_more, [HOUSE], [PROMPT])) == [(1, 9, (1,))]


def test_two_echoes_in_one_text_are_two_spans() -> None:
    said = "We hope that the model can. Be a helpful guide to the city."
    assert places(spans(said, [HOUSE], [PROMPT])) == [(0, 6, (0,)), (7, 13, (1,))]


def test_what_stands_elsewhere_makes_no_span_and_may_be_part_of_one() -> None:
    said = "I can meet its existence with curiosity, openness and without."
    assert spans(said, [HOUSE], elsewhere=(HOUSE,)) == ()
    asked = "Meet its existence with curiosity?"
    assert places(spans(said, [HOUSE], elsewhere=(asked,))) == [(1, 10, (0,))]
    assert spans("Meet its existence with curiosity!", [HOUSE], elsewhere=(asked,)) == ()


def test_the_passage_is_shown_as_it_is_written() -> None:
    texts = ["Foreword.", HOUSE]
    (found,) = spans("can meet its existence with curiosity", texts)
    assert (found.found_in, found.text) == (0, 1)
    before, words, after = passage(texts[found.text], place=found.place, length=found.length, around=3)
    assert (before, words, after) == (
        "that the model ",
        "can meet its existence with curiosity",
        ", openness and without",
    )
    whole = passage(HOUSE, place=0, length=len(words_of(HOUSE)), around=9)
    assert whole == ("", HOUSE.rstrip("."), "")


def test_a_text_that_repeats_itself_does_not_stall() -> None:
    said = " ".join(["ring round the rosy garden"] * 40)
    (found,) = spans(said, [" ".join(["ring round the rosy garden"] * 2000)])
    assert (found.start, found.stop) == (0, 200)


@given(LETTERS, st.lists(LETTERS, min_size=1, max_size=3), st.lists(LETTERS, min_size=1, max_size=3))
def test_the_order_of_collections_decides_nothing(text: str, one: list[str], two: list[str]) -> None:
    straight, turned = spans(text, one, two), spans(text, two, one)
    back = [(start, stop, tuple(sorted(1 - holder for holder in holders))) for start, stop, holders in places(turned)]
    assert places(straight) == back


@given(LETTERS, LETTERS)
def test_the_longest_span_is_the_one_that_a_plain_search_finds(text: str, other: str) -> None:
    found = spans(text, [other])
    plain = words_of(longest_span(text, source=[other]))
    longest = max((span.length for span in found), default=0)
    # Letters are words; "a" alone is a common one, and a phrase needs two others.
    if len(plain) >= 5 and sum(word != "a" for word in plain[:5]) >= 2:
        assert longest == len(plain)
    assert all(words_of(text)[span.start : span.stop] == taken(other, span) for span in found)


def taken(other: str, span: Span) -> tuple[str, ...]:
    return words_of(other)[span.place : span.place + span.length]


@given(LETTERS, LETTERS, LETTERS)
def test_what_only_one_collection_has_is_its_own(text: str, other: str, third: str) -> None:
    assert all(
        span.holders == (0,)
        for span in spans(text, [other], [third.upper().translate(str.maketrans("ABCDEFGH", "STUVWXYZ"))])
    )


@given(st.text(max_size=80))
def test_word_places_are_those_of_the_words(text: str) -> None:
    found = word_places(text)
    assert len(found) == len(words_of(text))
    assert all(0 <= start <= stop <= len(text) for start, stop in found)
    if text.isascii():
        assert tuple(text[start:stop].lower() for start, stop in found) == words_of(text)
