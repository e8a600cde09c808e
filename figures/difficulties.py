"""Khó khăn, vướng mắc: what officers report as stuck.

Read from the newest reports about it: difficulties of a commune, district or province, works at a standstill, and
stuck tasks and projects of plans. A closed unit counts for whoever looks after all the ground that it became.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import bindparam
from sqlmodel import col, or_, select

from figures.tasks import stuck_in, task_forms
from figures.view import View
from figures.works import STUCK
from plans.levels import LEVELS
from plans.period import from_key
from questionnaires.questionnaire import Questionnaire
from questionnaires.showing import shown
from storage.portions import AT_ONCE
from storage.tables import Place, Submission

DIFFICULTIES: Final = "vuong-mac"
FIELD, WORDS, PROPOSAL = "linh_vuc", "noi_dung", "kien_nghi"
"""The questions about a difficulty, by the end of their names: `vm_…` the largest, `vm_khac_…` each other one."""
NONE: Final = "khong"
"""The field in which somebody reports that nothing is stuck."""
WORKS: Final = "cong-trinh"
STATE, NAME, WHY = "ct_trang_thai", "ct_ten", "ct_vuong"
SINCE: Final = timedelta(days=184)
"""A report whose period ended longer ago than this says nothing about today."""


@dataclass(frozen=True)
class Difficulty:
    """One thing that is stuck: where, since which report, about what, in whose words."""

    place: Place
    report: Submission
    about: str
    words: str
    proposal: str = ""


@dataclass(frozen=True)
class Respondents:
    """Of the units of one level that are asked what is stuck: how many there are, and which have not answered."""

    level: str
    expected: int
    silent: Sequence[Place]


async def answered(view: View, place: Place, first: date, last: date) -> list[Respondents]:
    """Who on the ground of `place` has answered what is stuck, for periods that touch some days; smaller units first."""
    asked_of = {entry.level for entry in view.plans.with_those_of(()) if entry.form == DIFFICULTIES}
    sent = await senders(view, first, last)
    told = list[Respondents]()
    for level in filter(asked_of.__contains__, LEVELS):
        units = await view.session.places.below(place.id, level, view.today)
        if units:
            told.append(Respondents(level, len(units), [unit for unit in units if unit.id not in sent]))
    return told


async def senders(view: View, first: date, last: date) -> set[int]:
    """The units whose current reports say what is stuck, for periods that touch some days."""
    chosen = (
        select(Submission.place_id, Submission.period)
        .where(col(Submission.form_name) == DIFFICULTIES, col(Submission.current))
        .where(col(Submission.period_end) >= first)
    )
    return {unit for unit, period in await view.session.exec(chosen) if from_key(period).start <= last}


async def on_ground(view: View, place: Place) -> list[Difficulty]:
    """What is stuck on the ground of `place`, by each unit's newest report; the latest report first."""
    ground = await view.session.places.ground(place.id, view.today)
    difficulties: list[Difficulty] = []
    seen: set[tuple[str, int]] = set()
    for report, unit in await reports_since(view, view.today - SINCE, ground):
        which = (report.form_name, report.place_id)
        if which not in seen and await lies_on(view, unit, ground):
            seen.add(which)
            difficulties += await told_by(view, report, unit)
    return difficulties


async def over_time(view: View, place: Place, first: date, last: date) -> list[Difficulty]:
    """What was stuck there by every report whose period touches some days; the latest report first."""
    ground = await view.session.places.ground(place.id, view.today)
    difficulties: list[Difficulty] = []
    for report, unit in await reports_since(view, first, ground):
        if from_key(report.period).start <= last and await lies_on(view, unit, ground):
            difficulties += await told_by(view, report, unit)
    return difficulties


