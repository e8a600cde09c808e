"""What an officer may lock: questionnaires with approved reports, then the units of one of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import filterfalse
from operator import attrgetter
from typing import Annotated, Final

from markupsafe import Markup

from figures import handing_up
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
from handlers.messages import Choice, Reply, column
from handlers.navigation import AskReopening, ShowHanded
from handlers.screens.checking import ShowAwaiting
from handlers.screens.paging import paged
from handlers.sentences import first_names
from handlers.viewer import Viewer
from plans.period import Period
from questionnaires.questionnaire import Questionnaire
from storage import places
from storage.tables import PeriodLock

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


def heads_of(viewer: Viewer, known: Sequence[Handed]) -> Iterator[Markup]:
    """Yield what can be done with what was handed up: lock it, or find what is locked."""
    yield viewer.say("locking.head" if any(one.approved for one in known) else "locking.none")
    if any(one.locks for one in known):
        yield viewer.say("locking.find")


async def handed_page(viewer: Viewer, first: int = 0, *before: Markup) -> Reply:
    """Return the questionnaires and periods with approved reports, then the locked ones."""
    handed = await handing_up.handed_up(viewer)
    active = await viewer.library.active_forms(viewer.session)
    known = [part for one in handed for part in shown_as(one, active)]
    here = paged(known, first, SIZE)
    heads = heads_of(viewer, known)
    rows: list[tuple[Choice, ...]] = [(await handed_button(viewer, one, active),) for one in here.here]
    rows += here.turning(viewer, "check.button.before", "check.button.after", ShowHanded)
    rows.append((named(viewer, "menu.button.kiemtra", ShowAwaiting()),))
    text = Markup("\n\n").join([*before, *heads, *here.told(viewer, "locking.which")])
    return Reply(text, tuple(rows))


def shown_as(one: Handed, active: ActiveForms) -> list[Handed]:
    """Return a questionnaire in use as it is; of one that is no longer in use, each lock by itself."""
    return [one] if one.form in active else [replace(one, locks=(lock,)) for lock in one.locks]


async def handed_button(viewer: Viewer, one: Handed, active: ActiveForms) -> Choice:
    """ "Nước sinh hoạt, tháng 11/2026: duyệt 24/25", "🔒 Nước sinh hoạt, tháng 10/2026: đã khoá 3 nơi"."""
    if one.form not in active:
        [lock] = one.locks
        unit = places.name_of(await viewer.session.places.get(lock.place_id))
        label = viewer.say("locking.button.locked_at", title=lock_title(viewer, lock, None), place=unit)
        return choice(label, AskReopening(lock.id))
    name = title(viewer, active[one.form][1], one.period)
    key = "locking.button.handed" if one.approved else "locking.button.locked"
    label = viewer.say(key, title=name, n=one.approved or len(one.locks), of=one.reports)
    return choice(label, ShowPeriod(short_name(one.form), one.period))


def title(viewer: Viewer, form: Questionnaire, period: Period) -> str:
    """ "Nước sinh hoạt, tháng 11/2026"."""
    return f"{form.title(viewer.locale)}, {period.label(viewer.locale)}"


def period_page(
    viewer: Viewer,
    form: Questionnaire,
    period: Period,
    units: Sequence[UnitPeriod],
    first: int = 0,
    *before: Markup,
) -> Reply:
    """Return the units that may be locked, those that are not ready, and those that are locked."""
    locked = [one for one in units if one.lock is not None]
    ready = [one for one in units if one.ready]
    lines = [
        viewer.say("locking.period", title=title(viewer, form, period)),
        *told_unlocked(viewer, [one for one in units if one.lock is None]),
        told(viewer, "locking.locked", locked),
        viewer.say("locking.means") if ready else Markup(),
    ]
    name = short_name(form.name)
    here = paged([*ready, *locked], first, SIZE)
    rows = [
        *lock_all(viewer, ready, name, period),
        *((unit_button(viewer, one, name, period),) for one in here.here),
    ]
    rows += here.turning(
        viewer, "check.button.before", "check.button.after", partial(ShowPeriod, name, period)
    )
    rows.append((named(viewer, "locking.button.back", ShowHanded()),))
    return Reply(Markup("\n\n").join([*before, Markup("\n").join(filter(None, lines))]), tuple(rows))


def told_unlocked(viewer: Viewer, units: Sequence[UnitPeriod]) -> tuple[Markup, ...]:
    """Return the units that are not locked: ready ones, those in which a village objects, and those that are not ready."""
    ready = attrgetter("ready")
    return (
        told(viewer, "locking.ready", [*filter(ready, units)]),
        told(viewer, "locking.contested", [*filter(attrgetter("contested"), units)]),
        told(viewer, "locking.not_ready", [*filterfalse(ready, units)]),
    )


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
    viewer: Viewer, lock: PeriodLock, unit: str, name: str, *before: Markup, mine: bool
) -> Reply:
    """Ask why it is to be reopened: a reason to choose, or words. `mine`: this officer reopens it themselves."""
    reasons = viewer.plans.challenges.reopening
    buttons = [choice(it.named(viewer.locale), ReopenBecause(lock.id, at)) for at, it in enumerate(reasons)]
    asked = viewer.say("locking.why" if mine else "locking.ask_above", title=name, place=unit)
    back = [named(viewer, "menu.button.kiemtra", ShowAwaiting())]
    return Reply(Markup("\n\n").join([*before, asked]), column(*buttons), column(*back))
