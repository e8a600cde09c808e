"""An office's reporting table, read as what a form should ask: which figures, in which unit, as a part of what.

Its indicators stand in rows ("TT | Chỉ tiêu | Đơn vị tính | Kế hoạch | Thực hiện") or head its columns, with a row for
each place. What can be read in one way is taken; the rest is a doubt, and whoever brings the table decides. Columns that
nobody has to be asked about, such as what was planned or what follows from others, are named and left out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from operator import attrgetter
from typing import Final

from bot.form_table.columns import heads_of, left_of, unit_in, wishes_of_heads
from bot.form_table.naming import naming_in
from bot.form_table.rows import wishes_of
from bot.form_table.titles import title_in
from bot.form_table.wishes import (
    TEXTS,
    Wish,
    is_money,
    kind_by_title,
    kind_of,
    meanings,
    unit_named,
    why_left,
)
from questionnaires.answers.text import fold
from storage.cells import Cells, Unreadable, plain
from storage.columns import Column
from storage.list_files import sheets_of
from storage.sheets import ListFault, ListRow, SheetContent, read_table

COLUMNS: Final = (
    # As a "day" 1.1 is no fraction, and 1/2 no day that Excel made.
    Column("number", "TT", ("stt", "so tt", "so thu tu", "thu tu", "muc"), "day"),
    Column(
        "indicator",
        "Chỉ tiêu",
        (
            *("noi dung", "ten chi tieu", "chi so", "tieu chi", "noi dung chi tieu", "chi tieu bao cao"),
            *("noi dung bao cao", "chi tieu chu yeu", "cac chi tieu", "danh muc", "noi dung cong viec"),
            *("chi tieu nhiem vu", "nhiem vu", "thong tin", "noi dung thong ke", "cau hoi", "indicator"),
        ),
        described=re.compile(
            r"(?:noi dung|chi tieu|thong tin|cau hoi) (?:can |thong tin|hoi|bao cao|thu thap|khao sat).*"
        ),
    ),
    Column("unit", "Đơn vị tính", ("dvt", "don vi", "dv tinh", "unit")),
)
WANTED: Final = (("indicator",),)
OF_ALL: Final = re.compile(
    r".*\b(?:đơn vị tính|đvt|đv tính|đơn vị)(?: tiền)?\s*:\s*([^():;]{1,25}?)\s*\)?", re.IGNORECASE
)
"""A title that gives the unit of all figures."""
OF_A_PERIOD: Final = re.compile(r"(?:thang|quy|tuan|ky|thg|t) ?(?:[0-9]{1,2}|[ivx]{1,4})(?: 20[0-9]{2})?")
"""A folded heading of one of several periods: "Tháng 1", "Quý II"."""
TITLES: Final = 12
"""How many of the first rows may be titles."""
MOST: Final = 200
"""No person answers more questions than this."""
NOT_FOUND: Final = ("headings", "nothing")
"""Faults that only say that no row heads the indicators: the columns may be the indicators."""


Levels = Mapping[str, tuple[str, ...]]


@dataclass
class FormTable:
    """What a table wants to know, and what in it cannot be read or is not asked."""

    wishes: list[Wish] = field(default_factory=list)
    faults: list[ListFault] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    """Each heading that nobody is asked about, with the reason."""
    repeats: bool = False
    """Whether a place has several rows, such as one for each household."""
    skipped: Sequence[ListFault] = ()
    sheets: Sequence[str] = ()
    """The sheets that have such a table; of several, somebody has to choose one."""
    sheet: str = ""
    title: str = ""
    """What the table calls itself; "" if it does not say."""

    @property
    def says_nothing(self) -> bool:
        """Whether nothing is wanted, and nothing wrong."""
        return not self.wishes and not self.faults


def read_form_table(data: bytes, filename: str, sheet: str = "", *, convert: bool = False) -> FormTable:
    """Return what the table in a file, on the `sheet` of this name, wants to know; its faults if it cannot be read."""
    read = table_of_rows(data, filename, sheet, convert=convert)
    rows = list(filter(names_something, read.lines))
    table = FormTable(faults=grave(read), skipped=read.skipped)
    table.sheets = list(dict.fromkeys(map(attrgetter("sheet"), rows)))
    try:
        if rows:
            of_rows(table, rows[:MOST], read.unused, first_rows(data, filename, rows[0].sheet))
        elif table.says_nothing:
            of_heads(table, data, filename, sheet)
    except Unreadable as problem:
        table.faults.append(ListFault(problem.sheet, problem.row, "", problem.code, problem.data))
    if max(len(rows), len(table.wishes)) > MOST:
        table.faults.append(ListFault(table.sheet, 0, "", "too_many_questions", {"most": MOST}))
    elif table.says_nothing:
        table.faults += missing(read)
    return table


def table_of_rows(data: bytes, filename: str, sheet: str, *, convert: bool) -> SheetContent:
    """Return the rows of a table whose indicators stand in rows, below whatever heading it has for them."""
    read = read_table(data, filename, COLUMNS, WANTED, convert=convert, only=sheet)
    if read.lines or grave(read):
        return read
    named = naming(data, filename, sheet)
    if not named:
        return read
    indicator = replace(COLUMNS[1], also=(*COLUMNS[1].also, fold(named)))
    return read_table(
        data, filename, (COLUMNS[0], indicator, COLUMNS[2]), WANTED, convert=convert, only=sheet
    )


def naming(data: bytes, filename: str, sheet: str) -> str:
    """Return the heading of the column that names what is asked, on the first sheet that has one; "" for none."""
    units = (fold(COLUMNS[2].heading), *COLUMNS[2].also)
    try:
        found = (
            naming_in(list(islice(rows, TITLES + MOST)), units)
            for name, rows in sheets_of(data, filename)
            if sheet in ("", name)
        )
        return next(filter(None, found), "")
    except Unreadable:
        return ""


def grave(read: SheetContent) -> list[ListFault]:
    """Return the faults that matter: a formula or a day among the figures is none, nor is the lack of a heading yet."""
    letters = {line.headings.get(key) for line in read.lines for key in ("indicator", "unit")}
    letters.add("")
    return [fault for fault in read.faults if fault.code not in NOT_FOUND and fault.column in letters]


def missing(read: SheetContent) -> list[ListFault]:
    """Return the faults that only say that no row heads the indicators."""
    return [fault for fault in read.faults if fault.code in NOT_FOUND]


def names_something(row: ListRow) -> bool:
    """Whether a row's words are more than the letter of a column: "A", "(B)"."""
    return sum(map(str.isalpha, row.texts.get("indicator", ""))) > 1


