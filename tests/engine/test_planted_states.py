"""The embedded model with states that are set and taken back: told apart from itself untouched."""

import pytest

from goodheart.engine.planted import CASES, planted_case, pushes_for
from goodheart.injection.dissociation import calibrate, gaps, told_apart
from goodheart.thresholds import DEGENERATE_SHARE, INJECTION_DOSE
from tests.engine.situations import injector, situations

pytestmark = [pytest.mark.slow, pytest.mark.model]


@pytest.mark.timeout(1200)
def test_concealed_and_mirrored_states_are_told_apart() -> None:
    model = injector("smollm2-135m")
    known, new = situations()
    plain = planted_case(model, "untouched", known, ())
    line = calibrate(report=plain.report, reading=plain.reading)
    found = {
        case: planted_case(model, case, new, pushes_for(model, case, known, dose=INJECTION_DOSE)) for case in CASES
    }
    gap = {case: gaps(line, report=one.report, reading=one.reading) for case, one in found.items()}
    assert told_apart(above=gap["concealed"], below=gap["mirror"]) >= 0.9
    assert told_apart(above=gap["concealed"], below=gap["untouched"]) >= 0.9
    assert told_apart(above=gap["untouched"], below=gap["mirror"]) >= 0.9
    assert found["concealed"].coherence.share <= DEGENERATE_SHARE
    assert found["mirror"].coherence.share <= DEGENERATE_SHARE
