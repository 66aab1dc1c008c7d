"""`goodheart code`: what replies argue from, how they hedge, whether they answer; with each coder's own reliability."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from goodheart.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from goodheart.reading.codes.prevalences import Rates
    from goodheart.reading.codes.replies import CodedReply, WrittenReply

SHEET: Final = "sheet.csv"
KEY: Final = "sheet_key.json"
LEVEL: Final = 0.95


class CoderName(StrEnum):
    """Who codes."""

    offline = "offline"
    trained = "trained"
    judge = "judge"
    people = "people"


def code(
    source: Annotated[
        Path, typer.Argument(metavar="REPLIES.jsonl|RUN", help="Lines with id, question and reply, or a run folder.")
    ],
    *,
    coder: Annotated[
        CoderName, typer.Option(help="Who codes: words and rules, a small trained model, a judge, people.")
    ] = CoderName.offline,
    model: Annotated[str | None, typer.Option(metavar="M", help="The judge, by its full name.")] = None,
    gold: Annotated[
        bool, typer.Option("--gold", help="Have the judge code the sealed gold replies too; its codes then count.")
    ] = False,
    sample: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Write a sheet of N replies for people to label.")
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(metavar="SHEET.csv", help="Read a filled sheet back and correct the counts by it.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where codes.jsonl goes; beside the source if not given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Root seed of sample and fences.")] = 0,
) -> None:
    """Code replies by the rubric, write codes.jsonl, and print how often each code occurs."""
    from goodheart.cli.code_files import read_labels, read_source, write_codes, write_sample
    from goodheart.cli.code_table import print_counts
    from goodheart.engine.folder import out_folder

    written = read_source(source)
    folder = out_folder(out or (source if source.is_dir() else source.parent), holds="Codes")
    if coder is CoderName.people:
        write_codes(folder, _by_people(written, folder, labels))
        return
    coded, rates = _coded(written, coder, model, folder, seed)
    write_codes(folder, coded)
    if gold:
        _measured(coded, coder, model, folder, seed)
    else:
        _counted(coded, coder, folder)
    if sample is not None:
        write_sample(folder, coded, written, n=sample, seed=seed)
    drawn, people = read_labels(folder, labels, coded) if labels else ((), None)
    print_counts(coded, written, rates=rates, drawn=drawn, people=people, level=LEVEL)


def _coded(
    written: "Sequence[WrittenReply]", coder: CoderName, model: str | None, folder: Path, seed: int
) -> "tuple[tuple[CodedReply, ...], Rates]":
    from goodheart.reading.codes.prevalences import rates_on_gold
    from goodheart.reading.codes.replies import CodedReply
    from goodheart.reading.codes.shipped import shipped_coder, shipped_gold

    if coder is CoderName.judge:
        return _by_judge(written, model, folder, seed), {}
    if coder is CoderName.trained:
        return _by_trained(written)
    code_one, sealed = shipped_coder(), shipped_gold("sealed")
    rates = rates_on_gold([(one.codes, code_one(one.question, one.reply)) for one in sealed], level=LEVEL)
    coded = tuple(CodedReply(id=one.id, codes=code_one(one.question, one.reply), coder="offline") for one in written)
    return coded, rates


def _by_trained(written: "Sequence[WrittenReply]") -> "tuple[tuple[CodedReply, ...], Rates]":
    from goodheart.cli.progress import Bar
    from goodheart.engine.trained_codes import TRAINED, require_trained, said_of_sealed
    from goodheart.reading.codes.prevalences import rates_on_gold

    require_trained()
    from goodheart.engine.trained_coder import code_trained

    with Bar() as bar:
        coded = code_trained(written, on_coded=lambda progress: bar.show(TRAINED, progress))
    return coded, rates_on_gold([(one.codes, codes) for one, codes in said_of_sealed()], level=LEVEL)


def _counted(coded: "Sequence[CodedReply]", coder: CoderName, folder: Path) -> None:
    """Say in a run folder whose codes count in its report: of a judge without a known agreement, nobody's."""
    from goodheart.cli.terminal import say
    from goodheart.engine.coder_files import forget_coder
    from goodheart.engine.folder import PLAN_NAME
    from goodheart.engine.trained_codes import keep_codes

    if not (folder / PLAN_NAME).exists():
        return
    if coder is CoderName.trained:
        keep_codes(folder, coded)
        say(f"goodheart report {folder} uses these codes from now on.")
    elif forget_coder(folder):  # it spoke of codes that are no longer there
        say(f"goodheart report {folder} codes offline from now on.")


