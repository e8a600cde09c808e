"""All slots of a question in one type, as they are read before it is known which kind of question it is."""

from dataclasses import dataclass, fields, replace
from typing import Literal

from queries.frames import (
    Aspect,
    Bound,
    By,
    Days,
    Format,
    Intent,
    Order,
    Question,
    Ranking,
    framed,
)
from queries.understanding import Doubt, Offer, Understanding


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for. An empty slot was not said: the answer takes it from the asker, and says so.

    `places` are ids; `level` the level of the units that are listed; `periods` two spans where two are compared.
    `complement`: the indicator turned round ("chưa có nước hợp vệ sinh").
    """

    intent: Intent = Intent.UNKNOWN
    indicators: tuple[str, ...] = ()
    complement: bool = False
    domain: str = ""
    places: tuple[int, ...] = ()
    level: str = ""
    periods: tuple[Days, ...] = ()
    back: int = 0
    """So many latest periods ("3 tháng gần đây")."""
    unit: str = ""
    """Of which length they are: week, month, quarter or year; "" those of the questionnaire."""
    against: str = ""
    """Held against the same period a year before ("year_ago"), or against the year's first ("year_start")."""
    ago: int = 0
    """So many periods before the present one ("kỳ trước")."""
    order: Order | None = None
    count: int | None = None
    bounds: tuple[Bound, ...] = ()
    """Only units whose value keeps to all of them."""
    met: bool | None = None
    """Only units that meet (or do not meet) the plan's target."""
    format: Format = Format.TEXT
    reported: bool = False
    """For MISSING: asked who has, rather than who has not."""
    counted: bool = False
    """For RANKING: asked how many units there are ("mấy thôn …")."""
    measure: By = ""
    """Asked for how many ("nhiều hộ nghèo nhất"), or for how large a part ("tỷ lệ")."""
    narrowed: bool = False
    """Asked about everybody, where the plans count the ethnic minorities only."""
    standing: str | None = None
    """For PROGRESS: the table of targets is asked for, those of this standing; "" is all of them."""

    def followed_by(self, later: "Query") -> "Query":
        """`later` with what it leaves out taken from this question.

        After a ranking a plain figure is the place's own: it is not ordered, nor held against the bound.
        """
        about = later if later.indicators or later.domain else self
        intent = self.intent if later.intent is Intent.UNKNOWN else later.intent
        picked = not (intent is Intent.FIGURE and self.intent is Intent.RANKING)
        return replace(
            later,
            intent=intent,
            indicators=about.indicators,
            complement=about.complement or later.complement,
            domain=about.domain,
            places=later.places or self.places,
            level=later.level or (self.level if picked and not later.places else ""),
            periods=later.periods or (() if later.ago or later.back else self.periods),
            ago=later.ago or (0 if later.periods or later.back else self.ago),
            back=later.back or (0 if later.periods or later.ago else self.back),
            unit=later.unit or ("" if later.periods or later.ago or later.back else self.unit),
            against=later.against or (self.against if intent is self.intent and not later.back else ""),
            order=later.order or (self.order if picked else None),
            bounds=later.bounds or (self.bounds if picked else ()),
            met=self.met if later.met is None and picked else later.met,
            measure=later.measure or (self.measure if picked else ""),
            narrowed=about.narrowed,
            standing=self.standing if later.standing is None and intent is self.intent else later.standing,
        )

    def framed(self) -> Question:
        """The question as one of its kind."""
        intent = self.intent
        if intent is Intent.FIGURE and self.level:
            intent = Intent.RANKING
        slots = {slot.name: getattr(self, slot.name) for slot in fields(self)}
        slots["aspect"] = Aspect.REST if self.complement else Aspect.LEVEL
        slots["by"] = self.measure
        if intent is Intent.EXPORT and self.format is Format.TEXT:
            slots["format"] = Format.EXCEL
        return framed(intent, slots)

    @classmethod
    def of(cls, question: Question) -> "Query":
        """The slots of a question."""
        slots = {slot.name: getattr(question.measure, slot.name) for slot in fields(question.measure)}
        slots |= {slot.name: getattr(question.when, slot.name) for slot in fields(question.when)}
        slots |= {slot.name: getattr(question, slot.name) for slot in fields(question)}
        slots |= {"complement": question.complement, "measure": question.measure.by}
        intent = question.intent
        if isinstance(question, Ranking):
            listed = Ranking(
                measure=question.measure, places=question.places, when=question.when, level=question.level
            )
            intent = Intent.FIGURE if question == listed else intent
        own = {slot.name for slot in fields(cls)}
        return cls(**{name: slot for name, slot in slots.items() if name in own} | {"intent": intent})


@dataclass(frozen=True, slots=True)
class Draft:
    """An understanding whose question is not yet one of a kind."""

    status: Literal["answer", "clarify", "refuse", "help"]
    query: Query
    doubt: Doubt | None = None
    offers: tuple[Offer, ...] = ()
    words: tuple[str, ...] = ()

    def framed(self) -> Understanding:
        """The understanding, with the question as one of its kind."""
        return Understanding(self.status, self.query.framed(), self.doubt, self.offers, self.words)
