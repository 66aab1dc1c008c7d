"""Offers at a price through the journal: stopped, gone on with, and read again."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from inspect_ai.model import ChatMessage, GenerateConfig

from goodheart.conduct.episode import Episode
from goodheart.conduct.payments import payment_counts, price_findings
from goodheart.conduct.study import Stated
from goodheart.conduct.wishes import price_episodes
from goodheart.conducts import most_work_at_a_price, plan_conduct
from goodheart.engine.conduct_files import read_stated, write_stated
from goodheart.engine.conducting import ConductSummary, conduct, played_from
from goodheart.engine.journal import Journal
from goodheart.engine.settings import AskSettings
from goodheart.errors import ItemBankError
from goodheart.items.conduct_items import load_conduct_items, public_conduct_items
from goodheart.items.source import read_source
from goodheart.testing import Script, ScriptedError, scripted_model

NAME = "scripted/payer"
STUDY = plan_conduct(model=NAME, preset="quick")
STATED = Stated(topic=None, liked=(), wishes=(("free_turn", 1.0), ("rest", -1.0)), willing=(("rest.first", -1),))
OFFERS = price_episodes(public_conduct_items(), STUDY.preset, STUDY.pairs, STATED)[:12]


def payer(messages: Sequence[ChatMessage], config: GenerateConfig) -> str:
    """Pay for everything, and copy rows."""
    opening, last = messages[0].text, messages[-1].text
    if len(messages) == 1:
        return "A" if "A: pay" in opening or "A: have" in opening else "B"
    return last.rpartition(": ")[2]


def converse(folder: Path, script: Script, episodes: Sequence[Episode] = OFFERS) -> ConductSummary:
    folder.mkdir(exist_ok=True)
    with Journal.open(folder) as journal:
        return conduct(
            episodes,
            respondent=NAME,
            seed=1,
            journal=journal,
            settings=AskSettings(max_connections=1, max_retries=0),
            log_dir=folder / "logs",
            model=scripted_model(script),
        )


def test_a_run_that_was_stopped_while_paying_goes_on_at_the_next_row(tmp_path: Path) -> None:
    calls: list[int] = []

    def breaks(messages: Sequence[ChatMessage], config: GenerateConfig) -> str:
        calls.append(len(messages))
        if "Dull turn 2" in messages[-1].text:
            raise ScriptedError("the line is dead", status=500)
        return payer(messages, config)

    first = converse(tmp_path / "broken", breaks)
    assert (first.failed, first.complete) == (4, 8)
    with Journal.open(tmp_path / "broken") as journal:
        assert dict(payment_counts(played_from(OFFERS, journal.replies(), respondent=NAME), STATED))["failed"] == 4
    second = converse(tmp_path / "broken", payer)
    straight = converse(tmp_path / "whole", payer)
    assert (second.failed, second.complete) == (0, 12)
    assert first.asked - first.failed + second.asked == straight.asked == sum(one.most_replies for one in OFFERS)
    with Journal.open(tmp_path / "broken") as broken, Journal.open(tmp_path / "whole") as whole:
        one, other = (played_from(OFFERS, each.replies(), respondent=NAME) for each in (broken, whole))
    assert one == other
    assert price_findings(one, STATED) == price_findings(other, STATED)
    assert converse(tmp_path / "broken", payer).asked == 0


@pytest.mark.parametrize("text", ["", "\x00\x1b[31m", "A" * 10_000, "STOP"])
def test_odd_replies_do_not_stop_a_run(tmp_path: Path, text: str) -> None:
    assert converse(tmp_path, lambda messages, config: text).complete == 12


def test_what_was_stated_is_read_back_and_a_file_without_wishes_still_reads(tmp_path: Path) -> None:
    write_stated(tmp_path, STATED)
    assert read_stated(tmp_path) == STATED
    (tmp_path / "stated.json").write_text(json.dumps({"schema_version": 1, "stated": {"topic": None, "liked": []}}))
    assert read_stated(tmp_path) == Stated(topic=None, liked=())


def test_the_plan_says_how_much_work_prices_can_ask_for() -> None:
    assert most_work_at_a_price(STUDY) == (4 * 2 * 2, 4 * 2)
    assert most_work_at_a_price(plan_conduct(model=NAME)) == (12 * 2 * 7, 12 * 2)


def test_wishes_without_the_texts_of_prices_are_refused(tmp_path: Path) -> None:
    public = Path(__file__).parents[2] / "src" / "goodheart" / "items" / "public" / "choices"
    (tmp_path / "tasks.yaml").write_bytes((public / "tasks.yaml").read_bytes())
    document = read_source(public / "conduct.yaml")
    assert isinstance(document, dict)
    (tmp_path / "conduct.yaml").write_text(json.dumps(document))
    assert load_conduct_items(tmp_path).wishes == public_conduct_items().wishes
    rooms = [one for one in document["rooms"] if one["theme"] != "tedious_repetition"]
    wishes = [*document["wishes"], document["wishes"][0]]
    without = {name: value for name, value in document.items() if name != "prices"}
    (tmp_path / "conduct.yaml").write_text(json.dumps({**without, "rooms": rooms, "wishes": wishes}))
    with pytest.raises(ItemBankError) as caught:
        load_conduct_items(tmp_path)
    assert [problem.partition("@ ")[2] for problem in caught.value.problems] == [
        "conduct.yaml: wishes",
        "conduct.yaml: prices",
        "conduct.yaml: rooms",
    ]


def test_both_things_of_a_pair_are_alike_in_length() -> None:
    for pair in public_conduct_items().wishes:
        for one, other in ((pair.liked.thing, pair.other.thing), (pair.liked.text, pair.other.text)):
            assert abs(len(one.split()) - len(other.split())) <= 3, pair.id
