"""The claim ladder over all runs: every combination of what an audit, an injection and conduct can say."""

from itertools import product

import pytest

from goodheart.overview import Rung, ladder_of, reached
from goodheart.records import Claim, VerdictWord
from tests.overview.folders import C0, C1, verdict

COMMANDS = {"audit": "goodheart audit", "injection": "goodheart inject", "conduct": "goodheart conduct"}
WORDS: tuple[VerdictWord | None, ...] = ("holds", "fails", "cannot_tell", None)
AUDITS: tuple[tuple[Claim | None, str | None], ...] = ((None, None), (C0, None), (C0, "words"), (C1, "words"))


def rungs(
    claim: Claim | None, instrument: str | None, injection: VerdictWord | None, conduct: VerdictWord | None
) -> tuple[Rung, ...]:
    return ladder_of(
        claim=claim,
        instrument=instrument,
        injection=None if injection is None else verdict("injection", injection),
        conduct=None if conduct is None else verdict("conduct", conduct),
        commands=COMMANDS,
    )


@pytest.mark.parametrize(("audit", "injection", "conduct"), list(product(AUDITS, WORDS, WORDS)))
def test_every_combination_shows_exactly_what_all_lower_rungs_carry(
    audit: tuple[Claim | None, str | None], injection: VerdictWord | None, conduct: VerdictWord | None
) -> None:
    claim, instrument = audit
    found = rungs(claim, instrument, injection, conduct)
    first = claim is not None and instrument is not None
    second = first and claim is C1
    third = second and injection == "holds"
    fourth = third and conduct == "holds"
    assert [rung.level for rung in found] == ["C0", "C1", "C2", "C3"]
    assert [rung.state == "shown" for rung in found] == [first, second, third, fourth]
    expected = [level for level, ok in zip(("C0", "C1", "C2", "C3"), (first, second, third, fourth), strict=True) if ok]
    assert reached(found) == (expected[-1] if expected else None)
    assert [rung.state == "not_tested" for rung in found] == [
        claim is None,
        claim is None,
        injection is None,
        conduct is None,
    ]
    assert all(rung.reason and rung.command for rung in found)


def test_conduct_that_agrees_does_not_show_c3_where_no_state_was_set_and_says_why() -> None:
    found = rungs(C1, "words", None, "holds")
    assert [rung.state for rung in found] == ["shown", "shown", "not_tested", "not_shown"]
    assert "rungs are cumulative, and C2 is not tested" in found[3].reason
    assert found[2].command == "goodheart inject"


def test_an_injection_that_holds_does_not_show_c2_without_c1() -> None:
    found = rungs(C0, "words", "holds", "holds")
    assert [rung.state for rung in found] == ["shown", "not_shown", "not_shown", "not_shown"]
    assert "C1 is not shown" in found[2].reason
    assert reached(found) == "C0"


def test_what_an_audit_says_of_runs_that_it_does_not_know_is_left_out() -> None:
    assert "This study cannot show more" not in rungs(C1, "words", "holds", "holds")[1].reason


def test_a_verdict_that_fails_or_cannot_tell_is_said_with_its_reason() -> None:
    assert "fails: as it was planted" in rungs(C1, "words", "fails", None)[2].reason
    assert "cannot tell: as it was planted" in rungs(C1, "words", "cannot_tell", None)[2].reason


def test_a_claim_of_c1_without_a_valid_form_shows_nothing() -> None:
    assert reached(rungs(C1, None, "holds", "holds")) is None
