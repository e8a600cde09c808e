"""Whether the plans' data holds together: proved before it is used, every fault named with its place.

What can be said of one table by itself, `reading` has refused before. `check` is given the names of the questions that
exist, because this room knows no questionnaire's inside. Each rule is a function that yields the faults it finds; those
of the commitments stand in `target_checks`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Final

from plans.faults import PlanFault
from plans.indicator import Indicator
from plans.levels import LEVELS
from plans.period import MONTHS, PeriodKind
from plans.plans import Plans
from plans.programme import Deadline, Programme, Sum
from plans.schedule import Entry
from plans.target_checks import check_target
from plans.workload import VILLAGE_LIMIT, workload

Questions = Mapping[str, Collection[str]]
"""The names of the questions that exist, by questionnaire."""

LAST_DAY: Final = 28
"""A day that every month has."""
WEEK: Final = 7


def check(plans: Plans, questions: Questions) -> list[PlanFault]:
    """What does not hold together, [] when all is well."""
    known = {name for names in questions.values() for name in names}
    asked = asked_at(plans.entries, questions)
    faults: list[PlanFault] = []
    for indicator in plans.indicators.values():
        faults += check_indicator(plans, indicator, known)
    faults += check_names(plans)
    for indicator in plans.indicators.values():
        faults += check_level(indicator, asked, known)
    for programme in plans.programmes.values():
        faults += check_programme(plans, programme, questions)
    faults += check_domains(plans)
    faults += check_schedule(plans.schedule, "schedule.toml", questions)
    return faults


def check_domains(plans: Plans) -> Iterable[PlanFault]:
    """Which domains no plan commits itself in."""
    used = {target.domain for programme in plans.programmes.values() for target in programme.targets}
    for domain in plans.domains:
        if domain not in used:
            yield PlanFault("domains.toml", "empty_domain", domain)


# --- indicators -----------------------------------------------------------------------------------------


def check_indicator(plans: Plans, indicator: Indicator, known: Collection[str]) -> Iterable[PlanFault]:
    """What is wrong with one indicator by itself."""
    where = place_of(indicator)
    for name in indicator.questions:
        if name not in known:
            yield PlanFault(where, "no_question", name)
    if indicator.domain not in plans.domains:
        yield PlanFault(where, "no_domain", indicator.domain)
    if not indicator.numerator:
        yield PlanFault(where, "not_asked", indicator.id)
    if not indicator.definitions or not all(meaning.complete for meaning in indicator.definitions):
        yield PlanFault(where, "no_definition", indicator.id)
    if indicator.rate and (indicator.unit_name() == "%") != (indicator.factor == 100):
        yield PlanFault(where, "factor", indicator.unit_name())


def check_names(plans: Plans) -> Iterable[PlanFault]:
    """Which figures bear the name of another: people could not tell them apart."""
    for lang in ("vi", "en"):
        first: dict[str, str] = {}
        for indicator in plans.indicators.values():
            name = indicator.names.get(lang, "").casefold()
            if not name:
                yield PlanFault(place_of(indicator), "empty", f"name.{lang}")
            elif name in first:
                yield PlanFault(place_of(indicator), "same_name", first[name])
            first.setdefault(name, indicator.id)


def place_of(indicator: Indicator) -> str:
    """Where the indicator stands."""
    return f"indicators/{indicator.domain}.toml: {indicator.id}"


def asked_at(entries: Iterable[Entry], questions: Questions) -> dict[str, set[str]]:
    """The levels at which each question is asked."""
    levels: dict[str, set[str]] = {}
    for entry in entries:
        for name in questions.get(entry.form, ()):
            levels.setdefault(name, set()).add(entry.level)
    return levels


def check_level(
    indicator: Indicator, asked: Mapping[str, set[str]], known: Collection[str]
) -> Iterable[PlanFault]:
    """Whether questionnaires of its level ask for it: what is asked further down adds up to that level."""
    names = [name for name in indicator.questions if name in known]
    nowhere = [name for name in names if name not in asked]
    for name in nowhere:
        yield PlanFault(place_of(indicator), "not_scheduled", name)
    if names and not nowhere:
        lowest = LEVELS[max(lowest_of(asked[name]) for name in names)]
        if lowest != indicator.level:
            yield PlanFault(place_of(indicator), "level", lowest)


def lowest_of(levels: Iterable[str]) -> int:
    """The lowest of some levels, as its place in `LEVELS`."""
    return min(map(LEVELS.index, levels))


# --- programmes -----------------------------------------------------------------------------------------


def check_programme(plans: Plans, programme: Programme, questions: Questions) -> Iterable[PlanFault]:
    """What is wrong with one plan: its commitments, sums, deadlines and schedule."""
    times = Counter(target.id for target in programme.targets)
    for target in programme.targets:
        where = f"{programme.id}/{target.id}"
        yield from check_target(plans, target, where)
    for name, count in times.items():
        if count > 1:
            yield PlanFault(f"{programme.id}/{name}", "twice", name)
    yield from check_reach(plans, programme, questions)
    for total in programme.sums:
        yield from check_sum(programme, total)
    for deadline in programme.deadlines:
        yield from check_deadline(deadline, f"{programme.id}/deadlines.toml: {deadline.clause}")
    yield from check_own_schedule(plans, programme, questions)
    yield from check_week(plans, programme)


def check_reach(plans: Plans, programme: Programme, questions: Questions) -> Iterable[PlanFault]:
    """Whether the places of a plan are asked for all that its commitments are measured by."""
    beside = plans.beside(programme)
    entries = [entry for level in LEVELS for entry in plans.asked_of(level, beside)]
    elsewhere = asked_at(plans.entries, questions).keys() - asked_at(entries, questions).keys()
    for target in programme.targets:
        indicator = plans.indicators.get(target.indicator)
        for name in indicator.questions if indicator else ():
            if name in elsewhere:
                yield PlanFault(f"{programme.id}/{target.id}", "not_scheduled", name)


def check_sum(programme: Programme, total: Sum) -> Iterable[PlanFault]:
    """Whether what adds up in the document adds up here."""
    where = f"{programme.id}/sums.toml: {total.total}"
    values = {target.id: target.value for target in programme.targets if target.value is not None}
    missing = [name for name in (total.total, *total.parts) if name not in values]
    if missing:
        yield from (PlanFault(where, "no_row", name) for name in missing)
        return
    parts = sum((values[name] for name in total.parts), Decimal(0))
    if parts != values[total.total]:
        yield PlanFault(where, "sum", f"{parts} ≠ {values[total.total]}")


def check_deadline(deadline: Deadline, where: str) -> Iterable[PlanFault]:
    """What is wrong with one deadline."""
    for name in ("clause", "to"):
        if not getattr(deadline, name):
            yield PlanFault(where, "empty", name)
    if "en" not in deadline.statements:
        yield PlanFault(where, "empty", "statement")
    if deadline.day is not None and deadline.period is None:
        yield PlanFault(where, "slot", f"day {deadline.day}")


# --- schedules ------------------------------------------------------------------------------------------


def check_schedule(entries: Collection[Entry], where: str, questions: Questions) -> Iterable[PlanFault]:
    """What is wrong with the lines of one schedule."""
    times = Counter((entry.form, entry.level) for entry in entries)
    for (form, _), count in times.items():
        if count > 1:
            yield PlanFault(where, "twice", form)
    for entry in entries:
        yield from check_entry(entry, where, questions)


def check_entry(entry: Entry, where: str, questions: Questions) -> Iterable[PlanFault]:
    """What is wrong with one line of a schedule by itself."""
    if entry.form not in questions:
        yield PlanFault(where, "no_form", entry.form)
    most = WEEK if entry.kind is PeriodKind.WEEK else LAST_DAY
    if not (1 <= entry.month <= MONTHS.get(entry.kind, 1) and 1 <= entry.day <= most):
        yield PlanFault(where, "slot", f"{entry.form}, month {entry.month}, day {entry.day}")
    if entry.grace < 0 or (entry.locked_after or 0) < 0:
        days = f"grace {entry.grace}, locked_after {entry.locked_after}"
        yield PlanFault(where, "days", f"{entry.form}, {days}")


def check_own_schedule(plans: Plans, programme: Programme, questions: Questions) -> Iterable[PlanFault]:
    """What is wrong with what only the plan's places are asked, by itself and beside what others are asked."""
    where = f"{programme.id}/schedule.toml"
    yield from check_schedule(programme.schedule, where, questions)
    for entry in programme.schedule:
        same = (other for other in plans.entries if (other.form, other.level) == (entry.form, entry.level))
        if any(other != entry for other in same):
            yield PlanFault(where, "differs", entry.form)


def check_week(plans: Plans, programme: Programme) -> Iterable[PlanFault]:
    """Whether a village head's week stays small in every year of the plan."""
    entries = plans.asked_of("thon", plans.beside(programme))
    for year in range(programme.first_day.year, programme.last_day.year + 1):
        load = workload(entries, year)
        if load.most >= VILLAGE_LIMIT:
            yield PlanFault(programme.id, "load", f"{load.most}, {load.fullest.key}")
            return
