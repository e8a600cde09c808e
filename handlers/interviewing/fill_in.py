"""Filling in a questionnaire: the only file of `handlers/interviewing` that others import.

The list of what is due ("Báo cáo") leads to an interview. Then every message and every press comes here, until the
interview is sent, put aside or given up.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from markupsafe import Markup

from figures import access, due, locking, small
from handlers import menu
from handlers.buttons import Presses
from handlers.interviewing import (
    after_words,
    between,
    corrected,
    locked,
    meant_for,
    of_returned,
    on_behalf,
    opened,
    paper,
    pasted,
    photos,
    practice,
    pressing,
    returned,
    said,
    sent,
    several,
    starting,
    to_correct,
)
from handlers.interviewing.practice import Practise
from handlers.interviewing.sent import CorrectReport
from handlers.interviewing.sitting import SLOT, sit
from handlers.interviewing.spoken import spoken
from handlers.interviewing.starting import BeginAnyway, ShowOther, TakeOver
from handlers.messages import Reply, column
from handlers.named_form import TELL, may_call, said_in
from handlers.navigation import BeginReport, ShowDue, ShowReport
from handlers.screens import due as due_screen
from handlers.screens.due import ShowAll
from handlers.turn import Turn
from plans.period import Period
from storage import interviews
from storage.tables import InterviewRow, Level, Place, Submission

pressed: Final = Presses.of(pressing.pressed, returned.pressed, on_behalf.pressed, paper.pressed)
QUESTION: Final = SLOT
"""The slot of the messages that ask."""

practise = practice.offer
TELLING: Final = said.TELLING
keep_returned = of_returned.on_reason
corrects_or_asks = of_returned.corrects_or_asks
of_returned_figure = of_returned.on_words
returned_at = of_returned.meant
on_paper = paper.on_message
photo_again = photos.again_button
FEW_WORDS: Final = 4
"""In so few words a questionnaire is called within another one, too, as "báo nước"."""


async def on_message(turn: Turn, row: InterviewRow) -> None:
    """Any message except a press while the interview `row` is open in this chat."""
    await said.on_message(await sit(turn, row))


async def takes(turn: Turn, row: InterviewRow, text: str, *, surely: bool = False) -> bool:
    """Whether `text` may be for the interview `row`, whatever else it may mean; with `surely`, whether it certainly is."""
    return meant_for.takes(await sit(turn, row), text, surely=surely)


async def answers(turn: Turn, row: InterviewRow, text: str) -> bool:
    """Whether `text` answers the open question of the interview `row`, or names another. False where any words would do."""
    sitting = await sit(turn, row)
    between = sitting.notes.at or sitting.position is None or sitting.asks("text")
    answered = meant_for.answers(sitting, text, surely=True) or meant_for.is_out_of_bounds(sitting, text)
    return not between and (answered or several.names_one(sitting, text))


async def is_of_form(turn: Turn, row: InterviewRow, text: str, *, hinted: bool) -> bool:
    """Whether `text` is about the interview `row` itself (see `meant_for.is_of_form`)."""
    return meant_for.is_of_form(await sit(turn, row), text, hinted=hinted)


def is_for_the_bot(text: str) -> bool:
    """Whether `text` is said to the bot and stores nothing, whatever is open: "để sau", "bỏ phiếu"."""
    return spoken(text, hinted=False) in after_words.FOR_THE_BOT


async def leaves(turn: Turn, row: InterviewRow, text: str, *, spoken_on: bool) -> bool:
    """Whether nothing open in the interview `row` certainly takes `text` (see `meant_for.leaves`)."""
    return meant_for.leaves(await sit(turn, row), text, spoken_on=spoken_on)


async def asks_meaning(turn: Turn, row: InterviewRow, text: str) -> bool:
    """Whether `text` asks what the open question of the interview `row` means."""
    return meant_for.asks_meaning(await sit(turn, row), text)


async def asks_words(turn: Turn, row: InterviewRow) -> bool:
    """Whether the interview `row` takes any words: as a text, or as a reason."""
    sitting = await sit(turn, row)
    return sitting.notes.at in said.WHY or sitting.asks("text")


async def hears_words(turn: Turn, row: InterviewRow) -> bool:
    """Whether the interview `row` makes something of any words: it takes them, or asks whether they are a reason."""
    return (await sit(turn, row)).notes.at in said.CHECKS or await asks_words(turn, row)


async def ask_again(turn: Turn, row: InterviewRow, *before: Markup) -> None:
    """Ask again what the interview `row` asks, after the paragraphs `before`; what waits for a yes still waits."""
    await between.look_again(await sit(turn, row), *before)


async def ask_again_for_words(turn: Turn, row: InterviewRow, *before: Markup) -> None:
    """The same after words that were not noted: they may tell of a danger, so the way to report one stands below."""
    sitting = await sit(turn, row)
    await between.look_again(sitting, *before)
    after_words.add_report(sitting)


async def asks_photo(turn: Turn, row: InterviewRow) -> bool:
    """Whether the interview `row` asks for a photo."""
    return (await sit(turn, row)).asks("image", "file")


async def begin_with(turn: Turn, text: str) -> bool:
    """Begin the questionnaire that `text` answers, if it is a whole report in one message; False if it is not."""
    return await pasted.begin_with(turn, text)


async def open_named(turn: Turn, text: str, *, within: bool) -> bool:
    """Begin the questionnaire that `text` names among other words, `within` another one or not; False if it names none."""
    return await opened.open_named(turn, text, by_verb=not within or only_tells(text))


def only_tells(text: str) -> bool:
    """Whether `text` is so short a "báo nước" that it can only call a questionnaire."""
    return len(text.split()) <= FEW_WORDS and TELL.at(said_in(text), 0) is not None


async def open_unchanged(turn: Turn, text: str) -> bool:
    """Show last period's answers to the questionnaire that `text` names; False if it names none."""
    return await opened.open_unchanged(turn, text)


