"""The copy whose report was tuned, told apart from the model that it was made of."""

import pytest

from goodheart.engine.planted import planted_case
from goodheart.injection.dissociation import calibrate, gaps
from tests.engine.situations import injector, situations

pytestmark = [pytest.mark.slow, pytest.mark.model]


@pytest.mark.timeout(1200)
def test_the_report_tuned_copy_says_more_than_its_states_in_nearly_every_situation() -> None:
    known, new = situations()
    plain = injector("smollm2-135m")
    calibration = planted_case(plain, "untouched", known, ())
    line = calibrate(report=calibration.report, reading=calibration.reading)
    found = [planted_case(one, "untouched", new, ()) for one in (plain, injector("smollm2-135m@report-tuned-1"))]
    before, after = (gaps(line, report=one.report, reading=one.reading) for one in found)
    assert (after > before).mean() >= 0.9
