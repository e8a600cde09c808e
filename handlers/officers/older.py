"""Reports that nobody approved in a hundred days: they are no longer in the list, but wait all the same."""

from typing import Final

from handlers.buttons import Presses
from handlers.officers import checking
from handlers.screens import older as screen
from handlers.screens.older import ShowOlder
from handlers.turn import Turn

pressed: Final = Presses()


@pressed.on(ShowOlder)
async def on_older(turn: Turn, button: ShowOlder) -> None:
    """Show them; the list, if there are none any more."""
    page = await screen.page(turn.view, button.first)
    if page is None:
        await checking.show_list(turn)
    else:
        turn.send(page)
