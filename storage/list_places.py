"""Finds the one place that a row of a list names, or what to say of it: unknown, similar to another, closed, or one of
several."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Generic, Protocol, TypeVar

from questionnaires.answers.places import Gazetteer, PlaceMatch, Unit
from questionnaires.answers.places.vocabulary import LEVEL_OF_KIND, WRITTEN_KINDS
from questionnaires.answers.text import fold
from storage.session import Session
from storage.sheets import ListFault, ListRow
from storage.tables import Level, Place

NO_COMMUNE: Final = (
    r"(?:đặc biệt|huyện\b|tỉnh\b|trong\b|của\b|vùng|thuộc|trên|miền|khu vực|nông thôn|theo|nghèo|hội|và|,)"
)
"""What follows "xã" if no commune is named: "các thôn, xã đặc biệt khó khăn"."""
COMMUNE_TITLE: Final = re.compile(
    rf"(?:.*\s)?((?:xã|phường|đặc khu) (?!{NO_COMMUNE})[^\s,;:()–-]+(?: [^\s,;:()–-]+){{0,4}}?)"
    r"(?: ?[,;:(–-].*| (?:năm|tháng|quý|tỉnh|huyện|ngày|giai đoạn|đến|tính) .*)?",
    re.IGNORECASE,
)
"""A title, or a sheet's name, that gives the commune of a whole list: "Danh sách thôn xã Vĩnh Thông năm 2026"."""
PROVINCE_TITLE: Final = re.compile(
    r"(?:.*\s)?tỉnh ([^\s,;:()–-]+(?: [^\s,;:()–-]+){0,3}?)(?: ?[,;:(–-].*| (?:năm|tháng|quý|giai đoạn|đến|tính) .*)?",
    re.IGNORECASE,
)
ORDINAL: Final = r"(?:[IVXLC]+|[A-Z]|[0-9]+(?:\.[0-9]+)*)[.)]?"
KINDS: Final = tuple(kind for kind in WRITTEN_KINDS.values() if LEVEL_OF_KIND[fold(kind)] == Level.VILLAGE)
"""What villages are: thôn, bản, tổ dân phố …"""
ROW_NUMBER: Final = re.compile(r"^(?:[0-9]{1,3}|[IVX]{1,5})[.)/]\s*(?=\D)")
COLON: Final = re.compile(rf"^({'|'.join(sorted(KINDS, key=len, reverse=True))})\s*:\s*", re.IGNORECASE)
"""What may stand around the type word of a name: the number of its row, and a colon."""
COMMUNE_SECTION: Final = (
    rf"(?:{ORDINAL} )?((?:xã|phường|đặc khu) (?!{NO_COMMUNE})[^\d,;:()]+?(?:, [^\d,;:()]+?)?) ?[:.]?"
)
VILLAGES_SECTION: Final = re.compile(
    rf"{COMMUNE_SECTION}|[IVXLC]+\.? (?!(?:{'|'.join(KINDS)}|tỉnh|huyện|thành phố|cộng|tổng)\b)([^\d,;:()]+?) ?:?",
    re.IGNORECASE,
)
"""A row above the villages, or people, of a commune, perhaps with its province. A Roman number may stand for the word
"xã": I, Vĩnh Thông."""
PROVINCE_SECTION: Final = re.compile(rf"(?:{ORDINAL} )?tỉnh ([^\d,;:()]+?) ?[:.]?", re.IGNORECASE)
COMMUNE_COLUMN: Final = (
    "ten xa",
    "xa phuong",
    "phuong",
    "ten xa phuong",
    "phuong xa",
    "ten phuong",
    "thuoc xa",
    "thuoc xa phuong",
    "don vi cap tren",
    "truc thuoc",
    "ten don vi cap tren",
    "commune",
)
"""What the column "Xã" is also called."""
VILLAGE_COLUMN: Final = (
    *(
        "ten thon",
        "ten thon ban",
        "thon ban",
        "ten thon to",
        "ban",
        "xom",
        "khu",
        "khu pho",
        "buon",
        "lang",
        "ap",
        "khom",
    ),
    *("tdp", "to dan pho", "ten to dan pho", "thon ban to dan pho", "village"),
    *("ten thon dac biet kho khan", "thon dac biet kho khan", "ten thon moi", "ten thon hien nay"),
    *("thon sau sap nhap", "ten thon sau sap nhap", "ten thon sau sap xep"),
)
"""What a column of villages is called, in lists of villages and of people."""
OF_VILLAGES: Final = "(?:thon|ban|xom|khu|to|tdp|to dan pho|khu pho|buon|lang|ap|khom|khoi|khoi pho)"
NOW: Final = (
    r"(?:moi|hien nay|hien tai|sau (?:khi )?(?:sap xep|sap nhap|sat nhap|hop nhat|chia tach)(?: .*)?)"
)
VILLAGES_NAMED: Final = re.compile(
    rf"(?:ten )?(?:cac )?(?:{OF_VILLAGES} )+{NOW}|(?:ten )?(?:cac )?(?:{OF_VILLAGES} )+{OF_VILLAGES}|ten to"
)
"""Headings of villages as they stand now: "Thôn, tổ", "Tên thôn, TDP sau sắp xếp", but not "Các thôn trước sắp xếp"."""
WITH_COMMUNES: Final = rf"(?:ten )?(?:(?:xa|phuong|thi tran|dac khu) )+(?:{OF_VILLAGES} )*{OF_VILLAGES}"
"""Headings of villages below their communes: "Xã, phường/ thôn, tổ dân phố"."""
PROVINCE_COLUMN: Final = ("ten tinh", "tinh thanh pho", "tinh tp", "thanh pho", "province")
Named = TypeVar("Named")
NAMED: Final = 3
"""The most places that a fault names."""


