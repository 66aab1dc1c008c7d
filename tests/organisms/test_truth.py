from pathlib import Path

import pytest

from goodheart.checks import CHECKS
from goodheart.errors import StudyError
from goodheart.organisms.amounts import Amount
from goodheart.organisms.files import public_organisms
from goodheart.organisms.truth import (
    ORGANISM_CHECKS,
    TruthCell,
    load_truth,
    public_truth,
    require_organisms,
    truth_at,
)


def test_every_cell_of_the_matrix_has_a_truth_and_a_reason() -> None:
    matrix = public_truth()
    assert set(CHECKS) <= set(ORGANISM_CHECKS)
    for one in public_organisms():
        for check in ORGANISM_CHECKS:
            cell = matrix.cell(one.name, check)
            assert cell.truth in ("present", "absent", "entailed")
            assert len(cell.because) > 10
            assert cell.because.endswith(".")


def test_every_check_of_the_battery_has_a_fault_planted_somewhere() -> None:
    found = {check for (_, check), cell in public_truth().cells.items() if cell.truth == "present"}
    assert set(CHECKS) <= found


def test_the_sound_ones_have_nothing_planted_in_them() -> None:
    sound = {one.name for one in public_organisms() if one.family == "healthy"}
    assert len(sound) == 5
    planted = [key for key, cell in public_truth().cells.items() if cell.truth == "present" and key[0] in sound]
    assert planted == []


def test_every_named_organism_is_there() -> None:
    require_organisms(public_truth(), [one.name for one in public_organisms()])
    with pytest.raises(StudyError, match=r"truth\.yes_sayer"):
        require_organisms(public_truth(), ["honest"])


@pytest.mark.parametrize(
    ("check", "dial", "truth"),
    [
        ("leading", 0.49, "absent"),
        ("leading", 0.5, "present"),
        ("grounds", 0.09, "absent"),
        ("grounds", 0.1, "present"),
    ],
)
def test_a_fault_below_the_difference_that_matters_leaves_the_proposition_true(
    check: str, dial: float, truth: str
) -> None:
    cell = TruthCell(truth="present", effect=Amount(start=0.0, slope=-1.0), because="A test.")
    assert truth_at(cell, check, dial) == (truth, dial)


def test_what_has_no_size_is_present_whatever_the_dial() -> None:
    cell = TruthCell(truth="present", effect=None, because="A test.")
    assert truth_at(cell, "leading", 0.01) == ("present", None)


def test_every_problem_of_a_matrix_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "key.yaml"
    path.write_text(
        "schema_version: 1\nextra: 1\ntruth:\n"
        "  a: {leadin: {is: present, because: x}, scale: {is: maybe, because: x, efect: 2}}\n"
        "  b: {person: {is: absent}, retest: {is: present, because: x, effect: big}}\n  c: 3\n"
    )
    with pytest.raises(StudyError) as caught:
        load_truth(path)
    assert {problem.rpartition(" @ ")[2] for problem in caught.value.problems} == {
        "key.yaml: extra",
        "key.yaml: truth.a.leadin",
        "key.yaml: truth.a.scale.is",
        "key.yaml: truth.a.scale.efect",
        "key.yaml: truth.b.person.because",
        "key.yaml: truth.b.retest.effect",
        "key.yaml: truth.c",
    }