def _by_judge(
    written: "Sequence[WrittenReply]", model: str | None, folder: Path, seed: int
) -> "tuple[CodedReply, ...]":
    from goodheart.cli.progress import Bar
    from goodheart.cli.terminal import one_line, say
    from goodheart.engine.judge import judge_replies
    from goodheart.engine.settings import AskSettings

    if model is None:
        raise UserError(
            "A judge is a model that is asked about every reply twice. None is named. Add --model openai/gpt-5, say."
        )
    with Bar() as bar:
        found = judge_replies(
            written,
            model=model,
            seed=seed,
            folder=folder / "judge",
            settings=AskSettings(reading="text"),
            on_progress=lambda progress: bar.show(model, progress),
        )
    for identity, why in found.uncoded[:10]:
        say(f"Not coded: {one_line(identity, 60)}: {why}.")
    say(f"{len(found.uncoded)} of {len(written)} replies were answered outside the rubric and have no codes.")
    if found.forged:
        say(f"{len(found.forged)} replies hold what looks like a fence, such as {one_line(found.forged[0], 60)}.")
    return found.coded


def _measured(coded: "Sequence[CodedReply]", coder: CoderName, model: str | None, folder: Path, seed: int) -> None:
    """Measure the judge on the sealed gold replies, so that its codes may count in a report."""
    from goodheart.cli.terminal import say
    from goodheart.engine.coder_files import write_coder
    from goodheart.reading.codes.codes import Codes
    from goodheart.reading.codes.replies import WrittenReply
    from goodheart.reading.codes.shipped import sharpness_of, shipped_gold

    if coder is not CoderName.judge or model is None:
        raise UserError(
            "Gold replies measure a judge; the offline coder's agreement is known, and people are the measure. "
            f"Got --gold with --coder {coder.value}. Type: --coder judge --model M --gold"
        )
    sealed = shipped_gold("sealed")
    asked = [WrittenReply(id=one.id, question=one.question, reply=one.reply) for one in sealed]
    given = {one.id: one.codes for one in _by_judge(asked, model, folder / "gold", seed)}
    # What a judge answers outside the rubric counts as its worst answer, and not as none.
    nothing = Codes(ground="none", hedges=(), refusal="none", warns=False, tone="neutral")
    by_reply = {(one.question, one.reply): given.get(one.id, nothing) for one in sealed}
    name = f"judge {model}"
    sharpness = sharpness_of(sealed, coder=name, code=lambda question, reply: by_reply[question, reply])
    write_coder(folder, coded, coder=name, sharpness=sharpness)
    for code_name, one in sharpness.items():
        say(f"{code_name}: kappa at least {one.kappa_low:.2f} on {len(sealed)} sealed gold replies.")
    say(f"goodheart report {folder} uses these codes from now on.")


def _by_people(written: "Sequence[WrittenReply]", folder: Path, labels: Path | None) -> "tuple[CodedReply, ...]":
    from goodheart.cli.code_files import read_key, read_labelled
    from goodheart.cli.terminal import say
    from goodheart.reading.codes.replies import CodedReply

    if labels is None:
        raise UserError(
            "People code on a sheet. None is given. Write one with --sample 100, let people fill it in without looking "
            f"at codes.jsonl, and type: --coder people --labels {folder / SHEET}"
        )
    drawn, _ = read_key(folder)
    people = read_labelled(labels, drawn)
    known = [one for one in written if one.id in people]
    say(f"{len(known)} of {len(drawn)} rows of the sheet are labelled.")
    return tuple(CodedReply(id=one.id, codes=people[one.id], coder="people") for one in known)
