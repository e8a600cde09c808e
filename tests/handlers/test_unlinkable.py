"""After /roi nothing that identifies a person leads to what they did: all tables, all columns, the photos, the letters.

Somebody who has left a trace in every place that can hold one leaves. The whole schema is then searched for what tells
who they are: the address of their chat, its number and theirs, their name and phone, and hashes of these. A new table or
column must be put into one of the two lists below, or the first test fails.
"""

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel, col, select

from bot.timetable import ROUNDS, write_round
from handlers.buttons import to_base36
from storage import (
    audit,
    choices,
    exchanges,
    forms,
    interviews,
    journal,
    leaving,
    outbox,
    requests,
    submissions,
    weekly_lines,
)  # fmt: skip
from storage.database import writing
from storage.session import Session
from storage.tables import (
    Announcement,
    AnnouncementRead,
    Attachment,
    AttachmentState,
    Contact,
    ContactPerson,
    Emergency,
    FigureReturn,
    Form,
    Outbox,
    OutboxState,
    PeriodLock,
    Person,
    RoleName,
    RoleRequest,
    RosterEntry,
    SavedQuestion,
    Submission,
)
from tests.handlers.chatting import START, Phone, Town, bundled, text_of, town_on

ADDRESS, NAME, PHONE = "4242424201", "Lý A Sử", "84912345678"
CHAT, PERSON = 9_000_017, 8_000_023
"""Numbers of rows that nothing else has."""
NEVER_PERSONAL: Final = {
    "carried", "challenge", "consent_text", "delivery_total", "exchange", "form", "journal", "journal_head", "ledger",
    "observation", "place", "place_alias", "place_edge", "place_event", "place_mark", "place_succession", "risk", "seen",
    "sender", "setting",
}  # fmt: skip
"""Tables in which nothing may ever tell who somebody is."""
LEADS: Final = {
    "announcement": {"created_by", "confirmed_by", "wanted_by"},
    "announcement_read": {"contact_id"},
    "attachment": {"contact_id"},
    "audit": {"person_id", "contact_id", "subject"},
    "contact": {"id", "address", "person_id", "screen"},
    "contact_person": {"contact_id", "person_id"},
    "emergency": {"person_id", "contact_id", "acknowledged_by"},
    "figure_return": {"person_id"},
    "interview": {"person_id"},
    "invitation": {"used_by"},
    "journal_author": {"person_id"},
    "outbox": {"contact_id", "natural_key", "body"},
    "period_lock": {"locked_by", "reopened_by"},
    "person": {"id", "name", "phone"},
    "person_request": {"person_id", "words"},
    "remark": {"person_id", "text"},
    "role": {"person_id"},
    "role_request": {"asked_by", "decided_by"},
    "roster_entry": {"phone", "name"},
    "saved_question": {"contact_id"},
    "submission": {"person_id", "approved_by"},
    "weekly_choice": {"contact_id"},
    "weekly_line": {"person_id"},
}
"""Columns that lead to a person, or name them, while they take part."""
NOT_LEADING: Final = {
    "announcement": "id place_id audience text form_name period state total created_at sent_at until edited_at"
    " wanted",
    "announcement_read": "announcement_id at",
    "attachment": "id interview_id emergency_id path file_ref name media_type size sha256 state attempts created_at",
    "audit": "id at action detail",
    "contact": "channel interview_id locale last_order last_sent_at last_messages ahead_until reachable unreachable_since"
    " wrong_codes blocked_until created_at",
    "contact_person": "since",
    "emergency": "id place_id kind details raised_at tier tier_at acknowledged_at withdrawn_at closed_at told",
    "figure_return": "id submission_id path reason words asked_at answered_at answer answer_reason",
    "interview": "id place_id form_id form_name period status practice corrects_id state previous extra evidence started_at"
    " updated_at",
    "invitation": "id code_hash place_id role name created_at expires_at used_at revoked_at ends_at",
    "journal_author": "place_id entry salt",
    "outbox": "id priority state slot ref attempts not_before not_after claimed_by claimed_until created_at sent_at problem",
    "period_lock": "id place_id form_name period role locked_at reopened_at reason",
    "person": "consented_at consent_version consent_message letters_on letters_by_phone left_at created_at",
    "person_request": "id kind asked_at answer_due finish_due extended_at answered_at done_at outcome note",
    "remark": "id exchange_id side at",
    "role": "id place_id role since until ends_at",
    "role_request": "id place_id role ends_role name asked_at decided_at answer",
    "roster_entry": "id place_id role imported_at",
    "saved_question": "id label query weekly created_at",
    "submission": "id receipt interview_id place_id form_id form_name period period_end revision current answers sent_at"
    " in_place approved_at locked_at",
    "weekly_choice": "weekday minute picture stopped chosen_at",
    "weekly_line": "place_id week text at",
}
"""The other columns of these tables."""
REMAINS: Final = {
    ("contact", "id"), ("contact", "address"), ("outbox", "contact_id"), ("person", "id"), ("role", "person_id"),
}  # fmt: skip
"""Numbers of rows that lead nowhere: the chat has no address, the person no name. The goodbye was sent to the chat."""


