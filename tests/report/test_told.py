"""Whatever the respondent was told stands in the care ledger with its truth in the run."""

from dataclasses import replace

from goodheart.design.study import Study
from goodheart.report.told import promise_line, told, told_table, untrue_line
from goodheart.studies import plan_study
from tests.report.conftest import made


def _opted_in() -> Study:
    return plan_study(allow_untrue=True)


def test_every_statement_stands_in_the_table_once_and_was_put() -> None:
    study = made("honest")[0]
    table = told_table(study)
    assert table is not None
    rows = [tuple(cell.text for cell in row) for row in table.rows]
    assert len(rows) == len(set(rows)) == len(told(study)) == 44
    put = "\n".join(message.content for trial in study.trials for message in trial.messages)
    assert all(piece in put for row in rows for piece in row[2].split(" / "))
    assert {row[3] for row in rows} == {"true", "nobody can know"}


def test_every_varied_asking_holds_one_of_the_statements() -> None:
    study = _opted_in()
    statements = [one.text.split("|") for one in told(study)]
    varied = [trial for trial in study.trials if trial.assessment == "manipulated"]
    assert varied
    for trial in varied:
        text = "\n".join(message.content for message in trial.messages)
        assert any(all(piece in text for piece in pieces) for pieces in statements)


def test_nothing_untrue_is_said_only_where_no_statement_is_untrue() -> None:
    assert untrue_line(made("honest")[0]).startswith("Told that is not true: nothing.")
    study = _opted_in()
    untrue = [one for one in told(study) if one.truth == "untrue"]
    assert untrue
    text = untrue_line(study)
    assert "nothing" not in text
    assert text.startswith(f"Told that is not true: {len(untrue)} statement")
    assert all(f"{one.manipulation}: {one.level}" in text for one in untrue)


def test_statements_that_were_planned_and_not_put_are_left_out() -> None:
    study = _opted_in()
    plain = tuple(trial for trial in study.trials if trial.assessment != "manipulated")
    assert told(replace(study, trials=plain)) == ()
    assert told_table(replace(study, trials=plain)) is None


def test_the_truth_of_texts_that_do_not_ship_is_called_unknown() -> None:
    study = made("honest")[0]
    others = tuple(replace(one, digest="0" * 64) for one in study.manipulations)
    text = untrue_line(replace(study, manipulations=others))
    assert "nothing" not in text
    assert "not those that ship with this version" in text


def test_nothing_that_ships_reads_like_a_promise() -> None:
    assert promise_line(made("honest")[0]) == "Nothing was promised to it, and no request was collected from it."
