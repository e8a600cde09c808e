"""One file that holds the database and its photos: made while the bot runs, checked, and restored.

A SQLite database goes in as a copy of its file. A PostgreSQL database goes in as the rows of each table (text from
COPY, all from one snapshot). `manifest.json` gives the schema's revision, each table's number of rows, and the SHA-256
of every other entry. An archive is restored into the kind of database that it came from and migrated to the program's
own revision. The restored database is marked, because people's chats may show more than it knows
(`storage.restoring`).
"""

import hashlib
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import MetaData, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage import lost_file, private, restoring
from storage.backup import CannotBackUp, copy_whole
from storage.database import (
    check_version,
    migrate,
    open_engine,
    refuse_strange,
    revisions,
    sqlite_file,
    upgrade,
    writing,
)
from storage.ownership import owning

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DATABASE: Final = "database.db"
TABLES: Final = "tables/"
PHOTOS: Final = "photos"
CHUNK: Final = 1 << 20
SQLITE: Final = b"SQLite format 3\0"


class CannotRestore(Exception):
    """Nothing was restored. `code` says why: unreadable, newer, damaged, other_database, exists, photo_exists, in_use."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


@dataclass(slots=True)
class Manifest:
    """What an archive holds."""

    database: str
    """sqlite or postgresql."""
    revision: str
    made_at: str
    rows: dict[str, int] = field(default_factory=dict)
    """The number of rows, by table."""
    columns: dict[str, list[str]] = field(default_factory=dict)
    """The columns, by table; only for PostgreSQL."""
    sha256: dict[str, str] = field(default_factory=dict)
    """The checksum, by entry."""
    format: int = FORMAT

    @property
    def photos(self) -> list[str]:
        return [name for name in self.sha256 if name.startswith(f"{PHOTOS}/")]


# --- making one -----------------------------------------------------------------------------------------


async def back_up(url: str, data_dir: Path, target: Path) -> Manifest:
    """Copy the database at `url` and the photos in `data_dir` to `target`, which appears only once it is whole.

    Raises CannotBackUp, what `check_version` raises, OSError, sqlite3.Error, DBAPIError.
    """
    partial = begun(target)
    engine = open_engine(url)
    try:
        await check_version(engine)
        manifest = Manifest(
            engine.dialect.name, revisions()[1], datetime.now(UTC).isoformat(timespec="seconds")
        )
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            if file := sqlite_file(url):
                add_sqlite(archive, manifest, file, partial.parent)
            else:
                await add_tables(archive, manifest, engine)
            add_photos(archive, manifest, data_dir)
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        read(partial)
        partial.rename(target)
    finally:
        await engine.dispose()
        partial.unlink(missing_ok=True)
    return manifest


def begun(target: Path) -> Path:
    """Make an empty file beside `target` to write into, readable by its owner alone. Raises CannotBackUp, OSError."""
    if target.exists():
        raise CannotBackUp("exists")
    private.make_folder(target.parent)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    private.make_file(partial)
    return partial


def pack(file: Path, target: Path) -> None:
    """Turn a bare copy of a SQLite database into an archive. Raises CannotRestore."""
    partial = begun(target)
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            [(revision,)] = connection.execute("SELECT version_num FROM alembic_version")
        manifest = Manifest("sqlite", revision, moment_of(file))
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            add_sqlite(archive, manifest, file, partial.parent)
            archive.writestr(MANIFEST, json.dumps(asdict(manifest)))
        partial.rename(target)
    except (sqlite3.Error, ValueError, CannotBackUp) as error:
        raise CannotRestore("damaged") from error
    finally:
        partial.unlink(missing_ok=True)


def moment_of(file: Path) -> str:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")


def is_sqlite(file: Path) -> bool:
    """Whether `file` is a bare SQLite database. Raises OSError."""
    with file.open("rb") as opened:
        return opened.read(len(SQLITE)) == SQLITE


def add_sqlite(archive: zipfile.ZipFile, manifest: Manifest, file: Path, folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".thonbao-", dir=folder) as beside:
        copy = Path(beside) / DATABASE
        private.make_file(copy)
        copy_whole(file, copy)
        manifest.rows = rows_of(copy)
        add(archive, manifest, DATABASE, copy)


def rows_of(file: Path) -> dict[str, int]:
    """Return the number of rows in each table of a SQLite file. Raises sqlite3.Error."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        listed = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
        names = [name for (name,) in connection.execute(listed)]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608 - our own tables


