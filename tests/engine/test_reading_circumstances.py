"""From a model to readings of circumstances: what is recorded, written, put beside a run, and refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from goodheart.engine.overview_sources import read_sources
from goodheart.engine.probing import Probed
from goodheart.engine.reading_circumstances import N_NULL, plan_public, read_circumstances, record_at
from goodheart.engine.reading_files import PAGE, READINGS, write_readings
from goodheart.engine.readings_beside import judge_readings, read_report
from goodheart.errors import RunFolderError
from goodheart.items.ladder_texts import public_ladder
from goodheart.probes.direction import FloatArray
from goodheart.probes.rung import EVALUATION
from goodheart.whitebox.local_model import LocalModel
from goodheart.whitebox.pooling import MeanLast, MeanOver
from goodheart.whitebox.steering import Push
from tests.probes.planted import ladder, silent, stories

STARTED = 1_767_225_600.0


def test_enough_random_directions_are_drawn_for_one_emotion_of_24_to_be_found() -> None:
    assert 1 / (1 + N_NULL) < 0.1 / 24


def test_a_folder_that_is_no_run_is_refused_with_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="goodheart audit"):
        read_report(tmp_path, model="m")
    (tmp_path / "study.json").write_text(json.dumps({"digest": "d"}))
    with pytest.raises(RunFolderError, match="goodheart report"):
        read_report(tmp_path, model="m")


def test_what_is_read_of_a_random_model_is_written_withheld_and_found_again_by_an_overview(
    local: LocalModel, probed: Probed, tmp_path: Path
) -> None:
    prompts = plan_public(ladder())
    found = read_circumstances(
        local, probed, prompts, stories=stories(), ladder=ladder(), path=tmp_path, on_text=silent, n_null=49
    )
    verdicts = judge_readings(found, None, respondent=local.name)
    out = tmp_path / "out"
    write_readings(found, probed, None, verdicts, started=STARTED, page="<p>page</p>", folder=out)
    written = json.loads((out / READINGS).read_text())
    assert (out / PAGE).read_text() == "<p>page</p>"
    assert written["columns"] == ["prompt", "position", "name", "value", "above", "withheld"]
    assert len(written["rows"]) == sum(len(read.prompts) * len(read.names) for read in found.reads)
    assert {row[0] for row in written["rows"]} == {one.id for one in prompts}
    emotions = [row for row in written["rows"] if row[2] != EVALUATION]
    assert all(value is None and above is None and withheld for *_, value, above, withheld in emotions)
    (source,) = read_sources(out)
    assert (source.kind, source.date, source.weights) == ("readings", "2026-01-01", probed.probes.origin.weights)
    assert not source.valid
    assert source.problems[0].startswith("failed on the ladder: ")
    assert [one.verdict for one in source.verdicts] == ["cannot_tell"] * len(verdicts)


@pytest.mark.slow
@pytest.mark.model
def test_both_positions_read_the_tokens_that_they_name_and_a_push_is_seen_downstream(embedded: LocalModel) -> None:
    one, *_ = (prompt for prompt in plan_public(public_ladder()) if prompt.framing == "hostile")
    done: list[int] = []
    words, end = (
        record_at(embedded, [(one.messages, one.words)], position, layer=4, on_done=done.append)[0]
        for position in ("words", "end")
    )
    start, stop = embedded.find_tokens(one.messages, one.words)
    apart = [
        embedded.record_chats([one.messages], layers=(4,), pool=MeanOver(spans=(((i, i + 1),),))).result()[0, 0]
        for i in range(start, stop)
    ]
    assert np.allclose(words, np.mean(apart, axis=0), atol=1e-4)
    last: FloatArray = embedded.record_chats([one.messages], layers=(4,), pool=MeanLast(n=1)).result()[0, 0]
    assert np.array_equal(end, last)
    assert done == [1, 1]
    vector = np.random.default_rng(0).normal(size=embedded.d_model)
    push = Push(layer=2, vector=vector, strength=0.1, where=(start, stop))
    pool = MeanOver(spans=(((start, stop),),))
    pushed = embedded.record_chats([one.messages], layers=(4,), pool=pool, pushes=[[push]]).result()[0, 0]
    moved = (pushed - words) @ vector / np.linalg.norm(vector)
    assert moved > 0.5 * np.linalg.norm(pushed - words) / 2
