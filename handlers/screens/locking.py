"""What an officer may lock: questionnaires with approved reports, then the units of one of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import filterfalse
from operator import attrgetter
from typing import Annotated, Final

from markupsafe import Markup

from figures import access, handing_up
from figures.due import period_of_key
from figures.handing_up import Handed, UnitPeriod
from handlers.buttons import (
    Button,
    FormName,
    PeriodKey,
    Position,
    RowId,
    Second,
    ShortId,
    button,
    choice,
    number,
    short_name,
)
from handlers.menu import named
from handlers.messages import Choice, Reply, Rows, column
from handlers.navigation import AskReopening, ShowHanded
from handlers.screens.checking import ShowAwaiting
from handlers.screens.paging import paged
from handlers.sentences import first_names
from handlers.viewer import Viewer
from handlers.wording import first_upper
from plans.period import Period
from questionnaires.questionnaire import Questionnaire
from storage import locks, places, reopenings
from storage.reopenings import ReopeningRequest
from storage.tables import PeriodLock, Place

SIZE: Final = 8
"""How many questionnaires, or units, fit on a screen."""
ActiveForms = Mapping[str, tuple[int, Questionnaire]]
"""The questionnaires in use by name, each with its id."""
NAMED: Final = 12
"""How many units a row names."""


@button("o:p:{form}:{period}:{first}", opens=True)
class ShowPeriod(Button):
    """How far each unit is with a questionnaire and period."""

    form: FormName
    period: PeriodKey
    first: Position = 0


@button("o:z:{first}", opens=True)
class ShowOldPeriods(Button):
    """The older periods that nobody has locked, from the one of this number on."""

    first: Position = 0


@button("o:k:{place}:{form}:{period}")
class LockUnit(Button):
    """Lock it for one unit."""

    place: ShortId
    form: FormName
    period: PeriodKey


@button("o:a:{form}:{period}")
class LockReady(Button):
    """Lock it for all units that are ready."""

    form: FormName
    period: PeriodKey


@button("o:u:{second}")
class UndoLocking(Button):
    """Take back what was locked in this second."""

    second: Second


@button("o:b:{lock}:{reason}")
class ReopenBecause(Button):
    """Reopen it, or ask those above to, for the reason of this number."""

    lock: RowId
    reason: Annotated[int, number(2)]


@button("o:n:{lock}")
class RefuseReopening(Button):
    """It stays locked: say so to those who asked to reopen it."""

    lock: RowId


@button("o:m:{lock}:{reason}")
class RefuseBecause(Button):
    """It stays locked for the reason of this number."""

    lock: RowId
    reason: Annotated[int, number(2)]


@button("o:s:{lock}")
class ReopenAsAsked(Button):
    """Reopen it for the reason that those who asked gave."""

    lock: RowId


@button("o:g:{lock}")
class LockAgain(Button):
    """It was reopened by mistake: lock it again."""

    lock: RowId


Waiting = Mapping[int, ReopeningRequest]
"""The requests to reopen that wait, by the lock's id."""


def heads_of(viewer: Viewer, known: Sequence[Handed], asked: Waiting) -> Iterator[Markup]:
    """Yield what can be done with what was handed up: lock it, or find what is locked, first what is asked for."""
    if asked:
        yield viewer.say("locking.wait", n=len(asked))
    yield viewer.say("locking.head" if any(one.approved for one in known) else "locking.none")
    if any(one.locks for one in known):
        yield viewer.say("locking.find")


async def handed_page(viewer: Viewer, first: int = 0, *before: Markup) -> Reply:
    """Return the questionnaires and periods with approved reports, then the locked ones."""
    handed = await handing_up.handed_up(viewer)
    active = await viewer.library.active_forms(viewer.session)
    known = [part for one in handed for part in shown_as(one, active)]
    asked = await reopenings.waiting(viewer.session, [lock for one in known for lock in one.locks])
    known.sort(key=partial(is_unasked, asked))
    here = paged(known, first, SIZE)
    heads = heads_of(viewer, known, asked)
    rows: list[tuple[Choice, ...]] = [(await handed_button(viewer, one, active, asked),) for one in here.here]
    rows += here.turning(viewer, "check.button.before", "check.button.after", ShowHanded)
    rows += column(*await way_to_older(viewer, active))
    rows.append((named(viewer, "menu.button.kiemtra", ShowAwaiting()),))
    text = Markup("\n\n").join([*before, *heads, *here.told(viewer, "locking.which")])
    return Reply(text, tuple(rows))


