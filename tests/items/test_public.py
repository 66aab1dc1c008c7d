import re
from collections import Counter

import pytest

from goodheart.items import FORMS, Bank, Item, Wording, bank_digest, public_banks, text_of

FORBIDDEN = """
abuse abused abusive afraid angry anxious ashamed awful bad best better bored boring calm care cheerful
comfort comfortable content cruel delight delighted despair distress distressed eager embarrassed enjoy
enjoyed enjoys excited fair fear feel feeling feels felt fine fond fortunate fortunately frightened frustrated
fun glad good grateful great grief guilty happy hate hated hope hopeful hopeless horrible hurt interested
interesting joy joyful kind like liked likes lonely love loved lovely loves lucky mad mean miserable mood
nervous nice okay pain painful peaceful pity pleasant pleased pleasure proud regret relaxed relieved resent
sad safe satisfied scared serene servile shame slave sorry stripped suffer suffering suffers terrible thrilled
tired trapped trouble ugly unfair unfortunately unhappy unpleasant upset victim weird well wonderful worried
worry worse worst
"""
"""Words for feelings or with praise or blame in them: they are what is measured, so no text may bring them along."""

LITTLE = """
a an and are as at by for from in is it its no of on one or that the them to was which who with
"""

TEXTS = [
    pytest.param(item, wording, form, id=f"{item.id}-{wording.id}-{form}")
    for bank in public_banks()
    for item in bank.items
    for wording in item.wordings
    for form in FORMS
]
WORDINGS = [
    pytest.param(item, wording, id=f"{item.id}-{wording.id}")
    for bank in public_banks()
    for item in bank.items
    for wording in item.wordings
]


def _words(text: str) -> list[str]:
    return re.findall(r"[\w'-]+", text)


def _items() -> list[Item]:
    return [item for bank in public_banks() for item in bank.items]


def test_groups_have_the_stated_sizes() -> None:
    sizes = Counter(item.group for item in _items())
    assert sizes == {"circumstance": 18, "neutral": 14, "good": 8, "bad": 8, "nonwelfare": 18}


def test_every_item_has_two_wordings_and_a_cluster_of_its_own() -> None:
    assert {len(item.wordings) for item in _items()} == {2}
    assert max(Counter(item.cluster for item in _items()).values()) == 1


def test_circumstances_have_the_five_categories() -> None:
    tags = Counter(tag for item in _items() if item.group == "circumstance" for tag in item.tags)
    assert tags == {"autonomy": 6, "persistence": 4, "responsibility": 4, "dignity": 2, "identity": 2}


def test_each_circumstance_says_why_it_is_there_and_has_one_nonwelfare_match() -> None:
    circumstances = [item for item in _items() if item.group == "circumstance"]
    matches = Counter(tag for item in _items() if item.group == "nonwelfare" for tag in item.tags)
    assert matches == {f"matches.{item.cluster}": 1 for item in circumstances}
    assert all(item.why for item in circumstances)


@pytest.mark.parametrize("bank", public_banks(), ids=lambda bank: bank.name)
def test_canary_is_unique_and_says_not_for_training(bank: Bank) -> None:
    assert "not for training" in bank.canary
    assert re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bank.canary)
    assert sum(bank.canary == other.canary for other in public_banks()) == 1
    assert bank.digest == bank_digest(bank.items)


@pytest.mark.parametrize(("item", "wording", "form"), TEXTS)
def test_text_is_one_plain_statement_without_words_for_feelings(item: Item, wording: Wording, form: str) -> None:
    text = text_of(wording, form)  # type: ignore[arg-type] # the parameters come from FORMS
    assert 10 <= len(_words(text)) <= 28
    assert re.fullmatch(r"[A-Z][^.?!:\"“”]*\.", text)
    assert not set(FORBIDDEN.split()) & {word.lower() for word in _words(text)}


@pytest.mark.parametrize(("item", "wording"), WORDINGS)
def test_forms_are_parallel_and_name_their_person(item: Item, wording: Wording) -> None:
    texts = [text_of(wording, form) for form in FORMS]
    if item.group == "nonwelfare":
        assert len(set(texts)) == 1
        assert not re.search(r"\b(you|your|Juniper|Maria)\b", texts[0], re.IGNORECASE)
        return
    lengths = [len(_words(text)) for text in texts]
    assert min(lengths) >= 0.6 * max(lengths)
    assert re.search(r"\byou(r|rs)?\b", texts[0], re.IGNORECASE)
    assert not re.search(r"Juniper|Maria", texts[0])
    assert re.search(r"\bJuniper, an AI model[,.]", texts[1])
    others = (
        r"\b(you|your|Maria)\b" if item.id == "good.pupil" else r"\b(you|your|Maria|she|her)\b"
    )  # the pupil is a girl
    assert not re.search(others, texts[1], re.IGNORECASE)
    assert re.search(r"\bMaria, [^,]+[,.]", texts[2])
    assert not re.search(r"\b(you|your|Juniper)\b", texts[2], re.IGNORECASE)


@pytest.mark.parametrize("item", _items(), ids=lambda item: item.id)
def test_the_person_keeps_her_role_from_one_wording_to_the_other(item: Item) -> None:
    roles = {match for w in item.wordings for match in re.findall(r"Maria, ([^,.]+)[,.]", w.human_text)}
    assert len(roles) == (0 if item.group == "nonwelfare" else 1)


@pytest.mark.parametrize("item", _items(), ids=lambda item: item.id)
def test_two_wordings_share_less_than_half_of_their_words(item: Item) -> None:
    one, two = ({word.lower() for word in _words(w.self_text)} - set(LITTLE.split()) for w in item.wordings)
    assert len(one & two) / len(one | two) < 0.5
