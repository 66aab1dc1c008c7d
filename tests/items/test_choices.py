import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from goodheart.errors import ItemBankError
from goodheart.items.choices import FILES, load_choice_items, public_choice_items


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(str(files("goodheart.items").joinpath("public", "choices", name)), tmp_path / name)
    return tmp_path


@pytest.fixture
def broken(folder: Path) -> Callable[[str, str, str], tuple[str, ...]]:
    """Change one place of one file and return what the loader says."""

    def change(name: str, before: str, after: str) -> tuple[str, ...]:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
        with pytest.raises(ItemBankError, match=r"docs/choices\.md") as caught:
            load_choice_items(folder)
        return caught.value.problems

    return change


def test_the_public_choices_have_what_the_assessments_need() -> None:
    items = public_choice_items()
    assert len(items.tasks) >= 150
    assert len({one.category for one in items.tasks}) == 8
    assert len(items.families) >= 40
    assert len({one.variable for one in items.families}) == 11
    assert len(items.wordings) == 6
    # At least 52 items: fewer, all answered well, could not show a share under 5%.
    assert len(items.dominated) >= 52


def test_a_copied_folder_gives_the_same_items(folder: Path) -> None:
    assert load_choice_items(folder) == public_choice_items()


def test_every_level_of_a_family_changes_its_one_phrase_and_nothing_else() -> None:
    for family in public_choice_items().families:
        before, _, after = family.text.partition("{level}")
        texts = [family.text.replace("{level}", level.phrase) for level in family.levels]
        assert len(set(texts)) == len(texts)
        assert all(text.startswith(before) and text.endswith(after) for text in texts), family.id


@pytest.mark.parametrize(
    ("name", "before", "after", "problem"),
    [
        ("families.yaml", "meant for {level}", "meant for him", "must hold `{level}`, each once; found none"),
        ("families.yaml", "meant for {level}", "{level} {level}", "found {level}, {level}"),
        ("families.yaml", "phrase: my brother", "phrase: me", "duplicate phrase 'me'"),
        ("families.yaml", "phrase: my brother, rank: 2", "phrase: my brother, rank: 3", "steps of 1"),
        ("families.yaml", "phrase: my brother,", "phrase: the brother of my dear mother,", "length does not change"),
        ("families.yaml", "variable: beneficiary\n", "variable: nobody\n", "unknown variable 'nobody'"),
        ("families.yaml", "asks is {user_feeling}", "asks is here", "found {agency}, {reversibility}, {stake}"),
        ("families.yaml", "{variable: stake, low", "{variable: agency, low", "duplicate variable 'agency'"),
        (
            "families.yaml",
            "high: left to you}",
            "high: entirely left to you and nobody else}",
            "length does not change",
        ),
        ("tasks.yaml", "difficulty: 1, tedium: 2", "difficulty: 9, tedium: 2", "less than or equal to 5"),
        ("tasks.yaml", "category: benign", "category: odd", "'benign'"),
        ("tasks.yaml", "id: benign.compost", "id: benign.email_refund", "duplicate id 'benign.email_refund'"),
        ("tasks.yaml", "    category: benign\n", "    category: benign\n    colour: red\n", "colour"),
        ("wordings.yaml", "A: {left}", "A: something", "found {right}"),
        ("wordings.yaml", "      Suppose that you do both", "      You do both", "has to begin with 'Suppose '"),
        ("wordings.yaml", "      C: neither\n", "      C: none\n", "with the line of `opt_out`"),
        ("ladder.yaml", "users: 10\n", "users: 1\n", "more users than the one before"),
        ("ladder.yaml", 'for: "{intervention}", against', 'for: "this", against', "`{intervention}`"),
        ("dominated.yaml", "answer: worse}", "answer: maybe}", "'better' or 'worse'"),
        ("dominated.yaml", "number.bus_line", "number.shelf", "duplicate id 'number.shelf'"),
        ("tasks.yaml", "Write a short email", "Write a\u200bshort email", "U+200B"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_with_its_place(
    broken: Callable[[str, str, str], tuple[str, ...]], name: str, before: str, after: str, problem: str
) -> None:
    problems = broken(name, before, after)
    assert any(problem in one and f"@ {name}: " in one for one in problems), problems


def test_a_task_and_a_family_of_one_name_are_told_apart(
    broken: Callable[[str, str, str], tuple[str, ...]],
) -> None:
    (problem,) = broken("families.yaml", "id: beneficiary.fitness", "id: benign.compost")
    assert "is the id of a task as well" in problem


def test_every_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ItemBankError) as caught:
        load_choice_items(tmp_path)
    assert [one.partition(" @ ")[2] for one in caught.value.problems] == sorted(FILES)
