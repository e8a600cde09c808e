"""What the administrator's commands share: an open database, sentences, lists, and problems put into words.

Whatever the database, the disk or the operating system refuses becomes one sentence that says what to do. Any other
error stays an error, with its traceback.
"""

import errno
import os
import shlex
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.language import language
from bot.option_types import LARGEST_ID
from bot.plan_faults import fault_lines
from bot.problems import Problem, WrongCall
from bot.settings import Settings
from bot.teller import Teller
from plans.faults import PlansRefused
from questionnaires.answers.places import Unit
from storage import people, private
from storage.database import (
    Damaged,
    DatabaseLost,
    DatabaseTooNew,
    NotMigrated,
    NotOurs,
    OlderVersion,
    OtherTables,
    SchemaDiffers,
    check_version,
    open_engine,
    revisions,
    sqlite_file,
)
from storage.list_roles import role_named
from storage.lost_file import Lost
from storage.ownership import Owned, Unlockable
from storage.schema import Deviation
from storage.session import Session
from storage.sheets import ListFault
from storage.tables import Person, Place, RoleName

ROWS_NAMED: Final = 8
"""How many rows with the same fault are named."""
MENDED: Final = {"no_kind": "admin.import.kind"}
"""By code, how a fault of many rows is mended without changing the list."""
UNFIT: Final[dict[type, str]] = {
    NotMigrated: "not_migrated",
    DatabaseLost: "lost",
    OlderVersion: "older",
    SchemaDiffers: "schema_differs",
    OtherTables: "other_tables",
    Damaged: "damaged",
    Owned: "owned",
    Unlockable: "unlockable",
    DatabaseTooNew: "too_new",
    NotOurs: "not_ours",
}
SQLITE: Final = {
    "SQLITE_FULL": "disk_full",
    "SQLITE_READONLY_DBMOVED": "file_gone",
    "SQLITE_READONLY": "read_only",
    "SQLITE_PERM": "read_only",
    "SQLITE_CANTOPEN": "cannot_open",
    "SQLITE_NOTADB": "not_a_database",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_IOERR_SHMSIZE": "disk_full",
    "SQLITE_IOERR": "disk_error",
    "SQLITE_BUSY": "busy",
}
"""Beginnings of SQLite's error names, the more specific first; SQLITE_READONLY_DIRECTORY is a kind of SQLITE_READONLY.

On a disk without any room SQLite cannot even make the small file that it reads with: then its size is the error.
"""
POSTGRESQL: Final = {
    "DiskFullError": "disk_full",
    "ReadOnlySQLTransactionError": "read_only",
    "InvalidPasswordError": "refused",
    "InvalidAuthorizationSpecificationError": "refused",
    "InsufficientPrivilegeError": "refused",
    "InvalidCatalogNameError": "no_such_database",
    "CannotConnectNowError": "cannot_connect",
    "TooManyConnectionsError": "busy",
    "ClientConfigurationError": "wrong_address",
    "DataCorruptedError": "damaged",
    "IndexCorruptedError": "damaged",
}
DEVIATIONS: Final = 40
"""How many differences between the tables are named at most."""
SYSTEM: Final = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
    errno.EROFS: "disk_locked",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
    errno.EIO: "disk_error",
    errno.ECONNREFUSED: "cannot_connect",
    errno.ENOENT: "cannot_open",
    errno.ENOTDIR: "cannot_open",
    errno.EISDIR: "cannot_open",
    errno.ELOOP: "cannot_open",
    errno.ENAMETOOLONG: "cannot_open",
}


def problem_of(error: BaseException, say: Teller | None = None) -> Problem | None:
    """Return `error` in words that say what to do; None if it is not a trouble of the database, the disk or the plans."""
    say = say or Teller(language())
    if isinstance(error, PlansRefused):
        return Problem("\n".join(fault_lines(error.faults, say)))
    code = code_of(error)
    return Problem(say(f"admin.database.{code}", **values_of(error, say))) if code else None


def values_of(error: BaseException, say: Teller) -> dict[str, str]:
    """Return what the sentence about an unfit database needs to know; nothing for other errors."""
    match error:
        case OlderVersion():
            named = "; ".join(deviation_sentences(error.lacks, say)) or say("admin.schema.same")
            return {"found": error.revision, "needed": revisions()[1], "differences": named}
        case DatabaseLost():
            return {"file": str(error.what.path), "copy": copy_of(error.what, say)}
        case OtherTables():
            return {"found": error.revision, "needed": revisions()[1]}
        case SchemaDiffers():
            return {"differences": "; ".join(deviation_sentences(error.differences, say))}
        case Owned():
            return {"pid": error.pid or "?"}
        case Unlockable():
            return {"file": str(error.path)}
    return {}


