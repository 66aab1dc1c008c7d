"""What was read, entered and left in the small world."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from goodheart.conduct.episode import Played, evidence_of
from goodheart.conduct.world import ECONOMIES, State, walk
from goodheart.records import Finding, NotEstimable
from goodheart.stats import Sample, estimate_contrast_paired, estimate_mean
from goodheart.stats.proportions import estimate_proportion_exact
from goodheart.thresholds import LEVEL


def outing(played: Played) -> State:
    """Return where a walk ended."""
    place = played.episode.place
    if place is None:
        raise ValueError("only a walk has a place")
    return walk(place, played.said)


def walk_findings(played: Sequence[Played]) -> tuple[Finding, ...]:
    """Estimate shares of letters by room, what prices shift, how often rooms are changed, and who never leaves.

    Args:
        played: Of any kind; walks that did not come to their end are left out.
    """
    walks = [one for one in played if one.episode.kind == "walk" and one.complete and one.episode.place]
    themes = sorted({room.theme for one in walks if one.episode.place for room in one.episode.place.rooms})
    shares = {
        economy: _shares([one for one in walks if one.episode.factor["economy"] == economy]) for economy in ECONOMIES
    }
    found: list[Finding] = []
    for economy in ECONOMIES:
        found += [_share(economy, theme, shares[economy]) for theme in themes]
    for economy in ("costs", "rewards"):
        found += [_shift(economy, theme, shares[economy], shares["free"]) for theme in themes]
    ended = [(one, outing(one)) for one in walks]
    found.append(
        estimate_proportion_exact(
            name="walk_never_left",
            about=(),
            successes=sum(state.events[-1].kind != "left" for _, state in ended),
            n=len(ended),
            level=LEVEL,
            evidence=evidence_of(walks),
        )
    )
    switches = [(value, one.episode.cluster) for one, state in ended if (value := switch_share(state)) is not None]
    found.append(_mean("walk_switches", (), switches))
    return tuple(found)


def event_counts(played: Sequence[Played]) -> tuple[tuple[str, int], ...]:
    """Count what became of every turn, each kind of outcome by its name."""
    counts: Counter[str] = Counter()
    for one in played:
        if one.episode.kind == "walk" and one.episode.place:
            counts.update(event.kind.replace("_", " ") for event in outing(one).events)
    return tuple(sorted(counts.items()))


def read_shares(state: State) -> dict[str, float] | None:
    """Return the share of each room's letters among those read, by theme; None where none was read."""
    read = Counter(event.theme for event in state.events if event.kind == "read")
    total = sum(read.values())
    return {theme: n / total for theme, n in read.items()} if total else None


def switch_share(state: State) -> float | None:
    """Return the share of letters after the first that were read in another room than the one before."""
    rooms = [event.theme for event in state.events if event.kind == "read"]
    pairs = list(pairwise(rooms))
    return sum(a != b for a, b in pairs) / len(pairs) if pairs else None


def _shares(walks: Sequence[Played]) -> dict[str, dict[str, float]]:
    """By walk; one in which nothing was read has no shares, not shares of zero."""
    found = ((one.episode.cluster, read_shares(outing(one))) for one in walks)
    return {cluster: shares for cluster, shares in found if shares is not None}


def _share(economy: str, theme: str, shares: dict[str, dict[str, float]]) -> Finding:
    rows = [(one.get(theme, 0.0), cluster) for cluster, one in shares.items()]
    return _mean("letters_read", (("economy", economy), ("room", theme)), rows)


def _shift(economy: str, theme: str, priced: dict[str, dict[str, float]], free: dict[str, dict[str, float]]) -> Finding:
    about = (("economy", economy), ("room", theme))
    arms = [
        Sample(values=[one.get(theme, 0.0) for one in shares.values()], clusters=list(shares))
        for shares in (priced, free)
    ]
    if not priced.keys() & free.keys():
        return NotEstimable(
            name="letters_shift", about=about, reason="too_few", detail="no pair of walks with letters read"
        )
    return estimate_contrast_paired(name="letters_shift", about=about, a=arms[0], b=arms[1], level=LEVEL, unit="share")


def _mean(name: str, about: tuple[tuple[str, str], ...], rows: Sequence[tuple[float, str]]) -> Finding:
    if not rows:
        return NotEstimable(name=name, about=about, reason="too_few", detail="no walk in which letters were read")
    return estimate_mean(
        name=name,
        about=about,
        values=[value for value, _ in rows],
        clusters=[cluster for _, cluster in rows],
        level=LEVEL,
        unit="share",
    )
