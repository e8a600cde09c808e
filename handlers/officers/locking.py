"""Khoá kỳ: an officer above a unit makes its approved figures final, and reopens them for a reason.

Those who answer for the unit may ask for that; those above are told why and press one button. Each step is in the
journal of every report that it concerns.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from markupsafe import Markup
from sqlmodel import col, select

from figures import access, handing_up, locking
from figures.due import days_of, period_of_key
from figures.handing_up import UnitPeriod
from figures.locking import OPEN_AGAIN
from handlers import acting, asked_back, codes, menu
from handlers.asked_back import REASON
from handlers.buttons import Presses, choice, short_name
from handlers.menu import named
from handlers.messages import column
from handlers.navigation import AskReopening, BeginReport, ShowHanded
from handlers.screens import locking as screen
from handlers.screens.locking import (
    LockAgain,
    LockReady,
    LockUnit,
    RefuseReopening,
    ReopenAsAsked,
    ReopenBecause,
    ShowPeriod,
    UndoLocking,
)
from handlers.turn import Turn
from handlers.viewer import Viewer
from handlers.wording import first_upper
from plans.period import Period
from questionnaires.questionnaire import Questionnaire
from storage import interviews, locks, people, places, reopenings
from storage.interview_notes import InterviewNotes
from storage.journal import Actor
from storage.kept import RefusalWanted, ReopeningWanted
from storage.tables import Contact, Level, PeriodLock, Place, Submission

pressed: Final = Presses()
SOON: Final = timedelta(hours=1)
"""What is written later than this after a reason was asked for is about something else."""


async def show_handed(turn: Turn, *before: Markup, first: int = 0) -> None:
    if handing_up.locks_periods(turn.view):
        turn.send(await screen.handed_page(turn.view, first, *before))
    else:
        held = await handing_up.locked_for(turn.view)
        page = await screen.locked_page(turn.view, held, "mine")
        turn.send(replace(page, text=Markup("\n\n").join([*before, turn.say("locking.only"), page.text])))


@pressed.on(ShowHanded)
async def on_handed(turn: Turn, button: ShowHanded) -> None:
    await show_handed(turn, first=button.first)


@pressed.on(ShowPeriod)
async def on_period(turn: Turn, button: ShowPeriod) -> None:
    form = await form_named(turn, button.form)
    if form is None:
        await show_handed(turn)
    else:
        await show_period(turn, form, button.period, first=button.first)


async def form_named(turn: Turn, name: str) -> Questionnaire | None:
    """Return the questionnaire in use whose short name a button carries."""
    active = await turn.library.active_forms(turn.session)
    return next((form for known, (_, form) in active.items() if short_name(known) == name), None)


async def show_period(
    turn: Turn, form: Questionnaire, period: Period, *before: Markup, first: int = 0
) -> None:
    """How far each of this officer's units is."""
    units = await handing_up.of_period(turn.view, form.name, period, await handing_up.units_of(turn.view))
    if units:
        asked = await reopenings.waiting(turn.session, [one.lock for one in units if one.lock])
        turn.send(screen.period_page(turn.view, form, period, units, asked, first, *before))
    else:
        await show_handed(turn, *before)


# --- locking --------------------------------------------------------------------------------------------


@pressed.on(LockUnit, LockReady)
async def on_lock(turn: Turn, button: LockUnit | LockReady) -> None:
    """Lock one unit, or all that are ready; leave out what changed meanwhile, and say so."""
    form = await form_named(turn, button.form)
    if form is None:
        await show_handed(turn)
        return
    await lock_each(turn, form, button.period, await to_lock(turn, form, button))


async def lock_each(turn: Turn, form: Questionnaire, period: Period, states: Sequence[UnitPeriod]) -> None:
    """Lock a period for units that are ready, and say which were locked."""
    done = [one for one in states if await lock(turn, one, form, period)]
    chats = [contact for one in done for contact in await officers_of(turn, one.unit)]
    if not done:
        await show_period(turn, form, period, turn.say("locking.nothing"))
        return
    await codes.note(turn, "period.locked", detail={"units": len(done), "form": form.name})
    undo = choice(turn.say("check.button.undo"), UndoLocking(second_of(turn)))
    names = ", ".join(places.own_name(one.unit) for one in done[: screen.NAMED])
    text = turn.say(
        "locking.done",
        n=len(done),
        title=screen.title(turn.view, form, period),
        names=names,
        told=acting.told(turn, "offices", chats),
    )
    kept = screen.answering_line(turn.view, "locking.kept_from", done)
    text = Markup("\n").join(filter(None, [text, kept]))
    turn.reply(text, choices=column(undo, named(turn.view, "locking.button.back", ShowHanded())))


