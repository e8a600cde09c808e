"""Makes a database ready for work: tables, the bundled questionnaires, the official places, the ledger.

It may be run again at any time: what is there is kept, and what is older is brought up to date. If it fails on a new
database, nothing of that is left behind.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import func, select

from bot import data_folder
from bot.own_forms import BUNDLED, own_forms, save_own
from bot.rebuilding import Rebuilding
from bot.settings import Settings
from bot.teller import Teller
from questionnaires.questionnaire import Questionnaire
from questionnaires.xlsform import compile_form
from storage import ledger
from storage.database import (
    OlderVersion,
    check_version,
    migrate,
    open_engine,
    refuse_lost,
    revisions,
    sqlite_file,
    writing,
)
from storage.forms import save_form
from storage.official.load import load_official
from storage.ownership import Owned, owning
from storage.session import Session
from storage.tables import Place


@dataclass(frozen=True, slots=True)
class Done:
    """What the database now holds. `added` is how many places this run added."""

    database: str
    revision: str
    forms: tuple[str, ...]
    places: int
    added: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


async def set_up(settings: Settings, *, anew: bool = False) -> Done:
    """Make the data folder and the database, or bring them up to date.

    With `anew`, also where a database was and is gone. Otherwise raises DatabaseLost there.
    Raises UnfitDatabase for a database that is newer, damaged, not ours or not as it says, Owned for an older one that
    is being served, WrongCall for an unusable data folder, OSError and DBAPIError for a disk or a server that refuses.
    """
    file = sqlite_file(settings.database_url)
    if not anew:
        refuse_lost(settings.database_url)
    fresh = file is not None and not file.exists()
    data_folder.prepare(settings.data_dir, Teller(settings.locale))
    try:
        await migrate_alone(settings.database_url)
        engine = open_engine(settings.database_url)
        try:
            own = own_forms(settings.plans_dir, settings.locale).forms
            return await fill(engine, own, Rebuilding(settings.locale))
        finally:
            await engine.dispose()
    except BaseException:  # also on Ctrl-C: half a database would later pass for one of ours
        if fresh and file is not None:
            forget(file)
        raise


async def migrate_alone(url: str) -> None:
    """Migrate, unless a service that knows only the older tables uses the SQLite file. Raises as `set_up`."""
    try:
        with owning(url):
            await migrate(url)
    except Owned:
        # A running service is in the way of a migration only; `init` may be called beside it at any time.
        if not await is_fit(url):
            raise


async def is_fit(url: str) -> bool:
    """Whether the database at `url` needs no migration."""
    engine = open_engine(url)
    try:
        await check_version(engine)
    except OlderVersion:
        return False
    finally:
        await engine.dispose()
    return True


async def fill(
    engine: AsyncEngine, own: Sequence[Questionnaire] = (), tell: ledger.Progress = ledger.tell_nobody
) -> Done:
    """Add what every database holds, in one transaction; `tell` is told how far a rebuild of the ledger is."""
    await check_version(engine)
    async with writing(engine) as session:
        forms = await save_bundled(session)
        await save_own(session, own)
        loaded = await load_official(session)
        await ledger.keep_fit(session, tell)
        count = (await session.exec(select(func.count()).select_from(Place))).one()
    names = (*forms, *(form.name for form in own))
    return Done(engine.dialect.name, revisions()[1], names, count, loaded.places)


async def save_bundled(session: Session) -> tuple[str, ...]:
    """Save the present versions of the bundled questionnaires, and return their names."""
    names = []
    for path in sorted(BUNDLED.glob("*.md")):
        form = await save_form(session, compile_form(path.read_bytes(), path.name))
        names.append(form.name)
    return tuple(names)


def forget(file: Path) -> None:
    """Remove a database that was begun just now."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
