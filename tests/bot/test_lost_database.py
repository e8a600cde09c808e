"""A database file that is gone at the start: every command names what is left of it, and none begins anew unasked."""

from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.cli import main
from bot.commands.admin import put_back
from bot.doctor import examine
from bot.problems import WrongCall
from bot.serve import serve
from bot.settings import Settings, load_settings
from bot.teller import Teller
from storage.database import sqlite_file
from storage.unit_of_work import Storage
from tests.bot.loopback import TOKEN
from tests.free_ports import free_port
from tests.storage.test_own_file import keep, kept_in


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def lose(database: AsyncEngine) -> Path:
    """Remove the file while it is in use, as one process may; return the copy that is saved of it."""
    file = sqlite_file(database.url)
    assert file is not None
    async with Storage(database) as storage:
        await storage.write(keep)
        file.unlink()
        with pytest.raises(OperationalError):
            await storage.write(keep)
    await database.dispose()
    [saved] = file.parent.glob(f"{file.name}.saved-*")
    file.with_name(f"{file.name}.saved-19990101000000").write_bytes(b"older")
    file.with_name(f"{file.name}.saved-29990101000000").write_bytes(b"")
    return saved


def init(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run the command as a shell does; its exit code."""
    monkeypatch.setenv("THONBAO_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("THONBAO_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("THONBAO_LOCALE", settings.locale)
    monkeypatch.setattr("sys.argv", ["thonbao", "init"])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize("locale", ["vi", "en"])
async def test_the_doctor_and_the_start_name_the_newest_saved_copy_which_can_be_restored(
    database: AsyncEngine, database_url: str, tmp_path: Path, locale: str
) -> None:
    saved = await lose(database)
    settings = load_settings(
        database_url=database_url, data_dir=tmp_path, telegram_token=TOKEN, port=free_port(), locale=locale
    )
    say = Teller(locale)
    [told] = [check.text for check in await examine(settings, say) if check.name == "database"]
    assert f"thonbao restore {saved} --force" in told
    assert "thonbao init --new" in told
    with pytest.raises(WrongCall) as refused:
        await serve(settings)
    assert str(refused.value) == told
    await put_back(settings, saved, check=False, force=True, say=say)
    assert kept_in(tmp_path / "thonbao.db") == "before"


@pytest.mark.parametrize("left", [".saved-20260102030405", "-mark", "-wal"])
@pytest.mark.parametrize("there", [False, True])
def test_init_makes_no_empty_database_where_one_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    left: str,
    there: bool,
) -> None:
    file = tmp_path / "thonbao.db"
    beside = tmp_path / f"thonbao.db{left}"
    beside.write_bytes(b"left")
    if there:
        file.touch()
    settings = load_settings(database_url=f"sqlite+aiosqlite:///{file}", data_dir=tmp_path)
    assert init(settings, monkeypatch) == 2
    told = capsys.readouterr().err
    named = str(beside) if "saved" in left else "BẢN-SAO-LƯU"
    assert f"thonbao restore {named} --force" in told
    assert beside.read_bytes() == b"left"
    assert not file.exists() or file.stat().st_size == 0
