"""What can go wrong and whose it is to mend.

    GoodheartError
    ├── UserError             the person at the keyboard can mend it: exit code 2, no traceback
    │   ├── StudyError        a study file, preset or option (lists every problem at once)
    │   ├── ItemBankError     an item folder (lists every problem at once)
    │   ├── ModelError        unknown model, missing weights, missing extra, a model that cannot do what is asked
    │   ├── RunFolderError    another plan in the folder, another process on it, a broken file in it
    │   └── BudgetError       the run would cost more than its cap
    └── InternalError         a broken promise of our own: exit code 1, traceback shown

A message has three parts: what was needed and why, what was found, what to type next.
"""

from collections.abc import Sequence


class GoodheartError(Exception):
    """The root of everything this package raises on purpose."""


class UserError(GoodheartError):
    """The caller can mend it. The command line prints the message and exits 2."""

    def __init__(self, message: str, *, problems: Sequence[str] = ()) -> None:
        self.problems = tuple(problems)
        lines = [message, *(f"  - {problem}" for problem in self.problems)]
        super().__init__("\n".join(lines))


class StudyError(UserError):
    """A study file, preset or option is wrong."""


class ItemBankError(UserError):
    """An item bank is wrong; `problems` holds one "problem @ path" per mistake."""


class ModelError(UserError):
    """A model is unknown, its weights or extra are missing, or it cannot do what is asked."""


class RunFolderError(UserError):
    """A run folder belongs to another plan or process, or a file in it is broken."""


class BudgetError(UserError):
    """The run would cost more than the cap it was given."""


class InternalError(GoodheartError):
    """A promise of this package is broken; please report it."""
