"""What is doubtful in reports that were sent, and what their senders said about it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from sqlmodel import and_, col, func, select

from storage.journal import JournalKind, of_report
from storage.portions import portions
from storage.session import Session
from storage.submissions import versions_of
from storage.tables import ChallengeRow, JournalEntry, Submission

OBJECTED: Final = select(
    col(Submission.id), col(Submission.revision), func.max(col(JournalEntry.revision))
).join(
    JournalEntry,
    and_(
        col(JournalEntry.place_id) == col(Submission.place_id),
        col(JournalEntry.form_name) == col(Submission.form_name),
        col(JournalEntry.period) == col(Submission.period),
        col(JournalEntry.revision) <= col(Submission.revision),
        col(JournalEntry.kind) == JournalKind.DISAGREED,
    ),
)
"""Reports, each with its version, and the newest version up to it to which its place objected."""


async def put(session: Session, submission_id: int, rows: Iterable[ChallengeRow]) -> None:
    """Keep `rows` with a submission."""
    for row in rows:
        row.submission_id = submission_id
        session.add(row)
    await session.flush()


async def contested(session: Session, submission_ids: Collection[int]) -> set[int]:
    """Return those of the submissions that were sent in somebody's place who says they are not right.

    The objection stays with the versions after it while the figures are the same and nobody agreed to them.
    """
    told: set[int] = set()
    for some in portions(sorted(submission_ids)):
        objected = OBJECTED.where(col(Submission.id).in_(some)).group_by(col(Submission.id))
        for number, version, said_of in await session.exec(objected):
            if said_of == version or await still_disputed(session, number, said_of):
                told.add(number)
    return told


async def still_disputed(session: Session, number: int, said_of: int) -> bool:
    """Whether the figures of version `said_of`, to which its place objected, stand in a later one."""
    report = await session.get(Submission, number)
    return report is not None and bool(await disputed_in(session, report, said_of))


async def disputed(session: Session, report: Submission) -> Mapping[str, tuple[str, str]]:
    """Return the figures of a report to which its place objects, as they were before and as they stand, by path."""
    found = (
        await session.exec(OBJECTED.where(Submission.id == report.id).group_by(col(Submission.id)))
    ).all()
    return await disputed_in(session, report, found[0][2]) if found else {}


async def disputed_in(session: Session, report: Submission, said_of: int) -> Mapping[str, tuple[str, str]]:
    """Return the same where the objection was made to version `said_of`; nothing once a later version was agreed to."""
    around = select(Submission).where(
        *versions_of(report), col(Submission.revision).in_((said_of - 1, said_of))
    )
    versions = {one.revision: one.answers for one in await session.exec(around)}
    before = versions.get(said_of - 1, {})
    left = left_of(changed_between(before, versions.get(said_of, {})), report.answers)
    return left if left and not await agreed_since(session, report, said_of) else {}


def left_of(
    disputed: Mapping[str, tuple[str, str]], answers: Mapping[str, object]
) -> Mapping[str, tuple[str, str]]:
    """Return those disputed figures that `answers` leave as they are: each of a correction waits until it is changed.

    Who objects to a whole report says only that something in it is wrong: one change ends that.
    """
    left = {path: pair for path, pair in disputed.items() if str(answers.get(path, "")) == pair[1]}
    whole = all(was in ("", now) for was, now in disputed.values())
    return {} if whole and len(left) < len(disputed) else left


def changed_between(
    before: Mapping[str, object], after: Mapping[str, object]
) -> Mapping[str, tuple[str, str]]:
    """Return the answers that two versions of a report give differently, by path; all of them if none differs."""
    both = {path: figures(path, before, after) for path in (*after, *(before.keys() - after.keys()))}
    return {path: pair for path, pair in both.items() if pair[0] != pair[1]} or both


def figures(path: str, *versions: Mapping[str, object]) -> tuple[str, str]:
    """Return the answer at a path in two versions of a report; "" for none."""
    was, now = (str(answers.get(path, "")) for answers in versions)
    return was, now


async def agreed_since(session: Session, report: Submission, said_of: int) -> bool:
    """Whether the place agreed to a later version of a report."""
    chosen = select(JournalEntry.entry).where(
        *of_report(report),
        JournalEntry.kind == JournalKind.AGREED,
        JournalEntry.revision > said_of,
        JournalEntry.revision <= report.revision,
    )
    return (await session.exec(chosen.limit(1))).first() is not None


async def of(session: Session, submission_ids: Collection[int]) -> dict[int, dict[str, ChallengeRow]]:
    """Return what is doubtful in each submission, by path; submissions without doubts are left out."""
    doubtful: dict[int, dict[str, ChallengeRow]] = {}
    for some in portions(sorted(submission_ids)):
        chosen = select(ChallengeRow).where(col(ChallengeRow.submission_id).in_(some))
        for row in await session.exec(chosen):
            doubtful.setdefault(row.submission_id, {})[row.path] = row
    return doubtful


Version = tuple[Submission, Mapping[str, ChallengeRow]]
"""A version of a report, with what is doubtful in it."""


def said_in_stead(path: str, versions: Sequence[Version]) -> bool:
    """Whether what was said about the answer at `path`, in the first of the `versions` of a report, was said by somebody
    in its place's stead.

    The newest version comes first. What a correction took over was said with the version before it.
    """
    first, *older = versions
    said_with = first[0]
    for version in older:
        if said_about(path, version) != said_about(path, first):
            break
        said_with = version[0]
    return bool(said_with.in_place)


def said_about(path: str, version: Version) -> tuple[str, str, str]:
    """Return the answer at a path, and what was said about it: the reason chosen, and words; "" for nothing."""
    report, doubts = version
    row = doubts.get(path)
    value = str(report.answers.get(path, "")) if path else ""
    return (value, row.reason, row.words) if row else (value, "", "")


async def in_stead(
    session: Session, report: Submission, doubts: Mapping[str, ChallengeRow]
) -> frozenset[str]:
    """Return where what was said about the doubts of a report was said in its place's stead."""
    said = [path for path, row in doubts.items() if row.reason or row.words]
    if not said:
        return frozenset()
    versions = [(report, doubts), *await versions_before(session, report)]
    return frozenset(filter(partial(said_in_stead, versions=versions), said))


async def versions_before(session: Session, report: Submission) -> list[Version]:
    """Return the versions of a report before this one, the newest first."""
    if report.revision == 1:
        return []
    chosen = select(Submission).where(*versions_of(report), Submission.revision < report.revision)
    older = list(await session.exec(chosen.order_by(col(Submission.revision).desc())))
    rows = await of(session, [one.id for one in older])
    return [(one, rows.get(one.id, {})) for one in older]