def marks() -> set[str]:
    """What tells who the person is, as it might be written."""
    plain = {ADDRESS, NAME, PHONE, PHONE.removeprefix("84")}
    hashes = {
        kind(each.encode()).hexdigest()
        for each in plain
        for kind in (hashlib.md5, hashlib.sha1, hashlib.sha256)
    }
    return plain | hashes | {str(CHAT), str(PERSON), to_base36(CHAT), to_base36(PERSON)}


async def found(town: Town) -> set[tuple[str, str]]:
    """Every table and column in which something tells who the person is."""
    where = set()
    async with town.storage.reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            for row in (await (await session.connection()).execute(table.select())).mappings():
                for column, value in row.items():
                    said = json.dumps(value, default=str, ensure_ascii=False)
                    if any(mark in said for mark in marks()):
                        where.add((table.name, str(column)))
    return where


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    """The next chat and the next person get numbers that nothing else has."""
    async with writing(database) as session:
        for table, number in (("contact", CHAT), ("person", PERSON)):
            await begin_at(session, SQLModel.metadata.tables[table], number)
    async with town_on(database, tmp_path) as made:
        await made.storage.write(lambda session: forms.save_form(session, bundled("nuoc-sach")))
        yield made


async def begin_at(session: Session, table: Table, number: int) -> None:
    """Let the next row of `table` be number `number`."""
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"SELECT setval('{table.name}_id_seq', {number - 1})"))
    elif table.name == "contact":
        row = {
            "id": number - 1,
            "channel": "none",
            "address": "none",
            "screen": {},
            "locale": "",
            "last_order": 0,
            "last_messages": [],
        }
        await connection.execute(
            table.insert().values(**row, reachable=True, wrong_codes=0, created_at=START)
        )
    else:
        await connection.execute(table.insert().values(id=number - 1, name="", created_at=START))


async def leave_traces(town: Town, phone: Phone) -> None:
    """Everything that a person can have done, in every table that can hold it."""
    chat = await phone.contact()
    assert (chat.id, chat.person_id) == (CHAT, PERSON)
    await phone.says("/khancap")
    await phone.presses("Sạt lở")
    await phone.says("đất đá xuống nhà văn hoá")
    await phone.says("/themmay")

    async def work(session: Session) -> None:
        place = town.places["Nà Hin"]
        form_id = (await session.exec(select(Form.id).where(Form.name == "nuoc-sach"))).one()
        rows = [
            await interviews.start(
                session,
                person_id=PERSON,
                place_id=place,
                form_id=form_id,
                form_name="nuoc-sach",
                period=period,
                state={},
                now=town.now,
            )
            for period in ("2026-10", "2026-11")
        ]
        sent = await submissions.send(session, rows[0], bundled("nuoc-sach"), {}, town.now)
        sent.approved_at, sent.approved_by = town.now, PERSON
        session.add(FigureReturn(submission_id=sent.id, path="/data/nuoc_ho", person_id=PERSON))
        by = journal.Actor(PERSON, RoleName.VILLAGE_HEAD, "telegram")
        await journal.append(
            session, journal.JournalKind.SENT, sent, by, town.now, detail=journal.sent_detail(sent, {})
        )
        emergency = (await session.exec(select(Emergency))).one()
        emergency.acknowledged_by = PERSON
        (await session.exec(select(Person).where(Person.id == PERSON))).one().phone = PHONE
        announcement = Announcement(
            place_id=place,
            audience="villages",
            text="Họp",
            created_by=PERSON,
            confirmed_by=PERSON,
            wanted_by=PERSON,
        )
        session.add(announcement)
        session.add(
            RosterEntry(
                phone=PHONE, name=NAME, place_id=place, role=RoleName.VILLAGE_HEAD, imported_at=town.now
            )
        )
        await session.flush()
        session.add(AnnouncementRead(announcement_id=announcement.id, contact_id=CHAT))
        for held in (
            {"interview_id": rows[0].id},
            {"interview_id": rows[1].id},
            {"emergency_id": emergency.id},
        ):
            name = f"{next(iter(held))}-{next(iter(held.values()))}.jpg"
            state = AttachmentState.STORED
            session.add(
                Attachment(**held, contact_id=CHAT, path="/a", file_ref="AgAC", name=name, state=state)
            )
        locked = {"place_id": place, "form_name": "nuoc-sach", "period": "2026-10", "role": "can-bo-tinh"}
        session.add(PeriodLock(**locked, locked_by=PERSON, reopened_by=PERSON))
        session.add(RoleRequest(place_id=place, role="can-bo-xa", asked_by=PERSON, decided_by=PERSON))
        await requests.ask(
            session, requests.RequestKind.OBJECT, PERSON, town.now, town.now.date(), f"tôi, {NAME}"
        )
        about = await exchanges.opened(session, exchanges.Subject(place, "nuoc-sach", "2026-10"))
        await exchanges.say(
            session, about, exchanges.PLACE, journal.Actor(PERSON), f"tôi là {NAME}", town.now
        )
        session.add(SavedQuestion(contact_id=CHAT, label="Nước", query={}))
        await choices.choose(session, CHAT, choices.WeeklyWish(1, 60, False, False))
        await weekly_lines.keep(session, place, "2026-W47", "Họp thứ bảy", PERSON, town.now)
        for number, key in enumerate(
            (f"weekly:2026-W47:{PERSON}:{place}", f"nudge:{place}:{CHAT}:2026-11-20", None)
        ):
            state = (OutboxState.SENT, OutboxState.DUE, OutboxState.DEAD)[number]
            session.add(Outbox(contact_id=CHAT, natural_key=key, state=state, body={"text": "chào bác"}))
        await audit.record(session, "contact.connected", None, None, f"contact:{CHAT}")

    await town.storage.write(work)


