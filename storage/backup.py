"""A copy of the database while the bot runs, and the check that everything derived agrees with the submissions."""

import os
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func
from sqlalchemy import select as sa_select
from sqlmodel import SQLModel, col, select

from questionnaires.questionnaire import Questionnaire
from storage import ledger, private
from storage.database import sqlite_file
from storage.portions import portions
from storage.session import Session
from storage.submissions import number_of
from storage.tables import Form, Submission

SUBMISSION: Final = SQLModel.metadata.tables["submission"]
OBSERVATION: Final = SQLModel.metadata.tables["observation"]


class CannotBackUp(Exception):
    """No copy was made. `code` says why: postgresql, exists, missing, damaged."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def backup(url: str, target: Path) -> int:
    """Copy the SQLite database at `url` to `target` while it is in use, check the copy, and return its size in bytes.

    `target` must not exist; it appears only once it is whole. Raises CannotBackUp, OSError, sqlite3.Error.
    """
    source = sqlite_file(url)
    if source is None:
        raise CannotBackUp("postgresql")
    if not source.exists():
        raise CannotBackUp("missing")
    if target.exists():
        raise CannotBackUp("exists")
    private.make_folder(target.parent)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        private.make_file(partial)
        copy_whole(source, partial)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size


def copy_whole(source: Path, target: Path) -> None:
    """Make SQLite's own online copy: one file without a journal beside it, checked and on disk."""
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
class Discrepancy:
    """Something derived that disagrees with the submissions.

    `code` is current, missing, extra or differs, for the value `path` of a submission; or ledger, and then `path`
    names the sum of the place `place_id`.
    """

    code: str
    submission_id: int = 0
    path: str = ""
    place_id: int = 0


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked, and every disagreement."""

    submissions: int
    observations: int
    differences: tuple[Discrepancy, ...]


AT_ONCE: Final = 10
"""How many places' submissions are held in memory at once."""


async def verify(session: Session) -> Verified:
    """Recompute from all submissions which are current, their observations and every sum, and compare.

    Memory does not grow with the number of submissions.
    """
    forms = {form.id: Questionnaire.from_json(form.compiled) for form in await session.exec(select(Form))}
    count, observed = 0, 0
    differences: list[Discrepancy] = []
    async for submission, known in submissions_with_observations(session):
        count += 1
        observed += len(known)
        should = submission.revision == submission.newest
        if submission.current != should:
            differences.append(Discrepancy("current", submission.id))
        differences.extend(
            compared(submission.id, wanted(submission, forms[submission.form_id], should), known)
        )
    differences += [
        Discrepancy("ledger", path=str(wrong), place_id=wrong.place_id)
        for wrong in await ledger.verify(session)
    ]
    return Verified(count, observed, tuple(differences))


Observed = tuple[int, str, date, str, str, Decimal | None, bool]
"""Place, period and its end, question, value, number, and whether it is current."""


async def submissions_with_observations(
    session: Session,
) -> AsyncIterator[tuple[Any, Mapping[str, Observed]]]:
    """Yield every submission (a row with `newest`, the highest revision of its report) with its observations by path."""
    same = (col(Submission.place_id), col(Submission.form_name), col(Submission.period))
    newest = func.max(Submission.revision).over(partition_by=same).label("newest")
    sent = SUBMISSION.c
    columns = (
        sent.id,
        sent.place_id,
        sent.form_id,
        sent.period,
        sent.period_end,
        sent.revision,
        sent.current,
    )
    seen = OBSERVATION.c
    mine = (seen.place_id, seen.period, seen.period_end, seen.question, seen.value, seen.number, seen.current)
    connection = await session.connection()
    for some in portions(await ledger.reporters(session), AT_ONCE):
        known: dict[int, dict[str, Observed]] = {}
        ids = sa_select(sent.id).where(sent.place_id.in_(some))
        chosen = sa_select(seen.submission_id, seen.path, *mine).where(seen.submission_id.in_(ids))
        for submission_id, path, *row in await connection.execute(chosen):
            known.setdefault(submission_id, {})[path] = tuple(row)
        reports = sa_select(*columns, sent.answers, newest).where(sent.place_id.in_(some)).order_by(sent.id)
        for submission in await connection.execute(reports):
            yield submission, known.get(submission.id, {})


def wanted(submission: Any, form: Questionnaire, current: bool) -> dict[str, Observed]:
    """Return the observations that a submission should have, by path."""
    observed: dict[str, Observed] = {}
    for path, value in submission.answers.items():
        if value != "":
            question = form.question(path)
            number = number_of(question, value)
            of = (submission.place_id, submission.period, submission.period_end)
            observed[path] = (*of, question.name, value, number, current)
    return observed


def compared(
    submission_id: int, wanted: Mapping[str, Observed], known: Mapping[str, Observed]
) -> list[Discrepancy]:
    """Return how the observations that exist differ from those that should."""
    differences = [Discrepancy("missing", submission_id, path) for path in wanted.keys() - known.keys()]
    differences += [Discrepancy("extra", submission_id, path) for path in known.keys() - wanted.keys()]
    both = wanted.keys() & known.keys()
    differences += [
        Discrepancy("differs", submission_id, path) for path in both if wanted[path] != known[path]
    ]
    return sorted(differences, key=lambda difference: (difference.path, difference.code))
