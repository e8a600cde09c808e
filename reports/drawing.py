"""The pen and the page of all drawings: sizes for a small phone, a font with Vietnamese, lines broken between words.

Colours are Okabe and Ito's, and never stand alone: a standing is also said in words and, if behind, hatched. Drawings
share no objects of matplotlib. It takes half a second and 30 MB to load, so import this file only when something is to
be drawn.
"""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from matplotlib import get_data_path
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.patches import Polygon, Rectangle

Data = Mapping[str, Any]

WIDTH: Final = 3.6
"""Inches; at `DPI` that is 1080 pixels, three for each pixel of a phone 360 wide."""
DPI: Final = 300
POINTS: Final = 72
"""Points in an inch."""
FRACTION: Final = 65536
"""A font gives advances in this fraction of a point."""
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
    "unsure": "#CC79A7",
    "behind": "#D55E00",
    "none": "#56B4E9",
}
HATCHES: Final = {"behind": "////", "not_yet": "....", "unsure": "xxxx"}

TOP, TITLE_LINE, FOOTER = 0.16, 0.23, 0.34
"""Inches above the title, for a line of it, and for the foot of the page."""
TALLEST: Final = 6.4
"""Inches; at `DPI` that is 1920 pixels. A chat shrinks taller pictures until nobody can read them."""


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
    """Return the page as PNG, without the program's name, which would change with its version."""
    png = BytesIO()
    sheet.savefig(png, format="png", dpi=DPI, facecolor=PAPER, metadata={"Software": None})
    return png.getvalue()


def draw_title(pen: "Pen", lines: list[str]) -> float:
    """Draw the title at the top of the page, and return where the rest begins."""
    for number, line in enumerate(lines):
        pen.write(EDGE, TOP + TITLE_LINE * number + 0.07, line, TITLE, bold=True)
    return TOP + TITLE_LINE * len(lines)


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
        on_paper: bool = False,
    ) -> None:
        """`text` with its middle at height `y`, beginning (or, `right`, ending) at `x`; `on_paper`: over a line."""
        self.axes.text(
            x,
            y,
            text.replace("$", r"\$"),  # between two of them matplotlib would read a formula
            color=colour,
            ha="right" if right else "left",
            va="center_baseline",
            fontproperties=font(size, bold),
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.6} if on_paper else None,
        )

    def rule(self, y: float) -> None:
        """A thin line across."""
        self.axes.plot([EDGE, WIDTH - EDGE], [y, y], color=PALE, linewidth=0.8)

    def stripe(self, y: float, length: float, colour: str) -> None:
        """A flat bar from the left edge."""
        self.axes.add_patch(Rectangle((EDGE, y), length, 0.1, facecolor=colour, edgecolor="none"))

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
    """Return how far each letter of Vietnamese and English moves the pen, in fractions of the letters' size."""
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
    """Return `text` broken between words into lines of at most `room` inches; a longer word gets a line of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
