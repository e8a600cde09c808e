"""Routing: every message gets one sensible answer, and nothing breaks an interview under way."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handlers import menu, tables
from handlers.messages import WITHOUT_BUTTONS, MessageKind
from handlers.vocabulary import intent_of
from handlers.wording import LOCALES, catalogue, wording
from storage.session import Session
from storage.tables import InterviewRow, Level, Person, RoleName
from tests.handlers.chatting import (
    Town,
    add,
    begin_interview,
    labels,
    load_forms,
    send_report,
    text_of,
    town_on,
)
from tests.handlers.test_officer import water


@pytest.fixture
async def plain(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    """The same on a channel without buttons."""
    async with town_on(database, tmp_path, WITHOUT_BUTTONS) as made:
        await load_forms(made)
        yield made


async def position(town: Town, number: int) -> object:
    [row] = await town.rows(InterviewRow, InterviewRow.id == number)
    return row.state


# --- the tables -----------------------------------------------------------------------------------------


def test_every_command_is_written_as_platforms_want_it() -> None:
    assert all(re.fullmatch(r"/[a-z0-9_]{1,32}", command) for command in tables.COMMANDS)
    for group, commands in tables.COMMANDS_MENU.items():
        for locale in LOCALES:
            listed = tables.commands_menu(group, locale)
            assert [command for command, _ in listed] == list(commands)
            assert all(0 < len(text) <= 256 for _, text in listed)
        assert {f"/{command}" for command in commands} <= tables.COMMANDS.keys()


def test_words_are_folded_so_that_typing_without_marks_works() -> None:
    assert intent_of("BAO CAO") == intent_of("báo cáo") == "report"


def test_both_languages_say_the_same_things() -> None:
    vietnamese, english = catalogue("vi"), catalogue("en")
    assert vietnamese.keys() == english.keys()
    for key in vietnamese:
        assert fields(vietnamese[key]) == fields(english[key]), key


def fields(sentence: str | tuple[str, ...]) -> set[str]:
    texts = (sentence,) if isinstance(sentence, str) else sentence
    return {name for text in texts for name in re.findall(r"\{(\w+)\}", text)} - {"n"}


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("locale", LOCALES)
async def test_every_button_of_every_menu_leads_somewhere(town: Town, locale: str) -> None:
    head = await town.head("p")
    await head.presses_data(f"l:{locale}")
    await head.says("/menu")
    for label in labels(head.shown[-1:]):
        said = await head.presses_data(
            next(c.data for row in head.shown[-1].choices for c in row if c.label == label)
        )
        assert len(said) >= 1, label
        assert "không còn dùng" not in text_of(said)
        await head.says("/menu")


# --- nothing open ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["abc xyz", "x" * 4000, "12", "/khongco", "/BAOCAO@thonbao_bot", "đổi người", "?"]
)
async def test_each_text_gets_one_reply(town: Town, text: str) -> None:
    phone = await town.head("p")
    said = await phone.says(text)
    assert len(said) == 1
    assert len(text_of(said)) < 2000


async def test_unknown_text_and_unknown_command_show_the_menu(town: Town) -> None:
    phone = await town.head("p")
    for text, word in (("abc xyz", "chưa hiểu"), ("/khongco", "Không có lệnh này")):
        said = await phone.says(text)
        assert word in text_of(said)
        assert "Báo cáo" in labels(said)


@pytest.mark.parametrize(
    ("kind", "facts"),
    [(MessageKind.OTHER, {"what": "voice"}), (MessageKind.PHOTO, {}), (MessageKind.EDITED, {"text": "25"})],
)
async def test_other_messages_get_one_reply(town: Town, kind: MessageKind, facts: dict[str, str]) -> None:
    phone = await town.head("p")
    assert len(await phone.sends(kind, **facts)) == 1


@pytest.mark.parametrize(
    "data",
    [
        "",
        ":",
        "zz:1",
        "f:p:1",
        "f:p:x:y:z",
        "f:p:99999999999999999999:0:0",
        "a:",
        "a:s:",
        "a:s:x",
        "e:",
        "e:w:i1:x",
        "e:w:i1:",
        "a:s:1:2",
        "x:",
        "m:",
        "m:khongco",
        "l:xx",
        "l:",
    ],
)
async def test_a_forged_or_outdated_button_is_answered(town: Town, data: str) -> None:
    phone = await town.head("p")
    said = await phone.presses_data(data)
    assert len(said) == 1
    assert "lỗi" not in text_of(said)


async def test_a_label_typed_with_or_without_marks_is_its_button(plain: Town) -> None:
    phone = await plain.head("p")
    await phone.says("/menu")
    assert "Trưởng thôn làm gì" in text_of(await phone.says("tro giup"))
    await phone.says("/menu")
    number = labels(phone.shown[-1:]).index("Tôi là ai") + 1
    assert "Lý A Sử" in text_of(await phone.says(f" {number}. "))


@pytest.mark.parametrize("text", ["/Báo cáo", "/bao cao", "/ baocao", "/BaoCao@thonbao_bot"])
async def test_a_command_typed_as_words_is_that_command(town: Town, text: str) -> None:
    phone = await town.head("p")
    assert text_of(await phone.says(text)).startswith("Báo cáo\n")
    assert "Không có lệnh này" in text_of(await phone.says("/bao cao nuoc"))


async def test_a_number_is_no_button_where_buttons_are_shown(town: Town) -> None:
    phone = await town.head("p")
    await phone.says("/menu")
    assert "chưa hiểu" in text_of(await phone.says("1"))


async def test_the_language_is_kept(town: Town) -> None:
    phone = await town.head("p")
    await phone.says("/ngonngu")
    assert "English" in text_of(await phone.presses("English"))
    assert "What would you like" in text_of(await phone.says("/menu"))
    await phone.says("/language")
    await phone.presses("Tiếng Việt")
    assert "Bác muốn làm gì" in text_of(await phone.says("/menu"))


async def test_blocking_is_noted_without_a_word(town: Town) -> None:
    phone = await town.head("p")
    assert await phone.sends(MessageKind.BLOCKED) == []
    assert (await phone.contact()).reachable is False
    assert await phone.sends(MessageKind.UNBLOCKED) == []
    assert (await phone.contact()).reachable is True
    assert {"contact.blocked", "contact.unblocked"} <= set(await town.audit())
    await phone.sends(MessageKind.BLOCKED)
    await phone.says("/menu")
    assert (await phone.contact()).reachable is True


# --- within an interview --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["/trogiup", "/menu", "/toi", "/khongco", "/roi", "/ngonngu", "/themmay", "/lamthu"]
)
async def test_a_command_is_answered_and_says_how_to_go_on(town: Town, text: str) -> None:
    phone = await town.head("p")
    number = await begin_interview(town, phone, "nuoc-sach", "Nà Hin")
    before = await position(town, number)
    said = await phone.says(text)
    assert len(said) == 1
    assert "đang trả lời phiếu Nước sinh hoạt" in text_of(said)
    assert "Tiếp tục" in labels(said)
    assert await position(town, number) == before
    assert "bao nhiêu hộ" in text_of(await phone.presses("Tiếp tục"))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("role", ["help.head", "help.officer"])
def test_help_names_what_the_menu_of_the_role_shows(locale: str, role: str) -> None:
    say = wording(locale)
    lines = menu.HEAD if role == "help.head" else menu.OFFICER
    shown = {command for line in lines for command in line} - {"trogiup", "toi"}
    for command in shown:
        label = str(say(f"menu.button.{command}")).removeprefix("🆘 ")
        assert f"«{label}»" in say(role) or f"“{label}”" in say(role)


async def test_help_within_an_interview_is_about_answering(town: Town) -> None:
    phone = await town.head("p")
    await begin_interview(town, phone, "nuoc-sach", "Nà Hin")
    assert "Khi đang trả lời phiếu" in text_of(await phone.says("/trogiup"))


@pytest.mark.parametrize("answer", ["2", "2 hộ", "hai hộ"])
async def test_an_answer_after_a_menu_is_no_button_and_asked_for_again(plain: Town, answer: str) -> None:
    """It may have meant something of that menu; typed again, after the question, it is an answer."""
    phone = await plain.head("p")
    number = await begin_interview(plain, phone, "nuoc-sach", "Nà Hin")
    said = await phone.says("/menu")
    assert all(not reply.choices for reply in said)
    asked_again = text_of(await phone.says(answer))
    assert f"Chưa ghi «{answer}»" in asked_again
    assert "Câu 1/" in asked_again
    assert '"2"' not in str(await position(plain, number)).replace("'", '"')
    assert "Ghi nhận: 2 hộ" in text_of(await phone.says(answer))


async def test_with_buttons_a_number_after_a_menu_is_an_answer_once_a_button_says_so(town: Town) -> None:
    phone = await town.head("p")
    await begin_interview(town, phone, "nuoc-sach", "Nà Hin")
    await phone.says("/menu")
    await phone.says("2")
    assert "Ghi nhận: 2 hộ" in text_of(await phone.presses("Ghi vào câu 1: 2 hộ"))


async def test_a_button_of_an_ended_interview_does_not_hold_the_chat(town: Town) -> None:
    phone = await town.head("p")
    number = await begin_interview(town, phone, "nuoc-sach", "Nà Hin")

    async def end(session: Session) -> None:
        row = await session.get(InterviewRow, number)
        assert row is not None
        row.status = "cancelled"

    await town.storage.write(end)
    assert "chưa hiểu" in text_of(await phone.says("abc xyz"))
    assert (await phone.contact()).interview_id is None


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_another_person_on_the_phone_does_not_answer_the_interview(town: Town) -> None:
    phone = await town.head("p", "Nà Hin", "Lý A Sử")
    number = await begin_interview(town, phone, "nuoc-sach", "Nà Hin")
    before = await position(town, number)
    await phone.says(await town.invite("Nà Lốc", RoleName.VILLAGE_HEAD, "Hoàng Thị Mỷ"))
    await phone.presses("Người khác")
    await phone.presses("Đồng ý")
    await phone.says("25")
    assert await position(town, number) == before
    assert (await phone.contact()).interview_id is None


async def test_a_late_text_is_no_name(town: Town) -> None:
    phone = await town.head("p")
    late = phone.incoming(MessageKind.TEXT, text="Lý Tới Muộn")
    await phone.says("/toi")
    await phone.presses("Sửa tên")
    await town.dispatch.handle(late, town.channel)
    await phone.says("Lý Đúng Tên")
    assert "Lý Đúng Tên" in text_of(await phone.says("/toi"))
    assert "Muộn" not in text_of(phone.shown[-1:])


async def test_a_cry_that_was_none_is_no_name_unasked(town: Town) -> None:
    head = await town.head("p")
    await head.says("/toi")
    await head.presses("Sửa tên")
    await head.says("lu ve roi cuu")
    said = await head.presses("Không phải tin khẩn cấp")
    assert {person.name for person in await town.rows(Person)} == {"Lý A Sử"}
    assert "lu ve roi cuu" in text_of(said)
    await head.says("đúng")
    assert {person.name for person in await town.rows(Person)} == {"lu ve roi cuu"}


# --- part of a button's label ---------------------------------------------------------------------------


async def test_a_question_about_figures_is_no_button(town: Town) -> None:
    """ "công trình" is part of a button's label too; what an officer can ask stays asked."""
    officer = await town.enrolled("o", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    await officer.says("/baocao")
    await officer.presses("Xem cả")
    assert any("Công trình" in label for label in labels(officer.shown))
    assert "Câu 1" not in text_of(await officer.says("công trình"))
    await officer.says("/baocao")
    await officer.presses("Xem cả")
    assert "Câu 1. " in text_of(await officer.says("lam: cong trinh"))


@pytest.mark.parametrize("text", ["nhé ạ", "mở", "x", "!!", "còn xem nhé"])
async def test_what_names_no_button_is_not_understood(town: Town, text: str) -> None:
    phone = await town.head("p")
    await phone.says("/baocao")
    assert "chưa hiểu" in text_of(await phone.says(text))


@pytest.mark.parametrize("text", ["nuoc", "sua nuoc", "Sửa báo cáo nước ạ", "báo nhầm rồi"])
async def test_a_report_that_was_sent_is_named_to_correct_it(town: Town, text: str) -> None:
    phone = await town.head("p")
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    await phone.says("/menu")
    said = await phone.says(text)
    assert "Báo cáo đã gửi" in text_of(said)
    assert "Sửa báo cáo này" in labels(said)


async def test_of_several_sent_reports_the_one_to_correct_is_asked_for(town: Town) -> None:
    phone = await town.head("p")
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    await send_report(town, "y-te", "Nà Hin", {})
    await phone.says("/menu")
    said = await phone.says("sua bao cao")
    assert labels(said) == ["Xem, sửa: Nước sinh hoạt", "Xem, sửa: Y tế, bà mẹ và trẻ em"]
    assert "Câu 1/" in text_of(await phone.says("sửa nhà ở"))


@pytest.mark.parametrize("text", ["roi va xoa", "lu quet, lu", "khac"])
async def test_part_of_a_label_is_not_enough_for_what_cannot_be_undone(town: Town, text: str) -> None:
    phone = await town.head("p")
    await phone.says("/khancap")
    before = await town.audit()
    said = await phone.says(text)
    assert len(said) == 1
    assert await town.audit() == before


# --- what a button means --------------------------------------------------------------------------------


async def test_a_press_ends_the_dialogue_that_waited_for_words(town: Town) -> None:
    """What is typed after another button was pressed is no answer to what was asked before it."""
    head = await town.head("a")
    await head.says("/toi")
    await head.presses("Sửa tên")
    assert "expects" in (await head.contact()).screen
    await head.presses_data("m:tinhhinh")
    assert "expects" not in (await head.contact()).screen
    await head.says("Nguyễn Thị Lụa")
    assert {person.name for person in await town.rows(Person)} == {"Lý A Sử"}


async def test_the_label_of_two_buttons_presses_neither_and_offers_both(town: Town) -> None:
    async def work(session: Session) -> None:
        await add(session, "Nà Hin", Level.VILLAGE, "thôn", town.places["Vĩnh Thông"])

    await town.storage.write(work)
    officer = await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    twice = [label for label in labels(await officer.says("/cacthon")) if label.startswith("thôn Nà Hin")]
    assert len(twice) == 2
    assert len(set(twice)) == 1
    said = await officer.says(twice[0])
    assert labels(said) == twice
    pressed = {choice.data for reply in said for row in reply.choices for choice in row}
    assert len(pressed) == 2
