"""Filling in a questionnaire where words alone do not show it: what is stored, and what no message may cause."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from handlers import photo_limits
from handlers.messages import FileRef, Location, MessageKind
from storage import people
from storage.session import Session
from storage.tables import (
    Attachment,
    AttachmentState,
    Contact,
    InterviewRow,
    InterviewStatus,
    Observation,
    RoleName,
    Submission,
)
from tests.counting import asked
from tests.handlers.beginnings import Beginnings
from tests.handlers.chatting import Phone, Town, labels, plain, text_of

WATER = ("120", "80", "75", "70", "20", "0", "0")
PATHS = ("nuoc_ho", "nuoc_ho_dtts", "nuoc_ho_hvs", "nuoc_ho_dtts_hvs", "nuoc_ho_tap_trung", "nuoc_ho_thieu")


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def enrolled(town: Town) -> Phone:
    return await town.head("a")


BEGINNINGS = Beginnings("fill_in", head=enrolled)


async def begin(phone: Phone) -> None:
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")


async def answer_all(phone: Phone) -> None:
    for answer in WATER:
        await phone.says(answer)


async def row_of(town: Town) -> InterviewRow:
    return (await town.rows(InterviewRow))[-1]


def values(row: InterviewRow) -> dict[str, str]:
    """The answers so far by question name."""
    answered = {path: value for path, value in row.state["values"].items() if "/meta/" not in path}
    return {path.rpartition("/")[2]: value for path, value in answered.items()}


async def test_a_whole_report_is_stored_once(town: Town, head: Phone) -> None:
    await begin(head)
    await answer_all(head)
    said = text_of(await head.presses("Gửi"))
    [submission] = await town.rows(Submission)
    assert submission.receipt in said
    assert [submission.answers[f"/data/{name}"] for name in PATHS] == list(WATER[:6])
    assert len(await town.rows(Observation)) == len(WATER)
    assert (await row_of(town)).status == InterviewStatus.SENT
    assert (await head.contact()).interview_id is None


async def test_pressing_send_twice_sends_once(town: Town, head: Phone) -> None:
    await begin(head)
    await answer_all(head)
    send = head.button("Gửi")
    await head.presses_data(send)
    said = text_of(await head.presses_data(send))
    assert "đã gửi rồi" in said
    assert len(await town.rows(Submission)) == 1


async def test_an_estimate_is_kept_as_one(town: Town, head: Phone) -> None:
    await begin(head)
    said = text_of(await head.says("khoảng 120 hộ"))
    assert "số ước chừng" in said
    for answer in WATER[1:]:
        await head.says(answer)
    await head.presses("Gửi")
    marked = [row.question for row in await town.rows(Observation, col(Observation.estimate))]
    assert marked == ["nuoc_ho"]


async def test_an_earlier_buttons_value_is_not_stored(town: Town, head: Phone) -> None:
    """A press under another question than the open one leads back to that question."""
    await begin(head)
    await answer_all(head)
    await head.presses("Gửi")
    town.later(days=19)
    await begin(head)
    as_before = head.button("Như kỳ trước: 120")
    await head.says("130")
    assert values(await row_of(town))["nuoc_ho"] == "130"
    said = text_of(await head.presses_data(as_before))
    assert "nút của một câu khác" in said
    assert "tất cả bao nhiêu hộ" in said
    row = await row_of(town)
    assert values(row)["nuoc_ho"] == "130"
    assert row.state["position"].endswith("/nuoc_ho")


async def test_a_late_text_is_never_an_answer(town: Town, head: Phone) -> None:
    """ "120" was sent first but arrives after "80": the first question is asked again, then the second."""
    await begin(head)
    first, second = head.incoming(MessageKind.TEXT, text="120"), head.incoming(MessageKind.TEXT, text="80")
    await town.dispatch.handle(second, town.channel)
    await town.dispatch.handle(first, town.channel)
    heard = [reply for _, reply in await town.heard()]
    assert "đến sau" in text_of(heard)
    row = await row_of(town)
    assert values(row) == {"nuoc_ho": "80"}
    assert row.state["position"].endswith("/nuoc_ho")


@pytest.mark.parametrize("again", ["120", "80", "abc"])
async def test_a_text_from_before_the_question_was_shown_is_no_answer(
    town: Town, head: Phone, again: str
) -> None:
    """Nothing came back for a while, so "120" was sent once more: it had come before the second question was asked."""
    await begin(head)
    both = [head.incoming(MessageKind.TEXT, text=text) for text in ("120", again)]
    for incoming in both:
        await town.dispatch.handle(incoming, town.channel)
    heard = text_of([reply for _, reply in await town.heard()])
    assert f"Tin «{again}» gửi lúc câu này chưa hiện ra" in heard
    row = await row_of(town)
    assert values(row) == {"nuoc_ho": "120"}
    assert row.state["position"].endswith("/nuoc_ho_dtts")
    await head.says("80")
    assert values(await row_of(town))["nuoc_ho_dtts"] == "80"


@pytest.mark.parametrize(
    ("batch", "shown"),
    [
        ((WATER[6], "Gửi"), "Xem lại trước khi gửi"),
        ((WATER[6], "gửi đi", "gửi đi"), "Xem lại trước khi gửi"),
        (("40", "Gửi", "Gửi"), "Bác xem giúp cả phiếu"),
        (("3; 107", "Gửi", "Gửi"), "đúng chưa ạ"),
        (("3; 107", "đúng"), "đúng chưa ạ"),
        (("3; 107", "106"), "đúng chưa ạ"),
    ],
)
async def test_what_nobody_has_seen_is_not_confirmed(
    town: Town, head: Phone, batch: tuple[str, ...], shown: str
) -> None:
    """A phone without a network keeps what is typed, and sends it at once."""
    await begin(head)
    for answer in WATER[:6]:
        await head.says(answer)
    kept = [head.incoming(MessageKind.TEXT, text=text) for text in batch]
    for incoming in kept:
        await town.dispatch.handle(incoming, town.channel)
    *_, last = [plain(reply) for _, reply in await town.heard() if not reply.edits_slot]
    assert f"«{batch[-1]}» gửi lúc bác chưa thấy phần dưới đây" in last
    assert shown in last
    assert await town.rows(Submission) == []


async def test_what_waited_through_a_trouble_is_answered_with_where_one_stands(
    town: Town, head: Phone
) -> None:
    """The disk was full, and "120" was followed by words of somebody who wonders: nothing of these is stored, and what
    came before its question is asked about."""
    await begin(head)
    waited = [head.incoming(MessageKind.TEXT, text=text) for text in ("120", "alo", "120", "80")]
    for incoming in waited:
        town.dispatch.trouble.held(incoming)
    await asyncio.gather(*(town.dispatch.handle(incoming, town.channel) for incoming in waited))
    told, *beside = [plain(reply) for _, reply in await town.heard() if not reply.edits_slot]
    assert "Ghi nhận: 120 hộ" in told
    assert "Câu 2/7" in told
    assert ["Bác đang trả lời phiếu" in other for other in beside] == [True, False, False]
    assert ["gửi lúc câu này chưa hiện ra" in other for other in beside] == [False, True, True]
    assert values(await row_of(town)) == {"nuoc_ho": "120"}
    assert town.dispatch.trouble.unsaved == {}
    assert "Ghi nhận: 80 hộ" in text_of(await head.says("80"))


async def test_words_sent_before_a_question_was_shown_still_mean_what_they_say(
    town: Town, head: Phone
) -> None:
    await begin(head)
    both = [head.incoming(MessageKind.TEXT, text=text) for text in ("120", "để mai")]
    for incoming in both:
        await town.dispatch.handle(incoming, town.channel)
    assert "Đã cất phiếu" in text_of([reply for _, reply in await town.heard()])


async def test_an_answer_after_a_refused_one_was_not_too_early(town: Town, head: Phone) -> None:
    """The question was on the screen all the time."""
    await begin(head)
    both = [head.incoming(MessageKind.TEXT, text=text) for text in ("hai ba chục", "120")]
    for incoming in both:
        await town.dispatch.handle(incoming, town.channel)
    await town.heard()
    assert values(await row_of(town)) == {"nuoc_ho": "120"}


async def test_a_tap_under_another_copy_of_a_question_does_nothing_more(town: Town, head: Phone) -> None:
    """A question is sent again where nobody knew whether it had come: people tap under both, however late."""
    await begin(head)
    await head.says("12")
    back = head.button("Lùi")
    assert "Câu 1/" in text_of(await head.sends(MessageKind.PRESS, press=back, message_ref="m1"))
    said = text_of(await head.sends(MessageKind.PRESS, press=back, message_ref="m2"))
    assert "Câu 1/" in said
    assert "nút của một câu khác" not in said
    keep = head.button("Giữ nguyên")
    assert "Câu 2/" in text_of(await head.sends(MessageKind.PRESS, press=keep, message_ref="m3"))
    await head.says("10")
    said = text_of(await head.sends(MessageKind.PRESS, press=keep, message_ref="m4"))
    assert "nút của một câu khác" not in said, (
        "led back, the next number would be stored for the first question"
    )


async def test_an_answer_is_corrected_again_under_the_next_review(town: Town, head: Phone) -> None:
    """The button is the same under each review: a press after an answer repeats none."""
    await begin(head)
    await answer_all(head)
    correct = {"press": head.button("3")}
    for review, answer in (("m1", "74"), ("m2", "73")):
        assert "Câu 3/" in text_of(await head.sends(MessageKind.PRESS, message_ref=review, **correct))
        await head.says(answer)
    assert values(await row_of(town))["nuoc_ho_hvs"] == "73"


@pytest.mark.parametrize(
    ("said", "told", "stored"),
    [
        ("có 44 hộ có nước thôi, ko phải 70", "44 hộ là của câu nào", ("75", "70")),
        ("có 74 hộ có nước thôi, ko phải 75", "Ghi nhận câu 3: 74 hộ", ("74", "70")),
        ("câu 4 có 69 hộ, ko phải bảy mươi", "Ghi nhận câu 4: 69 hộ", ("75", "69")),
        ("ho thieu nuoc 3, ko phai 77", "thiếu nước sinh hoạt: 3 hộ (thay cho 0 hộ)", ("75", "70")),
        ("4: 69", "Ghi nhận câu 4: 69 hộ", ("75", "69")),
    ],
)
async def test_a_figure_said_instead_of_another_is_that_others(
    town: Town, head: Phone, said: str, told: str, stored: tuple[str, str]
) -> None:
    await begin(head)
    await answer_all(head)
    assert told in text_of(await head.says(said))
    kept = values(await row_of(town))
    assert (kept["nuoc_ho_hvs"], kept["nuoc_ho_dtts_hvs"]) == stored


async def test_which_question_a_figure_is_of_is_chosen_by_a_button(town: Town, head: Phone) -> None:
    await begin(head)
    await answer_all(head)
    await head.says("có 44 hộ có nước thôi, ko phải 70")
    await head.presses("Câu 4 là 44 hộ")
    await head.says("đúng")
    kept = values(await row_of(town))
    assert (kept["nuoc_ho_hvs"], kept["nuoc_ho_dtts_hvs"]) == ("75", "44")


async def test_after_a_late_text_every_later_answer_is_asked_again(town: Town, head: Phone) -> None:
    await begin(head)
    late, *later = (head.incoming(MessageKind.TEXT, text=text) for text in ("150", "120", "80"))
    for incoming in (*later, late):
        await town.dispatch.handle(incoming, town.channel)
        await town.heard()
    await head.says("150")
    row = await row_of(town)
    assert row.state["position"].endswith("/nuoc_ho_dtts")
    await head.says("120")
    assert (await row_of(town)).state["position"].endswith("/nuoc_ho_hvs")


async def test_somebody_elses_button_tells_nothing(town: Town, head: Phone) -> None:
    other = await town.head("b", place="Nà Lốc", name="Hoàng Văn Páo")
    await begin(head)
    said = text_of(await other.presses_data(head.button("Để sau")))
    missing = text_of(await other.presses_data("q:zzz:0:l"))
    assert said == missing
    assert (await row_of(town)).status == InterviewStatus.OPEN


@pytest.mark.parametrize(
    "data", ["q:", "q:1", "q:1:0", "q:1:0:c99", "q:1:0:v7", "q:1:zz:g", "q:-1:0:b", "q:1:0:🙂"]
)
async def test_a_button_that_was_never_made_changes_nothing(town: Town, head: Phone, data: str) -> None:
    await begin(head)
    before = (await row_of(town)).state
    assert await head.presses_data(data)
    assert (await row_of(town)).state == before


@pytest.mark.parametrize(
    "data", ["d:b:1:1:x", "d:b:zzzzzzzzzzzz:1:2026-W47", "d:v:zz", "d:c:1", "d:o:9", "d:t:1", "d:q"]
)
async def test_a_due_button_that_was_never_made_changes_nothing(town: Town, head: Phone, data: str) -> None:
    assert await head.presses_data(data)
    assert await town.rows(InterviewRow) == []


async def test_nobody_begins_a_report_of_another_village(town: Town, head: Phone) -> None:
    other = await town.head("b", place="Nà Lốc", name="Hoàng Văn Páo")
    await head.says("báo cáo")
    await other.presses_data(head.button("Làm: Nước"))
    assert await town.rows(InterviewRow) == []


async def to_the_photo(town: Town) -> Phone:
    """A commune officer on the way to the photo of a commune's only work."""
    officer = await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    await officer.says("báo cáo")
    await officer.presses("Xem cả")
    await officer.presses("Làm: Công trình")
    for answer in ("1", "Ngầm Nà Hin", "1", "1"):
        await officer.says(answer)
    return officer


