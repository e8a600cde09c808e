"""An officer looks at what villages answered to a questionnaire that was sent out."""

from typing import Final

from figures import access
from figures.requested import Request, requests
from handlers import menu
from handlers.buttons import Presses, short_name
from handlers.screens import answers
from handlers.screens.answers import AnswersSheet, ShowAnswers, ShowAnswersByUnit
from handlers.turn import Turn
from storage.tables import Place

pressed: Final = Presses()


async def found(
    turn: Turn, button: ShowAnswers | ShowAnswersByUnit | AnswersSheet
) -> tuple[Request, Place] | None:
    """The request that a button is about, and the place; if this person may not see it, or there is none, reply so."""
    place = await turn.session.places.get(button.place)
    own = access.holds(turn.view, *access.OFFICERS)
    if place is not None and await access.within(turn.view, place.id, own):
        for request in await requests(turn.view, place):
            if (short_name(request.form.name), request.period) == (button.form, button.period):
                return request, place
    await menu.old_button(turn)
    return None


@pressed.on(ShowAnswers)
async def show(turn: Turn, button: ShowAnswers) -> None:
    if wanted := await found(turn, button):
        turn.send(await answers.page(turn.view, *wanted, button.first))


@pressed.on(ShowAnswersByUnit)
async def by_unit(turn: Turn, button: ShowAnswersByUnit) -> None:
    if wanted := await found(turn, button):
        turn.send(await answers.by_unit(turn.view, *wanted, button.first))


@pressed.on(AnswersSheet)
async def sheet(turn: Turn, button: AnswersSheet) -> None:
    if wanted := await found(turn, button):
        turn.send(await answers.sheet(turn.view, *wanted))
