"""`thonbao letters`: what one person gets unasked in a week, when and why; nothing is sent."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final

import typer

from bot.administration import opened, taking_part
from bot.channels.text import plain
from bot.libraries import library_of
from bot.option_types import LARGEST_ID
from bot.printing import print_json
from bot.problems import WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from bot.timetable import ROUNDS, announcement
from handlers.letters import MORNING, WEEK, Letter, Recipient, recipients, rings
from handlers.library import Library
from storage import choices, outbox, people, told, totals
from storage.database import writing
from storage.session import Session

DAY: Final = timedelta(days=1)
FIRST: Final = time(6)
LAST: Final = time(17, 30)
"""Besides the morning and the hour of the summary the hours at which something may become due."""


@dataclass(frozen=True, slots=True)
class LetterShown:
    """One letter as the administrator sees it: when, why, and of one that is to come its text."""

    at: str
    state: str
    why: str
    key: str
    text: str = ""


class DryRun(Exception):
    """Ends a transaction without keeping anything."""


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("letters")(letters)


def letters(
    person: Annotated[int, typer.Option("--for", min=1, max=LARGEST_ID, help="the person's id")],
    week: Annotated[
        str, typer.Option("--week", help="an ISO week such as 2026-W48 (default: this one)")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Tin máy tự gửi cho một người / what one person gets unasked in a week; nothing is sent."""
    settings = load_settings()
    say = Teller(settings.locale)
    shown = asyncio.run(of_week(settings, say, person, monday_of(week, settings, say)))
    if json:
        print_json([asdict(letter) for letter in shown])
        return
    for letter in shown:
        print(f"{letter.at} · {say(f'letters.{letter.state}')} · {letter.why}\n{letter.text}".rstrip() + "\n")
    if not shown:
        print(say("letters.none"))


def monday_of(week: str, settings: Settings, say: Teller) -> date:
    """The Monday of a week as it was written. Raises WrongCall."""
    today = datetime.now(settings.zone).date()
    if not week:
        return today - timedelta(days=today.weekday())
    try:
        return datetime.strptime(f"{week.strip().upper()}-1", "%G-W%V-%u").date()  # noqa: DTZ007 - a day
    except ValueError:
        raise WrongCall(say("letters.week", week=week)) from None


async def of_week(settings: Settings, say: Teller, person_id: int, monday: date) -> list[LetterShown]:
    """What a person got in a week, and what they would get of it from now on as things stand."""
    library = library_of(settings)
    now = datetime.now(settings.zone)
    shown: list[LetterShown] = []
    async with opened(settings) as engine:
        try:
            async with writing(engine) as session:
                await taking_part(session, person_id, say)
                shown += await written(session, person_id, monday, settings)
                recipient = await recipient_of(session, library, person_id)
                if recipient is not None:
                    shown += await to_come(
                        session, library, recipient, moments(monday, now, await wish_of(session, recipient))
                    )
                raise DryRun
        except DryRun:
            return shown


async def written(session: Session, person_id: int, monday: date, settings: Settings) -> list[LetterShown]:
    """The letters of the week that were written so far, the oldest first."""
    begin = datetime.combine(monday, time(), settings.zone)
    chats = [contact.id for contact in await people.contacts_of(session, person_id)]
    rows = await told.letters_to(session, chats, begin)
    return [
        LetterShown(
            f"{row.created_at.astimezone(settings.zone):%d/%m/%Y %H:%M}",
            row.state,
            ", ".join(dict.fromkeys(mark.partition(":")[0] for mark in told.marks_of(row.body)))
            or totals.kind_of(row.natural_key),
            row.natural_key or "",
        )
        for row in reversed(rows)
        if row.created_at < begin + WEEK and told.is_to(row.natural_key or "", person_id)
    ]


async def recipient_of(session: Session, library: Library, person_id: int) -> Recipient | None:
    """The person as somebody to write to; None where no chat of theirs can be reached, or they hold no role."""
    some, _ = await recipients(session, person_id - 1, costs=library.costs)
    return next((one for one in some if one.person.id == person_id), None)


async def wish_of(session: Session, recipient: Recipient) -> choices.WeeklyWish:
    """When this person wants the weekly summary."""
    wanted = await choices.of_contacts(session, [recipient.contact.id])
    return wanted.get(recipient.contact.id, choices.DEFAULT)


def moments(monday: date, now: datetime, wish: choices.WeeklyWish) -> list[datetime]:
    """The moments of a week, from now on, at which something may become due."""
    days = [monday + number * DAY for number in range(7)]
    hours = [datetime.combine(day, hour, now.tzinfo) for day in days for hour in (FIRST, MORNING, LAST)]
    end = datetime.combine(monday, time(), now.tzinfo) + WEEK
    summaries = (rings(wish, end - timedelta(minutes=1)).at, rings(wish, end + 2 * DAY).at)
    return sorted({at for at in (*hours, *summaries) if now <= at < end})


async def to_come(
    session: Session, library: Library, recipient: Recipient, at: Sequence[datetime]
) -> list[LetterShown]:
    """What this person would get at some moments, each letter knowing of those before it."""
    shown = []
    for moment in at:
        for ring in ROUNDS.values():
            for letter in await ring.compose(session, library, moment, [recipient], None):
                if letter.in_time(moment):
                    await outbox.insert_new(session, [announcement(letter, moment)])
                    await session.flush()
                    shown.append(shown_at(letter, moment))
    return shown


def shown_at(letter: Letter, at: datetime) -> LetterShown:
    """A letter that is to come."""
    return LetterShown(f"{at:%d/%m/%Y %H:%M}", "to_come", letter.why, letter.key, plain(letter.reply.text))
