"""Calls that carry a file or go through a proxy, over aiohttp. Imported with the first of them: 6 MB of memory, which a
bot at rest need not hold."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import aiohttp

from bot.channels.json_http import CONNECT, NoAnswer

Part = tuple[str, Any, str]
"""A file in a form: its name, its content and its media type."""


class FileClient:
    """A pool of at most `connections`, opened with its first call."""

    def __init__(self, connections: int, proxy: str | None, agent: str) -> None:
        self.connections, self.proxy, self.agent = connections, proxy, agent
        self.session: aiohttp.ClientSession | None = None

    def opened(self) -> aiohttp.ClientSession:
        """Return the pool; connections are made when they are needed."""
        if self.session is None or self.session.closed:
            self.session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self.connections, keepalive_timeout=60),
                cookie_jar=aiohttp.DummyCookieJar(),  # a proxy's cookie would be sent to the platform
                headers={"User-Agent": self.agent},
            )
        return self.session

    async def close(self) -> None:
        """Close every connection."""
        if self.session is not None:
            await self.session.close()

    async def request(
        self, method: str, url: str, data: bytes | aiohttp.FormData | None, kind: str, seconds: float
    ) -> tuple[int, bytes]:
        """Return the status and body of the answer. `kind` is the media type of `data` if it is bytes.

        Raises TimeoutError after so many seconds, NoAnswer if none came.
        """
        try:
            async with self.opened().request(
                method,
                url,
                data=data,
                headers={"Content-Type": kind} if kind else {},
                timeout=aiohttp.ClientTimeout(total=CONNECT + seconds, sock_connect=CONNECT),
                proxy=self.proxy,
                allow_redirects=False,  # the address may hold a token
            ) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise
        except (aiohttp.ClientError, OSError) as error:
            raise NoAnswer(type(error).__name__) from None

    @staticmethod
    def form(fields: Mapping[str, str], files: Mapping[str, Part]) -> aiohttp.FormData:
        """Return the multipart body of a call that sends files."""
        form = aiohttp.FormData()
        for name, value in fields.items():
            form.add_field(name, value)
        for name, (filename, content, media_type) in files.items():
            file = BytesIO(content) if isinstance(content, bytes) else content
            form.add_field(name, file, filename=filename, content_type=media_type)
        return form
