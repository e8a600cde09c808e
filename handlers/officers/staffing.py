"""Cán bộ cấp dưới: officers above a unit invite its officers and end their roles, always two of them together.

One asks. Another agrees, who is somebody else above the unit or an administrator over it, and who reads whom it is
about and what the role may do. Only then is the code made, for the one who asked, or the role ended. For village heads
one officer is enough (`replacing`); an officer sees a whole ground.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup
from sqlmodel import col, select

from figures import access
from handlers import acting, codes, menu, vacancies
from handlers.buttons import Button, Presses, RowId, button, choice
from handlers.menu import named
from handlers.messages import Choice, column
from handlers.names import NAME_LENGTH, clean_name
from handlers.navigation import OfPlace, ShowStaff, ShowUnit
from handlers.turn import Turn
from handlers.wording import first_upper, wording
from storage import facts, invitations, people, places, seats
from storage.kept import OfficerNameWanted
from storage.session import Session
from storage.tables import Contact, Level, Place, Role, RoleName, RoleRequest

pressed: Final = Presses()
ABOVE: Final = (
    RoleName.DISTRICT_OFFICER,
    RoleName.PROVINCE_OFFICER,
    RoleName.CENTRAL_OFFICER,
    RoleName.ADMINISTRATOR,
)
"""The roles that decide over the officers of units below."""
DAYS: Final = 14
"""How long a code is good for."""
WAITS: Final = timedelta(days=14)
"""How long a request waits for a second person."""
SOON: Final = timedelta(hours=1)
"""What is written later than this after a name was asked for is about something else."""
NAME_WORDS: Final = 2
"""The fewest words of a name by which another person knows who is meant."""

LAPSED: Final = "lapsed"
"""The outcome of a request that nobody decides in time."""


@button("r:i:{place}")
class InviteOfficer(OfPlace):
    """Ask for another officer."""


@button("r:e:{place}:{role}")
class EndOfficer(OfPlace):
    """Ask for an officer's role to end; `role` is the row."""

    role: RowId


@button("r:y:{request}")
class AgreeToRequest(Button):
    """Agree, as the second person."""

    request: RowId


@button("r:n:{request}")
class RefuseRequest(Button):
    """Refuse; whoever asked takes the request back by the same button."""

    request: RowId


async def unit_of(turn: Turn, place_id: int) -> Place | None:
    """Return the unit, if this person decides over its officers; else reply and return None, alike for forbidden and
    missing."""
    unit = await access.visible(turn.view, place_id)
    if unit is not None and await access.may_staff(turn.view, unit):
        return unit
    turn.reply(turn.say("menu.no_such_place"), choices=menu.buttons(turn.view))
    return None


async def explain(turn: Turn) -> None:
    """Say where officers are invited and their roles ended."""
    above = access.holds(turn.view, *ABOVE)
    turn.reply(turn.say("staff.how" if above else "staff.of_above"), choices=menu.buttons(turn.view))


@pressed.on(ShowStaff)
async def on_staff(turn: Turn, button: ShowStaff) -> None:
    unit = await unit_of(turn, button.place)
    if unit is not None:
        await show(turn, unit)


async def show(turn: Turn, unit: Place, *before: Markup) -> None:
    """The officers of a unit, and what waits for a second person."""
    held = await seats.held(turn.session, unit.id, office_of(unit))
    waiting = await requests_of(turn, unit)
    lines = [await officer_line(turn, role) for role in held]
    asked = [await request_line(turn, unit, row) for row in waiting]
    going = {row.ends_role for row in waiting}
    several = len(waiting) > 1
    names = [str((await facts_of(turn, unit, row))["name"]) if several else "" for row in waiting]
    buttons = [
        button for row, name in zip(waiting, names, strict=True) for button in answers_to(turn, row, name)
    ]
    buttons += [
        choice(turn.say("staff.button.end", name=await name_of(turn, role)), EndOfficer(unit.id, role.id))
        for role in held
        if role.id not in going
    ]
    if None not in going:
        buttons.append(named(turn.view, "staff.button.invite", InviteOfficer(unit.id)))
    buttons.append(named(turn.view, "officer.button.up", ShowUnit(unit.id)))
    head = turn.say("staff.head" if held else "staff.none", place=places.own_name(unit))
    text = Markup("\n").join([head, *lines, *asked, turn.say("staff.two")])
    turn.reply(Markup("\n\n").join([*before, text]), choices=column(*buttons))


