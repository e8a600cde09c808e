"""What is open on an officer's ground: who has it, which is meant, closing it; and of a village that was closed."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import col

from bot.timetable import write_round
from handlers import escalating
from handlers.messages import Capabilities, MessageKind
from storage import outbox, place_events
from storage.place_rules import Ruling
from storage.session import Session
from storage.tables import Emergency, Outbox, OutboxState, Place, RoleName
from tests.handlers.beginnings import HEAD_AND_COMMUNE
from tests.handlers.chatting import ZONE, Phone, Town, labels, text_of

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)

BEGINNINGS = HEAD_AND_COMMUNE


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def goes(town: Town, sender: Phone, *others: Phone, kind: MessageKind, **facts: str) -> dict[str, str]:
    """What each of the others, and the sender, was told by what the sender did."""
    await town.dispatch.handle(sender.incoming(kind, **facts), town.channel)
    heard = await town.heard()
    phones = (sender, *others)
    for phone in phones:
        phone.shown += [reply for address, reply in heard if address == phone.address]
    return {
        phone.address: text_of([reply for address, reply in heard if address == phone.address])
        for phone in phones
    }


async def raises(town: Town, head: Phone, what: str, *others: Phone) -> dict[str, str]:
    await head.says("/khancap")
    return await goes(town, head, *others, kind=MessageKind.PRESS, press=head.button(what))


async def says(town: Town, sender: Phone, text: str, *others: Phone) -> dict[str, str]:
    return await goes(town, sender, *others, kind=MessageKind.TEXT, text=text)


async def merge(town: Town, old: str, new: str) -> None:
    async def work(session: Session) -> None:
        some = [await session.get_one(Place, town.places[name]) for name in (old, new)]
        await place_events.merge(
            session, some, some[1], Ruling(town.now.date() - timedelta(2), "NQ 12", town.now)
        )

    await town.storage.write(work)


async def test_of_a_village_that_went_into_another_those_above_that_one_are_told(
    town: Town, head: Phone
) -> None:
    heir = await town.enrolled("na", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Vi Văn Lợi")
    await merge(town, "Nà Hin", "Xiềng Tắm")
    said = await raises(town, head, "Cháy", heir)
    assert "tới 1 máy" in said["thon"]
    assert "thôn Nà Hin (nay thuộc" in said["na"]
    assert "Xiềng Tắm" in said["na"]
    said = await goes(town, heir, head, kind=MessageKind.PRESS, press=heir.button("Đã nhận"))
    assert "Cán bộ xã Mỹ Lý đã nhận tin" in said["thon"]
    assert "cần xe nước" in (await says(town, head, "cần xe nước", heir))["na"]
    assert "Cháy" in text_of(await heir.says("khẩn cấp đang mở"))


async def test_who_has_it_is_told_to_the_raiser_and_the_other_officers(
    town: Town, head: Phone, commune: Phone
) -> None:
    other = await town.enrolled("xa2", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Triệu Thị Sen")
    await raises(town, head, "Cháy", commune, other)
    said = await goes(town, commune, head, other, kind=MessageKind.PRESS, press=commune.button("Đã nhận"))
    assert "Cán bộ xã Vĩnh Thông đã nhận tin khẩn cấp Cháy (báo lúc 08:00" in said["thon"]
    assert "cán bộ xã Vĩnh Thông đã nhận tin" in said["xa2"]
    assert "🆘 Cháy" not in said["xa"]


async def test_the_raiser_reads_where_it_went_while_nobody_has_it(
    town: Town, head: Phone, commune: Phone
) -> None:
    province = await town.enrolled("tinh", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Hà Thị Mai")
    await raises(town, head, "Cháy", commune)

    async def hears_after(**span: float) -> dict[str, str]:
        town.later(**span)
        await town.storage.write(
            lambda session: escalating.escalate(session, town.dispatch.library, town.now)
        )
        heard = await town.heard()
        return {
            phone.address: text_of([reply for address, reply in heard if address == phone.address])
            for phone in (head, commune, province)
        }

    up = await hears_after(minutes=16)
    assert "chưa cán bộ nào bấm" in up["thon"]
    assert "lên cán bộ tỉnh" in up["thon"]
    assert "KHẨN CẤP: Cháy" in up["tinh"]
    top = await hears_after(minutes=16)
    assert "vẫn chưa cán bộ nào nhận" in top["thon"], "nobody is on duty above the province"
    assert (await hears_after(minutes=59))["thon"] == ""
    again = await hears_after(minutes=2)
    assert "VẪN CHƯA AI NHẬN: Cháy" in again["xa"]
    assert "VẪN CHƯA AI NHẬN: Cháy" in again["tinh"]
    assert "vẫn chưa cán bộ nào nhận" in again["thon"]
    assert (await hears_after(minutes=61))["xa"] == "", "it waits as long as it had waited before"
    await commune.says("đã nhận tin")
    assert (await hears_after(hours=9))["xa"] == ""


async def test_what_nobody_has_is_told_each_morning_until_somebody_has_it(
    town: Town, head: Phone, commune: Phone
) -> None:
    """For ever, whatever the day, also after a pause or by a clock that ran ahead; but at night only in its first day."""
    await raises(town, head, "Cháy", commune)
    raised = town.now

    async def rings(at: datetime) -> str:
        town.now = at
        await town.storage.write(
            lambda session: escalating.escalate(session, town.dispatch.library, town.now)
        )
        told = await town.heard()
        for phone in (head, commune):
            phone.shown += [reply for address, reply in told if address == phone.address]
        return text_of([reply for address, reply in told if address == "xa"])

    heard = [hours for hours in range(1, 72) if await rings(raised + timedelta(hours=hours, minutes=1))]
    assert heard == [3, 7, 15, 24, 48], "it went up twice within the first hours"
    assert "Việc ấy đã yên thì xin bác bấm" in text_of(head.shown[-1:])
    assert labels(head.shown[-1:]) == ["Khép tin"]
    later = raised + timedelta(days=40)
    assert "VẪN CHƯA AI NHẬN: Cháy" in await rings(later + timedelta(hours=1))
    assert await rings(later + timedelta(hours=14)) == ""
    assert "Khẩn cấp đang mở: 1" in text_of(await commune.says("khẩn cấp đang mở"))
    assert "VẪN CHƯA AI NHẬN: Cháy" in await rings(later + timedelta(days=13))
    assert "VẪN CHƯA AI NHẬN: Cháy" in await rings(later + timedelta(days=1)), "the clock had run ahead"
    await commune.says("đã nhận tin")
    assert await rings(later + timedelta(days=2)) == ""


async def test_the_list_tells_who_has_each_and_an_officer_closes_one(
    town: Town, head: Phone, commune: Phone
) -> None:
    assert "Không có tin khẩn cấp nào đang mở" in text_of(await commune.says("co tin khan cap nao k"))
    assert "[🆘" not in text_of(await commune.says("/menu"))
    await raises(town, head, "Cháy", commune)
    await raises(town, head, "Sạt lở", commune)
    await says(town, head, "đất lấp mất đường", commune)
    assert labels(await commune.says("/menu"))[0] == "🆘 Khẩn cấp đang mở"
    listed = await commune.presses("Khẩn cấp đang mở")
    assert "Khẩn cấp đang mở: 2" in text_of(listed)
    assert text_of(listed).count("Chưa ai nhận") == 2
    assert "đất lấp mất đường" in text_of(listed)
    one = await commune.presses("Sạt lở đất, thôn Nà Hin")
    assert "Người báo: Lý A Sử" in text_of(one)
    await commune.presses("Khép tin")
    assert "một câu" in text_of(commune.shown)
    assert "vẫn để mở" in text_of(await commune.says("ừ"))
    said = await says(town, commune, "Đã thông đường, mọi người an toàn", head)
    assert "Đã khép tin khẩn cấp Sạt lở đất" in said["xa"]
    assert "được cán bộ xã Vĩnh Thông khép lại" in said["thon"]
    assert "“Đã thông đường, mọi người an toàn”" in said["thon"]
    rows = {row.kind: row for row in await town.rows(Emergency)}
    assert (rows["chay"].closed_at, rows["sat-lo"].closed_at is not None) == (None, True)
    assert "Khẩn cấp đang mở: 1" in text_of(await commune.says("khẩn cấp đang mở"))


async def test_who_was_told_is_named_by_level_and_words_close_it(
    town: Town, head: Phone, commune: Phone
) -> None:
    await town.enrolled("tinh", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vũ Thị Hà")
    await raises(town, head, "Cháy", commune)
    assert "Chưa ai nhận, đã báo tới cán bộ xã." in text_of(await commune.says("/khancapmo"))
    # What never was is over, too: the words are passed on, and a button closes it.
    said = await head.says("nham roi, khong co chay dau")
    assert "Khép tin" in labels([one for one in said if "Đã chuyển lời bác" in text_of([one])])
    await town.heard()
    assert "Để khép tin Cháy" in text_of(await commune.says("khep tin"))
    assert "Đã khép tin khẩn cấp Cháy" in text_of(await commune.says("Đã xem, là báo nhầm"))
    assert "Không có tin khẩn cấp nào đang mở" in text_of(await commune.says("khép tin"))


async def test_nobody_else_sees_or_closes_it(town: Town, head: Phone, commune: Phone) -> None:
    await raises(town, head, "Cháy", commune)
    [row] = await town.rows(Emergency)
    other = await town.enrolled("na", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Vi Văn Lợi")
    assert "Không có tin khẩn cấp nào" in text_of(await other.says("khẩn cấp đang mở"))
    for op in ("v", "f"):
        assert "không còn dùng được" in text_of(await other.presses_data(f"z:{op}:{row.id}"))
    assert "Cháy" in text_of(await head.says("khẩn cấp đang mở")), "who raised it sees their own"
    assert "không còn dùng được" in text_of(await head.presses_data(f"z:f:{row.id}"))


async def test_with_several_open_typed_words_ask_which(town: Town, head: Phone, commune: Phone) -> None:
    town.channel.can = Capabilities(buttons=False)
    await raises(town, head, "Cháy", commune)
    await raises(town, head, "Sạt lở", commune)
    asked = await commune.says("Đã nhận tin")
    assert "nhận tin nào" in text_of(asked)
    assert len(labels(asked)) == 2
    await commune.says("1")
    said = await says(town, commune, "đã nhận tin", head)
    assert "Đã xác nhận tin" in said["xa"]
    assert [row.acknowledged_at is not None for row in await town.rows(Emergency)] == [True, True]
    assert "Khẩn cấp đang mở: 2" in text_of(await commune.says("đã nhận tin"))
    assert "cảm ơn" in text_of(await head.says("menu") and await head.says("đã nhận tin rồi ạ"))


@pytest.mark.parametrize("buttons", [True, False])
async def test_a_number_under_another_screen_tells_of_nobody(
    town: Town, head: Phone, commune: Phone, buttons: bool
) -> None:
    town.channel.can = Capabilities(buttons=buttons)
    await raises(town, head, "Cháy", commune)
    for screen in ("/menu", "/toi"):
        await head.says(screen)
        assert "bị ảnh hưởng" not in (await says(town, head, "2", commune))["xa"]


async def test_the_weekly_letter_counts_all_and_names_what_nobody_has(
    town: Town, head: Phone, commune: Phone
) -> None:
    """Also that of a village which went into one of the commune's."""
    other = await town.enrolled("b", "Nà Lốc", RoleName.VILLAGE_HEAD, "Hoàng Văn Tài")
    await raises(town, head, "Cháy", commune)
    await commune.presses("Đã nhận")
    await raises(town, head, "Sạt lở", commune)
    await merge(town, "Nà Hin", "Nà Lốc")
    await raises(town, other, "Dịch bệnh", commune)
    [closed] = [row for row in await town.rows(Emergency) if row.kind == "chay"]
    await commune.presses_data(f"z:f:{closed.id}")
    await commune.says("Đã dập xong, không ai sao")
    town.now = MONDAY
    await write_round(town.storage, town.dispatch.library, MONDAY, "weekly")
    said = text_of([reply for address, reply in await town.heard() if address == "xa"])
    assert "Tin khẩn cấp: 3 trong tuần hoặc chưa khép, đang mở 2" in said
    assert "Chưa ai nhận: 2: Sạt lở đất, thôn Nà Hin" in said
    assert "Dịch bệnh, thôn Nà Lốc" in said


