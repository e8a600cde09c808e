"""A report that comes in one message while nothing is open: "Thôn Nà Hin: tổng 120 hộ; HVS 109; thiếu nước 6".

The questionnaire is the one of which it answers most, among those that are still to be sent; where two are as likely, it
is none. It is begun, and shows what was understood, to be said right before anything is stored.
"""

from collections.abc import Sequence
from typing import Final

from figures import due
from figures.due import Due
from handlers.interviewing import several, starting
from handlers.turn import Turn
from questionnaires.interview import Context, begin
from questionnaires.numbers_said import in_figures
from questionnaires.several import Several, read_several
from storage import places

LEAST: Final = 2
"""Answers that a report has at least."""


async def begin_with(turn: Turn, text: str) -> bool:
    """Begin the questionnaire that `text` answers, with what it says; False where it answers none.

    Of one that was sent it is a correction, which is looked at and sent anew.
    """
    text = in_figures(text)
    if not several.ANOTHER.search(text):
        return False
    asked = await not_begun(turn)
    if meant := likeliest(turn, [one for one in asked if one.sent is None], text):
        sitting, _ = await starting.fresh(turn, meant.place, meant.form_id, meant.period)
        return several.offer(sitting, text)
    meant = likeliest(turn, [one for one in asked if one.sent is not None], text)
    if meant is None or meant.sent is None:
        return False
    await starting.correct(turn, meant.sent, said=text)
    return True


async def not_begun(turn: Turn) -> list[Due]:
    """What the sender's own places are asked, sent or not, and is not being answered."""
    places_asked = [await due.asked_of(turn.view, place) for place in await due.own_places(turn.view)]
    return [one for asked in places_asked for one in asked if one.mine is None]


def likeliest(turn: Turn, asked: Sequence[Due], text: str) -> Due | None:
    """The questionnaire of `asked` of which `text` answers most, at least two; the earliest of its periods in time."""
    counted = [(len(heard(turn, one, text).answers), one) for one in asked]
    most = max((count for count, _ in counted), default=0)
    best = [one for count, one in counted if count == most]
    # One fitting answer is chance, and two questionnaires that fit alike cannot be told apart: then the list is shown
    # instead.
    if most < LEAST or len({(one.form_id, one.place.id) for one in best}) > 1:
        return None
    return next((one for one in best if not one.late(turn.today)), best[-1 if best[0].sent else 0])


def heard(turn: Turn, one: Due, text: str) -> Several:
    """What `text` answers of one questionnaire."""
    context = Context(now=turn.now, lang=turn.locale, seed="-")
    interview, _ = begin(one.form, context)
    return read_several(one.form, interview, context, text, places.own_name(one.place))
