"""An officer answers an emergency in words, and can call who raised it."""

import pytest

from handlers.messages import MessageKind, SharedContact
from storage.tables import Emergency, Person, RoleName
from tests.handlers.beginnings import HEAD_AND_COMMUNE
from tests.handlers.chatting import Phone, Town, arrives, labels, text_of

BEGINNINGS = HEAD_AND_COMMUNE


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def told(town: Town, sender: Phone, text: str, *phones: Phone) -> dict[str, str]:
    """What `phones` were told when `sender` wrote `text`."""
    await town.dispatch.handle(sender.incoming(MessageKind.TEXT, text=text), town.channel)
    heard = await town.heard()
    for phone in phones:
        phone.shown += [reply for address, reply in heard if address == phone.address]
    return {
        phone.address: text_of([reply for address, reply in heard if address == phone.address])
        for phone in phones
    }


async def test_words_of_an_officer_who_has_it_reach_the_head(town: Town, head: Phone, commune: Phone) -> None:
    await head.says("sạt lở rồi cán bộ ơi")
    alert = await told(town, head, "vâng", head, commune)
    assert "sạt lở rồi cán bộ ơi" in alert["xa"]
    assert "Người báo: Lý A Sử." in alert["xa"]
    await commune.presses("Đã nhận tin")
    await town.heard()
    answer = await told(town, commune, "15 phút nữa tôi lên", head, commune)
    assert "15 phút nữa tôi lên" in answer["thon"]
    assert "chuyển câu trả lời" in answer["xa"]
    assert "có 3 nhà" in (await told(town, head, "vâng, có 3 nhà", commune))["xa"]
    assert (await told(town, commune, "số hộ nghèo", head))["thon"] == ""
    assert "gọi 114 rồi" in (await told(town, commune, "gọi 114 rồi", head))["thon"]
    [row] = await town.rows(Emergency)
    assert [detail["what"] for detail in row.details] == ["words", "answer", "words", "answer"]


