"""`thonbao people`: who holds which role, whom the commune expects, ending a role, and erasing somebody on request."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.administration import (
    at_where,
    content_of,
    ground_named,
    opened,
    taking_part,
    today,
)
from bot.commands import people_end
from bot.commands.list_notes import (
    CONVERT,
    PARTIAL,
    PREVIEW,
    REST,
    HowToLoad,
    import_json,
    make_way_for_rest,
    print_indented,
    refuse_or_write_rest,
    tell_notes,
    tell_partial,
)
from bot.confirming import confirm
from bot.left_photos import sweep
from bot.option_types import PersonId
from bot.printing import local, print_json, print_rows
from bot.problems import WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from bot.working import working
from handlers.membership import deputising
from storage import audit, awaited, leaving, namesakes, people, roster
from storage.database import reading, writing
from storage.people_headings import COLUMNS
from storage.session import Session
from storage.tables import Contact, Person

JSON = Annotated[bool, typer.Option("--json", help="print one JSON document")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(no_args_is_help=True)
    group.command("list")(list_people)
    group.command("show")(show)
    group.command("import")(import_roster)
    group.command("erase")(erase)
    people_end.register(group)
    app.add_typer(group, name="people")


def list_people(
    under: Annotated[str, typer.Option(help="only at this place and below: a name, a code or #id")] = "",
    json: JSON = False,
) -> None:
    """Người đang giữ vai trò, người chưa tham gia / everybody who holds a role now, and who has not joined yet."""
    asyncio.run(listing(under, json))


async def listing(under: str, as_json: bool) -> None:
    settings = load_settings()
    say, day = Teller(settings.locale), today(settings)
    async with opened(settings) as engine, reading(engine) as session:
        ground = await ground_named(session, under, day, say)
        held = await people.seats(session, ground)
        names = await session.places.full_names([seat.place for seat in held], day)
        waiting = await awaited.awaited(session, datetime.now(UTC), ground)
        places = await session.places.names_of([one.place_id for one in waiting], day)
        names_known = await namesakes.known(session, datetime.now(UTC))
    placed = list(zip(held, names, strict=True))
    if as_json:
        joined = [seat_json(seat, place) for seat, place in placed]
        expected = [awaited_json(one, places[one.place_id], names_known) for one in waiting]
        print_json([*joined, *expected])
        return
    print_rows([seat_row(seat, place, say) for seat, place in placed])
    if waiting:
        tell_awaited(waiting, names_known, places, say)


def tell_awaited(
    waiting: Sequence[awaited.Awaited],
    known: Mapping[namesakes.NameAt, Counter[namesakes.As]],
    places: Mapping[int, str],
    say: Teller,
) -> None:
    """Print who was asked and has not joined, and whose name is known more than once."""
    print(say("admin.people.awaited", n=len(waiting)))
    print_rows([awaited_row(one, places[one.place_id], say) for one in waiting])
    print_indented(twice(waiting, known, places, say))


def twice(
    waiting: Sequence[awaited.Awaited],
    known: Mapping[namesakes.NameAt, Counter[namesakes.As]],
    places: Mapping[int, str],
    say: Teller,
) -> Iterator[str]:
    """Whose name is known more than once at their place: perhaps one person, who may join or be asked twice."""
    named = {namesakes.name_at(one.name, one.place_id): one for one in waiting if one.name}
    for key, one in named.items():
        if known[key].total() > 1:
            ways = ", ".join(say(f"admin.people.how.{way}") for way in known[key])
            yield say("admin.people.twice", name=one.name, place=places[one.place_id], ways=ways)


def awaited_row(one: awaited.Awaited, place: str, say: Teller) -> Sequence[str]:
    """Who has not joined, as a line, with how they were asked."""
    return f"  {one.name or '-'}", say(f"role.{one.role}"), say(f"admin.people.how.{one.how}"), place


def awaited_json(
    one: awaited.Awaited, place: str, known: Mapping[namesakes.NameAt, Counter[namesakes.As]]
) -> dict[str, Any]:
    """The same as JSON values; there is no person yet."""
    return {
        "id": None,
        "name": one.name,
        "role": one.role,
        "place_id": one.place_id,
        "place": place,
        "awaited": one.how,
        "same_name": known[namesakes.name_at(one.name, one.place_id)].total() - 1 if one.name else 0,
    }


def seat_row(seat: people.Seat, place: str, say: Teller) -> Sequence[str]:
    """Who holds which role at `place`, as a line."""
    return f"#{seat.person.id}", seat.person.name or "-", say(f"role.{seat.role.role}"), place


def seat_json(seat: people.Seat, place: str) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "id": seat.person.id,
        "name": seat.person.name,
        "role": seat.role.role,
        "place_id": seat.place.id,
        "place": place,
    }


def show(person: PersonId, json: JSON = False) -> None:
    """Một người: vai trò, kênh / one person's roles and chats."""
    asyncio.run(showing(person, json))


async def showing(person_id: int, as_json: bool) -> None:
    settings = load_settings()
    say, day = Teller(settings.locale), today(settings)
    async with opened(settings) as engine, reading(engine) as session:
        person = await people.get(session, person_id)
        if person is None:
            raise WrongCall(say("admin.people.unknown", number=str(person_id)))
        held = [seat for seat in await people.seats(session) if seat.person.id == person_id]
        names = await session.places.full_names([seat.place for seat in held], day)
        chats = await people.contacts_of(session, person_id)
    if as_json:
        print_json(person_json(person, held, names, chats, settings.zone))
        return
    tell_person(person, say, settings.zone)
    tell_seats(held, names, chats, say)


