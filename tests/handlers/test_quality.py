"""A look back at a month: what to ask whom, where chance does not explain it, and never whose fault it is."""

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.timetable import write_round
from figures.quality import NUMBERS, Sign, is_rounded
from handlers.wording import catalogue
from storage import place_events
from storage.place_rules import New, Ruling
from storage.session import Session
from storage.tables import ChallengeRow, Level, Outbox, Place, RoleName
from tests.handlers.chatting import ZONE, Phone, Town, send_report, text_of

FIRST_DAY = datetime(2026, 12, 1, 8, 0, tzinfo=ZONE)
NAMES = (
    "nuoc_ho",
    "nuoc_ho_dtts",
    "nuoc_ho_hvs",
    "nuoc_ho_dtts_hvs",
    "nuoc_ho_tap_trung",
    "nuoc_ho_thieu",
    "nuoc_ct_hong",
)


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def officer(town: Town) -> Phone:
    return await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")


def water(numbers: list[int]) -> dict[str, str]:
    """A report of water, its numbers in the order of the questions."""
    return {f"/data/{name}": str(number) for name, number in zip(NAMES, numbers, strict=False)}


async def november(town: Town, officer: Phone) -> None:
    """Nà Hin counts, Nà Lốc rounds, Bản Pàu is silent; one figure of Nà Hin was doubtful."""
    for back in range(4):
        await send_report(town, "nuoc-sach", "Nà Hin", water([123, 118, 97, 91, 42]), back)
        await send_report(town, "nuoc-sach", "Nà Lốc", water([120, 110, 90, 85, 40]), back)

    async def doubt(session):  # type: ignore[no-untyped-def]
        session.add(ChallengeRow(submission_id=1, path="/data/nuoc_ho", detail={"rule": "jumped"}))
        # Neither a copy nor round numbers are unlikely figures, and round numbers are no copy.
        session.add(ChallengeRow(submission_id=2, path="", detail={"rule": "heaped"}))
        session.add(ChallengeRow(submission_id=3, path="", detail={"rule": "copied"}))

    await town.storage.write(doubt)


async def test_each_sign_is_told_with_its_question(town: Town, officer: Phone) -> None:
    await november(town, officer)
    town.now = FIRST_DAY
    said = text_of(await officer.presses_data(f"c:g:{town.places['Vĩnh Thông']}"))
    assert "Nhìn lại báo cáo tháng 11/2026" in said
    assert "Báo cáo gửi trong tháng: 8, trong đó 1 có số cần xem" in said
    assert "Số khác thường (phiếu có số cần xem/phiếu gửi): thôn Nà Hin (1/4)" in said
    assert "Nhiều số tròn (số tận cùng 0 hoặc 5/số đã báo): thôn Nà Lốc (20/20)" in said
    assert "đếm từng hộ hay ước chừng" in said
    assert "Y như nhiều kỳ trước (phiếu/phiếu gửi): thôn Nà Hin (1/4)" in said
    assert "thôn Bản Pàu" in said
    assert "chưa phải là sai" in said


async def test_what_was_sent_counts_whatever_became_of_it_since(town: Town, officer: Phone) -> None:
    """A report corrected in the month is one, with its last doubt; corrected later it stays, as does a village that is no
    more."""
    await november(town, officer)
    await send_report(town, "nuoc-sach", "Nà Hin", water([123, 118, 97, 91, 41]))
    town.now = FIRST_DAY
    await send_report(town, "nuoc-sach", "Nà Hin", water([123, 118, 97, 91, 44]), key="2026-11")

    async def merge(session: Session) -> None:
        lost, hin = [await session.get_one(Place, town.places[name]) for name in ("Nà Lốc", "Nà Hin")]
        await place_events.merge(session, [lost], hin, Ruling(date(2026, 11, 20), "NQ 2", town.now))

    await town.storage.write(merge)
    said = text_of(await officer.presses_data(f"c:g:{town.places['Vĩnh Thông']}"))
    assert "Báo cáo gửi trong tháng: 8, trong đó 0 có số cần xem" in said
    assert "Nhiều số tròn (số tận cùng 0 hoặc 5/số đã báo): thôn Nà Lốc (20/20)" in said


