"""`thonbao letters`: what one person gets unasked in a week, when and why; nothing is sent.

A later week is played from now on: what comes before it is taken for sent, so that nothing is told twice and nobody gets too
much.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Annotated, Final

import typer
from sqlalchemy import update
from sqlmodel import col

from bot.administration import opened, taking_part
from bot.channels.text import plain
from bot.libraries import library_of
from bot.option_types import LARGEST_ID
from bot.printing import print_json
from bot.problems import WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from bot.timetable import ROUNDS, announcement
from handlers.broadcasts.why import named
from handlers.letters import MORNING, WEEK, Letter, Recipient, recipients, rings, still_of_use, week_of
from handlers.library import Library
from storage import choices, outbox, people, told, totals
from storage.database import writing
from storage.session import Session
from storage.tables import Outbox, OutboxState

DAY: Final = timedelta(days=1)
CLOSES: Final = time(17)
"""Besides the morning and the hour of the summary the hour at which something may become due."""
FURTHEST: Final = 13 * WEEK
"""How far ahead a week may lie: all that comes before it is composed, too."""


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
    """Tin máy tự gửi cho một người / what the bot sends one person by itself in a week; sends nothing."""
    settings = load_settings()
    say = Teller(settings.locale)
    shown = asyncio.run(of_week(settings, say, person, monday_of(week, settings, say)))
    if json:
        print_json([asdict(letter) for letter in shown])
        return
    for letter in shown:
        why = ", ".join(
            named(say.wording, totals.kind_of(letter.key), letter.why.replace(" ", "").split(","))
        )
        print(f"{letter.at} · {say(f'letters.{letter.state}')} · {why}\n{letter.text}".rstrip() + "\n")
    if not shown:
        print(say("letters.none"))


def monday_of(week: str, settings: Settings, say: Teller) -> date:
    """The Monday of a week as it was written. Raises WrongCall."""
    today = datetime.now(settings.zone).date()
    if not week:
        return today - timedelta(days=today.weekday())
    try:
        monday = datetime.strptime(f"{week.strip().upper()}-1", "%G-W%V-%u").date()  # noqa: DTZ007 - a day
    except ValueError:
        raise WrongCall(say("letters.week", week=week)) from None
    if monday > today + FURTHEST:
        raise WrongCall(say("letters.too_far", week=week_of(monday), last=week_of(today + FURTHEST)))
    return monday


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
                    wish = await wish_of(session, recipient)
                    ahead = await to_come(session, library, recipient, moments(monday, now, wish))
                    begin = datetime.combine(monday, time(), now.tzinfo)
                    shown += [shown_at(letter, at) for at, letter in ahead if at >= begin]
                raise DryRun
        except DryRun:
            return shown


def letter_shown(row: Outbox, zone: tzinfo) -> LetterShown:
    """A letter that was written."""
    why = ", ".join(dict.fromkeys(mark.partition(":")[0] for mark in told.marks_of(row.body)))
    return LetterShown(
        f"{row.created_at.astimezone(zone):%d/%m/%Y %H:%M}",
        row.state,
        why or totals.kind_of(row.natural_key),
        row.natural_key or "",
    )


async def written(session: Session, person_id: int, monday: date, settings: Settings) -> list[LetterShown]:
    """The letters of the week that were written so far, the oldest first."""
    begin = datetime.combine(monday, time(), settings.zone)
    chats = [contact.id for contact in await people.contacts_of(session, person_id)]
    rows = await told.letters_to(session, chats, begin)
    return [
        letter_shown(row, settings.zone)
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
    """The moments from now to the end of a week at which something may become due; now is one, where it is asked of."""
    end = datetime.combine(monday, time(), now.tzinfo) + WEEK
    days = [now.date() + number * DAY for number in range((end.date() - now.date()).days)]
    hours = {datetime.combine(day, hour, now.tzinfo) for day in days for hour in (MORNING, CLOSES)}
    summaries = {rings(wish, datetime.combine(day + DAY, time(), now.tzinfo)).at for day in days}
    return [now, *sorted(at for at in hours | summaries if now < at < end)] if days else []


async def count_as_sent(session: Session, letters: Sequence[Letter], at: datetime) -> None:
    """Write letters as if they had been sent then."""
    await outbox.insert_new(session, [announcement(letter, at) for letter in letters])
    sent = update(Outbox).where(col(Outbox.natural_key).in_([letter.key for letter in letters]))
    await session.exec(sent.values(state=OutboxState.SENT, sent_at=at))


async def to_come(
    session: Session, library: Library, recipient: Recipient, at: Sequence[datetime]
) -> list[tuple[datetime, Letter]]:
    """What this person would get at some moments, each letter knowing of those before it as sent."""
    ahead = []
    for moment in at:
        for ring in ROUNDS.values():
            letters = await ring.compose(session, library, moment, [recipient], None)
            in_time = still_of_use(letters, moment)
            await count_as_sent(session, in_time, moment)
            ahead += [(letter.not_before or moment, letter) for letter in in_time]
    return ahead


def shown_at(letter: Letter, at: datetime) -> LetterShown:
    """A letter that is to come."""
    return LetterShown(f"{at:%d/%m/%Y %H:%M}", "to_come", letter.why, letter.key, plain(letter.reply.text))
