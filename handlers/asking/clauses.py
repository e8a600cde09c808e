"""The clauses of a plan by what is asked of it: its targets, tasks, norms, deadlines, or all that it says.

A clause is worded only once it is told: of many that are searched few are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import chain, islice, zip_longest
from typing import Final

from markupsafe import Markup

from figures.tasks import Task
from handlers.screens import tasks
from handlers.viewer import Viewer
from plans.indicator import CAPITAL, Indicator
from plans.norm import Norm
from plans.period import period_of
from plans.programme import Deadline, Programme
from plans.statutory import SOURCE
from plans.target import CommitmentKind, Target
from queries.frames import Days, Plan
from questionnaires.answers.text import fold

AHEAD: Final = 4
"""How many periods ahead to look for a deadline."""
ALL_OFFICES: Final = "cac so,"
"""Begins the name of all of a province's agencies together."""
SEVERAL: Final = " cac "
PART_OF_OFFICE: Final = "phong"
GOALS: Final = (CommitmentKind.TARGET, CommitmentKind.QUOTA, CommitmentKind.CAPITAL, CommitmentKind.WORKS)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a plan that may answer the question."""

    programme: Programme
    tell: Callable[[], Markup]
    """What it says: of many that are looked through few are told."""
    searched: str
    indicator: str = ""
    domain: str = ""
    day: date | None = None
    of: str = ""
    """The name of its domain."""
    amount: bool = True
    """Whether it sets an amount; a norm may only describe a support."""
    agency: str = ""
    """How its agency stands in the clause ("named", "inferred", "none"): clauses that name theirs come first."""
    row: Target | None = None
    """The commitment that it is, if it is one."""
    task: Task | None = None
    """The task that it is, with what was reported about it, if that is known."""


def of_targets(viewer: Viewer, query: Plan, programme: Programme) -> Iterator[Clause]:
    """Numbers that a plan sets, also those that it only says in words; of one year if a year was named.

    What a plan for the whole country says in words is no goal of a place, unless that plan is asked about by name.
    """
    worded = bool(query.plans) or programme.level != "nuoc"
    rows = [row for row in programme.targets if row.kind in GOALS or (worded and row.said_in_words)]
    return (commitment(viewer, programme, row) for row in rows if query.year in (None, row.year_due))


def of_tasks(viewer: Viewer, query: Plan, programme: Programme, *, by_agency: bool) -> Iterator[Clause]:
    """Tasks: what an agency has to do, or which agency does it; also that a clause names none."""
    if not by_agency:
        yield from (commitment(viewer, programme, row, named=tasks.who) for row in programme.targets)
        return
    for row in programme.targets:
        if row.agency and row.kind is CommitmentKind.TASK:
            yield commitment(viewer, programme, row, row.agency)
    yield from of_deadlines(viewer, query, programme)


def commitment(
    viewer: Viewer,
    programme: Programme,
    row: Target,
    searched: str = "",
    named: Callable[[Viewer, Target], Iterable[Markup]] = tasks.named_in,
) -> Clause:
    """A row of a plan's commitments; `named` says who has it and until when."""
    indicator = viewer.plans.indicators.get(row.indicator)
    tell = partial(row_told, viewer, row, indicator, named)
    name = indicator.name() if indicator else ""
    domain = viewer.plans.domains.get(row.domain, {}).get("vi", "")
    called = " ".join(indicator.synonyms) if indicator else ""
    searched = searched or f"{row.statement} {name} {called} {row.scope} {programme.called(row.clause)}"
    clause = Clause(programme, tell, searched, row.indicator, row.domain, of=domain)
    return replace(clause, agency=agency_of(row), row=row)


def row_told(
    viewer: Viewer,
    row: Target,
    indicator: Indicator | None,
    named: Callable[[Viewer, Target], Iterable[Markup]],
) -> Markup:
    """What a row says, who has it and until when, and which figure follows it."""
    said = viewer.say("planned.row", clause=row.clause, text=row.statement)
    return Markup(" ").join([said, *named(viewer, row), *followed_by(viewer, row, indicator)])


def agency_of(row: Target) -> str:
    """Whether a row's clause names who has it."""
    named = "inferred" if row.infers("agency") else "named"
    return named if row.agency else "none"


def followed_by(viewer: Viewer, row: Target, indicator: Indicator | None) -> Iterator[Markup]:
    """Which figure stands for what a clause says without a number."""
    if indicator is not None and row.goal is None:
        yield viewer.say("planned.followed_by", name=indicator.name(viewer.locale))


def of_content(viewer: Viewer, query: Plan, programme: Programme) -> Iterator[Clause]:
    """Everything a plan says: targets, tasks, norms."""
    yield from (commitment(viewer, programme, row) for row in programme.targets)
    yield from of_norms(viewer, query, programme)


def of_norms(viewer: Viewer, query: Plan, programme: Programme) -> Iterator[Clause]:
    """Norms: the most that a support may be, for whom and for how long."""
    say, locale = viewer.say, viewer.locale
    for norm in programme.norms:
        text = say("planned.row", clause=norm.clause, text=norm.statement(locale))
        text = Markup(" ").join((text, *limits_of(viewer, norm)))
        indicator = viewer.plans.indicators.get(norm.indicator)
        name = indicator.name() if indicator else ""
        domain = viewer.plans.domains.get(norm.domain, {}).get("vi", "")
        words = " ".join((norm.statement(), norm.whom, name, *norm.called))
        amount = norm.most is not None
        yield Clause(
            programme, partial(Markup, text), words, norm.indicator, norm.domain, of=domain, amount=amount
        )


