"""Người báo thay: somebody reports for a village for some weeks while its head cannot.

The head, or the commune's officer, names them by a code that is good for a week. On the day after the last day the
role ends by itself; whoever named them ends it earlier with one press. A deputy does everything that the head does but
names nobody, and the journal tells the two apart.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from figures import access
from figures.view import View
from handlers import acting, codes, menu, vacancies
from handlers.buttons import Presses, RowId, button, choice, number
from handlers.menu import named
from handlers.messages import column
from handlers.navigation import AskDeputy, OfPlace
from handlers.turn import Turn
from handlers.wording import first_upper, wording
from storage import deputies, facts, invitations, leaving, people, places, seats
from storage.session import Session
from storage.tables import Contact, InterviewRow, Invitation, Level, Person, Place, Role, RoleName

pressed: Final = Presses()
HEAD: Final = RoleName.VILLAGE_HEAD
WEEKS: Final = (1, 2, 4, 8)
"""For how many weeks somebody may be named at once."""
MOST: Final = 2
"""How many deputies a village may have at a time."""
DAYS: Final = 7
"""How long the code is good for."""


@button("h:n:{place}:{weeks}")
class NameDeputy(OfPlace):
    """Make the code for a deputy who reports for a number of weeks."""

    weeks: Annotated[int, number(2)]


@button("h:e:{place}:{role}")
class EndDeputy(OfPlace):
    """End it now."""

    role: RowId


@button("h:u:{place}:{invitation}")
class DropDeputyCode(OfPlace):
    """Take back the code that nobody has used."""

    invitation: RowId


@button("h:g:{place}:{role}")
class NameAgain(OfPlace):
    """Let whoever was a deputy last be one again, for a week."""

    role: RowId


def last_day(zone: ZoneInfo, ends_at: datetime) -> object:
    """Return the last day of a role that is over at `ends_at`."""
    return (ends_at - timedelta(seconds=1)).astimezone(zone).date()


def end_after(turn: Turn, weeks: int) -> datetime:
    """Return when a role is over that begins today and is held for some weeks: with its last day."""
    return datetime.combine(turn.today + timedelta(weeks=weeks, days=1), time(), turn.zone)


def offices(view: View) -> list[Role]:
    """Return the roles in which this person is a village's head, not a deputy."""
    return [role for role in access.holds(view, HEAD) if role.ends_at is None]


async def village_of(turn: Turn, place_id: int) -> Place | None:
    """Return the village, if this person names its deputies; else reply and return None, alike for forbidden and missing."""
    village = await access.visible(turn.view, place_id)
    if village is not None and village.level == Level.VILLAGE:
        own = any(role.place_id == place_id for role in offices(turn.view))
        if own or await access.may_replace_head(turn.view, village):
            return village
    turn.reply(turn.say("menu.no_such_place"), choices=menu.buttons(turn.view))
    return None


async def choose(turn: Turn) -> None:
    """Do the same when it is said rather than pressed: for the person's own village or, of several, ask which."""
    own = await access.places_of(turn.view, offices(turn.view))
    if len(own) == 1:
        await show(turn, own[0])
    elif own:
        ask = [choice(places.own_name(village), AskDeputy(village.id)) for village in own]
        turn.reply(turn.say("deputy.which"), choices=column(*ask))
    else:
        key = "deputy.of_officer" if access.is_officer(turn.view) else "deputy.of_deputy"
        turn.reply(turn.say(key), choices=menu.buttons(turn.view))


@pressed.on(AskDeputy)
async def on_ask(turn: Turn, button: AskDeputy) -> None:
    village = await village_of(turn, button.place)
    if village is not None:
        await show(turn, village)


def asked_by(turn: Turn, village: Place) -> str:
    """Return the key of the question who reports in the head's stead, as put to the head or to an officer."""
    own = any(role.place_id == village.id for role in offices(turn.view))
    return "deputy.ask" if own else "deputy.ask_of_head"


