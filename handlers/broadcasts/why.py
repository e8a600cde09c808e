"""What somebody gets that they did not ask for, when and why: asked for by whoever wonders, "sao tôi nhận tin này"."""

from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from figures import access, due
from handlers import menu
from handlers.broadcasts.choosing import chosen_by, day_name, hour
from handlers.buttons import choice
from handlers.messages import Choice, column
from handlers.navigation import ChooseWeekly
from handlers.turn import Turn
from storage import places, told, totals
from storage.tables import Outbox

LATELY: Final = timedelta(days=7)
LISTED: Final = 8
"""So many of the latest letters are listed."""


async def show(turn: Turn) -> None:
    """What this person gets unasked and why, and what came of late."""
    lines = [turn.say("why.head"), await weekly(turn), *await reminders(turn), *of_officers(turn)]
    latest = await came(turn)
    if latest:
        lines += [Markup(), turn.say("why.lately"), *latest]
    choose = choice(turn.say("weekly.button.choose"), ChooseWeekly())
    turn.reply(Markup("\n").join(lines), choices=column(choose, *menu_rows(turn)))


def menu_rows(turn: Turn) -> list[Choice]:
    """The way back to what one can do."""
    return [button for row in menu.buttons(turn.view)[:1] for button in row]


async def weekly(turn: Turn) -> Markup:
    """When the weekly summary comes, and of which places, for they hold a role there."""
    chosen = await chosen_by(turn)
    if chosen.stopped:
        return turn.say("why.weekly_stopped")
    of = await access.places_of(turn.view, turn.view.roles)
    names = ", ".join(places.own_name(place) for place in of)
    return turn.say("why.weekly", day=day_name(turn, chosen.weekday), hour=hour(chosen.minute), places=names)


async def reminders(turn: Turn) -> list[Markup]:
    """Of which places one is reminded."""
    names = ", ".join(places.own_name(place) for place in await due.own_places(turn.view))
    return [turn.say("why.reminders", places=names)] if names else []


def of_officers(turn: Turn) -> list[Markup]:
    """What only officers get."""
    return [turn.say("why.officers")] if access.is_officer(turn.view) else []


async def came(turn: Turn) -> list[Markup]:
    """The latest letters to this chat, with what each told."""
    rows = await told.letters_to(turn.session, [turn.contact.id], turn.now - LATELY, LISTED)
    return [line(turn, row) for row in rows]


def line(turn: Turn, row: Outbox) -> Markup:
    """One letter: when it came, and what about."""
    at: datetime = (row.sent_at or row.created_at).astimezone(turn.zone)
    return turn.say("why.letter", at=at, about=", ".join(about(turn, row)))


def about(turn: Turn, row: Outbox) -> list[str]:
    """What a letter was about: the kinds of what it told, else its sort."""
    kind = totals.kind_of(row.natural_key)
    kinds = dict.fromkeys(mark.partition(":")[0].replace("-", "_") for mark in told.marks_of(row.body))
    named = [turn.say(f"missed.of.{one}").unescape() for one in kinds if one in NAMED]
    return named if named and kind == "remind" else [turn.say(f"outbox.kind.{kind}").unescape()]


NAMED: Final = frozenset(
    ("soon", "late", "last", "locked", "ended", "deadline", "calls_silent", "calls_last", "calls_locked")
)
"""The kinds of news that have a name."""
