"""An import of people that fails says row and column, and nobody's name or phone; on both databases."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from bot.administration import fault_sentences, told_together
from bot.teller import Teller
from storage import roster
from storage.database import reading, writing
from storage.sheets import ListFault
from storage.tables import Level, RosterEntry, now
from tests.forking import command

NAMES = ("Lý A Sử", "Vàng Thị Mỷ", "0912345678", "912345678", "0987654321", "987654321")
HEADINGS = "Họ tên,Điện thoại,Địa bàn,Vai trò\n"
GOOD = "Lý A Sử,0912345678,Nà Hin,Trưởng thôn\n"
FAILING = {
    "no headings": (GOOD + GOOD, "dòng 1"),
    "columns in another order": (HEADINGS + "Trưởng thôn,Nà Hin,Lý A Sử,0912345678\n", "dòng 2, cột"),
    "a role that is a name": (HEADINGS + "Lý A Sử,0912345678,Nà Hin,Vàng Thị Mỷ\n", "dòng 2, cột D"),
    "a place unknown": (HEADINGS + GOOD + "Vàng Thị Mỷ,0987654321,Nà Kín,Trưởng thôn\n", "dòng 3, cột C"),
    "somebody twice": (HEADINGS + GOOD + GOOD, "dòng 3, cột B"),
}
REFUSING = {
    "sqlite": (
        "CREATE TRIGGER refuse BEFORE INSERT ON roster_entry WHEN NEW.phone = '84987654321'"
        " BEGIN SELECT RAISE(ABORT, 'Vàng Thị Mỷ 84987654321'); END",
    ),
    "postgresql": ("ALTER TABLE roster_entry ADD CONSTRAINT refuse CHECK (phone <> '84987654321')",),
}


@pytest.fixture
async def village(database: AsyncEngine) -> None:
    async with writing(database) as session:
        await session.places.add(Level.VILLAGE, "thôn", "Nà Hin", None)


async def importing(url: str, folder: Path, content: str, *words: str, what: str = "people") -> str:
    """All that the command writes; it fails."""
    (folder / "nguoi.csv").write_text(content, encoding="utf-8")
    environment = {"THONBAO_DATABASE_URL": url}
    call = (what, "import", "nguoi.csv", *words)
    run = await asyncio.to_thread(command, *call, environment=environment, folder=folder)
    assert run.returncode == 1, run.stderr
    return run.stdout + run.stderr


def quotes_nobody(said: str) -> None:
    assert not [name for name in NAMES if name in said]
    assert "Traceback" not in said


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize("fault", FAILING)
async def test_a_list_with_a_fault(database: AsyncEngine, fault: str) -> None:
    content, _ = FAILING[fault]
    async with writing(database) as session:
        found = await roster.load(session, content.encode(), "nguoi.csv", now().date(), now())
    assert found.faults
    assert all(each.row for each in found.faults)
    quotes_nobody(json.dumps([[each.data, list(found.unused)] for each in found.faults], ensure_ascii=False))


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("headings", "shown"),
    [
        ("Họ tên,ĐT liên hệ,Địa bàn,Vai trò", "Họ tên; ĐT liên hệ; Địa bàn; Vai trò"),
        ("Họ tên,Di động riêng,Bản,Chức", "Họ tên; Di động riêng; Bản; Chức"),
        ("Họ và tên đệm,Lý A Sử,Số di động riêng", "Họ và tên đệm; …; Số di động riêng"),
        ("Họ tên,Họ tên,Điện thoại,Địa bàn,Vai trò", "“Họ tên”"),
    ],
)
async def test_headings_that_are_wrong_are_shown(database: AsyncEngine, headings: str, shown: str) -> None:
    """Nobody could mend a heading shown as three dots."""
    async with writing(database) as session:
        read = await roster.load(session, f"{headings}\n{GOOD}".encode(), "nguoi.csv", now().date(), now())
    said = " ".join(fault_sentences(read.faults, Teller("vi")))
    quotes_nobody(said)
    assert shown in said
    assert ("Cần có: Họ tên; Điện thoại; Vai trò; Địa bàn" in said) is (shown[0] != "“")


@pytest.mark.usefixtures("village")
async def test_what_the_command_prints(database_url: str, tmp_path: Path) -> None:
    content, where = FAILING["a place unknown"]
    for words in ((), ("--json",)):
        said = await importing(database_url, tmp_path, content, *words)
        quotes_nobody(said)
        assert where in said


@pytest.mark.usefixtures("village")
async def test_a_row_that_the_database_refuses(
    database: AsyncEngine, database_url: str, kind: str, tmp_path: Path
) -> None:
    async with writing(database) as session:
        for statement in REFUSING[kind]:
            await (await session.connection()).execute(text(statement))
    rows = "".join(f"Lý A Sử,09123456{number},Nà Hin,Trưởng thôn\n" for number in range(10, 15))
    said = await importing(
        database_url, tmp_path, HEADINGS + rows + "Vàng Thị Mỷ,0987654321,Nà Hin,Trưởng thôn\n"
    )
    quotes_nobody(said)
    assert "dòng 7, cột B" in said
    async with reading(database) as session:
        assert (await session.exec(select(RosterEntry))).all() == []
    content = (tmp_path / "nguoi.csv").read_bytes()
    async with writing(database) as session:
        partly = await roster.load(session, content, "nguoi.csv", now().date(), now(), partial=True)
    assert (len(partly.entries), [fault.row for fault in partly.faults]) == (5, [7])
    async with reading(database) as session:
        assert len((await session.exec(select(RosterEntry))).all()) == 5


async def test_people_where_villages_are_expected(database_url: str, tmp_path: Path) -> None:
    said = await importing(database_url, tmp_path, GOOD * 2, "--json", what="place")
    quotes_nobody(said)
    assert "Tên thôn" in said


def test_what_many_rows_have_in_common_is_told_once() -> None:
    faults = [ListFault("", row, "C", "empty") for row in range(2, 14)]
    faults.insert(3, ListFault("", 5, "D", "empty"))
    assert list(told_together(faults, Teller("vi"))) == [
        "dòng 2, 3, 4, 5, 6, 7, 8, 9 … (còn 4 dòng), cột C: Ô này còn trống.",
        "dòng 5, cột D: Ô này còn trống.",
    ]