async def show(turn: Turn, village: Place, *before: Markup) -> None:
    """Show who reports in the head's stead and until when, and for how long somebody new may."""
    present = await deputies.of_place(turn.session, village.id, HEAD, turn.now)
    lines, ends = [*before], []
    for role in present:
        lines.append(await line(turn, role))
        end_it = turn.say("deputy.button.end", name=await name_of(turn, role))
        ends.append(choice(end_it, EndDeputy(village.id, role.id)))
    for code in await deputies.unused(turn.session, village.id, HEAD, turn.now):
        lines.append(turn.say("deputy.waiting", until=code.expires_at.astimezone(turn.zone).date()))
        ends.append(named(turn.view, "deputy.button.drop", DropDeputyCode(village.id, code.id)))
    was = await deputies.last(turn.session, village.id, HEAD, turn.now)
    if was is not None:
        lines.append(await line_of_over(turn, was))
    more = WEEKS if len(present) < MOST else ()
    if was is not None and more:
        again = turn.say("deputy.button.again", name=await name_of(turn, was))
        ends.append(choice(again, NameAgain(village.id, was.id)))
    weeks = [choice(turn.say("deputy.button.weeks", n=n), NameDeputy(village.id, n)) for n in more]
    ask = turn.say(asked_by(turn, village) if more else "deputy.enough", place=places.own_name(village))
    turn.reply(Markup("\n").join([*lines, ask]), choices=column(*ends, *weeks))


async def line(turn: Turn, role: Role) -> Markup:
    """ "• Hoàng Thị Mai, đến hết 18/12/2026"."""
    day = last_day(turn.zone, role.ends_at or turn.now)
    return turn.say("deputy.line", name=await name_of(turn, role), day=day)


async def line_of_over(turn: Turn, role: Role) -> Markup:
    """ "• Hoàng Thị Mai: hết báo thay từ 19/12/2026, đúng hạn"."""
    over = role.over_at or turn.now
    key = "deputy.line_over" if over == role.ends_at else "deputy.line_ended"
    return turn.say(key, name=await name_of(turn, role), day=over.astimezone(turn.zone).date())


async def name_of(turn: Turn, role: Role) -> str:
    """Return the name of a role's holder, or that they gave none."""
    person = await people.get(turn.session, role.person_id)
    return person.name if person and person.name else str(turn.say("account.nameless"))


@pressed.on(NameDeputy)
async def on_name(turn: Turn, button: NameDeputy) -> None:
    """Make the code: whoever uses it reports for that many weeks, counted from today."""
    village = await village_of(turn, button.place)
    if village is None:
        return
    present = await deputies.of_place(turn.session, village.id, HEAD, turn.now)
    if button.weeks not in WEEKS or len(present) >= MOST:
        await show(turn, village)
        return
    # Only the newest unused codes count, as many as there may be deputies.
    waiting = await deputies.codes(turn.session, village.id, HEAD, turn.now)
    for older in waiting[: max(0, len(present) + len(waiting) + 1 - MOST)]:
        await invitations.revoke(turn.session, older, turn.now)
    ends_at = end_after(turn, button.weeks)
    code, row = await invitations.create(turn.session, village.id, HEAD, "", DAYS, turn.now, ends_at)
    await codes.note(
        turn, "deputy.invited", f"place:{village.id}", {"invitation": row.id, "weeks": button.weeks}
    )
    bot = await facts.get(turn.session, facts.TELEGRAM_NAME)
    link = turn.say("replace.link", link=f"https://t.me/{bot}?start={code}") if bot else Markup()
    until = row.expires_at.astimezone(turn.zone).date()
    day = last_day(turn.zone, ends_at)
    text = turn.say("deputy.code", place=places.own_name(village), code=code, until=until, day=day) + link
    turn.reply(
        text, choices=column(named(turn.view, "deputy.button.drop", DropDeputyCode(village.id, row.id)))
    )


