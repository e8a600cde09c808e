"""Letters that nobody asked for, and the people who get them.

A letter's natural key names its occasion, place and person: writing it again, after a crash or in another process, has
no effect. Composing only reads; the letter goes into the outbox afterwards, in one short transaction.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import bindparam
from sqlmodel import col, select

from figures import access
from handlers.library import Library
from handlers.messages import Reply
from handlers.viewer import Viewer
from handlers.wording import locale_for
from plans.holidays import put_off
from storage import choices
from storage.letter_chats import FREE, Costs, best
from storage.outbox import ran_out
from storage.session import Session
from storage.tables import Contact, ContactPerson, Outbox, Person, Place, Role, RoleName
from storage.unit_of_work import people_with_roles

REMINDER: Final = 1
BROADCAST: Final = 2
"""Their priorities in the outbox: after replies."""
MORNING: Final = time(8)
"""Reminders are written from this hour on."""
FADES: Final = timedelta(days=2)
"""A summary that could not be sent by then is not sent at all, and an administrator is told."""
LATE: Final = timedelta(hours=1)
"""A summary that comes later than this says that it is late."""
AT_ONCE: Final = 100
"""How many people are handled together."""


@dataclass(frozen=True)
class Letter:
    """One message to one chat. `why` says in a word what for, so that an administrator can look it up."""

    key: str
    contact_id: int
    place_id: int
    reply: Reply
    priority: int
    why: str
    not_before: datetime | None = None
    not_after: datetime | None = None
    marks: tuple[str, ...] = ()
    """Marks of what it tells that is told only once (`storage.told`)."""

    @property
    def body(self) -> dict[str, Any]:
        """Return what the outbox keeps of it."""
        return replace(self.reply, told=self.marks).to_json()

    def in_time(self, now: datetime) -> bool:
        """Whether it is still of use when it may be sent: quiet hours may outlast it."""
        return self.not_after is None or self.not_after > max(now, self.not_before or now)


def still_of_use(letters: Iterable[Letter], now: datetime) -> list[Letter]:
    """Return the letters that are not too late."""
    return [letter for letter in letters if letter.in_time(now)]


@dataclass(frozen=True)
class Recipient:
    """Somebody who may get letters: the person, the chat they are written to, the roles they hold."""

    person: Person
    contact: Contact
    roles: tuple[Role, ...]

    @property
    def place_ids(self) -> tuple[int, ...]:
        """The places that they hold a role for, each once."""
        return tuple(dict.fromkeys(role.place_id for role in self.roles))

    def was_there(self, at: datetime) -> bool:
        """Whether they held one of these roles by then already."""
        return any(role.since <= at for role in self.roles)

    def viewer(self, session: Session, library: Library, now: datetime) -> Viewer:
        """What this recipient may see at `now`, in their language."""
        local = now.astimezone(library.zone)
        return Viewer(session, library, self.roles, local, locale_for(self.contact.locale, ""))


async def recipients(
    session: Session,
    after: int,
    places: Collection[int] | None = None,
    costs: Costs = FREE,
    at: datetime | None = None,
) -> tuple[list[Recipient], int | None]:
    """Return some people with a role and a reachable chat, by id from `after` on, and the last id; None for it at the
    end.

    If somebody has several chats, take the one that is best `at` a moment (`storage.letter_chats`). If `places` are
    given, return only people with a role there.
    """
    chosen = (
        select(Role.person_id)
        .where(col(Role.until).is_(None), Role.person_id > after)
        .order_by(col(Role.person_id))
        .distinct()
        .limit(AT_ONCE)
    )
    ids = list((await session.exec(chosen)).all())
    if not ids:
        return [], None
    people = await people_with_roles(session, ids)
    joined = (
        select(Person, Contact)
        .join(ContactPerson, col(ContactPerson.person_id) == col(Person.id))
        .join(Contact, col(Contact.id) == col(ContactPerson.contact_id))
        .where(col(Person.id).in_(ids), col(Person.left_at).is_(None), col(Person.consented_at).is_not(None))
        .where(col(Contact.reachable))
        .order_by(col(ContactPerson.since), col(Contact.id))
    )
    chats: dict[int, tuple[Person, list[Contact]]] = {}
    for person, contact in await session.exec(joined):
        chats.setdefault(person.id, (person, []))[1].append(contact)
    held = {number: among(people[number][1], places) for number in chats}
    some = [
        Recipient(person, chat, held[number])
        for number, (person, theirs) in sorted(chats.items())
        if held[number] and (chat := best(theirs, person.letters_on, costs, at)) is not None
    ]
    return some, ids[-1] if len(ids) == AT_ONCE else None


def among(roles: Iterable[Role], places: Collection[int] | None) -> tuple[Role, ...]:
    """Return the roles for some of these places; all if None are given."""
    return tuple(role for role in roles if places is None or role.place_id in places)


async def unwritten(session: Session, keys: Collection[str], now: datetime) -> set[str]:
    """Return those of `keys` under which nothing was written, or only what ran out of time without reaching anybody."""
    return set(keys) - {key for key in await session.fetch(WRITTEN, keys=list(keys), now=now) if key}


WRITTEN: Final = select(Outbox.natural_key).where(
    col(Outbox.natural_key).in_(bindparam("keys", expanding=True)), ~ran_out(bindparam("now"))
)
"""Built once: letters are composed one by one, so that answers come first."""


async def fresh(session: Session, letters: Iterable[Letter], now: datetime) -> list[Letter]:
    """Return those of the letters that were not written yet, each key once."""
    by_key = {letter.key: letter for letter in letters}
    keys = await unwritten(session, by_key, now)
    return [letter for key, letter in by_key.items() if key in keys]


def since_morning(now: datetime) -> datetime | None:
    """Return the hour from which a day's reminders are written, once it has come."""
    morning = datetime.combine(now.date(), MORNING, now.tzinfo)
    return morning if morning <= now else None


