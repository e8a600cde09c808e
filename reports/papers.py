"""A document that an office prints and files: headings, paragraphs and tables, as Markdown or as a page.

Nothing in the page is loaded from elsewhere. As a Word document it is written by `reports.documents`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from reports.cells import NOT_IN_CELLS


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A heading, paragraphs below it, and perhaps a table whose first row is its head."""

    heading: str
    paragraphs: Sequence[str] = ()
    table: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document."""

    title: str
    sections: Sequence[PaperSection]
    lang: str
    made: datetime


def to_markdown(paper: Paper) -> str:
    """The document as Markdown."""
    return (
        "\n\n".join([f"# {paper.title}", *(block for one in paper.sections for block in markdown_of(one))])
        + "\n"
    )


def markdown_of(section: PaperSection) -> Iterator[str]:
    """One section, block by block."""
    yield f"## {section.heading}"
    yield from section.paragraphs
    if section.table:
        head, *rows = [[cell_text(cell).replace("|", "\\|") for cell in row] for row in section.table]
        lines = [head, ["---"] * len(head), *rows]
        yield "\n".join(f"| {' | '.join(line)} |" for line in lines)


def to_page(paper: Paper) -> str:
    """The document as a page of its own."""
    body = Markup("\n").join([Markup("<h1>{}</h1>").format(paper.title), *map(page_of, paper.sections)])
    return str(
        Markup(
            '<!doctype html>\n<html lang="{}"><meta charset="utf-8"><title>{}</title>\n<body>\n{}\n</body></html>\n'
        ).format(paper.lang, paper.title, body)
    )


def page_of(section: PaperSection) -> Markup:
    """One section."""
    parts = [Markup("<h2>{}</h2>").format(section.heading)]
    parts += [Markup("<p>{}</p>").format(text) for text in section.paragraphs]
    if section.table:
        rows = Markup("\n").join(map(row_of, section.table))
        parts.append(Markup('<table border="1" cellspacing="0" cellpadding="4">\n{}\n</table>').format(rows))
    return Markup("\n").join(parts)


def row_of(cells: Sequence[str]) -> Markup:
    """One row of a table."""
    return Markup("<tr>{}</tr>").format(
        Markup("").join(Markup("<td>{}</td>").format(cell_text(cell)) for cell in cells)
    )


def cell_text(text: str) -> str:
    """A cell on one line."""
    return " ".join(NOT_IN_CELLS.sub("", text).split())
