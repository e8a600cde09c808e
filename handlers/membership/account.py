"""/toi ("Tôi là ai"): who this chat speaks for, what is kept about them, and what they may change.

Here people see and correct their data; /roi (`leave`) erases it. A phone may be shared: each message belongs to the
person that the chat speaks for, and /doinguoi changes who that is.
"""

from typing import Final

from markupsafe import Markup

from handlers import codes, menu
from handlers.buttons import Button, For, Presses, RowId, button, choice
from handlers.membership import deputising
from handlers.menu import named
from handlers.messages import column
from handlers.navigation import AskDeputy, Command, ConnectPhone, GiveNumber, ShowRights
from handlers.turn import Turn
from storage import people, places
from storage.kept import NameWanted
from storage.tables import Person, Role

SHOWN_NAME: Final = 40
"""How many letters of a name fit on a button."""
pressed: Final = Presses()


@button("a:s:{person}", by=For.STRANGERS)
class SpeakAs(Button):
    """From now on this chat speaks for somebody who uses it."""

    person: RowId


@button("a:people", by=For.PERSONS)
class ChoosePerson(Button):
    """Ask who uses this chat."""


@button("a:name", by=For.PERSONS)
class CorrectName(Button):
    """Set the name."""


@button("a:cancel", by=For.PERSONS)
class NeverMind(Button):
    """Leave things as they are."""


@button("a:kept", by=For.PERSONS)
class ShowKept(Button):
    """What is kept about this person."""


async def label(turn: Turn, person: Person) -> str:
    """Return what tells `person` from the others on this phone: the name, else role and place."""
    if person.name:
        return person.name[:SHOWN_NAME]
    roles = await people.roles_of(turn.session, person.id)
    if not roles:
        return str(turn.say("account.nameless"))
    place = await turn.session.places.get(roles[0].place_id)
    where = places.name_of(place)
    return f"{turn.say(f'role.{roles[0].role}')}, {where}"


async def seat_lines(turn: Turn, roles: list[Role]) -> Markup:
    """A line for each role and place."""
    lines = []
    for role in roles:
        where = await turn.session.places.full_name_of(role.place_id, turn.today)
        lines.append(turn.say("enrol.seat", role=turn.say(f"role.{role.role}"), place=where))
        if role.ends_at is not None:
            lines.append(turn.say("deputy.offered", day=deputising.last_day(turn.zone, role.ends_at)))
    return Markup("\n").join(lines)


async def show(turn: Turn) -> None:
    """Show who the person is here, and what they may change."""
    if turn.person is None:
        await menu.old_button(turn)
        return
    name = turn.person.name or turn.say("account.no_name")
    seats = await seat_lines(turn, turn.roles) if turn.roles else turn.say("account.no_roles")
    others = await people.people_of(turn.session, turn.contact.id)
    choices = [
        named(turn.view, "account.button.name", CorrectName()),
        named(turn.view, "account.button.number", GiveNumber()),
        named(turn.view, "account.button.kept", ShowKept()),
        named(turn.view, "account.button.connect", ConnectPhone()),
    ]
    if len(others) > 1:
        choices.insert(0, named(turn.view, "account.button.switch", ChoosePerson()))
    heads = deputising.offices(turn.view)
    choices += [named(turn.view, "deputy.button", AskDeputy(role.place_id)) for role in heads[:1]]
    choices.append(named(turn.view, "rights.button", ShowRights()))
    choices.append(named(turn.view, "account.button.leave", Command("roi")))
    turn.reply(turn.say("account.me", name=name, seats=seats), choices=column(*choices))


@pressed.on(NeverMind)
async def never_mind(turn: Turn, _: NeverMind) -> None:
    await menu.show(turn)


@pressed.on(CorrectName)
async def ask_name(turn: Turn, _: CorrectName) -> None:
    """Correct my name."""
    turn.expect(NameWanted())
    turn.reply(turn.say("account.ask_name"), actions=column(named(turn.view, "account.keep", NeverMind())))


# --- one phone, several people --------------------------------------------------------------------------


@pressed.on(ChoosePerson)
async def on_choose(turn: Turn, _: ChoosePerson) -> None:
    await choose_person(turn)


async def choose_person(turn: Turn) -> None:
    """/doinguoi: ask who is talking now."""
    known = await people.people_of(turn.session, turn.contact.id)
    if not known:
        await menu.old_button(turn)
        return
    if len(known) == 1 and turn.person is not None:
        turn.reply(turn.say("account.only_one"))
        return
    choices = [choice(await label(turn, person), SpeakAs(person.id)) for person in known]
    turn.reply(turn.say("account.who"), choices=column(*choices))


@pressed.on(SpeakAs)
async def switch(turn: Turn, button: SpeakAs) -> None:
    """Let this chat speak for the person with this id, if they use it."""
    users = await people.people_of(turn.session, turn.contact.id)
    person = next((user for user in users if user.id == button.person), None)
    if person is None:
        await menu.old_button(turn)
        return
    await speak_as(turn, person)
    await codes.note(turn, "person.switched")
    await menu.show(turn, turn.say("account.switched", name=await label(turn, person)))


async def speak_as(turn: Turn, person: Person) -> None:
    """Let the chat speak for `person`. Another person's interview stays theirs, and they can resume it."""
    if turn.contact.person_id != person.id:
        turn.contact.interview_id = None
        turn.expect(None)
        turn.remember(choices=(), actions=())
    turn.contact.person_id = person.id
    turn.person = person
    turn.roles = await people.roles_of(turn.session, person.id)