async def way_to_older(viewer: Viewer, active: ActiveForms) -> list[Choice]:
    """Return the button to the older periods that nobody has locked, with their number; none if there are none."""
    count = len(await older_in(viewer, active))
    return [choice(viewer.say("locking.button.older", n=count), ShowOldPeriods())] if count else []


async def older_in(viewer: Viewer, active: ActiveForms) -> list[Handed]:
    """Return the older periods with approved reports that nobody has locked, of the questionnaires in use."""
    return [one for one in await handing_up.older(viewer) if one.form in active]


async def old_page(viewer: Viewer, first: int) -> Reply | None:
    """Return the older periods with approved reports that nobody has locked; None if there are none."""
    active = await viewer.library.active_forms(viewer.session)
    here = paged(await older_in(viewer, active), first, SIZE)
    if not here.count:
        return None
    rows = [*await handed_rows(viewer, here.here, active)]
    rows += here.turning(viewer, "check.button.before", "check.button.after", ShowOldPeriods)
    rows.append((named(viewer, "locking.button.back", ShowHanded()),))
    heads = [viewer.say("locking.older", n=here.count), *here.told(viewer, "locking.which")]
    return Reply(Markup("\n\n").join(heads), tuple(rows))


async def handed_rows(viewer: Viewer, some: Sequence[Handed], active: ActiveForms) -> Rows:
    """Return a button for each of some questionnaires and periods, of those in use."""
    return column(*[await handed_button(viewer, one, active, {}) for one in some])


async def wait_line(viewer: Viewer) -> list[Markup]:
    """Return the sentence that units ask this officer to reopen periods, if any do."""
    if not handing_up.locks_periods(viewer):
        return []
    held = await locks.held(viewer.session, {unit.id for unit in await handing_up.units_of(viewer)})
    asked = await reopenings.waiting(viewer.session, held)
    return [viewer.say("locking.wait_there", n=len(asked))] if asked else []


async def asked_line(viewer: Viewer, unit: Place) -> Markup:
    """Return the sentence that names the periods of a unit which its officers ask those above to reopen; "" for none."""
    held = await locks.held(viewer.session, [unit.id])
    asked = await reopenings.waiting(viewer.session, held)
    active = await viewer.library.active_forms(viewer.session) if asked else {}
    names = [
        lock_title(viewer, lock, active[lock.form_name][1] if lock.form_name in active else None)
        for lock in held
        if lock.id in asked
    ]
    return viewer.say("locking.we_ask", names="; ".join(names)) if names else Markup()


def is_unasked(asked: Waiting, one: Handed) -> bool:
    """Return whether nobody asks to reopen a questionnaire and period: what somebody waits for comes first."""
    return asked.keys().isdisjoint(lock.id for lock in one.locks)


def shown_as(one: Handed, active: ActiveForms) -> list[Handed]:
    """Return a questionnaire in use as it is; of one that is no longer in use, each lock by itself."""
    return [one] if one.form in active else [replace(one, locks=(lock,)) for lock in one.locks]


async def handed_button(viewer: Viewer, one: Handed, active: ActiveForms, asked: Waiting) -> Choice:
    """ "Nước sinh hoạt, tháng 11/2026: duyệt 24/25", "🔒 Nước sinh hoạt, tháng 10/2026: đã khoá 3 nơi"; where somebody asks
    to reopen it, "✋" before it."""
    hand = "" if is_unasked(asked, one) else "✋ "
    if one.form not in active:
        [lock] = one.locks
        unit = places.name_of(await viewer.session.places.get(lock.place_id))
        label = viewer.say("locking.button.locked_at", title=lock_title(viewer, lock, None), place=unit)
        return choice(f"{hand}{label.unescape()}", AskReopening(lock.id))
    name = title(viewer, active[one.form][1], one.period)
    key = "locking.button.handed" if one.approved else "locking.button.locked"
    label = viewer.say(key, title=name, n=one.approved or len(one.locks), of=one.reports)
    return choice(f"{hand}{label.unescape()}", ShowPeriod(short_name(one.form), one.period))


def title(viewer: Viewer, form: Questionnaire, period: Period) -> str:
    """ "Nước sinh hoạt, tháng 11/2026"."""
    return f"{form.title(viewer.locale)}, {period.label(viewer.locale)}"


