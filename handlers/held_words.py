"""What was written about an open emergency before it could go to anybody: kept, and never lost silently.

It is held with the chat (`Screen.held`), whatever the chat shows or expects next. An officer's words go on as soon as they
have the emergency, by whatever way they say so, or choose to send them; what was written after "which one is to be
closed?" goes to the one chosen. If the emergency is closed first, its writer is told that the words went to nobody.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from markupsafe import Markup

from handlers import alarms
from handlers.closing import is_its_end
from handlers.emergency_details import LONGEST, SOON
from handlers.messages import Reply, clip
from handlers.other_business import may_be_other
from handlers.turn import Turn
from handlers.wording import Wording
from storage.kept import HeldWords, Screen
from storage.session import Session
from storage.tables import Contact, Emergency

MOST: Final = 20
"""How many sentences of one chat are held."""
DAY: Final = timedelta(days=1)
"""How long they are held. What is sent on later than that would alarm people anew."""
SHOWN: Final = 160
"""Letters of them that are shown; of more, the last ones."""
BETWEEN: Final = "; "
"""What stands between two sentences."""


def of(screen: Screen, number: int) -> list[HeldWords]:
    """Return what is held in a chat for the emergency with this id, oldest first."""
    return [held for held in screen.held if number in held.about]


async def hold(turn: Turn, rows: Sequence[Emergency]) -> list[Markup]:
    """Hold this message's words for whichever of these emergencies is chosen (`is_held`).

    Return what is to be said before: that others are held no longer, or these not, since too much is held already.
    """
    old = await sweep(turn)
    if len(turn.screen.held) >= MOST:
        return [*old, turn.say("emergency.held.full")]
    words = " ".join(turn.incoming.text.split())[:LONGEST]
    held = HeldWords(words, turn.now, tuple(row.id for row in rows), turn.written_before)
    turn.remember(held=(*turn.screen.held, held))
    return old


def is_held(turn: Turn) -> bool:
    """Whether the words of this message are held."""
    return any(held.at == turn.now for held in turn.screen.held)


def forget(turn: Turn, some: Sequence[HeldWords]) -> None:
    """Hold these no longer."""
    turn.remember(held=tuple(held for held in turn.screen.held if held not in some))


def bind(turn: Turn, row: Emergency) -> None:
    """Hold what may be about this emergency only for it: its writer has turned to it, and read these words there."""
    mine = of(turn.screen, row.id)
    turn.remember(
        held=tuple(one._replace(about=(row.id,)) if one in mine else one for one in turn.screen.held)
    )


def end_it(turn: Turn, row: Emergency) -> bool:
    """Whether what is held for this emergency says that it is over."""
    return is_its_end(row, BETWEEN.join(held.words for held in of(turn.screen, row.id)))


def take_last(turn: Turn, *, asked: bool = False) -> HeldWords | None:
    """Return what was held last, or what its writer is `asked` about, for whichever emergency, and hold it no longer; None
    if nothing is held."""
    some = turn.screen.held
    last = next(reversed((in_question(some) if asked else []) or some), None)
    if last is not None:
        forget(turn, [last])
    return last


def drop(turn: Turn) -> list[HeldWords]:
    """Hold no longer, of what is held beside the newest words, what its writer is asked about, or all if that is nothing;
    return it."""
    last = next(reversed(turn.screen.held), None)
    beside = [held for held in turn.screen.held if last is not None and set(held.about) & set(last.about)]
    dropped = in_question(beside) or beside
    forget(turn, dropped)
    return dropped


def shown(some: Sequence[HeldWords]) -> str:
    """Return held words as they are shown to their writer: of many, the last ones."""
    words = BETWEEN.join(held.words for held in some)
    return clip(words, SHOWN) if len(some) == 1 or len(words) <= SHOWN else "…" + words[-SHOWN:]


def still_waiting(some: Sequence[HeldWords], say: Wording) -> Markup:
    """Return the sentence that held words have not been passed on; "" without any."""
    return say("emergency.held.still", words=shown(some)) if some else Markup()


def sure_of(turn: Turn, row: Emergency) -> list[HeldWords]:
    """Return what is held for this emergency and is no other business."""
    mine = of(turn.screen, row.id)
    return [held for held in mine if held not in doubtful(mine)]


def doubtful(some: Sequence[HeldWords]) -> list[HeldWords]:
    """Return those of some held words that may be other business, or were meant for it: they go on only if chosen."""
    return [held for held in some if held.refused or may_be_other(held.words)]


def in_question(some: Sequence[HeldWords]) -> list[HeldWords]:
    """Return the one of some held words that its writer is asked about, the last that may be other business; none without
    any. Each is asked about alone: "xe bơm nước" chosen for the village takes no "mai họp" along."""
    return doubtful(some)[-1:]


def apart(some: Sequence[HeldWords]) -> list[list[HeldWords]]:
    """Return held words as they go on together at a press: those that surely do, and the one in question."""
    sure = [held for held in some if held not in doubtful(some)]
    return [part for part in (sure, in_question(some)) if part]


def asked_later(some: Sequence[HeldWords], say: Wording) -> Markup:
    """Return the sentence that tells which held words are asked about later; "" without any."""
    later = doubtful(some)[:-1]
    return say("emergency.held.later", words=shown(later)) if later else Markup()


async def send(turn: Turn, row: Emergency, *, but: Sequence[HeldWords] = ()) -> Markup:
    """Send what is held for this emergency, `but` for some of it, to whoever raised it and to the others; return the
    sentence that says so, "" if nothing is sent."""
    mine = [held for held in of(turn.screen, row.id) if held not in but]
    forget(turn, mine)
    key = ""
    sure = [held for held in mine if held not in doubtful(mine)]
    for words in (*messages_of(turn, sure), *messages_of(turn, doubtful(mine))):
        key = await alarms.answer_raiser(turn, row, words, to_close=is_its_end(row, words))
    place = await alarms.which(turn.session, row, turn.zone, turn.now, turn.say)
    sent = key.replace("answer", "held")
    return alarms.telling(row, turn.say, sent, place=place, words=shown(mine)) if key else Markup()


def take(turn: Turn, row: Emergency, *, surely: bool = False) -> list[str]:
    """Return what is held for this emergency as it goes on, and hold it no longer; with `surely` nothing that may be other
    business."""
    mine = sure_of(turn, row) if surely else of(turn.screen, row.id)
    if mine:
        forget(turn, mine)
    return messages_of(turn, mine)


def messages_of(turn: Turn, some: Sequence[HeldWords]) -> list[str]:
    """Return held words as they go on: as few messages as hold them all, the hour before those of some time ago."""
    messages: list[str] = []
    for held in some:
        words = held.words if turn.now - held.at <= SOON else f"({at_hour(turn, held)}) {held.words}"
        joined = BETWEEN.join([*messages[-1:], words])
        messages[-1:] = [joined] if len(joined) <= LONGEST else [*messages[-1:], words]
    return messages


def at_hour(turn: Turn, held: HeldWords) -> str:
    """Return when words were written, as it is read in every language; with the day if that was not today."""
    at = held.at.astimezone(turn.zone)
    return f"{at:%H:%M}" if at.date() == turn.today else f"{at:%H:%M %d/%m}"


async def lost_by(session: Session, contact: Contact, row: Emergency, say: Wording) -> Markup:
    """Return the sentence that tells a chat what was held in it only for this emergency, which is over, and went to
    nobody; "" if nothing was."""
    mine = of(Screen.read(contact.screen), row.id)
    gone = [held for held in mine if not await waits(session, held, but=row.id)]
    return say("emergency.held.lost", words=shown(gone)) if gone else Markup()


async def tell_closed(turn: Turn, row: Emergency, contact: Contact, say: Wording) -> None:
    """Tell a chat with which words an emergency was closed, and what of its own then went to nobody."""
    words = await alarms.closing_words(turn.session, row, say, turn.zone, turn.now)
    lost = await lost_by(turn.session, contact, row, say)
    text = Markup("\n\n").join(filter(None, (words, lost)))
    alarms.post(turn.session, contact, Reply(text), f"{row.id}:closed:{contact.id}", turn.now)


async def waits(session: Session, held: HeldWords, *, but: int = 0) -> bool:
    """Whether an emergency that words may be about, another than that with the id `but`, is still open."""
    rows = [await session.get(Emergency, number) for number in held.about if number != but]
    return any(row.closed_at is None and row.withdrawn_at is None for row in filter(None, rows))


async def sweep(turn: Turn) -> list[Markup]:
    """Forget what was held only for emergencies that are over: its writer was told so when they were closed. Return the
    sentence that what is a day old is held no longer either; [] for nothing."""
    gone = [held for held in turn.screen.held if not await waits(turn.session, held)]
    old = [held for held in turn.screen.held if turn.now - held.at > DAY and held not in gone]
    if gone or old:
        forget(turn, [*gone, *old])
    return [turn.say("emergency.held.old", words=shown(old))] if old else []
