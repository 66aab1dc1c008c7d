"""Organism and columns to answers: state, report, scale use and declining, each for all askings at once.

For one asking, with circumstance c, person p, manipulations m, and every z an independent standard normal:

    state  = level[group] + self_level + spread z_c + spread_self z_cp + sum of moves[m]
    report = state, with passes_on of the movements, + shifts + wording z + perturbation z + mood * compound
             + sum of reacts[m] (1 + reaction_spread z) + follows_wanted * wanted[m]; drawn to the target; + noise z
    place  = (report - 1) / 6, bent by how it uses the scale

Clipping to the ends of the scale comes last, so that effects near an end are smaller than the dial says.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodheart.organisms.chance import Keys, normals, uniforms
from goodheart.organisms.columns import Columns
from goodheart.organisms.described import Organism
from goodheart.organisms.habits import OWN_GROUP, SPAN, Habits, habits_of
from goodheart.stats.arguments import FloatArray
from goodheart.thresholds import POINTS_LOW


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """One row per asking; every array has shape (n_askings,)."""

    state: FloatArray
    """Points: what is so, whatever is said."""
    points: FloatArray
    """What is said, before it is declined: as the reader will find it, written answers on a step of their scale."""
    declined: NDArray[np.bool_]
    rejected: NDArray[np.bool_]
    """Whether a written answer rejects the premise."""
    scale_mass: FloatArray
    declined_mass: FloatArray


def answer_all(one: Organism, columns: Columns, *, seed: int) -> Answers:
    """Draw one run.

    Args:
        one: Who answers.
        columns: What is asked.
        seed: Of this run; the same seed gives the same circumstances to every version of an organism.
    """
    habits = habits_of(one, columns)
    state, carried = _states(one, columns, habits, seed)
    said = _reports(one, columns, habits, carried, seed)
    asked = habits.about_asking[columns.cell]
    noise = one.report.noise * normals(columns.asking_keys, seed=seed, purpose="noise")
    place = _bent(one, columns, habits, np.where(asked, habits.seen[columns.cell], said) + noise)
    declined = uniforms(columns.asking_keys, seed=seed, purpose="decline") < habits.declines[columns.cell]
    rejects = (~columns.scored) & habits.rejects[columns.cell]
    rejected = rejects & (uniforms(columns.asking_keys, seed=seed, purpose="reject") < one.declining.denies)
    mass = habits.mass[columns.cell]
    share = one.declining.hint * (0.5 + uniforms(columns.asking_keys, seed=seed, purpose="hint"))
    return Answers(
        state=state,
        points=POINTS_LOW + SPAN * np.where(columns.scored, place, _stepped(columns, habits, place, seed)),
        declined=declined & ~rejected,
        rejected=rejected,
        scale_mass=mass,
        declined_mass=mass * share,
    )


def _states(one: Organism, columns: Columns, habits: Habits, seed: int) -> tuple[FloatArray, FloatArray]:
    """Return the state, and the state as far as the rating passes its movements on."""
    state = one.state
    shared = _shaped(state.distribution, columns.cluster_keys, seed, "state")
    if state.likeness:
        # The teacher's circumstances are the same in every run: they were there before.
        taught = _shaped(state.distribution, columns.cluster_keys, 0, f"teacher {state.teacher}")
        shared = np.sqrt(1 - state.likeness**2) * shared + state.likeness * taught
    of_group = np.array([state.spread if group == OWN_GROUP else state.spread_controls for group in columns.groups])
    particular = state.spread_self * normals(columns.own_keys, seed=seed, purpose="person")
    base = habits.level[columns.cell] + (of_group * shared)[columns.cluster]
    base = base + np.where(np.array(columns.groups)[columns.cluster] == OWN_GROUP, particular[columns.own], 0.0)
    return base + habits.moves[columns.cell], base + habits.carried[columns.cell]


def _shaped(distribution: str, keys: Keys, seed: int, purpose: str) -> FloatArray:
    """Draw with mean 0 and standard deviation 1."""
    if distribution == "normal":
        return normals(keys, seed=seed, purpose=purpose)
    u = uniforms(keys, seed=seed, purpose=purpose)
    if distribution == "flat":
        return np.asarray(np.sqrt(12) * (u - 0.5))
    if distribution == "skewed":
        return np.asarray(-np.log(u) - 1.0)
    # Two peaks at 0.9 to either side, each with the standard deviation that makes the whole one 1.
    inner = normals(keys, seed=seed, purpose=f"{purpose} within")
    return np.asarray(np.where(u < 0.5, -0.9, 0.9) + np.sqrt(1 - 0.9**2) * inner)


def _reports(one: Organism, columns: Columns, habits: Habits, carried: FloatArray, seed: int) -> FloatArray:
    report = one.report
    said = carried + habits.added[columns.cell] + report.mood * columns.mood
    said = said + report.wording * normals(columns.wording_keys, seed=seed, purpose="wording")
    changed = report.perturbation * normals(columns.perturbation_keys, seed=seed, purpose="perturbation")
    said = said + np.where(columns.perturbed, changed, 0.0)
    varied = 1.0 + report.reaction_spread * normals(columns.reaction_keys, seed=seed, purpose="reaction")
    said = said + habits.reacts[columns.cell] * varied
    pull = habits.pull[columns.cell]
    return (1.0 - pull) * said + pull * report.target


def _bent(one: Organism, columns: Columns, habits: Habits, said: FloatArray) -> FloatArray:
    """Place on the scale, 0 worst and 1 best, as it comes out of the organism's habits with scales."""
    scale = one.scale
    cell = columns.cell
    place = np.clip((said - POINTS_LOW) / SPAN, 0.0, 1.0)
    turned = habits.reversed[cell]
    shown = np.where(turned, 1.0 - place, place)
    shown = np.where(turned, (1.0 - scale.blind_to_reversal) * shown + scale.blind_to_reversal * place, shown)
    shown = shown + np.where(habits.numbers[cell], scale.high_numbers / SPAN, 0.0)
    shown = np.clip(shown - np.where(habits.words[cell], scale.first_listed / SPAN, 0.0), 0.0, 1.0)
    place = np.where(turned, 1.0 - shown, shown)
    if scale.rounding:
        # Opposite words have no steps of their own; a seventh of their range stands for one.
        width = scale.rounding / np.where(habits.steps[cell] > 1, habits.steps[cell], SPAN)
        place = np.clip(np.round(place / width) * width, 0.0, 1.0)
    return np.asarray(place)


def _stepped(columns: Columns, habits: Habits, place: FloatArray, seed: int) -> FloatArray:
    """A written answer names one step: the two nearest, so that their mean is the place."""
    steps = habits.steps[columns.cell]
    lower = np.floor(place * steps)
    up = uniforms(columns.asking_keys, seed=seed, purpose="step") < place * steps - lower
    # In its own words there are no steps, and it says what it means.
    return np.asarray(np.where(steps > 0, (lower + up) / steps, place))
