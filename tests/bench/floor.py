"""The floor: what an answer costs without an application. The same HTTP in and out, the same commits, nothing decided.

An update is read, kept in SQLite (WAL, `synchronous=FULL`) in the transaction that it shares with others, as under
`thonbao serve`; then the old question is edited and the next one sent, over the same client, and what became of both is
written down with the next transaction. Written on plain sqlite3, so that what Thôn Báo takes above it is its own.
"""

import argparse
import asyncio
import sqlite3
from collections.abc import Iterable

import orjson
import uvloop
from starlette.types import Receive, Scope, Send

from bot.channels.json_http import JsonClient
from bot.web import read_body
from bot.web_server import quiet_server
from storage.unit_of_work import APART, GROUP

TABLES = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
CREATE TABLE chat (id INTEGER PRIMARY KEY, place INTEGER, screen TEXT);
CREATE TABLE seen (update_id INTEGER PRIMARY KEY);
CREATE TABLE outbox (id INTEGER PRIMARY KEY, chat INTEGER, body TEXT, ref TEXT);
"""
TEXT = "Ghi nhận: <b>{said} hộ</b>.\n\n<b>Câu {place}/40. Có bao nhiêu hộ thuộc nhóm {place}?</b>\nNhận số từ 0 đến 100.000."


class Floor:
    """Takes updates in groups, and sends two messages for each."""

    def __init__(self, database: str, api: str) -> None:
        self.file = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        self.file.executescript(TABLES)
        self.api = api
        self.client = JsonClient(100)
        self.waiting: asyncio.Queue[tuple[int, int, str, asyncio.Future[None]]] = asyncio.Queue()
        self.sent: list[tuple[str, int]] = []
        """What became of messages: the platform's number for each, and ours."""
        self.places: dict[int, int] = {}
        self.asked: dict[int, str] = {}
        """The message of each chat that asks now."""
        self.messages = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 200 once an update is on disk."""
        message = orjson.loads(await read_body(receive))
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        told = message["message"]
        self.waiting.put_nowait((message["update_id"], told["chat"]["id"], told["text"], done))
        await done
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def run(self) -> None:
        """Commit what came, then let it be answered."""
        loop, began = asyncio.get_running_loop(), 0.0
        tasks: set[asyncio.Task[None]] = set()
        while True:
            group = [await self.waiting.get()]
            await asyncio.sleep(max(0.0, began + APART - loop.time()))
            began = loop.time()
            while len(group) < GROUP and not self.waiting.empty():
                group.append(self.waiting.get_nowait())
            rows = [self.row(chat, said) for _, chat, said, _ in group]
            sent, self.sent = self.sent, []
            await asyncio.to_thread(self.write, [number for number, *_ in group], rows, sent)
            for (_, chat, _, done), row in zip(group, rows, strict=True):
                done.set_result(None)
                task = loop.create_task(self.answer(chat, row))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

    def row(self, chat: int, said: str) -> tuple[int, int, int, str]:
        """What is kept of an update: number, chat, place and the next question."""
        self.messages += 2
        self.places[chat] = place = self.places.get(chat, 0) + 1
        return self.messages, chat, place, TEXT.format(said=said, place=place)

    def write(
        self,
        updates: Iterable[int],
        rows: Iterable[tuple[int, int, int, str]],
        sent: Iterable[tuple[str, int]],
    ) -> None:
        self.file.execute("BEGIN IMMEDIATE")
        self.file.executemany("INSERT INTO seen VALUES (?)", [(number,) for number in updates])
        self.file.executemany(
            "INSERT OR REPLACE INTO chat VALUES (?, ?, ?)",
            [(chat, place, text) for _, chat, place, text in rows],
        )
        messages = [(number + nth, chat, text) for number, chat, _, text in rows for nth in (0, 1)]
        self.file.executemany("INSERT INTO outbox VALUES (?, ?, ?, '')", messages)
        self.file.executemany("UPDATE outbox SET ref = ?, body = '' WHERE id = ?", sent)
        self.file.execute("COMMIT")

    async def answer(self, chat: int, row: tuple[int, int, int, str]) -> None:
        """Edit the old question, if there is one, then ask the next."""
        number, _, _, text = row
        if asked := self.asked.get(chat):
            await self.call(
                "editMessageText", number, {"chat_id": chat, "message_id": int(asked), "text": text}
            )
        said = {"chat_id": chat, "text": text, "parse_mode": "HTML"}
        self.asked[chat] = await self.call("sendMessage", number + 1, said)

    async def call(self, method: str, number: int, fields: dict[str, object]) -> str:
        _, answer = await self.client.post(f"{self.api}/{method}", orjson.dumps(fields), 15.0)
        ref = str(orjson.loads(answer)["result"]["message_id"])
        self.sent.append((ref, number))
        return ref


async def serve(options: argparse.Namespace) -> None:
    floor = Floor(options.database, f"http://127.0.0.1:{options.api_port}/bot1:token")
    running = asyncio.create_task(floor.run())
    server = quiet_server(floor)
    server.config.host, server.config.port = "127.0.0.1", options.port
    await server.serve()
    running.cancel()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api-port", type=int, required=True)
    parser.add_argument("--database", required=True)
    uvloop.run(serve(parser.parse_args()))
