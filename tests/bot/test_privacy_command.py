"""`thonbao privacy`: the register with its actions, how long things are kept, and the papers of the law."""

import asyncio
import json
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select
from typer.testing import CliRunner

from bot.cli import app
from bot.problems import WrongCall
from storage import invitations, people, requests
from storage.database import reading, writing
from storage.requests import RequestKind
from storage.tables import Level, Outbox, PersonRequest, RoleName, now


@pytest.fixture
def kind() -> str:
    return "sqlite"


def calls(*words: str) -> str:
    """What the command prints. Raises what it raises."""
    return CliRunner().invoke(app, ["privacy", *words], catch_exceptions=False).output


@pytest.fixture
async def asked(
    database: AsyncEngine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> PersonRequest:
    """A request of a village head, long overdue."""
    monkeypatch.setenv("THONBAO_DATABASE_URL", database_url)
    monkeypatch.setenv("THONBAO_OFFICE", "UBND xã Vĩnh Thông")
    monkeypatch.setenv("THONBAO_DATA_OFFICER", "Bà Trần Thị Bình")
    monkeypatch.chdir(tmp_path)
    async with writing(database) as session:
        village = await session.places.add(Level.VILLAGE, "thôn", "Nà Hin", None)
        chat = await people.create_contact(session, "telegram", "1", "vi")
        person = await people.enrol(session, chat, village.id, RoleName.VILLAGE_HEAD, "Lý A Sử", now())
        return await requests.ask(
            session, RequestKind.OBJECT, person.id, now(), date(2026, 1, 5), "không muốn hiện tên"
        )


async def test_the_register_says_what_is_late_and_each_answer_reaches_who_asked(
    asked: PersonRequest, database: AsyncEngine
) -> None:
    told = await asyncio.to_thread(calls, "register")
    assert "không muốn hiện tên" in told
    assert "quá hạn" in told
    assert "xong trước hết" in told
    assert "Lý A Sử" not in told
    number = str(asked.id)
    with pytest.raises(WrongCall, match="nói vì sao"):
        await asyncio.to_thread(calls, "register", number, "--refused")
    with pytest.raises(WrongCall, match="Không có yêu cầu số 99"):
        await asyncio.to_thread(calls, "register", "99", "--done")
    with pytest.raises(WrongCall, match="một việc"):
        await asyncio.to_thread(calls, "register", number, "--done", "--extend")
    await asyncio.to_thread(calls, "register", number, "--answered")
    assert "(đã gia hạn)" in await asyncio.to_thread(calls, "register", number, "--extend")
    with pytest.raises(WrongCall, match="trước đó"):
        await asyncio.to_thread(calls, "register", number, "--extend")
    done = await asyncio.to_thread(calls, "register", number, "--done", "--note", "Đã ẩn tên", "--json")
    [row] = json.loads(done)
    assert (row["outcome"], row["note"]) == ("done", "Đã ẩn tên")
    async with reading(database) as session:
        letters = [letter.body["text"] for letter in (await session.exec(select(Outbox))).all()]
    assert len(letters) == 3
    assert "Đã ẩn tên" in letters[-1]


async def test_how_long_things_are_kept(asked: PersonRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = json.loads(await asyncio.to_thread(calls, "retention", "--json"))
    days = {kind["kind"]: kind["days"] for kind in kinds}
    assert days == {
        "reports": 3650, "words": 1825, "drafts": 90, "invitations": 365, "audit": 730, "staffing": 730, "requests": 1825,
    }  # fmt: skip
    # The one request of this register is still open, and nobody gave a draft up.
    assert {kind["kind"]: kind["rows"] for kind in kinds if kind["kind"] in ("requests", "drafts")} == {
        "requests": 0,
        "drafts": 0,
    }
    monkeypatch.setenv("THONBAO_KEEP_REPORTS", "0")
    told = await asyncio.to_thread(calls, "retention")
    assert "90 ngày" in told
    assert "giữ mãi" in told
    monkeypatch.setenv("THONBAO_KEEP_REPORTS", "mãi")
    with pytest.raises(WrongCall, match="THONBAO_KEEP_REPORTS: là một số năm"):
        await asyncio.to_thread(calls, "retention")


@pytest.mark.parametrize("paper", ["report", "impact-file", "breach"])
async def test_papers_name_the_office_and_claim_to_be_no_form(
    asked: PersonRequest, tmp_path: Path, paper: str
) -> None:
    page = tmp_path / "giay.html"
    assert "không phải mẫu chính thức" in await asyncio.to_thread(calls, paper, str(page))
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "UBND xã Vĩnh Thông" in text
    assert "Bà Trần Thị Bình" in text
    assert "không phải mẫu chính thức" in text
    assert "Lý A Sử" not in text
    with pytest.raises(WrongCall):
        await asyncio.to_thread(calls, paper, str(page))
    with pytest.raises(WrongCall, match=r"\.docx"):
        await asyncio.to_thread(calls, paper, str(tmp_path / "giay.doc"))
    plain = tmp_path / "giay.md"
    await asyncio.to_thread(calls, paper, str(plain))
    assert plain.read_text(encoding="utf-8").startswith("# ")


async def test_the_breach_kit_counts_the_rows_of_each_person_and_the_72_hours(
    asked: PersonRequest, tmp_path: Path
) -> None:
    out = tmp_path / "lo.md"
    await asyncio.to_thread(calls, "breach", str(out), "--place", "Nà Hin", "--found", "2026-11-20T08:00")
    text = out.read_text(encoding="utf-8")
    assert "08:00 20/11/2026" in text
    assert "08:00 23/11/2026" in text
    [line] = [one for one in text.splitlines() if one.startswith(f"| {asked.person_id} | trưởng thôn")]
    assert line.endswith("| 0 | 0 | 0 | 0 | 1 | 0 |")


async def test_the_breach_kit_lists_whose_role_is_over_and_counts_who_is_expected(
    asked: PersonRequest, database: AsyncEngine, tmp_path: Path
) -> None:
    async with writing(database) as session:
        [role] = await people.roles_of(session, asked.person_id or 0)
        role.until = now()
        session.add(role)
        await invitations.create(session, role.place_id, role.role, "Hoàng Thị Mai", 14, now())
    out = tmp_path / "lo.md"
    await asyncio.to_thread(calls, "breach", str(out))
    told = out.read_text(encoding="utf-8").replace("thôn Nà Hin", "Nà Hin")
    assert "(đã thôi) | Nà Hin" in told
    assert "0 dòng danh sách, 1 lời mời ghi tên, 0 đề nghị" in told


async def test_a_paper_is_a_word_document_behind_the_head_of_the_office(
    asked: PersonRequest, tmp_path: Path
) -> None:
    out, own = tmp_path / "giay.docx", tmp_path / "mau.docx"
    await asyncio.to_thread(calls, "report", str(out))
    written = Document(str(out))
    told = "\n".join(one.text for one in written.paragraphs)
    assert "UBND xã Vĩnh Thông" in told
    assert "Lý A Sử" not in told
    assert written.tables[-1].rows[1].cells[1].text == "phản đối"
    assert (written.core_properties.author, written.core_properties.language) == ("", "vi")
    office = Document()
    office.add_paragraph("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    office.save(str(own))
    await asyncio.to_thread(calls, "report", str(out), "--template", str(own), "--force")
    texts = [one.text for one in Document(str(out)).paragraphs]
    assert texts[:2] == ["CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Báo cáo về bảo vệ dữ liệu cá nhân"]
    own.write_bytes(b"PK no document")
    with pytest.raises(WrongCall, match="không phải tệp Word"):
        await asyncio.to_thread(calls, "report", str(out), "--template", str(own), "--force")
    with pytest.raises(WrongCall, match="cũng phải có đuôi"):
        await asyncio.to_thread(calls, "report", str(tmp_path / "x.md"), "--template", str(own))
    assert Document(str(out)).paragraphs[0].text.startswith("CỘNG")
