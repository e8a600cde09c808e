"""Where a figure that was just told is from ("từ đâu ra số này"), and where the reasons for one are kept."""

from collections.abc import Sequence
from itertools import chain
from typing import Final

from markupsafe import Markup

from figures.ground import Ground, ground_of
from handlers.asking import one_place, recent
from handlers.asking.asked import BELOW, Asked
from handlers.asking.one_place import Traced
from handlers.messages import Choice
from handlers.screens import history
from handlers.turn import Turn
from handlers.vocabulary import TRACED
from queries.frames import Intent, Lookup, Question, Trend, as_kind
from queries.understanding import Doubt, Understanding
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of
from storage import places
from storage.tables import Level, Place

SHOWN: Final = 3
"""The figures of how many indicators get a button."""
LONGEST: Final = 80
"""The most letters of such a question."""


async def tells(turn: Turn, text: str) -> bool:
    """Answer a question where the figure just told is from, by the units that it is made of, or by its village; False for
    other words, and where no figure was told lately."""
    if not asks_where_from(text):
        return False
    before, ground = recent.before(turn.screen, turn.now), await ground_of(turn.view)
    if before is None or ground is None or not before.question.measure:
        return False
    return await tell_from(turn, ground, before.question)


def asks_where_from(text: str) -> bool:
    """Whether a text asks where a figure is from, and nothing else."""
    return len(text) <= LONGEST and bool(TRACED.whole(tokens_of(clean(text).rstrip(" ?"))))


async def tell_from(turn: Turn, ground: Ground, query: Question) -> bool:
    """Tell the figure of a question by what it is made of; False if its place is no longer there."""
    place = await turn.session.places.get(query.places[0] if query.places else ground.asker.place)
    if place is None:
        return False
    query, key = made_of(query, place), "village" if place.level == Level.VILLAGE else "units"
    told = turn.say(f"asking.traced.{key}", place=places.own_name(place))
    await recent.answer_and_keep(turn, ground, query, before=told)
    return True


def made_of(query: Question, place: Place) -> Question:
    """Return the question that shows what a figure of a place is made of."""
    below = BELOW.get(place.level, "")
    if not below:
        return as_kind(query, Intent.FIGURE, places=(place.id,))
    return as_kind(query, Intent.RANKING, places=(place.id,), level=below)


async def reasons_kept(
    turn: Turn, ground: Ground, meaning: Understanding
) -> tuple[list[Markup], list[Choice]]:
    """Return the reasons that are kept with a village's figures whose reason is asked for, and the buttons to the history of
    these. None for a unit above, nor for who may not see a village's single answers."""
    query, place = meaning.query, await village_of(turn, meaning.query)
    if meaning.doubt is not Doubt.NO_REASON or not isinstance(query, Trend) or place is None:
        return [], []
    asked = Asked(turn.view, ground, Lookup(measure=query.measure, places=query.places, when=query.when), 0)
    shown = (await asked.sources())[:SHOWN] if query.measure else []
    found = [(source, await one_place.traced(asked, place, source)) for source in shown]
    told = await reasons_told(turn, [one for _, one in found if one is not None])
    return told, [*chain(*one_place.history_buttons(asked, found))]


async def reasons_told(turn: Turn, found: Sequence[Traced]) -> list[Markup]:
    """Return the reasons kept with some figures, each figure once."""
    figures = {(one.report.id, one.number): one for one in found}.values()
    return [*chain(*[await history.reasons_of(turn.view, *one) for one in figures])]


async def village_of(turn: Turn, query: Question) -> Place | None:
    """Return the one village that is asked about; None for several places or a unit above."""
    place = await turn.session.places.get(query.places[0]) if len(query.places) == 1 else None
    return place if place and place.level == Level.VILLAGE else None
