"""Drawings sent as pictures, readable on a phone 360 pixels wide and without telling colours apart.

A drawing gets its data as JSON values with every word in it, and gives PNG bytes: the same bytes for the same
data. Colours are Okabe and Ito's, and never alone: a standing is also said in words and, where it is behind,
hatched. Nothing of matplotlib is shared between drawings. It takes half a second and 30 MB to load, so import this file
only when something is to be drawn.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, Final

from matplotlib import get_data_path
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.patches import Polygon, Rectangle

Data = Mapping[str, Any]

WIDTH: Final = 3.6
"""Inches; at `DPI` 1080 pixels, three for each pixel of a phone 360 wide."""
DPI: Final = 300
POINTS: Final = 72
"""Points in an inch."""
FRACTION: Final = 65536
"""A font measures advances in this part of a point."""
LETTERS: Final = (range(0x20, 0x7F), range(0xA0, 0x250), range(0x1EA0, 0x1EFA), range(0x2010, 0x2027))
EDGE: Final = 0.15
"""The margin at both sides, in inches."""
INNER: Final = WIDTH - 2 * EDGE
VALUE: Final = 0.72
"""Inches kept for the value to the right of a bar."""

TITLE, HEADING, NAME, FIGURE, NOTE, FOOT = 11.5, 11, 9, 9.5, 8, 7
"""Sizes of letters, in points."""

INK, GREY, PALE, PAPER, BLUE = "#1a1a1a", "#4d4d4d", "#e3e3e3", "#ffffff", "#004B75"
COLOURS: Final = {
    "achieved": "#009E73",
    "on_track": "#0072B2",
    "not_yet": "#E69F00",
    "behind": "#D55E00",
    "none": "#56B4E9",
}
HATCHES: Final = {"behind": "////", "not_yet": "...."}

TOP, TITLE_LINE, FOOTER = 0.16, 0.23, 0.34
"""Inches above the title, for a line of it, and for the foot of the page."""
TREND: Final = 2.2
"""Inches of height for a line over time with its labels."""

LINE, BAR, SMALL, GAP, HEAD = 0.19, 0.2, 0.155, 0.1, 0.32
"""Heights in inches: a name, a bar, a small line, the space after a row, a heading."""


def draw(drawing: str, data: Data) -> bytes:
    """The PNG bytes of a drawing. Raises KeyError when there is none of that name."""
    return DRAWINGS[drawing](data)


def draw_progress(data: Data) -> bytes:
    """A place's progress: name, value, bar with the target's mark, change and standing for each indicator.

    `data` is what `reports.progress.picture_data` gives.
    """
    title = broken(data["title"], TITLE, bold=True)
    heights = [height(row) for row in data["rows"]]
    total = TOP + TITLE_LINE * len(title) + sum(heights) + FOOTER
    sheet, page = blank(total)
    pen = Pen(page)
    y = draw_title(pen, title)
    for row, tall in zip(data["rows"], heights, strict=True):
        draw_row(pen, row, y)
        y += tall
    draw_footer(pen, data, total)
    return packed(sheet)


def blank(total: float) -> tuple[Figure, Axes]:
    """An empty page `total` inches high, measured in inches from its top left."""
    sheet = Figure(figsize=(WIDTH, total), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(sheet)
    page = sheet.add_axes((0.0, 0.0, 1.0, 1.0))
    page.set_xlim(0, WIDTH)
    page.set_ylim(total, 0)
    page.axis("off")
    return sheet, page


def packed(sheet: Figure) -> bytes:
    """The page as PNG, without the name of the program: it would differ from version to version."""
    png = BytesIO()
    sheet.savefig(png, format="png", dpi=DPI, facecolor=PAPER, metadata={"Software": None})
    return png.getvalue()


def draw_title(pen: "Pen", lines: list[str]) -> float:
    """The title at the top of the page; gives where the rest begins."""
    for number, line in enumerate(lines):
        pen.write(EDGE, TOP + TITLE_LINE * number + 0.07, line, TITLE, bold=True)
    return TOP + TITLE_LINE * len(lines)


def draw_footer(pen: "Pen", data: Data, total: float) -> None:
    """The day, and what the mark on a bar means where there is one."""
    pen.rule(total - 0.3)
    pen.write(EDGE, total - 0.15, data["footer"], FOOT, colour=GREY)
    if any(row.get("mark") is not None for row in data["rows"]):
        pen.write(WIDTH - EDGE, total - 0.15, data["marker"], FOOT, colour=GREY, right=True)
        pen.mark(WIDTH - EDGE - 0.09 - width(data["marker"], FOOT), total - 0.2, 0.1)


def height(row: Data) -> float:
    """How many inches a row of the drawing takes."""
    if "heading" in row:
        return HEAD + SMALL * len(broken(row["note"], NOTE)) + 0.06
    tall = LINE * len(name_lines(row)) + GAP + SMALL * len(small_lines(row))
    return tall + (BAR if row["share"] is not None else 0)


def name_lines(row: Data) -> list[str]:
    """The name of a row, leaving room for a value that stands beside it."""
    beside = row["counted"] and row["share"] is None
    room = INNER - (width(row["value"], FIGURE, bold=True) + 0.1 if beside else 0)
    return broken(row["name"], NAME, room)


def small_lines(row: Data) -> list[str]:
    """What stands under a name: that there is no value, or the change and the standing."""
    texts = (row["change"], row["standing"]) if row["counted"] else (row["value"],)
    return [line for text in texts if text for line in broken(text, NOTE)]


def draw_row(pen: "Pen", row: Data, y: float) -> None:
    """One heading or one indicator, its top at `y` inches."""
    if "heading" in row:
        draw_heading(pen, row, y)
        return
    if row["counted"] and row["share"] is None:
        pen.write(WIDTH - EDGE, y + 0.1, row["value"], FIGURE, bold=True, right=True)
    for line in name_lines(row):
        pen.write(EDGE, y + 0.1, line, NAME)
        y += LINE
    if row["share"] is not None:
        pen.bar(y + 0.04, row["share"], row["mark"], row["state"])
        pen.write(WIDTH - EDGE, y + 0.105, row["value"], FIGURE, bold=True, right=True)
        y += BAR
    for line in small_lines(row):
        pen.write(EDGE, y + 0.075, line, NOTE, colour=GREY)
        y += SMALL


def draw_heading(pen: "Pen", row: Data, y: float) -> None:
    """The name of a domain and, small, of which period it speaks."""
    pen.rule(y + 0.05)
    pen.write(EDGE, y + 0.21, row["heading"], HEADING, bold=True, colour=BLUE)
    for number, line in enumerate(broken(row["note"], NOTE)):
        pen.write(EDGE, y + HEAD + 0.06 + SMALL * number, line, NOTE, colour=GREY)


class Pen:
    """Draws in inches from the top left, with the font that comes with matplotlib (it has Vietnamese)."""

    def __init__(self, axes: Axes) -> None:
        self.axes = axes

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        bold: bool = False,
        colour: str = INK,
        right: bool = False,
    ) -> None:
        """`text` with its middle at height `y`, beginning (or, `right`, ending) at `x`."""
        self.axes.text(
            x,
            y,
            text.replace("$", r"\$"),  # between two of them matplotlib would read a formula
            color=colour,
            ha="right" if right else "left",
            va="center_baseline",
            fontproperties=font(size, bold),
        )

    def rule(self, y: float) -> None:
        """A thin line across."""
        self.axes.plot([EDGE, WIDTH - EDGE], [y, y], color=PALE, linewidth=0.8)

    def bar(self, y: float, share: float, mark: float | None, state: str) -> None:
        """A bar filled to `share` of its length, with a target's mark."""
        left, length, thick = EDGE, INNER - VALUE, 0.13
        colour = COLOURS.get(state, COLOURS["none"])
        self.axes.add_patch(Rectangle((left, y), length, thick, facecolor=PALE, edgecolor="none"))
        filled = Rectangle(
            (left, y),
            length * share,
            thick,
            facecolor=colour,
            edgecolor=PAPER,
            linewidth=0,
            hatch=HATCHES.get(state, ""),
        )
        self.axes.add_patch(filled)
        if mark is not None:
            self.mark(left + length * min(mark, 1.0), y, thick)

    def mark(self, x: float, y: float, thick: float) -> None:
        """A target's mark: an upright line with a small triangle on top."""
        self.axes.plot(
            [x, x], [y - 0.015, y + thick + 0.015], color=INK, linewidth=1.3, solid_capstyle="butt"
        )
        self.axes.add_patch(
            Polygon([(x - 0.04, y - 0.05), (x + 0.04, y - 0.05), (x, y - 0.005)], color=INK, linewidth=0)
        )


