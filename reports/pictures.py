"""Drawings sent as pictures, readable on a phone 360 pixels wide and without telling colours apart.

A drawing gets its data as JSON values with every word in it, and gives PNG bytes: the same bytes for the same
data. Colours are Okabe and Ito's, and never alone: a standing is also said in words and, where it is behind,
hatched. matplotlib is imported only when something is drawn, and nothing of it is shared between drawings.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

Data = Mapping[str, Any]

WIDTH: Final = 3.6
"""Inches; at `DPI` 1080 pixels, three for each pixel of a phone 360 wide."""
DPI: Final = 300
LETTERS: Final = 44
"""How many letters of the small size fit on a line."""

INK, GREY, PALE, PAPER = "#1a1a1a", "#595959", "#e6e6e6", "#ffffff"
COLOURS: Final = {
    "achieved": "#009E73",
    "on_track": "#0072B2",
    "not_yet": "#E69F00",
    "behind": "#D55E00",
    "none": "#56B4E9",
}
HATCHES: Final = {"behind": "////", "not_yet": "...."}

ROW, SMALL, GAP, HEAD = 0.19, 0.15, 0.15, 0.3
"""Heights in inches: a row, a small row, the space between rows, a heading."""


def draw(drawing: str, data: Data) -> bytes:
    """The PNG bytes of a drawing. Raises KeyError when there is none of that name."""
    return DRAWINGS[drawing](data)


def draw_progress(data: Data) -> bytes:
    """A place's progress: name, value, bar with the target's mark, change and standing for each indicator.

    `data` is what `reports.progress.picture_data` gives.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    title = wrap(data["title"], 34)
    heights = [height(row) for row in data["rows"]]
    total = 0.2 + 0.24 * len(title) + sum(heights) + 0.32
    figure = Figure(figsize=(WIDTH, total), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(total, 0)
    axes.axis("off")
    pen = Pen(axes)
    y = 0.2
    for line in title:
        pen.write(0.15, y + 0.04, line, 11.5, bold=True)
        y += 0.24
    for row, tall in zip(data["rows"], heights, strict=True):
        draw_row(pen, row, y)
        y += tall
    pen.write(0.15, total - 0.14, data["footer"], 6.5, colour=GREY)
    if any(row.get("mark") is not None for row in data["rows"]):
        pen.mark(WIDTH - 0.75, total - 0.17, 0.1)
        pen.write(WIDTH - 0.15, total - 0.14, data["marker"], 6.5, colour=GREY, right=True)
    packed = BytesIO()
    figure.savefig(packed, format="png", dpi=DPI, facecolor=PAPER, metadata={"Software": None})
    return packed.getvalue()


def height(row: Data) -> float:
    """How many inches a row of the drawing takes."""
    if "heading" in row:
        return HEAD + SMALL * len(wrap(row["note"], LETTERS))
    tall = ROW + GAP
    if row["share"] is not None:
        tall += ROW
    return tall + SMALL * len(small_lines(row))


def small_lines(row: Data) -> list[str]:
    """The change and the standing of a row, broken to the width."""
    return [line for text in (row["change"], row["standing"]) if text for line in wrap(text, LETTERS)]


def draw_row(pen: "Pen", row: Data, y: float) -> None:
    """One heading or one indicator, its top at `y` inches."""
    if "heading" in row:
        pen.rule(y + 0.04)
        pen.write(0.15, y + 0.19, row["heading"], 10, bold=True, colour="#004B75")
        for line in wrap(row["note"], LETTERS):
            pen.write(0.15, y + HEAD + 0.05, line, 7, colour=GREY)
            y += SMALL
        return
    value_bold = row["share"] is not None or row["state"] != "none" or bool(row["change"])
    pen.write(0.15, y + 0.09, row["name"], 7.8)
    pen.write(WIDTH - 0.15, y + 0.09, row["value"], 8.2, bold=value_bold, right=True)
    y += ROW
    if row["share"] is not None:
        pen.bar(y + 0.03, row["share"], row["mark"], row["state"])
        y += ROW
    for line in small_lines(row):
        pen.write(0.15, y + 0.07, line, 7, colour=GREY)
        y += SMALL


class Pen:
    """Draws in inches from the top left, with the font that comes with matplotlib (it has Vietnamese)."""

    def __init__(self, axes: "Axes") -> None:
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
            text.replace("$", r"\$"),
            color=colour,
            ha="right" if right else "left",
            va="center_baseline",
            fontproperties=font(size, bold),
        )

    def rule(self, y: float) -> None:
        """A thin line across."""
        self.axes.plot([0.15, WIDTH - 0.15], [y, y], color=PALE, linewidth=0.8)

    def bar(self, y: float, share: float, mark: float | None, state: str) -> None:
        """A bar filled to `share` of its length, with a target's mark."""
        from matplotlib.patches import Rectangle

        left, length, thick = 0.15, WIDTH - 0.3, 0.115
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
        from matplotlib.patches import Polygon

        self.axes.plot(
            [x, x], [y - 0.015, y + thick + 0.015], color=INK, linewidth=1.3, solid_capstyle="butt"
        )
        self.axes.add_patch(
            Polygon([(x - 0.04, y - 0.05), (x + 0.04, y - 0.05), (x, y - 0.005)], color=INK, linewidth=0)
        )


def font(size: float, bold: bool) -> "FontProperties":
    """The font, from matplotlib's own files, whatever is installed or configured."""
    from matplotlib import get_data_path
    from matplotlib.font_manager import FontProperties

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=str(Path(get_data_path()) / "fonts" / "ttf" / name), size=size)


DRAWINGS: Final[Mapping[str, Callable[[Data], bytes]]] = {"progress": draw_progress}
"""Every drawing by its name."""
