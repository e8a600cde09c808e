"""Quyền của tôi: to see, correct, withdraw, object to and erase one's own data; each request is entered in a register.

The bot does at once what it can: show, correct the name and the number, end consent, erase. What needs a person goes
to the administrators with its due day, and their answer comes back here.
"""

from datetime import timedelta
from typing import Final, Literal

from markupsafe import Markup

from figures import access
from handlers import acting, asked_back, codes, menu, vacancies
from handlers.buttons import Button, For, Presses, button
from handlers.membership import about_me, deputising
from handlers.membership.account import CorrectName, ShowKept
from handlers.menu import named
from handlers.messages import Choice, column
from handlers.navigation import Command, GiveNumber, ShowRights
from handlers.turn import Turn
from handlers.vocabulary import OBJECTING, WRONG_ABOUT
from questionnaires.answers import yes_or_no
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of, without_marks
from storage import deputies, people, requests, seats
from storage.kept import RightWanted
from storage.requests import RequestKind
from storage.tables import Contact, PersonRequest, RoleName

pressed: Final = Presses()
SHOWN: Final = 4
"""How many of a person's requests to list."""
SOON: Final = timedelta(hours=1)
TELLING: Final = 4
"""The fewest words that say what is wrong, or what is objected to."""


@button("a:r:{kind}", by=For.PERSONS)
class AskRight(Button):
    """Ask for it; in words if somebody has to read them."""

    kind: RequestKind


@button("a:ry", by=For.PERSONS)
class WithdrawConsent(Button):
    """End one's consent now."""


@button("a:rw", by=For.PERSONS)
class EnterWords(Button):
    """Enter the words that were said, instead of asking for them again."""


@pressed.on(ShowRights)
async def on_rights(turn: Turn, _: ShowRights) -> None:
    await show(turn)


async def on_said(turn: Turn) -> None:
    """Show the rights to who speaks of them. Words that object, or that say what is wrong about oneself, can be entered as
    they are."""
    kind, words = said_kind(turn.incoming.text), asked_back.in_own_words(turn.incoming.text)
    if kind is None or turn.person is None or asked_back.unfit(words):
        await show(turn)
        return
    turn.expect(RightWanted(kind, turn.now, words=words))
    await show(turn, turn.say(f"rights.offered.{kind}", words=words))
    turn.add_below(actions=column(named(turn.view, "rights.button.enter", EnterWords())))


def said_kind(text: str) -> Literal["correct", "object"] | None:
    """Return what a text asks that a person has to read; None if it only names the rights, as "tôi phản đối"."""
    words = without_marks(tokens_of(clean(text)))
    if len(words) < TELLING:
        return None
    if OBJECTING.stands_in(words):
        return "object"
    return "correct" if WRONG_ABOUT.stands_in(words) else None


@pressed.on(EnterWords)
async def on_enter(turn: Turn, _: EnterWords) -> None:
    """Enter the words that wait; if others are awaited by now, show the rights."""
    wanted = turn.screen.expects
    if isinstance(wanted, RightWanted) and wanted.words:
        await enter(turn, wanted.kind, wanted.words)
    else:
        await show(turn)


async def show(turn: Turn, *before: Markup) -> None:
    """Show the five rights as buttons, and what became of earlier requests."""
    if turn.person is None:
        await menu.old_button(turn)
        return
    rows = await requests.of_person(turn.session, turn.person.id)
    lines = [request_line(turn, row) for row in rows[:SHOWN]]
    asked = [Markup("\n").join([turn.say("rights.asked"), *lines])] if lines else []
    buttons = [named(turn.view, f"rights.button.{kind}", AskRight(kind)) for kind in RequestKind]
    officer = turn.library.data_officer
    charged = [turn.say("rights.officer", name=officer)] if officer else []
    text = Markup("\n\n").join([*before, turn.say("rights.head"), *charged, *asked])
    turn.reply(text, choices=column(*buttons))


def request_line(turn: Turn, row: PersonRequest) -> Markup:
    """Return what was asked, and by when it will be done or what came of it."""
    facts = {"kind": turn.say(f"rights.of.{row.kind}"), "day": row.asked_at.astimezone(turn.zone).date()}
    note = Markup(" ") + Markup.escape(row.note) if row.note else Markup()
    if row.outcome:
        return turn.say(f"rights.line.{row.outcome}", **facts) + note
    return turn.say("rights.line.waits", due=row.finish_due, **facts) + note


@pressed.on(AskRight)
async def on_ask(turn: Turn, button: AskRight) -> None:
    if turn.person is None:
        await menu.old_button(turn)
    else:
        await ANSWERS[button.kind](turn)


async def see(turn: Turn) -> None:
    """Show it at once; entered once a day, however often it is looked at."""
    asker = turn.contact.person_id or 0
    looks = [row for row in await requests.of_person(turn.session, asker) if row.kind == RequestKind.SEE]
    if turn.today not in {row.asked_at.astimezone(turn.zone).date() for row in looks}:
        await requests.done_at_once(turn.session, RequestKind.SEE, asker, turn.now, turn.today)
    await about_me.show(turn, ShowKept())


