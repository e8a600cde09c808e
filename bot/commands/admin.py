"""`thonbao verify`, `backup`, `restore` and `doctor`: is all well, and is there a copy, and the way back."""

import asyncio
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from bot import journal_ends
from bot.administration import make_way, on_its_disk, opened
from bot.checks import Check, CheckState
from bot.doctor import examine
from bot.printing import local, print_json
from bot.problems import Problem, WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from bot.working import working
from figures.checking import WrongFigure, wrong_figures
from figures.view import View
from handlers.library import Library
from plans.period import from_key
from plans.plans import Plans
from plans.reading import load_plans
from storage import archive, journal, request_journal, standing
from storage import backup as copies
from storage.archive import CannotRestore, back_up
from storage.backup import CannotBackUp
from storage.database import snapshot
from storage.ownership import Owned

UNWANTED: Final = ("exists", "photo_exists", "other_database", "in_use")
"""Why a copy is not put back though nothing is wrong with it."""
JSON = Annotated[bool, typer.Option("--json", help="print one JSON document")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command("verify")(verify)
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("doctor")(doctor)


def verify(
    json: JSON = False,
    keep: Annotated[
        Path | None, typer.Option(help="write how each journal ends, to be kept elsewhere")
    ] = None,
    against: Annotated[Path | None, typer.Option(help="compare with such a file of an earlier day")] = None,
) -> None:
    """Recompute from the reports; exit code 1 if it differs."""
    settings = load_settings()
    say = Teller(settings.locale)
    kept = journal_ends.read(against, say) if against else []
    if keep is not None:
        make_way(keep, say)
    asyncio.run(verifying(settings, say, json, keep, kept))


async def verifying(
    settings: Settings, say: Teller, as_json: bool, keep: Path | None, kept: list[journal_ends.JournalEnd]
) -> None:
    library = Library(load_plans(), settings.zone)
    with working(say("admin.working.verify")):
        async with opened(settings) as engine, snapshot(engine) as session:
            recomputed = await recompute(View(session, library, (), datetime.now(settings.zone)), kept)
            ends = await journal.ends(session) if keep else []
    if as_json:
        print_json(recomputed.told())
    if lines := recomputed.faults(say, settings.locale, library.plans):
        raise Problem("\n".join([say("admin.verify.wrong", n=len(lines)), *lines]))
    if keep is not None:
        journal_ends.write(keep, ends, datetime.now(settings.zone))
    if not as_json:
        reports = recomputed.reports
        print(say("admin.verify.right", n=reports.submissions, observations=reports.observations))
        print(say("journal.right", n=recomputed.journal.entries))


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What `verify` looked at, and what it does not agree with. `names` are those of the places of wrong figures."""

    reports: copies.Verified
    figures: list[WrongFigure]
    journal: journal.Checked
    names: Mapping[int, str]

    def told(self) -> dict[str, Any]:
        """As JSON values."""
        of_figures = {"figures": list(map(asdict, self.figures)), "journal": asdict(self.journal)}
        return asdict(self.reports) | of_figures

    def faults(self, say: Teller, locale: str, plans: Plans) -> list[str]:
        """Each fault in words."""
        differing = [
            say(f"admin.verify.{one.code}", number=str(one.submission_id or one.place_id), path=one.path)
            for one in self.reports.differences
        ]
        wrong = [wrong_line(say, locale, plans, self.names[one.place_id], one) for one in self.figures]
        broken = [
            say(f"journal.{fault.code}", place=str(fault.place_id), entry=str(fault.entry))
            for fault in self.journal.breaks
        ]
        return [*differing, *wrong, *broken]


async def recompute(view: View, kept: Sequence[journal_ends.JournalEnd]) -> Recomputed:
    """Recompute everything that is derived from the reports; `kept` is how the journals ended on an earlier day."""
    reports, wrong = await copies.verify(view.session), await wrong_figures(view)
    chains = await journal.checked(view.session)
    chains.breaks += await journal.unlike(view.session, kept)
    chains.breaks += await standing.breaks(view.session)
    chains.breaks += await request_journal.breaks(view.session, view.now)
    names = await view.session.places.names_of({one.place_id for one in wrong}, view.today)
    return Recomputed(reports, wrong, chains, names)


def wrong_line(say: Teller, locale: str, plans: Plans, place: str, wrong: WrongFigure) -> str:
    """A figure that is shown and that the reports do not give, in words."""
    return say(
        f"admin.verify.shown_{wrong.what}",
        place=place,
        name=plans.indicators[wrong.indicator].name(locale),
        period=from_key(wrong.period).name(locale),
        shown=wrong.shown or "-",
        counted=wrong.counted or "-",
    )


def backup(
    file: Annotated[
        Path, typer.Argument(help="the copy to make: .zip with the photos, .db the bare SQLite database")
    ],
    json: JSON = False,
) -> None:
    """Copy database and photos while the bot runs."""
    settings = load_settings()
    say = Teller(settings.locale)
    try:
        with working(say("admin.working.backup")):
            photos = copied(settings, file, say)
    except (CannotBackUp, CannotRestore) as problem:
        kind = WrongCall if problem.code in ("postgresql", "exists", "ending") else Problem
        raise kind(say(f"admin.backup.{problem.code}", file=str(file))) from problem
    size = file.stat().st_size
    if json:
        print_json({"file": str(file), "bytes": size, "photos": photos or 0})
        return
    print(say("admin.backup.done", file=str(file), megabytes=max(1, round(size / 1_000_000))))
    print(say("admin.backup.bare") if photos is None else say("admin.backup.photos", n=photos))


def copied(settings: Settings, file: Path, say: Teller) -> int | None:
    """Make the copy that the file's name asks for; how many photos are in it, None for the bare database."""
    ending = file.suffix.lower()
    if ending not in (".db", ".zip"):
        raise CannotBackUp("ending")
    make_way(file, say)
    with on_its_disk(settings.database_url):
        if ending == ".zip":
            return len(asyncio.run(back_up(settings.database_url, settings.data_dir, file)).photos)
        copies.backup(settings.database_url, file)
    return None


def restore(
    file: Annotated[Path, typer.Argument(help="a copy that `thonbao backup` made")],
    check: Annotated[bool, typer.Option("--check", help="only look at the copy; change nothing")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="replace the database and photos that are there")
    ] = False,
    json: JSON = False,
) -> None:
    """Put a copy back (stop the bot first)."""
    asyncio.run(restoring(file, check, force, json))


