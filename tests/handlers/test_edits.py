"""Edited messages: a danger told by editing is heard as in a new message, once, and no edit becomes an answer."""

import pytest

from handlers.messages import MessageKind
from storage.tables import Emergency
from tests.handlers.beginnings import Beginnings, commune_officer, village_head
from tests.handlers.chatting import Phone, Town, labels, text_of
from tests.handlers.test_fill_in import begin, row_of, values

BEGINNINGS = Beginnings("edits", head=village_head, commune=commune_officer)
pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


async def edits(phone: Phone, text: str) -> str:
    return text_of(await phone.sends(MessageKind.EDITED, text=text, message_ref="m7"))


async def told(town: Town) -> list[str]:
    return [str(one["text"]) for row in await town.rows(Emergency) for one in row.details]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("chat nha ong Lu", "chay nha ong Lu"),
        ("hom nay mua to qua", "hom nay mua to qua, sat lo vui 2 nguoi roi"),
        ("ok", "cháy nhà bà Lả, cứu với"),
        ("giup toi", "giup toi voi co nguoi duoi nuoc"),
        ("5", "lũ về ngập hết nhà rồi"),
        ("báo cáo", "cháy rừng sát nhà dân rồi"),
        ("sạt lở taluy xóm dưới", "sạt lở taluy xóm dưới, vùi 3 người"),
    ],
)
async def test_a_cry_in_an_edited_message_is_sent_with_its_words_once(
    town: Town, head: Phone, commune: Phone, before: str, after: str
) -> None:
    await head.says(before)
    for _ in range(2):
        assert "báo tin khẩn cấp phải không" in await edits(head, after)
    assert await town.rows(Emergency) == []
    await head.presses("Đúng, báo ngay")
    assert await told(town) == [after]


async def test_a_cry_in_an_edited_answer_is_asked_about_and_the_form_stays(
    town: Town, head: Phone, commune: Phone
) -> None:
    await begin(head)
    await head.sends(MessageKind.TEXT, text="120", message_ref="m7")
    assert "báo tin khẩn cấp phải không" in await edits(head, "30 nhà bị lũ cuốn mất rồi")
    assert "Câu 2/" in text_of(await head.presses("Không phải"))
    await edits(head, "lũ cuốn mất nhà ông Páo rồi cứu với")
    await edits(head, "lũ cuốn mất nhà ông Páo rồi, mất tích 2 người")
    await head.presses("Đúng, báo ngay")
    assert (await told(town))[0].endswith("mất tích 2 người")
    assert "không làm đổi câu trả lời" in await edits(head, "121")
    assert values(await row_of(town)) == {"nuoc_ho": "120"}


async def test_edited_words_about_an_open_emergency_are_passed_on_once(
    town: Town, head: Phone, commune: Phone
) -> None:
    await head.says("lũ cuốn cầu treo rồi")
    await head.presses("Đúng, báo ngay")
    await head.says("2 nguoi mat tich o suoi Nam")
    for _ in range(2):
        assert "huyển" in await edits(head, "3 nguoi mat tich o suoi Nam, khong phai 2")
    assert (await told(town))[1:] == [
        "2 nguoi mat tich o suoi Nam",
        "3 nguoi mat tich o suoi Nam, khong phai 2",
    ]


async def test_an_edit_to_the_command_shows_the_kinds(town: Town, head: Phone) -> None:
    assert "việc gì đang xảy ra" in await edits(head, "/khancap")


async def test_an_edited_sentence_that_nobody_understands_can_be_sent_as_a_cry(
    town: Town, head: Phone
) -> None:
    said = await head.sends(MessageKind.EDITED, text="ông Lử gọi mãi chẳng thấy", message_ref="m7")
    assert "Báo ngay lời này" in " ".join(labels(said))