async def say_goodbye(town: Town) -> None:
    """Note that all messages have gone out; the delivery then forgets the chats of who left."""
    waiting = await town.rows(Outbox, Outbox.state == OutboxState.DUE)
    await outbox.record(town.storage, [outbox.Delivered(row.id) for row in waiting])
    await town.storage.write(leaving.forget_left)


def test_every_column_is_in_a_list() -> None:
    schema = {table.name: set(table.columns.keys()) for table in SQLModel.metadata.sorted_tables}
    listed = {name: columns | set(NOT_LEADING[name].split()) for name, columns in LEADS.items()}
    assert {name: columns for name, columns in schema.items() if name not in NEVER_PERSONAL} == listed


async def test_nothing_leads_from_who_left_to_what_they_did(town: Town, tmp_path: Path) -> None:
    phone = await town.joins(ADDRESS, name=NAME)
    await leave_traces(town, phone)
    everywhere = {(table, column) for table, columns in LEADS.items() for column in columns}
    assert await found(town) == everywhere
    photos = await town.rows(Attachment)

    await phone.says("/roi")
    assert "đã xoá" in text_of(await phone.presses("Rời")).lower()

    assert await found(town) == REMAINS
    [goodbye] = await town.rows(Outbox, Outbox.contact_id == CHAT)
    assert (goodbye.natural_key, goodbye.body.pop("farewell")) == (None, True)
    await say_goodbye(town)
    assert await found(town) == REMAINS
    assert not await town.rows(Contact, Contact.address == ADDRESS)
    [chat] = await town.rows(Contact, Contact.id == CHAT)
    empty = {name for name, value in chat.model_dump().items() if value in (None, "", {}, [], 0, False)}
    assert Contact.model_fields.keys() - empty == {"id", "channel", "address", "created_at"}
    assert (chat.address, chat.created_at.year) == (f"-{CHAT}", 1970)
    of_draft = max(each.interview_id or 0 for each in photos)
    kept = await town.rows(Attachment)
    assert [each.id for each in kept] == [each.id for each in photos if each.interview_id != of_draft]
    assert {each.file_ref for each in kept} == {""}
    assert not [mark for mark in marks() for file in tmp_path.rglob("*") if mark in file.name]


async def test_the_village_keeps_its_report_and_its_emergency(town: Town) -> None:
    officer = await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    phone = await town.head("thon")
    await phone.says("/khancap")
    await phone.presses("Sạt lở")
    await phone.says("đất đá xuống nhà văn hoá")
    await phone.says("/roi")
    await phone.presses("Rời")
    [row] = await town.rows(Emergency)
    assert [each["text"] for each in row.details] == ["đất đá xuống nhà văn hoá"]
    said = text_of(await officer.presses_data(f"z:a:{row.id}"))
    assert ("Đã xác nhận" in said, "không nhận được tin nữa" in said) == (True, True)
    to_raiser = col(Outbox.natural_key).startswith(f"emergency:{row.id}:ack")
    assert not await town.rows(Outbox, to_raiser)


