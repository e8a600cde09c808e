"""Filling in a questionnaire: the door to `handlers/interviewing` for the routing table.

What is due ("Báo cáo", prefix "d") leads to an interview; within one, every message and every press (prefix
"q") comes here until it is sent, put aside or given up.
"""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from figures import access, due, small
from handlers import menu, practice
from handlers.buttons import from_base36
from handlers.interviewing import answering, photos, pressing, sent, starting
from handlers.interviewing.sitting import SLOT, sit
from handlers.screens import due as due_screen
from handlers.turn import Turn
from plans.period import Period, WrongKeyError, from_key
from storage.tables import InterviewRow, Level, Place, Submission

RESUME: Final = pressing.RESUME
QUESTION: Final = SLOT
"""The slot of the messages that ask."""
LARGEST: Final = 2**63

on_press = pressing.on_press
practise = practice.offer
photo_again = photos.again_button


async def on_message(turn: Turn, row: InterviewRow) -> None:
    """Any message but a press while the interview `row` is open in this chat."""
    await answering.on_message(await sit(turn, row))


async def takes(turn: Turn, row: InterviewRow, text: str) -> bool:
    """Whether `text` may be meant for the interview `row`, and not for the words that call a screen."""
    return answering.takes(await sit(turn, row), text)


async def show_due(turn: Turn) -> None:
    """What is due at all places of this person."""
    own = await due.own_places(turn.view)
    if own:
        await show_due_at(turn, own)
    else:
        turn.reply(turn.say("due.no_place"))


async def show_due_at(turn: Turn, own: Sequence[Place], *before: Markup, everything: bool = False) -> None:
    """What `own` are asked, also for an officer who reports in their stead."""
    page = due_screen.page(turn.view, turn.contact.person_id, own, *before, everything=everything)
    turn.send(await page)


async def on_due_press(turn: Turn) -> None:
    """A press with the prefix "d": a line of what is due, or a report that was sent."""
    _, op, *rest = (*turn.incoming.press.split(":"), "")
    numbers = [number if number is not None and number < LARGEST else 0 for number in map(from_base36, rest)]
    if op in ("b", "n", "t") and len(rest) >= 3:
        await begin(turn, op, numbers[0], numbers[1], rest[2])
    elif op in ("v", "c") and rest:
        await on_sent(turn, op, numbers[0])
    elif op == "o" and rest:
        await starting.show_other(turn, numbers[0])
    elif op == "e" and rest:
        await everything(turn, numbers[0])
    else:
        await show_due(turn)


async def begin(turn: Turn, op: str, place_id: int, form_id: int, key: str) -> None:
    """A button that begins a questionnaire, for real or as practice."""
    place = await access.may_report_for(turn.view, place_id)
    form_id = await newest(turn, form_id)
    period = period_named(key)
    if place is None or not form_id or period is None:
        await show_due(turn)
    elif op == "t":
        await practice.begin(turn, place, form_id, period)
    elif not await due.can_be_sent(turn.view, place, await named_by(turn, form_id), period):
        await show_due_at(turn, [place], turn.say("due.closed"))
    else:
        await starting.start(turn, place, form_id, period, anyway=op == "n")


async def everything(turn: Turn, place_id: int) -> None:
    """All that a place is asked, with all that it has sent."""
    place = await access.may_report_for(turn.view, place_id)
    if place is None:
        await show_due(turn)
    else:
        await show_due_at(turn, [place], everything=True)


async def named_by(turn: Turn, form_id: int) -> str:
    """The name of the questionnaire with this id, which exists."""
    return (await turn.library.form(turn.session, form_id)).name


async def newest(turn: Turn, form_id: int) -> int:
    """The newest version of the questionnaire of which a button names the version `form_id`; or 0."""
    try:
        form = await turn.library.form(turn.session, form_id)
    except LookupError:
        return 0
    active = await turn.library.active_form(turn.session, form.name)
    return active[0] if active else 0


def period_named(key: str) -> Period | None:
    """The period with this key; None where a button's data holds no such thing."""
    try:
        return from_key(key)
    except WrongKeyError:
        return None


async def stays_in_commune(turn: Turn, submission: Submission) -> bool:
    """Whether it is a village's report, seen by somebody above its commune: its single answers are not for them."""
    place = await access.visible(turn.view, submission.place_id)
    return place is not None and place.level == Level.VILLAGE and not await small.is_near(turn.view, place)


async def on_sent(turn: Turn, op: str, submission_id: int) -> None:
    """Show a report that was sent, or begin to correct it."""
    submission = await turn.session.get(Submission, submission_id)
    if submission is None:
        turn.reply(turn.say("sent.gone"))
    elif await stays_in_commune(turn, submission):
        turn.reply(turn.say("officer.stays_in_commune"), choices=menu.buttons(turn.view))
    elif op == "c":
        await starting.correct(turn, submission)
    else:
        await sent.show(turn, submission)
