"""A photo is removed only when no answer holds it and it has lain there for a while."""

import os
from pathlib import Path

import pytest

from bot.left_photos import sweep
from storage import interviews, people
from storage.session import Session
from storage.tables import Attachment, AttachmentState, Form, Level, now

pytestmark = pytest.mark.by_the_disk


async def test_only_old_photos_that_no_answer_holds_are_removed(session: Session, tmp_path: Path) -> None:
    place = await session.places.add(Level.VILLAGE, "thôn", "Nà Hin", None)
    contact = await people.create_contact(session, "console", "me")
    person = await people.enrol(session, contact, place.id, "truong-thon", "", now())
    form = Form(name="thu", version="1")
    session.add(form)
    await session.flush()
    row = await interviews.start(
        session,
        person_id=person.id,
        place_id=place.id,
        form_id=form.id,
        form_name="thu",
        period="2026-W47",
        state={},
        now=now(),
    )
    session.add(
        Attachment(
            interview_id=row.id,
            contact_id=contact.id,
            path="/data/anh",
            file_ref="x",
            name="ab/held.jpg",
            state=AttachmentState.STORED,
        )
    )
    await session.flush()
    for name, age in (("held.jpg", 1), ("left.jpg", 1), ("fresh.jpg", 0)):
        file = tmp_path / "ab" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"photo")
        if age:
            os.utime(file, (0, 0))
    assert await sweep(session, tmp_path) == 1
    assert sorted(file.name for file in (tmp_path / "ab").iterdir()) == ["fresh.jpg", "held.jpg"]
    assert await sweep(session, tmp_path / "none") == 0
