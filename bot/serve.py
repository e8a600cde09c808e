"""The bot as a service: its channels by webhook or by polling, the web side, the sender, until told to stop.

On SIGTERM or SIGINT no new message is taken, those under way are finished and answered, and the process ends
with 0. What could not be sent by then is in the outbox.
"""

import asyncio
import errno
import gc
import hashlib
import signal
import socket
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from bot import metrics
from bot.administration import problem_of
from bot.channels.base import Callback, Channel, Service
from bot.dispatch import utc_now
from bot.health import Health
from bot.language import language
from bot.logs import set_up_logs
from bot.main import Running, running
from bot.metrics import UPDATE_SECONDS, UPDATES
from bot.problems import Problem, WrongCall
from bot.settings import Settings
from bot.teller import Teller
from bot.timetable import timetable
from bot.web import Webhook, create_app
from bot.web_server import quiet_server
from handlers.messages import Incoming, Kind
from handlers.tables import commands_menu
from handlers.wording import LOCALES
from storage import facts, private
from storage.ownership import Owned, owning

MENU_GROUP = "village"
"""The commands that everybody's menu lists; the others are told in /trogiup."""

COLLECT = (50_000, 20, 100)
"""After how many new objects the garbage collector looks at them, and how often at older ones."""

log = structlog.get_logger(__name__)


async def serve(settings: Settings, stop: asyncio.Event | None = None) -> None:
    """Run until `stop` or a signal. Raises Problem when something keeps it from starting."""
    check_channels(settings)
    writable(settings.data_dir)
    set_up_logs(secrets_of(settings))
    stop = stop or asyncio.Event()
    with (
        sole_server(settings),
        listening(settings.host, settings.port) as listener,
        stopped_by_signals(stop),
    ):
        async with AsyncExitStack() as opened:
            services = [
                await opened.enter_async_context(channel.open(settings.locale)) for channel in settings.served
            ]
            app = await opened.enter_async_context(running(settings, services))
            await opened.enter_async_context(timetable(app.storage, app.library, utc_now))
            connections = [
                Connection(app, service, channel.title, stop)
                for service, channel in zip(services, settings.served, strict=True)
            ]
            await run(app, connections, listener, stop)


def check_channels(settings: Settings) -> None:
    """Pass silently if there are channels to serve, all well set. Raises WrongCall."""
    say = Teller(settings.locale)
    if not settings.served:
        raise WrongCall("\n".join(filter(None, (channel.how_to_set(say) for channel in settings.channels))))
    faults = [fault for channel in settings.served if (fault := channel.fault(say))]
    if faults:
        raise WrongCall("\n".join(faults))


