"""An emergency: two taps, gone at once, acknowledged, gone up a level when nobody answers."""

from dataclasses import replace
from typing import Final

import pytest
from sqlmodel import select

from handlers import alarms, escalating, photo_limits
from handlers.messages import FileRef, Location, MessageKind
from storage.session import Session
from storage.tables import Attachment, AttachmentState, Contact, Emergency, InterviewRow, Outbox, RoleName
from tests.handlers.beginnings import Beginnings, commune_officer, province_officer, village_head
from tests.handlers.chatting import ZONE, Phone, Town, labels, text_of

BEGINNINGS = Beginnings("emergency", head=village_head, commune=commune_officer, province=province_officer)


CRIES: Final = (
    "khong nham dau, lu dang len to, cuu voi",
    "sat lo that, 2 nguoi mat tich",
    "cháy thật, sai thôn",
    "có thật, nước đang vào nhà",
    "không nhầm đâu",
    "chưa yên đâu, còn hai người kẹt",
    "may chưa cháy sang nhà bên",
    "nước rút rồi nhưng còn hai người kẹt, cứu với",
    "don xong roi nhung lai sat tiep",
)
"""What is still a cry, though the sentence that closes it was asked for."""
OVER: Final = (
    "toi bam nham, thon van binh thuong",
    "chết rồi tôi bấm nhầm",
    "không có việc gì, trẻ con nghịch máy",
    "nước rút hết rồi, không ai làm sao",
    "có sạt thật nhưng chỉ lấp rãnh nước, không sao",
    "Đã dọn xong đất đá, đường đi lại được",
)
"""What closes it."""


async def hears(town: Town, phone: Phone) -> str:
    """What a chat was told since this was last asked."""
    mine = [reply for address, reply in await town.heard() if address == phone.address]
    phone.shown += mine
    return text_of(mine)


async def raised(town: Town, head: Phone, *others: Phone) -> dict[str, str]:
    """Raise a landslide; what each of the other chats was told."""
    await head.says("/khancap")
    await town.dispatch.handle(head.incoming(MessageKind.PRESS, press=head.button("Sạt lở")), town.channel)
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


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_large_bare_number_tells_of_no_crowd(town: Town, head: Phone, commune: Phone) -> None:
    """It may be an answer that was meant for a question."""
    await raised(town, head, commune)
    await town.dispatch.handle(head.incoming(MessageKind.TEXT, text="120"), town.channel)
    said = await hears(town, commune)
    assert "120" in said
    assert "120 người" not in said


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("buttons", [True, False])
async def test_a_number_under_the_kinds_answers_no_open_question(
    town: Town, head: Phone, commune: Phone, buttons: bool
) -> None:
    """It may count people in danger: nothing is stored, and the kinds are shown again."""
    town.channel.can = replace(town.channel.can, buttons=buttons)
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    before = [row.state for row in await town.rows(InterviewRow)]
    for ask in ("/khancap", "khẩn cấp"):
        await head.says(ask)
        for words in ("5", "5 người", "khoảng năm người ạ", "3 cháu nhỏ", "2 people"):
            said = await head.says(words)
            assert f"«{words}» máy CHƯA ghi" in text_of(said)
            assert {"Sạt lở đất", "Tiếp tục"} <= set(labels(said))
    assert [row.state for row in await town.rows(InterviewRow)] == before
    _, told = await head.act(commune, press="Sạt lở")
    assert "KHẨN CẤP: Sạt lở đất" in told


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_number_answers_the_question_once_it_is_shown_again(town: Town, head: Phone) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    await head.says("/khancap")
    await head.says("5")
    await head.presses("Tiếp tục")
    assert "Ghi nhận" in text_of(await head.says("5"))


