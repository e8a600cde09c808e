"""People whom an administrator expects: lists of names and phone numbers, and finding somebody by their number.

Faults in a list are named by row and column. What stands in a cell for a role or place is quoted only if name and number of
the row stand in their columns: after a column too many, names and numbers would be on the screen and in whatever keeps it.

Numbers are compared in one form, with the country's code and without a plus sign: 84912345678.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, TypeVar

from sqlalchemy import select as columns
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import SQLModel, col, select

from questionnaires.answers.text import fold
from storage import namesakes
from storage.headings import OF_A_PERSON
from storage.list_places import PlaceOfList, PlaceRead
from storage.list_roles import role_named
from storage.people_headings import COLUMNS, WANTED
from storage.people_places import named_in, places_of, with_place
from storage.portions import portions
from storage.session import Session, into
from storage.sheets import (
    NONE,
    ListFault,
    ListRow,
    SheetContent,
    in_order,
    lines_with,
    read_table,
    right_lines,
)
from storage.tables import Level, RoleName, RosterEntry

LEVELS: Final = {
    RoleName.VILLAGE_HEAD: Level.VILLAGE,
    RoleName.COMMUNE_OFFICER: Level.COMMUNE,
    RoleName.DISTRICT_OFFICER: Level.DISTRICT,
    RoleName.PROVINCE_OFFICER: Level.PROVINCE,
    RoleName.CENTRAL_OFFICER: Level.NATION,
}
"""The level at which each role is held; an administrator may be anywhere."""

ROSTER: Final = SQLModel.metadata.tables["roster_entry"]
T = TypeVar("T")
QUOTING: Final = frozenset({"written", "place"})
"""The values by which a fault quotes a line about a person."""

PHONE_WITHIN: Final = re.compile(r"(?<![0-9A-Za-z])(?:\+?84|0)(?:[ .\-()\u00a0]{0,2}[0-9]){9}(?![0-9])")
"""A number among other words: "ĐT: 0912 345 678 (Zalo)"."""
OLD_PREFIXES: Final = {
    **{f"016{digit}": f"03{digit}" for digit in range(2, 10)},
    **{"0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078"},
    **{"0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082"},
    **{"0186": "056", "0188": "058", "0199": "059"},
}
"""The beginnings of eleven-digit numbers until 2018, and what replaced them."""
SEVERAL_NAMES: Final = re.compile(r"[,;/&+]| và ")
"""What separates the names of two people."""
TITLED: Final = re.compile(
    r"(?:Ông|Bà|Ô\.|B\.|Anh|Chị|Đ/c|Đồng chí|Mr\.?|Ms\.?):? +(?!(?:Văn|Thị)\b)(\S+ .*)", re.IGNORECASE
)
"""A name with a title. "Ông" and "Bà" are families' names, too: those are followed by "Văn" or "Thị"."""
VACANT: Final = frozenset(
    ("", "khuyet", "trong", "chua co", "khong co", "chua bau", "dang khuyet", "chua kien toan", "khong")
)
"""What stands in the cell of a name, or number, where nobody holds the office, folded."""
REMARK: Final = re.compile(r"\s*\([^()]*\)$")
PUNCTUATION: Final = re.compile(r"[\s.\-()/'’\u00a0]+")
NATIONAL: Final = re.compile(r"[35789]\d{8}|2\d{9}")
"""A mobile or landline number after the leading zero."""


def normalise_phone(written: str) -> str | None:
    """Return a Vietnamese number as 84912345678; None if `written` is none.

    It takes 0912 345 678, +84 912.345.678, +84 (0)912 345 678, '0912345678, and 912345678 as a spreadsheet leaves it.
    """
    if written.startswith("-"):
        return None
    digits = PUNCTUATION.sub("", written).removeprefix("+")
    for prefix in ("00840", "0084", "840", "84", "0", ""):
        rest = digits.removeprefix(prefix)
        if digits.startswith(prefix) and NATIONAL.fullmatch(rest) and rest.isascii():
            return f"84{rest}"
    return None


def phones_in(written: str) -> list[str]:
    """Return the numbers in a cell, each once: one, or several if people wrote two."""
    alone = normalise_phone(written)
    if alone is not None:
        return [alone]
    told = map(normalise_phone, PHONE_WITHIN.findall(written))
    return list(dict.fromkeys(filter(None, told)))


def old_prefix(written: str) -> str:
    """Return the beginning of an eleven-digit number, if it is one that was changed in 2018; "" otherwise."""
    digits = PUNCTUATION.sub("", written)
    digits = digits if digits.startswith("0") else f"0{digits.removeprefix('+84')}"
    return digits[:4] if len(digits) == 11 and digits.isdecimal() and digits[:4] in OLD_PREFIXES else ""


