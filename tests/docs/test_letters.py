"""The letters of one week to each role, as docs/tin-tu-gui.md shows them, are those that the demonstration sends.

With WRITE_TRANSCRIPTS=1 they are written anew instead of compared.
"""

import re
import shutil
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

from sqlmodel import select

from bot.channels.text import plain
from bot.demo.run import FILE, settings_in
from bot.timetable import ROUNDS, announcement
from handlers.letters import Recipient, recipients
from handlers.library import Library
from handlers.messages import Reply
from handlers.wording import wording
from plans.reading import load_plans
from storage import outbox
from storage.database import open_engine
from storage.tables import Outbox, OutboxState
from storage.unit_of_work import Storage
from tests.conftest import DEMONSTRATED
from tests.docs.telling import ROOT
from tests.docs.test_transcripts import WRITE

FILE_OF_LETTERS: Final = ROOT / "docs" / "tin-tu-gui.md"
PLACE: Final = re.compile(r"(?<=<!-- letters -->\n).*?(?=<!-- end -->)", re.DOTALL)
ROLES: Final = ("truong-thon", "can-bo-xa", "can-bo-huyen", "can-bo-tinh", "trung-uong", "quan-tri")
MONDAY: Final = datetime.combine(DEMONSTRATED.date() + timedelta(days=5), time(7, 30), DEMONSTRATED.tzinfo)
HOURS: Final = [MONDAY, *(MONDAY.replace(hour=8, minute=0) + timedelta(days=day) for day in range(7))]


async def test_the_letters_of_a_week_are_those_of_the_demonstration(
    demonstration: Path, tmp_path: Path
) -> None:
    shutil.copyfile(demonstration, tmp_path / FILE)
    engine = open_engine(settings_in(tmp_path).database_url)
    async with Storage(engine) as storage:
        library = Library(load_plans(), settings_in(tmp_path).zone)
        by_role = await letters_to(storage, library, ROLES)
    await engine.dispose()
    told = "\n".join(
        f"`demo:{role}`\n\n```text\n" + "\n".join(texts) + "```\n" for role, texts in by_role.items() if texts
    )
    document = FILE_OF_LETTERS.read_text(encoding="utf-8")
    if WRITE:
        FILE_OF_LETTERS.write_text(PLACE.sub(lambda _: told, document), encoding="utf-8")
        document = FILE_OF_LETTERS.read_text(encoding="utf-8")
    assert told == PLACE.findall(document)[0]


async def letters_to(storage: Storage, library: Library, addresses: Sequence[str]) -> dict[str, list[str]]:
    """The letters of the week to some chats of the demonstration."""
    people = {one.contact.id: one for one in await recipients_at(storage, addresses)}
    told: dict[str, list[str]] = {address: [] for address in addresses}
    for moment in HOURS:
        for ring in ROUNDS.values():
            async with storage.reading() as session:
                letters = await ring.compose(session, library, moment, list(people.values()), None)
            await outbox.announce(storage, [announcement(letter, moment) for letter in letters])
            await arrive(storage)
            for letter in letters:
                told[people[letter.contact_id].contact.address].append(shown(moment, letter.reply))
    return told


async def arrive(storage: Storage) -> None:
    """Let everything that waits be sent."""
    async with storage.reading() as session:
        waiting = list(await session.exec(select(Outbox).where(Outbox.state == OutboxState.DUE)))
    await outbox.record(storage, [outbox.Delivered(row.id, str(row.id), row.body) for row in waiting])


async def recipients_at(storage: Storage, addresses: Sequence[str]) -> list[Recipient]:
    """Who speak as these contacts of the demonstration."""
    found: list[Recipient] = []
    last: int | None = 0
    while last is not None:
        async with storage.reading() as session:
            some, last = await recipients(session, last)
        found += [one for one in some if one.contact.address in addresses]
    assert len(found) == len(addresses)
    return found


def shown(at: datetime, reply: Reply) -> str:
    """A letter as the page shows it."""
    day = wording("vi")(f"weekly.day.{at.weekday()}")
    rows = ["  ".join(f"[{choice.label}]" for choice in row) for row in reply.choices]
    lines = [f"({day} {at:%d/%m/%Y %H:%M})", *plain(reply.text).split("\n"), *rows, ""]
    return "\n".join(line.rstrip() for line in lines)
