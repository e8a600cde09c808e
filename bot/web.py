"""The web side of `thonbao serve`: Telegram's webhook, /healthz for whoever watches, /metrics for Prometheus.

The webhook is a bare ASGI application because it is the hot path. It answers 200 only once a message's effect
is on disk; anything else makes Telegram deliver the message again.
"""

import hmac
from collections.abc import Awaitable, Callable

import structlog
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import loose_json
from bot.metrics import REFUSED

LARGEST = 1024 * 1024
"""An update is a few kilobytes; nothing larger is read."""
SECRET_HEADER = b"x-telegram-bot-api-secret-token"

TakeUpdate = Callable[[dict[str, object]], Awaitable[None]]
Trouble = Callable[[], Awaitable[str]]
Ready = Callable[[], bool]
Told = Callable[[], Awaitable[bytes]]

log = structlog.get_logger(__name__)


class Webhook:
    """Checks who calls, reads the update, and has it handled. `take` raises when it could not be saved."""

    def __init__(self, secret: str, take: TakeUpdate) -> None:
        self.secret = secret.encode()
        self.take = take

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = await self.answer(scope, receive)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def answer(self, scope: Scope, receive: Receive) -> int:
        """The status: 403 wrong secret, 413 too large, 400 no JSON object, 500 not saved, 200 done."""
        given = next((value for name, value in scope["headers"] if name == SECRET_HEADER), b"")
        if not hmac.compare_digest(given, self.secret):
            return refuse("secret", 403)
        body = await read_body(receive)
        if body is None:
            return refuse("size", 413)
        try:
            update = loose_json.loads(body)
        except ValueError:
            return refuse("json", 400)
        if not isinstance(update, dict):
            return refuse("json", 400)
        try:
            await self.take(update)
        except Exception as error:
            log.exception("update not saved", error=type(error).__name__)
            return 500
        return 200


def refuse(reason: str, status: int) -> int:
    REFUSED.labels(reason).inc()
    log.warning("webhook call refused", reason=reason)
    return status


async def read_body(receive: Receive) -> bytes | None:
    """The request's body, or None when it is too large or the caller went away."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        piece: bytes = message.get("body", b"")
        body += piece
        if len(body) > LARGEST:
            return None
        if not message.get("more_body"):
            return body


def create_app(trouble: Trouble, told: Told, webhooks: dict[str, Webhook], ready: Ready) -> ASGIApp:
    """The application; `webhooks` by path. /healthz asks for `trouble` and `ready`, /metrics answers with what is `told`."""

    async def health(request: Request) -> Response:
        if found := await trouble():
            return PlainTextResponse(found, 503)
        if not ready():
            return PlainTextResponse("not ready: not connected to Telegram yet", 503)
        return PlainTextResponse("ok")

    async def metrics(request: Request) -> Response:
        return Response(await told(), media_type=CONTENT_TYPE_LATEST)

    routes = [Route(path, webhook, methods=["POST"]) for path, webhook in webhooks.items()]
    pages = Starlette(routes=[*routes, Route("/healthz", health), Route("/metrics", metrics)])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        """Messages go straight to their webhook, past the middleware that pages need."""
        webhook = webhooks.get(scope.get("path", ""))
        straight = webhook is not None and scope.get("method") == "POST"
        await (webhook if webhook is not None and straight else pages)(scope, receive, send)

    return app
