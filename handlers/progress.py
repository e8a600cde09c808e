"""Tình hình: the words "tình hình", and the buttons of the screens of a place's progress and targets."""

from typing import Final

from figures import access
from figures.ground import ground_of
from handlers import menu
from handlers.buttons import Presses, choice
from handlers.messages import column
from handlers.navigation import DrawProgress, ShowAmounts, ShowProgress, ShowTargets, ShowTasks
from handlers.screens import amounts, progress, targets, tasks
from handlers.screens.amounts import DrawAmounts, SheetAmounts
from handlers.screens.progress import ShowDomain, ShowDomains
from handlers.screens.targets import EVERY, ShowTargetsDue, ShowTargetsOf, WhichTargets
from handlers.screens.tasks import ShowTasksThat
from handlers.turn import Turn
from queries.frames import WhichTasks
from storage import places
from storage.tables import Place, RoleName

pressed: Final = Presses()


async def show(turn: Turn) -> None:
    """Show a village head's village (of several, ask which), or the unit that somebody looks after."""
    own = await access.places_of(turn.view, access.holds(turn.view, RoleName.VILLAGE_HEAD) or turn.roles)
    if not own:
        turn.reply(turn.say("situation.gone"))
    elif len(own) == 1:
        turn.send(await progress.page(turn.view, own[0], brief=turn.can.brief))
    else:
        choices = (choice(places.own_name(place), ShowProgress(place.id)) for place in own)
        turn.reply(turn.say("situation.which"), choices=column(*choices))


@pressed.on(ShowProgress, ShowDomain, ShowDomains)
async def on_progress(turn: Turn, button: ShowProgress | ShowDomain | ShowDomains) -> None:
    """Where a place stands: from one domain on, or in one domain."""
    if place := await place_named(turn, button.place):
        domain = domain_named(turn, button.domain) if isinstance(button, ShowDomain) else ""
        first = button.first if isinstance(button, ShowDomains) else 0
        turn.send(await progress.page(turn.view, place, domain, first, brief=turn.can.brief))


@pressed.on(DrawProgress)
async def on_picture(turn: Turn, button: DrawProgress) -> None:
    if place := await place_named(turn, button.place):
        turn.send(await progress.picture_page(turn.view, place, domain_named(turn, button.domain)))


@pressed.on(ShowTargets, ShowTargetsOf, ShowTargetsDue)
async def on_targets(turn: Turn, button: ShowTargets | ShowTargetsOf | ShowTargetsDue) -> None:
    """The table of a place's targets, or those of one standing, and of one year."""
    if place := await place_named(turn, button.place):
        turn.send(await targets.page(turn.view, place, wanted_by(button)))


def wanted_by(button: ShowTargets | ShowTargetsOf | ShowTargetsDue) -> WhichTargets:
    """Which targets a button asks for."""
    match button:
        case ShowTargetsDue():
            return WhichTargets(button.standing, button.due, button.first)
        case ShowTargetsOf():
            return WhichTargets(button.standing, first=button.first)
        case _:
            return EVERY


@pressed.on(ShowAmounts, DrawAmounts, SheetAmounts)
async def on_amounts(turn: Turn, button: ShowAmounts | DrawAmounts | SheetAmounts) -> None:
    """What plans allot to a place, in words, as a picture, or as a spreadsheet."""
    place = await place_named(turn, button.place)
    if place is None:
        return
    match button:
        case ShowAmounts():
            turn.send(await amounts.page(turn.view, place, button.first))
        case DrawAmounts():
            turn.send(await amounts.picture_page(turn.view, place, button.first))
        case SheetAmounts():
            turn.send(await amounts.sheet(turn.view, place))


@pressed.on(ShowTasks, ShowTasksThat)
async def on_tasks(turn: Turn, button: ShowTasks | ShowTasksThat) -> None:
    """How the tasks of plans stand, all of them or some."""
    if place := await place_named(turn, button.place, totals=False):
        which = button.which if isinstance(button, ShowTasksThat) else WhichTasks.ALL
        turn.send(await tasks.page(turn.view, place, button.first, which))


async def place_named(turn: Turn, number: int, *, totals: bool = True) -> Place | None:
    """Return the place that a button names; reply and return None if this person may not see it.

    `totals`: the screen tells only totals, as a question about a unit beside the person's own does.
    """
    place = await access.visible(turn.view, number)
    if place is None and totals and access.is_officer(turn.view):
        ground = await ground_of(turn.view)
        place = await turn.session.places.get(number) if ground and ground.asker.sees(number) else None
    if place is None:
        turn.reply(turn.say("situation.gone"), choices=menu.buttons(turn.view))
    return place


def domain_named(turn: Turn, id: str) -> str:
    """Return the domain with this id, or "" for all domains if the plans no longer have it."""
    return id if id in turn.library.plans.domains else ""
