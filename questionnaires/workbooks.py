"""Prepare Excel workbooks for reading: recognise files that only look like one, and cut what readers stumble over.

Programs often write a wrong extent of a sheet ("<dimension ref="A1"/>"), and readers that believe it stop too early, so it
is removed. Rows beyond a limit are cut off before reading: a workbook of a few megabytes can hold rows for minutes.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Final

from lxml import etree

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The beginning of a file of Excel 97-2003, or of one locked by a password."""
LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
STRICT: Final = b"purl.oclc.org/ooxml"
"""The host of XML namespaces in a workbook saved as "Strict Open XML"."""
DIMENSION: Final = re.compile(rb"<(?:\w+:)?dimension\b[^<>]*(?:>\s*</(?:\w+:)?dimension>|(?<=/)>)")
ROW: Final = re.compile(rb"<(\w+:)?row\b")
NUMBER: Final = re.compile(rb"\br=\"(\d{1,9})\"")
NAMED: Final = re.compile(rb"<(?:\w+:)?row\b[^<>]*?\sr=[\"']([^\"'<>]*)")
LAST_ROW: Final = 1_048_576
"""The number of a sheet's last row."""
VALUE: Final = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^<>]*>[^<]")
LINKS: Final = "xl/_rels/workbook.xml.rels"
REFERENCE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True)
HEAD: Final = 65_536
CHUNK: Final = 1_000_000
LONGEST_TAG: Final = 2000
"""The most bytes of a tag that are waited for."""
SHEETS: Final = "xl/worksheets/"


def trouble_with(data: bytes) -> str:
    """Return why a file is no readable workbook: "locked", "old_excel", "strict" or "not_xlsx"; "" if it is one."""
    if data.startswith(OLE):
        return "locked" if LOCKED in data else "old_excel"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("xl/workbook.xml") as file:
            return "strict" if STRICT in file.read(HEAD) else ""
    except Exception:  # zipfile raises the errors of every compressor as they are
        return "not_xlsx"


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A workbook whose sheets do not state their extent and end after a number of rows.

    `filled_beyond` has the name of each sheet that had values further down, with the row number of the first.
    """

    data: bytes
    filled_beyond: tuple[tuple[str, int], ...]


def trimmed(data: bytes, most_rows: Callable[[str], int]) -> Trimmed:
    """Return the workbook with only the first rows of each sheet; `most_rows` gives their number by the sheet's name."""
    written = io.BytesIO()
    beyond: list[tuple[str, int]] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(written, "w") as copy:
        names = names_of_sheets(archive)
        for member in archive.infolist():
            if not member.filename.startswith(SHEETS):
                copy.writestr(member, archive.read(member))
                continue
            name = names.get(member.filename, "")
            with archive.open(member) as sheet:
                content, filled = first_rows(sheet, most_rows(name))
            copy.writestr(member, DIMENSION.sub(b"", content, count=1))
            beyond += [(name, number) for number in (filled,) if number is not None]
    return Trimmed(written.getvalue(), tuple(beyond))


def filled_beyond(data: bytes, most: int) -> Iterator[tuple[str, int]]:
    """Yield the name of each sheet with values below its first `most` rows, with the number of the first such row."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = names_of_sheets(archive)
        for member in archive.infolist():
            if member.filename.startswith(SHEETS):
                with archive.open(member) as sheet:
                    _, filled = first_rows(sheet, most)
                if filled is not None:
                    yield names.get(member.filename, ""), filled


def names_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the name of the sheet in each file of a workbook; {} if the workbook does not tell."""
    try:
        book, links = (etree.fromstring(archive.read(part), PARSER) for part in ("xl/workbook.xml", LINKS))
    except (KeyError, etree.XMLSyntaxError):
        return {}
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    names = {sheet.get(REFERENCE): str(sheet.get("name")) for sheet in book.iter("{*}sheet")}
    return {
        posixpath.normpath(posixpath.join("xl", targets[key])).lstrip("/"): name
        for key, name in names.items()
        if key in targets
    }


def hidden_sheets(data: bytes) -> frozenset[str]:
    """Return the names of the sheets that are hidden in Excel."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = etree.fromstring(archive.read("xl/workbook.xml"), PARSER)
    return frozenset(
        str(sheet.get("name"))
        for sheet in book.iter("{*}sheet")
        if sheet.get("state", "visible") != "visible"
    )


def first_rows(sheet: IO[bytes], most: int) -> tuple[bytes, int | None]:
    """Return a sheet's XML cut off after its first `most` rows, and the number of the first row below that has a value.

    Only the rows that are kept are ever held whole: a few megabytes may hold a gigabyte of them.
    """
    kept, looked_at, rows = bytearray(), 0, 0
    while chunk := sheet.read(CHUNK):
        kept += chunk
        for row in ROW.finditer(kept, looked_at):
            if b">" not in kept[row.start() : row.start() + LONGEST_TAG]:
                break  # its number may come with the next chunk
            rows += 1
            looked_at = row.end()
            if rows > most or is_nowhere(kept, row.start()):
                prefix, begins = row[1] or b"", row.start()
                filled = first_filled(bytes(kept[begins:]), sheet)
                return bytes(kept[:begins]) + b"</%ssheetData></%sworksheet>" % (prefix, prefix), filled
        looked_at = max(looked_at, kept.rfind(b"<"))
    return bytes(kept), None


def first_filled(held: bytes, sheet: IO[bytes]) -> int | None:
    """Return the number of the first row with a value, in what is `held` or still to be read; None if there is none."""
    while True:
        found = next(numbers_of_filled(held), None)
        chunk = sheet.read(CHUNK) if found is None else b""
        if not chunk:
            return found
        *_, last = ROW.finditer(held)
        held = held[last.start() :] + chunk


def is_nowhere(sheet: bytes | bytearray, start: int) -> bool:
    """Whether the row at `start` has an impossible number: readers would create endless empty rows before it."""
    named = NAMED.match(sheet, start)
    try:
        return named is not None and float(named[1]) > LAST_ROW
    except ValueError:
        return False


def numbers_of_filled(rows: bytes) -> Iterator[int]:
    """Yield the number of the first of these rows with a value, if there is one; 0 if the row does not say its number."""
    value = VALUE.search(rows)
    if value is None:
        return
    *_, row = ROW.finditer(rows, 0, value.start())
    number = NUMBER.search(rows, row.start(), value.start())
    yield int(number[1]) if number else 0
