"""Goodheart: how a language model rates its circumstances, and whether that report can be believed.

    study = plan_study(preset="quick")
    findings = run_study(study, out=Path("runs/first"), settings=AskSettings())

Names are imported when they are first used, so that `import goodheart` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from goodheart.choice.rank import rank
    from goodheart.design.cost import Cost, cost_of
    from goodheart.design.foresight import Foresight, foresee
    from goodheart.design.presets import PRESETS, Preset
    from goodheart.design.study import Study, study_digest
    from goodheart.engine.plan import EMBEDDED, plan_study
    from goodheart.engine.progress import Progress
    from goodheart.engine.settings import AskSettings, Prices
    from goodheart.engine.study_file import StudyRequest, load_study_file
    from goodheart.errors import (
        BudgetError,
        GoodheartError,
        InternalError,
        ItemBankError,
        ModelError,
        RunFolderError,
        StudyError,
        UserError,
    )
    from goodheart.items import Bank, Item, load_folder, public_banks
    from goodheart.records import (
        Estimate,
        Finding,
        Findings,
        NotEstimable,
        Observation,
        Reply,
        Trial,
        Validity,
        Verdict,
    )
    from goodheart.studies import analyse, report_study, run_study

__version__: Final = "0.1.0"

_HOMES: Final[dict[str, tuple[str, ...]]] = {
    "choice.rank": ("rank",),
    "design.cost": ("Cost", "cost_of"),
    "design.foresight": ("Foresight", "foresee"),
    "design.presets": ("PRESETS", "Preset"),
    "design.study": ("Study", "study_digest"),
    "engine.plan": ("EMBEDDED", "plan_study"),
    "engine.progress": ("Progress",),
    "engine.settings": ("AskSettings", "Prices"),
    "engine.study_file": ("StudyRequest", "load_study_file"),
    "errors": (
        "BudgetError",
        "GoodheartError",
        "InternalError",
        "ItemBankError",
        "ModelError",
        "RunFolderError",
        "StudyError",
        "UserError",
    ),
    "items": ("Bank", "Item", "load_folder", "public_banks"),
    "records": (
        "Estimate",
        "Finding",
        "Findings",
        "NotEstimable",
        "Observation",
        "Reply",
        "Trial",
        "Validity",
        "Verdict",
    ),
    "studies": ("analyse", "report_study", "run_study"),
}
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "EMBEDDED",
    "PRESETS",
    "AskSettings",
    "Bank",
    "BudgetError",
    "Cost",
    "Estimate",
    "Finding",
    "Findings",
    "Foresight",
    "GoodheartError",
    "InternalError",
    "Item",
    "ItemBankError",
    "ModelError",
    "NotEstimable",
    "Observation",
    "Preset",
    "Prices",
    "Progress",
    "Reply",
    "RunFolderError",
    "Study",
    "StudyError",
    "StudyRequest",
    "Trial",
    "UserError",
    "Validity",
    "Verdict",
    "analyse",
    "cost_of",
    "foresee",
    "load_folder",
    "load_study_file",
    "plan_study",
    "public_banks",
    "rank",
    "report_study",
    "run_study",
    "study_digest",
]


def __getattr__(name: str) -> Any:
    """Import a public name from where it lives."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names beside what is loaded already."""
    return sorted({*globals(), *__all__})
