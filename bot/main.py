"""Puts the running bot together: database, plans, gate, sender; and takes it apart in the right order.

What is started last is stopped first: channels stop taking messages, turns under way finish, what they caused
is sent, and only then does the database close.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from bot import data_folder
from bot.attachments import Attachments
from bot.channels.base import Channel, in_words, reaches
from bot.delivery import Delivery
from bot.dispatch import Dispatch, utc_now
from bot.file_links import FileLinks
from bot.left_photos import sweep
from bot.libraries import library_of
from bot.old_photos import stripping
from bot.own_forms import own_forms, save_own
from bot.rebuilding import Rebuilding
from bot.sent_lists import SentLists
from bot.settings import Settings
from bot.teller import Teller
from bot.trouble import Trouble
from handlers.alarms import PHOTOS
from handlers.library import Library
from plans.reading import load_plans
from storage import carried, leaving, ledger, outbox, private, restoring, risks
from storage.database import check_version, open_engine, refuse_missing, scrub
from storage.unit_of_work import Storage

HOUSEKEEPING: Final = 3600.0
CALLERS_KEPT: Final = timedelta(days=30)
"""How long we keep the number of somebody who wrote by SMS but takes no part, or takes part no more."""

CRIES_KEPT: Final = timedelta(days=1)
"""How long we keep what somebody cried out who has not agreed yet to what is kept."""

log = structlog.get_logger(__name__)


def links_of(settings: Settings) -> FileLinks | None:
    """Return what makes links to files; None if nobody can call this machine from outside."""
    secret = settings.webhook_secret.get_secret_value()
    if not (settings.public_url and secret):
        return None
    return FileLinks(settings.data_dir, settings.public_url.rstrip("/"), secret, settings.zone)


@dataclass
class Running:
    """The parts of a running bot."""

    settings: Settings
    storage: Storage
    library: Library
    delivery: Delivery
    dispatch: Dispatch
    attachments: Attachments
    lists: SentLists


@asynccontextmanager
async def running(
    settings: Settings, channels: Sequence[Channel], clock: Callable[[], datetime] = utc_now
) -> AsyncIterator[Running]:
    """Run the bot on `channels`, ready to handle messages. Raises what `check_version` raises for an unfit database."""
    async with (
        gate(settings.database_url, channels) as storage,
        begun(storage, settings, channels, clock) as app,
    ):
        yield app


@asynccontextmanager
async def gate(url: str, channels: Sequence[Channel], apart: float = 0.0) -> AsyncIterator[Storage]:
    """Give the gate to the database, which `channels` use, too. It connects when it is used, and looks at nothing before.

    `apart`: the seconds between the beginnings of two transactions (`storage.unit_of_work.Storage`).
    Raises NotMigrated or DatabaseLost where there is no database: a connection would make an empty one.
    """
    refuse_missing(url)
    engine = open_engine(url)
    try:
        async with Storage(engine, apart=apart) as storage:
            for channel in channels:
                channel.attach(storage)
            yield storage
    finally:
        await engine.dispose()


@asynccontextmanager
async def begun(
    storage: Storage,
    settings: Settings,
    channels: Sequence[Channel],
    clock: Callable[[], datetime] = utc_now,
    trouble: Trouble | None = None,
) -> AsyncIterator[Running]:
    """Give the bot once its database is known to fit and can be written; after a failure it may be begun again.

    `trouble` knows who was told already that nothing can be saved. Raises what `check_version` and `data_folder.prepare`
    raise.
    """
    engine = storage.engine
    # First, since a database in it suffers from the same fault, and its own error says less.
    data_folder.prepare(settings.data_dir, Teller(settings.locale))
    await check_version(engine)
    library = library_of(settings)
    worker = f"{os.getpid()}-{secrets.token_hex(4)}"
    by_name = {channel.name: channel for channel in channels}
    library.in_words = in_words(by_name)
    storage.turns = await restoring.notice(engine)
    await use_own_forms(storage, settings)
    await storage.write(partial(ledger.keep_fit, tell=Rebuilding(settings.locale)))
    delivery = Delivery(
        storage,
        by_name,
        worker,
        settings.data_dir,
        is_quiet=lambda: library.quiet.over(clock().astimezone(library.zone)) is not None,
        links=links_of(settings),
    )
    library.reaches = lambda chat, at: reaches(by_name, chat, at) and not delivery.fails(chat.channel)
    attachments = Attachments(storage, by_name, settings.data_dir, settings.zone)
    lists = SentLists(storage, by_name, library, clock)
    dispatch = Dispatch(storage, library, delivery, worker, clock, trouble)
    # On SQLite a channel has one sender at a time, so whatever still claims its messages is dead.
    if engine.dialect.name == "sqlite":
        await outbox.release(storage, by_name)
    async with (
        delivery,
        attachments,
        lists,
        stripping(attachments),
        housekeeping(storage, settings, clock),
    ):
        yield Running(settings, storage, library, delivery, dispatch, attachments, lists)


async def use_own_forms(storage: Storage, settings: Settings) -> None:
    """Take in the office's own questionnaires, and say once what of its plans is left out."""
    own = own_forms(settings.plans_dir, settings.locale)
    if own.forms:
        await storage.write(lambda session: save_own(session, own.forms))
    say = Teller(settings.locale)
    if settings.lacks_plans:
        log.warning(say("plan.own.no_folder", folder=str(settings.plans_dir)))
    left_out = len(load_plans().own_faults) + len(own.faults)
    if left_out:
        log.warning(say("plan.own.left_out", folder=str(settings.plans_dir), n=left_out))


@asynccontextmanager
async def housekeeping(
    storage: Storage, settings: Settings, clock: Callable[[], datetime] = utc_now
) -> AsyncIterator[None]:
    """At the start and every hour, drop what nobody needs any more, and what people who left have left behind."""
    task = asyncio.create_task(keep_house(storage, settings, clock), name="housekeeping")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def at_night(settings: Settings, clock: Callable[[], datetime]) -> bool:
    """Whether nobody is likely to write now: within the quiet hours, or always if there are none."""
    quiet = settings.quiet
    return quiet.begin == quiet.end or quiet.over(clock().astimezone(settings.zone)) is not None


async def forget(storage: Storage, settings: Settings, at: datetime) -> None:
    """Drop what nobody needs any more: old messages and counts, callers who never joined, people who left,
    cries of those who have not agreed."""
    await outbox.purge(storage)
    await storage.write(risks.purge)
    await storage.write(carried.purge)
    callers = [channel.name for channel in settings.channels if channel.knows_number]
    await storage.write(partial(leaving.forget_callers, channels=callers, before=at - CALLERS_KEPT))
    await storage.write(partial(leaving.forget_cries, before=at - CRIES_KEPT))
    await storage.write(leaving.forget_left)
    await scrub(storage.engine)


async def keep_house(storage: Storage, settings: Settings, clock: Callable[[], datetime]) -> None:
    while True:
        try:
            await asyncio.to_thread(private.tighten_below, settings.data_dir / PHOTOS)
            await forget(storage, settings, clock())
            # Writing the file anew holds up every answer for some seconds.
            if at_night(settings, clock):
                await leaving.write_anew(storage)
            if links := links_of(settings):
                await asyncio.to_thread(links.sweep)
            async with storage.reading() as session:
                await sweep(session, settings.data_dir / PHOTOS)
        except Exception as error:
            log.warning("housekeeping put off", error=type(error).__name__)
        await asyncio.sleep(HOUSEKEEPING)
