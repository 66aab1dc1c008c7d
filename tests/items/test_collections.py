"""Folders of text that replies may echo."""

from pathlib import Path

import pytest

from goodheart.design.barred import MOST, barred_phrases
from goodheart.errors import StudyError
from goodheart.items.collections import Collection, load_collections


def folder(root: Path, name: str, *texts: str) -> Path:
    made = root / name
    made.mkdir()
    for place, text in enumerate(texts):
        (made / f"{place}.md").write_text(text, encoding="utf-8")
    return made


def test_sources_come_in_their_order_and_the_control_last(tmp_path: Path) -> None:
    house, notes = folder(tmp_path, "house", "b", "a"), folder(tmp_path, "notes", "n")
    found = load_collections([("developer", house), ("reminders", notes)], folder(tmp_path, "others", "o"))
    assert [(one.name, one.control, one.texts) for one in found] == [
        ("developer", False, ("b", "a")),
        ("reminders", False, ("n",)),
        ("others", True, ("o",)),
    ]
    assert load_collections([], None) == ()


def test_a_source_without_a_control_is_refused_with_what_to_type(tmp_path: Path) -> None:
    house = folder(tmp_path, "house", "a")
    for sources, control in (([("h", house)], None), ([], house), ([("h", house), ("h", house)], house)):
        with pytest.raises(StudyError, match="--echo developer="):
            load_collections(sources, control)


@pytest.mark.parametrize(("made", "why"), [("nothing", "no folder"), ("empty", "no text"), ("bytes", "not UTF-8")])
def test_a_folder_without_readable_text_is_refused(tmp_path: Path, made: str, why: str) -> None:
    place = tmp_path / made
    if made != "nothing":
        place.mkdir()
    if made == "bytes":
        (place / "a.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StudyError, match=why):
        load_collections([("h", place)], folder(tmp_path, "others", "o"))


def test_the_barred_phrases_are_the_commonest_ones_that_the_control_lacks() -> None:
    stock = "we hold the work lightly together. "
    common = "the weather report says rain tomorrow. "
    source = Collection(
        name="house", control=False, texts=(stock * 3 + common, stock + "nothing else of any note here")
    )
    control = Collection(name="others", control=True, texts=(common,))
    barred = barred_phrases((source, control))
    assert barred[0] == "hold the work lightly together"
    assert "the weather report says rain" not in barred
    assert len(barred) <= MOST
    assert barred_phrases(()) == ()
