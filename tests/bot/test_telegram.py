"""Telegram over real HTTP: what is sent, what is refused, and what is made of what people do."""

import logging
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from markupsafe import Markup, escape
from telegram.error import NetworkError

from bot.channels.base import FileTooLarge, Outgoing, SendProblem, Sent
from bot.channels.telegram import TelegramChannel, sent
from handlers.messages import (
    Choice,
    Document,
    FileRef,
    Incoming,
    Location,
    MessageKind,
    Picture,
    Reply,
    SharedContact,
)
from tests.bot.loopback import ODD_ANSWERS, TOKEN, Fault, Loopback, RefusedError, bad, flood

HEAD = 4_000_000_001


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with Loopback() as api:
        api.chat(HEAD)
        yield api


@pytest.fixture
async def telegram(api: Loopback) -> AsyncIterator[TelegramChannel]:
    async with TelegramChannel(TOKEN, api.url) as channel:
        yield channel


async def send(telegram: TelegramChannel, reply: Reply, edit: str = "", file: bytes | None = None) -> str:
    return (await telegram.send(Outgoing(str(HEAD), reply, edit, file))).ref


# --- sending


async def test_a_question_with_its_buttons(api: Loopback, telegram: TelegramChannel) -> None:
    reply = Reply(
        Markup("<b>Câu 1/2</b>\n") + escape('thôn "A" <&> B\'s'),
        choices=((Choice("Có", "q:1"), Choice("Không", "q:2")),),
        actions=((Choice("Quay lại", "q:back"),),),
    )
    ref = await send(telegram, reply)
    message = api.chats[HEAD].messages[int(ref)]
    assert message["text"] == 'Câu 1/2\nthôn "A" <&> B\'s'
    assert api.chats[HEAD].buttons() == [["Có", "Không"], ["Quay lại"]]
    assert message["reply_markup"]["inline_keyboard"][0][1]["callback_data"] == "q:2"


@pytest.mark.parametrize("label", ["A", "Hộ dùng nước từ công trình cấp nước tập trung của xã đã hỏng"])
async def test_of_very_many_choices_as_many_are_shown_as_telegram_takes(
    api: Loopback, telegram: TelegramChannel, label: str
) -> None:
    choices = tuple((Choice(f"{label} {number}"[:64], f"q:1:0:c{number}"),) for number in range(150))
    await send(telegram, Reply(Markup("Chọn"), choices, ((Choice("Lùi", "q:1:0:b"),),)))
    shown = api.chat(HEAD).buttons()
    assert 40 < len(shown) <= 100
    assert (shown[0], shown[-1]) == ([f"{label} 0"[:64]], ["Lùi"])


async def test_an_answered_question_loses_its_buttons(api: Loopback, telegram: TelegramChannel) -> None:
    ref = await send(telegram, Reply(Markup("Bao nhiêu hộ?"), choices=((Choice("45", "q:45"),),)))
    assert await send(telegram, Reply(Markup("Bao nhiêu hộ? <b>45</b>"), edits_slot="question"), ref) == ref
    assert api.chats[HEAD].texts == ["Bao nhiêu hộ? 45"]
    assert api.chats[HEAD].buttons() == []


async def test_edits_that_change_nothing_or_come_too_late_are_no_fault(
    api: Loopback, telegram: TelegramChannel
) -> None:
    ref = await send(telegram, Reply(Markup("a")))
    assert await send(telegram, Reply(Markup("a")), ref) == ref
    assert await send(telegram, Reply(Markup("a")), "999999") == "999999"


async def test_the_button_that_shares_a_contact_and_its_removal(
    api: Loopback, telegram: TelegramChannel
) -> None:
    await send(telegram, Reply(Markup("Số điện thoại?"), ask_for="contact"))
    keyboard = api.chats[HEAD].last["reply_markup"]
    assert keyboard["keyboard"][0][0]["request_contact"] is True
    assert keyboard["one_time_keyboard"] is True
    await send(telegram, Reply(Markup("Cảm ơn")))
    assert api.chats[HEAD].last["reply_markup"] == {"remove_keyboard": True}


async def test_a_picture_and_a_document(api: Loopback, telegram: TelegramChannel) -> None:
    picture = Reply(Markup("<b>Tiến độ</b>"), picture=Picture("progress", {}))
    await send(telegram, picture, file=b"\x89PNG...")
    assert api.files[api.chats[HEAD].last["photo"][0]["file_id"]] == b"\x89PNG..."
    assert api.chats[HEAD].texts == ["Tiến độ"]
    document = Reply(Markup("Mẫu"), document=Document("x/mau.xlsx", "Mẫu số 1.xlsx", "application/x"))
    await send(telegram, document, file=b"PK")
    assert api.files[api.chats[HEAD].last["document"]["file_id"]] == b"PK"


