"""An emergency whose alerts cannot be sent: whoever raised it reads that nobody has it, and later that it arrived."""

from collections.abc import Callable

import pytest
from sqlmodel import col, update

from handlers import escalating
from handlers.messages import MessageKind
from handlers.unasked import raise_unasked
from storage import people
from storage.session import Session
from storage.tables import Emergency, Outbox, OutboxState, RoleName
from tests.handlers.beginnings import Beginnings, commune_officer, province_officer, village_head
from tests.handlers.chatting import Phone, Town, labels, text_of
from tests.handlers.test_emergency import raised

BEGINNINGS = Beginnings("not_sent", head=village_head, commune=commune_officer, province=province_officer)
pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


def reaching(town: Town, *phones: Phone) -> None:
    """From now on messages go out to these chats alone."""
    addresses = {phone.address for phone in phones}
    town.dispatch.library.reaches = lambda chat, _: chat.address in addresses


async def rings(town: Town) -> None:
    await town.storage.write(lambda session: escalating.escalate(session, town.dispatch.library, town.now))


async def heard_by(town: Town, *phones: Phone) -> list[str]:
    """What each of these chats was told since this was last asked."""
    heard = await town.heard()
    return [text_of([reply for to, reply in heard if to == phone.address]) for phone in phones]


async def goes_out(town: Town, phone: Phone) -> None:
    """Note that what waited for a chat was sent."""
    chat = await phone.contact()

    async def work(session: Session) -> None:
        sent = update(Outbox).where(col(Outbox.contact_id) == chat.id)
        await session.exec(sent.values(state=OutboxState.SENT, body={}))

    await town.storage.write(work)