async def test_it_goes_along_with_another_letter_once(town: Town, officer: Phone) -> None:
    await november(town, officer)
    town.now = FIRST_DAY
    library = town.dispatch.library
    assert await write_round(town.storage, library, FIRST_DAY.replace(hour=7), "reminders") == 0
    assert await write_round(town.storage, library, FIRST_DAY, "reminders") == 1
    [letter] = await town.rows(Outbox, Outbox.natural_key.startswith("remind:"))  # type: ignore[union-attr]
    assert "Nhìn lại báo cáo tháng 11/2026" in letter.body["text"]
    assert "Số khác thường" not in letter.body["text"], "what is to be asked stands behind the button"
    await town.heard()
    assert "Số khác thường" in text_of(await officer.presses_data(f"c:g:{town.places['Vĩnh Thông']}"))
    said = text_of(await officer.says("sao tôi nhận tin này"))
    assert "Tin gần nhất (08:00 01/12/2026)" in said
    assert "nhìn lại báo cáo tháng trước" in said
    assert "«Nhìn lại báo cáo» tháng trước: mỗi tháng một lần" in said
    await write_round(town.storage, library, FIRST_DAY + timedelta(days=6), "weekly")
    assert "Nhìn lại báo cáo" not in text_of([reply for _, reply in await town.heard()])


async def test_above_communes_the_communes_are_asked(town: Town, officer: Phone) -> None:
    await november(town, officer)
    above = await town.enrolled("t", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vũ Thị Hà")
    town.now = FIRST_DAY
    said = text_of(await above.presses_data(f"c:g:{town.places['Thái Nguyên']}"))
    assert "Hỏi xã: «Cấp trên giúp gì được để các thôn báo kịp ạ?»" in said
    assert "bác" not in said


@pytest.mark.parametrize("merged", [False, True])
async def test_every_missing_report_is_in_the_list(town: Town, officer: Phone, merged: bool) -> None:
    """Once, also where those that owed it became one village since."""
    await november(town, officer)
    asked = town.dispatch.library.plans.asked_of(Level.VILLAGE)
    first = [entry.opens(entry.period(town.now.date())) for entry in asked]
    of_month = [
        one.form
        for one, day in zip(asked, first, strict=True)
        if day.month == town.now.month and day <= town.now.date()
    ]
    for form in set(of_month[1:]) - {"nuoc-sach"}:
        await send_report(town, form, "Nà Hin", {})
    town.now = FIRST_DAY

    async def merge(session: Session) -> None:
        some = [await session.get_one(Place, town.places[name]) for name in ("Nà Lốc", "Bản Pàu")]
        await place_events.merge(
            session, some, New("thôn", "Sáo Liền"), Ruling(date(2026, 11, 20), "NQ 2", town.now)
        )

    if merged:
        await town.storage.write(merge)
    said = text_of(await officer.presses_data(f"c:g:{town.places['Vĩnh Thông']}"))
    [(expected, received)] = re.findall(r"Phải nhận (\d+), đã nhận (\d+)", said)
    missing = said.split("Chưa nhận")[-1].split("\n")[0]
    assert sum(map(int, re.findall(r"\((\d+)/", missing))) == int(expected) - int(received) > 0


async def test_heads_and_others_do_not_read_it(town: Town, officer: Phone) -> None:
    head = await town.head("a")
    stranger = await town.enrolled("z", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Vi Văn Tám")
    for phone in (head, stranger):
        missing = text_of(await phone.presses_data("c:g:99999"))
        assert text_of(await phone.presses_data(f"c:g:{town.places['Vĩnh Thông']}")) == missing


def test_no_sentence_blames() -> None:
    """None of its words calls anything wrong, false or made up."""
    for locale, words in (
        ("vi", ("gian", "bịa", "lười", "sai sót", "lỗi")),
        ("en", ("fault of", "false", "lazy", "fake")),
    ):
        texts = [str(text) for key, text in catalogue(locale).items() if key.startswith("quality.")]
        assert texts
        assert not [text for text in texts for word in words if word in text.lower()]


@given(st.integers(0, 400), st.integers(0, 400))
def test_few_numbers_and_usual_shares_are_no_sign(count: int, total: int) -> None:
    sign = Sign(Place(id=1, level="thon", kind="thôn", name="A"), min(count, total), total)
    if total < NUMBERS or sign.count <= total * 0.3:
        assert not is_rounded(sign)
    elif sign.count == total:
        assert is_rounded(sign)