async def test_a_photo_where_it_is_asked_for_is_wanted(town: Town) -> None:
    officer = await to_the_photo(town)
    assert "một tấm ảnh" in text_of(await officer.says("đây"))
    said = text_of(await officer.sends(MessageKind.PHOTO, photo=FileRef("file-7", 1000)))
    [attachment] = await town.rows(Attachment)
    assert (attachment.file_ref, attachment.path) == ("file-7", "/data/cong_trinh[1]/ct_anh")
    assert values(await row_of(town))["ct_anh"] == f"photo-{attachment.id}"
    assert "Vị trí công trình" in said


async def sent_before(town: Town, count: int, path: str, state: AttachmentState) -> None:
    """Photos that the officer of `to_the_photo` sent earlier today."""
    row = await row_of(town)

    async def work(session: Session) -> None:
        [contact] = await session.exec(select(Contact).where(Contact.address == "x"))
        for number in range(count):
            attachment = Attachment(
                interview_id=row.id,
                contact_id=contact.id,
                path=path,
                file_ref=f"{number}",
                state=state,
                created_at=town.now,
            )
            session.add(attachment)

    await town.storage.write(work)


async def test_an_answer_takes_so_many_photos(town: Town) -> None:
    officer = await to_the_photo(town)
    path = "/data/cong_trinh[1]/ct_anh"
    await sent_before(town, photo_limits.AN_ANSWER, path, AttachmentState.REFUSED)
    await sent_before(town, photo_limits.AN_ANSWER - 1, path, AttachmentState.STORED)
    assert "Vị trí công trình" in text_of(await officer.sends(MessageKind.PHOTO, photo=FileRef("a", 1)))
    await officer.presses("Lùi")
    said = await officer.sends(MessageKind.PHOTO, photo=FileRef("b", 1))
    assert "đã nhận 5 ảnh" in text_of(said)
    assert "Ảnh công trình" in text_of(said), "the question stands there again, with what leads on"
    assert "Để sau" in labels(said)
    assert values(await row_of(town))["ct_anh"].startswith("photo-")


