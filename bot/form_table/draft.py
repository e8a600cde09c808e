"""A form made of what a table wants to know: an XLSForm as Markdown tables, with a comment on where each question is from.

The sentences that the form itself holds are Vietnamese, like the table.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.form_table.wishes import Wish
from bot.teller import Teller
from questionnaires.answers.text import fold

LABEL: Final = "label::Tiếng Việt (vi)"
HEADINGS: Final = (
    *("type", "name", LABEL, "hint::Tiếng Việt (vi)", "required"),
    *("required_message::Tiếng Việt (vi)", "relevant", "constraint", "constraint_message::Tiếng Việt (vi)"),
    *("bind::ask", "bind::unit"),
)
TYPES: Final = {
    "count": "integer",
    "money_vnd": "integer",
    "rate": "decimal",
    "area_ha": "decimal",
    "decimal": "decimal",
    "has": "integer",
    "date": "date",
    "text": "text",
}
OWN_UNITS: Final = {"rate": "", "area_ha": "", "money_vnd": ""}
"""Kinds whose unit goes without saying."""
LONGEST_NAME: Final = 32
QUESTION_ROW: Final = re.compile(r"^\| \| [^|]+ \| (\w+) \|", re.MULTILINE)
"""A row of a form in Markdown, with the question's name."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FormDraft:
    """What a form is to be called, and what it asks."""

    form_id: str
    title: str
    source: str
    """The file and the sheet that it is from."""
    wishes: Sequence[Wish]
    left: Sequence[tuple[str, str]]
    repeats: bool = False


def draft_text(draft: FormDraft, taken: Collection[str], say: Teller) -> str:
    """Return the form as Markdown tables; `taken`: names of questions that other forms have."""
    names = names_for(draft, taken)
    asked = asked_lines(draft, names, Teller("vi"), say)
    head = [f"# {line}" for line in heading_comment(draft, say)]
    settings = ["form_title", "form_id", "default_language", "version"]
    values = [draft.title, draft.form_id, "Tiếng Việt (vi)", "1"]
    return "\n".join(
        [
            *head,
            f"| survey |{' |' * len(HEADINGS)}",
            line_of(HEADINGS),
            *asked,
            f"| settings |{' |' * len(settings)}",
            line_of(settings),
            line_of(values),
            "",
        ]
    )


def heading_comment(draft: FormDraft, say: Teller) -> Iterator[str]:
    """Yield the lines above the form: where it is from, what to do with it, and which columns are not asked."""
    yield from say("forms.table.head", source=one_line(draft.source)).splitlines()
    for heading, reason in draft.left:
        yield left_out(heading, reason, say)


def left_out(heading: str, reason: str, say: Teller) -> str:
    """Say why nobody is asked about a column."""
    return say("forms.table.left", heading=one_line(heading), why=say(f"forms.table.left.{reason}"))


def asked_lines(draft: FormDraft, names: Sequence[str], texts: Teller, say: Teller) -> Iterator[str]:
    """Yield the rows of the sheet survey: groups, and each question below its comment."""
    open_groups: list[str] = []
    if draft.repeats:
        yield row_line({"type": "begin repeat", "name": names[-1], LABEL: texts("forms.table.item")})
    for place, wish in enumerate(draft.wishes):
        yield from moved(open_groups, wish.within, names[place])
        yield f"# {comment_of(wish, say)}"
        yield row_line(question(draft.wishes, place, names, texts))
    yield from moved(open_groups, (), "")
    if draft.repeats:
        yield row_line({"type": "end repeat"})


def moved(opened: list[str], within: Sequence[str], name: str) -> Iterator[str]:
    """Yield the rows that close and open groups, until the groups `within` are open."""
    common = next(
        (place for place, pair in enumerate(zip(opened, within, strict=False)) if len(set(pair)) > 1),
        min(len(opened), len(within)),
    )
    while len(opened) > common:
        opened.pop()
        yield row_line({"type": "end group"})
    for heading in within[common:]:
        opened.append(heading)
        group = f"nhom_{len(opened)}_{name}"
        yield row_line({"type": "begin group", "name": group, LABEL: plain(heading)})


