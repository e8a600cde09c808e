"""Questions that somebody keeps: asked again with a tap, or answered every week of its own accord."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from figures import access
from figures.ground import Ground, ground_of
from handlers import menu
from handlers.asking import answering
from handlers.asking.asked import Asked
from handlers.broadcasts.letters import BROADCAST, Letter, Reader, unwritten
from handlers.broadcasts.weekly import FADES, fades, rings
from handlers.library import Library
from handlers.messages import Choice, Rows, column
from handlers.turn import Turn
from queries.query import Query
from storage import choices
from storage.tables import SavedQuestion

MOST: Final = 10
"""One chat keeps so many questions."""
LABEL: Final = 50


async def of_chat(session: AsyncSession, contact_id: int) -> list[SavedQuestion]:
    """The questions that a chat keeps, the oldest first."""
    chosen = select(SavedQuestion).where(SavedQuestion.contact_id == contact_id)
    return list(await session.exec(chosen.order_by(col(SavedQuestion.id))))


async def keep(turn: Turn, query: Query, words: str) -> None:
    """Keep a question under the words it was asked in."""
    kept = await of_chat(turn.session, turn.contact.id)
    label = " ".join(words.split())[:LABEL]
    if any(row.label == label for row in kept):
        turn.reply(turn.say("asking.saved.already", label=label))
        return
    if len(kept) >= MOST:
        turn.reply(turn.say("asking.saved.full", n=MOST), choices=await buttons(turn))
        return
    row = SavedQuestion(contact_id=turn.contact.id, label=label, query=query.to_json(), created_at=turn.now)
    turn.session.add(row)
    await turn.session.flush()
    weekly = menu.named(turn.view, "asking.button.weekly", f"j:w:{row.id}")
    turn.reply(turn.say("asking.saved.kept", label=label), choices=column(weekly))


async def buttons(turn: Turn) -> Rows:
    """Each kept question as a button that asks it again."""
    return tuple(
        (Choice(row.label, f"j:a:{row.id}"),) for row in await of_chat(turn.session, turn.contact.id)
    )


async def on_press(turn: Turn) -> None:
    """A press "j:op:number": ask it, have it every week or no longer, forget it."""
    _, op, number = (*turn.incoming.press.split(":", 2), "", "")[:3]
    known = number.isascii() and number.isdigit() and len(number) < 19
    row = await turn.session.get(SavedQuestion, int(number)) if known else None
    ground = await ground_of(turn.view) if access.is_officer(turn.view) else None
    if row is None or ground is None or row.contact_id != turn.contact.id:
        await menu.old_button(turn)
    elif op == "a":
        await ask(turn, ground, row)
    elif op == "w":
        row.weekly = not row.weekly
        key = "asking.saved.weekly" if row.weekly else "asking.saved.no_longer"
        turn.reply(turn.say(key, label=row.label))
    elif op == "f":
        await turn.session.delete(row)
        turn.reply(turn.say("asking.saved.forgotten", label=row.label))
    else:
        await menu.old_button(turn)


async def ask(turn: Turn, ground: Ground, row: SavedQuestion) -> None:
    """Answer a kept question as of now, with what may be done with it."""
    from handlers.asking.conversation import answer

    await answer(turn, ground, Query.from_json(row.query), row.label)
    weekly = "asking.button.no_longer" if row.weekly else "asking.button.weekly"
    turn.reply(
        turn.say("asking.saved.this", label=row.label),
        choices=(
            (
                menu.named(turn.view, weekly, f"j:w:{row.id}"),
                menu.named(turn.view, "asking.button.forget", f"j:f:{row.id}"),
            ),
        ),
    )


async def compose(
    session: AsyncSession,
    library: Library,
    now: datetime,
    some: Sequence[Reader],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """The answers to questions that are wanted every week, due and not yet written."""
    now = now.astimezone(library.zone)
    letters = []
    for reader in some:
        contact = reader.contact.id
        wanted = (await choices.of_contacts(session, [contact])).get(contact, choices.DEFAULT)
        at = rings(wanted, now)
        if wanted.stopped or (only is None and now - at > FADES):
            continue
        year, week, _ = at.isocalendar()
        rows = {
            f"question:{year}-W{week:02}:{row.id}": row
            for row in await of_chat(session, contact)
            if row.weekly
        }
        for key in sorted(await unwritten(session, rows, now)):
            turn = reader.turn(session, library, now)
            ground = await ground_of(turn.view)
            if ground is None or not access.is_officer(turn.view):
                continue
            await answering.answer(Asked(turn, ground, Query.from_json(rows[key].query), 0))
            letters += [
                Letter(
                    f"{key}:{place}" if place else key,
                    contact,
                    ground.asker.place,
                    reply,
                    BROADCAST,
                    "question",
                    library.quiet.over(now),
                    fades(at, now, only),
                )
                for place, (_, reply) in enumerate(turn.replies)
            ]
    return letters
