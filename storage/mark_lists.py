"""Lists that say which units have an attribute, one unit in a row: those of a decision of the State.

A row names a place and an attribute. It may also say from when until when, or that the place does not have it. Nothing
is recorded unless every row is right.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from plans.attribute import Attribute
from questionnaires.answers.places import Unit
from questionnaires.answers.text import fold
from storage import place_marks, places
from storage.columns import Column
from storage.list_places import COMMUNE_COLUMN, PROVINCE_COLUMN, place_read
from storage.orders import day_of
from storage.place_marks import Marking
from storage.place_rules import Ruling
from storage.session import Session
from storage.sheets import ListFault, ListRow, in_order, read_table
from storage.tables import Level, Place, PlaceEvent

COLUMNS: Final = (
    Column("place", "Địa bàn", ("don vi", "place")),
    Column("code", "Mã xã", ("ma don vi", "ma dvhc", "ma xa phuong"), "number"),
    Column("village", "Thôn", ("ten thon", "thon ban", "village")),
    Column("commune", "Xã", COMMUNE_COLUMN),
    Column("province", "Tỉnh", PROVINCE_COLUMN),
    Column("attribute", "Diện", ("thuoc dien", "attribute")),
    Column("holds", "Có", ("co khong", "co/khong", "holds")),
    Column("first", "Từ ngày", ("tu", "ngay hieu luc", "from"), "day"),
    Column("last", "Đến ngày", ("den", "until"), "day"),
)
WANTED: Final = (("place", "attribute"), ("code", "attribute"), ("commune", "attribute"))
ANSWERS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("co", "x", "yes", "true", "1", "dung"), True),
    **dict.fromkeys(("khong", "no", "false", "0", "sai"), False),
}
"""How a list says that a place has or does not have an attribute, folded."""
MARKED: Final = frozenset((Level.PROVINCE, Level.DISTRICT, Level.COMMUNE, Level.VILLAGE))


@dataclass(slots=True)
class MarkList:
    """A list that was read: what is new in it, the event that recorded it, and every fault."""

    fresh: list[Marking] = field(default_factory=list)
    known: int = 0
    """How many rows say nothing new."""
    event: PlaceEvent | None = None
    faults: list[ListFault] = field(default_factory=list)
    unused: Sequence[str] = ()
    left_out: Sequence[str] = ()
    warnings: Sequence[ListFault] = ()

    @property
    def lines(self) -> list[str]:
        """What is new in words, for a person."""
        return [line_of(marking) for marking in self.fresh]


def line_of(marking: Marking) -> str:
    """ "xã Vĩnh Thông: vung-dtts (2021-06-04 …)"."""
    sign = "" if marking.holds else "≠ "
    days = f"{marking.first_day.isoformat()} … {marking.last_day.isoformat() if marking.last_day else ''}"
    return f"{places.own_name(marking.place)}: {sign}{marking.attribute} ({days.strip()})"


async def load(
    session: Session,
    data: bytes,
    filename: str,
    attributes: Mapping[str, Attribute],
    ruling: Ruling,
    *,
    dry: bool = False,
    convert: bool = False,
) -> MarkList:
    """Record what a list (.xlsx or .csv) says of places; `dry`: only report. With any fault nothing is recorded."""
    table = read_table(data, filename, COLUMNS, WANTED, convert=convert)
    read = MarkList(
        faults=list(table.faults), unused=table.unused, left_out=table.left_out, warnings=table.skipped
    )
    reader = MarkReader(session, attributes, ruling, read.faults)
    markings = [marking for line in table.lines if (marking := await reader.marking(line)) is not None]
    read.faults = in_order(read.faults)
    if read.faults:
        return read
    read.fresh = await place_marks.not_said(session, markings)
    read.known = len(markings) - len(read.fresh)
    if not dry:
        read.event = await place_marks.mark(session, read.fresh, ruling)
    return read


@dataclass(slots=True)
class MarkReader:
    """Reads the rows of one list; what is wrong goes to `faults`."""

    session: Session
    attributes: Mapping[str, Attribute]
    ruling: Ruling
    faults: list[ListFault]
    seen: dict[tuple[int, str], int] = field(default_factory=dict)
    """The row in which a place was first listed with an attribute."""

    async def marking(self, line: ListRow) -> Marking | None:
        """Return what one row says; None, with its faults, if that is not clear."""
        before = len(self.faults)
        attribute = self.attribute(line)
        holds = line.read("holds", answer_of, self.faults, "mark_holds", written=line.texts.get("holds", ""))
        first, last = (self.day(line, key) for key in ("first", "last"))
        day = first or self.ruling.day
        if last is not None and last < day:
            self.faults.append(
                line.fault("last", "event_days", first=f"{day:%d/%m/%Y}", last=f"{last:%d/%m/%Y}")
            )
        place = await self.place(line, day)
        if len(self.faults) > before or place is None or attribute is None:
            return None
        marking = Marking(place, attribute, holds is not False, day, last)
        return None if self.is_twice(line, marking) else marking

    def day(self, line: ListRow, key: str) -> date | None:
        """Return a day that a row names; None if it names none."""
        return line.read(key, day_of, self.faults, "event_day", written=line.texts.get(key, ""))

    def attribute(self, line: ListRow) -> str | None:
        """The attribute that a row names."""
        self.faults += line.empty("attribute")
        known = ", ".join(self.attributes)
        written = line.texts.get("attribute", "")
        return line.read(
            "attribute",
            lambda words: attribute_named(words, self.attributes),
            self.faults,
            "mark_attribute",
            written=written,
            expected=known,
        )

    async def place(self, line: ListRow, day: date) -> Place | None:
        """The one place that a row names."""
        column = next((key for key in ("place", "village", "commune", "code") if key in line.texts), "")
        words = ", ".join(words_of(line, column))
        if not words:
            self.faults += line.empty(
                next(key for key in ("place", "commune", "code") if key in line.headings)
            )
            return None
        read = await place_read(self.session, words, day, LEVELS_OF.get(column, is_marked))
        if len(read.places) != 1:
            self.faults.append(read.fault(line, column, words))
            return None
        return read.places[0]

    def is_twice(self, line: ListRow, marking: Marking) -> bool:
        """Whether the place was already listed with the same attribute."""
        row = self.seen.setdefault(marking.key, line.row)
        if row != line.row:
            self.faults.append(line.fault("attribute", "twice", row=row))
        return row != line.row


def words_of(line: ListRow, column: str) -> Iterator[str]:
    """Yield how a row names its place: in one cell, or by a village's or commune's name and what it lies in."""
    above = {"village": ("village", "commune", "province"), "commune": ("commune", "province")}
    return (line.texts[key] for key in above.get(column, (column,)) if key in line.texts)


def is_marked(unit: Unit) -> bool:
    """Whether a unit may have attributes."""
    return unit.level in MARKED


def is_village(unit: Unit) -> bool:
    return unit.level == Level.VILLAGE


def is_commune(unit: Unit) -> bool:
    return unit.level == Level.COMMUNE


LEVELS_OF: Final = {"village": is_village, "commune": is_commune, "code": is_commune}


def answer_of(words: str) -> bool | None:
    """Whether a cell says yes or no; None for anything else."""
    return ANSWERS.get(fold(words))


def attribute_named(words: str, attributes: Mapping[str, Attribute]) -> str | None:
    """Return the attribute with this name or id; None if there is none."""
    wanted = fold(words)
    return next((one.id for one in attributes.values() if wanted in map(fold, one.called)), None)
