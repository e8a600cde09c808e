"""The works that a plan names, as the unit that the plan was made for reported them last.

They stand in a questionnaire of their own, beside those in which communes list what is built on their ground. One work
may be told in both, and not alike.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from figures.allotted import asking, numbers
from figures.programmes import holdings_on
from figures.tasks import STUCK, TaskReport, TaskState, asked, reports_of
from figures.view import View
from figures.works import FINISHED, NOT_BEGUN, UNDER_WAY, Work, works_on
from figures.works import STUCK as AT_STANDSTILL
from plans.programme import Programme
from plans.target import CommitmentKind, Target
from questionnaires.answers.text import fold
from questionnaires.questionnaire import Questionnaire
from questionnaires.showing import shown
from storage import places
from storage.tables import Place

ALL: Final = Decimal(100)


async def every_work_on(view: View, place: Place) -> list[Work]:
    """All works on the ground of a place, of both sorts of questionnaires, what is stuck first."""
    return together(await works_on(view, place), await named_on(view, place))


async def named_on(view: View, place: Place) -> list[Work]:
    """The works that plans name on the ground of a place, each as it was reported last by the plan's own unit."""
    way = [place, *await view.session.places.ancestors(place.id, view.today)]
    works: list[Work] = []
    for holding in await holdings_on(view, way):
        owner = next((unit for unit in way if replace(holding, part=None).is_owned(unit)), place)
        here = rows_on(holding.programme, owner, place)
        if here:
            works += await told_of(view, owner, here, seen_whole=owner.id == place.id)
    return works


def rows_on(programme: Programme, owner: Place, place: Place) -> list[Target]:
    """The works that a plan names in a place; for the unit that the plan was made for, all of them."""
    rows = [row for row in programme.targets if row.kind is CommitmentKind.WORKS and row.items]
    return rows if owner.id == place.id else [row for row in rows if lies_in(row, place)]


def lies_in(row: Target, place: Place) -> bool:
    """Whether a plan says that a work lies in a place: "bản Xốp Tụ, xã Mỹ Lý, huyện Kỳ Sơn"."""
    return places.own_name(place).lower() in row.scope.lower().split(", ")


async def told_of(view: View, owner: Place, rows: Sequence[Target], *, seen_whole: bool) -> list[Work]:
    """Some works by the newest reports on them; what holds them up is left out unless all of it is for this reader."""
    reports = await reports_of(view, owner, {form for row in rows for form, _ in row.items})
    works: list[Work] = []
    for row in rows:
        for option, said in reported(row, reports):
            answered = await view.library.form(view.session, said.report.form_id)
            work = work_of(view, answered, row, option, said)
            works.append(work if seen_whole else replace(work, why=""))
    return works


def reported(row: Target, reports: Mapping[str, Sequence[TaskReport]]) -> Iterator[tuple[str, TaskReport]]:
    """The options that stand for the works of a row, each with the newest report that lists it."""
    for form, option in row.items:
        said = next((one for one in reports.get(form, ()) if option in one.listed), None)
        if said is not None:
            yield option, said


def work_of(view: View, form: Questionnaire, row: Target, option: str, said: TaskReport) -> Work:
    """One work in one report: how much of it is done, whether it is stuck, and why."""
    answers = {path: str(value or "") for path, value in said.report.answers.items()}
    names = asking(form, view.plans.indicators[row.indicator])
    share = next(numbers([form.by_name[name] for name in names], answers), None)
    name = next(names_of(form, option, view.locale), row.statement)
    return Work(said.place, said.report, name, state_of(said, option, share), "", share, said.why([option]))


def names_of(form: Questionnaire, option: str, lang: str) -> Iterator[str]:
    """What the questionnaire calls an option, where it asks which works are stuck."""
    for question in asked(form, STUCK):
        if any(choice.value == option for choice in form.lists[question.list]):
            yield shown(form, question, option, lang)


def state_of(said: TaskReport, option: str, share: Decimal | None) -> str:
    """How a work stands, by the names that communes' questionnaires have for it."""
    if said.state([option]) is TaskState.STUCK:
        return AT_STANDSTILL
    if share is None or share >= ALL:
        return FINISHED if share else UNDER_WAY
    return UNDER_WAY if share else NOT_BEGUN


def together(works: Sequence[Work], named: Sequence[Work]) -> list[Work]:
    """Both lists as one: a work that stands in both is told once, with what the plan's unit says of it."""
    left = list(named)
    whole: list[Work] = []
    for work in works:
        same = [one for one in left if is_same(work, one)]
        left = [one for one in left if one not in same]
        whole.append(replace(work, also=tuple(same)))
    return sorted([*whole, *left], key=first_rank)


def first_rank(work: Work) -> tuple[int, Decimal]:
    """Where a work stands among others: where either that told of it would put it first."""
    return min(one.rank for one in (work, *work.also))


def is_same(work: Work, named: Work) -> bool:
    """Whether a commune's work is one that a plan names: it has that name, and the commune is the one named with it."""
    called, *where = (f" {fold(part)} " for part in named.name.split(","))
    commune = f" {fold(places.own_name(work.place))} "
    return called in f" {fold(work.name)} " and (commune in where or not where)