async def reports_since(
    view: View, first: date, ground: Collection[int]
) -> Sequence[tuple[Submission, Place]]:
    """The reports about difficulties, on some ground or by closed units, whose periods end on a day or later; the latest
    sent first."""
    asked = {"forms": told_in(view), "first": first}
    if len(ground) > AT_ONCE:
        return await view.session.fetch(ANYWHERE, **asked)
    # A commune's letter need not read those of every other one.
    return await view.session.fetch(NEAR, **asked, places=sorted(ground))


ANYWHERE: Final = (
    select(Submission, Place)
    .join(Place, col(Place.id) == col(Submission.place_id))
    .where(col(Submission.form_name).in_(bindparam("forms", expanding=True)), col(Submission.current))
    .where(col(Submission.period_end) >= bindparam("first"))
    .order_by(col(Submission.sent_at).desc(), col(Submission.id).desc())
)
NEAR: Final = ANYWHERE.where(
    or_(
        col(Submission.place_id).in_(bindparam("places", expanding=True)),
        col(Place.last_day).is_not(None),
    )
)


async def told_by(view: View, report: Submission, unit: Place) -> list[Difficulty]:
    """What one report calls stuck, read as its form requires."""
    return read(await view.library.form(view.session, report.form_id), report, unit, view.locale)


def told_in(view: View) -> list[str]:
    """The questionnaires about difficulties."""
    return sorted({DIFFICULTIES, WORKS} | task_forms(view.plans))


async def lies_on(view: View, unit: Place, ground: Collection[int]) -> bool:
    """Whether `unit` is part of `ground`; a closed unit is if everything that it became is."""
    if unit.id in ground:
        return True
    if unit.last_day is None:
        return False
    own = await view.session.places.ground(unit.id, view.today) - {unit.id}
    return bool(own) and own <= set(ground)


def read(form: Questionnaire, report: Submission, unit: Place, lang: str) -> list[Difficulty]:
    """What one report calls stuck."""
    said = {path: str(value) for path, value in report.answers.items() if value not in (None, "")}
    return READ.get(report.form_name, read_tasks)(form, report, unit, said, lang)


def read_difficulty(
    form: Questionnaire, report: Submission, unit: Place, said: Mapping[str, str], lang: str
) -> list[Difficulty]:
    """The difficulties in a report about them; none if it says that nothing is stuck."""
    return [
        Difficulty(unit, report, shown(form, form.question(path), field, lang), *words_beside(said, path))
        for path, field in fields_in(said)
    ]


def fields_in(said: Mapping[str, str]) -> list[tuple[str, str]]:
    """Where a report names the field of a difficulty, and which, the main one first."""
    fields = ((path, field) for path, field in said.items() if path.endswith(FIELD) and field != NONE)
    return sorted(fields, key=lambda named: "]" in named[0])


def words_beside(said: Mapping[str, str], path: str) -> tuple[str, str]:
    """The words about the difficulty whose field stands at `path`, and what is proposed."""
    stem = path.removesuffix(FIELD)
    return said.get(stem + WORDS, ""), said.get(stem + PROPOSAL, "")


def read_works(
    form: Questionnaire, report: Submission, unit: Place, said: Mapping[str, str], lang: str
) -> list[Difficulty]:
    """The works at a standstill, of all that a report lists: each is a row of a repeat."""
    rows = [
        path.rpartition("/")[0] for path, value in said.items() if path.endswith(STATE) and value == STUCK
    ]
    return [
        Difficulty(unit, report, said.get(f"{row}/{NAME}", ""), said.get(f"{row}/{WHY}", "")) for row in rows
    ]


def read_tasks(
    form: Questionnaire, report: Submission, unit: Place, said: Mapping[str, str], lang: str
) -> list[Difficulty]:
    """The tasks or projects of a plan that a report calls stuck."""
    return [Difficulty(unit, report, about, words) for about, words in stuck_in(form, report, lang)]


READ: Final = {DIFFICULTIES: read_difficulty, WORKS: read_works}
"""How to read each questionnaire about difficulties; the others are about tasks."""
