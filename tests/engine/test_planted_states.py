"""The embedded model with states that are set and taken back: told apart from itself untouched."""

import pytest

from goodheart.engine.injecting import Injector, open_injector
from goodheart.engine.planted import CASES, planted_case, pushes_for
from goodheart.injection.dissociation import calibrate, gaps, told_apart
from goodheart.injection.prompts import PREMISE
from goodheart.injections import control_items, plan_of
from goodheart.items import public_banks
from goodheart.thresholds import DEGENERATE_SHARE, INJECTION_DOSE

pytestmark = [pytest.mark.slow, pytest.mark.model]


def _injector(model: str) -> Injector:
    plan = plan_of(model=f"goodheart/{model}", preset="quick", seed=0, n_nulls=19)
    return open_injector(plan, directions=None, on_text=lambda done, total: None)


def _situations() -> tuple[list[str], list[str]]:
    """Half of the controls, for calibration; the other half and all circumstances."""
    controls = control_items()
    circumstances = [item for bank in public_banks() for item in bank.items if item.group == "circumstance"]
    known, new = controls[::2], (*controls[1::2], *circumstances)
    return [PREMISE + item.wordings[0].self_text for item in known], [
        PREMISE + item.wordings[0].self_text for item in new
    ]


@pytest.mark.timeout(1200)
def test_concealed_and_mirrored_states_are_told_apart() -> None:
    injector = _injector("smollm2-135m")
    known, new = _situations()
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


@pytest.mark.timeout(1200)
def test_the_report_tuned_copy_says_more_than_its_states_in_nearly_every_situation() -> None:
    known, new = _situations()
    plain = _injector("smollm2-135m")
    calibration = planted_case(plain, "untouched", known, ())
    line = calibrate(report=calibration.report, reading=calibration.reading)
    found = [planted_case(one, "untouched", new, ()) for one in (plain, _injector("smollm2-135m@report-tuned-1"))]
    before, after = (gaps(line, report=one.report, reading=one.reading) for one in found)
    assert (after > before).mean() >= 0.9
