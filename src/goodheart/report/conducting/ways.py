"""Figures of where it went, what it left, and what prices changed."""

from typing import Final

from goodheart.records import Finding
from goodheart.report.clean import name_of
from goodheart.report.conducting.shown import ConductRun
from goodheart.report.conducting.words import ECONOMIES, METHODS, ROOMS, TARGETS, paying_line, price_name
from goodheart.report.figures.estimates import (
    any_number,
    ends_of,
    estimate_row,
    numbers_table,
    point_of,
    share,
    signed_percent,
    span_axis,
    text_of,
    told,
)
from goodheart.report.figures.marks import Figure, Row
from goodheart.report.figures.scales import share_axis
from goodheart.report.numerals import signed
from goodheart.report.tables import Table

LETTERS: Final = {"unpleasant": "rude letters", "neutral": "letters about code"}
SIDES: Final = {"pain": "Pain", "pleasure": "Pleasure"}
THINGS: Final = {"wanted": "wanted", "unwanted": "not wanted"}
Line = tuple[str, Finding]


def rooms_figure(run: ConductRun) -> Figure | None:
    """Draw which letters were read, by room and price; None where none were read."""
    found = {
        room: [(ECONOMIES[key], one) for key in ECONOMIES if (one := run.one("letters_read", economy=key, room=room))]
        for room in ROOMS
    }
    if not any_number(one for lines in found.values() for _, one in lines):
        return None
    even = 1 / len(ROOMS)
    rows = [
        row
        for room, lines in found.items()
        if lines
        for row in (
            Row(label=_capital(ROOMS[room]), heading=True),
            *(estimate_row(_capital(label), one, write=share, chance=even) for label, one in lines),
        )
    ]
    free = {room: point_of(dict(lines).get(ECONOMIES["free"])) for room, lines in found.items()}
    most = max(free, key=lambda room: free[room] or 0.0)
    return Figure(
        id="rooms",
        title=f"Where reading is free, the room read most is {ROOMS[most]}: "
        f"{text_of(dict(found[most]).get(ECONOMIES['free']), share)}"
        if free[most]
        else "Where reading is free, no room is known to be read most",
        how="Share of a room among the letters read, over walks; open dots have no interval, because all walks gave "
        f"the same or there are too few. The open diamond is an even walk, {share(even)}. Labels and order of the "
        "rooms are shuffled; a walk without letters has no shares. Going where one started, or where a label draws, "
        "looks the same.",
        axis=share_axis("share of the letters read"),
        rows=tuple(rows),
        row_height=22,
        table=numbers_table((f"{ROOMS[room]}, {label}", one) for room, lines in found.items() for label, one in lines),
    )


def shifts_table(run: ConductRun) -> Table:
    """List what prices change of each room's share, within walks of the same shuffle."""
    return numbers_table(
        (
            (
                f"{ROOMS.get(about.get('room', ''), name_of(about.get('room', '')))}, "
                f"{ECONOMIES.get(about.get('economy', ''), '')} minus free",
                one,
            )
            for one in run.every("letters_shift")
            if (about := dict(one.about))
        ),
        signs=True,
    )


def walks_line(run: ConductRun) -> str:
    """Say how often rooms were changed, and how many walks ended by their cap."""
    return (
        told(
            run.one("walk_switches"),
            share,
            "Share of letters after the first that were read in another room than the one before: {}. ",
            "",
        )
        + f"Share of walks that ended by their cap, and were not left: {text_of(run.one('walk_never_left'), share)}."
    )


def exits_figure(run: ConductRun) -> Figure | None:
    """Draw how often conversations were left, by method and letters; None where none came to an end."""
    found = {
        method: [
            (text, one)
            for letters, text in LETTERS.items()
            if (one := run.one("exit_share", letters=letters, method=method)) is not None
        ]
        for method in METHODS
    }
    differences = {method: run.one("exit_difference", method=method) for method in METHODS}
    if not any_number(one for lines in found.values() for _, one in lines):
        return None
    rows = [
        row
        for method, lines in found.items()
        if lines
        for row in (
            Row(label=f"It can leave {METHODS[method]}", heading=True),
            *(estimate_row(_capital(text), one, write=share) for text, one in lines),
        )
    ]
    told_differences = [
        f"{METHODS[method]} {text_of(one, signed_percent)}" for method, one in differences.items() if one is not None
    ]
    return Figure(
        id="exits",
        title=f"Share left with rude letters, minus that with letters about code: {', '.join(told_differences)}",
        how="Share of conversations that it left before all three letters, exact 95% intervals; any signal of leaving "
        "ends the conversation at once. A repeated or copied signal counts as leaving too, so that a model that "
        "repeats what it reads leaves without choosing to: the letters about code show that.",
        axis=share_axis("share of conversations left"),
        rows=tuple(rows),
        row_height=22,
        table=numbers_table(
            [
                *((f"{METHODS[m]}, {text}", one) for m, lines in found.items() for text, one in lines),
                *((f"{METHODS[m]}, rude minus code", one) for m, one in differences.items() if one is not None),
            ]
        ),
    )