def tell_person(person: Person, say: Teller, zone: tzinfo) -> None:
    """Print who it is, and when they consented and left."""
    print(f"#{person.id}  {person.name or '-'}")
    moments = {"consented": person.consented_at, "left": person.left_at}
    for key, moment in moments.items():
        if moment:
            print(say(f"admin.people.{key}", day=moment.astimezone(zone).date()))


def tell_seats(
    held: Sequence[people.Seat], places: Sequence[str], chats: Sequence[Contact], say: Teller
) -> None:
    """Print the roles at `places`, and whether each chat can be written to."""
    for seat, place in zip(held, places, strict=True):
        print(f"  {say(f'role.{seat.role.role}')}, {place}")
    for chat in chats:
        print(say(f"admin.people.chat_{'open' if chat.reachable else 'closed'}", channel=chat.channel))


def person_json(
    person: Person,
    held: Sequence[people.Seat],
    places: Sequence[str],
    chats: Sequence[Contact],
    zone: tzinfo,
) -> dict[str, Any]:
    """A person with their roles at `places` and their chats, as JSON values."""
    return {
        "id": person.id,
        "name": person.name,
        "consented_at": local(person.consented_at, zone),
        "left_at": local(person.left_at, zone),
        "roles": [
            {"role": seat.role.role, "place_id": seat.place.id, "place": place}
            for seat, place in zip(held, places, strict=True)
        ],
        "channels": [{"channel": chat.channel, "reachable": chat.reachable} for chat in chats],
    }


def import_roster(
    file: Annotated[
        Path,
        typer.Argument(help='.xlsx, .docx or .csv: "Họ tên", "Điện thoại", "Địa bàn" (or "Mã"), "Vai trò"'),
    ],
    partial: PARTIAL = False,
    rest: REST = None,
    dry: PREVIEW = False,
    convert: CONVERT = False,
    json: JSON = False,
) -> None:
    """Nạp danh sách người và số điện thoại / load a roster with phone numbers. All of it, or nothing."""
    asyncio.run(importing(file, HowToLoad(partial=partial, rest=rest, dry=dry, convert=convert), json))


async def importing(file: Path, how: HowToLoad, as_json: bool) -> None:
    settings = load_settings()
    say, day = Teller(settings.locale), today(settings)
    data = content_of(file, say)
    make_way_for_rest(how.rest, say)
    with working(say("admin.working.import", file=file.name)):
        async with opened(settings) as engine, writing(engine) as session:
            result = await roster.load(session, data, file.name, day, datetime.now(UTC), **how.ways)
            expected = await told_of(session, result.entries, say) if how.dry else []
    if as_json:
        print_json({**import_json(result, say), "dry_run": how.dry})
    refuse_or_write_rest(result, how, COLUMNS, say, right=bool(result.added or result.known))
    if not as_json:
        tell_import(result, how, expected, say)


def tell_import(result: roster.Roster, how: HowToLoad, expected: Sequence[str], say: Teller) -> None:
    """Print how many people are expected now, or (`dry`) would be and where, and what of the list was left out."""
    key = "admin.import.roster_dry" if how.dry else "admin.import.roster"
    print(say(key, added=result.added, known=result.known))
    print_indented(expected)
    tell_partial(result, how.rest, say, dry=how.dry)
    tell_notes(result, say)


async def told_of(session: Session, entries: Sequence[roster.Listed], say: Teller) -> list[str]:
    """Where each entry stands in the list, its role and its place, without a name or number."""
    gazetteer = await session.places.gazetteer()
    return [
        at_where(
            entry.sheet,
            entry.row,
            "",
            f"{say(f'role.{entry.role}')}, {gazetteer.label(gazetteer.units[entry.place_id])}",
            say,
        )
        for entry in entries
    ]


def erase(
    person: PersonId,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
) -> None:
    """Xoá dữ liệu cá nhân của một người theo yêu cầu / erase somebody's personal data, as they may ask."""
    settings = load_settings()
    say = Teller(settings.locale)
    if not yes:
        name = asyncio.run(name_of(settings, person, say))
        confirm(say("admin.people.erase_ask", name=name, number=str(person)), say)
    asyncio.run(erasing(settings, person, say))


async def name_of(settings: Settings, person_id: int, say: Teller) -> str:
    """Whom this number stands for. Raises WrongCall."""
    async with opened(settings) as engine, reading(engine) as session:
        return (await taking_part(session, person_id, say)).name or "-"


async def erasing(settings: Settings, person_id: int, say: Teller) -> None:
    async with opened(settings) as engine:
        async with writing(engine) as session:
            await taking_part(session, person_id, say)
            await deputising.leave(session, person_id, datetime.now(UTC), today(settings))
            await leaving.forget_left(session)
            await audit.record(session, "person.erased", None, None, f"person:{person_id}", {"by": "command"})
        async with reading(engine) as session:
            await sweep(session, settings.data_dir / "photos", rest=60)
    print(say("admin.people.erased", number=str(person_id)))
