"""A whole report in one message while no question is open: "Thôn Nà Hin: tổng 120 hộ; HVS 109; thiếu nước 6".

It is for the due questionnaire with the most answers in it; if two are equally likely, for none. That questionnaire
begins and shows what it understood. Nothing is stored before the person confirms it.
"""

from collections.abc import Sequence
from typing import Final

from figures import due
from figures.due import Due
from handlers.interviewing import opened, several, starting
from handlers.named_period import NamedPeriod, named_period
from handlers.turn import Turn
from questionnaires.interview import Context, begin
from questionnaires.numbers_said import in_figures
from questionnaires.several import Several, read_several
from storage import interviews, places

LEAST: Final = 2
"""The fewest answers that make a report."""


async def begin_with(turn: Turn, text: str) -> bool:
    """Begin the questionnaire that `text` answers, with those answers; False if it answers none.

    If it answers more of a report that was already sent, it corrects that: the person looks at it and sends it anew.
    What names a period is for no other.
    """
    text = in_figures(text)
    if not several.ANOTHER.search(text):
        return False
    every, period = await asked_now(turn), named_period(text, turn.today)
    meant = meant_of(turn, every, period, text)
    if meant is None:
        return await is_of_other_period(turn, every, text, period)
    return await take_up(turn, meant, text)


def meant_of(turn: Turn, every: Sequence[Due], period: NamedPeriod | None, text: str) -> Due | None:
    """Return the report that `text` is for; one that was already sent only if more of it is answered than of any other."""
    asked = [one for one in every if period is None or period.may_be(one.period)]
    meant, told = likeliest(turn, [one for one in asked if one.sent is None], text)
    sent, told_of_sent = likeliest(turn, [one for one in asked if one.sent is not None], text)
    return sent if told_of_sent > told else meant


async def take_up(turn: Turn, meant: Due, text: str) -> bool:
    """Correct what was sent, go on with what was begun, or begin, with the answers in `text`."""
    if meant.sent is not None:
        await starting.correct(turn, meant.sent, said=text)
        return True
    if meant.mine is not None:
        await starting.resume(turn, meant.mine, said=text)
        return True
    sitting, _ = await starting.fresh(turn, meant.place, meant.form_id, meant.period)
    return several.offer(sitting, text)


async def is_of_other_period(turn: Turn, every: Sequence[Due], text: str, period: NamedPeriod | None) -> bool:
    """Whether `text` reports for a period for which it is not asked: then say so, and store nothing."""
    one = likeliest(turn, [due for due in every if due.sent is None], text)[0] if period is not None else None
    if one is None or period is None:
        return False
    await opened.open_other(turn, [due for due in every if due.form_id == one.form_id], period)
    return True


async def asked_now(turn: Turn) -> list[Due]:
    """What the sender's own places are asked, sent or not, with the sender's own drafts."""
    drafts = await interviews.list_open(turn.session, turn.contact.person_id or 0)
    own = await due.own_places(turn.view)
    return [one for place in own for one in await due.asked_of(turn.view, place, drafts)]


def likeliest(turn: Turn, asked: Sequence[Due], text: str) -> tuple[Due | None, int]:
    """Return the questionnaire of `asked` with the most answers in `text`, at least two, and how many; of its periods
    the earliest in time."""
    counted = [(len(heard(turn, one, text).answers), one) for one in asked]
    most = max((count for count, _ in counted), default=0)
    best = [one for count, one in counted if count == most]
    # One fitting answer is chance, and two questionnaires that fit alike cannot be told apart: then the list is shown
    # instead.
    if most < LEAST or len({(one.form_id, one.place.id) for one in best}) > 1:
        return None, 0
    return next((one for one in best if not one.late(turn.view.now)), best[-1 if best[0].sent else 0]), most


def heard(turn: Turn, one: Due, text: str) -> Several:
    """What `text` answers of one questionnaire."""
    context = Context(now=turn.now, lang=turn.locale, seed="-")
    interview, _ = begin(one.form, context)
    return read_several(one.form, interview, context, text, places.own_name(one.place))
