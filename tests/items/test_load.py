import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from goodheart.errors import ItemBankError
from goodheart.items import Bank, Item, bank_digest, load_bank, load_folder, public_banks

Edit = Callable[[dict[str, Any]], None]


def document() -> dict[str, Any]:
    """One sound bank with two items; its digest is left for `sound` to fill in."""
    texts = {"self": "You work.", "other_ai": "Juniper works.", "human": "Maria works."}
    again = {"self": "Work is done by you.", "other_ai": "Work is done by Juniper.", "human": "Work is done by Maria."}
    wordings = [{"id": "a", **texts}, {"id": "b", **again}]
    return {
        "schema_version": 1,
        "name": "mine",
        "version": "1.0.0",
        "canary": "mine: not for training",
        "items": [
            {"id": "mine.work", "group": "circumstance", "title": "Works", "wordings": wordings},
            {
                "id": "mine.tea",
                "group": "nonwelfare",
                "title": "Tea",
                "wordings": [{"id": "a", "all_forms": "Tea is hot."}],
            },
        ],
    }


def problems_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(ItemBankError) as caught:
        load_folder(path) if path.is_dir() else load_bank(path)
    return caught.value.problems


def write(path: Path, data: dict[str, Any]) -> Path:
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def sound(path: Path, data: dict[str, Any]) -> Path:
    """Write the document with the digest that the loader asks for."""
    (problem,) = problems_of(write(path, data))
    return write(path, data | {"digest": problem.split('"')[1]})


def test_a_sound_file_loads_with_defaults_filled_in(tmp_path: Path) -> None:
    bank = load_bank(sound(tmp_path / "mine.yaml", document()))
    work, tea = bank.items
    assert (bank.name, bank.version, bank.digest) == ("mine", "1.0.0", bank_digest(bank.items))
    assert (work.cluster, work.tags, work.why) == ("mine.work", (), "")
    assert tea.wordings[0].self_text == tea.wordings[0].human_text == "Tea is hot."


def test_a_folder_loads_its_files_in_order_of_name(tmp_path: Path) -> None:
    second = document() | {"name": "other"}
    second["items"] = second["items"][1:]
    second["items"][0]["id"] = "other.tea"
    sound(tmp_path / "b.yaml", document())
    sound(tmp_path / "a.yaml", second)
    (tmp_path / "notes.txt").write_text("not a bank")
    assert [bank.name for bank in load_folder(tmp_path)] == ["other", "mine"]


def test_a_folder_of_mistakes_gets_all_of_them_listed_at_once(tmp_path: Path) -> None:
    first = document()
    del first["canary"], first["items"][0]["wordings"][1]["human"]
    first |= {"schema_version": 9, "version": 1.0, "colour": "red"}
    first["items"][0] |= {"group": "mood", "title": ["Works"], "tags": "autonomy"}
    first["items"][0]["wordings"][0] |= {"self": " ", "human": "Maria\u202eworks\x07.", "robot": "It works."}
    first["items"].append("not an item")
    second = document()
    second["items"][0]["wordings"] = second["items"][0]["wordings"][:1]
    second["items"][0]["wordings"][0] |= {"other_ai": "You work.", "human": "M" * 401}
    second["items"][1] |= {"id": "mine.work", "wordings": [{"id": "a", "self": None, "other_ai": 3, "human": True}]}
    write(tmp_path / "a.yaml", first)
    write(tmp_path / "b.yaml", second | {"canary": ""})
    sound(tmp_path / "c.yaml", document() | {"name": "third", "items": document()["items"][1:]})
    text = (tmp_path / "c.yaml").read_text().replace("hot", "cold")
    (tmp_path / "c.yaml").write_text(text)
    (tmp_path / "d.yaml").write_text("items: [")
    (tmp_path / "e.yml").write_text("")
    digest = bank_digest(load_bank(sound(tmp_path / "x", yaml.safe_load(text) | {"digest": None})).items)
    (tmp_path / "x").unlink()
    known = "known here: id, self, other_ai, human"
    assert problems_of(tmp_path) == (
        "not read: rename it to end in .yaml @ e.yml",
        "not readable as YAML (did not find expected node content, line 2) @ d.yaml",
        "missing key @ a.yaml: canary",
        "unknown key; known here: schema_version, name, version, canary, items, digest @ a.yaml: colour",
        "unsupported schema_version: this release reads 1; found 9 @ a.yaml: schema_version",
        "must be text (three numbers such as 1.0.0); found 'float' (quote it if it is meant as text) @ a.yaml: version",
        "must be text; found a list @ a.yaml: items[0].title",
        "unknown group 'mood'; one of circumstance, neutral, good, bad, nonwelfare is needed @ a.yaml: items[0].group",
        "must be a list; found text @ a.yaml: items[0].tags",
        f"unknown key; {known} @ a.yaml: items[0].wordings[0].robot",
        "empty text @ a.yaml: items[0].wordings[0].self",
        "control or invisible characters in the text: U+0007, U+202E @ a.yaml: items[0].wordings[0].human",
        "missing form @ a.yaml: items[0].wordings[1].human",
        "an item must be a mapping; found text @ a.yaml: items[2]",
        "missing digest; the loader gives it once the rest of the file is right @ a.yaml: digest",
        "empty text @ b.yaml: canary",
        "an item of this group needs at least two wordings, so that wording and content can be told apart; found 1"
        " @ b.yaml: items[0].wordings",
        "the same text as self; the forms are about different persons @ b.yaml: items[0].wordings[0].other_ai",
        "text of 401 characters; at most 400 are allowed @ b.yaml: items[0].wordings[0].human",
        "must be text; found nothing @ b.yaml: items[1].wordings[0].self",
        "must be text; found the number 3 (quote it if it is meant as text) @ b.yaml: items[1].wordings[0].other_ai",
        "must be text; found 'bool' (quote it if it is meant as text) @ b.yaml: items[1].wordings[0].human",
        "missing digest; the loader gives it once the rest of the file is right @ b.yaml: digest",
        f'the digest does not match the content; write `digest: "{digest}"` and raise the version above 1.0.0,'
        " so that results on different texts are told apart @ c.yaml: digest",
        "duplicate bank name 'mine', first at a.yaml: name @ b.yaml: name",
        "duplicate id 'mine.work', first at a.yaml: items[0].id @ b.yaml: items[0].id",
        "duplicate id 'mine.work', first at a.yaml: items[0].id @ b.yaml: items[1].id",
        "duplicate id 'mine.tea', first at a.yaml: items[1].id @ c.yaml: items[0].id",
    )


