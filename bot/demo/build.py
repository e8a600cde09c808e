"""Makes the database of the demonstration: places, questionnaires, people, and some weeks of reports.

The reports are written in bulk, with the rows that sending them one by one would give; a test sends all of
them through the questionnaires themselves.
"""

import re
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, starmap
from random import Random
from typing import Any, Final

from sqlmodel import col, select

from bot.demo.capital import CAPITAL_FORMS, CAPITAL_PLAN
from bot.demo.figures import OFFICERS_FORMS, QUESTIONNAIRES, Answers, Words
from bot.demo.invented import BACH_THONG, HEAD, SEED, DemoGround, DemoVillage
from bot.settings import Settings
from bot.setup import set_up
from plans.period import Period, PeriodKind
from plans.plans import Plans
from plans.programme import Programme
from plans.schedule import Entry, Window
from questionnaires.answers.places import fold_place
from questionnaires.interview import Context, Finished, begin, of_kind, unchanged
from questionnaires.questionnaire import Questionnaire, at_row
from storage import ledger, people, place_marks, submissions
from storage.codes import ALPHABET
from storage.database import open_engine, writing
from storage.official.load import REFORM, insert_into
from storage.place_marks import Marking
from storage.place_rules import Ruling
from storage.session import Session
from storage.tables import Contact, Form, Level, Observation, Person, Place, RoleName, Submission

REPORTED: Final = {PeriodKind.MONTH: 4, PeriodKind.QUARTER: 2}
"""How many periods before the present one have reports; of longer periods, one."""
WROTE: Final = timedelta(hours=1)
"""So long ago everybody wrote last: where a channel closes after days of silence, theirs is open."""
LEFT: Final = "nuoc-sach"
"""What demo:truong-thon has not sent for the period asked last, so that there is something to do."""
ROW: Final = re.compile(r"(\w+)\[(\d+)\]")
"""The answer to a question in a row of a repeat."""
MARK: Final = "(giả lập)"
"""Stands behind the name of every invented village, wherever it is shown."""
AREA: Final = "vung-dtts"
AREA_SINCE: Final = date(2021, 6, 4)
"""Since when the communes of that area are listed by decision."""
SEED_OF_FORMS: Final = str(SEED)
ALREADY: Final = 0.4
"""The share of the other villages that have reported for the present period."""

DemoHeads = dict[DemoVillage, tuple[Place, Person]]
Forms = Mapping[str, tuple[Form, Questionnaire]]
"""The questionnaires in use by name, as rows and compiled."""
Report = tuple[Submission, Questionnaire]


async def build(settings: Settings, now: datetime, plans: Plans, ground: DemoGround = BACH_THONG) -> None:
    """Make the demonstration's database, that of `settings`, as of `now`, which is in the bot's zone."""
    await set_up(settings)
    engine = open_engine(settings.database_url)
    try:
        async with writing(engine) as session:
            heads = await add_villages(session, ground, now)
            await add_marks(session, ground, now)
            await add_officers(session, ground, now)
            await add_reports(session, ground, heads, plans, now)
    finally:
        await engine.dispose()


# --- places and people ----------------------------------------------------------------------------------


async def place_named(session: Session, level: str, name: str, day: date, above: str = "") -> Place:
    """The official place of that name that stands on `day` or, for a district, stood last."""
    chosen = (
        select(Place).where(Place.level == level, Place.name == name).order_by(col(Place.first_day).desc())
    )
    named = [place for place in await session.exec(chosen) if stands(place, day) or level == Level.DISTRICT]
    for place in named:
        names = [unit.name for unit in await session.places.ancestors(place.id, min(day, REFORM))]
        if not above or above in names:
            return place
    raise LookupError(f"{level} {name}")


def stands(place: Place, day: date) -> bool:
    """Whether a place is there on a day."""
    return place.first_day <= day and (place.last_day is None or day <= place.last_day)


async def add_person(
    session: Session, contact: str, place: Place, role: str, name: str, now: datetime
) -> Person:
    """Somebody who consented some time ago and speaks as `contact`."""
    channel, _, address = contact.partition(":")
    chat: Contact = await people.create_contact(session, channel, address)
    chat.last_sent_at = now - WROTE
    return await people.enrol(session, chat, place.id, role, name, now - timedelta(days=60))