def limits_of(viewer: Viewer, norm: Norm) -> Iterator[Markup]:
    """The most that a support may be, and for whom it is where its statement does not say so."""
    if norm.most is not None:
        yield viewer.say("planned.most", most=norm.most, unit=norm.unit)
    if norm.whom and fold(norm.whom) not in fold(norm.statement()):
        yield viewer.say("planned.whom", whom=norm.whom)


def of_deadlines(viewer: Viewer, query: Plan, programme: Programme) -> Iterator[Clause]:
    """Deadlines: of the days asked about, otherwise the next one of each."""
    wanted = query.periods[0] if query.periods else None
    for deadline in programme.deadlines:
        rhythm = query.every in ("", deadline.period)
        if not (rhythm and query.senders in ("", deadline.owes) and is_between(deadline, query)):
            continue
        day = due_in(deadline, programme, viewer.today, wanted)
        if wanted is not None and day is None:
            continue
        say, locale = viewer.say, viewer.locale
        text = say("planned.row", clause=deadline.clause, text=deadline.statement(locale))
        text += Markup(" ") + say(
            "planned.to", agency=tasks.who_owes(viewer, deadline) or "-", to=tasks.to_whom(viewer, deadline)
        )
        if day is not None:
            key = "planned.due_derived" if deadline.derived else "planned.due"
            text += Markup(" ") + say(key, day=day, source=SOURCE)
        level = say(f"progress.level.{deadline.owes}").unescape()
        words = (deadline.statement(), deadline.agency, level, "báo cáo", deadline.to)
        yield Clause(programme, partial(Markup, text), " ".join(words), day=day)


def is_between(deadline: Deadline, query: Plan) -> bool:
    """Whether a report is handed in by whom and to whom the question says, as far as it says so."""
    sent_by, sender = undashed(deadline.agency), " ".join(query.sender)
    # «Các sở, ban, ngành» are all of them, except the one that receives; a part of one («phòng») is none.
    any_of = fold(deadline.agency).startswith(ALL_OFFICES) and undashed(sender) not in undashed(deadline.to)
    sends = undashed(sender) in sent_by or (any_of and not fold(sender).startswith(PART_OF_OFFICE))
    receives = undashed(" ".join(query.to)) in undashed(deadline.to)
    return (not query.sender or sends) and (not query.to or receives)


def undashed(text: str) -> str:
    """A name folded, with a blank at both ends and none of its dashes, nor of what only says that there are several: "
    phong ke hoach tuyen truyen ", " uy ban nhan dan xa thi tran "."""
    return f" {fold(text).replace(' - ', ' ').replace(',', '')} ".replace(SEVERAL, " ")


def due_in(deadline: Deadline, programme: Programme, today: date, wanted: Days | None) -> date | None:
    """The first day of a deadline within the days asked about, or from today on; None if there is none.

    A plan that is over has no more deadlines.
    """
    if deadline.period is None:
        return None
    first, last = wanted or (today, date.max)
    last = min(last, programme.last_day)
    period = period_of(deadline.period, min(first, today), deadline.calendar).previous()
    for _ in range(AHEAD):
        day = deadline.due(period)
        if day is not None and first <= day <= last:
            return day
        period = period_of(
            deadline.period, period.end.fromordinal(period.end.toordinal() + 1), deadline.calendar
        )
    return None


Clauses = Callable[[Viewer, Plan, Programme], Iterable[Clause]]
BY_WORDS: Final[Mapping[str, Clauses]] = {
    "target": of_targets,
    "norm": of_norms,
    "agency": partial(of_tasks, by_agency=False),
    "content": of_content,
}
"""Clauses that are searched by their subject."""
CLAUSES: Final[Mapping[str, Clauses]] = {
    **BY_WORDS,
    "task": partial(of_tasks, by_agency=True),
    "deadline": of_deadlines,
}


def of_capital(viewer: Viewer, query: Plan, clauses: list[Clause]) -> list[Clause]:
    """Those of some clauses that are about capital, if that alone was asked for and there are any; else all."""
    own = [clause for clause in clauses if clause.domain == CAPITAL]
    return own if own and names_capital_alone(viewer, query) else clauses


def names_capital_alone(viewer: Viewer, query: Plan) -> bool:
    """Whether targets are asked for, of figures of capital or its domain and of nothing else."""
    indicators = viewer.plans.indicators
    named = [indicators[id].domain for id in query.indicators if id in indicators] or [query.domain]
    return query.about == "target" and set(named) == {CAPITAL}


def page_of(clauses: Sequence[Clause], first: int, size: int) -> list[Clause]:
    """The clauses that one answer holds from number `first` on, plan by plan: of each plan as many as there is room for."""
    by_plan: dict[str, list[Clause]] = {}
    for clause in clauses:
        by_plan.setdefault(clause.programme.id, []).append(clause)
    # Taken in turn, so that a plan with many clauses leaves room for the others.
    in_turn = filter(None, chain.from_iterable(zip_longest(*by_plan.values())))
    page, order = [*islice(in_turn, first, first + size)], [*by_plan]
    return sorted(page, key=lambda clause: order.index(clause.programme.id))
