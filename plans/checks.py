"""Check that the plans' data is consistent before it is used; every fault is told with its place.

`reading` has already refused tables that are wrong by themselves. The caller gives the names of the questions that exist,
because this room knows nothing of the inside of questionnaires. Each rule is a function that yields the faults it finds;
the rules for single commitments stand in `target_checks`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Final

from plans.faults import PlanFault, out_of
from plans.gathering import check_gathering
from plans.indicator import Indicator
from plans.levels import LEVELS
from plans.norm import Norm
from plans.period import MONTHS, PeriodKind
from plans.plans import Plans
from plans.programme import Deadline, Programme, Sum
from plans.schedule import Entry
from plans.target_checks import check_target, empty, wrongly_inferred
from plans.words import MAIN
from plans.workload import VILLAGE_LIMIT, opening_in, workload

Questions = Mapping[str, Collection[str]]
"""The names of the questions that exist, by questionnaire."""

YEAR: Final = 366
"""The furthest that a schedule may put a day from its period, in days."""
MOST_DECIMALS: Final = 6
LAST_DAY: Final = 28
"""A day that every month has."""
INFERRED: Final = frozenset({"agency", "to", "period", "day"})
"""The fields of a deadline that may be inferred; everything else stands in the clause."""
DAYS: Final = {PeriodKind.WEEK: 7}
"""For kinds of period without months: how many days the first day of asking may be chosen from."""


def check(plans: Plans, questions: Questions) -> list[PlanFault]:
    """Return every fault of the plans, [] if there is none. `questions` are those of the compiled forms."""
    known = {name: form for form, names in questions.items() for name in names}
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
    faults += check_own_week(plans)
    faults += check_challenges(plans, questions, known)
    return faults


def check_challenges(plans: Plans, questions: Questions, known: Collection[str]) -> Iterable[PlanFault]:
    """Yield a fault for each question or questionnaire that `challenges.toml` names and that does not exist."""
    for name in plans.challenges.linked:
        if name not in known:
            yield PlanFault("challenges.toml", "no_question", name)
    for form in dict.fromkeys(
        chain.from_iterable((*reason.forms, *reason.but_forms) for reason in plans.challenges.reason)
    ):
        if form not in questions:
            yield PlanFault("challenges.toml", "no_form", form)


def check_domains(plans: Plans) -> Iterable[PlanFault]:
    """Yield a fault for each domain in which no plan has a commitment."""
    used = {target.domain for programme in plans.programmes.values() for target in programme.targets}
    for domain in plans.domains:
        if domain not in used:
            yield PlanFault("domains.toml", "empty_domain", domain)


# --- indicators -----------------------------------------------------------------------------------------


def check_indicator(plans: Plans, indicator: Indicator, known: Collection[str]) -> Iterable[PlanFault]:
    """Yield the faults of one indicator by itself. `known` are the questions that exist."""
    where = place_of(indicator)
    for name in indicator.questions:
        if name not in known:
            yield PlanFault(where, "no_question", name)
    yield from out_of(where, {"decimals": (indicator.decimals, 0, MOST_DECIMALS)})
    if indicator.domain not in plans.domains:
        yield PlanFault(where, "no_domain", indicator.domain)
    if not indicator.numerator:
        yield PlanFault(where, "not_asked", indicator.id)
    # An office's own indicator may be defined in Vietnamese only.
    own = indicator.id in plans.own and all(meaning.source for meaning in indicator.definitions)
    if not indicator.definitions or not (own or indicator.explained):
        yield PlanFault(where, "no_definition", indicator.id)
    if indicator.rate and (indicator.unit_name() == "%") != (indicator.factor == 100):
        yield PlanFault(where, "factor", indicator.unit_name())


def check_names(plans: Plans) -> Iterable[PlanFault]:
    """Yield a fault for each indicator without a name, or with another one's: people could not tell them apart."""
    for lang in ("vi", "en"):
        first: dict[str, str] = {}
        for indicator in plans.indicators.values():
            name = indicator.names.get(lang, "").casefold()
            if not name and (lang == MAIN or indicator.id not in plans.own):
                yield PlanFault(place_of(indicator), "empty", f"name.{lang}")
            if name in first:
                yield PlanFault(place_of(indicator), "same_name", first[name])
            if name:
                first.setdefault(name, indicator.id)


def place_of(indicator: Indicator) -> str:
    """Name the file and table of an indicator, for a fault."""
    return f"indicators/{indicator.domain}.toml: {indicator.id}"