async def add_villages(session: Session, ground: DemoGround, now: datetime) -> DemoHeads:
    """The invented villages, each with its head."""
    day = now.date()
    communes = {
        name: await place_named(session, Level.COMMUNE, name, day, ground.province)
        for name in ground.communes
    }
    heads: DemoHeads = {}
    for village in ground.villages:
        parent = communes[village.commune].id
        place = await session.places.add(
            *(Level.VILLAGE, ground.kind, f"{village.name} {MARK}", parent),
            first_day=min(REFORM, day.replace(month=1, day=1)),
            invented=True,
            source="demo",
        )
        place.search = fold_place(village.name)
        head = await add_person(session, village.contact, place, RoleName.VILLAGE_HEAD, village.head, now)
        heads[village] = place, head
    return heads


async def add_marks(session: Session, ground: DemoGround, now: datetime) -> None:
    """Mark the ground's communes as part of the minorities' area: invented like the villages, so that targets which speak of
    that area alone can be looked at. Of the province's other communes nothing is written down."""
    day = now.date()
    communes = [
        await place_named(session, Level.COMMUNE, name, day, ground.province) for name in ground.communes
    ]
    markings = [Marking(place, AREA, True, AREA_SINCE) for place in communes]
    await place_marks.mark(session, markings, Ruling(AREA_SINCE, MARK, now))


async def add_officers(session: Session, ground: DemoGround, now: datetime) -> None:
    for officer in ground.officers:
        above = ground.province if officer.level == Level.COMMUNE else ""
        place = await place_named(session, officer.level, officer.place, now.date(), above)
        await add_person(session, officer.contact, place, officer.role, officer.name, now)


# --- reports --------------------------------------------------------------------------------------------


async def add_reports(
    session: Session, ground: DemoGround, heads: DemoHeads, plans: Plans, now: datetime
) -> None:
    """The reports of the last months: of what is asked just now from some, never from demo:truong-thon."""
    active = await session.exec(select(Form).where(col(Form.active)))
    forms = {row.name: (row, Questionnaire.from_json(row.compiled)) for row in active}
    sent = list(villages_reports(heads, plans, forms, now))
    sent.extend([report async for report in officers_reports(session, ground, plans, forms, now)])
    sent.sort(key=lambda pair: pair[0].sent_at)
    for receipt, (submission, _) in zip(receipt_numbers(), sent, strict=False):
        submission.receipt = receipt
    session.add_all(submission for submission, _ in sent)
    await session.flush()
    rows = [*chain.from_iterable(starmap(submissions.observations, sent))]
    await (await session.connection()).execute(insert_into(Observation), rows)
    await ledger.rebuild(session)


def villages_reports(heads: DemoHeads, plans: Plans, forms: Forms, now: datetime) -> Iterator[Report]:
    """What the villages' heads have sent of the questionnaires for which figures were invented."""
    wholes = dict(chain.from_iterable(indicator.parts.items() for indicator in plans.indicators.values()))
    for entry in invented_of(plans, Level.VILLAGE, QUESTIONNAIRES.keys() & forms):
        form = forms[entry.form][1]
        for village, (place, head) in heads.items():
            for back, period in reported(entry, village, now):
                answers = dict(asked(form, QUESTIONNAIRES[entry.form](village, back), wholes))
                moment = moment_of(village.name, entry, period, now)
                yield report_of(place, forms[entry.form], period, answers, moment, head)


def invented_of(
    plans: Plans, level: Level, names: Collection[str], own: Sequence[Programme] = ()
) -> list[Entry]:
    """What the places of a level are asked of these questionnaires, those of their `own` plans among them."""
    return [entry for entry in plans.asked_of(level, own) if entry.form in names]


async def officers_reports(
    session: Session, ground: DemoGround, plans: Plans, forms: Forms, now: datetime
) -> AsyncIterator[Report]:
    """What the communes, the district and the province have reported themselves, up to the period before."""
    units = [(Level.COMMUNE, name, ground.province) for name in ground.communes]
    units += [(Level.DISTRICT, ground.district, ""), (Level.PROVINCE, ground.province, "")]
    invented = officers_forms(ground)
    own = [plans.programmes[CAPITAL_PLAN]] if ground.capital else []
    for level, name, above in units:
        place = await place_named(session, level, name, now.date(), above)
        for entry in invented_of(plans, level, invented.keys() & forms, own):
            form = forms[entry.form][1]
            for back, period in officers_periods(ground, entry, name, now):
                moment = moment_of(name, entry, period, now)
                answers = completed(form, invented[entry.form](name, back), moment)
                yield report_of(place, forms[entry.form], period, answers, moment)


