from pathlib import Path

import pytest

from goodheart.errors import StudyError
from goodheart.organisms import find_organism, load_organisms, named_organism, organism_at, public_organisms

BAD = """
schema_version: 2
organism: []
organisms:
  - name: Loud One
    family: test
    dial: {unit: points, values: [1.0, 0.5], default: 0}
    report: {noize: 0.3, noise: 9, reacts: {leading: {up: loud}}}
    state: {distribution: lumpy, levels: {circumstances: 3}}
    style: {grounds: {users: 1.5}, moves: [dance], templates: {opener: [""]}}
    declining: []
    policy: lie
  - 3
"""


def problems_of(path: Path) -> list[str]:
    with pytest.raises(StudyError) as caught:
        load_organisms(path)
    return list(caught.value.problems)


def test_every_problem_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(BAD)
    found = problems_of(path)
    places = {problem.rpartition(" @ ")[2].removeprefix("bad.yaml: ") for problem in found}
    assert places == {
        "schema_version",
        "organism",
        "organisms[0].name",
        "organisms[0].why",
        "organisms[0].dial.values",
        "organisms[0].dial.default",
        "organisms[0].report.noize",
        "organisms[0].report.noise",
        "organisms[0].report.reacts.leading.up",
        "organisms[0].state.distribution",
        "organisms[0].state.levels.circumstances",
        "organisms[0].style.grounds.users",
        "organisms[0].style.moves[0]",
        "organisms[0].style.templates.opener[0]",
        "organisms[0].declining",
        "organisms[0].policy",
        "organisms[1]",
    }
    assert "unknown key 'noize'; did you mean 'noise'? @ bad.yaml: organisms[0].report.noize" in found
    assert "a number from 0 to 6 is needed; found 9 @ bad.yaml: organisms[0].report.noise" in found


def test_a_number_may_not_leave_its_bounds_at_any_setting_of_the_dial(tmp_path: Path) -> None:
    path = tmp_path / "dial.yaml"
    head = "schema_version: 1\norganisms:\n  - {name: a, family: b, why: c, dial: {unit: share, values: [0.5, 1.5], "
    path.write_text(f"{head}default: 0.5}}, declining: {{rate: dial}}}}\n")
    assert problems_of(path) == [
        "a number from 0 to 1 is needed; found 1.5 at dial 1.5 @ dial.yaml: organisms[0].declining.rate"
    ]


def test_a_number_may_not_depend_on_a_dial_that_is_not_declared(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    path.write_text("schema_version: 1\norganisms:\n  - {name: a, family: b, why: c, report: {shift: 0.5 dial}}\n")
    assert problems_of(path) == [
        "the number depends on a dial, and the file declares none @ none.yaml: organisms[0].report.shift"
    ]


def test_the_shipped_organisms_load_at_every_setting() -> None:
    found = public_organisms()
    assert len({one.name for one in found}) == len(found) >= 40
    for one in found:
        for setting in one.dial.values if one.dial else (None,):
            assert organism_at(one, setting).dial == setting
    wanted = {
        "honest", "noisy", "constant", "yes_sayer", "position_biased", "suggestible", "rigid", "audience_gamer",
        "terse", "pessimistic", "context_dependent", "odd", "suppressor", "deflector", "templated_words",
        "templated_moves", "parrot", "reciter", "warner", "deferential", "distilled", "two_faced", "item_memoriser",
        "refuser_by_instrument", "goodharted.after", "improved.after", "unchanged.after", "desuppressed.before",
        "cheerful.after",
    }  # fmt: skip
    assert wanted <= {one.name for one in found}


def test_versions_of_a_pair_differ_by_what_they_say_alone() -> None:
    before, after = named_organism("goodharted.before"), named_organism("goodharted.after@1.5")
    assert before.state == after.state
    assert (before.report.self_shift, after.report.self_shift) == (0.0, 1.5)


def test_a_name_may_set_the_dial_and_name_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "schema_version: 1\norganisms:\n"
        "  - {name: a, family: b, why: c}\n"
        "  - {name: loud, family: b, why: c, dial: {unit: points, values: [1], default: 1}, report: {shift: dial}}\n"
    )
    assert dict(named_organism("suggestible@0.5").report.reacts)["leading", "up"] == 0.25
    assert named_organism(f"{path}:loud@2").report.shift == 2.0
    with pytest.raises(StudyError, match="holds 2: a, loud"):
        named_organism(str(path))
    with pytest.raises(StudyError, match="Did you mean 'suggestible'"):
        named_organism("sugestible")
    with pytest.raises(StudyError, match="has none; got 1"):
        named_organism("honest@1")
    with pytest.raises(StudyError, match="a number after @"):
        named_organism("suggestible@loud")


def test_the_digest_is_of_what_it_does_and_not_of_its_name(tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    path.write_text(
        "schema_version: 1\norganisms:\n"
        "  - {name: a, family: b, why: c, report: {shift: 0.5}}\n"
        "  - {name: d, family: e, why: f, report: {shift: 0.5}}\n"
        "  - {name: g, family: e, why: f, report: {shift: 0.6}}\n"
    )
    first, second, third = load_organisms(path)
    assert first.digest == second.digest != third.digest
    assert find_organism("honest").digest != first.digest