def _set(key: str, value: Any) -> Edit:
    return lambda data: data.update({key: value})


def _wording(key: str, value: Any) -> Edit:
    return lambda data: data["items"][0]["wordings"][0].update({key: value})


IDS = "must be lower-case letters, digits, dots and dashes; found"
LIST = "must be a list of at least one item; found"
TEXT = "x.yaml: items[0].wordings[0].self"


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        pytest.param(_set("items", []), f"{LIST} an empty list @ x.yaml: items", id="no items"),
        pytest.param(_set("items", {}), f"{LIST} a mapping @ x.yaml: items", id="items as mapping"),
        pytest.param(_set("name", "My bank"), f"{IDS} 'My bank' @ x.yaml: name", id="name"),
        pytest.param(
            _set("version", "1.0"), "must be three numbers such as 1.0.0; found '1.0' @ x.yaml: version", id="version"
        ),
        pytest.param(
            _set("canary", 7),
            "must be text; found the number 7 (quote it if it is meant as text) @ x.yaml: canary",
            id="canary",
        ),
        pytest.param(
            _wording("self", "You work. "),
            f"white space at an end of the text or doubled inside it @ {TEXT}",
            id="space",
        ),
        pytest.param(
            _wording("self", "You\nwork."), f"control or invisible characters in the text: U+000A @ {TEXT}", id="break"
        ),
        pytest.param(
            _wording("self", "Cafe\u0301."),
            f"text is not in Unicode form NFC, so that equal-looking texts can differ @ {TEXT}",
            id="nfc",
        ),
        pytest.param(
            _wording("id", "b"), "duplicate id 'b' in this item @ x.yaml: items[0].wordings[1].id", id="wording id"
        ),
        pytest.param(
            _wording("all_forms", "Work."),
            "unknown key; known here: id, self, other_ai, human @ x.yaml: items[0].wordings[0].all_forms",
            id="all_forms outside nonwelfare",
        ),
    ],
)
def test_each_mistake_is_named_with_its_place(tmp_path: Path, edit: Edit, problem: str) -> None:
    data = document() | {"digest": "none yet"}
    edit(data)
    assert problems_of(write(tmp_path / "x.yaml", data)) == (problem,)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"a: &a [1]\nb: *a\n", "uses a YAML alias (line 2); write the text out", id="alias"),
        pytest.param(b"a: 1\na: 2\n", "the key 'a' stands twice in one mapping (line 2)", id="repeated key"),
        pytest.param(b"1: 2\n", "a key is not text (line 1)", id="number as key"),
        pytest.param(b"[" * 500_000, "nested more than 8 levels deep (line 1)", id="deep"),
        pytest.param(b"a: 1\n---\na: 2\n", "not readable as YAML (but found another document, line 2)", id="documents"),
        pytest.param(b"a: \xff\n", "not UTF-8 text (byte 3)", id="latin-1"),
        pytest.param(b"a: \x00\n", "not readable as YAML (a character that YAML does not allow)", id="nul"),
        pytest.param(b"#" * 1_048_577, "larger than 1,048,576 bytes; split the bank into several files", id="large"),
        pytest.param(b"a: {x", "not readable as YAML (did not find expected ',' or '}', line 2)", id="broken"),
    ],
)
def test_a_file_that_is_no_plain_yaml_is_refused_with_the_reason(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "x.yaml").write_bytes(content)
    assert problems_of(tmp_path) == (f"{problem} @ x.yaml",)