def officers_forms(ground: DemoGround) -> Mapping[str, Callable[[str, int], Words]]:
    """How the officers of a ground answer a questionnaire, by its name."""
    return {**OFFICERS_FORMS, **CAPITAL_FORMS} if ground.capital else OFFICERS_FORMS


def officers_periods(
    ground: DemoGround, entry: Entry, unit: str, now: datetime
) -> Iterator[tuple[int, Period]]:
    """The periods for which a unit has reported, with how many ago each was: the present one unless somebody is to
    report it in the demonstration."""
    period = entry.period(now.date())
    peopled = {officer.place for officer in ground.officers}
    if entry.opens(period) <= now.date() and unit not in peopled:
        yield 0, period
    for back in range(1, ground.back.get(entry.kind, 1) + 1):
        period = period.previous()
        yield back, period


def completed(form: Questionnaire, answers: Words, at: datetime) -> dict[str, Any]:
    """All values by path that a questionnaire holds once it was answered so, its calculations among them."""
    paths = {question.name: question for question in form.questions}
    previous = {}
    for name, value in answers.items():
        row = ROW.fullmatch(name)
        question = paths[row[1] if row else name]
        previous[at_row(question.path, question.repeat, int(row[2])) if row else question.path] = value
    context = Context(at, "vi", previous, SEED_OF_FORMS)
    taken = unchanged(form, begin(form, context)[0], context)
    if taken is None:
        raise LookupError(f"{form.name} does not take {answers}")
    return dict(of_kind(taken[1], Finished)[0].values)


def report_of(
    place: Place,
    form: tuple[Form, Questionnaire],
    period: Period,
    answers: dict[str, Any],
    sent_at: datetime,
    person: Person | None = None,
) -> Report:
    """One report, still without its receipt."""
    row, questionnaire = form
    submission = Submission(
        receipt="",
        place_id=place.id,
        form_id=row.id,
        form_name=row.name,
        period=period.key,
        period_end=period.end,
        person_id=person.id if person else None,
        answers=answers,
        sent_at=sent_at,
    )
    return submission, questionnaire


def reported(entry: Entry, village: DemoVillage, now: datetime) -> Iterator[tuple[int, Period]]:
    """The periods for which a village has sent a questionnaire, with how many periods ago each was."""
    luck = Random(f"{SEED} {village.name} {entry.form}")
    period = entry.period(now.date())
    home = village.contact == HEAD
    window = entry.window(period, now.date())
    asked_last = period.previous() if window is Window.AHEAD else period
    left = asked_last if home and entry.form == LEFT else None
    likely = {Window.OPEN: 0.0 if home else ALREADY, Window.LATE: village.diligence}.get(window, 0.0)
    for back in range(REPORTED.get(entry.kind, 1) + 1):
        if luck.random() < (village.diligence if back else likely) and period != left:
            yield back, period
        period = period.previous()


def asked(form: Questionnaire, answers: Answers, wholes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(path, value) of what is asked: a part is, only where there is something of its whole."""
    for question in form.questions:
        name = question.name
        if name in answers and (name not in wholes or answers[wholes[name]] > 0):
            yield question.path, str(answers[name])


def moment_of(name: str, entry: Entry, period: Period, now: datetime) -> datetime:
    """When a unit sent its report: in the first days after it was asked, in the evening, never in the future."""
    luck = Random(f"{SEED} {name} {entry.form} {period.key}")
    opens = entry.opens(period)
    day = min(opens + timedelta(days=luck.randrange(0, 6)), now.date())
    evening = datetime.combine(day, time(luck.randrange(17, 21), luck.randrange(60)), tzinfo=now.tzinfo)
    if evening <= now:
        return evening
    start = datetime.combine(opens, time(), tzinfo=now.tzinfo)
    return max(start, now - timedelta(minutes=luck.randrange(5, 180)))


def receipt_numbers() -> Iterator[str]:
    """Receipt numbers as sending gives them, always the same."""
    luck, given = Random(SEED), set()
    while True:
        letters = "".join(luck.choice(ALPHABET) for _ in range(6))
        if letters not in given:
            given.add(letters)
            yield f"BC-{letters[:4]}-{letters[4:]}"