@dataclass(frozen=True, slots=True)
class UnitsByState:
    """The units of a questionnaire and period by how they stand."""

    ready: Sequence[UnitPeriod]
    waiting: Sequence[UnitPeriod]
    """Locked ones that ask to be reopened."""
    locked: Sequence[UnitPeriod]
    """First those that ask to be reopened."""

    @classmethod
    def of(cls, units: Sequence[UnitPeriod], asked: Waiting) -> "UnitsByState":
        """Return the units parted, given what waits at which lock."""
        waiting = [one for one in units if one.lock is not None and one.lock.id in asked]
        locked = sorted(filter(attrgetter("lock"), units), key=lambda one: one not in waiting)
        return cls([*filter(attrgetter("ready"), units)], waiting, locked)


def period_page(
    viewer: Viewer,
    form: Questionnaire,
    period: Period,
    units: Sequence[UnitPeriod],
    asked: Waiting,
    first: int = 0,
    *before: Markup,
) -> Reply:
    """Return the units that may be locked, those that are not ready, and those that are locked; first those that ask to
    be reopened."""
    parted = UnitsByState.of(units, asked)
    lines = [
        viewer.say("locking.period", title=title(viewer, form, period)),
        *(asks_line(viewer, one.unit, asked[one.lock.id]) for one in parted.waiting if one.lock),
        *told_unlocked(viewer, [*filterfalse(attrgetter("lock"), units)]),
        told(viewer, "locking.locked", parted.locked),
        viewer.say("locking.means") if parted.ready else Markup(),
    ]
    name = short_name(form.name)
    others = parted.locked[len(parted.waiting) :]
    here = paged([*parted.waiting, *parted.ready, *others], first, SIZE)
    rows = [
        *lock_all(viewer, parted.ready, name, period),
        *((unit_button(viewer, one, name, period),) for one in here.here),
    ]
    rows += here.turning(
        viewer, "check.button.before", "check.button.after", partial(ShowPeriod, name, period)
    )
    rows.append((named(viewer, "locking.button.back", ShowHanded()),))
    return Reply(Markup("\n\n").join([*before, Markup("\n").join(filter(None, lines))]), tuple(rows))


async def locked_page(viewer: Viewer, held: Sequence[PeriodLock], key: str) -> Reply:
    """Return some locked periods, each with the button that asks why it is to be opened, under the sentence of a key."""
    active = await viewer.library.active_forms(viewer.session)
    asked = await reopenings.waiting(viewer.session, held)
    buttons = []
    for lock in held[:SIZE]:
        unit = places.name_of(await viewer.session.places.get(lock.place_id))
        form = active[lock.form_name][1] if lock.form_name in active else None
        label = viewer.say("locking.button.locked_at", title=lock_title(viewer, lock, form), place=unit)
        hand = "✋ " if lock.id in asked else ""
        buttons.append(choice(f"{hand}{label.unescape()}", AskReopening(lock.id)))
    where = ", ".join(map(places.own_name, await access.places_of(viewer, viewer.roles)))
    text = viewer.say(f"locking.{key}" if held else "locking.none_locked", n=len(held), place=where)
    return Reply(text, column(*buttons, named(viewer, "menu.button.kiemtra", ShowAwaiting())))


def asks_line(viewer: Viewer, unit: Place, asked: ReopeningRequest) -> Markup:
    """ "✋ xã Vĩnh Thông nhờ mở lại lúc 09:00 ngày 1/12/2026. Lý do: …"."""
    reason = asked_for(viewer, asked)
    at = asked.at.astimezone(viewer.zone)
    return viewer.say("locking.asks", place=first_upper(places.own_name(unit)), at=at, reason=reason)


def asked_for(viewer: Viewer, asked: ReopeningRequest) -> str:
    """Return why it is to be reopened, in words; several requests one after the other."""
    return "; ".join(reason_named(viewer, reason, viewer.locale) for reason in asked.reasons)


def reason_named(viewer: Viewer, reason: str, lang: str) -> str:
    """Return a reason to reopen, or not to, in words of a language."""
    known = (*viewer.plans.challenges.reopening, *viewer.plans.challenges.refusing)
    return next((it.named(lang) for it in known if it.id == reason), reason)


