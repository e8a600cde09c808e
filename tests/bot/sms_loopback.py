"""A phone with SMSGate of our own, over real HTTP on this machine, with the ugly parts of a real one as switches.

It keeps what it sent to each number. What people send is posted to the webhooks that were set, listed, or both; a message
goes out in parts, each of which is told by itself.
"""

import asyncio
import base64
import hmac
import itertools
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from tests.bot.loopback import PATIENCE
from tests.bot.platform import Platform

PASSWORD = "loopback-password"
KEY = "loopback-signing-key"
LOGIN = "Basic " + base64.b64encode(f"sms:{PASSWORD}".encode()).decode()
Params = dict[str, Any]


class SmsLoopback(Platform):
    """Use as `async with SmsLoopback() as phone`; `phone.url` is the address for the bot."""

    def __init__(self) -> None:
        self.messages: dict[str, Params] = {}
        """What was taken, by its id."""
        self.sent: dict[str, list[str]] = {}
        """The texts that went out to each number."""
        self.listed: list[Params] = []
        self.hooks: dict[str, Params] = {}
        self.faults: dict[str, deque[int]] = {}
        self.calls: list[tuple[str, Params]] = []
        self.sends = True
        """Whether what is taken goes out, or stays with the phone."""
        self.conflict = False
        """Whether an id that is known is refused with 409, or taken again and not sent twice."""
        self.preview = 160
        """How many letters the list shows."""
        self.answering = asyncio.Event()
        """Cleared: a message is taken, and the answer that says so does not come."""
        self.answering.set()
        self.ids = itertools.count(1)
        self.changed = asyncio.Condition()

    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", "/{path:.*}", self.answer)]

    # --- people

    async def say(self, number: str, text: str, *, posted: bool = True, ago: float = 0.0) -> Params:
        """A message of a person's: always listed, and posted until it is taken unless the webhook is dead.

        Gives the event. A bot that has just set its webhook may not yet listen at it.
        """
        at = datetime.now(UTC) - timedelta(seconds=ago)
        payload = {"messageId": "same", "message": text, "sender": number, "receivedAt": at.isoformat()}
        event = self.event("sms:received", payload)
        entry = {"id": f"in{next(self.ids)}", "type": "SMS", "sender": number, "recipient": None}
        shown = text if len(text) <= self.preview else text[: self.preview] + "…"
        entry |= {"contentPreview": shown, "createdAt": at.isoformat(timespec="seconds")}
        self.listed.append(entry)
        if posted:
            await self.post_until_taken(event)
        return event

    def event(self, name: str, payload: Params) -> Params:
        """An event as SMSGate writes it."""
        return {
            "deviceId": "d1",
            "event": name,
            "id": f"e{next(self.ids)}",
            "webhookId": "w",
            "payload": payload,
        }

    async def report(self, key: str, name: str, parts: int = 1) -> None:
        """Tell what became of a message, once for each part of it."""
        for _ in range(parts):
            assert await self.post(self.event(name, {"messageId": key, "partsCount": parts})) == 200

    async def post(self, event: Params, *, key: str = KEY, ago: int = 0) -> int:
        """The status of a call of the webhook of this event."""
        body = orjson.dumps(event)
        stamp = str(int(time.time()) - ago)
        signature = hmac.digest(key.encode(), body + stamp.encode(), "sha256").hex()
        headers = {"X-Signature": signature, "X-Timestamp": stamp, "Content-Type": "application/json"}
        url = next(hook["url"] for hook in self.hooks.values() if hook["event"] == event["event"])
        async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=headers) as got:
            return got.status

    async def post_until_taken(self, event: Params) -> None:
        """Post an event over and over until it is acknowledged, as the phone does for two days."""
        while True:
            try:
                if await self.post(event) == 200:
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)

    # --- seeing

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until `true()` holds after some call. Raises TimeoutError where it never comes."""
        async with asyncio.timeout(PATIENCE), self.changed:
            await self.changed.wait_for(lambda: bool(true()))

    def count(self, call: str) -> int:
        return sum(1 for name, _ in self.calls if name == call)

    def fail(self, call: str, *statuses: int) -> None:
        """Let the next calls ("POST /messages") be refused so, one each, their work undone."""
        self.faults.setdefault(call, deque()).extend(statuses)

    # --- the server

    async def answer(self, request: web.Request) -> web.StreamResponse:
        call = f"{request.method} /{request.match_info['path']}"
        body = await request.json() if request.can_read_body else {}
        self.calls.append((call, body))
        result = self.result(request, call, body)
        async with self.changed:
            self.changed.notify_all()
        if call == "POST /messages":
            await self.answering.wait()
        return result

    def result(self, request: web.Request, call: str, body: Params) -> web.StreamResponse:
        if request.headers.get("Authorization") != LOGIN:
            return web.json_response({"code": 401, "message": "unauthorized"}, status=401)
        if faults := self.faults.get(call):
            return web.json_response({"code": 0, "message": "fault"}, status=faults.popleft())
        kind, _, name = call.partition("/")[2].partition("/")
        match request.method, kind:
            case "POST", "messages":
                return self.take(body)
            case "GET", "messages" if name in self.messages:
                return web.json_response(self.messages[name])
            case "GET", "webhooks":
                return web.json_response(list(self.hooks.values()))
            case "POST", "webhooks":
                self.hooks[body["id"]] = body
                return web.json_response(body, status=201)
            case "DELETE", "webhooks":
                self.hooks.pop(name, None)
                return web.Response(status=204)
            case "GET", "inbox":
                start = int(request.query["offset"])
                return web.json_response(self.listed[start : start + int(request.query["limit"])])
            case "POST", "inbox":
                return web.json_response({}, status=202)
        return web.json_response({"code": 404, "message": "not found"}, status=404)

    def take(self, body: Params) -> web.StreamResponse:
        """Take a message; one whose id is known goes out once all the same."""
        if body["id"] in self.messages:
            return web.json_response(self.messages[body["id"]], status=409 if self.conflict else 202)
        state = "Sent" if self.sends else "Pending"
        self.messages[body["id"]] = {"id": body["id"], "state": state, "priority": body["priority"]}
        if self.sends:
            for number in body["phoneNumbers"]:
                self.sent.setdefault(number, []).append(body["textMessage"]["text"])
        return web.json_response(self.messages[body["id"]], status=202)
