"""From a model to readings of circumstances: what is recorded, written, put beside a run, and refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from goodheart.engine.reading_circumstances import N_NULL, plan_public, record_at
from goodheart.engine.readings_beside import read_report
from goodheart.errors import RunFolderError
from goodheart.items.ladder_texts import public_ladder
from goodheart.probes.direction import FloatArray
from goodheart.whitebox.local_model import LocalModel
from goodheart.whitebox.pooling import MeanLast, MeanOver
from goodheart.whitebox.steering import Push


def test_enough_random_directions_are_drawn_for_one_emotion_of_24_to_be_found() -> None:
    assert 1 / (1 + N_NULL) < 0.1 / 24


def test_a_folder_that_is_no_run_is_refused_with_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="goodheart audit"):
        read_report(tmp_path, model="m")
    (tmp_path / "study.json").write_text(json.dumps({"digest": "d"}))
    with pytest.raises(RunFolderError, match="goodheart report"):
        read_report(tmp_path, model="m")


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