def shown_phone(number: str) -> str:
    """A number as people write and call it: 0912345678; "" of none."""
    return f"0{number.removeprefix('84')}" if number else ""


async def match(session: Session, phone: str) -> list[RosterEntry]:
    """Return who is expected under this number, however it is written; empty for nobody."""
    number = normalise_phone(phone)
    if number is None:
        return []
    chosen = select(RosterEntry).where(RosterEntry.phone == number).order_by(col(RosterEntry.id))
    return list(await session.exec(chosen))


def fits(role: str, place: PlaceOfList) -> bool:
    """Whether a role is held at places of this one's level."""
    return LEVELS.get(RoleName(role), place.level) == place.level


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody in a list, as a row of the roster. Tens of thousands at once are no objects of the session: those take two
    kilobytes each."""

    phone: str
    name: str
    place_id: int
    role: RoleName
    imported_at: datetime
    sheet: str = ""
    row: int = 0
    """Where it stands in the list; 0 for what is in the roster already."""


KEPT: Final = tuple(name for name in Listed.__slots__ if name in ROSTER.c)
"""What of an entry the table keeps."""


@dataclass(slots=True)
class Roster:
    """A list that was read: the entries to add, how many already exist, and every fault.

    If there are faults nothing was added, unless a part was wanted.
    """

    entries: list[Listed] = field(default_factory=list)
    known: int = 0
    faults: list[ListFault] = field(default_factory=list)
    unused: Sequence[str] = ()
    left_out: Sequence[str] = ()
    """Sheets without the list's headings."""
    warnings: list[ListFault] = field(default_factory=list)
    """What is loaded although it may be wrong."""
    left: list[ListRow] = field(default_factory=list)
    """The rows with faults, as they were read."""

    @property
    def added(self) -> int:
        return len(self.entries)


async def load(
    session: Session,
    data: bytes,
    filename: str,
    on: date,
    now: datetime,
    *,
    convert: bool = False,
    dry: bool = False,
    partial: bool = False,
) -> Roster:
    """Add the people of a list (.xlsx or .csv) to the roster.

    With any fault nothing is added or, with `partial`, only the rows that are right; with `dry`, nothing ever. `convert`:
    read what was written for an old font as that font showed it.
    """
    table = table_of(data, filename, convert=convert)
    return await load_table(session, table, on, now, dry=dry, partial=partial)


def table_of(data: bytes, filename: str, *, convert: bool = False) -> SheetContent:
    """The rows of a list of people."""
    return read_table(data, filename, COLUMNS, WANTED, convert=convert)


def tells_of_people(headings: Sequence[str]) -> bool:
    """Whether the columns have headings for somebody's name and phone number."""
    told = [column for column in COLUMNS if column.key in ("name", "phone")]
    return all(
        any(column.is_headed(heading) or column.is_described(heading) for heading in headings)
        for column in told
    )


async def load_table(
    session: Session,
    table: SheetContent,
    on: date,
    now: datetime,
    *,
    dry: bool = False,
    partial: bool = False,
) -> Roster:
    """Do the same with the rows of a list that was already read."""
    roster = Roster(faults=list(table.faults), unused=table.unused, left_out=table.left_out)
    right = right_lines(table) if partial else table.lines
    people, vacant = parted_by(names_nobody, right)
    # A list in which nobody is named is no list of vacancies: its rows lack something.
    placed = replace(table, lines=[with_place(line) for line in (people or right)])
    meant = await places_of(session, placed, on)
    lines = read_lines(placed, meant, roster, now)
    if not roster.faults or partial:
        await compare(session, roster, lines, now)
        roster.warnings[:0] = [*table.skipped, *(line.fault("name", "nobody") for line in vacant if people)]
        if not dry:
            await add(session, roster, lines, partial=partial)
    if roster.faults:
        refuse(roster, table, partial=partial)
    return roster


def names_nobody(line: ListRow) -> bool:
    """Whether a line names a place and nobody there: "Khuổi Chanh, 52 hộ, khuyết trưởng thôn"."""
    placed = any(key in line.texts for key in ("village", "place"))
    return placed and all(is_vacant(line.texts.get(key, "")) for key in ("name", "phone"))


def is_vacant(text: str) -> bool:
    """Whether a cell is empty, or says that nobody is there."""
    return text in NONE or fold(text) in VACANT


def parted_by(told: Callable[[T], bool], some: Iterable[T]) -> tuple[list[T], list[T]]:
    """Return those for which something does not hold, and those for which it does."""
    parts: tuple[list[T], list[T]] = ([], [])
    for one in some:
        parts[told(one)].append(one)
    return parts