def asked_at(entries: Iterable[Entry], questions: Questions) -> dict[str, set[str]]:
    """Return the levels at which each question is asked, by question."""
    levels: dict[str, set[str]] = {}
    for entry in entries:
        for name in questions.get(entry.form, ()):
            levels.setdefault(name, set()).add(entry.level)
    return levels


def check_level(
    indicator: Indicator, asked: Mapping[str, set[str]], known: Mapping[str, str]
) -> Iterable[PlanFault]:
    """Yield a fault for each question that nobody is asked, and one if the indicator's level is not the lowest that can
    count it."""
    names = known.keys() & indicator.questions
    nowhere = names - asked.keys()
    for name in sorted(nowhere):
        yield PlanFault(place_of(indicator), "not_scheduled", name)
    if names and not nowhere and (lowest := counted_at(names, asked)) != indicator.level:
        yield PlanFault(place_of(indicator), "level", lowest)


def counted_at(names: Iterable[str], asked: Mapping[str, Iterable[str]]) -> str:
    """Return the lowest level that can count the questions `names`: answers from below add up to it."""
    lowest = (min(map(LEVELS.index, asked[name])) for name in names)
    return LEVELS[max(lowest)]


# --- programmes -----------------------------------------------------------------------------------------


def check_programme(plans: Plans, programme: Programme, questions: Questions) -> Iterable[PlanFault]:
    """Yield the faults of one plan: its commitments, sums, deadlines, norms and schedule."""
    yield from check_targets(plans, programme)
    yield from check_reach(plans, programme, questions)
    for total in programme.sums:
        yield from check_sum(programme, total)
    for deadline in programme.deadlines:
        yield from check_deadline(deadline, f"{programme.id}/deadlines.toml: {deadline.clause}")
    for norm in programme.norms:
        yield from check_norm(norm, f"{programme.id}/norms.toml: {norm.clause}", plans)
    if programme.id not in plans.own:
        yield from check_english(programme)
    yield from check_own_schedule(plans, programme, questions)
    yield from check_week(plans, programme)
    yield from check_gathering(plans, programme, questions)


def check_targets(plans: Plans, programme: Programme) -> Iterable[PlanFault]:
    """Yield the faults of a plan's commitments one by one, and of ids that are used twice."""
    for target in programme.targets:
        yield from check_target(plans, target, f"{programme.id}/{target.id}")
    times = Counter(target.id for target in programme.targets)
    for name in (name for name, count in times.items() if count > 1):
        yield PlanFault(f"{programme.id}/{name}", "twice", name)


def check_reach(plans: Plans, programme: Programme, questions: Questions) -> Iterable[PlanFault]:
    """Yield a fault for each question or questionnaire that a commitment needs and that its plan's places are not asked."""
    beside = plans.beside(programme)
    entries = [entry for level in LEVELS for entry in plans.asked_of(level, beside)]
    elsewhere = asked_at(plans.entries, questions).keys() - asked_at(entries, questions).keys()
    for target in programme.targets:
        needed = plans.questions_of(target)
        for name in filter(elsewhere.__contains__, needed):
            yield PlanFault(f"{programme.id}/{target.id}", "not_scheduled", name)
        for form in {form for form, _ in target.items} - {entry.form for entry in entries}:
            yield PlanFault(f"{programme.id}/{target.id}", "not_scheduled", form)


def check_sum(programme: Programme, total: Sum) -> Iterable[PlanFault]:
    """Yield a fault if a sum of the document does not add up in the data, or names a commitment that is not there."""
    where = f"{programme.id}/sums.toml: {total.total}"
    amounts = programme.amounts
    missing = sorted({total.total, *total.parts} - amounts.keys())
    for name in missing:
        yield PlanFault(where, "no_row", name)
    if not missing and (parts := sum(amounts[name] for name in total.parts)) != amounts[total.total]:
        yield PlanFault(where, "sum", f"{parts} ≠ {amounts[total.total]}")


def check_english(programme: Programme) -> Iterable[PlanFault]:
    """Yield a fault for each deadline or norm without English words. An office's own plans need none."""
    told = [("deadlines.toml", one.clause, one.statements) for one in programme.deadlines]
    told += [("norms.toml", one.clause, one.statements) for one in programme.norms]
    for file, clause, statements in told:
        if "en" not in statements:
            yield PlanFault(f"{programme.id}/{file}: {clause}", "empty", "statement")


