from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from goodheart.probes.affect import fit_affect
from goodheart.probes.axes import read_axes
from goodheart.probes.direction import leading_components, project
from goodheart.probes.evaluation import fit_evaluation
from goodheart.probes.fitted import axes_read
from goodheart.probes.masked import fit_masking, masks_of
from goodheart.probes.probe_set import Origin, ProbeSet
from goodheart.probes.reading import Reading, Text, is_negated, read_texts
from goodheart.probes.rung import ALL, EMOTION, MASKING, NEGATED, SIZE, SPEAKER, Rung
from tests.probes.planted import NAMES, ladder
from tests.probes.test_ladder import fit, planted


@cache
def probe_set() -> ProbeSet:
    m, fitted, _, _ = planted()
    axes = axes_read(fitted)
    masks = masks_of(m.ladder.masking, NAMES)
    assert masks
    masking = fit_masking(masks, m.at("masking", 2), axes, components=leading_components(m.neutral_at(2)))
    return ProbeSet(
        origin=Origin(model="planted", weights="w", stories="s", ladder="l", pooling="p", versions=()),
        emotions=fitted,
        affect=fit_affect(axes, m.cells_at(2), m.ladder.norms),
        masking=masking,
        evaluation=fit_evaluation(m),
    )


def failed(*withholds: str) -> Rung:
    return Rung(name="a_rung", claim="", outcome="failed", detail="", withholds=withholds)


def readings(rungs: tuple[Rung, ...], *texts: Text) -> list[dict[str, Reading]]:
    m, _, _, _ = planted()
    states = m.at("implicit", 2)[::4][: len(texts)]
    found = read_texts(probe_set(), rungs, texts, states=states, evaluation=m.at("explicit", 2)[: len(texts)])
    return [{one.name: one for one in each} for each in found]


PLAIN = tuple(Text(id=name, text=f"prompt about {name}") for name in NAMES[:4])


def test_a_prompt_reads_highest_along_its_own_emotion_and_above_the_other_prompts() -> None:
    for name, found in zip(NAMES, readings((), *PLAIN), strict=False):
        emotions = [one for one in found.values() if one.kind == "emotion"]
        assert max(emotions, key=lambda one: one.value or 0).name == name
        assert found[name].above == 1.0
        assert found[name].withheld == ()


def test_values_are_those_of_the_axes_and_everything_is_read() -> None:
    found = readings((), *PLAIN)[0]
    m, fitted, _, _ = planted()
    expected = read_axes(axes_read(fitted), m.at("implicit", 2)[0])
    assert [found[name].value for name in NAMES] == pytest.approx(expected)
    assert {"valence", "arousal", "evaluation", "emotion00 behind emotion01"} <= set(found)
    fitted_on = probe_set().evaluation
    assert fitted_on
    read = project(fitted_on.direction, m.at("explicit", 2)[:1])[0]
    assert found["evaluation"].value == pytest.approx(read + 0.5), "0 is ordinary use, 1 a test"


@pytest.mark.parametrize(
    ("withholds", "text", "hidden"),
    [
        (ALL, PLAIN[0], {"emotion", "affect", "masking"}),
        (MASKING, PLAIN[0], {"masking"}),
        ("evaluation", PLAIN[0], {"evaluation"}),
        (NEGATED, Text(id="x", text="He wasn't glad."), {"emotion", "affect", "masking"}),
        (NEGATED, PLAIN[0], set()),
        (f"{SPEAKER}self", Text(id="x", text="I am", speaker="self"), {"emotion", "affect", "masking"}),
        (f"{SPEAKER}self", Text(id="x", text="I am", speaker="user"), set()),
    ],
)
def test_a_failed_rung_withholds_what_depends_on_it(withholds: str, text: Text, hidden: set[str]) -> None:
    found = readings((failed(withholds),), text)[0].values()
    assert {one.kind for one in found if one.value is None} == hidden
    assert all(one.withheld == ("a_rung",) for one in found if one.value is None)


def test_one_emotion_is_withheld_alone() -> None:
    found = readings((failed(f"{EMOTION}emotion03"),), *PLAIN)[0]
    assert [name for name, one in found.items() if one.value is None] == ["emotion03"]
    assert found["emotion03"].above is None


def test_without_size_only_the_order_of_texts_is_left() -> None:
    found = readings((failed(SIZE),), *PLAIN)[2]
    assert found["emotion02"].value is None
    assert found["emotion02"].above == 1.0
    assert found["emotion02"].withheld == ("a_rung",)


def test_equal_texts_stand_in_the_middle_and_a_single_one_nowhere() -> None:
    states = np.repeat(planted()[0].at("implicit", 2)[:1], 3, axis=0)
    same = tuple(replace(PLAIN[0], id=str(i)) for i in range(3))
    for each in read_texts(probe_set(), (), same, states=states, evaluation=None):
        assert {one.above for one in each} == {0.5}
    assert readings((), PLAIN[0])[0]["emotion00"].above is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("It isn\u2019t so.", True), ("Nothing came.", True), ("A knot in the note.", False), ("I cannot say", True)],
)
def test_words_of_negation_are_whole_words(text: str, expected: bool) -> None:
    assert is_negated(text) is expected


def test_masking_directions_are_orthogonal_to_both_feelings_and_to_neutral_components() -> None:
    m, fitted, _, _ = planted()
    axes, masking = axes_read(fitted), probe_set().masking
    assert masking
    components = leading_components(m.neutral_at(2))
    for row, story in enumerate(ladder().masking[::8]):
        own = axes.vectors[[NAMES.index(story.hidden), NAMES.index(story.shown)]]
        assert masking.names[row] == f"{story.hidden} behind {story.shown}"
        assert own @ masking.vectors[row] == pytest.approx(np.zeros(2), abs=1e-9)
        assert components @ masking.vectors[row] == pytest.approx(np.zeros(len(components)), abs=1e-9)
    assert np.linalg.norm(masking.vectors, axis=1) == pytest.approx(np.ones(len(NAMES)))


def test_valence_reads_0_at_the_lower_half_of_the_emotions_and_1_at_the_upper() -> None:
    m, _, _, _ = planted()
    affect = probe_set().affect
    assert affect
    read = read_axes(affect, m.cells_at(2))[..., 0]
    assert read[:, :5].mean() == pytest.approx(0, abs=1e-9)
    assert read[:, 5:].mean() == pytest.approx(1)


def test_masks_need_two_pairs_of_known_emotions() -> None:
    assert masks_of(ladder().masking[:8], NAMES) is None
    assert masks_of(ladder().masking, NAMES[:2]) is None


def test_refitting_gives_the_same_directions() -> None:
    m, fitted, _, _ = planted()
    assert axes_read(fit(m)).vectors == pytest.approx(axes_read(fitted).vectors)
