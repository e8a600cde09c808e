"""A crowd of village heads and the Bot API they talk through, in one lean process of its own.

The crowd posts updates to the bot's webhook over real HTTP and answers what the bot sends to this Bot API. It
is written on bare protocols, so that the bot's process is what a run measures. Run by `tests.bench`, which
reads the JSON line it prints at the end.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import httptools
import uvloop

FIRST_CHAT = 10_000
FLOOD = {
    "ok": False,
    "error_code": 429,
    "description": "Too Many Requests: retry after 1",
    "parameters": {"retry_after": 1},
}


@dataclass
class Head:
    """One village head. `since` is when the update now unanswered was posted; `finished`, whether a report was sent."""

    chat: int
    since: float | None = None
    finished: bool = False
    last: dict[str, str] = field(default_factory=dict)
    message_id: int = 0


Policy = Callable[["Head", str, list[list[dict[str, str]]]], tuple[str, str] | None]


def answer_numbers(head: Head, text: str, keyboard: list[list[dict[str, str]]]) -> tuple[str, str] | None:
    """The baseline asks for numbers only."""
    return "text", str(random.randint(0, 99))


def answer_thonbao(head: Head, text: str, keyboard: list[list[dict[str, str]]]) -> tuple[str, str] | None:
    """Begin what is due, type a number at each question, send at the review; nothing once all is sent."""
    buttons = [button["callback_data"] for line in keyboard for button in line if "callback_data" in button]
    for data in buttons:
        if data.startswith("d:b:") or data.endswith(":S"):
            return "press", data
    if any(data.startswith("q:") for data in buttons):
        return "text", str(random.randint(1, 99))
    return None


def sends(action: tuple[str, str] | None) -> bool:
    """Whether this sends a report."""
    return action is not None and action[0] == "press" and action[1].endswith(":S")


POLICIES: dict[str, Policy] = {"numbers": answer_numbers, "thonbao": answer_thonbao}


class Crowd:
    """Everybody, and what is measured: updates answered and the time to the first reply."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.heads = {FIRST_CHAT + number: Head(FIRST_CHAT + number) for number in range(options.pool)}
        self.waiting = deque(self.heads.values())
        self.policy = POLICIES[options.policy]
        self.delay = options.delay_ms / 1000
        self.update_id = options.first_update
        self.message_id = 1000
        self.latencies: list[float] = []
        self.posts: deque[bytes] = deque()
        self.idle: list[Poster] = []
        self.started = self.measured_from = self.ended = 0.0
        self.quiet = asyncio.Event()
        self.calls = 0
        self.refused = self.floods = 0
        self.ready: deque[Head] = deque()
        self.answered = 0
        self.connecting: list[asyncio.Future[object]] = []
        self.over = False
        self.letters = 0
        self.letters_from = self.letters_to = 0.0
        self.window: deque[float] = deque()
        self.busiest = 0
        self.slices: list[list[float]] = []
        """The latencies of each slice of `options.slice` seconds."""
        self.faults = 0

    def post(self, head: Head, kind: str, content: str) -> None:
        """Send `head`'s next update to the webhook."""
        self.update_id += 1
        person = {"id": head.chat, "is_bot": False, "first_name": "A"}
        chat = {"id": head.chat, "type": "private", "first_name": "A"}
        now = int(time.time())
        if kind == "text":
            message = {
                "message_id": self.update_id,
                "date": now,
                "chat": chat,
                "from": person,
                "text": content,
            }
            if content.startswith("/"):
                message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(content)}]
            update = {"update_id": self.update_id, "message": message}
        else:
            bot = {"id": 1, "is_bot": True, "first_name": "B"}
            message = {"message_id": head.message_id, "date": now, "chat": chat, "from": bot, "text": "?"}
            query = {"id": str(self.update_id), "from": person, "chat_instance": "1", "data": content,
                     "message": message}  # fmt: skip
            update = {"update_id": self.update_id, "callback_query": query}
        body = json.dumps(update).encode()
        request = (
            f"POST {self.options.webhook_path} HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {self.options.secret}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body
        head.since = time.perf_counter()
        self.quiet.clear()
        for _ in range(2 if random.random() < self.options.again else 1):
            if self.idle:
                self.idle.pop().send(request)
            else:
                self.posts.append(request)

    def said(self, chat: int, text: str, keyboard: list[list[dict[str, str]]], message_id: int) -> None:
        """The bot sent a message: the first one after an update is its answer, the last one is acted on."""
        head = self.heads.get(chat)
        if head is None:
            return
        if self.options.letters and self.options.letters in text:
            self.letters += 1
            self.letters_to = time.perf_counter()
            self.letters_from = self.letters_from or self.letters_to
            return
        if keyboard:
            head.message_id = message_id
        if head.since is not None:
            self.answered += 1
            self.ended = time.perf_counter()
            if self.ended >= self.measured_from:
                self.latencies.append(self.ended - head.since)
            self.slice_now().append(self.ended - head.since)
        action = None if head.finished and self.options.once else self.policy(head, text, keyboard)
        head.finished = head.finished or sends(action)
        head.since = None
        if action is None:
            self.begin_next()
            return
        if self.options.rate:
            self.ready.append(head)
            head.last = {"kind": action[0], "content": action[1]}
        elif time.perf_counter() - self.started < self.options.seconds:
            self.post(head, *action)

    def slice_now(self) -> list[float]:
        """The slice of the time now."""
        number = int((time.perf_counter() - self.started) // self.options.slice)
        while len(self.slices) <= number:
            self.slices.append([])
        return self.slices[number]

    def took(self) -> None:
        """The Bot API took a message: how many in the busiest second?"""
        now = time.perf_counter()
        while self.window and self.window[0] <= now - 1:
            self.window.popleft()
        self.window.append(now)
        self.busiest = max(self.busiest, len(self.window))

    def begin_next(self) -> None:
        """Somebody has reported everything: the next one of the pool begins."""
        if self.waiting and time.perf_counter() - self.started < self.options.seconds:
            self.post(self.waiting.popleft(), "text", self.options.greeting)

    async def run(self) -> None:
        """Everybody says /baocao (or /start), then acts on what comes until the time is over."""
        self.started = time.perf_counter()
        self.measured_from = self.started + self.options.warm
        for _ in range(self.options.people):
            self.begin_next()
            if self.options.rate:
                await asyncio.sleep(1 / self.options.rate)
        end = self.started + self.options.seconds
        if self.options.rate:
            await self.steady(end)
        else:
            while time.perf_counter() < end:
                await asyncio.sleep(0.05)
        limit = time.perf_counter() + 10
        while any(head.since for head in self.heads.values()) and time.perf_counter() < limit:
            await asyncio.sleep(0.05)
        self.over = True

    async def steady(self, end: float) -> None:
        """Post at an even rate, whoever is ready."""
        turn, due = 0, time.perf_counter()
        while time.perf_counter() < end:
            due += 1 / self.options.rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if self.ready:
                head = self.ready.popleft()
                self.post(head, head.last["kind"], head.last["content"])
                turn += 1
            elif self.options.fill:
                self.begin_next()

    def report(self) -> dict[str, float | list[list[float]]]:
        ordered = sorted(self.latencies)
        took = self.ended - self.measured_from
        return {
            "updates": len(ordered),
            "answered": self.answered,
            "seconds": took,
            "per_second": len(ordered) / took if took > 0 else 0.0,
            "p50_ms": statistics.median(ordered) * 1000 if ordered else 0.0,
            "p99_ms": quantile_ms(ordered, 0.99),
            "calls": self.calls,
            "unanswered": sum(1 for head in self.heads.values() if head.since),
            "refused": self.refused,
            "floods": self.floods,
            "letters": self.letters,
            "letter_seconds": self.letters_to - self.letters_from,
            "busiest": self.busiest,
            "faults": self.faults,
            "posted": self.update_id - self.options.first_update,
            "slices": [[len(one), *(quantile_ms(one, part) for part in (0.5, 0.99))] for one in self.slices],
        }


def quantile_ms(latencies: list[float], part: float) -> float:
    """What a part of some latencies stays below, in milliseconds; 0 where nothing was answered."""
    return 1000 * sorted(latencies)[int(len(latencies) * part)] if latencies else 0.0


class Poster(asyncio.Protocol):
    """One kept-alive connection to the bot's webhook."""

    def __init__(self, crowd: Crowd, port: int) -> None:
        self.crowd = crowd
        self.port = port
        self.parser = httptools.HttpResponseParser(self)
        self.under_way = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.next()

    def send(self, request: bytes) -> None:
        self.under_way = request
        self.transport.write(request)  # type: ignore[attr-defined]

    def next(self) -> None:
        if self.crowd.posts:
            self.send(self.crowd.posts.popleft())
        else:
            self.crowd.idle.append(self)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def connection_lost(self, error: Exception | None) -> None:
        """Servers close a connection that was idle; another takes its place, and what was under way is sent again."""
        if self in self.crowd.idle:
            self.crowd.idle.remove(self)
        if self.under_way:
            self.crowd.posts.append(self.under_way)
        if not self.crowd.over:
            connecting = asyncio.get_running_loop().create_connection(
                lambda: Poster(self.crowd, self.port), "127.0.0.1", self.port
            )
            self.crowd.connecting.append(asyncio.ensure_future(connecting))

    def on_message_complete(self) -> None:
        if self.parser.get_status_code() != 200:
            self.crowd.refused += 1
            self.crowd.posts.append(self.under_way)  # as Telegram does
        self.under_way = b""
        self.parser = httptools.HttpResponseParser(self)
        asyncio.get_running_loop().call_soon(self.next)


class BotApi(asyncio.Protocol):
    """One connection of the bot to its Bot API."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.parser = httptools.HttpRequestParser(self)
        self.url, self.body, self.json = b"", b"", False

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"content-type":
            self.json = value.startswith(b"application/json")

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        method = self.url.rsplit(b"/", 1)[-1].decode()
        self.crowd.calls += 1
        fields = (
            json.loads(self.body) if self.json else {k: v[0] for k, v in parse_qs(self.body.decode()).items()}
        )
        self.url, self.body = b"", b""
        if random.random() < self.crowd.options.refuse:
            self.crowd.floods += 1
            self.send(429, FLOOD, None)
            return
        if random.random() < self.crowd.options.faults:
            self.crowd.faults += 1
            self.spoil()
            return
        result, then = self.answer(method, fields)
        self.send(200, {"ok": True, "result": result}, then)

    def spoil(self) -> None:
        """Answer a call as a platform in trouble does: with a 502 of its proxy, or not at all."""
        if random.random() < 0.5:
            self.transport.close()
        else:
            self.send(502, {"ok": False, "error_code": 502, "description": "Bad Gateway"}, None)

    def send(self, status: int, content: object, then: Callable[[], None] | None) -> None:
        """Answer a call, after the delay."""
        reply = json.dumps(content).encode()
        head = (
            f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(reply)}\r\n\r\n"
        ).encode()
        if self.crowd.delay:
            asyncio.get_running_loop().call_later(self.crowd.delay, self.finish, head + reply, then)
        else:
            self.finish(head + reply, then)

    def finish(self, reply: bytes, then: Callable[[], None] | None) -> None:
        self.transport.write(reply)  # type: ignore[attr-defined]
        if then:
            then()

    def answer(self, method: str, fields: dict[str, object]) -> tuple[object, Callable[[], None] | None]:
        if method == "getMe":
            return {"id": 1, "is_bot": True, "first_name": "B", "username": "thonbao_bot"}, None
        if method not in ("sendMessage", "editMessageText"):
            return True, None
        self.crowd.took()
        self.crowd.message_id += 1
        number, chat = self.crowd.message_id, int(str(fields["chat_id"]))
        text = str(fields.get("text", ""))
        result = {"message_id": number, "date": int(time.time()), "chat": {"id": chat, "type": "private"},
                  "text": text[:40]}  # fmt: skip
        if method == "editMessageText":
            return result, None
        markup = fields.get("reply_markup") or "{}"
        decoded = json.loads(markup) if isinstance(markup, str) else markup
        keyboard = decoded.get("inline_keyboard", []) if isinstance(decoded, dict) else []
        return result, lambda: self.crowd.said(chat, text, keyboard, number)


async def main(options: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    crowd = Crowd(options)
    server = await loop.create_server(lambda: BotApi(crowd), "127.0.0.1", options.api_port)
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.readline)
    ports = [int(port) for port in options.webhook_port.split(",")]
    for number in range(options.connections):
        port = ports[number % len(ports)]
        await loop.create_connection(lambda port=port: Poster(crowd, port), "127.0.0.1", port)
    await crowd.run()
    sys.stdout.write(json.dumps(crowd.report()) + "\n")
    sys.stdout.flush()
    server.close()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--api-port", type=int, required=True)
    parser.add_argument("--webhook-port", required=True, help="one or several, separated by commas")
    parser.add_argument("--webhook-path", required=True)
    parser.add_argument("--secret", default="")
    parser.add_argument("--people", type=int, default=200, help="so many answer at once")
    parser.add_argument("--pool", type=int, default=200, help="so many take part in all")
    parser.add_argument("--connections", type=int, default=100, help="Telegram opens 1-100 to a webhook")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--warm", type=float, default=0.0, help="seconds at the beginning that do not count")
    parser.add_argument("--delay-ms", type=float, default=0.0)
    parser.add_argument(
        "--refuse", type=float, default=0.0, help="share of the calls that are refused for a second"
    )
    parser.add_argument("--faults", type=float, default=0.0, help="share of the calls that fail")
    parser.add_argument("--again", type=float, default=0.0, help="share of the updates that come twice")
    parser.add_argument("--slice", type=float, default=30.0, help="seconds that are told apart in the report")
    parser.add_argument("--once", action="store_true", help="each sends one report; then somebody new begins")
    parser.add_argument("--fill", action="store_true", help="somebody new begins whenever nobody is ready")
    parser.add_argument("--rate", type=float, default=0.0, help="updates a second; 0: as fast as answered")
    parser.add_argument("--policy", choices=sorted(POLICIES), required=True)
    parser.add_argument("--greeting", default="/start")
    parser.add_argument("--letters", default="", help="what is in the text of messages that answer nobody")
    parser.add_argument("--first-update", type=int, default=1_000_000)
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main(parse()))