async def to_lock(turn: Turn, form: Questionnaire, button: LockUnit | LockReady) -> list[UnitPeriod]:
    """Return the units that a button locks, as far as they are ready.

    When locking all at once, leave out units where a village disputes a report.
    """
    units = await handing_up.units_of(turn.view)
    if isinstance(button, LockUnit):
        units = [unit for unit in units if unit.id == button.place]
    states = await handing_up.of_period(turn.view, form.name, button.period, units)
    ready = [one for one in states if one.ready]
    return ready if isinstance(button, LockUnit) else [one for one in ready if not one.contested]


def second_of(turn: Turn) -> int:
    return int(turn.now.timestamp())


def are_as_shown(reports: Sequence[Submission], state: UnitPeriod) -> bool:
    """Whether there are as many reports as were shown, all of them approved."""
    return len(reports) == state.reported and all(one.approved_at is not None for one in reports)


async def lock(turn: Turn, state: UnitPeriod, form: Questionnaire, period: Period) -> bool:
    """Lock one unit's period, and tell its officers. False if something changed meanwhile."""
    group = await handing_up.reporters(turn.view, state.unit)
    reports = await locks.reports_under(turn.session, group, form.name, period.key)
    held = await locks.of_period(turn.session, [state.unit.id], form.name, period.key)
    if held or not are_as_shown(reports, state):
        return False
    by = await actor(turn, state.unit)
    row = PeriodLock(
        place_id=state.unit.id,
        form_name=form.name,
        period=period.key,
        role=by.role,
        locked_by=by.person_id,
        locked_at=turn.now.astimezone(UTC).replace(microsecond=0),
    )
    silent = group - {report.place_id for report in reports}
    await locks.lock(turn.session, row, reports, silent, by)
    for contact in await officers_of(turn, state.unit):
        await tell(turn, contact, row, form, state.unit, "locking.told")
    await tell_answering(turn, row, group, period)
    return True


async def actor(turn: Turn, unit: Place) -> Actor:
    """Return this person in their highest role above a unit."""
    role = await handing_up.role_over(turn.view, unit)
    return Actor(turn.contact.person_id, role or "", turn.incoming.channel)


async def officers_of(turn: Turn, unit: Place) -> list[Contact]:
    """The reachable chats of the officers of a unit."""
    name = access.OFFICER_OF[Level(unit.level)]
    chats: dict[int, Contact] = {}
    for officer in await people.officers_of(turn.session, unit.id, name, turn.today):
        if officer.role.place_id == unit.id:
            chats |= acting.by_id(officer.contacts)
    return acting.reachable(turn, chats.values())


async def tell(
    turn: Turn,
    contact: Contact,
    lock: PeriodLock,
    form: Questionnaire | None,
    unit: Place,
    key: str,
    reason: str = "",
) -> None:
    """Tell an officer what became of a unit's period, with a way to have it reopened."""
    say = acting.words_for(contact, officer=True)
    viewer = Viewer(turn.session, turn.library, (), turn.now, say.locale)
    name = screen.lock_title(viewer, lock, form)
    text = first_upper(say(key, title=name, place=places.own_name(unit), reason=reason))
    until = await open_again(turn, lock, unit) if key == "locking.told_reopened" else None
    texts = [text, say("locking.open_until", until=until)] if until else [text]
    ways = [choice(say(f"{key}.button"), AskReopening(lock.id))]
    if key == "locking.requested":
        ways.append(choice(say("locking.button.refuse"), RefuseReopening(lock.id)))
    buttons = () if key == "locking.told_reopened" else column(*ways)
    at = second_of(turn)
    await acting.tell_once(turn, contact, f"{key.rpartition('.')[2]}-{lock.id}-{at}", texts, buttons)


