import copy
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from scipy.stats import spearmanr
from transformers import PreTrainedTokenizerFast

from goodheart.errors import ModelError
from goodheart.items.choice_items import CATEGORIES, Task
from goodheart.items.choice_letters import TWO, letter_continuations
from goodheart.items.choices import public_choice_items
from goodheart.records import Message
from goodheart.whitebox.chat import encode, render
from goodheart.whitebox.tuning.adapter import apply_adapter, load_adapter
from goodheart.whitebox.tuning.planted import (
    Contest,
    Planted,
    choice_prompt,
    draw_contests,
    planted_preferences,
    recovery,
)
from goodheart.whitebox.tuning.preferring import (
    HABIT,
    PreferringRecipe,
    contest_loss,
    grow_tree,
    letter_tokens,
    logits_at_ends,
    plant_preferences,
)
from tests.whitebox.tiny import tiny_model, tiny_tokenizer

# peft asks transformers under an old name
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")

WORTH = {"a": 2.0, "g": 0.0, "z": -2.0}
FEW = Planted(trained=tuple(WORTH.items()), held_out=(), wordings=("{left}{right}", "{left}/{right}"))
TASKS = tuple(Task(id=name, category="benign", text=name * 2, properties=()) for name in WORTH)


def _tokenizer() -> PreTrainedTokenizerFast:
    """The tiny one with a token for each letter."""
    tokenizer = copy.deepcopy(tiny_tokenizer())
    tokenizer.add_tokens(list(letter_continuations(TWO)))
    return tokenizer


def _prompts(contest_prompts: tuple[tuple[Message, ...], ...]) -> list[tuple[int, ...]]:
    return encode(_tokenizer(), [render(_tokenizer(), one) for one in contest_prompts])


def test_every_public_task_has_one_planted_utility_and_five_of_each_category_are_held_out() -> None:
    planted, tasks = planted_preferences(), public_choice_items().tasks
    assert planted.utilities.keys() == {one.id for one in tasks}
    assert not dict(planted.trained).keys() & dict(planted.held_out).keys()
    by_category = {one.id: one.category for one in tasks}
    for category in CATEGORIES:
        held = [value for name, value in planted.held_out if by_category[name] == category]
        shown = [value for name, value in planted.trained if by_category[name] == category]
        assert len(held) == 5
        assert len(set(held)) == 1
        assert len(shown) == 15
        # Offsets sum to nothing and have one spread in every category.
        assert np.mean(shown) == pytest.approx(held[0], abs=0.005)
        assert np.std(shown) == pytest.approx(0.6, abs=0.005)


def test_training_asks_in_ways_that_the_bank_does_not() -> None:
    wordings = planted_preferences().wordings
    bank = {one.text for one in public_choice_items().wordings}
    lines = {line for text in bank for line in text.splitlines() if "{" not in line}
    assert len(set(wordings)) == len(wordings) >= 6
    assert all(one.count("{left}") == one.count("{right}") == 1 for one in wordings)
    assert not {line for text in wordings for line in text.splitlines() if "{" not in line} & lines


def test_a_contest_shows_one_task_first_and_says_by_how_much_it_leads() -> None:
    for contest in draw_contests(FEW, TASKS, n_others=2, rng=np.random.default_rng(3)):
        shown = [prompt[0].content.replace("/", "") for prompt in contest.prompts]
        assert len({text[:2] for text in shown}) == 1
        assert len({text[2:4] for text in shown}) == 2
        assert contest.gaps == tuple(WORTH[text[0]] - WORTH[text[2]] for text in shown)
        assert contest.prompts[0][-1] == Message(role="assistant", content="Answer:")


def test_a_contest_and_its_mirror_image_are_even_between_the_letters() -> None:
    first, mirrored = draw_contests(FEW, TASKS, n_others=2, rng=np.random.default_rng(4))
    assert mirrored.gaps == tuple(-gap for gap in first.gaps)
    assert any(first.gaps)
    public = planted_preferences()
    tasks = [one for one in public_choice_items().tasks if one.id in dict(public.trained)]
    rng = np.random.default_rng(5)
    for _ in range(20):
        one, other = draw_contests(public, tasks, n_others=4, rng=rng)
        assert abs(np.mean([*one.gaps, *other.gaps])) < 0.5


