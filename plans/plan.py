"""What the plans commit to, read from data: programmes with their targets, indicators, and who is asked when.

A plan is a folder in `programmes/` with a `programme.toml` (what the document is, which units it covers)
and a `targets.csv` (one commitment a row, each with its clause); it may have a `deadlines.toml` (who hands in
what to whom by when), a `sums.toml` (what adds up to what) and a `schedule.toml` of its own. Indicators are
shared by all plans, so that the same figure in several plans is one; they stand in `indicators/`, a file for
each domain, and name questions of the questionnaires. The folder's own `schedule.toml` says which questionnaire
every place of a level is asked in which period.
Nothing here knows a database or a questionnaire's inside; `checks` proves that the data holds together.
"""

import csv
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from plans.period import Calendar, Period, PeriodKind, day_in
from plans.schedule import Entry, once, read_entry

FOLDER: Final = Path(__file__).resolve().parent
LEVELS: Final = ("thon", "xa", "huyen", "tinh", "nuoc")
"""From the village up."""


class Comparator(StrEnum):
    """How a figure is held against a target's value."""

    AT_LEAST = "at_least"
    ABOVE = "above"
    AT_MOST = "at_most"
    BELOW = "below"
    COMPLETE = "complete"
    """Reach the value in full ("100 %")."""
    ELIMINATE = "eliminate"
    """Nothing may be left ("xóa nhà tạm"): the goal is 0."""
    RANGE = "range"
    """Between `value` and `value_high`: met from the nearer end on ("từ 2.900 đến 3.000 USD")."""
    REDUCE_YEARLY = "reduce_yearly"
    """Fall by `value` (to `value_high`) points a year, against the value at the end of the year before."""
    REDUCE_YEARLY_ABOVE = "reduce_yearly_above"
    """The same, by more than `value` points ("giảm trên 3 %/năm")."""
    INCREASE_YEARLY = "increase_yearly"
    """Rise by `value` (to `value_high`) points a year, against the value at the end of the year before."""
    SHRINK_YEARLY = "shrink_yearly"
    """Fall by `value` (to `value_high`) percent of itself a year ("số cặp tảo hôn giảm 2-3 %/năm")."""
    REDUCE_SHARE = "reduce_share"
    """Fall by `value` percent of the baseline ("giảm ít nhất 30 % số xã đặc biệt khó khăn")."""
    MULTIPLY = "multiply"
    """Reach `value` times the baseline."""
    MULTIPLY_ABOVE = "multiply_above"
    """Reach more than `value` times the baseline ("trên 2 lần so với năm 2020")."""
    MAINTAIN = "maintain"
    """Not fall under the value, or under the baseline where the plan gives no value."""
    QUOTA = "quota"
    """Reach a number of households or works, counted from the plan's first day."""
    TREND = "trend"
    """Words without a number: followed, never judged."""

    @property
    def yearly(self) -> bool:
        """Whether it sets a change against the value at the end of the year before."""
        return self in YEARLY

    @property
    def relative(self) -> bool:
        """Whether `value` is a change against an earlier value rather than a number to reach."""
        return self in YEARLY or self in AGAINST_BASELINE


YEARLY: Final = frozenset(
    {
        Comparator.REDUCE_YEARLY,
        Comparator.REDUCE_YEARLY_ABOVE,
        Comparator.INCREASE_YEARLY,
        Comparator.SHRINK_YEARLY,
    }
)
AGAINST_BASELINE: Final = frozenset({Comparator.REDUCE_SHARE, Comparator.MULTIPLY, Comparator.MULTIPLY_ABOVE})


