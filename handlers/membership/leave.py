"""/roi: leave, and erase what the law wants erased. It says what goes and what stays before it does it."""

from typing import Final

from markupsafe import Markup
from sqlmodel import col, func, select

from handlers import alarms, codes, leaving_alarms, menu, vacancies
from handlers.buttons import Button, For, Presses, RowId, button
from handlers.membership import account, connect, deputising
from handlers.menu import named
from handlers.messages import Reply, column
from handlers.navigation import CloseIt
from handlers.turn import Turn
from questionnaires.answers import yes_or_no
from storage import deputies, emergencies, people
from storage.interviews import UNFINISHED
from storage.kept import LeaveWanted
from storage.tables import Emergency, InterviewRow, Person

pressed: Final = Presses()


@button("x:yes:{person}", by=For.PERSONS)
class Leave(Button):
    """Erase this person, whom the chat may no longer speak for."""

    person: RowId


@button("x:no", by=For.PERSONS)
class Stay(Button):
    """Erase nothing."""


async def ask(turn: Turn) -> None:
    """Say what leaving erases and what stays, with two buttons."""
    if turn.person is None:
        turn.reply(turn.say("leave.nobody"))
        return
    text = turn.say("leave.ask", name=await account.label(turn, turn.person))
    rows = await emergencies.open_ones(turn.session, turn.person.id, turn.now)
    warned = [*await unfinished(turn, turn.person), *(open_emergency(turn, row) for row in rows)]
    yes = named(turn.view, "leave.yes", Leave(turn.person.id))
    no = named(turn.view, "leave.no", Stay())
    # Of several, the words ask which one.
    close = [named(turn.view, "emergency.button.close", CloseIt(row.id)) for row in rows if len(rows) == 1]
    turn.expect(LeaveWanted())
    turn.reply(Markup("\n\n").join([text, *warned]), choices=column(yes, no, *close))


async def unfinished(turn: Turn, person: Person) -> list[Markup]:
    """Return what somebody leaves undone: begun reports, those that others go on with, and their roles."""
    chosen = select(func.count()).select_from(InterviewRow)
    chosen = chosen.where(InterviewRow.person_id == person.id, col(InterviewRow.status).in_(UNFINISHED))
    passed_on = len(await deputies.heirs(turn.session, person.id, turn.now))
    count = (await turn.session.exec(chosen)).one() - passed_on
    told = [turn.say("leave.unfinished", n=count)] if count else []
    told += [turn.say("leave.passed_on", n=passed_on)] if passed_on else []
    return told + await vacancies.warnings(turn, await people.roles_of(turn.session, person.id))


def open_emergency(turn: Turn, row: Emergency) -> Markup:
    """Return that an emergency that somebody raised is still open."""
    at, kind = row.raised_at.astimezone(turn.zone), alarms.kind_of(row, turn.say)
    return turn.say("leave.emergency", kind=kind, at=at)


def meant(turn: Turn, text: str) -> bool | None:
    """Whether `text` says yes or no to leaving; None if neither."""
    return yes_or_no(text, turn.today)


async def on_words(turn: Turn) -> None:
    """Take a typed no as staying. After a typed yes ask again: only the button's own words erase."""
    if meant(turn, turn.incoming.text):
        await ask(turn)
    else:
        await stay(turn)


@pressed.on(Stay)
async def on_no(turn: Turn, _: Stay) -> None:
    await (stay(turn) if turn.roles else gone(turn))


async def stay(turn: Turn) -> None:
    """Nothing is erased; within an interview without the menu."""
    if turn.contact.interview_id is None:
        await menu.show(turn, turn.say("leave.stayed"))
    else:
        turn.reply(turn.say("leave.stayed"))


@pressed.on(Leave)
async def leave(turn: Turn, button: Leave) -> None:
    """Leave. The button names its person, so on a shared phone it never removes another."""
    person = turn.person
    if person is None or person.id != button.person:
        await gone(turn)
        return
    chats = await connect.other_chats(turn, person)
    # First of all: whoever was told of an emergency learns that its raiser can no longer be asked.
    for row in await emergencies.open_ones(turn.session, person.id, turn.now):
        await leaving_alarms.raiser_leaves(turn, row)
    leaving = {turn.contact.id, *(chat.id for chat in chats)}
    for row in await emergencies.held_by(turn.session, person.id, turn.now):
        await leaving_alarms.holder_leaves(turn, row, leaving)
    await codes.note(turn, "left")
    await deputising.leave(turn.session, person.id, turn.now, turn.today, turn.quiet_until)
    await turn.session.refresh(turn.contact)
    turn.person, turn.roles = None, []
    # What the chat showed names the places and reports of the person who is gone.
    turn.contact.screen = {}
    turn.send(Reply(turn.say("leave.done"), farewell=True))
    elsewhere = Reply(turn.say("leave.done_elsewhere"), farewell=True)
    turn.replies += [(chat.id, elsewhere) for chat in chats]
    if await people.people_of(turn.session, turn.contact.id):
        await account.choose_person(turn)


async def gone(turn: Turn) -> None:
    """Answer a second tap, or another person's button."""
    if turn.person is None:
        turn.reply(turn.say("leave.nobody"))
    else:
        await menu.old_button(turn)