PICTURE = Reply(
    Markup("<b>Tiến độ</b> &amp; so"), ((Choice("Xem", "t:1"),),), picture=Picture("progress", {})
)
DIMENSIONS = bad("PHOTO_INVALID_DIMENSIONS")


@pytest.mark.parametrize(
    "refused", [DIMENSIONS, bad("IMAGE_PROCESS_FAILED"), RefusedError(413, "Request Entity Too Large")]
)
async def test_a_picture_that_is_refused_goes_as_a_document(
    api: Loopback, telegram: TelegramChannel, refused: RefusedError
) -> None:
    api.fail("sendPhoto", Fault(refused))
    await send(telegram, PICTURE, file=b"\x89PNG...")
    sent = api.chats[HEAD].last
    assert api.files[sent["document"]["file_id"]] == b"\x89PNG..."
    assert (sent["caption"], api.chats[HEAD].buttons()) == ("Tiến độ & so", [["Xem"]])


@pytest.mark.parametrize("text", [PICTURE.text, Markup("")])
async def test_a_file_that_is_refused_any_way_becomes_words(
    api: Loopback, telegram: TelegramChannel, text: Markup
) -> None:
    document = Document("x/mau.xlsx", "Mẫu số 1.xlsx", "application/x")
    for reply in (replace(PICTURE, text=text), replace(PICTURE, text=text, picture=None, document=document)):
        api.fail("sendPhoto", Fault(DIMENSIONS))
        api.fail("sendDocument", Fault(bad("not enough rights to send documents to the chat")))
        await send(telegram, reply, file=b"\x89PNG...")
        sent = api.chats[HEAD].last
        assert sent["text"].startswith("Tiến độ & so" if text else "(Telegram")
        assert "chỉ gửi lời" in sent["text"]
        assert api.chats[HEAD].buttons() == [["Xem"]]


async def test_a_chat_that_is_gone_is_no_refused_picture(api: Loopback, telegram: TelegramChannel) -> None:
    with pytest.raises(SendProblem) as refused:
        await telegram.send(Outgoing("6", PICTURE, file=b"\x89PNG..."))
    assert refused.value.unreachable
    assert api.count("sendDocument") == 0


async def test_markup_that_telegram_cannot_read_is_sent_plain(
    api: Loopback, telegram: TelegramChannel, caplog: pytest.LogCaptureFixture
) -> None:
    await send(telegram, Reply(Markup("<b>Nà Hin</i> &amp; ")))
    assert api.chats[HEAD].texts == ["Nà Hin &"]
    assert api.count("sendMessage") == 2


@pytest.mark.parametrize(
    ("reply", "address"),
    [
        (Reply(Markup("x" * 4097)), HEAD),
        (Reply(Markup("  ")), HEAD),
        (Reply(Markup("a"), choices=((Choice("b", "đ" * 33),),)), HEAD),
    ],
)
async def test_what_telegram_never_takes_is_not_tried_again(
    telegram: TelegramChannel, reply: Reply, address: int
) -> None:
    with pytest.raises(SendProblem) as refused:
        await telegram.send(Outgoing(str(address), reply))
    assert refused.value.permanent
    assert not refused.value.unreachable


async def test_4096_units_after_entities_are_taken(api: Loopback, telegram: TelegramChannel) -> None:
    await send(telegram, Reply(Markup("<b>" + "&amp;" * 4094 + "😀</b>")))
    assert api.chats[HEAD].texts == ["&" * 4094 + "😀"]


async def test_an_unknown_chat_and_a_blocked_bot_are_unreachable(
    api: Loopback, telegram: TelegramChannel
) -> None:
    api.chat(5).blocked = True
    for address in ("5", "6"):
        with pytest.raises(SendProblem) as refused:
            await telegram.send(Outgoing(address, Reply(Markup("a"))))
        assert refused.value.unreachable


async def test_too_many_requests_say_how_long(api: Loopback, telegram: TelegramChannel) -> None:
    api.fail("sendMessage", Fault(flood(7)))
    with pytest.raises(SendProblem) as refused:
        await send(telegram, Reply(Markup("a")))
    assert refused.value.retry_after == 7
    assert not refused.value.permanent


@pytest.mark.parametrize("result", [None, {}, [], "x", 5, {"message_id": "abc"}, {"message_id": None}])
def test_a_message_that_was_taken_without_a_number_is_not_sent_again(result: object) -> None:
    assert sent(result) == Sent("")


