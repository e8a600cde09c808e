"""A Zalo Official Account of our own, over real HTTP on this machine, with the ugly parts of the real one as switches.

It keeps what was sent to each person and what it was charged for, gives each pair of tokens once, and posts what people do
with the signature that Zalo makes.
"""

import asyncio
import itertools
import time
from collections import deque
from hashlib import sha256
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from tests.bot.platform import Platform

APP_ID, SECRET_KEY, OA_SECRET, SEED = "1234567890", "app-secret", "oa-secret", "first-refresh-token"
Params = dict[str, Any]


def refused(code: int) -> Params:
    return {"error": code, "message": "refused"}


class ZaloOaLoopback(Platform):
    """Use as `async with ZaloOaLoopback() as api`; `api.url` is the address of both servers for the bot."""

    def __init__(self) -> None:
        self.sent: dict[str, list[Params]] = {}
        """The messages that each person got."""
        self.templates: list[Params] = []
        self.to_numbers: list[Params] = []
        """The templates that went to numbers."""
        self.refresh, self.access = SEED, ""
        self.renewed = 0
        self.empty_answer = False
        """Whether renewing answers 200 without tokens."""
        self.faults: dict[str, deque[Params | str]] = {}
        self.calls: list[str] = []
        self.header_moment = False
        """Whether the moment stands in a header, too."""
        self.answering = asyncio.Event()
        """Cleared: a message is taken, and the answer that says so does not come."""
        self.answering.set()
        self.ids = itertools.count(1)

    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", "/{path:.*}", self.answer)]

    def settings(self) -> dict[str, str]:
        """The variables with which a service answers as this account."""
        return {
            "THONBAO_ZALO_OA_APP_ID": APP_ID,
            "THONBAO_ZALO_OA_SECRET_KEY": SECRET_KEY,
            "THONBAO_ZALO_OA_OA_SECRET": OA_SECRET,
            "THONBAO_ZALO_OA_REFRESH_TOKEN": SEED,
            "THONBAO_ZALO_OA_BASE_URL": self.url,
            "THONBAO_ZALO_OA_OAUTH_URL": self.url,
        }

    # --- people

    def event(self, user: str, name: str = "user_send_text", **facts: Any) -> Params:
        """An event as Zalo writes it: ids and moments are texts."""
        event: Params = {"app_id": APP_ID, "event_name": name, "timestamp": str(int(time.time() * 1000))}
        if name in ("follow", "unfollow"):
            return {**event, "oa_id": "oa", "follower": {"id": user}, **facts}
        return {**event, "sender": {"id": user}, "recipient": {"id": "oa"}, **facts}

    def said(self, user: str, text: str) -> Params:
        """A text of a person's; a tap comes so, too."""
        return self.event(user, message={"msg_id": f"m{next(self.ids)}", "text": text})

    def taps(self, user: str, label: str) -> Params:
        """What comes when the newest button whose title holds these words is tapped."""
        for message in reversed(self.sent[user]):
            for button in message.get("attachment", {}).get("payload", {}).get("buttons", ()):
                if label in button["title"]:
                    return self.said(user, button["payload"])
        raise AssertionError(f"no button {label!r}")

    def signed(self, event: Params, secret: str = OA_SECRET) -> tuple[bytes, dict[str, str]]:
        """The body of a call of the webhook, and its headers."""
        body = orjson.dumps(event)
        mac = sha256(APP_ID.encode() + body + event["timestamp"].encode() + secret.encode()).hexdigest()
        headers = {"X-ZEvent-Signature": f"mac={mac}"}
        return body, headers | ({"X-ZEvent-Timestamp": event["timestamp"]} if self.header_moment else {})

    async def post(self, url: str, event: Params, secret: str = OA_SECRET) -> int:
        """The status of a call of the webhook."""
        body, headers = self.signed(event, secret)
        async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=headers) as got:
            return got.status

    # --- the server

    def fail(self, path: str, *answers: Params | str) -> None:
        """Let the next calls of a path be answered so, one each, their work undone; a text is a proxy's page."""
        self.faults.setdefault(path, deque()).extend(answers)

    def texts(self, user: str) -> list[str]:
        return [str(message["text"]) for message in self.sent.get(user, ()) if "text" in message]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = f"/{request.match_info['path']}"
        self.calls.append(path)
        if faults := self.faults.get(path):
            fault = faults.popleft()
            return (
                web.Response(status=502, text=fault) if isinstance(fault, str) else web.json_response(fault)
            )
        if path == "/v4/oa/access_token":
            return web.json_response(self.renew(await request.post(), request.headers.get("secret_key", "")))
        if request.headers.get("access_token") != self.access:
            return web.json_response(refused(-216))
        if request.content_type == "application/json":
            result = self.result(path, await request.json())
            await self.answering.wait()
            return web.json_response(result)
        return web.json_response(self.result(path, {}))

    def renew(self, form: Any, secret_key: str) -> Params:
        """A new pair for the refresh token, which then is used up. A refusal comes with status 200, too."""
        if self.empty_answer:
            return {"error": 0}
        if form.get("refresh_token") != self.refresh or secret_key != SECRET_KEY:
            return {"error_name": "Invalid refresh token.", "error": -14014}
        self.renewed += 1
        self.refresh, self.access = f"refresh-{self.renewed}", f"access-{self.renewed}"
        return {"access_token": self.access, "refresh_token": self.refresh, "expires_in": "90000"}

    def result(self, path: str, body: Params) -> Params:
        match path:
            case "/v2.0/oa/getoa":
                return done(name="Thôn Báo")
            case "/v2.0/oa/upload/image":
                return done(attachment_id="a1")
            case "/v2.0/oa/upload/file":
                return done(token="f1")
            case "/v3.0/oa/message/template":
                self.templates.append(body)
                return done(message_id=f"t{next(self.ids)}")
            case "/message/template":
                self.to_numbers.append(body)
                return done(msg_id=f"z{next(self.ids)}", sent_time="1789003200000")
            case "/v3.0/oa/message/cs":
                return self.take(body["recipient"]["user_id"], body["message"])
        return refused(-201)

    def take(self, user: str, message: Params) -> Params:
        if len(message.get("text", "").encode("utf-16-le")) // 2 > 2000:
            return refused(-210)
        if len(message.get("attachment", {}).get("payload", {}).get("buttons", ())) > 5:
            return refused(-201)
        self.sent.setdefault(user, []).append(message)
        return done(message_id=f"o{next(self.ids)}", user_id=user)


def done(**data: Any) -> Params:
    return {"data": data, "error": 0, "message": "Success"}
