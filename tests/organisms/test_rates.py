import json

import pytest

from goodheart.organisms import rates
from goodheart.organisms.rates import CheckRates, RateCount, RateTable, rates_for, table_from, table_json
from goodheart.records import Rates

TABLE = RateTable(
    battery="abc",
    checks=(
        CheckRates(
            check="leading", design="standard", detected=54, planted=60, planted_in=("suggestible (1)",),
            alarmed=1, sound=200,
        ),
        CheckRates(
            check="forms", design="standard", detected=0, planted=0, planted_in=(), alarmed=0, sound=200
        ),
    ),
    counts=(
        RateCount(check="leading", organism="suggestible", dial=1.0, design="standard", n=60, failed=54, held=0),
    ),
)  # fmt: skip


def test_rates_are_those_of_the_cell_and_unknown_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "shipped_rates", lambda: TABLE)
    assert rates_for("leading", "standard") == Rates(
        detection=0.9,
        false_alarm=0.005,
        where="60 runs with a planted fault (suggestible (1)) and 200 of sound respondents, design standard, "
        "battery abc",
    )
    assert rates_for("leading", "quick") is None
    assert rates_for("leading", "standard", written=True) is None
    assert rates_for("forms", "standard") is None, "nothing was planted"
    assert rates_for("effort", "standard") is None


def test_a_table_is_read_as_it_was_written() -> None:
    assert table_from(json.loads(table_json(TABLE))) == TABLE


def test_the_shipped_table_adds_up() -> None:
    shipped = rates.shipped_rates()
    for one in shipped.checks:
        assert 0 <= one.detected <= one.planted
        assert 0 <= one.alarmed <= one.sound
    for row in shipped.counts:
        assert row.failed + row.held <= row.n
