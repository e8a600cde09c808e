"""What `thonbao serve` needs before it can begin: a data folder, its database, a port.

What stays wrong until somebody mends it (a path, a right, another version's tables) ends the start with a sentence and
exit code 2. What may pass by itself (a full disk, a database server that is not there yet) is retried with growing
pauses and reported once; meanwhile /healthz answers "not ready".
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
from bot.main import Running, running
from bot.patience import before, growing, pause
from bot.problems import WrongCall
from bot.settings import Settings
from bot.teller import Teller
from bot.timetable import timetable
from storage.ownership import owning

PASSING: Final = ("disk_full", "cannot_connect", "busy")
"""The sorts of trouble, as `bot.administration` names them, that may soon be over."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def opened_in_time(
    settings: Settings, services: Sequence[Channel], stop: asyncio.Event, tell: Callable[[str], None]
) -> AsyncIterator[Running | None]:
    """Give the bot as soon as it can be opened, or None if `stop` comes first. Raises WrongCall for what will not
    pass.

    `tell` is called with what is waited for, in a word or two.
    """
    failures, said = 0, ""
    while not stop.is_set():
        async with AsyncExitStack() as stack:
            try:
                app = await before(stop, stack.enter_async_context(opened(settings, services)))
            except Exception as error:
                failures, said = failures + 1, waiting(error, said, settings.locale)
                tell(said)
            else:
                yield app
                return
        await pause(stop, growing(failures))
    yield None


def waiting(error: Exception, said: str, locale: str) -> str:
    """Return the sort of trouble that is waited for; log it unless it was `said` before. Raises WrongCall."""
    sort = code_of(error)
    if sort not in PASSING:
        problem = problem_of(error, Teller(locale))
        raise error if problem is None else WrongCall(str(problem)) from error
    if sort != said:
        log.warning("cannot begin yet, trying on", why=Teller(locale)(f"admin.serve.waits.{sort}"))
    return sort


@asynccontextmanager
async def opened(settings: Settings, services: Sequence[Channel]) -> AsyncIterator[Running]:
    """Give the bot with its timetable, as the only process on its database. Raises whatever prevents that."""
    data_folder.prepare(settings.data_dir, Teller(settings.locale))
    with owning(settings.database_url):
        async with running(settings, services) as app, timetable(app.storage, app.library, utc_now):
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
