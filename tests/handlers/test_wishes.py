"""What people say they want, heard in whole phrases and in some words, and answered."""

import sys
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col

from bot.doctor import call_numbers
from bot.teller import Teller
from handlers.messages import Reply
from handlers.vocabulary import INTENTS, hint_in, intent_of
from handlers.wishes import words_named
from questionnaires.answers.tokens import Table
from storage.tables import Outbox, RoleName
from tests.handlers.chatting import START, Town, labels, load_forms, plain, send_report, text_of

LINES = (Path(__file__).parent / "wishes.txt").read_text("utf-8").splitlines()
ROOMS = ("handlers", "queries", "questionnaires")
WISHES = [line.split("|") for line in LINES if line[:1] != "#"]


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.mark.parametrize(("intent", "text"), WISHES, ids=lambda value: value[:40])
def test_it_is_heard_what_is_wanted(intent: str, text: str) -> None:
    assert (intent_of(text) or hint_in(text)) == intent


def test_no_phrase_has_two_wishes() -> None:
    wishes = defaultdict[str, set[str]](set)
    for phrase, wish in INTENTS.phrases():
        wishes[phrase].add(wish)
    assert [phrase for phrase, some in wishes.items() if len(some) > 1] == []


def test_no_table_of_the_program_has_a_phrase_twice() -> None:
    rooms = [module for name, module in sys.modules.items() if name.partition(".")[0] in ROOMS]
    tables = [value for module in rooms for value in vars(module).values() if isinstance(value, Table)]
    assert len(tables) > 200
    assert all(table.entries for table in tables), "the first message would find the fault"


@pytest.mark.parametrize("text", ["cần bỏ", "cán bộ", "xyz", "ừ nhỉ"])
def test_other_words_are_said_for_nothing(text: str) -> None:
    assert intent_of(text) == ""