async def requests_of(turn: Turn, unit: Place) -> list[RoleRequest]:
    """Return what waits for a second person at a unit, oldest first."""
    chosen = select(RoleRequest).where(RoleRequest.place_id == unit.id, RoleRequest.answer == "")
    chosen = chosen.where(col(RoleRequest.asked_at) >= turn.now - WAITS)
    return list(await turn.session.exec(chosen.order_by(col(RoleRequest.id))))


async def officer_line(turn: Turn, role: Role) -> Markup:
    """ "• Nông Văn Tài, từ 01/09/2026"."""
    since = role.since.astimezone(turn.zone).date()
    return turn.say("staff.line", name=await name_of(turn, role), day=since)


async def name_of(turn: Turn, role: Role | None) -> str:
    """The name of a role's holder, or that they gave none."""
    person = await people.get(turn.session, role.person_id) if role else None
    return person.name if person and person.name else str(turn.say("account.nameless"))


async def request_line(turn: Turn, unit: Place, row: RoleRequest) -> Markup:
    """What is asked for, in a line."""
    return turn.say(f"staff.waits.{kind_of(row)}", **await facts_of(turn, unit, row))


def kind_of(row: RoleRequest) -> str:
    return "invite" if row.ends_role is None else "end"


async def facts_of(turn: Turn, unit: Place, row: RoleRequest) -> dict[str, object]:
    """Return whom it is about, where, and who asked."""
    role = await turn.session.get(Role, row.ends_role) if row.ends_role else None
    name = row.name or await name_of(turn, role)
    asker = await people.get(turn.session, row.asked_by) if row.asked_by else None
    who = asker.name if asker and asker.name else str(turn.say("due.somebody"))
    return {"name": name, "place": places.own_name(unit), "who": who}


def answers_to(turn: Turn, row: RoleRequest, name: str) -> list[Choice]:
    """Return the buttons: for whoever asked, to take it back; for the others, to agree or refuse. `name`: whom it is about,
    where several requests wait."""
    refuse = "withdraw" if row.asked_by == turn.contact.person_id else "refuse"
    ways = [] if refuse == "withdraw" else [("agree", AgreeToRequest(row.id))]
    return [
        choice(turn.say("staff.button.of", label=turn.say(f"staff.button.{key}"), name=name), way)
        if name
        else named(turn.view, f"staff.button.{key}", way)
        for key, way in (*ways, (refuse, RefuseRequest(row.id)))
    ]


# --- asking ---------------------------------------------------------------------------------------------


@pressed.on(InviteOfficer)
async def on_invite(turn: Turn, button: InviteOfficer) -> None:
    """Ask who is to be invited, unless that is already waiting."""
    unit = await unit_of(turn, button.place)
    if unit is None:
        return
    await (show if await is_asked(turn, unit, None) else ask_whom)(turn, unit)


async def ask_whom(turn: Turn, unit: Place, *before: Markup) -> None:
    """Ask who is to be invited; whoever agrees reads the name."""
    turn.expect(OfficerNameWanted(unit.id, turn.now))
    text = turn.say("staff.whom", role=turn.say(f"role.{office_of(unit)}"), place=places.own_name(unit))
    back = named(turn.view, "staff.button.show", ShowStaff(unit.id))
    turn.reply(Markup("\n").join([*before, text]), actions=column(back))


async def on_name(turn: Turn) -> None:
    """Take the name of the person to invite, and pass it on to those who may agree."""
    wanted = turn.screen.expects
    turn.expect(None)
    if not isinstance(wanted, OfficerNameWanted) or turn.now - wanted.since > SOON:
        await menu.show(turn)
        return
    unit = await unit_of(turn, wanted.place)
    if unit is None:
        return
    name = clean_name(turn.incoming.text)
    if len(name.split()) < NAME_WORDS:
        await ask_whom(turn, unit, turn.say("staff.name_unclear", n=NAME_LENGTH))
    elif await is_asked(turn, unit, None):
        await show(turn, unit)
    else:
        await request(turn, unit, name=name)


@pressed.on(EndOfficer)
async def on_end(turn: Turn, button: EndOfficer) -> None:
    """Ask the others, unless that is already waiting."""
    unit = await unit_of(turn, button.place)
    if unit is None:
        return
    if button.role not in {role.id for role in await seats.held(turn.session, unit.id, office_of(unit))}:
        await show(turn, unit, turn.say("staff.gone"))
    elif await is_asked(turn, unit, button.role):
        await show(turn, unit)
    else:
        await request(turn, unit, ends=button.role)


