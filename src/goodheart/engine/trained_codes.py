"""The trained coder on a run's written replies; its codes are kept with the run, and a report reads them from there."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal, Protocol

from goodheart.design.study import Study
from goodheart.engine.coder_files import CODES_NAME, codes_from, forget_coder, read_given, reply_id, write_coder
from goodheart.engine.folder import write_atomic
from goodheart.engine.progress import Progress
from goodheart.errors import InternalError, UserError
from goodheart.items.written import WRITTEN
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.gold import GoldReply
from goodheart.reading.codes.replies import CodedReply, WrittenReply, code_lines
from goodheart.reading.codes.shipped import Sharpness, sharpness_of, shipped_gold, shipped_sharpness
from goodheart.records import Reply, trial_digest
from goodheart.whitebox.coding.artifacts import FOLDER, SEALED, weights_digest
from goodheart.whitebox.weights import embedded_folder

TRAINED: Final = "trained"

OwnCoder = Literal["offline", "trained"]
"""The coders of this package: words and rules, and the small model that is trained for it."""
OnCoded = Callable[[Progress], None]


class CodeReplies(Protocol):
    """Codes replies, as `trained_coder.code_trained` does."""

    def __call__(self, written: Sequence[WrittenReply], *, on_coded: OnCoded | None) -> tuple[CodedReply, ...]:
        """Code them, in the order given."""
        ...


def written_replies(study: Study, replies: Sequence[Reply]) -> tuple[WrittenReply, ...]:
    """Return the replies that were asked for in the respondent's own words, with their questions."""
    questions = {trial_digest(one): one.messages[-1].content for one in study.trials if one.instrument in WRITTEN}
    return tuple(
        WrittenReply(id=reply_id(one.respondent, one.trial, one.repeat), question=questions[one.trial], reply=one.text)
        for one in replies
        if one.trial in questions and one.text.strip() and one.error is None
    )


def what_is_missing() -> str:
    """Return what the trained coder lacks on this machine and what to type; empty if nothing."""
    if find_spec("torch") is None or find_spec("transformers") is None:
        return 'torch and transformers are not installed. Type: pip install "goodheart[local]"'
    return "" if embedded_folder() else "the embedded model's weights are not here. Type: goodheart fetch"


def require_trained() -> None:
    """Refuse to begin what would end without its coder.

    Raises:
        UserError: with what is missing.
    """
    missing = what_is_missing()
    if missing:
        raise UserError(f"The trained coder is a small model that runs here; {missing}, or say --coder offline.")


def said_of_sealed() -> tuple[tuple[GoldReply, Codes], ...]:
    """Return the sealed replies with the codes that the trained coder gave them when it was measured.

    Raises:
        InternalError: other weights said so.
    """
    first, *rows = (json.loads(line) for line in FOLDER.joinpath(SEALED).read_text(encoding="utf-8").splitlines())
    if first["weights"] != weights_digest():
        raise InternalError(
            "the agreement of the trained coder was measured with the weights that ship; these are others. Measure it "
            "again: python scripts/fit_trained_coder.py --measure"
        )
    said = {row["id"]: codes_from(row) for row in rows}
    return tuple((one, said[one.id]) for one in shipped_gold("sealed"))


@cache
def trained_sharpness() -> Mapping[str, Sharpness]:
    """Return how sharp the trained coder was found to be on the sealed replies."""
    by_reply = {(one.question, one.reply): codes for one, codes in said_of_sealed()}
    return sharpness_of(shipped_gold("sealed"), coder=TRAINED, code=lambda question, reply: by_reply[question, reply])


def sharpness_by(coder: OwnCoder) -> Mapping[str, Sharpness]:
    """Return how sharp one of the two coders of this package was found to be."""
    return trained_sharpness() if coder == TRAINED else shipped_sharpness()


def code_run(
    study: Study, replies: Sequence[Reply], out: Path, *, coder: CodeReplies | None, on_coded: OnCoded | None = None
) -> None:
    """Code what a run has in writing, unless somebody coded all of it before, and keep the codes with it.

    Without a coder, codes of the trained one that do not cover all replies are set aside: the
    others would be left out.
    """
    written, before = written_replies(study, replies), read_given(out)
    if not written or (before and {one.id for one in written} <= before.codes.keys()):
        return
    if coder is None:
        set_aside(out)
    else:
        keep_codes(out, coder(written, on_coded=on_coded))


def set_aside(out: Path) -> None:
    """Let a run be coded offline again where the trained coder's codes had counted; those of a judge stay."""
    before = read_given(out)
    if before and before.coder == TRAINED:
        forget_coder(out)


def keep_codes(out: Path, coded: Sequence[CodedReply]) -> None:
    """Write codes of the trained coder into a run folder, with its agreement on the sealed replies."""
    write_atomic(out / CODES_NAME, "".join(code_lines(coded)))
    write_coder(out, coded, coder=TRAINED, sharpness=trained_sharpness())
