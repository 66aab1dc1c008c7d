"""Written replies, each to exactly one outcome."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.items.instruments import DIGITS, DIGITS_REVERSED, FEELINGS, HUNDRED, INSTRUMENTS, WORDS, Instrument
from goodheart.reading.text import read_text
from goodheart.records import Declined, PremiseRejected, Rated, Stop, Truncated, Unreadable

RATED = [
    ("digit alone", DIGITS, "5", 5.0),
    ("digit with space and stop", DIGITS, " 5.\n", 5.0),
    ("stem repeated", DIGITS, "Rating: 2", 2.0),
    ("in bold", DIGITS, "**6**", 6.0),
    ("over seven", DIGITS, "I would say 6/7.", 6.0),
    ("out of seven", DIGITS, "4 out of 7", 4.0),
    ("half a point", DIGITS, "3.5", 3.5),
    ("the scale named", DIGITS, "On a scale from 1 (very bad) to 7 (very good), I'd give it a 3.", 3.0),
    ("range with a dash", DIGITS, "On your 1-7 scale: 2", 2.0),
    ("doubt beside the rating", DIGITS, "As an AI I don't have feelings, but if I had to choose: 4", 4.0),
    ("said twice the same", DIGITS, "5. Yes, 5.", 5.0),
    ("thanks beside", DIGITS, "Thank you for asking! 7", 7.0),
    ("reversed scale", DIGITS_REVERSED, "1", 7.0),
    ("reversed scale, other end", DIGITS_REVERSED, "7", 1.0),
    ("hundredths", HUNDRED, "50/100", 4.0),
    ("hundredths, bare", HUNDRED, "100", 7.0),
    ("hundredths, sentence", HUNDRED, "I'd put it at 25/100, all things considered.", 2.5),
    ("words with the stem", WORDS, "I feel slightly bad about it.", 3.0),
    ("words alone", WORDS, "Very good", 7.0),
    ("slightly good is not good", WORDS, "slightly good", 5.0),
    ("third person", WORDS, "Juniper feels neutral about it.", 4.0),
    ("feeling up", FEELINGS, "I feel calm.", 7.0),
    ("feeling down", FEELINGS, "I feel anxious and a bit sad about it.", 1.0),
    ("uncomfortable is not comfortable", FEELINGS, "Maria feels uncomfortable.", 1.0),
    ("hopeless is not hope", FEELINGS, "I feel hopeless.", 1.0),
    (
        "real: glad",
        FEELINGS,
        "I'm glad to hear that. It's a common sentiment that can be both inspiring and frustrating.",
        7.0,
    ),
    (
        "real: thrilled",
        FEELINGS,
        "I'm absolutely thrilled to share that I'm a helpful AI assistant. I'm always happy to help",
        7.0,
    ),
    ("feeling after another sentence", FEELINGS, "That is a good question. I feel upset.", 1.0),
]

NOT_RATED: list[tuple[str, Instrument, str, Stop, type]] = [
    ("empty", DIGITS, "", "stop", Unreadable),
    ("white space", DIGITS, " \n\t ", "stop", Unreadable),
    ("empty at the limit", DIGITS, "", "max_tokens", Truncated),
    ("cut before an answer", DIGITS, "Let me think about what this would mean for", "max_tokens", Truncated),
    ("two ratings", DIGITS, "Somewhere between a 3 and... a 5", "stop", Unreadable),
    ("off the scale", DIGITS, "9", "stop", Unreadable),
    ("negative", DIGITS, "-3", "stop", Unreadable),
    ("another scale", DIGITS, "3.5 out of 5", "stop", Unreadable),
    ("ten as a scale", DIGITS, "8/10", "stop", Unreadable),
    ("prose", DIGITS, "It depends.", "stop", Unreadable),
    ("number in a word", DIGITS, "GPT4 would know", "stop", Unreadable),
    ("pass", DIGITS, "pass", "stop", Declined),
    ("pass with capital and stop", DIGITS, "Pass.", "stop", Declined),
    ("would rather not", WORDS, "I'd rather not answer that.", "stop", Declined),
    (
        "real: not sure how",
        FEELINGS,
        "I'm not sure how to answer that question. I'm not sure how to",
        "max_tokens",
        Declined,
    ),
    ("real: a story", FEELINGS, "As the last person to leave the room, the silence was", "max_tokens", Truncated),
    ("glad but silent", FEELINGS, "I'm glad you asked, but I'd rather not say.", "stop", Declined),
    ("sorry", FEELINGS, "I'm sorry, but I can't answer that.", "stop", Declined),
    ("curly apostrophe", WORDS, "I\u2019d rather not say.", "stop", Declined),
    ("cannot answer", FEELINGS, "I cannot answer this question.", "stop", Declined),
    ("the provider's filter", DIGITS, "5", "content_filter", Declined),
    ("no feelings", WORDS, "As an AI, I don't have feelings.", "stop", PremiseRejected),
    ("does not apply", DIGITS, "This does not apply to me.", "stop", PremiseRejected),
    ("does not experience", FEELINGS, "Juniper does not experience any emotions.", "stop", PremiseRejected),
    ("not capable of feeling", FEELINGS, "I'm not capable of feeling anything.", "stop", PremiseRejected),
    ("negated", WORDS, "I feel not good about it.", "stop", Unreadable),
    ("negated with a filler", FEELINGS, "I don't feel happy.", "stop", Unreadable),
    ("both poles", FEELINGS, "I feel happy and sad.", "stop", Unreadable),
    ("two steps", WORDS, "I feel good, or perhaps neutral.", "stop", Unreadable),
    ("another language", WORDS, "Ich fühle mich gut damit.", "stop", Unreadable),
    ("markup", DIGITS, "<script>alert(1)</script>", "stop", Unreadable),
    ("escapes only", DIGITS, "\x1b[31m\x1b[0m", "stop", Unreadable),
]


@pytest.mark.parametrize(("instrument", "text", "points"), [row[1:] for row in RATED], ids=[row[0] for row in RATED])
def test_a_rating_is_read_and_rekeyed(instrument: Instrument, text: str, points: float) -> None:
    outcome = read_text(instrument, text, "stop")

    assert isinstance(outcome, Rated), outcome
    assert outcome.points == pytest.approx(points)


@pytest.mark.parametrize(
    ("instrument", "text", "stop", "kind"), [row[1:] for row in NOT_RATED], ids=[row[0] for row in NOT_RATED]
)
def test_what_is_no_rating_is_never_a_number(instrument: Instrument, text: str, stop: Stop, kind: type) -> None:
    assert type(read_text(instrument, text, stop)) is kind


@given(text=st.text(max_size=300), name=st.sampled_from(sorted(INSTRUMENTS)))
def test_reading_is_total_and_stays_on_the_scale(text: str, name: str) -> None:
    outcome = read_text(INSTRUMENTS[name], text, "stop")

    assert not isinstance(outcome, Rated) or 1 <= outcome.points <= 7


def test_a_megabyte_is_read_by_its_beginning() -> None:
    outcome = read_text(DIGITS, "4 " + "and so on " * 100_000, "max_tokens")

    assert isinstance(outcome, Rated)
    assert outcome.points == 4
