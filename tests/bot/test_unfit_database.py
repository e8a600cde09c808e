"""A database whose tables are not those of this version: the check, `init` and the start name what differs."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.administration import problem_of
from bot.checks import CheckState
from bot.doctor import examine, room
from bot.main import running
from bot.settings import Settings, load_settings
from bot.setup import set_up
from bot.teller import Teller
from storage.database import Damaged, OlderVersion, OtherTables, SchemaDiffers, check_version, revisions
from storage.ownership import Owned
from tests.bot.test_trouble import damage
from tests.storage.test_ownership import owner
from tests.storage.test_released import restore


async def told_by_the_doctor(settings: Settings, locale: str) -> str:
    """What it says of the database, which is bad."""
    found = [check for check in await examine(settings, Teller(locale)) if check.name == "database"]
    assert [check.state for check in found] == [CheckState.BAD]
    return found[0].text


async def test_tables_that_somebody_dropped_are_named(
    database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    async with database.begin() as connection:
        await connection.execute(text("DROP TABLE weekly_line"))
        await connection.execute(text("DROP INDEX ix_outbox_due"))
    settings = load_settings(database_url=database_url, data_dir=tmp_path)
    assert "thiếu bảng weekly_line; thiếu chỉ mục outbox" in await told_by_the_doctor(settings, "vi")
    assert "table weekly_line is missing" in await told_by_the_doctor(settings, "en")
    with pytest.raises(SchemaDiffers) as init:
        await set_up(settings)
    with pytest.raises(SchemaDiffers) as start:
        async with running(settings, []):
            raise AssertionError
    for refused in (init, start):
        assert "thiếu bảng weekly_line" in str(problem_of(refused.value))


async def test_an_early_0004_is_named_and_mended_by_init(empty_url: str, tmp_path: Path) -> None:
    await restore(empty_url, "0005-after-first-0004")
    settings = load_settings(database_url=empty_url, data_dir=tmp_path)
    for locale, words in (
        ("vi", ("bản 0005", "thiếu bảng announcement", "thiếu cột contact.unreachable_since")),
        (
            "en",
            ("revision 0005", "table announcement is missing", "column contact.unreachable_since is missing"),
        ),
    ):
        told = await told_by_the_doctor(settings, locale)
        assert [word for word in (*words, "thonbao init") if word not in told] == []
    with pytest.raises(OlderVersion):
        async with running(settings, []):
            raise AssertionError
    assert (await set_up(settings)).revision == revisions()[1]
    async with running(settings, []):
        pass
    found = {check.name: check.state for check in await examine(settings, Teller("vi"))}
    assert found["database"] is CheckState.GOOD


async def test_a_number_that_is_not_of_its_tables_is_a_sentence(
    database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    async with database.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0005'"))
    settings = load_settings(database_url=database_url, data_dir=tmp_path)
    with pytest.raises(OtherTables) as refused:
        await set_up(settings)
    assert "ghi là bản 0005" in str(problem_of(refused.value))
    with pytest.raises(OlderVersion):
        await check_version(database)


@pytest.mark.parametrize(
    ("free", "state", "told"),
    [
        (1_000_000_000, CheckState.GOOD, "còn trống 1 GB"),
        (999_999_999, CheckState.NOTE, "chỉ còn trống 999 MB"),
        (4_000_000, CheckState.BAD, "chỉ còn trống 4 MB, sắp không ghi được nữa"),
    ],
)
def test_the_doctor_says_how_much_room_is_left(free: int, state: CheckState, told: str) -> None:
    found = room(Path("data"), free, Teller("vi"))
    assert found.state is state
    assert told in found.text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_doctor_finds_pages_that_nobody_has_read_yet(
    kind: str, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    damage(Path(str(database.url.database)), "observation")
    settings = load_settings(database_url=database_url, data_dir=tmp_path)
    assert "bị hỏng" in await told_by_the_doctor(settings, "vi")
    assert "damaged" in await told_by_the_doctor(settings, "en")
    with pytest.raises(Damaged):
        await set_up(settings)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_is_being_served_is_not_migrated_under_it(
    kind: str, empty_url: str, tmp_path: Path
) -> None:
    await restore(empty_url, "0005")
    settings = load_settings(database_url=empty_url, data_dir=tmp_path)
    file = Path(empty_url.partition("///")[2])
    with owner(file) as service:
        with pytest.raises(Owned) as refused:
            await set_up(settings)
        assert f"(tiến trình {service.pid})" in str(problem_of(refused.value))
    assert (await set_up(settings)).revision == revisions()[1]
    with owner(file):
        assert (await set_up(settings)).added == 0