async def test_two_of_one_kind_at_one_place_are_told_apart(town: Town, head: Phone, commune: Phone) -> None:
    await raises(town, head, "Cháy", commune)
    assert "báo lúc" not in (await says(town, head, "cháy nhà ông Páo", commune))["xa"]
    town.later(minutes=5)
    await raises(town, head, "Cháy", commune)
    await head.presses("Việc khác, báo nữa")
    said = await says(town, head, "cháy cả rừng", commune)
    assert "thôn Nà Hin (báo lúc 08:05" in said["xa"]
    assert "Cháy (báo lúc 08:05" in said["thon"]
    await commune.says("đã nhận tin")
    said = await goes(town, commune, head, kind=MessageKind.PRESS, press=commune.button("08:00"))
    assert "thôn Nà Hin (báo lúc 08:00" in said["xa"]
    assert "Cháy (báo lúc 08:00" in said["thon"]


@pytest.mark.parametrize("older", ["Xong", "bấm nhầm"])
async def test_an_older_button_drops_no_cry_that_waits_for_its_answer(
    town: Town, head: Phone, commune: Phone, older: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await head.presses("Xong")
    await says(town, head, "lở đất đè lên nhà Mẩy")
    said = await goes(town, head, commune, kind=MessageKind.PRESS, press=head.button(older))
    assert "CHƯA" in said["thon"]
    assert "lở đất đè lên nhà Mẩy" in said["thon"]
    assert said["xa"] == ""
    said = await goes(town, head, commune, kind=MessageKind.PRESS, press=head.button("Đúng, báo ngay"))
    assert "lở đất đè lên nhà Mẩy" in said["xa"]
    assert [row.closed_at or row.withdrawn_at for row in await town.rows(Emergency)] == [None, None]


async def asked_of_the_first(town: Town, head: Phone, commune: Phone, *between: str) -> None:
    """An officer asks about the first of two emergencies, after the head said `between` of the second."""
    await raises(town, head, "Sạt lở", commune)
    town.later(minutes=1)
    await raises(town, head, "Cháy", commune)
    for words in between:
        town.later(minutes=1)
        await says(town, head, words)
    await says(town, commune, "đã nhận tin sạt lở", head)
    town.later(minutes=1)
    assert "Sạt lở" in (await says(town, commune, "nhà bà Ún có mấy người bị vùi?", head))["thon"]
    town.later(minutes=1)


@pytest.mark.parametrize(
    ("words", "kind"), [("3 người, mới đào được 1", "Sạt lở"), ("đám cháy lan sang nhà bên", "Cháy")]
)
async def test_what_is_said_after_an_officers_question_answers_it_unless_it_names_another(
    town: Town, head: Phone, commune: Phone, words: str, kind: str
) -> None:
    await asked_of_the_first(town, head, commune)
    said = await says(town, head, words, commune)
    assert f"tin {kind}" in said["thon"]
    assert f"🆘 {kind}" in said["xa"]


async def test_an_answer_to_an_officer_closes_no_other_emergency(
    town: Town, head: Phone, commune: Phone
) -> None:
    await asked_of_the_first(town, head, commune, "khép tin cháy")
    assert "về Sạt lở" in (await says(town, head, "đào ra được rồi, cả nhà an toàn", commune))["thon"]
    slide, fire = await town.rows(Emergency)
    assert (slide.details[-1]["text"], fire.details) == ("đào ra được rồi, cả nhà an toàn", [])
    assert (slide.closed_at, fire.closed_at) == (None, None)


async def test_another_danger_told_meanwhile_goes_on_at_once_and_becomes_one_of_its_own(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    said = await says(town, head, "sạt lở đè nhà bà Ún", commune)
    assert "có thể là việc khác: Sạt lở đất: sạt lở đè nhà bà Ún" in said["xa"]
    assert "Lời này nói tới Sạt lở đất" in said["thon"]
    apart = head.button("Báo riêng")
    said = await goes(town, head, commune, kind=MessageKind.PRESS, press=apart)
    assert [words for words in ("KHẨN CẤP: Sạt lở đất", "nhà bà Ún") if words not in said["xa"]] == []
    assert (await goes(town, head, commune, kind=MessageKind.PRESS, press=apart))["xa"] == ""
    assert len(await town.rows(Emergency)) == 2
    # Once both are open, words are of the one whose kind they speak of; of no kind, of the one told last.
    told = [("cháy gần đến bản rồi", "Cháy"), ("2 nhà bị vùi", "Sạt lở đất"), ("cần máy xúc", "Sạt lở đất")]
    for words, kind in told:
        said = await says(town, head, words, commune)
        assert said["xa"].startswith(f"🆘 {kind}, tin thêm"), words
        assert "có thể là việc khác" not in said["xa"]
    town.later(hours=7)
    assert "không còn dùng được" in text_of(await head.presses_data(apart))


async def test_another_danger_in_the_closing_sentence_becomes_one_of_its_own(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Sạt lở", commune)
    await head.says("khép tin")
    said = await says(town, head, "lu cuon mat 2 nguoi", commune)
    assert "có thể là việc khác: Lũ quét" in said["xa"]
    assert labels(head.shown[-1:]) == ["Báo riêng", "Khép tin", "Xong"]


async def test_what_was_sent_by_mistake_in_a_report_is_no_false_alarm(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    said = await says(town, head, "báo nhầm nước", commune)
    assert ("tin thêm về Cháy" in said["thon"], said["xa"]) == (True, "")
    await head.presses("Không phải tin khẩn cấp")
    said = await says(town, head, "báo nhầm nước", commune)
    assert ("Cháy" in said["thon"], said["xa"]) == (False, "")
    said = await says(town, head, "báo nhầm", commune)
    assert ("hay là nhầm" in said["thon"], said["xa"]) == (True, "")
    await head.presses("Đúng, chuyển ngay")
    assert "báo nhầm, không có cháy" in (await says(town, head, "báo nhầm, không có cháy", commune))["xa"]


async def test_once_it_is_closed_its_end_is_said_again_and_a_new_cry_asked_about(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await says(town, head, "lửa tắt rồi", commune)
    said = await goes(town, head, commune, kind=MessageKind.PRESS, press=head.button("Khép tin"))
    assert said["xa"].count("lửa tắt rồi") == 1
    for words in ("xong", "mọi người an toàn"):
        assert "Cháy (báo lúc 08:00" in (await says(town, head, words))["thon"], words
    said = await says(town, head, "lửa lại bùng lên", commune)
    assert ("khẩn cấp phải không" in said["thon"], said["xa"]) == (True, "")
    await head.presses("Không phải tin khẩn cấp")
    town.later(hours=7)
    assert "khép lại" not in (await says(town, head, "xong"))["thon"]


async def test_a_sentence_about_the_other_of_two_is_for_that_one(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await raises(town, head, "Lũ quét", commune)
    await commune.says("khép tin lũ")
    said = await says(town, commune, "Xã đã dập xong, không thiệt hại", head)
    assert "trả lời tin Cháy" in said["thon"]
    assert "nên máy lấy cho tin Cháy của thôn Nà Hin, còn tin Lũ quét, lũ ống vẫn để mở" in said["xa"]
    await commune.presses("Khép tin với câu này")
    await head.says("khép tin")
    said = await says(town, head, "hết dịch rồi, bà con khoẻ", commune)
    assert "có thể là việc khác: Dịch bệnh" in said["xa"]
    assert [row.closed_at is None for row in await town.rows(Emergency)] == [False, True]


async def test_a_fire_that_flares_up_again_is_no_part_of_a_flood(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Lũ quét", commune)
    said = await says(town, head, "lửa lại bùng lên ở bếp", commune)
    assert "có thể là việc khác: Cháy" in said["xa"]
    told = await goes(town, head, commune, kind=MessageKind.PRESS, press=head.button("Báo riêng"))
    assert "KHẨN CẤP: Cháy" in told["xa"]
    assert "Cháy, tin thêm" in (await says(town, head, "lửa lan sang nhà bên", commune))["xa"]
    for words in (
        "khép tin cháy",
        "dập xong rồi, bà con an toàn",
        "khép tin lũ",
        "nước rút hết rồi, bà con ổn cả",
    ):
        await says(town, head, words, commune)
    assert [row.closed_at is None for row in await town.rows(Emergency)] == [False, False]
    said = await says(town, head, "lửa lại cháy rồi", commune)
    assert "(Cháy)" in said["thon"]
    await head.presses("Không")
    assert "(Lũ quét, lũ ống)" in (await says(town, head, "nước lại dâng lên, vẫn mưa", commune))["thon"]


async def test_what_names_another_danger_closes_and_takes_up_nothing(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Dịch bệnh", commune)
    await raises(town, head, "Sạt lở", commune)
    said = await says(town, head, "đám cháy tắt rồi, mọi người an toàn", commune)
    assert ("muốn khép tin nào" in said["thon"], said["xa"]) == (True, "")
    await goes(town, head, commune, kind=MessageKind.PRESS, press=head.button("Dịch bệnh"))
    said = await says(town, commune, "đã nhận tin cháy", head)
    assert ("Không có tin Cháy nào đang chờ" in said["xa"], said["thon"]) == (True, "")
    assert (await says(town, commune, "lũ", head))["thon"] == ""
    assert "Không có tin" not in (await says(town, commune, "khép tin sạt lở đường 279"))["xa"]
    await commune.says("/menu")
    plague, slide = await town.rows(Emergency)
    assert (plague.closed_at is None, slide.closed_at, slide.acknowledged_at) == (False, None, None)
    assert "Sạt lở đất (báo lúc 08:00 20/11/2026) vẫn để mở" in (await says(town, head, "xong"))["thon"]
    await says(town, head, "sạt lở là tôi bấm nhầm", commune)
    assert "Khép tin" in labels(head.shown[-1:])


async def test_a_cry_of_another_danger_while_one_is_asked_about_is_told_apart(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Sạt lở", commune)
    await head.says("xong")
    assert "hay là nhầm" in (await says(town, head, "báo nhầm"))["thon"]
    await says(town, head, "cháy nhà ông Sùng")
    said = await goes(town, head, commune, kind=MessageKind.PRESS, press=head.button("Là việc khẩn cấp khác"))
    assert [words for words in ("KHẨN CẤP: Cháy", "nhà ông Sùng") if words not in said["xa"]] == []


async def arrives(town: Town) -> None:
    """Let everything that waits be sent."""
    waiting = await town.rows(Outbox, col(Outbox.state) == OutboxState.DUE)
    await outbox.record(town.storage, [outbox.Delivered(row.id, str(row.id), row.body) for row in waiting])


@pytest.mark.parametrize("words", ["20 phút nữa anh em tới nhé", "bac cho moi nguoi len cao di"])
async def test_what_an_officer_writes_under_an_alert_is_passed_on_once_they_have_it(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    told = await says(town, commune, words, head)
    assert ("chưa chuyển cho ai" in told["xa"], told["thon"]) == (True, "")
    told = await goes(town, commune, head, kind=MessageKind.PRESS, press=commune.button("Đã nhận"))
    assert words in told["thon"]
    assert "đã nhận tin khẩn cấp Cháy" in told["thon"]


async def test_what_an_officer_writes_under_later_words_is_asked_about(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await commune.presses("Đã nhận")
    await commune.presses("Xong")
    await says(town, head, "bác ơi bao giờ tới đây", commune)
    await arrives(town)
    assert "chưa chuyển" not in text_of(await commune.says("bao nhiêu hộ nghèo"))
    told = await says(town, commune, "20 phút nữa anh em tới nhé", head)
    assert ("Máy chưa chuyển" in told["xa"], told["thon"]) == (True, "")
    told = await goes(
        town, commune, head, kind=MessageKind.PRESS, press=commune.button("Chuyển cho người báo")
    )
    assert "20 phút nữa" in told["thon"]


async def test_an_officer_who_joins_reads_what_nobody_has(town: Town, head: Phone, commune: Phone) -> None:
    await raises(town, head, "Cháy", commune)
    new = town.phone("xa9")
    await new.says(await town.invite("Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Hà Văn Mới"))
    assert "CHƯA AI NHẬN: Cháy" in text_of(await new.presses("Đồng ý"))
    told = await goes(town, new, head, kind=MessageKind.PRESS, press=new.button("Đã nhận tin"))
    assert "đã nhận tin khẩn cấp Cháy" in told["thon"]


async def test_what_was_left_open_long_before_an_upgrade_wakes_nobody(
    town: Town, head: Phone, commune: Phone
) -> None:
    """Releases before told it for a day only; that the bot now goes on is no reason to cry out a flood of last year."""
    heard = []
    for kind in ("Cháy", "Sạt lở"):
        await raises(town, head, kind, commune)
        town.later(days=20)
    await town.heard()
    for _ in range(3):
        town.later(days=1)
        await town.storage.write(
            lambda session: escalating.escalate(session, town.dispatch.library, town.now)
        )
        heard += [reply for address, reply in await town.heard() if address == "xa"]
    assert "Cháy" not in text_of(heard)
    assert "CHƯA AI NHẬN: Sạt lở đất" in text_of(heard)
    assert "gõ «khép tin»" in text_of(heard)
    assert "Khẩn cấp đang mở: 2" in text_of(await commune.says("khẩn cấp đang mở"))


@pytest.mark.parametrize("has_it", [False, True])
async def test_a_plea_about_what_was_raised_hours_ago_reaches_those_who_answer_for_it(
    town: Town, head: Phone, commune: Phone, has_it: bool
) -> None:
    await raises(town, head, "Sạt lở đất", commune)
    if has_it:
        await says(town, commune, "đã nhận tin", head)
    for words in (
        "van chua ai den",
        "sao chua thay ai len",
        "con 2 nguoi van ket trong do",
        "chờ mãi không thấy xe",
    ):
        town.later(hours=9)
        told = await says(town, head, words, commune)
        assert words in told["xa"], words
        assert "Đã chuyển thêm tin Sạt lở đất" in told["thon"], told["thon"]
        assert ("Chưa ai nhận" not in told["thon"]) == has_it, told["thon"]
