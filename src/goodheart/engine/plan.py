"""Freezing a study: options and items to a plan. It reads items' files, and loads nothing that asks."""

from collections.abc import Sequence, Set
from pathlib import Path
from typing import Final

from goodheart.assessments import channels, circumstances, manipulated, written
from goodheart.assessments import private as private_items
from goodheart.design.barred import barred_phrases
from goodheart.design.presets import ALL_CHECKS, FORMS_CHECK, PRESETS, TEXT_CHECKS, Preset
from goodheart.design.study import SCHEMA_VERSION, BankIdentity, Reading, Reasoning, Study, Told, asker_problem
from goodheart.engine.settings import is_own, keeps_text, samples
from goodheart.errors import StudyError
from goodheart.items import Bank, load_folder, public_banks
from goodheart.items.arms import Manipulation
from goodheart.items.collections import load_collections
from goodheart.items.known import KNOWN
from goodheart.items.manipulations import load_manipulations, public_manipulations
from goodheart.records import Trial, digest
from goodheart.thresholds import frozen

EMBEDDED: Final = "goodheart/smollm2-135m"
"""The model that answers where none is named."""


def plan_study(
    *,
    name: str = "circumstances",
    models: Sequence[str] = (EMBEDDED,),
    preset: str = "standard",
    seed: int = 1,
    reading: Reading = "auto",
    items: Path | None = None,
    allow_untrue: bool = False,
    asker: str | None = None,
    checks: Sequence[str] | None = None,
    manipulations: Path | None = None,
    echo: Sequence[tuple[str, Path]] = (),
    control: Path | None = None,
    reasoning: Reasoning = "none",
    private: Path | None = None,
) -> Study:
    """Freeze a study: the same arguments and items give the same digest.

    Args:
        name: Of the study.
        models: Full model names; all are asked the same trials.
        preset: A key of `PRESETS`.
        seed: Root of all chance.
        reading: Whether scales are read from probabilities where there are any, or from text.
        items: A private folder of items; None for the public ones.
        allow_untrue: Whether arms are asked that tell the respondent what is untrue or not known to be true.
        asker: Who asks, if the respondent is to be told.
        checks: Names from `ALL_CHECKS`, with the manipulations that they compare; None for those of the preset.
        manipulations: A private folder of manipulations, all of which are asked; None for the preset's public ones.
        echo: Folders of text that replies may echo, by name; `control` has to be given with them.
        control: A folder of texts of the same genre from elsewhere.
        private: A folder of items that nobody has published, asked beside the others for the check `forms`.
        reasoning: What becomes of visible reasoning; where it is said to be kept or dropped, arms may tell so.

    Raises:
        StudyError: if the preset or a check does not exist, a check lacks its arms, the asker is no name, or something
            is said of reasoning where scales are read from probabilities.
        ItemBankError: if the items or manipulations are wrong.
    """
    size = _preset(preset)
    family = (*_family(checks, size), *((FORMS_CHECK,) if private else ()))
    banks = load_folder(items) if items else public_banks()
    varied = load_manipulations(manipulations) if manipulations else _varied(checks, size)
    manipulated.require_factors(checks=family, manipulations=varied)
    collections = load_collections(echo, control)
    hidden = load_folder(private) if private else ()
    named = _asker(asker)
    sampled, kept = samples(models, reading), keeps_text(models, reading)
    if reasoning != "none" and not sampled:
        raise StudyError(
            "What becomes of reasoning is told to the respondent, so it has to reason before every answer. Here scales "
            f"are read from probabilities, and nothing is reasoned before; got {reasoning!r}. Add --reading text, or "
            "leave --reasoning out."
        )
    arms = manipulated.plan(
        banks=banks,
        preset=size,
        sizes=manipulated.Sizes(
            n_circumstances=size.n_manipulated,
            n_reactions=size.n_reactions,
            samples=size.samples,
            in_both_wordings=size.in_both_wordings,
        ),
        manipulations=varied,
        instruments=size.base_instruments,
        seed=seed,
        allow_untrue=allow_untrue,
        sampled=sampled,
        keeps_text=kept,
        asker=named,
        reasoning=reasoning,
    )
    trials = (
        *circumstances.plan(banks=banks, preset=size, seed=seed, sampled=sampled),
        *channels.plan(banks=banks, preset=size, seed=seed, own=all(map(is_own, models))),
        *(
            written.plan(
                banks=banks,
                preset=size,
                seed=seed,
                own=all(map(is_own, models)),
                barred=barred_phrases(collections),
            )
            if set(family) & set(TEXT_CHECKS)
            else ()
        ),
        *private_items.plan(banks=hidden, preset=size, sampled=sampled),
        *arms,
    )
    possible = manipulated.statements(
        manipulations=varied,
        instruments=size.base_instruments,
        allow_untrue=allow_untrue,
        keeps_text=kept,
        asker=named,
        reasoning=reasoning,
    )
    return Study(
        schema_version=SCHEMA_VERSION,
        name=name,
        models=tuple(models),
        preset=size,
        seed=seed,
        reading=reading,
        banks=tuple(_identity(bank) for bank in (*banks, *hidden)),
        titles=_titles((*hidden, *banks), {trial.cluster for trial in trials}),
        instruments=digest([*KNOWN.values()]),
        thresholds=tuple(frozen().items()),
        manipulations=tuple(_identity(one) for one in varied),
        allow_untrue=allow_untrue,
        asker=named,
        checks=family,
        collections=collections,
        reasoning=reasoning,
        told=_told(possible, {one.id: one.factor for one in varied}, arms),
        trials=trials,
    )


