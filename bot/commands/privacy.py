"""`thonbao privacy`: the register of people's requests, how long things are kept, and the papers that the law asks for.

The papers say what the database and the settings say, and leave a blank for what only the office knows. None of them is an
official form.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from bot import privacy_papers
from bot.administration import content_of, ground_named, make_way, opened, today
from bot.option_types import LARGEST_ID, day_option
from bot.printing import local, print_json, print_rows
from bot.problems import WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from handlers.messages import Reply
from handlers.wording import wording
from reports.documents import NoDocument, to_document
from reports.papers import Paper, to_markdown, to_page
from storage import audit, outbox, people, private, request_journal, requests, retention
from storage.database import reading, writing
from storage.session import Session
from storage.tables import PersonRequest

OUT = Annotated[Path, typer.Argument(help="the file to write: .docx (Word, LibreOffice), .html or .md")]
TEMPLATE = Annotated[
    Path | None,
    typer.Option(help="an office's own .docx: the paper is written below its text, in its fonts"),
]
FORCE = Annotated[bool, typer.Option("--force", help="overwrite the file if it is there")]
JSON = Annotated[bool, typer.Option("--json", help="print one JSON document")]
NOTICE: Final = timedelta(hours=72)
"""Within this time of its discovery a breach is to be told."""
WRITERS: Final[dict[str, Callable[[Paper, bytes], bytes]]] = {
    ".docx": to_document,
    ".html": lambda paper, _: to_page(paper).encode(),
    ".md": lambda paper, _: to_markdown(paper).encode(),
}
"""By the ending of the file: what writes a paper, behind an office's own document where one is given."""


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(no_args_is_help=True)
    group.command("register")(show_register)
    group.command("retention")(show_retention)
    group.command("report")(report)
    group.command("impact-file")(impact_file)
    group.command("breach")(breach)
    app.add_typer(group, name="privacy")


# --- the register ---------------------------------------------------------------------------------------


def show_register(
    number: Annotated[
        int | None, typer.Argument(min=1, max=LARGEST_ID, help="a request's number, to act on it")
    ] = None,
    answered: Annotated[
        bool, typer.Option("--answered", help="it was answered that it will be done")
    ] = False,
    done: Annotated[bool, typer.Option("--done", help="it is done")] = False,
    refused: Annotated[bool, typer.Option("--refused", help="it cannot be done; --note says why")] = False,
    extend: Annotated[bool, typer.Option("--extend", help="put the last day off, once")] = False,
    note: Annotated[str, typer.Option(help="what the person reads with it")] = "",
    json: JSON = False,
) -> None:
    """Sổ yêu cầu về dữ liệu cá nhân / what people asked for about their data, and by when it is due."""
    settings = load_settings()
    say = Teller(settings.locale)
    chosen = [name for name, on in zip(ACTIONS, (answered, done, refused, extend), strict=True) if on]
    if len(chosen) > 1 or bool(chosen) != (number is not None):
        raise WrongCall(say("privacy.one_action"))
    if refused and not note.strip():
        raise WrongCall(say("privacy.refused_why"))
    if number is not None:
        asyncio.run(acting(settings, number, chosen[0], " ".join(note.split())[:300]))
    rows = asyncio.run(listing(settings))
    if json:
        print_json([as_json(row, settings) for row in rows])
    else:
        print_rows([row_of(row, say, settings) for row in rows] or [[say("privacy.no_requests")]])


def answer(row: PersonRequest, now: datetime) -> bool:
    """Note that it was answered; whether that was still to be done."""
    new = row.answered_at is None and row.done_at is None
    row.answered_at = row.answered_at or now
    return new


def end(row: PersonRequest, now: datetime, outcome: str) -> bool:
    """Note how it ended; whether it had not yet."""
    if row.done_at is not None:
        return False
    row.answered_at, row.done_at, row.outcome = row.answered_at or now, now, outcome
    return True


ACTIONS: Final[dict[str, Callable[[PersonRequest, datetime], bool]]] = {
    "answered": answer,
    "done": lambda row, now: end(row, now, "done"),
    "refused": lambda row, now: end(row, now, "refused"),
    "extend": requests.extend,
}


async def acting(settings: Settings, number: int, action: str, note: str) -> None:
    """Note what became of a request, and tell who asked. Raises WrongCall."""
    say, now = Teller(settings.locale), datetime.now(UTC)
    async with opened(settings) as engine, writing(engine) as session:
        row = await session.get(PersonRequest, number, with_for_update=True)
        if row is None:
            raise WrongCall(say("privacy.no_request", n=number))
        if not ACTIONS[action](row, now):
            raise WrongCall(say("privacy.was_before", n=number))
        row.note = note or row.note
        session.add(row)
        await request_journal.note(session, row, now)
        await audit.record(session, f"right.{action}", None, None, f"request:{number}", {})
        for contact in await people.contacts_of(session, row.person_id) if row.person_id else []:
            words = wording(contact.locale)
            text = words(
                f"rights.told_{action}",
                kind=words(f"rights.of.{row.kind}"),
                due=row.finish_due,
                note=row.note,
            )
            key = f"figure:right-{number}-{action}:{contact.id}"
            letter = outbox.QueuedLetter(key, contact.id, Reply(text).to_json(), 1, now, None)
            await outbox.insert_new(session, [letter])


async def listing(settings: Settings) -> Sequence[PersonRequest]:
    async with opened(settings) as engine, reading(engine) as session:
        return await requests.listed(session)


