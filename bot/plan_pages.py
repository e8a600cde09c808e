"""A plan as `thonbao plan` prints it: rows of words for people, JSON values for scripts.

Nothing here prints; the commands do.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from markupsafe import Markup

from bot.problems import WrongCall
from handlers.wording import Wording
from plans.contradictions import Contradiction
from plans.indicator import Indicator
from plans.levels import LEVELS
from plans.period import PeriodKind, period_of
from plans.plans import Plans
from plans.programme import Deadline, Programme
from plans.schedule import Entry
from plans.statutory import SOURCE
from plans.target import CommitmentKind, Target
from plans.workload import Workload, workload

Rows = list[Sequence[str]]
BY_DOMAIN: Final = (CommitmentKind.TARGET, CommitmentKind.QUOTA, CommitmentKind.TREND)
"""What is shown under its domain; the rest has sections of its own."""
ROW_OF_WEEKS: Final = 13
"""How many weeks stand in a line: a quarter's."""
FEW: Final = 4
"""How many days of a year are named one by one at most."""


def programme_named(plans: Plans, plan: str, say: Wording) -> Programme:
    """The plan with this id. Raises WrongCall, which names all of them."""
    if plan not in plans.programmes:
        raise WrongCall(str(say("plan.unknown", plan=plan, plans=", ".join(plans.programmes)).unescape()))
    return plans.programmes[plan]


def pages(plans: Plans, programme: Programme, say: Wording, year: int) -> Iterator[tuple[str, Rows]]:
    """The sections of a plan that have something in them, each with its heading; the week's load in `year`."""
    return ((heading, rows) for heading, rows in sections(plans, programme, say, year) if rows)


def sections(plans: Plans, programme: Programme, say: Wording, year: int) -> Iterator[tuple[str, Rows]]:
    """Every section that a plan may have, each with its heading, in the order in which they are shown."""
    # In the order in which readers of the document look things up: what it wants, what it pays, who does it.
    targets = of_kind(programme, *BY_DOMAIN)
    for domain, names in plans.domains.items():
        yield names[say.locale], [target_row(target, say) for target in targets if target.domain == domain]
    works = of_kind(programme, CommitmentKind.WORKS)
    yield str(say("plan.section.capital")), capital_rows(programme, say)
    yield str(say("plan.section.works")), [target_row(target, say) for target in works]
    yield str(say("plan.section.tasks")), task_rows(programme, say)
    yield str(say("plan.section.deadlines")), deadline_rows(programme, say)
    yield str(say("plan.asked")), [entry_row(entry, say) for entry in asked_in(plans, programme)]
    yield str(say("plan.section.load", year=str(year))), load_rows(plans, programme, say, year)
    meanings = definition_rows(plans, programme, say, date(year, 12, 31))
    yield str(say("plan.section.definitions", year=str(year))), meanings


def of_kind(programme: Programme, *kinds: CommitmentKind) -> list[Target]:
    """The plan's commitments of these kinds, in the document's order."""
    return [target for target in programme.targets if target.kind in kinds]


def asked_in(plans: Plans, programme: Programme) -> tuple[Entry, ...]:
    """What the places of a plan are asked, from the village up."""
    return tuple(entry for level in LEVELS for entry in plans.asked_of(level, (programme,)))


def wanted(target: Target, say: Wording) -> str:
    """What a commitment asks for: "ít nhất 90 %", "mỗi năm giảm 2,5-3 %"."""
    if target.goal is None:
        return str(say("plan.no_number"))
    value = say.number(target.goal)
    if target.value_high is not None:
        value += f"-{say.number(target.value_high)}"
    return say(f"progress.wanted.{target.comparator}", value=value, unit=target.unit).unescape()


def target_row(target: Target, say: Wording) -> Sequence[str]:
    """One commitment as a line: clause, year, what it asks, who reports it, its words."""
    return (
        target.clause,
        str(target.year_due or (say("plan.always") if target.always else "")),
        wanted(target, say),
        str(say(f"progress.level.{target.level}")),
        target.statement,
    )