async def test_whatever_answers_instead_is_asked_again_later(
    api: Loopback, telegram: TelegramChannel
) -> None:
    faults = [
        *(Fault(RefusedError(500, "Internal Server Error")), Fault(drop=True), Fault(torn=True)),
        *(Fault(page=page) for page in ODD_ANSWERS),
    ]
    for method, file in (("sendMessage", None), ("sendPhoto", b"\x89PNG...")):
        for fault in faults:
            api.fail(method, fault)
            with pytest.raises(SendProblem) as refused:
                await send(telegram, PICTURE, file=file)
            problem = refused.value
            assert (problem.permanent, problem.unreachable, problem.retry_after) == (False, False, None)
    assert await send(telegram, Reply(Markup("a")))


async def test_no_wait_is_longer_than_a_day(api: Loopback, telegram: TelegramChannel) -> None:
    api.fail("sendMessage", Fault(flood(10**9)))
    with pytest.raises(SendProblem) as refused:
        await send(telegram, Reply(Markup("a")))
    assert refused.value.retry_after == 24 * 3600


async def test_nobody_listens(api: Loopback) -> None:
    async with TelegramChannel(TOKEN, "http://127.0.0.1:9") as lost:
        with pytest.raises(SendProblem) as refused:
            await send(lost, Reply(Markup("a")))
        assert not refused.value.permanent
        with pytest.raises(NetworkError):
            await lost.sign_in()


