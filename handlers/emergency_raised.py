"""What the writer raised: what they may still tell more of, and what they may close, however long ago it was raised."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from markupsafe import Markup

from handlers import alarms
from handlers.closing import kinds_told_of
from handlers.emergency_details import SOON, last_said
from handlers.emergency_named import named_in
from handlers.turn import Turn
from storage import emergencies
from storage.kept import AnswerWanted, ClosingWanted, MoreWanted, OfficersClosingWanted, Wanted
from storage.tables import Emergency, Place

ALARMS: Final = (MoreWanted, ClosingWanted)
"""The dialogues in which an emergency is told."""
TALK: Final = timedelta(hours=6)
"""For this long after the last words about an emergency, what is said is about it."""


async def told_here(turn: Turn) -> list[Emergency]:
    """Return what was raised from this chat and may still be told more of, oldest first."""
    return [row for row in await raised(turn) if row.contact_id == turn.contact.id and is_told(row, turn.now)]


async def raised(turn: Turn) -> list[Emergency]:
    """Return the emergencies that the writer raised, from any of their chats, and that are still open, oldest first.

    The writer may close them.
    """
    return await emergencies.open_ones(turn.session, turn.contact.person_id or 0, turn.now)


async def closed_last(turn: Turn) -> Emergency | None:
    """Return the writer's emergency that was closed last, while words may still be about it; of several, the last one of
    the kind that the message names."""
    rows = await emergencies.closed_since(turn.session, turn.contact.person_id or 0, turn.now - TALK)
    told = {kind for kinds in kinds_told_of(turn.incoming.text) for kind in kinds[:1]}
    return next((row for row in rows if row.kind in told), next(iter(rows), None))


async def raised_as(turn: Turn, number: int) -> Emergency | None:
    """The emergency with this id, if it is open and the writer raised it."""
    return next((row for row in await raised(turn) if row.id == number), None) if number else None


async def raised_here(turn: Turn, number: int | None) -> Emergency | None:
    """The emergency with this id, if the writer raised it or it was raised from this chat, and it was not taken
    back."""
    row = await turn.session.get(Emergency, number, with_for_update=True) if number else None
    return row if row and row.withdrawn_at is None and alarms.is_raiser(turn, row) else None


async def asked_last(turn: Turn, since: datetime | None = None) -> Emergency | None:
    """Return the emergency that an officer last wrote about, if nothing was said from here about any since then or
    since `since`.

    What is said next answers that. None for a reply, and if another emergency is named.
    """
    rows = await told_here(turn)
    asked = max((row for row in rows if is_asked(row)), key=last_said, default=None)
    said = max((since or datetime.min.replace(tzinfo=UTC), *map(said_by_raiser, rows)))
    if asked is None or turn.incoming.reply_to or last_said(asked) <= said:
        return None
    return asked if named_in(turn.incoming.text, rows) in (None, asked) else None


def is_asked(row: Emergency) -> bool:
    """Whether an officer's words were the last about it."""
    return bool(row.details) and row.details[-1]["what"] == "answer"


def said_by_raiser(row: Emergency) -> datetime:
    """Return when whoever raised it last said something about it; at first, when it was raised."""
    own = [datetime.fromisoformat(one["at"]) for one in row.details if one["what"] != "answer"]
    return max([row.raised_at, *own])


def is_told(row: Emergency, now: datetime) -> bool:
    """Whether what is written now may still be about this emergency."""
    return row.closed_at is None and now - last_said(row) <= TALK


async def is_silent(turn: Turn, row: Emergency) -> bool:
    """Whether nothing was said for hours about an emergency that is open, and no question about it stands last."""
    return row.closed_at is None and not is_told(row, turn.now) and await asked_last(turn) is None


async def still_wanted(turn: Turn) -> Wanted | None:
    """Return what words are wanted for in this chat. An emergency about which nothing was said for hours wants no more:
    what is written then is taken as anything else would be. So is what an officer writes long after they took one up, or
    anybody writes long after the sentence that closes it was asked for."""
    wanted = turn.screen.expects
    row = await raised_here(turn, wanted.id) if isinstance(wanted, MoreWanted) else None
    if is_of_before(turn, wanted) or (row is not None and await is_silent(turn, row)):
        turn.expect(None)
    return turn.screen.expects


def is_of_before(turn: Turn, wanted: Wanted | None) -> bool:
    """Whether an answer or a closing sentence was wanted so long ago that what is written now is about something else."""
    match wanted:
        case AnswerWanted():
            return turn.now - wanted.since > SOON
        case ClosingWanted() | OfficersClosingWanted():
            return turn.now - wanted.asked > SOON
    return False


def named(turn: Turn, row: Emergency) -> dict[str, object]:
    """Return how a sentence names an emergency to whoever raised it: its kind, and when it was raised."""
    return {"kind": alarms.kind_of(row, turn.say), "at": row.raised_at.astimezone(turn.zone)}


# --- which one is being told ----------------------------------------------------------------------------


async def expected(turn: Turn) -> Emergency | None:
    """Return the emergency of this chat that the open dialogue is about.

    If an officer has asked about one since, that one; else the one that was being told.
    """
    expects = turn.screen.expects
    if not isinstance(expects, ALARMS):
        return None
    since = expects.asked if isinstance(expects, ClosingWanted) else None
    return await asked_last(turn, since) or await raised_here(turn, expects.id)


async def told_last(turn: Turn) -> Emergency | None:
    """Return the emergency that is being told, else the last of which this chat may still tell more."""
    row = await expected(turn) or await asked_last(turn) or next(reversed(await told_here(turn)), None)
    return row if row is not None and is_told(row, turn.now) else None


async def spoken_of_lately(turn: Turn) -> bool:
    """Whether an officer's words about an emergency of this chat wait for an answer, or it was spoken of just now: then
    even a few words may be about it."""
    row = await told_last(turn)
    return row is not None and (is_asked(row) or turn.now - last_said(row) <= SOON)


async def told_of(turn: Turn, place: Place, kind: str, after: int = 0) -> Emergency | None:
    """Return the newest emergency of this kind, raised `after` another, of which this chat may still tell more."""
    rows = [row for row in await told_here(turn) if (row.place_id, row.kind) == (place.id, kind)]
    return next((row for row in reversed(rows) if row.id > after), None)


def besides(turn: Turn, number: int) -> int | None:
    """Return the number of the emergency that is told in this chat besides the one with the id `number`."""
    expects = turn.screen.expects
    if not isinstance(expects, ALARMS):
        return None
    return expects.id if expects.id != number else expects.besides or None


def listen(turn: Turn, wanted: MoreWanted | ClosingWanted) -> None:
    """Expect what is written next about this emergency; the one told until now waits."""
    turn.expect(replace(wanted, besides=besides(turn, wanted.id) or 0))


def closed_words(turn: Turn, row: Emergency) -> Markup:
    """That an emergency was closed, and when."""
    closed = row.closed_at.astimezone(turn.zone) if row.closed_at else ""
    return turn.say("emergency.closed_before", **named(turn, row), closed=closed)
