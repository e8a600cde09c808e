"""The single works that communes report: what each is called, how far it is, and what holds it up.

A questionnaire about works has a row of a repeat for each; its questions are recognised by the endings of their names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlmodel import col, select

from figures.view import View
from questionnaires.questionnaire import Question, Questionnaire
from questionnaires.showing import shown
from storage.tables import Level, Place, Submission

NAME, STATE, SHARE, WHY = "_ten", "_trang_thai", "_phan_tram", "_vuong"
"""The ends of the questions' names in a row, which begin alike."""
STUCK, UNDER_WAY, NOT_BEGUN, FINISHED = "vuong_mac", "dang_lam", "chua", "hoan_thanh"
"""The states of a work, as questionnaires call them."""
ORDER: Final = (STUCK, UNDER_WAY, NOT_BEGUN, FINISHED)
"""The states as they are listed: where somebody has to act comes first."""
COUNTS_STUCK: Final = "_dang_vuong"
"""The end of the name by which a questionnaire counts the works at a standstill."""


@dataclass(frozen=True)
class Work:
    """One of the works, as its commune last reported it."""

    place: Place
    report: Submission
    name: str
    state: str
    """The value of its state in the questionnaire."""
    stands: str
    """The same in words; "" if its questionnaire has none."""
    share: Decimal | None
    """How much of it is done, in percent, if that was said."""
    why: str
    also: tuple["Work", ...] = ()
    """The same work as other units reported it."""

    @property
    def rank(self) -> tuple[int, Decimal]:
        """Sort key: what is stuck first, then what is least done."""
        order = ORDER.index(self.state) if self.state in ORDER else len(ORDER)
        return order, self.share or Decimal(0)


async def works_on(view: View, place: Place) -> list[Work]:
    """The works that communes on a place's ground reported last, what is stuck first."""
    forms = [form for _, form in (await view.library.active_forms(view.session)).values() if asks_works(form)]
    works: list[Work] = []
    for form in forms:
        for unit, report in await newest(view, place, form.name):
            asked = await view.library.form(view.session, report.form_id)
            works += works_in(asked, unit, report, view.locale)
    return sorted(works, key=lambda work: work.rank)


def asks_works(form: Questionnaire) -> bool:
    """Whether a questionnaire has a row for each of some works."""
    names = [question.name for question in form.questions]
    return all(any(name.endswith(end) for name in names) for end in (NAME, STATE, SHARE))


async def newest(view: View, place: Place, form: str) -> list[tuple[Place, Submission]]:
    """The last report of each commune on the ground of a place."""
    ids = await view.session.places.ids_below(place.id, Level.COMMUNE, view.today)
    chosen = (
        select(Place, Submission)
        .join(Submission, col(Place.id) == col(Submission.place_id))
        .where(Submission.form_name == form, col(Submission.current), Place.level == Level.COMMUNE)
        .order_by(col(Submission.period_end).desc(), col(Submission.id).desc())
    )
    last: dict[int, tuple[Place, Submission]] = {}
    for unit, report in await view.session.exec(chosen):
        if unit.id in ids:
            last.setdefault(unit.id, (unit, report))
    return [*last.values()]


def works_in(form: Questionnaire, unit: Place, report: Submission, lang: str) -> Iterator[Work]:
    """The works of one report, row by row."""
    questions = {question.name: question for question in form.questions}
    rows: dict[str, dict[str, str]] = {}
    for path, value in report.answers.items():
        row, _, name = path.rpartition("/")
        rows.setdefault(row, {})[name] = str(value or "")
    for said in rows.values():
        if (work := work_of(form, questions, said, lang)) is not None:
            yield Work(unit, report, *work)


def work_of(
    form: Questionnaire, questions: Mapping[str, Question], row: Mapping[str, str], lang: str
) -> tuple[str, str, str, Decimal | None, str] | None:
    """What a row says: name, state, state in words, share done, what holds it up; None if it is no row of works."""
    name = next((question for question in row if question.endswith(NAME)), "")
    begin = name.removesuffix(NAME)
    state, share, why = (row.get(begin + end, "") for end in (STATE, SHARE, WHY))
    if not name or not state:
        return None
    stands = shown(form, questions[begin + STATE], state, lang)
    return row[name], state, stands, Decimal(share) if share else None, why
