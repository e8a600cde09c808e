"""`thonbao history`: what happened to a report or one figure of it, in words and as JSON; what is not there is said."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from typer.testing import CliRunner

from bot.cli import app
from bot.problems import Problem, WrongCall
from storage import forms, interviews, journal, people, submissions
from storage.database import writing
from storage.journal import JournalKind
from storage.session import Session
from storage.tables import JournalEntry, JournalHead, Level, RoleName, now
from tests.handlers.chatting import bundled


@pytest.fixture
def kind() -> str:
    return "sqlite"


def calls(*words: str) -> str:
    """What the command prints. Raises what it raises."""
    return CliRunner().invoke(app, ["history", *words], catch_exceptions=False).output


async def send(session: Session, place: int, person: int, form_id: int, households: str) -> None:
    """A report of the water of November, and its entry in the journal."""
    before = await submissions.submission_of(session, place, "nuoc-sach", "2026-11")
    row = await interviews.start(
        session,
        person_id=person,
        place_id=place,
        form_id=form_id,
        form_name="nuoc-sach",
        period="2026-11",
        state={},
        now=now(),
    )
    sent = await submissions.send(session, row, bundled("nuoc-sach"), {"/data/nuoc_ho": households}, now())
    by = journal.Actor(person, RoleName.VILLAGE_HEAD, "telegram")
    entry = JournalKind.REVISED if before else JournalKind.SENT
    await journal.append(session, entry, sent, by, now(), detail=journal.sent_detail(sent, {}))


@pytest.fixture
async def reported(
    database: AsyncEngine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nà Hin has sent 120 households, then 121."""
    monkeypatch.setenv("THONBAO_DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    async with writing(database) as session:
        form_id = (await forms.save_form(session, bundled("nuoc-sach"))).id
        village = await session.places.add(Level.VILLAGE, "thôn", "Nà Hin", None)
        chat = await people.create_contact(session, "telegram", "1", "vi")
        person = await people.enrol(session, chat, village.id, RoleName.VILLAGE_HEAD, "Lý A Sử", now())
        for households in ("120", "121"):
            await send(session, village.id, person.id, form_id, households)


async def test_a_report_and_a_figure_of_it(reported: None) -> None:
    whole = await asyncio.to_thread(calls, "Nà Hin")
    assert "Lịch sử báo cáo" in whole
    assert "gửi bản sửa" in whole
    assert "Lý A Sử" in whole
    figure = await asyncio.to_thread(calls, "Nà Hin", "nuoc_ho", "--form", "nuoc-sach", "--period", "2026-11")
    assert "gửi 120 hộ" in figure
    assert "gửi bản sửa, 121 hộ" in figure


async def test_as_json(reported: None) -> None:
    told = json.loads(await asyncio.to_thread(calls, "Nà Hin", "nuoc_ho", "--json"))
    assert (told["form"], told["period"], told["path"]) == ("nuoc-sach", "2026-11", "/data/nuoc_ho")
    assert [(one["kind"], one["revision"], one["value"], one["role"]) for one in told["happened"]] == [
        ("sent", 1, "120", "truong-thon"),
        ("revised", 2, "121", "truong-thon"),
    ]
    assert told["approved_at"] is None


@pytest.mark.parametrize("form", ["nuoc-sach", "Nước sinh hoạt", "nước", "NUOC SINH HOAT", "nuoc sach"])
async def test_a_questionnaire_is_found_by_title_and_by_name(reported: None, form: str) -> None:
    whole = await asyncio.to_thread(calls, "Nà Hin", "--form", form, "--period", "2026-11")
    assert "Nước sinh hoạt" in whole


@pytest.mark.parametrize("question", ["nuoc_ho", "bao nhiêu hộ", "Tổng số hộ"])
async def test_a_question_is_found_by_its_words(reported: None, question: str) -> None:
    assert "gửi bản sửa, 121 hộ" in await asyncio.to_thread(calls, "Nà Hin", question)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Nà Không",), "Nà Không"),
        (("Nà Hin", "khong_co"), "(?s)khong_co.*nuoc_ho: "),
        (("Nà Hin", "--form", "nha-o"), "(?s)nha-o.*Nà Hin.*nuoc-sach: Nước sinh hoạt"),
        (("Nà Hin", "--period", "tháng ba"), "tháng ba"),
        (("Nà Hin", "--period", "2026-10"), "Nà Hin"),
    ],
)
async def test_what_is_not_there_is_said(reported: None, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(WrongCall, match=said):
        await asyncio.to_thread(calls, *words)


async def test_a_chain_that_was_made_anew_is_unlike_the_ends_that_were_kept(
    reported: None, database: AsyncEngine, tmp_path: Path
) -> None:
    kept = str(tmp_path / "cuoi.json")

    def verify(*words: str) -> str:
        return CliRunner().invoke(app, ["verify", *words], catch_exceptions=False).output

    await asyncio.to_thread(verify, "--keep", kept)
    await asyncio.to_thread(verify, "--against", kept)
    async with writing(database) as session:
        await made_anew(session)
    # The chain holds in itself; only what was kept elsewhere tells.
    await asyncio.to_thread(verify)
    with pytest.raises(Problem, match="không còn như đã ghi"):
        await asyncio.to_thread(verify, "--against", kept)
    with pytest.raises(WrongCall, match="--keep"):
        await asyncio.to_thread(verify, "--against", str(tmp_path / "khong-co.json"))


async def made_anew(session: Session) -> None:
    """Write a place's chain anew with another channel, each hash made of the one before."""
    before = ""
    for entry in (await session.exec(select(JournalEntry).order_by(col(JournalEntry.entry)))).all():
        entry.channel, entry.before = "sms", before
        entry.hash = before = journal.hash_of(entry)
        session.add(entry)
    head = (await session.exec(select(JournalHead))).one()
    head.hash = before
    session.add(head)