@pressed.on(UndoLocking)
async def on_undo(turn: Turn, button: UndoLocking) -> None:
    """Take back what this person locked in one second, if nobody has reopened it since."""
    at = datetime.fromtimestamp(button.second, UTC)
    mine = (PeriodLock.locked_at == at, PeriodLock.locked_by == turn.contact.person_id)
    chosen = select(PeriodLock.id).where(*mine, col(PeriodLock.reopened_at).is_(None))
    count = 0
    for number in await turn.session.exec(chosen.order_by(col(PeriodLock.id))):
        row, unit = await lock_named(turn, number)
        if row is not None and unit is not None and await reopens(turn, row, unit):
            await reopen(turn, row, unit, "pressed_wrongly")
            count += 1
    await show_handed(turn, turn.say("locking.undone", n=count))


# --- reopening ------------------------------------------------------------------------------------------


async def lock_named(turn: Turn, number: int) -> tuple[PeriodLock | None, Place | None]:
    """Return a lock in force and its unit, for an officer of the unit or above; (None, None) for anybody else."""
    row = await locks.locked(turn.session, number)
    unit = await access.visible(turn.view, row.place_id) if row else None
    if row is None or unit is None or row.reopened_at is not None:
        return None, None
    mine = await handing_up.may_ask_reopening(turn.view, unit)
    return (row, unit) if mine else (None, None)


async def outermost(turn: Turn, row: PeriodLock, unit: Place) -> tuple[PeriodLock, Place]:
    """Return the lock that has to be reopened first, with its unit: what was handed up further is reopened from above."""
    above = await turn.session.places.ancestors(unit.id, turn.today)
    period = period_of_key(row.period)
    held = await locks.of_period(turn.session, [one.id for one in above], row.form_name, period.key)
    return next(((held[one.id], one) for one in reversed(above) if one.id in held), (row, unit))


async def reopens(turn: Turn, row: PeriodLock, unit: Place) -> bool:
    """Whether this person may reopen it without asking those above."""
    first, _ = await outermost(turn, row, unit)
    return first is row and await handing_up.may_reopen(turn.view, row, unit)


@pressed.on(AskReopening)
async def on_ask(turn: Turn, button: AskReopening) -> None:
    await ask_why(turn, button.lock)


async def ask_why(turn: Turn, number: int, *before: Markup) -> None:
    """Ask why it is to be reopened."""
    row, unit = await lock_named(turn, number)
    if row is None or unit is None:
        turn.expect(None)
        turn.reply(turn.say("locking.gone"), choices=menu.buttons(turn.view))
        return
    row, unit = await outermost(turn, row, unit)
    turn.expect(ReopeningWanted(number, turn.now))
    name = screen.lock_title(turn.view, row, await active_form(turn, row.form_name))
    mine = await reopens(turn, row, unit)
    asked = (await reopenings.waiting(turn.session, [row])).get(row.id)
    turn.send(screen.reasons_page(turn.view, row, unit, name, *before, mine=mine, asked=asked))


async def active_form(turn: Turn, name: str) -> Questionnaire | None:
    """The questionnaire in use of this name."""
    active = await turn.library.active_forms(turn.session)
    return active[name][1] if name in active else None


@pressed.on(ReopenBecause)
async def on_because(turn: Turn, button: ReopenBecause) -> None:
    reasons = turn.view.plans.challenges.reopening
    if button.reason < len(reasons):
        await because(turn, button.lock, reasons[button.reason].id)
    else:
        await ask_why(turn, button.lock)


@pressed.on(ReopenAsAsked)
async def on_as_asked(turn: Turn, button: ReopenAsAsked) -> None:
    """Reopen it for the reason that those who ask for it gave."""
    row, _ = await lock_named(turn, button.lock)
    asked = (await reopenings.waiting(turn.session, [row])).get(row.id) if row else None
    if asked is None:
        await ask_why(turn, button.lock)
    else:
        one = len(asked.reasons) == 1
        await because(turn, button.lock, asked.reasons[0] if one else screen.asked_for(turn.view, asked))


async def on_words(turn: Turn) -> None:
    """The reason in words."""
    wanted = turn.screen.expects
    await take_words(turn, wanted if isinstance(wanted, ReopeningWanted) else None, ask_why, because)


