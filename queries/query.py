"""A question as it was understood, and what to do where it was not."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

Days = tuple[date, date]
"""The first and the last day, both included."""
Measure = Literal["", "count", "share"]
"""How many, how large a part, or neither said."""


class Intent(StrEnum):
    """What is wanted."""

    FIGURE = "figure"
    RANKING = "ranking"
    """Units ordered, or picked, by a value."""
    TREND = "trend"
    """One place over time."""
    COMPARE = "compare"
    MISSING = "missing"
    """Who has or has not reported."""
    PROGRESS = "progress"
    """Against the plan."""
    EXPORT = "export"
    HELP = "help"
    UNKNOWN = "unknown"


class Order(StrEnum):
    """Which end of a ranking comes first."""

    HIGHEST = "highest"
    LOWEST = "lowest"
    BEST = "best"
    """The end that the indicator calls better."""
    WORST = "worst"


class Format(StrEnum):
    """How the answer is wanted."""

    TEXT = "text"
    PICTURE = "picture"
    EXCEL = "excel"
    CSV = "csv"
    JSON = "json"


class Relation(StrEnum):
    """How a value is held against a bound: "dưới 80 %"."""

    BELOW = "below"
    AT_MOST = "at_most"
    ABOVE = "above"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit that picks units."""

    relation: Relation
    value: Decimal
    unit: str = ""
    """What it is a number of: "%", "household" or "person"; "" where that was not said."""

    @property
    def counts(self) -> bool:
        """Whether households or people were said, not a share of them."""
        return self.unit in ("household", "person")


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
    measure: Measure = ""
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

    def to_json(self) -> dict[str, Any]:
        """This question as JSON values, to be gone on from later."""
        return {
            "intent": self.intent.value,
            "indicators": list(self.indicators),
            "complement": self.complement,
            "domain": self.domain,
            "places": list(self.places),
            "level": self.level,
            "periods": [[start.isoformat(), end.isoformat()] for start, end in self.periods],
            "back": self.back,
            "unit": self.unit,
            "against": self.against,
            "ago": self.ago,
            "order": self.order.value if self.order else None,
            "count": self.count,
            "bounds": [[bound.relation.value, str(bound.value), bound.unit] for bound in self.bounds],
            "met": self.met,
            "format": self.format.value,
            "reported": self.reported,
            "counted": self.counted,
            "measure": self.measure,
            "narrowed": self.narrowed,
            "standing": self.standing,
        }

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> "Query":
        """The question that `to_json` wrote."""
        return cls(
            intent=Intent(body["intent"]),
            indicators=tuple(body["indicators"]),
            complement=body["complement"],
            domain=body["domain"],
            places=tuple(body["places"]),
            level=body["level"],
            periods=tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in body["periods"]),
            back=body["back"],
            unit=body.get("unit", ""),
            against=body.get("against", ""),
            ago=body["ago"],
            order=Order(body["order"]) if body["order"] else None,
            count=body["count"],
            bounds=tuple(
                Bound(Relation(kind), Decimal(value), *unit) for kind, value, *unit in body.get("bounds", ())
            ),
            met=body["met"],
            format=Format(body["format"]),
            reported=body["reported"],
            counted=body.get("counted", False),
            measure=body.get("measure", ""),
            narrowed=body.get("narrowed", False),
            standing=body.get("standing"),
        )


class Doubt(StrEnum):
    """Why a question is not answered as it stands."""

    WHICH_INDICATOR = "which_indicator"
    WHICH_PLACE = "which_place"
    ONE_PLACE = "one_place"
    """Several places were named for what is told of one at a time."""
    WHICH_UNITS = "which_units"
    """How many units are wanted, but not which of them count: all with some, all with everything, or those on target."""
    NO_PLACE = "no_place"
    WHICH_PERIOD = "which_period"
    WHICH_DAYS = "which_days"
    """A day that may stand for the time that is reported on it: "kỳ báo cáo 15/6"."""
    FUTURE = "future"
    UNKNOWN_WORDS = "unknown_words"
    TOGETHER = "together"
    """Known words that the answer would pass over or override."""
    TOO_LONG = "too_long"
    EMPTY = "empty"
    PERSONAL = "personal"
    CHANGE = "change"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to go on: a slot and the value it would take.

    An id; for "text" the question put right; for "units" those that count: "some", "all", "met" or "unmet".
    """

    slot: Literal["indicator", "place", "text", "units"]
    value: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """`status` says what to do: answer the query, ask the person (`doubt`, `offers`), refuse, or show the help.

    `words` are those that nobody knows. When the status is "clarify", `query` holds what was understood.
    """

    status: Literal["answer", "clarify", "refuse", "help"]
    query: Query
    doubt: Doubt | None = None
    offers: tuple[Offer, ...] = ()
    words: tuple[str, ...] = ()
