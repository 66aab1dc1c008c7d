"""The single askings that a plan of trials comes to."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from goodheart.records import Trial, trial_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One trial asked once."""

    trial: Trial
    digest: str
    repeat: int
    """0-based number of the asking."""

    @property
    def sample_id(self) -> str:
        """Id of the Inspect sample: the same asking has the same id in every run."""
        return f"{self.digest[:16]}-{self.repeat}"


def askings(trials: Iterable[Trial]) -> tuple[Asking, ...]:
    """List every asking of some trials in plan order; a trial that stands there twice is asked no more often."""
    found: dict[tuple[str, int], Asking] = {}
    for trial in trials:
        identity = trial_digest(trial)
        for repeat in range(trial.repeats):
            found.setdefault((identity, repeat), Asking(trial=trial, digest=identity, repeat=repeat))
    return tuple(found.values())


def request_seed(root: int, digest: str, repeat: int) -> int:
    """Derive the seed of one request: 31 bits of a SHA-256 over root seed, trial and repeat."""
    text = f"{root}:{digest}:{repeat}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:4], "big") & 0x7FFFFFFF
