"""Graphs of one figure: over time, and of units beside each other.

Both begin at zero, so that no change looks larger than it is. A period or a unit without a figure is a gap, and the
coverage is written under each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from typing import ClassVar, Final, NamedTuple

from matplotlib.figure import Figure

from reports.drawing import (
    BLUE,
    EDGE,
    FOOT,
    FOOTER,
    GREY,
    INNER,
    NAME,
    NOTE,
    PALE,
    TALLEST,
    TITLE,
    TITLE_LINE,
    TOP,
    WIDTH,
    Data,
    Pen,
    blank,
    broken,
    draw_title,
    width,
)

TREND: Final = 2.0
"""Inches of height for a line over time, without what is below it."""
UNDER: Final = 0.13
"""Inches for a line of letters under the graph."""
APART: Final = 0.06
"""Inches between two adjacent labels."""
CLEAR: Final = 0.06
"""Inches between a line and the value beside it."""
LOW: Final = 0.3
"""Below this many inches above zero there is no room for a value under its point."""
ROW: Final = 0.34
"""Inches for a unit: its name and value, and the bar under them."""


def draw_trend(data: Data) -> Figure:
    """One figure over time: a point and its value for each period; a period without a figure is a gap.

    `data`: title, unit, zero (the number 0 as it is written), points (label, value as text or None, shown, under, gap: the
    sign of a period without a value), foot, gaps (what the signs mean).
    """
    title, points = broken(data["title"], TITLE, bold=True), data["points"]
    scale = Scale.of(points)
    top = TOP + TITLE_LINE * len(title) + 0.2
    base = top + TREND - 0.2
    total = base + 0.15 + UNDER * scale.lines + FOOTER
    sheet, page = blank(total)
    pen = Pen(page)
    draw_title(pen, title)
    pen.write(EDGE, top - 0.08, data["unit"], NOTE, colour=GREY)
    zero = base - scale.up(0.0)
    pen.axes.plot([scale.left, WIDTH - EDGE], [zero, zero], color=GREY, linewidth=0.8)
    pen.write(scale.left - 0.05, zero, data["zero"], FOOT, colour=GREY, right=True)
    draw_line(pen, scale, points, base)
    for place in range(len(points)):
        draw_point(pen, scale, place, points, base)
    draw_foot(pen, data, total)
    legend = data.get("gaps", "")
    pen.write(WIDTH - EDGE, total - 0.15, legend, FOOT, colour=GREY, right=True)
    return sheet


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the points of a line over time stand on the page, in inches. Zero is the base line."""

    count: int
    low: float
    high: float
    every: int
    """Only every this many points has its name, counted from the last: more names would overlap."""
    lines: int = 1
    """How many lines the longest name takes."""

    left: ClassVar[float] = EDGE + 0.3
    wide: ClassVar[float] = INNER - 0.9
    tall: ClassVar[float] = TREND - 0.55

    @classmethod
    def of(cls, points: Sequence[Data]) -> "Scale":
        """Return a scale that shows every value, with as many names as fit beside each other."""
        known = [0.0, *(value for point in points if (value := value_of(point)) is not None)]
        low, high = min(known), max(known)
        step = cls.wide / max(len(points) - 1, 1)
        words = [
            word for point in points for word in (*point["label"].split(), point["under"], point["shown"])
        ]
        widest = max((width(word, NOTE, bold=True) for word in words), default=0.0) + APART
        every = max(ceil(widest / step), 1)
        scale = cls(len(points), low, high if high > low else low + 1.0, every)
        return replace(scale, lines=max((len(names_of(point, scale.room)) for point in points), default=1))

    @property
    def step(self) -> float:
        """From one point to the next."""
        return self.wide / max(self.count - 1, 1)

    @property
    def room(self) -> float:
        """Return how wide a name may be: the last point is closest to its margin."""
        beside = 2 * (WIDTH - EDGE - self.across(self.count - 1))
        return min(self.step * self.every, beside) if self.count > 1 else INNER

    def named(self, place: int) -> bool:
        return (self.count - 1 - place) % self.every == 0

    def across(self, place: int) -> float:
        """Return how far from the left; a single point is in the middle."""
        return self.left + 0.2 + (self.step * place if self.count > 1 else self.wide / 2)

    def up(self, value: float) -> float:
        """How far above the base line."""
        return self.tall * (value - self.low) / (self.high - self.low)


def names_of(point: Data, room: float) -> list[str]:
    """Return what is written under a point: its period, and how many have reported for it or why it has no value."""
    lines = filter(None, (point["label"], point["under"]))
    return [part for line in lines for part in broken(line, FOOT, room - APART)]


def value_of(point: Data) -> float | None:
    return None if point["value"] is None else float(point["value"])


def draw_line(pen: Pen, scale: Scale, points: Sequence[Data], base: float) -> None:
    """Draw the line between neighbours that both have a value; a missing value leaves a gap."""
    for place, (first, second) in enumerate(pairwise(map(value_of, points))):
        if first is not None and second is not None:
            xs = scale.across(place), scale.across(place + 1)
            pen.axes.plot(xs, (base - scale.up(first), base - scale.up(second)), color=BLUE, linewidth=1.6)


