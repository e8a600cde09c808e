"""Làm thử: the same conversation as practice. Every message is marked, and nothing is sent, counted or kept.

A practice interview differs only by its row's `practice`, which this package checks when it speaks and when it sends.
"""

from figures import due
from handlers.buttons import Button, PeriodKey, ShortId, button, choice
from handlers.interviewing import flow, leaving, starting
from handlers.messages import column
from handlers.turn import Turn
from plans.period import Period
from storage import interviews
from storage.tables import Place


@button("d:t:{place}:{form}:{period}", opens=True, reporting=True)
class Practise(Button):
    """Practise a questionnaire."""

    place: ShortId
    form: ShortId
    period: PeriodKey


async def offer(turn: Turn) -> None:
    """Ask which questionnaire to practise; if there is only one, begin it."""
    own = await due.own_places(turn.view)
    asked = await due.asked_of(turn.view, own[0]) if own else ()
    first = {report.entry.form: report for report in reversed(asked)}
    if not first:
        turn.reply(turn.say("interview.practice.none"))
    elif len(first) == 1:
        [only] = first.values()
        await begin(turn, only.place, only.form_id, only.period)
    else:
        choices = (
            choice(due.form.title(turn.locale), Practise(due.place.id, due.form_id, due.period))
            for due in reversed(first.values())
        )
        turn.reply(turn.say("interview.practice.which"), choices=column(*choices))


async def begin(turn: Turn, place: Place, form_id: int, period: Period) -> None:
    """Begin a new practice; an unfinished one is dropped."""
    for row in await interviews.list_open(turn.session, turn.contact.person_id or 0, practice=True):
        await leaving.drop(turn, row)
    sitting, events = await starting.new(turn, place, form_id, period, {}, practice=True)
    flow.tell(sitting, events)