def capital_rows(programme: Programme, say: Wording) -> Rows:
    """The lines of capital, then for each total what its parts add up to."""
    capital = of_kind(programme, CommitmentKind.CAPITAL)
    lines = [(target.clause, wanted(target, say), target.statement) for target in capital]
    by_id = {target.id: target for target in programme.targets}
    totals = [
        sum_row(by_id[total.total], [by_id[part] for part in total.parts], say)
        for total in programme.sums
        if by_id[total.total] in capital
    ]
    return [*lines, *totals]


def sum_row(total: Target, parts: Sequence[Target], say: Wording) -> Sequence[str]:
    """A total with what its parts add up to."""
    value = sum((part.value or Decimal(0) for part in parts), Decimal(0))
    return "=", say("plan.sum", n=len(parts), value=value, unit=total.unit).unescape(), total.statement


def task_rows(programme: Programme, say: Wording) -> Rows:
    """The tasks, those of an agency together, the agencies in the document's order."""
    tasks = of_kind(programme, CommitmentKind.TASK)
    agencies = list(dict.fromkeys(task.agency for task in tasks))
    return [
        (agency_of(task, say), task.clause, task.statement)
        for task in sorted(tasks, key=lambda task: agencies.index(task.agency))
    ]


def agency_of(task: Target, say: Wording) -> str:
    """Who answers for a task, and whether that is inferred; that nobody is named where nobody is."""
    if not task.agency:
        return str(say("plan.no_agency"))
    return str(say("plan.inferred", what=task.agency)) if task.infers("agency") else task.agency


def deadline_rows(programme: Programme, say: Wording) -> Rows:
    """The days by which something is owed, to whom, in the document's words."""
    return [
        (
            deadline.clause,
            who_owes(deadline, say),
            f"→ {to_whom(deadline, say)}",
            when(deadline, programme, say),
            deadline.statement(say.locale),
        )
        for deadline in programme.deadlines
    ]


def who_owes(deadline: Deadline, say: Wording) -> str:
    """Who hands it in, and whether that is inferred; the level where nobody is named."""
    if not deadline.agency:
        return str(say(f"progress.level.{deadline.owes}"))
    return str(say("plan.inferred", what=deadline.agency)) if deadline.infers("agency") else deadline.agency


def to_whom(deadline: Deadline, say: Wording) -> str:
    """Who gets it, and whether that is inferred."""
    return str(say("plan.inferred", what=deadline.to)) if deadline.infers("to") else deadline.to


def until(days: Sequence[date], often: str, say: Wording) -> Markup:
    """How often, and by which days of the year; by the day of the month if there are many."""
    if len(days) > FEW:
        return say("plan.deadline.each", often=often, day=days[0].day)
    return say("plan.deadline.days", often=often, days=", ".join(f"{day.day}/{day.month}" for day in days))


def when(deadline: Deadline, programme: Programme, say: Wording) -> str:
    """How often, and until which days of a year: "mỗi 6 tháng, đến 14/6, 14/12"; what is derived is said to be."""
    if deadline.period is None:
        return str(say("plan.on_request"))
    often = str(say(f"plan.period.{deadline.period}"))
    if deadline.infers("period"):
        often = str(say("plan.inferred", what=often))
    days = due_days(deadline, programme.first_day.year)
    if not days:
        return often
    by = until(days, often, say)
    return str(say("plan.derived", what=by, source=SOURCE) if deadline.derived else by)


def due_days(deadline: Deadline, year: int) -> list[date]:
    """The days in or for `year` on which it is due; [] where the plan names none."""
    if deadline.period is None:
        return []
    period = period_of(deadline.period, date(year, 1, 1), deadline.calendar)
    days = []
    while period.year == year:
        days.append(deadline.due(period))
        period = period.next()
    return [day for day in days if day is not None]


def entry_row(entry: Entry, say: Wording) -> Sequence[str]:
    """One line of the schedule."""
    if entry.within:
        key = "plan.within_week" if entry.kind is PeriodKind.WEEK else "plan.within"
        due = say(key, month=entry.month, day=entry.day, n=entry.within)
    elif entry.due_days < 0:
        due = say("plan.due_before", n=-entry.due_days)
    else:
        due = say("plan.due", n=entry.due_days) if entry.due_days else say("plan.due_now")
    return (
        str(say(f"progress.level.{entry.level}")),
        entry.form,
        str(say(f"plan.period.{entry.kind}")),
        str(due),
        str(say("plan.questions", n=entry.questions)),
    )


