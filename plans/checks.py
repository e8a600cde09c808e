"""Whether the plans' data holds together: proved before it is used, every fault named with its place.

`check` is given the names of the questions that exist, because this room knows no questionnaire's inside.
"""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from plans.period import MONTHS, PeriodKind
from plans.plan import (
    LEVELS,
    Comparator,
    Deadline,
    Indicator,
    Plans,
    Programme,
    Target,
)
from plans.schedule import Entry
from plans.workload import VILLAGE_LIMIT, workload

Questions = Mapping[str, Collection[str]]
"""The names of the questions that exist, by questionnaire."""

NUMBERLESS: Final = (Comparator.TREND, Comparator.ELIMINATE, Comparator.MAINTAIN)
"""They need no value."""
OWN_UNIT: Final = {
    Comparator.SHRINK_YEARLY: "%",
    Comparator.REDUCE_SHARE: "%",
    Comparator.MULTIPLY: "lần",
    Comparator.MULTIPLY_ABOVE: "lần",
}
"""The unit of a value that is not in the indicator's."""
LAST_DAY: Final = 28
"""A day that every month has."""


class Fault(NamedTuple):
    """What is wrong in the data: where, a code, and what it is about."""

    where: str
    code: str
    about: str


def check(plans: Plans, questions: Questions) -> list[Fault]:
    """What does not hold together, [] when all is well."""
    known = {name for names in questions.values() for name in names}
    faults: list[Fault] = []
    for indicator in plans.indicators.values():
        faults += check_indicator(plans, indicator, known)
    faults += check_names(plans)
    asked = asked_at(plans.entries, questions)
    for indicator in plans.indicators.values():
        faults += check_level(indicator, asked, known)
    for programme in plans.programmes.values():
        faults += check_programme(plans, programme, questions)
    for domain in plans.domains:
        if not any(target.domain == domain for each in plans.programmes.values() for target in each.targets):
            faults.append(Fault("domains.toml", "empty_domain", domain))
    faults += check_schedule(plans.schedule, "schedule.toml", questions)
    return faults


# --- indicators -----------------------------------------------------------------------------------------


def check_indicator(plans: Plans, indicator: Indicator, known: Collection[str]) -> Iterable[Fault]:
    """What is wrong with one indicator by itself."""
    where = place_of(indicator)
    for name in indicator.questions:
        if name not in known:
            yield Fault(where, "no_question", name)
    if indicator.domain not in plans.domains:
        yield Fault(where, "no_domain", indicator.domain)
    if indicator.level not in LEVELS:
        yield Fault(where, "no_level", indicator.level)
    if not indicator.numerator:
        yield Fault(where, "not_asked", indicator.id)
    if not indicator.definitions or not all(
        each.source and {"vi", "en"} <= set(each.texts) for each in indicator.definitions
    ):
        yield Fault(where, "no_definition", indicator.id)
    if indicator.rate and (indicator.unit["vi"] == "%") != (indicator.factor == 100):
        yield Fault(where, "factor", indicator.unit["vi"])


def check_names(plans: Plans) -> Iterable[Fault]:
    """Which figures bear the name of another: people could not tell them apart."""
    for lang in ("vi", "en"):
        seen: dict[str, str] = {}
        for indicator in plans.indicators.values():
            name = indicator.names.get(lang, "").casefold()
            if not name:
                yield Fault(place_of(indicator), "empty", f"name.{lang}")
            elif name in seen:
                yield Fault(place_of(indicator), "same_name", seen[name])
            seen.setdefault(name, indicator.id)


def place_of(indicator: Indicator) -> str:
    """Where the indicator stands."""
    return f"indicators/{indicator.domain}.toml: {indicator.id}"


def asked_at(entries: Iterable[Entry], questions: Questions) -> dict[str, set[str]]:
    """The levels at which each question is asked."""
    found: dict[str, set[str]] = {}
    for entry in entries:
        for name in questions.get(entry.form, ()):
            found.setdefault(name, set()).add(entry.level)
    return found


def check_level(
    indicator: Indicator, asked: Mapping[str, set[str]], known: Collection[str]
) -> Iterable[Fault]:
    """Whether questionnaires of its level ask for it: what is asked further down adds up to that level."""
    names = [name for name in indicator.questions if name in known]
    for name in names:
        if name not in asked:
            yield Fault(place_of(indicator), "not_scheduled", name)
    if names and indicator.level in LEVELS and all(name in asked for name in names):
        lowest = max(min(LEVELS.index(level) for level in asked[name]) for name in names)
        if lowest != LEVELS.index(indicator.level):
            yield Fault(place_of(indicator), "level", LEVELS[lowest])


# --- programmes -----------------------------------------------------------------------------------------


def check_programme(plans: Plans, programme: Programme, questions: Questions) -> Iterable[Fault]:
    """What is wrong with one plan: its commitments, sums, deadlines and schedule."""
    seen: set[str] = set()
    for target in programme.targets:
        where = f"{programme.id}/{target.id}"
        if target.id in seen:
            yield Fault(where, "twice", target.id)
        seen.add(target.id)
        yield from check_target(plans, target, where)
    yield from check_reach(plans, programme, questions)
    yield from check_sums(programme)
    for deadline in programme.deadlines:
        yield from check_deadline(deadline, f"{programme.id}/deadlines.toml: {deadline.clause}")
    where = f"{programme.id}/schedule.toml"
    yield from check_schedule(programme.schedule, where, questions)
    for entry in programme.schedule:
        same = [each for each in plans.entries if (each.form, each.level) == (entry.form, entry.level)]
        if any(each != entry for each in same):
            yield Fault(where, "differs", entry.form)
    yield from check_week(plans, programme)