def comment_of(wish: Wish, say: Teller) -> str:
    """Say where a question is from, and what in it is doubtful."""
    where = where_of(wish, say)
    doubts = [say(f"forms.table.doubt.{doubt}") for doubt in wish.doubts]
    told = say("forms.table.note", where=where, note=" ".join(doubts)) if doubts else where
    return one_line(told)


def where_of(wish: Wish, say: Teller) -> str:
    """Where a wish stands, and its words."""
    key = "forms.table.row" if wish.where.isdecimal() else "forms.table.column"
    return say(key, where=wish.where, words=wish.label)


def question(wishes: Sequence[Wish], place: int, names: Sequence[str], texts: Teller) -> Row:
    """The row of one question."""
    wish = wishes[place]
    kind = wish.read_as
    row = {
        "type": TYPES[kind],
        "name": names[place],
        LABEL: plain(wish.label),
        "bind::ask": "" if kind in ("text", "date") else kind,
        "bind::unit": OWN_UNITS.get(kind, wish.unit),
    }
    if not wish.is_number:
        return row
    needed = {"required": "yes", "required_message::Tiếng Việt (vi)": texts("forms.table.required")}
    # Where nothing says that a number is meant, nobody should be held up by it.
    return {**row, **(needed if wish.kind else {}), **limits(wish, kind, names, texts)}


def limits(wish: Wish, kind: str, names: Sequence[str], texts: Teller) -> Row:
    """What a number may be: never less than 0, a share at most 100, a part at most its whole."""
    if wish.whole is not None and wish.sure:
        whole = f"${{{names[wish.whole]}}}"
        told = texts("forms.table.limit.part", whole=whole, unit=wish.unit)
        return {
            "relevant": f"{whole} > 0",
            "constraint": f". >= 0 and . <= {whole}",
            "constraint_message::Tiếng Việt (vi)": told,
        }
    share = kind == "rate"
    return {
        "constraint": ". >= 0 and . <= 100" if share else ". >= 0",
        "constraint_message::Tiếng Việt (vi)": texts(
            "forms.table.limit.share" if share else "forms.table.limit.least"
        ),
    }


# --- names ----------------------------------------------------------------------------------------------


def names_for(draft: FormDraft, taken: Collection[str]) -> list[str]:
    """Return a name for each question that no other question has, and at last one for the repeat."""
    prefix = "".join(part[:1] for part in re.split(r"[^a-z]+", draft.form_id)) or "p"
    used = set(taken)
    return [free_name(f"{prefix}_{slug(text)}", used) for text in (*labels(draft.wishes), "muc")]


def labels(wishes: Iterable[Wish]) -> Iterator[str]:
    """Yield the words that each question is named after."""
    for wish in wishes:
        yield wish.words if wish.whole is None else wish.label


def slug(text: str) -> str:
    """A text as part of a name: "Tổng số hộ nghèo" is tong_so_ho_ngheo."""
    return re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_")[:LONGEST_NAME].strip("_") or "so"


def free_name(wanted: str, used: set[str]) -> str:
    """Return the name, with a number behind it if it is taken, and note that it is."""
    name, number = wanted, 2
    while name in used:
        name, number = f"{wanted}_{number}", number + 1
    used.add(name)
    return name


def names_in(*folders: Path) -> frozenset[str]:
    """Return the names of the questions of the forms in some folders, which others should not use for something else."""
    paths = (path for folder in folders for path in folder.glob("*.md"))
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in paths)
    return frozenset(name for text in texts for name in QUESTION_ROW.findall(text))


# --- tables ---------------------------------------------------------------------------------------------


def row_line(row: Row) -> str:
    """One row of the sheet survey as a line of the table."""
    return line_of([row.get(heading, "") for heading in HEADINGS])


def line_of(cells: Sequence[str]) -> str:
    """One line of a table; no text ends a cell."""
    return f"| | {' | '.join(one_line(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def plain(text: str) -> str:
    """A text of the table as a label: nothing in it refers to a question."""
    return text.replace("${", "$ {")


def one_line(text: str) -> str:
    """A text without line breaks."""
    return " ".join(text.split())
