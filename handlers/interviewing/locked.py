"""A report for a period that was locked meanwhile: nothing is sent, nothing is lost, and an officer hears of it."""

from markupsafe import Markup

from figures import handing_up, locking
from handlers import acting
from handlers.buttons import choice
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import GiveUp
from handlers.messages import Choice, clip, column
from handlers.navigation import AskReopening, WriteAboutReport
from handlers.turn import Turn
from storage import exchanges, journal, people, places
from storage.tables import Contact, Level, PeriodLock, Place, RoleName


async def stops(sitting: Sitting) -> bool:
    """Whether the report cannot be sent because its period is locked: then that is said."""
    turn, row = sitting.turn, sitting.row
    place = await turn.session.places.get(row.place_id)
    if place is None:
        return False
    # Whoever locks a period takes the head of each journal first, and so do we: one of the two comes first.
    await journal.locked_head(turn.session, place.id)
    lock = await locking.lock_of(turn.view, place, row.form_name, sitting.period)
    if lock is None:
        return False
    sitting.settle()
    own = any(role.place_id == lock.place_id for role in turn.roles)
    buttons = [choice(turn.say("locking.told.button"), AskReopening(lock.id))] if own else []
    buttons.append(sitting.named("interview.button.cancel", GiveUp))
    who = turn.say(f"role.{lock.role}")
    sitting.speak(
        turn.say("locked.kept_own" if own else "locked.kept", title=sitting.title, who=who),
        choices=column(*buttons),
    )
    sitting.save()
    if not own:
        await tell_officers(sitting, place, lock)
    return True


async def explained(turn: Turn, place: Place, lock: PeriodLock, report: int) -> tuple[Markup, list[Choice]]:
    """Who locked a report and when, and what its reader can do: ask for it to be reopened, or write to who can."""
    unit = await turn.session.places.get(lock.place_id)
    facts = {"who": turn.say(f"role.{lock.role}"), "at": lock.locked_at.astimezone(turn.zone)}
    if unit is not None and await handing_up.may_ask_reopening(turn.view, unit):
        ask = choice(turn.say("locking.told.button"), AskReopening(lock.id))
        return turn.say("sent.locked_ask", **facts), [ask]
    if not any(role.place_id == place.id for role in turn.roles):
        return turn.say("sent.locked_there", **facts), []
    level = exchanges.levels_of(place.level)[exchanges.OFFICE]
    to = turn.say(f"progress.level.{level}")
    write = choice(turn.say("exchange.button.to", who=to), WriteAboutReport(report))
    return turn.say("sent.locked", **facts, to=to), [write]


async def tell_officers(sitting: Sitting, place: Place, lock: PeriodLock) -> None:
    """Tell the commune's officers, once, that somebody could not send."""
    turn = sitting.turn
    name = RoleName.COMMUNE_OFFICER if place.level == Level.VILLAGE else RoleName.PROVINCE_OFFICER
    chats: dict[int, Contact] = {}
    for officer in await people.officers_of(turn.session, place.id, name, turn.today):
        chats |= acting.by_id(officer.contacts)
    for contact in acting.reachable(turn, chats.values()):
        say = acting.words_for(contact, officer=True)
        text = say(
            "locked.somebody_waits",
            place=places.own_name(place),
            form=clip(sitting.form.title(say.locale), 60),
            period=sitting.period.label(say.locale),
        )
        ask = choice(say("locking.told.button"), AskReopening(lock.id))
        await acting.tell_once(turn, contact, f"waits-{sitting.row.id}-{lock.id}", [text], column(ask))
