"""`thonbao people end`: the role ends, the person stays and is told; given back with --undo."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select
from typer.testing import CliRunner

from bot.cli import app
from bot.problems import WrongCall
from storage import people
from storage.database import reading, writing
from storage.tables import Level, Outbox, Person, Role, RoleName, now


async def two_roles(engine: AsyncEngine) -> int:
    """Somebody who is head of two villages; their number."""
    async with writing(engine) as session:
        first = await session.places.add(Level.VILLAGE, "thôn", "Nà Hin", None)
        second = await session.places.add(Level.VILLAGE, "thôn", "Nà Lốc", None)
        chat = await people.create_contact(session, "telegram", "1", "en")
        person = await people.enrol(session, chat, first.id, RoleName.VILLAGE_HEAD, "Lý A Sử", now())
        await people.add_role(session, person.id, second.id, RoleName.VILLAGE_HEAD, now())
        return person.id


def calls(*words: str) -> str:
    """What the command prints. Raises what it raises."""
    result = CliRunner().invoke(app, ["people", "end", *words], catch_exceptions=False)
    return result.output


async def test_a_role_ends_and_comes_back(
    database: AsyncEngine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THONBAO_DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    number = str(await two_roles(database))
    with pytest.raises(WrongCall, match="nhiều vai trò"):
        await asyncio.to_thread(calls, number, "--yes")
    with pytest.raises(WrongCall, match="không giữ vai trò"):
        await asyncio.to_thread(calls, number, "--yes", "--role", "can-bo-xa")
    told = await asyncio.to_thread(calls, number, "--yes", "--place", "Nà Lốc", "--json")
    assert json.loads(told)["told"] == 1
    async with reading(database) as session:
        person = await session.get(Person, int(number))
        roles = (await session.exec(select(Role).order_by(Role.id))).all()  # type: ignore[arg-type]
        [letter] = (await session.exec(select(Outbox))).all()
    assert person is not None
    assert (person.name, person.left_at) == ("Lý A Sử", None)
    assert [role.until is None for role in roles] == [True, False]
    assert "Your role here has ended" in letter.body["text"]
    assert "trả lại 1 vai trò" in await asyncio.to_thread(calls, number, "--undo")
    with pytest.raises(WrongCall, match="không có vai trò nào"):
        await asyncio.to_thread(calls, number, "--undo")
    assert "2 vai trò" in await asyncio.to_thread(calls, number, "--all", "--yes")
