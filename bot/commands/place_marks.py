"""`thonbao place mark | import-marks`: which units have an attribute that plans speak of, from when until when."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.administration import content_of, faults_json, opened, place_named, refuse
from bot.commands.list_notes import CONVERT, PREVIEW, print_indented, tell_notes
from bot.commands.place_events import Discarded, sentence
from bot.option_types import day_option
from bot.printing import print_json
from bot.problems import Problem, WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from plans.reading import load_plans
from storage import mark_lists, place_marks
from storage.database import writing
from storage.mark_lists import MarkList, attribute_named, line_of
from storage.place_marks import Marking
from storage.place_rules import EventRefused, Ruling
from storage.tables import Level, PlaceEvent

JSON = Annotated[bool, typer.Option("--json", help="print one JSON document")]
BASIS = Annotated[str, typer.Option("--basis", help="the decision that says so")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group `place`."""
    group.command("mark")(mark)
    group.command("import-marks")(import_marks)


def mark(
    place: Annotated[str, typer.Argument(help="a name, a code or #id")],
    attribute: Annotated[str, typer.Argument(help='such as vung-dtts or "xã ĐBKK"')],
    first: Annotated[
        datetime | None, day_option("--from", help="the first day on which it holds; default: today")
    ] = None,
    last: Annotated[
        datetime | None, day_option("--until", help="the last day on which it holds; default: without end")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="the place does not have it")] = False,
    basis: BASIS = "",
    dry: PREVIEW = False,
    json: JSON = False,
) -> None:
    """Ghi một địa bàn thuộc diện nào, từ ngày nào / write down that a place has an attribute, or does not have it."""
    days = (first.date() if first else None, last.date() if last else None)
    asyncio.run(marking(place, MarkWanted(attribute, not off, days, basis), dry, json))


@dataclass(frozen=True, slots=True)
class MarkWanted:
    """What a command says of one place."""

    attribute: str
    holds: bool
    days: tuple[date | None, date | None]
    basis: str


async def marking(words: str, wanted: MarkWanted, dry: bool, as_json: bool) -> None:
    settings = load_settings()
    say = Teller(settings.locale)
    try:
        marked, event = await marked_as(words, wanted, dry, settings, say)
    except EventRefused as refused:
        raise Problem(say(f"admin.fault.event_{refused.code}", **refused.told())) from refused
    if as_json:
        written = event.id if event and not dry else None
        print_json({"event": written, "says": line_of(marked), "dry_run": dry})
    else:
        tell_marked(event, say, dry=dry)


def tell_marked(event: PlaceEvent | None, say: Teller, *, dry: bool) -> None:
    """Print what was written down, and how to undo it."""
    if event is None:
        print(say("admin.mark.known"))
        return
    what, number = sentence(event, say.wording.locale), str(event.id)
    print(what if dry else say("admin.event.done", event=number, what=what))
    print(say("admin.event.dry") if dry else say("admin.mark.undo", event=number))


async def marked_as(
    words: str, wanted: MarkWanted, dry: bool, settings: Settings, say: Teller
) -> tuple[Marking, PlaceEvent | None]:
    """What was written down, and the event; None where it was known. Raises EventRefused, WrongCall."""
    attribute, now = attribute_meant(wanted.attribute, settings.locale, say), datetime.now(settings.zone)
    first = wanted.days[0] or now.date()
    async with opened(settings) as engine:
        with suppress(Discarded):
            async with writing(engine) as session:
                place = await place_named(session, words, first, say)
                if place.level == Level.NATION:
                    raise WrongCall(say("admin.mark.nation"))
                marked = Marking(place, attribute, wanted.holds, first, wanted.days[1])
                event = await place_marks.mark(
                    session, [marked], Ruling(first, wanted.basis or say("admin.mark.no_basis"), now)
                )
                if dry:
                    raise Discarded
    return marked, event


def attribute_meant(words: str, locale: str, say: Teller) -> str:
    """The attribute that a command names. Raises WrongCall."""
    known = load_plans().attributes
    meant = attribute_named(words, known)
    if meant is None:
        names = "; ".join(f"{one.id} ({one.name(locale)})" for one in known.values())
        raise WrongCall(say("admin.mark.unknown", words=words, names=names))
    return meant


def import_marks(
    file: Annotated[
        Path,
        typer.Argument(
            help='.xlsx, .docx or .csv with the columns "Xã", "Tỉnh" (and "Thôn") or "Mã xã" or "Địa bàn", and "Diện"'
        ),
    ],
    dry: PREVIEW = False,
    convert: CONVERT = False,
    basis: BASIS = "",
    json: JSON = False,
) -> None:
    """Ghi diện của các địa bàn theo một danh sách / write down attributes from a list. All of it, or nothing."""
    asyncio.run(importing(file, dry, convert, basis, json))


async def importing(file: Path, dry: bool, convert: bool, basis: str, as_json: bool) -> None:
    settings = load_settings()
    say, now = Teller(settings.locale), datetime.now(settings.zone)
    data = content_of(file, say)
    read = await loaded(settings, data, file.name, Ruling(now.date(), basis or file.name, now), dry, convert)
    if as_json:
        print_json(document(read, dry, say))
    refuse(read.faults, say)
    if not as_json:
        tell_list(read, dry, say)


async def loaded(
    settings: Settings, data: bytes, name: str, ruling: Ruling, dry: bool, convert: bool
) -> MarkList:
    """The list, written down; nothing of it where there is a fault."""
    async with opened(settings) as engine, writing(engine) as session:
        return await mark_lists.load(
            session, data, name, load_plans().attributes, ruling, dry=dry, convert=convert
        )


def document(read: MarkList, dry: bool, say: Teller) -> dict[str, Any]:
    """A list that was read as JSON values."""
    return {
        "event": read.event.id if read.event else None,
        "new": read.lines,
        "known": read.known,
        "unused": list(read.unused),
        "left_out": list(read.left_out),
        "dry_run": dry,
        "faults": faults_json(read.faults, say),
        "warnings": faults_json(read.warnings, say),
    }


def tell_list(read: MarkList, dry: bool, say: Teller) -> None:
    """Print what is new in a list."""
    print(say("admin.mark.list_dry" if dry else "admin.mark.list", n=len(read.fresh), known=read.known))
    if dry:
        print_indented(read.lines)
        print(say("admin.event.dry"))
    elif read.event is not None:
        print(say("admin.mark.undo", event=str(read.event.id)))
    tell_notes(read, say)
