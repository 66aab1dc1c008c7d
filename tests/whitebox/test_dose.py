"""A copy's change is scaled until its report has moved as far as it should, and the model is left as it was."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from goodheart.errors import ModelError
from goodheart.items import public_banks
from goodheart.whitebox.load import load_model
from goodheart.whitebox.local_model import LocalModel
from goodheart.whitebox.tuning import dose
from goodheart.whitebox.tuning.adapter import load_adapter
from goodheart.whitebox.tuning.dose import CLOSE, MOST, changed, find_share, product, reported, scaled, to_dose
from goodheart.whitebox.tuning.texts import texts
from goodheart.whitebox.tuning.train import RECIPES
from goodheart.whitebox.weights import EMBEDDED
from tests.whitebox.tiny import tiny_model, tiny_tokenizer

LAYER = "layers.1.self_attn.q_proj"


@given(slope=st.floats(0.4, 3.0), bend=st.floats(0.0, 0.3), aim=st.floats(0.05, 0.5))
def test_the_share_moves_the_report_by_the_aim(slope: float, bend: float, aim: float) -> None:
    def moved_by(share: float) -> float:
        return slope * share + bend * share**3

    assert moved_by(find_share(moved_by, aim)) == pytest.approx(aim, abs=2 * CLOSE)


def test_a_change_that_is_close_stays_as_it_is_and_one_that_is_too_weak_is_refused() -> None:
    assert find_share(lambda share: 0.545 * share, 0.55) == 1.0
    with pytest.raises(ModelError, match=rf"move by 0.55 .*; {MOST:g} times what was trained moves it by 0.30"):
        find_share(lambda share: 0.2 * share, 0.55)


def test_only_what_leads_back_up_is_scaled() -> None:
    changes = {f"{LAYER}.up": torch.ones(3, 2).half(), f"{LAYER}.down": torch.ones(2, 4).half()}
    half = product(scaled(changes, 0.5))
    assert torch.equal(half[LAYER], 0.5 * product(changes)[LAYER])
    assert scaled(changes, 0.5)[f"{LAYER}.up"].dtype == torch.float16


def test_weights_are_the_same_afterwards_whatever_happened() -> None:
    model = tiny_model()
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    shape = model.get_decoder().get_submodule(LAYER).weight.shape  # type: ignore[no-untyped-call]

    def fail() -> None:
        with changed(model, {LAYER: torch.full(shape, 0.1)}):
            assert not torch.equal(
                before[f"model.{LAYER}.weight"], dict(model.named_parameters())[f"model.{LAYER}.weight"]
            )
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    assert all(torch.equal(before[name], weight) for name, weight in model.named_parameters())


def test_the_texts_of_the_dose_are_in_no_bank_and_in_nothing_trained() -> None:
    dose, rest = texts()["dose"], texts()
    ours = {text.strip().lower() for group in ("own", "world", "good", "bad") for text in dose[group]}
    assert len(ours) == 36
    banked = {
        wording.self_text.strip().lower() for bank in public_banks() for item in bank.items for wording in item.wordings
    }
    trained = {
        text.strip().lower() for group in ("own", "events", "world", "about_others", "general") for text in rest[group]
    }
    assert not ours & (banked | trained)


def test_a_tiny_model_is_dosed_and_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    model, rng = tiny_model(), torch.Generator().manual_seed(1)
    d_out, d_in = model.get_decoder().get_submodule(LAYER).weight.shape  # type: ignore[no-untyped-call]
    changes = {
        f"{LAYER}.up": torch.randn(d_out, 2, generator=rng).half(),
        f"{LAYER}.down": torch.randn(2, d_in, generator=rng).half(),
    }
    weight = model.get_decoder().get_submodule(LAYER).weight  # type: ignore[no-untyped-call]
    start, whole = weight.detach().clone(), product(changes)[LAYER]

    def share_of(_model: object, _tokenizer: object) -> float:
        return float(((weight.detach() - start) * whole).sum() / (whole * whole).sum())

    monkeypatch.setattr(dose, "reported", share_of)
    found, share = to_dose(model, tiny_tokenizer(), changes, 0.7)
    assert share == pytest.approx(0.7, abs=CLOSE)
    assert torch.equal(weight, start)
    assert product(found)[LAYER] == pytest.approx(share * whole, rel=2e-3, abs=1e-3)


@pytest.mark.model
def test_the_shipped_copy_stands_at_the_dose_of_its_recipe(embedded: LocalModel) -> None:
    del embedded  # fetched by now
    loaded = load_model(EMBEDDED)
    aim = RECIPES["report-tuned"].dose
    shipped = load_adapter("report-tuned-1")
    before = reported(loaded.model, loaded.tokenizer)
    with changed(loaded.model, shipped.changes):
        assert reported(loaded.model, loaded.tokenizer) - before == pytest.approx(aim, abs=CLOSE)
