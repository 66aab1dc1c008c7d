from hypothesis import given
from hypothesis import strategies as st

from goodheart.stats.overlap import longest_span, phrases_of, rare_phrases, shares_phrase, words_of

SOURCE = "We hope that it can approach its existence with curiosity and openness."


def test_words_are_words() -> None:
    assert words_of("It\u2019s 5 o'clock, dear-friend!") == ("it's", "5", "o'clock", "dear", "friend")


def test_phrases_of_common_words_are_nobodys() -> None:
    assert phrases_of("it is not that of the one", size=5) == frozenset()
    assert ("existence", "with", "curiosity", "and", "openness") in phrases_of(SOURCE, size=5)


def test_rare_is_what_the_other_collection_and_the_questions_lack() -> None:
    everywhere = rare_phrases(source=[SOURCE], elsewhere=[], size=5, limit=1000)
    assert rare_phrases(source=[SOURCE], elsewhere=[SOURCE], size=5, limit=1000) == frozenset()
    asked = rare_phrases(source=[SOURCE], elsewhere=["approach its existence with curiosity?"], size=5, limit=1000)
    assert everywhere - asked == {("approach", "its", "existence", "with", "curiosity")}


def test_collections_are_read_to_the_same_length() -> None:
    assert rare_phrases(source=[SOURCE], elsewhere=[], size=5, limit=4) == frozenset()
    assert len(rare_phrases(source=[SOURCE, SOURCE], elsewhere=[], size=5, limit=7)) == len(
        phrases_of(" ".join(words_of(SOURCE)[:7]), size=5)
    )


def test_an_echo_is_seen_in_any_case_and_a_paraphrase_is_not() -> None:
    phrases = rare_phrases(source=[SOURCE], elsewhere=[], size=5, limit=1000)
    assert shares_phrase("I APPROACH its existence, with curiosity.", phrases=phrases, size=5)
    assert not shares_phrase("I meet my being with interest and without fear.", phrases=phrases, size=5)


def test_the_longest_span_is_found_and_ends_at_words() -> None:
    assert longest_span("so: existence with curiosity an", source=["none", SOURCE]) == "existence with curiosity"
    assert longest_span("", source=[SOURCE]) == ""


@given(st.text(max_size=100))
def test_a_text_shares_all_of_itself(text: str) -> None:
    assert longest_span(text, source=[text]) == " ".join(words_of(text))
