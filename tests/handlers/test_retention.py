"""Reports lead to people, and words stay, for as long as is set: then only the figures stay, and the journal holds."""

from datetime import timedelta

import pytest
from sqlmodel import select

from storage import journal, retention, standing
from storage.retention import Terms
from storage.session import Session
from storage.tables import Attachment, InterviewRow, JournalAuthor, Observation, Remark, RoleName, Submission
from tests.handlers.chatting import Phone, Town

YEAR = timedelta(days=365)
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


async def test_old_reports_lead_to_nobody_and_old_words_go(town: Town) -> None:
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
    before = [row.value for row in await town.rows(Observation)]

    async def sweep(terms: Terms) -> None:
        await town.storage.write(lambda session: retention.sweep(session, terms, town.now))

    await sweep(Terms(reports=0, words=0))
    assert (await town.rows(Submission))[0].person_id is not None, "0 years: for ever"
    assert len(await town.rows(Remark)) == 1
    await sweep(Terms(reports=10, words=5))
    assert (await town.rows(Submission))[0].person_id is not None
    assert await town.rows(Remark) == []
    await sweep(Terms(reports=5))
    old, young = await town.rows(Submission)
    assert (old.person_id, old.answers) == (None, sent.answers)
    assert young.person_id is not None
    assert await town.rows(Attachment) == []
    [row, _] = await town.rows(InterviewRow)
    assert (row.person_id, row.state, row.extra) == (None, {}, {})
    assert [one.value for one in await town.rows(Observation)] == before
    async with town.storage.reading() as session:
        assert {one.place_id for one in await session.exec(select(JournalAuthor))} == {young.place_id}
        assert [*(await journal.checked(session)).breaks, *await standing.breaks(session)] == []
