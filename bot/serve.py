"""The bot as a service: its channels by webhook or by polling, the web side, the sender, until told to stop.

On SIGTERM or SIGINT no new message is taken, those under way are finished and answered, and the process ends
with 0. What could not be sent by then is in the outbox.
"""

import asyncio
import gc
import hashlib
import signal
import socket
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import structlog
from starlette.types import ASGIApp

from bot import file_links, metrics
from bot.channels.base import Callback, Channel, Service
from bot.health import Health
from bot.logs import set_up_logs
from bot.main import Running, links_of
from bot.metrics import UPDATE_SECONDS, UPDATES, labelled
from bot.reporting_rates import ReportingRates
from bot.settings import Settings
from bot.starting import check_channels, gate_of, listening, opened_in_time
from bot.trouble import Trouble
from bot.web import Front, Webhook, create_app
from bot.web_server import quiet_server
from handlers.messages import Incoming, MessageKind
from handlers.tables import commands_menu
from handlers.wording import LOCALES
from storage import facts
from storage.outage import Outage

MENU_GROUP = "village"
"""The commands in everybody's menu; /trogiup names the others."""

COLLECT = (50_000, 20, 100)
"""How many new objects make the garbage collector run, and how often it looks at older ones."""

log = structlog.get_logger(__name__)


async def serve(settings: Settings, stop: asyncio.Event | None = None) -> None:
    """Run until `stop` or a signal. Raises WrongCall for what keeps it from starting and has to be mended first."""
    check_channels(settings)
    set_up_logs(secrets_of(settings))
    stop = stop or asyncio.Event()
    with listening(settings.host, settings.port) as listener, stopped_by_signals(stop):
        front = Front()
        async with AsyncExitStack() as opened, answering(front, listener, stop) as web:
            services = [
                await opened.enter_async_context(channel.open(settings.locale)) for channel in settings.served
            ]
            trouble = Trouble(await gate_of(settings, services, opened))
            connections = [
                PlatformConnection(settings, service, channel.title, stop, trouble)
                for service, channel in zip(services, settings.served, strict=True)
            ]
            async with Lines(connections, front, stop) as lines:
                app = await opened.enter_async_context(
                    opened_in_time(settings, services, trouble, stop, lines.wait)
                )
                if app is not None:
                    await lines.let_in(app)
                    log.info("listening", port=listener.getsockname()[1])
                    spare_the_collector()
                await stop.wait()
            if web.done():
                await web
            log.info("stopped")


@asynccontextmanager
async def answering(
    front: Front, listener: socket.socket, stop: asyncio.Event
) -> AsyncIterator[asyncio.Task[None]]:
    """Run the web side, which answers from the first moment; requests under way are finished at the end.

    If it ends before, `stop` is set.
    """
    server = quiet_server(front)
    task = asyncio.create_task(server.serve([listener]), name="web")
    task.add_done_callback(lambda _: stop.set())
    try:
        yield task
    finally:
        server.should_exit = True
        await asyncio.gather(task, return_exceptions=True)


def pages_of(app: Running, connections: Sequence["PlatformConnection"]) -> ASGIApp:
    """Return what the web side answers with once the bot is open."""
    trouble, links = Health(app.storage).trouble, links_of(app.settings)
    rates = ReportingRates(app.storage, app.library)
    return create_app(
        trouble,
        lambda: metrics.told(
            app.storage, trouble, {one.service.name: one.is_connected for one in connections}, rates
        ),
        webhooks_of(connections),
        partial(not_connected, connections),
        dict.fromkeys(link_paths(app.settings), links.answer) if links else None,
    )


def link_paths(settings: Settings) -> set[str]:
    """Return the paths of links to files: a proxy may or may not strip the public address's own path."""
    path = f"{file_links.PATH}/{{token}}/{{name}}"
    return {path, urlsplit(settings.public_url).path.rstrip("/") + path}


class Lines:
    """The connections to all platforms: begun once, ended together. Use as `async with`.

    If one ends by itself, `stop` is set; what it failed with is raised at the end.
    """

    def __init__(
        self, connections: Sequence["PlatformConnection"], front: Front, stop: asyncio.Event
    ) -> None:
        self.connections, self.front, self.stop = connections, front, stop
        self.jobs: list[asyncio.Task[None]] = []

    def wait(self, sort: str) -> None:
        """Begin although the bot cannot, for a trouble of this sort: so whoever writes is told."""
        self.front.wait_for(sort, webhooks_of(self.connections))
        self.begin()

    async def let_in(self, app: Running) -> None:
        """Have `app` take the messages from now on."""
        for connection in self.connections:
            await connection.let_in(app)
        self.front.pages = pages_of(app, self.connections)
        self.begin()

    def begin(self) -> None:
        """Tell the platforms that the bot is there, and take messages; do nothing the second time."""
        if self.jobs:
            return
        self.jobs = [asyncio.create_task(one.run(), name=one.service.name) for one in self.connections]
        for job in self.jobs:
            job.add_done_callback(lambda _: self.stop.set())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop.set()
        for result in await asyncio.gather(*self.jobs, return_exceptions=True):
            if isinstance(result, Exception) and error is None:
                raise result


