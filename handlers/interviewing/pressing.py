"""A press on a button of an interview: of the open question or another one, of an interview that is over, or of
another's.

A button says to which question it belongs. Under any question but the open one it never stores a value: it leads back
to its own question.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from figures import due
from handlers import menu
from handlers.buttons import Presses
from handlers.interviewing import after_words, between, flow, leaving, marks, moving, sent, starting
from handlers.interviewing.sitting import Sitting, sit
from handlers.interviewing.ways import (
    WAYS,
    AskAgain,
    GoOn,
    OfInterview,
    OfQuestion,
    Replied,
    ResumeHere,
)
from handlers.messages import MessageKind
from handlers.screens import due as due_screen
from handlers.turn import Turn
from storage import delivered
from storage.interviews import UNFINISHED
from storage.kept import PressedButton
from storage.tables import InterviewRow, InterviewStatus

pressed: Final = Presses()
SKEW: Final = timedelta(minutes=5)
"""How far our clock may be ahead of the platform's."""
AGAIN: Final = timedelta(seconds=10)
"""The same press within this time is the same tap: whoever waits for an answer taps again."""


async def on_way(turn: Turn, way: OfInterview) -> None:
    """Any button of an interview, whatever became of the interview."""
    row = await turn.session.get(InterviewRow, way.interview)
    if row is None or row.person_id != turn.contact.person_id or await begun_since(turn, row):
        turn.reply(turn.say("interview.gone"), choices=menu.buttons(turn.view))
    elif row.status == InterviewStatus.SENT:
        await sent.of_interview(turn, row)
    elif row.status == InterviewStatus.CANCELLED:
        turn.reply(turn.say("interview.was_cancelled"), choices=menu.buttons(turn.view))
    else:
        await on_going(await sit(turn, row), way)
        keep_press(turn)


for kind in WAYS:
    pressed.add(kind, on_way)


def reply_to(about: str) -> str:
    """What a reply to a message that asked `about` does (see `Sitting.about`), as the text of a button."""
    interview, mark, *_ = about.split(":")
    return str(Replied(int(interview, 36), mark))


async def begun_since(turn: Turn, row: InterviewRow) -> bool:
    """Whether `row` began after the button was shown: a restored database gives out the number of a lost interview again.

    A message that this database sent is no older than what it asks, whatever its date.
    """
    shown_at, ref = turn.incoming.shown_at, turn.incoming.message_ref
    if shown_at is None or row.started_at <= shown_at + SKEW:
        return False
    return not await delivered.is_known(turn.session, turn.contact.id, ref)


@pressed.on(ResumeHere)
async def resume_here(turn: Turn, _: ResumeHere) -> None:
    row_id = turn.contact.interview_id
    row = await turn.session.get(InterviewRow, row_id) if row_id else None
    if row is None or row.status not in UNFINISHED or row.person_id != turn.contact.person_id:
        await none_open(turn)
    else:
        await starting.resume(turn, row)


async def none_open(turn: Turn) -> None:
    """Say that nothing is open in this chat, somebody else may have taken it over, and show what this person may go on
    with."""
    text, own = turn.say("interview.none_open"), await due.own_places(turn.view)
    if own:
        turn.send(await due_screen.page(turn.view, turn.contact.person_id, own, text))
    else:
        turn.reply(text, choices=menu.buttons(turn.view))


async def on_going(sitting: Sitting, way: OfInterview) -> None:
    """A button of an interview that is under way, or was not sent in time."""
    if sitting.over or sitting.row.status == InterviewStatus.EXPIRED:
        leaving.expire(sitting)
    elif isinstance(way, GoOn):
        await starting.resume(sitting.turn, sitting.row)
    elif await waits_first(sitting, way):
        return
    elif isinstance(way, AskAgain) or is_of_another(sitting, way):
        flow.again(sitting) if is_repeated(sitting.turn, way) else lead_back(sitting, way)
    else:
        await moving.move(sitting, way)


async def waits_first(sitting: Sitting, way: OfInterview) -> bool:
    """Whether something comes before what a button means; if so, show or ask it."""
    if was_typed_unseen(sitting.turn) and type(way) in between.CONFIRMING:
        await between.hold_back(sitting)
    elif after_words.holds_label(sitting, way):
        await after_words.ask_which(sitting, sitting.turn.incoming.text, ())
    else:
        return await is_decided_first(sitting, way)
    return True


def was_typed_unseen(turn: Turn) -> bool:
    """Whether a label was typed below what was not seen: only what is seen can be pressed."""
    return bool(turn.incoming.text and turn.unread)


async def is_decided_first(sitting: Sitting, way: OfInterview) -> bool:
    """Whether a button of an older screen passes by what was said since, which would be lost or go unseen; if so, have that
    decided."""
    if isinstance(way, between.SENDING) and sitting.notes.at in between.UNDECIDED:
        await between.decide_first(sitting, sends=True)
    elif isinstance(way, between.ASIDE) and sitting.notes.at == "m":
        await between.decide_first(sitting, sends=False)
    else:
        return False
    return True


def is_repeated(turn: Turn, way: OfInterview) -> bool:
    """Whether this press repeats the last one: on a slow network people tap again until something happens.

    What the first tap did stands. Led back, the second would undo it, and the third do it again. A message that was
    sent twice, since nobody knew whether it had come, is the same to tap on, however late, and whatever was said
    between. Only what corrects an answer is the same under each review: once something was said it is meant anew.
    """
    last, came = turn.screen.pressed, turn.incoming
    if last is None or last.data != came.press or (last.words_since and isinstance(way, AskAgain)):
        return False
    return last.under != came.message_ref or turn.came_at - last.at <= AGAIN


def keep_press(turn: Turn) -> None:
    """Remember a press under a message that the platform names."""
    if turn.incoming.kind is MessageKind.PRESS and turn.incoming.message_ref:
        button = PressedButton(turn.incoming.press, turn.incoming.message_ref, turn.came_at)
        turn.remember(pressed=button)


def note_words(turn: Turn) -> None:
    """Remember that something was said after the last press."""
    last = turn.screen.pressed
    if turn.incoming.kind is not MessageKind.PRESS and last is not None and not last.words_since:
        turn.remember(pressed=replace(last, words_since=True))


def is_of_another(sitting: Sitting, way: OfInterview) -> bool:
    """Whether a button is about the question above it, and that question is not open."""
    return isinstance(way, OfQuestion) and way.mark != marks.mark_of(sitting.form, sitting.position)


def lead_back(sitting: Sitting, way: OfInterview) -> None:
    """Ask the question above a button again, if it is still asked."""
    say, path = sitting.turn.say, marks.path_of(sitting.form, way.mark, sitting.known_paths())
    if path is None:
        flow.again(sitting, say("interview.old_button_gone"))
    elif isinstance(way, Replied):
        moving.go_to(sitting, path, say("interview.replied"))
    elif isinstance(way, AskAgain):
        moving.go_to(sitting, path)
    else:
        moving.go_to(sitting, path, say("interview.old_button"))
