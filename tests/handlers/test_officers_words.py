"""What an officer writes while an emergency is open is never lost, thanked away or answered as a figure unasked."""

from dataclasses import replace

import pytest

from handlers import held_words
from handlers.messages import MessageKind
from storage.kept import Screen
from storage.priorities import ASKED_FOR, IN_DANGER
from storage.tables import Contact, Emergency, Outbox, RoleName
from tests.handlers.beginnings import HEAD_AND_COMMUNE
from tests.handlers.chatting import Phone, Town, arrives, labels, text_of
from tests.handlers.test_open_alarms import goes, raises, says

BEGINNINGS = HEAD_AND_COMMUNE


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def other_officer(town: Town) -> Phone:
    return await town.enrolled("xa2", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Triệu Thị Sen")


async def presses(town: Town, sender: Phone, label: str, *others: Phone) -> dict[str, str]:
    return await goes(town, sender, *others, kind=MessageKind.PRESS, press=sender.button(label))


async def held(town: Town) -> list[str]:
    """The words that wait to be sent on."""
    return [one.words for contact in await town.rows(Contact) for one in Screen.read(contact.screen).held]


async def acknowledged(town: Town) -> list[str]:
    return [row.kind for row in await town.rows(Emergency) if row.acknowledged_at]


@pytest.mark.parametrize("hours", [0, 1.1, 5, 24 * 9])
@pytest.mark.parametrize("screen", ["", "/menu", "số hộ nghèo"])
@pytest.mark.parametrize(
    "words", ["da nghe, dang cho nguoi len", "may nguoi bi thuong", "duong vao duoc khong"]
)
async def test_before_anybody_has_it_words_are_held_and_go_on_with_the_receipt(
    town: Town, head: Phone, commune: Phone, hours: float, screen: str, words: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    town.later(hours=hours)
    if screen:
        await commune.says(screen)
    told = await says(town, commune, words, head)
    assert ("chưa chuyển cho ai" in told["xa"], told["thon"]) == (True, ""), told
    assert "Đã nhận tin" in labels(commune.shown[-1:])
    told = await presses(town, commune, "Đã nhận tin", head)
    assert words in told["thon"]
    assert words in told["xa"]


@pytest.mark.parametrize("words", ["cac viec khan cap", "danh sách tin khẩn cấp"])
async def test_whoever_asks_for_the_list_of_emergencies_sends_nothing_with_the_receipt(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    assert "Khẩn cấp đang mở: 1" in text_of(await commune.says(words))
    told = await says(town, commune, "đã nhận", head)
    assert "đã nhận tin khẩn cấp Cháy" in told["thon"]
    assert words not in told["thon"]


OTHER_BUSINESS = [
    "xem", "xem tình hình", "xem so lieu", "tinh hinh", "menu", "trợ giúp", "xong", "xong rồi", "thoi", "huỷ", "lui",
    "quay lại", "gui thong bao", "gửi thông báo họp dân lúc 7 giờ tối mai", "thong bao hop dan 7h toi mai",
    "mai hop 8h tai uy ban", "mời họp", "sang mai 7 gio di hop o xa", "nho mang theo so ho khau", "thon nao chua bao cao",
    "còn thôn nào chưa nộp", "bac nguyen van a bao cao chua", "thôn Nà Hin nộp chưa", "nhac thon na hin", "báo cáo",
    "bao cao nuoc", "xem lai bao cao", "duyệt báo cáo nước Nà Hin", "tin tuần", "so ho ngheo", "xuất excel",
    "ve bieu do nuoc", "đổi ngôn ngữ", "các việc khẩn cấp", "nhiem vu den han", "danh sách thôn", "in giấy mời họp",
    "khoá nước tháng 10", "khong gui nua", "Không gửi câu này", "bo cau nay", "tiêm phòng cho trẻ ngày 9",
    "rà soát hộ nghèo", "gui tin cho cac thon", "nhac xa vinh thong nop", "khong co kho khan gi", "gui cho 8 thon",
    "thong bao cac thon ha du phong lut", "moi cac bac truong thon chieu len xa nhan gao", "hỏi lại", "may thon bao cao roi",
]  # fmt: skip
"""What officers write while an emergency is open that nobody in danger should read as their answer."""
FOR_THE_VILLAGE = [
    "may nguoi bi thuong", "đường vào được không", "bác bình tĩnh", "goi 114 ngay", "thong bao cho ba con so tan",
    "tap hop ba con o nha van hoa", "xem co ai bi thuong khong", "gui anh len xem nao",
    "kiem tra xem con ai trong nha khong",
    "nhac ba con khong qua suoi", "báo cáo ngay tình hình cho xã", "xe dang len",
]  # fmt: skip
"""What they write to whoever raised it, although some of it sounds like a request to the bot."""


async def test_other_business_of_an_officer_goes_with_no_receipt(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    for words in OTHER_BUSINESS:
        told = await says(town, commune, words, head)
        assert (bool(told["xa"]), told["thon"]) == (True, ""), words
    told = await says(town, commune, "đã nhận tin", head)
    assert [words for words in OTHER_BUSINESS if words in told["thon"]] == []


async def test_other_business_is_no_answer_of_whoever_has_the_emergency(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    for words in OTHER_BUSINESS[::4]:
        await says(town, commune, "đã nhận tin", head)
        told = await says(town, commune, words, head)
        assert (bool(told["xa"]), told["thon"]) == (True, ""), words
        await says(town, commune, "không gửi câu này", head)
        assert await held(town) == [], words


async def test_what_was_held_for_a_day_is_sent_on_no_more(town: Town, head: Phone, commune: Phone) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    await commune.says("xe dang len")
    town.later(hours=25)
    told = await says(town, commune, "đã nhận tin", head)
    assert ("đã nhận tin khẩn cấp" in told["thon"], "xe dang len" in told["thon"]) == (True, False)
    assert "Câu «xe dang len» viết đã quá một ngày" in told["xa"]


async def test_what_is_held_is_sent_on_by_a_typed_word(town: Town, head: Phone, commune: Phone) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    await commune.says("đi họp ở xã thì tránh đường suối")
    told = await says(town, commune, "gửi đi", head)
    assert "đi họp ở xã thì tránh đường suối" in told["thon"]
    assert ("vẫn chưa ai nhận" in told["xa"], labels(commune.shown[-1:])) == (True, ["Đã nhận tin", "Xong"])


@pytest.mark.parametrize("has_it", [False, True])
async def test_everyday_business_can_be_announced_instead(
    town: Town, head: Phone, commune: Phone, has_it: bool
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    if has_it:
        await presses(town, commune, "Đã nhận tin", head)
    await says(town, commune, "mai hop 8h tai uy ban", head)
    told = await presses(town, commune, "Soạn thông báo", head)
    assert ("«mai hop 8h tai uy ban»" in told["xa"], "gửi tới ai" in told["xa"]) == (True, True), told
    assert await held(town) == []


async def test_what_is_for_the_village_goes_on_with_the_receipt(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    for words in FOR_THE_VILLAGE:
        assert "máy chưa chuyển cho ai" in (await says(town, commune, words, head))["xa"], words
    told = await says(town, commune, "đã nhận tin", head)
    assert [words for words in FOR_THE_VILLAGE if words not in told["thon"]] == []


@pytest.mark.parametrize(
    "words",
    [
        "đã nhận, đang cho xe lên",
        "đã nhận tin cháy, máy bơm lên rồi",
        "da nhan tin chay dang cho xe len",
        "đã nhận tin, có ai bị thương không",
        "da nhan roi dang cho xe len",
        "received, help is coming",
    ],
)
async def test_a_receipt_with_more_takes_it_up_and_goes_on(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    told = await says(town, commune, words, head)
    assert await acknowledged(town) == ["chay"]
    assert words in told["thon"]


@pytest.mark.parametrize("words", ["đã nhận 5 thùng mì", "đã nhận tin chưa", "da nghe, dang cho nguoi len"])
async def test_what_only_sounds_like_a_receipt_takes_up_nothing(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    await says(town, commune, words, head)
    assert await acknowledged(town) == []


async def test_what_was_refused_as_a_cry_goes_to_nobody_with_the_receipt(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    await commune.says("ngập nhà")
    await commune.presses("Không phải tin khẩn cấp")
    told = await says(town, commune, "đã nhận tin", head)
    assert ("đã nhận tin khẩn cấp" in told["thon"], "ngập nhà" in told["thon"]) == (True, False)
    assert "Câu «ngập nhà» của anh/chị máy chưa chuyển" in told["xa"]


@pytest.mark.parametrize(
    ("words", "told"),
    [("gửi thông báo họp dân 7 giờ tối mai", "gửi tới ai"), ("bac nguyen van a bao cao chua", "chưa chuyển")],
)
async def test_what_the_bot_is_asked_for_after_the_receipt_goes_to_nobody(
    town: Town, head: Phone, commune: Phone, words: str, told: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    await says(town, commune, "đã nhận tin", head)
    said = await says(town, commune, words, head)
    assert (told in said["xa"], said["thon"]) == (True, "")


async def test_only_what_is_about_an_emergency_waits_for_no_allowance(
    town: Town, head: Phone, commune: Phone
) -> None:
    async def priority(phone: Phone, words: str) -> int:
        await phone.says(words)
        return max(await town.rows(Outbox), key=lambda row: row.id or 0).priority

    await raises(town, head, "Cháy", commune)
    await arrives(town)
    assert await priority(head, "hai người bị thương") == IN_DANGER
    await arrives(town)
    told = [
        (words, await priority(commune, words))
        for words in ("đã nhận tin", "xe đang lên", "thôn nào chưa báo cáo", "hỏi số liệu", "/menu")
    ]
    assert [found for _, found in told] == [*[IN_DANGER] * 3, ASKED_FOR, ASKED_FOR], told
    assert await priority(head, "báo cáo") == ASKED_FOR


async def test_a_request_to_the_bot_goes_to_nobody_with_the_receipt_before_that_is_chosen(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    await commune.says("xe dang len")
    await commune.says("in giấy mời họp")
    told = await says(town, commune, "đã nhận", head)
    assert ("xe dang len" in told["thon"], "giấy mời" in told["thon"]) == (True, False), told
    assert "Câu «in giấy mời họp» của anh/chị máy chưa chuyển" in told["xa"]
    assert {"Chuyển cho người báo", "Không gửi câu này"} <= set(labels(commune.shown[-1:]))
    assert "giấy mời" in (await presses(town, commune, "Chuyển cho người báo", head))["thon"]


@pytest.mark.parametrize(
    "words", ["đã nhận", "nhận", "da nhan roi", "rõ", "ok rõ rồi ạ", "ok", "roi", "got it", "vâng ạ"]
)
async def test_words_of_receipt_take_up_what_was_told_just_now(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    town.later(minutes=20)
    await says(town, commune, "xe dang len", head)
    await says(town, commune, "toi len ngay", head)
    told = await says(town, commune, words, head)
    assert "đã nhận tin khẩn cấp Cháy" in told["thon"]
    assert "xe dang len; toi len ngay" in told["thon"]
    assert await acknowledged(town) == ["chay"]


async def test_ok_under_another_message_takes_up_nothing_but_is_asked_about(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    await commune.says("/toi")
    assert "chưa ai nhận" in text_of(await commune.says("ok"))
    assert await acknowledged(town) == []
    await commune.presses("Cháy")
    assert await acknowledged(town) == ["chay"]
    assert "cảm ơn" in text_of(await commune.says("/menu") and await commune.says("ok"))


async def test_the_first_of_two_officers_leaves_the_words_of_the_other_a_way(
    town: Town, head: Phone, commune: Phone
) -> None:
    other = await other_officer(town)
    await raises(town, head, "Cháy", commune, other)
    await arrives(town)
    await says(town, other, "cho người lên ngay", head)
    told = await presses(town, commune, "Đã nhận tin", head, other)
    assert "«cho người lên ngay» của anh/chị máy chưa chuyển" in told["xa2"]
    told = await presses(town, other, "Đã nhận tin", head)
    assert "đã có người xác nhận" in told["xa2"]
    assert "cho người lên ngay" in told["thon"]
    assert "có mấy nhà" in (await says(town, other, "có mấy nhà bị cháy thế bác", head))["thon"]


@pytest.mark.parametrize("words", ["noi voi ba con binh tinh", "bao nhieu nguoi bi thuong"])
async def test_hours_after_the_receipt_words_are_asked_about(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await commune.presses("Đã nhận tin")
    assert "xe đang lên" in (await says(town, commune, "xe đang lên", head))["thon"]
    town.later(hours=30)
    told = await says(town, commune, words, head)
    assert ("Máy chưa chuyển" in told["xa"], told["thon"]) == (True, "")
    assert labels(commune.shown[-1:]) == ["Chuyển cho người báo", "Hỏi số liệu", "Không gửi câu này"]
    assert "Máy chưa chuyển" in text_of(await commune.says("cảm ơn"))
    assert "Máy chưa chuyển" in text_of(await commune.says("ok")), "no thanks while words wait"
    assert words in (await presses(town, commune, "Chuyển cho người báo", head))["thon"]


async def test_a_clear_question_is_answered_whatever_is_open(town: Town, head: Phone, commune: Phone) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    for words in ("số hộ nghèo", "thôn nào chưa báo cáo nước"):
        assert "chưa chuyển" not in text_of(await commune.says(words))
    await commune.says("bao nhieu nguoi bi thuong")
    assert "chưa chuyển" not in text_of(await commune.presses("Hỏi số liệu"))
    assert (await presses(town, commune, "Đã nhận tin", head))["thon"].count("trả lời") == 0


@pytest.mark.parametrize("way", ["list", "alert", "words", "number"])
async def test_held_words_go_on_by_whatever_way_it_is_taken_up(
    town: Town, head: Phone, commune: Phone, way: str
) -> None:
    if way == "number":
        town.channel.can = replace(town.channel.can, buttons=False)
    await raises(town, head, "Sạt lở", commune)
    await arrives(town)
    await says(town, commune, "anh em đang lên rồi", head)
    await says(town, commune, "goi doi cuu ho den ngay", head)
    await arrives(town)
    match way:
        case "list":
            await commune.says("khẩn cấp đang mở")
            await commune.presses("Sạt lở đất, thôn")
            told = await presses(town, commune, "Đã nhận tin", head)
        case "alert":
            await commune.says("/menu")
            [row] = await town.rows(Emergency)
            told = await goes(town, commune, head, kind=MessageKind.PRESS, press=f"z:a:{row.id}")
        case "words":
            await commune.says("/menu")
            told = await says(town, commune, "đã nhận tin", head)
        case "number":
            told = await says(town, commune, "1", head)
    assert "anh em đang lên rồi; goi doi cuu ho den ngay" in told["thon"]


async def test_of_several_words_go_to_the_one_that_is_named_or_chosen(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await raises(town, head, "Sạt lở", commune)
    await arrives(town)
    told = await says(town, commune, "goi doi den ngay cuu voi", head)
    assert ("máy chưa chuyển cho ai" in told["xa"], told["thon"]) == (True, "")
    assert {"🆘 Khẩn cấp"} < set(labels(commune.shown[-1:]))
    await says(town, commune, "xe chữa cháy đang xuất phát", head)
    told = await presses(town, commune, "Cháy, thôn", head)
    assert "goi doi den ngay cuu voi; xe chữa cháy đang xuất phát" in told["thon"]
    assert await acknowledged(town) == ["chay"]
    told = await says(town, commune, "máy xúc lên chỗ sạt", head)
    assert ("chưa chuyển cho ai" in told["xa"], told["thon"]) == (True, "")


@pytest.mark.parametrize("words", ["da nghe", "nghe roi", "rõ"])
async def test_a_receipt_of_what_another_officer_has_is_a_courtesy(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    """«Đã nghe» asks for no training in a trade, «nghề»."""
    other = await other_officer(town)
    await raises(town, head, "Cháy", commune)
    await commune.presses("Đã nhận tin")
    assert "máy cảm ơn" in text_of(await other.says(words))


@pytest.mark.parametrize("words", ["nuoc rut chua", "nước rút rồi, dân về được chưa", "con ai mat tich"])
async def test_words_after_which_one_is_meant_are_held_beside_the_others(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raises(town, head, "Cháy", commune)
    town.later(minutes=1)
    await raises(town, head, "Lũ quét", commune)
    await arrives(town)
    town.later(hours=1.5)
    await says(town, commune, "xuong cuu ho dang toi", head)
    town.later(hours=3)
    told = await says(town, commune, words, head)
    assert f"xuong cuu ho dang toi; {words}" in told["xa"]
    told = await goes(
        town, commune, head, kind=MessageKind.PRESS, press=commune.button("Lũ quét"),
    )  # fmt: skip
    assert "xuong cuu ho dang toi" in told["thon"]
    assert words in told["thon"]


@pytest.mark.parametrize(
    "ways",
    [("đã nhận tin", "cháy"), ("khép tin", "cháy"), ("khẩn cấp đang mở", "[Cháy, thôn", "[Đã nhận tin")],
)
@pytest.mark.parametrize("words", ["con nguoi trong nha do", "dang cho xe cuu hoa"])
async def test_words_after_which_one_is_to_be_closed_go_on_by_whatever_way(
    town: Town, head: Phone, commune: Phone, words: str, ways: tuple[str, ...]
) -> None:
    await raises(town, head, "Cháy", commune)
    await raises(town, head, "Lũ quét", commune)
    await arrives(town)
    await commune.says("khép tin")
    told = await says(town, commune, words, head)
    assert (f"«{words}» máy chưa chuyển cho ai" in told["xa"], told["thon"]) == (True, "")
    assert "Không gửi câu này" in labels(commune.shown[-1:])
    for way in ways:
        told = await (
            presses(town, commune, way[1:], head) if way[0] == "[" else says(town, commune, way, head)
        )
    assert f"tin Cháy (báo lúc 08:00 20/11/2026) của bác: {words}" in told["thon"]
    assert [row.closed_at for row in await town.rows(Emergency)] == [None, None]


@pytest.mark.parametrize(
    ("words", "closes"), [("da dap tat het, moi nguoi an toan", True), ("lửa đã yếu hơn", False)]
)
async def test_closing_on_the_card_of_one_of_several_takes_the_words_that_are_held(
    town: Town, head: Phone, commune: Phone, words: str, closes: bool
) -> None:
    await raises(town, head, "Cháy", commune)
    await raises(town, head, "Lũ quét", commune)
    await arrives(town)
    await commune.says("khẩn cấp đang mở")
    await commune.presses("Cháy, thôn")
    await commune.says(words)
    told = await presses(town, commune, "Khép tin", head)
    if not closes:
        assert (f"Câu «{words}» của anh/chị máy chưa chuyển" in told["xa"], told["thon"]) == (True, "")
        told = await presses(town, commune, "Khép tin với câu này", head)
    assert words in told["thon"]
    assert "đã nhận tin" not in told["thon"]
    assert [row.kind for row in await town.rows(Emergency) if row.closed_at is None] == ["lu-quet"]


async def test_a_receipt_pressed_while_one_is_to_be_closed_is_a_receipt(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await raises(town, head, "Lũ quét", commune)
    [fire, _] = await town.rows(Emergency)
    await commune.says("khép tin")
    told = await goes(town, commune, head, kind=MessageKind.PRESS, press=f"z:a:{fire.id}")
    assert "đã nhận tin khẩn cấp Cháy" in told["thon"]
    assert await acknowledged(town) == ["chay"]


async def test_an_alert_that_came_since_asks_whom_the_next_words_are_for(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Sạt lở", commune)
    await commune.presses("Đã nhận tin")
    town.later(minutes=1)
    await raises(town, head, "Cháy", commune)
    told = await says(town, commune, "xe đang xuất phát", head)
    assert ("chưa chuyển" in told["xa"], told["thon"]) == (True, "")
    told = await presses(town, commune, "Sạt lở đất, thôn", head)
    assert "tin Sạt lở đất (báo lúc 08:00 20/11/2026) của bác: xe đang xuất phát" in told["thon"]


async def test_what_is_closed_first_says_which_words_went_to_nobody(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    await commune.says("cần mấy xe nước")
    await head.says("khép tin")
    told = await says(town, head, "đã dập xong, mọi người an toàn", commune)
    assert "«cần mấy xe nước»: câu ấy chưa chuyển cho ai" in told["xa"]
    assert "chưa chuyển" not in text_of(await commune.says("xe dang len"))
    await raises(town, head, "Sạt lở", commune)
    await arrives(town)
    await commune.says("may xuc dang len")
    await commune.says("khép tin")
    told = await says(town, commune, "đã thông đường, mọi người an toàn", head)
    assert "«may xuc dang len»: câu ấy chưa chuyển" in told["xa"]


async def test_what_was_not_meant_for_the_village_is_dropped(town: Town, head: Phone, commune: Phone) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    await commune.says("xe dang len")
    await commune.says("họp 8 giờ mai")
    said = text_of(await commune.presses("Không gửi câu này"))
    assert ("đã bỏ câu «họp 8 giờ mai»" in said, "«xe dang len» máy chưa chuyển" in said) == (True, True)
    told = await says(town, commune, "đã nhận", head)
    assert "xe dang len" in told["thon"]
    assert "họp 8 giờ" not in told["thon"]
    assert "không còn dùng được" in text_of(await commune.presses_data("z:l"))


async def test_what_may_be_other_business_is_asked_about_one_sentence_at_a_time(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    for words in ("xe dang len", "chiều nay cắt điện", "trâu nhà Páo bán chưa"):
        said = text_of(await commune.says(words))
    assert "Riêng «trâu nhà Páo bán chưa»" in said
    assert "Còn «chiều nay cắt điện» máy hỏi" in said
    told = await presses(town, commune, "Chuyển cho người báo", head)
    assert ("trâu nhà" in told["thon"], "cắt điện" in told["thon"]) == (True, False), told
    assert "xe dang len; trâu" not in told["thon"]
    assert "Câu «chiều nay cắt điện» của anh/chị máy chưa chuyển" in told["xa"]
    await commune.presses("Không gửi câu này")
    assert await held(town) == []


async def test_of_several_what_may_be_other_business_is_not_joined_with_words_for_them(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await raises(town, head, "Sạt lở", commune)
    await arrives(town)
    await commune.says("xe dang len")
    said = text_of(await commune.says("chiều nay cắt điện"))
    assert ("«xe dang len» máy chưa chuyển" in said, "Còn «chiều nay cắt điện»" in said) == (True, True), said
    told = await presses(town, commune, "Cháy, thôn", head)
    assert ("xe dang len" in told["thon"], "cắt điện" in told["thon"]) == (True, False)


async def test_once_all_words_are_dropped_none_of_several_is_asked_for(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await raises(town, head, "Sạt lở", commune)
    await arrives(town)
    await commune.says("họp 8 giờ mai")
    await commune.presses("Không gửi câu này")
    await commune.says("cháy")
    assert await acknowledged(town) == []


async def test_words_for_what_is_over_take_no_room(town: Town, head: Phone, commune: Phone) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    for number in range(held_words.MOST):
        await commune.says(f"cần mấy xe nước, lần {number} rồi đấy")
    assert "không giữ câu vừa rồi" in text_of(await commune.says("xe dang len"))
    await head.says("khép tin")
    await head.says("đã dập xong, mọi người an toàn")
    await raises(town, head, "Sạt lở", commune)
    await arrives(town)
    said = text_of(await commune.says("may xuc dang len"))
    assert "không giữ" not in said
    assert "«may xuc dang len»" in said


async def test_in_english_words_are_held_and_taken_up_alike(town: Town, head: Phone, commune: Phone) -> None:
    await commune.says("/ngonngu")
    await commune.presses("English")
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    town.later(hours=2)
    for words in ("is anyone hurt", "do they need a fire engine"):
        assert "has not been sent" in text_of(await commune.says(words))
    assert (
        "is anyone hurt; do they need a fire engine" in (await says(town, commune, "received", head))["thon"]
    )


async def test_long_after_the_closing_sentence_was_asked_for_words_are_kept_or_asked_about(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    await commune.says("khép tin")
    await head.says("khép tin")
    town.later(hours=1.5)
    told = await says(town, commune, "con nguoi trong nha do", head)
    assert ("«con nguoi trong nha do»" in told["xa"], told["thon"]) == (True, "")
    assert "là tin thêm về Cháy" in text_of(await head.says("con 2 ba chau chua ra duoc"))
    told = await presses(town, head, "Đúng, chuyển ngay", commune)
    assert "tin thêm từ thôn Nà Hin: con 2 ba chau chua ra duoc" in told["xa"]


async def newcomer(town: Town) -> Phone:
    """The phone of an officer who joined just now and is asked for a name."""
    phone = town.phone("moi")
    await phone.says(await town.invite("Vĩnh Thông", RoleName.COMMUNE_OFFICER))
    await phone.presses("Đồng ý")
    return phone


@pytest.mark.parametrize("ways", [("[Đã nhận tin",), ("khẩn cấp đang mở", "[Cháy, thôn", "[Đã nhận tin")])
async def test_words_for_an_emergency_are_no_newcomers_name(
    town: Town, head: Phone, ways: tuple[str, ...]
) -> None:
    await raises(town, head, "Cháy")
    new = await newcomer(town)
    await arrives(town)
    said = text_of(await new.says("dang di toi do, co ai biet boi khong"))
    assert ("chưa chuyển cho ai" in said, "Tên anh/chị là" in said) == (True, False)
    said = text_of(await new.says("ai con o tren mai nha"))
    assert "dang di toi do, co ai biet boi khong; ai con o tren mai nha" in said
    for way in ways:
        told = await (presses(town, new, way[1:], head) if way[0] == "[" else says(town, new, way, head))
    assert "dang di toi do, co ai biet boi khong; ai con o tren mai nha" in told["thon"]


async def test_a_newcomers_name_is_taken_whatever_is_open(town: Town, head: Phone) -> None:
    await raises(town, head, "Cháy")
    new = await newcomer(town)
    await arrives(town)
    await new.says("tại đây ạ")
    assert "Tên anh/chị là" in text_of(await new.presses("Là câu trả lời"))
    assert "Nông Văn Tài" in text_of(await new.says("Nông Văn Tài"))
    assert "chưa chuyển" not in text_of(await new.says("đã nhận tin"))


async def test_words_for_an_emergency_are_no_corrected_name_either(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    await commune.says("/toi")
    await commune.presses("Sửa tên")
    told = await says(town, commune, "con nguoi trong nha do", head)
    assert ("chưa chuyển cho ai" in told["xa"], told["thon"]) == (True, "")
    assert "con nguoi trong nha do" in (await presses(town, commune, "Đã nhận tin", head))["thon"]


@pytest.mark.parametrize("several", [False, True])
async def test_words_under_an_alert_are_no_answer_to_what_was_asked_before_it(
    town: Town, head: Phone, commune: Phone, several: bool
) -> None:
    await commune.says("/toi")
    await commune.presses("Sửa tên")
    await raises(town, head, "Cháy", commune)
    if several:
        await raises(town, head, "Sạt lở", commune)
    await arrives(town)
    told = await says(town, commune, "xe dang len roi nhe", head)
    assert ("chưa chuyển cho ai" in told["xa"], told["thon"]) == (True, "")
    assert "Tên anh/chị là" in text_of(await commune.presses("Là câu trả lời"))
    await commune.says("Nông Văn Bảo")
    assert "Nông Văn Bảo" in text_of(await commune.says("/toi"))


@pytest.mark.parametrize(
    "words",
    [
        "so dien thoai truong thon",
        "số điện thoại trưởng thôn Nà Hin",
        "danh bạ",
        "gọi ai",
        "ai báo tin này",
        "ai da nhan tin",
        "tin nay da len huyen chua",
        "huyen biet chua",
        "xa da nhan chua",
        "xem",
        "xem lai",
        "ban do",
        "tin vừa rồi là gì",
        "co tin khan cap nao o xa vinh thong khong",
    ],
)
async def test_what_is_asked_of_the_bot_about_an_alert_shows_it_and_goes_to_nobody(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    told = await says(town, commune, words, head)
    assert ("Chưa ai nhận" in told["xa"], told["thon"]) == (True, ""), told
    assert words not in (await presses(town, commune, "Đã nhận tin", head))["thon"]


@pytest.mark.parametrize(
    "words", ["ở chỗ nào", "có ảnh không bác", "con ai mac ket khong", "xem lai bao cao"]
)
async def test_what_may_be_asked_of_the_village_is_still_held(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    assert "chưa chuyển cho ai" in (await says(town, commune, words))["xa"]


async def test_whoever_may_raise_none_is_led_to_those_that_are_open(town: Town, head: Phone) -> None:
    province = await town.enrolled("tinh", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Lý Thị Dung")
    assert not any("Khẩn cấp đang mở" in label for label in labels(await province.says("tin khẩn cấp")))
    await raises(town, head, "Cháy")
    assert any("Khẩn cấp đang mở" in label for label in labels(await province.says("tin khẩn cấp")))


async def test_a_bare_number_is_no_answer_where_buttons_are_typed_as_numbers(
    town: Town, head: Phone, commune: Phone
) -> None:
    town.channel.can = replace(town.channel.can, buttons=False)
    await raises(town, head, "Cháy", commune)
    await says(town, commune, "đã nhận", head)
    told = await says(town, commune, "7", head)
    assert ("Số «7» máy chưa chuyển" in told["xa"], told["thon"]) == (True, "")
    assert "7 người" in (await says(town, commune, "7 người lên rồi", head))["thon"]


async def test_whoever_raised_it_and_asks_for_somebody_reads_who_has_it(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    assert "Chưa ai nhận, đã báo tới cán bộ xã" in (await says(town, head, "alo co ai khong"))["thon"]
    await presses(town, commune, "Đã nhận tin", head)
    assert "Đã nhận lúc" in (await says(town, head, "huyen biet chua"))["thon"]


async def test_an_officer_who_ends_something_where_nothing_is_open_asks_for_no_figure(commune: Phone) -> None:
    for words in ("xong", "bo qua", "thôi"):
        assert "muốn làm gì" in text_of(await commune.says(words)), words


async def test_words_under_an_alert_are_no_more_of_what_its_reader_was_asked_about(
    town: Town, head: Phone, commune: Phone
) -> None:
    assert "báo tin khẩn cấp phải không" in text_of(await commune.says("nguoi bi thuong dua len tram xa"))
    await raises(town, head, "Cháy", commune)
    await arrives(town)
    said = (await says(town, commune, "xe dang len", head))["xa"]
    assert ("«xe dang len» máy chưa chuyển cho ai" in said, "máy chưa báo đi" in said) == (True, True), said
    told = await says(town, commune, "đã nhận tin", head)
    assert ("xe dang len" in told["thon"], "nguoi bi thuong" in told["thon"]) == (True, False)


@pytest.mark.parametrize("words", ["sua chu", "them la khong nop thi phe binh", "sua lai la 9 gio"])
async def test_words_at_the_preview_of_an_announcement_are_for_it(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await raises(town, head, "Cháy", commune)
    await presses(town, commune, "Đã nhận tin", head)
    await commune.says("xong")
    await commune.says("gui thong bao nop bao cao nuoc truoc thu 6")
    await commune.presses("Mọi trưởng thôn")
    assert "Gửi ngay" in labels(commune.shown[-1:])
    told = await says(town, commune, words, head)
    assert (words in told["thon"], await held(town)) == (False, []), told
    assert "Gửi ngay" in labels(commune.shown[-1:])


async def test_what_may_be_other_business_is_offered_as_no_closing_sentence(
    town: Town, head: Phone, commune: Phone
) -> None:
    await raises(town, head, "Cháy", commune)
    await presses(town, commune, "Đã nhận tin", head)
    await commune.says("hop giao ban thu 2")
    await commune.says("khep tin")
    assert "hop giao ban thu 2" in text_of(commune.shown[-1:])
    assert "Khép tin với câu này" not in labels(commune.shown[-1:])


OWN_CRIES = [
    "lũ quét vào trường cấp 2, nhiều cháu mất tích", "xa dang bi ngap, uy ban cung ngap", "cháy chợ xã rồi",
    "sập cầu treo ở trung tâm xã, 5 người rơi xuống sông", "o ubnd xa co nguoi bi dien giat nam bat dong",
    "cho xa bi sap, 4 nguoi mac ket trong cho",
]  # fmt: skip
"""Dangers that officers tell of beside an emergency that is open."""


@pytest.mark.parametrize("beside", [False, True])
async def test_a_danger_of_an_officers_own_is_no_answer_to_another_emergency(
    town: Town, head: Phone, commune: Phone, beside: bool
) -> None:
    await raises(town, head, "Cháy", commune)
    await says(town, commune, "đã nhận tin", head)
    if beside:
        await raises(town, head, "Sạt lở đất", commune)
    for words in OWN_CRIES:
        told = await says(town, commune, words, head)
        assert told["thon"] == "", words
        assert "báo tin khẩn cấp phải không" in told["xa"], words
        told = await presses(town, commune, "Không phải tin khẩn cấp", head)
        assert (told["thon"], f"«{words}»" in told["xa"]) == ("", True), words
        if beside:
            assert (await presses(town, commune, "Cháy", head))["thon"] == "", words
        told = await presses(town, commune, "Chuyển cho người báo", head)
        assert words in told["thon"], words
    await says(town, commune, OWN_CRIES[0], head)
    told = await presses(town, commune, "Đúng, báo ngay", head)
    assert told["thon"] == ""
    assert "lu-quet" in [row.kind for row in await town.rows(Emergency)]
