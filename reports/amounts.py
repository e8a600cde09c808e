"""What a plan allots to the unit it was made for (capital, works, households to support), and what was reached of it.

Each line of the plan has a row, even if nobody has reported on it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from markupsafe import Markup

from plans.programme import Programme, Sum
from plans.rollup import Figure, Status, own_baseline, standing
from plans.target import CommitmentKind, Comparator, Target
from reports.covering import Say
from reports.lines import Goal, PlaceProgress, ProgressLine
from reports.progress import among_text, plain, rounded

KINDS: Final = (CommitmentKind.CAPITAL, CommitmentKind.WORKS, CommitmentKind.QUOTA, CommitmentKind.TARGET)
"""Money first, since it is asked for most."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One line of a plan with what was reached of it."""

    target: Target
    name: str
    done: Decimal | None = None
    """What was reached, added up since the plan began; None if nothing was reported."""
    status: Status = Status.NO_DATA
    """Where it stands; if the plan is over, where it stood at its end."""
    awaited: Decimal | None = None
    """What would be reached by the `day`, or by today, if it were spread evenly over the days."""
    day: date | None = None
    """The last day that was reported on, if that is not today."""
    over: date | None = None
    """The last day of its time, once that has passed."""
    goal: Goal | None = None
    """The target with its figure, if something is known of it."""
    kept_back: bool = False
    """Whether what was reached is withheld from this reader."""

    @property
    def share(self) -> Decimal | None:
        """How much of it was reached, in percent."""
        return percent(self.done, self.target)

    @property
    def expected(self) -> Decimal | None:
        """How much of it should be reached by the day, in percent."""
        return percent(self.awaited, self.target)


def percent(value: Decimal | None, target: Target) -> Decimal | None:
    """Return `value` as a percentage of what the plan allots, with one decimal."""
    return rounded(value * 100 / target.value, 1) if value is not None and target.value else None


def amounts_of(
    progress: PlaceProgress, programmes: Iterable[Programme], names: Mapping[str, str]
) -> list[Amount]:
    """Return the rows of everything that `programmes`, which were made for the place, allot to it.

    `names` are the indicators' names.
    """
    rows: list[Amount] = []
    for programme in programmes:
        own = reported(progress, programme, names)
        rows += with_totals(own, programme, progress.as_of).values()
    return sorted(rows, key=lambda row: KINDS.index(row.target.kind))


def goals_of(
    progress: PlaceProgress, plan: str
) -> dict[tuple[str, str, Decimal | None], tuple[ProgressLine, Goal]]:
    """Return the goals that a plan sets, each with its line, by indicator, clause and value."""
    return {
        (line.indicator, goal.clause, goal.value): (line, goal)
        for line in progress.lines
        for goal in line.goals
        if goal.plan == plan
    }


def reported(progress: PlaceProgress, programme: Programme, names: Mapping[str, str]) -> dict[str, Amount]:
    """Return a plan's rows by the target's id, with what was reported on each."""
    known = goals_of(progress, programme.id)
    hidden = frozenset[tuple[str, str]]().union(*(line.goals_kept_back for line in progress.lines))
    rows = {}
    for target in programme.targets:
        if target.comparator.counted_up and target.value:
            name = names.get(target.indicator, target.statement)
            heard = known.get((target.indicator, target.clause, target.value))
            silent = Amount(target, name, kept_back=(target.plan, target.id) in hidden)
            rows[target.id] = held(target, name, *heard) if heard else silent
    return rows


def held(target: Target, name: str, line: ProgressLine, goal: Goal) -> Amount:
    """Return a row with the figure that its target is compared with."""
    is_own = goal.held is None and goal.over is None and not goal.among
    done = line.value if is_own else goal.held
    status = Status.NO_DATA if done is None else Status(goal.status)
    return Amount(target, name, done, status, goal.expected_today, goal.judged_on, goal.over, goal)


