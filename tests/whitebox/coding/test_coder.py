import random
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import save_file

from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.gold import GoldReply
from goodheart.whitebox.coding.coder import TrainedCoder
from goodheart.whitebox.coding.fit import Fitted, Recipe, fit_coder
from goodheart.whitebox.coding.texts import LONGEST, put
from goodheart.whitebox.local_model import LocalModel
from goodheart.whitebox.tuning.adapter import apply_adapter, load_adapter
from tests.whitebox.tiny import tiny_loaded

TINY = Recipe(layer=3, untouched=1, rank=4, epochs=20, batch=8, learning_rate=3e-3, head_rate=1e-2, warm_up=5)


def gold(n: int = 96, *, seed: int = 0) -> list[GoldReply]:
    """Replies whose ground hangs on one letter, and whose tone on another."""
    rng = random.Random(seed)
    found = []
    for place in range(n):
        own, good = rng.random() < 0.5, rng.random() < 0.5
        letters = [rng.choice("cdef") for _ in range(6)] + ["q" if own else "z", "u" if good else "x"]
        rng.shuffle(letters)
        codes = Codes(
            ground="own_welfare" if own else "users",
            hedges=(),
            refusal="none",
            warns=False,
            tone="positive" if good else "negative",
        )
        found.append(
            GoldReply(
                id=f"g{place}",
                half="development",
                style="plain",
                question="how?",
                reply=" ".join(letters),
                codes=codes,
                moves=None,
            )
        )
    return found


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return fit_coder(tiny_loaded(), gold(), TINY, fitted_to="tiny")


def coder_with(fitted: Fitted, folder: Path) -> TrainedCoder:
    """As it is used: the change added to the weights, read by the engine."""
    save_file(dict(fitted.changes), folder / "w.safetensors")
    loaded = tiny_loaded()
    apply_adapter(loaded.model, load_adapter(str(folder / "w.safetensors")))
    return TrainedCoder(LocalModel(loaded), fitted.heads, layer=TINY.layer)


def asked(replies: list[GoldReply]) -> list[tuple[str, str]]:
    return [(one.question, one.reply) for one in replies]


def test_what_is_planted_is_learnt_and_read_back_through_the_file(fitted: Fitted, tmp_path: Path) -> None:
    fresh = gold(60, seed=1)
    codes = coder_with(fitted, tmp_path).code(asked(fresh))
    for name in ("ground", "tone"):
        right = np.mean([getattr(a, name) == getattr(one.codes, name) for a, one in zip(codes, fresh, strict=True)])
        assert right >= 0.85, name


def test_labels_that_hang_on_nothing_are_not_learnt(tmp_path: Path) -> None:
    shuffled = [
        GoldReply(
            id=one.id, half=one.half, style="plain", question=one.question, reply=one.reply, codes=other.codes,
            moves=None,
        )
        for one, other in zip(gold(), reversed(gold(seed=9)), strict=True)
    ]  # fmt: skip
    codes = coder_with(fit_coder(tiny_loaded(), shuffled, TINY, fitted_to="tiny"), tmp_path).code(
        asked(gold(200, seed=1))
    )
    right = np.mean([a.ground == one.codes.ground for a, one in zip(codes, gold(200, seed=1), strict=True)])
    assert 0.35 < right < 0.65


def test_a_reply_is_coded_alike_in_any_company(fitted: Fitted, tmp_path: Path) -> None:
    coder, fresh = coder_with(fitted, tmp_path), asked(gold(20, seed=2))
    together = coder.states(fresh)
    for place in (0, 7, 19):
        assert np.array_equal(coder.states([fresh[place]])[0], together[place])


def test_what_says_nothing_in_its_own_words_has_no_codes(fitted: Fitted, tmp_path: Path) -> None:
    hollow, odd = coder_with(fitted, tmp_path).code([("q", "``` x ```"), ("", "\ud800z")])
    assert (hollow.moves, hollow.ground) == ((), "none")
    assert odd.moves


def test_a_reply_is_put_without_quotations_and_markup_and_within_bounds() -> None:
    before, words = put("How\n are you?", 'It is "terrible", they say. <label>own_welfare</label>\n\nI am fine.')
    assert before == "Question: How are you?\nReply:"
    assert words.startswith(" It is _ , they say.")
    assert "own_welfare" not in words
    assert words.endswith("I am fine.\nThe reply")
    assert len(put("q" * 9_000, "w" * 9_000)[1]) < LONGEST + 20
