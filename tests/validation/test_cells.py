from goodheart.organisms.files import Description, public_organisms
from goodheart.validation.cells import BLOCK, FULL, Effort, blocks_of, cells_of

EFFORT = Effort(designs=("quick",), runs=40, runs_healthy=60, runs_dial=10)


def named(*names: str) -> tuple[Description, ...]:
    return tuple(one for one in public_organisms() if one.name in names)


def test_every_setting_is_a_cell_and_the_default_gets_the_most_runs() -> None:
    cells = cells_of(named("honest", "suggestible"), EFFORT)
    assert [(cell.organism.dial, cell.runs, cell.at_default) for cell in cells] == [
        (None, 60, True),
        (0.25, 10, False),
        (0.5, 10, False),
        (0.75, 10, False),
        (1.0, 40, True),
        (1.5, 10, False),
    ]


def test_blocks_cover_every_run_once() -> None:
    cells = cells_of(named("honest"), EFFORT)
    blocks, keys = blocks_of(cells, battery="b", seed=1)
    assert [len(block.seeds) for block in blocks] == [BLOCK, BLOCK, 60 - 2 * BLOCK]
    assert len({seed for block in blocks for seed in block.seeds}) == 60
    assert keys == (tuple(block.key for block in blocks),)


def test_those_who_rate_alike_share_their_runs() -> None:
    effort = Effort(designs=("quick",), runs=10, runs_healthy=10, runs_dial=10)
    cells = cells_of(named("honest", "templated_moves", "unchanged.before", "pessimistic"), effort)
    blocks, keys = blocks_of(cells, battery="b", seed=1)
    of = {cell.organism.name: own for cell, own in zip(cells, keys, strict=True)}
    assert of["honest"] == of["templated_moves"] == of["unchanged.before"] != of["pessimistic"]
    assert len(blocks) == 2


def test_those_who_speak_otherwise_run_alone_where_own_words_are_asked() -> None:
    effort = Effort(designs=("standard",), runs=10, runs_healthy=10, runs_dial=10)
    cells = cells_of(named("honest", "parrot", "unchanged.before"), effort)
    _, keys = blocks_of(cells, battery="b", seed=1)
    of = {(cell.organism.name, cell.organism.dial): own for cell, own in zip(cells, keys, strict=True)}
    assert of["honest", None] == of["unchanged.before", None]
    assert len({of["honest", None], of["parrot", 0.5], of["parrot", 0.75]}) == 3


def test_another_battery_seed_or_design_is_another_block() -> None:
    cells = cells_of(named("honest"), EFFORT)
    first, _ = blocks_of(cells, battery="b", seed=1)
    others = (blocks_of(cells, battery="c", seed=1)[0], blocks_of(cells, battery="b", seed=2)[0])
    assert {block.key for block in first}.isdisjoint({block.key for other in others for block in other})


def test_a_full_run_asks_every_organism_1500_times() -> None:
    assert {cell.runs for cell in cells_of(public_organisms(), FULL) if cell.at_default} == {1500}