def with_totals(rows: Mapping[str, Amount], programme: Programme, today: date) -> dict[str, Amount]:
    """Return the rows, with the totals that no figure tells (`figures.of_several`) added up if all their parts are known:
    an office's own plan may have a total for which no questionnaire asks."""
    whole = dict(rows)
    # A total may be a part of another one, so the innermost stand last in no order that can be relied on.
    for _ in programme.sums:
        for one in programme.sums:
            row, parts = whole.get(one.total), parts_known(whole, one)
            if row is not None and row.done is None and parts:
                done = sum((part.done or Decimal(0) for part in parts), Decimal(0))
                whole[one.total] = summed(row, done, parts, programme, today)
    return whole


def parts_known(rows: Mapping[str, Amount], one: Sum) -> list[Amount]:
    """Return the rows that a total consists of; none unless all are known, and of one time."""
    parts = [rows[part] for part in one.parts if part in rows and rows[part].done is not None]
    return parts if len(parts) == len(one.parts) and are_of_one_time(parts) else []


def are_of_one_time(parts: Iterable[Amount]) -> bool:
    """Whether some parts are of the same period: what was paid out by September is not added to December's."""
    return len({(one.day, one.goal.period if one.goal else "") for one in parts}) == 1


def summed(row: Amount, done: Decimal, parts: Sequence[Amount], programme: Programme, today: date) -> Amount:
    """Return a total's row; its time is that of its parts, and so is whether enough is known of its end."""
    part = parts[0]
    target = row.target
    reported = max(one.day or today for one in parts)
    day = min(reported, part.over or today)
    stands = standing(target, Figure(target.indicator, done), day, own_baseline(target, programme.first_day))
    awaited = None if part.over else stands.expected_today
    status, told_on = of_all(parts, stands.status), None if reported == today else reported
    return replace(row, done=done, status=status, awaited=awaited, day=told_on, over=part.over)


def of_all(parts: Sequence[Amount], status: Status) -> Status:
    """Return the status of a total that has this one by its number, as far as enough is known of its parts."""
    if any(one.over and one.status is Status.NO_DATA for one in parts):
        return Status.NO_DATA
    if status is not Status.ACHIEVED and any(one.status is Status.UNSURE for one in parts):
        return Status.UNSURE
    return status


def row_text(row: Amount, say: Say, *, dated: bool = False) -> Markup:
    """ "Giải ngân vốn đầu tư, Dự án 1: 10.271/30.891 triệu đồng (33,2 %), chậm"; with `dated`, also until when it was
    reported, if that is not today."""
    of = {"name": row.name, "allotted": row.target.value, "unit": row.target.unit}
    if row.kept_back:
        return say("amounts.row_kept_back", **of)
    if row.done is None:
        told = say("amounts.row_none", **of)
    else:
        told = say("amounts.row", done=row.done, share=row.share, state=state_text(row, say), **of)
        if dated and row.day:
            told += say("amounts.row_until", day=row.day)
    return Markup(". ").join([told, *notes_of(row, say)])


def are_dated(rows: Iterable[Amount]) -> bool:
    """Whether some rows were reported until different days, so that each has to say until when."""
    return len({row.day for row in rows if row.done is not None and not row.over}) > 1


def notes_of(row: Amount, say: Say) -> Iterator[Markup]:
    """Yield that more than the number is wanted; and whom the figure counts, if the plan is about others or more."""
    if row.target.comparator is Comparator.QUOTA_ABOVE:
        wanted = say("progress.wanted.quota_above", value=row.target.value, unit=row.target.unit)
        yield say("amounts.above", wanted=wanted)
    if row.target.wider and row.done is not None:
        yield say("progress.beyond", scope=row.target.scope)
    if row.goal is not None:
        yield from notes_of_goal(row, row.goal, say)


def notes_of_goal(row: Amount, goal: Goal, say: Say) -> Iterator[Markup]:
    """Yield that only the listed places report a row's amount; and which places its plan means, with what they did."""
    if goal.listed_only:
        yield say("progress.listed_only")
    if goal.among:
        done = say("progress.no_data") if row.done is None else number_of(row.done, row.target.unit, say)
        yield Markup(" ").join(among_text(goal, say, done))


