"""`thonbao form`: check a questionnaire, try it here, take it in, and see what there is.

`check` and `run` need no database. `run --jsonl` is for scripts: it prints the first question at once, and then
for each line it reads exactly one line: the next question, a refusal (the question stays open), or at last
`done`.
"""

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.administration import content_of, make_way, opened, put_page
from bot.challenge_lines import challenge_lines, challenges_json
from bot.commands import form_make
from bot.form_pages import page as form_page
from bot.form_schedule import schedule_lines
from bot.language import language
from bot.printing import print_json
from bot.problems import Problem, WrongCall
from bot.settings import load_settings
from bot.teller import Teller
from bot.trying import Trial, advice_lines, fault_json, fault_lines, preview
from handlers.messages import clip
from plans.reading import load_plans
from questionnaires.faults import Fault, FormRefused
from questionnaires.questionnaire import Questionnaire
from questionnaires.renamed import name_today
from questionnaires.xlsform import compile_form, compile_with_advice
from questionnaires.xlsform import writing as writing_forms
from questionnaires.xlsform.beside import in_folder
from questionnaires.xlsform.files import read_sheets
from storage import forms
from storage.database import reading, writing

FILE = Annotated[Path, typer.Argument(help="an XLSForm: .xlsx, .xls, .csv or Markdown tables (.md)")]
FILES = Annotated[list[Path], typer.Argument(help="XLSForms: .xlsx, .xls, .csv or Markdown tables (.md)")]
LANG = Annotated[
    str,
    typer.Option(
        "--lang",
        default_factory=language,
        show_default="THONBAO_LOCALE",
        help="vi or en, or another language of the form",
    ),
]
JSON = Annotated[bool, typer.Option("--json", help="print one JSON document")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(no_args_is_help=True)
    group.command("check")(check)
    group.command("run")(run)
    group.command("page")(page)
    group.command("convert")(convert)
    form_make.register(group)
    group.command("import")(import_form)
    group.command("list")(list_all)
    group.command("show")(show)
    app.add_typer(group, name="form")


def read_file(path: Path, lang: str) -> bytes:
    """The content of a file. Raises WrongCall."""
    return content_of(path, Teller(lang))


def compiled(path: Path, lang: str, *, played: bool = False) -> tuple[Questionnaire, list[Fault]]:
    """The form in a file, with advice, once `played` too. Raises Problem that lists every fault."""
    try:
        return compile_with_advice(read_file(path, lang), path.name, in_folder(path), played=played)
    except FormRefused as refused:
        raise Problem("\n".join(fault_lines(refused.faults, lang))) from refused


def check(file: FILE, lang: LANG, json: JSON = False) -> None:
    """Kiểm tra một phiếu / lint a form and show how it will be asked."""
    if json:
        try:
            form, faults = compile_with_advice(read_file(file, lang), file.name, in_folder(file), played=True)
        except FormRefused as refused:
            print_json({"ok": False, "faults": [fault_json(fault, lang) for fault in refused.faults]})
            raise typer.Exit(1) from refused
        advice = [fault_json(fault, lang) for fault in faults]
        asked_back = challenges_json(load_plans(), form, lang)
        told = {"ok": True, "name": form.name, "version": form.stated_version, "faults": advice}
        print_json({**told, "asked_back": asked_back})
        return
    form, faults = compiled(file, lang, played=True)
    asked = len(form.asked)
    say = Teller(lang)
    print(say("forms.check.fine", title=form.title(lang), n=asked, version=version_of(form, say)))
    load_settings()  # with it come the office's own plans and schedules
    held = challenge_lines(load_plans(), form, lang)
    scheduled = schedule_lines(load_plans(), form, lang)
    for line in (*advice_lines(faults, lang), "", *preview(form, lang), *scheduled, *held):
        print(line)


def run(
    file: FILE,
    lang: LANG,
    jsonl: Annotated[bool, typer.Option(help="read and write JSON lines, for scripts")] = False,
) -> None:
    """Thử một phiếu ở đây, không cần cơ sở dữ liệu / try a form without a database."""
    form, _ = compiled(file, lang)
    trial = Trial(form, lang, lambda: datetime.now(load_settings().zone))
    if jsonl:
        run_lines(trial)
        return
    for line in trial.begin_plainly():
        print(line)
    for typed in sys.stdin:
        for line in trial.plainly(typed):
            print(line)
        if trial.over:
            return


def run_lines(trial: Trial) -> None:
    """JSON lines in, JSON lines out, until the form is done or the input ends."""
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print(trial.begin_line(), flush=True)
    while not trial.over and (typed := sys.stdin.readline()):
        if typed.strip():
            print(trial.line(typed), flush=True)


def convert(
    file: FILE,
    into: Annotated[Path, typer.Argument(help="the file to write: .xlsx or .md")],
    lang: LANG,
) -> None:
    """Viết phiếu thành tệp Excel hoặc bảng Markdown / write a form as a workbook, or as Markdown tables."""
    say = Teller(lang)
    if into.suffix.lower() not in (".xlsx", ".md"):
        raise WrongCall(say("forms.convert.ending", file=into.name))
    form, _ = compiled(file, lang)
    sheets = writing_forms.sheets_to_write(read_sheets(read_file(file, lang), file.name), form.name)
    try:
        tables = "" if into.suffix.lower() == ".xlsx" else writing_forms.as_tables(sheets)
    except ValueError as error:
        raise Problem(say("forms.convert.lines", text=clip(str(error), 40))) from error
    data = tables.encode() or writing_forms.as_workbook(sheets)
    again = compile_form(data, into.name, in_folder(file))
    if not writing_forms.is_same(form, again):
        raise Problem(say("forms.convert.differs", file=into.name))
    make_way(into, say)
    into.write_bytes(data)
    print(say("forms.convert.done", file=str(into)))


def page(
    files: FILES,
    lang: LANG,
    into: Annotated[Path | None, typer.Option(help="a folder for the pages, named like the forms")] = None,
) -> None:
    """Phiếu thành trang dễ đọc: hỏi ai, khi nào, từng câu, giới hạn, điều kiện / forms as pages to read, in Markdown."""
    say, schedules = Teller(lang), load_plans().entries
    if into is None and len(files) > 1:
        raise WrongCall(say("forms.page.needs_folder"))
    for file in files:
        form, _ = compiled(file, lang)
        text = form_page(form, [entry for entry in schedules if entry.form == form.name], lang)
        put_page(form.name, text, into, say)


def import_form(
    file: FILE,
    lang: LANG,
    replace: Annotated[
        bool, typer.Option("--replace", help="replace another form that has this form_id")
    ] = False,
    json: JSON = False,
) -> None:
    """Nhận phiếu vào cơ sở dữ liệu / take a form in; interviews under way stay on their version."""
    form, _ = compiled(file, lang)
    new = asyncio.run(keep(load_settings().database_url, form, lang, replace=replace))
    if json:
        print_json({"name": form.name, "version": form.stated_version, "new": new})
        return
    key = "forms.import.new" if new else "forms.import.same"
    say = Teller(lang)
    print(say(key, title=form.title(lang), name=form.name, version=version_of(form, say)))


async def keep(url: str, form: Questionnaire, lang: str, *, replace: bool) -> bool:
    """Save a form; whether its version was new. Raises Problem where another form has its id, unless told to `replace`."""
    async with opened(load_settings(database_url=url)) as engine, writing(engine) as session:
        known = await forms.versions(session, form.name)
        used = next((Questionnaire.from_json(row.compiled) for row in known if row.active), None)
        if used is not None and not replace and not is_of_one_author(used, form, lang):
            names = {"name": form.name, "there": used.title(lang), "title": form.title(lang)}
            raise Problem(Teller(lang)("forms.import.another", **names))
        await forms.save_form(session, form)
        return form.version not in {row.version for row in known}


def is_of_one_author(used: Questionnaire, form: Questionnaire, lang: str) -> bool:
    """Whether a form that has another's id is most likely a later version of it.

    Then they have one title. Without one of its own a form is called by its file, and "data", the usual name of a
    first try, is anybody's: so it also has to ask some of what the other asks.
    """
    if used.title(lang) != form.title(lang):
        return False
    return form.title(lang) != form.name or not used.by_name.keys().isdisjoint(form.by_name)


def list_all(lang: LANG, json: JSON = False) -> None:
    """Các phiếu đang dùng / the forms in use."""
    active = asyncio.run(in_use())
    say = Teller(lang)
    if json:
        print_json([about(form, lang) for form in active])
        return
    if not active:
        print(say("forms.list.none"))
    for form in active:
        asked = len(form.asked)
        title = form.title(lang)
        print(say("forms.list.line", name=form.name, title=title, n=asked, version=version_of(form, say)))


async def in_use() -> list[Questionnaire]:
    """The active forms of the database, compiled."""
    async with opened(load_settings()) as engine, reading(engine) as session:
        return [Questionnaire.from_json(row.compiled) for row in await forms.list_forms(session)]


def version_of(form: Questionnaire, say: Teller) -> str:
    """What the form says of its version, as part of a sentence; "" where it says nothing."""
    return say("forms.version", version=form.stated_version) if form.stated_version else ""


def about(form: Questionnaire, lang: str) -> dict[str, object]:
    """A form's facts as JSON values."""
    return {
        "name": form.name,
        "version": form.stated_version,
        "title": form.title(lang),
        "languages": list(form.languages),
        "questions": [
            {"path": question.path, "name": question.name, "type": question.type.value}
            for question in form.questions
        ],
    }


def show(
    name: Annotated[str, typer.Argument(help="the form's name (form_id)")],
    lang: LANG,
    json: JSON = False,
) -> None:
    """Một phiếu sẽ được hỏi thế nào / how a form in use is asked."""
    form = next((form for form in asyncio.run(in_use()) if form.name == name_today(name)), None)
    if form is None:
        raise Problem(Teller(lang)("forms.show.unknown", name=name))
    if json:
        print_json(about(form, lang))
        return
    for line in preview(form, lang):
        print(line)