@pressed.on(NameAgain)
async def on_again(turn: Turn, button: NameAgain) -> None:
    """Give the role for a week more to whoever had it last; they and those concerned are told."""
    village = await village_of(turn, button.place)
    if village is None:
        return
    role = await deputies.last(turn.session, village.id, HEAD, turn.now)
    present = await deputies.of_place(turn.session, village.id, HEAD, turn.now)
    person = await people.get(turn.session, role.person_id) if role else None
    if role is None or person is None or role.id != button.role or len(present) >= MOST:
        await show(turn, village)
        return
    ends_at = end_after(turn, weeks=1)
    await people.add_role(turn.session, person.id, village.id, HEAD, turn.now, ends_at)
    await codes.note(turn, "deputy.named_again", f"place:{village.id}", {"role": role.id})
    for chat in acting.reachable(turn, await people.contacts_of(turn.session, person.id)):
        say = wording(chat.locale)
        told = say("deputy.again", place=places.own_name(village), day=last_day(turn.zone, ends_at))
        await acting.tell_once(turn, chat, f"deputy-again-{role.id}", [told])
    await tell_of_deputy(turn, village, person, ends_at)
    await show(turn, village)


@pressed.on(DropDeputyCode)
async def on_drop(turn: Turn, button: DropDeputyCode) -> None:
    village = await village_of(turn, button.place)
    if village is None:
        return
    row = await turn.session.get(Invitation, button.invitation, with_for_update=True)
    if row is None or row.place_id != village.id or row.ends_at is None:
        await menu.old_button(turn)
    elif row.used_at is not None:
        await show(turn, village, turn.say("deputy.used"))
    else:
        await invitations.revoke(turn.session, row, turn.now)
        await show(turn, village, turn.say("deputy.dropped"))


@pressed.on(EndDeputy)
async def on_end(turn: Turn, button: EndDeputy) -> None:
    """End a deputy's role early; they are told, and their drafts go to the head."""
    village = await village_of(turn, button.place)
    if village is None:
        return
    present = await deputies.of_place(turn.session, village.id, HEAD, turn.now)
    ended = [role for role in present if role.id == button.role]
    if ended:
        await end(turn, village, ended)
    await show(turn, village, turn.say("deputy.ended" if ended else "deputy.gone"))


async def end(turn: Turn, village: Place, roles: Sequence[Role]) -> None:
    """End deputies' roles in a village, tell them, and pass on what they left half done."""
    for _, chat in await seats.end(turn.session, roles, turn.now):
        turn.reply(wording(chat.locale)("deputy.over", place=places.own_name(village)), to=chat.id)
    passed = await deputies.pass_on_all(turn.session, roles, turn.now)
    await tell_heirs(turn.session, passed, turn.now, turn.quiet_until)
    await codes.note(turn, "deputy.ended", f"place:{village.id}")


# --- who joins ------------------------------------------------------------------------------------------


async def joined(turn: Turn, place_id: int, role: str, person: Person, ends_at: datetime | None) -> None:
    """Pass on what others left half done to somebody who has joined as a village's head or deputy, and tell everybody
    concerned."""
    place = await turn.session.places.get(place_id)
    if place is None or role != HEAD:
        return
    await take_over(turn, place, person)
    if ends_at is not None:
        await tell_of_deputy(turn, place, person, ends_at)
    elif await seats.was_held(turn.session, place_id, HEAD):
        await tell_of_new_head(turn, place, person)


async def take_over(turn: Turn, village: Place, person: Person) -> None:
    """Pass on what others left half done in a village, and tell `person` what of it is theirs now."""
    passed = await deputies.pass_on(turn.session, village.id, HEAD, turn.now)
    mine = [draft for draft in passed if draft.person_id == person.id]
    if mine:
        turn.reply(turn.say("deputy.drafts", n=len(mine), place=places.own_name(village)))


async def tell_of_deputy(turn: Turn, village: Place, person: Person, ends_at: datetime) -> None:
    """Tell those concerned who reports in the head's stead, and until when."""
    day = last_day(turn.zone, ends_at)
    for contact in await those_concerned(turn, village):
        say = acting.words_for(contact)
        text = say(
            "deputy.joined", name=person.name or say("due.somebody"), place=places.own_name(village), day=day
        )
        await acting.tell_once(turn, contact, f"deputy-{village.id}-{person.id}-{day}", [first_upper(text)])