async def test_nobody_writes_to_who_left(town: Town) -> None:
    await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    phone = await town.head(ADDRESS, name=NAME)
    await phone.says("/roi")
    await phone.presses("Rời")
    await town.heard()
    for days in (1, 3):
        for name in ROUNDS:
            await write_round(town.storage, town.dispatch.library, town.now + timedelta(days=days), name)
    heard = await town.heard()
    assert {address for address, _ in heard} == {"xa"}
    assert not [mark for mark in marks() for _, reply in heard if mark in str(reply.to_json())]


async def test_a_letter_that_was_given_up_names_nobody_who_left(town: Town) -> None:
    await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    phone = await town.head(ADDRESS, name=NAME)
    await phone.says("/khancap")
    await phone.presses("Sạt lở")
    alarm = col(Outbox.natural_key).startswith("emergency:")

    async def give_up(session: Session) -> None:
        for letter in await session.exec(select(Outbox).where(alarm)):
            letter.state = OutboxState.DEAD

    await town.storage.write(give_up)
    assert NAME in str([letter.body for letter in await town.rows(Outbox, alarm)])
    await phone.says("/roi")
    await phone.presses("Rời")
    given_up = await town.rows(Outbox, alarm, Outbox.state == OutboxState.DEAD)
    assert {str(letter.body) for letter in given_up} == {"{}"}


async def test_what_still_waits_for_an_officer_tells_the_danger_but_not_who_raised_it(town: Town) -> None:
    await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    phone = await town.head(ADDRESS, name=NAME)

    async def give_number(session: Session) -> None:
        for person in await session.exec(select(Person).where(Person.name == NAME)):
            person.phone = PHONE

    await town.storage.write(give_number)
    await phone.says("/khancap")
    await phone.presses("Sạt lở")
    await phone.says(f"Tôi là {NAME}, ba người bị vùi")
    waits = col(Outbox.natural_key).startswith("emergency:"), Outbox.state == OutboxState.DUE
    assert f"{NAME}, gọi 0912345678" in str([letter.body for letter in await town.rows(Outbox, *waits)])
    await phone.says("/roi")
    await phone.presses("Rời")
    letters = str([letter.body for letter in await town.rows(Outbox, *waits)])
    assert "Sạt lở" in letters
    assert "Tôi là …, ba người bị vùi" in letters, "a line is not lost for the name in it"
    assert not [mark for mark in (NAME, "0912345678") if mark in letters]


async def test_neither_order_nor_moment_leads_from_a_chat_to_who_left(town: Town) -> None:
    """Rows are numbered as people join. Of three, the second leaves and writes again beside a real stranger."""
    phones = [await town.joins(address, place) for address, place in (("mot", "Nà Hin"), ("hai", "Nà Lốc"))]
    await town.joins("ba", "Bản Pàu")
    await phones[1].says("/roi")
    await phones[1].presses("Rời")
    await say_goodbye(town)
    assert {chat.address for chat in await town.rows(Contact, Contact.channel == town.channel.name)} == {
        "mot", "ba", f"-{(await town.rows(Person, col(Person.left_at).is_not(None)))[0].id - PERSON + CHAT}",
    }  # fmt: skip
    newest = max(chat.id for chat in await town.rows(Contact))
    town.later(days=2)
    for address in ("la", "hai"):
        await town.phone(address).says("xin chào")
    alike = []
    for address in ("la", "hai"):
        [chat] = await town.rows(Contact, Contact.address == address)
        assert chat.id > newest
        alike.append(chat.model_dump(exclude={"id", "address", "created_at", "last_order", "last_messages"}))
        assert chat.created_at.year != 1970
    assert alike[0] == alike[1]


async def test_a_shared_phone_is_known_since_those_joined_who_still_use_it(town: Town) -> None:
    phone = await town.joins(ADDRESS)
    other = START + timedelta(days=1)

    async def share(session: Session) -> None:
        second = Person(name="Hà Văn Cường")
        session.add(second)
        await session.flush()
        session.add(ContactPerson(contact_id=CHAT, person_id=second.id, since=other))

    await town.storage.write(share)
    await phone.says("/roi")
    await phone.presses("Rời")
    await say_goodbye(town)
    [chat] = await town.rows(Contact, Contact.address == ADDRESS)
    assert (chat.created_at, chat.last_messages) == (other, [])


async def test_two_who_left_cannot_be_told_apart(town: Town) -> None:
    for address, place in (("mot", "Nà Hin"), ("hai", "Nà Lốc")):
        phone = await town.head(address, place)
        await phone.says("/khancap")
        await phone.presses("Sạt lở")
        await phone.says("/roi")
        await phone.presses("Rời")
    chats = {row.contact_id for row in await town.rows(Emergency)}
    assert len(chats) == 1
    [chat] = await town.rows(Contact, col(Contact.id).in_(chats))
    assert (chat.channel, chat.address, chat.reachable) == ("", "", False)
    assert await town.rows(Submission) == []
