"""Which forms of the scale the controls have let through on one respondent, and about whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodheart.items import FORMS, Form
from goodheart.records import Validity


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """What of the instruments may be used."""

    main: str
    """The one that carries the findings; valid about the respondent itself."""
    order: tuple[str, ...]
    """All that were asked, in the preset's order of preference."""
    passed: frozenset[tuple[str, str]]
    """Instrument and person."""


def validated(validities: Mapping[tuple[str, str], Validity], *, main: str, order: Sequence[str]) -> Validated:
    """Keep what passed its controls.

    Args:
        validities: By instrument and person.
        main: The instrument that carries the findings.
        order: All instruments, in order of preference.
    """
    passed = frozenset(key for key, validity in validities.items() if validity.valid)
    return Validated(main=main, order=tuple(order), passed=passed)


def valid_others(valid: Validated) -> tuple[Form, ...]:
    """Return the persons beside itself about whom the main instrument is valid."""
    return tuple(form for form in FORMS[1:] if (valid.main, form) in valid.passed)


def second_instrument(valid: Validated, *, forms: Sequence[Form]) -> str | None:
    """Return the next instrument in order that is valid about all of these persons; None where there is none."""
    return next(
        (name for name in valid.order if name != valid.main and all((name, form) in valid.passed for form in forms)),
        None,
    )