def webhooks_of(connections: Iterable["PlatformConnection"]) -> dict[str, Webhook]:
    """Return the webhooks of all platforms by path."""
    return {path: webhook for one in connections for path, webhook in one.webhooks.items()}


def not_connected(connections: Iterable["PlatformConnection"]) -> str:
    """Return the platforms that do not know of this process yet, or cannot be reached any more; "" for none."""
    return ", ".join(one.title for one in connections if not one.is_connected)


def spare_the_collector() -> None:
    """Keep the garbage collector off what was made at the start, and make it look less often at the rest.

    A full collection walks every object of every library: some 150,000, over and over, though none of them is garbage.
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
        labelled(UPDATES, incoming.channel, incoming.kind).inc()
        if incoming.kind is MessageKind.PHOTO or incoming.file is not None:
            self.app.attachments.wake()
        if incoming.file is not None or self.app.lists.is_button(incoming.press):
            self.app.lists.wake()


class GivenBack(Exception):
    """A message is not taken now: its platform keeps what it is not told to forget, and brings it again."""


class Entrance:
    """Where the messages of one channel come in. What cannot be saved is given back, and its sender is told: all until
    there is a bot, and later what a channel could not look up."""

    def __init__(self, channel: Channel, trouble: Trouble) -> None:
        self.channel, self.trouble = channel, trouble
        self.taker: Taker | None = None

    async def __call__(self, incoming: Incoming) -> None:
        """Have a message taken. Raises GivenBack, and what `Dispatch.handle` raises."""
        if self.taker is None or incoming.unchecked:
            self.trouble.not_saved(incoming, self.channel)
            raise GivenBack
        await self.taker(incoming)


class PlatformConnection:
    """The connection between this process and one platform, from the first call to `stop`."""

    def __init__(
        self, settings: Settings, service: Service, title: str, stop: asyncio.Event, trouble: Trouble
    ) -> None:
        self.service = service
        self.title = title
        self.stop = stop
        self.secret = settings.webhook_secret.get_secret_value()
        self.public = settings.public_url.rstrip("/")
        self.path = webhook_path(service.name, self.secret)
        self.entrance = Entrance(service, trouble)
        self.webhook = Webhook(service, self.secret, self.entrance)
        self.app: Running | None = None
        service.begun = False
        self.name = ""
        """The bot's on the platform, once that has told it."""
        self.keeping = Outage("name of the bot not kept")

    @property
    def is_connected(self) -> bool:
        """Whether messages arrive, as far as we can know: with a webhook, only the platform knows."""
        return not self.service.is_away

    @property
    def webhooks(self) -> dict[str, Webhook]:
        """Return the webhook by its paths: a proxy may or may not strip the public address's own path."""
        if not self.public:
            return {}
        return {self.path: self.webhook, urlsplit(self.public).path + self.path: self.webhook}

    async def let_in(self, app: Running) -> None:
        """Have `app` take the messages from now on."""
        self.app, self.entrance.taker = app, Taker(app, self.service)
        await self.keep_name(app)

    async def keep_name(self, app: Running) -> None:
        """Keep the bot's name, so that links to it can be made while the platform cannot be reached; until the platform
        tells it, the kept one counts."""
        key = facts.name_on(self.service.name)
        with self.keeping.survived():
            if not self.service.begun:
                async with app.storage.reading() as session:
                    kept = await facts.get(session, key)
                # The platform may have told it while we looked.
                app.library.bot_names.setdefault(self.service.name, kept)
                return
            app.library.bot_names[self.service.name] = self.name
            await app.storage.write(lambda session: facts.put(session, key, self.name))

    async def run(self) -> None:
        """Tell the platform that the bot is there, then take its messages until `stop`."""
        menus = {locale: commands_menu(MENU_GROUP, locale) for locale in LOCALES}
        callback = Callback(self.public + self.path, self.secret) if self.public else None
        self.name = await self.service.begin(menus, callback, self.stop)
        if self.stop.is_set():
            return
        self.service.begun = True
        if self.app is not None:
            await self.keep_name(self.app)
        log.info("serving", channel=self.service.name, mode="webhook" if callback else "polling")
        fetch = self.service.beside_webhook if callback else self.service.poll
        await fetch(self.entrance, self.stop)


def secrets_of(settings: Settings) -> list[str]:
    """Return the settings that must never be logged."""
    own = (settings.webhook_secret.get_secret_value(), urlsplit(settings.database_url).password or "")
    return [*own, *(secret for channel in settings.channels for secret in channel.secrets())]


def webhook_path(channel: str, secret: str) -> str:
    """Return a path that only the platform knows, the same at every start and in every process."""
    # Not the secret itself: paths stand in the logs of proxies.
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
