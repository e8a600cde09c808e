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
import uvicorn
from sqlalchemy import text

from bot import metrics
from bot.administration import Teller
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_quick import quick_incoming
from bot.dispatch import utc_now
from bot.logs import set_up_logs
from bot.main import Running, running
from bot.metrics import UPDATE_SECONDS, UPDATES
from bot.problems import Problem, WrongCall
from bot.settings import Settings
from bot.timetable import timetable
from bot.web import Webhook, create_app
from handlers.messages import Incoming, Kind
from handlers.routing import commands_menu
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
    token = settings.telegram_token.get_secret_value()
    if not token:
        raise WrongCall("Chưa có kênh nào: đặt THONBAO_TELEGRAM_TOKEN (mã do @BotFather cấp).")
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
            TelegramChannel(token, settings.telegram_base_url, settings.telegram_proxy) as telegram,
            running(settings, [telegram]) as app,
        ):
            name = app.library.bot_name = await telegram.sign_in()
            await app.storage.write(lambda session: facts.put(session, facts.TELEGRAM_NAME, name))
            await telegram.set_menu({locale: commands_menu(MENU_GROUP, locale) for locale in LOCALES})
            async with timetable(app.storage, app.library, utc_now):
                await run_channels(app, telegram, secret, listener, stop)


async def run_channels(
    app: Running, telegram: TelegramChannel, secret: str, listener: socket.socket, stop: asyncio.Event
) -> None:
    """Take messages and web requests until `stop`, or until one of the two fails."""
    take = Taker(app, telegram)
    webhooks: dict[str, Webhook] = {}
    public = app.settings.public_url
    if public:
        path = webhook_path(secret)
        webhook = Webhook(secret, take.from_json)
        webhooks = {path: webhook, urlsplit(public).path.rstrip("/") + path: webhook}
        await telegram.set_webhook(public.rstrip("/") + path, secret)
    else:
        await telegram.drop_webhook()
    server = quiet_server(create_app(lambda: answers(app), lambda: metrics.told(app.storage), webhooks))
    jobs = [asyncio.create_task(server.serve([listener]), name="web")]
    if not public:
        jobs.append(asyncio.create_task(telegram.poll(take, stop), name="poll"))
    stopping = asyncio.create_task(stop.wait())
    spare_the_collector()
    log.info("serving", port=listener.getsockname()[1], mode="webhook" if public else "polling")
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

    async def from_json(self, data: dict[str, object]) -> None:
        """Take one update from a webhook. One that is none is dropped: it would come again for ever."""
        incoming = quick_incoming(self.telegram.name, data)
        if incoming is not None:
            await self(incoming)
            return
        try:
            update = self.telegram.read(data)
        except Exception as error:
            log.error("update not understood", error=type(error).__name__)
            return
        await self.telegram.receive(update, self)


async def answers(app: Running) -> bool:
    """Whether the database answers."""
    try:
        async with asyncio.timeout(5), app.storage.reading() as session:
            await (await session.connection()).execute(text("select 1"))
    except Exception as error:
        log.warning("database does not answer", error=type(error).__name__)
        return False
    return True


def passwords(settings: Settings) -> list[str]:
    """The passwords within the settings' addresses."""
    addresses = (settings.database_url, settings.telegram_proxy, settings.telegram_base_url)
    return [urlsplit(address).password or "" for address in addresses]


def webhook_path(secret: str) -> str:
    """A path that only Telegram is told, the same at every start and in every process."""
    return "/telegram/" + hashlib.sha256(b"thonbao webhook path" + secret.encode()).hexdigest()[:32]


class QuietServer(uvicorn.Server):
    """uvicorn without its own signal handling: `serve` decides when to stop."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def quiet_server(app: object) -> QuietServer:
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        http="httptools",
        ws="none",
        interface="asgi3",
        proxy_headers=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=10,
    )
    return QuietServer(config)


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
        raise Problem(
            f"Thư mục dữ liệu {folder} không ghi được ({error.strerror}): kiểm tra THONBAO_DATA_DIR."
        ) from None


@contextmanager
def sole_server(settings: Settings) -> Iterator[None]:
    """Keep others from serving the same SQLite file. Raises WrongCall where another process serves it."""
    try:
        with owning(settings.database_url):
            yield
    except Owned as owned:
        raise WrongCall(Teller(settings.locale)("admin.serve.owned", pid=owned.pid or "?")) from None


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A listening socket. Raises Problem when the address is taken or not this machine's."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Problem(f"Cổng {port} đang có chương trình khác dùng: đổi THONBAO_PORT.") from None
        raise Problem(f"Không mở được {host}:{port}: kiểm tra THONBAO_HOST và THONBAO_PORT.") from None
    with listener:
        yield listener