async def test_details_follow_and_go_on_at_once(town: Town, head: Phone, commune: Phone) -> None:
    await raised(town, head, commune)
    await town.dispatch.handle(head.incoming(MessageKind.TEXT, text="5"), town.channel)
    assert "5 người bị ảnh hưởng" in await hears(town, commune)
    await town.dispatch.handle(head.incoming(MessageKind.TEXT, text="cần <máy> xúc"), town.channel)
    assert "cần <máy> xúc" in await hears(town, commune)
    [row] = await town.rows(Emergency)
    assert [detail["what"] for detail in row.details] == ["people", "words"]


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("buttons", [True, False])
@pytest.mark.parametrize("words", ["nha ong Tu chay to", "bấm nhầm"])
async def test_a_number_counts_people_only_where_they_were_asked_for(
    town: Town, head: Phone, commune: Phone, buttons: bool, words: str
) -> None:
    """Beside «Báo riêng · Xong» or «Khép tin · Xong» it may be meant for a button: nobody is told, and the bot asks."""
    town.channel.can = replace(town.channel.can, buttons=buttons)
    await raised(town, head, commune)
    await head.act(commune, text=words)
    said, told = await head.act(commune, text="2")
    assert "«2» CHƯA chuyển cho ai" in said
    assert told == ""
    assert "2 người" in labels(head.shown[-1:])
    said, told = await head.act(commune, text="2 người")
    assert "2 người bị ảnh hưởng" in told
    assert "2 người bị ảnh hưởng" in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_number_sent_twice_neither_counts_people_nor_raises_what_it_would_choose_next(
    town: Town, head: Phone, commune: Phone
) -> None:
    """An impatient thumb, or a phone that sends again: the number was meant for the list that it chose from."""
    town.channel.can = replace(town.channel.can, buttons=False)
    await head.act(commune, text="menu")
    place = str(labels(head.shown[-1:]).index("🆘 Khẩn cấp") + 1)
    await head.act(commune, text=place)
    town.later(seconds=2)
    said, told = await head.act(commune, text=place)
    assert ("tới lần nữa" in said, told) == (True, "")
    assert "Cháy" in labels(head.shown[-1:])
    _, told = await head.act(commune, text="2")
    assert "KHẨN CẤP: Sạt lở" in told
    said, told = await head.act(commune, text="2")
    assert ("«2» CHƯA chuyển cho ai" in said, told) == (True, "")
    assert "2 người bị ảnh hưởng" in (await head.act(commune, text="2 người"))[1]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_number_sent_twice_answers_no_question_that_it_opened(town: Town, head: Phone) -> None:
    town.channel.can = replace(town.channel.can, buttons=False)
    await head.says("báo cáo")
    await head.says("1")
    town.later(seconds=3)
    assert "chưa hiện ra" in text_of(await head.says("1"))
    assert "Ghi nhận" in text_of(await head.says("1"))


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(("number", "shown"), [("0", "muốn làm gì"), ("9", "Trợ giúp")])
async def test_where_no_number_is_asked_for_0_and_9_lead_out_of_an_emergency(
    town: Town, head: Phone, commune: Phone, number: str, shown: str
) -> None:
    town.channel.can = replace(town.channel.can, buttons=False)
    await raised(town, head, commune)
    await head.act(commune, text="nha ong Tu chay to")
    said, told = await head.act(commune, text=number)
    assert (told, "CHƯA chuyển" in said) == ("", False)
    assert shown in said + str(labels(head.shown[-1:]))


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("begin", "again"),
    [("/khancap", "Sạt lở đất"), ("nuoc dang cao 2 m, sap tran vao nha roi cuu voi", "Đúng, báo ngay")],
)
async def test_a_card_within_a_questionnaire_shows_again_what_is_not_sent_yet(
    town: Town, head: Phone, begin: str, again: str
) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    await head.says(begin)
    said = await head.shares("0912345678", own=False)
    assert "CHƯA" in text_of(said)
    assert {again, "Tiếp tục"} <= set(labels(said))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_number_after_an_officers_words_goes_on_as_it_is(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raised(town, head, commune)
    await commune.act(head, press="Đã nhận tin")
    await commune.act(head, text="Sập mấy nhà vậy anh?")
    _, told = await head.act(commune, text="2")
    assert "2" in told
    assert "người" not in told


async def test_where_it_is_is_passed_on(town: Town, head: Phone, commune: Phone) -> None:
    await raised(town, head, commune)
    spot = head.incoming(MessageKind.LOCATION, location=Location(22.1, 105.9))
    await town.dispatch.handle(spot, town.channel)
    assert "22.10000, 105.90000" in await hears(town, commune)


async def test_a_photo_reaches_those_who_were_alerted_once_it_is_kept(
    town: Town, head: Phone, commune: Phone, province: Phone
) -> None:
    await raised(town, head, commune, province)
    said = text_of(await head.sends(MessageKind.PHOTO, photo=FileRef("file-9", 1000)))
    assert "Đã nhận ảnh" in said

    async def keep(session: Session) -> None:
        [photo] = await session.exec(select(Attachment))
        assert (photo.file_ref, photo.interview_id) == ("file-9", None)
        photo.state, photo.name, photo.media_type = AttachmentState.STORED, "ab/abc.jpg", "image/jpeg"
        await alarms.photo_kept(session, photo, ZONE, town.now)

    await town.storage.write(keep)
    heard = await town.heard()
    assert [address for address, _ in heard] == ["xa"]
    document = heard[0][1].document
    assert document is not None
    assert (document.path, document.media_type) == ("photos/ab/abc.jpg", "image/jpeg")
    town.later(minutes=16)
    await town.storage.write(lambda session: escalating.escalate(session, town.dispatch.library, town.now))
    up = [reply for address, reply in await town.heard() if address == "tinh"]
    assert [reply.document is not None for reply in up] == [False, True]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_cannot_see_a_photo_is_told_to_ask_and_the_sender_to_describe_it(
    town: Town, head: Phone, commune: Phone
) -> None:
    town.dispatch.library.in_words = frozenset({town.channel.name})
    await raised(town, head, commune)
    said = text_of(await head.sends(MessageKind.PHOTO, photo=FileRef("file-9", 1000)))
    assert "không xem được ảnh" in said
    assert "viết bằng chữ" in said

    async def keep(session: Session) -> None:
        [photo] = await session.exec(select(Attachment))
        photo.state, photo.name, photo.media_type = AttachmentState.STORED, "ab/abc.jpg", "image/jpeg"
        await alarms.photo_kept(session, photo, ZONE, town.now, town.dispatch.library.in_words)

    await town.storage.write(keep)
    [(address, told)] = await town.heard()
    assert (address, told.document) == ("xa", None)
    assert "gửi ảnh, nhưng" in text_of([told])


async def test_the_head_sees_that_somebody_has_it(town: Town, head: Phone, commune: Phone) -> None:
    await raised(town, head, commune)
    await town.dispatch.handle(
        commune.incoming(MessageKind.PRESS, press=commune.button("Đã nhận")), town.channel
    )
    assert "Cán bộ xã Vĩnh Thông đã nhận tin" in await hears(town, head)
    again = await commune.presses("Đã nhận")
    assert "đã có người xác nhận" in text_of(again)


async def test_unanswered_it_goes_up_once(town: Town, head: Phone, commune: Phone, province: Phone) -> None:
    near = (await raised(town, head, commune, province))["xa"]
    library = town.dispatch.library
    town.later(minutes=14)
    assert await town.storage.write(lambda session: escalating.escalate(session, library, town.now)) == 0
    town.later(minutes=2)
    assert await town.storage.write(lambda session: escalating.escalate(session, library, town.now)) == 1
    above = await hears(town, province)
    assert "chưa ai xác nhận" in above
    assert ("Lý A Sử" in near, "Lý A Sử" in above) == (True, False), (
        "who raised it is for commune and district"
    )
    assert await town.storage.write(lambda session: escalating.escalate(session, library, town.now)) == 0


async def test_acknowledged_it_stays(town: Town, head: Phone, commune: Phone, province: Phone) -> None:
    await raised(town, head, commune, province)
    await commune.presses("Đã nhận")
    town.later(hours=1)
    library = town.dispatch.library
    assert await town.storage.write(lambda session: escalating.escalate(session, library, town.now)) == 0


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_with_nobody_to_reach_the_head_is_told_to_phone(town: Town, head: Phone) -> None:
    said = await raised(town, head)
    assert "chưa có cán bộ nào nhận được" in said["thon"]
    assert "112" in said["thon"]


async def test_what_reaches_nobody_is_not_said_to_be_passed_on(town: Town, head: Phone) -> None:
    await raised(town, head)
    for said in (await head.says("5"), await head.sends(MessageKind.PHOTO, photo=FileRef("f", 1))):
        assert "chưa có cán bộ nào nhận được" in text_of(said)
        assert "112" in text_of(said)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_can_be_reached_later_gets_the_whole_emergency(town: Town, head: Phone) -> None:
    await raised(town, head)
    await head.says("5")
    commune = await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    assert "Đã chuyển thêm" in text_of(await head.says("cần máy xúc"))
    [row] = await town.rows(Outbox, Outbox.natural_key.startswith("emergency:"))  # type: ignore[union-attr]
    said = str(row.body["text"])
    assert [word for word in ("KHẨN CẤP", "5", "cần máy xúc") if word not in said] == []
    assert row.contact_id == (await commune.contact()).id
    assert "không huỷ được nữa" in text_of(await head.presses("bấm nhầm"))


async def test_who_cannot_be_written_to_now_is_not_counted_as_told(
    town: Town, head: Phone, commune: Phone, province: Phone
) -> None:
    town.dispatch.library.reaches = lambda chat, _: chat.address == province.address
    said = await raised(town, head, commune, province)
    assert "tới 1 máy" in said["thon"]
    assert all("KHẨN CẤP" in said[phone.address] for phone in (commune, province))


async def test_what_waits_for_a_closed_channel_is_told_to_nobody_and_can_be_taken_back(
    town: Town, head: Phone, commune: Phone
) -> None:
    town.dispatch.library.reaches = lambda *_: False
    said = await raised(town, head, commune)
    assert "chưa có cán bộ nào nhận được" in said["thon"]
    for words in ("5", "cần máy xúc"):
        assert "chưa có cán bộ nào nhận được" in text_of(await head.says(words))
    assert await town.rows(Outbox, Outbox.natural_key.startswith("emergency:"))  # type: ignore[union-attr]
    await head.presses("bấm nhầm")
    assert (await town.rows(Emergency))[0].withdrawn_at is not None
    assert not await town.rows(Outbox, Outbox.natural_key.startswith("emergency:"))  # type: ignore[union-attr]


async def test_a_sticker_tells_nothing_and_goes_to_nobody(town: Town, head: Phone, commune: Phone) -> None:
    await raised(town, head, commune)
    told = len(await town.rows(Outbox))
    assert "hình vui" in text_of(await head.sends(MessageKind.OTHER, what="sticker"))
    assert len(await town.rows(Outbox)) == told + 1
    assert (await town.rows(Emergency))[0].details == []


async def test_before_anybody_was_told_a_mistake_is_taken_back(town: Town, head: Phone) -> None:
    await raised(town, head)
    assert "bấm nhầm" in text_of(await head.presses("bấm nhầm"))
    [row] = await town.rows(Emergency)
    assert (row.withdrawn_at is not None, row.closed_at) == (True, None)
    assert await town.rows(Outbox, Outbox.natural_key.startswith("emergency:")) == []  # type: ignore[union-attr]


async def closes(town: Town, head: Phone, *others: Phone, text: str) -> dict[str, str]:
    """Press the mistake's button, then write `text`; what each of the others reads."""
    assert "không huỷ được nữa" in text_of(await head.presses("bấm nhầm"))
    await town.dispatch.handle(head.incoming(MessageKind.TEXT, text=text), town.channel)
    heard = await town.heard()
    head.shown += [reply for address, reply in heard if address == head.address]
    return {
        phone.address: text_of([reply for address, reply in heard if address == phone.address])
        for phone in others
    }


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_once_told_it_is_closed_by_a_sentence_read_with_what_had_been_said(
    town: Town, head: Phone, commune: Phone, province: Phone
) -> None:
    spot = await head.sends(MessageKind.LOCATION, location=Location(22.1, 105.9))
    assert "chọn «Khẩn cấp» trước" in text_of(spot)
    await raised(town, head, commune, province)
    await head.says("nước cuốn <trôi> hai nhà")
    await head.says("3 người")
    await head.sends(MessageKind.LOCATION, location=Location(22.1, 105.9))
    await commune.presses("Đã nhận")
    await town.heard()
    read = await closes(town, head, commune, province, text="Tôi bấm nhầm, thôn yên ổn")
    wanted = ("“Tôi bấm nhầm, thôn yên ổn”", "nước cuốn <trôi> hai nhà", "3", "22.10000, 105.90000", "08:00")
    assert [word for word in wanted if word not in read["xa"]] == []
    assert "đã có người xác nhận" in read["xa"]
    assert read["tinh"] == "", "they were not told of it"
    [row] = await town.rows(Emergency)
    assert (row.withdrawn_at, row.closed_at is not None) == (None, True)
    assert "emergency.closed" in await town.audit()


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_closed_it_goes_no_further_and_every_button_says_so(
    town: Town, head: Phone, commune: Phone, province: Phone
) -> None:
    await raised(town, head, commune, province)
    read = await closes(town, head, commune, text="Tôi bấm nhầm ạ")
    assert "Trước đó chưa nói thêm gì" in read["xa"]
    assert "Chưa cán bộ nào" in read["xa"]
    town.later(hours=1)
    library = town.dispatch.library
    assert await town.storage.write(lambda session: escalating.escalate(session, library, town.now)) == 0
    assert "Tôi bấm nhầm ạ" in text_of(await commune.presses("Đã nhận"))
    for button in ("bấm nhầm", "Xong", "Vẫn đang"):
        assert "đã khép lại" in text_of(await head.presses(button))
    await head.says("nước sinh hoạt")
    [row] = await town.rows(Emergency)
    assert [detail["what"] for detail in row.details] == ["closing"]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_word_closes_nothing(town: Town, head: Phone, commune: Phone) -> None:
    await raised(town, head, commune)
    for words in ("nhầm", "giúp", ".", "0"):
        await head.presses("bấm nhầm")
        assert "vẫn để mở" in text_of(await head.says(words)), words
    [row] = await town.rows(Emergency)
    assert (row.closed_at, row.details) == (None, [])


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_cry_closes_nothing_though_the_closing_sentence_was_asked_for(
    town: Town, head: Phone, commune: Phone
) -> None:
    """Officers read it at once, as more of what is open or as another danger; one press closes it with these words where it
    was meant so."""
    for words in CRIES:
        await raised(town, head, commune)
        read = await closes(town, head, commune, text=words)
        assert words in read["xa"]
        said = text_of(head.shown[-1:])
        assert "còn nguy hiểm thì bác cứ nhắn tiếp" in said or "«Báo riêng»" in said, words
        assert (await town.rows(Emergency))[-1].closed_at is None, words
        assert "Đã khép" in text_of(await head.presses("Khép tin")), words


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_says_that_it_is_over_or_was_a_mistake_closes_it(
    town: Town, head: Phone, commune: Phone
) -> None:
    for words in OVER:
        await raised(town, head, commune)
        await head.presses("bấm nhầm")
        assert "Đã khép" in text_of(await head.says(words)), words


async def test_a_slip_said_once_more_after_closing_is_about_no_report(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raised(town, head)
    await head.presses("bấm nhầm")
    await head.says("bấm nhầm, thôn yên")
    for words in ("bấm nhầm", "nhầm rồi ạ", "sạt lở là tôi bấm nhầm"):
        assert "Tin khẩn cấp Sạt lở đất (báo lúc 08:00 20/11/2026) đã khép lại" in text_of(
            await head.says(words)
        )
    assert "đã khép lại" not in text_of(await head.says("phiếu nước tôi nhầm"))
    town.later(minutes=11)
    assert "đã khép lại" not in text_of(await head.says("bấm nhầm"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_is_written_hours_later_closes_nothing(town: Town, head: Phone, commune: Phone) -> None:
    await raised(town, head, commune)
    await head.presses("bấm nhầm")
    town.later(hours=2)
    await head.says("khoảng 120 hộ")
    [row] = await town.rows(Emergency)
    assert (row.closed_at, row.details) == (None, [])


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("photo", [True, False])
async def test_who_goes_on_telling_leaves_it_open(
    town: Town, head: Phone, commune: Phone, photo: bool
) -> None:
    await raised(town, head, commune)
    await head.presses("bấm nhầm")
    if photo:
        assert "Đã nhận ảnh" in text_of(await head.sends(MessageKind.PHOTO, photo=FileRef("f", 1)))
    else:
        assert "vẫn để mở" in text_of(await head.presses("Vẫn đang khẩn cấp"))
    await head.says("nước đang lên rất nhanh")
    [row] = await town.rows(Emergency)
    assert row.closed_at is None
    assert [detail["what"] for detail in row.details] == ["words"]


async def test_what_went_up_a_level_cannot_be_taken_back(town: Town, head: Phone, province: Phone) -> None:
    said = await raised(town, head, province)
    assert "KHẨN CẤP" in said["tinh"], "nobody is on duty below"
    assert ("chưa máy nào nhận được" in said["tinh"], "15 phút" in said["tinh"]) == (True, False)
    assert "tới 1 máy của cán bộ tỉnh. Cán bộ cấp dưới chưa ai nhận được" in said["thon"]
    assert "không huỷ được nữa" in text_of(await head.presses("bấm nhầm"))


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("said", ["words", "photo", "voice"])
async def test_what_is_told_when_officers_take_no_messages_any_more_goes_to_who_does(
    town: Town, head: Phone, commune: Phone, province: Phone, said: str
) -> None:
    async def more() -> dict[str, str]:
        send = {
            "words": lambda: head.incoming(MessageKind.TEXT, text="2 nhà bị vùi"),
            "photo": lambda: head.incoming(MessageKind.PHOTO, photo=FileRef("f", 1)),
            "voice": lambda: head.incoming(MessageKind.OTHER, what="voice"),
        }[said]
        await town.dispatch.handle(send(), town.channel)
        heard = await town.heard()
        phones = (head.address, commune.address, province.address)
        return {phone: text_of([one for to, one in heard if to == phone]) for phone in phones}

    async def block(address: str) -> None:
        chat = await Phone(town, address).contact()

        async def work(session: Session) -> None:
            blocked = await session.get_one(Contact, chat.id)
            blocked.reachable = False

        await town.storage.write(work)

    await raised(town, head, commune, province)
    assert not (await more())[province.address]
    await block(commune.address)
    assert "KHẨN CẤP" in (await more())[province.address]
    await block(province.address)
    assert "chưa có cán bộ nào nhận được" in (await more())[head.address]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_every_phone_refused_goes_up_at_once_and_is_told_to_whom_comes_back(
    town: Town, head: Phone, commune: Phone, province: Phone
) -> None:
    library = town.dispatch.library

    async def rings() -> int:
        return await town.storage.write(lambda session: escalating.escalate(session, library, town.now))

    await raised(town, head, commune, province)
    assert await rings() == 0
    await town.dispatch.handle(commune.incoming(MessageKind.BLOCKED), town.channel)
    assert await rings() == 1
    heard = await town.heard()
    said = {to: text_of([one for address, one in heard if address == to]) for to in ("thon", "tinh")}
    assert ("không máy nào của cán bộ" in said["thon"], "Sạt lở đất" in said["tinh"]) == (True, True)
    assert ("chưa máy nào nhận được" in said["tinh"], "15 phút" in said["tinh"]) == (True, False)
    assert await rings() == 0
    await town.dispatch.handle(commune.incoming(MessageKind.TEXT, text="/menu"), town.channel)
    assert "VẪN CHƯA AI NHẬN: Sạt lở đất" in await hears(town, commune)


async def test_an_emergency_takes_ten_photos_and_words_for_ever(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raised(town, head, commune)
    for number in range(photo_limits.AN_EMERGENCY):
        said = text_of(await head.sends(MessageKind.PHOTO, photo=FileRef(f"f{number}", 1)))
        assert "Đã nhận ảnh" in said
    said = text_of(await head.sends(MessageKind.PHOTO, photo=FileRef("more", 1)))
    assert "đã nhận 10 ảnh" in said
    huge = FileRef("huge", photo_limits.LARGEST + 1)
    assert "quá 10 MB" in text_of(await head.sends(MessageKind.PHOTO, photo=huge))
    assert len(await town.rows(Attachment)) == photo_limits.AN_EMERGENCY
    assert "Đã chuyển thêm" in text_of(await head.says("cần hai máy xúc"))
    said = text_of(await head.says("📍 Gửi vị trí của tôi / Share my location"))
    assert "gõ tên chỗ" in said
    assert "Đã chuyển" not in said


async def test_the_photos_of_a_days_emergencies_are_counted_together(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raised(town, head, commune)
    [row] = await town.rows(Emergency)

    async def many(session: Session) -> None:
        for number in range(photo_limits.EMERGENCIES_A_DAY):
            session.add(
                Attachment(
                    emergency_id=row.id,
                    contact_id=row.contact_id,
                    path="",
                    file_ref=f"{number}",
                    state=AttachmentState.REFUSED,
                    created_at=town.now,
                )
            )

    await town.storage.write(many)
    assert "ảnh khẩn cấp" in text_of(await head.sends(MessageKind.PHOTO, photo=FileRef("more", 1)))
    town.later(hours=17)
    await raised(town, head, commune)
    assert "Đã nhận ảnh" in text_of(await head.sends(MessageKind.PHOTO, photo=FileRef("more", 1)))


@pytest.mark.parametrize("kind", ["sqlite"])
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


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("words", ["giúp", "giúp đỡ"])
async def test_who_cries_for_help_goes_on_speaking_of_it(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raised(town, head, commune)
    assert "Đã chuyển thêm" in text_of(await head.says(words))
    await town.dispatch.handle(head.incoming(MessageKind.TEXT, text="3 người bị thương"), town.channel)
    assert "3 người bị thương" in await hears(town, commune)


@pytest.mark.parametrize(
    ("cry", "more", "kind"),
    [
        ("nha ba Un bi lu cuon troi roi", "có 3 người mất tích", "lu-quet"),
        ("trâu bò chết dịch nhiều lắm", "có người chết đuối", "khac"),
        ("gà chết dịch nhiều lắm", "cháy nhà rồi cứu với", "chay"),
    ],
)
async def test_people_in_a_disaster_are_no_other_danger(
    town: Town, head: Phone, commune: Phone, cry: str, more: str, kind: str
) -> None:
    """Whoever is asked whether it is an emergency goes on telling instead of pressing."""
    await head.says(cry)
    await head.says(more)
    [row] = await town.rows(Emergency)
    assert row.kind == kind


async def test_days_later_words_are_about_something_else(town: Town, head: Phone, commune: Phone) -> None:
    await raised(town, head, commune)
    town.later(days=2)
    await town.dispatch.handle(head.incoming(MessageKind.TEXT, text="nước sinh hoạt"), town.channel)
    heard = await town.heard()
    assert [address for address, _ in heard] == ["thon"]
    assert "nước sinh hoạt" not in str([row.details for row in await town.rows(Emergency)])


async def two_at_once(town: Town, head: Phone, *, closed: bool) -> tuple[int, int]:
    """Raise a fire, and close it if `closed`, then a landslide; the numbers of the two."""
    await head.says("/khancap")
    await head.presses("Cháy")
    if closed:
        assert "Để khép tin Cháy" in text_of(await head.presses("bấm nhầm"))
        await head.says("bấm nhầm, thôn yên")
    await head.says("/khancap")
    await head.presses("Sạt lở")
    fire, slide = await town.rows(Emergency)
    return fire.id, slide.id


@pytest.mark.parametrize("button", ["w", "x", "s"])
async def test_an_old_button_of_a_closed_emergency_touches_no_other(
    town: Town, head: Phone, commune: Phone, button: str
) -> None:
    fire, slide = await two_at_once(town, head, closed=True)
    said = text_of(await head.presses_data(f"z:{button}:{fire}"))
    assert "Tin khẩn cấp Cháy" in said
    assert "đã khép lại" in said
    assert "Sạt lở đất" in said, "what is written next belongs to this one"
    await hears(town, commune)
    await town.dispatch.handle(
        head.incoming(MessageKind.TEXT, text="cháy đã dập xong, không sao"), town.channel
    )
    heard = await hears(town, commune)
    assert "Sạt lở đất, tin thêm" in heard
    assert "có thể là việc khác: Cháy" in heard
    assert "tin đang mở là Sạt lở đất" in text_of(await head.says("lửa tắt hẳn rồi, bà con an toàn"))
    await commune.says("khép tin")
    assert "Câu này nói tới Cháy" in text_of(await commune.says("Xã đã dập xong đám cháy"))
    row = (await town.rows(Emergency, Emergency.id == slide))[0]
    assert row.closed_at is None


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_of_two_open_ones_the_sentence_closes_the_one_that_was_named(
    town: Town, head: Phone, commune: Phone
) -> None:
    fire, slide = await two_at_once(town, head, closed=False)
    assert "Để khép tin Cháy" in text_of(await head.presses_data(f"z:w:{fire}"))
    said = text_of(await head.says("bếp khói thôi, không cháy"))
    assert "Đã khép tin khẩn cấp Cháy" in said
    assert "Sạt lở đất (báo lúc" in said
    rows = {row.id: row for row in await town.rows(Emergency)}
    assert (rows[fire].closed_at is not None, rows[slide].closed_at) == (True, None)


async def test_a_reply_is_told_of_the_emergency_that_it_replies_to(
    town: Town, head: Phone, commune: Phone
) -> None:
    await two_at_once(town, head, closed=False)

    async def is_sent(session: Session) -> None:
        for row in await session.exec(select(Outbox)):
            row.ref = str(row.id)

    await town.storage.write(is_sent)
    of_fire = next(row for row in await town.rows(Outbox) if "Đã báo <b>Cháy" in str(row.body["text"]))
    await hears(town, commune)
    reply = head.incoming(MessageKind.TEXT, text="đã dập xong", reply_to=of_fire.ref)
    await town.dispatch.handle(reply, town.channel)
    assert "Cháy, tin thêm" in await hears(town, commune)


async def test_who_leaves_with_an_open_emergency_is_warned_and_the_officers_are_told(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raised(town, head, commune)
    assert "Tin khẩn cấp Sạt lở đất" in text_of(await head.says("/roi"))
    await hears(town, commune)
    await town.dispatch.handle(
        head.incoming(MessageKind.PRESS, press=head.button("Rời và xoá")), town.channel
    )
    told = await hears(town, commune)
    assert "người báo đã rời" in told
    assert "Sạt lở đất, thôn Nà Hin" in told
    assert "Lý A Sử" not in told
    await head.says("/start")
    assert "115" in text_of(await head.says("cứu với"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_an_officer_had_who_leaves_is_for_others_to_take_up(
    town: Town, head: Phone, commune: Phone
) -> None:
    other = await town.enrolled("xa2", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Hà Thị Vinh")
    await raised(town, head, commune, other)
    await commune.presses("Đã nhận tin")
    await commune.says("/roi")
    await town.heard()
    leaves = commune.incoming(MessageKind.PRESS, press=commune.button("Rời và xoá"))
    await town.dispatch.handle(leaves, town.channel)
    heard = await town.heard()
    told = {to: text_of([one for address, one in heard if address == to]) for to in ("thon", "xa", "xa2")}
    assert ("không còn ở Thôn Báo" in told["thon"], "VỪA RỜI THÔN BÁO" in told["xa2"]) == (True, True)
    assert "Sạt lở đất" not in told["xa"]
    other.shown += [one for to, one in heard if to == "xa2"]
    town.later(minutes=1)
    assert "Đã xác nhận" in text_of(await other.presses("Đã nhận tin"))


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    "words", ["khẩn cấp", "Cứu với!!!", "SOS", "nhà tôi cháy rồi", "/khancap", "/emergency", "help me"]
)
@pytest.mark.parametrize("locale", ["vi", "en"])
async def test_a_stranger_who_cries_for_help_reads_whom_to_call(town: Town, words: str, locale: str) -> None:
    said = text_of(await town.phone("la").sends(MessageKind.TEXT, text=words, locale=locale))
    assert [number for number in ("112", "113", "114", "115") if number not in said] == []
    assert ("commune's office" if locale == "en" else "Uỷ ban xã") in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_an_older_button_confirms_no_newer_words(town: Town, head: Phone, commune: Phone) -> None:
    await head.says("cháy nhà ông Sùng")
    yes, no = head.button("Đúng, báo ngay"), head.button("Không phải tin khẩn cấp")
    await head.presses_data(yes)
    await head.presses("Xong")
    town.later(minutes=3)
    await head.says("lở đất đè lên nhà bà Mẩy")
    await hears(town, commune)
    for old in (yes, no):
        town.later(seconds=1)
        said = text_of(await head.presses_data(old))
        assert "CHƯA báo" in said
        assert "lở đất đè lên nhà bà Mẩy" in said
    assert await hears(town, commune) == ""
    _, told = await head.act(commune, press="Đúng, báo ngay")
    assert "Sạt lở đất" in told


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_was_said_before_a_kind_is_chosen_goes_along(
    town: Town, head: Phone, commune: Phone
) -> None:
    await head.says("bác trưởng thôn mới là ông Páo")
    await head.says("cảm ơn")
    assert "đi kèm" not in text_of(await head.presses("Khẩn cấp"))
    await head.says("mìn nổ trên nương ông Chẩn mất chân rồi")
    assert "Lời bác vừa nhắn đi kèm: «mìn nổ" in text_of(await head.presses("Khẩn cấp"))
    _, told = await head.act(commune, press="Việc khác")
    assert "mìn nổ trên nương ông Chẩn mất chân rồi" in told
    await head.presses("Xong")
    town.later(minutes=1)
    await head.says("cháy rừng phía Lũng Vài")
    assert "cháy rừng phía Lũng Vài" in text_of(await head.says("/khancap"))
    _, told = await head.act(commune, press="Cháy")
    assert "• cháy rừng phía Lũng Vài" in told
    await head.presses("Xong")
    town.later(minutes=1)
    await head.says("đàn trâu nhà ông Tá chết hàng loạt")
    assert "(Dịch bệnh)" in text_of(head.shown[-1:])
    _, told = await head.act(commune, text="có người đuối nước dưới suối")
    assert "🆘 Việc khác, tin thêm" in told
    assert "chết hàng loạt. có người đuối nước" in told


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_number_under_the_list_of_open_ones_chooses(town: Town, head: Phone, commune: Phone) -> None:
    await raised(town, head)
    await head.presses("Xong")
    town.later(minutes=2)
    await head.says("cháy nhà ông Sùng")
    await head.presses("Đúng, báo ngay")
    await commune.says("khẩn cấp đang mở")
    second = text_of(await commune.says("2"))
    assert "Sạt lở đất" in second
    assert "Cháy" not in second


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("text", ["sat lo roi", "sạt lở ở xã Vĩnh Thông, 3 người bị vùi", "chay nha cuu voi"])
async def test_whoever_raises_no_emergency_reads_whom_to_call(town: Town, province: Phone, text: str) -> None:
    assert "gọi ngay 112" in text_of(await province.says(text))
    assert "gọi ngay 112" not in text_of(await province.says("hộ ở nơi dễ bị lũ quét, sạt lở"))
