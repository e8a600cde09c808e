"""An officer's order to close an emergency closes it or leads there, whatever else is said with it."""

import pytest

from handlers.closing import around_order
from storage.tables import Emergency, RoleName
from tests.handlers.beginnings import HEAD_AND_COMMUNE
from tests.handlers.chatting import Phone, Town, arrives, labels, text_of
from tests.handlers.test_officers_words import presses
from tests.handlers.test_open_alarms import raises, says

BEGINNINGS = HEAD_AND_COMMUNE


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def closed(town: Town) -> list[str]:
    return sorted(row.kind for row in await town.rows(Emergency) if row.closed_at)


@pytest.mark.parametrize("before", ["", "đã nhận"])
@pytest.mark.parametrize(
    "words",
    [
        "het chay roi, khep tin",
        "khep tin chay: lua tat het, moi nguoi an toan",
        "khép tin cháy thôn Nà Hin, lửa tắt hẳn rồi",
        "đề nghị kết thúc khẩn cấp, không còn nguy hiểm",
    ],
)
async def test_an_order_with_a_clear_sentence_closes(
    town: Town, head: Phone, commune: Phone, before: str, words: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    if before:
        await commune.says(before)
    town.later(hours=5)
    told = await says(town, commune, words, head)
    assert ("Đã khép tin" in told["xa"], words in told["thon"]) == (True, True), told
    assert "Chưa cán bộ nào bấm" not in told["thon"], "who closes it has it"
    assert await closed(town) == ["chay"]


@pytest.mark.parametrize(
    "words", ["khep tin: con khoi nhung do roi", "dân đang dọn đồ đạc ra, khép tin lại giúp"]
)
async def test_an_order_that_tells_too_little_is_passed_on_with_the_button_that_closes(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    told = await says(town, commune, words, head)
    assert ("vẫn để mở" in told["xa"], words in told["thon"]) == (True, True), told
    assert words in (await presses(town, commune, "Khép tin với câu này", head))["thon"]
    assert await closed(town) == ["chay"]


async def test_a_district_officer_who_was_not_told_closes_it_too(town: Town, head: Phone) -> None:
    district = await town.enrolled("tinh", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Lý Thị Dung")
    await raises(town, head, "Lũ quét", district)
    await says(town, district, "khep tin lu thon Na Hin, nuoc rut het, moi nguoi an toan", head)
    assert await closed(town) == ["lu-quet"]


async def test_of_several_the_named_one_is_closed_and_else_it_is_asked_which(
    town: Town, head: Phone, commune: Phone
) -> None:
    for kind in ("Cháy", "Lũ quét", "Sạt lở"):
        await raises(town, head, kind, commune)
    await says(town, commune, "het chay roi, khep tin", head)
    assert await closed(town) == ["chay"]
    told = await says(town, commune, "ba con an toan het roi, cho khep tin", head)
    assert ("khép tin nào" in told["xa"], told["thon"]) == (True, "")
    told = await presses(town, commune, "Sạt lở", head)
    assert "ba con an toan het roi" in told["thon"]
    assert await closed(town) == ["chay", "sat-lo"]
    told = await says(town, commune, "khep tin dich benh, het dich roi", head)
    assert ("Không có tin Dịch bệnh" in told["xa"], told["thon"]) == (True, "")


async def test_an_order_where_none_is_open_asks_for_no_figure(
    town: Town, head: Phone, commune: Phone
) -> None:
    assert "Không có tin khẩn cấp nào" in text_of(await commune.says("nuoc rut het roi, khep tin giup"))


@pytest.mark.parametrize("taken", ["before", "after", "hours ago"])
async def test_words_that_say_it_is_over_offer_to_close_it_with_them(
    town: Town, head: Phone, commune: Phone, taken: str
) -> None:
    words = "lua da tat han, moi nguoi an toan"
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    if taken != "after":
        await commune.presses("Đã nhận tin")
    if taken == "hours ago":
        town.later(hours=5)
    told = await says(town, commune, words, head)
    assert (words in told["thon"]) == (taken == "before")
    if taken == "after":
        assert "Khép tin với câu này" in labels(commune.shown[-1:])
        await commune.presses("Đã nhận tin")
    assert words in (await presses(town, commune, "Khép tin với câu này", head))["thon"]
    assert await closed(town) == ["chay"]


@pytest.mark.parametrize("words", ["xe dang len", "con 2 nguoi trong nha", "nuoc rut het roi"])
async def test_other_words_offer_no_closing(town: Town, head: Phone, commune: Phone, words: str) -> None:
    await raises(town, head, "Cháy", commune)
    await commune.presses("Đã nhận tin")
    await says(town, commune, words, head)
    assert "Khép tin với câu này" not in labels(commune.shown[-1:])


async def test_words_held_at_the_card_of_one_emergency_close_no_other(
    town: Town, head: Phone, commune: Phone
) -> None:
    for kind in ("Lũ quét", "Cháy"):
        await raises(town, head, kind, commune)
    await commune.says("da dua ba con di het, moi nguoi an toan")
    await commune.says("khẩn cấp đang mở")
    await commune.presses("Lũ quét")
    await commune.presses("Khép tin")
    told = await says(town, commune, "nuoc van dang chay xiet", head)
    assert "Câu «da dua ba con di het, moi nguoi an toan» của anh/chị máy chưa chuyển" in told["xa"]
    told = await says(town, commune, "nuoc rut han, ba con ve nha roi", head)
    assert "Anh/chị đã viết «da dua ba con di het, moi nguoi an toan»" in told["xa"]
    await commune.says("khẩn cấp đang mở")
    await commune.presses("Cháy")
    assert "da dua ba con" not in text_of(await commune.presses("Khép tin"))


@pytest.mark.parametrize(
    "words",
    [
        "khoan khep tin, con nguoi ket",
        "chưa khép tin được, nước còn cao",
        "bao gio khep tin duoc",
        "sao lại khép tin sớm thế",
        "nước rút rồi có khép tin được không",
        "đừng đóng tin vội",
        "mai hãy khép tin",
        "khép cửa lại cho ấm",
    ],
)
def test_what_puts_closing_off_or_asks_about_it_is_no_order(words: str) -> None:
    assert around_order(words) is None