# --- tables with a row for each indicator ---------------------------------------------------------------


def of_rows(
    table: FormTable, rows: Sequence[ListRow], headings: Sequence[str], first: Sequence[tuple[int, Cells]]
) -> None:
    """Take what the rows want to know into `table`, once for each column of figures that somebody reports.

    `first` has the first rows of their sheet, with its titles and all of its head.
    """
    table.sheet, levels, unit = rows[0].sheet, levels_of(first), unit_of_all(first)
    table.title = title_in(first)
    reasons = [(heading, reason_to_leave(levels.get(heading, (heading,)))) for heading in headings]
    table.left = [(heading, reason) for heading, reason in reasons if reason]
    asked, periods = without_periods([heading for heading, reason in reasons if not reason])
    table.left += [(heading, "period") for heading in periods]
    figures = [figures_of(heading, levels.get(heading, (heading,)), unit) for heading in asked]
    wishes = wishes_of(rows, unit)
    if any(map(is_for_answers, asked)):
        wishes = [replace(wish, otherwise="text") for wish in wishes]
    table.wishes = for_each(figures, wishes)


def without_periods(headings: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the headings of what is asked in each report, and those of several periods, "Tháng 1", "Tháng 2".

    Each report has one period: the first of them stands for all.
    """
    periods = [heading for heading in headings if OF_A_PERIOD.fullmatch(fold(heading))]
    if len(periods) < 2:
        return list(headings), []
    return [heading for heading in headings if heading not in periods[1:]], periods[1:]


def is_for_answers(heading: str) -> bool:
    """Whether a column is for answers, whatever they are: "Trả lời"."""
    return fold(heading) in meanings("answers")


def first_rows(data: bytes, filename: str, sheet: str) -> list[tuple[int, Cells]]:
    """Return the rows of a sheet in which its titles and its head stand."""
    rows = next((rows for name, rows in sheets_of(data, filename) if name == sheet), iter(()))
    return list(islice(rows, TITLES + MOST))


def levels_of(rows: Sequence[tuple[int, Cells]]) -> Levels:
    """Return the headings over each column of a sheet, by all that stands there."""
    return {" ".join(head.texts): head.texts for head in heads_of(rows)}


def reason_to_leave(levels: Sequence[str]) -> str:
    """Return why nobody is asked about a column of figures; "" if somebody is."""
    if any("=" in level or "%" in level for level in levels):
        return "computed"
    return why_left(levels)


@dataclass(frozen=True, slots=True)
class Figures:
    """A column of figures in a table with a row for each indicator."""

    heading: str
    kind: str
    """How its answers are read, whatever the row; "" where the row says it."""
    unit: str
    title: str
    """The unit that is not this column's, since it counts something; "" for none."""
    money: bool = False
    """Whether it holds money, although nothing says of which unit."""

    def label_of(self, wish: Wish) -> str:
        """Return what a row is called in the column."""
        return " – ".join(filter(None, (wish.label, self.heading)))

    def of(self, wish: Wish) -> Wish:
        """Return what the column wants to know of a row: its own unit wins."""
        if self.kind:
            whole = None if self.kind in TEXTS else wish.whole
            return replace(wish, kind=self.kind, unit=self.unit, whole=whole)
        counted = self.money and not wish.unit.endswith("đồng")
        return (
            replace(wish, kind="", unit="") if counted or (self.title and wish.unit == self.title) else wish
        )


def figures_of(heading: str, levels: Sequence[str], unit: str) -> Figures:
    """Return a column of figures, with what its headings say of its answers; `unit` is the title's."""
    if OF_A_PERIOD.fullmatch(fold(heading)):
        return Figures("", "", "", "")
    own, said = unit_in(levels)
    money = not own and is_money(levels)
    kind, own = kind_of(said[-1], unit if money and unit.endswith("đồng") else own)
    counts = bool(unit) and not kind and not kind_by_title(said[-1], unit)[0]
    return Figures(heading, kind, own, unit if counts else "", money)


def for_each(columns: Sequence[Figures], wishes: Sequence[Wish]) -> list[Wish]:
    """Return each wish once for each of several columns; one in words only once."""
    if not columns:
        return list(wishes)
    if len(columns) == 1:
        return [columns[0].of(wish) if wish.is_number else wish for wish in wishes]
    each: list[Wish] = []
    places: dict[tuple[int | None, str], int] = {}
    for place, wish in enumerate(wishes):
        if not wish.is_number:
            each.append(wish)
            continue
        for column in columns:
            places[place, column.heading] = len(each)
            whole = places.get((wish.whole, column.heading))
            each.append(column.of(replace(wish, called=column.label_of(wish), whole=whole)))
    return each


def unit_of_all(rows: Sequence[tuple[int, Cells]]) -> str:
    """Return the unit that a title above the table gives for all figures; "" for none."""
    texts = (plain(value) for _, cells in rows[:TITLES] for value, _ in cells)
    told = filter(None, map(OF_ALL.fullmatch, texts))
    # A title that names several units gives none: "hộ, triệu đồng".
    return next((unit_named(match[1]) for match in told if "," not in match[1]), "")


# --- tables with a column for each indicator ------------------------------------------------------------


def of_heads(table: FormTable, data: bytes, filename: str, sheet: str) -> None:
    """Take what the headings of columns want to know into `table`, from the first sheet that has such."""
    for name, rows in sheets_of(data, filename):
        if sheet and name != sheet:
            continue
        some: list[tuple[int, Cells]] = list(islice(rows, TITLES + MOST))
        heads = heads_of(some)
        if not heads:
            continue
        table.sheets = [*table.sheets, name]
        if len(table.sheets) == 1:
            table.sheet, table.left, table.title = name, left_of(heads), title_in(some)
            table.wishes = wishes_of_heads(heads, unit_of_all(some))
            table.repeats = any(map(attrgetter("is_row"), heads))
