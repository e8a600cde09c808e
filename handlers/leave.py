"""/roi: leave, and erase what the law wants erased. It says what goes and what stays before it does it."""

from sqlmodel import col, func, select

from handlers import account, codes, connect, menu
from handlers.menu import named
from handlers.turn import Turn, column
from storage import people
from storage.tables import InterviewRow, InterviewStatus


async def ask(turn: Turn) -> None:
    """What leaving erases and what stays; two buttons."""
    if turn.person is None:
        turn.reply(turn.say("leave.nobody"))
        return
    going = (InterviewStatus.OPEN, InterviewStatus.REVIEW)
    chosen = select(func.count()).select_from(InterviewRow)
    chosen = chosen.where(InterviewRow.person_id == turn.person.id, col(InterviewRow.status).in_(going))
    count = (await turn.session.exec(chosen)).one()
    text = turn.say("leave.ask", name=await account.label(turn, turn.person))
    if count:
        text += "\n\n" + turn.say("leave.unfinished", n=count)
    yes = named(turn, "leave.yes", f"x:yes:{turn.person.id}")
    no = named(turn, "leave.no", "x:no")
    turn.reply(text, choices=column(yes, no))


async def on_press(turn: Turn) -> None:
    """Leave, or stay. The button names its person: on a shared phone it never takes another one away."""
    _, action, *rest = turn.incoming.press.split(":")
    person = turn.person
    if action != "yes" or person is None or rest != [str(person.id)]:
        await (menu.show(turn, turn.say("leave.stayed")) if action == "no" and turn.roles else gone(turn))
        return
    chats = await connect.other_chats(turn, person)
    await codes.note(turn, "left")
    await people.leave(turn.session, person.id or 0, turn.now)
    await turn.session.refresh(turn.contact)
    turn.person, turn.roles = None, []
    turn.contact.screen = {}
    turn.reply(turn.say("leave.done"))
    for chat in chats:
        turn.reply(turn.say("leave.done_elsewhere"), to=chat.id)
    if await people.people_of(turn.session, turn.contact.id or 0):
        await account.choose_person(turn)


async def gone(turn: Turn) -> None:
    """A second tap, or another person's button."""
    if turn.person is None:
        turn.reply(turn.say("leave.nobody"))
    else:
        await menu.old_button(turn)
