"""A figure of a commune's own report goes back to it: the province asks, and its officer answers."""

from typing import NamedTuple

import pytest

from handlers.messages import MessageKind
from handlers.screens.checking import levels_in
from handlers.wording import wording
from storage.tables import RoleName
from tests.handlers.chatting import Phone, Town, labels, text_of


@pytest.fixture
def kind() -> str:
    return "sqlite"


class Two(NamedTuple):
    """The officer of a commune, and the one who checks its reports."""

    commune: Phone
    province: Phone


@pytest.fixture
def checks() -> RoleName:
    """As what the officer checks them."""
    return RoleName.PROVINCE_OFFICER


of_both = pytest.mark.parametrize(
    ("checks", "level"), [(RoleName.PROVINCE_OFFICER, "Tỉnh"), (RoleName.DISTRICT_OFFICER, "Huyện")]
)


@pytest.fixture
async def two(town: Town, checks: RoleName) -> Two:
    """The commune has reported its capital; the province is about to say why 480 goes back."""
    town.now = town.now.replace(month=4, day=25)
    commune = await town.enrolled("xa", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Lô Văn Pán")
    province = await town.enrolled("tinh", "Nghệ An", checks, "Vi Thị Hoa")
    await commune.says("/baocao")
    await commune.presses("Vốn xã làm chủ")
    for answer in ("1.000", "480", "0", "0"):
        await commune.says(answer)
    await commune.presses("Gửi")
    await province.says("/kiemtra")
    await province.presses("Mỹ Lý, Vốn xã")
    await province.presses("Trả lại một số")
    await province.presses("2. ")
    await town.heard()
    return Two(commune, province)


async def act(town: Town, actor: Phone, other: Phone, words: str = "", label: str = "") -> tuple[str, str]:
    """What the actor is answered, and what the other chat is told meanwhile; the buttons of both can be pressed."""
    if label:
        sent = actor.incoming(MessageKind.PRESS, press=actor.button(label))
    else:
        sent = actor.incoming(MessageKind.TEXT, text=words)
    await town.dispatch.handle(sent, town.channel)
    replies = await town.heard()
    for phone in (actor, other):
        phone.shown += [reply for address, reply in replies if address == phone.address]
    said, told = (text_of([it for at, it in replies if at == phone.address]) for phone in (actor, other))
    return said, told


async def sent_back(town: Town, two: Two) -> tuple[str, str]:
    """What the province and the commune read when the figure goes back."""
    return await act(town, two.province, two.commune, "xem lại bảng kê")


@of_both
async def test_each_hears_of_the_other_by_its_level(town: Town, two: Two, level: str) -> None:
    commune, officer = two
    said, asked = await sent_back(town, two)
    assert "Xã đã được báo. Xã trả lời thì máy nhắn anh/chị" in said
    assert f"{level} nhờ anh/chị xem lại một số" in asked
    assert f"{level} nhờ xem lại: đã báo 480" in text_of(await commune.presses("Sửa số này"))
    await commune.says("menu")
    await commune.presses("↩️ Số nhờ xem lại (1)")
    await commune.presses("Số này đúng")
    said, _ = await act(town, commune, officer, "bảng kê đúng")
    assert f"{level} đã được báo" in said


@of_both
async def test_taken_back_and_kept(town: Town, two: Two, level: str) -> None:
    commune, officer = two
    await sent_back(town, two)
    asked = await commune.presses("Số này đúng")
    assert f"để {level.lower()} biết" in text_of(asked)
    assert not [label for label in labels(asked) if "hộ chuyển" in label], "of money"
    said, read = await act(town, officer, commune, label="Rút lại")
    assert "xã không phải trả lời nữa" in said
    assert f"{level} đã rút lại câu hỏi" in read


@of_both
async def test_words_name_the_level_of_who_wrote_them(town: Town, two: Two, level: str) -> None:
    commune, officer = two
    await officer.says("/kiemtra")
    await officer.presses("Mỹ Lý, Vốn xã")
    await officer.presses("Nhắn xã")
    _, read = await act(town, officer, commune, "sửa xong ngày nào ạ")
    assert f"{level} nhắn anh/chị: sửa xong" in read
    asked = text_of(await commune.presses("Trả lời"))
    assert f", {level.lower()}: sửa xong" in asked
    assert f"Lời này chỉ {level.lower()} đọc" in asked
    said, _ = await act(town, commune, officer, "mai ạ")
    assert f"Đã chuyển cho {level.lower()}" in said
    await officer.says("/kiemtra")
    await officer.presses("Mỹ Lý, Vốn xã")
    assert f", {level.lower()}: sửa xong" in text_of(await officer.presses("Lịch sử"))


async def test_the_province_reads_that_it_waits_for_the_commune(town: Town, two: Two) -> None:
    province = two.province
    await sent_back(town, two)
    await province.says("/kiemtra")
    assert "Chờ xã trả lời" in text_of(await province.presses("Mỹ Lý, Vốn xã"))


def test_in_english() -> None:
    say = wording("en")
    names = levels_in(say, "tinh")
    assert say("returned.was.withdrawn", **names) == "The province has taken this back."
    assert "few words for the province" in say("returned.keep_why", question="Paid out", answer=480, **names)


@pytest.mark.parametrize("text", ["819", "đã xem, đúng là 819"])
async def test_a_number_typed_under_it_leads_to_it(town: Town, two: Two, text: str) -> None:
    commune = two.commune
    await sent_back(town, two)
    shown = await commune.says(text)
    assert "Cán bộ nhờ anh/chị xem lại 1 số" in text_of(shown)
    assert "↩️ Số nhờ xem lại (1)" in labels(shown)
    assert any("Sửa số này" in label for label in labels(await commune.presses("Số nhờ xem lại")))


async def test_an_officer_opens_their_own_questionnaire_by_its_name(town: Town, two: Two) -> None:
    assert "Vốn xã làm chủ đầu tư, quý II/2026" in text_of(await two.commune.says("làm vốn xã")).replace(
        " · xã Mỹ Lý · ", ", "
    )


@of_both
@pytest.mark.parametrize(
    "typed", ["lịch sử vốn xã làm chủ đầu tư xã Mỹ Lý", "ai gửi báo cáo vốn xã Mỹ Lý", "lich su xa my ly"]
)
async def test_the_history_of_a_communes_report_is_shown_to_who_checks_it(
    two: Two, level: str, typed: str
) -> None:
    replies = await two.province.says(typed)
    shown = text_of(replies) + str(labels(replies))
    assert "thì chỉ thôn và xã xem được" not in shown, level
    assert "Vốn xã làm chủ đầu tư" in shown
    assert "xã Mỹ Lý" in shown
    assert "quý II/2026" in shown


async def test_a_commune_sees_the_history_of_its_own_report(two: Two) -> None:
    for typed in ("lịch sử vốn xã làm chủ đầu tư", "lịch sử vốn xã làm chủ đầu tư xã Mỹ Lý"):
        assert "gửi (cán bộ xã" in text_of(await two.commune.says(typed)), typed
