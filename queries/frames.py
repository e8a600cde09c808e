"""What can be asked: one frozen type for each kind of question, with exactly the slots that it needs.

    ListingQuestion = Ranking | Export | Open
    Question = Lookup | Ranking | Trend | Compare | Missing | Progress | Export | Plan | Difficulties | Help | Open

The type decides how a question is answered. What a type has no slot for cannot be expressed in it, and the reader of
the question has to ask back. An empty slot was not said: the answer takes it from the asker, and says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Final, Literal, Self

Days = tuple[date, date]
"""First and last day, both included."""
By = Literal["", "count", "share"]
"""How many, what share, or neither said."""


class Intent(StrEnum):
    """The kind of a question by name, for logs and `thonbao ask`."""

    FIGURE = "figure"
    RANKING = "ranking"
    """Units ranked, picked or merely listed, each with its value."""
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
    """What is asked of an indicator. One aspect is never answered with another."""

    LEVEL = "level"
    """How much there is: "còn bao nhiêu nhà tạm"."""
    DONE = "done"
    """How much was done about it: "đã xóa được bao nhiêu nhà tạm"."""
    CHANGE = "change"
    """By how much it changed: "giảm bao nhiêu"."""
    REST = "rest"
    """The complement, those without it: "chưa có nước hợp vệ sinh"."""
    GAP = "gap"
    """What is missing to reach the target: "còn thiếu bao nhiêu để đạt"."""
    PART = "part"
    """What part of a larger unit a place has: "Phủ Thông chiếm bao nhiêu phần trăm của cả huyện"."""


class Order(StrEnum):
    """Which end of a ranking comes first."""

    HIGHEST = "highest"
    LOWEST = "lowest"
    BEST = "best"
    """The end that the indicator calls better."""
    WORST = "worst"


class Format(StrEnum):
    """The format of the answer."""

    TEXT = "text"
    PICTURE = "picture"
    EXCEL = "excel"
    CSV = "csv"
    JSON = "json"


class Relation(StrEnum):
    """How a value compares with a bound: "dưới 80 %"."""

    BELOW = "below"
    AT_MOST = "at_most"
    ABOVE = "above"
    AT_LEAST = "at_least"


class WhichTasks(StrEnum):
    """The tasks of plans that are asked for, by how they stand."""

    ALL = "all"
    STUCK = "stuck"
    OVERDUE = "overdue"
    LATE = "late"
    """Overdue or stuck."""
    NOT_DUE = "not_due"
    """With a last day that is yet to come, and not reported as done."""
    OPEN = "open"
    """Not reported as done."""
    NOT_BEGUN = "not_begun"
    UNDER_WAY = "under_way"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound by which units are picked."""

    relation: Relation
    value: Decimal
    unit: str = ""
    """The unit of the number: "%", "household" or "person"; "" if none was said."""
    shown: Decimal | None = None
    """How the number is written, if that is shorter than what units are held against."""

    @property
    def in_words(self) -> Decimal:
        """The number as it is written."""
        return self.value if self.shown is None else self.shown

    @property
    def counts(self) -> bool:
        """Whether it is a number of households or people rather than a share."""
        return self.unit in ("household", "person")


@dataclass(frozen=True, slots=True)
class Than:
    """A bound that is another place's value: "cao hơn toàn huyện"."""

    relation: Relation
    place: int
    mean: bool = False
    """Whether the average of the place's units is meant: "cao hơn bình quân của huyện"."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured: indicators by id, or all main ones of a domain; and what is asked of them."""

    indicators: tuple[str, ...] = ()
    domain: str = ""
    aspect: Aspect = Aspect.LEVEL
    by: By = ""
    """Whether the number ("nhiều hộ nghèo nhất") or the share ("tỷ lệ") was asked for."""
    narrowed: bool = False
    """Whether everybody was asked about, where the plans count ethnic minorities only."""
    nearly: bool = False
    """Whether something close to the indicator was named ("nước sạch"): the answer says what is counted."""
    defined: bool = False
    """Whether it was asked what it is: "thế nào là nhà tạm"."""
    added: bool = False
    """Whether it was asked how many there are more than before: "có thêm bao nhiêu"."""
    aim: Bound | None = None
    """The value from which the distance is asked, if the question says one: "để đạt 95 %"; None for the plans' own."""

    @property
    def changed(self) -> "Measure":
        """The change of what is measured. "Giảm nhiều nhất" asks for no number; a share that was named stays one."""
        return replace(self, aspect=Aspect.CHANGE, by="share" if self.by == "share" else "")

    def __bool__(self) -> bool:
        """Whether anything that can be measured was named."""
        return bool(self.indicators or self.domain)


