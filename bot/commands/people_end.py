"""`thonbao people end`: end a role without erasing the person, or give it back; the person is told."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from bot.administration import opened, place_named, role_given, taking_part, today
from bot.confirming import confirm
from bot.option_types import PersonId
from bot.printing import print_json
from bot.problems import WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from figures.access import OFFICERS
from handlers import vacancies
from handlers.membership import deputising
from handlers.messages import Reply
from handlers.wording import wording
from storage import audit, deputies, outbox, people, seats
from storage.database import reading, writing
from storage.session import Session
from storage.tables import Role


def register(group: typer.Typer) -> None:
    """Add the command to `thonbao people`."""
    group.command("end")(end)


def end(
    person: PersonId,
    role: Annotated[str, typer.Option(help="only this role: truong-thon, can-bo-xa …")] = "",
    place: Annotated[str, typer.Option(help="only at this place: a name, a code or #id")] = "",
    everything: Annotated[bool, typer.Option("--all", help="all roles of this person")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="give back the roles that ended last")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
    json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Kết thúc vai trò, không xoá dữ liệu của người đó / end a role without erasing the person, who is told."""
    settings = load_settings()
    say = Teller(settings.locale)
    if not undo and not yes:
        name, held = asyncio.run(asked(settings, person, role, place, everything))
        confirm(say("admin.people.end_ask", name=name, number=str(person), seats=held), say)
    roles, chats = asyncio.run(ending(settings, person, role, place, everything, undo))
    if json:
        print_json({"id": person, "undone": undo, "roles": roles, "told": chats})
        return
    key = "admin.people.given_back" if undo else "admin.people.ended"
    print(say(key, n=len(roles), number=str(person), chats=chats))


async def asked(
    settings: Settings, person_id: int, role: str, place: str, everything: bool
) -> tuple[str, str]:
    """The person's name and the roles that would end. Raises WrongCall."""
    say, day = Teller(settings.locale), today(settings)
    async with opened(settings) as engine, reading(engine) as session:
        person = await taking_part(session, person_id, say)
        roles = await meant(session, person_id, role, place, everything, day, say)
        return person.name or "-", await listed(session, roles, day, say)


async def meant(
    session: Session,
    person_id: int,
    role: str,
    place: str,
    everything: bool,
    day: date,
    say: Teller,
) -> list[Role]:
    """The roles that the options name. Raises WrongCall where there is none, or where it is not clear which."""
    wanted = role_given(role, say) if role else ""
    where = (await place_named(session, place, day, say)).id if place else None
    held = await people.roles_of(session, person_id)
    roles = [one for one in held if wanted in ("", one.role) and where in (None, one.place_id)]
    if not roles:
        raise WrongCall(say("admin.people.end_none", number=str(person_id)))
    if len(roles) > 1 and not everything:
        named = await listed(session, roles, day, say)
        raise WrongCall(say("admin.people.end_which", number=str(person_id), seats=named))
    return roles


async def listed(session: Session, roles: Sequence[Role], day: date, say: Teller) -> str:
    """The roles in words: trưởng thôn, thôn Nà Hin, xã Vĩnh Thông."""
    names = await session.places.names_of([role.place_id for role in roles], day)
    return "; ".join(f"{say(f'role.{role.role}')}, {names[role.place_id]}" for role in roles)


async def ending(
    settings: Settings, person_id: int, role: str, place: str, everything: bool, undo: bool
) -> tuple[list[dict[str, object]], int]:
    """End or give back in one transaction; the roles, and how many chats will be told. Raises WrongCall."""
    say, day, now = Teller(settings.locale), today(settings), datetime.now(UTC)
    async with opened(settings) as engine, writing(engine) as session:
        await taking_part(session, person_id, say)
        if undo:
            roles, told = await give_back(session, person_id, say)
        else:
            roles = await meant(session, person_id, role, place, everything, day, say)
            told = await seats.end(session, roles, now)
            passed = await deputies.pass_on_all(session, roles, now)
            await deputising.tell_heirs(session, passed, now)
            await vacancies.tell(session, roles, now, day)
        await tell(session, told, "people.role_again" if undo else "people.role_ended", day, now)
        await record(session, "role.given_back" if undo else "role.ended", roles)
        await session.insert_waiting()
    return [{"role": held.role, "place_id": held.place_id} for held in roles], len(told)


async def give_back(
    session: Session, person_id: int, say: Teller
) -> tuple[list[Role], seats.ContactsOfRoles]:
    """Give back the roles that ended last; those that could be, and who is to be told. Raises WrongCall for none."""
    ended = await seats.ended_last(session, person_id)
    told = await seats.give_back(session, ended)
    # A seat that somebody else took meanwhile stays theirs.
    given = [role for role in ended if role.until is None]
    if not given:
        raise WrongCall(say("admin.people.nothing_back", number=str(person_id)))
    return given, told


async def record(session: Session, action: str, roles: Sequence[Role]) -> None:
    """Write down for the audit what was done to each role."""
    for role in roles:
        detail = {"by": "command", "role": role.role, "role_id": role.id}
        await audit.record(session, action, None, None, f"place:{role.place_id}", detail)


async def tell(session: Session, told: seats.ContactsOfRoles, key: str, day: date, now: datetime) -> None:
    """Put a message to each chat into the outbox; the running service sends it."""
    for role, chat in told:
        say = wording(chat.locale, officer=role.role in OFFICERS)
        seat = await listed(session, [role], day, Teller(say.locale))
        outbox.post(session, chat, Reply(say(key, seat=seat)).to_json(), at=now, worker=None)
