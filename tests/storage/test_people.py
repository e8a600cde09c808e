"""People enrol, hold roles, share phones; and leaving erases what the law wants erased, and nothing else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from storage import interviews, invitations, leaving, people, roster, totals
from storage.session import Session
from storage.tables import (
    Attachment,
    Contact,
    ContactPerson,
    Form,
    InterviewRow,
    InterviewStatus,
    Invitation,
    Level,
    Observation,
    Outbox,
    OutboxState,
    Person,
    RoleName,
    RosterEntry,
    Submission,
)
from tests.counting import counted

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
TODAY = date(2026, 11, 20)


class Village:
    """thôn Nà Hin in xã Vĩnh Thông, a form, and somebody enrolled there."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def settle(self) -> None:
        add = self.session.places.add
        province = await add(Level.PROVINCE, "tỉnh", "Thái Nguyên", None)
        commune = await add(Level.COMMUNE, "xã", "Vĩnh Thông", province.id)
        village = await add(Level.VILLAGE, "thôn", "Nà Hin", commune.id)
        form = Form(name="nuoc-sach", version="1")
        self.session.add(form)
        await self.session.flush()
        self.province, self.commune, self.id = province.id, commune.id, village.id
        self.form = form.id

    async def contact(self, address: str) -> Contact:
        return await people.create_contact(self.session, "telegram", address, "vi")

    async def head(self, contact: Contact, name: str = "Lý A Sử") -> Person:
        return await people.enrol(self.session, contact, self.id, RoleName.VILLAGE_HEAD, name, NOW)

    async def interview(self, person: Person, period: str, **more: bool) -> InterviewRow:
        return await interviews.start(
            self.session,
            person_id=person.id,
            place_id=self.id,
            form_id=self.form,
            form_name="nuoc-sach",
            period=period,
            state={"answers": "secret"},
            now=NOW,
            practice=more.get("practice", False),
        )

    async def sent(self, person: Person, period: str) -> Submission:
        row = await self.interview(person, period)
        row.status = InterviewStatus.SENT
        submission = Submission(
            receipt=f"BC-{period}",
            interview_id=row.id,
            place_id=self.id,
            form_id=self.form,
            form_name="nuoc-sach",
            period=period,
            period_end=TODAY,
            person_id=person.id,
            answers={"/data/ho": "45"},
        )
        self.session.add(submission)
        await self.session.flush()
        observation = Observation(
            submission_id=submission.id,
            place_id=self.id,
            period=period,
            period_end=TODAY,
            question="ho",
            path="/data/ho",
            value="45",
        )
        self.session.add(observation)
        await self.session.flush()
        return submission


@pytest.fixture
async def village(session: Session) -> Village:
    made = Village(session)
    await made.settle()
    return made


async def test_enrolling_makes_the_person_the_one_who_talks(village: Village) -> None:
    contact = await village.contact("1")
    person = await village.head(contact)
    assert contact.person_id == person.id
    assert person.consented_at == NOW
    assert [role.place_id for role in await people.roles_of(village.session, person.id)] == [village.id]
    assert await people.people_of(village.session, contact.id) == [person]
    assert await people.find_contact(village.session, "telegram", "1") is contact
    assert await people.find_contact(village.session, "console", "1") is None


async def test_a_role_is_held_once(village: Village) -> None:
    person = await village.head(await village.contact("1"))
    again = await people.add_role(village.session, person.id, village.id, RoleName.VILLAGE_HEAD, NOW)
    other = await people.add_role(village.session, person.id, village.commune, RoleName.COMMUNE_OFFICER, NOW)
    held = await people.roles_of(village.session, person.id)
    assert [role.id for role in held] == [again.id, other.id]


async def test_the_nearest_officer_is_found_with_their_chats(village: Village) -> None:
    session = village.session
    find = people.officers_of
    assert await find(session, village.id, RoleName.COMMUNE_OFFICER, TODAY) == []
    far, near = await village.contact("far"), await village.contact("near")
    await people.enrol(session, far, village.province, RoleName.COMMUNE_OFFICER, "Xa", NOW)
    assert [o.contacts for o in await find(session, village.id, RoleName.COMMUNE_OFFICER, TODAY)] == [(far,)]
    officer = await people.enrol(session, near, village.commune, RoleName.COMMUNE_OFFICER, "Gần", NOW)
    found = await find(session, village.id, RoleName.COMMUNE_OFFICER, TODAY)
    assert [(o.person, o.contacts) for o in found] == [(officer, (near,))]


