"""A report whose period was locked meanwhile: nothing is sent, nothing is lost, and an officer is told."""

from markupsafe import Markup

from figures import handing_up, locking, offices
from handlers import acting
from handlers.buttons import choice
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import GiveUp
from handlers.messages import Choice, clip, column
from handlers.navigation import AskReopening, WriteAboutReport
from handlers.turn import Turn
from handlers.wording import first_upper
from storage import journal, places
from storage.tables import Level, PeriodLock, Place, RoleName


async def stops(sitting: Sitting) -> bool:
    """Whether the report cannot be sent because its period is locked; if so, say it."""
    turn, row = sitting.turn, sitting.row
    place = await turn.session.places.get(row.place_id)
    if place is None:
        return False
    # Whoever locks a period takes the head of each journal first, and so do we: one of the two comes first.
    await journal.locked_end(turn.session, place.id)
    lock = await locking.lock_of(turn.view, place, row.form_name, sitting.period)
    if lock is None:
        return False
    sitting.settle()
    sitting.note(told_locked=True)
    own = any(role.place_id == lock.place_id for role in turn.roles)
    told = Markup() if own else await tell_officers(sitting, place, lock)
    buttons = [choice(turn.say("locking.told.button"), AskReopening(lock.id))] if own else []
    buttons.append(sitting.named("interview.button.cancel", GiveUp))
    who = turn.say(f"role.{lock.role}")
    sitting.speak(
        turn.say("locked.kept_own" if own else "locked.kept", title=sitting.title, who=who, told=told),
        choices=column(*buttons),
    )
    sitting.save()
    return True


async def while_resumed(sitting: Sitting) -> list[Markup]:
    """Return what is said to somebody who goes on with a report of a locked period.

    It can be answered, but not sent before the period is reopened.
    """
    turn, row = sitting.turn, sitting.row
    place = None if row.practice else await turn.session.places.get(row.place_id)
    lock = await locking.lock_of(turn.view, place, row.form_name, sitting.period) if place else None
    if lock is None:
        return []
    sitting.note(told_locked=True)
    return [turn.say("locked.resumed", **told_of(turn, lock))]


async def not_taken(turn: Turn, place: Place, lock: PeriodLock) -> tuple[Markup, list[Choice]]:
    """Who locked a period for which a place has sent nothing, and what its reader can do."""
    unit = await turn.session.places.get(lock.place_id)
    if unit is not None and await handing_up.may_ask_reopening(turn.view, unit):
        ask = choice(turn.say("locking.told.button"), AskReopening(lock.id))
        return turn.say("due.locked_ask", **told_of(turn, lock)), [ask]
    return turn.say("due.locked", **told_of(turn, lock), to=await office_over(turn, place)), []


def told_of(turn: Turn, lock: PeriodLock) -> dict[str, object]:
    """Return who locked it, and when."""
    return {"who": turn.say(f"role.{lock.role}"), "at": lock.locked_at.astimezone(turn.zone)}


async def office_over(turn: Turn, place: Place) -> Markup:
    """Return whom a place writes to: for a village, the commune."""
    return turn.say(f"progress.level.{await offices.nearest(turn.view, place)}")


async def explained(turn: Turn, place: Place, lock: PeriodLock, report: int) -> tuple[Markup, list[Choice]]:
    """Who locked a report and when, and what the reader can do: ask to reopen it, or write to somebody who can."""
    unit = await turn.session.places.get(lock.place_id)
    facts = told_of(turn, lock)
    if unit is not None and await handing_up.may_ask_reopening(turn.view, unit):
        ask = choice(turn.say("locking.told.button"), AskReopening(lock.id))
        return turn.say("sent.locked_ask", **facts), [ask]
    if not any(role.place_id == place.id for role in turn.roles):
        return turn.say("sent.locked_there", **facts), []
    to = await office_over(turn, place)
    write = choice(turn.say("exchange.button.to", who=to), WriteAboutReport(report))
    return turn.say("sent.locked", **facts, to=to), [write]


async def tell_officers(sitting: Sitting, place: Place, lock: PeriodLock) -> Markup:
    """Tell the commune's officers, once, that somebody could not send. Return the sentence that says so, or when they
    will hear."""
    turn = sitting.turn
    name = RoleName.COMMUNE_OFFICER if place.level == Level.VILLAGE else RoleName.PROVINCE_OFFICER
    reachable = acting.reachable(turn, await acting.office_chats(turn.session, place, name, turn.today))
    for contact in reachable:
        say = acting.words_for(contact, officer=True)
        text = say(
            "locked.somebody_waits",
            place=first_upper(places.own_name(place)),
            form=clip(sitting.form.title(say.locale), 60),
            period=sitting.period.label(say.locale),
        )
        ask = choice(say("locking.told.button"), AskReopening(lock.id))
        await acting.tell_once(turn, contact, f"waits-{sitting.row.id}-{lock.id}", [text], column(ask))
    return acting.told(turn, "level", reachable, level=turn.say(f"progress.level.{offices.LEVELS[name]}"))