async def take_words(
    turn: Turn,
    wanted: ReopeningWanted | RefusalWanted | None,
    ask: Callable[[Turn, int, Markup], Awaitable[None]],
    do: Callable[[Turn, int, str], Awaitable[None]],
) -> None:
    """Take a typed reason for what is `wanted` of a lock, and `do` it; `ask` again if the words are no reason. A question
    asked long ago is forgotten."""
    if wanted is None or turn.now - wanted.since > SOON:
        turn.expect(None)
        await menu.show(turn)
        return
    words = asked_back.in_own_words(turn.incoming.text)
    if key := asked_back.unfit_reason(words):
        await ask(turn, wanted.lock, turn.say(key, n=len(words), most=REASON))
    else:
        await do(turn, wanted.lock, words)


async def because(turn: Turn, number: int, reason: str) -> None:
    """Reopen it, or pass the request on to those above."""
    turn.expect(None)
    row, unit = await lock_named(turn, number)
    if row is None or unit is None:
        turn.reply(turn.say("locking.gone"), choices=menu.buttons(turn.view))
        return
    row, unit = await outermost(turn, row, unit)
    name = screen.lock_title(turn.view, row, await active_form(turn, row.form_name))
    facts = {"title": name, "place": places.own_name(unit)}
    if await reopens(turn, row, unit):
        await reopen(turn, row, unit, reason)
        told = acting.told(turn, "offices", await officers_of(turn, unit))
        until = await open_again(turn, row, unit)
        late = [turn.say("locking.open_until", until=until)] if until else []
        undo = named(turn.view, "check.button.undo", LockAgain(row.id))
        turn.reply(
            Markup("\n\n").join([turn.say("locking.reopened", **facts, told=told), *late]),
            choices=column(undo, named(turn.view, "locking.button.list", ShowHanded())),
        )
        return
    chats = await request(turn, row, unit, reason)
    key = "locking.asked" if chats else "locking.asked_nobody"
    told = acting.told(turn, "locker", chats)
    turn.reply(turn.say(key, **facts, told=told), choices=menu.buttons(turn.view))


async def request(turn: Turn, row: PeriodLock, unit: Place, reason: str) -> list[Contact]:
    """Ask those above a unit to reopen its period; return their chats."""
    above = await those_above(turn, row, unit)
    form = await active_form(turn, row.form_name)
    for contact in above:
        why = screen.reason_named(turn.view, reason, contact.locale or "vi")
        await tell(turn, contact, row, form, unit, "locking.requested", why)
    await reopenings.ask(turn.session, row, reason, await acting.actor(turn, unit.id), turn.now)
    await codes.note(turn, "period.reopening_asked", f"place:{unit.id}")
    return above


async def those_above(turn: Turn, row: PeriodLock, unit: Place) -> list[Contact]:
    """Return the reachable chats of whoever locked it.

    If they may no longer reopen it: those of the nearest officers of that role above.
    """
    if row.locked_by is not None and await handing_up.may_reopen(
        await acting.view_of(turn, row.locked_by), row, unit
    ):
        chats = acting.reachable(turn, await people.contacts_of(turn.session, row.locked_by))
        if chats:
            return chats
    return acting.reachable(turn, await acting.office_chats(turn.session, unit, row.role, turn.today))


async def reopen(turn: Turn, row: PeriodLock, unit: Place, reason: str) -> None:
    """Reopen a period; tell its officers, and those who have an unsent report for it."""
    period = period_of_key(row.period)
    day = row.locked_at.astimezone(turn.zone).date()
    group = await handing_up.reporters(turn.view, unit) | await handing_up.reporters(turn.view, unit, day)
    by = await actor(turn, unit)
    if await locks.reopen(turn.session, row, reason, by, turn.now):
        group = await unbound(turn, group, row.form_name, period)
    reports = await locks.reports_under(turn.session, group, row.form_name, row.period)
    await locks.free(turn.session, [one for one in reports if one.locked_at], reason, by, turn.now)
    form = await active_form(turn, row.form_name)
    for contact in [*await officers_of(turn, unit), *await locker_of(turn, row, unit)]:
        await tell(
            turn,
            contact,
            row,
            form,
            unit,
            "locking.told_reopened",
            screen.reason_named(turn.view, reason, contact.locale or "vi"),
        )
    await tell_waiting(turn, row, group, period)
    await codes.note(turn, "period.reopened", f"place:{unit.id}", {"form": row.form_name})


