"""Lists of villages that an administrator brings, since no official list of them is published.

A list with village codes may be loaded again. A village with a known code but another name or commune was renamed or
moved. A village that we know in one of the list's communes, but that the list lacks, is named and left as it is: a
list does not say where it went.
"""

import re
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlmodel import SQLModel, col, select

from questionnaires.answers import AnswerKind, ExpectedAnswer, read
from questionnaires.answers.places import fold_place, same_name, without_kind
from questionnaires.answers.places.vocabulary import KINDS as SAID_KINDS
from questionnaires.answers.places.vocabulary import WRITTEN_KINDS
from storage import place_events, places
from storage.list_places import KINDS, PlaceRead, places_read, plain_name, settled
from storage.list_villages import is_commune
from storage.place_rules import EventRefused, Ruling
from storage.portions import portions
from storage.session import Session
from storage.sheets import (
    ListFault,
    ListRow,
    SheetContent,
    in_order,
    lines_with,
    read_table,
    right_lines,
)
from storage.tables import Level, Place, PlaceEvent
from storage.village_headings import COLUMNS, WANTED

MOST_HOUSEHOLDS: Final = 20000
"""More than any village has."""
HOUSEHOLDS: Final = re.compile(r"([0-9]{1,3}(?:[., ][0-9]{3})|[0-9]{1,6})(?: hộ)?", re.IGNORECASE)
SEVERAL: Final = re.compile(r"[,;]| và ")
"""What separates the names of two villages, and never occurs in one."""
OF_A_COMMUNE: Final = re.compile(r"(?:xã|phường|thị trấn|đặc khu) \S", re.IGNORECASE)
"""How a commune's name begins: no village's does."""
ROMAN: Final = re.compile("[IVX]+")
EXPECTED: Final = ", ".join(KINDS)
PLACES: Final = SQLModel.metadata.tables["place"]
EDGES: Final = SQLModel.metadata.tables["place_edge"]

VillageKey = tuple[int, str, tuple[str, ...]]
"""A village's commune, its type word, and its name in the form for comparing."""


@dataclass(frozen=True, slots=True)
class ListedVillage:
    """A village of the list, and the row that names it."""

    commune: Place
    kind: str
    name: str
    code: str
    households: int | None
    line: ListRow

    @property
    def key(self) -> VillageKey:
        """Two villages with the same key are one."""
        return self.commune.id, self.kind, same_name(self.kind, self.name)

    @property
    def full(self) -> str:
        """ "thôn Nà Hin, xã Vĩnh Thông"."""
        return f"{self.kind} {self.name}, {places.own_name(self.commune)}"


@dataclass(slots=True)
class ListDifference:
    """What a list says differently from the database."""

    new: list[ListedVillage] = field(default_factory=list)
    renamed: list[tuple[Place, ListedVillage]] = field(default_factory=list)
    moved: list[tuple[Place, ListedVillage]] = field(default_factory=list)
    closed: list[tuple[Place, Place]] = field(default_factory=list)
    """A village that stands in a commune of the list but is not in the list, with its commune."""
    counted: list[tuple[Place, ListedVillage, int | None]] = field(default_factory=list)
    """A village with a different number of households in the list, with the number known so far."""
    unchanged: list[tuple[Place, ListedVillage]] = field(default_factory=list)

    def compare(self, place: Place, commune: Place | None, village: ListedVillage) -> None:
        """Note how a standing village (in `commune`, if the list has that) differs from what the list says."""
        stays = commune is not None and commune.id == village.commune.id
        called = (place.kind, same_name(place.kind, place.name)) == village.key[1:]
        if not stays:
            self.moved.append((place, village))
        if not called:
            self.renamed.append((place, village))
        if village.households not in (None, place.households):
            self.counted.append((place, village, place.households))
        if stays and called:
            self.unchanged.append((place, village))

    def is_of_known(self) -> bool:
        """Whether a village is known that the list names, or that stands in one of its communes."""
        return any((self.renamed, self.moved, self.closed, self.counted, self.unchanged))

    def touched(self) -> set[int]:
        """Return the ids of the villages that the list changes, and of the communes of these and of the new ones."""
        coded = [(place, village) for place, village in self.unchanged if village.code and not place.code]
        known = [*self.renamed, *self.moved, *coded, *(each[:2] for each in self.counted)]
        named = [*self.new, *(village for _, village in known)]
        return {place.id for place, _ in known} | {village.commune.id for village in named}

    def lines(self) -> dict[str, list[str]]:
        """Each part in words, for a person."""
        counted = [
            f"{village.full}: {'–' if was is None else was} → {village.households}"
            for _, village, was in self.counted
        ]
        return {
            "new": [village.full for village in self.new],
            "renamed": [f"{places.own_name(place)} → {village.full}" for place, village in self.renamed],
            "moved": [f"{places.own_name(place)} → {village.full}" for place, village in self.moved],
            "closed": [
                f"{places.own_name(place)}, {places.own_name(commune)}" for place, commune in self.closed
            ],
            **({"counted": counted} if counted else {}),
            "unchanged": [village.full for _, village in self.unchanged],
        }


