"""The bot as a service: Telegram by webhook or by polling, the web side, the sender, until told to stop.

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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from bot import metrics
from bot.administration import Teller, problem_of
from bot.channels.telegram import TelegramChannel
from bot.dispatch import utc_now
from bot.health import Health
from bot.language import language
from bot.logs import set_up_logs
from bot.main import Running, running
from bot.metrics import UPDATE_SECONDS, UPDATES
from bot.problems import Problem, WrongCall
from bot.settings import TELEGRAM_TOKEN, Settings
from bot.timetable import timetable
from bot.web import Webhook, create_app
from bot.web_server import quiet_server
from handlers.messages import Incoming, Kind
from handlers.routing import commands_menu
from handlers.wording import LOCALES, wording
from storage import facts, private
from storage.ownership import Owned, owning

MENU_GROUP = "village"
"""The commands that everybody's menu lists; the others are told in /trogiup."""

COLLECT = (50_000, 20, 100)
"""After how many new objects the garbage collector looks at them, and how often at older ones."""

log = structlog.get_logger(__name__)


async def serve(settings: Settings, stop: asyncio.Event | None = None) -> None:
    """Run until `stop` or a signal. Raises Problem when something keeps it from starting."""
    token = settings.telegram_token.get_secret_value()
    say = wording(settings.locale)
    if not TELEGRAM_TOKEN.fullmatch(token):
        raise WrongCall(say(f"admin.telegram.{'odd' if token else 'no'}_token").unescape())
    secret = settings.webhook_secret.get_secret_value()
    writable(settings.data_dir)
    set_up_logs([token, secret, *passwords(settings)])
    stop = stop or asyncio.Event()
    with (
        sole_server(settings),
        listening(settings.host, settings.port) as listener,
        stopped_by_signals(stop),
    ):
        async with (
            TelegramChannel(
                token, settings.telegram_base_url, settings.telegram_proxy, locale=settings.locale
            ) as telegram,
            running(settings, [telegram]) as app,
            timetable(app.storage, app.library, utc_now),
        ):
            await run_channels(app, telegram, secret, listener, stop)


async def run_channels(
    app: Running, telegram: TelegramChannel, secret: str, listener: socket.socket, stop: asyncio.Event
) -> None:
    """Take messages and web requests until `stop`, or until one of the two fails."""
    talk = Conversation(app, telegram, secret, stop)
    trouble = Health(app.storage).trouble
    pages = create_app(trouble, lambda: metrics.told(app.storage, trouble), talk.webhooks, talk.is_ready)
    server = quiet_server(pages)
    jobs = [
        asyncio.create_task(server.serve([listener]), name="web"),
        asyncio.create_task(talk.run(), name="telegram"),
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


def spare_the_collector() -> None:
    """Let the garbage collector leave alone what was made at the start, and look less often at the rest.

    A full collection walks every object of every library: some 150,000, over and over, though none is garbage.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)


class Taker:
    """Hands Telegram's messages to the dispatch and counts them."""

    def __init__(self, app: Running, telegram: TelegramChannel) -> None:
        self.app = app
        self.telegram = telegram

    async def __call__(self, incoming: Incoming) -> None:
        started = time.perf_counter()
        await self.app.dispatch.handle(incoming, self.telegram)
        UPDATE_SECONDS.observe(time.perf_counter() - started)
        UPDATES.labels(incoming.channel, incoming.kind).inc()
        if incoming.kind is Kind.PHOTO:
            self.app.attachments.wake()

    async def from_json(self, update: dict[str, object]) -> None:
        """Take one update from a webhook."""
        await self.telegram.receive(update, self)


class Conversation:
    """What this process and Telegram have to do with each other, from the first call to `stop`."""

    def __init__(self, app: Running, telegram: TelegramChannel, secret: str, stop: asyncio.Event) -> None:
        self.app = app
        self.telegram = telegram
        self.secret = secret
        self.stop = stop
        self.public = app.settings.public_url.rstrip("/")
        self.path = webhook_path(secret)
        self.take = Taker(app, telegram)
        self.begun = False

    @property
    def webhooks(self) -> dict[str, Webhook]:
        """The webhook by its paths: a proxy may or may not take off the public address's own."""
        if not self.public:
            return {}
        webhook = Webhook(self.secret, self.take.from_json)
        return {self.path: webhook, urlsplit(self.public).path + self.path: webhook}

    def is_ready(self) -> bool:
        """Whether Telegram knows of this process."""
        return self.begun

    async def run(self) -> None:
        """Tell Telegram that the bot is there, then take its messages until `stop`."""
        app = self.app
        async with app.storage.reading() as session:
            app.library.bot_name = await facts.get(session, facts.TELEGRAM_NAME)
        menus = {locale: commands_menu(MENU_GROUP, locale) for locale in LOCALES}
        webhook = (self.public + self.path, self.secret) if self.public else None
        name = await self.telegram.begin(menus, webhook, self.stop)
        if self.stop.is_set():
            return
        app.library.bot_name = name
        await app.storage.write(lambda session: facts.put(session, facts.TELEGRAM_NAME, name))
        self.begun = True
        log.info("serving", mode="webhook" if webhook else "polling")
        await (self.stop.wait() if webhook else self.telegram.poll(self.take, self.stop))


def passwords(settings: Settings) -> list[str]:
    """The passwords within the settings' addresses."""
    addresses = (settings.database_url, settings.telegram_proxy, settings.telegram_base_url)
    return [urlsplit(address).password or "" for address in addresses]


def webhook_path(secret: str) -> str:
    """A path that only Telegram is told, the same at every start and in every process."""
    return "/telegram/" + hashlib.sha256(b"thonbao webhook path" + secret.encode()).hexdigest()[:32]


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