async def test_officers_read_at_once_that_who_raised_it_reads_nothing_any_more(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raised(town, head, commune)
    await town.dispatch.handle(head.incoming(MessageKind.BLOCKED), town.channel)
    [told] = await heard_by(town, commune)
    assert ("máy của người báo không nhận được tin nữa" in told, "gọi điện" in told) == (True, True)
    assert "Người báo không còn nhận được tin" in text_of(await commune.says("khẩn cấp đang mở"))


async def is_refused(town: Town, phone: Phone) -> None:
    """Note that the platform took nothing for a chat."""
    chat = await phone.contact()

    async def work(session: Session) -> None:
        waits = update(Outbox).where(col(Outbox.contact_id) == chat.id)
        await session.exec(waits.values(state=OutboxState.DUE, problem="Zalo 403"))

    await town.storage.write(work)


async def unasked(town: Town) -> int:
    return await town.storage.write(lambda session: raise_unasked(session, town.dispatch.library, town.now))


@pytest.mark.parametrize(
    ("words", "place", "unsure"),
    [("lũ cuốn mất nhà rồi", "Nà Hin", True), ("lu cuon mat nha o na loc roi", "Nà Lốc", False)],
)
async def test_a_cry_of_somebody_with_several_places_says_where_it_may_be(
    town: Town, head: Phone, commune: Phone, words: str, place: str, unsure: bool
) -> None:
    person = (await head.contact()).person_id or 0
    role = town.places["Nà Lốc"], RoleName.VILLAGE_HEAD, town.now
    await town.storage.write(lambda session: people.add_role(session, person, *role))
    await head.says(words)
    town.later(minutes=2)
    await is_refused(town, head)
    assert await unasked(town) == 1
    assert [row.place_id for row in await town.rows(Emergency)] == [town.places[place]]
    [alert] = await heard_by(town, commune)
    assert ("người báo còn phụ trách thôn Nà Lốc" in alert) == unsure, alert


async def test_a_cry_that_cannot_be_asked_about_goes_to_the_officers_as_not_confirmed(
    town: Town, head: Phone, commune: Phone
) -> None:
    await head.says("lũ cuốn mất nhà rồi")
    town.later(minutes=2)
    assert await unasked(town) == 0  # the question was shown
    await is_refused(town, head)
    assert (await unasked(town), await unasked(town)) == (1, 0)
    told, alert = await heard_by(town, head, commune)
    assert ("đã chuyển lời bác tới 1 máy" in told, "112" in told) == (True, True)
    assert all(said in alert for said in ("KHẨN CẤP", "Chưa xác nhận", "lũ cuốn mất nhà rồi"))


async def test_what_could_not_be_sent_is_told_once_and_then_that_it_arrived(
    town: Town, head: Phone, commune: Phone, province: Phone
) -> None:
    assert "tới 1 máy" in (await raised(town, head))["thon"]
    reaching(town, head)
    await rings(town)
    [said] = await heard_by(town, head)
    assert ("không gửi được tới máy cán bộ nào" in said, "112" in said) == (True, True)
    await rings(town)
    assert await heard_by(town, head, province) == ["", ""]
    await goes_out(town, commune)
    reaching(town, head, commune, province)
    await rings(town)
    told, above = await heard_by(town, head, province)
    assert ("nay đã tới 1 máy" in told, above) == (True, "")
    await rings(town)
    assert await heard_by(town, head) == [""]
    assert "Đã chuyển thêm" in text_of(await head.says("2 nhà bị vùi"))


async def test_who_can_be_reached_above_is_told_instead(
    town: Town, head: Phone, commune: Phone, province: Phone
) -> None:
    await raised(town, head)
    reaching(town, head, province)
    await rings(town)
    told, above = await heard_by(town, head, province)
    assert ("không máy nào của cán bộ" in told, "KHẨN CẤP" in above) == (True, True)


async def test_what_reaches_nobody_waits_for_the_lowest_level_alone(
    town: Town, head: Phone, commune: Phone, province: Phone
) -> None:
    reaching(town, head)
    said = await raised(town, head, commune, province)
    assert "chưa có cán bộ nào nhận được" in said["thon"]
    assert ("KHẨN CẤP" in said["xa"], said["tinh"]) == (True, "")
    await rings(town)
    assert await heard_by(town, head, province) == ["", ""]
    town.later(hours=1)
    await rings(town)
    [again] = await heard_by(town, head)
    assert "vẫn chưa cán bộ nào nhận" in again
    reaching(town, head, province)
    await rings(town)
    assert "KHẨN CẤP" in (await heard_by(town, province))[0]


@pytest.mark.parametrize(
    "more",
    [
        lambda head: head.says("2 nhà bị vùi"),
        lambda head: head.says("cháy rừng sát nhà dân"),
        lambda head: head.sends(MessageKind.OTHER, what="voice"),
    ],
)
async def test_what_is_said_more_while_officers_cannot_be_reached_is_not_said_to_be_passed_on(
    town: Town, head: Phone, commune: Phone, more: Callable[[Phone], object]
) -> None:
    await raised(town, head)
    await goes_out(town, commune)
    reaching(town, head)
    await town.heard()
    said = text_of(await more(head))  # type: ignore[misc]
    assert "lời này chưa tới máy cán bộ" in said
    await rings(town)
    assert await heard_by(town, head) == [""]


async def test_words_that_were_said_to_be_passed_on_and_could_not_be_sent_are_told_once(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raised(town, head)
    await goes_out(town, commune)
    assert "Đã chuyển thêm" in text_of(await head.says("2 nhà bị vùi"))
    await rings(town)
    assert await heard_by(town, head) == [""]
    reaching(town, head)
    await rings(town)
    assert "lời này chưa tới máy cán bộ" in (await heard_by(town, head))[0]
    await rings(town)
    assert await heard_by(town, head) == [""]


async def test_who_takes_it_up_while_its_head_cannot_be_reached_reads_whom_to_call(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raised(town, head, commune)
    reaching(town, commune)
    said = text_of(await commune.presses("Đã nhận tin"))
    assert ("Người báo chưa biết" in said, "Lý A Sử" in said, "được biết là tin" in said) == (
        True,
        True,
        False,
    )


async def test_if_the_only_officer_who_was_told_is_gone_nobody_is_said_to_have_it(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raised(town, head, commune)
    await goes_out(town, commune)
    await commune.says("/roi")
    await commune.presses("Rời và xoá")
    await rings(town)
    [said] = await heard_by(town, head)
    assert ("vẫn chưa cán bộ nào nhận" in said, "không gửi được" in said) == (True, False)


async def test_what_is_said_while_nobody_is_reached_stands_in_one_alert(
    town: Town, head: Phone, commune: Phone
) -> None:
    """And the head reads the numbers that officers gave."""
    await commune.says("/toi")
    await commune.presses("Số điện thoại để gọi")
    await commune.says("0912345678")
    reaching(town, head)
    assert "0912345678" in (await raised(town, head))["thon"]
    for words in ("5", "cần máy xúc"):
        assert "0912345678" in text_of(await head.says(words))
    [row] = await town.rows(Outbox, col(Outbox.natural_key).startswith("emergency:"))
    assert [word for word in ("KHẨN CẤP", "5", "cần máy xúc") if word not in str(row.body["text"])] == []


async def test_what_went_out_just_now_is_no_mistake_any_more(town: Town, head: Phone, commune: Phone) -> None:
    reaching(town, head)
    await raised(town, head)
    await goes_out(town, commune)
    assert "không huỷ được nữa" in text_of(await head.presses("bấm nhầm"))
    assert (await town.rows(Emergency))[0].withdrawn_at is None


async def test_an_answer_that_cannot_be_sent_is_not_said_to_be_passed_on(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raised(town, head, commune)
    await commune.presses("Đã nhận tin")
    reaching(town, commune)
    said = await commune.says("Đoàn cứu hộ đang lên")
    assert "chưa tới máy người báo" in text_of(said)
    assert labels(said)
