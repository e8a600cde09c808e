"""Pictures that people send on Zalo: fetched only from Zalo's own hosts, since their addresses come with a message."""

import re
from typing import Final
from urllib.parse import urlsplit

import httpx

from bot.channels.base import FileTooLarge, Headers, SendProblem

PROBE: Final = 2
"""Bytes of `{}`. Zalo posts this, or nothing at all, unsigned, to see whether anybody is there."""


def hosts_in(names: str) -> tuple[str, ...]:
    """The hosts that are set, in lower case."""
    return tuple(filter(None, re.split(r"[,;\s]+", names.lower())))


class ZaloFiles:
    """Fetches over `http` from `hosts` and the hosts below them."""

    def __init__(self, http: httpx.AsyncClient, hosts: tuple[str, ...]) -> None:
        self.http, self.hosts = http, hosts

    def is_trusted(self, url: str) -> bool:
        """Whether `url` leads to Zalo: a forged message could contain anything."""
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").lower()
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and any(
            host == trusted or host.endswith(f".{trusted}") for trusted in self.hosts
        )

    async def download(self, url: str, limit: int) -> bytes:
        """The bytes at `url`. Raises FileTooLarge above `limit` bytes, else SendProblem."""
        if not self.is_trusted(url):
            raise SendProblem("not a host of Zalo's", permanent=True)
        content = bytearray()
        try:
            async with self.http.stream("GET", url) as response:
                if response.status_code != httpx.codes.OK:
                    raise problem_of(response.status_code)
                async for piece in response.aiter_bytes():
                    content += piece
                    if len(content) > limit:
                        raise FileTooLarge
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise SendProblem(type(error).__name__) from None
        return bytes(content)


def problem_of(status: int) -> SendProblem:
    """Return what an answer other than 200 means: some refusals pass by themselves."""
    passing = status in (401, 403, 408) or status >= 500
    return SendProblem(f"Zalo {status}", permanent=not passing)


def is_probe(headers: Headers) -> bool:
    """Whether a call says that its body is too short to say anything. One of unknown length counts as long."""
    known = dict(headers)
    if b"transfer-encoding" in known:
        return False
    try:
        return int(known.get(b"content-length", b"0")) <= PROBE
    except ValueError:
        return False