async def test_seats_are_the_roles_held_now(village: Village) -> None:
    person = await village.head(await village.contact("1"))
    assert [(s.person, s.place.name) for s in await people.seats(village.session)] == [(person, "Nà Hin")]
    await leaving.leave(village.session, person.id, NOW)
    assert await people.seats(village.session) == []


async def test_the_seats_of_a_village_are_not_looked_for_among_those_of_the_country(village: Village) -> None:
    session, commune = village.session, village.commune
    person = await village.head(await village.contact("1"))
    few = await work_of_seats(session, village.id)
    for number in range(20):
        other = await session.places.add(Level.VILLAGE, "thôn", f"Số {number}", commune)
        contact = await village.contact(f"so-{number}")
        await people.enrol(session, contact, other.id, RoleName.VILLAGE_HEAD, "Lò Thị Mỷ", NOW)
    assert await work_of_seats(session, village.id) < 1.2 * few
    assert [seat.person for seat in await people.seats(session, {village.id})] == [person]
    assert await people.heads_since(session, {village.id}) == {village.id: NOW}


async def work_of_seats(session: Session, place_id: int) -> int:
    """The calls of finding who looks after one place, with nothing remembered."""
    await session.flush()
    session.expunge_all()
    await people.seats(session, {place_id})  # compiled
    session.expunge_all()
    with counted(session.get_bind()) as work:
        await people.seats(session, {place_id})
    return work.calls


async def test_leaving_erases_the_person_and_keeps_the_report(village: Village) -> None:
    session = village.session
    contact = await village.contact("1")
    person = await village.head(contact)
    number = person.id
    report = await village.sent(person, "2026-W46")
    kept = Attachment(
        interview_id=report.interview_id or 0, contact_id=contact.id, path="/data/anh", file_ref="a"
    )
    unfinished = await village.interview(person, "2026-W47")
    practice = await village.interview(person, "2026-W47", practice=True)
    contact.interview_id, contact.screen = unfinished.id, {"choices": [["45", "q:1"]]}
    lost = Attachment(interview_id=unfinished.id, contact_id=contact.id, path="/data/anh", file_ref="b")
    unsent = Outbox(contact_id=contact.id, body={"text": "Thôn có 45 hộ"})
    expected = RosterEntry(
        phone="84912345678", name="lý a sử", place_id=village.id, role=RoleName.VILLAGE_HEAD
    )
    session.add_all([kept, lost, unsent, expected])
    code, invitation = await invitations.create(
        session, village.id, RoleName.VILLAGE_HEAD, "Lý A Sử", 14, NOW
    )
    await invitations.use(session, invitation, number, NOW)
    await session.flush()
    unfinished_ids, sent_id = {unfinished.id, practice.id}, report.interview_id

    await leaving.leave(session, number, NOW)
    session.expire_all()

    left = await session.get(Person, number)
    assert left is not None
    assert (left.name, left.left_at) == ("", NOW.replace(hour=0, minute=0))
    assert await people.roles_of(session, number) == []
    assert (await session.exec(select(ContactPerson))).all() == []
    chat = await people.find_contact(session, "telegram", "1")
    assert chat is not None
    assert (chat.person_id, chat.interview_id, chat.screen, chat.locale) == (None, None, {}, "")
    assert (await session.exec(select(Outbox))).all() == []
    assert (await session.exec(select(RosterEntry))).all() == []
    assert (await session.exec(select(Invitation.name, Invitation.used_by))).all() == [("", None)]
    rows = (await session.exec(select(InterviewRow))).all()
    assert [(row.id, row.person_id, row.state) for row in rows] == [(sent_id, None, {})]
    assert not {row.id for row in rows} & unfinished_ids
    [photo] = (await session.exec(select(Attachment))).all()
    assert (photo.id, photo.file_ref) == (kept.id, "")
    assert photo.contact_id != chat.id
    submission = (await session.exec(select(Submission))).one()
    assert (submission.person_id, submission.answers) == (None, {"/data/ho": "45"})
    assert [o.value for o in await session.exec(select(Observation))] == ["45"]
    assert await invitations.find(session, code, NOW) == "used"


