"""What can be checked before people write to the bot: settings, disk, database, questionnaires, channels.

Secrets are never shown: only whether they are set and have the right form.
"""

import shutil
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlmodel import col, func, select

from bot import data_folder
from bot.administration import opened, problem_of
from bot.channels.channel_settings import ChannelSettings, Limit
from bot.checks import Check, CheckState
from bot.own_forms import own_forms
from bot.plan_faults import fault_lines
from bot.problems import WrongCall
from bot.settings import Settings
from bot.teller import Teller
from bot.version import VERSION
from handlers.sentences import first_names
from plans.checks import check
from plans.plans import Plans
from plans.programme import Cover, Programme
from plans.reading import load_plans
from questionnaires.questionnaire import Questionnaire
from storage import carried, dead_letters, outbox, places
from storage.database import reading, refuse_damaged, revisions, sqlite_file
from storage.session import Session
from storage.tables import Form, Level, Person, Place, Role, RoleName, now

LONG: Final = ("day", "month")
"""The spans for which an occasional look tells how much is used."""
SOON: Final = timedelta(seconds=30)
"""A message that is written should have gone out after this long."""
ROOM: Final = 1_000_000_000
"""With less free space than this, in bytes, the administrator is warned."""
LEAST: Final = 100_000_000
"""With less than this, soon nothing can be saved: photos, a rebuild of the sums, the file written anew in quiet hours."""
NAMED: Final = 8
"""How many communes are named."""


async def examine(settings: Settings, say: Teller) -> list[Check]:
    """Return every check, the most basic first. Nothing is changed."""
    here = datetime.now(settings.zone)
    checks = [
        Check("version", CheckState.GOOD, say("admin.doctor.version", version=VERSION)),
        Check("time", CheckState.GOOD, say("admin.doctor.time", zone=settings.timezone, now=here)),
        data(settings, say),
        *channels(settings, say),
        address(settings, say),
    ]
    checks += [check async for check in database(settings, here, say)]
    return checks


def data(settings: Settings, say: Teller) -> Check:
    """Check whether photos and the database can be written, and how much room is left."""
    folder, file = settings.data_dir, sqlite_file(settings.database_url)
    beside = [file.parent] if file and file.parent.is_dir() else []
    try:
        data_folder.prepare(folder, say)
        free, fullest = min((shutil.disk_usage(one).free, one) for one in (folder, *beside))
    except OSError as error:
        return Check("data", CheckState.BAD, data_folder.fault_of(folder, error, say))
    except WrongCall as fault:
        return Check("data", CheckState.BAD, str(fault))
    return room(fullest, free, say)


