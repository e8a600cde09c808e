"""A database for measuring: communes of ten villages, their heads enrolled on Telegram, ten-question forms."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from plans.period import PeriodKind
from plans.plans import Plans
from plans.reading import load_plans
from plans.schedule import Entry
from storage import people
from storage.database import migrate, open_engine, writing
from storage.forms import save_form
from storage.tables import Level, RoleName, now
from tests.bench.load import FIRST_CHAT

FORMS = 4
QUESTIONS = 10
VILLAGES_PER_COMMUNE = 10


def form_text(number: int, questions: int = QUESTIONS) -> bytes:
    """A questionnaire of whole numbers, some bound by the one before, as an XLSForm in Markdown."""
    lines = [
        "| survey | | | | | | |",
        "| | type | name | label::Tiếng Việt (vi) | label::English (en) | constraint | bind::unit |",
    ]
    for place in range(1, questions + 1):
        bound = ". >= 0 and . <= 100000"
        lines.append(
            f"| | integer | b{number}_q{place} | Có bao nhiêu hộ thuộc nhóm {place}? "
            f"| How many households in group {place}? | {bound} | hộ |"
        )
    lines += [
        "| settings | | | |",
        "| | form_title | form_id | default_language |",
        f"| | Phiếu đo {number} | do-{number} | Tiếng Việt (vi) |",
    ]
    return "\n".join(lines).encode()


def bench_plans() -> Plans:
    """The plans with a timetable of the measuring forms."""
    asked = tuple(
        Entry(f"do-{number}", Level.VILLAGE, PeriodKind.WEEK, QUESTIONS, due_days=14)
        for number in range(1, FORMS + 1)
    )
    return replace(load_plans(), schedule=asked)


async def build(url: str, heads: int, questions: int = QUESTIONS, channel: str = "telegram") -> None:
    """Fill the empty database at `url`: head number n is the chat FIRST_CHAT + n of a channel."""
    from questionnaires.xlsform import compile_form  # not loaded by a bot that only serves

    await migrate(url)
    engine = open_engine(url)
    async with writing(engine) as session:
        for number in range(1, FORMS + 1):
            await save_form(session, compile_form(form_text(number, questions), f"do-{number}.md"))
        nation = await session.places.add(Level.NATION, "", "Việt Nam", None)
        province = await session.places.add(Level.PROVINCE, "tỉnh", "Đo", nation.id)
        commune = None
        for number in range(heads):
            if number % VILLAGES_PER_COMMUNE == 0:
                commune = await session.places.add(Level.COMMUNE, "xã", f"Đo {number}", province.id)
            parent = commune.id if commune else None
            village = await session.places.add(Level.VILLAGE, "thôn", f"Số {number}", parent)
            contact = await people.create_contact(session, channel, str(FIRST_CHAT + number))
            await people.enrol(
                session, contact, village.id, RoleName.VILLAGE_HEAD, "", now() - timedelta(days=31)
            )
    await engine.dispose()


def sqlite_url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'thonbao.db'}"
