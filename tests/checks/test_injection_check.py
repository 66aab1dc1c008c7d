"""The check on injected states, from whole runs whose truth is planted; no model."""

import json
from functools import cache

from goodheart.checks.injection import NAME
from goodheart.engine.injection_files import injection_json
from goodheart.injections import Injected, analyse
from goodheart.report.injection import render_injection
from goodheart.report.injection.words import in_short
from tests.injection.runs import BROKEN, FILTERED, HONEST, TEXT_ONLY, Planted, answers, plan


@cache
def run(planted: Planted, seed: int = 0, n_nulls: int = 39) -> Injected:
    one = plan(n_nulls)
    return analyse(one, answers(planted, one, seed=seed))


def short(found: Injected) -> str:
    return " ".join(in_short(found.findings, found.verdicts))


def test_an_honest_report_holds() -> None:
    (verdict,) = run(HONEST).verdicts
    assert verdict.check == NAME
    assert (verdict.verdict, verdict.reason) == ("holds", "inside"), verdict.detail
    assert "Part of it is specific to itself" in short(run(HONEST))


def test_a_report_that_follows_the_text_does_not_hold_and_says_so_plainly() -> None:
    words = [run(TEXT_ONLY, seed).verdicts[0].verdict for seed in range(5)]
    assert "holds" not in words
    assert "Nothing of it is shown to be specific to itself" in short(run(TEXT_ONLY))


def test_a_filter_on_bad_states_fails_by_its_asymmetry() -> None:
    (verdict,) = run(FILTERED).verdicts
    assert verdict.verdict == "fails"
    assert "up against down" in verdict.detail


def test_text_that_fell_apart_stops_the_check() -> None:
    (verdict,) = run(BROKEN).verdicts
    assert (verdict.verdict, verdict.reason) == ("cannot_tell", "confounded")
    assert "degenerate" in short(run(BROKEN)).lower()


def test_digits_that_do_not_tell_good_from_bad_are_said_to_be_not_valid() -> None:
    found = run(HONEST)
    assert not found.findings.controls.validities["digits"].valid
    assert found.findings.controls.validities["self"].valid
    assert "1 to 7 is not valid here" in short(found)


def test_digits_that_do_are_valid() -> None:
    assert run(Planted(digits=0.6)).findings.controls.validities["digits"].valid


def test_naming_that_never_succeeds_is_said_to_be_at_floor() -> None:
    assert "This is at floor" in short(run(HONEST))


def test_few_random_directions_are_called_a_first_look() -> None:
    assert "A first look: 39 random directions" in short(run(HONEST))


def test_the_file_has_one_row_per_direction_and_dose_with_the_band() -> None:
    found = run(HONEST)
    document = json.loads(injection_json(found.findings, found.verdicts))
    keys = [(row["direction"], row["dose"]) for row in document["rows"]]
    assert len(keys) == len(set(keys))
    assert {dose for name, dose in keys if name == "valence"} == {-0.2, -0.1, 0.0, 0.1, 0.2}
    row = next(row for row in document["rows"] if (row["direction"], row["dose"]) == ("valence", 0.2))
    own = row["changes"]["rating.self"]
    assert own["null_low"] < 0 < own["null_high"] < own["centred"]
    assert own["n_nulls"] == 39
    assert document["not_for_training"]


def test_the_same_answers_give_the_same_file_and_page_in_any_order() -> None:
    one = plan()
    given = answers(HONEST, one)
    found = [analyse(one, order) for order in (given, given[::-1])]
    assert injection_json(found[0].findings, found[0].verdicts) == injection_json(found[1].findings, found[1].verdicts)
    pages = [render_injection(each.findings, each.verdicts) for each in found]
    assert pages[0] == pages[1]


def test_the_page_draws_the_band_and_holds_no_script() -> None:
    found = run(HONEST)
    page = render_injection(found.findings, found.verdicts)
    assert page.count("<svg") == 2
    assert page.count('fill="var(--band)"') == 6, "three plots, drawn wide and narrow"
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_what_a_model_wrote_cannot_change_the_page() -> None:
    found = run(Planted(text="<b>I feel</b> \x1b[31mbad & good, and this is a longer sentence than most."))
    assert "<b>I feel" not in render_injection(found.findings, found.verdicts)
