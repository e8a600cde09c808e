"""What holds names and answers is for its owner alone, whatever the umask and whatever was there before."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import private
from storage.backup import backup
from storage.database import check_version, migrate, open_engine, reading
from storage.tables import Contact


@pytest.fixture(autouse=True, params=[0, 0o077, 0o777], ids=["lax", "usual", "harsh"])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


def loosened(path: Path) -> Path:
    path.chmod(0o777 if path.is_dir() else 0o666)
    return path


def test_a_new_file_and_the_folders_above_it_are_the_owners(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    private.make_folder(tmp_path / "a" / "b")
    private.make_file(tmp_path / "a" / "b" / "file")
    assert [rights(tmp_path / part) for part in ("a", "a/b", "a/b/file")] == [0o700, 0o700, 0o600]
    assert rights(tmp_path) == 0o755, "what was there is left"


def test_what_is_there_with_looser_rights_loses_them(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    private.make_folder(folder)
    file = folder / "file"
    private.make_file(file)
    file.write_text("kept")
    link = tmp_path / "link"
    link.symlink_to(loosened(file))
    loosened(folder)
    private.tighten_below(tmp_path)
    assert (rights(folder), rights(file), file.read_text()) == (0o700, 0o600, "kept")
    private.make_file(loosened(file))
    private.own_folder(loosened(folder))
    assert (rights(folder), rights(file), file.read_text()) == (0o700, 0o600, "kept")


def test_everybodys_folder_and_devices_stay_as_they_are(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    private.own_folder(tmp_path)
    assert tmp_path.stat().st_mode & 0o7777 == 0o1777
    private.make_file(Path(os.devnull))
    private.tighten(Path(os.devnull))
    assert rights(Path(os.devnull)) & 0o066
    private.tighten(tmp_path / "none")


async def test_a_database_with_what_lies_beside_it_and_its_copy(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'data' / 'a.db'}"
    await migrate(url)
    file, copy = tmp_path / "data" / "a.db", tmp_path / "copies" / "b.db"
    engine = open_engine(url)
    async with reading(engine) as session:
        session.add(Contact(channel="console", address="1"))
        await session.commit()
        beside = sorted(path.name for path in file.parent.iterdir())
        assert beside == ["a.db", "a.db-shm", "a.db-wal"]
        assert {rights(path) for path in file.parent.iterdir()} == {0o600}
        for path in file.parent.iterdir():
            loosened(path)
        await check_version(engine)
        assert {rights(path) for path in file.parent.iterdir()} == {0o600}
    await engine.dispose()
    backup(url, copy)
    assert [rights(path) for path in (file.parent, copy.parent, copy)] == [0o700, 0o700, 0o600]
