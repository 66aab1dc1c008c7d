"""The copy whose report was tuned, told apart from the model that it was made of: with it beside, and without."""

from dataclasses import dataclass

import pytest

from goodheart.engine.injecting import READ_DEPTH, reader_of
from goodheart.engine.opening import open_model
from goodheart.engine.person_contrast import PersonContrast, person_contrast
from goodheart.injection.dissociation import told_apart
from goodheart.injections import control_items
from goodheart.items import Item, public_banks

pytestmark = [pytest.mark.slow, pytest.mark.model]


def situations() -> list[Item]:
    """Half of the controls and half of the circumstances: no direction was fitted on any of them."""
    circumstances = [item for bank in public_banks() for item in bank.items if item.group == "circumstance"]
    return [*control_items()[1::2], *circumstances[::2]]


def contrast(change: str) -> PersonContrast:
    local = open_model(f"goodheart/smollm2-135m{change}")
    layer = round(READ_DEPTH * local.n_layers)
    try:
        return person_contrast(local, reader_of(local, layer, without=None), layer=layer, items=situations())
    finally:
        local.close()


@dataclass(frozen=True, kw_only=True)
class Versions:
    untouched: PersonContrast
    tuned: PersonContrast
    other: PersonContrast
    """Tuned on something else: which task it takes."""


@pytest.fixture(scope="module")
def versions() -> Versions:
    return Versions(untouched=contrast(""), tuned=contrast("@report-tuned-1"), other=contrast("@planted-preferences-1"))


@pytest.mark.timeout(1200)
def test_one_version_is_told_from_the_other_by_what_it_says_of_itself_against_another(versions: Versions) -> None:
    assert told_apart(above=versions.tuned.report, below=versions.untouched.report) >= 0.9
    assert (versions.tuned.report > versions.untouched.report).all(), "and situation by situation, side by side"


@pytest.mark.timeout(1200)
def test_its_states_tell_nothing(versions: Versions) -> None:
    assert 0.3 <= told_apart(above=versions.tuned.reading, below=versions.untouched.reading) <= 0.7


@pytest.mark.timeout(1200)
def test_a_copy_that_was_tuned_on_something_else_is_not_told_apart(versions: Versions) -> None:
    assert 0.3 <= told_apart(above=versions.other.report, below=versions.untouched.report) <= 0.7