@dataclass(slots=True)
class Villages:
    """A list that was read: what it changes, the events that this caused, and every fault.

    If there are faults nothing was loaded, unless a part was wanted.
    """

    difference: ListDifference = field(default_factory=ListDifference)
    events: list[PlaceEvent] = field(default_factory=list)
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
        return len(self.difference.new)

    @property
    def known(self) -> int:
        return len(self.difference.unchanged)


async def load(
    session: Session,
    data: bytes,
    filename: str,
    ruling: Ruling,
    source: str,
    *,
    partial: bool = False,
    dry: bool = False,
    convert: bool = False,
    kind: str = "",
) -> Villages:
    """Add, rename and move the villages of a list (.xlsx or .csv); renames and moves are by `ruling`.

    With any fault nothing is loaded or, with `partial`, only the rows that are right. `dry`: only the difference. If
    faults come back without `partial`, the transaction must be given up. `kind`: the type word of the villages whose
    type the list does not say.
    """
    table = table_of(data, filename, convert=convert)
    return await load_table(session, table, ruling, source, partial=partial, dry=dry, kind=kind)


def table_of(data: bytes, filename: str, *, convert: bool = False) -> SheetContent:
    """The rows of a list of villages."""
    return read_table(data, filename, COLUMNS, WANTED, convert=convert)


async def load_table(
    session: Session,
    table: SheetContent,
    ruling: Ruling,
    source: str,
    *,
    partial: bool = False,
    dry: bool = False,
    kind: str = "",
) -> Villages:
    """The same with the rows of a list that was read."""
    on = ruling.day
    result = Villages(faults=list(table.faults), unused=table.unused, left_out=table.left_out)
    right = right_lines(table) if partial else table.lines
    communes = await communes_of(session, table, on)
    wanted = checked(right, communes, result.faults, kind)
    if partial or not result.faults:
        result.difference = await difference(session, wanted, on, result.faults)
        result.warnings = [*table.skipped, *other_kinds(result.difference)]
        if not dry and (partial or not result.faults):
            await change(session, result, ruling, source)
    result.faults = in_order(result.faults)
    result.left = lines_with(result.faults, table)
    return result


async def difference(
    session: Session, wanted: Sequence[ListedVillage], on: date, faults: list[ListFault]
) -> ListDifference:
    """Return how the list differs from the database; a code that several villages have goes to `faults`."""
    standing = await standing_in(session, wanted, on)
    by_name = {
        (commune.id, place.kind, same_name(place.kind, place.name)): place
        for place, commune in standing.values()
    }
    coded = await by_code(session, [village.code for village in wanted if village.code])
    result = ListDifference()
    for village in wanted:
        bearers = coded.get(village.code, [])
        if len(bearers) > 1:
            faults.append(village.line.fault("code", "place_many", written=village.code, count=len(bearers)))
            continue
        place = bearers[0] if bearers else by_name.get(village.key)
        if place is None:
            result.new.append(village)
        else:
            _, commune = standing.pop(place.id, (place, None))
            result.compare(place, commune, village)
    result.closed = list(standing.values())
    return result


def names_standing(difference: ListDifference) -> dict[tuple[int, tuple[str, ...]], str]:
    """The villages that stand, by their commune and their names with and without their type words."""
    known: dict[tuple[int, tuple[str, ...]], str] = {}
    standing = [*difference.closed, *((place, village.commune) for place, village in difference.unchanged)]
    for place, commune in standing:
        for words in (same_name(place.kind, place.name), same_name("", place.name)):
            known[commune.id, words] = places.own_name(place)
    return known


def other_kinds(difference: ListDifference) -> Iterator[ListFault]:
    """Return a warning for each new village with the name of another one in its commune, but another type word.

    "bản Sáo" is near "thôn Bản Sáo" too.
    """
    known = names_standing(difference)
    for village in difference.new:
        commune = village.commune
        ways = [same_name(village.kind, village.name), same_name("", f"{village.kind} {village.name}")]
        other = next((known[commune.id, words] for words in ways if (commune.id, words) in known), None)
        if other is not None:
            yield village.line.fault("name", "other_kind", written=village.full, likely=other)
        known.setdefault((commune.id, ways[0]), f"{village.kind} {village.name}")