async def test_no_error_and_no_log_shows_the_token_or_the_text(
    api: Loopback, telegram: TelegramChannel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    api.fail("*", Fault(drop=True), Fault(RefusedError(502, "Bad Gateway")), Fault(bad("odd")))
    shown = ""
    for _ in range(3):
        with pytest.raises(SendProblem) as refused:
            await send(telegram, Reply(Markup("bí mật của thôn")))
        shown += f"{refused.value!r}{refused.value.__cause__!r}"
    api.fail("getMe", Fault(drop=True))
    with pytest.raises(NetworkError) as lost:
        await telegram.bot.get_me()
    shown += f"{lost.value!r}{lost.value.__cause__!r}"
    assert await send(telegram, Reply(Markup("bí mật <x>của thôn")))
    shown += caplog.text
    assert TOKEN.split(":")[1] not in shown
    assert "bí mật" not in shown


async def test_a_press_is_answered_and_an_old_one_is_let_be(api: Loopback, telegram: TelegramChannel) -> None:
    await send(telegram, Reply(Markup("a"), choices=((Choice("b", "q:1"),),)))
    update = await api.press_label(HEAD, "b")
    query = update["callback_query"]["id"]
    await telegram.answer_press(query, "Đã ghi 45 hộ")
    await telegram.answer_press("17", "")
    assert api.answered == {query: "Đã ghi 45 hộ"}
    await telegram.answer_press(query, "x" * 300)
    assert len(api.answered[query]) == 200


async def test_a_photo_is_fetched_up_to_the_limit(api: Loopback, telegram: TelegramChannel) -> None:
    name = api.keep_file(b"p" * 1000)
    assert await telegram.download(name, 1000) == b"p" * 1000
    with pytest.raises(FileTooLarge):
        await telegram.download(name, 999)
    with pytest.raises(FileTooLarge):
        await telegram.download(api.keep_file(b"p" * (20 * 1024 * 1024 + 1)), 10**9)
    with pytest.raises(SendProblem) as gone:
        await telegram.download("nothing", 1000)
    assert gone.value.permanent


# --- what people do


async def read(telegram: TelegramChannel, update: dict[str, Any]) -> Incoming | None:
    got: list[Incoming] = []

    async def take(incoming: Incoming) -> None:
        got.append(incoming)

    await telegram.receive(update, take)
    return got[0] if got else None


UNKNOWN_CONTACT = {"phone_number": "84912345678", "first_name": "A"}
CONTACT = {"phone_number": "84912345678", "first_name": "A", "user_id": HEAD}
PLACE = {"latitude": 22.27, "longitude": 105.9}
FILE = {"file_id": "f", "file_unique_id": "f"}
PHOTO = {**FILE, "width": 90, "height": 60}
HIDDEN = {"type": "text_link", "offset": 0, "length": 3, "url": "https://t.me/thonbao_bot?start=X"}
EXACT_PLACE = {**PLACE, "horizontal_accuracy": 12.5}
VENUE = {"location": PLACE, "title": "UBND", "address": "x"}
VIDEO = {**FILE, "duration": 3, "width": 1, "height": 1}
STICKER = {**FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}


MESSAGES: list[tuple[dict[str, Any], MessageKind, str, object]] = [
    ({"text": "45 hộ"}, MessageKind.TEXT, "text", "45 hộ"),
    ({"text": "/start ABCD-EFGH"}, MessageKind.TEXT, "text", "/start ABCD-EFGH"),
    ({"text": "vào đây", "entities": [HIDDEN]}, MessageKind.TEXT, "text", f"vào đây {HIDDEN['url']}"),
    ({"photo": [PHOTO], "media_group_id": "99"}, MessageKind.PHOTO, "album", "99"),
    ({"photo": [PHOTO], "caption": "4"}, MessageKind.PHOTO, "text", "4"),
    ({"location": PLACE}, MessageKind.LOCATION, "location", Location(22.27, 105.9)),
    ({"location": EXACT_PLACE}, MessageKind.LOCATION, "location", Location(22.27, 105.9, 12.5)),
    ({"venue": VENUE}, MessageKind.LOCATION, "location", Location(22.27, 105.9)),
    ({"contact": CONTACT}, MessageKind.CONTACT, "contact", SharedContact("84912345678", True)),
    (
        {"contact": {**CONTACT, "user_id": 9}},
        MessageKind.CONTACT,
        "contact",
        SharedContact("84912345678", False),
    ),
    ({"contact": UNKNOWN_CONTACT}, MessageKind.CONTACT, "contact", SharedContact("84912345678", False)),
    ({"sticker": STICKER}, MessageKind.OTHER, "what", "sticker"),
    ({"voice": {**FILE, "duration": 3}}, MessageKind.OTHER, "what", "voice"),
    ({"video": VIDEO, "caption": "x"}, MessageKind.OTHER, "what", "video"),
    ({"document": {**FILE, "mime_type": "application/pdf"}}, MessageKind.OTHER, "what", "document"),
    ({"dice": {"emoji": "🎲", "value": 3}}, MessageKind.OTHER, "what", "dice"),
    ({"something_new": {"a": 1}}, MessageKind.OTHER, "what", "other"),
]


@pytest.mark.parametrize(("content", "kind", "field", "value"), MESSAGES)
async def test_messages(
    api: Loopback,
    telegram: TelegramChannel,
    content: dict[str, Any],
    kind: MessageKind,
    field: str,
    value: object,
) -> None:
    update = await api.send(HEAD, **content)
    incoming = await read(telegram, update)
    assert incoming is not None
    assert (incoming.kind, getattr(incoming, field)) == (kind, value)
    assert (incoming.channel, incoming.address, incoming.locale) == ("telegram", str(HEAD), "vi")
    assert (incoming.key, incoming.order) == (str(update["update_id"]), update["update_id"])
    assert (incoming.message_ref, incoming.number) == (str(incoming.number), update["message"]["message_id"])
    assert incoming.at.timestamp() == update["message"]["date"]


async def test_the_largest_photo_that_may_be_kept(api: Loopback, telegram: TelegramChannel) -> None:
    update = await api.send_photo(HEAD, b"j" * 5000, caption="bể nước")
    photo = await read(telegram, update)
    assert photo is not None
    assert photo.photo is not None
    assert (photo.kind, photo.text, photo.photo.size) == (MessageKind.PHOTO, "bể nước", 5000)
    update["message"]["photo"][1]["file_size"] = 11 * 1024 * 1024
    smaller = await read(telegram, update)
    assert smaller is not None
    assert smaller.photo is not None
    assert smaller.photo.size == 100


async def test_a_picture_sent_as_a_file(api: Loopback, telegram: TelegramChannel) -> None:
    file = {**FILE, "mime_type": "image/png", "file_name": "x.png", "file_size": 7}
    incoming = await read(telegram, await api.send(HEAD, document=file))
    assert incoming is not None
    assert incoming.kind is MessageKind.PHOTO
    assert incoming.photo is not None
    assert (incoming.photo.ref, incoming.photo.size) == ("f", 7)


async def test_a_file_that_is_no_picture_is_named(api: Loopback, telegram: TelegramChannel) -> None:
    file = {**FILE, "mime_type": "text/csv", "file_name": "thon.csv", "file_size": 7}
    incoming = await read(telegram, await api.send(HEAD, document=file))
    assert incoming is not None
    assert (incoming.kind, incoming.what, incoming.photo) == (MessageKind.OTHER, "document", None)
    assert incoming.file == FileRef("f", 7, "thon.csv", "text/csv")
    spoken = await read(
        telegram, await api.send(HEAD, voice={**FILE, "mime_type": "audio/ogg", "file_size": 9})
    )
    filmed = await read(telegram, await api.send(HEAD, video_note={**FILE, "length": 240}))
    assert spoken is not None
    assert filmed is not None
    assert (spoken.file, spoken.what) == (FileRef("f", 9, "", "audio/ogg"), "voice")
    assert (filmed.file, filmed.what) == (FileRef("f", 0, "", "video/mp4"), "video_note")


async def test_a_press_also_of_a_message_that_is_no_longer_shown(
    api: Loopback, telegram: TelegramChannel
) -> None:
    ref = await send(telegram, Reply(Markup("a"), choices=((Choice("b", "q:1"),),)))
    update = await api.press_label(HEAD, "b")
    before = time.time()
    pressed = await read(telegram, update)
    assert pressed is not None
    assert (pressed.kind, pressed.press, pressed.message_ref) == (MessageKind.PRESS, "q:1", ref)
    assert pressed.answers == update["callback_query"]["id"]
    assert before <= pressed.at.timestamp() <= time.time()
    update["callback_query"]["message"] = {
        "chat": {"id": HEAD, "type": "private"},
        "message_id": 3,
        "date": 0,
    }
    old = await read(telegram, update)
    assert old is not None
    assert (old.press, old.message_ref, old.address) == ("q:1", "3", str(HEAD))


async def test_edits_but_not_the_moves_of_a_live_location(api: Loopback, telegram: TelegramChannel) -> None:
    message = api.message_of(HEAD, text="46", edit_date=1_800_000_000)
    edited = await read(telegram, await api.give({"edited_message": message}))
    assert edited is not None
    assert (edited.kind, edited.text, edited.at.timestamp()) == (MessageKind.EDITED, "46", 1_800_000_000)
    moved = api.message_of(HEAD, location={**PLACE, "live_period": 900}, edit_date=1_800_000_000)
    assert await read(telegram, await api.give({"edited_message": moved})) is None


async def test_blocking_and_coming_back(api: Loopback, telegram: TelegramChannel) -> None:
    blocked = await read(telegram, await api.block(HEAD))
    assert blocked is not None
    assert (blocked.kind, blocked.address) == (MessageKind.BLOCKED, str(HEAD))
    back = await read(telegram, await api.block(HEAD, blocked=False))
    assert back is not None
    assert back.kind is MessageKind.UNBLOCKED


def let_in(api: Loopback, status: str) -> dict[str, Any]:
    """The bot's place in a group became `status`."""
    bot = api.bot_account()
    return {
        "chat": {"id": -7, "type": "supergroup", "title": "G"},
        "from": api.person(7),
        "date": 1,
        "old_chat_member": {"user": bot, "status": "left"},
        "new_chat_member": {"user": bot, "status": status},
    }


async def test_a_group_is_told_and_left(api: Loopback, telegram: TelegramChannel) -> None:
    api.chat(-7)
    assert await read(telegram, await api.give({"my_chat_member": let_in(api, "member")})) is None
    assert len(api.chats[-7].texts) == 1
    assert "nói chuyện riêng" in api.chats[-7].texts[0]
    assert api.left == [-7]
    assert await read(telegram, await api.say(-7, "chào cả nhà")) is None


@pytest.mark.parametrize(
    "fault", [Fault(bad("not enough rights to send text messages to the chat")), Fault(drop=True)]
)
async def test_a_group_in_which_nothing_may_be_said_is_left_too(
    api: Loopback, telegram: TelegramChannel, fault: Fault
) -> None:
    api.fail("sendMessage", fault)
    await read(telegram, {"update_id": 1, "my_chat_member": let_in(api, "member")})
    assert api.left == [-7]
    assert api.chat(-7).texts == []


async def test_a_group_that_was_not_left_is_left_when_it_speaks(
    api: Loopback, telegram: TelegramChannel
) -> None:
    api.chat(-7)
    api.fail("leaveChat", Fault(drop=True))
    await read(telegram, {"update_id": 1, "my_chat_member": let_in(api, "administrator")})
    assert api.left == []
    for number in range(3):
        await read(telegram, {"update_id": 2 + number, "message": api.message_of(-7, text="chào")})
    assert api.left == [-7]
    assert len(api.chat(-7).texts) == 1
    await read(telegram, {"update_id": 9, "my_chat_member": let_in(api, "left")})
    assert api.left == [-7]


@pytest.mark.parametrize("data", [{"update_id": 1, "pinned": True}, {"update_id": 1, "poll": None}])
async def test_updates_about_something_else(telegram: TelegramChannel, data: dict[str, Any]) -> None:
    assert await read(telegram, data) is None