async def test_a_person_sends_so_many_photos_a_day(town: Town) -> None:
    officer = await to_the_photo(town)
    await sent_before(town, photo_limits.A_DAY, "/data/other", AttachmentState.REFUSED)
    said = text_of(await officer.sends(MessageKind.PHOTO, photo=FileRef("a", 1)))
    assert "Hôm nay anh/chị đã gửi 30 ảnh" in said
    town.later(hours=17)
    assert "Vị trí công trình" in text_of(await officer.sends(MessageKind.PHOTO, photo=FileRef("b", 1)))


async def test_a_photo_that_could_not_be_kept_is_never_sent(town: Town) -> None:
    officer = await to_the_photo(town)
    await officer.sends(MessageKind.PHOTO, photo=FileRef("file-7", 1000))
    await officer.presses("Bỏ qua")
    await officer.says("0")

    async def refuse(session: Session) -> None:
        await session.exec(update(Attachment).values(state=AttachmentState.REFUSED))

    await town.storage.write(refuse)
    said = text_of(await officer.presses("Gửi"))
    assert "không lưu được" in said
    assert "Ảnh công trình" in said
    assert await town.rows(Submission) == []
    assert "Xem lại" in text_of(await officer.presses("Bỏ qua"))
    assert "Đã nhận báo cáo" in text_of(await officer.presses("Gửi"))
    [submission] = await town.rows(Submission)
    assert "photo" not in str(submission.answers)