def font_file(bold: bool) -> str:
    """The font that comes with matplotlib, whatever is installed or configured."""
    return str(
        Path(get_data_path()) / "fonts" / "ttf" / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
    )


def font(size: float, bold: bool) -> FontProperties:
    """The font at `size` points."""
    return FontProperties(fname=font_file(bold), size=size)


@cache
def advances(bold: bool) -> Mapping[str, float]:
    """How far each letter of Vietnamese and English moves the pen, in parts of the letters' size."""
    ruler = FT2Font(font_file(bold))
    ruler.set_size(POINTS, POINTS)
    return {
        chr(code): ruler.load_char(code, LoadFlags.NO_HINTING).linearHoriAdvance / FRACTION / POINTS
        for block in LETTERS
        for code in block
    }


def width(text: str, size: float, bold: bool = False) -> float:
    """How many inches `text` takes at `size` points; a letter not measured counts as a wide one."""
    known = advances(bold)
    return sum(known.get(letter, 1.0) for letter in text) * size / POINTS


def broken(text: str, size: float, room: float = INNER, bold: bool = False) -> list[str]:
    """`text` broken between words into lines of at most `room` inches; a longer word stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def draw_trend(data: Data) -> bytes:
    """One figure over time: a point and its value for each period; a period without a figure is a gap.

    `data`: title, unit, points (label, value as text or None, shown), foot.
    """
    title, points = broken(data["title"], TITLE, bold=True), data["points"]
    top = TOP + TITLE_LINE * len(title) + 0.2
    total = top + TREND + FOOTER
    sheet, page = blank(total)
    pen = Pen(page)
    draw_title(pen, title)
    pen.write(EDGE, top - 0.08, data["unit"], NOTE, colour=GREY)
    scale = Scale.of(points, base=top + TREND - 0.42)
    pen.rule(scale.base + 0.08)
    draw_line(pen, scale, points)
    for place, point in enumerate(points):
        draw_point(pen, scale, place, point)
    pen.rule(total - 0.3)
    pen.write(EDGE, total - 0.15, data["foot"], FOOT, colour=GREY)
    return packed(sheet)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the points of a line over time stand on the page, in inches."""

    count: int
    low: float
    room: float
    """How far the highest value is from the lowest."""
    base: float
    """The height of the lowest value on the page."""

    left: ClassVar[float] = EDGE + 0.15
    wide: ClassVar[float] = INNER - 0.3
    tall: ClassVar[float] = TREND - 0.72

    @classmethod
    def of(cls, points: Sequence[Data], base: float) -> "Scale":
        """A scale that shows every value. Values that are all alike stand at the foot, not at both ends at once."""
        known = [value for point in points if (value := value_of(point)) is not None] or [0.0]
        low, high = min(known), max(known)
        return cls(len(points), low, (high - low) or max(abs(high), 1.0), base)

    @property
    def step(self) -> float:
        """From one point to the next."""
        return self.wide / max(self.count - 1, 1)

    def across(self, place: int) -> float:
        """How far from the left; a single point stands in the middle."""
        return self.left + (self.step * place if self.count > 1 else self.wide / 2)

    def down(self, value: float) -> float:
        """How far from the top."""
        return self.base - self.tall * (value - self.low) / self.room


