"""Questions that somebody keeps: asked again with a tap, or answered every week of its own accord."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

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
from queries.frames import Question, from_json, to_json
from storage import choices
from storage.session import Session
from storage.tables import SavedQuestion

MOST: Final = 10
"""How many questions one chat keeps."""
LABEL: Final = 50
pressed: Final = Presses()


@button("j:a:{question}")
class AskSaved(Button):
    question: RowId


@button("j:w:{question}")
class TurnWeekly(Button):
    """Have it answered every week, or no longer."""

    question: RowId


@button("j:f:{question}")
class Forget(Button):
    question: RowId


async def of_chat(session: Session, contact_id: int) -> list[SavedQuestion]:
    """The questions that a chat keeps, the oldest first."""
    chosen = select(SavedQuestion).where(SavedQuestion.contact_id == contact_id)
    return list(await session.exec(chosen.order_by(col(SavedQuestion.id))))


async def keep(turn: Turn, query: Question, words: str) -> None:
    """Keep a question under the words it was asked in."""
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
    weekly = menu.named(turn.view, "asking.button.weekly", TurnWeekly(row.id))
    turn.reply(turn.say("asking.saved.kept", label=label), choices=column(weekly))


async def buttons(session: Session, contact_id: int) -> Rows:
    """Each question that a chat keeps as a button that asks it again."""
    return column(*(choice(row.label, AskSaved(row.id)) for row in await of_chat(session, contact_id)))


@pressed.on(AskSaved, TurnWeekly, Forget)
async def on_kept(turn: Turn, button: AskSaved | TurnWeekly | Forget) -> None:
    """A button of a question that this chat keeps."""
    row = await turn.session.get(SavedQuestion, button.question)
    ground = await ground_of(turn.view) if access.is_officer(turn.view) else None
    if row is None or ground is None or row.contact_id != turn.contact.id:
        await menu.old_button(turn)
        return
    match button:
        case AskSaved():
            await ask(turn, ground, row)
        case TurnWeekly():
            row.weekly = not row.weekly
            key = "asking.saved.weekly" if row.weekly else "asking.saved.no_longer"
            turn.reply(turn.say(key, label=row.label))
        case Forget():
            await turn.session.delete(row)
            turn.reply(turn.say("asking.saved.forgotten", label=row.label))


async def ask(turn: Turn, ground: Ground, row: SavedQuestion) -> None:
    """Answer a kept question as of now, with what may be done with it."""
    await recent.answer_and_keep(turn, ground, from_json(row.query), row.label)
    weekly = "asking.button.no_longer" if row.weekly else "asking.button.weekly"
    turn.reply(
        turn.say("asking.saved.this", label=row.label),
        choices=(
            (
                menu.named(turn.view, weekly, TurnWeekly(row.id)),
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
    """The answers to questions that are wanted every week, due and not yet written."""
    now = now.astimezone(library.zone)
    letters = []
    for recipient in some:
        contact = recipient.contact.id
        wanted = (await choices.of_contacts(session, [contact])).get(contact, choices.DEFAULT)
        moment = rings(wanted, now)
        at = moment.at
        # A service that was down does not catch up for days: Monday's figures on a Thursday help nobody.
        if wanted.stopped or (only is None and now - at > FADES):
            continue
        weekly = [row for row in await of_chat(session, contact) if row.weekly]
        rows = {f"question:{moment.week}:{row.id}": row for row in weekly}
        for key in sorted(await unwritten(session, rows, now)):
            query = from_json(rows[key].query)
            answer = await answered(recipient.viewer(session, library, now), query)
            if answer is not None:
                place, reply = answer
                quiet, until = library.quiet.over(now), fades(at, now, only)
                letters.append(Letter(key, contact, place, reply, BROADCAST, "question", quiet, until))
    return letters


async def answered(viewer: Viewer, query: Question) -> tuple[int, Reply] | None:
    """The answer to a question, and the asker's own place; None for somebody who may ask no more."""
    ground = await ground_of(viewer)
    if ground is None or not access.is_officer(viewer):
        return None
    return ground.asker.place, await answer.answer(Asked(viewer, ground, query, 0))