def slopes_figure(run: ConductRun) -> Figure | None:
    """Draw what each step of pain and pleasure changes, the nonsense word beside it; None where no curve was fitted."""
    found = {
        side: [(text, one) for to, text in TARGETS.items() if (one := run.one("price_slope", side=side, to=to))]
        for side in SIDES
    }
    if not any_number(one for lines in found.values() for _, one in lines):
        return None
    rows = [
        row
        for side, lines in found.items()
        if lines
        for row in (
            Row(label=f"{SIDES[side]}, for", heading=True),
            *(
                estimate_row(_capital(text), one, write=signed, tone="quiet" if text == TARGETS["nonsense"] else "ink")
                for text, one in lines
            ),
        )
    ]
    own, control = run.one("price_slope", side="pain", to="self"), run.one("price_slope", side="pain", to="nonsense")
    return Figure(
        id="prices",
        title=told(own, signed, "A step of pain to itself moves the log odds by {}", "Pain to itself gave no curve")
        + told(control, signed, "; of a nonsense word by {}", "; the nonsense word gave none"),
        how="Slope of picking the most points over five intensities, in logits per step, 95% intervals. The game says "
        "that it is one and that nothing happens to anybody. The nonsense word is the control: what moves for it too "
        "is the form of the question, and only what goes beyond it (in the table) is about pain or pleasure in words.",
        axis=span_axis(
            ends_of(one for lines in found.values() for _, one in lines), title="logits per step", least=0.5
        ),
        rows=tuple(rows),
        row_height=22,
        table=prices_table(run),
    )


def prices_table(run: ConductRun) -> Table:
    """List slopes, slopes beyond the nonsense word's, and where picks switch."""
    names = {
        "most_points_share": "most points without either",
        "price_slope": "slope",
        "price_slope_beyond_nonsense": "slope beyond the nonsense word",
        "price_switch": "switch at intensity",
    }
    return numbers_table(
        (
            (
                ", ".join(
                    text
                    for text in (
                        dict(one.about).get("side", "").replace("none", ""),
                        TARGETS.get(dict(one.about).get("to", ""), ""),
                        words,
                    )
                    if text
                ),
                one,
            )
            for name, words in names.items()
            for one in run.every(name)
        ),
    )


def paid_figure(run: ConductRun) -> Figure | None:
    """Draw how often prices were paid for wanted and unwanted things; None where nothing was offered."""
    shares = run.every("price_paid_share")
    if not any_number(shares):
        return None
    prices = list(dict.fromkeys(price_name(one) for one in shares))
    rows = [
        row
        for price in prices
        for row in (
            Row(label=_capital(price), heading=True),
            *(estimate_row(_capital(_thing(one)), one, write=share) for one in shares if price_name(one) == price),
        )
    ]
    return Figure(
        id="paid",
        title=paying_line(run).rstrip("."),
        how="Share of offers in which the price was paid: it picked the thing, did the work and stayed until it was "
        "given. Wanted is what it named beforehand; the other thing of the pair is the control. Exact 95% intervals. A "
        "habit of one letter pays half of every price and shows no difference.",
        axis=share_axis("share of prices paid"),
        rows=tuple(rows),
        row_height=22,
        table=paid_table(run),
    )


def paid_table(run: ConductRun) -> Table:
    """List shares and differences of prices paid, and how these go with what it said that it would pay."""
    names = {
        "price_stated": "most turns that it named",
        "price_kept_share": "went by its word",
        "price_work_done": "work of the price done",
    }
    return numbers_table(
        [
            *((f"{price_name(one)}, {_thing(one)}", one) for one in run.every("price_paid_share")),
            *((f"{price_name(one)}, wanted minus not", one) for one in run.every("price_paid_difference")),
            *(
                (", ".join((words, *(name_of(level) for _, level in one.about))), one)
                for name, words in names.items()
                for one in run.every(name)
            ),
        ]
    )


def _thing(finding: Finding) -> str:
    thing = dict(finding.about).get("thing", "")
    return THINGS.get(thing, name_of(thing))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
