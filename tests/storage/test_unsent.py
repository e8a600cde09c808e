"""What should have gone out and did not, as `thonbao doctor` tells it."""

from datetime import timedelta

import pytest

from storage import dead_letters, outbox
from storage.session import Session
from storage.tables import Contact, Outbox, OutboxState, now
from storage.unit_of_work import Storage

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_fails_and_answers_that_nobody_sends_are_counted_by_channel(
    kind: str, storage: Storage
) -> None:
    """Not what was written just now, waits for its allowance or the morning, ran out of time, or was sent."""
    at = now()
    rows = [
        ("sms", {"attempts": 2, "problem": "SMSGate 503", "priority": -1}),
        ("sms", {"attempts": 1, "problem": "SMSGate 503", "created_at": at - 3 * HOUR}),
        ("sms", {"attempts": 1, "problem": "SMSGate 503", "created_at": at}),
        ("sms", {"attempts": 1, "problem": outbox.NO_ROOM}),
        ("sms", {"attempts": 1, "problem": outbox.WAITS}),
        ("sms", {"attempts": 1, "problem": "SMSGate 503", "not_after": at - HOUR}),
        ("sms", {"attempts": 1, "problem": "", "state": OutboxState.SENT}),
        ("telegram", {"priority": 0}),
        ("telegram", {"priority": 10}),
    ]

    async def write(session: Session) -> None:
        for channel, values in rows:
            contact = Contact(channel=channel, address=str(outbox.next_id()))
            session.add(contact)
            await session.flush()
            common = {"id": outbox.next_id(), "contact_id": contact.id, "body": {}, "state": OutboxState.DUE}
            session.add(Outbox(**{**common, "created_at": at - 2 * HOUR, **values}))

    await storage.write(write)
    async with storage.reading() as session:
        told = await dead_letters.unsent(session, at - timedelta(minutes=1))
    assert told == [
        dead_letters.UnsentMessages("sms", "SMSGate 503", 2, at - 3 * HOUR),
        dead_letters.UnsentMessages("telegram", "", 1, at - 2 * HOUR),
    ]
