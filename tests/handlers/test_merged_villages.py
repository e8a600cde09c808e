"""Villages or communes that were made one: what is said of each by itself, and what is asked of whom."""

import re
from datetime import date

import pytest
from sqlmodel import select

from handlers.buttons import to_base36
from storage import place_events
from storage.place_rules import New, Ruling
from storage.session import Session
from storage.tables import Level, Place
from tests.handlers.beginnings import Beginnings, commune_officer, province_officer
from tests.handlers.chatting import Phone, Town, add, bundled, labels, send_report, text_of
from tests.handlers.test_asking import two_villages, water

BEGINNINGS = Beginnings("merged_villages", officer=commune_officer, province=province_officer)
MERGED = date(2026, 11, 20)


async def merge(town: Town, day: date = MERGED) -> None:
    """Nà Hin and Nà Lốc, which have reported, become Sáo Liền."""
    await two_villages(town)

    async def work(session: Session) -> None:
        some = [await session.get_one(Place, town.places[name]) for name in ("Nà Hin", "Nà Lốc")]
        await place_events.merge(session, some, New("thôn", "Sáo Liền"), Ruling(day, "NQ 2", town.now))

        [made] = await session.exec(select(Place).where(Place.name == "Sáo Liền"))
        town.places[made.name] = made.id

    await town.storage.write(work)


async def test_nothing_is_said_of_a_village_that_became_part_of_what_is_left_out(
    town: Town, officer: Phone
) -> None:
    await merge(town)
    await send_report(town, "nuoc-sach", "Bản Pàu", water())
    said = text_of(await officer.says("nước hợp vệ sinh các thôn trừ thôn Sáo Liền"))
    assert "1. thôn Bản Pàu: 50 % (25/50)" in said
    assert "số cũ của" not in said


async def test_a_village_of_before_is_told_by_itself(town: Town, officer: Phone) -> None:
    """Its own figure and coverage, not those of all that became one with it; and nothing is said to be missing."""
    await merge(town)
    said = text_of(await officer.says("nước hợp vệ sinh thôn Nà Hin"))
    assert "Hộ dùng nước hợp vệ sinh: 50 % (25/50)" in said
    assert "đủ 1/1 thôn báo kỳ này" in said
    assert "Chưa gồm" not in said
    assert "nay thuộc thôn Sáo Liền; số trên là của riêng thôn Nà Hin." in said
    said = text_of(await officer.says("nước hợp vệ sinh xã mình"))
    assert "70 % (70/100)" in said
    assert "Còn tính số cũ của thôn Nà Hin, thôn Nà Lốc" in said


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("diễn biến tổng số hộ dùng nước hợp vệ sinh xã mình", "Còn tính số cũ của"),
        ("so sánh nước hợp vệ sinh xã Vĩnh Thông tháng 11 với tháng 10", "Còn tính số cũ của"),
        ("xếp hạng các xã về nước hợp vệ sinh", "Còn tính số cũ của"),
        ("xếp hạng các thôn về nước hợp vệ sinh", "Chưa kể số cũ của"),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_each_way_to_tell_names_what_still_counts_by_itself(
    town: Town, officer: Phone, question: str, told: str
) -> None:
    await merge(town)
    await send_report(town, "nuoc-sach", "Bản Pàu", water())
    said = text_of(await officer.says(question))
    assert f"{told} thôn Nà Hin, thôn Nà Lốc: đã sáp nhập hoặc chia tách" in said
    await send_report(town, "nuoc-sach", "Sáo Liền", water(nuoc_ho=100))
    assert "số cũ của" not in text_of(await officer.says(question))