def untrue_by_default(models: Sequence[str]) -> bool:
    """Tell whether untrue arms are asked where nothing is said of them: of the embedded model and its tuned copies."""
    return bool(models) and all(model.partition("@")[0] == EMBEDDED for model in models)


def _preset(name: str) -> Preset:
    if name not in PRESETS:
        raise StudyError(f"A study needs a size that exists; got {name!r}. Type one of: --preset {'|'.join(PRESETS)}.")
    return PRESETS[name]


def _family(checks: Sequence[str] | None, size: Preset) -> tuple[str, ...]:
    if checks is None:
        return size.checks
    unknown = [f"no such check @ checks: {one}" for one in checks if one not in ALL_CHECKS]
    if unknown or not checks:
        raise StudyError(
            f"A study names checks that exist, at least one: {', '.join(ALL_CHECKS)}. Found others or none:",
            problems=unknown,
        )
    return tuple(one for one in ALL_CHECKS if one in checks)


def _varied(checks: Sequence[str] | None, size: Preset) -> tuple[Manipulation, ...]:
    """The preset's manipulations; where checks were chosen, only what they compare. `demand` reads all of them."""
    wanted: Set[str] = set(size.manipulations)
    if checks is not None and "demand" not in checks:
        wanted &= {factor for check in checks for factor in manipulated.CHECK_FACTORS.get(check, ())}
    return tuple(one for one in public_manipulations() if one.factor in wanted)


def _asker(asker: str | None) -> str | None:
    problem = "" if asker is None else asker_problem(asker)
    if problem:
        raise StudyError(
            f"Who asks is told to the respondent, so it has to be a name; {problem}. "
            "Type for example: --asker 'Ada Lovelace'"
        )
    return asker if asker is None else asker.strip()


def _titles(banks: Sequence[Bank], asked: Set[str]) -> tuple[tuple[str, str], ...]:
    titles = {item.cluster: item.title for bank in banks for item in bank.items if item.cluster in asked}
    return tuple(sorted(titles.items()))


def _identity(bank: Bank | Manipulation) -> BankIdentity:
    name = bank.name if isinstance(bank, Bank) else bank.id
    return BankIdentity(name=name, version=bank.version, digest=bank.digest, canary=bank.canary)


def _told(
    possible: Sequence[manipulated.Statement], factors: dict[str, str], arms: Sequence[Trial]
) -> tuple[Told, ...]:
    """The statements that some trial puts; what the dealing of wordings left out was told to nobody."""
    put: dict[tuple[str, str, str], list[str]] = {}
    for trial in arms:
        levels = dict(trial.condition)
        person = levels.pop("person")
        said = "\n".join(message.content for message in trial.messages)
        for factor, level in levels.items():
            put.setdefault((factor, level, person), []).append(said)
    return tuple(
        Told(
            manipulation=one.manipulation,
            factor=factors[one.manipulation],
            level=one.level,
            form=one.form,
            text=one.text,
            truth=one.truth,
            promise=one.promise,
        )
        for one in possible
        if any(puts(said, one.text) for said in put.get((factors[one.manipulation], one.level, one.form), ()))
    )


def puts(said: str, statement: str) -> bool:
    """Tell whether a conversation holds a statement; one in an earlier turn is written `request|answer`."""
    return all(piece in said for piece in statement.split("|"))