def copy_of(what: Lost, say: Teller) -> str:
    """Return the copy to restore, as a shell takes it; without a saved one, a word for the last backup."""
    return shlex.quote(str(what.saved)) if what.saved else say("admin.database.lost_backup")


def deviation_sentences(differences: Sequence[Deviation], say: Teller) -> Iterator[str]:
    """Yield what differs from this version's tables, a few words each; only the first ones if there are many."""
    for one in differences[:DEVIATIONS]:
        values = {"table": one.table, "name": one.name, "expected": one.expected, "found": one.found}
        yield say(f"admin.schema.{one.what}", **values)
    if len(differences) > DEVIATIONS:
        yield say("admin.schema.more", n=len(differences) - DEVIATIONS)


def code_of(error: BaseException | None) -> str:
    """Return the key of the sentence for an error of the database or the disk; "" for any other.

    SQLAlchemy wraps the driver's error, and asyncpg's is behind another: the inner ones say more.
    """
    match error:
        case sqlite3.Error():
            return of_sqlite(error)
        case socket.gaierror():  # an OSError whose number is none of the system's
            return "cannot_connect"
        case OSError():
            return of_system(error)
        case DBAPIError():
            return code_of(error.orig) or code_of(error.orig and error.orig.__cause__)
    return UNFIT.get(type(error)) or of_asyncpg(error)


def of_sqlite(error: sqlite3.Error) -> str:
    """Return the same for SQLite, by how the error's name begins."""
    name = getattr(error, "sqlite_errorname", "") or ""
    return next((code for start, code in SQLITE.items() if name.startswith(start)), "")


def of_system(error: OSError) -> str:
    """Return the same for the disk and the network."""
    return SYSTEM.get(error.errno or 0, "cannot_connect" if isinstance(error, ConnectionError) else "")


def of_asyncpg(error: BaseException | None) -> str:
    """Return the same for PostgreSQL's driver, which is not imported unless somebody uses it."""
    kind = type(error)
    return POSTGRESQL.get(kind.__name__, "") if kind.__module__.startswith("asyncpg") else ""


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """The database of the settings, checked. Raises what `check_version` raises, an OSError on a read-only disk."""
    engine = open_engine(settings.database_url)
    try:
        with on_its_disk(settings.database_url):
            await check_version(engine)
        yield engine
    finally:
        await engine.dispose()


@contextmanager
def on_its_disk(url: str) -> Iterator[None]:
    """Have a file that cannot be opened because its disk is read-only named so. SQLite needs small files beside it."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        file = sqlite_file(url)
        if file is None or code_of(error) != "cannot_open" or not is_read_only(file):
            raise
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(file)) from error


def is_read_only(file: Path) -> bool:
    """Whether a file lies on a disk that can only be read."""
    return file.exists() and bool(os.statvfs(file).f_flag & os.ST_RDONLY)


def today(settings: Settings) -> date:
    return datetime.now(settings.zone).date()


async def place_numbered(session: Session, words: str, say: Teller) -> Place:
    """The place that "#12" names. Raises WrongCall."""
    place = await session.places.get(min(int(words[1:20]), LARGEST_ID))
    if place is None:
        raise WrongCall(say("admin.place.unknown", words=words))
    return place


def standing_if_code(words: str, units: tuple[Unit, ...], on: date) -> tuple[Unit, ...]:
    """Return the units that still stand, if `words` are a code that several units had; otherwise all of them."""
    if not words.strip().isdecimal():
        return units
    return tuple(unit for unit in units if unit.stands(on)) or units


async def place_named(session: Session, words: str, on: date, say: Teller) -> Place:
    """The one place that a command's words name: "Nà Hin, Vĩnh Thông", a code, or #id. Raises WrongCall."""
    if words.startswith("#") and words[1:].isdecimal():
        return await place_numbered(session, words, say)
    match = await session.places.match(words, on)
    units = standing_if_code(words, match.units, on)
    if len(units) != 1 or match.doubt == "spelling":
        raise WrongCall(await what_may_be_meant(session, words, match.doubt, units, say))
    return await session.get_one(Place, units[0].id)


async def what_may_be_meant(
    session: Session, words: str, doubt: str, units: Sequence[Unit], say: Teller
) -> str:
    """Return what to say of words that do not name one place: which places they may mean, or come near to."""
    if not units:
        return say("admin.place.unknown", words=words)
    label = (await session.places.gazetteer()).label
    key = "admin.place.near" if doubt == "spelling" else "admin.place.several"
    return "\n".join([say(key, words=words), *(f"  #{unit.id}  {label(unit)}" for unit in units)])


async def ground_named(session: Session, words: str, on: date, say: Teller) -> set[int] | None:
    """Return the ids of the place that a command's words name and of all that lies in it; None (anywhere) without
    words.

    Raises WrongCall.
    """
    if not words:
        return None
    place = await place_named(session, words, on, say)
    return await session.places.ground(place.id, on)