def check_target(plans: Plans, target: Target, where: str) -> Iterable[Fault]:
    """What is wrong with one commitment."""
    for name in ("clause", "statement", "scope"):
        if not getattr(target, name):
            yield Fault(where, "empty", name)
    if target.domain not in plans.domains:
        yield Fault(where, "no_domain", target.domain)
    if target.level not in LEVELS:
        yield Fault(where, "no_level", target.level)
    yield from check_numbers(target, where)
    indicator = plans.indicators.get(target.indicator)
    if indicator is None:
        if target.indicator or target.comparator is not Comparator.TREND:
            yield Fault(where, "no_indicator", target.indicator)
    elif target.comparator is not Comparator.TREND or target.unit:
        unit = OWN_UNIT.get(target.comparator, indicator.unit["vi"])
        if (unit, indicator.domain) != (target.unit, target.domain):
            yield Fault(where, "unit", f"{target.unit}, {target.domain}")


def check_numbers(target: Target, where: str) -> Iterable[Fault]:
    """Whether the comparator has the numbers that it needs."""
    if target.value is None and target.comparator not in NUMBERLESS:
        yield Fault(where, "no_value", target.comparator)
    if target.numbered and target.year_due is None:
        yield Fault(where, "no_year", target.id)
    high = target.value_high
    if (target.comparator is Comparator.RANGE and high is None) or (
        high is not None and (target.value is None or high <= target.value)
    ):
        yield Fault(where, "no_high", target.comparator)
    against_baseline = target.comparator.relative and not target.comparator.yearly
    if (against_baseline or target.baseline is not None) and target.baseline_year is None:
        yield Fault(where, "no_baseline", target.comparator)


def check_reach(plans: Plans, programme: Programme, questions: Questions) -> Iterable[Fault]:
    """Whether the places of a plan are asked for all that its commitments are measured by."""
    beside = plans.beside(programme)
    entries = [entry for level in LEVELS for entry in plans.asked_of(level, beside)]
    asked = {name for entry in entries for name in questions.get(entry.form, ())}
    elsewhere = set(asked_at(plans.entries, questions)) - asked
    for target in programme.targets:
        indicator = plans.indicators.get(target.indicator)
        for name in indicator.questions if indicator else ():
            if name in elsewhere:
                yield Fault(f"{programme.id}/{target.id}", "not_scheduled", name)


def check_sums(programme: Programme) -> Iterable[Fault]:
    """Whether what adds up in the document adds up here."""
    values = {target.id: target.value for target in programme.targets}
    for each in programme.sums:
        where = f"{programme.id}/sums.toml: {each.total}"
        missing = [name for name in (each.total, *each.parts) if values.get(name) is None]
        for name in missing:
            yield Fault(where, "no_row", name)
        parts = sum((values.get(name) or Decimal(0) for name in each.parts), Decimal(0))
        if not missing and parts != values[each.total]:
            yield Fault(where, "sum", f"{parts} ≠ {values[each.total]}")


def check_deadline(deadline: Deadline, where: str) -> Iterable[Fault]:
    """What is wrong with one deadline."""
    for name in ("clause", "to"):
        if not getattr(deadline, name):
            yield Fault(where, "empty", name)
    if not {"vi", "en"} <= set(deadline.statements):
        yield Fault(where, "empty", "statement")
    if deadline.owes not in LEVELS:
        yield Fault(where, "no_level", deadline.owes)
    if deadline.day is not None and deadline.period is None:
        yield Fault(where, "slot", f"day {deadline.day}")


# --- schedules ------------------------------------------------------------------------------------------


def check_schedule(entries: Iterable[Entry], where: str, questions: Questions) -> Iterable[Fault]:
    """What is wrong with the lines of one schedule."""
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        if entry.form not in questions:
            yield Fault(where, "no_form", entry.form)
        if entry.level not in LEVELS:
            yield Fault(where, "no_level", entry.level)
        if (entry.form, entry.level) in seen:
            yield Fault(where, "twice", entry.form)
        seen.add((entry.form, entry.level))
        most = 7 if entry.kind is PeriodKind.WEEK else LAST_DAY
        if not (1 <= entry.month <= MONTHS.get(entry.kind, 1) and 1 <= entry.day <= most):
            yield Fault(where, "slot", f"{entry.form}, month {entry.month}, day {entry.day}")
        if entry.grace < 0 or (entry.locked_after or 0) < 0:
            yield Fault(
                where, "days", f"{entry.form}, grace {entry.grace}, locked_after {entry.locked_after}"
            )


def check_week(plans: Plans, programme: Programme) -> Iterable[Fault]:
    """Whether a village head's week stays small in every year of the plan."""
    entries = plans.asked_of("thon", plans.beside(programme))
    for year in range(programme.first_day.year, programme.last_day.year + 1):
        load = workload(entries, year)
        if load.most >= VILLAGE_LIMIT:
            yield Fault(programme.id, "load", f"{load.most}, {load.fullest.key}")
            return