def room(folder: Path, free: int, say: Teller) -> Check:
    """How much is left on the disk of a folder, of which `free` bytes are."""
    if free >= ROOM:
        text = say("admin.doctor.data", folder=str(folder), gigabytes=free // 1_000_000_000)
        return Check("data", CheckState.GOOD, text)
    state, key = (CheckState.NOTE, "data_little") if free >= LEAST else (CheckState.BAD, "data_least")
    return Check("data", state, say(f"admin.doctor.{key}", folder=str(folder), megabytes=free // 1_000_000))


def channels(settings: Settings, say: Teller) -> Iterator[Check]:
    """Yield what each served channel says of itself; if none is served, what every channel says."""
    for channel in settings.served or settings.channels:
        yield from channel.checks(say)
        fault = channel.fault_of_way(say, webhook=bool(settings.public_url))
        if channel.is_set() and fault:
            yield Check(channel.name, CheckState.BAD, fault)


def address(settings: Settings, say: Teller) -> Check:
    """How messages arrive: fetched, or sent to a public address."""
    channels = settings.served or settings.channels
    public = settings.public_url
    titles = ", ".join(channel.title for channel in channels if public or channel.polls)
    if not public:
        return Check("webhook", CheckState.GOOD, say("admin.doctor.polling", channels=titles or "—"))
    if not public.startswith("https://"):
        return Check("webhook", CheckState.NOTE, say("admin.doctor.not_https", channels=titles))
    return Check("webhook", CheckState.GOOD, say("admin.doctor.webhook", channels=titles, url=public))


async def budgets(session: Session, settings: Settings, say: Teller) -> AsyncIterator[Check]:
    """Yield how much of each daily or monthly limit is used, and what waits because of one."""
    for channel in settings.served:
        for limit in channel.limits:
            if limit.most and limit.span in LONG:
                yield await use_of(session, channel, limit, say)
    for waiting in await dead_letters.held_back(session, now()):
        yield held_back(waiting, settings, say)
    for one in await dead_letters.unsent(session, now() - SOON):
        yield unsent(one, settings, say)


async def database(settings: Settings, here: datetime, say: Teller) -> AsyncIterator[Check]:
    """Yield the database's version and content; if it cannot be opened, nothing else is checked."""
    try:
        async with opened(settings) as engine, reading(engine) as session:
            await refuse_damaged(engine)
            text = say("admin.doctor.database", database=engine.dialect.name, revision=revisions()[1])
            yield Check("database", CheckState.GOOD, text)
            yield await forms(session, settings, say)
            async for check in own_plans(session, settings, say):
                yield check
            yield await place_list(session, say)
            yield await roles(session, say)
            async for check in call_numbers(session, here.date(), say):
                yield check
            async for check in budgets(session, settings, say):
                yield check
    except Exception as error:
        problem = problem_of(error, say)
        if problem is None:
            raise
        yield Check("database", CheckState.BAD, str(problem))


async def use_of(session: Session, channel: ChannelSettings, limit: Limit, say: Teller) -> Check:
    """How much of what a channel may send was sent."""
    allowance = carried.Allowance(*limit)
    used = await carried.used(session, channel.name, allowance.began(now()))
    count = int(getattr(used, limit.unit))
    text = say(
        "admin.limit.used",
        channel=channel.title,
        used=count,
        most=limit.most,
        unit=say(f"admin.limit.unit.{limit.unit}"),
        span=say(f"admin.limit.span.{limit.span}"),
    )
    short = count >= limit.most * (1 - allowance.spared)
    return Check(channel.name, CheckState.NOTE if short else CheckState.GOOD, text)


def held_back(waiting: dead_letters.HeldBack, settings: Settings, say: Teller) -> Check:
    """How many messages wait for an allowance or a window, and until when."""
    text = say(
        "admin.limit.no_room" if waiting.problem == outbox.NO_ROOM else "admin.limit.outside_window",
        channel=title_of(waiting.channel, settings),
        n=waiting.count,
        since=waiting.since.astimezone(settings.zone),
        until=waiting.until.astimezone(settings.zone),
    )
    return Check(waiting.channel, CheckState.NOTE, text)


def unsent(one: dead_letters.UnsentMessages, settings: Settings, say: Teller) -> Check:
    """How many messages do not go out, since when, and why: the platform does not take them, or nobody sends them."""
    text = say(
        "admin.doctor.unsent" if one.problem else "admin.doctor.untried",
        channel=title_of(one.channel, settings),
        n=one.count,
        since=one.since.astimezone(settings.zone),
        problem=one.problem,
    )
    return Check(one.channel, CheckState.BAD, text)


def title_of(channel: str, settings: Settings) -> str:
    """Return a channel as people call it."""
    return next((known.title for known in settings.channels if known.name == channel), channel)


async def forms(session: Session, settings: Settings, say: Teller) -> Check:
    """Whether every indicator names questions that the questionnaires in use have."""
    active = (await session.exec(select(Form).where(col(Form.active)))).all()
    questions = {form.name: Questionnaire.from_json(form.compiled).question_names for form in active}
    plans = load_plans()
    own = own_forms(settings.plans_dir, settings.locale)
    faults = [*plans.own_faults, *own.faults, *check(plans, questions)]
    if faults:
        named = "; ".join(fault_lines(faults[:10], say))
        return Check("forms", CheckState.BAD, say("admin.doctor.forms_bad", n=len(faults), faults=named))
    names = ", ".join(sorted(questions))
    return Check("forms", CheckState.GOOD, say("admin.doctor.forms", names=names))


def added_by_office(plans: Plans) -> list[Programme]:
    """Return the plans that an office has added."""
    return [programme for id, programme in plans.programmes.items() if id in plans.own]


async def units_missing(session: Session, programmes: Iterable[Programme]) -> list[str]:
    """Return the units that some plans are for and that do not exist, each with its plan."""
    return [
        f"{one.id}: {cover.name}"
        for one in programmes
        for cover in one.covers
        if not await is_there(session, cover)
    ]


async def own_plans(session: Session, settings: Settings, say: Teller) -> AsyncIterator[Check]:
    """Yield which plans an office has added, and whether the units that they are for exist."""
    if settings.lacks_plans:
        yield Check("plans", CheckState.BAD, say("plan.own.no_folder", folder=str(settings.plans_dir)))
    plans = load_plans()
    own = added_by_office(plans)
    if not own:
        return
    missing = await units_missing(session, own)
    if missing:
        yield Check("plans", CheckState.BAD, say("plan.own.no_unit", names="; ".join(missing)))
        return
    names = ", ".join(programme.title(settings.locale) for programme in own)
    yield Check("plans", CheckState.GOOD, say("plan.own.read", folder=str(settings.plans_dir), names=names))


async def is_there(session: Session, cover: Cover) -> bool:
    """Whether a unit of this level and name stands or stood."""
    alike = select(Place.id).where(Place.level == cover.level, Place.name == cover.name).limit(1)
    return (await session.exec(alike)).first() is not None


async def place_list(session: Session, say: Teller) -> Check:
    """Whether there are villages that can report."""
    villages = select(func.count()).select_from(Place).where(Place.level == Level.VILLAGE)
    count = (await session.exec(villages)).one()
    key = "villages" if count else "no_villages"
    return Check("places", CheckState.GOOD if count else CheckState.NOTE, say(f"admin.doctor.{key}", n=count))


async def roles(session: Session, say: Teller) -> Check:
    """Whether somebody is enrolled."""
    held = select(func.count()).select_from(Role).where(col(Role.until).is_(None))
    count = (await session.exec(held)).one()
    key = "people" if count else "no_people"
    return Check("people", CheckState.GOOD if count else CheckState.NOTE, say(f"admin.doctor.{key}", n=count))


async def call_numbers(session: Session, today: date, say: Teller) -> AsyncIterator[Check]:
    """Yield the communes where heads in danger are shown no number to call, since none of the officers gave one."""
    held = select(Role.place_id).where(col(Role.until).is_(None)).distinct()
    heads = await session.exec(held.where(Role.role == RoleName.VILLAGE_HEAD))
    office = held.join(Person, col(Person.id) == col(Role.person_id)).where(col(Person.phone) != "")
    told = set(await session.exec(office.where(Role.role == RoleName.COMMUNE_OFFICER)))
    above = [unit for village in heads for unit in await session.places.ancestors(village, today)]
    silent = {unit.id: unit for unit in above if unit.level == Level.COMMUNE and unit.id not in told}
    if silent:
        names = first_names([places.own_name(unit) for unit in silent.values()], NAMED)
        yield Check("numbers", CheckState.NOTE, say("admin.doctor.no_numbers", n=len(silent), names=names))
