"""No message of a round looks through a table that grows with villages, people or time.

Among a hundred rows nobody would notice; among a country's it is what everybody waits for. SQLite says beforehand how it
will find its rows, whatever there is: `SCAN` means all of them. `tests/bench/growth.py` counts the same among 90,000
villages.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from storage.tables import metadata
from tests.counting import asked
from tests.handlers.chatting import Phone, Town

SMALL: Final = {
    "form": "questionnaires, and their versions",
    "setting": "facts about the database, each of one row",
    "place_alias": "names that an administrator gave: only counted, to see whether there are new ones",
    "place_event": "changes of places that an administrator noted: only counted",
}
"""Tables that may be looked through, and why."""
SCAN: Final = re.compile(r"SCAN (\w+)")
BROAD: Final = re.compile(
    r"ix_outbox_due \(state=\?\)|ix_interview_status|ix_place_level|ix_attachment_state|AUTOMATIC"
)
"""Indexes by which nearly as much is read: all messages that wait, every village. SQLite makes an automatic one of all
rows there are."""
ANSWERS: Final = ("120", "80", "75", "70", "20", "5", "3")


@pytest.fixture
def kind() -> str:
    return "sqlite"


@contextmanager
def stated(town: Town) -> Iterator[list[tuple[str, Any]]]:
    """What the database is asked meanwhile: each statement with its values."""
    statements: list[tuple[str, Any]] = []
    with asked(
        town.storage.engine.sync_engine, lambda statement, values: statements.append((statement, values))
    ):
        yield statements


async def scans(town: Town, statements: list[tuple[str, Any]]) -> dict[str, str]:
    """The tables of ours that are looked through, and the broad indexes that are used, each with a statement that does."""
    found = {}
    async with town.storage.reading() as session:
        connection = await session.connection()
        for statement, values in dict(statements).items():
            for step in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
                if (scan := SCAN.match(step.detail)) and (table := named(statement, scan[1])):
                    found[table] = statement
                if broad := BROAD.search(step.detail):
                    found[broad[0]] = statement
    return found


def named(statement: str, name: str) -> str:
    """The table that a statement calls `name`; "" where that is none of ours: rows that the statement itself makes."""
    alias = re.search(rf"\b(\w+) (?:AS )?{re.escape(name)}\b", statement)
    return next((one for one in (name, alias[1] if alias else "") if one in metadata.tables), "")


async def reports(phone: Phone) -> None:
    """Go a whole round: what is due, a questionnaire, the receipt with how the village stands."""
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    for text in ANSWERS:
        await phone.says(text)
    await phone.presses("Gửi")


async def test_no_message_of_a_round_looks_through_a_table_that_grows(town: Town) -> None:
    phone, other = await town.head("a"), await town.head("b", "Nà Lốc", "Lý Thị Mai")
    # What is known of all places is read once, for everybody, and again when a place changes or a day begins.
    await reports(other)
    with stated(town) as statements:
        await reports(phone)
    assert {statement.split(maxsplit=1)[0] for statement, _ in statements} >= {"SELECT", "INSERT", "UPDATE"}
    assert {table: how for table, how in (await scans(town, statements)).items() if table not in SMALL} == {}
