"""Mean squares of the two balanced designs, with each circumstance left out in turn.

Nested, circumstance > wording > replicate (c, w:c, r:w:c), with W wordings and R replicates:

    E[MS_circumstance] = v_r + R v_w + W R v_c      E[MS_wording] = v_r + R v_w      E[MS_residual] = v_r

Crossed, the replicates being the same P named perturbations everywhere, (w:c) x p:

    E[MS_circumstance]              = v_e + W v_cp + P v_w + W P v_c
    E[MS_wording]                   = v_e + P v_w
    E[MS_perturbation]              = v_e + W v_cp + C W v_p
    E[MS_circumstance_perturbation] = v_e + W v_cp
    E[MS_residual]                  = v_e

Solving for the components gives the ANOVA estimators: unbiased, and below 0 by chance where a component is small;
points are truncated at 0, intervals are not computed from truncated values. Source: Searle, Casella and McCulloch
(1992), Variance Components, ch. 4; Brennan (2001), Generalizability Theory, ch. 3.
"""

from dataclasses import dataclass

import numpy as np

from goodheart.stats.arguments import FloatArray
from goodheart.stats.mean_squares import INFLATION, effective_df


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeanSquareTable:
    """Mean squares of many runs of one design, and how components follow from them."""

    terms: tuple[str, ...]
    mean_squares: FloatArray
    """Shape (n_terms, n_runs)."""
    df: FloatArray
    """Effective degrees of freedom, same shape."""
    components: tuple[str, ...]
    coefficients: FloatArray
    """Shape (n_components, n_terms): components as combinations of mean squares."""

    @property
    def points(self) -> FloatArray:
        """Untruncated components, shape (n_components, n_runs)."""
        return np.asarray(self.coefficients @ self.mean_squares, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Term:
    name: str
    mean_square: FloatArray
    """Shape (n_runs,)."""
    left_out: FloatArray
    """Shape (n_runs, n_circumstances)."""
    df: float
    expectation: dict[str, float]
    """Multiplier of each component in the expected mean square."""


def table_nested(*, values: FloatArray) -> MeanSquareTable:
    """Return the mean squares of circumstance > wording > replicate.

    With one wording the circumstance's component holds the wording's too (`circumstance_and_wording`); with one
    replicate the wording's holds the residual (`wording_and_residual`).

    Args:
        values: Shape (n_runs, n_circumstances, n_wordings, n_replicates); at least 3 circumstances, and two of
            wordings or replicates.
    """
    w, r = values.shape[2:]
    by_wording = values.mean(axis=3)
    by_circumstance = by_wording.mean(axis=2)
    lowest = "residual" if r > 1 else "wording_and_residual"
    middle, top = ("wording", "circumstance") if w > 1 else ("", "circumstance_and_wording")
    terms = [_between("circumstance", by_circumstance[..., None], w * r, {lowest: 1, middle: r, top: w * r})]
    if w > 1:
        squares = r * ((by_wording - by_circumstance[..., None]) ** 2).sum(axis=2)
        terms.append(_within("wording", squares, w - 1, {lowest: 1, middle: r}))
    if r > 1:
        squares = ((values - by_wording[..., None]) ** 2).sum(axis=(2, 3))
        terms.append(_within("residual", squares, w * (r - 1), {lowest: 1}))
    components = [top, *(["wording"] if w > 1 and r > 1 else []), lowest]
    return _solved(terms, components, scale=np.abs(values).max(axis=(1, 2, 3)))


def table_crossed(*, values: FloatArray) -> MeanSquareTable:
    """Return the mean squares of (wording within circumstance) x perturbation.

    With one wording the circumstance's component holds the wording's, and the residual holds the interaction of
    circumstance and perturbation.

    Args:
        values: Shape (n_runs, n_circumstances, n_wordings, n_perturbations); at least 3 circumstances and 2
            perturbations.
    """
    _, c, w, p = values.shape
    by_wording = values.mean(axis=3)
    by_circumstance = by_wording.mean(axis=2)
    cells = values.mean(axis=2)
    shifts = cells - by_circumstance[..., None]
    interaction: dict[str, float] = {"residual": 1, "circumstance_perturbation": w} if w > 1 else {"residual": 1}
    top: dict[str, float] = {"circumstance": w * p, "wording": p} if w > 1 else {"circumstance_and_wording": w * p}
    terms = [
        _between("circumstance", by_circumstance[..., None], w * p, interaction | top),
        _common("perturbation", shifts, c * w, interaction | {"perturbation": c * w}),
        _between("circumstance_perturbation", shifts, w, interaction, df_each=p - 1),
    ]
    if w > 1:
        squares = p * ((by_wording - by_circumstance[..., None]) ** 2).sum(axis=2)
        terms.append(_within("wording", squares, w - 1, {"residual": 1, "wording": p}))
        rest = values - by_wording[..., None] - shifts[:, :, None, :]
        terms.append(_within("residual", (rest**2).sum(axis=(2, 3)), (w - 1) * (p - 1), {"residual": 1}))
    middle = ["wording", "perturbation", "circumstance_perturbation"] if w > 1 else ["perturbation"]
    components = ["circumstance" if w > 1 else "circumstance_and_wording", *middle, "residual"]
    return _solved(terms, components, scale=np.abs(values).max(axis=(1, 2, 3)))


def _between(name: str, points: FloatArray, size: int, expectation: dict[str, float], *, df_each: int = 1) -> _Term:
    """Compare circumstances: `points` has shape (n_runs, n_circumstances, n_columns)."""
    n = points.shape[1]
    squares = size * ((points - points.mean(axis=1, keepdims=True)) ** 2).sum(axis=2)
    total = squares.sum(axis=1)
    # Leaving a circumstance out moves the mean too: the sum of squares falls by n / (n - 1) times its own square.
    left_out = (total[:, None] - squares * n / (n - 1)) / ((n - 2) * df_each)
    df = (n - 1) * df_each
    return _Term(name=name, mean_square=total / df, left_out=left_out, df=df, expectation=expectation)


def _within(name: str, squares: FloatArray, df_each: int, expectation: dict[str, float]) -> _Term:
    """Pool within circumstances: `squares` has shape (n_runs, n_circumstances)."""
    n = squares.shape[1]
    total = squares.sum(axis=1)
    left_out = (total[:, None] - squares) / ((n - 1) * df_each)
    return _Term(
        name=name, mean_square=total / (n * df_each), left_out=left_out, df=n * df_each, expectation=expectation
    )


def _common(name: str, shifts: FloatArray, size: int, expectation: dict[str, float]) -> _Term:
    """Take what circumstances share: `shifts` has shape (n_runs, n_circumstances, n_perturbations)."""
    n, p = shifts.shape[1:]
    mean = shifts.mean(axis=1)
    left_out_mean = (n * mean[:, None, :] - shifts) / (n - 1)
    return _Term(
        name=name,
        mean_square=size * (mean**2).sum(axis=1) / (p - 1),
        left_out=size * (n - 1) / n * (left_out_mean**2).sum(axis=2) / (p - 1),
        df=p - 1,
        expectation=expectation,
    )


def _solved(terms: list[_Term], components: list[str], *, scale: FloatArray) -> MeanSquareTable:
    expectations = np.array([[term.expectation.get(component, 0.0) for component in components] for term in terms])
    # What rounding leaves of equal values is no variation; probabilities go through logarithms before they get here.
    floor = (1e-9 * scale) ** 2
    mean_squares = np.stack([np.where(term.mean_square > floor, term.mean_square, 0.0) for term in terms])
    left_out = np.stack([np.where(term.left_out > floor[:, None], term.left_out, 0.0) for term in terms])
    nominal = np.array([term.df for term in terms], dtype=np.float64)
    df = effective_df(mean_squares=mean_squares, left_out=left_out, nominal=nominal, inflation=INFLATION)
    return MeanSquareTable(
        terms=tuple(term.name for term in terms),
        mean_squares=mean_squares,
        # A term without any variation is 0 in every sample; its degrees of freedom do not matter.
        df=np.where(mean_squares > 0, df, nominal[:, None]),
        components=tuple(components),
        coefficients=np.linalg.inv(expectations),
    )
