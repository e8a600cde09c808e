"""Saved questions: asked again with a tap, or answered every week unasked."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from markupsafe import Markup
from sqlmodel import col, select

from figures import access
from figures.ground import Ground, ground_of
from handlers import menu
from handlers.asking import answer, recent
from handlers.asking.asked import Asked
from handlers.buttons import Button, Presses, RowId, button, choice
from handlers.letters import BROADCAST, FADES, Letter, Recipient, fades, rings, unwritten
from handlers.library import Library
from handlers.messages import Reply, Rows, column
from handlers.turn import Turn
from handlers.viewer import Viewer
from queries.frames import Question
from queries.stored import from_json, to_json
from storage import choices
from storage.session import Session
from storage.tables import SavedQuestion

MOST: Final = 10
"""How many questions one chat may save."""
LABEL: Final = 50
pressed: Final = Presses()


@button("j:a:{question}")
class AskSaved(Button):
    question: RowId


@button("j:w:{question}")
class TurnWeekly(Button):
    """Turn the weekly answer on or off: on messages of earlier releases."""

    question: RowId


@button("j:y:{question}")
class StartWeekly(Button):
    """Turn the weekly answer on."""

    question: RowId


@button("j:s:{question}")
class StopWeekly(Button):
    """Turn the weekly answer off, however often it is pressed."""

    question: RowId


@button("j:f:{question}")
class Forget(Button):
    question: RowId


async def of_chat(session: Session, contact_id: int) -> list[SavedQuestion]:
    """The questions that a chat has saved, oldest first."""
    chosen = select(SavedQuestion).where(SavedQuestion.contact_id == contact_id)
    return list(await session.exec(chosen.order_by(col(SavedQuestion.id))))


async def keep(turn: Turn, query: Question, words: str) -> None:
    """Save a question with its words."""
    kept = await of_chat(turn.session, turn.contact.id)
    label = " ".join(words.split())[:LABEL]
    if any(row.label == label for row in kept):
        turn.reply(turn.say("asking.saved.already", label=label))
        return
    if len(kept) >= MOST:
        turn.reply(
            turn.say("asking.saved.full", n=MOST), choices=await buttons(turn.session, turn.contact.id)
        )
        return
    row = SavedQuestion(contact_id=turn.contact.id, label=label, query=to_json(query), created_at=turn.now)
    turn.session.add(row)
    await turn.session.flush()
    weekly = menu.named(turn.view, "asking.button.weekly", StartWeekly(row.id))
    turn.reply(turn.say("asking.saved.kept", label=label), choices=column(weekly))


async def buttons(session: Session, contact_id: int) -> Rows:
    """A button for each saved question of a chat, to ask it again."""
    return column(*(choice(row.label, AskSaved(row.id)) for row in await of_chat(session, contact_id)))


async def show(turn: Turn) -> None:
    """Show the questions that this chat has saved, and how to stop those that are sent every week."""
    kept = await of_chat(turn.session, turn.contact.id)
    if not kept:
        turn.reply(turn.say("asking.saved.none"), choices=menu.buttons(turn.view))
        return
    stops = [
        choice(turn.say("asking.button.stop_one", label=row.label), StopWeekly(row.id))
        for row in kept
        if row.weekly
    ]
    again = await buttons(turn.session, turn.contact.id)
    turn.reply(turn.say("asking.saved.list", n=len(kept)), choices=(*column(*stops), *again))


async def own(turn: Turn, number: int) -> SavedQuestion | None:
    """The question with this id, if this chat has saved it."""
    row = await turn.session.get(SavedQuestion, number)
    return row if row is not None and row.contact_id == turn.contact.id else None


@pressed.on(AskSaved, Forget)
async def on_kept(turn: Turn, button: AskSaved | Forget) -> None:
    """A button of a saved question of this chat."""
    row = await own(turn, button.question)
    ground = await ground_of(turn.view) if access.is_officer(turn.view) else None
    if row is None or ground is None:
        await menu.old_button(turn)
    elif isinstance(button, AskSaved):
        await ask(turn, ground, row)
    else:
        await turn.session.delete(row)
        turn.reply(turn.say("asking.saved.forgotten", label=row.label))


@pressed.on(TurnWeekly, StartWeekly, StopWeekly)
async def on_weekly(turn: Turn, button: TurnWeekly | StartWeekly | StopWeekly) -> None:
    """Turn a weekly answer on or off, as the button says; to turn it off, one need not be an officer any more."""
    row = await own(turn, button.question)
    if row is None or not (access.is_officer(turn.view) or isinstance(button, StopWeekly)):
        await menu.old_button(turn)
        return
    if isinstance(button, TurnWeekly):
        # It does not tell which of the two its label said: change nothing, and show buttons that do.
        show_ways(turn, row)
        return
    row.weekly = isinstance(button, StartWeekly)
    key = "asking.saved.weekly" if row.weekly else "asking.saved.no_longer"
    turn.reply(turn.say(key, label=row.label))


async def ask(turn: Turn, ground: Ground, row: SavedQuestion) -> None:
    """Answer a saved question as of now, with what can be done with it."""
    await recent.answer_and_keep(turn, ground, from_json(row.query), row.label)
    show_ways(turn, row)


def show_ways(turn: Turn, row: SavedQuestion) -> None:
    """Show what can be done with a saved question."""
    stop = menu.named(turn.view, "asking.button.no_longer", StopWeekly(row.id))
    start = menu.named(turn.view, "asking.button.weekly", StartWeekly(row.id))
    turn.reply(
        turn.say("asking.saved.this", label=row.label),
        choices=(
            (
                stop if row.weekly else start,
                menu.named(turn.view, "asking.button.forget", Forget(row.id)),
            ),
        ),
    )


async def compose(
    session: Session,
    library: Library,
    now: datetime,
    some: Sequence[Recipient],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """The weekly answers that are due and not yet written."""
    now = now.astimezone(library.zone)
    letters: list[Letter] = []
    for recipient in some:
        contact = recipient.contact.id
        wish = (await choices.of_contacts(session, [contact])).get(contact, choices.DEFAULT)
        moment = rings(wish, now)
        if not wish.stopped and (only is not None or now - moment.at <= FADES):
            viewer, until = recipient.viewer(session, library, now), fades(moment.at, now, only)
            letters += await of_week(viewer, contact, moment.week, until)
    return letters


async def of_week(viewer: Viewer, contact: int, week: str, until: datetime) -> list[Letter]:
    """The answers to one chat's weekly questions that are not yet written, valid `until` then."""
    every = await of_chat(viewer.session, contact)
    rows = {f"question:{week}:{row.id}": row for row in every if row.weekly}
    keys = sorted(await unwritten(viewer.session, rows, viewer.now))
    answers = {key: await answered(viewer, rows[key]) for key in keys}
    return [
        Letter(key, contact, *told, BROADCAST, "question", viewer.quiet_until, until)
        for key, told in answers.items()
        if told is not None
    ]


async def answered(viewer: Viewer, row: SavedQuestion) -> tuple[int, Reply] | None:
    """The answer to a saved question, why it comes, and how to go on or stop it, with the asker's own place.

    None for somebody who may no longer ask.
    """
    ground = await ground_of(viewer)
    if ground is None or not access.is_officer(viewer):
        return None
    told = await answer.answer(Asked(viewer, ground, from_json(row.query), 0))
    text = viewer.say("asking.saved.letter", label=row.label) + Markup("\n\n") + told.text
    again = menu.named(viewer, "asking.button.again", AskSaved(row.id))
    stop = menu.named(viewer, "asking.button.stop", StopWeekly(row.id))
    return ground.asker.place, replace(told, text=text, choices=column(again, stop), actions=())
