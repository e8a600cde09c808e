"""`thonbao form from-table`: a form of an office's own, from the table in which it collects figures today."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.administration import content_of, refuse
from bot.commands.list_notes import CONVERT, tell_notes
from bot.commands.plan_make import id_from
from bot.form_table.draft import FormDraft, draft_text, left_out, names_in, where_of
from bot.form_table.reading import FormTable, read_form_table
from bot.form_table.wishes import Wish
from bot.own_forms import BUNDLED, bundled_names
from bot.printing import print_rows
from bot.problems import Problem, WrongCall
from bot.prompting import ask_number, is_terminal
from bot.settings import Settings, load_settings
from bot.teller import Teller
from bot.trying import advice_lines, fault_lines
from plans.own import NAME
from questionnaires.faults import FormRefused
from questionnaires.xlsform import compile_with_advice

WAYS = ("count", "decimal", "rate", "text", "has")
"""How the answer to a row may be read whose unit nobody knows, in the order in which they are offered."""


def register(group: typer.Typer) -> None:
    """Add the command to the group `form`."""
    group.command("from-table")(from_table)


def from_table(
    file: Annotated[
        Path,
        typer.Argument(help='.xlsx, .docx or .csv: "Chỉ tiêu", "Đơn vị tính", or a column for each figure'),
    ],
    name: Annotated[str, typer.Option("--id", help="the form's id; default: from the file's name")] = "",
    title: Annotated[
        str, typer.Option(help="what the form is called; default: the table's title, or the file's name")
    ] = "",
    sheet: Annotated[str, typer.Option(help="the sheet with the table, if there are several")] = "",
    into: Annotated[
        Path | None,
        typer.Option(help="the file to write, .md; default: forms/ID.md in the folder of own plans"),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="ask nothing; what is doubtful is marked in the form")
    ] = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="show how each row is read, but write nothing")
    ] = False,
    convert: CONVERT = False,
) -> None:
    """Lập phiếu từ một biểu báo cáo / make a form from an office's reporting table."""
    settings = load_settings()
    say = Teller(settings.locale)
    table = table_in(file, sheet, say, convert=convert)
    if preview:
        tell(table, table.wishes, say)
        print(say("admin.event.dry"))
        return
    form_id = name or id_from(file)
    path = free_file(form_id, into, settings, say)
    wishes = table.wishes if yes else decided(table.wishes, say)
    source = " ".join(filter(None, (file.name, table.sheet)))
    draft = FormDraft(
        form_id, title or own_title(table, path) or file.stem, source, wishes, table.left, table.repeats
    )
    text = draft_text(draft, names_in(BUNDLED, path.parent), say)
    advice = advice_on(text, path, say)
    write(path, text, say)
    tell(table, wishes, say)
    for line in (*advice, say("forms.page.written", file=str(path)), say("forms.table.next", file=str(path))):
        print(line)


def table_in(file: Path, sheet: str, say: Teller, *, convert: bool) -> FormTable:
    """The table in a file. Raises WrongCall where it cannot be read, and for several of which none is chosen."""
    table = read_form_table(content_of(file, say), file.name, sheet, convert=convert)
    refuse(table.faults, say)
    if len(table.sheets) > 1:
        raise WrongCall(say("forms.table.sheets", sheets=", ".join(table.sheets), first=table.sheets[0]))
    return table


def own_title(table: FormTable, path: Path) -> str:
    """What the table calls itself, unless another form is called so."""
    forms = (file for folder in (BUNDLED, path.parent) for file in folder.glob("*.md"))
    texts = (file.read_text(encoding="utf-8", errors="replace") for file in forms)
    return "" if any(f"| {table.title} |" in text for text in texts) else table.title


def free_file(form_id: str, into: Path | None, settings: Settings, say: Teller) -> Path:
    """Where the form goes. Raises WrongCall for an id that cannot be or is taken, and for a file that is there."""
    if not NAME.fullmatch(form_id):
        raise WrongCall(say("plan.fault.name", about=form_id, write=""))
    path = into or settings.plans_dir / "forms" / f"{form_id}.md"
    if path.suffix.lower() != ".md":
        raise WrongCall(say("forms.table.ending", file=path.name))
    if path.exists():
        raise WrongCall(say("plan.fault.taken", about=str(path)))
    if form_id in bundled_names():
        raise WrongCall(say("plan.fault.taken", about=form_id))
    return path


def advice_on(text: str, path: Path, say: Teller) -> list[str]:
    """What `form check` advises. Raises Problem if the form could not be used, which no table should bring about."""
    locale = say.wording.locale
    try:
        _, faults = compile_with_advice(text.encode(), path.name, played=True)
    except FormRefused as refused:
        raise Problem("\n".join(fault_lines(refused.faults, locale))) from refused
    return list(advice_lines(faults, locale))