async def tell_of_new_head(turn: Turn, village: Place, person: Person) -> None:
    """Tell the commune's officers that a village has another head, who has taken the work over."""
    for officer in await people.officers_of(turn.session, village.id, RoleName.COMMUNE_OFFICER, turn.today):
        for contact in acting.reachable(turn, officer.contacts):
            say = acting.words_for(contact, officer=True)
            text = say(
                "deputy.new_head", name=person.name or say("due.somebody"), place=places.own_name(village)
            )
            await acting.tell_once(turn, contact, f"new-head-{village.id}-{person.id}", [first_upper(text)])


async def those_concerned(turn: Turn, village: Place) -> Sequence[Contact]:
    """The reachable chats of the village's head and of the commune's officers."""
    heads = await acting.reporters(turn, village)
    officers = await acting.office_chats(turn.session, village, RoleName.COMMUNE_OFFICER, turn.today)
    return acting.reachable(turn, acting.by_id([*heads, *officers]).values())


# --- who goes -------------------------------------------------------------------------------------------


async def end_over(
    session: Session, now: datetime, until: datetime | None = None, answered: int | None = None
) -> int:
    """End the roles of deputies whose time is over, and tell them, not before `until`; return how many ended.

    The chat `answered` is just being told so.
    """
    told, passed = await deputies.end_over(session, now)
    await tell_heirs(session, passed, now, until)
    for role, chat in told:
        if chat.id == answered:
            continue
        place = await session.places.get(role.place_id)
        say = wording(chat.locale)
        text = say("deputy.over", place=places.name_of(place))
        await acting.write_once(session, chat, f"deputy-over-{role.id}", [text], now, until)
    return len({role.id for role, _ in told})


async def leave(
    session: Session, person_id: int, now: datetime, today: date, until: datetime | None = None
) -> None:
    """Erase what identifies a person (`storage.leaving`); their village keeps what they left half done, and is told."""
    roles = await people.roles_of(session, person_id)
    heirs = await deputies.heirs(session, person_id, now)
    await leaving.leave(session, person_id, now, heirs)
    passed = [draft for number in heirs if (draft := await session.get(InterviewRow, number))]
    await tell_left(session, roles, now, today, until)
    await tell_heirs(session, passed, now, until)


async def tell_heirs(
    session: Session, passed: Sequence[InterviewRow], now: datetime, until: datetime | None = None
) -> None:
    """Tell those who got the drafts of somebody who no longer reports, not before `until`; nobody is named."""
    given: dict[tuple[int, int], list[InterviewRow]] = {}
    for draft in passed:
        given.setdefault((draft.person_id or 0, draft.place_id), []).append(draft)
    for (heir, place_id), drafts in given.items():
        place = places.name_of(await session.places.get(place_id))
        for chat in filter(is_reachable, await people.contacts_of(session, heir)):
            text = wording(chat.locale)("deputy.left_drafts", n=len(drafts), place=place)
            key = f"heir-{drafts[0].id}-{int(now.timestamp())}"
            await acting.write_once(session, chat, key, [first_upper(text)], now, until)


async def chats_above(session: Session, village: Place, today: date) -> Collection[Contact]:
    """The chats of a village's heads and of its commune's officers, each once."""
    holders = [role.person_id for role in await seats.held(session, village.id, HEAD)]
    heads = await acting.chats_of(session, holders)
    officers = await acting.office_chats(session, village, RoleName.COMMUNE_OFFICER, today)
    return acting.by_id([*heads, *officers]).values()


async def tell_left(
    session: Session, ended: Sequence[Role], now: datetime, today: date, until: datetime | None = None
) -> None:
    """Tell heads and communes that a deputy, who left of their own accord, is one no more, and those above where nobody is
    left; nobody is named."""
    await vacancies.tell(session, ended, now, today, until)
    for role in ended:
        village = await session.places.get(role.place_id) if role.ends_at else None
        if village is None:
            continue
        for chat in filter(is_reachable, await chats_above(session, village, today)):
            text = acting.words_for(chat)("deputy.left", place=places.own_name(village))
            await acting.write_once(session, chat, f"deputy-left-{role.id}", [first_upper(text)], now, until)


def is_reachable(chat: Contact) -> bool:
    return chat.reachable