async def standing_in(
    session: Session, wanted: Sequence[ListedVillage], on: date
) -> dict[int, tuple[Place, Place]]:
    """The villages that stand in the communes of the list, by their ids, each with its commune."""
    communes = {village.commune.id: village.commune for village in wanted}
    below = await session.places.children_of(list(communes), on)
    return {place.id: (place, communes[number]) for number, inside in below.items() for place in inside}


async def by_code(session: Session, codes: Sequence[str]) -> dict[str, list[Place]]:
    """The villages that stand, by their codes."""
    bearers: dict[str, list[Place]] = {}
    chosen = select(Place).where(Place.level == Level.VILLAGE, col(Place.last_day).is_(None))
    for some in portions(codes):
        for place in await session.exec(chosen.where(col(Place.code).in_(some))):
            bearers.setdefault(place.code or "", []).append(place)
    return bearers


async def change(session: Session, result: Villages, ruling: Ruling, source: str) -> None:
    """Make the database say what the list says; a refused move or name goes to the faults."""
    for place, village in result.difference.moved:
        await attempt(result, village, place_events.move(session, [place], village.commune, ruling))
    for place, village in result.difference.renamed:
        await attempt(
            result, village, place_events.rename(session, place, village.kind, village.name, ruling)
        )
    for place, village in result.difference.unchanged:
        place.code = place.code or village.code or None
    for place, village, _ in result.difference.counted:
        place.households, place.households_on = village.households, ruling.day
    if result.difference.new:
        await add(session, result.difference.new, ruling, source)


async def attempt(result: Villages, village: ListedVillage, event: Awaitable[PlaceEvent]) -> None:
    """Carry out an event; if it is refused, report that for the row of the list."""
    try:
        result.events.append(await event)
    except EventRefused as refused:
        result.faults.append(village.line.fault("name", f"event_{refused.code}", **refused.told()))


async def add(session: Session, villages: Sequence[ListedVillage], ruling: Ruling, source: str) -> None:
    """Add the villages below their communes, each from its commune's own first day on; one event, which can be undone."""
    opened: list[int] = []
    edges: list[int] = []
    for some in portions(villages):
        added = await session.insert_numbered(PLACES, [row_of(village, ruling, source) for village in some])
        below = map(edge_of, added, some)
        edges += await session.insert_numbered(EDGES, list(below))
        opened += added
    names = [f"{village.kind} {village.name}" for village in villages]
    await place_events.listed(session, opened, edges, names, ruling)


def row_of(village: ListedVillage, ruling: Ruling, source: str) -> dict[str, object]:
    """A village of a list as a row of the places."""
    return {
        "level": Level.VILLAGE,
        "kind": village.kind,
        "name": village.name,
        "code": village.code or None,
        "first_day": village.commune.first_day,
        "last_day": None,
        "search": fold_place(village.name),
        "invented": False,
        "source": source,
        "households": village.households,
        "households_on": ruling.day if village.households is not None else None,
    }


def edge_of(place_id: int, village: ListedVillage) -> dict[str, object]:
    """Where a village of a list lies, as a row."""
    return {
        "child_id": place_id,
        "parent_id": village.commune.id,
        "first_day": village.commune.first_day,
        "last_day": None,
    }


async def communes_of(
    session: Session, table: SheetContent, on: date
) -> dict[tuple[str, str, str], PlaceRead[Place]]:
    """Return, for each (code, commune, province) in the list, the communes that stand on that day and may be meant."""
    words = {key: key[0] or ", ".join(filter(None, key[1:])) for key in map(named, table.lines)}
    meant = await places_read(session, words.values(), on, is_commune)
    return settled({key: meant[written] for key, written in words.items()})


def named(line: ListRow) -> tuple[str, str, str]:
    """How a line names its commune."""
    code = line.texts.get("commune_code", "")
    return (
        code.zfill(5) if code.isdigit() else code,
        line.texts.get("commune", ""),
        line.texts.get("province", ""),
    )


def checked(
    lines: Sequence[ListRow],
    communes: Mapping[tuple[str, str, str], PlaceRead[Place]],
    faults: list[ListFault],
    kind: str,
) -> list[ListedVillage]:
    """Return the villages of the lines that are right; what is wrong goes to `faults`. `kind`: see `load`."""
    villages: list[ListedVillage] = []
    seen: dict[VillageKey | str, int] = {}
    for line in lines:
        village = village_of(line, communes, faults, kind)
        if village is None:
            continue
        marks: list[tuple[str, VillageKey | str]] = [("name", village.key), ("code", village.code)]
        again = [(column, seen[mark]) for column, mark in marks if mark in seen]
        if again:
            faults.append(line.fault(again[0][0], "twice", row=again[0][1]))
            continue
        seen.update((mark, line.row) for _, mark in marks if mark)
        villages.append(village)
    return villages