async def test_officers_who_gave_a_number_are_shown_to_their_heads(town: Town) -> None:
    head = await town.head("thon")
    officer = await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    other = await town.enrolled("khac", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Vi Văn Bình")
    assert "chưa cho số" in text_of(await head.says("cho tôi gặp cán bộ xã"))
    assert await told_by_the_doctor(town) == [
        "1 xã chưa có cán bộ nào cho số điện thoại để gọi: xã Vĩnh Thông"
    ]
    for phone, number in ((officer, "0912345678"), (other, "0987654321")):
        await phone.says("/toi")
        await phone.presses("Số điện thoại để gọi")
        await phone.says(number)
    said = text_of(await head.says("cho tôi gặp cán bộ xã"))
    assert "Nông Văn Tài: 0912345678" in said
    assert "0987654321" not in said
    assert await told_by_the_doctor(town) == []


async def told_by_the_doctor(town: Town) -> list[str]:
    """What `thonbao doctor` says of communes without a number to call."""
    async with town.storage.reading() as session:
        checks = [one async for one in call_numbers(session, town.now.date(), Teller("vi"))]
    return [check.text.partition(". ")[0] for check in checks]


async def test_a_head_whose_commune_gave_no_number_can_write_and_the_commune_is_asked_for_one(
    town: Town,
) -> None:
    await load_forms(town)
    officer = await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    head = await town.head("thon")
    assert "Nhắn xã" not in labels(await head.says("gặp cán bộ"))
    await send_report(town, "nuoc-sach", "Nà Hin", {"/data/nuoc_ho": "120"})
    told = await head.says("gặp cán bộ")
    assert ("Máy đã nhắn xã" in text_of(told), "Nhắn xã" in labels(told)) == (True, True)
    [asked] = await town.rows(Outbox, col(Outbox.natural_key).startswith("figure:number-wanted"))
    assert "thôn Nà Hin: trưởng thôn muốn gọi" in plain(Reply.from_json(asked.body))
    await officer.presses_data("a:phone")
    await officer.says("0912345678")
    assert "0912345678" in text_of(await head.says("gặp cán bộ"))


ELSEWHERE = "Số liệu của xã và của thôn khác thì cán bộ xem"
OF_FIGURES = {
    "số hộ dùng nước hợp vệ sinh xã Vĩnh Thông": ELSEWHERE,
    "so sánh các xã hộ dùng nước hợp vệ sinh": ELSEWHERE,
    "số hộ dùng nước hợp vệ sinh thôn Bản Pàu": "Bác hỏi thôn Bản Pàu",
    "hỏi số hộ nghèo xã Vĩnh Thông": ELSEWHERE,
    "hộ nghèo xã Vĩnh Thông tháng trước": ELSEWHERE,
    "xã nào nhiều hộ nghèo nhất": ELSEWHERE,
    "biểu đồ hộ nghèo tỉnh Thái Nguyên": ELSEWHERE,
    "số hộ dùng nước hợp vệ sinh thôn Nà Hin": "Hộ dùng nước hợp vệ sinh: chưa có báo cáo",
    "thôn tôi còn mấy hộ nghèo": "Số hộ nghèo: chưa có báo cáo",
    "thon minh dung thu may trong xa ve nuoc": ELSEWHERE,
    "thôn khác báo chưa": ELSEWHERE,
    "số điện thoại cán bộ xã": "chưa cho số",
    "cho xin số của xã": "chưa cho số",
    "ai phụ trách hộ nghèo trên xã": "chưa cho số",
    "hộ nghèo tháng này không đổi": "không lấy cả từ kỳ trước",
}
"""What heads write in which a word calls something, but only as a part of a figure's or a place's name; and what does."""


async def test_a_question_about_figures_is_no_wish_for_what_one_of_its_words_calls(town: Town) -> None:
    await load_forms(town)
    for number, (text, told) in enumerate(OF_FIGURES.items()):
        head = await town.head(f"thon{number}")
        said = text_of(await head.says(text))
        assert told.lower() in said.lower(), f"{text}: {said}"
    assert "Tình hình thôn" in labels(await (await town.head("thon")).says(next(iter(OF_FIGURES))))


async def test_what_was_sent_is_listed_to_be_seen_and_corrected(town: Town) -> None:
    head = await town.head("thon")
    for answer in ("báo cáo", "Làm: Nước sinh hoạt", "120", "109", "109", "98", "27", "6", "0"):
        await head.says(answer)
    await head.presses("Gửi")
    said = await head.says("hôm trước tôi ghi nhầm")
    assert any("Nước sinh hoạt" in label for label in labels(said))
    assert "120 hộ" in text_of(await head.presses("Nước sinh hoạt, tháng"))


async def test_all_that_is_left_is_taken_from_last_time_and_looked_at_first(town: Town) -> None:
    head = await town.head("thon")
    town.now = START - timedelta(days=31)
    for answer in ("báo cáo", "Làm: Nước sinh hoạt", "120", "109", "109", "98", "27", "6", "0"):
        await head.says(answer)
    await head.presses("Gửi")
    town.now = START
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    await head.says("121")
    said = text_of(await head.says("còn lại không có gì thay đổi"))
    assert "lấy như kỳ trước" in said
    assert "121 hộ" in said
    assert "109 hộ" in said
    assert "Đã nhận báo cáo" in text_of(await head.presses("Gửi"))


async def test_a_report_that_was_sent_is_put_right_in_one_message_once_it_is_said_to_be_right(
    town: Town,
) -> None:
    head = await town.head("thon")
    for answer in ("báo cáo", "Làm: Nước sinh hoạt", "120", "109", "109", "98", "27", "6", "0"):
        await head.says(answer)
    await head.presses("Gửi")
    said = text_of(await head.says("gửi số nước: tổng 121; dtts 110; hvs 111"))
    assert "Bác đang sửa báo cáo đã gửi" in said
    assert "đúng chưa ạ?" in said
    assert "3. Bao nhiêu hộ đang dùng nước hợp vệ sinh: 111 hộ" in said
    assert "121 hộ" in text_of(await head.presses("Đúng"))


async def test_a_questionnaire_called_by_name_is_nothing_of_an_emergency(town: Town) -> None:
    head = await town.head("thon")
    await head.says("sạt lở rồi")
    await head.says("đúng")
    assert "Nước sinh hoạt · thôn" in text_of(await head.says("báo cáo nước"))


async def test_words_that_are_a_courtesy_too_name_a_questionnaire(town: Town) -> None:
    head = await town.head("thon")
    assert "Nhà ở · thôn" in text_of(await head.says("nha o"))


async def test_a_sentence_about_somebody_else_puts_nothing_off(town: Town) -> None:
    head = await town.head("thon")
    said = await head.says("chồng nó đem con bé đi cầm cho chủ nợ")
    assert "Báo ngay lời này" in " ".join(labels(said))
    assert "khi nào tiện" in text_of(await head.says("mai tôi đi chợ không làm được"))


def test_one_word_within_a_title_may_be_said_of_anything() -> None:
    """Whoever asks whether the commune got it is shown all reports, not the one whose title has a like word."""
    title = "Hôn nhân, phụ nữ và trẻ em gái"
    assert words_named(["xã", "nhận", "được", "chưa"], title) == 0
    assert words_named(["xa", "nhan", "duoc", "chua"], title) == 0
    assert words_named(["hon", "nhan"], title) == 2
    assert words_named(["sua", "dien"], "Đường, điện, rác thải") == 1