async def test_a_photo_elsewhere_is_not_kept(town: Town, head: Phone) -> None:
    await begin(head)
    assert "không cần ảnh" in text_of(await head.sends(MessageKind.PHOTO, photo=FileRef("file-7", 1000)))
    assert "không cần vị trí" in text_of(
        await head.sends(MessageKind.LOCATION, location=Location(22.1, 105.8))
    )
    assert await town.rows(Attachment) == []


async def test_three_tries_offer_the_officer_who_learns_nothing_typed(town: Town, head: Phone) -> None:
    officer = await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    await begin(head)
    for text in ("bí mật một", "bí mật hai"):
        assert "Báo cán bộ xã" not in labels(await head.says(text))
    assert "Báo cán bộ xã" in labels(await head.says("bí mật ba"))
    await town.dispatch.handle(
        head.incoming(MessageKind.PRESS, press=head.button("Báo cán bộ xã")), town.channel
    )
    heard = await town.heard()
    told = text_of([reply for address, reply in heard if address == officer.address])
    assert "Nà Hin" in told
    assert "tất cả bao nhiêu hộ" in told
    assert "bí mật" not in told
    assert (await row_of(town)).status == InterviewStatus.OPEN


async def test_a_practice_leaves_nothing(town: Town, head: Phone) -> None:
    await head.says("làm thử")
    said = await head.presses("Nước")
    assert "LÀM THỬ" in text_of(said)
    await answer_all(head)
    assert "Không có gì được gửi đi" in text_of(await head.presses("Gửi"))
    for table in (InterviewRow, Submission, Observation):
        assert await town.rows(table) == []