async def test_a_shared_phone_keeps_its_other_people(village: Village) -> None:
    session = village.session
    contact = await village.contact("1")
    first = await village.head(contact, "Lý A Sử")
    second = await village.head(contact, "Hoàng Thị Mai")
    row = await village.interview(second, "2026-W47")
    contact.interview_id, contact.screen = row.id, {"expects": {"dialogue": "name"}}
    session.add(Outbox(contact_id=contact.id, body={"text": "cho chị Mai"}))
    await leaving.leave(session, first.id, NOW)
    assert await people.people_of(session, contact.id) == [second]
    assert (contact.person_id, contact.interview_id, contact.locale) == (second.id, row.id, "vi")
    assert contact.screen == {"expects": {"dialogue": "name"}}
    assert len((await session.exec(select(Outbox))).all()) == 1
    assert second.name == "Hoàng Thị Mai"
    await leaving.leave(session, second.id, NOW)
    assert (contact.person_id, contact.screen, contact.locale) == (None, {}, "")


async def test_somebody_who_leaves_a_phone_that_another_uses_takes_their_screen_along(
    village: Village,
) -> None:
    contact = await village.contact("1")
    stays = await village.head(contact, "Hoàng Thị Mai")
    leaves = await village.head(contact, "Lý A Sử")
    contact.screen = {"offer": {"name": "Lý A Sử"}}
    await leaving.leave(village.session, leaves.id, NOW)
    assert (contact.person_id, contact.screen, contact.locale) == (None, {}, "vi")
    assert await people.people_of(village.session, contact.id) == [stays]


async def test_leaving_twice_is_leaving_once(village: Village) -> None:
    person = await village.head(await village.contact("1"))
    await leaving.leave(village.session, person.id, NOW)
    later = NOW + timedelta(days=1)
    await leaving.leave(village.session, person.id, later)
    await leaving.leave(village.session, 404, later)
    assert person.left_at == NOW.replace(hour=0, minute=0)


async def test_of_sent_messages_only_their_number_stays(village: Village) -> None:
    contact = await village.contact("1")
    person = await village.head(contact)
    key = f"announce:12:{contact.id}"
    village.session.add(Outbox(contact_id=contact.id, state=OutboxState.SENT, natural_key=key))
    await leaving.leave(village.session, person.id, NOW)
    assert (await village.session.exec(select(Outbox))).all() == []
    assert (await totals.of_announcement(village.session, 12))[totals.Outcome.SENT] == 1


async def test_of_a_shared_phone_the_letters_about_who_left_go(village: Village) -> None:
    contact = await village.contact("1")
    leaves, stays = await village.head(contact, "Lý A Sử"), await village.head(contact, "Hoàng Thị Mai")
    keys = [f"weekly:2026-W46:{leaves.id}:{village.id}", f"weekly:2026-W46:{stays.id}:{village.id}", None]
    for state in (OutboxState.SENT, OutboxState.DUE):
        village.session.add_all(
            Outbox(contact_id=contact.id, state=state, natural_key=key and f"{key}:{state}") for key in keys
        )
    await leaving.leave(village.session, leaves.id, NOW)
    left = {row.natural_key for row in await village.session.exec(select(Outbox))}
    assert left == {None, f"{keys[1]}:sent", f"{keys[1]}:due"}


async def test_somebody_else_expected_for_the_same_seat_stays_expected(village: Village) -> None:
    other = RosterEntry(
        phone="84987654321", name="Hoàng Thị Mai", place_id=village.id, role=RoleName.VILLAGE_HEAD
    )
    village.session.add(other)
    person = await village.head(await village.contact("1"))
    await leaving.leave(village.session, person.id, NOW)
    assert [e.name for e in await roster.match(village.session, "0987654321")] == ["Hoàng Thị Mai"]