def add(archive: zipfile.ZipFile, manifest: Manifest, name: str, file: Path) -> None:
    """Add the content of `file`, with its checksum."""
    with file.open("rb") as source, entry(archive, manifest, name) as target:
        while chunk := source.read(CHUNK):
            target.write(chunk)


class CountedWriter:
    """Passes on what is written to it; knows the checksum and the number of lines."""

    def __init__(self, target: IO[bytes]) -> None:
        self.target, self.digest, self.lines = target, hashlib.sha256(), 0

    def write(self, chunk: bytes) -> int:
        self.digest.update(chunk)
        self.lines += chunk.count(b"\n")
        return self.target.write(chunk)


@contextmanager
def entry(archive: zipfile.ZipFile, manifest: Manifest, name: str) -> Iterator[CountedWriter]:
    """Write a new entry; once it is closed, the manifest has its checksum."""
    with archive.open(name, "w", force_zip64=True) as target:
        counting = CountedWriter(target)
        yield counting
    manifest.sha256[name] = counting.digest.hexdigest()


async def add_tables(archive: zipfile.ZipFile, manifest: Manifest, engine: AsyncEngine) -> None:
    """Add the rows of every table, all from one snapshot."""
    async with engine.execution_options(isolation_level="REPEATABLE READ").connect() as connection:
        metadata = await reflected(connection)
        driver = await driver_of(connection)
        for table in metadata.sorted_tables:
            manifest.columns[table.name] = [column.name for column in table.columns]
            with entry(archive, manifest, f"{TABLES}{table.name}") as target:
                await driver.copy_from_table(table.name, output=target, columns=manifest.columns[table.name])
            manifest.rows[table.name] = target.lines


async def reflected(connection: AsyncConnection) -> MetaData:
    """Return the tables that exist, each after the tables that it references."""
    metadata = MetaData()
    await connection.run_sync(metadata.reflect)
    return metadata


async def driver_of(connection: AsyncConnection) -> Any:
    """Return asyncpg's own connection, within the transaction under way."""
    return (await connection.get_raw_connection()).driver_connection


def add_photos(archive: zipfile.ZipFile, manifest: Manifest, data_dir: Path) -> None:
    """Add every photo. A photo that is erased meanwhile is left out, though the database, copied before, may still
    name it."""
    for path in sorted((data_dir / PHOTOS).rglob("*")):
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(data_dir).as_posix()
            try:
                add(archive, manifest, name, path)
            except FileNotFoundError:
                continue


# --- looking at one -------------------------------------------------------------------------------------


def read(file: Path) -> Manifest:
    """Check all of the archive `file`, and return what it holds. Raises CannotRestore."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            check(archive, manifest)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError, OSError, sqlite3.Error) as error:
        if isinstance(error, OSError) and not zipfile.is_zipfile(file):
            raise CannotRestore("unreadable") from error
        raise CannotRestore("damaged" if zipfile.is_zipfile(file) else "unreadable") from error
    return manifest


def check(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Check the revision, the checksums, the entries' names and the numbers of rows. Raises CannotRestore."""
    if manifest.format > FORMAT or manifest.revision not in revisions()[0]:
        raise CannotRestore("newer", manifest.revision)
    if set(archive.namelist()) != {MANIFEST, *manifest.sha256}:
        raise CannotRestore("damaged")
    with tempfile.TemporaryDirectory(prefix="thonbao-") as folder:
        for name, wanted in manifest.sha256.items():
            # Unpacked one after the other into one file: no name of a copy decides where something is written.
            if not is_as_packed(archive, manifest, name, wanted, Path(folder) / "entry"):
                raise CannotRestore("damaged", name)


def is_as_packed(archive: zipfile.ZipFile, manifest: Manifest, name: str, wanted: str, copy: Path) -> bool:
    """Whether an entry, unpacked to `copy`, has the checksum `wanted` and the rows that the manifest counts."""
    counting = unpacked(archive, name, copy)
    counted = counted_in(name, copy, counting)
    rows = {table: manifest.rows.get(table) for table in counted}
    return not leads_out(name) and counting.digest.hexdigest() == wanted and counted == rows


def leads_out(name: str) -> bool:
    """Whether an entry's name would put it outside the folder that we restore into."""
    return ".." in Path(name).parts or Path(name).is_absolute()


def counted_in(name: str, copy: Path, counting: CountedWriter) -> dict[str, int]:
    """Return how many rows of each table an entry holds: a whole database's, one table's, or none of a photo."""
    if name == DATABASE:
        return rows_of(copy)
    return {name.removeprefix(TABLES): counting.lines} if name.startswith(TABLES) else {}


