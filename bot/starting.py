"""What `thonbao serve` needs before it can begin: a data folder, its database, a port.

What stays wrong until somebody mends it (a path, a right, another version's tables) ends the start with a sentence and
exit code 2. What may pass by itself (a full disk, a database server that is not there yet) is retried with growing
pauses and reported once. Meanwhile /healthz answers "not ready", and whoever writes is told that nothing can be saved
(`bot.serve.Entrance`).
"""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from itertools import chain
from typing import Final

import structlog

from bot import data_folder
from bot.administration import code_of, problem_of
from bot.channels.base import Channel
from bot.dispatch import utc_now
from bot.language import language
from bot.main import Running, begun, gate
from bot.patience import before, growing, pause
from bot.problems import Problem, WrongCall
from bot.settings import Settings
from bot.teller import Teller
from bot.timetable import timetable
from bot.trouble import Trouble
from storage.database import is_missing
from storage.ownership import owning
from storage.unit_of_work import APART, Storage

PASSING: Final = ("disk_full", "disk_error", "cannot_connect", "busy")
"""The sorts of trouble, as `bot.administration` names them, that may soon be over."""
FAILING: Final = {errno.EROFS: "disk_locked", errno.EIO: "disk_error"}
"""The same by the system's error number, also where the data folder is at fault: a disk that fails may be read only."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def opened_in_time(
    settings: Settings,
    services: Sequence[Channel],
    trouble: Trouble,
    stop: asyncio.Event,
    tell: Callable[[str], None],
) -> AsyncIterator[Running | None]:
    """Give the bot as soon as it can be opened, or None if `stop` comes first. Raises WrongCall for what will not
    pass.

    `tell` is called with what is waited for, in a word or two. `trouble` tells people meanwhile.
    """
    failures, said = 0, ""
    while not stop.is_set():
        # SQLite opens a file that cannot be written for reading, and such a connection stays so.
        await trouble.storage.engine.dispose()
        async with AsyncExitStack() as stack:
            try:
                stack.enter_context(owning(settings.database_url))
                app = await before(stop, stack.enter_async_context(opened(settings, services, trouble)))
            except Exception as error:
                failures, said = failures + 1, waiting(error, said, settings.locale)
                tell(said)
                # The database stays ours meanwhile: a second service would fetch the same messages.
                await pause(stop, growing(failures))
            else:
                yield app
                return
    yield None


def waiting(error: Exception, said: str, locale: str) -> str:
    """Return the sort of trouble that is waited for; log it unless it was `said` before. Raises WrongCall."""
    sort = failing(error) or code_of(error)
    if sort not in (*PASSING, *FAILING.values()):
        raise unsuited(error, locale)
    if sort != said:
        log.warning("cannot begin yet, trying on", why=Teller(locale)(f"admin.serve.waits.{sort}"))
    return sort


def failing(error: Exception) -> str:
    """Return the sort of trouble of a disk that fails; "" for any other. The data folder names its faults itself."""
    cause = error.__cause__ if isinstance(error, WrongCall) else error
    return FAILING.get(cause.errno or 0, "") if isinstance(cause, OSError) else ""


def unsuited(error: Exception, locale: str) -> Exception:
    """Return what a start ends with: a sentence for the error if there is one, else the error itself."""
    problem = None if isinstance(error, Problem) else problem_of(error, Teller(locale))
    if problem is None:
        return error
    refused = WrongCall(str(problem))
    refused.__cause__ = error
    return refused


async def gate_of(settings: Settings, services: Sequence[Channel], stack: AsyncExitStack) -> Storage:
    """Return the gate to the database, open as long as `stack` is. Raises WrongCall where there is no database."""
    try:
        if is_missing(settings.database_url):  # the data folder, in which it may lie, may be at fault
            data_folder.prepare(settings.data_dir, Teller(settings.locale))
        return await stack.enter_async_context(gate(settings.database_url, services, APART))
    except Exception as error:
        raise unsuited(error, settings.locale) from None


@asynccontextmanager
async def opened(settings: Settings, services: Sequence[Channel], trouble: Trouble) -> AsyncIterator[Running]:
    """Give the bot with its timetable. Raises whatever prevents that."""
    async with (
        begun(trouble.storage, settings, services, trouble=trouble) as app,
        timetable(app.storage, app.library, utc_now, app.delivery.alarmed),
    ):
        yield app


UNHEARD: Final = {errno.EADDRINUSE: "port_taken", errno.EACCES: "port_guarded"}
"""Why we cannot listen on an address, by the system's error number; any other number means that the address is wrong."""


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A listening socket. Raises WrongCall when the address is taken, not allowed or not this machine's."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, UnicodeError) as error:
        why = UNHEARD.get(getattr(error, "errno", None) or 0, "cannot_listen")
        raise WrongCall(Teller(language())(f"admin.serve.{why}", host=host, port=str(port))) from None
    with listener:
        yield listener


def check_channels(settings: Settings) -> None:
    """Pass silently if there are channels to serve, all well set. Raises WrongCall."""
    say = Teller(settings.locale)
    if not settings.served:
        raise WrongCall("\n".join(filter(None, (channel.how_to_set(say) for channel in settings.channels))))
    webhook = bool(settings.public_url)
    told = ((channel.fault(say), channel.fault_of_way(say, webhook=webhook)) for channel in settings.served)
    faults = list(filter(None, chain.from_iterable(told)))
    if faults:
        raise WrongCall("\n".join(faults))
