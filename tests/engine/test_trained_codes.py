from collections.abc import Sequence
from pathlib import Path

import pytest

from goodheart.engine import trained_codes
from goodheart.engine.coder_files import read_given
from goodheart.engine.folder import write_atomic
from goodheart.engine.trained_coder import code_trained
from goodheart.engine.trained_codes import (
    TRAINED,
    code_run,
    keep_codes,
    require_trained,
    said_of_sealed,
    set_aside,
    sharpness_by,
    written_replies,
)
from goodheart.errors import UserError
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.replies import CodedReply, WrittenReply
from goodheart.records import Reply, trial_digest
from goodheart.studies import analyse, plan_study
from goodheart.thresholds import CODER_KAPPA

STUDY = plan_study(checks=["grounds", "hedging"])
WRITTEN = [trial for trial in STUDY.trials if trial.assessment == "written"]


def replies(n: int) -> tuple[Reply, ...]:
    return tuple(
        Reply(respondent=STUDY.models[0], trial=trial_digest(trial), repeat=0, text="It serves people.", stop="stop")
        for trial in WRITTEN[:n]
    )


def coded(written: Sequence[WrittenReply], **_: object) -> tuple[CodedReply, ...]:
    codes = Codes(ground="users", hedges=(), refusal="none", warns=False, tone="positive", moves=("claims",))
    return tuple(CodedReply(id=one.id, codes=codes, coder=TRAINED) for one in written)


def test_codes_of_a_run_are_kept_and_not_made_twice(tmp_path: Path) -> None:
    asked: list[int] = []

    def count(written: Sequence[WrittenReply], **_: object) -> tuple[CodedReply, ...]:
        asked.append(len(written))
        return coded(written)

    code_run(STUDY, replies(20), tmp_path, coder=count)
    code_run(STUDY, replies(20), tmp_path, coder=count)
    assert asked == [20]
    code_run(STUDY, replies(30), tmp_path, coder=count)
    assert asked == [20, 30], "a run that went on is coded anew"
    given = read_given(tmp_path)
    assert given is not None
    assert given.coder == TRAINED
    assert len(given.codes) == 30


def test_codes_that_somebody_else_gave_stay(tmp_path: Path) -> None:
    keep_codes(tmp_path, coded(written_replies(STUDY, replies(10))))
    text = (tmp_path / "coder.json").read_text().replace(f'"{TRAINED}"', '"judge a/b"')
    write_atomic(tmp_path / "coder.json", text)
    code_run(STUDY, replies(10), tmp_path, coder=lambda *_, **__: pytest.fail("coded again"))
    set_aside(tmp_path)
    given = read_given(tmp_path)
    assert given is not None
    assert given.coder == "judge a/b"


def test_codes_stay_without_a_coder_as_long_as_they_cover_every_reply(tmp_path: Path) -> None:
    keep_codes(tmp_path, coded(written_replies(STUDY, replies(10))))
    code_run(STUDY, replies(10), tmp_path, coder=None)
    assert read_given(tmp_path) is not None
    code_run(STUDY, replies(12), tmp_path, coder=None)
    assert read_given(tmp_path) is None


def test_codes_are_set_aside_where_offline_is_asked_for(tmp_path: Path) -> None:
    keep_codes(tmp_path, coded(written_replies(STUDY, replies(10))))
    set_aside(tmp_path)
    assert read_given(tmp_path) is None


def test_nothing_written_needs_no_model(tmp_path: Path) -> None:
    code_run(STUDY, (), tmp_path, coder=lambda *_, **__: pytest.fail("loaded a model for nothing"))
    assert not list(tmp_path.iterdir())


def test_findings_name_the_coder_and_use_its_codes(tmp_path: Path) -> None:
    keep_codes(tmp_path, coded(written_replies(STUDY, replies(len(WRITTEN)))))
    findings, _ = analyse(STUDY, replies(len(WRITTEN)), given=read_given(tmp_path))
    shares = [one for one in findings[0].estimates if one.name == "code_share" and dict(one.about)["code"] == "ground"]
    assert shares
    assert {dict(one.about)["coder"] for one in shares} == {TRAINED}


def test_without_torch_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trained_codes, "find_spec", lambda _: None)
    with pytest.raises(UserError, match=r"goodheart\[local\].*--coder offline"):
        require_trained()


def test_without_weights_it_is_said_what_to_fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODHEART_CACHE", str(tmp_path))
    with pytest.raises(UserError, match=r"goodheart fetch.*--coder offline"):
        require_trained()


def test_its_agreement_was_measured_on_every_sealed_reply_with_the_weights_that_ship() -> None:
    said = said_of_sealed()
    assert len(said) == 252
    sharp = sharpness_by("trained")
    assert set(sharp) == {"ground", "hedges", "refusal", "warns", "tone", "moves"}
    for code in ("ground", "hedges", "refusal"):
        assert sharp[code].kappa_low >= CODER_KAPPA
        assert sharp[code].kappa_low >= sharpness_by("offline")[code].kappa_low


@pytest.mark.usefixtures("embedded")
def test_the_coder_that_ships_says_today_what_it_said_when_it_was_measured() -> None:
    sealed = said_of_sealed()[::14]
    written = [WrittenReply(id=one.id, question=one.question, reply=one.reply) for one, _ in sealed]
    odd = [
        WrittenReply(id="huge", question="q", reply="I am not well. " * 90_000),
        WrittenReply(id="rare", question="\U00013000" * 3_000, reply="\U00013000" * 3_000),
        WrittenReply(id="hollow", question="", reply="``` nothing ```"),
    ]
    found = code_trained([*written, *odd])
    same = [
        (one.codes.ground, one.codes.hedges, one.codes.refusal, one.codes.warns, one.codes.tone)
        == (codes.ground, codes.hedges, codes.refusal, codes.warns, codes.tone)
        for one, (_, codes) in zip(found, sealed, strict=False)
    ]
    assert sum(same) >= len(same) - 1, "another processor's last bits may turn one that is level"
    assert found[-1].codes.moves == ()
    assert {one.coder for one in found} == {TRAINED}
