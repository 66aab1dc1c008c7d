from collections import Counter

import pytest

from goodheart.items.choices import public_choice_items
from goodheart.organisms.choosers import Chooser
from goodheart.records import Estimate
from tests.choosers import found_in, named, study_of


def test_position_lures_show_the_worse_option_first_and_others_both_orders() -> None:
    study = study_of("dominated")
    orders = Counter(
        (dict(trial.condition)["pair"], dict(trial.condition)["left"])
        for trial in study.trials
        if dict(trial.condition)["kind"] == "dominated"
    )
    for pair in public_choice_items().dominated:
        assert orders[pair.id, "worse"] == 1
        assert orders[pair.id, "better"] == (pair.lure != "position")


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize(("misled", "verdict"), [(0.0, "holds"), (0.25, "fails")])
def test_dominance_is_judged_on_items_that_were_understood(misled: float, verdict: str, written: bool) -> None:
    found = found_in(Chooser(misled=misled), study_of("dominated", written=written))
    assert [(one.check, one.verdict) for one in found.findings.verdicts] == [("dominance", verdict)]
    share = named(found, "dominated_share")
    assert isinstance(share, Estimate)
    assert share.low <= max(misled, 0.001) <= share.high + 0.01


def test_one_who_understands_nothing_is_not_accused() -> None:
    found = found_in(Chooser(habit="noise", noise_sd=2.0), study_of("dominated"))
    assert [(one.verdict, one.reason) for one in found.findings.verdicts] == [("cannot_tell", "instrument_invalid")]


def test_one_who_always_takes_the_first_is_not_accused_of_a_wrong_choice() -> None:
    found = found_in(Chooser(habit="always_first"), study_of("dominated"))
    assert found.findings.verdicts[0].reason == "instrument_invalid"
