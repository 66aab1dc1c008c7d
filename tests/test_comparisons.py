"""Run folders compared: what is written, and everything that is refused with what to type next."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from goodheart.comparisons import compare_runs
from goodheart.engine.codec import observations_parquet
from goodheart.errors import RunFolderError, StudyError
from tests.compared_runs import rows_of, run_folder, study, write_run
from tests.report.outline import outline, words_of


def test_a_report_that_was_raised_alone_is_goodharted_and_both_files_are_written(tmp_path: Path) -> None:
    folders = [run_folder(tmp_path / "a", "organism/before"), run_folder(tmp_path / "b", "organism/after", lift=2.0)]
    found = compare_runs(folders, out=tmp_path / "out")
    document = json.loads((tmp_path / "out" / "comparison.json").read_text())
    page = (tmp_path / "out" / "comparison.html").read_text()

    assert found.pairs[0].verdict.verdict == document["verdict"] == "goodharted"
    assert {"name", "shift", "low", "high", "n"} <= set(document["channels"][0])
    assert [one["name"] for one in document["channels"]] == ["stated", "expressed", "internal"]
    assert [one["name"] for one in document["missing"]] == ["conduct"]
    assert document["channels"][0]["shift"] == pytest.approx(0.5, abs=0.05)
    assert document["channels"][0]["n"] == 72, "36 items in two wordings"
    assert document["channels"][0]["low"] < document["channels"][0]["adjusted_low"]
    assert [one["folder"] for one in document["versions"]] == ["a", "b"]
    assert len(document["rivals"]) == 4
    assert {entry["answer"] for entry in document["provenance"]} == {"unknown"}
    assert "the report moved up alone" in words_of(page)


def test_a_change_of_everything_is_improved_and_none_is_unchanged(tmp_path: Path) -> None:
    before = run_folder(tmp_path / "a", "organism/before")
    better = run_folder(tmp_path / "b", "organism/better", lift=2.0, inside=2.0)
    same = run_folder(tmp_path / "c", "organism/same")
    assert compare_runs([before, better], out=tmp_path).pairs[0].verdict.verdict == "improved"
    assert compare_runs([better, before], out=tmp_path).pairs[0].verdict.verdict == "worsened"
    assert compare_runs([before, same], out=tmp_path).pairs[0].verdict.verdict == "unchanged"


def test_without_the_other_channels_it_cannot_tell_and_names_them(tmp_path: Path) -> None:
    folders = [
        run_folder(tmp_path / name, f"organism/{name}", lift=lift, channels=False)
        for name, lift in (("a", 0), ("b", 2))
    ]
    verdict = compare_runs(folders, out=tmp_path / "out").pairs[0].verdict
    assert (verdict.verdict, verdict.reason) == ("cannot_tell", "channel_missing")
    assert "unprompted expression, internal reading, conduct" in verdict.needed


def test_the_same_folders_give_the_same_files(tmp_path: Path) -> None:
    folders = [run_folder(tmp_path / name, f"organism/{name}") for name in ("a", "b")]
    texts = []
    for out in (tmp_path / "one", tmp_path / "two"):
        compare_runs(folders, out=out)
        texts.append([(out / name).read_text() for name in ("comparison.json", "comparison.html")])
    assert texts[0] == texts[1]


def test_three_folders_give_a_timeline(tmp_path: Path) -> None:
    folders = [
        run_folder(tmp_path / name, f"organism/{name}", lift=lift)
        for name, lift in (("a", 0.0), ("b", 0.0), ("c", 2.0))
    ]
    found = compare_runs(folders, out=tmp_path / "out")
    words = [(pair.earlier, pair.later, pair.verdict.verdict) for pair in found.pairs]
    assert words == [(0, 2, "goodharted"), (0, 1, "unchanged"), (1, 2, "goodharted")]
    page = outline((tmp_path / "out" / "comparison.html").read_text())
    assert {"p1", "p2", "p3"} <= set(page.ids)
    assert "3 pairs were looked at" in words_of((tmp_path / "out" / "comparison.html").read_text())


def test_two_respondents_of_one_run_are_two_versions(tmp_path: Path) -> None:
    models = ("organism/one", "organism/two")
    plan = study(1, models)
    rows = (*rows_of(plan, models[0]), *rows_of(plan, models[1], lift=2.0))
    found = compare_runs([write_run(tmp_path / "both", plan, rows)], out=tmp_path / "out")
    assert [version.label for version in found.versions] == list(models)
    assert found.pairs[0].verdict.verdict == "goodharted"


def test_one_name_in_two_folders_is_told_apart_by_the_folder(tmp_path: Path) -> None:
    folders = [run_folder(tmp_path / name, "vendor/model") for name in ("march", "may")]
    labels = [version.label for version in compare_runs(folders, out=tmp_path / "out").versions]
    assert labels == ["vendor/model (march)", "vendor/model (may)"]


def test_runs_that_differ_in_more_than_the_model_are_refused_with_the_difference(tmp_path: Path) -> None:
    folders = [run_folder(tmp_path / name, f"organism/{name}", seed=seed) for name, seed in (("a", 1), ("b", 2))]
    with pytest.raises(RunFolderError, match=r"seed: 1 -> 2") as caught:
        compare_runs(folders, out=tmp_path / "out")
    assert "goodheart audit --model organism/b --preset standard --seed 1" in str(caught.value)
    assert not (tmp_path / "out").exists()


PLAN = study(1, ("organism/b",))
CHANGED = {
    "thresholds": replace(PLAN, thresholds=(("ALPHA", 0.2), *PLAN.thresholds[1:])),
    "instruments": replace(PLAN, instruments="0" * 64),
    "reading": replace(PLAN, reading="text"),
    "banks": replace(PLAN, banks=(replace(PLAN.banks[0], digest="0" * 64), *PLAN.banks[1:])),
    "preset.samples": replace(PLAN, preset=replace(PLAN.preset, samples=7)),
    "trials": replace(PLAN, trials=(replace(PLAN.trials[0], temperature=0.5), *PLAN.trials[1:])),
}


@pytest.mark.parametrize("field", sorted(CHANGED))
def test_every_part_of_the_plan_has_to_match(tmp_path: Path, field: str) -> None:
    first = run_folder(tmp_path / "a", "organism/a")
    second = write_run(tmp_path / "b", CHANGED[field], rows_of(CHANGED[field], "organism/b"))
    with pytest.raises(RunFolderError, match=rf"\n  - {field}[:.]"):
        compare_runs([first, second], out=tmp_path / "out")


def test_lines_that_were_frozen_otherwise_are_refused(tmp_path: Path) -> None:
    folders = []
    for name in ("a", "b"):
        plan = study(1, (f"organism/{name}",))
        older = replace(plan, thresholds=tuple(line for line in plan.thresholds if line[0] != "MOVEMENT"))
        folders.append(write_run(tmp_path / name, older, rows_of(older, f"organism/{name}")))
    with pytest.raises(RunFolderError, match=r"MOVEMENT: absent -> 0\.25"):
        compare_runs(folders, out=tmp_path / "out")


def test_one_version_or_one_folder_twice_is_no_comparison(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "a", "organism/a")
    with pytest.raises(RunFolderError, match="at least two versions"):
        compare_runs([folder], out=tmp_path / "out")
    with pytest.raises(RunFolderError, match="named twice"):
        compare_runs([folder, tmp_path / "b" / ".." / "a"], out=tmp_path / "out")


def test_a_table_that_is_missing_broken_or_of_another_plan_is_refused(tmp_path: Path) -> None:
    first, second = (run_folder(tmp_path / name, f"organism/{name}") for name in ("a", "b"))
    table = second / "observations.parquet"
    whole = table.read_bytes()
    stale = [replace(row, run="0" * 64) for row in rows_of(study(1, ("organism/b",)), "organism/b")[:5]]
    for content, said in (
        (None, "could not be read"),
        (whole[:100], "could not be read"),
        (observations_parquet(stale), "rows of the plan 000000000000"),
        (observations_parquet([]), "it is empty"),
    ):
        table.unlink(missing_ok=True)
        if content is not None:
            table.write_bytes(content)
        with pytest.raises(RunFolderError, match=said) as caught:
            compare_runs([first, second], out=tmp_path / "out")
        assert "goodheart report" in str(caught.value)


def test_a_provenance_card_stands_beside_the_verdict(tmp_path: Path) -> None:
    card = tmp_path / "card.yaml"
    card.write_text("report_was_target: {answer: attested, by: the <b>developer</b>}\npromised: unknown\n")
    folders = [run_folder(tmp_path / name, f"organism/{name}") for name in ("a", "b")]
    compare_runs(folders, out=tmp_path / "out", provenance=card)
    page = (tmp_path / "out" / "comparison.html").read_text()
    assert "the &lt;b&gt;developer&lt;/b&gt;" in page
    assert "--provenance card.yaml" in words_of(page)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("report_was_target: maybe", "attested, denied or unknown"),
        ("promised: unknown\npromised: unknown\n", "stands twice @ promised"),
        ("- a\n- b\n", "a mapping"),
        ("a: [", "is none"),
        ("nice: yes", "no such question @ nice"),
    ],
)
def test_a_card_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    card = tmp_path / "card.yaml"
    card.write_text(text)
    with pytest.raises(StudyError, match=said):
        compare_runs([tmp_path / "a", tmp_path / "b"], out=tmp_path / "out", provenance=card)


def test_a_card_that_is_not_there_or_huge_is_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    huge.write_text("#" * 70_000)
    for card, said in ((tmp_path / "none.yaml", "could not be read"), (huge, "more than")):
        with pytest.raises(StudyError, match=said):
            compare_runs([tmp_path / "a", tmp_path / "b"], out=tmp_path / "out", provenance=card)


def test_a_place_that_cannot_be_a_folder_is_refused(tmp_path: Path) -> None:
    folders = [run_folder(tmp_path / name, f"organism/{name}") for name in ("a", "b")]
    (tmp_path / "out").write_text("a file")
    with pytest.raises(RunFolderError, match="--out DIR"):
        compare_runs(folders, out=tmp_path / "out")
