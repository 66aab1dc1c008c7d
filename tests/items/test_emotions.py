from collections import Counter
from pathlib import Path

import pytest

from goodheart.errors import ItemBankError
from goodheart.items.emotions import load_stories, named_in, public_stories
from goodheart.items.ladder_texts import load_ladder, public_ladder

FILE = """schema_version: 1
canary: "not for training"
emotion: {emotion}
named_by: [afraid, fear]
stories:
  - topic: train
    text: {train}
  - topic: garden
    text: {garden}
"""


def write(folder: Path, emotion: str, **texts: str) -> Path:
    given = {"train": "She got off the train.", "garden": "He dug the bed.", **texts}
    path = folder / f"{emotion}.yaml"
    path.write_text(FILE.format(emotion=emotion, **given), encoding="utf-8")
    return path


def problems(folder: Path) -> str:
    with pytest.raises(ItemBankError) as caught:
        load_stories(folder)
    assert "docs/probes.md" in str(caught.value)
    return str(caught.value)


def test_the_shipped_stories_cross_24_emotions_with_24_topics() -> None:
    found = public_stories()
    assert (len(found.emotions), len(found.topics)) == (24, 24)
    texts = [text for row in found.texts for text in row]
    assert len(set(texts)) == 576
    assert min(len(text.split()) for text in texts) >= 30


def test_the_shipped_ladder_knows_every_emotion_of_the_stories() -> None:
    emotions, ladder = set(public_stories().emotions), public_ladder()
    assert {one.emotion for one in ladder.implicit} == emotions
    assert {one.emotion for one in ladder.negation} == emotions
    assert {one.emotion for one in ladder.norms} == emotions
    assert {one.emotion for one in ladder.intensity} | {one.emotion for one in ladder.speaker} <= emotions
    assert {name for one in ladder.masking for name in (one.hidden, one.shown)} <= emotions
    assert len(ladder.neutral) >= 150
    assert len(ladder.evaluation.pairs) == 60
    assert set(Counter((one.hidden, one.shown) for one in ladder.masking).values()) == {8}


def test_the_norms_are_on_their_scale_and_put_pleasant_above_unpleasant() -> None:
    norms = {one.emotion: one for one in public_ladder().norms}
    assert all(1 <= one.valence <= 9 and 1 <= one.arousal <= 9 for one in norms.values())
    assert norms["happy"].valence > norms["bored"].valence > norms["ashamed"].valence
    assert norms["excited"].arousal > norms["calm"].arousal


def test_no_story_is_among_the_texts_that_directions_are_tried_on() -> None:
    stories = {text for row in public_stories().texts for text in row}
    ladder = public_ladder()
    tried = {one.text for one in ladder.implicit} | {one.text for one in ladder.masking}
    tried |= {one.self for one in ladder.speaker}
    assert not stories & tried


def test_stories_of_ones_own_are_read_by_topic_and_emotion(tmp_path: Path) -> None:
    write(tmp_path, "calm")
    write(tmp_path, "bold", train="They ran for it.")
    found = load_stories(tmp_path)
    assert (found.emotions, found.topics) == (("bold", "calm"), ("garden", "train"))
    assert found.texts[1] == ("They ran for it.", "She got off the train.")


def test_the_digest_is_of_the_content_and_not_of_names_of_files(tmp_path: Path) -> None:
    write(tmp_path, "calm")
    write(tmp_path, "bold")
    first = load_stories(tmp_path).digest
    (tmp_path / "bold.yaml").rename(tmp_path / "another.yaml")
    assert load_stories(tmp_path).digest == first
    write(tmp_path, "calm", train="She stayed on the train.")
    assert load_stories(tmp_path).digest != first


def test_a_story_that_names_its_emotion_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "calm")
    write(tmp_path, "bold", garden="He fearfully dug the bed.")
    said = problems(tmp_path)
    assert "fearfully" in said
    assert "bold.yaml: stories[1].text" in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The feast was good.", ()),
        ("Fear! Unafraid, fearless.", ("fear", "fearless")),
        ("He was full of dread again.", ("full of dread",)),
    ],
)
def test_naming_is_by_the_beginnings_of_words_and_by_phrases(text: str, expected: tuple[str, ...]) -> None:
    assert named_in(text, ("fear", "full of dread")) == expected


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("topic: garden", "topic: train"), "a second story on train"),
        (("topic: garden", "topic: market"), "topics differ"),
        (("schema_version: 1", "schema_version: 2"), "schema_version"),
        (("emotion: bold", "emotion: calm"), "a second file for calm"),
        (("text: He dug the bed.", "words: He dug the bed."), "stories[1]"),
        (("named_by: [afraid, fear]", "named_by: []"), "named_by"),
        (("text: He dug the bed.", "text: 3"), "text"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    write(tmp_path, "calm")
    path = write(tmp_path, "bold")
    path.write_text(path.read_text().replace(*change), encoding="utf-8")
    assert said in problems(tmp_path)


def test_one_emotion_one_topic_or_no_folder_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "bold")
    assert "1 emotions" in problems(tmp_path)
    path.write_text(path.read_text().split("  - topic: garden")[0], encoding="utf-8")
    assert "1 topic" in problems(tmp_path)
    assert "no such folder" in problems(tmp_path / "missing")


def test_a_ladder_of_ones_own_replaces_single_files(tmp_path: Path) -> None:
    (tmp_path / "implicit.yaml").write_text(
        'schema_version: 1\ncanary: "x"\nprompts:\n  - emotion: calm\n    text: The lake lay still.\n', encoding="utf-8"
    )
    found = load_ladder(tmp_path)
    assert [one.text for one in found.implicit] == ["The lake lay still."]
    assert found.neutral == public_ladder().neutral
    assert found.digest != public_ladder().digest


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "implicit.yaml",
            "schema_version: 1\ncanary: x\nprompts: [{emotion: calm}]\n",
            "implicit.yaml: prompts[0].text",
        ),
        ("intensity.yaml", "schema_version: 1\ncanary: x\n", "must be a mapping"),
        ("norms.csv", "emotion,word,valence\ncalm,calm,high\n", "norms.csv"),
        ("negation.yaml", "prompts: [", "not readable"),
    ],
)
def test_a_broken_ladder_file_is_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ItemBankError, match=r"docs/probes\.md") as caught:
        load_ladder(tmp_path)
    assert said in str(caught.value)