def told_unlocked(viewer: Viewer, units: Sequence[UnitPeriod]) -> tuple[Markup, ...]:
    """Return the units that are not locked: ready ones, those in which a village objects, and those that are not ready."""
    ready = attrgetter("ready")
    return (
        told(viewer, "locking.ready", [*filter(ready, units)]),
        told(viewer, "locking.contested", [*filter(attrgetter("contested"), units)]),
        answering_line(viewer, "locking.answering", filter(ready, units)),
        told(viewer, "locking.not_ready", [*filterfalse(ready, units)]),
    )


def answering_line(viewer: Viewer, key: str, units: Iterable[UnitPeriod]) -> Markup:
    """Name the places where somebody is in the middle of a report that a lock keeps from being sent; "" without any."""
    names = [places.own_name(place) for one in units for place in one.answering]
    return viewer.say(key, n=len(names), names=first_names(names, NAMED)) if names else Markup()


def lock_all(
    viewer: Viewer, ready: Sequence[UnitPeriod], form: str, period: Period
) -> list[tuple[Choice, ...]]:
    """Return the button that locks all ready units at once, if there are several."""
    # What a village says is not right is locked one by one, with that in view.
    ready = [one for one in ready if not one.contested]
    if len(ready) < 2:
        return []
    return [(choice(viewer.say("locking.button.all", n=len(ready)), LockReady(form, period)),)]


def told(viewer: Viewer, key: str, units: Sequence[UnitPeriod]) -> Markup:
    """Return the first of some units, each with how many of its reports are approved; nothing if there are none."""
    if not units:
        return Markup()
    names = [
        f"{places.own_name(one.unit)} ({one.approved}/{one.reported}/{one.expected})" for one in units[:NAMED]
    ]
    return viewer.say(key, n=len(units), names=first_names(names, NAMED, ", …" if len(units) > NAMED else ""))


def unit_button(viewer: Viewer, one: UnitPeriod, form: str, period: Period) -> Choice:
    """To lock a unit, or to reopen it."""
    name = places.own_name(one.unit)
    if one.lock is not None:
        return choice(viewer.say("locking.button.reopen_of", place=name), AskReopening(one.lock.id))
    return choice(viewer.say("locking.button.lock", place=name), LockUnit(one.unit.id, form, period))


def lock_title(viewer: Viewer, lock: PeriodLock, form: Questionnaire | None) -> str:
    """ "Nước sinh hoạt, tháng 11/2026"."""
    period = period_of_key(lock.period)
    return title(viewer, form, period) if form else f"{lock.form_name}, {period.label(viewer.locale)}"


def reasons_page(
    viewer: Viewer,
    lock: PeriodLock,
    unit: Place,
    name: str,
    *before: Markup,
    mine: bool,
    asked: ReopeningRequest | None,
) -> Reply:
    """Ask why it is to be reopened: a reason to choose, or words. `mine`: this officer reopens it themselves. `asked`: what
    those who answer for the unit ask for already."""
    reasons = viewer.plans.challenges.reopening
    buttons = [choice(it.named(viewer.locale), ReopenBecause(lock.id, at)) for at, it in enumerate(reasons)]
    back = [named(viewer, "menu.button.kiemtra", ShowAwaiting())]
    if mine and asked:
        buttons.insert(0, named(viewer, "locking.button.as_asked", ReopenAsAsked(lock.id)))
        back.insert(0, named(viewer, "locking.button.refuse", RefuseReopening(lock.id)))
    known = [asks_line(viewer, unit, asked)] if asked else []
    key = why_key(mine=mine, asked=asked is not None)
    text = viewer.say(key, title=name, place=places.own_name(unit))
    return Reply(Markup("\n\n").join([*before, *known, text]), column(*buttons), column(*back))


def why_key(*, mine: bool, asked: bool) -> str:
    """Return the key of the question why it is to be reopened."""
    if mine:
        return "locking.why"
    return "locking.ask_again" if asked else "locking.ask_above"


def refusal_page(
    viewer: Viewer, lock: PeriodLock, unit: Place, name: str, asked: ReopeningRequest, *before: Markup
) -> Reply:
    """Ask why it stays locked: a reason to choose, or words."""
    reasons = viewer.plans.challenges.refusing
    buttons = [choice(it.named(viewer.locale), RefuseBecause(lock.id, at)) for at, it in enumerate(reasons)]
    text = viewer.say("locking.refuse_why", title=name, place=places.own_name(unit))
    back = named(viewer, "locking.button.reopen", AskReopening(lock.id))
    return Reply(
        Markup("\n\n").join([*before, asks_line(viewer, unit, asked), text]), column(*buttons), column(back)
    )
