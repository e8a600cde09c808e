"""The history of a figure: each time it was sent, queried, returned, approved; by whom, for those who may know."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlmodel import col, select

from figures import access, offices, small
from figures.view import View
from questionnaires.questionnaire import Questionnaire
from storage import challenges, exchanges
from storage.exchanges import Subject
from storage.journal import SENDINGS, JournalKind, of_report
from storage.submissions import versions_of
from storage.tables import ChallengeRow, JournalAuthor, JournalEntry, Level, Person, Place, Remark, Submission

OF_REPORT: Final = (
    JournalKind.APPROVED,
    JournalKind.REOPENED,
    JournalKind.PAPER,
    JournalKind.LOCKED,
    JournalKind.UNLOCKED,
    JournalKind.AGREED,
    JournalKind.DISAGREED,
)
"""Entries about every figure of a report."""
FIGURES: Final = (JournalKind.RETURNED, JournalKind.WITHDRAWN, JournalKind.KEPT)
"""Entries about one figure."""
EARLIER: Final = 6
"""How many earlier periods are shown."""


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a figure, or to the report that holds it."""

    at: datetime
    kind: JournalKind
    revision: int
    value: str = ""
    """For what was sent, the figure as it was sent."""
    role: str = ""
    """The role of who did it; "" if none was kept."""
    channel: str = ""
    name: str = ""
    """Only for readers who may know it."""
    in_place: str = ""
    """Why it was sent on somebody's behalf."""
    doubt: ChallengeRow | None = None
    said_in_stead: bool = False
    """Whether what was said about the doubt was said in the place's stead."""
    reason: str = ""
    """The id of the reason for a return, or for the answer to it; or words."""
    path: str = ""
    """The figure that a return concerns; "" for what concerns the whole report."""


@dataclass(frozen=True)
class History:
    """A figure of one period, and its values in earlier periods."""

    place: Place
    form: Questionnaire
    report: Submission
    """The newest revision."""
    path: str
    """"" for the report as a whole."""
    happened: Sequence[Happening]
    before: Sequence[tuple[str, str]]
    """Period and value, the newest first."""
    words: Sequence[Remark] = ()
    """What the place and its officers wrote about it, for these two only."""
    writers: Mapping[int, str] = field(default_factory=dict)
    """The level of who wrote each of them, by its id."""
    speaks: bool = False
    """Whether this person is one of the two."""


async def may_see(view: View, place: Place) -> bool:
    """Whether this person may see a place's single answers: what its commune may see."""
    return place.level != Level.VILLAGE or await small.is_near(view, place)


async def of_figure(view: View, report: Submission, path: str) -> History | None:
    """The history of the figure at `path` of a report, or of the whole report; None if this person may not see it."""
    place = await access.visible(view, report.place_id)
    if place is None or not await may_see(view, place):
        return None
    checks = await access.may_check(view, place)
    told = await whole(view, place, report, path, with_names=checks)
    if not checks and all(role.place_id != place.id for role in view.roles):
        return told
    subject = Subject(place.id, report.form_name, report.period, path)
    words = await exchanges.about(view.session, subject)
    writers = {one.id: await writer(view, place, one) for one in words}
    return replace(told, words=words, writers=writers, speaks=True)


async def writer(view: View, place: Place, remark: Remark) -> str:
    """The level of who wrote a remark: the place itself, or an office that checks its reports."""
    if remark.side == exchanges.PLACE:
        return place.level
    return await offices.level_of(view, place, remark.person_id)


async def whole(view: View, place: Place, report: Submission, path: str, *, with_names: bool) -> History:
    """The same for somebody who may see it, with or without names."""
    form = await view.library.form(view.session, report.form_id)
    revisions = await revisions_of(view, report)
    names = await authors(view, report) if with_names else {}
    happened = await sent(view, revisions, path, await entries_of(view, report), names)
    happened += await others(view, report, path, names)
    happened.sort(key=lambda one: (one.at, one.revision))
    return History(place, form, revisions[-1], path, happened, await before(view, report, path))


