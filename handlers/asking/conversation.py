"""A question in the chat: understood or asked back, and its buttons; a question may go on from the one before.

The last questions stand with the chat for their buttons. "Còn xã Mỹ Lý?" goes on from a question of the last half
hour; later it is asked what is meant.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from figures import access
from figures.ground import Ground, ground_of
from handlers import codes, menu
from handlers.asking import answer, recent, replies, saved
from handlers.asking.asked import Asked
from handlers.turn import Turn
from queries.query import Doubt, Format, Intent, Offer, Query, Understanding
from queries.understand import of_units, settled, understand

LEVELS: Final = ("thon", "xa", "huyen", "tinh")


async def asks(turn: Turn) -> bool:
    """Answer an officer's text if it is a question about figures; False when it is none."""
    if not access.is_officer(turn.view) or not turn.incoming.text:
        return False
    ground = await ground_of(turn.view)
    if ground is None:
        return False
    meaning = understood(turn, ground)
    if meaning.doubt is Doubt.EMPTY:
        return False
    await tell(turn, ground, meaning)
    return True


def understood(turn: Turn, ground: Ground) -> Understanding:
    """What the turn's text asks, going on from the question before it where that has not faded."""
    before = recent.before(turn.screen, turn.now)
    words = (ground.dictionary, ground.gazetteer, ground.asker)
    return understand(turn.incoming.text, *words, turn.today, before)


async def tell(turn: Turn, ground: Ground, meaning: Understanding) -> None:
    """Reply to a question, and keep what its buttons need."""
    if meaning.status == "answer":
        await recent.answer_and_keep(turn, ground, meaning.query, turn.incoming.text)
    elif meaning.status == "help":
        await show_help(turn)
    elif meaning.status == "refuse":
        await codes.note(turn, "asked.refused", detail={"why": meaning.doubt.value if meaning.doubt else ""})
        turn.send(replies.refusal(turn.view, meaning))
    else:
        number = recent.keep(turn, meaning.query, meaning.offers)
        turn.send(replies.clarification(turn.view, ground, meaning, number))


async def show_help(turn: Turn) -> None:
    """What can be asked, and what this chat keeps."""
    own = await saved.buttons(turn.session, turn.contact.id)
    turn.send(replies.help_page(turn.view, own))


async def taken(turn: Turn, ground: Ground, query: Query, offer: Offer) -> None:
    """Go on with an offer that was taken."""
    if offer.slot == "text":
        words = (ground.dictionary, ground.gazetteer, ground.asker)
        await tell(turn, ground, understand(offer.value, *words, turn.today))
        return
    query = with_offer(query, offer)
    if query.intent not in (Intent.PROGRESS, Intent.MISSING) and not query.indicators and not query.domain:
        await tell(turn, ground, Understanding("clarify", query, Doubt.WHICH_INDICATOR))
    elif query.counted:
        await tell(turn, ground, settled(query, turn.library.plans))
    else:
        await recent.answer_and_keep(turn, ground, query, turn.incoming.text)


def with_offer(query: Query, offer: Offer) -> Query:
    """The question with an offered indicator, sort of unit or place filled in."""
    if offer.slot == "indicator":
        intent = Intent.FIGURE if query.intent in (Intent.UNKNOWN, Intent.PROGRESS) else query.intent
        return replace(query, indicators=(offer.value,), domain="", intent=intent)
    if offer.slot == "units":
        return of_units(query, offer.value)
    named = replace(query, places=(*query.places, int(offer.value)))
    return replace(named, intent=Intent.PROGRESS) if query.intent is Intent.UNKNOWN else named


# --- buttons --------------------------------------------------------------------------------------------


async def on_press(turn: Turn) -> None:
    """A button "k:number:op:value" of an answer."""
    _, number, op, value = (*turn.incoming.press.split(":", 3), "", "", "")[:4]
    if op == "h":
        await show_help(turn)
        return
    kept = recent.numbered(turn, number)
    ground = await ground_of(turn.view) if access.is_officer(turn.view) else None
    if kept is None or ground is None:
        turn.reply(turn.say("asking.old"), choices=menu.buttons(turn.view))
    elif op in ("o", "m"):
        await on_offer(turn, ground, kept, op, number_in(value))
    elif op == "s":
        await saved.keep(turn, Query.from_json(kept["query"]), kept["words"])
    else:
        await on_move(turn, ground, Query.from_json(kept["query"]), op, value)


async def on_offer(turn: Turn, ground: Ground, kept: dict[str, Any], op: str, place: int | None) -> None:
    """An offer that was taken (o), or the offers from one on (m)."""
    query, offers = Query.from_json(kept["query"]), [Offer(slot, value) for slot, value in kept["offers"]]
    if place is None or place >= len(offers):
        await menu.old_button(turn)
    elif op == "o":
        await taken(turn, ground, query, offers[place])
    else:
        meaning = Understanding("clarify", query, Doubt.WHICH_PLACE, tuple(offers))
        number = recent.keep(turn, query, meaning.offers)
        turn.send(replies.clarification(turn.view, ground, meaning, number, place))


async def on_move(turn: Turn, ground: Ground, query: Query, op: str, value: str) -> None:
    """A button to a question beside the one that was answered, or to a further page of its answer (n)."""
    row = number_in(value)
    if op == "n" and row is not None:
        await recent.answer_and_keep(turn, ground, query, first=row)
        return
    if op == "b":
        sources = await Asked(turn.view, ground, query, 0).sources()
        changed = answer.earlier(query, sources[0]) if sources else query
    else:
        moved = MOVES[op](query, value) if op in MOVES else None
        if moved is None:
            await menu.old_button(turn)
            return
        changed = moved
    await recent.answer_and_keep(turn, ground, changed, turn.incoming.text)


def number_in(value: str) -> int | None:
    """The number that a button bears; None for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else None


def to_place(query: Query, value: str) -> Query | None:
    """The same figures of another place."""
    number = number_in(value)
    if number is None:
        return None
    return replace(query, places=(number,), level="", intent=Intent.FIGURE, bounds=(), order=None, count=None)


def to_level(query: Query, value: str) -> Query | None:
    """The units of a level below the place, in order."""
    return replace(query, level=value, intent=Intent.RANKING) if value in LEVELS else None


def to_trend(query: Query, _: str) -> Query:
    """The same over time, as a picture."""
    return replace(query, intent=Intent.TREND, format=Format.PICTURE, level="", periods=())


def to_excel(query: Query, _: str) -> Query:
    """The same as a spreadsheet."""
    return replace(query, intent=Intent.EXPORT, format=Format.EXCEL)


MOVES: Final[dict[str, Callable[[Query, str], Query | None]]] = {
    "p": to_place,
    "d": to_level,
    "g": to_trend,
    "x": to_excel,
}
"""What the letter of a button makes of a question; None for a value that is none of ours."""
