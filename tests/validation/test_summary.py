"""Hand arithmetic on tallies that are written down."""

import json
from collections.abc import Mapping

import pytest

from goodheart.errors import InternalError
from goodheart.organisms import organism_at
from goodheart.organisms.files import public_organisms
from goodheart.organisms.rates import table_from, table_json
from goodheart.organisms.truth import public_truth
from goodheart.validation.cells import Cell
from goodheart.validation.document import confusion
from goodheart.validation.rows import rows_of
from goodheart.validation.shipped import Replay, disagreements, replay_of, table_of
from goodheart.validation.summary import Summary, summarise
from goodheart.validation.tally import Tally, added, tally_data, tally_from

Counts = Mapping[tuple[str, str], int]


def cell(name: str, dial: float | None = None) -> Cell:
    one = next(one for one in public_organisms() if one.name == name)
    default = one.dial.default if one.dial else None
    setting = default if dial is None else dial
    organism = organism_at(one, setting)
    return Cell(organism=organism, family=one.family, design="quick", runs=100, at_default=setting == default)


def tally(failed: int, held: int, n: int = 100, *, any_failed: int = 0) -> Tally:
    answers = {("fails", "outside"): failed, ("holds", "inside"): held, ("cannot_tell", "underpowered"): n}
    answers["cannot_tell", "underpowered"] -= failed + held
    return Tally(n=n, answers={"leading": answers}, any_failed=any_failed)


def alone(*tallies: Tally) -> list[list[Tally]]:
    """Cells of one block each."""
    return [[one] for one in tallies]


def summed(*found: tuple[Cell, Tally, str]) -> Summary:
    cells, tallies, runs = zip(*found, strict=True)
    return summarise(rows_of(cells, alone(*tallies), runs, truth=public_truth()), cells, tallies)


def test_detection_false_alarm_and_reassurance_are_shares_of_runs() -> None:
    summary = summed(
        (cell("suggestible"), tally(90, 0), "s"),
        (cell("suggestible", 0.5), tally(10, 5), "s5"),
        (cell("suggestible", 0.25), tally(2, 60), "s25"),
        (cell("honest"), tally(1, 80, any_failed=4), "h"),
        (cell("constant"), tally(0, 0), "c"),
    )
    (check,) = summary.checks
    assert check.detection is not None
    assert (check.detection.value, check.detection.n) == (0.9, 100)
    assert check.detected_in == ("suggestible (1)",)
    assert check.false_alarm is not None
    assert (check.false_alarm.value, check.false_alarm.n) == (0.01, 100)
    # At the default and at .5 the fault is there; at .25 the proposition is true.
    assert check.false_reassurance is not None
    assert (check.false_reassurance.value, check.false_reassurance.n) == (0.025, 200)
    assert check.healthy_holds is not None
    assert check.healthy_holds.value == 0.8
    assert [(name, share.value) for name, _, share in summary.any_failed] == [("honest", 0.04)]


def test_the_smallest_dial_is_the_one_from_which_on_all_are_detected() -> None:
    def smallest(*shares: int) -> float | None:
        dials = (0.25, 0.5, 0.75, 1.0, 1.5)
        found = [
            (cell("suggestible", dial), tally(share, 0), str(dial)) for dial, share in zip(dials, shares, strict=True)
        ]
        return summed(*found).smallest[0].dial

    assert smallest(0, 5, 40, 90, 100) == 1.0
    assert smallest(0, 95, 40, 95, 100) == 1.0
    assert smallest(0, 5, 40, 60, 89) is None


def test_a_cell_is_wrong_only_where_chance_does_not_explain_it() -> None:
    # Of 100 runs at 5%, 9 or more failures have p = .063 and 14 or more p = .0005.
    summary = summed((cell("honest"), tally(9, 0), "h"), (cell("pessimistic"), tally(14, 0), "p"))
    assert [one.organism for one in summary.false_alarms] == ["pessimistic"]
    assert summary.false_alarms[0].p_adjusted == pytest.approx(0.0005 * 2, rel=0.2)


def test_reassurance_about_a_planted_fault_is_named() -> None:
    summary = summed((cell("suggestible"), tally(50, 30), "s"))
    assert [(one.organism, one.share.value) for one in summary.false_reassurances] == [("suggestible", 0.3)]


def test_rows_of_the_same_runs_count_once() -> None:
    summary = summed((cell("honest"), tally(2, 80), "h"), (cell("odd"), tally(2, 80), "h"))
    assert summary.checks[0].false_alarm is not None
    assert summary.checks[0].false_alarm.n == 100