async def revisions_of(view: View, report: Submission) -> list[Submission]:
    """Every revision of a report, oldest first."""
    chosen = select(Submission).where(*versions_of(report))
    return list(await view.session.exec(chosen.order_by(col(Submission.revision))))


async def entries_of(view: View, report: Submission) -> list[JournalEntry]:
    """The journal of a report."""
    chosen = select(JournalEntry).where(*of_report(report))
    return list(await view.session.exec(chosen.order_by(col(JournalEntry.entry))))


async def authors(view: View, report: Submission) -> dict[int, str]:
    """The names of those who made the entries about a report, by entry number."""
    chosen = (
        select(JournalEntry.entry, Person.name)
        .join(
            JournalAuthor,
            (col(JournalAuthor.place_id) == col(JournalEntry.place_id))
            & (col(JournalAuthor.entry) == col(JournalEntry.entry)),
        )
        .join(Person, col(Person.id) == col(JournalAuthor.person_id))
        .where(*of_report(report))
    )
    return dict((await view.session.exec(chosen)).all())


async def sent(
    view: View,
    revisions: Sequence[Submission],
    path: str,
    entries: Sequence[JournalEntry],
    names: Mapping[int, str],
) -> list[Happening]:
    """Each time it was sent. Reports from before there was a journal have no role."""
    doubts = await challenges.of(view.session, [one.id for one in revisions])
    by_revision = {entry.revision: entry for entry in entries if entry.kind in SENDINGS}
    happened = []
    for at, one in enumerate(revisions):
        # What was said of the newest of these; a correction may have taken it over.
        until = [(it, doubts.get(it.id, {})) for it in reversed(revisions[: at + 1])]
        entry = by_revision.get(one.revision)
        plain = Happening(
            at=one.sent_at,
            kind=JournalKind.SENT if one.revision == 1 else JournalKind.REVISED,
            revision=one.revision,
            value=str(one.answers.get(path, "")),
            in_place=one.in_place,
            doubt=doubts.get(one.id, {}).get(path),
            said_in_stead=challenges.said_in_stead(path, until),
        )
        happened.append(with_entry(plain, entry, names) if entry else plain)
    return happened


def with_entry(one: Happening, entry: JournalEntry, names: Mapping[int, str]) -> Happening:
    """Add what the journal knows: the sender, the channel, and on whose behalf."""
    name, in_place = names.get(entry.entry, ""), one.in_place or ("-" if entry.in_place else "")
    return replace(one, role=entry.role, channel=entry.channel, name=name, in_place=in_place)


async def others(view: View, report: Submission, path: str, names: Mapping[int, str]) -> list[Happening]:
    """Everything else that happened to it."""
    return [
        Happening(
            at=entry.at,
            kind=JournalKind(entry.kind),
            revision=entry.revision,
            role=entry.role,
            channel=entry.channel,
            name=names.get(entry.entry, ""),
            reason=reason_in(entry),
            path=entry.path if entry.kind in FIGURES else "",
        )
        for entry in await entries_of(view, report)
        if entry.kind in OF_REPORT or (entry.kind in FIGURES and path in ("", entry.path))
    ]


def reason_in(entry: JournalEntry) -> str:
    """The reason in an entry: its id, or words; "" for none."""
    detail = json.loads(entry.detail)
    return str(detail.get("words") or detail.get("reason") or "")


async def before(view: View, report: Submission, path: str) -> list[tuple[str, str]]:
    """The values at `path` in earlier periods: period and value, the newest first."""
    if not path:
        return []
    chosen = (
        select(Submission.period, Submission.answers)
        .where(
            Submission.place_id == report.place_id,
            Submission.form_name == report.form_name,
            col(Submission.current),
            col(Submission.period_end) < report.period_end,
        )
        .order_by(col(Submission.period_end).desc())
        .limit(EARLIER)
    )
    rows = await view.session.exec(chosen)
    return [(period, str(answers[path])) for period, answers in rows if answers.get(path) not in (None, "")]
