"""A questionnaire beyond the schedule: sent out, listed with what is due, answered, counted."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.timetable import write_round
from handlers.messages import MessageKind
from questionnaires.xlsform import compile_form
from storage import forms, place_events
from storage.place_rules import New, Ruling
from storage.session import Session
from storage.tables import Announcement, Outbox, Place, Submission
from tests.handlers.beginnings import Beginnings, commune_officer
from tests.handlers.chatting import ZONE, Phone, Town, labels, load_forms, text_of

DAMAGE = Path(__file__).parents[2] / "docs" / "vi-du" / "thiet-hai.md"


async def load_damage(town: Town) -> None:
    """The questionnaire about damage, beside the others."""
    await load_forms(town)
    form = compile_form(DAMAGE.read_bytes(), DAMAGE.name)
    await town.storage.write(lambda session: forms.save_form(session, form))


async def beside_another(town: Town) -> Phone:
    await town.head("thon2", "Nà Lốc", "Hoàng Thị Mỷ")
    return await town.head("thon")


BEGINNINGS = Beginnings("on_request", load_damage, head=beside_another, officer=commune_officer)


async def sent_out(town: Town, officer: Phone, head: Phone) -> str:
    """Ask every village about damage; what the head reads."""
    await officer.says("/thongbao")
    await officer.presses("Gửi phiếu đột xuất")
    await officer.presses("Thiệt hại do mưa lũ")
    preview = text_of(await officer.says("Huyện cần số liệu ngay"))
    assert "Thiệt hại do mưa lũ" in preview
    assert "2 người" in preview
    send = officer.incoming(MessageKind.PRESS, press=officer.button("Gửi ngay"))
    await town.dispatch.handle(send, town.channel)
    heard = await town.heard()
    officer.shown += [reply for address, reply in heard if address == officer.address]
    mine = [reply for address, reply in heard if address == head.address]
    head.shown += mine
    return text_of(mine)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_it_is_sent_out_answered_and_counted(town: Town, officer: Phone, head: Phone) -> None:
    said = await sent_out(town, officer, head)
    assert "Huyện cần số liệu ngay" in said
    assert "chậm nhất 30/11/2026" in said
    await head.presses("Làm phiếu")
    await head.says("3 nhà")
    await head.says("11")
    await head.presses("Bỏ qua")
    assert "Đã nhận báo cáo" in text_of(await head.presses("Gửi"))
    [submission] = await town.rows(Submission)
    assert (submission.form_name, submission.period) == ("thiet-hai", "2026-11")
    assert "tháng 11/2026: chưa làm" not in text_of(await head.says("báo cáo"))
    await officer.says("/thongbao")
    [row] = await town.rows(Announcement)
    said = text_of(await officer.presses_data(f"n:v:{row.id}:"))
    assert "Đã trả lời: 1/3 thôn" in said
    assert "thôn Nà Lốc" in said


async def test_it_stands_among_what_is_due_until_it_is_sent(town: Town, officer: Phone, head: Phone) -> None:
    assert "Thiệt hại" not in text_of(await head.says("báo cáo"))
    await sent_out(town, officer, head)
    assert "Thiệt hại do mưa lũ, tháng 11/2026: chưa làm, hạn 30/11/2026" in text_of(
        await head.says("báo cáo")
    )
    await head.presses("Làm: Thiệt hại")
    await head.says("0")
    await head.presses("Để sau")
    assert "Làm tiếp: Thiệt hại do mưa lũ" in labels(await head.says("báo cáo"))
    town.later(days=11)
    late = "Thiệt hại do mưa lũ, tháng 11/2026: đang làm dở, quá hạn 30/11/2026, vẫn gửi được"
    assert late in text_of(await head.says("báo cáo"))
    town.later(days=7)
    closed = "Thiệt hại do mưa lũ, tháng 11/2026: kỳ đã ngừng nhận, phiếu làm dở vẫn gửi được đến hết ngày 14/12/2026"
    assert closed in text_of(await head.says("báo cáo"))
    town.later(days=7)
    assert "Thiệt hại do mưa lũ, tháng 11" not in text_of(await head.says("báo cáo")).split("hết hạn")[0]
    assert "tháng 11/2026" not in text_of(await officer.says("hạn gửi phiếu thiệt hại là ngày nào"))
    past = text_of(await officer.says("hạn gửi phiếu thiệt hại tháng 11 là ngày nào"))
    assert "vẫn gửi được" not in past


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_late_in_a_month_it_is_for_the_next(town: Town, officer: Phone, head: Phone) -> None:
    town.now = town.now.replace(day=27)
    assert "chậm nhất 31/12/2026" in await sent_out(town, officer, head)
    assert "tháng 12/2026" in text_of(await head.says("báo cáo"))


async def test_it_is_for_the_month_of_its_own_deadline(town: Town, officer: Phone, head: Phone) -> None:
    town.now = town.now.replace(day=29)
    await officer.says("/thongbao")
    await officer.presses("Gửi phiếu đột xuất")
    await officer.presses("Thiệt hại do mưa lũ")
    shown = await officer.says("Báo thiệt hại đợt mưa đêm qua trước 21 giờ tối nay")
    assert "Hạn trả lời: 30/11/2026" in labels(shown)
    assert "31/12/2026" not in "".join(labels(shown))
    assert "Hạn trả lời: 31/12/2026" in labels(await officer.presses("Hạn trả lời: 17:00 02/12/2026"))
    await officer.presses("Hạn trả lời: 17:00 30/11/2026")
    await officer.presses("Gửi ngay")
    assert "Thiệt hại do mưa lũ, tháng 11/2026: chưa làm" in text_of(await head.says("báo cáo"))
    assert "tháng 11/2026" in text_of(await head.presses("Làm: Thiệt hại"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_stopped_it_is_asked_no_more(town: Town, officer: Phone, head: Phone) -> None:
    await sent_out(town, officer, head)
    await officer.presses("Dừng gửi")
    assert "Thiệt hại" not in text_of(await head.says("báo cáo"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_only_what_no_schedule_asks_and_only_on_own_ground(
    town: Town, officer: Phone, head: Phone
) -> None:
    other = await town.head("na", "Xiềng Tắm", "Lô Văn Pó")
    await sent_out(town, officer, head)
    assert "Thiệt hại" not in text_of(await other.says("báo cáo"))
    place = town.places["Vĩnh Thông"]
    before = len(await town.rows(Outbox))
    for data in (f"n:g:{place}:nuoc-sach", f"n:g:{place}:x", f"n:f:{town.places['Mỹ Lý']}:", "n:f:x:"):
        assert "không còn dùng được" in text_of(await officer.presses_data(data))
    for data in (f"n:f:{place}:", f"n:g:{place}:thiet-hai"):
        assert "không còn dùng được" in text_of(await head.presses_data(data))
    assert len(await town.rows(Announcement)) == 1
    assert len(await town.rows(Outbox)) > before


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    "text", ["thiet hai", "Thiệt hại ạ", "lam: thiet hai", "làm phiếu thiệt hại", "mưa lũ"]
)
async def test_its_name_can_be_typed_when_it_has_come(
    town: Town, officer: Phone, head: Phone, text: str
) -> None:
    await sent_out(town, officer, head)
    assert "Thiệt hại do mưa lũ · thôn Nà Hin" in text_of(await head.says(text))


async def test_it_has_a_deadline_of_its_own_shown_and_held(town: Town, officer: Phone, head: Phone) -> None:
    await officer.says("/thongbao")
    await officer.presses("Gửi phiếu đột xuất")
    await officer.presses("Thiệt hại do mưa lũ")
    await officer.says("Huyện cần số liệu")
    preview = await officer.presses(f"Hạn trả lời: 17:00 {town.now:%d/%m/%Y}")
    assert f"chậm nhất 17:00 {town.now:%d/%m/%Y}" in text_of(preview)
    await officer.presses("Gửi ngay")
    assert "Thiệt hại do mưa lũ, tháng 11/2026: chưa làm, hạn 17:00 hôm nay" in text_of(
        await head.says("báo cáo")
    )
    storage, library = town.storage, town.dispatch.library
    assert await write_round(storage, library, town.now.replace(hour=16, minute=59), "requests") == 0
    await head.presses("Làm: Thiệt hại")
    for answer in ("3 nhà", "11", "Bỏ qua"):
        await head.says(answer)
    await head.presses("Gửi")
    await town.heard()
    assert await write_round(storage, library, town.now.replace(hour=17), "requests") == 1
    [(address, told)] = await town.heard()
    assert address == officer.address
    assert "Đã đến hạn phiếu <b>Thiệt hại do mưa lũ</b>" in told.text
    assert "Đã trả lời: 1/3 thôn. Chưa trả lời: thôn Bản Pàu, thôn Nà Lốc" in told.text
    assert await write_round(storage, library, town.now.replace(hour=18), "requests") == 0


async def test_who_has_answered_at_night_is_told_when_offices_open(
    town: Town, officer: Phone, head: Phone
) -> None:
    # A Sunday's midnight; a Friday's goes on over the weekend.
    for words, opens in (
        ("báo đến hết chủ nhật", "2026-11-23 08:00"),
        ("báo đến hết thứ sáu", "2026-11-30 08:00"),
    ):
        await preview_of(officer, words)
        await officer.presses("Gửi ngay")
        row = (await town.rows(Announcement))[-1]
        assert row.until is not None
        await write_round(town.storage, town.dispatch.library, row.until, "requests")
        letter = (await town.rows(Outbox, Outbox.natural_key.startswith("request:")))[-1]  # type: ignore[union-attr]
        assert letter.not_before is not None
        assert f"{letter.not_before.astimezone(ZONE):%Y-%m-%d %H:%M}" == opens
        town.now = row.until.astimezone(ZONE) + timedelta(hours=9)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_hour_that_an_officer_set_is_held_everywhere(
    town: Town, officer: Phone, head: Phone
) -> None:
    await preview_of(officer, "Huyện cần số liệu trước 15 giờ ngày mai, 21/11")
    await officer.says("đến 15 giờ thứ hai")
    await officer.presses("Gửi ngay")
    by = town.now.replace(day=23, hour=15)
    assert "hạn 15:00 23/11" in text_of(await head.says("báo cáo"))
    town.now = by.replace(hour=8)
    assert "hạn 15:00 hôm nay" in text_of(await head.says("báo cáo"))
    assert "15:00 23/11/2026" in text_of(await officer.says("hạn gửi phiếu thiệt hại là ngày nào"))
    # A minute before and after.
    town.now = by - timedelta(minutes=1)
    assert "chưa làm, hạn 15:00 hôm nay" in text_of(await head.says("báo cáo"))
    town.now = by + timedelta(minutes=1)
    assert "quá hạn 15:00 hôm nay" in text_of(await head.says("báo cáo"))
    said = text_of(await officer.says("hạn gửi phiếu thiệt hại là ngày nào"))
    assert "15:00 23/11/2026" in said
    assert "quá hạn" in said
    await head.says("báo cáo")
    await head.presses("Làm: Thiệt hại")
    for answer in ("3 nhà", "11", "Bỏ qua"):
        await head.says(answer)
    assert "Nộp muộn (hạn 15:00 23/11/2026)" in text_of(await head.presses("Gửi"))
    [report] = await town.rows(Submission)
    assert "Nộp muộn (hạn 15:00 23/11/2026)" in text_of(await head.presses_data(f"d:v:{report.id}"))


async def preview_of(officer: Phone, words: str) -> str:
    """The preview of a questionnaire under these words."""
    await officer.says("/thongbao")
    await officer.presses("Gửi phiếu đột xuất")
    await officer.presses("Thiệt hại do mưa lũ")
    return text_of(await officer.says(words))


@pytest.mark.parametrize(("hour", "said"), [(8, True), (16, False)])
async def test_no_reminder_comes_after_the_hour(
    town: Town, officer: Phone, head: Phone, hour: int, said: bool
) -> None:
    await preview_of(officer, "Huyện cần số liệu")
    await officer.says("đến 15 giờ thứ năm tuần sau")
    await officer.presses("Gửi ngay")
    await town.heard()
    thursday = town.now.replace(day=26, hour=hour)
    await write_round(town.storage, town.dispatch.library, thursday, "reminders")
    reminders = [
        row for row in await town.rows(Outbox) if "Thiệt hại" in str(row.body) and "sắp" in str(row.body)
    ]
    assert bool(reminders) is said
    if said:
        assert "hạn 15:00 hôm nay" in str(reminders[0].body)
        assert {row.not_after.astimezone(ZONE) for row in reminders} == {thursday.replace(hour=15)}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_its_words_may_set_the_deadline(town: Town, officer: Phone, head: Phone) -> None:
    preview = await preview_of(officer, "Huyện cần số liệu trước 17 giờ hôm nay")
    assert f"chậm nhất 17:00 {town.now:%d/%m/%Y}" in preview
    # The rain ends on that day; nothing is due.
    assert "chậm nhất 30/11/2026" in await preview_of(officer, "Mưa từ 18/11 đến 25/11, xin báo thiệt hại")
    assert "chậm nhất 23:59 27/11/2026" in await preview_of(officer, "Bà con báo đến hết thứ sáu tuần sau")
    preview = await preview_of(officer, "Xin nộp trước tết")
    assert "Lời thông báo có “trước tết”, máy chưa đọc được" in preview
    preview = await preview_of(officer, "Nhờ bác làm phiếu này đến 18 giờ thứ sáu tuần sau")
    assert (
        "Nếu đó là hạn trả lời (18:00 27/11/2026), anh/chị nhắn riêng ở đây: đến 18 giờ thứ sáu tuần sau"
        in preview
    )
    town.now = town.now.replace(hour=16, minute=40)
    preview = await preview_of(officer, "Báo trước 17 giờ hôm nay giúp xã")
    assert "Hạn 17:00 20/11/2026 ghi trong lời thông báo không đặt được" in preview
    assert "hết 30/11/2026" in preview
    assert "Chưa gửi. Anh/chị chọn hạn khác" in text_of(await officer.presses("Gửi ngay"))
    assert "Lời thông báo ghi hạn 17:00 20/11/2026, còn hạn đã chọn là 10:00 25/11/2026" in text_of(
        await officer.says("hạn 10 giờ 25/11")
    )
    assert "Đang gửi" in text_of(await officer.presses("Gửi ngay"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_deadline_may_be_typed(town: Town, officer: Phone, head: Phone) -> None:
    await preview_of(officer, "Huyện cần số liệu")
    assert "chậm nhất 18:00 27/11/2026" in text_of(await officer.says("đến 18 giờ thứ sáu tuần sau"))
    assert "chậm nhất 17:00 25/11/2026" in text_of(await officer.says("hạn 25/11"))
    for no_day in (
        "hạn 5/12",
        "hạn 31/11",
        "hạn 1/1/2020",
        "hạn gấp",
        "tuần sau nữa",
        "trước khi trời tối hẳn",
    ):
        said = text_of(await officer.says(no_day))
        assert "từ 09:00 20/11/2026 đến hết 30/11/2026. Ví dụ: “đến 18 giờ chủ nhật”, “hạn 24/11”" in said
    assert "Hạn 17:00 05/12/2026 không đặt được" in text_of(await officer.says("hạn 5/12"))
    assert "chậm nhất 10:00 20/11/2026" in text_of(await officer.says("2 tiếng nữa"))
    assert "chậm nhất 23:59 22/11/2026" in text_of(await officer.says("đến hết tuần"))
    assert "chậm nhất 18:00 22/11/2026" in text_of(await officer.says("đến 18 giờ chủ nhật"))
    assert "chậm nhất 17:00 25/11/2026" in text_of(await officer.says("hạn 25/11"))
    await officer.presses("Gửi ngay")
    assert "chưa làm, hạn 17:00 25/11" in text_of(await head.says("báo cáo"))


async def test_other_words_under_the_preview_are_no_deadline(town: Town, officer: Phone, head: Phone) -> None:
    await preview_of(officer, "Huyện cần số liệu")
    assert "Nước" in text_of(await officer.says("những thôn nào chưa báo cáo"))
    assert "chậm nhất 17:00 25/11/2026" in text_of(await officer.says("hạn 25/11"))
    assert "Đang gửi" in text_of(await officer.says("gửi ngay"))


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("words", "said", "until"),
    [
        (
            "Báo thiệt hại trước 20 giờ hôm nay",
            "đổi từ 17:00 20/11/2026 thành 20:00 20/11/2026",
            "20:00 20/11/2026",
        ),
        ("Báo thiệt hại mưa đá", "giữ nguyên: 17:00 20/11/2026", "17:00 20/11/2026"),
        ("Xin nộp trước tết", "“trước tết”, máy chưa đọc được", "17:00 20/11/2026"),
        (
            "Báo thiệt hại trước 5/12",
            "Hạn 17:00 05/12/2026 ghi trong lời mới không đặt được",
            "17:00 20/11/2026",
        ),
    ],
)
async def test_changed_words_set_the_deadline_or_it_is_said_to_stay(
    town: Town, officer: Phone, head: Phone, words: str, said: str, until: str
) -> None:
    await preview_of(officer, "Báo thiệt hại trước 17 giờ hôm nay")
    await officer.presses("Gửi ngay")
    [row] = await town.rows(Announcement)
    await officer.presses_data(f"u:w:{row.id}")
    shown = text_of(await officer.says(words))
    assert said in shown
    assert f"chậm nhất {until}" in shown
    await officer.presses("Sửa tin đã gửi")
    hour = until[:5]
    assert f"hạn {hour} hôm nay" in text_of(await head.says("báo cáo"))


async def answered_and_merged(town: Town, officer: Phone, *heads: Phone) -> None:
    """Heads answer a request, and their villages become Sáo Liền the day after."""
    await sent_out(town, officer, heads[0])
    for number, head in enumerate(heads):
        await head.says("báo cáo")
        await head.presses("Làm: Thiệt hại")
        for answer in (f"{3 + number} nhà", "11"):
            await head.says(answer)
        await head.presses("Bỏ qua")
        await head.presses("Gửi")
    town.later(days=1)

    async def work(session: Session) -> None:
        some = [await session.get_one(Place, town.places[name]) for name in ("Nà Hin", "Nà Lốc")]
        await place_events.merge(
            session, some, New("thôn", "Sáo Liền"), Ruling(town.now.date(), "NQ 2", town.now)
        )

    await town.storage.write(work)


async def test_the_answer_of_a_village_that_was_closed_since_counts_under_its_own_name(
    town: Town, officer: Phone, head: Phone
) -> None:
    await answered_and_merged(town, officer, head)
    said = text_of(await officer.says("phiếu thiệt hại trả lời thế nào"))
    assert "Đã trả lời: 1/3 thôn" in said
    assert "Sáo Liền" in said
    assert "3 nhà" in said
    assert "thôn Nà Hin (nay thuộc thôn Sáo Liền): " in text_of(await officer.presses("Xem từng nơi"))
    [row] = await town.rows(Announcement)
    assert "Đã trả lời: 1/3 thôn" in text_of(await officer.presses_data(f"n:v:{row.id}:"))


async def test_a_new_village_all_of_whose_parts_answered_is_not_missing(
    town: Town, officer: Phone, head: Phone
) -> None:
    await answered_and_merged(town, officer, head, town.phone("thon2"))
    said = text_of(await officer.says("phiếu thiệt hại trả lời thế nào"))
    assert "Đã trả lời: 2/3 thôn" in said
    assert "Sáo Liền" not in said.split("7 nhà")[0]
