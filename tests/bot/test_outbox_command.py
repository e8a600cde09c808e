"""`thonbao outbox`: what was given up, and what became of all messages."""

import asyncio
import json
import os
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

from storage import dead_letters, outbox
from storage.tables import now
from storage.unit_of_work import Storage
from tests.forking import command
from tests.storage.test_totals import OLD, write

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


async def told(url: str, folder: Path, *words: str) -> str:
    """What `thonbao outbox` prints."""
    environment = {**os.environ, "THONBAO_DATABASE_URL": url, "THONBAO_DATA_DIR": str(folder)}
    ran = await asyncio.to_thread(command, "outbox", *words, environment=environment, folder=folder)
    assert ran.returncode == 0
    return ran.stdout


async def test_figures_hold_what_was_swept(database: AsyncEngine, database_url: str, tmp_path: Path) -> None:
    assert "Chưa có tin nào trong 30 ngày qua" in await told(database_url, tmp_path, "--figures")
    await write(database, now() - OLD)
    async with Storage(database) as storage:
        await outbox.purge(storage)
    printed = await told(database_url, tmp_path, "--figures")
    assert "Thông báo: đã gửi 3, đang chờ 1, không tới được 1, quá hạn 0, lỗi 1, giữ lại 0." in printed
    assert "Tin tuần: đã gửi 1, đang chờ 0, không tới được 0, quá hạn 1, lỗi 0, giữ lại 0." in printed
    found = json.loads(await told(database_url, tmp_path, "--figures", "--json"))
    assert found["reply"]["sent"] == 1


async def test_what_was_given_up_is_listed_and_sent_again_unless_it_expired(
    database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    await write(database, now())
    printed = await told(database_url, tmp_path)
    assert [line.split()[2] for line in printed.splitlines()] == ["weekly", "announce", "announce"]
    assert "Forbidden" in printed
    async with Storage(database) as storage, storage.reading() as session:
        written = (await dead_letters.dead_letters(session))[0].created_at.astimezone(HERE)
    assert f"{written:%d/%m/%Y %H:%M}" in printed
    assert written.isoformat() in await told(database_url, tmp_path, "--json")
    async with Storage(database) as storage:
        [waiting, *_] = await outbox.claim(storage, "me", ["test", "telegram"])
        await outbox.record(storage, [outbox.Retry(waiting.id, now(), "InvalidToken")])
    assert f"1 tin trên {waiting.channel} gửi chưa được, máy sẽ tự gửi lại: InvalidToken" in await told(
        database_url, tmp_path
    )
    async with Storage(database) as storage:
        await outbox.record(storage, [outbox.Delivered(waiting.id)])
    assert "Sẽ gửi lại 2 tin" in await told(database_url, tmp_path, "--retry-all")
    [left] = (await told(database_url, tmp_path)).splitlines()
    assert "expired" in left
