"""Chưa mở lại: an officer leaves a period locked although those who answer for its unit ask to reopen it, and says why."""

from typing import Final

from markupsafe import Markup

from handlers import acting, codes, menu
from handlers.buttons import Presses
from handlers.menu import named
from handlers.messages import column
from handlers.navigation import ShowHanded
from handlers.officers import locking
from handlers.screens import locking as screen
from handlers.screens.locking import RefuseBecause, RefuseReopening
from handlers.turn import Turn
from storage import places, reopenings
from storage.kept import RefusalWanted
from storage.reopenings import ReopeningRequest
from storage.tables import PeriodLock, Place

pressed: Final = Presses()


@pressed.on(RefuseReopening)
async def on_refuse(turn: Turn, button: RefuseReopening) -> None:
    await ask_why(turn, button.lock)


async def waiting(turn: Turn, number: int) -> tuple[PeriodLock, Place, ReopeningRequest] | None:
    """Return a lock, its unit and what is asked, for an officer who may answer; otherwise reply and return None."""
    row, unit = await locking.lock_named(turn, number)
    if row is not None and unit is not None and await locking.reopens(turn, row, unit):
        asked = (await reopenings.waiting(turn.session, [row])).get(row.id)
        if asked is not None:
            return row, unit, asked
    turn.expect(None)
    turn.reply(turn.say("locking.gone"), choices=menu.buttons(turn.view))
    return None


async def ask_why(turn: Turn, number: int, *before: Markup) -> None:
    """Ask why it stays locked: those who asked are told."""
    found = await waiting(turn, number)
    if found is not None:
        row, unit, asked = found
        turn.expect(RefusalWanted(number, turn.now))
        name = screen.lock_title(turn.view, row, await locking.active_form(turn, row.form_name))
        turn.send(screen.refusal_page(turn.view, row, unit, name, asked, *before))


@pressed.on(RefuseBecause)
async def on_because(turn: Turn, button: RefuseBecause) -> None:
    reasons = turn.view.plans.challenges.refusing
    if button.reason < len(reasons):
        await refuse(turn, button.lock, reasons[button.reason].id)
    else:
        await ask_why(turn, button.lock)


async def on_words(turn: Turn) -> None:
    """The reason in words."""
    wanted = turn.screen.expects
    await locking.take_words(turn, wanted if isinstance(wanted, RefusalWanted) else None, ask_why, refuse)


async def refuse(turn: Turn, number: int, reason: str) -> None:
    """Leave a period locked, and tell the officers of its unit, who asked to reopen it, why."""
    found = await waiting(turn, number)
    if found is None:
        return
    row, unit, _ = found
    turn.expect(None)
    await reopenings.refuse(turn.session, row, reason, await locking.actor(turn, unit), turn.now)
    chats, form = await locking.officers_of(turn, unit), await locking.active_form(turn, row.form_name)
    for contact in chats:
        why = screen.reason_named(turn.view, reason, contact.locale or "vi")
        await locking.tell(turn, contact, row, form, unit, "locking.told_refused", why)
    await codes.note(turn, "period.reopening_refused", f"place:{unit.id}")
    title = screen.lock_title(turn.view, row, form)
    told = acting.told(turn, "offices", chats)
    said = turn.say("locking.refused", title=title, place=places.own_name(unit), told=told)
    turn.reply(said, choices=column(named(turn.view, "locking.button.list", ShowHanded())))
