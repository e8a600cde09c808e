"""Việc tuần này: what the commune's officer does first on a Monday."""

from operator import attrgetter
from typing import Final

from figures import access
from handlers import menu
from handlers.buttons import Presses, choice
from handlers.messages import column
from handlers.screens import monday
from handlers.screens.checking import ShowMonday
from handlers.turn import Turn
from storage import places
from storage.tables import RoleName

pressed: Final = Presses()


async def show(turn: Turn) -> None:
    """Show the officer's commune; of several, ask which."""
    communes = await access.places_of(turn.view, access.holds(turn.view, RoleName.COMMUNE_OFFICER))
    if not communes:
        turn.reply(turn.say("monday.only"), choices=menu.buttons(turn.view))
    elif len(communes) == 1:
        turn.send(await monday.page(turn.view, communes[0]))
    else:
        in_order = sorted(communes, key=attrgetter("id"))
        buttons = (choice(places.own_name(unit), ShowMonday(unit.id)) for unit in in_order)
        turn.reply(turn.say("officer.which"), choices=column(*buttons))


@pressed.on(ShowMonday)
async def on_monday(turn: Turn, button: ShowMonday) -> None:
    """A commune's view, for its own officers."""
    commune = await access.visible(turn.view, button.place)
    if commune is None or not await access.may_remind(turn.view, commune):
        turn.reply(turn.say("menu.no_such_place"), choices=menu.buttons(turn.view))
    else:
        turn.send(await monday.page(turn.view, commune))
