"""Two hundred events a second at the webhook of an Official Account: how soon each is acknowledged, and whether any is lost.

Zalo takes an account's webhook for dead where it does not answer within two seconds. The crowd posts at a steady pace,
whether or not earlier events were answered, from this process; the bot is a process of its own.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import aiohttp
from sqlmodel import func, select

from bot.serve import webhook_path
from storage.database import open_engine, reading
from storage.tables import Seen
from tests.bench import world
from tests.bench.load import FIRST_CHAT
from tests.bot.zalo_oa_loopback import APP_ID, OA_SECRET, SECRET_KEY, SEED, ZaloOaLoopback

RATE: Final = 200
SECONDS: Final = 15
HEADS: Final = 1000
SECRET: Final = "bench-secret-bench-secret"
WORDS: Final = ("chào", "báo cáo", "tin tuần")
"""What they write: each is answered with a screen of its own."""

Measured = dict[str, float]


def table(rounds: int, port: int, processor_seconds: Callable[[int], float]) -> list[str]:
    """The median of some rounds, as lines of Markdown. `processor_seconds` tells what a process has used."""
    results = [asyncio.run(measured(port, processor_seconds)) for _ in range(rounds)]
    cells = " | ".join(
        f"{statistics.median(result[name] for result in results):.1f}"
        for name in ("per_second", "p50_ms", "p99_ms", "longest_ms", "cpu_ms", "refused", "lost")
    )
    return [
        "| events/s | acknowledged p50 ms | p99 ms | longest ms | CPU ms/event | refused | lost |",
        "|---|---|---|---|---|---|---|",
        f"| {cells} |",
    ]


async def measured(port: int, processor_seconds: Callable[[int], float]) -> Measured:
    """One round on a database of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-events-") as name:
        url = world.sqlite_url(Path(name))
        await world.build(url, HEADS, channel="zalo-oa")
        async with ZaloOaLoopback() as api:
            process = started(name, url, api.url, port)
            try:
                await healthy(f"http://127.0.0.1:{port}")
                before = processor_seconds(process.pid)
                result = await crowd(api, port)
                spent = processor_seconds(process.pid) - before
            finally:
                process.terminate()
                await asyncio.to_thread(process.wait)
        engine = open_engine(url)
        async with reading(engine) as session:
            kept = (await session.exec(select(func.count()).select_from(Seen))).one()
        await engine.dispose()
        lost = RATE * SECONDS - result["refused"] - kept
        return {**result, "lost": lost, "cpu_ms": 1000 * spent / (RATE * SECONDS)}


def started(folder: str, url: str, api: str, port: int) -> subprocess.Popen[bytes]:
    """The bot, with an Official Account as its only channel."""
    settings = {
        "DATABASE_URL": url,
        "DATA_DIR": folder,
        "QUIET_HOURS": "",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "WEBHOOK_SECRET": SECRET,
        "ZALO_OA_APP_ID": APP_ID,
        "ZALO_OA_SECRET_KEY": SECRET_KEY,
        "ZALO_OA_OA_SECRET": OA_SECRET,
        "ZALO_OA_REFRESH_TOKEN": SEED,
        "ZALO_OA_BASE_URL": api,
        "ZALO_OA_OAUTH_URL": api,
    }
    environment = {**os.environ, **{f"THONBAO_{name}": value for name, value in settings.items()}}
    command = [sys.executable, "-m", "tests.bench.ours"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


async def crowd(api: ZaloOaLoopback, port: int) -> Measured:
    """Post for some seconds; how soon the calls were answered, in milliseconds, and how many were refused."""
    address = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        webhook = address + webhook_path("zalo-oa", SECRET)
        began = time.perf_counter()
        calls = []
        for number in range(RATE * SECONDS):
            await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
            event = api.said(str(FIRST_CHAT + number % HEADS), WORDS[number % len(WORDS)])
            calls.append(asyncio.create_task(call(http, webhook, *api.signed(event))))
        took = time.perf_counter() - began
        answers = await asyncio.gather(*calls)
    times = sorted(seconds * 1000 for seconds, _ in answers)
    return {
        "per_second": len(calls) / took,
        "p50_ms": statistics.median(times),
        "p99_ms": times[int(len(times) * 0.99)],
        "longest_ms": times[-1],
        "refused": sum(status != 200 for _, status in answers),
    }


async def call(
    http: aiohttp.ClientSession, url: str, body: bytes, headers: dict[str, str]
) -> tuple[float, int]:
    """How long an answer took, and its status; 0 where the connection ended without one, as where too many wait."""
    began, status = time.perf_counter(), 0
    with suppress(aiohttp.ClientConnectionError):
        async with http.post(url, data=body, headers=headers) as got:
            status = got.status
    return time.perf_counter() - began, status


async def healthy(address: str) -> None:
    """Wait until the bot serves."""
    async with aiohttp.ClientSession() as http:
        while True:
            with suppress(aiohttp.ClientConnectionError):
                async with http.get(f"{address}/healthz") as got:
                    if got.status == 200:
                        return
            await asyncio.sleep(0.1)