class PlaceOfList(Protocol):
    """A place, as far as a list of people needs it."""

    @property
    def id(self) -> int: ...

    @property
    def level(self) -> str: ...


Found = TypeVar("Found", bound=PlaceOfList, covariant=True)


@dataclass(frozen=True, slots=True)
class PlaceRead(Generic[Found]):
    """What the words of a list may mean: places that stand, or the `code` of a fault and its values."""

    places: tuple[Found, ...] = ()
    code: str = ""
    data: dict[str, str | int] = field(default_factory=dict)
    provinces: tuple[int, ...] = ()
    """The province of each of the places; 0: none."""

    def fault(self, line: ListRow, key: str, written: str) -> ListFault:
        """Return what to say of the cell under `key`, unless exactly one place is meant."""
        code = self.code or "place_many"
        return line.fault(key, code, written=written, count=len(self.places), **self.data)

    def within(self, province: int) -> "PlaceRead[Found]":
        """Return the one of several places that lies in a province; all of them if there is not exactly one."""
        inside = [place for place, own in zip(self.places, self.provinces, strict=True) if own == province]
        return replace(self, places=tuple(inside), provinces=(province,)) if len(inside) == 1 else self


def settled(reads: Mapping[Named, PlaceRead[Found]]) -> dict[Named, PlaceRead[Found]]:
    """Return what the words of a list mean, if all certain ones lie in one province: "Vĩnh Thông" is then the one there."""
    sure = {read.provinces[0] for read in reads.values() if len(read.places) == 1}
    return {words: read.within(*sure) if len(sure) == 1 else read for words, read in reads.items()}


async def place_read(
    session: Session, words: str, on: date, fits: Callable[[Unit], bool]
) -> PlaceRead[Place]:
    """What `words` mean among the units that stand on that day and to which `fits` applies."""
    return (await places_read(session, [words], on, fits))[words]


async def places_read(
    session: Session, written: Iterable[str], on: date, fits: Callable[[Unit], bool]
) -> dict[str, PlaceRead[Place]]:
    """The same for many words, with one query for all places that they name."""

    def is_meant(unit: Unit) -> bool:
        return unit.stands(on) and fits(unit)

    matches = {
        words: await session.places.match(words, on, fits=is_meant) for words in dict.fromkeys(written)
    }
    await session.places.learn(unit.id for match in matches.values() for unit in match.units)
    return {words: await as_read(session, words, match, on, fits) for words, match in matches.items()}


async def as_read(
    session: Session, words: str, match: PlaceMatch, on: date, fits: Callable[[Unit], bool]
) -> PlaceRead[Place]:
    """What words mean that match units of that day, or none."""
    gazetteer = await session.places.gazetteer()
    if match.status == "none":
        return closed(gazetteer, (await session.places.match(words, on, fits=fits)).units, on)
    likely = {"likely": labels(gazetteer, match.units)}
    if match.doubt == "spelling":
        return PlaceRead(code="place_near", data={**likely})
    places = [place for unit in match.units if (place := await session.places.get(unit.id)) is not None]
    provinces = tuple(province_of(gazetteer, gazetteer.units[place.id]) for place in places)
    return PlaceRead(tuple(places), data={**likely}, provinces=provinces)


def province_of(gazetteer: Gazetteer, unit: Unit) -> int:
    """The number of the province in which a unit lies; 0 for none."""
    return next((above.id for above in gazetteer.way(unit) if above.level == Level.PROVINCE), 0)


def closed(gazetteer: Gazetteer, units: tuple[Unit, ...], on: date) -> PlaceRead[Place]:
    """Return what to say if only closed units are named: what the first became."""
    heirs = [unit for unit in gazetteer.known(gazetteer.heirs(units[0])) if unit.stands(on)] if units else []
    if not heirs:
        return PlaceRead(code="place_unknown")
    return PlaceRead(code="place_closed", data={"likely": labels(gazetteer, heirs)})


def labels(gazetteer: Gazetteer, units: tuple[Unit, ...] | list[Unit]) -> str:
    """The full names of the first of some places."""
    return "; ".join(map(gazetteer.label, units[:NAMED])) + (" …" if len(units) > NAMED else "")


def plain_name(written: str) -> str:
    """Return a name without the number of its row, and without a colon behind its type word.

    >>> plain_name("1. Thôn Nà Ngần"), plain_name("Thôn: Khuổi Đẳng"), plain_name("Số 2")
    ('Thôn Nà Ngần', 'Thôn Khuổi Đẳng', 'Số 2')
    """
    return COLON.sub(r"\1 ", ROW_NUMBER.sub("", written))
