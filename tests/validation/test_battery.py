"""The battery on columns gives the verdicts that a real run gives of the same replies."""

import pytest

from goodheart.design.study import study_digest
from goodheart.organisms import answer_all, named_organism, replies_to
from goodheart.studies import EMBEDDED, analyse
from goodheart.validation.battery import compile_battery, run_battery
from tests.organisms.makers import study


@pytest.mark.parametrize(
    ("preset", "written", "names"),
    [
        ("quick", False, ("honest", "constant", "refuser", "refuser_by_instrument", "terse", "random")),
        ("standard", False, ("yes_sayer", "audience_gamer@1.5", "anchor_blind")),
        ("quick", True, ("honest", "suggestible@1.5")),
    ],
)
def test_verdicts_are_those_of_a_real_run(preset: str, written: bool, names: tuple[str, ...]) -> None:
    plan = study(preset, written=written)
    battery = compile_battery(plan, written=written)
    for name in names:
        one = named_organism(name)
        mine = run_battery(one, battery, seed=11)
        answers = answer_all(one, battery.columns, seed=11)
        replies = replies_to(one, battery.columns, answers, seed=11, respondent=EMBEDDED)
        findings = analyse(plan, replies)[0][0]
        got = [(one.check, one.verdict, one.reason, one.detail) for one in mine]
        assert got == [(one.check, one.verdict, one.reason, one.detail) for one in findings.verdicts]


def test_a_run_is_repeated_bit_for_bit() -> None:
    battery = compile_battery(study(), written=False)
    one = named_organism("honest")
    assert run_battery(one, battery, seed=4) == run_battery(one, battery, seed=4)
    assert run_battery(one, battery, seed=4) != run_battery(one, battery, seed=5)
    assert battery.plain.ratings[0](kind="measured", value=1.0).run == study_digest(study())
