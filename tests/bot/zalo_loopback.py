"""A Zalo Bot Platform of our own, over real HTTP on this machine, with the ugly parts of the real one as switches.

It keeps what was sent to each chat. Messages of people wait for `getUpdates`, which hands each out once and never again,
or are posted to the webhook that the bot has set.
"""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from typing import Any

import aiohttp
from aiohttp import web

from tests.bot.loopback import PATIENCE
from tests.bot.platform import Platform

TOKEN = "zalo-loopback:token_for_tests_0123456"
Params = dict[str, Any]
Answer = tuple[int, Params | str]
"""A status, and a body: JSON or a page of a proxy's."""


def refused(code: int, description: str = "", status: int = 0, *, name: str = "error_code") -> Answer:
    """A refusal, by default with its code as the HTTP status; code 0 is left out."""
    return status or code or 200, {"ok": False, "description": description, **({name: code} if code else {})}


IDLE_ANSWERS: list[Answer] = [
    refused(408, "Request timeout"),
    refused(408, "Request timeout", 200),
    refused(0, "Request timeout", 200),
]
BAD_GATEWAY: Answer = (502, "<html>502 Bad Gateway</html>")


class ZaloLoopback(Platform):
    """Use as `async with ZaloLoopback() as api`; `api.url` is the base URL for the bot."""

    def __init__(self) -> None:
        self.sent: dict[str, list[str]] = {}
        self.calls: list[tuple[str, Params]] = []
        self.faults: dict[str, deque[Answer]] = {}
        self.waiting: deque[Params] = deque()
        self.webhook: Params = {}
        self.verification: Params = {"ok": True, "outcome": "webhook.ok"}
        self.wrapped = True
        self.idle = IDLE_ANSWERS[0]
        self.quota = 3000
        self.files: dict[str, bytes] = {}
        self.ids = itertools.count(1)
        self.changed = asyncio.Condition()

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/bot{token}/{method}", self.answer), web.get("/photo/{name}", self.photo)]

    # --- people

    def message(self, chat: str, name: str = "text", **fields: Any) -> Params:
        """An event as Zalo writes it."""
        number = next(self.ids)
        message = {
            "date": 1_789_003_200_000 + number,
            "chat": {"chat_type": "PRIVATE", "id": chat},
            "message_id": f"m{number}",
            "from": {"id": chat, "is_bot": False, "display_name": "Nông Văn Sử"},
            **fields,
        }
        return {"event_name": f"message.{name}.received", "message": message}

    async def say(self, chat: str, text: str) -> Params:
        """A text of a person's, on its way to the bot."""
        event = self.message(chat, text=text)
        await self.give(event)
        return event

    async def give(self, event: Params) -> None:
        """Bring an event to the bot, by its webhook if it has one."""
        if url := self.webhook.get("url"):
            assert await self.post(str(url), event, str(self.webhook["secret_token"])) == 200
        else:
            self.waiting.append(event)
            await self.tell()

    async def post(self, url: str, event: Params, secret: str) -> int:
        """The status of a call of the webhook."""
        headers = {"X-Bot-Api-Secret-Token": secret, "User-Agent": "Java/1.8.0_192"}
        async with aiohttp.ClientSession() as http, http.post(url, json=event, headers=headers) as got:
            return got.status

    # --- seeing

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until `true()` holds after some call. Raises TimeoutError where it never comes."""
        async with asyncio.timeout(PATIENCE), self.changed:
            await self.changed.wait_for(lambda: bool(true()))

    async def tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    def count(self, method: str) -> int:
        return sum(1 for name, _ in self.calls if name == method)

    def fail(self, method: str, *answers: Answer) -> None:
        """Let the next calls of `method` be answered so, one each, their work undone."""
        self.faults.setdefault(method, deque()).extend(answers)

    # --- the server

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params = await request.json()
        self.calls.append((method, params))
        await self.tell()
        status, body = await self.result(request.match_info["token"], method, params)
        await self.tell()
        if isinstance(body, str):
            return web.Response(status=status, text=body, content_type="text/html")
        return web.json_response(body, status=status)

    async def result(self, token: str, method: str, params: Params) -> Answer:
        if token != TOKEN:
            return refused(401, "Unauthorized", 200)
        if faults := self.faults.get(method):
            return faults.popleft()
        match method:
            case "getMe":
                return 200, {"ok": True, "result": {"id": "b1", "account_name": "thonbao"}}
            case "getUpdates":
                return await self.update()
            case "getWebhookInfo" if not self.webhook:
                return refused(404, "Not Found")
            case "getWebhookInfo":
                return 200, {"ok": True, "result": {"url": self.webhook["url"], "updated_at": 1}}
            case "setWebhook":
                self.webhook = params
                return 200, {"ok": True, "result": {"url": params["url"], "verification": self.verification}}
            case "deleteWebhook":
                self.webhook = {}
                return 200, {"ok": True, "result": {"url": ""}}
            case "sendMessage":
                return self.send(params)
        return refused(404, "Not Found")

    async def update(self) -> Answer:
        """The next event, handed out for good; while a webhook is set nothing ever comes."""
        try:
            async with asyncio.timeout(0.05), self.changed:
                await self.changed.wait_for(lambda: self.waiting and not self.webhook)
        except TimeoutError:
            return self.idle
        event = self.waiting.popleft()
        return 200, {"ok": True, "result": event} if self.wrapped else event

    def send(self, params: Params) -> Answer:
        if not 1 <= len(params["text"].encode("utf-16-le")) // 2 <= 2000:
            return refused(400, "text must be 1-2000 characters")
        if self.quota <= 0:
            return refused(429, "Quota exceeded")
        self.quota -= 1
        self.sent.setdefault(params["chat_id"], []).append(params["text"])
        return 200, {"ok": True, "result": {"message_id": f"b{next(self.ids)}", "date": 1_789_003_200_000}}

    async def photo(self, request: web.Request) -> web.Response:
        content = self.files.pop(request.match_info["name"], None)
        return web.Response(status=404) if content is None else web.Response(body=content)
