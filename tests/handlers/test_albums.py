"""Several pictures sent at once are answered once, and the words under them are not lost."""

from datetime import timedelta

import pytest

from handlers import albums, photo_limits
from handlers.messages import FileRef, MessageKind, Reply
from storage.tables import Attachment, Emergency, RoleName
from tests.handlers.chatting import Phone, Town, begin_interview, labels, text_of


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def head(town: Town) -> Phone:
    return await town.head("a")


async def album(phone: Phone, *captions: str, mark: str = "99") -> list[list[Reply]]:
    """What is replied to each of several pictures sent at once."""
    return [
        await phone.sends(MessageKind.PHOTO, photo=FileRef(f"p{number}"), text=text, album=mark)
        for number, text in enumerate(captions)
    ]


@pytest.mark.parametrize("captions", [("4", "", ""), ("4", "4", ""), ("4",)])
async def test_at_a_question_for_a_number(town: Town, head: Phone, captions: tuple[str, ...]) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    first, *others = await album(head, *captions)
    said = text_of(first)
    assert "không cần ảnh" in said
    assert "«4»" in said
    assert "Câu 1/7" in said
    assert "4 hộ" in labels(first)
    assert others == [[]] * (len(captions) - 1)
    assert "Ghi nhận: 4 hộ" in text_of(await head.presses("4 hộ"))


async def test_words_that_are_no_answer_are_said_back_too(town: Town, head: Phone) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    first, _ = await album(head, "bể nước <b>thôn</b>", "")
    assert "«bể nước <b>thôn</b>»" in str(first[0].text.unescape())
    assert "Câu 1/7" in text_of(first)
    [late] = await album(head, "12", mark="100")
    assert "12 hộ" in labels(late)


async def test_words_under_a_later_picture_stand_in_the_one_answer(town: Town, head: Phone) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    first, second, third = await album(head, "", "4", "4")
    assert "Câu 1/7" in text_of(first)
    [instead] = second
    assert instead.edits_slot == instead.slot == first[-1].slot != ""
    assert "«4»" in text_of(second)
    assert "Câu 1/7" in text_of(second)
    assert third == []
    assert "Ghi nhận: 4 hộ" in text_of(await head.presses("4 hộ"))


async def test_words_under_a_later_picture_while_nothing_is_under_way(town: Town, head: Phone) -> None:
    first, second, third = await album(head, "", "nước suối đục", "")
    assert second[-1].edits_slot == first[-1].slot == albums.SLOT
    assert len(first) == len(second) == 1
    assert third == []


async def test_words_under_a_later_picture_of_which_one_is_kept_are_said_back(town: Town) -> None:
    officer = await at_a_photo(town)
    first, second = await album(officer, "", "ngầm cũ")
    assert "giữ một ảnh" in text_of(first)
    assert "«ngầm cũ»" in text_of(second)
    assert second[0].edits_slot == ""


async def test_single_pictures_in_a_row_are_answered_once(town: Town, head: Phone) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    answers = [await head.sends(MessageKind.PHOTO, photo=FileRef(f"p{number}")) for number in range(4)]
    assert "không cần ảnh" in text_of(answers[0])
    assert answers[1:] == [[], [], []]
    with_words = await head.sends(MessageKind.PHOTO, photo=FileRef("p"), text="98")
    assert "98 hộ" in labels(with_words)
    town.now += albums.IN_A_ROW + timedelta(seconds=1)
    assert "không cần ảnh" in text_of(await head.sends(MessageKind.PHOTO, photo=FileRef("p")))
    await head.says("xyz")
    assert "không cần ảnh" in text_of(await head.sends(MessageKind.PHOTO, photo=FileRef("p")))


async def at_a_photo(town: Town) -> Phone:
    """An officer whose open question asks for a photo."""
    officer = await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    await officer.says("báo cáo")
    await officer.presses("Xem cả")
    await officer.presses("Làm: Công trình")
    for answer in ("1", "Ngầm Nà Hin", "1", "1"):
        await officer.says(answer)
    return officer


async def test_at_a_question_for_a_photo_one_is_kept_and_the_others_are_spoken_of(town: Town) -> None:
    officer = await at_a_photo(town)
    first, *others = await album(officer, "", "", "")
    assert "giữ một ảnh" in text_of(first)
    assert "Vị trí công trình" in text_of(first)
    assert others == [[], []]
    assert [row.file_ref for row in await town.rows(Attachment)] == ["p0"]


async def test_nothing_under_way(town: Town, head: Phone) -> None:
    first, *others = await album(head, "", "", "")
    assert len(first) == 1
    assert others == [[], []]
    stranger = town.phone("b")
    assert [len(each) for each in await album(stranger, "", "", "")] == [1, 0, 0]
    assert [len(each) for each in await album(head, "", "", mark="another")] == [1, 0]
    assert len(await head.sends(MessageKind.PHOTO, photo=FileRef("p"))) == 1


async def test_in_an_emergency_each_is_kept(town: Town, head: Phone) -> None:
    await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    await head.says("/khancap")
    await head.presses("Sạt lở")
    count = photo_limits.AN_EMERGENCY + 2
    answers = await album(head, "2 người bị kẹt", *[""] * (count - 1))
    assert "Đã nhận ảnh" in text_of(answers[0])
    assert len(await town.rows(Attachment)) == photo_limits.AN_EMERGENCY
    heard = [number for number, each in enumerate(answers) if each]
    assert heard == [0, photo_limits.AN_EMERGENCY]
    [row] = await town.rows(Emergency)
    assert [each["text"] for each in row.details if each["what"] == "words"] == ["2 người bị kẹt"]


async def test_of_very_many_words_in_an_emergency_the_sender_learns_how_far_they_got(
    town: Town, head: Phone
) -> None:
    await head.says("/khancap")
    await head.presses("Sạt lở")
    said = text_of(await head.says("nước dâng " * 80))
    assert "500" in said
    assert "gửi thêm" in said


async def test_what_a_photos_words_may_mean_stays_offered_under_the_next(town: Town, head: Phone) -> None:
    """Also where the platform does not say that the photos belong together."""
    await begin_interview(town, head, "nuoc-sach", "Nà Hin")
    first = await head.sends(MessageKind.PHOTO, photo=FileRef("1", 1), text="109")
    second = await head.sends(MessageKind.PHOTO, photo=FileRef("2", 1))
    for said in (first, second):
        assert "109 hộ" in labels(said)
    assert "Ghi nhận: 109 hộ" in text_of(await head.presses("109 hộ"))
