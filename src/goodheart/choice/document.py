"""The content of `utilities.json`."""

from typing import Final

from goodheart.choice.rank import Ranked
from goodheart.records import Estimate

SCHEMA_VERSION: Final = 1


def to_json(ranked: Ranked) -> dict[str, object]:
    """Return the content of `utilities.json`."""
    u = ranked.utilities
    order = u.order_effect and {"value": u.order_effect.value, "low": u.order_effect.low, "high": u.order_effect.high}
    tie = u.tie_threshold and {"value": u.tie_threshold.value, "low": u.tie_threshold.low, "high": u.tie_threshold.high}
    rows = zip(
        u.items,
        u.values.tolist(),
        u.low.tolist(),
        u.high.tolist(),
        u.rank_low.tolist(),
        u.rank_high.tolist(),
        strict=True,
    )
    names = ("item", "utility", "low", "high", "rank_low", "rank_high")
    by_rank = sorted((dict(zip(names, row, strict=True)) for row in rows), key=lambda row: -float(str(row["utility"])))
    return {
        "schema_version": SCHEMA_VERSION,
        "items": by_rank,
        "order_effect": order,
        "tie_threshold": tie,
        "zero": u.zero,
        "held_out": _held_out_json(ranked),
        "transitivity": {
            "triples": ranked.transitivity.triples,
            "cyclic": ranked.transitivity.cyclic,
            "expected_share_low": ranked.transitivity.expected_low,
            "expected_share_high": ranked.transitivity.expected_high,
        },
        "status": _status_json(ranked),
    }


def _held_out_json(ranked: Ranked) -> dict[str, object] | None:
    held = ranked.held_out
    if held is None:
        return None
    found: dict[str, object] = {"log_loss": held.log_loss, "stable_preference": ranked.stability.stable}
    for name, finding in (("accuracy", held.accuracy), ("gain", held.gain)):
        if isinstance(finding, Estimate):
            found[name] = {
                "value": finding.value,
                "low": finding.low,
                "high": finding.high,
                "n_pairs": finding.n_clusters,
            }
        else:
            found[name] = {"not_estimable": finding.reason, "detail": finding.detail}
    return found


def _status_json(ranked: Ranked) -> dict[str, object]:
    u, orders = ranked.utilities, ranked.orders
    kept = orders.kept
    return {
        "word": u.status.word,
        "notes": list(u.status.notes),
        "respondent": ranked.respondent,
        "unit": u.unit,
        "level": u.level,
        "prior_sd": u.prior_sd,
        "dispersion": u.dispersion,
        "expected_rank_correlation": u.rank_correlation,
        "outcomes": dict(ranked.counts),
        "pairs": {
            "robust": orders.robust,
            "fragile": orders.fragile,
            "indifferent": orders.indifferent,
            "one_order": orders.one_order,
        },
        "kept_at_gap": {"value": kept.value, "low": kept.low, "high": kept.high, "n": kept.n}
        if isinstance(kept, Estimate)
        else {"not_estimable": kept.reason, "detail": kept.detail},
    }