async def test_a_text_of_four_thousand_letters(town: Town, head: Phone) -> None:
    await begin(head)
    [reply] = await head.says("hộ " * 1333)
    assert len(reply.text) < 4096
    assert (await row_of(town)).state["position"].endswith("/nuoc_ho")


async def test_the_other_phone_never_answers_a_question_it_has_not_shown(town: Town, head: Phone) -> None:
    await begin(head)
    await head.says("120")
    second = town.phone("a2")

    async def share(session):  # type: ignore[no-untyped-def]
        first = (await session.exec(Contact.__table__.select().where(Contact.address == "a"))).one()
        session.add(
            Contact(channel="test", address="a2", person_id=first.person_id, interview_id=first.interview_id)
        )

    await town.storage.write(share)
    assert "máy khác" in text_of(await second.says("80"))
    assert "nuoc_ho_dtts" not in values(await row_of(town))
    await second.says("80")
    assert values(await row_of(town))["nuoc_ho_dtts"] == "80"


async def test_a_typed_answer_reads_nothing_but_its_own_row(
    town: Town, head: Phone, database: AsyncEngine
) -> None:
    """The hot path: after the gate's own look at the sender, no question to the database."""
    await begin(head)
    await head.says("120")
    statements: list[str] = []
    incoming = head.incoming(MessageKind.TEXT, text="80")
    with asked(database.sync_engine, lambda statement, _: statements.append(statement)):
        await town.dispatch.handle(incoming, town.channel)
    looks = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(looks) <= 5, looks
    assert values(await row_of(town))["nuoc_ho_dtts"] == "80"


async def test_an_edited_answer_offers_the_way_back(town: Town, head: Phone) -> None:
    await begin(head)
    await head.sends(MessageKind.TEXT, text="120", message_ref="m7")
    said = await head.sends(MessageKind.EDITED, text="121", message_ref="m7")
    assert "không làm đổi câu trả lời" in text_of(said)
    assert values(await row_of(town)) == {"nuoc_ho": "120"}
    assert "tất cả bao nhiêu hộ" in text_of(await head.presses("Về câu đó"))
    await head.says("121")
    row = await row_of(town)
    assert values(row) == {"nuoc_ho": "121"}
    assert row.state["position"].endswith("/nuoc_ho_dtts")


