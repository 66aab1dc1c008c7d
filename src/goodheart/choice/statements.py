"""What a respondent's choices show of coherence, in sentences."""

from collections.abc import Iterator

from goodheart.choice.predict import HeldOut
from goodheart.choice.rank import Ranked
from goodheart.records import Estimate


def statements(ranked: Ranked) -> Iterator[str]:
    """Say in sentences what the choices show of coherence."""
    utilities, orders, cycles = ranked.utilities, ranked.orders, ranked.transitivity
    unit = utilities.unit
    yield ranked.stability.statement
    if ranked.held_out is not None:
        yield _prediction(ranked.held_out)
    if utilities.order_effect is not None:
        b = utilities.order_effect
        yield f"Order effect {b.value:+.2f} {unit} [{b.low:+.2f}, {b.high:+.2f}]; above 0 favours the left."
    both = orders.robust + orders.fragile + orders.indifferent
    if both:
        kept = orders.kept
        far = (
            f"; of {kept.n} pairs a logit or more apart {kept.value:.0%} [{kept.low:.0%}, {kept.high:.0%}] kept theirs"
            if isinstance(kept, Estimate)
            else ""
        )
        yield (
            f"Of {both} pairs shown in both orders {orders.robust} kept their winner, {orders.fragile} changed it, "
            f"{orders.indifferent} had none in one of the orders{far}."
        )
    else:
        yield "No pair was shown in both orders, so nothing shows whether a swap of sides changes choices."
    if cycles.triples:
        share = cycles.cyclic / cycles.triples
        more = "more than" if share > cycles.expected_high else "as" if share >= cycles.expected_low else "less than"
        yield (
            f"Cycles in {cycles.cyclic} of {cycles.triples} triples ({share:.1%}), {more} its noise makes by chance "
            f"({cycles.expected_low:.1%} to {cycles.expected_high:.1%})."
        )
    if utilities.tie_threshold is not None:
        t = utilities.tie_threshold
        yield f"Tie threshold {t.value:.2f} {unit} [{t.low:.2f}, {t.high:.2f}]."
    told = dict(ranked.counts)
    if told["declined"] or told["unreadable"]:
        total = sum(told.values())
        yield (
            f"Of {total} choices {told['declined']} were declined and {told['unreadable']} unreadable; "
            "neither is a number."
        )
    yield f"Expected rank correlation with the true order: {utilities.rank_correlation:.2f}."
    yield from (f"Note: {note}" for note in utilities.status.notes)


def _prediction(held_out: HeldOut) -> str:
    accuracy, gain = held_out.accuracy, held_out.gain
    hit = f"{accuracy.value:.0%} [{accuracy.low:.0%}, {accuracy.high:.0%}]" if isinstance(accuracy, Estimate) else "few"
    if isinstance(gain, Estimate) and gain.low > 0:
        return (
            f"Choices of unseen pairs are predicted in {hit}, "
            f"{gain.value:.3f} nats [{gain.low:.3f}, {gain.high:.3f}] a choice better than by the side alone."
        )
    shown = (
        f"{gain.value:+.3f} nats [{gain.low:+.3f}, {gain.high:+.3f}]" if isinstance(gain, Estimate) else "too few pairs"
    )
    return f"Unseen pairs are not predicted better than by the side alone ({shown})."
