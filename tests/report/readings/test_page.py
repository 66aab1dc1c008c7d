"""The page of emotion readings: what is found, what is withheld, what was put beside them, and nothing from outside."""

import re

from goodheart.assessments.emotion_readings import EmotionReadings, read_emotions
from goodheart.items.readings import public_reading_sets
from goodheart.probes.rung import ALL, SIZE
from goodheart.report.readings.page import Shown, render_readings
from tests.assessments.simulated_readings import failed, raised, simulated

SETS = public_reading_sets()


def page(readings: EmotionReadings, run: str = "") -> str:
    shown = Shown(
        model="tiny <script>alert(1)</script>",
        layer=3,
        readings=readings,
        rungs=(failed("rising_numbers", SIZE),),
        axes=SETS.axes,
        beside=(),
        run=run,
        verdicts=(),
    )
    return render_readings(shown, command=("goodheart probe circumstances", "probes"))


def test_a_planted_reading_stands_in_the_page_with_its_band_and_its_figures() -> None:
    rungs = (failed("rising_numbers", SIZE),)
    plain = raised(simulated("plain", seed=1, rungs=rungs), ("sad", "lonely"), by=6.0, set="self")
    text = page(read_emotions([plain, simulated("framed", seed=2, rungs=rungs)], SETS))
    assert "sadness (axis), itself against facts: 1.00" in text
    assert text.count("<svg") == 4  # two figures, wide and narrow
    assert "Sizes are withheld everywhere" in text
    assert "<script" not in text
    assert not re.search(r'(?:src|href)="(?!#|data:)', text)


def test_where_all_is_withheld_the_page_says_so_and_draws_nothing() -> None:
    text = page(read_emotions([simulated("plain", seed=3, rungs=(failed("the_rung", ALL),))], SETS))
    assert "Nothing may be read" in text
    assert "withheld because of the_rung" in text
    assert "<svg" not in text


def test_equal_findings_give_equal_pages_and_a_run_without_an_instrument_is_explained() -> None:
    readings = read_emotions([simulated("plain", seed=4)], SETS)
    assert page(readings) == page(readings)
    assert "goodheart probe circumstances DIR --run RUN" in page(readings)
    assert "no ratings" in page(readings, run="r has no ratings")