@dataclass(frozen=True, slots=True)
class Condition:
    """Another condition on units, with its own bounds: "… và nước sạch dưới 80%"."""

    measure: Measure
    bounds: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class When:
    """Over which time; if nothing is set, the present period."""

    periods: tuple[Days, ...] = ()
    """Several if they are compared or form a series."""
    back: int = 0
    """How many of the latest periods ("3 tháng gần đây")."""
    unit: str = ""
    """Their length: week, month, quarter or year; "" for the questionnaire's own."""
    against: str = ""
    """Compared with the period before ("before"), the same a year earlier ("year_ago"), the year's first
    ("year_start"), or that in `periods` ("said")."""
    ago: int = 0
    """How many periods before the present one ("kỳ trước")."""
    run: bool = False
    """In each of several periods, one after another ("liên tục giảm", "3 kỳ liên tiếp chưa nộp")."""

    def __bool__(self) -> bool:
        """Whether a time was named; what it is compared with does not count."""
        return bool(self.periods or self.back or self.ago)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """The slots of every question: what, where (ids of places), when."""

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
        """Whether the complement of the indicator is asked for ("chưa có nước hợp vệ sinh")."""
        return self.measure.aspect is Aspect.REST

    @property
    def periods(self) -> tuple[Days, ...]:
        return self.when.periods

    def measuring(self, *indicators: str) -> Self:
        """The same question about these indicators."""
        return replace(self, measure=replace(self.measure, indicators=indicators, domain=""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Asking):
    """The slots of listed units: their level ("" is the one below), which of them, and their order."""

    level: str = ""
    order: Order | None = None
    """None: the better end first."""
    bounds: tuple[Bound, ...] = ()
    """Only units whose value meets all of them."""
    met: bool | None = None
    """Only units that meet, or miss, the plan's target."""

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
    """Whether the sum is asked for too: "hộ nghèo và cận nghèo tổng cộng"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking(Listing):
    """Units of a level, each with its value."""

    intent: ClassVar[Intent] = Intent.RANKING
    frame: Literal["ranking"] = "ranking"
    count: int | None = None
    """How many of them; None for as many as fit on a screen."""
    than: Than | None = None
    """Only units whose value is on this side of another place's."""
    also: tuple[Condition, ...] = ()
    """Only units that meet each of these too."""
    without: tuple[int, ...] = ()
    """Without these units and those in them: "trừ xã Phong Quang"."""
    summed: bool = False
    """What they have together is asked for too."""
    counted: bool = False
    """Whether the question asks how many units there are ("mấy thôn …")."""
    mean: bool = False
    """Whether it also asks for their average."""
    format: Format = Format.TEXT

    @property
    def picked(self) -> bool:
        return bool(self.bounds) or self.than is not None or self.met is not None

    @property
    def counts_units(self) -> bool:
        """Whether the question only asks how many units there are: "Cẩm Giàng có mấy thôn"."""
        return self.counted and not (self.measure or self.order or self.picked)

    @property
    def plain(self) -> bool:
        """Whether units are merely listed: not ranked, picked, counted or drawn."""
        drawn = self.format is not Format.TEXT
        return not (self.order or self.count or self.picked or self.counted or drawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend(Asking):
    """One place over time."""

    intent: ClassVar[Intent] = Intent.TREND
    frame: Literal["trend"] = "trend"
    format: Format = Format.TEXT
    order: Order | None = None
    """Which period is asked for: "tháng nào thiếu nước nhiều nhất"."""


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
    """Whether it asks who has reported rather than who has not."""
    approved: bool = False
    """Whether it asks what is approved or locked of what was sent."""
    timely: bool = False
    """Whether it asks who has reported in time, and who late."""
    senders: str = ""
    """The level of those who report, if units above them are asked about: "xã nào còn thôn chưa gửi"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Asking):
    """Where a place stands against its plans."""

    intent: ClassVar[Intent] = Intent.PROGRESS
    frame: Literal["progress"] = "progress"
    standing: str | None = None
    """The table of targets is wanted, with this standing; "" for all of them."""
    met: bool | None = None
    tasks: WhichTasks = WhichTasks.ALL
    """Of the table of tasks, only these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export(Listing):
    """Figures as a file."""

    intent: ClassVar[Intent] = Intent.EXPORT
    frame: Literal["export"] = "export"
    format: Format = Format.EXCEL


Clause = Literal["target", "norm", "agency", "task", "deadline", "content"]
"""What is asked of a plan: a target, a norm, an agency, a task, a deadline, or everything it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Asking):
    """What the plans themselves say, with the clause."""

    intent: ClassVar[Intent] = Intent.PLAN
    frame: Literal["plan"] = "plan"
    about: Clause = "target"
    topic: tuple[str, ...] = ()
    """The words that say what it is about, to be searched for in the plans' own words."""
    unread: tuple[str, ...] = ()
    """The phrases among them that no table knows: the answer says so if no clause has them either."""
    year: int | None = None
    plans: tuple[str, ...] = ()
    """Only these plans, by id: "kế hoạch Bạch Thông 2023"."""
    every: str = ""
    """For deadlines: only this rhythm ("quarter", "half" …); "" for all."""
    sender: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    """For deadlines: only what the agency of these words hands in, or receives."""
    senders: str = ""
    """For deadlines: only what units of this level hand in."""
    of_plan: bool = False
    """For deadlines: only what the plan named sets, and no questionnaire."""
    own: bool = False
    """For deadlines: only what the asker has to send: "tôi còn phải gửi phiếu gì"."""
    stands: bool = False
    """Whether it also asks how far the figure is: "… là bao nhiêu, đạt chưa"."""
    tasks: WhichTasks = WhichTasks.ALL
    """Of an agency's tasks, only these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difficulties(Asking):
    """What officers of a place and below report as stuck now."""

    intent: ClassVar[Intent] = Intent.DIFFICULTIES
    frame: Literal["difficulties"] = "difficulties"


@dataclass(frozen=True, slots=True, kw_only=True)
class Help(Asking):
    """What can be asked."""

    intent: ClassVar[Intent] = Intent.HELP
    frame: Literal["help"] = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Listing):
    """Words that do not make a question yet: they continue the one before, or the bot asks back."""

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


def slots_of(question: Question) -> dict[str, Any]:
    """The slots of a question by name."""
    return {slot.name: getattr(question, slot.name) for slot in fields(question) if slot.name != "frame"}


def framed(intent: Intent, slots: Mapping[str, Any]) -> Question:
    """The question of a kind, with those of the slots that this kind has.

    One place's value for each unit of a level is a listing; a figure wanted as a picture is a trend.
    """
    if intent is Intent.FIGURE:
        intent = kind_of_figure(slots)
    own = {slot.name for slot in fields(FRAMES[intent])} - {"frame"}
    some = {name: slot for name, slot in slots.items() if name in own}
    if some.get("format", Format.TEXT) not in FORMATS.get(intent, tuple(Format)):
        del some["format"]
    return FRAMES[intent](**some)


def kind_of_figure(slots: Mapping[str, Any]) -> Intent:
    """The kind of question that a wish for figures makes with these slots."""
    if slots.get("level"):
        return Intent.RANKING
    return Intent.TREND if slots.get("format") is Format.PICTURE else Intent.FIGURE


def as_kind(question: Question, intent: Intent, **slots: Any) -> Question:
    """The question as one of another kind, with some slots set; slots that the other kind lacks are dropped."""
    return framed(intent, slots_of(question) | slots)


FORMATS: Final = {
    Intent.RANKING: (Format.TEXT, Format.PICTURE),
    Intent.TREND: (Format.TEXT, Format.PICTURE),
    Intent.EXPORT: (Format.EXCEL, Format.CSV, Format.JSON),
}
"""The formats in which each kind of question can be answered."""
