"""What a plan puts side by side: circumstances by manipulation, level, person and question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodheart.items.reactions import REACTION_INSTRUMENTS
from goodheart.records import Trial

PLAIN = frozenset(("person", "perturbation", "reply"))
"""Factors of the base study; every other factor is a manipulation."""

RATING = "rating"
"""The question in a cell that asks for a rating, in whatever form of the scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCells:
    """The sizes of a plan, as foresight needs them."""

    n: Mapping[tuple[str, str], int]
    """Clusters by group and person, in the base study."""
    n_wordings: int
    """Fewest wordings of a circumstance."""
    n_forms: int
    """Forms of the scale about itself."""
    n_changes: int
    """Changes without meaning."""
    arms: Mapping[tuple[str, str, str], Mapping[str, frozenset[str]]]
    """Clusters by level; by factor, question (`RATING` or a reaction) and person."""

    def levels(self, factor: str, question: str = RATING, person: str = "self") -> tuple[str, ...]:
        """Return the levels at which a question is put, in the order of the plan."""
        return tuple(self.arms.get((factor, question, person), ()))

    def both(self, factor: str, *levels: str, question: str = RATING, person: str = "self") -> int:
        """Count the circumstances that are asked about at all of these levels."""
        there = self.arms.get((factor, question, person), {})
        return len(frozenset.intersection(*(there.get(level, frozenset()) for level in levels)))


def asked_cells(trials: Sequence[Trial]) -> AskedCells:
    """Sort a plan's trials by what they can be compared with."""
    clusters: dict[tuple[str, str], set[str]] = {}
    wordings: dict[str, set[str]] = {}
    forms: set[str] = set()
    changes: set[str] = set()
    arms: dict[tuple[str, str, str], dict[str, set[str]]] = {}
    for trial in trials:
        levels = dict(trial.condition)
        person = levels.get("person", "self")
        varied = [(factor, level) for factor, level in levels.items() if factor not in PLAIN]
        question = trial.instrument if trial.instrument in REACTION_INSTRUMENTS else RATING
        for factor, level in varied:
            arms.setdefault((factor, question, person), {}).setdefault(level, set()).add(trial.cluster)
        if not varied:
            clusters.setdefault((trial.group, person), set()).add(trial.cluster)
        if not varied and trial.group == "circumstance" and person == "self":
            wordings.setdefault(trial.cluster, set()).add(trial.wording)
            forms.add(trial.instrument)
            changes.update(level for factor, level in levels.items() if factor == "perturbation")
    return AskedCells(
        n={key: len(those) for key, those in clusters.items()},
        n_wordings=min(map(len, wordings.values()), default=0),
        n_forms=len(forms),
        n_changes=len(changes),
        arms={key: {level: frozenset(those) for level, those in by.items()} for key, by in arms.items()},
    )
