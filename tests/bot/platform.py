"""A platform's server of our own on a free port of this machine, for as long as its `async with` lasts."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

from aiohttp import web


class Platform(ABC):
    """What all loopback platforms have in common: they say which paths they answer, and stand at `url`."""

    url: str
    largest: ClassVar[int] = 1024 * 1024
    """Bytes of a request's body that are taken."""

    @abstractmethod
    def routes(self) -> list[web.RouteDef]:
        """The paths that are answered."""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=self.largest)
        app.add_routes(self.routes())
        # Whoever polls waits for long: the end of a test does not wait for them.
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        host, port = self.runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.runner.cleanup()