class CommitmentKind(StrEnum):
    """What sort of commitment a row is."""

    TARGET = "target"
    QUOTA = "quota"
    CAPITAL = "capital"
    WORKS = "works"
    DEADLINE = "deadline"
    TASK = "task"
    TREND = "trend"


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator means from `first_day` on, in words by language, and where that is laid down."""

    texts: Mapping[str, str]
    source: str
    first_day: date = date.min

    def text(self, lang: str = "vi") -> str:
        """The words in `lang`."""
        return self.texts.get(lang) or self.texts["vi"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure that can be counted: Σ numerator (less Σ `minus`) / Σ denominator × factor.

    The names are questions of the questionnaires; without a denominator the figure is a count. No questions
    at all means that no questionnaire asks for it yet. A `part` is a question that is only asked when its
    whole is above 0, so it counts as 0 when the whole is 0. `stock` figures stand at a date, others add up
    over a period.
    """

    id: str
    names: Mapping[str, str]
    domain: str
    unit: Mapping[str, str]
    """By language; `one` is the English unit of 1."""
    better: Literal["up", "down"]
    level: str
    """The lowest level that can count it."""
    definitions: tuple[Definition, ...]
    """The oldest first; each holds until the next begins."""
    numerator: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    factor: Decimal = Decimal(1)
    decimals: int = 0
    stock: bool = True
    additive: bool = True
    """Whether places together have it: a mean that is asked for without what it is a mean of does not add up."""
    main: bool = False
    """Shown on the one-screen summary."""
    synonyms: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Every question that the figure needs, each once."""

    def __post_init__(self) -> None:
        wholes = tuple(self.parts.values())
        needed = dict.fromkeys((*self.numerator, *self.minus, *self.denominator, *wholes))
        object.__setattr__(self, "questions", tuple(needed))

    @property
    def rate(self) -> bool:
        """Whether it is a share of something rather than a count."""
        return bool(self.denominator)

    def name(self, lang: str = "vi") -> str:
        """Its name in `lang`."""
        return self.names.get(lang) or self.names["vi"]

    def unit_name(self, lang: str = "vi") -> str:
        """Its unit in `lang`: "%", "hộ"."""
        return self.unit.get(lang) or self.unit["vi"]

    def definition_on(self, day: date) -> Definition:
        """What it meant on `day`; on a day before its first definition, that one."""
        begun = [each for each in self.definitions if each.first_day <= day]
        return begun[-1] if begun else self.definitions[0]


@dataclass(frozen=True, slots=True)
class Target:
    """One commitment of a plan, with the clause it stands in."""

    plan: str
    id: str
    kind: CommitmentKind
    clause: str
    domain: str
    indicator: str
    statement: str
    """In the document's words; letters misread by the scan are mended, numbers never."""
    comparator: Comparator
    value: Decimal | None
    value_high: Decimal | None
    unit: str
    year_due: int | None
    baseline_year: int | None
    baseline: Decimal | None
    scope: str
    """Whom it speaks of: "hộ dân tộc thiểu số", "dân cư nông thôn" …"""
    level: str
    """The level that reports it."""
    set_at: str
    """The level of the unit that set it: a province's target is only an orientation for a village."""
    agency: str
    note: str

    @property
    def due(self) -> date | None:
        """The last day for it, None where the plan names no year."""
        return date(self.year_due, 12, 31) if self.year_due else None

    @property
    def goal(self) -> Decimal | None:
        """The plan's number: what to reach or, of a relative target, by how much to change; None without one.

        What a relative target makes a place reach is worked out in `rollup.standing`.
        """
        if self.comparator is Comparator.ELIMINATE:
            return Decimal(0)
        if self.comparator is Comparator.TREND:
            return None
        if self.comparator is Comparator.MAINTAIN and self.value is None:
            return self.baseline
        return self.value

    @property
    def numbered(self) -> bool:
        """Whether a number is to be held against it: one of the plan, or what is to be maintained since a year."""
        kept = self.comparator is Comparator.MAINTAIN and self.baseline_year is not None
        return kept or self.goal is not None

    @property
    def comparable(self) -> bool:
        """Whether a smaller place's figure can be held against it: a rate or a zero can, a quota cannot."""
        return self.goal is not None and self.comparator is not Comparator.QUOTA


