"""An officer's order to close an emergency closes it or leads there, whatever else is said with it."""

import pytest

from handlers.closing import around_order, ends_by_order, told_beside
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


@pytest.mark.parametrize(
    ("words", "closes"),
    [
        ("khep tin lu giup toi, ba con ve nha het", True),
        ("nuoc rut het roi, cho khep lai nhe", True),
        ("bao gio nuoc rut thi khep tin", False),
        ("khep tin lu, nuoc rut, xe cau dang don", False),
    ],
)
async def test_whoever_raised_it_closes_it_by_an_order_of_words_that_are_all_known(
    town: Town, head: Phone, commune: Phone, words: str, closes: bool
) -> None:
    await raises(town, head, "Lũ quét", commune)
    told = await says(town, head, words, commune)
    assert words in told["xa"]
    assert await closed(town) == ["lu-quet"] * closes


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
        "có nên khép tin không, nước rút rồi",
        "khoan khep tin, con nguoi ket",
        "chưa khép tin được, nước còn cao",
        "bao gio khep tin duoc",
        "sao lại khép tin sớm thế",
        "nước rút rồi có khép tin được không",
        "đừng đóng tin vội",
        "mai hãy khép tin",
        "khép cửa lại cho ấm",
        "bao giờ nước rút hết thì đóng tin",
        "nếu nước rút thì khép tin",
        "bác khép tin giúp tôi khi nước rút",
        "nuoc rut thi bao xa de khep tin",
        "nước rút hẳn mới được khép",
        "đợi nước rút rồi khép",
        "chiều nay nước rút thì khép tin nhé",
        "nuoc rut chua ma doi khep tin",
        "xã khép đường lại",
        "đóng đường lại không cho xe qua",
    ],
)
def test_what_puts_closing_off_or_asks_about_it_is_no_order(words: str) -> None:
    assert around_order(words) is None


@pytest.mark.parametrize(
    "words",
    [
        "nuoc rut het roi, cho khep lai nhe",
        "khép vụ lũ Bản Sáo: không ai bị sao",
        "dong tin lu lai, ba con ve nha het",
        "het lu roi ket thuc tin nay di",
        "khep lai di, nuoc xuong roi",
        "thôi khép vụ này, xã đã xuống kiểm tra, không sao",
        "cho dung bao dong, nuoc rut roi",
        "khep tin lu: nuoc da rut, bao dan ve",
        "Nác rút hết rồi, khép cấy tin nớ lại hí",
        "khép tin nghe, nước xuống hết trơn rồi, bà con dìa nhà hết",
        "coi như xong, khép tin",
        "ok khép được rồi, mọi người an toàn",
        "vụ lũ xong rồi khép lại cho tôi",
        "kết thúc khẩn cấp, 3 hộ đã về nhà an toàn",
        "lũ qua rồi, chốt tin lại",
        "gỡ tin lũ, bà con về hết rồi",
        "bỏ tin lũ đi, báo nhầm",
        "ngung tin lu nhe ba con an toan ca",
        "khép tin lũ: nước rút, thiệt hại khoảng 50 triệu",
        "close the flood, everybody is home",
        "lũ rút cạn rồi, cho đóng tin nghe em",
        "hết rồi, khép tin đi, báo động giả",
    ],
)
def test_an_order_with_a_reason_closes_also_where_a_word_is_not_known(words: str) -> None:
    assert ends(words)


@pytest.mark.parametrize(
    "words",
    [
        "khép tin lũ nhưng còn 1 cháu mất tích",
        "khép tin, nước vẫn dâng",
        "khep tin, nuoc rut roi, con nha ong Tu",
        "khép tin lũ, nước rút rồi trừ xóm dưới",
        "khép tin lũ, nước rút rồi, bà Lai bị thương",
        "khép tin lũ, nước rút, đồi sau trường sạt lở",
        "khép tin lũ: lửa tắt rồi",
        "nước rút rồi, xóm trên đóng lại cái cống",
    ],
)
def test_an_order_with_what_may_not_be_over_does_not_close(words: str) -> None:
    assert not ends(words)


def ends(words: str) -> bool:
    """Whether an order of these words closes a flood at Bản Sáo."""
    order = around_order(words)
    assert order is not None
    row = Emergency(kind="lu-quet", details=[])
    return ends_by_order(row, told_beside(order, row.kind, ["sao"]), plain=order.plain)


async def test_an_order_to_close_right_after_words_that_end_it_closes_it_with_them(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await commune.presses("Đã nhận tin")
    await commune.says("lửa đã tắt hết, mọi người an toàn")
    told = await says(town, commune, "khép tin", head)
    assert "lửa đã tắt hết, mọi người an toàn" in told["thon"]
    assert [row.closed_at is not None for row in await town.rows(Emergency)] == [True]
    await raises(town, head, "Sạt lở", commune)
    await commune.presses("Đã nhận tin")
    await commune.says("đã thông đường, mọi người an toàn")
    await head.says("đất lại sạt xuống")
    assert "xin anh/chị nhắn một câu" in (await says(town, commune, "khép tin", head))["xa"]
