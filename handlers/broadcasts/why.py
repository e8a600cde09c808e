"""What somebody gets unasked, when and why, for those who wonder: "sao tôi nhận tin này"."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from figures import access, due
from handlers import menu
from handlers.broadcasts import quality
from handlers.broadcasts.choosing import chosen_by, day_name, hour, of_gone
from handlers.buttons import choice
from handlers.messages import Choice, column
from handlers.navigation import ChooseWeekly
from handlers.turn import Turn
from handlers.wording import Wording
from storage import places, told, totals
from storage.tables import Outbox, Place, RoleName

LATELY: Final = timedelta(days=7)
LISTED: Final = 8
"""How many of the latest letters to list."""


async def show(turn: Turn) -> None:
    """Show what this person gets unasked and why, and what came lately."""
    own = [turn.say("why.head"), *await weekly(turn), *await reminders(turn), *await of_gone(turn)]
    lines = [*own, *of_officers(turn)]
    rows = await told.letters_to(turn.session, [turn.contact.id], turn.now - LATELY, LISTED)
    lines = [*await meant(turn, rows), *lines]
    if rows:
        lines += [Markup(), turn.say("why.lately"), *(line(turn, row) for row in rows)]
    choose = choice(turn.say("weekly.button.choose"), ChooseWeekly())
    turn.reply(Markup("\n").join(lines), choices=column(choose, *menu_rows(turn)))


async def show_stops(turn: Turn) -> None:
    """Show which of it can be stopped, to somebody who wants no more of it."""
    choose = choice(turn.say("weekly.button.choose"), ChooseWeekly())
    turn.reply(turn.say("why.stops"), choices=column(choose, *menu_rows(turn)))


async def meant(turn: Turn, rows: Sequence[Outbox]) -> list[Markup]:
    """Return why the letter that is replied to came, or else the latest one; nothing if none came."""
    ref = turn.incoming.reply_to
    replied = await told.letter_called(turn.session, turn.contact.id, ref) if ref else None
    row = replied or next(iter(rows), None)
    if row is None:
        return []
    key = f"why.reason.{totals.kind_of(row.natural_key)}"
    reason = turn.say(key if key in turn.say.sentences else "why.reason.other")
    facts = {"at": at_of(turn, row), "about": ", ".join(about(turn, row)), "reason": reason}
    return [turn.say("why.this" if replied else "why.newest", **facts), Markup()]


def menu_rows(turn: Turn) -> list[Choice]:
    """Return the way back to the menu."""
    return [button for row in menu.buttons(turn.view)[:1] for button in row]


async def weekly(turn: Turn) -> list[Markup]:
    """Return when the weekly summary comes, and about which places, because they hold a role there; nothing if all of
    them are gone."""
    chosen = await chosen_by(turn)
    names = named_places(turn, await access.places_of(turn.view, turn.view.roles))
    if not names:
        return []
    if chosen.stopped:
        return [turn.say("why.weekly_stopped")]
    when = {"day": day_name(turn, chosen.weekday), "hour": hour(chosen.minute)}
    return [turn.say("why.weekly", places=names, **when)]


async def reminders(turn: Turn) -> list[Markup]:
    """Return about which places the person is reminded."""
    names = named_places(turn, await due.own_places(turn.view))
    return [turn.say("why.reminders", places=names)] if names else []


def named_places(turn: Turn, some: Iterable[Place]) -> str:
    """Return the names of some places, but for those that are gone."""
    return ", ".join(places.own_name(place) for place in some if not access.is_gone(turn.view, place))


def of_officers(turn: Turn) -> list[Markup]:
    """Return what only officers get, and what only those of some roles get."""
    known = (
        ("why.officers", access.is_officer(turn.view)),
        ("why.look_back", bool(access.holds(turn.view, *quality.READERS))),
        ("why.administrators", bool(access.holds(turn.view, RoleName.ADMINISTRATOR))),
    )
    return [turn.say(key) for key, gets in known if gets]


def line(turn: Turn, row: Outbox) -> Markup:
    """One letter: when it came, and what about."""
    return turn.say("why.letter", at=at_of(turn, row), about=", ".join(about(turn, row)))


def at_of(turn: Turn, row: Outbox) -> datetime:
    """When a letter came."""
    at: datetime = row.sent_at or row.created_at
    return at.astimezone(turn.zone)


def about(turn: Turn, row: Outbox) -> list[str]:
    """Return what a letter was about: the kinds of its news, else its sort."""
    kinds = (mark.partition(":")[0] for mark in told.marks_of(row.body))
    return named(turn.say, totals.kind_of(row.natural_key), kinds)


def named(say: Wording, sort: str, kinds: Iterable[str]) -> list[str]:
    """Return the kinds of a letter's news in words; for letters other than reminders, only the sort."""
    known = dict.fromkeys(f"missed.of.{kind.replace('-', '_')}" for kind in kinds)
    told_of = [say(key).unescape() for key in known if key in say.sentences]
    return told_of if told_of and sort == "remind" else [say(f"outbox.kind.{sort}").unescape()]
