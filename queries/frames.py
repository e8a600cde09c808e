"""What can be asked: one frozen type for each kind of question, with the slots that it needs and no others.

`ListingQuestion = Ranking | Export | Open
Question = Lookup | Ranking | Trend | Compare | Missing | Progress | Export | Plan | Difficulties | Help | Open`.
An answer is chosen by the type; whatever a type has no slot for cannot be said in it, and has to be asked back by whoever
reads the question.
An empty slot was not said: the answer takes it from the asker, and says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import Field, TypeAdapter

Days = tuple[date, date]
"""The first and the last day, both included."""
By = Literal["", "count", "share"]
"""How many, how large a part, or neither said."""


class Intent(StrEnum):
    """The kind of a question by name, as logs and `thonbao ask` have it."""

    FIGURE = "figure"
    RANKING = "ranking"
    """Units ordered, picked or only listed, each with its value."""
    TREND = "trend"
    """One place over time."""
    COMPARE = "compare"
    MISSING = "missing"
    """Who has or has not reported."""
    PROGRESS = "progress"
    """Against the plan."""
    EXPORT = "export"
    PLAN = "plan"
    """What the plans themselves say."""
    DIFFICULTIES = "difficulties"
    """What officers say is stuck."""
    HELP = "help"
    UNKNOWN = "unknown"


class Aspect(StrEnum):
    """What is asked of an indicator; one is never answered with another."""

    LEVEL = "level"
    """How much there is: "còn bao nhiêu nhà tạm"."""
    DONE = "done"
    """How much was done about it: "đã xóa được bao nhiêu nhà tạm"."""
    CHANGE = "change"
    """By how much it differs from before: "giảm bao nhiêu"."""
    REST = "rest"
    """Those without it: "chưa có nước hợp vệ sinh"."""
    GAP = "gap"
    """What is missing to reach the target: "còn thiếu bao nhiêu để đạt"."""
    PART = "part"
    """Which part of a larger unit's a place has: "Phủ Thông chiếm bao nhiêu phần trăm của cả huyện"."""


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
class Than:
    """A limit that is the value of another place: "cao hơn toàn huyện"."""

    relation: Relation
    place: int


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured: indicators by id, or all main ones of a domain, and what is asked of them."""

    indicators: tuple[str, ...] = ()
    domain: str = ""
    aspect: Aspect = Aspect.LEVEL
    by: By = ""
    """Asked for how many ("nhiều hộ nghèo nhất"), or for how large a part ("tỷ lệ")."""
    narrowed: bool = False
    """Asked about everybody, where the plans count the ethnic minorities only."""
    nearly: bool = False
    """Asked about what is nearly the indicator ("nước sạch"): the answer tells what is counted."""

    def __bool__(self) -> bool:
        """Whether anything that can be measured was named."""
        return bool(self.indicators or self.domain)


@dataclass(frozen=True, slots=True)
class Condition:
    """What else units are picked by, with its own bounds: "… và nước sạch dưới 80%"."""

    measure: Measure
    bounds: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class When:
    """Over which time; nothing of it set is the present period."""

    periods: tuple[Days, ...] = ()
    """Several where they are compared, or run through."""
    back: int = 0
    """How many of the latest periods ("3 tháng gần đây")."""
    unit: str = ""
    """Of which length they are: week, month, quarter or year; "" those of the questionnaire."""
    against: str = ""
    """Held against the period before ("before"), the same a year before ("year_ago"), the year's first ("year_start"),
    or that of `periods` ("said")."""
    ago: int = 0
    """How many periods before the present one ("kỳ trước")."""

    def __bool__(self) -> bool:
        """Whether a time was said; what it is held against is none."""
        return bool(self.periods or self.back or self.ago)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What every question may say: of what, where (ids of places), and when."""

    intent: ClassVar[Intent]
    measure: Measure = field(default_factory=Measure)
    places: tuple[int, ...] = ()
    when: When = field(default_factory=When)

    @property
    def indicators(self) -> tuple[str, ...]:
        return self.measure.indicators

    @property
    def domain(self) -> str:
        return self.measure.domain

    @property
    def complement(self) -> bool:
        """Whether the indicator is turned round ("chưa có nước hợp vệ sinh")."""
        return self.measure.aspect is Aspect.REST

    @property
    def periods(self) -> tuple[Days, ...]:
        return self.when.periods

    def measuring(self, *indicators: str) -> Self:
        """The same question of these indicators."""
        return replace(self, measure=replace(self.measure, indicators=indicators, domain=""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Asking):
    """What is said of units that are listed: their level ("" is the one below), which of them, and in which order."""

    level: str = ""
    order: Order | None = None
    """None: the better end first."""
    bounds: tuple[Bound, ...] = ()
    """Only units whose value keeps to all of them."""
    met: bool | None = None
    """Only units that meet (or do not meet) the plan's target."""

    @property
    def picked(self) -> bool:
        """Whether only some of the units are asked for."""
        return bool(self.bounds) or self.met is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup(Asking):
    """The value of one place."""

    intent: ClassVar[Intent] = Intent.FIGURE
    frame: Literal["figure"] = "figure"
    summed: bool = False
    """The sum of several numbers is asked for too: "hộ nghèo và cận nghèo tổng cộng"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking(Listing):
    """Units of a level, each with its value."""

    intent: ClassVar[Intent] = Intent.RANKING
    frame: Literal["ranking"] = "ranking"
    count: int | None = None
    """How many of them; None: as many as are shown at a time."""
    than: Than | None = None
    """Only units whose value is on that side of another place's."""
    also: tuple[Condition, ...] = ()
    """Only units that keep to each of these too."""
    without: tuple[int, ...] = ()
    """Not these units, nor those in them: "trừ xã Phong Quang"."""
    summed: bool = False
    """What they have together is asked for too."""
    counted: bool = False
    """Asked how many units there are ("mấy thôn …")."""
    mean: bool = False
    """Asked also how many each of them has on average."""
    format: Format = Format.TEXT

    @property
    def picked(self) -> bool:
        return bool(self.bounds) or self.than is not None or self.met is not None

    @property
    def counts_units(self) -> bool:
        """Whether it is asked how many units there are at all: "Cẩm Giàng có mấy thôn"."""
        return self.counted and not (self.measure or self.order or self.picked)

    @property
    def plain(self) -> bool:
        """Whether units are only listed: not ordered, picked, counted or drawn."""
        drawn = self.format is not Format.TEXT
        return not (self.order or self.count or self.picked or self.counted or drawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend(Asking):
    """One place over time."""

    intent: ClassVar[Intent] = Intent.TREND
    frame: Literal["trend"] = "trend"
    format: Format = Format.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare(Asking):
    """Places, or times, beside each other."""

    intent: ClassVar[Intent] = Intent.COMPARE
    frame: Literal["compare"] = "compare"
    summed: bool = False
    """Their sum is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing(Asking):
    """Who has or has not reported; `level`: of which units."""

    intent: ClassVar[Intent] = Intent.MISSING
    frame: Literal["missing"] = "missing"
    level: str = ""
    reported: bool = False
    """Asked who has, rather than who has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Asking):
    """Where a place stands against its plans."""

    intent: ClassVar[Intent] = Intent.PROGRESS
    frame: Literal["progress"] = "progress"
    standing: str | None = None
    """The table of targets is asked for, those of this standing; "" is all of them."""
    met: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Export(Listing):
    """Figures as a file."""

    intent: ClassVar[Intent] = Intent.EXPORT
    frame: Literal["export"] = "export"
    format: Format = Format.EXCEL


Clause = Literal["target", "norm", "agency", "task", "deadline", "content"]
"""What a plan is asked for: a number to reach, how much a support is, who does it, what to do, by when, or all it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Asking):
    """What the plans themselves say, with the clause."""

    intent: ClassVar[Intent] = Intent.PLAN
    frame: Literal["plan"] = "plan"
    about: Clause = "target"
    topic: tuple[str, ...] = ()
    """The words of the question that say of what: looked for in the plans' own words."""
    year: int | None = None
    plans: tuple[str, ...] = ()
    """Only these, by id: "kế hoạch Bạch Thông 2023"."""
    every: str = ""
    """Of deadlines those of this rhythm ("quarter", "half" …); "" of all."""
    own: bool = False
    """Of deadlines only what the asker has to send themselves: "tôi còn phải gửi phiếu gì"."""
    stands: bool = False
    """It is asked too how far the figure is: "… là bao nhiêu, đạt chưa"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difficulties(Asking):
    """What officers of a place and of those below it say is stuck, as of now."""

    intent: ClassVar[Intent] = Intent.DIFFICULTIES
    frame: Literal["difficulties"] = "difficulties"


@dataclass(frozen=True, slots=True, kw_only=True)
class Help(Asking):
    """What can be asked."""

    intent: ClassVar[Intent] = Intent.HELP
    frame: Literal["help"] = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Listing):
    """What was said does not yet make a question: it goes on from the one before, or is asked about."""

    intent: ClassVar[Intent] = Intent.UNKNOWN
    frame: Literal["unknown"] = "unknown"
    count: int | None = None
    format: Format = Format.TEXT


ListingQuestion = Ranking | Export | Open
Question = (
    Lookup | Ranking | Trend | Compare | Missing | Progress | Export | Plan | Difficulties | Help | Open
)
FRAMES: Final[dict[Intent, type[Question]]] = {
    kind.intent: kind
    for kind in (Lookup, Ranking, Trend, Compare, Missing, Progress, Export, Plan, Difficulties, Help, Open)
}
ADAPTER: Final[TypeAdapter[Question]] = TypeAdapter(Annotated[Question, Field(discriminator="frame")])


def slots_of(question: Question) -> dict[str, Any]:
    """The slots of a question by name."""
    return {slot.name: getattr(question, slot.name) for slot in fields(question) if slot.name != "frame"}


def framed(intent: Intent, slots: Mapping[str, Any]) -> Question:
    """The question of a kind with those of the slots that it has.

    A value of one place for each unit of a level is a listing; a figure wanted as a picture is one over time.
    """
    if intent is Intent.FIGURE:
        intent = kind_of_figure(slots)
    own = {slot.name for slot in fields(FRAMES[intent])} - {"frame"}
    some = {name: slot for name, slot in slots.items() if name in own}
    if some.get("format", Format.TEXT) not in FORMATS.get(intent, tuple(Format)):
        del some["format"]
    return FRAMES[intent](**some)


def kind_of_figure(slots: Mapping[str, Any]) -> Intent:
    """Which kind of question a wish for figures makes with these slots."""
    if slots.get("level"):
        return Intent.RANKING
    return Intent.TREND if slots.get("format") is Format.PICTURE else Intent.FIGURE


def as_kind(question: Question, intent: Intent, **slots: Any) -> Question:
    """The question as one of another kind, with some slots set; those that the other kind has not are dropped."""
    return framed(intent, slots_of(question) | slots)


FORMATS: Final = {
    Intent.RANKING: (Format.TEXT, Format.PICTURE),
    Intent.TREND: (Format.TEXT, Format.PICTURE),
    Intent.EXPORT: (Format.EXCEL, Format.CSV, Format.JSON),
}
"""In which forms an answer of a kind can be had."""


def to_json(question: Question) -> dict[str, Any]:
    """The question as JSON values, to be gone on from later."""
    body: dict[str, Any] = ADAPTER.dump_python(question, mode="json")
    return body


def from_json(body: dict[str, Any]) -> Question:
    """The question that `to_json` wrote, here or in 0.2.0, which had all slots in one type."""
    return ADAPTER.validate_python(body) if "frame" in body else FLAT.validate_python(body).framed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """Everything that 0.2.0 wrote of a question, in one type; slots that came later have their default."""

    intent: Intent
    indicators: tuple[str, ...] = ()
    domain: str = ""
    complement: bool = False
    measure: By = ""
    narrowed: bool = False
    places: tuple[int, ...] = ()
    periods: tuple[Days, ...] = ()
    back: int = 0
    unit: str = ""
    against: str = ""
    ago: int = 0
    level: str = ""
    order: Order | None = None
    count: int | None = None
    bounds: tuple[tuple[Relation, Decimal] | tuple[Relation, Decimal, str], ...] = ()
    met: bool | None = None
    format: Format = Format.TEXT
    reported: bool = False
    counted: bool = False
    standing: str | None = None

    def framed(self) -> Question:
        """The question as one of its kind."""
        aspect = Aspect.REST if self.complement else Aspect.LEVEL
        slots = {slot.name: getattr(self, slot.name) for slot in fields(self)}
        slots["measure"] = Measure(self.indicators, self.domain, aspect, self.measure, self.narrowed)
        slots["when"] = When(self.periods, self.back, self.unit, self.against, self.ago)
        slots["bounds"] = tuple(Bound(*bound) for bound in self.bounds)
        return framed(self.intent, slots)


FLAT: Final[TypeAdapter[Flat]] = TypeAdapter(Flat)