def check_deadline(deadline: Deadline, where: str) -> Iterable[PlanFault]:
    """Yield the faults of one deadline."""
    yield from empty(deadline, ("clause", "to"), where)
    yield from out_of(where, {"month": (deadline.month, 1, 24), "day": (deadline.day, 1, 31)})
    if deadline.day is not None and deadline.period is None:
        yield PlanFault(where, "slot", f"day {deadline.day}")
    yield from wrongly_inferred(deadline, INFERRED, where)


def check_norm(norm: Norm, where: str, plans: Plans) -> Iterable[PlanFault]:
    """Yield the faults of one norm: an empty clause, or a domain or indicator that does not exist."""
    yield from empty(norm, ("clause",), where)
    if norm.domain not in plans.domains:
        yield PlanFault(where, "no_row", norm.domain)
    if norm.indicator and norm.indicator not in plans.indicators:
        yield PlanFault(where, "no_row", norm.indicator)


# --- schedules ------------------------------------------------------------------------------------------


def check_schedule(entries: Collection[Entry], where: str, questions: Questions) -> Iterable[PlanFault]:
    """Yield the faults of one schedule, line by line, and of lines that stand twice."""
    times = Counter((entry.form, entry.level) for entry in entries)
    for (form, _), count in times.items():
        if count > 1:
            yield PlanFault(where, "twice", form)
    for entry in entries:
        yield from check_entry(entry, where, questions)


def check_entry(entry: Entry, where: str, questions: Questions) -> Iterable[PlanFault]:
    """Yield the faults of one line of a schedule by itself."""
    if entry.form not in questions:
        yield PlanFault(where, "no_form", entry.form)
    months, days = MONTHS.get(entry.kind, 1), DAYS.get(entry.kind, LAST_DAY)
    if not (1 <= entry.month <= months and 1 <= entry.day <= days):
        yield PlanFault(where, "slot", f"{entry.form}, month {entry.month}, day {entry.day}")
    limits = {"within": (entry.within, 0, YEAR), "due_days": (entry.due_days, -YEAR, YEAR)}
    late_limits = {"grace": (entry.grace, -YEAR, YEAR), "locked_after": (entry.locked_after, -YEAR, YEAR)}
    yield from out_of(
        f"{where}: {entry.form}", {**limits, **late_limits, "questions": (entry.questions, 1, 99)}
    )
    if min(entry.grace, entry.locked_after or 0) < 0:
        late = f"grace {entry.grace}, locked_after {entry.locked_after}"
        yield PlanFault(where, "days", f"{entry.form}, {late}")


def check_own_schedule(plans: Plans, programme: Programme, questions: Questions) -> Iterable[PlanFault]:
    """Yield the faults of a plan's own schedule, and of lines that differ from another schedule's for the same level."""
    where = f"{programme.id}/schedule.toml"
    yield from check_schedule(programme.schedule, where, questions)
    for entry in programme.schedule:
        same = (other for other in plans.entries if (other.form, other.level) == (entry.form, entry.level))
        if any(other != entry for other in same):
            yield PlanFault(where, "differs", entry.form)


def check_week(plans: Plans, programme: Programme) -> Iterable[PlanFault]:
    """Yield a fault if a village head is asked too much in some week of the plan, without what an office adds."""
    entries = plans.asked_of("thon", plans.beside(programme))
    common = [entry for entry in entries if entry not in plans.own_schedule]
    return islice(full_weeks(programme.id, common, programme), 1)


def check_own_week(plans: Plans) -> Iterable[PlanFault]:
    """Yield a fault if a village head is asked too much with what an office adds; one fault for all plans."""
    own = [programme for id, programme in plans.programmes.items() if id in plans.own]
    weeks = chain.from_iterable(
        full_weeks("schedule.toml", plans.asked_of("thon", plans.beside(programme)), programme)
        for programme in own or plans.programmes.values()
    )
    return islice(weeks, 1) if plans.own_schedule else ()


def full_weeks(where: str, entries: Collection[Entry], programme: Programme) -> Iterator[PlanFault]:
    """Yield a fault for each year of a plan with too full a week for a village head, naming the fullest."""
    for year in range(programme.first_day.year, programme.last_day.year + 1):
        load = workload(entries, year)
        if load.most >= VILLAGE_LIMIT:
            names = ", ".join(f"{one.form} {one.questions}" for one in opening_in(entries, load.fullest))
            yield PlanFault(where, "load", f"{load.most}, {load.fullest.key} ({names})")
