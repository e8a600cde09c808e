"""Wherever free words are asked for, a known request is carried out or asked about, and never taken for the words."""

from datetime import datetime

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from handlers import menu
from handlers.vocabulary import calls_page, may_be_request, says_stop
from handlers.wording import LOCALES, wording
from storage.kept import (
    AnnouncementWanted,
    AnswerWanted,
    ClosingWanted,
    ExchangeWanted,
    KeepWanted,
    MoreWanted,
    NameWanted,
    OfficerNameWanted,
    OfficersClosingWanted,
    OtherWordsWanted,
    OwnLineWanted,
    PaperWanted,
    RefusalWanted,
    ReopeningWanted,
    ReturnWanted,
    RightWanted,
    Screen,
    UntilWanted,
    Wanted,
)
from storage.tables import ChallengeRow, Contact, FigureReturn, Submission
from tests.handlers.beginnings import Beginnings
from tests.handlers.chatting import Phone, Town, labels, text_of
from tests.handlers.test_checking import choose_figure, enrolled, reported_twice, send_back_and_keep

ON_THE_MENU = {
    command for layout in (menu.HEAD, menu.OFFICER, menu.BOTH) for line in layout for command in line
} | {"khancapmo", "viectuan"}


@pytest.fixture
def kind() -> str:
    return "sqlite"


BEGINNINGS = Beginnings("requests", head=reported_twice, officer=enrolled)


@pytest.mark.parametrize("lang", LOCALES)
def test_every_button_of_the_menu_may_be_typed_wherever_words_are_asked_for(lang: str) -> None:
    typed = {command: wording(lang)(f"menu.button.{command}").unescape() for command in ON_THE_MENU}
    assert {command for command, label in typed.items() if not calls_page(label)} == set()


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("trưởng thôn báo qua điện thoại", False),
        ("nguồn nước cạn", False),
        ("đã kiểm tra lại số liệu", False),
        ("sửa ống nước", False),
        ("phiếu giấy của thôn", False),
        ("mưa lũ trôi ống nước", False),
        ("đếm thiếu", False),
        ("duyệt hết", True),
        ("để mai làm", True),
        ("vâng", True),
        ("kiểm tra Nà Hin", True),
        ("nhắc thôn Nà Hin", True),
        ("lịch sử hộ dùng nước hợp vệ sinh Nà Hin", True),
        ("bỏ duyệt nước Nà Hin", True),
        ("từ đâu ra số này", True),
        ("xã còn bao nhiêu hộ thiếu nước", True),
        ("tháng trước báo thế à?", True),
        ("cho xem lại phiếu quý III", True),
        ("số điện thoại trưởng thôn Nà Hin", True),
        ("gặp trưởng thôn Nà Hin", True),
        ("ai là trưởng thôn ở đây", True),
        ("danh sách hộ nghèo thế nào", True),
        ("đã gặp trưởng thôn hỏi lại", False),
        ("sao lại có 3 hộ", False),
    ],
)
def test_what_may_be_a_request_is_no_reason_unasked(text: str, asked: bool) -> None:
    assert may_be_request(text) is asked


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("huỷ", True),
        ("thôi", True),
        ("quay lại", True),
        ("thôi không trả nữa", True),
        ("khong tra lai nua a", True),
        ("để hỏi lại đã", True),
        ("để sau nhé", True),
        ("mấy hôm nữa tôi trả lời", True),
        ("chờ 2 hôm nữa nhé", True),
        ("để kiểm tra lại số liệu", False),
        ("thôn huỷ phiếu giấy", False),
        ("không trả lời điện thoại", False),
        ("hộ này đã bỏ đi", False),
    ],
)
def test_a_wish_to_stop_is_a_whole_message(text: str, *, stops: bool) -> None:
    assert says_stop(text) is stops


