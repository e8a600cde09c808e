"""How fast letters go out under a limit, and how often the platform has to refuse: ours and the library's own way.

The Bot API is a process of its own. Above the limit it refuses within a strict window of one second; it can answer late,
as a network does. Ours is `bot.delivery` with the letters in its outbox, every outcome committed. Beside it, in the
same run: python-telegram-bot with a rate limiter that keeps the leaky bucket of `AIORateLimiter` (whose library
`aiolimiter` is no dependency of ours), waits as told after a refusal and tries again, one letter after the other and all
at once; it writes nothing down.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

import httptools
import uvloop
from markupsafe import Markup

from tests.bench.world import sqlite_url
from tests.free_ports import free_port

LETTERS: Final = 3000
PER_SECOND: Final = 300
OURS: Final = 295.0
"""The pace of ours: that of `TelegramChannel` (29.5 where 30 are allowed), ten times."""
RETRY_AFTER: Final = 1
TRIES: Final = 6
DELAYS: Final = (0, 50)
TOKEN: Final = "1:token"
TEXT: Final = "Tin chung cho mọi thôn"
FIRST_CHAT: Final = 10_000
SENDERS: Final = ("ours", "loop", "gather")
NAMES: Final = {"ours": "Thôn Báo", "loop": "bucket, loop", "gather": "bucket, gather"}

Report = dict[str, float]


# --- the Bot API ----------------------------------------------------------------------------------------


class Counts:
    """What the Bot API has seen. `window` holds the moments of the messages of the last second."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.window: deque[float] = deque()
        self.refused = 0
        self.chats: dict[int, int] = {}
        self.first = self.last = 0.0

    def takes(self, chat: int) -> bool:
        """Whether a message is within the limit."""
        now = time.monotonic()
        while self.window and self.window[0] <= now - 1:
            self.window.popleft()
        if len(self.window) >= PER_SECOND:
            self.refused += 1
            return False
        self.window.append(now)
        self.first, self.last = self.first or now, now
        self.chats[chat] = self.chats.get(chat, 0) + 1
        return True

    def report(self) -> Report:
        taken = sum(self.chats.values())
        seconds = self.last - self.first
        return {
            "rate": (taken - 1) / seconds if seconds else 0.0,
            "refused": self.refused,
            "chats": len(self.chats),
            "doubled": taken - len(self.chats),
        }


class BotApi(asyncio.Protocol):
    """One connection to the Bot API. Half of the delay passes before a message counts, half after it."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self.loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.parser = httptools.HttpRequestParser(self)
        self.url, self.body = b"", b""

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        url, body = self.url, self.body
        self.url, self.body = b"", b""
        self.later(lambda: self.answer(url, body))

    def later(self, work: Callable[[], None]) -> None:
        if self.counts.delay:
            self.loop.call_later(self.counts.delay / 2, work)
        else:
            work()

    def answer(self, url: bytes, body: bytes) -> None:
        method = url.rsplit(b"/", 1)[-1].lower()
        if method == b"report":
            self.reply(200, self.counts.report())
        elif method == b"getme":
            self.reply(
                200, {"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "B", "username": "b_bot"}}
            )
        else:
            self.take(chat_of(body))

    def take(self, chat: int) -> None:
        if self.counts.takes(chat):
            result = {"message_id": 1, "date": 0, "chat": {"id": chat, "type": "private"}, "text": "t"}
            self.later(lambda: self.reply(200, {"ok": True, "result": result}))
            return
        told = {"parameters": {"retry_after": RETRY_AFTER}, "description": "Too Many Requests: retry after 1"}
        self.later(lambda: self.reply(429, {"ok": False, "error_code": 429, **told}))

    def reply(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode() + body)  # type: ignore[attr-defined]


def chat_of(body: bytes) -> int:
    """The chat that a call names, in JSON or in a form."""
    if body.startswith(b"{"):
        return int(json.loads(body)["chat_id"])
    return int(dict(pair.split(b"=", 1) for pair in body.split(b"&"))[b"chat_id"])


async def serve(port: int, delay: float) -> None:
    counts = Counts(delay)
    server = await asyncio.get_running_loop().create_server(lambda: BotApi(counts), "127.0.0.1", port)
    print("listening", flush=True)
    await server.serve_forever()


@contextmanager
def bot_api(delay_ms: int) -> Iterator[int]:
    """A Bot API in a process of its own; its port."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "tests.bench.broadcast",
        "--serve",
        str(port),
        "--delay-ms",
        str(delay_ms),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert process.stdout
        process.stdout.readline()
        yield port
    finally:
        process.kill()
        process.wait()


