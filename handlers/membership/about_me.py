"""Máy giữ gì về tôi: everything that names or belongs to a person, counted, and the words they agreed to."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup, escape
from sqlalchemy import ColumnElement
from sqlmodel import SQLModel, col, func, select

from handlers import codes
from handlers.buttons import Button, For, Presses, button
from handlers.membership.account import ShowKept, seat_lines
from handlers.menu import named
from handlers.messages import column
from handlers.turn import Turn
from storage import people
from storage.interviews import UNFINISHED
from storage.roster import shown_phone
from storage.tables import (
    Announcement,
    ConsentText,
    Contact,
    Emergency,
    FigureReturn,
    InterviewRow,
    JournalAuthor,
    Person,
    PersonRequest,
    Remark,
    SavedQuestion,
    Submission,
)

pressed: Final = Presses()
COUNTED: Final[tuple[tuple[str, type[SQLModel], str], ...]] = (
    ("sent", Submission, "person_id"),
    ("approved", Submission, "approved_by"),
    ("returned", FigureReturn, "person_id"),
    ("said", Remark, "person_id"),
    ("announced", Announcement, "created_by"),
    ("raised", Emergency, "person_id"),
    ("asked", PersonRequest, "person_id"),
    ("journal", JournalAuthor, "person_id"),
)
"""What leads to a person: its name in sentences, the table, and the column that says whose it is."""
ALWAYS: Final = "sent"
"""What is told even if there is none."""


@button("a:agreed", by=For.PERSONS)
class ShowAgreed(Button):
    """The words that this person agreed to."""


@pressed.on(ShowKept)
async def show(turn: Turn, _: ShowKept) -> None:
    """Show what is kept about this person."""
    person = turn.person
    if person is None:
        return
    chats = await people.contacts_of(turn.session, person.id)
    consented = person.consented_at.astimezone(turn.zone) if person.consented_at else None
    await codes.note(turn, "data.shown")
    text = turn.say(
        "account.kept",
        name=person.name or turn.say("account.no_name"),
        number=shown_phone(person.phone) or turn.say("account.number.none"),
        seats=await seat_lines(turn, turn.roles) if turn.roles else turn.say("account.no_roles"),
        consented=consented or turn.say("account.unknown_moment"),
        chats=", ".join(chat.channel for chat in chats),
        letters=letters_of(turn, person),
        counts=Markup("\n").join(await counts(turn, person, chats)),
    )
    agreed = [named(turn.view, "account.button.agreed", ShowAgreed())] if person.consent_version else []
    turn.reply(text, choices=column(*agreed))


async def counts(turn: Turn, person: Person, chats: Sequence[Contact]) -> list[Markup]:
    """A line for each kind of thing that leads to this person."""
    counted = {
        name: await count(turn, table, col(getattr(table, whose)) == person.id)
        for name, table, whose in COUNTED
    }
    going = col(InterviewRow.status).in_(UNFINISHED)
    counted["open"] = await count(turn, InterviewRow, col(InterviewRow.person_id) == person.id, going)
    own = col(SavedQuestion.contact_id).in_([chat.id for chat in chats])
    counted["saved"] = await count(turn, SavedQuestion, own)
    return [turn.say(f"account.kept.{name}", n=n) for name, n in counted.items() if n or name == ALWAYS]


async def count(turn: Turn, table: type[SQLModel], *which: ColumnElement[bool]) -> int:
    """How many rows there are of a table."""
    return (await turn.session.exec(select(func.count()).select_from(table).where(*which))).one()


def letters_of(turn: Turn, person: Person) -> Markup:
    """On which channel this person wishes to have letters, and whether by their number too."""
    channel = turn.library.channels.get(person.letters_on, person.letters_on)
    chosen = channel or turn.say("account.letters_any")
    return turn.say("account.letters_by_phone", channel=chosen) if person.letters_by_phone else escape(chosen)


@pressed.on(ShowAgreed)
async def on_agreed(turn: Turn, _: ShowAgreed) -> None:
    """Show the words that this person agreed to, as they stood then; places are named as today."""
    person = turn.person
    agreed = await turn.session.get(ConsentText, person.consent_version) if person else None
    if person is None or agreed is None or person.consented_at is None:
        turn.reply(turn.say("account.agreed_unknown"))
        return
    at = person.consented_at.astimezone(turn.zone)
    names = [await turn.session.places.full_name_of(role.place_id, turn.today) for role in turn.roles]
    places, seat = await seat_lines(turn, turn.roles), escape("; ".join(names))
    words = Markup(agreed.text.replace("{places}", places).replace("{seat}", seat))  # noqa: S704 - the catalogue's words
    turn.reply(Markup("\n\n").join([turn.say("account.agreed", at=at), words]))