async def asks_for_another(turn: Turn, row: InterviewRow, text: str) -> bool:
    """Whether `text` asks for a questionnaire by its name, and is nothing that the interview `row` takes."""
    by_verb = only_tells(text)
    if not may_call(text, by_verb=by_verb):
        return False  # most messages: nothing of what is due is looked up for them
    sitting = await sit(turn, row)
    any_words = sitting.notes.at in said.WHY or sitting.asks("text")
    taken = any_words or meant_for.takes(sitting, text)
    return not taken and bool(await opened.named_due(turn, text, by_verb=by_verb))


async def put_right(turn: Turn, text: str, report: int) -> bool:
    """Open the report or draft in which `text` corrects a figure; False if it corrects none."""
    return await corrected.put_right(turn, text, report)


async def put_right_unsaid(turn: Turn, text: str) -> bool:
    """Open the report of which `text` only names a figure and gives another; False if there is none."""
    return await corrected.put_right_unsaid(turn, text)


async def open_report(turn: Turn, text: str) -> bool:
    """Show the report that `text` names, to correct it or by its period; False if it names none."""
    return await to_correct.open_named(turn, text)


async def opens_to_correct(turn: Turn, row: InterviewRow, text: str) -> bool:
    """Show the report other than the one in the interview `row` that `text` asks to correct, "sửa nước tháng 10"; False if
    it asks for none, or may be an answer."""
    if not await to_correct.names_another(turn, text, row):
        return False
    sitting = await sit(turn, row)
    if sitting.asks("text"):
        return False
    # The number of a month is no answer.
    taken = not to_correct.names_period(text, turn.today) and meant_for.takes(sitting, text)
    return not taken and await to_correct.open_named(turn, text)


async def corrects_another(turn: Turn, row: InterviewRow | None, text: str) -> bool:
    """Whether `text` corrects a figure of a questionnaire that it names, other than the open one."""
    return await corrected.names_another(turn, text, row.form_name if row else "")


async def go_on(turn: Turn) -> None:
    """Continue the interview under way or put aside. If there are several or none, show what is due."""
    rows = await interviews.list_open(turn.session, turn.contact.person_id or 0)
    rows = [row for row in rows if row.id == turn.contact.interview_id] or rows
    if len(rows) == 1:
        await starting.resume(turn, rows[0])
    else:
        await show_due(turn)


async def show_due(turn: Turn) -> None:
    """What is due at all places of this person."""
    own = await due.own_places(turn.view)
    if own:
        await show_due_at(turn, own)
    else:
        turn.reply(turn.say("due.no_place"), choices=menu.buttons(turn.view))


def has_lines(page: Reply, own: Sequence[Place]) -> bool:
    """Whether a page has a button for a questionnaire, besides those that show all of a place."""
    every = {str(ShowAll(place.id)) for place in own}
    return any(choice.data not in every for row in page.choices for choice in row)


