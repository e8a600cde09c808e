"""The web side of `thonbao serve`: the webhooks of its channels, /healthz for whoever watches, /metrics for Prometheus.

A webhook is a bare ASGI application because it is the hot path. It answers 200 only once a message's effect
is on disk; anything else makes the platform deliver the message again.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Protocol

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.base import CallRefused, Headers, Take
from bot.metrics import REFUSED
from bot.web_server import DROPPED
from storage.outage import Outage

LARGEST = 1024 * 1024
"""An update is a few kilobytes; nothing larger is read."""

FindTrouble = Callable[[], Awaitable[str]]
FindMissing = Callable[[], str]
TellMetrics = Callable[[], Awaitable[bytes]]
Linked = Callable[[Request], Awaitable[Response]]


class Receiver(Protocol):
    """What a webhook needs of a channel; see `bot.channels.base.Service`."""

    def admits(self, headers: Headers, secret: str) -> bool: ...

    def signed(self, headers: Headers, body: bytes) -> bool: ...

    async def posted(self, body: bytes, take: Take) -> None: ...


class Webhook:
    """One channel's webhook: reads what an admitted caller posts, and hands it over."""

    def __init__(self, channel: Receiver, secret: str, take: Take) -> None:
        self.channel = channel
        self.secret = secret
        self.take = take
        self.saving = Outage("update not saved")
        # Anybody may call, and must not fill the disk with lines: each reason is logged as a trouble that lasts.
        self.refusing: dict[str, Outage] = defaultdict(partial(Outage, "webhook call refused"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = await self.answer(scope, receive)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def answer(self, scope: Scope, receive: Receive) -> int:
        """Return the status: 403 wrong secret or signature, 413 too large, what the channel refuses with, 500 not
        saved, 200 done.

        If the caller was cut off, nobody reads the status.
        """
        if not self.channel.admits(scope["headers"], self.secret):
            return self.refuse("secret", 403)
        try:
            body = await read_body(receive)
            if not self.channel.signed(scope["headers"], body):
                return self.refuse("signature", 403)
            await self.channel.posted(body, self.take)
        except CallRefused as refused:
            # A connection that the server itself dropped was counted there, by its own reason.
            return refused.status if DROPPED in scope else self.refuse(refused.reason, refused.status)
        except Exception as error:
            self.saving.met(error=type(error).__name__, exc_info=error)
            return 500
        self.saving.over()
        return 200

    def refuse(self, reason: str, status: int) -> int:
        """Count a call that is refused; return `status`."""
        REFUSED.labels(reason).inc()
        self.refusing[reason].met(reason=reason)
        return status


async def read_body(receive: Receive) -> bytes:
    """The request's body. Raises CallRefused when it is too large or ends before it is whole."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise CallRefused("cut_off", 400)
        piece: bytes = message.get("body", b"")
        body += piece
        # The declared length is the caller's word; what has come is counted.
        if len(body) > LARGEST:
            raise CallRefused("size", 413)
        if not message.get("more_body"):
            return body


def create_app(
    trouble: FindTrouble,
    told: TellMetrics,
    webhooks: dict[str, Webhook],
    missing: FindMissing,
    links: Mapping[str, Linked] | None = None,
) -> ASGIApp:
    """Return the application, with the webhooks by path.

    /healthz asks `trouble` (why nothing can be saved) and `missing` (which platforms are not reached); /metrics
    answers with `told`. `links` answer the paths of files that were sent as links.
    """

    async def health(request: Request) -> Response:
        if why := await trouble():
            return PlainTextResponse(why, 503)
        if platforms := missing():
            return PlainTextResponse(f"not ready: not connected to {platforms}", 503)
        return PlainTextResponse("ok")

    async def metrics(request: Request) -> Response:
        return Response(await told(), media_type=CONTENT_TYPE_LATEST)

    routes = [Route(path, webhook, methods=["POST"]) for path, webhook in webhooks.items()]
    routes += [Route(path, linked, methods=["GET"]) for path, linked in (links or {}).items()]
    pages = Starlette(routes=[*routes, Route("/healthz", health), Route("/metrics", metrics)])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        """Hand messages straight to their webhook, past the middleware that pages need."""
        await (posted_to(webhooks, scope) or pages)(scope, receive, send)

    return app


def posted_to(webhooks: Mapping[str, Webhook], scope: Scope) -> Webhook | None:
    """Return the webhook that a request is for; None if it is for none."""
    return webhooks.get(scope.get("path", "")) if scope.get("method") == "POST" else None


class Front:
    """What the web side answers with: `pages` or, until they are set, that the bot is not ready."""

    def __init__(self) -> None:
        self.pages: ASGIApp | None = None
        self.webhooks: Mapping[str, Webhook] = {}
        """Those that are called although there are no pages yet."""
        self.why = "not ready: starting"

    def wait_for(self, sort: str, webhooks: Mapping[str, Webhook]) -> None:
        """Say what is waited for, as a running bot says `cannot save: …`, and let the platforms call `webhooks`."""
        self.why, self.webhooks = f"not ready: cannot begin: {sort}", webhooks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self.pages or posted_to(self.webhooks, scope) or PlainTextResponse(self.why, 503)
        await answer(scope, receive, send)
