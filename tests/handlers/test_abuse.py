"""Misuse, a test each: others' buttons and links, another ground, a role that ended, updates sent again, floods, guesses.

A forbidden thing and a missing one answer in the same words and cost about the same work, so that neither tells which
it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import update
from sqlmodel import col

from handlers.buttons import to_base36
from handlers.messages import MessageKind
from storage import invitations
from storage.session import Session
from storage.tables import Outbox, Role, RoleName, Submission
from tests.counting import asked
from tests.handlers.chatting import Phone, Town, send_report, text_of

NEAR: Final = 4
"""So many statements more or less tell nobody anything: an answer's way through the network takes longer."""


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def head(town: Town) -> Phone:
    return await town.head("a")


@pytest.fixture
async def stranger(town: Town) -> Phone:
    """An officer of another province."""
    return await town.enrolled("z", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Vi Văn Tám")


@contextmanager
def statements(town: Town) -> Iterator[list[str]]:
    """The statements that the database is given meanwhile."""
    seen: list[str] = []
    with asked(town.storage.engine.sync_engine, lambda statement, _: seen.append(statement)):
        yield seen


BUTTONS: Final = (
    ("f:v:{village}:0:0", "f:v:999999:0:0"),
    ("f:p:{commune}:0:0", "f:p:999999:0:0"),
    ("f:r:{village}:0:0", "f:r:999999:0:0"),
    ("f:h:{village}:0:0", "f:h:999999:0:0"),
    ("t:{village36}", "t:zzzz"),
    ("d:v:{report36}", "d:v:zzzz"),
    ("c:r:{report36}", "c:r:zzzz"),
    ("c:h:{report36}:1", "c:h:zzzz:1"),
    ("c:g:{commune}", "c:g:999999"),
    ("h:a:{village}", "h:a:999999"),
    ("r:s:{commune}", "r:s:999999"),
    ("x:w:{report36}:0", "x:w:zzzz:0"),
)
"""A button of another ground, and the same of what does not exist."""


@pytest.mark.parametrize("pair", BUTTONS, ids=lambda pair: pair[0][:3])
async def test_forbidden_and_missing_are_the_same_in_words_and_in_work(
    town: Town, head: Phone, stranger: Phone, pair: tuple[str, str]
) -> None:
    await send_report(town, "nuoc-sach", "Nà Hin", {"/data/nuoc_ho": "120"})
    [report] = await town.rows(Submission)
    village, commune = town.places["Nà Hin"], town.places["Vĩnh Thông"]
    facts = {
        "village": village,
        "commune": commune,
        "village36": to_base36(village),
        "report36": to_base36(report.id),
    }
    forbidden, missing = (one.format(**facts) for one in pair)
    # Twice: what the first answer had to read for the first time would count.
    for _ in range(2):
        with statements(town) as of_forbidden:
            said = text_of(await stranger.presses_data(forbidden))
        with statements(town) as of_missing:
            also = text_of(await stranger.presses_data(missing))
    assert said == also
    assert "Nà Hin" not in said
    assert abs(len(of_forbidden) - len(of_missing)) <= NEAR


async def test_another_persons_buttons_do_nothing(town: Town, head: Phone) -> None:
    """A village head cannot press what an officer of the very commune may."""
    officer = await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    await send_report(town, "nuoc-sach", "Nà Hin", {"/data/nuoc_ho": "120"})
    await officer.says("/kiemtra")
    await officer.presses("Nà Hin")
    for label in ("Duyệt phiếu này", "Trả lại một số"):
        await head.presses_data(officer.button(label))
    [report] = await town.rows(Submission)
    assert report.approved_at is None


async def test_a_link_works_once_and_not_for_who_reads_it_later(town: Town) -> None:
    code = await town.invite("Nà Hin", RoleName.VILLAGE_HEAD)
    first, second = town.phone("a"), town.phone("b")
    await first.says(f"/start {code}")
    await second.says(f"/start {code}")
    await first.presses("Đồng ý")
    assert "vừa được người khác dùng" in text_of(await second.presses("Đồng ý"))
    assert len(await town.rows(Role)) == 1


async def test_a_removed_officer_sees_nothing_from_the_next_message_on(town: Town, head: Phone) -> None:
    officer = await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    await officer.says("các thôn")
    shown = [choice.data for reply in officer.shown for row in reply.choices for choice in row]
    ended = update(Role).where(col(Role.role) == RoleName.COMMUNE_OFFICER).values(until=town.now)
    await town.storage.write(lambda session: session.exec(ended))
    for data in dict.fromkeys(shown):
        assert "Nà Hin" not in text_of(await officer.presses_data(data))


async def test_a_deputy_after_their_time_presses_old_buttons_for_nothing(town: Town, head: Phone) -> None:
    ends_at = town.now + timedelta(days=7)

    async def named(session: Session) -> str:
        code, _ = await invitations.create(
            session, town.places["Nà Hin"], RoleName.VILLAGE_HEAD, "Hoàng Thị Mai", 7, town.now, ends_at
        )
        return code

    deputy = town.phone("d")
    await deputy.says(await town.storage.write(named))
    await deputy.presses("Đồng ý")
    await deputy.says("báo cáo")
    shown = [choice.data for reply in deputy.shown for row in reply.choices for choice in row]
    town.later(days=7)
    for data in dict.fromkeys(shown):
        assert "Nà Hin" not in text_of(await deputy.presses_data(data))
    assert await town.rows(Submission) == []


async def test_an_update_that_is_sent_again_counts_once(town: Town, head: Phone) -> None:
    officer = await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    await send_report(town, "nuoc-sach", "Nà Hin", {"/data/nuoc_ho": "120"})
    await officer.says("/kiemtra")
    await officer.presses("Nà Hin")
    await officer.presses("Nhắn thôn")
    said = officer.incoming(MessageKind.TEXT, text="xem lại giúp xã số hộ")
    for _ in range(3):
        await town.dispatch.handle(said, town.channel)
    told = await town.rows(Outbox, col(Outbox.natural_key).startswith("figure:said-"))
    assert len(told) == 1
