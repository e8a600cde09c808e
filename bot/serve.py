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
from urllib.parse import urlsplit

import structlog
from starlette.types import ASGIApp

from bot import file_links, metrics
from bot.channels.base import Callback, Channel, Service
from bot.health import Health
from bot.logs import set_up_logs
from bot.main import Running, links_of
from bot.metrics import UPDATE_SECONDS, UPDATES
from bot.reporting_rates import ReportingRates
from bot.settings import Settings
from bot.starting import check_channels, listening, opened_in_time
from bot.web import Front, Webhook, create_app
from bot.web_server import quiet_server
from handlers.messages import Incoming, MessageKind
from handlers.tables import commands_menu
from handlers.wording import LOCALES
from storage import facts
from storage.outage import Outage

MENU_GROUP = "village"
"""The commands in everybody's menu; /trogiup names the others."""

LOST = 3
"""After this many failed polls in a row a platform counts as lost: within a second or two if it refuses calls."""

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
        async with AsyncExitStack() as opened, answering(front, listener) as web:
            services = [
                await opened.enter_async_context(channel.open(settings.locale)) for channel in settings.served
            ]
            app = await opened.enter_async_context(opened_in_time(settings, services, stop, front.wait_for))
            if app is None:
                return
            connections = [
                Connection(app, service, channel.title, stop)
                for service, channel in zip(services, settings.served, strict=True)
            ]
            front.pages = pages_of(app, connections)
            log.info("listening", port=listener.getsockname()[1])
            await run(connections, web, stop)


@asynccontextmanager
async def answering(front: Front, listener: socket.socket) -> AsyncIterator[asyncio.Task[None]]:
    """Run the web side, which answers from the first moment; requests under way are finished at the end."""
    server = quiet_server(front)
    task = asyncio.create_task(server.serve([listener]), name="web")
    try:
        yield task
    finally:
        server.should_exit = True
        await asyncio.gather(task, return_exceptions=True)


def pages_of(app: Running, connections: Sequence["Connection"]) -> ASGIApp:
    """Return what the web side answers with once the bot is open."""
    trouble, links = Health(app.storage).trouble, links_of(app.settings)
    rates = ReportingRates(app.storage, app.library)
    webhooks = {path: webhook for one in connections for path, webhook in one.webhooks.items()}
    return create_app(
        trouble,
        lambda: metrics.told(
            app.storage, trouble, {one.service.name: one.is_connected for one in connections}, rates
        ),
        webhooks,
        partial(not_connected, connections),
        dict.fromkeys(link_paths(app.settings), links.answer) if links else None,
    )


def link_paths(settings: Settings) -> set[str]:
    """Return the paths of links to files: a proxy may or may not strip the public address's own path."""
    path = f"{file_links.PATH}/{{token}}/{{name}}"
    return {path, urlsplit(settings.public_url).path.rstrip("/") + path}


async def run(connections: Sequence["Connection"], web: asyncio.Task[None], stop: asyncio.Event) -> None:
    """Take messages until `stop`, or until a channel or the web side fails."""
    jobs = [asyncio.create_task(one.run(), name=one.service.name) for one in connections]
    stopping = asyncio.create_task(stop.wait())
    spare_the_collector()
    try:
        await asyncio.wait((web, *jobs, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.set()
        stopping.cancel()
        results = await asyncio.gather(*jobs, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
    if web.done():
        await web
    log.info("stopped")


def not_connected(connections: Iterable["Connection"]) -> str:
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
        UPDATES.labels(incoming.channel, incoming.kind).inc()
        if incoming.kind is MessageKind.PHOTO or incoming.file is not None:
            self.app.attachments.wake()
        if incoming.file is not None or self.app.lists.is_button(incoming.press):
            self.app.lists.wake()


class Connection:
    """The connection between this process and one platform, from the first call to `stop`."""

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
    def is_connected(self) -> bool:
        """Whether messages arrive, as far as we can know: with a webhook, only the platform knows."""
        return self.begun and self.service.failed_polls < LOST

    @property
    def webhooks(self) -> dict[str, Webhook]:
        """Return the webhook by its paths: a proxy may or may not strip the public address's own path."""
        if not self.public:
            return {}
        webhook = Webhook(self.service, self.secret, self.take)
        return {self.path: webhook, urlsplit(self.public).path + self.path: webhook}

    async def run(self) -> None:
        """Tell the platform that the bot is there, then take its messages until `stop`."""
        names, key = self.app.library.bot_names, facts.name_on(self.service.name)
        keeping = Outage("name of the bot not kept")
        with keeping.survived():
            async with self.app.storage.reading() as session:
                names[self.service.name] = await facts.get(session, key)
        menus = {locale: commands_menu(MENU_GROUP, locale) for locale in LOCALES}
        callback = Callback(self.public + self.path, self.secret) if self.public else None
        name = await self.service.begin(menus, callback, self.stop)
        if self.stop.is_set():
            return
        # Kept, so that links to the bot can be made while the platform cannot be reached.
        names[self.service.name] = name
        with keeping.survived():
            await self.app.storage.write(lambda session: facts.put(session, key, name))
        self.begun = True
        log.info("serving", channel=self.service.name, mode="webhook" if callback else "polling")
        fetch = self.service.beside_webhook if callback else self.service.poll
        await fetch(self.take, self.stop)


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
