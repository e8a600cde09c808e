"""Drawings sent as pictures, readable on a phone 360 pixels wide and without telling colours apart.

A drawing gets its data as JSON values, including every word in it, and returns PNG bytes: the same bytes for the same
data. None is larger than a phone's screen. Here are the drawing of where a place stands, and the table of all
drawings.
"""

from collections.abc import Callable, Mapping
from typing import Final

from matplotlib.figure import Figure

from reports.drawing import (
    BLUE,
    EDGE,
    FIGURE,
    FOOT,
    FOOTER,
    GREY,
    HEADING,
    INNER,
    NAME,
    NOTE,
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
    packed,
    width,
)
from reports.graphs import draw_bars, draw_trend

LINE, BAR, SMALL, GAP, HEAD, HEAD_LINE = 0.19, 0.2, 0.155, 0.1, 0.32, 0.2
"""Heights in inches: a name, a bar, a small line, the space after a row, a heading, a further line of it."""


def draw(drawing: str, data: Data) -> bytes:
    """The PNG bytes of a drawing. Raises KeyError when there is none of that name."""
    return packed(DRAWINGS[drawing](data))


def draw_progress(data: Data) -> Figure:
    """Draw a place's progress: name, value, bar with the target's mark, change and standing for each indicator.

    `data` comes from `reports.progress_picture`. What does not fit on a screen is left out, and the picture says so.
    """
    title = broken(data["title"], TITLE, bold=True)
    rows = fitting(data, TALLEST - TOP - TITLE_LINE * len(title) - FOOTER)
    total = TOP + TITLE_LINE * len(title) + sum(map(height, rows)) + FOOTER
    sheet, page = blank(total)
    pen = Pen(page)
    y = draw_title(pen, title)
    for row in rows:
        draw_row(pen, row, y)
        y += height(row)
    draw_footer(pen, {**data, "rows": rows}, total)
    return sheet


def fitting(data: Data, room: float) -> list[Data]:
    """Return as many rows as there is room for, no heading last; if there are more, say so after them."""
    rows: list[Data] = list(data["rows"])
    if sum(map(height, rows)) <= room:
        return rows
    more: Data = {"heading": "", "note": data["more"]}
    while rows and (sum(map(height, rows)) + height(more) > room or "heading" in rows[-1]):
        rows.pop()
    return [*rows, more]


def draw_footer(pen: Pen, data: Data, total: float) -> None:
    """Draw the day, and what the mark on a bar means if there is one."""
    pen.rule(total - 0.3)
    pen.write(EDGE, total - 0.15, data["footer"], FOOT, colour=GREY)
    if any(row.get("mark") is not None for row in data["rows"]):
        pen.write(WIDTH - EDGE, total - 0.15, data["marker"], FOOT, colour=GREY, right=True)
        pen.mark(WIDTH - EDGE - 0.09 - width(data["marker"], FOOT), total - 0.2, 0.1)


def height(row: Data) -> float:
    """How many inches a row of the drawing takes."""
    if "heading" in row:
        return (
            HEAD
            + HEAD_LINE * max(len(heading_lines(row)) - 1, 0)
            + SMALL * len(broken(row["note"], NOTE))
            + 0.06
        )
    tall = LINE * len(name_lines(row)) + GAP + SMALL * len(small_lines(row))
    return tall + (BAR if row["share"] is not None else 0)


def name_lines(row: Data) -> list[str]:
    """The name of a row, leaving room for a value that stands beside it."""
    beside = row["counted"] and row["share"] is None
    room = INNER - (width(row["value"], FIGURE, bold=True) + 0.1 if beside else 0)
    return broken(row["name"], NAME, room)


def small_lines(row: Data) -> list[str]:
    """Return what is written under a name: that there is no value, or the change and the standing."""
    texts = (row["change"], row["standing"]) if row["counted"] else (row["value"],)
    return [line for text in texts if text for line in broken(text, NOTE)]


def draw_row(pen: Pen, row: Data, y: float) -> None:
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


def heading_lines(row: Data) -> list[str]:
    return broken(row["heading"], HEADING, bold=True)


def draw_heading(pen: Pen, row: Data, y: float) -> None:
    """Draw the name of a domain and, in small letters, its period."""
    pen.rule(y + 0.05)
    for line in heading_lines(row):
        pen.write(EDGE, y + 0.21, line, HEADING, bold=True, colour=BLUE)
        y += HEAD_LINE
    y -= HEAD_LINE if row["heading"] else 0
    for number, line in enumerate(broken(row["note"], NOTE)):
        pen.write(EDGE, y + HEAD + 0.06 + SMALL * number, line, NOTE, colour=GREY)


DRAWINGS: Final[Mapping[str, Callable[[Data], Figure]]] = {
    "progress": draw_progress,
    "trend": draw_trend,
    "bars": draw_bars,
}
"""Every drawing by its name."""