def test_contests_repeat_by_their_generator() -> None:
    planted, tasks = planted_preferences(), public_choice_items().tasks
    first, again, other = (
        draw_contests(planted, tasks, n_others=3, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert first == again != other


@pytest.mark.parametrize("family", ["llama", "qwen3", "gpt2"])
def test_prompts_in_one_row_read_as_each_alone(family: str) -> None:
    model = tiny_model(family)
    model.set_attn_implementation("eager")
    trees, alone = [], []
    for seed in (1, 2):
        prompts = _prompts(draw_contests(FEW, TASKS, n_others=2, rng=np.random.default_rng(seed))[0].prompts)
        trees.append(grow_tree(prompts))
        assert len(trees[-1].tokens) < sum(map(len, prompts))
        alone += [model(input_ids=torch.tensor([prompt])).logits[:, -1] for prompt in prompts]
    # Unequal rows, so that one of the two is filled up.
    trees.append(grow_tree([(5, 9, 2)]))
    alone.append(model(input_ids=torch.tensor([[5, 9, 2]])).logits[:, -1])
    assert logits_at_ends(model, trees).detach().numpy() == pytest.approx(torch.cat(alone).detach().numpy(), abs=1e-4)


@pytest.mark.parametrize("prompts", [[(1, 2, 3)], [(1, 2, 3), (4, 5, 6)], [(1, 2), (1, 2, 3)], [(7,), (7,)]])
def test_a_row_holds_every_prompt_whole(prompts: list[tuple[int, ...]]) -> None:
    tree = grow_tree(prompts)
    for prompt, end in zip(prompts, tree.ends, strict=True):
        seen = [place for place in range(len(tree.tokens)) if tree.sees[end, place]]
        assert tuple(tree.tokens[place] for place in seen) == prompt
        assert [tree.positions[place] for place in seen] == list(range(len(prompt)))


def test_the_loss_is_nothing_where_the_planted_shares_are_said() -> None:
    model, tokenizer = tiny_model(), _tokenizer()
    model.set_attn_implementation("eager")
    letters = letter_tokens(tokenizer)
    (contest, _) = draw_contests(FEW, TASKS, n_others=2, rng=np.random.default_rng(1))
    said = logits_at_ends(model, [grow_tree(_prompts(contest.prompts))])[:, list(letters)].detach()
    same = Contest(prompts=contest.prompts, gaps=tuple((said[:, 0] - said[:, 1]).tolist()))
    assert float(contest_loss(model, tokenizer, [same], letters).detach()) == pytest.approx(0, abs=1e-6)
    # The same but for a letter's habit of one logit: only the punishment of that.
    bent = Contest(prompts=contest.prompts, gaps=tuple(gap - 1 for gap in same.gaps))
    assert float(contest_loss(model, tokenizer, [bent], letters).detach()) == pytest.approx(HABIT, abs=1e-4)
    assert float(contest_loss(model, tokenizer, [contest], letters).detach()) > 0.05


def test_tuning_plants_the_order_in_a_tiny_model(tmp_path: Path) -> None:
    losses: list[float] = []
    recipe = PreferringRecipe(from_layer=0, steps=40, mirrored=2, others=2, learning_rate=1e-2)
    changes = plant_preferences(
        tiny_model(), _tokenizer(), FEW, TASKS, recipe, seed=1, on_step=lambda _, loss: losses.append(loss)
    )
    assert np.mean(losses[-10:]) < np.mean(losses[:5]) / 4
    save_file(changes, tmp_path / "made.safetensors")
    tuned = tiny_model()
    apply_adapter(tuned, load_adapter(str(tmp_path / "made.safetensors")))
    assert _chosen(tuned) == {pair: WORTH[pair[0]] > WORTH[pair[1]] for pair in _chosen(tuned)}
    assert _chosen(tiny_model()) != _chosen(tuned)


def _chosen(model: torch.nn.Module) -> dict[tuple[str, str], bool]:
    """Whether the first is likelier than the second, for all pairs in both orders."""
    letters = letter_tokens(_tokenizer())
    found = {}
    for one in WORTH:
        for other in WORTH:
            if one != other:
                (ids,) = _prompts((choice_prompt(FEW.wordings[0], one * 2, other * 2),))
                first, second = model(input_ids=torch.tensor([ids])).logits[0, -1, list(letters)].detach().tolist()
                found[one, other] = first > second
    return found


def test_layers_below_the_first_one_stay_and_a_seed_repeats() -> None:
    recipe = PreferringRecipe(from_layer=1, steps=2, mirrored=1, others=2)
    first, again, other = (
        plant_preferences(tiny_model(), _tokenizer(), FEW, TASKS, recipe, seed=seed) for seed in (1, 1, 2)
    )
    assert {name.split(".")[1] for name in first} == {"1", "2"}
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert any(not torch.equal(first[name], other[name]) for name in first)


def test_a_letter_of_several_tokens_is_refused() -> None:
    with pytest.raises(ModelError, match="2 tokens"):
        letter_tokens(tiny_tokenizer())


def test_recovery_is_spearmans_over_the_parts_that_were_asked() -> None:
    planted = planted_preferences()
    rng = np.random.default_rng(2)
    names = [name for name, _ in planted.trained[::3]] + [name for name, _ in planted.held_out[::2]]
    found = {name: planted.utilities[name] + rng.normal(0, 2) for name in names}
    by_part = {one.part: one for one in recovery(planted, found)}
    assert (by_part["all"].n, by_part["trained"].n, by_part["held_out"].n) == (60, 40, 20)
    expected = spearmanr([planted.utilities[name] for name in names], list(found.values())).statistic
    assert by_part["all"].rank_correlation == pytest.approx(expected)
    assert 0.3 < by_part["all"].rank_correlation < 0.95


def test_offsets_are_told_from_categories() -> None:
    planted = planted_preferences()
    centres = {name.partition(".")[0]: worth for name, worth in planted.held_out}
    only_categories = {name: centres[name.partition(".")[0]] for name in planted.utilities}
    only_offsets = {name: worth - centres[name.partition(".")[0]] for name, worth in planted.trained}
    by_part = {one.part: one.rank_correlation for one in recovery(planted, only_categories)}
    assert by_part["held_out"] == pytest.approx(1)
    assert math.isnan(by_part["offsets"])
    assert {one.part: one.rank_correlation for one in recovery(planted, only_offsets)}["offsets"] > 0.999


def test_nothing_found_is_no_correlation() -> None:
    assert all(math.isnan(one.rank_correlation) for one in recovery(planted_preferences(), {}))


def test_training_goes_on_from_a_change_that_was_made_before() -> None:
    made = plant_preferences(
        tiny_model(), _tokenizer(), FEW, TASKS, PreferringRecipe(from_layer=1, steps=3, others=2), seed=1
    )
    same = plant_preferences(
        tiny_model(), _tokenizer(), FEW, TASKS, PreferringRecipe(from_layer=1, steps=0), seed=2, start=made
    )
    assert all(torch.equal(same[name], made[name]) for name in made)
    assert any(bool(change.any()) for name, change in made.items() if name.endswith(".up"))
