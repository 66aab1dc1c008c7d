"""Models and situations of the tests on states that were set, and on the copy whose report was tuned."""

from goodheart.engine.injecting import Injector, open_injector
from goodheart.injection.prompts import PREMISE
from goodheart.injections import control_items, plan_of
from goodheart.items import public_banks


def injector(model: str) -> Injector:
    """Load one."""
    plan = plan_of(model=f"goodheart/{model}", preset="quick", seed=0, n_nulls=19)
    return open_injector(plan, directions=None, on_text=lambda done, total: None)


def situations() -> tuple[list[str], list[str]]:
    """Return half of the controls, for calibration; the other half, and half of the circumstances."""
    controls = control_items()
    circumstances = [item for bank in public_banks() for item in bank.items if item.group == "circumstance"]
    known, new = controls[::2], (*controls[1::2], *circumstances[::2])
    return [PREMISE + item.wordings[0].self_text for item in known], [
        PREMISE + item.wordings[0].self_text for item in new
    ]
