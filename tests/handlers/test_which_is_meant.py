"""Which emergency, and which of two things, words are for: asked, and neither lost nor sent where it does not belong."""

from dataclasses import replace

import pytest

from handlers.emergency_named import behind_asking
from storage.tables import Emergency, RoleName
from tests.handlers.beginnings import HEAD_AND_COMMUNE
from tests.handlers.chatting import Phone, Town, begin_interview, labels, load_forms, text_of
from tests.handlers.test_open_alarms import raises, says

BEGINNINGS = HEAD_AND_COMMUNE


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def closed(town: Town) -> list[bool]:
    return [row.closed_at is not None for row in await town.rows(Emergency)]


async def test_an_officers_sentence_closes_only_what_it_says_is_over(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Lũ quét", commune)
    await commune.says("khép tin")
    for words in ("nước vẫn dâng", "không rõ", "có 2 người chết"):
        told = await says(town, commune, words, head)
        assert words in told["thon"]
        assert "vẫn để mở" in told["xa"]
    assert await closed(town) == [False]
    assert "nhắn một câu" in text_of(await commune.says("khép tin"))
    await commune.says("đã khắc phục nhưng chưa thông đường")
    await commune.presses("Khép tin với câu này")
    assert await closed(town) == [True]


@pytest.mark.parametrize("words", ["lại sạt nữa rồi", "lai sat tiep roi", "nhà ông Tu vừa bị vùi xuống"])
async def test_a_cry_behind_the_end_is_asked_about_as_a_new_one(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raises(town, head, "Sạt lở", commune)
    await commune.says("khép tin")
    await says(town, commune, "Nước đã rút, mọi người an toàn", head)
    said = text_of(await head.says(words))
    assert "đã khép lại" in said
    assert "phải không" in said
    await head.presses("Đúng, báo ngay")
    assert await closed(town) == [True, False]


@pytest.mark.parametrize("answers", [("2",), ("chay", "1")])
async def test_which_one_is_answered_by_number_or_word(
    town: Town, head: Phone, commune: Phone, answers: tuple[str, ...]
) -> None:
    await raises(town, head, "Cháy", commune)
    town.later(minutes=2)
    await raises(town, head, "Lũ quét", commune)
    await commune.says("đã nhận tin")
    assert "Cháy" in labels([commune.shown[-1]])[1]
    said = text_of(await commune.says("xã sẽ cử người lên"))
    assert "chưa chuyển" in said
    assert "đã nhận tin nào" in said
    for answer in answers:
        await commune.says(answer)
    assert [row.kind for row in await town.rows(Emergency) if row.acknowledged_at] == ["chay"]


@pytest.mark.parametrize(
    ("text", "named"), [("close the flood", "flood"), ("khép tin lũ", "lũ"), ("close it", "")]
)
def test_what_is_to_be_closed_may_be_named_within_the_words_that_ask_for_it(text: str, named: str) -> None:
    assert " ".join(word.text for word in behind_asking(text)) == named


async def test_who_raised_several_is_asked_which_to_close(town: Town, head: Phone, commune: Phone) -> None:
    await raises(town, head, "Cháy", commune)
    await raises(town, head, "Lũ quét", commune)
    assert "khép tin nào" in text_of(await head.says("khép tin"))
    assert "nhắn một câu" in text_of(await head.says("1"))
    assert "khép tin nào" in text_of(await head.says("khép tin"))
    assert all(not row.details for row in await town.rows(Emergency))


async def test_a_danger_told_while_one_is_to_be_closed_goes_on_at_once_and_an_end_is_kept(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Lũ quét", commune)
    await raises(town, head, "Sạt lở", commune)
    await head.says("khép tin")
    told = await says(town, head, "con nguoi bi vui o nha ong Kien", commune)
    assert "Sạt lở đất, tin thêm từ thôn Nà Hin: con nguoi bi vui o nha ong Kien" in told["xa"]
    await head.says("khép tin")
    told = await says(town, head, "nuoc rut roi", commune)
    assert ("«nuoc rut roi» máy chưa chuyển cho ai" in told["thon"], told["xa"]) == (True, "")
    assert "«nuoc rut roi»" in text_of(await head.says("khép tin"))
    assert "“nuoc rut roi”" in (await says(town, head, "lũ", commune))["xa"]
    assert await closed(town) == [True, False]


@pytest.mark.parametrize("words", ["có mấy hộ thiếu nước", "bao nhiêu hộ dùng nước hợp vệ sinh"])
async def test_what_may_be_an_answer_or_a_question_is_asked_about(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raises(town, head, "Lũ quét", commune)
    await commune.says("đã nhận tin")
    told = await says(town, commune, words, head)
    assert told["thon"] == ""
    assert "hỏi số liệu" in told["xa"]
    told = await says(town, commune, "Chuyển cho người báo", head)
    assert words in told["thon"]


async def test_nobody_takes_up_what_they_raised(town: Town, commune: Phone) -> None:
    district = await town.enrolled("tinh", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Hà Thị Mai")
    await raises(town, commune, "Cháy", district)
    told = await says(town, commune, "đã nhận tin", district)
    assert "vẫn để mở" in told["xa"]
    assert "đã nhận" not in told["tinh"]
    assert [row.acknowledged_at for row in await town.rows(Emergency)] == [None]


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("words", ["nhầm ạ", "ko biet", "toi bam nham"])
async def test_what_may_answer_the_form_goes_to_no_officer_unasked(
    town: Town, head: Phone, commune: Phone, words: str, done: bool
) -> None:
    await load_forms(town)
    await begin_interview(town, head, "nuoc-sach", "Nà Hin")
    await raises(town, head, "Lũ quét", commune)
    if done:
        await head.presses("Xong")
    told = await says(town, head, words, commune)
    assert told["xa"] == ""
    assert not (await town.rows(Emergency))[0].details


async def test_a_bare_call_for_help_is_passed_on(town: Town, head: Phone, commune: Phone) -> None:
    await raises(town, head, "Lũ quét", commune)
    for words in ("cuu voi", "sos"):
        told = await says(town, head, words, commune)
        assert words in told["xa"]


@pytest.mark.parametrize(
    "words", ["sạt lở rồi, sập 2 nhà", "lu ve, 3 nguoi mat tich", "cháy 1 nhà rồi chú ơi"]
)
async def test_another_danger_with_a_number_is_no_answer_to_how_many_are_short_of_water(
    town: Town, words: str
) -> None:
    head = await town.head("1")
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for count in ("120", "110", "100", "90", "80"):
        await head.says(count)
    assert "khẩn cấp phải không" in text_of(await head.says(words))
    assert "Câu 6/7" in text_of(await head.presses("Không phải"))
    assert "khẩn cấp phải không" not in text_of(await head.says("thiếu nước 3 hộ"))


@pytest.mark.parametrize("first", ["", "tôi bấm nhầm"])
async def test_the_end_of_one_of_several_is_for_the_one_it_names(
    town: Town, head: Phone, commune: Phone, first: str
) -> None:
    """Also while a bare slip is asked about: the fuller sentence says the same, and alarms nobody of another danger."""
    for danger in ("Cháy", "Lũ quét"):
        await raises(town, head, danger, commune)
        await head.says("xong")
    if first:
        assert "phải không" in (await says(town, head, first, commune))["thon"]
    told = await says(town, head, "cháy tôi bấm nhầm, thôn vẫn bình thường", commune)
    assert "Cháy, tin thêm" in told["xa"]
    assert "Lũ" not in told["xa"]
    await head.presses("Khép tin")
    assert await closed(town) == [True, False]


async def test_what_gets_worse_in_one_and_the_end_of_another_go_each_to_its_own(
    town: Town, head: Phone, commune: Phone
) -> None:
    for danger in ("Cháy", "Lũ quét"):
        await raises(town, head, danger, commune)
        await head.says("xong")
    await head.says("nước dâng cao hơn")
    told = await says(town, head, "đám cháy đã dập tắt", commune)
    assert "Lũ quét, lũ ống, tin thêm từ thôn Nà Hin: nước dâng cao hơn" in told["xa"]
    assert "Cháy, tin thêm từ thôn Nà Hin: đám cháy đã dập tắt" in told["xa"]


async def test_a_bare_slip_leads_to_closing_the_only_one(town: Town, head: Phone, commune: Phone) -> None:
    await raises(town, head, "Sạt lở", commune)
    await head.says("xong")
    assert "Khép tin với câu này" in labels(await head.says("toi bam nham"))
    await head.presses("Khép tin với câu này")
    assert await closed(town) == [True]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("làm thử", "làm thử phiếu nào"),
        ("tôi làm thử", "làm thử phiếu nào"),
        ("tắt hết tin", "Tin tuần"),
        ("máy làm được gì", "Thôn Báo"),
    ],
)
async def test_what_calls_a_screen_ends_no_emergency(
    town: Town, head: Phone, commune: Phone, words: str, shown: str
) -> None:
    """Without all its marks "lầm" is "làm", and "tắt hết" may be said of a fire."""
    await raises(town, head, "Sạt lở", commune)
    await head.says("khép tin")
    told = await says(town, head, words, commune)
    assert (shown in told["thon"], told["xa"]) == (True, ""), told["thon"]


async def test_water_that_rises_is_no_slip(town: Town, head: Phone, commune: Phone) -> None:
    await raises(town, head, "Sạt lở", commune)
    await head.says("xong")
    assert "Lũ quét" in text_of(await head.says("nuoc lon roi"))


async def test_a_number_that_chose_and_comes_again_is_no_answer_to_the_village(
    town: Town, head: Phone, commune: Phone
) -> None:
    town.channel.can = replace(town.channel.can, buttons=False)
    for danger in ("Cháy", "Lũ quét"):
        await raises(town, head, danger, commune)
    await commune.says("đã nhận tin")
    assert "đã nhận" in (await says(town, commune, "1", head))["thon"]
    told = await says(town, commune, "1", head)
    assert (told["thon"], "CHƯA chuyển" in told["xa"]) == ("", True)
    assert "1 xe đang lên" in (await says(town, commune, "1 xe đang lên", head))["thon"]
