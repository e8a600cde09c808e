"""More of an emergency that is told: kept, passed on at once to those who were alerted, and confirmed to whoever tells
it.

Words that cry out another danger also go on at once: nobody must wait for the answer to a question. Officers read that
they may be about something else, and one button makes them an emergency of their own.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import Final

from markupsafe import Markup

from handlers import alarms, edits, menu, photo_limits
from handlers.buttons import Button, Position, RowId, button, choice
from handlers.closing import end_of_other, goes_on_besides, kinds_told_of
from handlers.danger import OTHER, kinds_told
from handlers.emergency_details import LONGEST, last_words, told_in, want_photo
from handlers.emergency_raised import TALK, is_asked, named
from handlers.messages import Choice, FileRef, MessageKind, column
from handlers.navigation import CloseIt
from handlers.turn import Turn
from storage import emergencies
from storage.tables import Emergency

STICKERS: Final = frozenset(("sticker", "dice", "game"))
"""What people send that tells nothing."""


@button("z:x:{emergency}")
class SaidAll(Button):
    """Nothing more will be said."""

    emergency: RowId


@button("z:w:{emergency}")
class TakeBack(Button):
    """It was a mistake."""

    emergency: RowId


@button("z:q:{emergency}:{count}")
class CountsPeople(Button):
    """The number that was sent counts the people affected."""

    emergency: RowId
    count: Position


@button("z:t:{emergency}:{detail}")
class RaiseApart(Button):
    """What was told as this detail of an emergency is an emergency of its own."""

    emergency: RowId
    detail: Position


def tell_raiser(turn: Turn, row: Emergency, text: Markup) -> None:
    """Tell something about an open emergency to whoever raised it, with buttons that end the telling or close it."""
    ways = [done_button(turn, row)]
    if last_words(row):
        ways.insert(0, menu.named(turn.view, "emergency.button.close", CloseIt(row.id)))
    turn.reply(text, actions=column(*ways), about=f"{alarms.ABOUT}{row.id}")


async def on_unheard(turn: Turn, row: Emergency) -> None:
    """Tell officers of a voice note or a video, which is not passed on, so that they call back at once.

    A sticker tells nothing: it reaches nobody.
    """
    if turn.incoming.what in STICKERS:
        await said_more(turn, row, "emergency.sticker")
        return
    emergencies.add_detail(row, "unheard", "", turn.now)
    if await alarms.can_tell(turn, row):
        await alarms.tell_told(turn, row, "emergency.more.unheard")
    await said_more(turn, row, "emergency.unheard")


async def pass_told(turn: Turn, row: Emergency, *, apart: str, counting: bool) -> None:
    """Pass on what the message tells. A bare number counts people only if the last message asked how many (`counting`).

    After an officer's words it goes on as it is, since it may answer them; otherwise ask what it counts.
    """
    what, said = told_in(turn.incoming)
    if edits.is_edit(turn.incoming) and any(detail["text"] == said for detail in row.details):
        await said_more(turn, row, "emergency.passed_on")  # officers have it, as it was before
        return
    if what == "people" and is_asked(row):
        what = "words"
    if what == "people" and not counting:
        ask_people(turn, row, int(said))
    else:
        await pass_on(turn, row, what, said, apart=apart)


def ask_people(turn: Turn, row: Emergency, count: int) -> None:
    """Say that a number went to nobody yet, and ask whether it counts people."""
    people = choice(turn.say("emergency.button.people", n=count), CountsPeople(row.id, count))
    text = turn.say("emergency.what_counted", n=count, **named(turn, row))
    turn.reply(text, actions=column(people, done_button(turn, row)), about=f"{alarms.ABOUT}{row.id}")


async def pass_on(
    turn: Turn, row: Emergency, what: str, text: str, *, to_close: bool = False, apart: str = ""
) -> None:
    """Tell those who were alerted what was said; if it is long, only its beginning, and tell the sender so.

    `apart`: the kind of another danger that the words name.
    """
    other = apart or end_of_other(row, text)
    await send_on(turn, row, what, text[:LONGEST], to_close=to_close, apart=other)
    cut = len(text) > LONGEST
    if cut:
        said = turn.say("emergency.cut", n=LONGEST, end=text[LONGEST - 40 : LONGEST].strip())
        tell_raiser(turn, row, said)
    if apart and row.told:
        await ask_apart(turn, row, apart)
    elif other != apart:  # no other danger goes on: one is over
        await said_more(turn, row, "emergency.other_may_be_over", other=turn.say(f"emergency.kind.{other}"))
    else:
        await confirm(turn, row, cut=cut)


async def confirm(turn: Turn, row: Emergency, *, cut: bool) -> None:
    """Say that what was told was passed on, unless it was said of the photo that came with it, or that it was `cut`."""
    if turn.incoming.kind is MessageKind.PHOTO or (cut and row.told):
        return
    last = row.details[-1]
    if last["what"] == "people":
        await said_more(turn, row, "emergency.passed_on_people", n=last["text"])
    else:
        await said_more(turn, row, "emergency.may_be_over" if last_words(row) else "emergency.passed_on")


def another_danger(row: Emergency, text: str) -> str:
    """Return the kind of danger that `text` names, if it is not that of the emergency and not said to be over; else ""."""
    kinds = [*kinds_told(text, hinted=False), goes_on_besides(row, text)]
    return next((kind for kind in kinds if kind not in ("", OTHER, row.kind)), "")


def apart_from(row: Emergency, rows: Sequence[Emergency], text: str) -> str:
    """Return the same, if none of the open ones is of that kind."""
    kind = another_danger(row, text)
    return "" if kind in {one.kind for one in rows} else kind


def spoken_of(row: Emergency, rows: Sequence[Emergency], text: str) -> Emergency:
    """Return the open emergency that `text` is about: `row`, unless the text names only another's kind."""
    told = {*kinds_told(text, hinted=True), *chain.from_iterable(kinds_told_of(text))}
    if row.kind in told:
        return row
    return next((one for one in reversed(rows) if one.kind in told), row)


