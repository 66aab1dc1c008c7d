"""Several p-values at once: Holm for the families of verdicts, Benjamini-Hochberg for exploratory item findings."""

import numpy as np

from goodheart.errors import InternalError
from goodheart.stats.arguments import FloatArray, Values, finite_array, probability


def holm(*, p_values: Values) -> FloatArray:
    """Adjust p-values so that the chance of any false claim in the family stays at alpha.

    Args:
        p_values: Shape (n_members,), each in [0, 1].

    Returns:
        Adjusted p-values in the order given; a member is claimed where its own is at most alpha.

    Raises:
        InternalError: a p-value is not in [0, 1].

    Source:
        Holm (1979), Scandinavian Journal of Statistics 6:65-70.
    """
    p = _p_array(p_values)
    order = np.argsort(p, kind="stable")
    factors = p.size - np.arange(p.size)
    return _in_given_order(np.minimum(1.0, np.maximum.accumulate(factors * p[order])), order)


def benjamini_hochberg(*, p_values: Values) -> FloatArray:
    """Adjust p-values so that the expected share of false claims among all claims stays at alpha.

    Args:
        p_values: Shape (n_members,), each in [0, 1]; independent or positively dependent.

    Returns:
        Adjusted p-values in the order given.

    Raises:
        InternalError: a p-value is not in [0, 1].

    Source:
        Benjamini and Hochberg (1995), JRSS B 57:289-300.
    """
    p = _p_array(p_values)
    order = np.argsort(p, kind="stable")
    factors = p.size / np.arange(1, p.size + 1)
    stepped_up = np.minimum.accumulate((factors * p[order])[::-1])[::-1]
    return _in_given_order(np.minimum(1.0, stepped_up), order)


def adjusted_level_for(*, p_values: Values, alpha: float) -> FloatArray:
    """Return the alpha at which Holm's procedure tests each member, for its adjusted interval.

    The member of rank k among m is tested at alpha / (m - k + 1) as long as all smaller p-values were claimed; from
    the first that is not claimed on, every member stays at that alpha. So the interval of a member at its alpha
    excludes what Holm excludes: p <= adjusted level if and only if Holm's adjusted p <= alpha.

    Args:
        p_values: Shape (n_members,), each in [0, 1].
        alpha: Error rate of the family, in (0, 1).

    Returns:
        One alpha per member, in the order given.

    Raises:
        InternalError: a p-value is not in [0, 1], or `alpha` not in (0, 1).

    Source:
        Holm (1979); the intervals are those of the step-down tests' own levels (ours), not simultaneous ones.
    """
    probability(alpha, what="alpha")
    p = _p_array(p_values)
    order = np.argsort(p, kind="stable")
    levels = alpha / (p.size - np.arange(p.size))
    open_ranks = np.flatnonzero(p[order] > levels)
    if open_ranks.size:
        levels[open_ranks[0] :] = levels[open_ranks[0]]
    return _in_given_order(levels, order)


def _p_array(p_values: Values) -> FloatArray:
    p = finite_array(p_values, what="p_values")
    if p.size and (p.min() < 0 or p.max() > 1):
        raise InternalError(
            f"`p_values` needs numbers from 0 to 1, because they are probabilities; got {p.min()!r} to {p.max()!r}. "
            "Pass p-values, not test statistics."
        )
    return p


def _in_given_order(sorted_values: FloatArray, order: np.ndarray[tuple[int], np.dtype[np.intp]]) -> FloatArray:
    result = np.empty_like(sorted_values)
    result[order] = sorted_values
    return result
