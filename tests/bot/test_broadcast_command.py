"""`thonbao broadcast` and `remind`: what they queue can be sent, and where that is nothing they say why and what to do."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from bot.commands.broadcast import run_round
from bot.settings import Settings
from bot.teller import Teller
from handlers.letters import FADES
from storage import outbox
from storage.session import Session
from storage.tables import Outbox, OutboxState, RoleName
from tests.handlers.chatting import ZONE, Town, load_forms, town_on

SATURDAY = datetime(2026, 11, 28, 10, tzinfo=ZONE)
WEEKLY = ("weekly", "questions")


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path) as made:
        await load_forms(made)
        await made.head("thon")
        await made.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
        yield made


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, data_dir=tmp_path, _env_file=None)  # type: ignore[call-arg]


async def told(
    capsys: pytest.CaptureFixture[str],
    settings: Settings,
    at: datetime,
    names: tuple[str, ...] = WEEKLY,
    *,
    only: str = "",
    dry_run: bool = False,
) -> str:
    """What the command prints."""
    with time_machine.travel(at, tick=True):
        await run_round(settings, Teller("vi"), names, dry_run=dry_run, only=only, json=False)
    return capsys.readouterr().out


async def of_week(town: Town) -> list[Outbox]:
    return await town.rows(Outbox, col(Outbox.natural_key).startswith("weekly:"))


async def test_what_is_queued_by_hand_on_a_saturday_is_sent(
    town: Town, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = await told(capsys, settings, SATURDAY, only="Vĩnh Thông")
    rows = await of_week(town)
    assert printed.strip() == f"Đã xếp {len(rows)} tin để gửi."
    with time_machine.travel(SATURDAY + timedelta(hours=1)):
        claimed = {due.id for due in await outbox.claim(town.storage, "me", ["test"])}
    assert claimed >= {row.id for row in rows}
    assert "ở đó chưa ai tham gia, hoặc ai cũng đã có" in await told(
        capsys, settings, SATURDAY, only="Vĩnh Thông"
    )


async def test_without_a_place_it_says_why_there_is_nothing(
    town: Town, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "thonbao broadcast --only ĐỊA-BÀN" in await told(capsys, settings, SATURDAY)
    assert await of_week(town) == []


async def test_what_ran_out_of_time_can_be_sent_by_hand(
    town: Town, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Monday's letters were written, and nothing was sent until their time was over."""
    monday = SATURDAY - timedelta(days=5)
    await told(capsys, settings, monday)
    before = {row.id for row in await of_week(town)}
    assert "Đã xếp" in await told(capsys, settings, monday + 2 * FADES, only="Vĩnh Thông")
    after = await of_week(town)
    assert len(after) == len(before) == 2
    assert before.isdisjoint(row.id for row in after)

    async def give_up(session: Session) -> None:
        for row in after:
            stale = await session.get(Outbox, row.id)
            assert stale is not None
            stale.state, stale.problem = OutboxState.DEAD, "expired"

    await town.storage.write(give_up)
    assert "Đã xếp 2 tin" in await told(capsys, settings, SATURDAY, only="Vĩnh Thông")
    assert {row.state for row in await of_week(town)} == {OutboxState.DUE}


@pytest.mark.parametrize("dry_run", [False, True])
async def test_what_quiet_hours_outlast_is_not_queued(
    town: Town, settings: Settings, capsys: pytest.CaptureFixture[str], dry_run: bool
) -> None:
    """At ten in the evening of a deadline its letter could be sent only on the day after."""

    async def work(session: Session) -> None:
        added = await session.places.add("tinh", "tỉnh", "Bắc Giang", town.places["Việt Nam"])
        town.places["Bắc Giang"] = added.id

    await town.storage.write(work)
    await town.enrolled("bg", "Bắc Giang", RoleName.PROVINCE_OFFICER, "Hà Thị Mai")
    evening = datetime(2026, 12, 14, 22, tzinfo=ZONE)
    printed = await told(capsys, settings, evening, ("reminders",), only="Bắc Giang", dry_run=dry_run)
    assert "hết giờ yên lặng thì đã quá hạn" in printed
    assert "Đã xếp" not in printed
    assert not await town.rows(Outbox, col(Outbox.natural_key).startswith("remind:"))