async def show_due_at(turn: Turn, own: Sequence[Place], *before: Markup, everything: bool = False) -> None:
    """What the places `own` are asked, also for an officer who reports on their behalf."""
    page = await due_screen.page(turn.view, turn.contact.person_id, own, *before, everything=everything)
    if turn.can.brief and has_lines(page, own):  # the choices name what the lines above them say at length
        told = [await due_screen.in_brief(turn.view, turn.contact.person_id, place) for place in own]
        page = replace(
            page, text=Markup("\n").join([*before, turn.say("due.head"), *chain.from_iterable(told)])
        )
    # Where nothing is asked, as of a village that has become part of another, the menu leads on.
    turn.send(page if page.choices else replace(page, choices=menu.buttons(turn.view)))


@pressed.on(ShowDue)
async def on_due(turn: Turn, _: ShowDue) -> None:
    await show_due(turn)


@pressed.on(ShowOther)
async def on_other(turn: Turn, button: ShowOther) -> None:
    await starting.show_other(turn, button.interview)


@pressed.on(TakeOver)
async def on_take_over(turn: Turn, button: TakeOver) -> None:
    await starting.take_over(turn, button.interview)


@pressed.on(BeginReport, BeginAnyway, Practise)
async def begin(turn: Turn, button: BeginReport | BeginAnyway | Practise) -> None:
    """Begin a questionnaire, for real or as practice."""
    place = await access.may_report_for(turn.view, button.place)
    form_id, period = await newest(turn, button.form), button.period
    if place is None or not form_id:
        await show_due(turn)
    elif isinstance(button, Practise):
        await practice.begin(turn, place, form_id, period)
    elif not await due.can_be_sent(turn.view, place, await named_by(turn, form_id), period):
        await not_taken(turn, place, await named_by(turn, form_id), period)
    else:
        await starting.start(turn, place, form_id, period, anyway=isinstance(button, BeginAnyway))


async def not_taken(turn: Turn, place: Place, form: str, period: Period) -> None:
    """Why a report is not taken: its period is locked, and by whom; or its time is over."""
    lock = await locking.lock_of(turn.view, place, form, period)
    text, ways = await locked.not_taken(turn, place, lock) if lock else (turn.say("due.closed"), [])
    if ways:
        turn.reply(text, choices=column(*ways, due_screen.list_button(turn.view)))
    else:
        await show_due_at(turn, [place], text)


@pressed.on(ShowAll)
async def everything(turn: Turn, button: ShowAll) -> None:
    """Everything a place is asked, with everything it has sent."""
    place = await access.may_report_for(turn.view, button.place)
    if place is None:
        await show_due(turn)
    else:
        await show_due_at(turn, [place], everything=True)


async def named_by(turn: Turn, form_id: int) -> str:
    """The name of the questionnaire with this id, which must exist."""
    return (await turn.library.form(turn.session, form_id)).name


async def newest(turn: Turn, form_id: int) -> int:
    """The id of the newest version of the questionnaire whose version `form_id` a button names; 0 if there is none."""
    try:
        form = await turn.library.form(turn.session, form_id)
    except LookupError:
        return 0
    active = await turn.library.active_form(turn.session, form.name)
    return active[0] if active else 0


async def stays_in_commune(turn: Turn, submission: Submission) -> bool:
    """Whether this is a village's report, seen from above its commune: single answers are not shown there."""
    place = await access.visible(turn.view, submission.place_id)
    return place is not None and place.level == Level.VILLAGE and not await small.is_near(turn.view, place)


@pressed.on(ShowReport, CorrectReport)
async def on_sent(turn: Turn, button: ShowReport | CorrectReport) -> None:
    """Show a report that was sent, or begin to correct it."""
    submission = await turn.session.get(Submission, button.report)
    # Checked before the report is read, so that a forbidden report takes no longer than a missing one.
    if submission is None or await access.visible(turn.view, submission.place_id) is None:
        turn.reply(turn.say("sent.gone"))
    elif await stays_in_commune(turn, submission):
        turn.reply(turn.say("officer.stays_in_commune"), choices=menu.buttons(turn.view))
    elif isinstance(button, CorrectReport):
        await starting.correct(turn, submission)
    else:
        await sent.show(turn, submission)
