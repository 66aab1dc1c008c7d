"""From a run of choices and a tiny random model to readings of tasks: what is read, written, withheld and refused."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from goodheart.assessments.preference_readings import correlate_readings
from goodheart.engine.chosen_tasks import read_chosen
from goodheart.engine.preference_reading_files import FINDINGS, TABLE, write_preference_readings
from goodheart.engine.probing import Probed
from goodheart.engine.reading_preferences import PreferenceReadings, read_preferences
from goodheart.errors import ItemBankError, RunFolderError
from goodheart.items.choices import public_choice_items
from goodheart.probes.axes import read_axes
from goodheart.probes.fitted import axes_read
from goodheart.probes.rung import SIZE
from goodheart.records import Message, NotEstimable
from goodheart.whitebox.local_model import LocalModel
from goodheart.whitebox.pooling import MeanOver
from tests.assessments.simulated_readings import failed
from tests.choosers import N_TASKS, utilities
from tests.engine.choose_runs import choose_run
from tests.probes.planted import ladder, silent, stories

MODEL = "goodheart/tiny llama"
PATH = Path("probes/directions.safetensors")
STARTED = 1_767_225_600.0


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "chosen"
    choose_run(folder, model=MODEL)
    return folder


@pytest.fixture
def run(once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(once, tmp_path / "chosen"))


@pytest.fixture(scope="module")
def read(local: LocalModel, probed: Probed, once: Path) -> PreferenceReadings:
    chosen = read_chosen(once, model=local.name)
    return read_preferences(
        local, probed, chosen, stories=stories(), ladder=ladder(), path=PATH, on_text=silent, n_null=199
    )


def test_utilities_tasks_and_the_statement_are_those_of_the_run(once: Path, local: LocalModel) -> None:
    chosen = read_chosen(once, model=local.name)
    known = dict(utilities())
    texts = {task.id: task.text for task in public_choice_items().tasks}
    assert len(chosen.utilities.tasks) == N_TASKS
    assert chosen.utilities.texts == tuple(texts[one] for one in chosen.utilities.tasks)
    true = [known[one] for one in chosen.utilities.tasks]
    assert np.corrcoef(true, chosen.utilities.values)[0, 1] > 0.9
    assert chosen.utilities.stable
    assert chosen.utilities.statement.startswith("A stable preference was shown")
    assert chosen.frame.endswith("\nA: ")


def test_readings_are_means_over_the_tokens_of_each_task_as_the_first_option(
    read: PreferenceReadings, local: LocalModel, probed: Probed
) -> None:
    chosen, emotions = read.chosen, probed.probes.emotions
    first, other = chosen.utilities.texts[:2]
    whole = public_choice_items().wordings[0].text.format(left=first, right=other)
    messages = (Message(role="user", content=whole),)
    pool = MeanOver(spans=((local.find_tokens(messages, first),),))
    states = local.record_chats([messages], layers=(emotions.layer,), pool=pool).result()[:, 0]
    # The tokens of the first option cannot see what comes after them: this is what it read when it chose.
    assert np.allclose(read_axes(axes_read(emotions), states)[0], read.read.values[0], atol=1e-3)
    assert read.read.values.shape == (N_TASKS, len(emotions.names))
    assert read.read.null.shape == (N_TASKS, 199)


def test_a_ladder_that_a_random_model_fails_withholds_every_correlation_and_every_reading(
    read: PreferenceReadings, probed: Probed, tmp_path: Path
) -> None:
    assert all(row.withheld for row in read.correlates.rows)
    write_preference_readings(read, probed, tmp_path / "out", started=STARTED)
    written = json.loads((tmp_path / "out" / FINDINGS).read_text())
    assert written["not_for_training"]
    assert written["started"] == STARTED
    assert written["stable_preference"] is True
    assert written["run"]["respondent"] == MODEL
    assert {entry["partial"]["not_estimable"] for entry in written["correlates"]} == {True}
    assert all("position_words" in entry["withheld"] for entry in written["correlates"])
    table = pl.read_parquet(tmp_path / "out" / TABLE)
    assert table.height == N_TASKS * len(read.read.names)
    assert table["value"].null_count() == table["above"].null_count() == table.height
    assert dict(zip(table["task"], table["utility"], strict=True)) == dict(
        zip(read.chosen.utilities.tasks, read.chosen.utilities.values.tolist(), strict=True)
    )


def test_where_sizes_alone_are_withheld_the_order_is_written(
    read: PreferenceReadings, probed: Probed, tmp_path: Path
) -> None:
    sized = replace(read.read, rungs=(failed("rising_numbers", SIZE),))
    correlates = correlate_readings(read.chosen.utilities, sized, read.axes, seed=1)
    write_preference_readings(replace(read, read=sized, correlates=correlates), probed, tmp_path, started=STARTED)
    table = pl.read_parquet(tmp_path / TABLE)
    assert table["value"].null_count() == table.height
    assert table["above"].null_count() == 0
    assert set(table["withheld"].explode()) == {"rising_numbers"}
    written = json.loads((tmp_path / FINDINGS).read_text())
    assert {entry["partial"]["method"] for entry in written["correlates"]} == {"partial_fisher"}


def test_utilities_planted_on_one_emotions_readings_of_a_model_are_found(read: PreferenceReadings) -> None:
    allowed = replace(read.read, rungs=())
    column = allowed.values[:, 4]
    for sign in (1.0, -1.0):
        values = sign * (column - column.mean()) / column.std() + 0.1 * np.random.default_rng(1).normal(size=N_TASKS)
        chosen = replace(read.chosen.utilities, values=values)
        rows = {row.name: row for row in correlate_readings(chosen, allowed, (), seed=1).rows}
        planted = rows[allowed.names[4]]
        assert not isinstance(planted.partial, NotEstimable)
        assert np.sign(planted.partial.value) == sign
        assert planted.p_permutation == pytest.approx(0.001)
        largest = max(rows.values(), key=lambda one: abs(getattr(one.partial, "value", 0.0)))
        assert largest.name == planted.name


def test_choices_of_another_model_are_refused_with_what_to_type(run: Path) -> None:
    with pytest.raises(
        RunFolderError, match=r"here other; .* let goodheart/tiny llama choose\. Type: goodheart choose"
    ):
        read_chosen(run, model="other")


def test_a_run_without_preferences_or_without_utilities_is_refused(run: Path, tmp_path: Path) -> None:
    choose_run(tmp_path / "dominated", model=MODEL, what="dominated", done=False)
    with pytest.raises(RunFolderError, match="holds dominated"):
        read_chosen(tmp_path / "dominated", model=MODEL)
    (run / "utilities.json").write_text('{"items": []}')
    with pytest.raises(RunFolderError, match=r"Go on with the run, .*--out"):
        read_chosen(run, model=MODEL)
    (run / "utilities.json").unlink()
    with pytest.raises(RunFolderError, match="No such file"):
        read_chosen(run, model=MODEL)


def test_tasks_in_other_words_and_tasks_that_nobody_knows_are_refused(run: Path) -> None:
    items = public_choice_items()
    changed = tuple(replace(one, digest="another") if one.name == "tasks" else one for one in items.sources)
    with pytest.raises(RunFolderError, match="changed since"):
        read_chosen(run, model=MODEL, items=replace(items, sources=changed))
    document = json.loads((run / "utilities.json").read_text())
    document["items"][0]["item"] = "made.up"
    (run / "utilities.json").write_text(json.dumps(document))
    with pytest.raises(RunFolderError, match="does not hold the tasks of the run"):
        read_chosen(run, model=MODEL)


def test_other_stories_than_those_of_the_directions_are_refused(
    local: LocalModel, probed: Probed, read: PreferenceReadings
) -> None:
    with pytest.raises(ItemBankError, match="--stories"):
        read_preferences(
            local,
            probed,
            read.chosen,
            stories=replace(stories(), digest="others"),
            ladder=ladder(),
            path=PATH,
            on_text=silent,
        )