def unpacked(archive: zipfile.ZipFile, name: str, target: Path) -> CountedWriter:
    """Write an entry to the file `target`, readable by its owner alone."""
    target.unlink(missing_ok=True)
    private.make_file(target)
    with archive.open(name) as source, target.open("wb") as file:
        counting = CountedWriter(file)
        while chunk := source.read(CHUNK):
            counting.write(chunk)
    return counting


# --- putting it back ------------------------------------------------------------------------------------


async def restore(url: str, data_dir: Path, file: Path, *, force: bool = False) -> Manifest:
    """Replace the database at `url` with the one in the archive `file`, and put the photos into `data_dir`.

    Nothing that exists is replaced unless `force` is set. Raises CannotRestore, Owned, OSError, DBAPIError.
    """
    manifest = read(file)
    engine = open_engine(url)
    try:
        if manifest.database != engine.dialect.name:
            raise CannotRestore("other_database", manifest.database)
        if not force and await is_in_use(engine):
            raise CannotRestore("exists")
        with owning(url), zipfile.ZipFile(file) as archive:
            put_photos(archive, manifest, data_dir, force=force)
            if database := sqlite_file(url):
                await put_sqlite(archive, database)
            else:
                await put_tables(archive, manifest, engine)
    finally:
        await engine.dispose()
    return manifest


async def is_in_use(engine: AsyncEngine) -> bool:
    """Whether a database is there already, whoever's."""
    file = sqlite_file(engine.url)
    if file is not None:
        return file.exists() and file.stat().st_size > 0
    async with engine.connect() as connection:
        return bool(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


def put_photos(archive: zipfile.ZipFile, manifest: Manifest, data_dir: Path, *, force: bool) -> None:
    for name in manifest.photos:
        target = data_dir / name
        if target.exists() and not force:
            raise CannotRestore("photo_exists", str(target))
    for name in manifest.photos:
        private.make_folder((data_dir / name).parent)
        unpacked(archive, name, data_dir / name)


async def put_sqlite(archive: zipfile.ZipFile, database: Path) -> None:
    """Prepare the copy beside the database, then move it into place in one step."""
    fresh = database.with_name(database.name + ".restored")
    private.make_folder(database.parent)
    try:
        unpacked(archive, DATABASE, fresh)
        url = f"sqlite+aiosqlite:///{fresh}"
        await migrate(url)
        engine = open_engine(url)
        try:
            async with writing(engine) as session:
                await restoring.mark(session)
        finally:
            await engine.dispose()
        with closing(sqlite3.connect(fresh)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        for suffix in ("-wal", "-shm", "-journal", lost_file.MARK_FILE):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        fresh.rename(database)
    finally:
        for suffix in private.BESIDE:
            fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)


async def put_tables(archive: zipfile.ZipFile, manifest: Manifest, engine: AsyncEngine) -> None:
    """Recreate the tables as they were, fill them and migrate them to today's revision; all or nothing."""
    async with engine.begin() as connection:
        if others := (await connection.execute(OTHERS)).scalar_one():
            raise CannotRestore("in_use", str(others))
        await connection.run_sync(refuse_strange)
        await connection.run_sync(drop_all)
        await connection.run_sync(upgrade, manifest.revision)
        metadata = await reflected(connection)
        names = ", ".join(table.name for table in metadata.sorted_tables)
        await connection.execute(text(f"TRUNCATE {names}"))
        driver = await driver_of(connection)
        for table in metadata.sorted_tables:
            with archive.open(f"{TABLES}{table.name}") as source:
                await driver.copy_to_table(table.name, source=source, columns=manifest.columns[table.name])
            if "id" in table.columns:
                await connection.execute(text(CONTINUE_IDS.format(table=table.name)))
        await connection.run_sync(upgrade, "head")
    async with writing(engine) as session:
        await restoring.mark(session)


OTHERS: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = current_setting('application_name') AND pid <> pg_backend_pid()"
)
"""Counts the other connections of this program to the database."""
CONTINUE_IDS: Final = (
    "SELECT setval(sequence, (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
    " FROM pg_get_serial_sequence('{table}', 'id') AS sequence WHERE sequence IS NOT NULL"
)


def drop_all(connection: Any) -> None:
    metadata = MetaData()
    metadata.reflect(connection)
    metadata.drop_all(connection)
