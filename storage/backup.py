"""A copy of the database while the bot runs, and the proof that what is derived agrees with what was sent."""

import os
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from questionnaires.questionnaire import Questionnaire
from storage.database import sqlite_file
from storage.submissions import observations
from storage.tables import Form, Observation, Submission


class CannotBackUp(Exception):
    """No copy was made. `code` says why: postgresql, exists, missing, damaged."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def backup(url: str, target: Path) -> int:
    """Copy the SQLite database at `url` to `target` while it is in use, and check the copy; its bytes.

    `target` must not exist; it appears only when it is whole. Raises CannotBackUp, OSError, sqlite3.Error.
    """
    source = sqlite_file(url)
    if source is None:
        raise CannotBackUp("postgresql")
    if not source.exists():
        raise CannotBackUp("missing")
    if target.exists():
        raise CannotBackUp("exists")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        partial.touch(mode=0o600)  # names and phone numbers stand in it
        copy_whole(source, partial)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size


def copy_whole(source: Path, target: Path) -> None:
    """SQLite's own online copy, made one file without a journal beside it, checked and on disk."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")
        if new.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise CannotBackUp("damaged")
        if new.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise CannotBackUp("damaged")
    with target.open("rb+") as file:
        os.fsync(file.fileno())


# --- verify ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """Something derived that disagrees with the submissions. `code`: current, missing, extra, differs."""

    code: str
    submission_id: int
    path: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and every difference."""

    submissions: int
    observations: int
    differences: tuple[Difference, ...]


async def verify(session: AsyncSession) -> Verified:
    """Recompute from all submissions which are current and what was observed, and compare."""
    newest = await newest_revisions(session)
    forms = {form.id: Questionnaire.from_json(form.compiled) for form in await session.exec(select(Form))}
    count, observed = 0, 0
    differences: list[Difference] = []
    async for submission, known in submissions_with_observations(session):
        count += 1
        observed += len(known)
        should = newest[submission.place_id, submission.form_name, submission.period] == submission.revision
        if submission.current != should:
            differences.append(Difference("current", submission.id or 0))
        submission_now = Submission.model_validate(submission.model_dump() | {"current": should})
        estimates = {path for path, row in known.items() if row.estimate}
        wanted = {o.path: o for o in observations(submission_now, forms[submission.form_id], estimates)}
        differences.extend(compared(submission.id or 0, wanted, known))
    return Verified(count, observed, tuple(differences))


async def newest_revisions(session: AsyncSession) -> dict[tuple[int, str, str], int]:
    """The highest revision of each place, form and period."""
    columns = select(Submission.place_id, Submission.form_name, Submission.period, Submission.revision)
    newest: dict[tuple[int, str, str], int] = {}
    for place, form, period, revision in await session.exec(columns):
        newest[place, form, period] = max(revision, newest.get((place, form, period), 0))
    return newest


async def submissions_with_observations(
    session: AsyncSession, at_once: int = 500
) -> AsyncIterator[tuple[Submission, Mapping[str, Observation]]]:
    """Every submission with its observations by path, some at a time."""
    last = 0
    while True:
        chosen = (
            select(Submission).where(col(Submission.id) > last).order_by(col(Submission.id)).limit(at_once)
        )
        some = (await session.exec(chosen)).all()
        if not some:
            return
        known: dict[int, dict[str, Observation]] = {}
        mine = select(Observation).where(col(Observation.submission_id).in_([s.id for s in some]))
        for row in await session.exec(mine):
            known.setdefault(row.submission_id, {})[row.path] = row
        for submission in some:
            yield submission, known.get(submission.id or 0, {})
        last = some[-1].id or 0
        session.expunge_all()


def compared(
    submission_id: int, wanted: Mapping[str, Observation], known: Mapping[str, Observation]
) -> list[Difference]:
    """How the observations that are there differ from those that should be."""
    found = [Difference("missing", submission_id, path) for path in wanted.keys() - known.keys()]
    found += [Difference("extra", submission_id, path) for path in known.keys() - wanted.keys()]
    for path in wanted.keys() & known.keys():
        if any(getattr(wanted[path], name) != getattr(known[path], name) for name in COMPARED):
            found.append(Difference("differs", submission_id, path))
    return sorted(found, key=lambda difference: (difference.path, difference.code))


COMPARED = ("place_id", "period", "period_end", "question", "value", "number", "current")
