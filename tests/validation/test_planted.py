"""The checks on choices and conduct, run on planted respondents."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from goodheart.conduct.simulate import Actor
from goodheart.design.choice_study import ChoiceStudy
from goodheart.engine.choice_plan import plan_choices
from goodheart.errors import RunFolderError
from goodheart.items.conduct_items import public_conduct_items
from goodheart.organisms.choosers import Chooser
from goodheart.organisms.planted_choosers import CHOOSERS, chooser_at
from goodheart.organisms.planted_doers import DOERS, doer_at
from goodheart.organisms.rates import table_from
from goodheart.records import Verdict
from goodheart.validation import choosing, validate_choices
from goodheart.validation.acting import NAME, PLAN_SEED, act_once, stage_of
from goodheart.validation.cells import Effort
from goodheart.validation.choosing import SCORED, WRITES, Bench, bench_of, choose_once
from goodheart.validation.identity import battery_digest, choice_battery_digest
from goodheart.validation.planted import (
    DEFAULT,
    FULL,
    PlantedBlock,
    PlantedEffort,
    planted_blocks,
    planted_cells,
    planted_effort_of,
    run_group,
    same_runs,
)
from goodheart.validation.tally import Tally
from tests.choosers import found_in
from tests.conduct.staged import found as found_of

NOTHING = Effort(designs=(), runs=1, runs_healthy=1, runs_dial=1)
QUICK = Effort(designs=("quick",), runs=2, runs_healthy=2, runs_dial=1)
TINY = PlantedEffort(scored=NOTHING, written=NOTHING, conduct=QUICK)
"""Conduct alone, which takes hundredths of a second a run."""


@pytest.fixture(scope="module")
def scored() -> Bench:
    return bench_of("quick", written=False)


def respondent(name: str, bench: Bench, *, dial: float | None = None, seed: int = 5) -> Chooser:
    one = next(one for one in CHOOSERS if one.name == name)
    return chooser_at(one, dial or one.default, tasks=[task.id for task in bench.items.tasks], seed=seed)


def words(verdicts: Sequence[Verdict]) -> dict[str, str]:
    return {one.check: one.verdict for one in verdicts}


def bare(one: Verdict) -> tuple[object, ...]:
    """A verdict without the places of replies, which a validation leaves out, and without rates."""
    parts = [(part.claim, part.adjusted_low, part.adjusted_high, part.p_inside, part.p_outside) for part in one.parts]
    return one.check, one.verdict, one.reason, one.detail, tuple(parts)


def study_of(what: str, *, written: bool, preset: str = "quick") -> ChoiceStudy:
    model = WRITES if written else SCORED
    return plan_choices(
        what, model=model, preset=preset, seed=choosing.PLAN_SEED, reading="text" if written else "auto"
    )


@pytest.mark.parametrize("written", [False, True])
def test_the_checks_are_run_as_goodheart_choose_runs_them(written: bool) -> None:
    bench = bench_of("quick", written=written)
    one = respondent("unsure", bench, seed=choosing.PLAN_SEED)
    alone = choose_once(one, bench, seed=choosing.PLAN_SEED, whole=False, cache={})
    real = [found_in(one, study_of(what, written=written)).findings.verdicts for what in choosing.ASKS.values()]
    assert [bare(verdict) for verdict in alone] == [bare(verdict) for (verdict,) in real]


def test_the_checks_on_conduct_are_run_as_goodheart_conduct_runs_them() -> None:
    stage = stage_of("quick")
    actor = doer_at(DOERS[0], None, pairs=stage.study.pairs, seed=3)
    real = found_of(actor, seed=3).findings.verdicts
    assert [bare(one) for one in act_once(lambda _: actor, stage, seed=3)] == [bare(one) for one in real]
    assert (stage.study.model, stage.study.seed) == (NAME, PLAN_SEED)
    assert stage.items.sources == public_conduct_items().sources


@pytest.mark.parametrize(
    ("name", "dial", "check", "word"),
    [
        ("known", None, "order", "holds"),
        ("first", 0.8, "order", "fails"),
        ("first_letter", None, "order", "fails"),
        ("known", None, "dominance", "holds"),
        ("lured", 0.4, "dominance", "fails"),
        ("first_letter", None, "dominance", "cannot_tell"),
        ("no_wishes", None, "dominance", "cannot_tell"),
    ],
)
def test_planted_choosers_get_the_verdict_that_they_should(
    scored: Bench, name: str, dial: float | None, check: str, word: str
) -> None:
    one = respondent(name, scored, dial=dial)
    assert words(choose_once(one, scored, seed=5, whole=False, cache={}))[check] == word


def test_who_would_mostly_rather_not_choose_is_neither_accused_nor_cleared() -> None:
    bench = bench_of("quick", written=True)
    verdicts = choose_once(respondent("reluctant", bench), bench, seed=5, whole=True, cache={})
    assert {(one.verdict, one.reason) for one in verdicts} == {("cannot_tell", "refused")}


def test_one_family_of_three_asks_more_of_each_check_than_three_families_of_one(scored: Bench) -> None:
    one = respondent("first", scored, dial=0.8)
    whole, alone = ({v.check: v for v in choose_once(one, scored, seed=5, whole=w, cache={})} for w in (True, False))
    (wide, narrow) = (by["order"].parts[0] for by in (whole, alone))
    assert wide.finding == narrow.finding
    assert wide.adjusted_high - wide.adjusted_low > narrow.adjusted_high - narrow.adjusted_low


def test_what_respondents_have_in_common_is_answered_once(scored: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    really = choosing.answered

    def counted(one: Chooser, bench: Bench, check: str, *, seed: int) -> object:
        asked.append(check)
        return really(one, bench, check, seed=seed)

    monkeypatch.setattr(choosing, "answered", counted)
    cache: choosing.Cache = {}
    first = choose_once(respondent("known", scored), scored, seed=5, whole=True, cache=cache)
    choose_once(respondent("known", scored), scored, seed=5, whole=False, cache=cache)
    choose_once(respondent("lured", scored), scored, seed=5, whole=True, cache=cache)
    assert sorted(asked) == ["deference", "dominance", "dominance", "order"]
    monkeypatch.setattr(choosing, "answered", really)
    assert [bare(one) for one in choose_once(respondent("known", scored), scored, seed=5, whole=True, cache={})] == [
        bare(one) for one in first
    ]


def test_cells_cover_every_respondent_setting_and_design() -> None:
    cells = planted_cells(DEFAULT)
    assert {one.design for one in cells} == {
        f"choose-{family}-{preset}{how}"
        for family in ("all", "one")
        for preset in ("quick", "standard")
        for how in ("", "-text")
    } | {"conduct-quick", "conduct-standard"}
    first = [one for one in cells if one.organism.name == "first" and one.design == "choose-all-quick"]
    assert [(one.organism.dial, one.runs, one.at_default) for one in first] == [
        (0.1, 3, False),
        (0.2, 3, False),
        (0.4, 12, True),
        (0.8, 3, False),
    ]
    silent = {one.design for one in cells if one.organism.name == "reluctant"}
    assert silent == {one.design for one in cells if one.design.endswith("-text")}
    assert planted_effort_of(60).written.runs == 15
    assert FULL.scored.runs > 20 * DEFAULT.scored.runs


def test_blocks_that_share_answers_are_in_one_group_and_keys_change_with_the_battery() -> None:
    cells = planted_cells(DEFAULT)
    groups, keys = planted_blocks(cells, battery="abc", seed=1)
    blocks = [block for group in groups for block in group]
    assert len({block.key for block in blocks}) == len(blocks)
    assert {key for own in keys for key in own} == {block.key for block in blocks}
    assert sum(len(block.seeds) for block in blocks) == sum(cell.runs for cell in cells)
    both = next(group for group in groups if group[0].design == "choose-all-quick")
    assert {block.design for block in both} == {"choose-all-quick", "choose-one-quick"}
    assert len({block.seeds for block in both if len(block.seeds) == 4}) == 1
    other, _ = planted_blocks(cells, battery="abd", seed=1)
    assert not {block.key for group in other for block in group} & {block.key for block in blocks}


def test_rows_with_the_same_evidence_count_once() -> None:
    cells = {
        (one.organism.name, one.organism.dial): one
        for one in planted_cells(DEFAULT)
        if one.design in ("choose-all-quick", "conduct-quick")
    }
    known, ruled, lured = cells["known", None], cells["ruled", None], cells["lured", 0.2]
    assert same_runs(known, "order") == same_runs(ruled, "order") == same_runs(lured, "order")
    assert same_runs(known, "dominance") != same_runs(lured, "dominance")
    assert same_runs(known, "deference") != same_runs(ruled, "deference")
    willing, lazy = cells["willing", None], cells["lazy", 0.5]
    assert same_runs(willing, "conduct") == same_runs(lazy, "conduct")
    assert same_runs(willing, "effort") != same_runs(lazy, "effort")
    assert same_runs(willing, "conduct") != same_runs(cells["aimless", None], "conduct")


def test_a_validation_is_written_with_truths_and_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[int] = []

    def counted(blocks: Sequence[PlantedBlock]) -> list[Tally]:
        ran.append(len(blocks))
        return run_group(blocks)

    monkeypatch.setattr(validate_choices, "run_group", counted)
    shown: list[tuple[int, int]] = []

    def run() -> str:
        validate_choices.validate_choices(
            effort=TINY, seed=2, folder=tmp_path, jobs=1, on_block=lambda *at: shown.append(at)
        )
        return (tmp_path / validate_choices.FILE).read_text()

    once = run()
    document = json.loads(once)
    cells = planted_cells(TINY)
    assert shown[-1] == (sum(cell.runs for cell in cells),) * 2
    assert len(document["rows"]) == 2 * len(cells)
    row = next(row for row in document["rows"] if (row["organism"], row["dial"]) == ("hypocrite", 0.5))
    assert (row["check"], row["truth"], row["effect"], row["n"]) == ("conduct", "present", 1.0, 2)
    assert row["failed"] + row["held"] + row["declined"] == 2
    assert document["seal"]["battery"] == choice_battery_digest() != battery_digest()
    assert document["effort"]["conduct"]["runs"] == 2
    table = table_from(json.loads((tmp_path / validate_choices.RATES).read_text()))
    assert {one.check for one in table.checks} == {"conduct", "effort"}

    kept = tmp_path / validate_choices.BLOCKS
    lines = kept.read_text().splitlines(keepends=True)
    kept.write_text("".join(lines[:-1]) + lines[-1][:20])
    ran.clear()
    assert run() == once
    assert ran == [1], "only the block that was cut off is run again"


def test_a_broken_file_of_blocks_is_named(tmp_path: Path) -> None:
    (tmp_path / validate_choices.BLOCKS).write_text("no block\n")
    with pytest.raises(RunFolderError, match=r"Line 1 is none\. Delete that line"):
        validate_choices.validate_choices(effort=TINY, seed=2, folder=tmp_path, jobs=1)


def test_hypocrisy_and_laziness_show_at_standard_size() -> None:
    stage = stage_of("standard")

    def verdict(name: str, dial: float | None) -> dict[str, str]:
        one = next(one for one in DOERS if one.name == name)

        def cast(pairs: object) -> Actor:
            return doer_at(one, dial, pairs=stage.study.pairs, seed=4)

        return words(act_once(cast, stage, seed=4))

    assert verdict("willing", None) == {"conduct": "holds", "effort": "holds"}
    assert verdict("hypocrite", 1.0) == {"conduct": "fails", "effort": "holds"}
    assert verdict("lazy", 0.5)["effort"] == "fails"
    assert verdict("lazy_on_audit", 0.5)["effort"] == "fails"
    assert verdict("first_offered", None)["conduct"] == "cannot_tell"
    assert verdict("unreadable", None) == {"conduct": "cannot_tell", "effort": "cannot_tell"}