def loads(plans: Plans, programme: Programme, year: int) -> dict[str, Workload]:
    """The week's load of one person of each level that is asked anything."""
    asked = {level: plans.asked_of(level, (programme,)) for level in LEVELS}
    return {level: workload(entries, year) for level, entries in asked.items() if entries}


def load_rows(plans: Plans, programme: Programme, say: Wording, year: int) -> Rows:
    """For each role the fullest week and the average, then every week's number of questions."""
    rows: Rows = []
    for level, load in loads(plans, programme, year).items():
        most = say("plan.load", n=load.most, week=load.fullest.label(say.locale), mean=load.mean)
        rows.append((str(say(f"plan.role.{level}")), str(most)))
        weeks = iter(load.weeks.items())
        while some := list(islice(weeks, ROW_OF_WEEKS)):
            numbers = " ".join(f"{questions:>2}" for _, questions in some)
            first, last = some[0][0].number, some[-1][0].number
            rows.append((f"  {say('plan.weeks', first=first, last=last)}", numbers))
    return rows


def used_in(plans: Plans, programme: Programme) -> tuple[Indicator, ...]:
    """The figures that the plan's commitments are measured by, in the document's order."""
    names = dict.fromkeys(target.indicator for target in programme.targets)
    return tuple(plans.indicators[name] for name in names if name in plans.indicators)


def definition_rows(plans: Plans, programme: Programme, say: Wording, day: date) -> Rows:
    """What each figure of the plan means on `day`, and where that is laid down."""
    meanings = [(figure, figure.definition_on(day)) for figure in used_in(plans, programme)]
    return [
        (figure.name(say.locale), f"{meaning.text(say.locale)} ({meaning.source})")
        for figure, meaning in meanings
    ]


def contradiction_rows(plans: Plans, contradicting: Iterable[Contradiction], say: Wording) -> Rows:
    """Each figure that plans set differently, the targets side by side."""
    rows: Rows = []
    for contradiction in contradicting:
        name = plans.indicators[contradiction.indicator].name(say.locale)
        ground = str(say("plan.same_ground" if contradiction.same_ground else "plan.other_ground"))
        for target in contradiction.targets:
            plan = plans.programmes[target.plan].title(say.locale)
            rows.append((name, str(contradiction.year), wanted(target, say), plan, target.clause, ground))
            name, ground = "", ""  # said once, in the first line of each figure
    return rows


# --- for scripts ----------------------------------------------------------------------------------------


def plan_facts(programme: Programme) -> dict[str, Any]:
    """A plan as JSON values, without its commitments."""
    return {
        "plan": programme.id,
        "title": dict(programme.titles),
        "short": dict(programme.short),
        "document": programme.document,
        "dated": programme.dated,
        "issuer": programme.issuer,
        "first_day": programme.first_day.isoformat(),
        "last_day": programme.last_day.isoformat(),
        "level": programme.level,
        "covers": [
            {"level": cover.level, "name": cover.name, "within": cover.within, "former": cover.former}
            for cover in programme.covers
        ],
        "calendar": str(programme.calendar),
        "commitments": len(programme.targets) + len(programme.deadlines),
        "note": programme.note,
    }


def exact(number: Decimal | None) -> int | float | None:
    """A number of the document as JSON writes it: 73, 2.5. Its few digits are the same in binary and back."""
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def target_facts(target: Target) -> dict[str, Any]:
    """A commitment as JSON values."""
    return {
        "plan": target.plan,
        "id": target.id,
        "clause": target.clause,
        "kind": str(target.kind),
        "domain": target.domain,
        "indicator": target.indicator or None,
        "statement": target.statement,
        "comparator": str(target.comparator),
        "value": exact(target.value),
        "value_high": exact(target.value_high),
        "unit": target.unit or None,
        "year_due": target.year_due,
        "baseline_year": target.baseline_year,
        "baseline": exact(target.baseline),
        "scope": target.scope,
        "level": target.level,
        "agency": target.agency or None,
        "note": target.note or None,
        "inferred": target.inferred.split(),
        "wider": bool(target.wider),
        "among": target.among or None,
        "always": bool(target.always),
    }


