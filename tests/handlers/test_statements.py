"""How often the database is asked for one answer. Time is measured by the bench; this holds on any machine."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlmodel import select

from figures.ground import ground_of
from handlers.asking import replies
from handlers.library import Library
from handlers.viewer import Viewer
from plans.reading import load_plans
from queries.understand import understand
from storage.database import open_engine
from storage.tables import Contact
from storage.unit_of_work import Storage, people_with_roles
from tests.conftest import DEMONSTRATED
from tests.counting import asked
from tests.handlers.chatting import ZONE, dictionary


async def statements_for(file: Path, address: str, question: str) -> int:
    """How many statements the second of two like answers takes: the first one also reads the places."""
    engine, statements = open_engine(f"sqlite+aiosqlite:///{file}"), list[str]()
    library = Library(load_plans(), ZONE, dictionary=dictionary())
    counted = asked(engine.sync_engine, lambda statement, _: statements.append(statement))
    async with Storage(engine) as storage, AsyncExitStack() as counting:
        counting.enter_context(counted)
        for _ in range(2):
            statements.clear()
            async with storage.reading() as session:
                [contact] = (await session.exec(select(Contact).where(Contact.address == address))).all()
                person = contact.person_id or 0
                _, roles = (await people_with_roles(session, {person}))[person]
                viewer = Viewer(session, library, tuple(roles), DEMONSTRATED.astimezone(ZONE))
                ground = await ground_of(viewer)
                assert ground is not None
                words = (ground.dictionary, ground.gazetteer, ground.asker, viewer.today)
                await replies.reply_to(viewer, ground, understand(question, *words))
    await engine.dispose()
    return len(statements)


@pytest.mark.parametrize(
    ("question", "most"),
    [
        ("tỷ lệ hộ nghèo", 140),  # under two plans of a province that was dissolved
        ("nhà tạm", 100),
        ("xã nào nhiều hộ thiếu nước nhất", 60),
    ],
)
async def test_an_answer_about_a_province_asks_the_database_few_times(
    demonstration: Path, question: str, most: int
) -> None:
    count = await statements_for(demonstration, "can-bo-tinh", question)
    assert 10 < count <= most
