from pathlib import Path

import pytest

from goodheart.cli.request import combined, folder_of, planned, price_of, settings_of
from goodheart.engine.settings import AskSettings, Prices
from goodheart.engine.study_file import StudyRequest
from goodheart.errors import StudyError


def test_a_price_is_read_from_its_last_equals_sign() -> None:
    assert price_of("openai-api/a=b/c=1.25,10") == ("openai-api/a=b/c", Prices(input=1.25, output=10.0))


@pytest.mark.parametrize("text", ["m", "m=", "m=1", "m=1,2,3", "=1,2", "m=a,b", "m=-1,2", "m=nan,1", "m=inf,1"])
def test_a_price_written_otherwise_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(StudyError, match=r"--price openai/gpt-5=1\.25,10"):
        price_of(text)


def test_options_win_and_prices_add_up(tmp_path: Path) -> None:
    file = tmp_path / "study.yaml"
    file.write_text("models: [a/b]\nseed: 3\nprices: {a/b: {input: 1, output: 2}}\n")
    options = StudyRequest(seed=0, prices=(("c/d", Prices(input=3, output=4)),))
    found = combined(file, options)
    assert (found.seed, found.models) == (0, ("a/b",))
    assert dict(found.prices) == {"a/b": Prices(input=1, output=2), "c/d": Prices(input=3, output=4)}


def test_a_model_named_twice_is_refused() -> None:
    with pytest.raises(StudyError, match="named twice"):
        combined(None, StudyRequest(models=("a/b", "a/b")))


def test_settings_take_over_every_bound() -> None:
    request = StudyRequest(cap_calls=1, cap_tokens=2, cap_usd=0.0, base_url="u", max_connections=3, reading="text")
    assert settings_of(request) == AskSettings(
        cap_calls=1, cap_tokens=2, cap_usd=0.0, base_url="u", max_connections=3, reading="text"
    )


def test_the_folder_of_a_run_tells_studies_apart_and_stays_under_runs() -> None:
    request = StudyRequest(models=("goodheart/smollm2-135m", "openai/../gpt 5"), preset="quick", seed=4)
    folder = folder_of(request, planned(request))
    assert folder == Path("runs/circumstances-smollm2-135m-openai-..-gpt-5-quick-4")
    assert folder_of(StudyRequest(out=Path("x")), planned(request)) == Path("x")