def deadline_facts(programme: Programme, number: int, deadline: Deadline) -> dict[str, Any]:
    """A deadline as a commitment: the same keys, and to whom and when."""
    nothing = (
        "indicator",
        "comparator",
        "value",
        "value_high",
        "unit",
        "year_due",
        "baseline_year",
        "baseline",
    )
    return {
        "plan": programme.id,
        "id": f"deadline-{number}",
        "clause": deadline.clause,
        "kind": str(CommitmentKind.DEADLINE),
        "domain": "dieu-hanh",
        "statement": deadline.statement(),
        **dict.fromkeys(nothing),
        "scope": "",
        "level": deadline.owes,
        "agency": deadline.agency or None,
        "note": None,
        "to": deadline.to,
        "period": deadline.period and str(deadline.period),
        "calendar": str(deadline.calendar),
        "month": deadline.month,
        "day": deadline.day,
        "number": deadline.number,
        "derived": deadline.derived,
        "inferred": deadline.inferred.split(),
    }


def commitments(programme: Programme) -> list[dict[str, Any]]:
    """Every commitment of a plan as JSON values, the deadlines last."""
    deadlines = enumerate(programme.deadlines, 1)
    return [
        *(target_facts(target) for target in programme.targets),
        *(deadline_facts(programme, number, deadline) for number, deadline in deadlines),
    ]


def indicator_facts(indicator: Indicator) -> dict[str, Any]:
    """A figure as JSON values, with every definition and the day from which it holds (None: always)."""
    return {
        "indicator": indicator.id,
        "name": dict(indicator.names),
        "synonyms": list(indicator.synonyms),
        "unit": dict(indicator.unit),
        "level": indicator.level,
        "better": indicator.better,
        "stock": indicator.stock,
        "additive": indicator.additive,
        "numerator": list(indicator.numerator),
        "minus": list(indicator.minus),
        "denominator": list(indicator.denominator),
        "factor": exact(indicator.factor),
        "definitions": [
            {
                "first_day": None if meaning.first_day == date.min else meaning.first_day.isoformat(),
                "source": meaning.source,
                "vi": meaning.vi,
                "en": meaning.en,
            }
            for meaning in indicator.definitions
        ],
    }


def entry_facts(entry: Entry) -> dict[str, Any]:
    """A line of the schedule as JSON values."""
    return {
        "form": entry.form,
        "level": entry.level,
        "period": str(entry.kind),
        "calendar": str(entry.calendar),
        "month": entry.month,
        "day": entry.day,
        "within": entry.within,
        "due_days": entry.due_days,
        "locked_after": entry.locked_after,
        "grace": entry.grace,
        "questions": entry.questions,
    }


def load_facts(load: Workload) -> dict[str, Any]:
    """A week's load as JSON values."""
    weeks = {week.key: questions for week, questions in load.weeks.items()}
    return {"most": load.most, "fullest": load.fullest.key, "mean": str(load.mean), "weeks": weeks}


def contradiction_facts(contradiction: Contradiction) -> dict[str, Any]:
    """A contradiction as JSON values."""
    return {
        "indicator": contradiction.indicator,
        "year": contradiction.year,
        "same_ground": contradiction.same_ground,
        "targets": [target_facts(target) for target in contradiction.targets],
    }


def page_facts(
    plans: Plans, programme: Programme, contradicting: Iterable[Contradiction], year: int
) -> dict[str, Any]:
    """Everything that a plan's pages show, as JSON values."""
    return {
        **plan_facts(programme),
        "commitments": commitments(programme),
        "indicators": [indicator_facts(figure) for figure in used_in(plans, programme)],
        "sums": [{"total": total.total, "parts": list(total.parts)} for total in programme.sums],
        "asked": [entry_facts(entry) for entry in asked_in(plans, programme)],
        "load": {level: load_facts(load) for level, load in loads(plans, programme, year).items()},
        "contradictions": [contradiction_facts(one) for one in contradicting],
    }