def village_of(
    line: ListRow,
    communes: Mapping[tuple[str, str, str], PlaceRead[Place]],
    faults: list[ListFault],
    unsaid: str,
) -> ListedVillage | None:
    """Return the village of one line; None, with its faults, if something is wrong."""
    before = len(faults)
    faults += line.empty("name")
    name = plain_name(line.texts.get("name", ""))
    if OF_A_COMMUNE.match(name):
        faults.append(line.fault("name", "is_commune", written=name))
    kind = kind_of(line, name, faults, unsaid)
    if name and not fold_place(name):
        faults.append(line.fault("name", "empty"))
    if SEVERAL.search(name):
        faults.append(line.fault("name", "several_villages"))
    commune = commune_of(line, communes, faults)
    households = line.read(
        "households",
        households_said,
        faults,
        "households",
        written=line.texts.get("households", ""),
        most=MOST_HOUSEHOLDS,
    )
    if len(faults) > before or kind is None or commune is None:
        return None
    code = line.texts.get("code", "")
    return ListedVillage(commune, kind, in_small_letters(without_kind(kind, name)), code, households, line)


def in_small_letters(name: str) -> str:
    """Return a name that is all in capitals as names are written.

    >>> in_small_letters("NÀ LẠN II"), in_small_letters("Nà Lạn"), in_small_letters("ĐỒI B52")
    ('Nà Lạn II', 'Nà Lạn', 'Đồi B52')
    """
    if not name.isupper():
        return name
    first, *rest = name.split()
    return " ".join((small(first), *(word if ROMAN.fullmatch(word) else small(word) for word in rest)))


def small(word: str) -> str:
    """Return a word with only its first letter large; one with a figure in it is no word."""
    return word.capitalize() if word.isalpha() else word


def households_said(written: str) -> int | None:
    """A number of households: "120", "1.203", "45 hộ", "khoảng 40", "bốn mươi"; None for anything else."""
    match = HOUSEHOLDS.fullmatch(written.lstrip("'’"))
    number = int(re.sub(r"[., ]", "", match[1])) if match else number_said(written)
    return number if number is not None and number <= MOST_HOUSEHOLDS else None


def number_said(written: str) -> int | None:
    """A number of households in words, or about so many; None if there is none, or more than one."""
    reading = read(written, ExpectedAnswer(AnswerKind.COUNT, date.min, "hộ"))
    return (reading.value or None) if isinstance(reading.value, int) and reading.status == "ok" else None


def kind_of(line: ListRow, name: str, faults: list[ListFault], unsaid: str) -> str | None:
    """Return the type word of a line's village, from its own cell or from its name, or `unsaid` where neither says it;
    None, with its fault, without one."""
    if "kind" in line.texts:
        written = line.texts["kind"]
        return line.read("kind", kind_named, faults, "kind", written=written, expected=EXPECTED)
    if "kind" in line.headings:
        faults += line.empty("kind")
        return None
    kind = kind_within(name) or unsaid or None
    if kind is None and name:
        faults.append(line.fault("name", "no_kind", expected=EXPECTED))
    return kind


def commune_of(
    line: ListRow, communes: Mapping[tuple[str, str, str], PlaceRead[Place]], faults: list[ListFault]
) -> Place | None:
    """Return the one commune that a line names; None, with its fault, if that is not clear."""
    key = named(line)
    column = "commune_code" if key[0] else "commune"
    written = key[0] or ", ".join(filter(None, key[1:]))
    if not written:
        faults.append(line.fault(column, "empty"))
        return None
    read = communes[key]
    if len(read.places) != 1:
        faults.append(read.fault(line, column, written))
        return None
    return read.places[0]


def kind_named(words: str) -> str | None:
    """Return the type word that is meant, as it is written before a name: "TDP", "to dan pho"; None if it is none."""
    meant = (WRITTEN_KINDS[kind] for kind in SAID_KINDS.get(fold_place(words), ()))
    return next((kind for kind in (words.casefold(), *meant) if kind in KINDS), None)


def kind_within(name: str) -> str | None:
    """Return the type word with which a name begins: "Bản Cháo"; None if there is none."""
    words = name.split()
    kinds = (kind_named(" ".join(words[:length])) for length in (3, 2, 1) if len(words) > length)
    return next(filter(None, kinds), None)
