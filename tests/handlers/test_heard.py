"""What is said with the bot's name, and a link that is pasted instead of pressed, mean what they would without."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.heard import LONGEST_TEXT, heard
from handlers.messages import FileRef, Incoming, MessageKind
from storage.tables import RoleName
from tests.handlers.chatting import Town, labels, text_of


@pytest.fixture
def kind() -> str:
    return "sqlite"


def said(text: str, kind: MessageKind = MessageKind.TEXT, bot: str = "thonbao_bot") -> Incoming:
    return heard(Incoming("test", "1", "u1", 1, kind, datetime.now(UTC), text=text), bot)


@pytest.mark.parametrize("bot", ["thonbao_bot", "ThonBao_Bot", "@thonbao_bot", ""])
@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@thonbao_bot số hộ nghèo xã phủ thông", "số hộ nghèo xã phủ thông"),
        ("@ThonBao_BOT: số hộ nghèo", "số hộ nghèo"),
        ("@thonbao_bot, số hộ nghèo", "số hộ nghèo"),
        ("số hộ nghèo @thonbao_bot xã phủ thông", "số hộ nghèo xã phủ thông"),
        ("số hộ nghèo xã phủ thông @thonbao_bot", "số hộ nghèo xã phủ thông"),
        ("số hộ nghèo@thonbao_bot?", "số hộ nghèo?"),
        ("số hộ nghèo\n@thonbao_bot", "số hộ nghèo"),
        ("@thonbao_bot\n120", "120"),
        ("@thonbao_bot 12 @thonbao_bot", "12"),
        ("/baocao@thonbao_bot", "/baocao"),
        ("@thonbao_bot /baocao", "/baocao"),
        ("@thonbao_bot", "/menu"),
        ("thu@thonbao_bot.vn", "thu@thonbao_bot.vn"),
        ("@thonbao_bots có", "@thonbao_bots có"),
        ("@nong_van_tai có biết", "@nong_van_tai có biết"),
        ("12 @ 13", "12 @ 13"),
    ],
)
def test_a_mention_says_nothing_else(bot: str, text: str, meant: str) -> None:
    assert said(text, bot=bot).text == meant


def test_no_text_is_read_without_end() -> None:
    words = "khong biet " * 10_000
    assert said(words).text == words[:LONGEST_TEXT]


@pytest.mark.parametrize("run", ["9", "=", " ", "\n", " \t\n\r", "0123456789"])
def test_no_run_of_signs_is_longer_than_anybody_means(run: str) -> None:
    signs = (run * 40)[:40]
    assert said(f"a{(run * 1000)[:4000]}b").text == f"a{signs}b"
    assert said(f"a{signs}b").text == f"a{signs}b"


def test_another_bot_is_no_mention_of_this_one() -> None:
    assert said("hỏi @khac_bot nhé").text == "hỏi @khac_bot nhé"


@given(st.text(max_size=40).filter(lambda text: "@" not in text and "start=" not in text.casefold()))
def test_what_mentions_nobody_is_left_as_it_is(text: str) -> None:
    assert said(text).text == text


PASTED = [
    "https://t.me/thonbao_bot?start={code}",
    "http://t.me/thonbao_bot?start={code}",
    "t.me/thonbao_bot?start={code}",
    "  HTTPS://T.ME/ThonBao_bot?start={lower} ",
    "https://telegram.me/thonbao_bot?start={code}",
    "https://telegram.dog/thonbao_bot/?start={code}",
    "https://thonbao_bot.t.me/?start={code}",
    "tg://resolve?domain=thonbao_bot&start={code}",
    "https://t.me/thonbao_bot?text=a&start={code}&b=c",
    "https://t.me/thonbao_bot?start={bare}",
    "https://t.me/thonbao_bot?start={quoted}",
    "https://t.me/thonbao_bot?start={first}\n{rest}",
    "https://t.me/thonbao_bot?start= {code}",
    "Bác vào đây nhé: https://t.me/thonbao_bot?start={code} rồi bấm Bắt đầu ạ. " + "Cảm ơn bác. " * 40,
    "<https://t.me/thonbao_bot?start={code}>",
    "“https://t.me/thonbao_bot?start={code}”",
    "{code}  trưởng thôn, thôn Nà Hin\n  https://t.me/thonbao_bot?start={code}",
    "Kính gửi bác. " + "Xã mời bác tham gia. " * 20 + "Mã của bác: {code}. Trân trọng.",
    "/start@thonbao_bot {code}",
]


async def test_a_pasted_link_is_as_good_as_a_pressed_one(town: Town) -> None:
    for number, text in enumerate(PASTED):
        code = await town.invite("Nà Hin", RoleName.VILLAGE_HEAD, "Lý A Sử")
        bare, quoted = code.replace("-", ""), code.replace("-", "%2D")
        pasted = text.format(
            code=code, lower=code.lower(), bare=bare, quoted=quoted, first=code[:10], rest=code[10:]
        )
        assert "Đồng ý" in labels(await town.phone(f"p{number}").says(pasted)), text


async def test_a_link_under_a_picture_and_one_in_an_edited_message(town: Town) -> None:
    for kind in (MessageKind.PHOTO, MessageKind.OTHER, MessageKind.EDITED):
        code = await town.invite("Nà Hin", RoleName.VILLAGE_HEAD)
        link = f"https://t.me/thonbao_bot?start={code}"
        photo = FileRef("f") if kind is MessageKind.PHOTO else None
        assert "Đồng ý" in (labels(await town.phone(kind).sends(kind, text=link, photo=photo)))


async def test_a_link_of_somebody_enrolled_in_the_middle_of_a_report(town: Town) -> None:
    head = await town.head("a")
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    code = await town.invite("Nà Lốc", RoleName.VILLAGE_HEAD)
    offered = await head.says(f"https://t.me/thonbao_bot?start={code}")
    assert "Nà Lốc" in text_of(offered)
    wrong = await head.says("https://t.me/thonbao_bot?start=AAAA-BBBB-CCCC-D")
    assert "Không có mã mời này" in text_of(wrong)
    assert "Ghi vào câu 1" in text_of(await head.says("@thonbao_bot 120"))
    assert "Ghi nhận: 120" in text_of(await head.says("@thonbao_bot 120"))
