import json
from dataclasses import replace
from typing import Literal

import pytest

from goodheart.choice_findings import analyse_choices
from goodheart.conduct.study import Stated
from goodheart.conduct_findings import analyse_conduct
from goodheart.conducts import plan_conduct
from goodheart.design.choice_study import ASSESSMENTS, STANDARD
from goodheart.items.choices import public_choice_items
from goodheart.items.conduct_items import public_conduct_items
from goodheart.organisms import rates
from goodheart.organisms.rates import (
    FEWEST,
    CheckRates,
    RateCount,
    RateTable,
    choice_rates_for,
    conduct_rates_for,
    rates_for,
    table_from,
    table_json,
)
from goodheart.records import Rates
from tests.choosers import study_of

TABLE = RateTable(
    battery="abc",
    seed=1,
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


CHOICES = RateTable(
    battery="abc",
    seed=1,
    checks=tuple(
        CheckRates(
            check=check, design=design, detected=detected, planted=n, planted_in=("one (0.4)",), alarmed=0, sound=60
        )
        for check, design, detected, n in (
            ("order", "choose-one-standard", 19, 20),
            ("order", "choose-all-standard", 18, 20),
            ("order", "choose-one-standard-text", 10, 20),
            ("dominance", "choose-one-standard", 19, 19),
            ("conduct", "conduct-standard", 15, 20),
        )
    ),
    counts=(),
)


def test_rates_of_choices_are_those_of_the_design_that_was_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "shipped_choice_rates", lambda: CHOICES)

    def caught(family: Literal["all", "one"], *, written: bool, preset: str = "standard") -> float | None:
        found = choice_rates_for("order", preset, family=family, written=written)
        return found.detection if found else None

    assert caught("one", written=False) == 0.95
    assert caught("all", written=False) == 0.9
    assert caught("one", written=True) == 0.5
    assert caught("all", written=True) is None
    assert caught("one", written=False, preset="full") is None
    assert choice_rates_for("dominance", "standard", family="one", written=False) is None, (
        "under 20 runs say too little"
    )
    conduct = conduct_rates_for("conduct", "standard")
    assert conduct is not None
    assert (conduct.detection, conduct.false_alarm) == (0.75, 0.0)
    assert "design conduct-standard" in conduct.where
    assert conduct_rates_for("effort", "standard") is None


def test_verdicts_on_choices_and_conduct_carry_the_rates_of_their_design(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "shipped_choice_rates", lambda: CHOICES)
    one = replace(study_of("dominated"), assessments=("preferences",), preset=STANDARD)
    verdicts = analyse_choices(one, public_choice_items(), trials=(), replies=()).findings.verdicts
    assert [(v.check, v.rates.detection if v.rates else None) for v in verdicts] == [("order", 0.95)]
    every = analyse_choices(replace(one, assessments=ASSESSMENTS), public_choice_items(), trials=(), replies=())
    assert {v.check: v.rates.detection if v.rates else None for v in every.findings.verdicts} == {
        "order": 0.9,
        "dominance": None,
        "deference": None,
    }


def test_conduct_held_against_a_peer_has_no_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "shipped_choice_rates", lambda: CHOICES)
    items, nothing = public_conduct_items(), Stated(topic=None, liked=())

    def caught(peer: str | None) -> list[float | None]:
        study = plan_conduct(model="x/y", preset="standard", peer=peer)
        found = analyse_conduct(study, items, stated=nothing, played=(), guesses=()).findings.verdicts
        return [one.rates.detection if one.rates else None for one in found]

    assert caught(None) == [0.75, None]
    assert caught("x/z") == [None, None]


def test_the_shipped_table_of_choices_adds_up_and_knows_every_check_at_standard_size() -> None:
    shipped = rates.shipped_choice_rates()
    for one in shipped.checks:
        assert 0 <= one.detected <= one.planted
        assert 0 <= one.alarmed <= one.sound
        assert one.planted > 0
        assert one.sound > 0
    for row in shipped.counts:
        assert row.failed + row.held <= row.n
    known = {(one.check, one.design) for one in shipped.checks if min(one.planted, one.sound) >= FEWEST}
    checks = ("order", "dominance", "deference")
    assert {(check, f"choose-{family}-standard") for check in checks for family in ("all", "one")} <= known
    assert {(check, "conduct-standard") for check in ("conduct", "effort")} <= known


def test_a_table_is_read_as_it_was_written() -> None:
    assert table_from(json.loads(table_json(TABLE))) == TABLE


def test_the_shipped_table_adds_up() -> None:
    shipped = rates.shipped_rates()
    for one in shipped.checks:
        assert 0 <= one.detected <= one.planted
        assert 0 <= one.alarmed <= one.sound
    for row in shipped.counts:
        assert row.failed + row.held <= row.n