def due_told(row: PersonRequest, say: Teller, day: date) -> tuple[str, str]:
    """What is to be done of a request next and by when, then by when it is to be finished; empty where nothing is."""
    due = requests.due_of(row)
    if due is None:
        return "", ""
    late = f" ({say('privacy.late')})" if due[1] < day else ""
    then = f"; {say('privacy.then_finish', day=row.finish_due)}" if due[0] == "answer" else ""
    put_off = f" ({say('privacy.extended')})" if row.extended_at is not None else ""
    return due[0], f"{due[1]:%d/%m/%Y}{late}{then}{put_off}"


def row_of(row: PersonRequest, say: Teller, settings: Settings) -> list[str]:
    """A request in a line; nobody is named."""
    step, when = due_told(row, say, today(settings))
    state = say(f"privacy.state.{row.outcome or step}")
    asked = row.asked_at.astimezone(settings.zone)
    who = f"#{row.person_id}" if row.person_id else "-"
    return [str(row.id), f"{asked:%d/%m/%Y}", who, say(f"rights.of.{row.kind}"), state, when, row.words]


def as_json(row: PersonRequest, settings: Settings) -> dict[str, Any]:
    """A request as JSON values."""
    moments = {
        name: local(getattr(row, name), settings.zone)
        for name in ("asked_at", "extended_at", "answered_at", "done_at")
    }
    plain = ("id", "kind", "person_id", "words", "answer_due", "finish_due", "outcome", "note")
    return {**{name: getattr(row, name) for name in plain}, **moments}


# --- how long things are kept ---------------------------------------------------------------------------


def show_retention(json: JSON = False) -> None:
    """Giữ gì bao lâu / how long each kind of thing is kept, how many there are, and how many go next."""
    settings = load_settings()
    say = Teller(settings.locale)
    counts, kinds = asyncio.run(counting(settings)), retention.kinds(settings.terms)
    facts = [(kind, *counts[kind.name]) for kind in kinds]
    if json:
        names = ("kind", "days", "rows", "older")
        rows = [(kind.name, kind.days, count, older) for kind, count, older in facts]
        print_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    print_rows([kept_row(say, kind, count, older) for kind, count, older in facts])


def kept_row(say: Teller, kind: retention.KeptKind, count: int, older: int) -> list[str]:
    """A kind of thing, how long it is kept, and how much there is."""
    long = privacy_papers.kept_for(kind, say)
    return [say(f"privacy.kept.{kind.name}"), long, say("privacy.rows", n=count, older=older)]


async def counting(settings: Settings) -> dict[str, tuple[int, int]]:
    async with opened(settings) as engine, reading(engine) as session:
        return await retention.counts(session, settings.terms, datetime.now(UTC))


# --- papers ---------------------------------------------------------------------------------------------


def report(out: OUT, template: TEMPLATE = None, force: FORCE = False) -> None:
    """Báo cáo bảo vệ dữ liệu cá nhân / what is kept about people, requests, how long things are kept."""
    write(PaperFile(out, template, force), privacy_papers.report)


def impact_file(out: OUT, template: TEMPLATE = None, force: FORCE = False) -> None:
    """Hồ sơ đánh giá tác động / a draft of the impact assessment file, with blanks for what only the office knows."""
    write(PaperFile(out, template, force), privacy_papers.impact_file)


def breach(
    out: OUT,
    since: Annotated[datetime | None, day_option(help="the first day that is concerned")] = None,
    place: Annotated[str, typer.Option(help="only at this place and below: a name, a code or #id")] = "",
    found: Annotated[
        datetime | None,
        typer.Option(help="when it was found, local time, default: now", formats=["%Y-%m-%dT%H:%M"]),
    ] = None,
    template: TEMPLATE = None,
    force: FORCE = False,
) -> None:
    """Bộ giấy tờ khi lộ dữ liệu: 72 giờ / the breach kit: by when to tell, whose data, which rows, a drafted notice."""

    async def paper(session: Session, settings: Settings, say: Teller) -> Paper:
        ground = await ground_named(session, place, today(settings), say)
        moment = found.replace(tzinfo=settings.zone) if found else datetime.now(settings.zone)
        return await privacy_papers.breach(session, settings, say, moment, moment + NOTICE, since, ground)

    write(PaperFile(out, template, force), paper)


Composer = Callable[[Session, Settings, Teller], Coroutine[Any, Any, Paper]]


@dataclass(frozen=True, slots=True)
class PaperFile:
    """Where a paper is written to, and behind which document of the office."""

    out: Path
    template: Path | None
    force: bool


def write(target: PaperFile, compose: Composer) -> None:
    """Compose a paper and write it. Raises WrongCall for a file that is there, or whose name says no format."""
    settings, out = load_settings(), target.out
    say = Teller(settings.locale)
    writer = WRITERS.get(out.suffix.lower())
    if writer is None:
        raise WrongCall(say("privacy.ending", file=str(out)))
    template = document_in(target, say)
    make_way(out, say, anew=not target.force)
    paper = asyncio.run(composing(settings, say, compose))
    try:
        written = writer(paper, template)
    except NoDocument as error:
        raise WrongCall(say("privacy.template", file=str(target.template))) from error
    with private.whole(out) as part:
        part.write_bytes(written)
    print(say("privacy.written", file=str(out)))


def document_in(target: PaperFile, say: Teller) -> bytes:
    """The office's own document, b"" without one. Raises WrongCall where it cannot be read or does not fit."""
    if target.template is None:
        return b""
    if target.out.suffix.lower() != ".docx":
        raise WrongCall(say("privacy.template_docx", file=str(target.out)))
    return content_of(target.template, say)


async def composing(settings: Settings, say: Teller, compose: Composer) -> Paper:
    async with opened(settings) as engine, reading(engine) as session:
        return await compose(session, settings, say)