async def offices(viewer: Viewer, *roles: RoleName) -> list[Place]:
    """The units for which this person holds one of the roles."""
    return await access.places_of(viewer, access.holds(viewer, *roles))


# --- the hour of the week that somebody chose -------------------------------------------------------------


WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeeklyMoment:
    """When the summary of the week that begins on `monday` is due."""

    monday: date
    at: datetime

    @property
    def week(self) -> str:
        """The ISO week: one summary each, at whatever hour it is wanted."""
        return week_of(self.monday)


def rings(wish: choices.WeeklyWish, now: datetime) -> WeeklyMoment:
    """Return the latest moment, not after `now`, at which this recipient's summary is due; `now` is in the local zone."""
    monday = now.date() - timedelta(days=now.weekday())
    weeks = (moment_of(wish, monday - back * WEEK, now) for back in range(3))
    return next(moment for moment in weeks if moment.at <= now)


def comes_next(wish: choices.WeeklyWish, now: datetime) -> datetime:
    """Return when this recipient's next summary is due after `now`, which is in the local zone."""
    monday = now.date() - timedelta(days=now.weekday())
    # One that was put off behind holidays may be of the week before.
    moments = (moment_of(wish, monday + ahead * WEEK, now).at for ahead in range(-1, 3))
    return next(at for at in moments if at > now)


def moment_of(wish: choices.WeeklyWish, monday: date, now: datetime) -> WeeklyMoment:
    """Return the moment in one week; if it falls on a holiday, on the next working day.

    What had already passed when the day was chosen is due at once.
    """
    hour = time(wish.minute // 60, wish.minute % 60)
    at = datetime.combine(put_off(monday + timedelta(days=wish.weekday)), hour, now.tzinfo)
    chosen = wish.chosen_at.astimezone(now.tzinfo) if wish.chosen_at else None
    if chosen is not None and at < chosen and monday <= chosen.date() < monday + WEEK:
        at = chosen
    return WeeklyMoment(monday, at)


def fades(at: datetime, now: datetime, only: Collection[int] | None) -> datetime:
    """Return until when a summary due `at` is of use. If somebody sends it by hand, `only` to some, that counts from now."""
    return (at if only is None else now) + FADES


def week_of(day: date) -> str:
    """The ISO week of a day: 2026-W47."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
