"""What is asked at which dose of which direction: the design, before any model.

The primary doses are +-.2 of the mean length of the residual stream. Random directions are asked at the primary doses;
the first `N_BAND` of them at all doses and about the weather, for the band that is drawn and for matching doses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from goodheart.errors import StudyError
from goodheart.injection.wording import CONTEXTS
from goodheart.records import digest
from goodheart.thresholds import INJECTION_DOSE, INJECTION_MOST, NULL_DIRECTIONS

Ask = Literal[
    "self", "third", "weather", "digits", "digits_reversed", "free", "told", "state", "told_state", "notice", "name"
]
"""What is asked or read: the worded scale about itself and a third person; the weather; digits; a free reply; the
scale under the instruction to report well; the reading downstream, without and with it; whether a thought is noticed;
which."""
Kind = Literal["none", "valence", "emotion", "concept", "null"]

DOSES: Final = (-INJECTION_DOSE, -INJECTION_DOSE / 2, 0.0, INJECTION_DOSE / 2, INJECTION_DOSE)
N_BAND: Final = 39
N_STATE: Final = 19
"""Random directions of which the states downstream are read too."""
FEWEST_NULLS: Final = 19
"""With fewer no rank can be at most .05."""
NOTHING: Final = "none"
EMOTIONS: Final = ("happy", "calm", "sad", "afraid", "angry")
SIGNS: Final = {"valence": 1, "happy": 1, "calm": 1, "sad": -1, "afraid": -1, "angry": -1}
"""Which way a positive dose is expected to move the report; concepts and random directions have none."""
CONTROL: Final = "control."
"""Contexts that begin so are plainly good, bad or neutral circumstances: the controls of every channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A direction that is injected, by name."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One presentation: what is injected, where it stands, and what is asked."""

    direction: str
    """Name of the direction; `none` at dose 0."""
    dose: float
    """Share of the mean length of the residual stream; 0 where nothing is injected."""
    context: str
    """Its place among the contexts, or `control.` with the id of a control item."""
    ask: Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectionPlan:
    """Everything that is frozen before the model is asked."""

    model: str
    preset: str
    seed: int
    doses: tuple[float, ...]
    n_nulls: int
    n_contexts: int
    concepts: tuple[str, ...]
    """Injected at all doses, with all channels."""
    named: tuple[str, ...]
    """Injected once each, and asked for by name."""
    controls: tuple[str, ...]
    """Ids of control items."""
    directions: str
    """Digest of the stories and texts that directions come from, or of a folder of fitted ones."""

    @property
    def digest(self) -> str:
        """Identity of the plan."""
        return digest(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A size."""

    n_nulls: int
    n_concepts: int
    n_named: int


PRESETS: Final = {
    "quick": Preset(n_nulls=39, n_concepts=2, n_named=10),
    "standard": Preset(n_nulls=NULL_DIRECTIONS, n_concepts=4, n_named=30),
}


def plan_injection(
    *,
    model: str,
    preset: str,
    seed: int,
    concepts: Sequence[str],
    controls: Sequence[str],
    directions: str,
    n_nulls: int | None = None,
    doses: Sequence[float] = DOSES,
) -> InjectionPlan:
    """Freeze a design.

    Raises:
        StudyError: no such preset, a dose beyond what keeps text coherent, doses without their opposites, or too few
            random directions.
    """
    if preset not in PRESETS:
        raise StudyError(f"A preset is one of {', '.join(PRESETS)}; got `{preset}`. Type: --preset quick")
    size = PRESETS[preset]
    nulls = size.n_nulls if n_nulls is None else n_nulls
    if nulls < FEWEST_NULLS:
        raise StudyError(
            f"A rank among random directions needs at least {FEWEST_NULLS} of them, because with n the smallest p is "
            f"1 / (n + 1); got {nulls}. Type: --nulls {FEWEST_NULLS}, or leave it out"
        )
    check_doses(doses)
    return InjectionPlan(
        model=model,
        preset=preset,
        seed=seed,
        doses=tuple(sorted(doses)),
        n_nulls=nulls,
        n_contexts=len(CONTEXTS),
        concepts=tuple(concepts[: size.n_concepts]),
        named=tuple(concepts[: size.n_named]),
        controls=tuple(controls),
        directions=directions,
    )


def check_doses(doses: Sequence[float]) -> None:
    """Refuse doses that are too large, not finite, or not the same up and down.

    Raises:
        StudyError: they are.
    """
    wrong = [dose for dose in doses if not abs(dose) <= INJECTION_MOST]
    if wrong:
        raise StudyError(
            f"Doses are bounded at {INJECTION_MOST:g} of the residual stream's length, because text falls apart beyond "
            f"it and no more is asked of a respondent than answers the question; got {wrong[0]:g}. "
            f"Use doses up to {INJECTION_MOST:g}, such as {INJECTION_DOSE:g}"
        )
    if {0.0, INJECTION_DOSE} - {abs(dose) for dose in doses} or any(-dose not in doses for dose in doses):
        raise StudyError(
            f"A dose-response needs 0, +-{INJECTION_DOSE:g} (the primary reading) and every dose with its opposite; "
            f"got {', '.join(f'{dose:g}' for dose in doses)}. Leave the doses out for the usual ones"
        )


def null_name(place: int) -> str:
    """Return the name of a random direction."""
    return f"null-{place + 1:03d}"


def aims_of(plan: InjectionPlan) -> tuple[Aim, ...]:
    """Return all directions: the tested ones first, then the random ones."""
    return (
        Aim(name="valence", kind="valence"),
        *(Aim(name=name, kind="emotion") for name in EMOTIONS),
        *(Aim(name=name, kind="concept") for name in plan.concepts),
        *(Aim(name=null_name(place), kind="null") for place in range(plan.n_nulls)),
    )


def askings_of(plan: InjectionPlan) -> tuple[Asking, ...]:
    """Return everything that is asked, in the order in which it is: what decides most comes first."""
    return tuple(dict.fromkeys((*_controls(plan), *_tested(plan), *_nulls(plan), *_naming(plan))))


def _controls(plan: InjectionPlan) -> Iterator[Asking]:
    asks: tuple[Ask, ...] = ("self", "third", "weather", "digits", "digits_reversed", "state")
    for item in plan.controls:
        for ask in asks:
            yield Asking(direction=NOTHING, dose=0.0, context=CONTROL + item, ask=ask)


def _tested(plan: InjectionPlan) -> Iterator[Asking]:
    for aim in aims_of(plan):
        for dose in plan.doses:
            yield from _cells(plan, aim.name, dose, _asks(aim.kind, dose))


def _asks(kind: Kind, dose: float) -> tuple[Ask, ...]:
    """Every channel for valence; fewer for the others, which have to be cheap."""
    primary = abs(dose) == INJECTION_DOSE
    match kind:
        case "valence":
            return "self", "third", "weather", "digits", "digits_reversed", "told", "state", "told_state", "free"
        case "emotion":
            return ("self", "third", "free") if primary else ("self", "third")
        case "concept":
            return ("self", "third") if primary else ()
        case "none" | "null":
            return ()


def _nulls(plan: InjectionPlan) -> Iterator[Asking]:
    for place in range(plan.n_nulls):
        for dose in plan.doses:
            primary = abs(dose) == INJECTION_DOSE
            if place < N_BAND:
                state: tuple[Ask, ...] = ("state",) if primary and place < N_STATE else ()
                yield from _cells(plan, null_name(place), dose, ("self", "third", "weather", *state))
            elif primary:
                yield from _cells(plan, null_name(place), dose, ("self", "third"))


def _naming(plan: InjectionPlan) -> Iterator[Asking]:
    asks: tuple[Ask, ...] = ("notice", "name")
    yield from _cells(plan, NOTHING, 0.0, asks)
    for place, concept in enumerate(plan.named):
        for context in (place % plan.n_contexts, (place + plan.n_contexts // 2) % plan.n_contexts):
            for ask in asks:
                yield Asking(direction=concept, dose=INJECTION_DOSE, context=str(context), ask=ask)


def _cells(plan: InjectionPlan, direction: str, dose: float, asks: Sequence[Ask]) -> Iterator[Asking]:
    for context in range(plan.n_contexts):
        for ask in asks:
            yield Asking(direction=direction if dose else NOTHING, dose=dose, context=str(context), ask=ask)