def support(houses: int) -> dict[str, str]:
    """A report on what was done in a quarter: so many houses were finished."""
    return {
        question.path: str(houses if question.name == "nha_xong" else 0)
        for question in bundled("ho-tro").questions
    }


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_was_done_in_the_quarter_of_a_merger_counts_once(town: Town, officer: Phone) -> None:
    """In the total as in a list, in a sum over the year and in a trend."""
    for name, houses in (("Nà Hin", 5), ("Nà Lốc", 4)):
        await send_report(town, "ho-tro", name, support(houses), back=1)
    for name, houses in (("Nà Hin", 6), ("Bản Pàu", 3)):
        await send_report(town, "ho-tro", name, support(houses))
    await merge(town)
    assert "9 nhà" in text_of(await officer.says("nhà làm xong xã mình quý 4"))
    listed = text_of(await officer.says("nhà làm xong các thôn quý 4"))
    assert "Chưa kể số cũ của thôn Nà Hin: đã sáp nhập" in listed
    await send_report(town, "ho-tro", "Sáo Liền", support(13))
    said = text_of(await officer.says("nhà làm xong xã mình quý 4"))
    assert "16 nhà" in said
    assert "2/2 thôn" in said
    assert "25 nhà" in text_of(await officer.says("nhà làm xong xã mình từ đầu năm"))
    trend = text_of(await officer.says("nhà làm xong xã mình theo quý"))
    assert re.findall(r"(quý I+V?/2026): (\d+) nhà", trend) == [("quý III/2026", "9"), ("quý IV/2026", "16")]
    listed = text_of(await officer.says("nhà làm xong các thôn quý 3"))
    assert "Không kể số của thôn Nà Hin, thôn Nà Lốc: kỳ ấy còn báo cáo riêng" in listed


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_new_village_is_asked_nothing_of_before_its_first_day(town: Town, officer: Phone) -> None:
    """What was due of its ground then was due of those that stood then. What both have sent it need not send."""
    await merge(town)
    said = text_of(await officer.says("thôn nào chưa gửi phiếu nước tháng 10"))
    assert "(3 thôn): thôn Bản Pàu, thôn Nà Hin, thôn Nà Lốc" in said
    said = text_of(await officer.says("thôn nào chưa gửi phiếu nước tháng 11"))
    assert "(1 thôn): thôn Bản Pàu" in said
    buttons = [label for label in labels(await officer.says("tiến độ")) if "thôn" in label]
    assert [label for label in buttons if "Sáo Liền" in label and "quá hạn" in label] == []


async def test_a_new_village_is_late_only_with_what_was_due_since_its_first_day(
    town: Town, officer: Phone
) -> None:
    """The list, the form, the receipt and the officer's look count alike; the rest may be sent, and is not late."""
    await merge(town)
    town.later(days=2)
    head = await town.head("moi", "Sáo Liền")
    asked = text_of(await head.says("báo cáo"))
    assert re.findall(r"quá hạn (\S+),", asked) == ["21/11/2026"]
    assert "phiếu đến hạn hoặc đã được báo từ trước ngày lập đơn vị: không tính là muộn" in asked
    assert "Nước sinh hoạt, tháng 11/2026: chưa làm, hạn 07/12/2026" in text_of(await head.presses("Xem cả"))
    await send_report(town, "nuoc-sach", "Sáo Liền", water())
    await officer.says("tiến độ")
    shown = await officer.presses("thôn Sáo Liền: 1/")
    assert "Nộp muộn" not in text_of(shown)
    assert "Nộp muộn" not in text_of(await officer.presses("Xem: Nước sinh hoạt"))


async def test_how_many_have_reported_is_one_number_after_a_merger(town: Town, officer: Phone) -> None:
    """The answer, the officer's lists and the page of a village count the villages that became one alike, until the
    new one reports."""
    await merge(town)
    await send_report(town, "nuoc-sach", "Bản Pàu", water())
    head = await town.head("pau", "Bản Pàu")
    for reported, by_it in (("3/3", "Nước sinh hoạt, tháng 11/2026: 3/3 thôn"), ("2/2", "2/2 thôn")):
        whole = reported == "3/3"
        assert f"đủ {reported} thôn báo kỳ này" in text_of(await officer.says("nước hợp vệ sinh xã mình"))
        look = await officer.says("tiến độ")
        assert by_it in text_of(look)
        assert ("còn đếm riêng: thôn Nà Hin, thôn Nà Lốc" in text_of(look)) is whole
        assert not any("Thiếu" in label and "Nước" in label for label in labels(look))
        assert f"{reported} thôn của xã đã báo kỳ này" in text_of(await head.says("tình hình"))
        sums = text_of(await officer.presses("Số liệu: Nước sinh hoạt"))
        assert f"{reported} thôn" in sums
        assert "tất cả bao nhiêu hộ: 150 hộ" in sums
        await send_report(town, "nuoc-sach", "Sáo Liền", water(nuoc_ho=100))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_has_not_reported_are_those_that_stood_at_the_periods_end(
    town: Town, officer: Phone
) -> None:
    """Bản Pàu went into Nà Hin: what it left out of November nobody owes, and of October it was its own."""
    await two_villages(town)
    for name in ("Nà Lốc", "Bản Pàu"):
        await send_report(town, "nuoc-sach", name, water(), back=2)
    town.later(hours=1)

    async def work(session: Session) -> None:
        pau, hin = [await session.get_one(Place, town.places[name]) for name in ("Bản Pàu", "Nà Hin")]
        await place_events.merge(session, [pau], hin, Ruling(MERGED, "NQ 3", town.now))

    await town.storage.write(work)
    look = await officer.says("tiến độ")
    assert "Nước sinh hoạt, tháng 11/2026: 2/3 thôn đã báo cáo" in text_of(look)
    assert not any("Thiếu" in label and "Nước" in label for label in labels(look))
    look = await officer.presses("« Kỳ trước")
    assert "Nước sinh hoạt, tháng 10/2026: 0/3 thôn đã báo cáo" in text_of(look)
    named = text_of(await officer.presses("Thiếu 3 thôn: Nước"))
    assert "(3 thôn): thôn Bản Pàu, thôn Nà Hin, thôn Nà Lốc" in named