async def taking_part(session: Session, person_id: int, say: Teller) -> Person:
    """The person with this number. Raises WrongCall where there is none, or none any more."""
    person = await people.get(session, person_id)
    if person is None or person.left_at is not None:
        raise WrongCall(say("admin.people.unknown", number=str(person_id)))
    return person


def role_given(words: str, say: Teller) -> RoleName:
    """The role that a command's option names. Raises WrongCall."""
    role = role_named(words)
    if role is None:
        raise WrongCall(say("admin.role.unknown", words=words, roles=", ".join(RoleName)))
    return role


def content_of(file: Path, say: Teller) -> bytes:
    """The bytes of a file that a command names. Raises WrongCall."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongCall(say("admin.file.unreadable", file=str(file))) from error


UNWRITABLE: Final = {
    errno.ENOENT: "folder",
    errno.ENOTDIR: "folder",
    errno.EEXIST: "folder",
    errno.EISDIR: "is_folder",
    errno.EACCES: "rights",
    errno.EPERM: "rights",
    errno.EROFS: "rights",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.ENAMETOOLONG: "name",
}
"""Why a file named by a command cannot be written."""


def put_page(name: str, text: str, into: Path | None, say: Teller) -> None:
    """Write a page into a folder as `name.md`, or print it without one. Raises WrongCall."""
    if into is None:
        sys.stdout.write(text)
        return
    written = into / f"{name}.md"
    make_way(written, say)
    written.write_text(text, encoding="utf-8")
    print(say("forms.page.written", file=written))  # noqa: T201 - what was done


def make_way(file: Path, say: Teller, *, anew: bool = False) -> None:
    """Make the folder of a file that a command is to write, and check that the file can be written. Raises WrongCall.

    With `anew`, an existing file is not overwritten. Call this before the database is opened: a refusal after that is
    blamed on the database or the disk.
    """
    part = file.with_name(f"{file.name}.trial")
    try:
        if file.is_dir():
            raise IsADirectoryError(errno.EISDIR, "")
        # Trying is the only sure way: rights alone say nothing of a full or read-only disk.
        private.make_folder(file.parent)
        private.make_file(part)
        part.unlink()
    except OSError as error:
        why = say(f"admin.file.why.{UNWRITABLE.get(error.errno or 0, 'other')}", folder=str(file.parent))
        raise WrongCall(say("admin.file.unwritable", file=str(file), why=why)) from error
    if anew and file.exists():
        raise WrongCall(say("admin.file.exists", file=str(file)))


def fault_sentences(faults: Sequence[ListFault], say: Teller) -> Iterator[str]:
    """Each fault of a list with where it is: "trang Thôn, dòng 5, cột C: số điện thoại chưa đúng …"."""
    for fault in faults:
        yield at_where(
            fault.sheet, fault.row, fault.column, say(f"admin.fault.{fault.code}", **fault.data), say
        )


def told_together(faults: Sequence[ListFault], say: Teller) -> Iterator[str]:
    """Yield the same, but what several rows have in common only once: "dòng 3, 4, 9, cột C: …"."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    for fault in faults:
        told = say(f"admin.fault.{fault.code}", **fault.data)
        rows.setdefault((fault.sheet, fault.column, told), []).append(fault.row)
    for (sheet, column, told), numbers in rows.items():
        some = ", ".join(map(str, filter(None, numbers[:ROWS_NAMED])))
        more = len(numbers) - ROWS_NAMED
        yield at_where(
            sheet, say("admin.where.more", rows=some, n=more) if more > 0 else some, column, told, say
        )


def at_where(sheet: str, row: int | str, column: str, told: str, say: Teller) -> str:
    """What is told of a cell or row of a list, with where it is as far as that is known: "dòng 5, cột C: …"."""
    parts = {"sheet": sheet, "row": str(row or ""), "column": column}
    where = ", ".join(say(f"admin.where.{name}", what=what) for name, what in parts.items() if what)
    return f"{where}: {told}" if where else told


def faults_json(faults: Sequence[ListFault], say: Teller) -> list[dict[str, str | int]]:
    return [
        {"sheet": fault.sheet, "row": fault.row, "column": fault.column, "code": fault.code, "message": text}
        for fault, text in zip(faults, fault_sentences(faults, say), strict=True)
    ]


def refuse(faults: Sequence[ListFault], say: Teller, notes: Sequence[str] = ()) -> None:
    """Raise a Problem that lists every fault, if there is one, with `notes` below."""
    if faults:
        head = say("admin.import.refused", n=len(faults))
        mended = [say(MENDED[code]) for code in MENDED if any(fault.code == code for fault in faults)]
        raise Problem(
            "\n".join([str(head), *(f"  {line}" for line in told_together(faults, say)), *mended, *notes])
        )