def office_of(unit: Place) -> RoleName:
    """Which officers a unit has."""
    return access.OFFICER_OF[Level(unit.level)]


async def is_asked(turn: Turn, unit: Place, ends: int | None) -> bool:
    """Whether somebody already asked for that: for the role of this number to end, or (None) for an invitation."""
    return any(row.ends_role == ends for row in await requests_of(turn, unit))


async def request(turn: Turn, unit: Place, *, ends: int | None = None, name: str = "") -> None:
    """Keep what is asked for, and ask the others."""
    row = RoleRequest(
        place_id=unit.id,
        role=office_of(unit),
        ends_role=ends,
        name=name,
        asked_by=turn.contact.person_id,
        asked_at=turn.now,
    )
    turn.session.add(row)
    await turn.session.flush()
    await codes.note(turn, f"staff.{kind_of(row)}_asked", f"place:{unit.id}", {"request": row.id})
    others = await those_who_agree(turn, unit)
    for contact in others:
        await ask(turn, contact, unit, row)
    told = acting.told(turn, "second", others)
    await show(turn, unit, turn.say("staff.asked" if others else "staff.nobody", n=WAITS.days, told=told))


def decides_over(seat: people.Seat, unit: Place) -> bool:
    """Whether a post lets its holder decide over a unit's officers: one above it, or its administrator's."""
    own = seat.place.id == unit.id and seat.role.role != RoleName.ADMINISTRATOR
    return seat.role.role in ABOVE and not own


async def those_who_agree(turn: Turn, unit: Place) -> list[Contact]:
    """The reachable chats of the other people who decide over a unit's officers."""
    above = {unit.id, *(place.id for place in await turn.session.places.ancestors(unit.id, turn.today))}
    deciders = [
        seat.person.id for seat in await people.seats(turn.session, above) if decides_over(seat, unit)
    ]
    others = [person for person in deciders if person != turn.contact.person_id]
    return acting.reachable(turn, await acting.chats_of(turn.session, others))


async def ask(turn: Turn, contact: Contact, unit: Place, row: RoleRequest) -> None:
    """Ask one of the others."""
    say = acting.words_for(contact, officer=True)
    facts = await facts_of(turn, unit, row)
    facts |= {"role": say(f"role.{row.role}"), "may": say(f"staff.may.{row.role}")}
    text = first_upper(say(f"staff.please.{kind_of(row)}", **facts))
    yes = choice(say("staff.button.agree"), AgreeToRequest(row.id))
    no = choice(say("staff.button.refuse"), RefuseRequest(row.id))
    await acting.tell_once(turn, contact, f"staff-{row.id}", [text], column(yes, no))


# --- deciding -------------------------------------------------------------------------------------------


async def waiting(turn: Turn, number: int) -> tuple[RoleRequest, Place] | None:
    """Return the request, locked, with its unit, if this person may decide; else reply and return None."""
    row = await turn.session.get(RoleRequest, number, with_for_update=True, populate_existing=True)
    unit = await access.visible(turn.view, row.place_id) if row else None
    if row is None or unit is None or not await access.may_staff(turn.view, unit):
        turn.reply(turn.say("menu.no_such_place"), choices=menu.buttons(turn.view))
        return None
    if row.answer or row.asked_at < turn.now - WAITS:
        await show(turn, unit, turn.say("staff.lapsed" if row.answer in ("", LAPSED) else "staff.decided"))
        return None
    return row, unit


@pressed.on(AgreeToRequest)
async def on_agree(turn: Turn, button: AgreeToRequest) -> None:
    """Agree, as the second person, who is never the one who asked."""
    asked = await waiting(turn, button.request)
    if asked is None:
        return
    row, unit = asked
    # Two people on one phone are not two who answer for it: whoever holds it can speak as both.
    if row.asked_by in {user.id for user in await people.people_of(turn.session, turn.contact.id)}:
        await show(turn, unit, turn.say("staff.second"))
        return
    # Whoever asked may have another post by now: the code would go to somebody who decides here no more.
    if row.asked_by is None or not await access.may_staff(await acting.view_of(turn, row.asked_by), unit):
        decide(turn, row, "refused")
        await show(turn, unit, turn.say("staff.asker_gone"))
        return
    await codes.note(turn, f"staff.{kind_of(row)}_agreed", f"place:{unit.id}", {"request": row.id})
    await (invite(turn, unit, row) if row.ends_role is None else end(turn, unit, row))
    told = acting.told(turn, "asker", await askers(turn, row))
    decide(turn, row, "agreed")
    await show(turn, unit, turn.say(f"staff.agreed.{kind_of(row)}", told=told))