# --- the senders ----------------------------------------------------------------------------------------


async def prepare(folder: Path, letters: int) -> None:
    """A database in which the letters lie, written by another process than the one that is measured."""
    from handlers.messages import Reply
    from storage import outbox, people
    from storage.database import migrate, open_engine, writing
    from storage.tables import now

    url = sqlite_url(folder)
    await migrate(url)
    engine = open_engine(url)
    body = Reply(Markup(TEXT)).to_json()
    async with writing(engine) as session:
        announced = []
        for number in range(letters):
            contact = await people.create_contact(session, "telegram", str(FIRST_CHAT + number))
            announced.append(outbox.QueuedLetter(f"weekly:{number}", contact.id, body, 2, now()))
        await outbox.insert_many(session, announced)
    await engine.dispose()


async def ours(port: int, letters: int, begin: Callable[[], None], folder: Path) -> None:
    """The letters lie in the outbox; a sender starts and finds them."""
    from sqlmodel import func, select

    from bot.channels.base import SendingPace
    from bot.channels.telegram import TelegramChannel
    from bot.delivery import Delivery
    from storage.database import open_engine
    from storage.tables import Outbox, OutboxState
    from storage.unit_of_work import Storage

    telegram = TelegramChannel(TOKEN, f"http://127.0.0.1:{port}")
    telegram.pace = SendingPace(OURS, 1.0)
    engine = open_engine(sqlite_url(folder))
    due = select(func.count()).select_from(Outbox).where(Outbox.state == OutboxState.DUE)
    begin()
    async with (
        telegram,
        Storage(engine) as storage,
        Delivery(storage, {"telegram": telegram}, "bench", folder),
    ):
        left = letters
        while left:
            await asyncio.sleep(0.2)
            async with storage.reading() as session:
                left = (await session.exec(due)).one()
    await engine.dispose()


def limiter() -> Any:
    """A rate limiter of python-telegram-bot with the bucket and the retries of its `AIORateLimiter`."""
    from telegram.error import RetryAfter
    from telegram.ext import BaseRateLimiter

    class Bucket(BaseRateLimiter[int]):
        """Holds `PER_SECOND` messages and leaks as many a second; after a refusal everybody waits."""

        def __init__(self) -> None:
            self.level, self.seen = 0.0, time.monotonic()
            self.open = asyncio.Event()
            self.open.set()

        async def initialize(self) -> None:
            return None

        async def shutdown(self) -> None:
            return None

        async def acquire(self) -> None:
            while True:
                now = time.monotonic()
                self.level = max(0.0, self.level - (now - self.seen) * PER_SECOND)
                self.seen = now
                if self.level + 1 <= PER_SECOND:
                    self.level += 1
                    return
                await asyncio.sleep(1 / PER_SECOND)

        async def process_request(
            self,
            callback: Callable[..., Coroutine[Any, Any, Any]],
            args: Any,
            kwargs: dict[str, Any],
            endpoint: str,
            data: dict[str, Any],
            rate_limit_args: int | None,
        ) -> Any:
            for attempt in range(TRIES):
                await self.open.wait()
                try:
                    await self.acquire()
                    return await callback(*args, **kwargs)
                except RetryAfter:
                    if attempt == TRIES - 1:
                        raise
                    self.open.clear()
                    await asyncio.sleep(RETRY_AFTER + 0.1)
                    self.open.set()
            return None

    return Bucket()


