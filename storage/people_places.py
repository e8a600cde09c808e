"""Where the people of a list are: the places that its rows name, by a code, in one cell, or in a column for each part.

A place that one cell names may need the commune of a section row or a title: "Bản Sáo" below "XÃ VĨNH THÔNG".
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from questionnaires.answers.text import fold
from storage.list_places import PlaceOfList, PlaceRead, places_read, plain_name, settled
from storage.list_villages import villages_inside
from storage.people_headings import PLACED
from storage.session import Session
from storage.sheets import ListRow, SheetContent

OFFICE: Final = re.compile(r"(?:UBND|Uỷ ban nhân dân|Ủy ban nhân dân|Trụ sở UBND) (.+)", re.IGNORECASE)
NAMED: Final = ("village", "place")
COMMUNES: Final = frozenset({"xa", "phuong"})


def with_place(line: ListRow) -> ListRow:
    """Return a line with its place in one cell: "Nà Hin, Vĩnh Thông, Thái Nguyên" from columns for each part."""
    line = replace(
        line, texts={key: plain_name(text) if key in NAMED else text for key, text in line.texts.items()}
    )
    if "place" in line.headings or "code" in line.texts:
        return with_office_as_place(line)
    words = ", ".join(line.texts[key] for key in PLACED if key in line.texts)
    headings = {**line.headings, "place": line.headings.get("commune", "")}
    texts = {**line.texts, "place": words} if words else line.texts
    return replace(line, texts=texts, headings=headings)


def with_office_as_place(line: ListRow) -> ListRow:
    """Return a line with the place of an office: xã Vĩnh Thông of its UBND, and the title's commune of "UBND xã"."""
    office = OFFICE.fullmatch(line.texts.get("place", ""))
    if office is None:
        return line
    place = office[1] if fold(office[1]) not in COMMUNES else commune_around(line)
    return replace(line, texts={**line.texts, "place": place}) if place else line


def commune_around(line: ListRow) -> str:
    """The commune that a section row or a title gives for a line whose place stands in one cell; "" for none."""
    around = {**line.titles, **line.texts}
    return ", ".join(around[key] for key in PLACED[1:] if key in around) if "commune" in around else ""


async def places_of(
    session: Session, table: SheetContent, on: date
) -> dict[tuple[str, str], PlaceRead[PlaceOfList]]:
    """Return, for each (code, words) in the list, the places that stand on that day and may be meant."""
    inside = await villages_inside(session, table.lines, on)
    first = first_lines(table)
    villages = {named: inside.named(line) for named, line in first.items()}
    others = [words_of(named) for named, village in villages.items() if village is None]
    read = await places_read(session, others, on, lambda unit: True)
    meant = {named: village or read[words_of(named)] for named, village in villages.items()}
    return settled({**meant, **await places_around(session, first, meant, on)})


async def places_around(
    session: Session,
    lines: Mapping[tuple[str, str], ListRow],
    meant: Mapping[tuple[str, str], PlaceRead[PlaceOfList]],
    on: date,
) -> dict[tuple[str, str], PlaceRead[PlaceOfList]]:
    """Return what words mean within the commune that a title gives, where alone they name no place, or several."""
    unclear = {
        named: f"{named[1]}, {commune}"
        for named, read in meant.items()
        if len(read.places) != 1 and not named[0] and (commune := commune_around(lines[named]))
    }
    read = await places_read(session, unclear.values(), on, lambda unit: True)
    return {
        named: read[words]
        for named, words in unclear.items()
        if len(read[words].places) == 1 or not meant[named].places
    }


def words_of(named: tuple[str, str]) -> str:
    """What names a place in a list: its code if there is one, else words."""
    code, words = named
    return code or words


def first_lines(table: SheetContent) -> dict[tuple[str, str], ListRow]:
    """Return the first line for each (code, words): it decides, as all others with them say the same."""
    return {named_in(line): line for line in reversed(table.lines)}


def named_in(line: ListRow) -> tuple[str, str]:
    """How a line names its place: by a code, or in words."""
    return line.texts.get("code", ""), line.texts.get("place", "")
