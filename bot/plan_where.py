"""Where each row of a plan is asked: in which questionnaire, of whom, until when, and on what ground it is judged.

A page for each plan, in Markdown, and a summary of all of them for the page on plans.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from bot.plan_pages import to_whom, wanted, when, who_owes
from handlers.wording import Wording
from plans.levels import LEVELS
from plans.period import PeriodKind
from plans.plans import Plans
from plans.programme import Deadline, Programme
from plans.schedule import Entry
from plans.target import CommitmentKind, Target
from questionnaires.questionnaire import Questionnaire

Forms = Mapping[str, Questionnaire]
"""The questionnaires by name."""
HEADS: Final = ("clause", "row", "wanted", "form", "by", "until", "ground")


def where_page(plans: Plans, programme: Programme, forms: Forms, say: Wording) -> str:
    """The page of one plan: a table with all of its rows, then its deadlines."""
    rows = [row_of(plans, programme, target, forms, say) for target in programme.targets]
    deadlines = [deadline_row(deadline, programme, say) for deadline in programme.deadlines]
    parts = [
        f"# {programme.title(say.locale)}",
        str(say("plan.where.made")),
        f"{programme.document}; {programme.issuer}, {programme.dated}.",
        table([str(say(f"plan.where.{head}")) for head in HEADS], rows),
    ]
    if deadlines:
        heads = [str(say(f"plan.where.deadline.{n}")) for n in range(1, 6)]
        parts += [f"## {say('plan.section.deadlines')}", table(heads, deadlines)]
    return "\n\n".join(parts) + "\n"


def deadline_row(deadline: Deadline, programme: Programme, say: Wording) -> Sequence[str]:
    """One deadline: its clause and words, who owes whom, and when."""
    return (
        deadline.clause,
        deadline.statement(say.locale),
        who_owes(deadline, say),
        to_whom(deadline, say),
        when(deadline, programme, say),
    )


def row_of(plans: Plans, programme: Programme, target: Target, forms: Forms, say: Wording) -> Sequence[str]:
    """One row: its clause and words, what it wants, and where the figure for it comes from."""
    entries = asking(plans, programme, target, forms)
    titles = dict.fromkeys(forms[entry.form].title(say.locale) for entry in entries)
    levels = dict.fromkeys(str(say(f"progress.level.{entry.level}")) for entry in entries)
    days = dict.fromkeys(until(entry, programme, say) for entry in entries)
    return (
        target.clause,
        target.statement,
        in_full(target, say),
        "; ".join(titles) or str(say("plan.where.not_measured")),
        ", ".join(levels),
        "; ".join(days),
        ground_of(programme, target, say) if entries else "",
    )


def in_full(target: Target, say: Wording) -> str:
    """What a row wants, and by which year, or that it is always wanted."""
    by = str(target.year_due or (say("plan.always") if target.always else ""))
    return f"{wanted(target, say)} ({by})" if by else wanted(target, say)


def asking(plans: Plans, programme: Programme, target: Target, forms: Forms) -> list[Entry]:
    """The lines of the schedules that ask for what a row is measured by, from the village up."""
    needed, listing = set(plans.questions_of(target)), {form for form, _ in target.items}
    asks = {name for name, form in forms.items() if name in listing or needed & form.question_names}
    entries = [entry for entry in plans.with_those_of((programme,)) if entry.form in asks]
    return sorted(entries, key=lambda entry: LEVELS.index(entry.level))


def until(entry: Entry, programme: Programme, say: Wording) -> str:
    """Until which days of a year a report is in time: "21/4, 21/10"; of every month the day alone."""
    year = programme.first_day.year
    period = entry.period(date(year, 1, 1))
    if entry.kind in (PeriodKind.WEEK, PeriodKind.MONTH):
        return str(
            say("plan.where.each", often=say(f"plan.period.{entry.kind}"), day=entry.planned(period).day)
        )
    days = []
    while period.year == year:
        day = entry.planned(period)
        days.append(f"{day.day}/{day.month}")
        period = period.next()
    return ", ".join(days)


def ground_of(programme: Programme, target: Target, say: Wording) -> str:
    """On what ground a row is judged: at its owner, or at each unit of it."""
    cover = programme.covers[0]
    key = "owner_former" if cover.former else "owner"
    owner = say(f"plan.where.{key}", level=say(f"progress.level.{cover.level}"), name=cover.name)
    if target.comparator.counted_up:
        return str(say("plan.where.counted_up", owner=owner, day=programme.first_day))
    if target.comparable and LEVELS.index(target.level) < LEVELS.index(cover.level):
        return str(say("plan.where.each_unit", owner=owner, level=say(f"progress.level.{target.level}")))
    return str(owner)


def summary_row(plans: Plans, programme: Programme, forms: Forms, say: Wording) -> tuple[str, ...]:
    """One plan: how many rows it has, of which sorts, and of whom their figures are asked; nothing for 0."""
    sorts = Counter(target.kind for target in programme.targets)
    asked = [asking(plans, programme, target, forms) for target in programme.targets]
    levels = Counter(entries[0].level for entries in asked if entries)
    counts = (*(sorts[kind] for kind in SORTS), *(levels[level] for level in LEVELS[:-1]))
    others = (sum(not entries for entries in asked), len(programme.deadlines))
    name = f"[{programme.title(say.locale)}](plans/{programme.id}.md)"
    return (name, str(len(programme.targets)), *(str(count or "") for count in (*counts, *others)))


def summary(plans: Plans, forms: Forms, say: Wording) -> str:
    """A line for each plan: how many rows of each sort, and of whom its figures are asked."""
    rows = [summary_row(plans, programme, forms, say) for programme in plans.programmes.values()]
    heads = [say(f"plan.where.summary.{name}") for name in ("plan", "rows", *map(str, SORTS))]
    heads += [say("plan.where.summary.from", level=say(f"progress.level.{level}")) for level in LEVELS[:-1]]
    heads += [say("plan.where.summary.none"), say("plan.where.summary.deadlines")]
    return table(list(map(str, heads)), rows)


SORTS: Final = (
    *(CommitmentKind.TARGET, CommitmentKind.QUOTA, CommitmentKind.CAPITAL, CommitmentKind.WORKS),
    *(CommitmentKind.TASK, CommitmentKind.TREND),
)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)
