"""An emergency is closed in the words people have for it: hours later, by name, in English, and in the middle of another
question."""

from dataclasses import replace

import pytest

from storage.tables import Emergency
from tests.handlers.beginnings import HEAD_AND_COMMUNE
from tests.handlers.chatting import Phone, Town, begin_interview, labels, load_forms, text_of
from tests.handlers.test_open_alarms import raises, says

BEGINNINGS = HEAD_AND_COMMUNE


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def open_kinds(town: Town) -> list[str]:
    return [row.kind for row in await town.rows(Emergency) if row.closed_at is None]


async def in_english(*phones: Phone) -> None:
    for phone in phones:
        await phone.says("/language")
        await phone.presses("English")


def without_buttons(town: Town) -> None:
    town.channel.can = replace(town.channel.can, buttons=False)


async def closes(town: Town, head: Phone, commune: Phone, what: str, asking: str, ending: str) -> None:
    """The head raises it, asks hours later to close it, and closes it with a sentence."""
    await raises(town, head, what, commune)
    town.later(hours=8)
    await head.says(asking)
    told = await says(town, head, ending, commune)
    assert ending in told["xa"]
    assert await open_kinds(town) == [], (asking, ending)


@pytest.mark.parametrize("buttons", [True, False])
async def test_who_raised_it_closes_it_hours_and_days_later(
    town: Town, head: Phone, commune: Phone, buttons: bool
) -> None:
    if not buttons:
        without_buttons(town)
    for what, asking, ending in (
        ("Cháy", "khép tin", "lửa tắt từ trưa, mọi người an toàn"),
        ("Sạt lở", "khep tin sat lo", "da thong duong, moi viec on roi"),
        ("Lũ quét", "khép tin tôi đã báo", "đã yên rồi"),
        ("Dịch bệnh", "kết thúc tin khẩn cấp", "đã tiêu huỷ xong, không còn ca nào"),
        ("Cháy", "toi muon khep tin", "báo nhầm, không có gì"),
    ):
        await closes(town, head, commune, what, asking, ending)


async def test_in_english_it_is_closed_in_words_too(town: Town, head: Phone, commune: Phone) -> None:
    await in_english(head)
    for what, asking, ending in (
        ("Fire", "close", "the fire is out, everybody is safe"),
        ("Fire", "close emergency", "false alarm, everything is fine"),
        ("Flash flood", "close the flood", "the water has gone down, we are safe"),
        ("Landslide", "please end the emergency", "the road is open again"),
        ("Epidemic", "can you close it", "sent by mistake, nothing happened"),
    ):
        await closes(town, head, commune, what, asking, ending)
        await raises(town, head, what, commune)  # and within the first minutes
        assert asking not in (await says(town, head, asking, commune))["xa"]
        await head.says(ending)
        assert await open_kinds(town) == []
    assert "No emergency is open" in text_of(await head.says("close emergency"))


@pytest.mark.parametrize("hours", [9, 8 * 24, 45 * 24])
async def test_that_it_is_over_is_asked_about_hours_and_days_later(
    town: Town, head: Phone, commune: Phone, hours: int
) -> None:
    for words in (
        "mọi việc đã ổn, không ai bị thương",
        "bao nham, khong co gi ca",
        "đám cháy đã dập tắt",
        "xong roi da dap tat ca",
        "het chay roi ca thon yen on",
    ):
        await raises(town, head, "Cháy", commune)
        town.later(hours=hours)
        told = await says(town, head, words, commune)
        assert told["xa"] == ""
        assert words in told["thon"]
        assert "đã yên, hay là nhầm" in told["thon"]
        await head.presses("Khép tin với câu này")
        assert await open_kinds(town) == []