def write(path: Path, text: str, say: Teller) -> None:
    """Write the form. Raises WrongCall where that may not be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        why = say("admin.file.why.rights", folder=str(path.parent))
        raise WrongCall(say("admin.file.unwritable", file=str(path), why=why)) from error


# --- doubts ---------------------------------------------------------------------------------------------


def decided(wishes: Sequence[Wish], say: Teller) -> list[Wish]:
    """The wishes as whoever sits at the terminal decides about the doubtful ones. Raises WrongCall where nobody does."""
    doubtful = [wish for wish in wishes if wish.doubts]
    if doubtful and not is_terminal():
        raise WrongCall(say("plan.table.nobody", n=len(doubtful)))
    return without([decide(wish, wishes, say) for wish in wishes])


def decide(wish: Wish, wishes: Sequence[Wish], say: Teller) -> Wish | None:
    """Ask about each doubt of a wish; None if nobody is to be asked about it."""
    if not wish.doubts:
        return wish
    print(where_of(wish, say))
    decided: Wish | None = wish
    for doubt in wish.doubts:
        if decided is not None:
            print(f"  - {say(f'forms.table.doubt.{doubt}')}")
            decided = DECIDING[doubt](decided, wishes, say)
    return decided


def decide_unit(wish: Wish, wishes: Sequence[Wish], say: Teller) -> Wish | None:
    """Ask how the answer is to be read."""
    for number, way in enumerate(WAYS, 1):
        print(f"  {number}) {say(f'forms.table.way.{way}')}")
    print(f"  0) {say('forms.table.way.none')}")
    chosen = ask_number(say("plan.table.which"), len(WAYS), say, WAYS.index(wish.otherwise) + 1)
    return replace(wish, kind=WAYS[chosen - 1]) if chosen else None


def decide_share(wish: Wish, wishes: Sequence[Wish], say: Teller) -> Wish | None:
    """Ask whether a share is to be asked for at all."""
    print(f"  1) {say('forms.table.way.rate')}")
    print(f"  0) {say('forms.table.way.none')}")
    return wish if ask_number(say("plan.table.which"), 1, say, 1) else None


def decide_part(wish: Wish, wishes: Sequence[Wish], say: Teller) -> Wish | None:
    """Ask whether it is a part of what stands above it, so that it cannot be more."""
    whole = wishes[wish.whole].label if wish.whole is not None else ""
    print(f"  1) {say('forms.table.way.part', whole=whole)}")
    print(f"  0) {say('forms.table.way.apart')}")
    is_part = ask_number(say("plan.table.which"), 1, say, 0)
    return replace(wish, sure=True) if is_part else replace(wish, whole=None)


DECIDING = {"unit": decide_unit, "words": decide_unit, "share": decide_share, "part": decide_part}


def without(chosen: Sequence[Wish | None]) -> list[Wish]:
    """Return the wishes that are left, with their places counted anew."""
    left = {place: wish for place, wish in enumerate(chosen) if wish is not None}
    places: dict[int | None, int] = {place: number for number, place in enumerate(left)}
    return [replace(wish, whole=places.get(wish.whole)) for wish in left.values()]


# --- what is said ---------------------------------------------------------------------------------------


def tell(table: FormTable, wishes: Sequence[Wish], say: Teller) -> None:
    """Print how each row is read, what is doubtful in it, and what is left out."""
    print_rows([(wish.where, wish.label, read_as(wish, wishes, say)) for wish in wishes])
    for wish in wishes:
        for doubt in wish.doubts:
            note = say(f"forms.table.doubt.{doubt}")
            print(say("forms.table.note", where=where_of(wish, say), note=note))
    for heading, reason in table.left:
        print(left_out(heading, reason, say))
    if table.repeats:
        print(say("forms.table.repeats"))
    tell_notes(Notes(table), say)


class Notes:
    """What else is to be said of a table."""

    def __init__(self, table: FormTable) -> None:
        self.unused: Sequence[str] = ()
        self.left_out: Sequence[str] = ()
        self.warnings = table.skipped


def read_as(wish: Wish, wishes: Sequence[Wish], say: Teller) -> str:
    """How the answers to a wish are read, and what they cannot exceed."""
    way = say(f"forms.table.way.{wish.read_as}")
    most = ""
    if wish.whole is not None and wish.sure:
        most = say("forms.table.at_most", whole=wishes[wish.whole].label)
    return ", ".join(filter(None, (f"{way} ({wish.unit})" if wish.unit else way, most)))
