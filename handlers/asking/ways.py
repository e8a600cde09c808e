"""The buttons of an answer: each leads to a question near the one answered, which the chat keeps under a number."""

from dataclasses import dataclass, replace
from typing import Annotated, Final

from handlers.buttons import Button, Leads, Position, RowId, Word, button, number, one_of
from queries.frames import Aspect, Format, Intent, Measure, Question, Ranking, When, as_kind
from queries.going_on import by_change

KeptNumber = Annotated[int, number(10)]
LEVELS: Final = ("thon", "xa", "huyen", "tinh")


@button("k:0:h:", opens=True)
class AskHelp(Button):
    """What can be asked."""


@dataclass(frozen=True, slots=True)
class OfAnswer(Button):
    """What all the others have: the number of the question that was answered."""

    question: KeptNumber

    def beside(self, query: Question) -> Question:
        """The question that this button makes from the one that was answered."""
        return query


@button("k:{question}:o:{place}", opens=True)
class TakeOffer(OfAnswer):
    """One of the offers of a question back."""

    place: Position


@button("k:{question}:m:{place}", opens=True)
class MoreOffers(OfAnswer):
    """The offers from this one on."""

    place: Position


@button("k:{question}:s:")
class SaveQuestion(OfAnswer):
    """Save the question."""


@button("k:{question}:n:{first}", opens=True)
class NextPage(OfAnswer):
    """The rest of the answer."""

    first: Position


@button("k:{question}:b:", opens=True)
class AskEarlier(OfAnswer):
    """The same about the period before."""


@button("k:{question}:p:{place}", opens=True)
class AskPlace(OfAnswer):
    """The same figures of another place."""

    place: RowId

    def beside(self, query: Question) -> Question:
        also = query.also if isinstance(query, Ranking) else ()
        if also:
            # For a unit picked by several figures, each of them is told.
            query = query.measuring(*query.indicators, *(id for one in also for id in one.measure.indicators))
        if query.when.run:
            return by_period(query, self.place)
        return as_kind(query, Intent.FIGURE, places=(self.place,), level="")


def by_period(query: Question, place: int) -> Question:
    """What held in each of several periods, period by period for one place; for steps, with the period before them."""
    steps = bool(query.when.back) and query.measure.aspect is Aspect.CHANGE
    when = replace(query.when, back=query.when.back + steps)
    level = replace(query.measure, aspect=Aspect.LEVEL)
    return as_kind(query, Intent.TREND, places=(place,), measure=level, when=when)


@button("k:{question}:d:{level}", opens=True)
class AskUnits(OfAnswer):
    """The units of a level below the place, ranked."""

    level: Annotated[str, one_of(LEVELS)]

    def beside(self, query: Question) -> Question:
        return by_change(as_kind(query, Intent.RANKING, level=self.level))


@button("k:{question}:i:{indicator}", opens=True)
class AskIndicator(OfAnswer):
    """The figure that a plan's clause sets."""

    indicator: Word

    def beside(self, query: Question) -> Question:
        return as_kind(query, Intent.FIGURE, measure=Measure((self.indicator,)), when=When())


@button("k:{question}:g:", opens=True)
class AskTrend(OfAnswer):
    """The same over time, as a picture."""

    def beside(self, query: Question) -> Question:
        return as_kind(query, Intent.TREND, format=Format.PICTURE)


@button("k:{question}:x:", leads_to=Leads.FILE)
class AskExcel(OfAnswer):
    """The same as a spreadsheet."""

    def beside(self, query: Question) -> Question:
        return as_kind(query, Intent.EXPORT, format=Format.EXCEL)