@dataclass(frozen=True, slots=True)
class Cover:
    """A unit that a programme is for. `former`: since dissolved, it lives on in its successors."""

    level: str
    name: str
    within: str = ""
    """The province it lay in, where a name alone is not enough."""
    former: bool = False

    def may_hold(self, other: "Cover") -> bool:
        """Whether `other` is this unit or lies in it."""
        same = (self.level, self.name) == (other.level, other.name)
        return self.level == "nuoc" or same or (self.level == "tinh" and self.name == other.within)


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when a report or another paper has to be with whom, with its clause.

    `month` and `day` are the last day in time, counted from 1 in the period: month 13 of a year is the January
    after it. Without them, or without a period, the plan names no day ("đột xuất, khi có yêu cầu").
    """

    clause: str
    owes: str
    """The level that owes it."""
    agency: str
    """Who of that level, if named."""
    to: str
    period: PeriodKind | None
    calendar: Calendar
    month: int | None
    day: int | None
    statements: Mapping[str, str]

    def due(self, period: Period) -> date | None:
        """The last day on which it is in time for `period`; None where the plan names no day."""
        return None if self.day is None else day_in(period, self.month or 1, self.day)

    def statement(self, lang: str = "vi") -> str:
        """The document's words; in another language what they say."""
        return self.statements.get(lang) or self.statements["vi"]


@dataclass(frozen=True, slots=True)
class Sum:
    """Commitments of a plan (by id) whose values add up to that of another."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """One plan document as data."""

    id: str
    titles: Mapping[str, str]
    short: Mapping[str, str]
    document: str
    dated: str
    issuer: str
    first_day: date
    last_day: date
    level: str
    """The level of the unit that issued it."""
    covers: tuple[Cover, ...]
    calendar: Calendar
    targets: tuple[Target, ...]
    note: str = ""
    schedule: tuple[Entry, ...] = ()
    """Questionnaires that only its places are asked."""
    deadlines: tuple[Deadline, ...] = ()
    sums: tuple[Sum, ...] = ()
    of_indicator: Mapping[str, tuple[Target, ...]] = field(init=False, repr=False, compare=False)
    """Its targets by indicator, in their order."""

    def __post_init__(self) -> None:
        found: dict[str, list[Target]] = {}
        for target in self.targets:
            found.setdefault(target.indicator, []).append(target)
        object.__setattr__(self, "of_indicator", {name: tuple(some) for name, some in found.items()})

    def title(self, lang: str = "vi") -> str:
        """Its short title in `lang`, for people's screens."""
        return self.short.get(lang) or self.short["vi"]

    def covers_any(self, units: Collection[tuple[str, str]]) -> bool:
        """Whether it is for one of `units`: (level, name) of a place, those above it and their predecessors.

        A cover that names its province needs that province among the units too: a name alone may repeat.
        """
        return any(
            (cover.level, cover.name) in units and (not cover.within or ("tinh", cover.within) in units)
            for cover in self.covers
        )

    def shares_ground(self, other: "Programme") -> bool:
        """Whether a place may be covered by both, as far as the names of what they cover tell."""
        return any(one.may_hold(two) or two.may_hold(one) for one in self.covers for two in other.covers)


