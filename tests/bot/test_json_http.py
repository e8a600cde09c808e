"""The client of every message: what servers may answer, what is kept, and when nobody waits any longer."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import pytest

from bot.channels.json_http import JsonClient, NoAnswer, header, needs_proxy

OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
ENDS: Final = b""
"""Written by a script, it closes the connection."""


@dataclass
class Scripted:
    """A server that answers each request with the next of its scripts, piece by piece, and with `OK` after the last."""

    scripts: list[list[bytes]]
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    url: str = ""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await reader.readexactly(5) == b"POST ":
                head = b"POST " + await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                for piece in self.scripts.pop(0) if self.scripts else [OK]:
                    if piece == ENDS:
                        return
                    writer.write(piece)
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def serving(*scripts: list[bytes]) -> AsyncIterator[tuple[Scripted, JsonClient]]:
    scripted, client = Scripted(list(scripts)), JsonClient(2)
    server = await asyncio.start_server(scripted.talk, "127.0.0.1", 0)
    scripted.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot1:x/sendMessage"
    try:
        yield scripted, client
    finally:
        client.close()
        server.close()


ANSWERS: Final = {
    "at once": ([OK], (200, b"{}")),
    "byte by byte": ([bytes([byte]) for byte in OK], (200, b"{}")),
    "in chunks": (
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n{\r\n1\r\n}\r\n", b"0\r\n\r\n"],
        (200, b"{}"),
    ),
    "to be continued": ([b"HTTP/1.1 100 Continue\r\n\r\n", OK], (200, b"{}")),
    "until it ends": ([b"HTTP/1.1 502 Bad\r\n\r\n<html>", b"</html>", ENDS], (502, b"<html></html>")),
    "the last one": ([b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"], (200, b"{}")),
    "refused": ([b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"], (403, b"")),
    "nothing": ([ENDS], NoAnswer),
    "half a head": ([b"HTTP/1.1 200 OK\r\nContent-", ENDS], NoAnswer),
    "another protocol": (
        [b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n"],
        NoAnswer,
    ),
    "no HTTP": ([b"SSH-2.0-OpenSSH_9.2\r\n"], NoAnswer),
    "silence": ([], TimeoutError),
    "half an answer": ([OK[:-1]], TimeoutError),
}


async def test_whatever_a_server_answers_is_told_and_the_next_call_goes_well() -> None:
    for name, (script, expected) in ANSWERS.items():
        async with serving(script) as (server, client):
            if isinstance(expected, tuple):
                assert await client.post(server.url, b"{}", 5) == expected, name
            else:
                with pytest.raises(expected):
                    await client.post(server.url, b"{}", 0.05 if expected is TimeoutError else 5)
            server.scripts.clear()  # on a busy machine it was given up before the server had read it
            assert await client.post(server.url, b"{}", 5) == (200, b"{}"), name


async def test_a_request_names_what_it_carries() -> None:
    async with serving() as (server, client):
        await client.post(server.url, '{"text":"ă"}'.encode(), 5)
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
        assert head.startswith(b"POST /bot1:x/sendMessage HTTP/1.1\r\nHost: 127.0.0.1:")
        assert b"Content-Type: application/json" in head
        assert body.decode() == '{"text":"ă"}'


async def test_a_name_and_password_in_an_address_go_along() -> None:
    async with serving([OK], [OK]) as (server, client):
        await client.post(server.url.replace("//", "//x%C3%A3:m%40t@"), b"{}", 5)
        await client.post(server.url, b"{}", 5)
    assert b"\r\nAuthorization: Basic eMOjOm1AdA==\r\n" in server.requests[0]
    assert b"Host: 127.0.0.1:" in server.requests[0]
    assert b"Authorization" not in server.requests[1]


async def test_a_connection_is_kept_unless_an_answer_is_missing() -> None:
    async with serving([OK], [OK], []) as (server, client):
        for _ in range(2):
            await client.post(server.url, b"{}", 5)
        assert server.connections == 1
        with pytest.raises(TimeoutError):
            await client.post(server.url, b"{}", 0.05)
        await client.post(server.url, b"{}", 5)
        assert server.connections == 2


async def test_no_more_connections_are_opened_than_allowed() -> None:
    async with serving() as (server, client):
        await asyncio.gather(*(client.post(server.url, b"{}", 5) for _ in range(20)))
        assert (len(server.requests), server.connections) == (20, 2)


async def test_what_was_given_up_frees_its_place() -> None:
    async with serving([], []) as (server, client):
        waiting = [asyncio.create_task(client.post(server.url, b"{}", 60)) for _ in range(2)]
        while len(server.requests) < 2:
            await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert await client.post(server.url, b"{}", 5) == (200, b"{}")


async def test_a_server_that_is_not_there_gives_no_answer() -> None:
    async with serving() as (server, client):
        pass
    with pytest.raises(NoAnswer):
        await client.post(server.url, b"{}", 5)


async def test_a_secure_address_is_spoken_to_securely_or_not_at_all() -> None:
    async with serving() as (server, client):
        with pytest.raises(NoAnswer):
            await client.post(server.url.replace("http:", "https:"), b"{}", 5)
        assert server.requests == []


async def test_further_headers_go_along_and_cannot_be_forged(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving() as (server, client):
        await client.post(server.url, b"{}", 5, header("access_token", "abc-_1"))
    assert b"\r\naccess_token: abc-_1\r\n" in server.requests[0]
    for value in ("abc\r\nHost: other", "thẻ"):
        with pytest.raises(ValueError, match="header"):
            header("access_token", value)
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert needs_proxy("https://openapi.zalo.me/v3.0")
    assert not needs_proxy("https://127.0.0.1/v3.0")
    monkeypatch.delenv("HTTPS_PROXY")
    assert not needs_proxy("https://openapi.zalo.me/v3.0")
    monkeypatch.setenv("ALL_PROXY", "http://proxy.invalid:1")
    assert needs_proxy("https://openapi.zalo.me/v3.0")
