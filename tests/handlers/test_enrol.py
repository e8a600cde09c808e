"""Enrolment: only consent enrols, codes cannot be guessed, nobody joins in another's name."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from handlers import codes
from handlers.messages import Capabilities, MessageKind
from storage import invitations
from storage.session import Session
from storage.tables import Contact, ContactPerson, Invitation, Person, Role, RoleName, RosterEntry
from storage.unit_of_work import Storage
from tests.handlers.chatting import Phone, Town, labels, load_forms, text_of, town_on

HEAD = RoleName.VILLAGE_HEAD
WRONG = "ABCD-EFGH-JKMN-P"


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path) as made:
        yield made


async def roster(town: Town, phone: str, *seats: tuple[str, RoleName], name: str = "Lý A Sử") -> None:
    async def work(session: Session) -> None:
        for place, role in seats:
            session.add(RosterEntry(phone=phone, name=name, place_id=town.places[place], role=role))

    await town.storage.write(work)


async def people_in(town: Town) -> list[Person]:
    return await town.rows(Person)


# --- strangers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["xin chào", "/baocao", "/menu", "/start", "/khong-co", "25", "x" * 4000, "/toi"]
)
async def test_stranger_learns_how_to_join_and_nothing_else(town: Town, text: str) -> None:
    said = await town.phone("la").says(text)
    assert len(said) == 1
    assert "máy trả lời tự động" in text_of(said)
    assert "mã mời" in text_of(said)
    assert "Nà Hin" not in text_of(said)
    assert labels(said) == []
    assert await people_in(town) == []


@pytest.mark.parametrize(
    "data", ["m:baocao", "f:p:1:0:0", "q:1:1:b", "d:1", "t:1", "x:yes:1", "zzz", "a:name", "e:y:i1"]
)
async def test_stranger_presses_an_old_button(town: Town, data: str) -> None:
    said = await town.phone("la").presses_data(data)
    assert len(said) == 1
    assert "Thái Nguyên" not in text_of(said)
    assert await people_in(town) == []


async def test_stranger_sends_a_sticker(town: Town) -> None:
    said = await town.phone("la").sends(MessageKind.OTHER, what="sticker")
    assert "mã mời" in text_of(said)


@pytest.mark.parametrize("shares", [True, False])
async def test_sharing_is_offered_only_where_the_platform_can(
    database: AsyncEngine, tmp_path: Path, shares: bool
) -> None:
    async with town_on(database, tmp_path, Capabilities(shares_contact=shares)) as town:
        [said] = await town.phone("la").says("chào")
        assert said.ask_for == ("contact" if shares else "")
        assert ("chia sẻ" in str(said.text)) == shares


# --- codes and consent ----------------------------------------------------------------------------------


def disguises(code: str) -> list[str]:
    return [
        code,
        code.lower(),
        code.replace("-", ""),
        code.replace("-", " ").lower(),
        code.replace("-", " – "),
        f"/start {code.replace('-', '')}",
        f"/start {code}",
        f"/ma {code.lower()}",
        f"mã của tôi là {code}",
        f"dạ mã là {code.lower()} ạ.",
        f"«{code}»",
        "\u200b" + "\u2060".join(code),
        f"  {code}\n",
    ]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_code_is_read_however_it_is_written(town: Town) -> None:
    for number, _ in enumerate(disguises(WRONG)):
        code = await town.invite("Nà Hin", HEAD)
        text = disguises(code)[number]
        said = await town.phone(f"p{number}").says(text)
        assert "thôn Nà Hin, xã Vĩnh Thông" in text_of(said), text
        assert labels(said) == ["Đồng ý", "Không đồng ý"]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_consent_says_what_the_law_wants_and_only_consent_enrols(town: Town) -> None:
    phone = town.phone("p")
    said = text_of(await phone.says(await town.invite("Nà Hin", HEAD)))
    for needed in ("tự động", "Giữ gì", "Để làm gì", "Ai xem", "/roi", "trưởng thôn", "Nà Hin"):
        assert needed in said
    assert await people_in(town) == []
    assert (await town.rows(Invitation))[0].used_at is None
    assert labels(await phone.says("có gì không?")) == ["Đồng ý", "Không đồng ý"]
    assert await people_in(town) == []
    said = text_of(await phone.presses("Đồng ý"))
    [person] = await people_in(town)
    [role] = await town.rows(Role)
    [invitation] = await town.rows(Invitation)
    assert (role.person_id, role.place_id, role.role) == (person.id, town.places["Nà Hin"], HEAD)
    assert invitation.used_by == person.id
    assert invitation.used_at is not None
    assert person.consented_at is not None
    assert "tên" in said
    assert "enrolled" in await town.audit()


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("yes", ["1", "1.", "đồng ý", "DONG Y"])
async def test_consent_can_be_typed_where_there_are_no_buttons(
    database: AsyncEngine, tmp_path: Path, yes: str
) -> None:
    async with town_on(database, tmp_path, Capabilities(buttons=False, shares_contact=False)) as town:
        phone = town.phone("p")
        await phone.says(await town.invite("Nà Hin", HEAD, "Lý A Sử"))
        await phone.says("2000 năm")
        assert await people_in(town) == []
        assert "Cảm ơn bác Lý A Sử" in text_of(await phone.says(yes))
        assert len(await people_in(town)) == 1


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_refusing_keeps_the_invitation_and_nothing_of_the_person(town: Town) -> None:
    phone = town.phone("p")
    code = await town.invite("Nà Hin", HEAD)
    await phone.says(code)
    assert "không ghi gì" in text_of(await phone.presses("Không đồng ý"))
    assert await people_in(town) == []
    assert (await phone.contact()).screen.get("offer") is None
    await phone.says(code)
    await phone.presses("Đồng ý")
    assert len(await people_in(town)) == 1


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_name_is_optional_and_can_be_typed(town: Town) -> None:
    phone = town.phone("p")
    await phone.says(await town.invite("Nà Hin", HEAD))
    await phone.presses("Đồng ý")
    assert "Tên chưa rõ" in text_of(await phone.says("12345"))
    said = await phone.says("  Lý  A\tSử ")
    assert "Lý A Sử" in text_of(said)
    assert "Báo cáo" in labels(said)
    assert (await people_in(town))[0].name == "Lý A Sử"
    other = town.phone("q")
    await other.says(await town.invite("Nà Lốc", HEAD))
    await other.presses("Đồng ý")
    assert "Báo cáo" in labels(await other.presses("Bỏ qua"))
    assert (await people_in(town))[1].name == ""


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_markup_in_a_name_stays_data(town: Town) -> None:
    phone = town.phone("p")
    await phone.says(await town.invite("Nà Hin", HEAD))
    await phone.presses("Đồng ý")
    await phone.says("<b>Sử</b> & Páo")
    [said] = await phone.says("đúng")
    assert "&lt;b&gt;Sử&lt;/b&gt; &amp; Páo" in str(said.text)


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("yes", ["ừ", "vang", "ok", "Đồng ý ạ"])
async def test_a_plain_yes_is_consent_and_a_plain_no_is_none(town: Town, yes: str) -> None:
    phone = town.phone("p")
    code = await town.invite("Nà Hin", HEAD, "Lý A Sử")
    await phone.says(code)
    assert "không ghi gì" in text_of(await phone.says("không"))
    await phone.says(code)
    assert "Đồng ý" in labels(await phone.says("để xem đã"))
    assert await town.rows(Person) == []
    assert "đã tham gia" in text_of(await phone.says(yes))


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("tôi tên là Lý A Sử", "Lý A Sử"),
        ("Ten toi la: Pao", "Pao"),
        ("ly a su", "ly a su"),
        ("Lý Là", "Lý Là"),
    ],
)
async def test_what_leads_to_a_name_is_no_part_of_it(town: Town, typed: str, name: str) -> None:
    phone = town.phone("p")
    await phone.says(await town.invite("Nà Hin", HEAD))
    await phone.presses("Đồng ý")
    assert f"bác {name}, bác đã tham gia" in text_of(await phone.says(typed))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_may_be_no_name_is_asked_about_and_answered(town: Town) -> None:
    phone = town.phone("p")
    await phone.says(await town.invite("Vĩnh Thông", RoleName.COMMUNE_OFFICER))
    await phone.presses("Đồng ý")
    said = text_of(await phone.says("nước hợp vệ sinh toàn xã"))
    assert "Tên anh/chị là nước hợp vệ sinh toàn xã ạ?" in said
    said = text_of(await phone.presses("Không phải tên"))
    assert "Hộ dùng nước hợp vệ sinh: chưa có báo cáo kỳ này" in said
    assert [person.name for person in await people_in(town)] == [""]
    await phone.presses("Ghi tên tôi")
    for typed in (
        "hộ nghèo",
        "Hà Nội có bao nhiêu thôn",
        "ho ngheo toan xa",
        "hàng xóm tôi ốm",
        "mùa này hạn quá",
        "Pao",
    ):
        await phone.presses_data("a:name")
        assert "ạ?" in text_of(await phone.says(typed))
    assert "tên thành Pao" in text_of(await phone.says("đúng rồi"))
    assert [person.name for person in await people_in(town)] == ["Pao"]
    head = town.phone("q")
    await head.says(await town.invite("Nà Hin", HEAD))
    await head.presses("Đồng ý")
    await head.says("sử páo")
    assert "Sửa tên" in labels(await head.presses("Đúng, tên tôi đấy"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_sentence_where_a_name_is_asked_for_is_heard(town: Town) -> None:
    """Two questions one after the other are no name, nor is a cry of somebody whose role raises no emergency."""
    phone = town.phone("p")
    await phone.says(await town.invite("Thái Nguyên", RoleName.PROVINCE_OFFICER))
    await phone.presses("Đồng ý")
    assert "112" in text_of(await phone.says("cứu với, lũ cuốn trôi 3 nhà ở xã Vĩnh Thông"))
    assert "Tên anh/chị là nước hợp vệ sinh ạ?" in text_of(await phone.says("nước hợp vệ sinh"))
    said = text_of(await phone.says("hộ dùng nước hợp vệ sinh toàn tỉnh"))
    assert "Hộ dùng nước hợp vệ sinh: chưa có báo cáo kỳ này" in said
    assert [person.name for person in await people_in(town)] == [""]


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(("no", "yes"), [("2", "1"), ("không", "đúng")])
async def test_whether_it_is_a_name_is_answered_in_words_or_by_number(
    database: AsyncEngine, tmp_path: Path, no: str, yes: str
) -> None:
    async with town_on(database, tmp_path, Capabilities(buttons=False, shares_contact=False)) as town:
        await load_forms(town)
        phone = town.phone("p")
        await phone.says(await town.invite("Vĩnh Thông", RoleName.COMMUNE_OFFICER))
        await phone.says("1")
        assert "ạ?" in text_of(await phone.says("nước hợp vệ sinh toàn xã"))
        assert "Hộ dùng nước hợp vệ sinh: chưa có báo cáo" in text_of(await phone.says(no))
        await phone.says("Ghi tên tôi")
        assert "ạ?" in text_of(await phone.says("sử páo"))
        assert "tên thành sử páo" in text_of(await phone.says(yes))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_yes_or_no_is_no_name(town: Town) -> None:
    """Who presses and types "đồng ý" too agrees twice, and is not called so."""
    phone = town.phone("p")
    await phone.says(await town.invite("Nà Hin", HEAD))
    await phone.presses("Đồng ý")
    for yes in ("đồng ý", "ừ", "có ạ"):
        assert "Tên chưa rõ" in text_of(await phone.says(yes))
    said = await phone.says("ko")
    assert "Báo cáo" in labels(said)
    assert [person.name for person in await town.rows(Person)] == [""]
    await phone.presses_data("a:name")
    assert "Tên chưa rõ" in text_of(await phone.says("không"))
    assert "Hoàng Văn Có" in text_of(await phone.says("Hoàng Văn Có"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_word_that_calls_a_screen_is_no_name(town: Town) -> None:
    phone = town.phone("p")
    await phone.says(await town.invite("Nà Hin", HEAD))
    await phone.presses("Đồng ý")
    assert "Trưởng thôn làm gì ở đây" in text_of(await phone.says("trợ giúp"))
    [person] = await town.rows(Person)
    assert person.name == ""


async def test_a_name_on_the_invitation_is_not_asked_again(town: Town) -> None:
    phone = await town.joins("p", name="Lý A Sử")
    assert "Lý A Sử" in text_of(phone.shown)
    assert "Bỏ qua" not in labels(phone.shown)


async def test_consent_tapped_twice_enrols_once(town: Town) -> None:
    phone = town.phone("p")
    await phone.says(await town.invite("Nà Hin", HEAD, "Lý A Sử"))
    yes = phone.button("Đồng ý")
    first, second = phone.incoming(MessageKind.PRESS, press=yes), phone.incoming(MessageKind.PRESS, press=yes)
    handle = town.dispatch.handle
    await asyncio.gather(
        handle(first, town.channel), handle(second, town.channel), handle(first, town.channel)
    )
    assert len(await people_in(town)) == len(await town.rows(Role)) == 1
    heard = [text_of([reply]) for _, reply in await town.heard()]
    assert len(heard) == 2
    assert "đã tham gia rồi" in heard[1]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_two_people_race_for_one_code(town: Town) -> None:
    """Two processes, so that on PostgreSQL only the lock on the invitation decides."""
    async with Storage(town.storage.engine) as second:
        other = replace(town.dispatch, storage=second, worker="second")
        for race in range(1, 9):
            code = await town.invite("Nà Hin", HEAD, "Lý A Sử")
            phones = [town.phone(f"p{race}"), town.phone(f"q{race}")]
            for phone in phones:
                await phone.says(code)
            first, later = (
                phone.incoming(MessageKind.PRESS, press=phone.button("Đồng ý")) for phone in phones
            )
            handling = town.dispatch.handle(first, town.channel), other.handle(later, town.channel)
            await asyncio.gather(*handling)
            assert len(await people_in(town)) == race
            heard = [text_of([reply]) for _, reply in await town.heard()]
            assert sum("Cảm ơn bác Lý A Sử" in text for text in heard) == 1
            assert sum("vừa được người khác dùng" in text for text in heard) == 1


async def test_opening_ones_own_link_again_shows_the_menu(town: Town) -> None:
    code = await town.invite("Nà Hin", HEAD, "Lý A Sử")
    phone = town.phone("p")
    await phone.says(f"/start {code}")
    await phone.presses("Đồng ý")
    said = await phone.says(f"/start {code}")
    assert "đã tham gia rồi" in text_of(said)
    assert "Báo cáo" in labels(said)


async def test_an_older_consent_button_of_another_code_does_nothing(town: Town) -> None:
    phone = town.phone("p")
    await phone.says(await town.invite("Nà Hin", HEAD))
    old = phone.button("Đồng ý")
    await phone.says(await town.invite("Nà Lốc", HEAD))
    assert "không còn chờ" in text_of(await phone.presses_data(old))
    assert await people_in(town) == []


# --- wrong codes ----------------------------------------------------------------------------------------


async def test_guessing_is_slowed_told_and_noted(town: Town) -> None:
    phone = town.phone("p")
    code = await town.invite("Nà Hin", HEAD)
    for _ in range(codes.FREE_TRIES - 1):
        assert "Không có mã mời này" in text_of(await phone.says(WRONG))
    assert "thử lại sau 08:05 20/11/2026" in text_of(await phone.says(WRONG))
    assert "thử lại sau" in text_of(await phone.says(code)), "even a right code waits"
    assert (await town.audit()).count("code.wrong") == codes.FREE_TRIES
    town.later(minutes=6)
    assert "thử lại sau 08:16" in text_of(await phone.says(WRONG)), "doubled"
    town.later(minutes=11)
    assert "Nà Hin" in text_of(await phone.says(code))
    assert (await phone.contact()).wrong_codes == codes.FREE_TRIES + 1, "a code in hand buys no guesses"
    await phone.presses("Đồng ý")
    contact = await phone.contact()
    assert (contact.wrong_codes, contact.blocked_until) == (0, None)


async def test_ordinary_words_are_no_attempt(town: Town) -> None:
    phone = town.phone("p")
    for text in (
        "tôi là trưởng thôn Nà Hin",
        "cho tôi vào với",
        "25 hộ 120 khẩu",
        "hay quá nhé các bác",
        "thua xem cac anh em da ve",
    ):
        await phone.says(text)
    assert (await phone.contact()).wrong_codes == 0


@pytest.mark.parametrize(
    "text", ["ABCD-EFGH-JKMO-P", "0BCD-EFGH-JKMN-P", "АBCD-EFGH-JKMN-P", "ABCD-EFGH-JKMN", "ÂBCD-EFGH-JKMN-P"]
)
async def test_look_alike_letters_are_explained(town: Town, text: str) -> None:
    phone = town.phone("p")
    assert "Mã mời chưa đọc được" in text_of(await phone.says(text))
    assert (await phone.contact()).wrong_codes == 0


async def test_wrong_codes_of_long_ago_are_forgotten(town: Town) -> None:
    phone = town.phone("p")
    for _ in range(codes.FREE_TRIES):
        await phone.says(WRONG)
    town.later(seconds=(codes.FIRST_WAIT + codes.FORGOTTEN_AFTER).total_seconds() + 1)
    assert "Không có mã mời này" in text_of(await phone.says(WRONG)), "no waiting"
    assert (await phone.contact()).wrong_codes == 1


async def test_only_the_holder_of_a_dead_code_learns_why(town: Town) -> None:
    used = await town.invite("Nà Hin", HEAD, "Lý A Sử")
    phone = town.phone("a")
    await phone.says(used)
    await phone.presses("Đồng ý")
    revoked = await town.invite("Nà Hin", HEAD)
    expired = await town.invite("Nà Hin", HEAD, days=1)

    async def revoke(session: Session) -> None:
        last = (await town.rows(Invitation, col(Invitation.used_at).is_(None)))[0]
        found = await session.get(Invitation, last.id)
        assert found is not None
        found.revoked_at = town.now

    await town.storage.write(revoke)
    town.later(days=2)
    stranger = town.phone("b")
    for code, why in ((used, "đã được dùng"), (revoked, "thu lại"), (expired, "hết hạn")):
        said = text_of(await stranger.says(code))
        assert why in said
        assert "Nà Hin" not in said
    assert (await stranger.contact()).wrong_codes == 0
    assert "Không có mã mời này" in text_of(await stranger.says(WRONG))


async def test_an_invitation_that_expires_before_consent_enrols_nobody(town: Town) -> None:
    phone = town.phone("p")
    await phone.says(await town.invite("Nà Hin", HEAD, days=1))
    town.later(days=2)
    assert "hết hạn" in text_of(await phone.presses("Đồng ý"))
    assert await people_in(town) == []


@given(st.text(max_size=60), st.text(max_size=60))
def test_reading_a_code_never_fails_and_finds_it_between_words(before: str, after: str) -> None:
    code = invitations.new_code()
    codes.misspelt(before)
    codes.connecting_in(before)
    assert codes.invitation_in(code) == invitations.normalise(code)
    found = codes.invitation_in(f"{before} {after}")
    assert found is None or invitations.normalise(found) == found


def test_a_code_in_a_sentence_is_known_by_its_digits_capitals_or_dashes() -> None:
    code = next(code for code in iter(invitations.new_code, "") if any(map(str.isdigit, code)))
    bare = code.replace("-", "")
    for typed in (bare.lower(), bare, code.lower()):
        assert codes.invitation_in(f"mã của tôi là {typed} nhé") == invitations.normalise(code)


# --- one's own number -----------------------------------------------------------------------------------


async def test_own_number_on_the_roster_enrols_for_all_its_roles(town: Town) -> None:
    await roster(town, "84912345678", ("Nà Hin", HEAD), ("Nà Lốc", HEAD))
    phone = town.phone("p")
    said = text_of(await phone.shares("+84 912 345 678"))
    assert "Nà Hin" in said
    assert "Nà Lốc" in said
    assert len(await town.rows(RosterEntry)) == 2
    await phone.presses("Đồng ý")
    assert len(await people_in(town)) == 1
    assert {role.place_id for role in await town.rows(Role)} == {town.places["Nà Hin"], town.places["Nà Lốc"]}
    assert await town.rows(RosterEntry) == []


async def test_the_roster_gives_a_present_person_what_they_lack_and_is_erased(town: Town) -> None:
    await roster(town, "84912345678", ("Nà Hin", HEAD), ("Nà Lốc", HEAD))
    phone = await town.head("p", "Nà Hin", "Lý A Sử")
    await phone.shares("0912345678")
    await phone.presses("Là tôi")
    await phone.presses("Đồng ý")
    assert [role.place_id for role in await town.rows(Role)] == [town.places["Nà Hin"], town.places["Nà Lốc"]]
    assert await town.rows(RosterEntry) == []
    await roster(town, "84912345678", ("Nà Hin", HEAD))
    await phone.shares("0912345678")
    assert "không có vai trò nào mới" in text_of(await phone.presses("Là tôi"))
    assert await town.rows(RosterEntry) == []
    assert len(await town.rows(Role)) == 2


@pytest.mark.parametrize(
    ("number", "own", "word", "noted"),
    [
        ("0912345678", False, "của chính bác", "contact.not_own"),
        ("0987654321", True, "chưa có trong danh sách", "contact.unknown"),
    ],
)
async def test_a_card_that_proves_nothing(town: Town, number: str, own: bool, word: str, noted: str) -> None:
    await roster(town, "84912345678", ("Nà Hin", HEAD))
    phone = town.phone("p")
    said = text_of(await phone.shares(number, own))
    assert word in said
    assert "Nà Hin" not in said
    assert labels(phone.shown) == []
    assert await town.audit() == [noted]


# --- shared phones, further roles -----------------------------------------------------------------------


async def test_a_second_code_gives_the_same_person_a_further_role(town: Town) -> None:
    phone = await town.head("p", "Nà Hin", "Lý A Sử")
    code = await town.invite("Nà Lốc", HEAD)
    said = await phone.says(code)
    assert labels(said) == ["Là tôi: Lý A Sử", "Người khác dùng chung máy"]
    await phone.presses("Là tôi")
    await phone.presses("Đồng ý")
    [person] = await people_in(town)
    assert [role.person_id for role in await town.rows(Role)] == [person.id, person.id]


async def test_the_same_role_twice_leaves_the_code_unused(town: Town) -> None:
    phone = await town.joins("p", "Nà Hin", "Lý A Sử")
    await phone.says(await town.invite("Nà Hin", HEAD))
    assert "đã có vai trò này" in text_of(await phone.presses("Là tôi"))
    assert (await town.rows(Invitation))[1].used_at is None


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_two_people_share_a_phone(town: Town) -> None:
    phone = await town.head("p", "Nà Hin", "Lý A Sử")
    await phone.says(await town.invite("Nà Lốc", HEAD, "Hoàng Thị Mỷ"))
    await phone.presses("Người khác")
    await phone.presses("Đồng ý")
    first, second = await people_in(town)
    assert (await phone.contact()).person_id == second.id
    said = await phone.says("/doinguoi")
    assert labels(said) == ["Lý A Sử", "Hoàng Thị Mỷ"]
    await phone.presses_data(f"a:s:{first.id}")
    assert (await phone.contact()).person_id == first.id
    assert "Nà Hin" in text_of(await phone.says("/toi"))


async def test_nobody_can_switch_to_a_person_of_another_phone(town: Town) -> None:
    await town.head("p", "Nà Hin", "Lý A Sử")
    other = await town.head("q", "Nà Lốc", "Hoàng Thị Mỷ")
    first, second = await people_in(town)
    assert "không còn dùng" in text_of(await other.presses_data(f"a:s:{first.id}"))
    assert (await other.contact()).person_id == second.id


async def test_an_unchosen_offer_on_a_shared_phone_asks_who(town: Town) -> None:
    phone = await town.joins("p", "Nà Hin", "Lý A Sử")
    await phone.says(await town.invite("Nà Lốc", HEAD))
    [_, invitation] = await town.rows(Invitation)
    said = await phone.presses_data(f"e:y:i{invitation.id}")
    assert "Người khác dùng chung máy" in labels(said)
    assert len(await town.rows(Role)) == 1


# --- another phone --------------------------------------------------------------------------------------


def code_in(phone: Phone) -> str:
    words = text_of(phone.shown).split()
    return [word for word in words if word.startswith("MAY-")][-1]


async def test_a_one_time_code_connects_another_phone(town: Town) -> None:
    phone = await town.head("p")
    await phone.says("/themmay")
    code = code_in(phone)
    other = town.phone("q")
    assert "Đã nối máy này với Lý A Sử" in text_of(await other.says(f"mã là {code.lower()} ạ"))
    [person] = await people_in(town)
    assert (await other.contact()).person_id == person.id
    assert len(await town.rows(Role)) == 1
    third = town.phone("r")
    assert "Không có mã mời này" in text_of(await third.says(code)), "used up"
    assert (await third.contact()).person_id is None


async def test_what_is_under_way_goes_on_at_the_same_question_on_a_phone_that_is_connected(
    town: Town,
) -> None:
    await load_forms(town)
    phone = await town.head("p")
    await phone.says("báo cáo nước")
    await phone.says("120")
    await phone.says("/themmay")
    other = town.phone("q")
    shown = text_of(await other.says(code_in(phone)))
    assert "Đã nối máy này với Lý A Sử" in shown
    assert "Câu 2/" in shown
    assert "Ghi nhận: 100 hộ" in text_of(await other.says("100"))
    assert "Câu 3/" in text_of(await phone.says("làm tiếp"))


async def test_a_connecting_code_expires_and_is_guessed_slowly(town: Town) -> None:
    phone = await town.head("p")
    await phone.says("/themmay")
    code = code_in(phone)
    other = town.phone("q")
    letters = list("23456789BCDF")
    for _ in range(codes.FREE_TRIES):
        random.shuffle(letters)
        await other.says(code[:-9] + "".join(letters[:4]) + "-" + "".join(letters[4:8]))
    assert "thử lại sau" in text_of(await other.says(code))
    town.later(minutes=16)
    assert "quá giờ" in text_of(await other.says(code))
    assert (await other.contact()).person_id is None


async def test_disconnecting_other_phones(town: Town) -> None:
    phone = await town.head("p")
    await phone.says("/themmay")
    other = town.phone("q")
    await other.says(code_in(phone))
    await phone.presses("Ngắt các máy khác")
    assert "vừa ngắt: 1" in text_of(await phone.presses("Ngắt, chỉ giữ"))
    assert not await town.rows(Contact, Contact.address == "q"), "the chat is nobody's"
    assert "mã mời" in text_of(await other.says("/baocao"))
    assert "Nà Hin" in text_of(await phone.says("/toi"))


async def test_a_lost_phone_that_somebody_else_uses_lets_no_other_in(town: Town) -> None:
    phone = await town.head("p")
    await phone.says("/themmay")
    lost = town.phone("q")
    await lost.says(code_in(phone))
    await lost.says("/themmay")
    code = code_in(lost)
    await lost.says(await town.invite("Nà Lốc", HEAD, "Hoàng Thị Mỷ"))
    await lost.presses("Người khác")
    await lost.presses("Đồng ý")
    await phone.says("/themmay")
    await phone.presses("Ngắt các máy khác")
    await phone.presses("Ngắt, chỉ giữ")
    await town.phone("r").says(code)
    assert (await town.phone("r").contact()).person_id is None


# --- what is kept, and leaving --------------------------------------------------------------------------


async def test_seeing_and_correcting_what_is_kept(town: Town) -> None:
    phone = await town.joins("p")
    await phone.says("/toi")
    kept = text_of(await phone.presses("Máy giữ gì"))
    assert "Lý A Sử" in kept
    assert "08:00 20/11/2026" in kept
    await phone.presses_data("a:name")
    assert "Lý A Páo" in text_of(await phone.says("Lý A Páo"))
    assert (await people_in(town))[0].name == "Lý A Páo"


async def test_leaving_says_what_goes_asks_and_erases(town: Town) -> None:
    phone = await town.head("p")
    await roster(town, "84912345678", ("Nà Lốc", HEAD))
    said = text_of(await phone.says("/roi"))
    assert "Xoá ngay" in said
    assert "Ở lại" in said
    assert "vẫn ở lại" in text_of(await phone.presses("Ở lại"))
    assert (await people_in(town))[0].name == "Lý A Sử"
    await phone.says("/roi")
    yes = phone.button("Rời và xoá")
    assert "Đã xoá" in text_of(await phone.presses_data(yes))
    [person] = await people_in(town)
    assert person.name == ""
    assert person.left_at is not None
    assert all(role.until is not None for role in await town.rows(Role))
    assert (await phone.contact()).person_id is None
    assert "không giữ gì" in text_of(await phone.presses_data(yes)) or "mã mời" in text_of(phone.shown[-1:])
    assert "mã mời" in text_of(await phone.says("/baocao"))
    assert "left" in await town.audit()


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_number_that_no_button_showed_erases_nobody(town: Town) -> None:
    """Where few buttons are shown as such, no numbers stand beside them."""
    town.channel.can = replace(town.channel.can, buttons=False, taps=5)
    head = await town.head("thon")
    await head.says("/roi")
    said = await head.says("1")
    assert "không đánh số" in text_of(said)
    assert labels(said) == ["Rời và xoá", "Ở lại"]
    assert (await head.contact()).person_id is not None
    await head.says("Ở lại")
    town.channel.can = replace(town.channel.can, taps=0)
    await head.says("/roi")
    assert "Đã xoá" in text_of(await head.says("1"))


async def test_leaving_on_a_shared_phone_leaves_the_other_person(town: Town) -> None:
    phone = await town.head("p", "Nà Hin", "Lý A Sử")
    await phone.says("/roi")
    old = phone.button("Rời và xoá")
    await phone.presses("Ở lại")
    await phone.says(await town.invite("Nà Lốc", HEAD, "Hoàng Thị Mỷ"))
    await phone.presses("Người khác")
    await phone.presses("Đồng ý")
    await phone.presses_data(old)
    assert [person.left_at for person in await people_in(town)] == [None, None], "another person's button"
    await phone.says("/roi")
    said = await phone.presses("Rời và xoá")
    assert "Lý A Sử" in labels(said)
    await phone.presses("Lý A Sử")
    assert "Nà Hin" in text_of(await phone.says("/toi"))
    assert await town.rows(Contact, col(Contact.person_id).is_not(None))


async def test_leaving_leaves_every_connected_phone(town: Town) -> None:
    phone = await town.head("p")
    await phone.says("/themmay")
    other = town.phone("q")
    await other.says(code_in(phone))
    await phone.says("/roi")
    await phone.presses("Rời và xoá")
    assert "mã mời" in text_of(await other.says("/baocao"))
    async with town.storage.reading() as session:
        assert list(await session.exec(ContactPerson.__table__.select())) == []