def wanted_at(now: datetime) -> tuple[Wanted, ...]:
    """What a chat may wait for in free words, one of each kind."""
    return (
        NameWanted(),
        AnnouncementWanted(1, "heads"),
        UntilWanted(1),
        OtherWordsWanted(1),
        MoreWanted(1),
        ClosingWanted(1, now),
        AnswerWanted(1, now),
        OfficersClosingWanted(1, now),
        OwnLineWanted(1),
        ReturnWanted(1, "/data/nuoc_ho", now),
        KeepWanted(1, now),
        ReopeningWanted(1, now),
        RefusalWanted(1, now),
        OfficerNameWanted(1, now),
        PaperWanted(1, now),
        ExchangeWanted(1, now),
        RightWanted("correct", now),
    )


async def test_a_page_is_opened_by_its_name_whatever_words_are_wanted(town: Town, officer: Phone) -> None:
    number = (await officer.contact()).id
    taken = []
    for wanted in wanted_at(town.now):
        screen = Screen(expects=wanted).to_json()
        await town.storage.write(
            lambda session, screen=screen: session.exec(
                update(Contact).where(col(Contact.id) == number).values(screen=screen)
            )
        )
        if "Việc tuần này, xã" not in text_of(await officer.says("việc tuần này")):
            taken.append(type(wanted).__name__)
    assert taken == []


async def at_reason_in_place(officer: Phone) -> None:
    """An officer has corrected a village's figures, and is asked why; the third is right as it was."""
    await officer.says("/kiemtra")
    await officer.presses("Nà Hin, Nước")
    await officer.presses("Xem, sửa báo cáo này")
    await officer.presses("Sửa báo cáo này")
    await officer.says("7: 1")
    await officer.presses("Gửi bản sửa")


async def revised(town: Town) -> list[str]:
    """Why each revision was sent in somebody's place."""
    return [report.in_place for report in await town.rows(Submission) if report.revision > 1]


async def test_a_page_named_where_a_correction_waits_for_its_reason_sends_nothing(
    town: Town, head: Phone, officer: Phone
) -> None:
    await at_reason_in_place(officer)
    for words, shown in (("kiểm tra số liệu", "chờ duyệt"), ("viec tuan nay", "Việc tuần này, xã")):
        said = await officer.says(words)
        assert (shown in text_of(said), "Tiếp tục" in labels(said)) == (True, True)
    assert await revised(town) == []
    await officer.presses("Tiếp tục")
    await officer.presses("Gửi bản sửa")
    await officer.says("thôn gọi điện báo")
    assert await revised(town) == ["thôn gọi điện báo"]


@pytest.mark.parametrize(
    "words",
    [
        "nhà ở",
        "duyệt hết",
        "xã còn bao nhiêu hộ thiếu nước",
        "báo cáo nước",
        "thôn Nà Hin",
        "bam nham roi em",
    ],
)
async def test_a_request_there_is_asked_about(town: Town, head: Phone, officer: Phone, words: str) -> None:
    await at_reason_in_place(officer)
    said = await officer.says(words)
    assert f"Lý do là: «{words}» phải không" in text_of(said)
    assert await revised(town) == []
    await officer.presses("Đúng là lý do")
    assert await revised(town) == [words]


async def at_reason(town: Town, head: Phone) -> None:
    """A head is asked why a figure is unusual."""
    await head.says("sửa báo cáo nước")
    await head.presses("Sửa báo cáo này")
    await head.says("5: 1")
    await head.presses("Có lý do")


async def test_a_page_named_where_a_head_gives_a_reason_is_opened(town: Town, head: Phone) -> None:
    await at_reason(town, head)
    said = await head.says("tình hình thôn")
    assert ("Đã ghi lý do" in text_of(said), "Tiếp tục" in labels(said)) == (False, True)
    await head.presses("Tiếp tục")
    assert "Lý do là: «nhà ở» phải không" in text_of(await head.says("nhà ở"))
    assert "Đã ghi lý do: nhà ở" in text_of(await head.presses("Đúng là lý do"))
    await head.presses("Gửi bản sửa")
    async with town.storage.reading() as session:
        said = await session.exec(select(ChallengeRow.words).where(ChallengeRow.words != ""))
        assert list(said) == ["nhà ở"]


