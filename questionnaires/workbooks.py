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
from itertools import islice
from typing import Final

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
            content = archive.read(member)
            if member.filename.startswith(SHEETS):
                name = names.get(member.filename, "")
                content, left_out = first_rows(DIMENSION.sub(b"", content, count=1), most_rows(name))
                beyond += [(name, number) for number in numbers_of_filled(left_out)]
            copy.writestr(member, content)
    return Trimmed(written.getvalue(), tuple(beyond))


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


def first_rows(sheet: bytes, most: int) -> tuple[bytes, bytes]:
    """Return a sheet's XML cut off after its first `most` rows, and the rest."""
    beyond = next(islice(ROW.finditer(sheet), most, None), None)
    for row in islice(ROW.finditer(sheet), most):
        if is_nowhere(sheet, row.start()):
            beyond = row
            break
    if beyond is None:
        return sheet, b""
    prefix = beyond[1] or b""
    end = b"</%ssheetData></%sworksheet>" % (prefix, prefix)
    return sheet[: beyond.start()] + end, sheet[beyond.start() :]


def is_nowhere(sheet: bytes, start: int) -> bool:
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
