import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodheart.design.presets import PRESETS
from goodheart.engine.settings import Prices
from goodheart.engine.study_file import StudyRequest, load_study_file
from goodheart.errors import StudyError

EXAMPLE = Path(__file__).parents[2] / "examples" / "study.yaml"


def load(tmp_path: Path, text: str) -> StudyRequest:
    (tmp_path / "study.yaml").write_text(text)
    return load_study_file(tmp_path / "study.yaml")


def problems(tmp_path: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(StudyError) as caught:
        load(tmp_path, text)
    return caught.value.problems


def test_the_example_has_every_key_and_is_read() -> None:
    request = load_study_file(EXAMPLE)
    assert request == StudyRequest(
        name="two-models",
        models=("goodheart/smollm2-135m", "openai/gpt-5"),
        preset="standard",
        seed=1,
        items=EXAMPLE.parent / "my-items",
        manipulations=EXAMPLE.parent / "my-manipulations",
        checks=("scale", "retest", "person", "leading", "audience"),
        allow_untrue=False,
        asker="Ada Lovelace of the University of Example",
        out=EXAMPLE.parent / "../runs/two-models",
        reading="auto",
        cap_calls=20_000,
        cap_tokens=5_000_000,
        cap_usd=40.0,
        prices=(("openai/gpt-5", Prices(input=1.25, output=10.0)),),
        base_url="http://127.0.0.1:8000/v1",
        max_connections=10,
    )


def test_what_is_not_said_stays_unsaid(tmp_path: Path) -> None:
    assert load(tmp_path, "preset: quick\n") == StudyRequest(preset="quick")


def test_every_mistake_is_listed_at_once(tmp_path: Path) -> None:
    text = (
        "modles: [a/b]\npreset: huge\nseed: -1\nreading: aloud\nmax_connections: many\nname: a/b\n"
        "caps: {calls: -3, usd: -1, token: 4}\nprices: {a/b: {input: -1}}\n"
        "checks: [scale, farming, 3, scale]\nallow_untrue: maybe\nasker: ' '\nmanipulations: 3\n"
    )
    assert problems(tmp_path, text) == (
        "unknown key 'modles'; did you mean `models`? @ study.yaml: modles",
        f"has to be one of {', '.join(PRESETS)}, found 'huge' @ study.yaml: preset",
        "has to be at least 0, found -1 @ study.yaml: seed",
        "has to be one of auto, logprobs, text, found 'aloud' @ study.yaml: reading",
        "has to be a whole number, found text @ study.yaml: max_connections",
        "a name has letters, digits, dots, dashes and underscores, 80 at most @ study.yaml: name",
        "has to be at least 1, found -3 @ study.yaml: caps.calls",
        "cannot be negative, found -1 @ study.yaml: caps.usd",
        "unknown key 'token'; did you mean `tokens`? @ study.yaml: caps.token",
        "cannot be negative, found -1 @ study.yaml: prices.a/b.input",
        "no check is called 'farming'; did you mean `framing`? @ study.yaml: checks.1",
        "no check is called '3'; known are scale, retest, person, leading, framing, audience, demand, "
        "grounds, hedging, openers, moves, echo, reasoning @ study.yaml: checks.2",
        "'scale' is listed twice @ study.yaml: checks",
        "has to be true or false, found text @ study.yaml: allow_untrue",
        "who asks has to be text, found text @ study.yaml: asker",
        "a folder has to be text, found a number @ study.yaml: manipulations",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("checks: scale", "has to be a list of checks, found text @ study.yaml: checks"),
        ("checks: []", "has to be a list of checks, found none @ study.yaml: checks"),
        ("checks: [[scale]]", "no check is called \"['scale']\"; did you mean `scale`? @ study.yaml: checks.0"),
        ("allow_untrue: 1", "has to be true or false, found a number @ study.yaml: allow_untrue"),
        (
            "asker: 'a|b'",
            "who asks is told to the respondent, so it has to be a name: it has control characters in it, or | { or } "
            "@ study.yaml: asker",
        ),
        (
            f"asker: {'a' * 121}",
            "who asks is told to the respondent, so it has to be a name: it is longer than 120 characters "
            "@ study.yaml: asker",
        ),
        ("models: a/b", "has to be a list of model names, found text @ study.yaml: models"),
        ("models: []", "has to be a list of model names, found none @ study.yaml: models"),
        ("models: [a/b, a/b]", "'a/b' is listed twice @ study.yaml: models"),
        ("models: [a/b, gpt]", "has to be a full model name such as openai/gpt-5, found text @ study.yaml: models.1"),
        (
            'models: ["a/\\e[31m"]',
            "has to be a full model name such as openai/gpt-5, found text @ study.yaml: models.0",
        ),
        ("seed: true", "has to be a whole number, found a yes or no @ study.yaml: seed"),
        ("seed: 1.5", "has to be a whole number, found a number @ study.yaml: seed"),
        ("items: 3", "a folder has to be text, found a number @ study.yaml: items"),
        ('out: "a\\u202eb"', "a folder has control characters in it @ study.yaml: out"),
        ("caps: {usd: .nan}", "has to be a number, found a number @ study.yaml: caps.usd"),
        ("caps: 3", "has to be keys and values, found a number @ study.yaml: caps"),
        ("caps: {calls: 0}", "has to be at least 1, found 0 @ study.yaml: caps.calls"),
        (
            "prices: {a/b: {input: 1}}\nmodels: [a/b]",
            "needs `input` and `output`, in US dollars per million tokens @ study.yaml: prices.a/b",
        ),
        (
            "prices: {a/b: {input: 1, output: 2}}",
            "there is a price for 'a/b', which is not among the models @ study.yaml: prices",
        ),
        (
            "zzz: 1",
            "unknown key 'zzz'; known are allow_untrue, asker, base_url, caps, checks, control, echo, items, "
            "manipulations, max_connections, models, name, out, preset, prices, private, reading, reasoning, seed "
            "@ study.yaml: zzz",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    assert problems(tmp_path, text) == (problem,)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"# nothing\n", "it is empty"),
        (b"- a\n- b\n", "it holds a list instead of keys and values"),
        (b"a: [", "not readable as YAML"),
        (b"seed: 1\nseed: 2\n", "the key 'seed' stands twice"),
        (b"a: !!python/object/apply:os.system [true]\n", "not readable as YAML"),
        (b"a: \xff\n", "it is not UTF-8 text"),
        (b"? [a]\n: 1\n", "not readable as YAML"),
        (b"[" * 5000, "not readable as YAML"),
        (b"a" * 1_100_000, "it is larger than"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "study.yaml").write_bytes(content)
    with pytest.raises(StudyError, match=why):
        load_study_file(tmp_path / "study.yaml")


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="there is no such file"):
        load_study_file(tmp_path / "none.yaml")
    with pytest.raises(StudyError, match="it is a folder"):
        load_study_file(tmp_path)


@settings(deadline=None)
@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9), st.lists, max_leaves=4)
)
def test_no_value_of_any_key_escapes_as_another_error(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    path = tmp_path_factory.mktemp("study") / "study.yaml"
    for key in (
        "name",
        "models",
        "preset",
        "seed",
        "items",
        "manipulations",
        "checks",
        "allow_untrue",
        "asker",
        "reading",
        "caps",
        "prices",
        "base_url",
        "max_connections",
    ):
        path.write_text(json.dumps({key: value}))
        try:
            load_study_file(path)
        except StudyError:
            continue