async def compare(
    session: Session, roster: Roster, lines: Mapping["Expected", ListRow], now: datetime
) -> None:
    """Leave out of the entries whoever is known, and warn of numbers and names that are known already."""
    known = await already_listed(session)
    present = set(map(expected_as, known))
    fresh = [entry for entry in roster.entries if expected_as(entry) not in present]
    roster.known = len(roster.entries) - len(fresh)
    roster.entries = fresh
    called = names_by_phone((*known, *fresh))
    heads = heads_by_village((*known, *fresh))
    roster.warnings += [
        lines[expected_as(entry)].fault("phone", "phone_again")
        for entry in fresh
        if len(called[entry.phone]) > 1
    ]
    roster.warnings += [
        lines[expected_as(entry)].fault("name", "heads_again")
        for entry in fresh
        if entry.role == RoleName.VILLAGE_HEAD and len(heads[entry.place_id]) > 1
    ]
    names = await namesakes.known(session, now)
    roster.warnings += [
        lines[expected_as(entry)].fault("name", f"name_{known_as}")
        for entry in fresh
        for known_as in names.get(namesakes.name_at(entry.name, entry.place_id), ())
    ]


async def add(
    session: Session, roster: Roster, lines: Mapping["Expected", ListRow], *, partial: bool
) -> None:
    """Add the entries; one that the database refuses is a fault, and only in `partial` are the others added."""
    while (refusal := await first_refused(session, roster.entries)) is not None:
        roster.faults.append(lines[expected_as(refusal)].fault("phone", "not_saved"))
        if not partial:
            return
        roster.entries = [entry for entry in roster.entries if entry is not refusal]


Expected = tuple[str, int, str]
"""A phone number, a place and a role: nobody is expected twice with the same."""


async def already_listed(session: Session) -> list[Listed]:
    """Who is in the roster."""
    entry = ROSTER.c
    rows = await (await session.connection()).execute(
        columns(entry.phone, entry.name, entry.place_id, entry.role, entry.imported_at)
    )
    return [Listed(*row) for row in rows]


def expected_as(entry: Listed) -> Expected:
    """As what somebody is expected."""
    return entry.phone, entry.place_id, entry.role


def read_lines(
    table: SheetContent,
    meant: Mapping[tuple[str, str], PlaceRead[PlaceOfList]],
    roster: Roster,
    now: datetime,
) -> dict[Expected, ListRow]:
    """Read each line into an entry or a fault of `roster`; return the line of each entry."""
    lines: dict[Expected, ListRow] = {}
    for line in table.lines:
        entry = entry_of(line, meant, roster.faults, now)
        if entry is None:
            continue
        if first := lines.get(expected_as(entry)):
            roster.faults.append(line.fault("phone", "twice", row=first.row))
            continue
        lines[expected_as(entry)] = line
        roster.entries.append(entry)
    return lines


def names_by_phone(entries: Iterable[Listed]) -> dict[str, set[str]]:
    """The folded names that go with each number. A number with several is more than one person's, and one of them would
    be enrolled as the other."""
    names: dict[str, set[str]] = {}
    for entry in entries:
        names.setdefault(entry.phone, set()).add(fold(entry.name))
    return names


def heads_by_village(entries: Iterable[Listed]) -> dict[int, set[str]]:
    """The folded names of the heads of each village: more than one is rarely meant."""
    heads: dict[int, set[str]] = {}
    for entry in entries:
        if entry.role == RoleName.VILLAGE_HEAD:
            heads.setdefault(entry.place_id, set()).add(fold(entry.name))
    return heads


def refuse(roster: Roster, table: SheetContent, *, partial: bool) -> None:
    """Put the faults of a list in order; only with `partial` anything of it is added."""
    quotable = {(line.sheet, line.row) for line in table.lines if is_in_its_columns(line)}
    roster.faults = [
        fault if (fault.sheet, fault.row) in quotable else unquoted(fault)
        for fault in in_order(roster.faults)
    ]
    roster.left = lines_with(roster.faults, table)
    if any(fault.code == "headings" for fault in roster.faults):
        roster.unused = ()
    if not partial:
        roster.entries, roster.known, roster.warnings = [], 0, []


def is_in_its_columns(line: ListRow) -> bool:
    """Whether the name and the number of a row stand where they should, so that its other cells are none of these."""
    name = line.texts.get("name", "")
    named = any(letter.isalpha() for letter in name) and role_named(name) is None
    others = (text for key, text in line.texts.items() if key not in ("name", "family", "phone"))
    apart = not any(map(OF_A_PERSON.search, others)) and not may_be_name(line.texts.get("role", ""))
    return named and bool(phones_in(line.texts.get("phone", ""))) and apart


