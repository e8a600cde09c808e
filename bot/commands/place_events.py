"""`thonbao place merge | split | move | rename | change | events | undo`: what documents do to places."""

import asyncio
import html
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.administration import content_of, faults_json, opened, place_named, refuse, today
from bot.commands.list_notes import tell_notes
from bot.libraries import costs_of
from bot.option_types import LARGEST_ID, day_option
from bot.printing import print_json
from bot.problems import Problem, WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from handlers import place_news
from questionnaires.answers.places import fold_place
from storage import orders, place_events
from storage.database import reading, writing
from storage.orders import OrderPart, OrderResult, PlaceOrder
from storage.place_rules import EventRefused
from storage.session import Session
from storage.tables import PlaceEvent

JSON = Annotated[bool, typer.Option("--json", help="print one JSON document")]
DRY = Annotated[bool, typer.Option("--dry-run", help="check and show, but write nothing")]
DAY = Annotated[datetime, day_option("--day", help="the first day on which it holds")]
BASIS = Annotated[str, typer.Option("--basis", help="the document that orders it")]
SOURCES = Annotated[list[str], typer.Argument(help='each a name such as "Nà Hin, Vĩnh Thông", a code or #id')]
SOURCE = Annotated[str, typer.Argument(help="a name, a code or #id")]
UNDER = Annotated[str, typer.Option("--under", help="what the new unit belongs to; default: as before")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group `place`."""
    group.command("merge")(merge)
    group.command("split")(split)
    group.command("move")(move)
    group.command("rename")(rename)
    group.command("change")(change)
    group.command("events")(events)
    group.command("undo")(undo)
    group.command("undo-import")(undo_import)


def merge(
    places: SOURCES,
    day: DAY,
    basis: BASIS,
    into: Annotated[str, typer.Option(help="the unit they go into, which may be one of them")] = "",
    new: Annotated[str, typer.Option(help='or the new unit, such as "thôn Nà Hin"')] = "",
    under: UNDER = "",
    dry: DRY = False,
    json: JSON = False,
) -> None:
    """Nhập các thôn, xã làm một / merge villages or communes."""
    part = OrderPart(into, new, under)
    run_order(PlaceOrder("merge", day.date(), basis, tuple(places), (part,)), dry, json)


def split(
    place: SOURCE,
    day: DAY,
    basis: BASIS,
    into: Annotated[
        list[str] | None, typer.Option(help="a unit that stands; the place itself if it goes on")
    ] = None,
    new: Annotated[list[str] | None, typer.Option(help="a new unit")] = None,
    village: Annotated[
        list[str] | None, typer.Option(help='where each village goes: "Nà Hin=Phủ Thông"')
    ] = None,
    under: UNDER = "",
    dry: DRY = False,
    json: JSON = False,
) -> None:
    """Chia một xã, thôn; mỗi thôn của xã phải được ghi về đâu / split a unit: each village needs a decision."""
    say = Teller(load_settings().locale)
    parts = [OrderPart(into=words) for words in into or ()]
    parts += [OrderPart(new=words, under=under) for words in new or ()]
    decided = with_villages(parts, village or [], say)
    run_order(PlaceOrder("split", day.date(), basis, (place,), tuple(decided)), dry, json)


def name_and_target(words: str, say: Teller) -> tuple[str, str]:
    """A village and the part to which it goes: "Nà Hin = Vĩnh Thông". Raises WrongCall."""
    name, equals, target = (piece.strip() for piece in words.partition("="))
    if not (name and equals and target):
        raise WrongCall(say("admin.event.village_form", written=words))
    return name, target


def with_villages(parts: list[OrderPart], villages: list[str], say: Teller) -> list[OrderPart]:
    """The parts with the villages that go to each. Raises WrongCall."""
    decided: list[list[str]] = [[] for _ in parts]
    for words in villages:
        name, target = name_and_target(words, say)
        decided[part_meant(target, parts, say)].append(name)
    return [replace(part, villages=tuple(names)) for part, names in zip(parts, decided, strict=True)]


def part_meant(target: str, parts: list[OrderPart], say: Teller) -> int:
    """Which part a village's target names: by its whole name, else by how its name ends. Raises WrongCall."""
    names, wanted = [part.into or part.new for part in parts], fold_place(target)
    folded = list(map(fold_place, names))
    if folded.count(wanted) == 1:
        return folded.index(wanted)
    ending = [number for number, name in enumerate(folded) if name.endswith(wanted)]
    if len(ending) != 1:
        raise WrongCall(say("admin.event.no_part", written=target, parts="; ".join(names)))
    return ending[0]


def move(
    places: SOURCES,
    day: DAY,
    basis: BASIS,
    under: Annotated[str, typer.Option(help="the unit that they belong to from that day on")],
    dry: DRY = False,
    json: JSON = False,
) -> None:
    """Chuyển thôn sang xã khác, xã sang tỉnh khác / move places to another unit."""
    run_order(PlaceOrder("move", day.date(), basis, tuple(places), under=under), dry, json)


def rename(
    place: SOURCE,
    name: Annotated[str, typer.Argument(help='the new name, such as "phường Chũ"')],
    day: DAY,
    basis: BASIS,
    dry: DRY = False,
    json: JSON = False,
) -> None:
    """Đổi tên một thôn, xã; tên cũ vẫn tìm được / rename a place; the old name stays an alias."""
    run_order(PlaceOrder("rename", day.date(), basis, (place,), (OrderPart(new=name),)), dry, json)


def run_order(order: PlaceOrder, dry: bool, as_json: bool) -> None:
    """Do what one order says, and tell whoever is concerned."""

    async def work(session: Session, now: datetime) -> OrderResult:
        return OrderResult([await orders.carry_out(session, order, now)])

    run_work(work, dry, as_json)


def change(
    file: Annotated[
        Path,
        typer.Argument(help='.xlsx, .docx or .csv with the columns "Việc", "Ngày", "Căn cứ", "Địa bàn" …'),
    ],
    dry: DRY = False,
    json: JSON = False,
) -> None:
    """Làm theo một danh sách việc nhập, chia, chuyển, đổi tên / carry out a list of events. All of them, or none."""
    data = content_of(file, Teller(load_settings().locale))

    async def work(session: Session, now: datetime) -> OrderResult:
        return await orders.load(session, data, file.name, now)

    run_work(work, dry, json)


Work = Callable[["Session", datetime], Awaitable[OrderResult]]


class Discarded(Exception):
    """Ends a transaction that must leave nothing behind."""


def run_work(work: Work, dry: bool, as_json: bool) -> None:
    asyncio.run(working(work, dry, as_json))


async def working(work: Work, dry: bool, as_json: bool) -> None:
    """Do the work in one transaction, tell the people, print it; nothing stays of a trial or of what is faulty."""
    settings = load_settings()
    say = Teller(settings.locale)
    done, told = await carried_out(work, dry, settings, say)
    if as_json:
        facts = {"events": [document(event, dry) for event in done.events], "told": told, "dry_run": dry}
        notes = {"unused": list(done.unused), "left_out": list(done.left_out)}
        lists = {"faults": done.faults, "warnings": done.warnings}
        print_json({**facts, **notes, **{name: faults_json(some, say) for name, some in lists.items()}})
    refuse(done.faults, say)
    if not as_json:
        print_done(done.events, told, dry, say, settings.locale)
        tell_notes(done, say)


async def carried_out(work: Work, dry: bool, settings: Settings, say: Teller) -> tuple[OrderResult, int]:
    """What was done, or (`dry`) would be; else what is wrong; and how many people are told. Raises Problem.

    Even a trial is done and then undone: only so is it known whether all events of a list go together.
    """
    now, told = datetime.now(settings.zone), 0
    done = OrderResult()
    try:
        async with opened(settings) as engine:
            with suppress(Discarded):
                async with writing(engine) as session:
                    done = await work(session, now)
                    if done.faults or dry:
                        raise Discarded
                    for event in done.events:
                        told += await place_news.announce(
                            session, event, now, settings.quiet, costs_of(settings)
                        )
    except EventRefused as refused:
        raise Problem(say(f"admin.fault.event_{refused.code}", **refused.told())) from refused
    return (replace(done, events=[]) if done.faults else done), told


def print_done(done: list[PlaceEvent], told: int, dry: bool, say: Teller, locale: str) -> None:
    for event in done:
        what = sentence(event, locale)
        print(what if dry else say("admin.event.done", event=str(event.id), what=what))
        if event.kind in ("merge", "split") and event.created_at.date() > event.day:
            print(say("admin.event.late"))
    print(say("admin.event.dry") if dry else say("admin.event.told", n=told))


def sentence(event: PlaceEvent, locale: str) -> str:
    """What happened, for a terminal."""
    return html.unescape(str(place_news.sentence(event, locale)))


def document(event: PlaceEvent, dry: bool = False) -> dict[str, Any]:
    """An event as JSON values; the number of one that was only tried means nothing."""
    names = event.detail["names"]
    return {
        "event": None if dry else event.id,
        "kind": event.kind,
        "day": event.day.isoformat(),
        "legal_basis": event.legal_basis,
        "from": names["from"],
        "into": names["into"],
        "undone": event.undone_at is not None,
    }


def events(
    place: Annotated[str, typer.Option(help="only what concerns this place")] = "", json: JSON = False
) -> None:
    """Các việc đã ghi / the events written down, the newest first."""
    asyncio.run(listing(place, json))


async def listing(words: str, as_json: bool) -> None:
    settings = load_settings()
    say = Teller(settings.locale)
    async with opened(settings) as engine, reading(engine) as session:
        place = await place_named(session, words, today(settings), say) if words else None
        written = await place_events.events(session, [place.id] if place else None)
    if as_json:
        print_json([document(event) for event in written])
        return
    for event in written:
        print(line_of(event, say))


def line_of(event: PlaceEvent, say: Teller) -> str:
    """An event in a line, with its number; one that was undone says so."""
    key = "admin.event.line_undone" if event.undone_at else "admin.event.line"
    return say(key, event=str(event.id), what=sentence(event, say.wording.locale))


def undo(
    event: Annotated[int, typer.Argument(min=1, max=LARGEST_ID, help="its number, see: place events")],
    json: JSON = False,
) -> None:
    """Huỷ một việc, khi chưa có báo cáo nào sau đó / undo an event, until something reports under it."""
    asyncio.run(undoing(event, json))


async def meant(session: Session, number: int | None, say: Teller) -> PlaceEvent:
    """The event of that number, or the last list of villages. Raises WrongCall."""
    if number is None:
        event = await place_events.last_import(session)
        if event is None:
            raise WrongCall(say("admin.event.no_import"))
        return event
    event = await place_events.get(session, number)
    if event is None:
        raise WrongCall(say("admin.event.unknown", event=str(number)))
    return event


def undo_import(json: JSON = False) -> None:
    """Bỏ các thôn của danh sách nạp sau cùng / take back the villages of the last list, until somebody uses one."""
    asyncio.run(undoing(None, json))


async def undoing(number: int | None, as_json: bool) -> None:
    """Undo the event of that number; None: the last list of villages."""
    settings = load_settings()
    say, now = Teller(settings.locale), datetime.now(settings.zone)
    try:
        async with opened(settings) as engine, writing(engine) as session:
            event = await meant(session, number, say)
            concerned = await place_news.readers(session, event, costs_of(settings))
            await place_events.undo(session, event, now)
            told = await place_news.take_back(session, event, concerned, now, settings.quiet)
    except EventRefused as refused:
        raise Problem(say(f"admin.fault.event_{refused.code}", **refused.told())) from refused
    if as_json:
        print_json({"event": document(event), "told": told})
        return
    print(say("admin.event.undone", event=str(event.id), what=sentence(event, settings.locale)))
    print(say("admin.event.told", n=told))