def decide(turn: Turn, row: RoleRequest, answer: str) -> None:
    """Keep the outcome; the name of the person to invite is forgotten."""
    row.answer, row.decided_by, row.decided_at, row.name = answer, turn.contact.person_id, turn.now, ""
    turn.session.add(row)


async def invite(turn: Turn, unit: Place, row: RoleRequest) -> None:
    """Make the code for whoever asked; until it is used, it carries the name that was agreed to."""
    code, made = await invitations.create(turn.session, unit.id, row.role, row.name, DAYS, turn.now)
    bot = await facts.get(turn.session, facts.TELEGRAM_NAME)
    until = made.expires_at.astimezone(turn.zone).date()
    for contact in await askers(turn, row):
        say = acting.words_for(contact, officer=True)
        link = say("replace.link", link=f"https://t.me/{bot}?start={code}") if bot else Markup()
        seat = {"name": row.name, "role": say(f"role.{row.role}"), "place": places.own_name(unit)}
        text = say("staff.code", **seat, code=code, until=until) + link
        await acting.tell_once(turn, contact, f"staff-code-{row.id}", [text])


async def askers(turn: Turn, row: RoleRequest) -> Sequence[Contact]:
    """The reachable chats of who asked."""
    chats = await people.contacts_of(turn.session, row.asked_by) if row.asked_by else []
    return acting.reachable(turn, chats)


async def end(turn: Turn, unit: Place, row: RoleRequest) -> None:
    """End the role; tell its holder and whoever asked, and those above what waits if it was the unit's last."""
    held = await seats.held(turn.session, unit.id, row.role)
    ended = [role for role in held if role.id == row.ends_role]
    told = await seats.end(turn.session, ended, turn.now)
    await vacancies.tell(turn.session, ended, turn.now, turn.today, turn.quiet_until)
    for role, chat in told:
        say = wording(chat.locale, officer=True)
        seat = f"{say(f'role.{role.role}')}, {places.own_name(unit)}"
        turn.reply(say("people.role_ended", seat=seat), to=chat.id)
    for contact in await askers(turn, row):
        say = acting.words_for(contact, officer=True)
        await acting.tell_once(turn, contact, f"staff-end-{row.id}", [say("staff.agreed.end")])


@pressed.on(RefuseRequest)
async def on_refuse(turn: Turn, button: RefuseRequest) -> None:
    """Refuse, or take back one's own request."""
    asked = await waiting(turn, button.request)
    if asked is None:
        return
    row, unit = asked
    own = row.asked_by == turn.contact.person_id
    decide(turn, row, "withdrawn" if own else "refused")
    await codes.note(turn, f"staff.{kind_of(row)}_{row.answer}", f"place:{unit.id}", {"request": row.id})
    for contact in [] if own else await askers(turn, row):
        say = acting.words_for(contact, officer=True)
        text = say(f"staff.told_refused.{kind_of(row)}", place=places.own_name(unit))
        await acting.tell_once(turn, contact, f"staff-no-{row.id}", [text])
    await show(turn, unit, turn.say(f"staff.{row.answer}"))


# --- nobody decides -------------------------------------------------------------------------------------


async def end_over(session: Session, now: datetime, until: datetime | None) -> int:
    """Let requests lapse that nobody decided in time, and tell whoever asked, not before `until`; return how many lapsed."""
    waiting = (RoleRequest.answer == "", col(RoleRequest.asked_at) < now - WAITS)
    rows = await session.exec(select(RoleRequest).where(*waiting).with_for_update(skip_locked=True))
    over = list(rows)
    for row in over:
        row.answer, row.decided_at, row.name = LAPSED, now, ""
        session.add(row)
        place = await session.places.get(row.place_id)
        for contact in await people.contacts_of(session, row.asked_by) if row.asked_by and place else []:
            say = wording(contact.locale, officer=True)
            name = places.name_of(place)
            text = say(f"staff.told_lapsed.{kind_of(row)}", place=name, n=WAITS.days)
            await acting.write_once(session, contact, f"staff-lapsed-{row.id}", [text], now, until)
    return len(over)
