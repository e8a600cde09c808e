"""The web server under `thonbao serve`: uvicorn, without its signal handling, and with limits to waiting.

uvicorn closes a connection that is idle after an answer. A connection that never asks, or that asks or listens a byte
at a time, it keeps for ever, and some hundreds of them take every file handle of the process.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.metrics import REFUSED

HEADERS: Final = 10.0
BODY: Final = 20.0
ANSWER: Final = 60.0
"""Seconds until a request's headers are there, then its body, then until its answer is made and taken."""
DROPPED: Final = "thonbao.dropped"
"""What a request's scope holds once we have dropped its connection."""
MOST: Final = 500
"""Connections at once: five times what Telegram opens. One more drops the one that has waited longest."""


class PromptProtocol(HttpToolsProtocol):
    """One connection, with a time limit for each part of a request. Bytes that trickle in do not prolong it."""

    timer: asyncio.TimerHandle | None = None
    asking_since = 0.0
    asking = True
    """No whole request has come since the last answer."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.asking_since = self.loop.time()
        self.within(HEADERS)
        if len(self.connections) > MOST:
            others = [
                other for other in self.connections if isinstance(other, PromptProtocol) and other.asking
            ]
            min(others, key=lambda other: other.asking_since).drop("crowd")

    def connection_lost(self, exc: Exception | None) -> None:
        self.rest()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.timer is None:
            self.asking_since = self.loop.time()
            self.within(HEADERS)
        super().data_received(data)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self.within(BODY)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.asking = False
        self.within(ANSWER)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.rest()
        if self.cycle.response_complete:
            self.asking, self.asking_since = True, self.loop.time()
        else:  # the next of several requests that came together
            self.within(ANSWER)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, which nothing above us sees."""
        REFUSED.labels("http").inc()
        super().send_400_response(msg)

    def within(self, seconds: float) -> None:
        """Drop the connection after that many seconds, unless a new limit is set."""
        self.rest()
        self.timer = self.loop.call_later(seconds, self.drop)

    def rest(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def drop(self, reason: str = "slow") -> None:
        """Close at once: a caller that is slow to ask is slow to read why, too."""
        REFUSED.labels(reason).inc()
        if self.scope is not None:  # whoever still reads the request's body need not count it again
            self.scope[DROPPED] = True  # type: ignore[typeddict-unknown-key]
        self.rest()
        self.connections.discard(self)
        self.transport.abort()


class QuietServer(uvicorn.Server):
    """uvicorn without its own signal handling: `serve` decides when to stop."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def quiet_server(app: object) -> QuietServer:
    """The server of `app`; it is given its listening socket when it is run."""
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        http=PromptProtocol,
        ws="none",
        interface="asgi3",
        proxy_headers=False,
        lifespan="off",
        log_config=None,
        # It warns of every request that is no HTTP, so anybody could fill the disk: we count them instead.
        log_level="error",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=10,
    )
    return QuietServer(config)