async def correct(turn: Turn) -> None:
    """Correct the name and the number at once; anything else in words."""
    turn.expect(RightWanted("correct", turn.now))
    at_once: list[Choice] = [
        named(turn.view, "account.button.name", CorrectName()),
        named(turn.view, "account.button.number", GiveNumber()),
    ]
    turn.reply(turn.say("rights.ask.correct"), choices=column(*at_once), actions=column(back(turn)))


async def withdraw(turn: Turn) -> None:
    """Ask once more: it ends every role."""
    yes = named(turn.view, "rights.button.withdraw_yes", WithdrawConsent())
    roles = await people.roles_of(turn.session, turn.person.id) if turn.person else []
    parts = [turn.say("rights.ask.withdraw"), *await vacancies.warnings(turn, roles)]
    turn.reply(Markup("\n\n").join(parts), choices=column(yes, back(turn)))


async def objects(turn: Turn) -> None:
    """Ask what they object to, and why."""
    turn.expect(RightWanted("object", turn.now))
    turn.reply(turn.say("rights.ask.object"), actions=column(back(turn)))


async def erase(turn: Turn) -> None:
    """Lead to the command that erases, which itself says what goes and what stays."""
    leave = named(turn.view, "account.button.leave", Command("roi"))
    turn.reply(turn.say("rights.ask.erase"), choices=column(leave, back(turn)))


def back(turn: Turn) -> Choice:
    return named(turn.view, "rights.button.back", ShowRights())


ANSWERS: Final = {
    RequestKind.SEE: see,
    RequestKind.CORRECT: correct,
    RequestKind.WITHDRAW: withdraw,
    RequestKind.OBJECT: objects,
    RequestKind.ERASE: erase,
}


@pressed.on(WithdrawConsent)
async def on_withdraw(turn: Turn, _: WithdrawConsent) -> None:
    """End every role; nothing more is done with what is kept, and nothing is sent."""
    person = turn.person
    if person is None:
        await menu.old_button(turn)
        return
    await requests.done_at_once(turn.session, RequestKind.WITHDRAW, person.id, turn.now, turn.today)
    roles = await people.roles_of(turn.session, person.id)
    await seats.end(turn.session, roles, turn.now)
    passed = await deputies.pass_on_all(turn.session, roles, turn.now)
    await deputising.tell_left(turn.session, roles, turn.now, turn.today, turn.quiet_until)
    await deputising.tell_heirs(turn.session, passed, turn.now, turn.quiet_until)
    person.consented_at = None
    turn.session.add(person)
    turn.roles = []
    await codes.note(turn, "consent.withdrawn")
    leave = named(turn.view, "account.button.leave", Command("roi"))
    turn.reply(turn.say("rights.withdrawn"), choices=column(leave))


async def on_words(turn: Turn) -> None:
    """Enter what is wrong or what they object to, and pass it to the administrators."""
    wanted = turn.screen.expects
    if not isinstance(wanted, RightWanted) or turn.now - wanted.since > SOON or turn.person is None:
        turn.expect(None)
        await menu.show(turn)
        return
    if wanted.words and not yes_or_no(turn.incoming.text, turn.today):
        turn.expect(None)
        await menu.show(turn)
        return
    await enter(turn, wanted.kind, wanted.words or turn.incoming.text)


async def enter(turn: Turn, asked: str, said: str) -> None:
    """Enter words in the register and tell the administrators; if they are none, or too many, ask for them again."""
    words, kind = asked_back.in_own_words(said), RequestKind(asked)
    if key := asked_back.unfit(words):
        turn.reply(turn.say(key, n=len(words), most=asked_back.REASON), actions=column(back(turn)))
        return
    turn.expect(None)
    row = await requests.ask(turn.session, kind, turn.contact.person_id or 0, turn.now, turn.today, words)
    await codes.note(turn, "right.asked", f"request:{row.id}", {"kind": kind})
    for contact in await administrators(turn):
        say = acting.words_for(contact, officer=True)
        told = say(
            "rights.told",
            n=row.id,
            kind=say(f"rights.of.{kind}"),
            answer=row.answer_due,
            finish=row.finish_due,
        )
        await acting.tell_once(turn, contact, f"right-{row.id}", [told])
    await show(turn, turn.say("rights.entered", answer=row.answer_due, finish=row.finish_due))


async def administrators(turn: Turn) -> list[Contact]:
    """The reachable chats of the administrators over this person's places."""
    chats: dict[int, Contact] = {}
    for place in await access.places_of(turn.view, turn.roles):
        over = await acting.office_chats(turn.session, place, RoleName.ADMINISTRATOR, turn.today)
        chats |= acting.by_id(over)
    return acting.reachable(turn, chats.values())
