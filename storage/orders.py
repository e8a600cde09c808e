"""What documents order for places, in an administrator's words: typed as a command, or listed in a spreadsheet.

In a list each row says what becomes of one unit. Rows with the same work, day, document and target (of a merge or
move) or unit (of a split) make one event. Nothing is done unless every row is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from questionnaires.answers.places import fold_place
from questionnaires.answers.text import fold
from storage import place_events, places
from storage.columns import Column
from storage.list_places import KINDS as VILLAGE_KINDS
from storage.place_rules import Destination, EventRefused, New, Ruling
from storage.session import Session
from storage.sheets import ListFault, ListRow, in_order, read_table
from storage.tables import Level, Place, PlaceEvent

COMMUNE_KINDS: Final = ("xã", "phường", "thị trấn", "đặc khu")
KINDS: Final = (*VILLAGE_KINDS, *COMMUNE_KINDS)
WORKS: Final = {
    "merge": ("nhap", "sap nhap", "hop nhat", "merge"),
    "split": ("tach", "chia", "chia tach", "split"),
    "move": ("chuyen", "dieu chuyen", "move"),
    "rename": ("doi ten", "rename"),
}
"""How each kind of event is written, folded."""
COLUMNS: Final = (
    Column("work", "Việc", ("loai viec", "work")),
    Column("day", "Ngày", ("tu ngay", "ngay hieu luc", "day"), "day"),
    Column("basis", "Căn cứ", ("van ban", "nghi quyet", "basis")),
    Column("place", "Địa bàn", ("don vi", "place")),
    Column("into", "Vào", ("nhap vao", "into")),
    Column("new", "Lập mới", ("ten moi", "new")),
    Column("under", "Thuộc", ("truc thuoc", "under")),
    Column("villages", "Gồm", ("gom thon", "gom cac thon", "villages")),
)
WANTED: Final = (("work", "day", "basis", "place"),)


@dataclass(frozen=True, slots=True)
class OrderPart:
    """Where something goes: to a standing unit (`into`) or a new one; in a split, also what goes there."""

    into: str = ""
    new: str = ""
    under: str = ""
    villages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """One event in words."""

    work: str
    day: date
    basis: str
    places: tuple[str, ...]
    parts: tuple[OrderPart, ...] = ()
    under: str = ""


async def carry_out(session: Session, order: PlaceOrder, now: datetime) -> PlaceEvent:
    """Do what an order says. If it raises EventRefused, the transaction must be given up."""
    ruling = Ruling(order.day, order.basis, now)
    some = [await named(session, words, order.day) for words in order.places]
    if not some:
        raise EventRefused("few")
    if order.work == "move":
        return await place_events.move(session, some, await parent(session, order), ruling)
    # A move has no parts, a split has several; a merge or a new name has exactly one.
    if len(order.parts) != 1 and order.work != "split":
        raise EventRefused("one_goal", "into")
    if order.work == "rename":
        new = goal_named(order.parts[0].new, some[0])
        return await place_events.rename(session, some[0], new.kind, new.name, ruling)
    goals = [await goal(session, part, some, order.day) for part in order.parts]
    if order.work == "merge":
        return await place_events.merge(session, some, goals[0], ruling)
    if len(some) != 1:
        raise EventRefused("one_source")
    decisions = await decided(session, some[0], goals, order)
    return await place_events.split(session, some[0], goals, decisions, ruling)


async def parent(session: Session, order: PlaceOrder) -> Place:
    if not order.under:
        raise EventRefused("no_parent", "under")
    return await named(session, order.under, order.day, "under")


async def goal(session: Session, part: OrderPart, some: Sequence[Place], day: date) -> Destination:
    """Return the unit that a part names. Raises EventRefused."""
    if bool(part.into) == bool(part.new):
        raise EventRefused("into_or_new", "into")
    if part.into:
        unit = await named(session, part.into, day, "into", some[0].level)
        return next((place for place in some if place.id == unit.id), unit)
    new = goal_named(part.new, some[0])
    return replace(new, under=await named(session, part.under, day, "under")) if part.under else new


def goal_named(words: str, like: Place) -> New:
    """Return a new unit from a type word and name, or from a name and the type of what it was. Raises EventRefused."""
    kinds = VILLAGE_KINDS if like.level == Level.VILLAGE else COMMUNE_KINDS
    written = words.split()
    for length in (3, 2, 1):
        kind = next((kind for kind in kinds if kind == " ".join(written[:length]).casefold()), None)
        if kind and len(written) > length:
            return New(kind, " ".join(written[length:]))
    if not fold_place(words):
        raise EventRefused("name", "new", name=words)
    return New(like.kind, " ".join(written))


async def named_so(session: Session, words: str, day: date, level: str | None) -> Sequence[Place]:
    """The units that words may name."""
    meant = await numbered(session, words[1:]) if words.startswith("#") else None
    if meant is not None:
        return meant
    places = await session.places.find(words, day, level=level)
    # An order changes what stands; a closed unit is meant only where no other bears the name.
    return [place for place in places if place.last_day is None] or places


async def named(
    session: Session, words: str, day: date, about: str = "place", level: str | None = None
) -> Place:
    """Return the one unit that words name and that is not closed: "Nà Hin, Vĩnh Thông", a code, or #id. Raises
    EventRefused."""
    meant = await named_so(session, words, day, level)
    if not meant:
        raise EventRefused("unknown", about, words=words)
    if len(meant) > 1:
        names = await session.places.full_names(meant, day)
        several = "; ".join(f"#{place.id} {name}" for place, name in zip(meant, names, strict=True))
        raise EventRefused("several", about, words=words, names=several)
    return meant[0]


async def numbered(session: Session, digits: str) -> list[Place] | None:
    """Return the place with that number, if there is one; None if these are not digits."""
    if not digits.isdecimal():
        return None
    place = await session.places.get(int(digits))
    return [place] if place else []


async def decided(
    session: Session, source: Place, goals: Sequence[Destination], order: PlaceOrder
) -> dict[int, int]:
    """Return, for each place in `source` that the order names, which of the goals it goes to. Raises EventRefused."""
    children = await session.places.children(source.id, order.day)
    decisions: dict[int, int] = {}
    for number, part in enumerate(order.parts):
        for words in part.villages:
            child = child_named(words, children)
            if decisions.get(child.id, number) != number:
                raise EventRefused("decided_twice", "villages", name=places.own_name(child))
            decisions[child.id] = number
    return decisions


def child_named(words: str, children: Sequence[Place]) -> Place:
    """Return the one of some places that words name, whatever other places have that name. Raises EventRefused."""
    if words.startswith("#"):
        meant = [child for child in children if f"#{child.id}" == words]
    else:
        meant = places.among(children, words)
    if len(meant) != 1:
        raise EventRefused("several_children" if meant else "no_child", "villages", words=words)
    return meant[0]


# --- lists ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class OrderResult:
    """A list that was read: the events that were done, or every fault."""

    events: list[PlaceEvent] = field(default_factory=list)
    faults: list[ListFault] = field(default_factory=list)
    unused: Sequence[str] = ()
    left_out: Sequence[str] = ()
    warnings: Sequence[ListFault] = ()
    """Rows that do not belong to the list."""


async def load(session: Session, data: bytes, filename: str, now: datetime) -> OrderResult:
    """Do what a list orders, event by event. If there is a fault, the transaction must be given up."""
    table = read_table(data, filename, COLUMNS, WANTED)
    carried = OrderResult(
        faults=list(table.faults), unused=table.unused, left_out=table.left_out, warnings=table.skipped
    )
    for lines in together(table.lines, carried.faults):
        try:
            carried.events.append(await carry_out(session, order_of(lines), now))
        except EventRefused as refused:
            carried.faults.append(fault_of(lines[0], refused))
    carried.faults = in_order(carried.faults)
    return carried


def fault_of(line: ListRow, refused: EventRefused) -> ListFault:
    """Return where in a row the reason for a refusal is."""
    about = refused.about if refused.about in line.headings else "place"
    return line.fault(about, f"event_{refused.code}", **refused.told())


def together(lines: Sequence[ListRow], faults: list[ListFault]) -> list[list[ListRow]]:
    """The rows of each event, in the order of their first rows; what is wrong goes to `faults`."""
    events: dict[tuple[str, ...], list[ListRow]] = {}
    for line in lines:
        key = event_key(line, faults)
        if key is not None:
            events.setdefault(key, []).append(line)
    return list(events.values())


def event_key(line: ListRow, faults: list[ListFault]) -> tuple[str, ...] | None:
    """Return what two rows of one event have in common; None, with its faults, if a row cannot be read."""
    empty = line.empty(*WANTED[0])
    faults += empty
    work = line.read("work", work_named, faults, "event_work", written=line.texts.get("work", ""))
    day = line.read("day", day_of, faults, "event_day")
    if empty or work is None or day is None:
        return None
    shared = ("place",) if work in ("split", "rename") else ("into", "new", "under")
    return work, day.isoformat(), *(fold_place(line.texts.get(key, "")) for key in ("basis", *shared))


def work_named(words: str) -> str | None:
    """The kind of event that a cell names; None if it is none."""
    return next((work for work, written in WORKS.items() if fold(words) in written), None)


def day_of(words: str) -> date | None:
    """A day written 2026-01-31 or 31/01/2026; None for anything else."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(words, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return None


def order_of(lines: Sequence[ListRow]) -> PlaceOrder:
    """Return an event's rows, each right by itself, as an order."""
    first = lines[0].texts
    work, day = work_named(first["work"]), day_of(first["day"])
    assert work is not None
    assert day is not None
    parts = [part_of(line) for line in (lines if work == "split" else lines[:1])]
    named_places = dict.fromkeys(line.texts["place"] for line in lines)
    return PlaceOrder(work, day, first["basis"], tuple(named_places), tuple(parts), first.get("under", ""))


def part_of(line: ListRow) -> OrderPart:
    """Return where a row says that its unit goes."""
    into, new, under, names = (line.texts.get(key, "") for key in ("into", "new", "under", "villages"))
    return OrderPart(into, new, under, tuple(name.strip() for name in names.split(";") if name.strip()))