async def restoring(file: Path, check: bool, force: bool, as_json: bool) -> None:
    settings = load_settings()
    say = Teller(settings.locale)
    manifest = await put_back(settings, file, check, force, say)
    if as_json:
        made = local(datetime.fromisoformat(manifest.made_at), settings.zone)
        print_json({"restored": not check, **asdict(manifest), "made_at": made})
        return
    key = "checked" if check else "done"
    made_at = datetime.fromisoformat(manifest.made_at).astimezone(settings.zone)
    facts = {
        "rows": sum(manifest.rows.values()),
        "photos": len(manifest.photos),
        "revision": manifest.revision,
    }
    print(say(f"admin.restore.{key}", file=str(file), at=made_at, **facts))


async def put_back(settings: Settings, file: Path, check: bool, force: bool, say: Teller) -> archive.Manifest:
    """Put a copy back, or only look at it (`check`); what it holds. Raises Problem."""
    try:
        with packed(file) as copy:
            if check:
                return archive.read(copy)
            return await archive.restore(settings.database_url, settings.data_dir, copy, force=force)
    except archive.CannotRestore as problem:
        kind = WrongCall if problem.code in UNWANTED else Problem
        raise kind(say(f"admin.restore.{problem.code}", file=str(file), detail=problem.detail)) from problem
    except Owned as owned:
        raise WrongCall(say("admin.restore.owned", pid=owned.pid or "?")) from None
    except (FileNotFoundError, IsADirectoryError):
        raise WrongCall(say("admin.file.unreadable", file=str(file))) from None


@contextmanager
def packed(file: Path) -> Iterator[Path]:
    """A copy in the form that is restored: a bare database is packed for as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="thonbao-") as folder:
        if not archive.is_sqlite(file):
            yield file
            return
        copy = Path(folder) / "packed.zip"
        archive.pack(file, copy)
        yield copy


def tell_checks(checks: Iterable[Check], say: Teller) -> None:
    """Print each check in a line."""
    for check in checks:
        print(f"{say(f'admin.doctor.{check.state}')}  {check.text}")


def doctor(json: JSON = False) -> None:
    """Check settings, database, forms; exit code 1 if bad."""
    settings = load_settings()
    say = Teller(settings.locale)
    checks = asyncio.run(examine(settings, say))
    bad = [check for check in checks if check.state is CheckState.BAD]
    if json:
        print_json({"ok": not bad, "checks": [check.to_json() for check in checks]})
    else:
        tell_checks(checks, say)
    if bad:
        raise Problem(say("admin.doctor.not_well", n=len(bad)))
