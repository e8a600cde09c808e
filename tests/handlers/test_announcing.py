"""Announcements: looked at before they go, sent once, stopped, read, and agreed to by a second officer."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from handlers.messages import FileRef, MessageKind, Reply
from storage import announcements, outbox
from storage.session import Session
from storage.tables import Announcement, AnnouncementState, Contact, Outbox, OutboxState, RoleName
from tests.handlers.beginnings import Beginnings
from tests.handlers.chatting import Phone, Town, labels, text_of


async def among_heads(town: Town) -> Phone:
    """An officer of a commune with two heads; a third is elsewhere."""
    await town.head("thon")
    await town.head("thon2", "Nà Lốc", "Hoàng Thị Mỷ")
    await town.head("xa-khac", "Xiềng Tắm", "Lô Văn Pó")
    return await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")


BEGINNINGS = Beginnings("announcing", officer=among_heads)


async def written(officer: Phone) -> str:
    """An announcement to every village head, up to its preview."""
    await officer.says("/thongbao")
    await officer.presses("Mọi trưởng thôn (2 người)")
    return text_of(await officer.says("Chiều mai <họp> lúc 14 giờ"))


async def letters(town: Town) -> list[Outbox]:
    return [row for row in await town.rows(Outbox) if (row.natural_key or "").startswith("announce:")]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_it_is_looked_at_and_then_sent_once(town: Town, officer: Phone) -> None:
    preview = await written(officer)
    assert "2 người" in preview
    assert "Chiều mai <họp> lúc 14 giờ" in preview
    assert await letters(town) == []
    send = officer.button("Gửi ngay")
    assert "Đang gửi tới 2 người" in text_of(await officer.presses_data(send))
    assert "không còn dùng được" in text_of(await officer.presses_data(send))
    rows = await letters(town)
    assert len(rows) == 2
    assert {row.priority for row in rows} == {2}
    assert all("xã Vĩnh Thông thông báo" in row.body["text"] for row in rows)


async def test_who_has_read_it_is_counted_once(town: Town, officer: Phone) -> None:
    await written(officer)
    await officer.presses("Gửi ngay")
    [row] = await town.rows(Announcement)
    head = town.phone("thon")
    assert "Cảm ơn" in text_of(await head.presses_data(f"n:r:{row.id}:"))
    assert "rồi" in text_of(await head.presses_data(f"n:r:{row.id}:"))
    assert "đã bấm đọc 1" in text_of(await officer.presses("Xem đã tới đâu"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_nobody_else_is_counted_as_a_reader(town: Town, officer: Phone) -> None:
    await written(officer)
    [row] = await town.rows(Announcement)
    head, stranger = town.phone("thon"), town.phone("xa-khac")
    assert "không còn dùng được" in text_of(await head.presses_data(f"n:r:{row.id}:"))
    await officer.presses("Gửi ngay")
    for phone in (stranger, officer):
        assert "không còn dùng được" in text_of(await phone.presses_data(f"n:r:{row.id}:"))
    assert "đã bấm đọc 0" in text_of(await officer.presses_data(f"n:v:{row.id}:"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_was_written_earlier_is_sent_later(town: Town, officer: Phone) -> None:
    await written(officer)
    await officer.says("/thongbao")
    await officer.presses("Chưa gửi, soạn")
    assert "Đang gửi tới 2 người" in text_of(await officer.presses("Gửi ngay"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_words_that_begin_like_a_command_are_shown_and_the_bare_word_calls(
    town: Town, officer: Phone
) -> None:
    await written(officer)
    for words in ("Thông báo ba", "Báo cáo ba nhé"):
        await officer.presses("Viết lại")
        assert words in text_of(await officer.says(words))
    await officer.presses("Viết lại")
    assert "gửi tới ai" in text_of(await officer.says("thông báo"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_words_typed_where_it_is_asked_for_whom_wait_for_that(town: Town, officer: Phone) -> None:
    await officer.says("/thongbao")
    said = await officer.says("nước về lại rồi, mời bà con đi lấy")
    assert ("nước về lại rồi" in text_of(said), "gửi tới ai" in text_of(said)) == (True, True)
    # What asks for figures outright is answered, and the words go on waiting.
    assert "gửi tới ai" not in text_of(await officer.says("những thôn nào chưa báo cáo"))
    assert await town.rows(Announcement) == []
    assert "chưa gửi: «nước về lại rồi" in text_of(await officer.says("/thongbao"))
    assert "nước về lại rồi" in text_of(await officer.presses("Mọi trưởng thôn"))
    await officer.presses("Bỏ")
    await officer.says("/thongbao")
    await officer.says("mai họp xã 9 giờ")
    assert "đã bỏ lời vừa giữ" in text_of(await officer.says("huỷ"))
    assert "Xin gõ nội dung" in text_of(await officer.presses("Mọi trưởng thôn"))
    await officer.says("/thongbao")
    await officer.says("mai họp xã 8 giờ")
    assert "mai họp xã 8 giờ" in text_of(await officer.says("moi truong thon"))  # the label without its count
    assert "Đang gửi tới 2 người" in text_of(await officer.says("gửi đi"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_wish_with_the_words_asks_only_for_whom(town: Town, officer: Phone) -> None:
    said = text_of(await officer.says("gui thong bao cho cac thon: hop dan 7 gio toi mai"))
    assert ("«hop dan 7 gio toi mai»" in said, "gửi tới ai" in said) == (True, True)
    assert "hop dan 7 gio toi mai\nnho mang so" in text_of(await officer.says("nho mang so"))
    said = text_of(await officer.says("gui thong bao: chieu mai cat dien"))
    assert ("nho mang so" in said, "chieu mai cat dien" in said, "lời nào" in said) == (True, True, True), (
        said
    )
    said = text_of(await officer.presses("Lời mới"))
    assert ("«chieu mai cat dien»" in said, "gửi tới ai" in said) == (True, True)
    assert "đã bỏ lời vừa giữ" in text_of(await officer.says("bỏ"))
    assert "muốn làm gì" in text_of(await officer.says("bỏ"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_waits_for_the_end_of_the_quiet_hours_is_not_called_sent(
    town: Town, officer: Phone
) -> None:
    town.later(hours=14)
    await written(officer)
    assert "đã xếp để gửi" in text_of(await officer.presses("Gửi ngay"))
    assert "Đợi hết giờ nghỉ, gửi lúc 06:00" in text_of(await officer.presses("Xem đã tới đâu"))
    await officer.says("/thongbao")
    assert [label[:13] for label in labels(officer.shown[-1:])][-1] == "Sẽ gửi 06:00 "
    town.later(hours=9)
    await officer.says("/thongbao")
    assert [label[:13] for label in labels(officer.shown[-1:])][-1] == "Đã gửi 06:00 "
    await delivered(town, "thon")
    await officer.says("/thongbao")
    assert labels(officer.shown[-1:])[-1].startswith(f"Đã gửi {town.now:%H:%M %d/%m}")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_new_words_that_have_not_gone_say_so_and_can_be_dropped(town: Town, officer: Phone) -> None:
    await rewritten(town, officer)
    said = text_of(await officer.presses("Xem đã tới đâu"))
    assert ("chưa gửi" in said, "15 giờ" in said) == (True, True)
    said = text_of(await officer.presses("Bỏ, không sửa"))
    assert ("giữ nguyên" in said, "15 giờ" in said) == (True, False)
    [row] = await town.rows(Announcement)
    assert row.edited_at is None
    await officer.says("/thongbao")
    assert any(label.startswith("Đã gửi") for label in labels(officer.shown[-1:]))


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("words", ["gửi đi", "ok", "gui luon", "đồng ý", "Ok, gửi đi nhé", "send it"])
async def test_words_for_sending_send_what_is_shown(town: Town, officer: Phone, words: str) -> None:
    await written(officer)
    assert "Đang gửi tới 2 người" in text_of(await officer.says(words))
    assert len(await letters(town)) == 2
    assert "Đang gửi" not in text_of(await officer.says(words))
    assert len(await letters(town)) == 2


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    "words", ["gửi lúc 5 giờ", "khoan gửi", "ok để xem lại đã", "cảm ơn em", "gửi cho xã khác"]
)
async def test_other_words_say_that_it_has_not_gone(town: Town, officer: Phone, words: str) -> None:
    await written(officer)
    said = await officer.says(words)
    assert "chưa gửi" in text_of(said)
    assert {"Gửi ngay", "Viết lại", "Bỏ, không gửi"} <= set(labels(said))
    assert await letters(town) == []
    assert "Đang gửi tới 2 người" in text_of(await officer.says("gửi đi"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_is_asked_in_between_says_that_it_has_not_gone(town: Town, officer: Phone) -> None:
    await written(officer)
    said = await officer.says("những thôn nào chưa báo cáo")
    assert "chưa gửi" in text_of(said)
    assert any(label.startswith("Chưa gửi, soạn") for label in labels(said))
    # It is not shown any more, so that nothing goes by a word.
    await officer.says("ok")
    assert await letters(town) == []


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_for_many_words_do_not_send(
    town: Town, officer: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcements, "ALONE", 1)
    await written(officer)
    said = await officer.says("gửi đi")
    assert "chưa gửi" in text_of(said)
    assert "Gửi ngay" in labels(said)
    assert {row.state for row in await town.rows(Announcement)} == {AnnouncementState.DRAFT}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_new_words_go_by_words_too(town: Town, officer: Phone) -> None:
    await rewritten(town, officer)
    said = await officer.says("sửa rồi đấy")
    assert "chưa gửi" in text_of(said)
    assert "Sửa tin đã gửi" in labels(said)
    assert "Đang sửa thông báo" in text_of(await officer.says("ok gửi"))
    [row] = await town.rows(Announcement)
    assert row.edited_at is not None


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_it_can_be_stopped(town: Town, officer: Phone) -> None:
    await written(officer)
    await officer.presses("Gửi ngay")
    assert "2 tin" in text_of(await officer.presses("Dừng gửi"))
    assert await letters(town) == []


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_everybody_has_is_not_stopped(town: Town, officer: Phone) -> None:
    await written(officer)
    await officer.presses("Gửi ngay")
    for address in ("thon", "thon2"):
        await delivered(town, address)
    assert "đã gửi 2/2" in text_of(await officer.presses("Dừng gửi"))
    assert {row.state for row in await town.rows(Announcement)} == {AnnouncementState.SENT}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_it_can_be_written_again_or_dropped(town: Town, officer: Phone) -> None:
    await written(officer)
    await officer.presses("Viết lại")
    assert "Mai nghỉ" in text_of(await officer.says("Mai nghỉ"))
    await officer.presses("Bỏ, không gửi")
    assert await letters(town) == []
    assert {row.state for row in await town.rows(Announcement)} == {AnnouncementState.DROPPED}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_for_many_a_second_officer_agrees(
    town: Town, officer: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcements, "ALONE", 1)
    await written(officer)
    assert "chưa có ai khác" in text_of(await officer.presses("Gửi ngay"))
    second = await town.enrolled("xa2", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Triệu Thị Sen")
    await written(officer)
    await town.heard()
    send = officer.button("Gửi ngay")
    await officer.presses_data(send)
    [row] = [each for each in await town.rows(Announcement) if each.state == AnnouncementState.WAITING][-1:]
    assert "không còn dùng được" in text_of(await officer.presses_data(f"n:c:{row.id}:"))
    assert await letters(town) == []
    assert "Đang gửi tới 2 người" in text_of(await second.presses_data(f"n:c:{row.id}:"))
    assert len(await letters(town)) == 2


async def asked_to_agree(town: Town, officer: Phone, monkeypatch: pytest.MonkeyPatch) -> Phone:
    """The phone of a second officer who was asked to agree to an announcement."""
    monkeypatch.setattr(announcements, "ALONE", 1)
    second = await town.enrolled("xa2", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Triệu Thị Sen")
    await written(officer)
    await town.heard()
    await town.dispatch.handle(
        officer.incoming(MessageKind.PRESS, press=officer.button("Gửi ngay")), town.channel
    )
    second.shown += [reply for address, reply in await town.heard() if address == "xa2"]
    return second


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(("label", "told"), [("Đồng ý gửi", "đang gửi tới 2 người"), ("Bỏ", "không gửi nữa")])
async def test_who_wrote_it_hears_what_the_second_officer_decided(
    town: Town, officer: Phone, monkeypatch: pytest.MonkeyPatch, label: str, told: str
) -> None:
    second = await asked_to_agree(town, officer, monkeypatch)
    await town.dispatch.handle(second.incoming(MessageKind.PRESS, press=second.button(label)), town.channel)
    assert told in text_of([reply for address, reply in await town.heard() if address == "xa"])


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_nobody_is_asked_to_agree_at_night(
    town: Town, officer: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.later(hours=14)
    await asked_to_agree(town, officer, monkeypatch)
    [row] = await town.rows(Outbox, col(Outbox.natural_key).startswith("announce-office:"))
    assert row.not_before is not None
    assert row.not_before.astimezone(town.now.tzinfo).hour == 6


async def test_more_people_than_when_it_was_written_need_a_second_officer(
    town: Town, officer: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcements, "ALONE", 2)
    await written(officer)
    await town.head("thon3", "Bản Pàu", "Sùng A Páo")
    await town.head("thon4", "Nà Hin", "Lý Thị Dín")
    assert "chưa có ai khác" in text_of(await officer.presses("Gửi ngay"))
    assert await letters(town) == []


async def test_nobody_is_left_to_send_it_to(town: Town, officer: Phone) -> None:
    await written(officer)

    async def block(session: Session) -> None:
        for contact in await session.exec(select(Contact).where(Contact.address != officer.address)):
            contact.reachable = False

    await town.storage.write(block)
    assert "không còn ai" in text_of(await officer.presses("Gửi ngay"))
    assert {row.state for row in await town.rows(Announcement)} == {AnnouncementState.DROPPED}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_picture_does_not_end_the_writing(town: Town, officer: Phone) -> None:
    await officer.says("/thongbao")
    await officer.presses("Mọi trưởng thôn")
    assert "chỉ đọc được chữ" in text_of(
        await officer.sends(MessageKind.PHOTO, photo=FileRef("anh", 1000, ""))
    )
    assert "Sẽ gửi tới 2 người" in text_of(await officer.says("Mai họp"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_too_long_and_nobody(town: Town, officer: Phone) -> None:
    await officer.says("gửi thông báo")
    await officer.presses("Mọi trưởng thôn")
    assert "gõ lại" in text_of(await officer.says("họp " * 225))
    head = await town.head("thon3", "Bản Pàu", "Sùng A Páo")
    assert "Mọi trưởng thôn" not in " ".join(labels(await head.says("/thongbao")))
    other = await town.enrolled("na", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Vi Văn Lợi")
    for data in (
        f"n:t:{town.places['Vĩnh Thông']}:heads",
        "n:s:1:",
        "n:x:1:",
        "n:v:1:",
        "n:t:1:all",
        "n::",
        "n:r:999:",
    ):
        replies = await other.presses_data(data)
        assert replies
        assert "Chiều mai" not in text_of(replies)


async def delivered(town: Town, address: str, sort: str = "announce:") -> None:
    """Let one chat have its letter."""

    async def work(session: Session) -> None:
        chosen = select(Outbox).join(Contact, col(Contact.id) == col(Outbox.contact_id))
        mine = chosen.where(Contact.address == address, col(Outbox.natural_key).startswith(sort))
        [row] = await session.exec(mine)
        row.state, row.ref, row.sent_at = OutboxState.SENT, "77", town.now

    await town.storage.write(work)


async def rewritten(town: Town, officer: Phone) -> str:
    """An announcement that one of two has, written again; the preview of its new words."""
    await written(officer)
    await officer.presses("Gửi ngay")
    await delivered(town, "thon")
    await officer.presses("Xem đã tới đâu")
    await officer.presses("Viết lại")
    return text_of(await officer.says("Chiều mai họp lúc 15 giờ"))


async def test_what_was_sent_is_mended_where_it_stands(town: Town, officer: Phone) -> None:
    assert "15 giờ" in await rewritten(town, officer)
    mend = officer.button("Sửa tin đã gửi")
    handled = officer.incoming(MessageKind.PRESS, press=mend)
    await town.dispatch.handle(handled, town.channel)
    heard = dict(await town.heard())
    assert "15 giờ" in heard["thon"].text
    assert (heard["thon"].edits, heard["thon"].anew) == ("77", True)
    assert "15 giờ" in heard["thon2"].text
    assert heard["thon2"].edits == ""
    assert "2 nơi nhận" in heard["xa"].text
    assert "không còn dùng được" in text_of(await officer.presses_data(mend))


async def test_withdrawn_nobody_else_gets_it(town: Town, officer: Phone) -> None:
    await written(officer)
    await officer.presses("Gửi ngay")
    await delivered(town, "thon")
    await officer.presses("Xem đã tới đâu")
    withdraw = officer.button("Thu hồi")
    stranger = town.phone("xa-khac")
    assert "không còn dùng được" in text_of(await stranger.presses_data(withdraw))
    handled = officer.incoming(MessageKind.PRESS, press=withdraw)
    await town.dispatch.handle(handled, town.channel)
    heard = dict(await town.heard())
    assert set(heard) == {"thon", "xa"}
    assert "Đã thu hồi. 1 người đã nhận" in heard["xa"].text
    assert "gửi lúc 08:00 20/11/2026 đã được thu hồi" in heard["thon"].text
    assert heard["thon"].edits == "77"
    [row] = await town.rows(Announcement)
    assert row.state == AnnouncementState.WITHDRAWN
    assert "Đã thu hồi" in text_of(await officer.presses_data(f"n:v:{row.id}:"))
    assert labels(officer.shown[-1:]) == ["Xem đã tới đâu"]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_was_mended_is_withdrawn_in_the_same_moment(town: Town, officer: Phone) -> None:
    await rewritten(town, officer)
    await officer.presses("Sửa tin đã gửi")
    await officer.presses("Xem đã tới đâu")
    assert "1 người đã nhận" in text_of(await officer.presses("Thu hồi"))


async def test_what_a_sender_holds_is_withdrawn_once_it_is_there(town: Town, officer: Phone) -> None:
    await written(officer)
    await officer.presses("Gửi ngay")
    await outbox.claim(town.storage, "sender", [town.channel.name])
    await officer.presses("Xem đã tới đâu")
    assert "2 người đã nhận" in text_of(await officer.presses("Thu hồi"))
    rows = await town.rows(Outbox, col(Outbox.natural_key).startswith("announce-change:"))
    originals = await letters(town)
    for row, original in zip(rows, originals, strict=True):
        assert "đã được thu hồi" in row.body["text"]
        assert (row.body["edits_slot"], row.body["anew"]) == (original.slot, True)
        assert row.not_before == original.claimed_until == original.not_after
        await outbox.record(town.storage, [outbox.Delivered(original.id, "77")])
        assert await outbox.slot_ref(town.storage, row.contact_id, original.slot, row.id) == "77"


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_was_stopped_is_withdrawn_where_it_is(town: Town, officer: Phone) -> None:
    await written(officer)
    await officer.presses("Gửi ngay")
    await delivered(town, "thon")
    await officer.presses("Dừng gửi")
    assert "1 người đã nhận" in text_of(await officer.presses("Thu hồi"))


async def test_its_figures_stay_when_its_messages_are_swept(town: Town, officer: Phone) -> None:
    await written(officer)
    await officer.presses("Gửi ngay")

    async def age(session: Session) -> None:
        for row in await letters(town):
            old = await session.get(Outbox, row.id)
            assert old is not None
            old.state, old.sent_at = OutboxState.SENT, old.created_at - timedelta(days=8)

    await town.storage.write(age)
    await outbox.purge(town.storage)
    assert await letters(town) == []
    assert "đã gửi 2/2" in text_of(await officer.presses("Xem đã tới đâu"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_was_held_back_is_told(town: Town, officer: Phone) -> None:
    await written(officer)
    await officer.presses("Gửi ngay")
    [row] = await town.rows(Announcement)
    await officer.presses("Dừng gửi")
    assert "Đã giữ lại 2 tin" in text_of(await officer.presses_data(f"n:v:{row.id}:"))


async def handled(town: Town, phone: Phone, label: str) -> dict[str, Reply]:
    """The last message to each chat when a button is pressed."""
    pressed = phone.incoming(MessageKind.PRESS, press=phone.button(label))
    await town.dispatch.handle(pressed, town.channel)
    said = await town.heard()
    phone.shown += [reply for address, reply in said if address == phone.address]
    return dict(said)


async def test_a_changed_text_is_counted_anew_and_comes_again_to_who_had_read_it(
    town: Town, officer: Phone
) -> None:
    await written(officer)
    await officer.presses("Gửi ngay")
    for address in ("thon", "thon2"):
        await delivered(town, address)
    [row] = await town.rows(Announcement)
    await town.phone("thon").presses_data(f"n:r:{row.id}:")
    assert "đã bấm đọc 1" in text_of(await officer.presses("Xem đã tới đâu"))
    await officer.presses("Viết lại")
    assert "(đã sửa" in text_of(await officer.says("Chiều mai họp lúc 8 giờ"))
    heard = await handled(town, officer, "Sửa tin đã gửi")
    assert (heard["thon"].edits, heard["thon2"].edits) == ("", "77")
    assert all(
        "(đã sửa" in heard[address].text and "8 giờ" in heard[address].text for address in ("thon", "thon2")
    )
    assert "đã bấm đọc 0" in text_of(await officer.presses_data(f"n:v:{row.id}:"))


async def test_four_eyes_are_not_gone_round_by_a_change(
    town: Town, officer: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = await asked_to_agree(town, officer, monkeypatch)
    await handled(town, second, "Đồng ý gửi")
    [row] = await town.rows(Announcement)
    for words in ("Mai nghỉ học", "Mai nghỉ làm"):
        await officer.presses_data(f"u:w:{row.id}")
        await officer.says(words)
        heard = await handled(town, officer, "Sửa tin đã gửi")
        assert "đang chờ một cán bộ nữa" in heard["xa"].text
        assert set(heard) == {"xa", "xa2"}
        second.shown.append(heard["xa2"])
    assert "Mai nghỉ làm" in second.shown[-1].text
    first_words, new_words = (reply.choices[0][0].data for reply in second.shown[-2:])
    assert "Mai nghỉ làm" in text_of(await officer.presses_data(f"n:v:{row.id}:"))
    assert "không còn dùng được" in text_of(await second.presses_data(first_words))
    assert "không còn dùng được" in text_of(await officer.presses_data(new_words))
    assert {row.text for row in await town.rows(Announcement)} == {"Chiều mai <họp> lúc 14 giờ"}
    await town.dispatch.handle(second.incoming(MessageKind.PRESS, press=new_words), town.channel)
    heard = dict(await town.heard())
    assert "Mai nghỉ làm" in heard["thon"].text
    assert {row.text for row in await town.rows(Announcement)} == {"Mai nghỉ làm"}


async def test_new_words_that_wait_are_shown_and_either_officer_drops_them(
    town: Town, officer: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = await asked_to_agree(town, officer, monkeypatch)
    await handled(town, second, "Đồng ý gửi")
    [row] = await town.rows(Announcement)
    for who, other in ((officer, second), (second, officer)):
        await officer.presses_data(f"u:w:{row.id}")
        await officer.says("Mai họp 14 giờ")
        heard = await handled(town, officer, "Sửa tin đã gửi")
        second.shown.append(heard["xa2"])
        for phone, ways in ((officer, ["Bỏ, không sửa"]), (second, ["Đồng ý gửi", "Bỏ, không sửa"])):
            shown = await phone.presses_data(f"n:v:{row.id}:")
            assert "đang chờ một cán bộ nữa" in text_of(shown)
            assert "Mai họp 14 giờ" in text_of(shown)
            assert [label for label in labels(shown) if label in ("Đồng ý gửi", "Bỏ, không sửa")] == ways
        heard = await handled(town, who, "Bỏ, không sửa")
        assert "Mai họp 14 giờ" not in heard[who.address].text
        assert (other.address in heard) == (who is second)
        assert "không còn dùng được" in text_of(await second.presses_data(second.button("Đồng ý gửi")))
    assert {each.text for each in await town.rows(Announcement)} == {"Chiều mai <họp> lúc 14 giờ"}


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("words", ["đồng ý", "ok gửi đi", "de toi xem da", "cảm ơn em"])
async def test_words_of_a_second_officer_do_not_agree_and_say_so(
    town: Town, officer: Phone, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    second = await asked_to_agree(town, officer, monkeypatch)
    await delivered(town, "xa2", "announce-office:")
    said = await second.says(words)
    assert "chưa gửi" in text_of(said)
    assert "Đồng ý gửi" in labels(said)
    assert "còn chờ một cán bộ nữa" in text_of(await officer.says(words))
    assert await letters(town) == []
    await handled(town, second, "Đồng ý gửi")
    assert "chưa gửi" not in text_of(await second.says(words))
