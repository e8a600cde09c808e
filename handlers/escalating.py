"""What becomes of an emergency that nobody has yet: it goes up, it is told again, and whoever raised it reads the truth.

The bell rings once a minute, and as soon as an alert could not be sent for a while, or went out after all.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from markupsafe import Markup

from handlers import alarms
from handlers.letters import since_morning
from handlers.library import Library
from storage import audit, delivered, emergencies
from storage.session import Session
from storage.tables import Emergency

OFFICERS: Final = ("answer", "closing")
"""The details that officers tell."""


async def escalate(session: Session, library: Library, now: datetime) -> int:
    """Take what nobody has answered one level up, or further if nobody can be reached there; return how many went up.

    An emergency that reached nobody, because every phone refused it for good or its platform is away, is not waited for.
    One at the top, or that reaches nobody anywhere, is told again: in its first day at any hour, then each morning until
    somebody has it or it is closed. Whoever raised it reads where it went, or that nobody has it.
    """
    local, since = now.astimezone(library.zone), await emergencies.told_since(session, now)
    quiet, up = library.quiet.over(local) is not None, 0
    morning = None if quiet else since_morning(local)
    for row in await emergencies.unheld(session, since):
        await note_who_was_reached(session, library, row, now)
    for row in await emergencies.stuck(session, now, morning, since):
        await tell_again(session, library, row, now)
    for row in await emergencies.unanswered(session, since):
        heard = await alarms.heard_of(session, library, row, now)
        waits = heard and abs(now - row.tier_at) < emergencies.PATIENCE
        if waits or (quiet and alarms.is_days_old(row, now)):
            continue
        if heard or await next_tier(session, library, row, now) is not None:
            up += 1
            await go_up(session, library, row, now, reached=heard)
        elif emergencies.is_told_again(row, now, morning):
            await tell_again(session, library, row, now)
    return up


async def note_who_was_reached(session: Session, library: Library, row: Emergency, now: datetime) -> None:
    """Tell whoever raised it what they could not be told before: that an alert went out at last, or that none did."""
    contacts = await alarms.told(session, row, now.astimezone(library.zone).date())
    out = await alarms.arrived(session, row, contacts)
    cut_off = not any(map(alarms.reaching(library, now), contacts))
    if row.told and not out and cut_off:
        row.told = 0
        if await next_tier(session, library, row, now) is None:
            row.tier_at = now
            # Without anybody on duty nothing waits: whoever was told has left since.
            key = "emergency.not_sent" if contacts else "emergency.nobody_yet"
            await alarms.tell_raiser(session, library, row, key, now)
    elif out and not row.told:
        row.told = len(out)
        for photo in await emergencies.photos_of(session, row.id):
            await alarms.show_photo(session, row, photo, out, library.zone, now, library.in_words)
        await alarms.tell_raiser(session, library, row, "emergency.arrived", now)
    elif row.told and cut_off:
        await tell_of_waiting(session, library, row, now)


async def tell_of_waiting(session: Session, library: Library, row: Emergency, now: datetime) -> None:
    """Tell whoever raised it that their last words could not be sent to anybody, unless they know."""
    last = row.details[-1] if row.details else {"what": "answer"}
    if last["what"] in OFFICERS or last.get("waits"):
        return
    if await delivered.all_wait(session, f"{alarms.KEY}{row.id}:{len(row.details)}:{alarms.MORE}"):
        emergencies.mark_waits(row)
        await alarms.tell_raiser(session, library, row, "emergency.more_waits", now)


async def next_tier(session: Session, library: Library, row: Emergency, now: datetime) -> int | None:
    """Return the lowest tier above that of an emergency in which anybody can be reached now; None if there is none."""
    return await alarms.first_reached(session, library, row, now, row.tier + 1)


async def go_up(session: Session, library: Library, row: Emergency, now: datetime, *, reached: bool) -> None:
    """Take an emergency up to the next level in which anybody can be reached; `reached`: whether anybody was so far."""
    found = await next_tier(session, library, row, now)
    up_to, count = len(emergencies.TIERS) - 1 if found is None else found, 0
    while row.tier < up_to:
        row.tier, row.tier_at = row.tier + 1, now
        count = await alarms.alert(
            session, library, row, now, f"emergency.{'alert_up' if reached else 'alert_past'}"
        )
    await audit.record(session, "emergency.up", None, None, f"place:{row.place_id}", {"tier": row.tier})
    key = "emergency.went_up" if reached else "emergency.went_past"
    await alarms.tell_raiser(session, library, row, key if count else "emergency.nobody_yet", now)


async def tell_again(session: Session, library: Library, row: Emergency, now: datetime) -> None:
    """Tell everybody who was told, in every tier, that nobody has it yet. If nobody was told, look for somebody once
    more."""
    row.tier_at = now
    today = now.astimezone(library.zone).date()
    contacts = await alarms.told(session, row, today) if row.told else []
    for contact in contacts:
        reply = await alarms.whole(session, library, row, contact, "emergency.alert_again", today)
        if alarms.is_days_old(row, now):
            over = Markup("\n\n") + alarms.to_officer(contact)("emergency.if_over_officer")
            reply = replace(reply, text=reply.text + over)
        alarms.post(session, contact, reply, f"{row.id}:again:{now.isoformat()}:{contact.id}", now)
    if not contacts:
        await alarms.reach(session, library, row, now)
    await alarms.tell_raiser(session, library, row, "emergency.nobody_yet", now)
