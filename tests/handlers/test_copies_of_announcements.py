"""Announcements that a chat has more than once: what was read before a change, and the changed words beside it."""

import pytest
from sqlmodel import col, select

from handlers.messages import MessageKind
from storage.session import Session
from storage.tables import Contact, Outbox, OutboxState
from tests.handlers.chatting import Phone, Town, text_of
from tests.handlers.test_announcing import BEGINNINGS, handled, written

__all__ = ["BEGINNINGS"]


async def given(town: Town, address: str, ref: str) -> None:
    """Let a chat have its newest copy of the announcement, under this id."""

    async def work(session: Session) -> None:
        chosen = select(Outbox).join(Contact, col(Contact.id) == col(Outbox.contact_id))
        mine = chosen.where(Contact.address == address, Outbox.slot == "announce:1").order_by(col(Outbox.id))
        newest = (await session.exec(mine)).all()[-1]
        newest.state, newest.ref = OutboxState.SENT, ref

    await town.storage.write(work)


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("label", "new", "old"),
    [
        ("Sửa tin đã gửi", "9 giờ", "đã được sửa"),
        ("Thu hồi", "“Mai họp lúc 8 giờ” của xã Vĩnh Thông", "đã được thu hồi"),
    ],
)
async def test_every_copy_that_a_reader_has_is_changed(
    town: Town, officer: Phone, label: str, new: str, old: str
) -> None:
    await written(officer)
    await officer.presses("Gửi ngay")
    await given(town, "thon", "first")
    await town.phone("thon").presses_data("n:r:1:")
    for words in ("8 giờ", "9 giờ"):
        await officer.presses_data("u:w:1")
        await officer.says(f"Mai họp lúc {words}")
        await town.heard()
        if words == "8 giờ":
            await handled(town, officer, "Sửa tin đã gửi")
            await given(town, "thon", "second")
    if label == "Thu hồi":
        await officer.presses_data("n:v:1:")
        await town.heard()
    press = officer.incoming(MessageKind.PRESS, press=officer.button(label))
    await town.dispatch.handle(press, town.channel)
    said = {reply.edits: reply for address, reply in await town.heard() if address == "thon"}
    assert {ref: reply.anew for ref, reply in said.items()} == {"first": False, "second": True}
    assert (new in said["second"].text, old in said["first"].text) == (True, True)
    assert said["first"].choices == ()


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("label", ["Sửa tin đã gửi", "Thu hồi"])
async def test_changed_words_that_have_not_gone_are_not_sent_after_newer_ones(
    town: Town, officer: Phone, label: str
) -> None:
    await written(officer)
    await officer.presses("Gửi ngay")
    for address in ("thon", "thon2"):
        await given(town, address, "first")
    await town.phone("thon").presses_data("n:r:1:")
    await officer.presses_data("u:w:1")
    await officer.says("Mai họp lúc 8 giờ")
    await handled(town, officer, "Sửa tin đã gửi")
    await officer.presses_data("u:w:1")
    await officer.says("Mai họp lúc 9 giờ")
    if label == "Thu hồi":
        await officer.presses_data("n:v:1:")
    heard = await handled(town, officer, label)
    assert ("2 nơi nhận" if label != "Thu hồi" else "2 người đã nhận") in heard["xa"].text
    waiting = await town.rows(Outbox, Outbox.slot == "announce:1", Outbox.state == OutboxState.DUE)
    assert ["9 giờ" in row.body["text"] for row in waiting] == ([True] if label != "Thu hồi" else [])


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_was_taken_back_is_not_read_any_more(town: Town, officer: Phone) -> None:
    await written(officer)
    await officer.presses("Gửi ngay")
    await given(town, "thon", "first")
    await officer.presses_data("n:v:1:")
    await handled(town, officer, "Thu hồi")
    assert "đã được thu hồi" in text_of(await town.phone("thon").presses_data("n:r:1:"))
