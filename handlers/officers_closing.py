"""An officer's order to close an emergency, among other words: «nước rút hết rồi, khép tin giúp».

However it is said, it is never passed on as a mere remark, kept, or read as a question about figures: the emergency that it
names, or the only one, is closed with these words if they say clearly that all is well. If not, they are passed on, and
a button closes it. Of several the bot asks which.
"""

from collections.abc import Sequence
from typing import Final

from handlers import alarms, held_words, officers_words, open_alarms
from handlers import which_emergency as which
from handlers.closing import TITLES, ClosingOrder, around_order, ends_by_order, told_beside
from handlers.emergency_details import LONGEST
from handlers.emergency_named import kinds_in, own_kinds
from handlers.going_on import how_to_go_on
from handlers.hearing import Said, takes
from handlers.officers_words import holds_office
from handlers.turn import Turn
from questionnaires.answers.text import bare, clean
from questionnaires.answers.tokens import as_text, tokens_of
from storage import places
from storage.kept import AnswerWanted, CryWanted, WhichEmergencyWanted
from storage.tables import Emergency, InterviewRow

BESIDE: Final = 2
"""How many words behind an order may name the kind of what is to be closed."""


async def take(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take what an officer asks or orders about an open emergency, or their own words about one; of a bare number nothing
    more is looked at."""
    if said.text.isdecimal() or not holds_office(turn):
        return False
    for taker in (officers_words.asks_about, officers_words.drops, as_order):
        if await taker(turn, interview, said):
            return True
    return False


async def as_order(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Close the emergency that an order among these words is about, or lead to it. What only asks to close one, without
    telling anything, is a wish like others."""
    order = await order_said(turn, interview, said)
    if order is None:
        return False
    rows = await open_alarms.looked_after(turn)
    # Whoever raised it is told as such.
    if is_raiser_of_any(turn, rows) or not (rows or order.plain):
        return False
    await (close(turn, rows, order) if rows else open_alarms.show(turn))
    await how_to_go_on(turn, interview)
    return True


async def order_said(turn: Turn, interview: InterviewRow | None, said: Said) -> ClosingOrder | None:
    """Return the order among words that no other dialogue or question takes; None if there is none."""
    if said.called is not None or not waits_for_no_other(said):
        return None
    order = around_order(said.text)
    if order is None or (interview and await takes(turn, interview, said.text)):
        return None
    return order


def is_raiser_of_any(turn: Turn, rows: Sequence[Emergency]) -> bool:
    """Whether this person raised one of some emergencies."""
    return any(alarms.is_raiser(turn, row) for row in rows)


def waits_for_no_other(said: Said) -> bool:
    """Whether no words are wanted for something beside an emergency, such as an announcement or a reason."""
    return said.dialogue is None or said.awaited_for(AnswerWanted, CryWanted, WhichEmergencyWanted)


async def close(turn: Turn, rows: Sequence[Emergency], order: ClosingOrder) -> None:
    """Close the emergency that the words around an order name, or the only one; of several ask which, and hold the message
    for it."""
    likely = await named(turn, rows, order)
    if len(likely) == 1:
        await close_one(turn, likely[0], order)
        return
    full = await held_words.hold(turn, likely or rows)
    none = which.none_of(turn, "close", order.behind, rows)
    await which.ask(turn, WhichEmergencyWanted("close"), likely or rows, *full, *none)


async def close_one(turn: Turn, row: Emergency, order: ClosingOrder) -> None:
    """Close an emergency with this message if what is told beside the order says that all is well; else pass it on, and
    leave closing to a button."""
    words = " ".join(turn.incoming.text.split())[:LONGEST]
    told = told_beside(order, row.kind, await place_of(turn, row))
    ends = ends_by_order(row, told, plain=order.plain)
    await (open_alarms.close if ends else open_alarms.pass_on)(turn, row, words)


async def named(turn: Turn, rows: Sequence[Emergency], order: ClosingOrder) -> list[Emergency]:
    """Return those of some emergencies that words name, by their kind and by their place; all if they name none, none if
    they name another kind."""
    around = [*order.before, *order.behind]
    kinds = kinds_in(order.behind[:BESIDE]) or own_kinds(as_text(around)) or {row.kind for row in rows}
    of_kind = [row for row in rows if row.kind in kinds]
    said = f" {' '.join(bare(word.text) for word in around)} "
    here = [row for row in of_kind if f" {' '.join(await place_of(turn, row))} " in said]
    return here or of_kind


async def place_of(turn: Turn, row: Emergency) -> list[str]:
    """Return the words of the name of an emergency's place, without marks, its sort ("thôn") and what stands in brackets."""
    place = await turn.session.places.get(row.place_id)
    name = places.name_of(place).partition("(")[0]
    first, *others = [bare(word.text) for word in tokens_of(clean(name))] or [""]
    return others if first in TITLES and others else [first, *others]
