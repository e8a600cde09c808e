"""Reports lead to people, and words stay, for as long as is set: then only the figures stay, and the journal holds."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from sqlmodel import SQLModel, select

from storage import journal, retention, standing
from storage.retention import Terms
from storage.session import Session
from storage.tables import (
    Attachment,
    AuditEntry,
    Form,
    InterviewRow,
    InterviewStatus,
    Invitation,
    JournalAuthor,
    Observation,
    PersonRequest,
    Remark,
    RoleName,
    RoleRequest,
    Submission,
)
from tests.handlers.chatting import Phone, Town

WATER = ("120", "120", "109", "109", "20", "0", "0")


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def report(phone: Phone) -> None:
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    for answer in WATER:
        await phone.says(answer)
    await phone.presses("Gửi")


@pytest.fixture
async def years_ago(town: Town) -> Submission:
    """A report of six years ago, about which the commune wrote to the village; since then another village reported."""
    officer = await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    head = await town.head("a")
    await report(head)
    await officer.says("kiểm tra số liệu")
    await officer.presses("Nà Hin, Nước")
    await officer.presses("Nhắn thôn")
    await officer.act(head, text="Số này tính cả xóm mới chưa bác?")
    await officer.presses_data("f:p:1:0:0")
    [sent] = await town.rows(Submission)
    contact = await head.contact()
    photo = Attachment(
        interview_id=sent.interview_id, contact_id=contact.id, path="/paper", file_ref="f", name="a.jpg"
    )

    async def keep(session: Session) -> None:
        session.add(photo)

    await town.storage.write(keep)
    town.later(days=365 * 6)
    await report(await town.head("b", "Nà Lốc", "Hoàng Thị Mai"))
    return cast(Submission, sent)


async def sweep(town: Town, terms: Terms) -> None:
    await town.storage.write(lambda session: retention.sweep(session, terms, town.now))


async def authored(town: Town) -> set[int]:
    """The places in whose journals somebody stands."""
    async with town.storage.reading() as session:
        return set(await session.exec(select(JournalAuthor.place_id)))


async def breaks(town: Town) -> list[journal.Break]:
    async with town.storage.reading() as session:
        return [*(await journal.checked(session)).breaks, *await standing.breaks(session)]


async def test_old_reports_lead_to_nobody_and_old_words_go(town: Town, years_ago: Submission) -> None:
    before = [row.value for row in await town.rows(Observation)]
    async with town.storage.reading() as session:
        counts = await retention.counts(session, Terms(), town.now + timedelta(minutes=1))
    assert (counts["reports"], counts["drafts"]) == ((2, 0), (0, 0)), "a report that was sent is no draft"
    await sweep(town, Terms(reports=0, words=0))
    assert (await town.rows(Submission))[0].person_id is not None, "0 years: for ever"
    assert len(await town.rows(Remark)) == 1
    await sweep(town, Terms(reports=10, words=5))
    assert (await town.rows(Submission))[0].person_id is not None
    assert await town.rows(Remark) == []
    await sweep(town, Terms(reports=5))
    old, young = await town.rows(Submission)
    assert (old.person_id, old.answers) == (None, years_ago.answers)
    assert young.person_id is not None
    assert await town.rows(Attachment) == []
    [row, _] = await town.rows(InterviewRow)
    assert (row.person_id, row.state, row.extra) == (None, {}, {})
    assert [one.value for one in await town.rows(Observation)] == before
    assert await authored(town) == {young.place_id}
    assert await breaks(town) == []


async def test_words_that_stay_longer_than_reports_lead_to_people_are_checked_as_before(
    town: Town, years_ago: Submission
) -> None:
    await sweep(town, Terms(reports=5, words=0))
    [words] = await town.rows(Remark)
    assert words.text == "Số này tính cả xóm mới chưa bác?"
    assert await breaks(town) == []
    await sweep(town, Terms(reports=5, words=5))
    assert await town.rows(Remark) == []
    assert years_ago.place_id not in await authored(town)
    assert await breaks(town) == []


Made = Callable[[datetime], SQLModel]
"""A row that was last touched at a moment."""


def kinds_of_rows(place: int, form: int) -> list[tuple[int, Made]]:
    """Rows of each kind, and after how many days they go; 0: they stay."""

    def draft(status: InterviewStatus, practice: bool = False) -> Made:
        about: dict[str, Any] = {
            "place_id": place,
            "form_id": form,
            "form_name": "nuoc-sach",
            "practice": practice,
        }
        return lambda at: InterviewRow(**about, status=status, period=str(at), started_at=at, updated_at=at)

    def invitation(used: bool) -> Made:
        return lambda at: Invitation(
            code_hash=f"{used} {at}",
            place_id=place,
            role="truong-thon",
            created_at=at,
            expires_at=at,
            used_at=at if used else None,
        )

    def wish(done: bool) -> Made:
        return lambda at: PersonRequest(
            kind="see", asked_at=at, answer_due=at, finish_due=at, done_at=at if done else None
        )

    def office(answer: str) -> Made:
        return lambda at: RoleRequest(place_id=place, role="can-bo-xa", asked_at=at, answer=answer)

    return [
        *((90, draft(status)) for status in (InterviewStatus.CANCELLED, InterviewStatus.EXPIRED)),
        (90, draft(InterviewStatus.OPEN, practice=True)),
        *((365 + 90, draft(status)) for status in (InterviewStatus.OPEN, InterviewStatus.REVIEW)),
        (0, draft(InterviewStatus.SENT)),
        *((365, invitation(used)) for used in (True, False)),
        (2 * 365, lambda at: AuditEntry(action="enrolled", at=at)),
        (2 * 365, office("agreed")),
        (0, office("")),
        (5 * 365, wish(done=True)),
        (0, wish(done=False)),
    ]


async def test_each_kind_goes_when_docs_privacy_says(town: Town) -> None:
    """Of each kind one row is a day too young to go, and one a day old enough."""
    [form] = [row.id for row in await town.rows(Form, Form.name == "nuoc-sach")]
    kinds, going = kinds_of_rows(town.places["Nà Hin"], form), Counter[type[SQLModel]]()

    async def fill(session: Session) -> None:
        for days, made in kinds:
            for age in (days - 1, days + 1) if days else (10 * 365,):
                session.add(row := made(town.now - timedelta(days=age)))
                going[type(row)] += 0 < days < age

    await town.storage.write(fill)
    before = {table: len(await town.rows(table)) for table in going}
    await sweep(town, Terms())
    assert {table: before[table] - len(await town.rows(table)) for table in going} == going