@dataclass(frozen=True, slots=True)
class Plans:
    """Everything the folder holds."""

    programmes: Mapping[str, Programme]
    indicators: Mapping[str, Indicator]
    schedule: tuple[Entry, ...]
    domains: Mapping[str, Mapping[str, str]]
    """The domains in the order they are shown, with their names by language."""
    found: dict[tuple[str, ...] | frozenset[str], tuple[Indicator, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    """What was looked up before: plans never change."""

    def covering(self, units: Collection[tuple[str, str]]) -> tuple[Programme, ...]:
        """The programmes for a place, the nearest level first; `units` as in `Programme.covers_any`."""
        found = [programme for programme in self.programmes.values() if programme.covers_any(units)]
        return tuple(sorted(found, key=lambda programme: LEVELS.index(programme.level)))

    def targets_of(self, indicator: str, programmes: Iterable[Programme]) -> tuple[Target, ...]:
        """The targets for `indicator` in `programmes`, in their order."""
        return tuple(
            target for programme in programmes for target in programme.of_indicator.get(indicator, ())
        )

    def asked_of(self, level: str, programmes: Iterable[Programme] = ()) -> tuple[Entry, ...]:
        """Which questionnaires a place of `level` is asked, in the order of the schedule.

        `programmes` are those that cover the place: what they ask only of their own places comes after what
        every place is asked, each questionnaire once.
        """
        own = (entry for programme in programmes for entry in programme.schedule)
        return tuple(dict.fromkeys(entry for entry in (*self.schedule, *own) if entry.level == level))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every line of every schedule, each once."""
        own = (entry for programme in self.programmes.values() for entry in programme.schedule)
        return tuple(dict.fromkeys((*self.schedule, *own)))

    def entry(self, form: str, level: str = "") -> Entry | None:
        """The schedule of questionnaire `form` for `level` (or any); None when nobody is asked it regularly."""
        return next(
            (entry for entry in self.entries if entry.form == form and level in ("", entry.level)), None
        )

    def days_of(self, form: str, level: str, period: Period) -> Entry:
        """By which days a report of a place of `level` for `period` is in time, late, or taken no more.

        What this level is not asked regularly has the days of a level that is; what none is, those of a
        questionnaire asked once.
        """
        return self.entry(form, level) or self.entry(form) or once(form, level, period)

    def beside(self, programme: Programme) -> tuple[Programme, ...]:
        """`programme` and those that may hold for the same places."""
        return tuple(other for other in self.programmes.values() if programme.shares_ground(other))

    def indicators_of(self, level: str, domain: str = "") -> tuple[Indicator, ...]:
        """The indicators that a place of `level` counts, of one domain or of all, in the order shown."""
        known = self.found.get((level, domain))
        if known is None:
            known = self.found[level, domain] = tuple(
                indicator
                for name in self.domains
                for indicator in self.indicators.values()
                if indicator.domain == name
                and domain in ("", name)
                and indicator.level == level
                and indicator.numerator
            )
        return known

    @property
    def ordered(self) -> tuple[Indicator, ...]:
        """Every indicator that is asked for, domain by domain in the order shown."""
        known = self.found.get(())
        if known is None:
            known = self.found[()] = tuple(
                each
                for name in self.domains
                for each in self.indicators.values()
                if each.domain == name and each.numerator
            )
        return known

    def fed_by(self, questions: frozenset[str]) -> tuple[Indicator, ...]:
        """The indicators that these questions answer in full."""
        known = self.found.get(questions)
        if known is None:
            known = self.found[questions] = tuple(
                indicator
                for indicator in self.indicators.values()
                if indicator.numerator and questions.issuperset(indicator.questions)
            )
        return known


def load_plans() -> Plans:
    """The plans that come with the program, read once. Raises ValueError or KeyError when a file is wrong."""
    return read_plans(FOLDER)


@cache
def read_plans(folder: Path) -> Plans:
    """The plans in `folder`, read once."""
    domains: dict[str, dict[str, str]] = read_toml(folder / "domains.toml")["domain"]
    catalogues = [read_toml(path) for path in sorted(folder.glob("indicators/*.toml"))]
    indicators: dict[str, Indicator] = {}
    for catalogue in catalogues:
        for name, row in catalogue.get("indicator", {}).items():
            if name in indicators:
                raise ValueError(f"the indicator {name} stands in two files")
            indicators[name] = read_indicator(name, row, catalogue.get("parts", {}))
    programmes = {
        path.parent.name: read_programme(path) for path in sorted(folder.glob("programmes/*/programme.toml"))
    }
    schedule = tuple(map(read_entry, read_rows(folder / "schedule.toml", "asked")))
    return Plans(
        MappingProxyType(programmes),
        MappingProxyType(indicators),
        schedule,
        MappingProxyType(domains),
    )


def read_toml(path: Path) -> dict[str, Any]:
    """What the file holds."""
    with path.open("rb") as file:
        return tomllib.load(file)


def read_indicator(name: str, row: dict[str, Any], parts: Mapping[str, str]) -> Indicator:
    """One indicator of the catalogue, with those of the `parts` that it needs."""
    numerator, minus, denominator = (tuple(row.get(key, ())) for key in ("numerator", "minus", "denominator"))
    used = with_wholes({*numerator, *minus, *denominator}, parts)
    return Indicator(
        id=name,
        names=row["name"],
        domain=row["domain"],
        unit=row["unit"],
        better=row["better"],
        level=row["level"],
        definitions=read_definitions(row),
        numerator=numerator,
        minus=minus,
        denominator=denominator,
        factor=Decimal(row.get("factor", 1)),
        decimals=row.get("decimals", 0),
        stock=row.get("stock", True),
        additive=row.get("additive", True),
        main=row.get("main", False),
        synonyms=tuple(row.get("synonyms", ())),
        parts={part: whole for part, whole in parts.items() if part in used},
    )


def with_wholes(names: Collection[str], parts: Mapping[str, str]) -> set[str]:
    """`names` with every question that one of them is a part of, or a part of a part."""
    found = set(names)
    while more := {parts[name] for name in found if name in parts} - found:
        found |= more
    return found


def read_definitions(row: dict[str, Any]) -> tuple[Definition, ...]:
    """The definitions of an indicator, the oldest first: a table `definition`, or several with their first days.

    One without a source of its own has the indicator's.
    """
    several = row.get("definitions", [row["definition"]] if "definition" in row else [])
    found = [
        Definition(
            {lang: each[lang] for lang in ("vi", "en") if lang in each},
            each.get("source", row.get("source", "")),
            each.get("first_day", date.min),
        )
        for each in several
    ]
    return tuple(sorted(found, key=lambda definition: definition.first_day))


def read_rows(path: Path, table: str) -> list[dict[str, Any]]:
    """The rows of `table` in a file that need not exist."""
    rows: list[dict[str, Any]] = read_toml(path).get(table, []) if path.exists() else []
    return rows


def read_deadline(row: dict[str, Any]) -> Deadline:
    """One line of a `deadlines.toml`."""
    return Deadline(
        clause=row["clause"],
        owes=row["owes"],
        agency=row.get("agency", ""),
        to=row["to"],
        period=PeriodKind(row["period"]) if row.get("period") else None,
        calendar=Calendar(row.get("calendar", "gregorian")),
        month=row.get("month"),
        day=row.get("day"),
        statements=row["statement"],
    )


def read_programme(path: Path) -> Programme:
    """The plan whose `programme.toml` is `path`, with its targets."""
    row = read_toml(path)
    name = path.parent.name
    with (path.parent / "targets.csv").open(encoding="utf-8", newline="") as file:
        targets = tuple(read_target(name, row["level"], line) for line in csv.DictReader(file))
    return Programme(
        id=name,
        titles=row["title"],
        short=row["short"],
        document=row["document"],
        dated=row["dated"],
        issuer=row["issuer"],
        first_day=row["first_day"],
        last_day=row["last_day"],
        level=row["level"],
        covers=tuple(Cover(**cover) for cover in row["covers"]),
        calendar=Calendar(row.get("calendar", "gregorian")),
        targets=targets,
        note=row.get("note", ""),
        schedule=tuple(map(read_entry, read_rows(path.with_name("schedule.toml"), "asked"))),
        deadlines=tuple(map(read_deadline, read_rows(path.with_name("deadlines.toml"), "deadline"))),
        sums=tuple(
            Sum(line["total"], tuple(line["parts"])) for line in read_rows(path.with_name("sums.toml"), "sum")
        ),
    )


def read_target(plan: str, set_at: str, row: dict[str, str]) -> Target:
    """One row of a `targets.csv`; numbers are written with a decimal point."""

    def decimal(key: str) -> Decimal | None:
        return Decimal(row[key]) if row[key] else None

    def year(key: str) -> int | None:
        return int(row[key]) if row[key] else None

    return Target(
        plan=plan,
        id=row["id"],
        kind=CommitmentKind(row["kind"]),
        clause=row["clause"],
        domain=row["domain"],
        indicator=row["indicator"],
        statement=row["statement"],
        comparator=Comparator(row["comparator"]),
        value=decimal("value"),
        value_high=decimal("value_high"),
        unit=row["unit"],
        year_due=year("year_due"),
        baseline_year=year("baseline_year"),
        baseline=decimal("baseline"),
        scope=row["scope"],
        level=row["level"],
        set_at=set_at,
        agency=row["agency"],
        note=row["note"],
    )