def draw_point(pen: Pen, scale: Scale, place: int, points: Sequence[Data], base: float) -> None:
    """Draw one period: its name under the line and its value beside the point; without one, the sign of a gap."""
    point = points[place]
    x, value = scale.across(place), value_of(point)
    if value is None:
        # A picture that waits in the outbox since an earlier release has no signs.
        mark = point.get("gap", "")
        pen.write(x - width(mark, NOTE) / 2, base - scale.up(0.0), mark, NOTE, colour=GREY, on_paper=True)
    else:
        pen.axes.plot([x], [base - scale.up(value)], marker="o", markersize=4, color=BLUE)
    if not scale.named(place):
        return
    for number, line in enumerate(names_of(point, scale.room)):
        pen.write(x - width(line, FOOT) / 2, base + 0.15 + UNDER * number, line, FOOT, colour=GREY)
    if value is not None:
        words = point["shown"]
        wide = width(words, NOTE, bold=True)
        spot = spot_of(scale, place, points, wide)
        pen.write(
            x + spot.right - wide / 2,
            base - scale.up(value) - spot.above,
            words,
            NOTE,
            bold=True,
            on_paper=True,
        )


class Spot(NamedTuple):
    """Where the middle of a value stands, seen from its point, in inches."""

    right: float = 0.0
    above: float = 0.13


def spot_of(scale: Scale, place: int, points: Sequence[Data], wide: float) -> Spot:
    """Return where a value `wide` inches wide hides no line: above its point, beside a slope, or below in a valley."""
    before, after = rise(scale, points, place, place - 1), rise(scale, points, place, place + 1)
    # So much higher, and the line to a neighbour runs through what is written above the point.
    steep = 2 * CLEAR * scale.step / wide
    if max(before, after) <= steep:
        return Spot()
    if min(before, after) >= 0 and scale.up(value_of(points[place]) or 0.0) > LOW:
        return Spot(above=-0.14)
    margin = scale.across(place) - EDGE - wide / 2
    return Spot(right=-min(wide / 2, margin)) if after > before else Spot(right=wide / 2)


def rise(scale: Scale, points: Sequence[Data], place: int, other: int) -> float:
    """By how many inches a neighbour is higher; 0 without a line to it."""
    here = value_of(points[place])
    there = value_of(points[other]) if 0 <= other < len(points) else None
    return scale.up(there) - scale.up(here) if here is not None and there is not None else 0.0


def draw_bars(data: Data) -> Figure:
    """Draw one figure of units beside each other: name, value, and a bar from zero.

    `data`: title, unit, rows (name, value as text, shown), more (said if some are left out), notes, foot; full (the
    value of a whole bar, as text; None if the units are only compared with each other).
    """
    title = broken(data["title"], TITLE, bold=True)
    notes = [line for note in data["notes"] for line in broken(note, FOOT)]
    top = TOP + TITLE_LINE * len(title) + 0.2
    room = TALLEST - top - FOOTER - UNDER * (len(notes) + 1) - 0.1
    rows = data["rows"][: int(room / ROW)]
    notes = [*([data["more"]] if len(rows) < len(data["rows"]) else []), *notes]
    total = top + ROW * len(rows) + UNDER * len(notes) + 0.1 + FOOTER
    sheet, page = blank(total)
    pen = Pen(page)
    draw_title(pen, title)
    pen.write(EDGE, top - 0.08, data["unit"], NOTE, colour=GREY)
    # A picture that waits in the outbox since an earlier release says nothing of what is full.
    full = float(data.get("full") or 0)
    longest = max((float(row["value"]) for row in rows), default=0.0)
    for place, row in enumerate(rows):
        draw_bar(pen, row, top + ROW * place, max(full, longest) or 1.0)
    for number, note in enumerate(notes):
        pen.write(EDGE, total - FOOTER - UNDER * (len(notes) - number) + 0.02, note, FOOT, colour=GREY)
    draw_foot(pen, data, total)
    return sheet


def draw_bar(pen: Pen, row: Data, y: float, longest: float) -> None:
    """One unit."""
    value = width(row["shown"], NOTE, bold=True)
    name = broken(row["name"], NAME, INNER - value - 0.1)
    pen.write(EDGE, y + 0.1, name[0] if len(name) == 1 else f"{name[0]} …", NAME)
    pen.write(WIDTH - EDGE, y + 0.1, row["shown"], NOTE, bold=True, right=True)
    pen.stripe(y + 0.19, INNER, PALE)
    pen.stripe(y + 0.19, INNER * max(float(row["value"]), 0.0) / longest, BLUE)


def draw_foot(pen: Pen, data: Data, total: float) -> None:
    """The day, under a line."""
    pen.rule(total - 0.3)
    pen.write(EDGE, total - 0.15, data["foot"], FOOT, colour=GREY)