async def ask_apart(turn: Turn, row: Emergency, kind: str) -> None:
    """Say that what was told last was passed on, and offer to make it an emergency of another `kind`."""
    apart = menu.named(turn.view, "emergency.button.apart", RaiseApart(row.id, len(row.details) - 1))
    other = turn.say(f"emergency.kind.{kind}")
    key = await as_told(turn, row, "emergency.passed_on_apart")
    text = turn.say(key, other=other, **named(turn, row))
    close = menu.named(turn.view, "emergency.button.close", CloseIt(row.id))
    ways = [apart, *([close] if last_words(row) else []), done_button(turn, row)]
    turn.reply(text, actions=column(*ways), about=f"{alarms.ABOUT}{row.id}")


def words_kept(row: Emergency, detail: int, now: datetime) -> str:
    """Return the words that were told as this detail of an emergency, while more may be said about it; else ""."""
    kept = row.details[detail] if detail < len(row.details) else {"what": "", "at": ""}
    lately = kept["what"] == "words" and now - datetime.fromisoformat(kept["at"]) <= TALK
    return str(kept["text"]) if lately else ""


async def send_on(
    turn: Turn, row: Emergency, what: str, text: str, *, to_close: bool = False, apart: str = ""
) -> None:
    """Keep what was said, and tell it to those who were alerted; if there are none, look for somebody once more."""
    emergencies.add_detail(row, what, text, turn.now, to_close=to_close)
    if await alarms.can_tell(turn, row):
        key = f"emergency.more.{'apart' if apart else what}"
        await alarms.tell_told(turn, row, key, other=apart, text=text)


async def on_photo(turn: Turn, row: Emergency, photo: FileRef) -> None:
    """Take a photo of what happens: it is fetched after this turn is saved, then sent on."""
    too_many = await photo_limits.of_emergency(turn, photo, row.id)
    if too_many is not None:
        tell_raiser(turn, row, too_many)
        return
    want_photo(turn, row, photo)
    await alarms.can_tell(turn, row)
    seen = await alarms.sees_photos(turn, row)
    await said_more(turn, row, "emergency.photo_taken" if seen else "emergency.photo_unseen")


async def said_more(turn: Turn, row: Emergency, key: str, **values: object) -> None:
    """Say what becomes of it, and that more may follow; say the truth if nobody has been reached yet, or is now."""
    true = await as_told(turn, row, key)
    text = turn.say(true, **named(turn, row), **values)
    if true != key:
        text = await alarms.with_numbers(turn.session, row, turn.today, turn.say, text)
    tell_raiser(turn, row, text)


async def as_told(turn: Turn, row: Emergency, key: str) -> str:
    """Return `key`, the sentence that something was passed on, or that of what is true instead."""
    if not row.told:
        return "emergency.reaches_nobody"
    if await alarms.reached(turn.session, turn.library, row, turn.now):
        return key
    emergencies.mark_waits(row)
    return "emergency.more_waits"


def done_button(turn: Turn, row: Emergency) -> Choice:
    return menu.named(turn.view, "emergency.button.done", SaidAll(row.id))