async def returned_for(town: Town) -> list[str]:
    """Why figures were sent back."""
    return [row.words for row in await town.rows(FigureReturn)]


async def test_a_wish_to_stop_sends_no_figure_back(town: Town, head: Phone, officer: Phone) -> None:
    await choose_figure(officer)
    for words in ("huỷ", "quay lại", "thôi không trả nữa", "để hỏi lại đã"):
        said = await officer.says(words)
        assert ("Vâng, máy thôi" in text_of(said), await returned_for(town)) == (True, [])
        await officer.presses("Quay lại phiếu")
        await officer.presses("Trả lại một số")
        await officer.presses("3. ")
    assert "Lý do" not in text_of(await officer.says("trả lại số nước Nà Hin"))
    assert await returned_for(town) == []


@pytest.mark.parametrize(
    "words",
    [
        "so với kế hoạch",
        "thôn Nà Hin",
        "xem thôn Nà Hin",
        "nhà ở toàn huyện",
        "gặp trưởng thôn Nà Hin",
        "nước sinh hoạt",
        "à thôi không cần trả nữa",
        "bam nham a",
        "khoan da, de em goi hoi bac ay",
        "so nay dung roi khong phai tra",
        "de mai xem lai",
    ],
)
async def test_what_may_be_no_reason_to_send_a_figure_back_is_asked_about(
    town: Town, head: Phone, officer: Phone, words: str
) -> None:
    await choose_figure(officer)
    said = await officer.says(words)
    assert f"Lý do là: «{words}» phải không anh/chị" in text_of(said)
    assert ({"Đúng là lý do", "Không phải lý do"} <= set(labels(said)), await returned_for(town)) == (
        True,
        [],
    )
    said = await officer.presses("Không phải lý do")
    assert ("Quay lại phiếu" in labels(said), await returned_for(town)) == (True, [])
    await choose_figure(officer)
    await officer.says(words)
    await officer.says("đúng rồi")
    assert await returned_for(town) == [words]


@pytest.mark.parametrize(
    "words",
    [
        "sao lại có 3 hộ",
        "khác với sổ hộ nghèo",
        "thôn báo nhầm câu",
        "nhầm với thôn Nà Lốc",
        "thôn Nà Hin báo nhầm",
        "hôm 12/11 ông Sinh nói mới có 2 nhà",
        "nhập sai",
    ],
)
async def test_a_true_reason_goes_out_at_once(town: Town, head: Phone, officer: Phone, words: str) -> None:
    await choose_figure(officer)
    assert "Đã trả lại" in text_of(await officer.says(words))
    assert await returned_for(town) == [words]


async def test_what_may_be_no_reason_is_asked_about_where_a_head_keeps_a_figure(
    town: Town, head: Phone, officer: Phone
) -> None:
    await send_back_and_keep(town, head, officer)
    said = await head.says("danh sách hộ nghèo thế nào")
    assert ("Lý do là" in text_of(said), [row.answer for row in await town.rows(FigureReturn)]) == (
        True,
        [""],
    )
    await head.says("không phải")
    await head.presses("Số này đúng")
    assert "Vâng, máy thôi" in text_of(await head.says("mấy hôm nữa tôi trả lời"))
    assert [row.answer for row in await town.rows(FigureReturn)] == [""]


@pytest.mark.parametrize(
    "words",
    [
        "tháng trước báo nhầm 43",
        "hôm trước đếm nhầm 2 nhà",
        "ky truoc thon ghi nham 43",
        "lần trước báo thiếu 43",
    ],
)
async def test_an_earlier_slip_with_its_number_is_a_reason_and_no_figure(
    town: Town, head: Phone, words: str
) -> None:
    await at_reason(town, head)
    assert "Đã ghi lý do" in text_of(await head.says(words))
