"""An emergency: two taps, gone at once, acknowledged, gone up a level when nobody answers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers import emergency
from handlers.messages import FileRef, Kind, Location
from storage.tables import Attachment, AttachmentState, Emergency, Outbox, RoleName
from tests.handlers.chatting import Phone, Town, load_forms, text_of, town_on


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path) as made:
        await load_forms(made)
        yield made


@pytest.fixture
async def head(town: Town) -> Phone:
    return await town.head("thon")


@pytest.fixture
async def commune(town: Town) -> Phone:
    return await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")


@pytest.fixture
async def province(town: Town) -> Phone:
    return await town.enrolled("tinh", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Hà Thị Mai")


async def hears(town: Town, phone: Phone) -> str:
    """What a chat was told since this was last asked."""
    mine = [reply for address, reply in await town.heard() if address == phone.address]
    phone.shown += mine
    return text_of(mine)


async def raised(town: Town, head: Phone, *others: Phone) -> dict[str, str]:
    """Raise a landslide; what each of the other chats was told."""
    await head.says("/khancap")
    await town.dispatch.handle(head.incoming(Kind.PRESS, press=head.button("Sạt lở")), town.channel)
    heard = await town.heard()
    for address, reply in heard:
        for phone in (head, *others):
            if phone.address == address:
                phone.shown.append(reply)
    return {
        phone.address: text_of([reply for address, reply in heard if address == phone.address])
        for phone in (head, *others)
    }


async def test_two_taps_reach_the_officers_before_everything_else(
    town: Town, head: Phone, commune: Phone, province: Phone
) -> None:
    said = await raised(town, head, commune, province)
    assert "Đã báo Sạt lở đất" in said["thon"]
    assert "KHẨN CẤP: Sạt lở đất" in said["xa"]
    assert "thôn Nà Hin" in said["xa"]
    assert said["tinh"] == ""
    rows = await town.rows(Outbox, Outbox.natural_key.startswith("emergency:"))  # type: ignore[union-attr]
    assert [row.priority for row in rows] == [-1]


async def test_details_follow_and_go_on_at_once(town: Town, head: Phone, commune: Phone) -> None:
    await raised(town, head, commune)
    await town.dispatch.handle(head.incoming(Kind.TEXT, text="5"), town.channel)
    assert "5 người bị ảnh hưởng" in await hears(town, commune)
    await town.dispatch.handle(head.incoming(Kind.TEXT, text="cần <máy> xúc"), town.channel)
    assert "cần <máy> xúc" in await hears(town, commune)
    [row] = await town.rows(Emergency)
    assert [detail["what"] for detail in row.details] == ["people", "words"]


async def test_where_it_is_is_passed_on(town: Town, head: Phone, commune: Phone) -> None:
    await raised(town, head, commune)
    spot = head.incoming(Kind.LOCATION, location=Location(22.1, 105.9))
    await town.dispatch.handle(spot, town.channel)
    assert "22.10000, 105.90000" in await hears(town, commune)


async def test_a_photo_reaches_those_who_were_alerted_once_it_is_kept(
    town: Town, head: Phone, commune: Phone, province: Phone
) -> None:
    await raised(town, head, commune, province)
    said = text_of(await head.sends(Kind.PHOTO, photo=FileRef("file-9", 1000)))
    assert "Đã chuyển thêm" in said

    async def keep(session: AsyncSession) -> None:
        [photo] = await session.exec(select(Attachment))
        assert (photo.file_ref, photo.interview_id) == ("file-9", None)
        photo.state, photo.name, photo.media_type = AttachmentState.STORED, "ab/abc.jpg", "image/jpeg"
        await emergency.photo_kept(session, photo, town.now.date(), town.now)

    await town.storage.write(keep)
    heard = await town.heard()
    assert [address for address, _ in heard] == ["xa"]
    document = heard[0][1].document
    assert document is not None
    assert (document.path, document.media_type) == ("photos/ab/abc.jpg", "image/jpeg")
    town.later(minutes=16)
    await town.storage.write(lambda session: emergency.escalate(session, town.dispatch.library, town.now))
    up = [reply for address, reply in await town.heard() if address == "tinh"]
    assert [reply.document is not None for reply in up] == [False, True]


async def test_the_head_sees_that_somebody_has_it(town: Town, head: Phone, commune: Phone) -> None:
    await raised(town, head, commune)
    await town.dispatch.handle(commune.incoming(Kind.PRESS, press=commune.button("Đã nhận")), town.channel)
    assert "Cán bộ xã đã nhận tin" in await hears(town, head)
    again = await commune.presses("Đã nhận")
    assert "đã có người xác nhận" in text_of(again)


async def test_unanswered_it_goes_up_once(town: Town, head: Phone, commune: Phone, province: Phone) -> None:
    await raised(town, head, commune, province)
    library = town.dispatch.library
    town.later(minutes=14)
    assert await town.storage.write(lambda session: emergency.escalate(session, library, town.now)) == 0
    town.later(minutes=2)
    assert await town.storage.write(lambda session: emergency.escalate(session, library, town.now)) == 1
    assert "chưa ai xác nhận" in await hears(town, province)
    assert await town.storage.write(lambda session: emergency.escalate(session, library, town.now)) == 0


async def test_acknowledged_it_stays(town: Town, head: Phone, commune: Phone, province: Phone) -> None:
    await raised(town, head, commune, province)
    await commune.presses("Đã nhận")
    town.later(hours=1)
    library = town.dispatch.library
    assert await town.storage.write(lambda session: emergency.escalate(session, library, town.now)) == 0


async def test_with_nobody_to_reach_the_head_is_told_to_phone(town: Town, head: Phone) -> None:
    said = await raised(town, head)
    assert "chưa có cán bộ nào nhận được" in said["thon"]
    assert "112" in said["thon"]


async def test_a_mistake_is_taken_back(town: Town, head: Phone, commune: Phone) -> None:
    await raised(town, head, commune)
    await town.dispatch.handle(head.incoming(Kind.PRESS, press=head.button("bấm nhầm")), town.channel)
    assert "bấm nhầm" in await hears(town, commune)


async def test_nobody_else_may_acknowledge_or_withdraw(town: Town, head: Phone, commune: Phone) -> None:
    await raised(town, head, commune)
    [row] = await town.rows(Emergency)
    other = await town.enrolled("na", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Vi Văn Lợi")
    for op in ("a", "w", "x"):
        assert "không còn dùng được" in text_of(await other.presses_data(f"z:{op}:{row.id}"))
    [row] = await town.rows(Emergency)
    assert row.acknowledged_at is None
    assert row.withdrawn_at is None
    for data in (
        "z:",
        "z:k:1:lu",
        f"z:k:{town.places['Xiềng Tắm']}:chay",
        "z:a:99999999999999999999",
        "z:q:1",
    ):
        assert await head.presses_data(data)
    assert len(await town.rows(Emergency)) == 1


@pytest.mark.parametrize("words", ["giúp", "giúp đỡ", "vâng", "cảm ơn"])
async def test_who_cries_for_help_or_thanks_goes_on_speaking_of_it(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raised(town, head, commune)
    assert "Đã chuyển thêm" in text_of(await head.says(words))
    await town.dispatch.handle(head.incoming(Kind.TEXT, text="3 người bị thương"), town.channel)
    assert "3 người bị thương" in await hears(town, commune)


async def test_days_later_words_are_about_something_else(town: Town, head: Phone, commune: Phone) -> None:
    await raised(town, head, commune)
    town.later(days=2)
    await town.dispatch.handle(head.incoming(Kind.TEXT, text="nước sinh hoạt"), town.channel)
    heard = await town.heard()
    assert [address for address, _ in heard] == ["thon"]
    assert "nước sinh hoạt" not in str([row.details for row in await town.rows(Emergency)])


async def test_a_withdrawn_one_is_not_acknowledged(town: Town, head: Phone, commune: Phone) -> None:
    await raised(town, head, commune)
    acknowledge = commune.button("Đã nhận tin")
    await head.presses("Tôi bấm nhầm")
    await town.dispatch.handle(commune.incoming(Kind.PRESS, press=acknowledge), town.channel)
    heard = await town.heard()
    assert [address for address, _ in heard] == ["xa"]
    assert "bấm nhầm" in text_of([reply for _, reply in heard])
