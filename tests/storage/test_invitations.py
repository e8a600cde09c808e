"""Codes are random, readable, typed in many ways, and good once."""

from datetime import UTC, datetime, timedelta
from math import log2

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from storage import invitations, people
from storage.codes import ALPHABET
from storage.session import Session
from storage.tables import Invitation, Level, RoleName

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
CODES = st.lists(st.sampled_from(ALPHABET), min_size=13, max_size=13).map("".join).map(invitations.grouped)


def test_a_code_has_sixty_random_bits_and_no_letters_that_look_alike() -> None:
    assert invitations.LENGTH * log2(len(ALPHABET)) >= 60
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert not set("01OILU") & set(ALPHABET)
    codes = {invitations.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(invitations.normalise(code) == code for code in codes)


@given(CODES, st.data())
def test_a_code_is_read_however_it_is_typed(code: str, data: st.DataObject) -> None:
    letters = code.replace("-", "")
    gaps = st.sampled_from(["", " ", "-", " - ", "–", "."])
    typed = "".join(
        data.draw(gaps) + (letter.lower() if data.draw(st.booleans()) else letter) for letter in letters
    )
    assert invitations.normalise(f" {typed}\n") == code


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_code_or_none(text: str) -> None:
    code = invitations.normalise(text)
    assert code is None or invitations.normalise(code) == code


def test_what_is_no_code() -> None:
    for text in ("", "ABCD", "ABCD-EFGH-JKMN", "ABCD-EFGH-JKMN-PP", "OBCD-EFGH-JKMN-P", "ĐBCD-EFGH-JKMN-P"):
        assert invitations.normalise(text) is None


async def make(session: Session, days: int = 14) -> tuple[str, Invitation]:
    place = await session.places.add(Level.VILLAGE, "thôn", "Nà Hin", None)
    return await invitations.create(session, place.id, RoleName.VILLAGE_HEAD, "Lý A Sử", days, NOW)


async def test_only_the_hash_of_a_code_is_kept(session: Session) -> None:
    code, _ = await make(session)
    row = (await session.exec(select(Invitation))).one()
    assert code not in str(row.model_dump())
    assert code.replace("-", "") not in str(row.model_dump())


async def test_a_code_opens_once(session: Session) -> None:
    code, invitation = await make(session)
    assert await invitations.find(session, code, NOW) is invitation
    assert await invitations.find(session, invitations.new_code(), NOW) is None
    contact = await people.create_contact(session, "telegram", "1")
    person = await people.enrol(session, contact, invitation.place_id, invitation.role, "Lý A Sử", NOW)
    await invitations.use(session, invitation, person.id, NOW)
    assert await invitations.find(session, code, NOW) == "used"
    assert (invitation.used_by, invitation.name) == (person.id, "")
    await invitations.revoke(session, invitation, NOW)
    assert invitation.revoked_at is None


async def test_a_code_ends_and_can_be_revoked(session: Session) -> None:
    code, invitation = await make(session, days=2)
    assert await invitations.find(session, code, NOW + timedelta(days=2, seconds=-1)) is invitation
    assert await invitations.find(session, code, NOW + timedelta(days=2)) == "expired"
    await invitations.revoke(session, invitation, NOW)
    assert await invitations.find(session, code, NOW) == "revoked"
    assert (await invitations.listed(session))[0].name == ""


async def test_a_deputys_code_is_good_no_longer_than_the_deputy(session: Session) -> None:
    place = await session.places.add(Level.VILLAGE, "thôn", "Nà Lốc", None)
    ends = [NOW + timedelta(days=days) for days in (7, 20)]
    made = [
        (await invitations.create(session, place.id, RoleName.VILLAGE_HEAD, "", 14, NOW, end))[1]
        for end in ends
    ]
    assert [one.expires_at - NOW for one in made] == [timedelta(days=7), timedelta(days=14)]
    assert [one.ends_at for one in made] == ends