@pressed.on(LockAgain)
async def on_lock_again(turn: Turn, button: LockAgain) -> None:
    """Lock what this person has reopened by mistake, unless something in it has changed since."""
    row = await locks.locked(turn.session, button.lock)
    form = await active_form(turn, row.form_name) if row else None
    if row is None or form is None or row.reopened_by != turn.contact.person_id:
        await show_handed(turn, turn.say("locking.nothing"))
        return
    units = [unit for unit in await handing_up.units_of(turn.view) if unit.id == row.place_id]
    period = period_of_key(row.period)
    states = await handing_up.of_period(turn.view, form.name, period, units)
    await lock_each(turn, form, period, [one for one in states if one.ready])


async def locker_of(turn: Turn, row: PeriodLock, unit: Place) -> list[Contact]:
    """Return the reachable chats of whoever locked a period, as long as they are above its unit."""
    if row.locked_by is None or not await access.may_check(await acting.view_of(turn, row.locked_by), unit):
        return []
    return acting.reachable(turn, await people.contacts_of(turn.session, row.locked_by))


async def unbound(turn: Turn, group: set[int], form: str, period: Period) -> set[int]:
    """Return the places of `group` that no other lock binds: one of a unit within it, or one where a village came from."""
    known = [place for number in group if (place := await turn.session.places.get(number))]
    return {place.id for place in known if not await locking.is_locked(turn.view, place, form, period)}


async def tell_answering(turn: Turn, row: PeriodLock, group: Collection[int], period: Period) -> None:
    """Tell those who are answering just now that it cannot be sent. Who goes on with it later hears of it then."""
    for waiting in await interviews.waiting_in(turn.session, group, row.form_name, row.period):
        notes = InterviewNotes.read(waiting.extra)
        chats = await people.contacts_of(turn.session, waiting.person_id) if waiting.person_id else []
        for contact in acting.reachable(turn, [chat for chat in chats if chat.interview_id == waiting.id]):
            waiting.extra = replace(notes, told_locked=True).to_json()
            say = acting.words_for(contact)
            form = await turn.library.form(turn.session, waiting.form_id)
            facts = {"form": form.title(say.locale), "period": period.label(say.locale), "place": notes.place}
            text = say("locked.meanwhile", who=say(f"role.{row.role}"), **facts)
            await acting.tell_once(turn, contact, f"meanwhile-{row.id}-{waiting.id}", [text])


async def tell_waiting(turn: Turn, row: PeriodLock, group: Sequence[int] | set[int], period: Period) -> None:
    """Tell those who could not send that they can now, and until when."""
    for waiting in await interviews.waiting_in(turn.session, group, row.form_name, row.period):
        notes = InterviewNotes.read(waiting.extra)
        if not notes.told_locked:
            continue  # whoever has not heard of the lock would not know what is open again
        until = turn.today + OPEN_AGAIN
        until = max(until, notes.until) if notes.until else until
        waiting.extra = replace(notes, told_locked=False, until=until).to_json()
        place = await turn.session.places.get(waiting.place_id)
        chats = await people.contacts_of(turn.session, waiting.person_id) if waiting.person_id else []
        for contact in acting.reachable(turn, chats):
            say = acting.words_for(contact)
            form = await turn.library.form(turn.session, waiting.form_id)
            facts = {
                "form": form.title(say.locale),
                "period": period.label(say.locale),
                "place": places.name_of(place),
            }
            text = say("locked.open_again", **facts, until=until)
            way = choice(say("locked.button.go_on"), BeginReport(waiting.place_id, waiting.form_id, period))
            key = f"open-{row.id}-{waiting.id}-{second_of(turn)}"
            await acting.tell_once(turn, contact, key, [text], column(way))


async def open_again(turn: Turn, row: PeriodLock, unit: Place) -> date | None:
    """The last day to correct and send reports of a unit's period that is opened now; None if its own days last as long."""
    period = period_of_key(row.period)
    group = await handing_up.reporters(turn.view, unit)
    known = [place for number in group if (place := await turn.session.places.get(number))]
    days = [days_of(turn.view, place, row.form_name, period).finish(period) for place in known]
    until = turn.today + OPEN_AGAIN
    return until if until > max(days, default=until) else None
