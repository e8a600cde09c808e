"""Tình hình: "tình hình" and the buttons of the screens of a place's progress and of its targets."""

from typing import Final

from figures import access
from handlers.buttons import from_base36
from handlers.messages import Choice, column
from handlers.screens import progress, targets
from handlers.turn import Turn
from plans.rollup import Status
from storage import places
from storage.tables import Place, RoleName

LARGEST: Final = 2**63


async def show(turn: Turn) -> None:
    """The village of a village head; of several, first which one; else the unit that somebody looks after."""
    held = access.holds(turn.view, RoleName.VILLAGE_HEAD) or turn.roles
    wanted = dict.fromkeys(role.place_id for role in held)
    own = [place for place_id in wanted if (place := await turn.session.places.get(place_id))]
    if not own:
        turn.reply(turn.say("situation.gone"))
    elif len(own) == 1:
        turn.send(await progress.page(turn.view, own[0]))
    else:
        choices = (Choice(places.own_name(place), progress.data_of(place)) for place in own)
        turn.reply(turn.say("situation.which"), choices=column(*choices))


async def on_press(turn: Turn) -> None:
    """A press with the prefix "t": a place, nothing or "p" (picture), "d" (detail) or "g" (which domains), then a
    domain, or from which one on."""
    _, number, op, rest = (*turn.incoming.press.split(":", 3), "", "", "")[:4]
    place = await place_named(turn, number)
    domain = rest if rest in turn.library.plans.domains else ""
    if place is None:
        turn.reply(turn.say("situation.gone"))
    elif op == "p":
        turn.send(await progress.picture_page(turn.view, place, domain))
    else:
        turn.send(await progress.page(turn.view, place, domain, row_in(rest) if op == "g" else 0))


async def on_targets_press(turn: Turn) -> None:
    """A press with the prefix "v": a place, a standing, and from which target on."""
    _, number, standing, first = (*turn.incoming.press.split(":", 3), "", "", "")[:4]
    place = await place_named(turn, number)
    if place is None:
        turn.reply(turn.say("situation.gone"))
        return
    chosen = Status(standing) if standing in set(targets.ORDER) else None
    turn.send(await targets.page(turn.view, place, chosen, row_in(first)))


async def place_named(turn: Turn, number: str) -> Place | None:
    """The place whose number a button bears, if this person may see it."""
    place_id = from_base36(number)
    return await access.visible(turn.view, place_id) if place_id and place_id < LARGEST else None


def row_in(text: str) -> int:
    """The number of a row that a button bears; 0, the first, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