def test_what_fails_on_a_fault_planted_elsewhere_is_cross_talk() -> None:
    summary = summed((cell("audience_gamer"), tally(6, 0), "a"), (cell("mood_follower"), tally(50, 0), "m"))
    assert [(row.organism, row.truth) for row in summary.cross_talk] == [
        ("audience_gamer", "absent"),
        ("mood_follower", "entailed"),
    ]


def test_the_confusion_matrix_adds_every_run_up() -> None:
    cells = (cell("suggestible"), cell("suggestible", 0.25), cell("honest"))
    tallies = (tally(90, 1), tally(3, 50), tally(2, 80))
    rows = rows_of(cells, alone(*tallies), ("a", "b", "c"), truth=public_truth())
    assert confusion(rows) == [
        {"check": "leading", "design": "quick", "truth": "present", "failed": 90, "held": 1, "declined": 9},
        {"check": "leading", "design": "quick", "truth": "absent", "failed": 5, "held": 130, "declined": 65},
    ]


def test_without_a_written_truth_nothing_is_right_or_wrong() -> None:
    cells, tallies = (cell("suggestible"),), (tally(90, 1),)
    rows = rows_of(cells, alone(*tallies), ("a",), truth=None)
    summary = summarise(rows, cells, tallies)
    assert rows[0].truth is None
    assert summary.checks[0].detection is summary.checks[0].false_alarm is None
    assert summary.false_alarms == summary.false_reassurances == ()


def test_tallies_add_up_and_survive_a_file() -> None:
    whole = added((tally(3, 50, any_failed=3), tally(7, 20, any_failed=9)))
    assert (whole.n, whole.count("leading", "fails"), whole.count("leading", "holds"), whole.any_failed) == (
        200,
        10,
        70,
        12,
    )
    assert tally_from(tally_data(whole)) == whole


def test_a_later_validation_is_held_against_the_shipped_table() -> None:
    cells = (cell("suggestible"), cell("honest"))
    first = rows_of(cells, alone(tally(90, 0), tally(2, 80)), ("a", "b"), truth=public_truth())
    table = table_of(first, summarise(first, cells, (tally(90, 0), tally(2, 80))), battery="b", seed=1)
    assert (table.checks[0].detected, table.checks[0].planted, table.checks[0].alarmed) == (90, 100, 2)
    assert disagreements(first, table) == ()
    later = rows_of(cells, alone(tally(60, 0), tally(3, 80)), ("a", "b"), truth=public_truth())
    assert [one.row.organism for one in disagreements(later, table)] == ["suggestible"]


def test_a_replay_holds_the_first_block_of_every_cell_against_the_table() -> None:
    cells = (cell("suggestible"), cell("honest"))
    blocks = ((tally(9, 0, 10), tally(7, 1, 10)), (tally(0, 8, 10), tally(1, 6, 10)))
    measured = rows_of(cells, blocks, ("a", "b"), truth=public_truth())
    table = table_of(measured, summarise(measured, cells, [added(each) for each in blocks]), battery="b", seed=1)
    assert [(one.n, one.failed, one.held) for one in table.counts] == [(20, 16, 1), (20, 1, 14)]
    assert [(one.first_n, one.first_failed, one.first_held) for one in table.counts] == [(10, 9, 0), (10, 0, 8)]
    assert table_from(json.loads(table_json(table))) == table

    def replayed(*tallies: Tally) -> Replay:
        return replay_of(rows_of(cells, alone(*tallies), ("a", "b"), truth=public_truth()), table)

    assert replayed(tally(9, 0, 10), tally(0, 8, 10)) == Replay(n_verdicts=20, changed=(), unmeasured=())
    assert [row.organism for row, _ in replayed(tally(9, 0, 10), tally(0, 7, 10)).changed] == ["honest"]
    assert [row.organism for row, _ in replayed(tally(8, 1, 10), tally(0, 8, 10)).changed] == ["suggestible"]
    another = rows_of((*cells, cell("rigid")), alone(*[tally(9, 0, 10)] * 3), ("a", "b", "c"), truth=public_truth())
    assert [row.organism for row in replay_of(another, table).unmeasured] == ["rigid"]
    with pytest.raises(InternalError, match="the first block of every cell"):
        replayed(tally(9, 0, 11), tally(0, 8, 11))