async def test_nobody_else_answers_an_emergency(town: Town, head: Phone, commune: Phone) -> None:
    other = await town.enrolled("khac", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Vi Văn Bình")
    await head.says("sạt lở rồi cán bộ ơi")
    await told(town, head, "vâng", head, commune)
    await other.presses_data(commune.button("Đã nhận tin"))
    assert (await told(town, other, "15 phút nữa tôi lên", head))["thon"] == ""


async def test_who_gave_a_number_can_be_called(town: Town, head: Phone, commune: Phone) -> None:
    await head.says("/toi")
    await head.presses("Số điện thoại để gọi")
    assert "chưa đúng" in text_of(await head.says("12"))
    assert "0912345678" in text_of(await head.says("0912 345 678"))
    await head.says("lũ về rồi")
    alert = await told(town, head, "đúng", head, commune)
    assert "Người báo: Lý A Sử, gọi 0912345678." in alert["xa"]
    assert "số gọi lại của thôn Nà Hin: 0987654321" in (await told(town, head, "0987654321", commune))["xa"]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_card_where_the_number_is_asked_for_gives_it(town: Town, head: Phone) -> None:
    await head.says("/toi")
    await head.presses("Số điện thoại để gọi")
    assert "0912345678" in text_of(await head.shares("+84912345678", own=False))
    assert [person.phone for person in await town.rows(Person)] == ["84912345678"]


async def test_a_number_is_taken_back_and_forgotten_by_who_leaves(town: Town, head: Phone) -> None:
    for gives in ("0912345678", "0912345679"):
        await head.says("/toi")
        await head.presses("Số điện thoại để gọi")
        await head.says(gives)
    await head.says("/toi")
    assert "0912345679" in text_of(await head.presses("Số điện thoại để gọi"))
    await head.presses("Bỏ số này")
    assert [person.phone for person in await town.rows(Person)] == [""]


async def test_a_voice_note_is_told_of_and_a_contact_card_passed_on(
    town: Town, head: Phone, commune: Phone
) -> None:
    await head.says("lũ về rồi")
    await told(town, head, "đúng", head, commune)
    for kind, facts, heard_of in (
        (MessageKind.OTHER, {"what": "voice"}, "Xin gọi lại ngay"),
        (MessageKind.CONTACT, {"contact": SharedContact("84912345678", own=True)}, "84912345678"),
    ):
        await town.dispatch.handle(head.incoming(kind, **facts), town.channel)
        heard = await town.heard()
        assert heard_of in text_of([reply for address, reply in heard if address == "xa"])
        assert any(address == "thon" for address, _ in heard)


async def test_an_officer_who_raised_one_is_spoken_to_as_an_officer(town: Town, commune: Phone) -> None:
    other = await town.enrolled("xa2", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Lường Thị Pảo")
    await commune.says("/khancap")
    raised = text_of(await commune.presses("Sạt lở"))
    await town.dispatch.handle(
        other.incoming(MessageKind.PRESS, press=taken_up(await town.rows(Emergency))), town.channel
    )
    heard = text_of([reply for address, reply in await town.heard() if address == commune.address])
    answer = (await told(town, other, "tôi lên ngay", commune))["xa"]
    for said in (raised, heard, answer):
        assert "bác" not in said
    assert "của anh/chị" in heard
    assert "của anh/chị" in answer


def taken_up(rows: list[Emergency]) -> str:
    """The button with which an officer takes up the only emergency."""
    [row] = rows
    return f"z:a:{row.id}"


async def test_a_number_under_an_officers_question_answers_no_questionnaire(
    town: Town, head: Phone, commune: Phone
) -> None:
    await head.says("sạt lở rồi cán bộ ơi")
    await told(town, head, "vâng", head, commune)
    await commune.presses("Đã nhận tin")
    await head.says("làm phiếu nhà ở")
    await told(town, commune, "mấy người bị kẹt?", head)
    await arrives(town)
    said = await head.says("2")
    assert "Chưa ghi «2»" in text_of(said)
    assert {"Câu 1 là 2 hộ", "Tin vừa nhận: Trả lời cán bộ"} < set(labels(said))
    await head.presses("Tin vừa nhận: Trả lời cán bộ")
    assert "2 người" in (await told(town, head, "2 người", commune))["xa"]


@pytest.mark.parametrize("words", ["nhanh lên", "lẹ lên", "chờ mãi"])
async def test_a_few_words_under_an_officers_answer_are_offered_to_be_passed_on(
    town: Town, head: Phone, commune: Phone, words: str
) -> None:
    await head.says("sạt lở rồi cán bộ ơi")
    await told(town, head, "vâng", head, commune)
    await head.presses("Xong")
    await commune.presses("Đã nhận tin")
    await town.heard()
    await told(town, commune, "đang đến, chờ 20 phút", head)
    assert f"«{words}»" in text_of(await head.says(words))
    await head.presses("Đúng, chuyển ngay")
    [row] = await town.rows(Emergency)
    assert (row.details[-1]["what"], row.details[-1]["text"]) == ("words", words)


async def test_a_few_words_under_the_receipt_of_an_emergency_are_offered_to_be_passed_on(
    town: Town, head: Phone
) -> None:
    await head.says("sạt lở rồi cán bộ ơi")
    await head.says("vâng")
    await head.presses("Xong")
    assert "«nhanh lên»" in text_of(await head.says("nhanh lên"))
    assert "Đúng, chuyển ngay" in labels([head.shown[-1]])[0]


@pytest.mark.parametrize("words", ["2 người", "hai cháu", "2 nguoi"])
async def test_people_counted_where_a_question_counts_something_else_are_offered_to_be_passed_on(
    town: Town, head: Phone, words: str
) -> None:
    await head.says("nước")
    await head.says("khẩn cấp")
    await head.presses("Cháy")
    await head.says("tiếp tục")
    assert f"«{words}»" in text_of(await head.says(words))
    await head.presses("Đúng, chuyển ngay")
    [row] = await town.rows(Emergency)
    assert row.details[-1]["text"] == words


async def test_an_answer_in_its_own_unit_is_no_news_of_an_emergency(town: Town, head: Phone) -> None:
    await head.says("nước")
    await head.says("khẩn cấp")
    await head.presses("Cháy")
    await head.says("tiếp tục")
    assert "Đúng, chuyển ngay" not in str(await head.says("9 hộ"))