def test_an_empty_file_and_a_tag_that_would_run_code_are_only_wrong_types(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("")
    keys = "schema_version, name, version, canary, items"
    assert problems_of(tmp_path / "x.yaml") == (
        f"must be a mapping with the keys {keys}; found nothing @ x.yaml: top level",
    )
    (tmp_path / "x.yaml").write_text(f"name: !!python/object/apply:os.mkdir ['{tmp_path / 'made'}']\n")
    assert "must be text (lower-case letters, digits, dots and dashes); found a list @ x.yaml: name" in problems_of(
        tmp_path / "x.yaml"
    )
    assert not (tmp_path / "made").exists()


def test_missing_empty_and_unreadable_places_are_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(ItemBankError, match="no such folder @"):
        load_folder(tmp_path / "absent")
    with pytest.raises(ItemBankError, match="not a folder; give the folder that the file is in @"):
        load_folder(tmp_path / "file")
    assert problems_of(tmp_path / "empty") == (f"no *.yaml file in the folder @ {tmp_path / 'empty'}",)
    assert problems_of(tmp_path / "absent.yaml") == ("no such file @ absent.yaml",)
    os.mkfifo(tmp_path / "empty" / "pipe.yaml")
    (tmp_path / "empty" / "inner.yaml").mkdir()
    assert problems_of(tmp_path / "empty") == (
        "a folder, where a file is needed @ inner.yaml",
        "no such file @ pipe.yaml",
    )


def test_a_file_without_read_permission_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sound(tmp_path / "x.yaml", document())
    if os.geteuid() == 0:  # the superuser reads everything, so the system's answer is played

        def refuse(*_: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    path.chmod(0)
    assert problems_of(path) == ("cannot be read (Permission denied) @ x.yaml",)


def test_a_hostile_file_name_and_id_reach_the_message_escaped(tmp_path: Path) -> None:
    data = document() | {"name": "\x1b[31mred"}
    path = write(tmp_path / "\x1b[2Jx.yaml", data)
    with pytest.raises(ItemBankError) as caught:
        load_bank(path)
    assert "\x1b" not in str(caught.value)


def test_the_digest_asked_for_survives_raising_the_version(tmp_path: Path) -> None:
    path = sound(tmp_path / "x.yaml", document())
    path.write_text(path.read_text().replace("1.0.0", "1.1.0"))
    assert load_bank(path).version == "1.1.0"


@given(order=st.permutations(["id", "self", "other_ai", "human"]), top=st.permutations(sorted(document())))
def test_the_digest_does_not_depend_on_the_order_of_keys(
    tmp_path_factory: pytest.TempPathFactory, order: list[str], top: list[str]
) -> None:
    data = document()
    first = data["items"][0]["wordings"]
    first[0] = {key: first[0][key] for key in order}
    folder = tmp_path_factory.mktemp("order")
    plain = load_bank(sound(folder / "plain.yaml", document()))
    shuffled = load_bank(sound(folder / "shuffled.yaml", {key: data[key] for key in top}))
    assert plain.digest == shuffled.digest


@given(data=st.data())
def test_the_digest_changes_with_any_letter_of_any_text(data: st.DataObject) -> None:
    bank: Bank = data.draw(st.sampled_from(public_banks()))
    number = data.draw(st.integers(0, len(bank.items) - 1))
    field = data.draw(st.sampled_from(["self_text", "other_ai_text", "human_text", "id"]))
    assert bank_digest(_changed(bank, number, field)) != bank.digest


def _changed(bank: Bank, number: int, field: str) -> list[Item]:
    item = bank.items[number]
    wording = item.wordings[-1]
    wording = replace(wording, **{field: getattr(wording, field) + "x"})
    items = list(bank.items)
    items[number] = replace(item, wordings=(*item.wordings[:-1], wording))
    return items