async def library(port: int, letters: int, begin: Callable[[], None], *, at_once: bool) -> None:
    """python-telegram-bot as documented: a bot with a rate limiter, whose `send_message` is awaited."""
    from telegram.ext import ExtBot
    from telegram.request import HTTPXRequest

    request = HTTPXRequest(connection_pool_size=256, pool_timeout=120)
    bot = ExtBot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=request, rate_limiter=limiter())
    async with bot:
        begin()
        sending = (bot.send_message(FIRST_CHAT + n, TEXT) for n in range(letters))
        if at_once:
            await asyncio.gather(*sending, return_exceptions=True)
        else:
            for one in sending:
                await one


def send(sender: str, port: int, letters: int, folder: Path) -> Report:
    """One run of a sender in this process, and by how many megabytes its memory grew at the peak."""
    grown = [0.0]

    def begin() -> None:
        Path("/proc/self/clear_refs").write_text("5")
        grown[0] = memory("VmRSS")

    if sender == "ours":
        uvloop.run(ours(port, letters, begin, folder))
    else:
        uvloop.run(library(port, letters, begin, at_once=sender == "gather"))
    return {"grown_mb": memory("VmHWM") - grown[0]}


def memory(name: str) -> float:
    """Megabytes of this process: VmRSS now, VmHWM at the peak."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name + ":"))


# --- all of it ------------------------------------------------------------------------------------------


def measure(sender: str, delay_ms: int) -> Report:
    """One run, in processes of their own. One letter after the other takes long on a slow way: then fewer."""
    letters = LETTERS // 5 if sender == "loop" and delay_ms else LETTERS
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, bot_api(delay_ms) as port:
        if sender == "ours":
            asyncio.run(prepare(Path(folder), letters))
        command = [sys.executable, "-m", "tests.bench.broadcast", "--send", sender, "--port", str(port)]
        command += ["--letters", str(letters), "--folder", folder]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        with urlopen(f"http://127.0.0.1:{port}/report") as answer:
            seen: Report = json.loads(answer.read())
    seen["lost"] = letters - seen.pop("chats")
    return {**seen, **json.loads(done.stdout.splitlines()[-1])}


def table(rounds: int = 3, senders: Sequence[str] = SENDERS) -> list[str]:
    """Everybody in turn, `rounds` times; medians, and the range of the rate."""
    lines = [
        f"{LETTERS:,} letters to as many chats, at most {PER_SECOND} within any second. The bucket is written here after",
        "python-telegram-bot's `AIORateLimiter`; it keeps no record of what was sent.",
        "",
        "| Bot API answers after | Sender | % of the allowed rate (range) | 429s | lost | doubled | memory grew, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for delay in DELAYS:
        reports: dict[str, list[Report]] = {sender: [] for sender in senders}
        for _ in range(rounds):
            for sender in senders:
                reports[sender].append(measure(sender, delay))
        lines += [row(f"{delay} ms", sender, found) for sender, found in reports.items()]
    return lines


def row(delay: str, sender: str, reports: list[Report]) -> str:
    shares = sorted(report["rate"] / PER_SECOND * 100 for report in reports)
    middle = {name: statistics.median(report[name] for report in reports) for name in reports[0]}
    return (
        f"| {delay} | {NAMES[sender]} | {statistics.median(shares):.1f} ({shares[0]:.1f}-{shares[-1]:.1f}) "
        f"| {middle['refused']:.0f} | {middle['lost']:.0f} | {middle['doubled']:.0f} | {middle['grown_mb']:.0f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", type=int, default=0, help="the port of a Bot API")
    parser.add_argument("--delay-ms", type=int, default=0)
    parser.add_argument("--send", choices=SENDERS)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--letters", type=int, default=LETTERS)
    parser.add_argument("--folder", type=Path, default=Path())
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.serve:
        uvloop.run(serve(options.serve, options.delay_ms / 1000))
    elif options.send:
        print(json.dumps(send(options.send, options.port, options.letters, options.folder)))
    else:
        print("\n".join(table(options.rounds)))


if __name__ == "__main__":
    main()