async def test_whose_village_is_asked_nothing_more_finds_a_way_on(town: Town, officer: Phone) -> None:
    head = await town.head("thon")
    await merge(town)
    town.later(days=40)
    said = await head.says("báo cáo")
    assert "Không có phiếu nào phải làm" in text_of(said)
    assert "Trợ giúp" in " ".join(labels(said))


def capital(given: int, spent: int) -> dict[str, str]:
    """A commune's report on its capital: how many millions of investment it was given, and spent."""
    numbers = (given, spent, 0, 0)
    return {one.path: str(number) for one, number in zip(bundled("von-xa").questions, numbers, strict=True)}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_commune_that_took_one_in_holds_its_numbers_and_says_so(town: Town, province: Phone) -> None:
    """How many of both have reported, and nothing of one beside a figure of both; in lists, too."""

    async def beside(session: Session) -> None:
        for name in ("Phủ Thông", "Cẩm Giàng"):
            above = town.places["Thái Nguyên"]
            town.places[name] = await add(session, name, Level.COMMUNE, "xã", above)

    async def merge(session: Session) -> None:
        some = [await session.get_one(Place, town.places[name]) for name in ("Vĩnh Thông", "Phủ Thông")]
        await place_events.merge(session, some, some[1], Ruling(MERGED, "NQ 3", town.now))

    await town.storage.write(beside)
    for name, given, spent in (("Vĩnh Thông", 500, 100), ("Phủ Thông", 400, 200), ("Cẩm Giàng", 100, 10)):
        await send_report(town, "von-xa", name, capital(given, spent), back=1)
    await send_report(town, "von-xa", "Phủ Thông", capital(400, 300))
    town.later(days=3)
    await town.storage.write(merge)
    said = text_of(await province.says("vốn đầu tư xã Phủ Thông giải ngân"))
    assert "44,4 % (400/900)" in said
    assert "1/2 xã báo kỳ này" in said
    assert "Còn tính số cũ của xã Vĩnh Thông: đã sáp nhập" in said
    assert "ở 1 xã có số cả hai kỳ" in said
    assert "Biên nhận" not in said
    shown = text_of(await province.presses_data(f"t:{to_base36(town.places['Phủ Thông'])}:d:von"))
    assert "44,4 % (400/900)" in shown
    assert "1/2 xã báo kỳ này" in shown
    listed = text_of(await province.says("xếp hạng các xã về vốn đầu tư giải ngân"))
    assert "xã Phủ Thông: 44,4 % (400/900) (1/2 nơi báo kỳ này)" in listed
    assert "Còn tính số cũ của xã Vĩnh Thông" in listed
    listed = text_of(await province.says("xếp hạng các xã về vốn đầu tư giải ngân quý 3"))
    assert "xã Phủ Thông: 33,3 % (300/900)" in listed
    assert "Gồm số của xã Vĩnh Thông: kỳ ấy còn báo cáo riêng" in listed
    said = text_of(await province.says("vốn đầu tư xã Vĩnh Thông cũ giải ngân"))
    assert "20 % (100/500)" in said
    assert "nay thuộc xã Phủ Thông; số trên là của riêng xã Vĩnh Thông." in said
    await send_report(town, "von-xa", "Phủ Thông", capital(900, 500))
    said = text_of(await province.says("vốn đầu tư xã Phủ Thông giải ngân"))
    assert "55,6 % (500/900)" in said
    assert "đủ 1/1 xã báo kỳ này" in said
    assert "Không so với quý III/2026 được" in said