def value_of(point: Data) -> float | None:
    return None if point["value"] is None else float(point["value"])


def draw_line(pen: "Pen", scale: Scale, points: Sequence[Data]) -> None:
    """The line between neighbours that both have a value: where one is missing there is a gap."""
    for place, (first, second) in enumerate(pairwise(map(value_of, points))):
        if first is not None and second is not None:
            xs = scale.across(place), scale.across(place + 1)
            pen.axes.plot(xs, (scale.down(first), scale.down(second)), color=BLUE, linewidth=1.6)


def draw_point(pen: "Pen", scale: Scale, place: int, point: Data) -> None:
    """One period: its name under the line and, where there is one, its value above."""
    x = scale.across(place)
    room = scale.step if scale.count > 1 else INNER
    for number, line in enumerate(broken(point["label"], FOOT, room * 0.95)[:2]):
        pen.write(x - width(line, FOOT) / 2, scale.base + 0.18 + 0.13 * number, line, FOOT, colour=GREY)
    value = value_of(point)
    if value is not None:
        y, words = scale.down(value), point["shown"]
        pen.axes.plot([x], [y], marker="o", markersize=4, color=BLUE)
        pen.write(x - width(words, NOTE, bold=True) / 2, y - 0.12, words, NOTE, bold=True)


DRAWINGS: Final[Mapping[str, Callable[[Data], bytes]]] = {"progress": draw_progress, "trend": draw_trend}
"""Every drawing by its name."""
