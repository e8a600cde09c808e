"""Lists of villages that an administrator brings, since no official list of them is published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from questionnaires.answers.places import fold_place
from questionnaires.answers.text import fold
from storage import places
from storage.sheets import Column, Fault, Line, Table, in_order, read_table
from storage.tables import Level, Place, PlaceEdge

COLUMNS: Final = (
    Column("commune_code", "Mã xã", ("ma don vi", "ma phuong")),
    Column("commune", "Xã", ("ten xa", "xa phuong", "phuong", "ten xa phuong", "commune")),
    Column("province", "Tỉnh", ("ten tinh", "tinh thanh pho", "province")),
    Column("kind", "Loại", ("loai hinh", "loai thon", "kind")),
    Column("name", "Tên thôn", ("thon", "ten thon ban", "ten", "ten to dan pho", "village")),
)
WANTED: Final = (("commune_code", "kind", "name"), ("commune", "province", "kind", "name"))
KINDS: Final = (
    *("thôn", "bản", "xóm", "làng", "buôn", "bon", "phum", "sóc", "ấp", "khóm", "khu"),
    *("khu phố", "khu vực", "tổ", "tổ dân phố", "tiểu khu", "khối", "khối phố", "phố"),
)


@dataclass(frozen=True, slots=True)
class Village:
    """A village to add."""

    commune: Place
    kind: str
    name: str

    @property
    def key(self) -> tuple[int, str, str]:
        """Two villages with one key are one."""
        return self.commune.id or 0, self.kind, same(self.name)


@dataclass(slots=True)
class Villages:
    """A list that was read: how many were added, how many were there already, and every fault."""

    added: int = 0
    known: int = 0
    faults: list[Fault] = field(default_factory=list)
    unused: Sequence[str] = ()


async def load(session: AsyncSession, data: bytes, filename: str, on: date, source: str) -> Villages:
    """Add the villages of a list (.xlsx or .csv). Adds nothing when there is any fault."""
    table = read_table(data, filename, COLUMNS, WANTED)
    result = Villages(faults=list(table.faults), unused=table.unused)
    communes = await communes_of(session, table, on)
    wanted = checked(table.lines, communes, result.faults)
    result.faults = in_order(result.faults)
    if result.faults:
        return result
    present: set[tuple[int, str, str]] = set()
    for commune_id in {village.commune.id or 0 for village in wanted}:
        below = await places.children(session, commune_id, on)
        present.update((commune_id, place.kind, same(place.name)) for place in below)
    fresh = [village for village in wanted if village.key not in present]
    await add(session, fresh, source)
    result.added, result.known = len(fresh), len(wanted) - len(fresh)
    return result


async def add(session: AsyncSession, villages: Sequence[Village], source: str) -> None:
    """Add the villages below their communes, from each commune's own first day on."""
    rows = [
        Place(
            level=Level.VILLAGE,
            kind=village.kind,
            name=village.name,
            first_day=village.commune.first_day,
            search=fold_place(village.name),
            source=source,
        )
        for village in villages
    ]
    session.add_all(rows)
    await session.flush()
    session.add_all(
        PlaceEdge(child_id=row.id or 0, parent_id=village.commune.id or 0, first_day=row.first_day)
        for row, village in zip(rows, villages, strict=True)
    )
    await session.flush()


async def communes_of(
    session: AsyncSession, table: Table, on: date
) -> dict[tuple[str, str, str], list[Place]]:
    """For each (code, commune, province) of the list the communes that stand on that day and may be meant."""
    found: dict[tuple[str, str, str], list[Place]] = {}
    for line in table.lines:
        code, commune, province = key = named(line)
        if key not in found:
            words = code or ", ".join(part for part in (commune, province) if part)
            candidates = await places.find(session, words, on, level=Level.COMMUNE)
            found[key] = [place for place in candidates if places.stands(place, on)]
    return found


def named(line: Line) -> tuple[str, str, str]:
    """How a line names its commune."""
    code = line.texts.get("commune_code", "")
    return (
        code.zfill(5) if code.isdigit() else code,
        line.texts.get("commune", ""),
        line.texts.get("province", ""),
    )


def checked(
    lines: Sequence[Line], communes: Mapping[tuple[str, str, str], list[Place]], faults: list[Fault]
) -> list[Village]:
    """The villages of the lines that are right; what is wrong goes to `faults`."""
    villages: list[Village] = []
    seen: dict[tuple[int, str, str], int] = {}
    for line in lines:
        village = village_of(line, communes, faults)
        if village is None:
            continue
        if village.key in seen:
            faults.append(line.fault("name", "twice", row=seen[village.key]))
            continue
        seen[village.key] = line.row
        villages.append(village)
    return villages


def village_of(
    line: Line, communes: Mapping[tuple[str, str, str], list[Place]], faults: list[Fault]
) -> Village | None:
    """The village of one line; None, with its faults, where something is wrong."""
    before = len(faults)
    faults += [line.fault(key, "empty") for key in ("kind", "name") if key not in line.texts]
    kind = kind_named(line.texts.get("kind", ""))
    if kind is None and "kind" in line.texts:
        faults.append(line.fault("kind", "kind", written=line.texts["kind"], expected=", ".join(KINDS)))
    if "name" in line.texts and not fold_place(line.texts["name"]):
        faults.append(line.fault("name", "empty"))
    commune = commune_of(line, communes, faults)
    if len(faults) > before or kind is None or commune is None:
        return None
    return Village(commune, kind, line.texts["name"])


def commune_of(
    line: Line, communes: Mapping[tuple[str, str, str], list[Place]], faults: list[Fault]
) -> Place | None:
    """The one commune that a line names; None, with its fault, where that is not clear."""
    key = named(line)
    column = "commune_code" if key[0] else "commune"
    written = key[0] or ", ".join(part for part in key[1:] if part)
    candidates = communes[key]
    if not written:
        faults.append(line.fault(column, "empty"))
    elif not candidates:
        faults.append(line.fault(column, "place_unknown", written=written))
    elif len(candidates) > 1:
        faults.append(line.fault(column, "place_many", written=written, count=len(candidates)))
    else:
        return candidates[0]
    return None


def kind_named(words: str) -> str | None:
    """The type word that is meant, as it is written before a name; None if it is none."""
    exact = next((kind for kind in KINDS if kind == words.casefold()), None)
    return exact or next((kind for kind in KINDS if fold(kind) == fold(words)), None)


def same(name: str) -> str:
    """A name for comparing with another: "Nà Hin" and "nà hin" are one, "Nậm Cắn" and "Nậm Càn" are two."""
    return " ".join(name.casefold().split())
