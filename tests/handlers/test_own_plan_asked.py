"""What an office has brought itself, asked for in the chat: rows of its plan in words, its questionnaire by name."""

from pathlib import Path

import pytest

from plans.own import joined
from questionnaires.xlsform import compile_form
from storage import forms
from tests.handlers.chatting import Phone, Town, labels, text_of
from tests.plans.test_own import HEADS, WATER, laid

FORM = """
| survey | | | | |
| | type | name | label | bind::unit |
| | integer | t_vuon | Số vườn tạp | vườn |
| | integer | t_ngheo | Trong đó của hộ nghèo | vườn |
| settings | | | | |
| | form_title | form_id | | |
| | Rà soát vườn tạp của hộ nghèo, hộ cận nghèo | vuon | | |
"""
SCHEDULE = """
[[asked]]
form = "vuon"
level = "thon"
period = "month"
questions = 2
day = 15
within = 7
"""
IN_WORDS = """\
chu-2027,trend,"bảng PL1, dòng 6",dieu-hanh,,"Thu ngân sách trên địa bàn 2,1 tỷ đồng (2027)",trend,,,,2027,,,xã,xa,,
chu-2027-2,trend,"bảng PL1, dòng 7",y-te,,Người dân tham gia BHYT trên 97 % (2027),trend,,,,2027,,,xã,xa,,
loi,trend,"bảng PL1, dòng 8",y-te,,Nâng cao chất lượng khám chữa bệnh đến năm 2027,trend,,,,2027,,,xã,xa,,
"""


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def officer(town: Town, commune: Phone, tmp_path: Path) -> Phone:
    """An officer whose office has a plan and a scheduled questionnaire of its own."""
    folder = laid(tmp_path, targets_csv=f"{HEADS}\n{WATER}\n{IN_WORDS}", schedule_toml=SCHEDULE)
    plans = joined(folder)
    assert plans.own_faults == ()
    town.dispatch.library.plans, town.dispatch.library.dictionary = plans, None
    form = compile_form(FORM.encode(), "vuon.md")
    await town.storage.write(lambda session: forms.save_form(session, form))
    return commune


async def test_rows_that_only_say_their_number_in_words_are_told(officer: Phone) -> None:
    for question in (
        "thu ngân sách 2027 phải đạt bao nhiêu",
        "chỉ tiêu thu ngân sách",
        "kế hoạch giao thu ngân sách bao nhiêu",
    ):
        assert "2,1 tỷ đồng" in text_of(await officer.says(question))
    insured = text_of(await officer.says("chỉ tiêu BHYT 2027 của xã"))
    assert insured.startswith("Chỉ tiêu trong kế hoạch:")
    assert "trên 97 %" in insured
    beside = text_of(await officer.says("chỉ tiêu người dân tham gia BHYT"))
    assert "trên 97 %" in beside
    every = text_of(await officer.says("kế hoạch 12 Thái Nguyên có những chỉ tiêu gì"))
    assert "2,1 tỷ đồng" in every
    assert "chất lượng khám" not in every, "a direction without a number is no target"


async def test_a_scheduled_questionnaire_of_the_office_is_found_by_its_name(
    officer: Phone, head: Phone
) -> None:
    missing = text_of(await officer.says("thon nao chua nop phieu ra soat vuon tap"))
    assert missing.startswith("Chưa báo cáo Rà soát vườn tạp")
    await head.says("báo cáo")
    label = next(label for label in labels(await head.says("báo cáo")) if "vườn tạp" in label)
    await head.presses(label)
    await head.says("7")
    await head.says("2")
    await head.presses("Gửi")
    sent = await officer.says("rà soát vườn tạp của hộ nghèo thôn nào nộp rồi")
    assert "(1/3 thôn): thôn Nà Hin" in text_of(sent)
    sums = text_of(await officer.says("kết quả phiếu rà soát vườn tạp tháng 11"))
    assert "Số vườn tạp: 7 vườn" in sums
    assert "Hộ nghèo và hộ thiếu đất" in text_of(await officer.says("thôn nào chưa nộp phiếu hộ nghèo"))
