"""A paper as a Word document (.docx), alone or after an office's own letterhead.

An office's own document keeps its page, its fonts and its content. It may lack the styles for headings, which Word
writes into a file only once somebody used them.
"""

import io
from collections.abc import Sequence
from typing import Final
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as Body
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table
from docx.text.run import Run
from lxml.etree import XMLSyntaxError

from reports.cells import NOT_IN_CELLS
from reports.papers import Paper, PaperSection, cell_text

FONT: Final = "Times New Roman"
"""The font of administrative documents."""
SIZE: Final = 13
A4: Final = (210, 297)
"""In millimetres."""
SIDES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")


class NoDocument(Exception):
    """What should have been a Word document is none."""


def to_document(paper: Paper, template: bytes = b"") -> bytes:
    """Return the paper as .docx, after the content of `template`. Raises NoDocument if that is no .docx."""
    body = opened(template) if template else blank()
    facts = body.core_properties
    # What python-docx's own blank document says of itself would be told as if the office had said it.
    facts.title, facts.language, facts.author, facts.comments = paper.title, paper.lang, "", ""
    facts.created = facts.modified = paper.made
    headed(body, paper.title, 1)
    for section in paper.sections:
        add(body, section)
    written = io.BytesIO()
    body.save(written)
    return written.getvalue()


def opened(template: bytes) -> Body:
    """An office's own document. Raises NoDocument."""
    try:
        return Document(io.BytesIO(template))
    # The library says in one of these ways that something is no .docx.
    except (PackageNotFoundError, BadZipFile, XMLSyntaxError, KeyError, ValueError) as error:
        raise NoDocument from error


def blank() -> Body:
    """An empty page as administrative documents have it."""
    body = Document()
    for section in body.sections:
        section.page_width, section.page_height = Mm(A4[0]), Mm(A4[1])
    normal = body.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(SIZE)
    return body


def add(body: Body, section: PaperSection) -> None:
    """One section at the end."""
    headed(body, section.heading, 2)
    for text in section.paragraphs:
        body.add_paragraph(clean(text))
    if section.table:
        tabled(body, section.table)


def headed(body: Body, text: str, level: int) -> None:
    """Add a heading; in bold if the document has no style for one."""
    style = f"Heading {level}"
    if style in body.styles:
        body.add_heading(clean(text), level)
    else:
        body.add_paragraph().add_run(clean(text)).bold = True


def tabled(body: Body, rows: Sequence[Sequence[str]]) -> None:
    """Add a table with lines; its first row is its head, repeated on each page."""
    table = body.add_table(len(rows), len(rows[0]))
    framed(table)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.paragraphs[0].add_run(cell_text(text))
    head = table.rows[0]
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell in head.cells:
        run: Run
        for run in cell.paragraphs[0].runs:
            run.bold = True


def framed(table: Table) -> None:
    """Draw the lines on the table itself: a style that draws them may be missing."""
    borders = OxmlElement("w:tblBorders")
    for side in SIDES:
        line = OxmlElement(f"w:{side}")
        line.set(qn("w:val"), "single")
        line.set(qn("w:sz"), "4")
        borders.append(line)
    # The format wants them before how the table looks, which stands last.
    table._tbl.tblPr.insert(-1, borders)


def clean(text: str) -> str:
    """A text without what XML cannot hold."""
    return NOT_IN_CELLS.sub("", text)