async def run(
    app: Running, connections: Sequence["Connection"], listener: socket.socket, stop: asyncio.Event
) -> None:
    """Take messages and web requests until `stop`, or until one of them fails."""
    trouble = Health(app.storage).trouble
    webhooks = {path: webhook for one in connections for path, webhook in one.webhooks.items()}
    waited_for = partial(not_begun, connections)
    pages = create_app(trouble, lambda: metrics.told(app.storage, trouble), webhooks, waited_for)
    server = quiet_server(pages)
    jobs = [
        asyncio.create_task(server.serve([listener]), name="web"),
        *(asyncio.create_task(one.run(), name=one.service.name) for one in connections),
    ]
    stopping = asyncio.create_task(stop.wait())
    spare_the_collector()
    log.info("listening", port=listener.getsockname()[1])
    try:
        await asyncio.wait((*jobs, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.set()
        server.should_exit = True
        stopping.cancel()
        results = await asyncio.gather(*jobs, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
    log.info("stopped")


def not_begun(connections: Iterable["Connection"]) -> str:
    """The platforms that do not know of this process yet, "" for none."""
    return ", ".join(one.title for one in connections if not one.begun)


def spare_the_collector() -> None:
    """Let the garbage collector leave alone what was made at the start, and look less often at the rest.

    A full collection walks every object of every library: some 150,000, over and over, though none is garbage.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)


class Taker:
    """Hands one channel's messages to the dispatch and counts them."""

    def __init__(self, app: Running, channel: Channel) -> None:
        self.app = app
        self.channel = channel

    async def __call__(self, incoming: Incoming) -> None:
        started = time.perf_counter()
        await self.app.dispatch.handle(incoming, self.channel)
        UPDATE_SECONDS.observe(time.perf_counter() - started)
        UPDATES.labels(incoming.channel, incoming.kind).inc()
        if incoming.kind is Kind.PHOTO:
            self.app.attachments.wake()


class Connection:
    """What this process and one platform have to do with each other, from the first call to `stop`."""

    def __init__(self, app: Running, service: Service, title: str, stop: asyncio.Event) -> None:
        self.app = app
        self.service = service
        self.title = title
        self.stop = stop
        self.secret = app.settings.webhook_secret.get_secret_value()
        self.public = app.settings.public_url.rstrip("/")
        self.path = webhook_path(service.name, self.secret)
        self.take = Taker(app, service)
        self.begun = False
        """The platform knows of this process."""

    @property
    def webhooks(self) -> dict[str, Webhook]:
        """The webhook by its paths: a proxy may or may not take off the public address's own."""
        if not self.public:
            return {}
        webhook = Webhook(self.service, self.secret, self.take)
        return {self.path: webhook, urlsplit(self.public).path + self.path: webhook}

    async def run(self) -> None:
        """Tell the platform that the bot is there, then take its messages until `stop`."""
        names, key = self.app.library.bot_names, facts.name_on(self.service.name)
        async with self.app.storage.reading() as session:
            names[self.service.name] = await facts.get(session, key)
        menus = {locale: commands_menu(MENU_GROUP, locale) for locale in LOCALES}
        callback = Callback(self.public + self.path, self.secret) if self.public else None
        name = await self.service.begin(menus, callback, self.stop)
        if self.stop.is_set():
            return
        names[self.service.name] = name
        await self.app.storage.write(lambda session: facts.put(session, key, name))
        self.begun = True
        log.info("serving", channel=self.service.name, mode="webhook" if callback else "polling")
        await (self.stop.wait() if callback else self.service.poll(self.take, self.stop))


def secrets_of(settings: Settings) -> list[str]:
    """What must never be logged, of what is set."""
    own = (settings.webhook_secret.get_secret_value(), urlsplit(settings.database_url).password or "")
    return [*own, *(secret for channel in settings.channels for secret in channel.secrets())]


def webhook_path(channel: str, secret: str) -> str:
    """A path that only the platform is told, the same at every start and in every process."""
    digest = hashlib.sha256(b"thonbao webhook path" + secret.encode()).hexdigest()
    return f"/{channel}/{digest[:32]}"


@contextmanager
def stopped_by_signals(stop: asyncio.Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT set `stop`."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


def writable(folder: Path) -> None:
    """Pass silently if photos can be kept in `folder`, which is made if it is missing. Raises Problem."""
    try:
        private.own_folder(folder)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"0")
    except OSError as error:
        raise Problem(Teller(language())("admin.serve.data_folder", folder=str(folder))) from error


@contextmanager
def sole_server(settings: Settings) -> Iterator[None]:
    """Keep others from serving the same SQLite file. Raises WrongCall where another process serves it."""
    try:
        with owning(settings.database_url):
            yield
    except Owned as owned:
        raise WrongCall(str(problem_of(owned, Teller(settings.locale)))) from None


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A listening socket. Raises Problem when the address is taken or not this machine's."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Problem(Teller(language())("admin.serve.port_taken", port=str(port))) from None
        raise Problem(Teller(language())("admin.serve.cannot_listen", host=host, port=str(port))) from None
    with listener:
        yield listener