def number_of(value: Decimal, unit: str, say: Say) -> Markup:
    """A number with its unit."""
    return say("progress.value", value=value, unit=unit)


def state_text(row: Amount, say: Say) -> Markup:
    """Where a row stands, in a word or two."""
    if row.kept_back:
        return say("amounts.kept_back")
    return say(f"amounts.{'over' if row.over else 'state'}.{stands_as(row)}")


def stands_as(row: Amount) -> str:
    """The name of how a row stands: its status, or that more than all was reached, or that its end is not known enough."""
    if row.share is not None and row.share > 100:
        return "beyond"
    if row.over and row.done is not None and row.status is Status.NO_DATA:
        return "undecided"
    return str(row.status)


def expected_text(rows: Sequence[Amount], say: Say) -> Iterator[Markup]:
    """Yield by when, and how much of it should be reached by the figures' day; or that its time is over."""
    for day in dict.fromkeys(row.over for row in rows if row.over):
        yield say("amounts.ended", day=day)
    running = ((row.day, row.expected) for row in rows if row.expected is not None and row.over is None)
    for told_on, share in dict.fromkeys(running):
        yield say(f"amounts.expected{'_on' if told_on else ''}", share=share, day=told_on)


def picture_data(progress: PlaceProgress, rows: Sequence[Amount], say: Say) -> dict[str, Any]:
    """Return what the drawing of a place's progress shows of these rows: a bar for each, with a mark where it should
    be today."""
    return {
        "title": plain(say("amounts.picture", place=progress.place)),
        "rows": [picture_row(row, say) for row in rows],
        "footer": plain(say("progress.picture.footer", day=progress.as_of)),
        "marker": plain(say("amounts.marker_on" if any(row.day for row in rows) else "amounts.marker")),
        "more": plain(say("progress.picture.more")),
    }


def picture_row(row: Amount, say: Say) -> dict[str, Any]:
    """One row of the drawing; shares are 0 to 1."""
    share, expected = row.share, row.expected
    if share is None or row.done is None:
        value = say("amounts.kept_back" if row.kept_back else "progress.no_data")
        under, state = Markup(), "none"
    else:
        value, state = say("amounts.share", share=share), str(row.status)
        of = {"done": row.done, "allotted": row.target.value, "unit": row.target.unit}
        under = say("amounts.of", state=state_text(row, say), **of)
    return {
        "name": row.name,
        "value": plain(value),
        "counted": share is not None,
        "share": None if share is None else float(min(share, Decimal(100)) / 100),
        "mark": None if expected is None else float(expected / 100),
        "change": plain(under),
        "standing": "",
        "state": state,
    }


HEADS: Final = ("name", "clause", "done", "allotted", "unit", "share", "until", "expected", "state")
NUMBERS: Final = (2, 3, 5, 7)


def table(rows: Sequence[Amount], today: date, say: Say) -> dict[str, Any]:
    """The rows as a sheet of a spreadsheet, each with the day until which it was reported."""
    return {
        "title": plain(say("amounts.sheet")),
        "heads": [plain(say(f"amounts.head.{head}")) for head in HEADS],
        "rows": [
            [
                row.name,
                row.target.clause,
                number(row.done),
                number(row.target.value),
                row.target.unit,
                number(row.share),
                until(row, today, say),
                number(row.expected),
                plain(state_text(row, say)),
            ]
            for row in rows
        ],
        "numbers": NUMBERS,
    }


def number(value: Decimal | None) -> str | None:
    """A number as a spreadsheet's cell takes it."""
    return None if value is None else f"{value:f}"


def until(row: Amount, today: date, say: Say) -> str:
    """Until when what was reached is reported: a day, or the last period of what is over; "" for nothing."""
    if row.done is None:
        return ""
    return period_over(row) or plain(say("amounts.until", day=row.day or row.over or today))


def period_over(row: Amount) -> str:
    """The last period with a report of what is over; "" while it runs."""
    return row.goal.period if row.over and row.goal else ""
