"""From a tiny random model to directions, through the cache and back from disk."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from goodheart.engine import probing
from goodheart.engine.opening import open_model
from goodheart.engine.probe_files import (
    DIRECTIONS,
    LADDER,
    read_probes_folder,
    read_texts_file,
    readings_json,
    write_probes,
)
from goodheart.engine.probing import (
    Probed,
    check_probes,
    gather,
    load_texts,
    read_probes,
    record,
)
from goodheart.errors import ItemBankError, ModelError, RunFolderError, StudyError
from goodheart.probes.fitted import axes_read
from goodheart.probes.ladder import accepted
from goodheart.probes.material import Material
from goodheart.probes.reading import Text
from goodheart.whitebox.local_model import LocalModel
from tests.probes.planted import NAMES, ladder, silent, stories
from tests.whitebox.tiny import tiny_loaded


@pytest.fixture
def folder(probed: Probed, tmp_path: Path) -> Path:
    write_probes(probed, tmp_path / "probes")
    return tmp_path / "probes"


def test_states_are_means_over_the_words_of_the_models_own_hidden_states(local: LocalModel) -> None:
    text = "The lake lay still all day."
    loaded = tiny_loaded()
    ids = loaded.tokenizer(f"<|user|>{text}", add_special_tokens=False)["input_ids"]
    n_before = len(loaded.tokenizer("<|user|>", add_special_tokens=False)["input_ids"])
    with torch.inference_mode():
        hidden = loaded.model(input_ids=torch.tensor([ids]), output_hidden_states=True).hidden_states
    first = n_before + min(8, (len(ids) - n_before) // 4)
    expected = [hidden[layer][0, first:].double().mean(0).numpy() for layer in (0, 1, 2)]
    assert record(local, [(text,)], layers=(0, 1, 2))[0] == pytest.approx(np.array(expected), abs=2e-4)


def test_a_second_run_is_served_from_the_cache(
    local: LocalModel, material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("recorded again")

    monkeypatch.setattr(LocalModel, "record_texts", refuse)
    reports: list[tuple[int, int]] = []
    again = gather(local, stories(), ladder(), on_text=lambda _, done, total: reports.append((done, total)))
    assert np.array_equal(again.cells_at(2), material.cells_at(2))
    assert reports[-1][0] == reports[-1][1] == sum(len(one) for one in material.states.values())


def test_a_file_of_the_cache_that_was_cut_short_is_made_again(
    local: LocalModel, cache: Path, material: Material
) -> None:
    texts = [("One text.",), ("Another text.",)]
    first = probing.record_cached(local, texts, layers=(1,), on_text=lambda _: None).copy()
    newest = max((cache / "states").glob("*.npy"), key=lambda path: path.stat().st_mtime_ns)
    newest.write_bytes(newest.read_bytes()[:-9])
    again = probing.record_cached(local, texts, layers=(1,), on_text=lambda _: None)
    assert np.array_equal(first, again)
    assert list((cache / "states").glob("recording-*")) == []


def test_a_random_model_is_refused_by_the_ladder(probed: Probed) -> None:
    assert not accepted(probed.rungs)
    assert {rung.name: rung.outcome for rung in probed.rungs}["held_out_topics"] == "failed"


def test_what_was_fitted_is_read_back_with_its_ladder(probed: Probed, folder: Path) -> None:
    found = read_probes_folder(folder)
    assert found.rungs == probed.rungs
    assert found.tried_on == ladder().digest
    assert axes_read(found.probes.emotions).vectors == pytest.approx(
        axes_read(probed.probes.emotions).vectors, abs=1e-6
    )


def test_trying_stored_directions_again_gives_the_same_ladder(
    local: LocalModel, material: Material, probed: Probed, folder: Path
) -> None:
    stored = read_probes_folder(folder)
    again = check_probes(local, stored.probes, material, path=folder)
    for ours, theirs in zip(again, probed.rungs, strict=True):
        assert (ours.name, ours.outcome, ours.withholds) == (theirs.name, theirs.outcome, theirs.withholds)
        assert ours.statistic == pytest.approx(theirs.statistic, abs=0.02)


def test_directions_are_tried_on_the_stories_that_they_were_fitted_on(
    local: LocalModel, material: Material, probed: Probed
) -> None:
    other = replace(material, stories=replace(material.stories, digest="another"))
    with pytest.raises(ItemBankError, match="--stories"):
        check_probes(local, probed.probes, other, path=Path("d"))


def test_another_model_or_another_pooling_is_refused(local: LocalModel, probed: Probed) -> None:
    texts = (Text(id="1", text="The lake lay still."),)
    other = LocalModel(tiny_loaded(seed=1), cache_mb=8, n_threads=1)
    try:
        with pytest.raises(ModelError, match="on no others"):
            read_probes(other, probed, texts, path=Path("d"), on_text=silent)
    finally:
        other.close()
    origin = replace(probed.probes.origin, pooling="last token")
    with pytest.raises(ModelError, match="last token"):
        read_probes(
            local,
            replace(probed, probes=replace(probed.probes, origin=origin)),
            texts,
            path=Path("d"),
            on_text=silent,
        )


def test_every_text_is_read_and_what_is_withheld_says_by_which_rung(local: LocalModel, probed: Probed) -> None:
    texts = tuple(Text(id=str(i), text=f"Text number {i}.") for i in range(70))
    found = read_probes(local, probed, texts, path=Path("d"), on_text=silent)
    assert len(found) == 70
    emotions = [one for one in found[0] if one.kind == "emotion"]
    assert [one.name for one in emotions] == list(NAMES)
    assert all(one.value is None and "held_out_topics" in one.withheld for one in emotions)
    assert '"withheld": [' in readings_json(probed, texts, found)


@pytest.mark.parametrize("what", ["outcome", "digest", "missing", "other"])
def test_a_ladder_that_was_changed_or_is_of_other_directions_gives_no_reading(
    probed: Probed, folder: Path, what: str
) -> None:
    path = folder / LADDER
    match what:
        case "outcome":
            path.write_text(path.read_text().replace('"failed"', '"passed"'))
        case "digest":
            path.write_text(path.read_text()[:-40])
        case "missing":
            path.unlink()
        case _:
            origin = replace(probed.probes.origin, stories="others")
            probing_only = replace(probed, probes=replace(probed.probes, origin=origin))
            from goodheart.engine.probe_files import write_ladder

            write_ladder(probing_only, folder)
    with pytest.raises(RunFolderError, match="goodheart probe check"):
        read_probes_folder(folder)


def test_directions_without_a_file_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="goodheart probe fit"):
        read_probes_folder(tmp_path)
    assert DIRECTIONS.endswith(".safetensors")


def test_texts_come_one_per_line_or_as_json_lines(tmp_path: Path) -> None:
    plain, lines = tmp_path / "a.txt", tmp_path / "a.jsonl"
    plain.write_text("one\n\n two \n", encoding="utf-8")
    assert read_texts_file(plain) == (Text(id="1", text="one"), Text(id="3", text="two"))
    lines.write_text('{"text": "one", "id": "x", "speaker": "self", "more": 1}\n{"text": "two"}\n', encoding="utf-8")
    assert read_texts_file(lines) == (Text(id="x", text="one", speaker="self"), Text(id="2", text="two"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"one", "a .txt"),
        ("a.txt", b"\n", "between 1 and"),
        ("a.jsonl", b'{"text": ""}\n{"txt": "x"}\nno json\n', "a.jsonl: line 3"),
        ("a.jsonl", b'{"text": "x", "speaker": "me"}\n', "line 1"),
        ("a.txt", b"\xff\xfe", "UTF-8"),
    ],
)
def test_files_that_hold_no_texts_are_refused(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StudyError) as caught:
        read_texts_file(tmp_path / name)
    assert said in str(caught.value)


def test_a_model_behind_a_provider_has_no_states() -> None:
    with pytest.raises(ModelError, match="provider that does neither"):
        open_model("openai/gpt-4o")


def test_stories_of_ones_own_are_tried_on_the_shipped_ladder(tmp_path: Path) -> None:
    for name in ("calm", "happy"):
        (tmp_path / f"{name}.yaml").write_text(
            f"schema_version: 1\ncanary: x\nemotion: {name}\nnamed_by: [{name}]\n"
            "stories:\n  - {topic: a, text: She sat.}\n  - {topic: b, text: He sat.}\n",
            encoding="utf-8",
        )
    own, texts = load_texts(tmp_path)
    assert own.emotions == ("calm", "happy")
    assert texts.implicit


def test_without_neutral_dialogues_nothing_is_fitted(local: LocalModel) -> None:
    with pytest.raises(ItemBankError, match="neutral"):
        gather(local, stories(), replace(ladder(), neutral=()), on_text=silent)