def may_be_name(words: str) -> bool:
    """Whether words are written as a person's name is, each with a capital: no role is, beyond one word."""
    parts = words.split()
    return (
        role_named(words) is None
        and len(parts) > 1
        and all(part[:1].isupper() and part.isalpha() for part in parts)
    )


def unquoted(fault: ListFault) -> ListFault:
    """Return a fault without a word of the line's content."""
    return replace(
        fault, data={name: "…" if name in QUOTING else value for name, value in fault.data.items()}
    )


async def first_refused(session: Session, entries: Sequence[Listed]) -> Listed | None:
    """Add all entries; or add none, and return the first one that the database refuses. Raises OperationalError."""
    try:
        async with session.begin_nested():
            for some in portions(entries):
                await (await session.connection()).execute(into(ROSTER), list(map(row_of, some)))
        return None
    except OperationalError:
        raise
    except DBAPIError:
        if len(entries) == 1:
            return entries[0]
    half = len(entries) // 2
    async with session.begin_nested() as tried:
        refused_one = await first_refused(session, entries[:half]) or await first_refused(
            session, entries[half:]
        )
        await tried.rollback()
    return refused_one or entries[0]


def row_of(entry: Listed) -> dict[str, object]:
    """An entry as a row of the table; `asdict` would copy each value, which takes a third of a long import."""
    return {name: getattr(entry, name) for name in KEPT}


def entry_of(
    line: ListRow,
    meant: Mapping[tuple[str, str], PlaceRead[PlaceOfList]],
    faults: list[ListFault],
    now: datetime,
) -> Listed | None:
    """Return the entry of one line; None, with its faults, if something is wrong."""
    before = len(faults)
    faults += line.empty("name", "phone", "role")
    if not any(letter.isalpha() for letter in line.texts.get("name", "a")):
        faults.append(line.fault("name", "no_letters"))
    if SEVERAL_NAMES.search(line.texts.get("name", "")):
        faults.append(line.fault("name", "several_people"))
    phone = phone_of(line, faults)
    role = line.read("role", role_named, faults, "role", written=line.texts.get("role", ""))
    place = place_of(line, meant, role, faults)
    if len(faults) > before or phone is None or role is None or place is None:
        return None
    name = " ".join(filter(None, (line.texts.get("family"), line.texts["name"])))
    return Listed(phone, without_title(name), place.id, role, now, line.sheet, line.row)


def without_title(name: str) -> str:
    """Return a name without what politeness puts before it, or a remark behind it; not in capitals.

    >>> without_title("Ông Lý A Páo (Phó BT)"), without_title("Ông Văn Tùng"), without_title("LÝ A PÁO")
    ('Lý A Páo', 'Ông Văn Tùng', 'Lý A Páo')
    """
    titled = TITLED.fullmatch(name)
    plain = REMARK.sub("", titled[1] if titled else name).strip()
    return plain.title() if plain.isupper() else plain


def phone_of(line: ListRow, faults: list[ListFault]) -> str | None:
    """Return the one number of a line; None, with its fault, if there is none or more than one."""
    written = line.texts.get("phone", "")
    numbers = phones_in(written)
    if len(numbers) == 1 or not written:
        return next(iter(numbers), None)
    if old := old_prefix(written):
        faults.append(line.fault("phone", "phone_old", old=old, new=OLD_PREFIXES[old]))
    else:
        faults.append(line.fault("phone", "phones" if numbers else "phone"))
    return None


def place_of(
    line: ListRow,
    meant: Mapping[tuple[str, str], PlaceRead[PlaceOfList]],
    role: RoleName | None,
    faults: list[ListFault],
) -> PlaceOfList | None:
    """Return the one place that a line names for its role; None, with its fault, if that is not clear."""
    named = named_in(line)
    # Of a place in several columns the village may be the only one that the list has.
    key = "code" if named[0] else "place" if line.headings.get("place") else "village"
    written = named[0] or named[1]
    if not written:
        faults.append(line.fault(key, "empty"))
        return None
    read = meant[named]
    # "Bạch Thông" is a commune and was a district: the role says which of the two is meant, so the line need not.
    fitting = [place for place in read.places if role is None or fits(role, place)]
    if read.places and not fitting:
        faults.append(line.fault("role", "role_level", written=line.texts.get("role", ""), place=written))
    elif len(fitting) != 1:
        faults.append(read.fault(line, key, written))
    else:
        return fitting[0]
    return None