@pytest.mark.parametrize("words", ["xong rồi", "dap xong roi", "ổn cả rồi ạ"])
async def test_days_later_a_bare_end_offers_to_close_it(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raises(town, head, "Cháy", commune)
    town.later(days=8)
    told = await says(town, head, words, commune)
    assert (told["xa"], "còn đang mở" in told["thon"]) == ("", True)
    await head.presses("Khép tin")
    assert "lửa tắt từ trưa" in (await says(town, head, "lửa tắt từ trưa, mọi người an toàn", commune))["xa"]
    assert await open_kinds(town) == []
    await head.says("/menu")
    town.later(days=1)
    assert "Khép tin" not in labels(await head.says(words))


async def test_what_is_said_about_an_old_one_after_an_officer_wrote_goes_to_officers(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    town.later(days=5)
    await commune.presses("Đã nhận")
    await says(town, commune, "bây giờ thế nào rồi", head)
    assert "còn thiếu gạo" in (await says(town, head, "bà con còn thiếu gạo", commune))["xa"]


@pytest.mark.parametrize(
    ("more", "ending"),
    [
        ("cháy lan sang nhà bên", "lửa đã tắt, mọi người an toàn"),
        ("chay lan sang nha ben", "dap tat roi"),
        ("đất đá vẫn rơi xuống từng tảng", "đường thông rồi, mọi người an toàn"),
        ("the fire is spreading to the next house", "the fire is out, everyone is safe"),
    ],
)
async def test_what_gets_worse_and_its_end_both_reach_the_officers(
    town: Town, head: Phone, commune: Phone, more: str, ending: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await head.presses("Xong")
    assert "Lời này là tin thêm về" in text_of(await head.says(more))
    told = await says(town, head, ending, commune)
    assert more in told["xa"]
    assert ending in told["xa"]
    assert await open_kinds(town) == ["chay"], (
        "only the officers' sentence, or a button, closes what just got worse"
    )
    await head.presses("Khép tin")
    assert await open_kinds(town) == []


async def test_what_may_be_a_no_or_the_end_is_asked_about(town: Town, head: Phone, commune: Phone) -> None:
    await raises(town, head, "Cháy", commune)
    await head.presses("Xong")
    await head.says("cháy lan sang nhà bên")
    told = await says(town, head, "báo nhầm thôi, không có gì", commune)
    assert told["xa"] == ""
    assert "Khép tin với câu này" in labels([head.shown[-1]])
    told = await says(town, head, "Khép tin với câu này", commune)
    assert "báo nhầm thôi, không có gì" in told["xa"]
    assert "cháy lan sang nhà bên" in told["xa"]
    assert await open_kinds(town) == []
    await raises(town, head, "Lũ quét", commune)
    await head.presses("Xong")
    await head.says("bò nhà ông Tá chết hàng loạt")
    told = await says(town, head, "nước đã rút, mọi người an toàn", commune)
    assert "nước đã rút" in told["thon"]
    assert "Đúng, báo ngay" in labels([head.shown[-1]])
    await head.presses("Khép tin với câu này")
    assert await open_kinds(town) == []


async def test_who_says_no_more_reads_whether_somebody_has_it(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    assert "là bác sẽ thấy ở đây" in text_of(await head.presses("Xong"))
    await raises(town, head, "Sạt lở", commune)
    await says(town, commune, "đã nhận tin sạt lở", head)
    assert "Cán bộ đã nhận tin Sạt lở đất" in text_of(await head.presses("Xong"))


@pytest.mark.parametrize(
    "last", ["chưa dập được, cần người", "lua tat chua", "fire is out but we need water"]
)
async def test_asked_to_close_in_words_a_cry_closes_nothing(
    town: Town, head: Phone, commune: Phone, last: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await head.says("khép tin")
    assert last in (await says(town, head, last, commune))["xa"]
    for asking in ("khép tin lại đi", "close"):
        assert "nhắn một câu" in text_of(await head.says(asking))
        assert await open_kinds(town) == ["chay"]
    await head.says("lửa tắt hẳn rồi, mọi người an toàn")
    assert await open_kinds(town) == []


async def test_a_no_stays_a_no(town: Town, head: Phone, commune: Phone) -> None:
    await raises(town, head, "Cháy", commune)
    await head.presses("Xong")
    for words in ("không", "không phải", "khong a"):
        await head.says("cháy lan sang nhà bên")
        told = await says(town, head, words, commune)
        assert told["xa"] == ""
        assert "không báo gì" in told["thon"]


@pytest.mark.parametrize("buttons", [True, False])
async def test_naming_the_emergency_chooses_it(
    town: Town, head: Phone, commune: Phone, buttons: bool
) -> None:
    if not buttons:
        without_buttons(town)
    other = await town.head("thon2", "Nà Lốc", "Hoàng Thị Mỷ")
    taken: list[str] = []
    for asking, naming, what in (
        ("đã nhận tin", "cháy", "chay"),
        ("da nhan tin", "tin chay nhe", "chay"),
        ("đã nhận tin", "thôn Nà Lốc", "sat-lo"),
        ("received", "the landslide", "sat-lo"),
        ("đã nhận tin", "đám cháy ở Nà Hin ạ", "chay"),
    ):
        await raises(town, head, "Cháy", commune)
        await raises(town, other, "Sạt lở", commune)
        await commune.says(asking)
        told = await says(town, commune, naming, head, other)
        taken = [row.kind for row in await town.rows(Emergency) if row.acknowledged_at and not row.closed_at]
        assert taken == [what], naming
        told = await says(town, commune, "xã đã cử dân quân lên", head, other)
        assert "dân quân" in told["thon" if what == "chay" else "thon2"]
        await close_all(town)


async def close_all(town: Town) -> None:
    async def work(session: object) -> None:
        for row in await town.rows(Emergency):
            kept = await session.get(Emergency, row.id)  # type: ignore[attr-defined]
            kept.closed_at = kept.closed_at or town.now

    await town.storage.write(work)


async def test_what_is_written_before_one_is_chosen_is_for_that_one(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await raises(town, head, "Sạt lở", commune)
    await commune.says("đã nhận tin")
    told = await says(town, commune, "xã đã cử dân quân lên", head)
    assert told["thon"] == ""
    told = await says(town, commune, "cháy", head)
    assert "xã đã cử dân quân lên" in told["thon"]
    await commune.says("khép tin")
    await commune.says("đám cháy nào cũng đã dập tắt, không ai bị thương")
    await commune.says("dịch bệnh")
    assert sorted(await open_kinds(town)) == ["chay", "sat-lo"]
    await commune.says("cháy")
    assert await open_kinds(town) == ["sat-lo"]
    await raises(town, head, "Lũ quét", commune)
    await head.says("khép tin")
    await head.says("đường đã thông, xe đi lại được")
    await head.says("sạt lở")
    assert await open_kinds(town) == ["lu-quet"]


async def test_several_that_a_name_fits_are_asked_about_again(
    town: Town, head: Phone, commune: Phone
) -> None:
    other = await town.head("thon2", "Nà Lốc", "Hoàng Thị Mỷ")
    await raises(town, head, "Cháy", commune)
    await raises(town, other, "Cháy", commune)
    await raises(town, head, "Sạt lở", commune)
    await commune.says("khép tin cháy")
    shown = labels([commune.shown[-1]])
    assert [label.startswith("Cháy") for label in shown] == [True, True]
    await commune.says("ở Nà Lốc")
    await commune.says("lửa đã tắt hẳn")
    assert sorted(await open_kinds(town)) == ["chay", "sat-lo"]


async def test_within_a_questionnaire_answers_stay_answers(town: Town, head: Phone, commune: Phone) -> None:
    await load_forms(town)
    await begin_interview(town, head, "nuoc-sach", "Nà Hin")
    await raises(town, head, "Cháy", commune)
    await raises(town, head, "Sạt lở", commune)
    town.later(hours=8)
    await head.says("khép tin")
    assert "kế tiếp" not in text_of(await head.says("45"))
    await head.says("khép tin cháy")
    await head.says("lửa tắt rồi, mọi người an toàn")
    assert await open_kinds(town) == ["sat-lo"]


@pytest.mark.parametrize("text", ["we have a fire", "there is a fire in the school"])
async def test_to_have_a_fire_is_no_receipt(town: Town, text: str) -> None:
    head = await town.head("a")
    assert "Bác báo tin khẩn cấp phải không" in text_of(await head.says(text))


async def test_who_has_the_fire_has_it(town: Town, head: Phone, commune: Phone) -> None:
    await raises(town, head, "Cháy", commune)
    await raises(town, head, "Sạt lở", commune)
    await commune.says("we have the fire")
    assert [row.kind for row in await town.rows(Emergency) if row.acknowledged_at] == ["chay"]


async def test_who_wants_to_leave_is_led_to_closing_what_is_open(
    town: Town, head: Phone, commune: Phone
) -> None:
    """On a channel without buttons, too, what the bot says to write works: nobody has to find the old message."""
    town.channel.can = replace(town.channel.can, buttons=False)
    await raises(town, head, "Sạt lở", commune)
    assert "nhắn «Khép tin»" in text_of(await head.says("/roi"))
    assert "nhắn một câu" in text_of(await head.says("khép tin"))
    assert "tôi bấm nhầm, thôn yên" in (await says(town, head, "tôi bấm nhầm, thôn yên", commune))["xa"]
    assert await open_kinds(town) == []
    assert "chưa khép" not in text_of(await head.says("/roi"))


async def test_huy_di_takes_back_what_is_told_and_says_how(town: Town, head: Phone, commune: Phone) -> None:
    for asked in (False, True):
        await raises(town, head, "Cháy", commune)
        if asked:
            await head.presses("Tôi bấm nhầm")
        assert "nhắn một câu" in text_of(await head.says("huy di"))
        assert await open_kinds(town) == ["chay"]
        await head.says("báo nhầm, không có gì")
        assert await open_kinds(town) == []


async def test_a_no_leaves_the_list_of_kinds(town: Town, head: Phone, commune: Phone) -> None:
    for no in ("ko phai dau bam lon", "không có gì đâu", "huy di"):
        await head.says("khẩn cấp")
        assert "máy không báo gì" in text_of(await head.says(no))
    for told in ("không phải, cháy nhà rồi", "khong phai, nuoc len"):
        await head.says("khẩn cấp")
        assert "máy không báo gì" not in text_of(await head.says(told))


async def test_what_is_said_after_the_end_is_said_to_reach_nobody(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await head.says("khép tin")
    await head.says("báo nhầm, không có gì")
    said = text_of(await head.says("lửa tắt rồi, mọi người an toàn"))
    assert "«lửa tắt rồi, mọi người an toàn» vì thế máy chưa chuyển cho ai" in said