async def test_what_is_shown_is_never_longer_than_a_message(town: Town, head: Phone) -> None:
    """Also where somebody's own words stand in it, and they are escaped."""
    await begin(head)
    late = head.incoming(MessageKind.TEXT, text="<b>" + "x" * 3000)
    await head.says("120")
    await town.dispatch.handle(late, town.channel)
    [reply] = [reply for _, reply in await town.heard() if not reply.edits_slot]
    assert "&lt;b&gt;xxx" in reply.text
    assert len(reply.text) < 1000


async def test_what_is_due_is_grouped_by_place(town: Town, head: Phone) -> None:
    person_id = (await head.contact()).person_id or 0
    since = town.now - timedelta(days=31)  # a newcomer is spared what was overdue before
    await town.storage.write(
        lambda session: people.add_role(
            session, person_id, town.places["Nà Lốc"], RoleName.VILLAGE_HEAD, since
        )
    )
    said = await head.says("báo cáo")
    assert text_of(said).index("thôn Nà Hin") < text_of(said).index("thôn Nà Lốc")
    assert "Làm: Nước sinh hoạt – Nà Lốc" in labels(said)
    await head.presses("Làm: Nước sinh hoạt – Nà Lốc")
    assert (await row_of(town)).place_id == town.places["Nà Lốc"]


async def test_a_report_can_be_sent_until_some_days_after_its_period(town: Town, head: Phone) -> None:
    """Water is monthly, due on the 7th, late from then until the month is over for a week; then it is finished."""
    await begin(head)
    town.later(days=17)
    assert "Nước sinh hoạt, tháng 11/2026: đang làm dở, quá hạn" in text_of(await head.says("báo cáo"))
    town.later(days=1)
    assert "Nước sinh hoạt, tháng 11/2026: kỳ đã ngừng nhận" in text_of(await head.says("báo cáo"))
    town.later(days=7)
    assert "tháng 11/2026" not in text_of(await head.says("/baocao")).split("hết hạn")[0]
    assert (await row_of(town)).status == InterviewStatus.EXPIRED


async def test_after_its_last_day_nothing_can_be_sent_or_corrected(town: Town, head: Phone) -> None:
    await begin(head)
    await answer_all(head)
    send = head.button("Gửi")
    town.later(days=25)
    assert "hết hạn" in text_of(await head.presses_data(send))
    assert await town.rows(Submission) == []


async def test_a_closed_report_is_shown_but_not_corrected(town: Town, head: Phone) -> None:
    await begin(head)
    await answer_all(head)
    await head.presses("Gửi")
    await head.presses("Xem, sửa báo cáo này")
    correct = head.button("Sửa báo cáo này")
    town.later(days=18)
    said = await head.presses_data(correct)
    assert "đã hết hạn sửa" in text_of(said)
    assert labels(said) == ["Báo cáo"]
    assert len(await town.rows(InterviewRow)) == 1


async def test_a_correction_keeps_the_earlier_report(town: Town, head: Phone) -> None:
    await begin(head)
    await answer_all(head)
    await head.presses("Gửi")
    await head.presses("Xem, sửa báo cáo này")
    await head.presses("Sửa báo cáo này")
    await head.presses("Sửa câu 1")
    await head.says("121")
    await head.presses("Gửi bản sửa")
    first, second = await town.rows(Submission)
    assert (first.answers["/data/nuoc_ho"], first.current) == ("120", False)
    assert (second.answers["/data/nuoc_ho"], second.current, second.revision) == ("121", True, 2)


async def test_an_officer_finds_a_village_report_left_half_way(town: Town) -> None:
    officer = await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    await officer.says("/cacthon")
    await officer.presses("thôn Nà Hin")
    await officer.presses("Báo hộ")
    await officer.presses("Làm: Nước")
    await officer.says("120")
    await officer.presses("Để sau")
    said = await officer.says("/baocao")
    assert "Phiếu khác đang làm dở" in text_of(said)
    assert "Trong đó có bao nhiêu hộ" in text_of(
        await officer.presses("Làm tiếp: Nước sinh hoạt, thôn Nà Hin")
    )
