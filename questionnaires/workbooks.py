"""What every reader of Excel's workbooks must know: which files only look like one, and what they may say of themselves.

Programs that write workbooks often give a sheet's extent wrongly ("<dimension ref="A1"/>"), and then a reader that
believes it stops there. So nobody here believes it.
"""

import io
import re
import zipfile
from typing import Final

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a file of Excel 97-2003 begins, and one that is locked by a password."""
LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
STRICT: Final = b"purl.oclc.org/ooxml"
"""The names in a workbook that was saved as "Strict Open XML"."""
DIMENSION: Final = re.compile(rb"<(?:\w+:)?dimension\b[^>]*?(?:/>|>\s*</(?:\w+:)?dimension>)")
HEAD: Final = 65_536
SHEETS: Final = "xl/worksheets/"


def trouble_with(data: bytes) -> str:
    """Why this is no workbook that can be read: "locked", "old_excel", "strict" or "not_xlsx"; "" where it is one."""
    if data.startswith(OLE):
        return "locked" if LOCKED in data else "old_excel"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("xl/workbook.xml") as file:
            return "strict" if STRICT in file.read(HEAD) else ""
    except Exception:  # zipfile lets errors of every compressor through
        return "not_xlsx"


def without_dimensions(data: bytes) -> bytes:
    """The same workbook, whose sheets say nothing of their extent, for a reader that would believe it."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(written, "w") as copy:
        for member in archive.infolist():
            content = archive.read(member)
            if member.filename.startswith(SHEETS):
                content = DIMENSION.sub(b"", content, count=1)
            copy.writestr(member, content)
    return written.getvalue()
