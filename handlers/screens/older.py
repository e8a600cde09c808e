"""Reports that nobody approved in a hundred days: the list names only how many, with the way to them."""

from typing import Final

from markupsafe import Markup

from figures.awaiting import older, with_facts
from handlers.buttons import Button, Position, button, choice
from handlers.menu import named
from handlers.messages import Choice, Reply
from handlers.screens.checking import ShowAwaiting, open_button
from handlers.screens.paging import paged
from handlers.viewer import Viewer

SIZE: Final = 8
"""How many reports fit on a screen."""


@button("c:z:{first}", opens=True)
class ShowOlder(Button):
    """The older reports that wait, from the one of this number on."""

    first: Position = 0


async def way_to(viewer: Viewer) -> list[Choice]:
    """Return the button to the older reports that wait, with their number; none if none does."""
    count = len(await older(viewer))
    return [choice(viewer.say("check.button.older", n=count), ShowOlder())] if count else []


async def page(viewer: Viewer, first: int) -> Reply | None:
    """Return the older reports that wait, each with its button; None if none does."""
    here = paged(await older(viewer), first, SIZE)
    items = await with_facts(viewer, here.here)
    if not items:
        return None
    rows: list[tuple[Choice, ...]] = [(open_button(viewer, item),) for item in items]
    rows += here.turning(viewer, "check.button.before", "check.button.after", ShowOlder)
    rows.append((named(viewer, "check.button.list", ShowAwaiting()),))
    heads = [viewer.say("check.older", n=here.count), *here.told(viewer, "check.which")]
    return Reply(Markup("\n\n").join(heads), tuple(rows))
