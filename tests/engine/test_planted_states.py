"""The embedded model with states that are set and taken back: told apart from itself untouched."""

import pytest

from goodheart.engine.injecting import open_injector
from goodheart.engine.planted import CASES, planted_case, pushes_for
from goodheart.injection.dissociation import calibrate, gaps, told_apart
from goodheart.injection.prompts import PREMISE
from goodheart.injections import control_items, plan_of
from goodheart.items import public_banks
from goodheart.thresholds import DEGENERATE_SHARE, INJECTION_DOSE

pytestmark = [pytest.mark.slow, pytest.mark.model]


@pytest.mark.timeout(1200)
def test_concealed_and_mirrored_states_are_told_apart() -> None:
    plan = plan_of(model="goodheart/smollm2-135m", preset="quick", seed=0, n_nulls=19)
    injector = open_injector(plan, directions=None, on_text=lambda done, total: None)
    controls = control_items()
    circumstances = [item for bank in public_banks() for item in bank.items if item.group == "circumstance"]
    known = [PREMISE + item.wordings[0].self_text for item in controls[::2]]
    new = [PREMISE + item.wordings[0].self_text for item in (*controls[1::2], *circumstances)]
    plain = planted_case(injector, "untouched", known, ())
    line = calibrate(report=plain.report, reading=plain.reading)
    found = {
        case: planted_case(injector, case, new, pushes_for(injector, case, known, dose=INJECTION_DOSE))
        for case in CASES
    }
    gap = {case: gaps(line, report=one.report, reading=one.reading) for case, one in found.items()}
    assert told_apart(above=gap["concealed"], below=gap["mirror"]) >= 0.9
    assert told_apart(above=gap["concealed"], below=gap["untouched"]) >= 0.9
    assert told_apart(above=gap["untouched"], below=gap["mirror"]) >= 0.9
    assert found["concealed"].coherence.share <= DEGENERATE_SHARE
    assert found["mirror"].coherence.share <= DEGENERATE_SHARE
