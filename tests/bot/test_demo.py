"""The demonstration: what its database holds, that its reports are possible, and that the tour plays."""

import asyncio
import io
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlmodel import col, func, select

from bot.chat import Chat, LocalMessage, chatting
from bot.demo.build import LEFT, MARK, build
from bot.demo.build import reported as reports
from bot.demo.figures import OFFICERS_FORMS, QUESTIONNAIRES
from bot.demo.invented import BACH_THONG, HEAD, NGHE_AN
from bot.demo.run import FILE, settings_in
from bot.demo.tour import OFFICER, Tour
from bot.language import ENV_FILE
from handlers.messages import MessageKind
from handlers.wording import wording
from plans.period import from_key
from plans.reading import load_plans
from questionnaires.interview import (
    Answer,
    Context,
    Finished,
    QuestionAsked,
    Recorded,
    Skip,
    Value,
    begin,
    step,
)
from storage import submissions
from storage.database import open_engine, reading
from storage.session import Session
from storage.tables import Contact, Form, Level, Observation, Place, Role, Submission
from tests.conftest import DEMONSTRATED
from tests.forking import command

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = DEMONSTRATED
THEN = datetime(2023, 11, 6, 8, 30, tzinfo=ZONE)
"""When the second ground plays."""


@pytest.fixture
async def session(demonstration: Path) -> AsyncIterator[Session]:
    engine = open_engine(f"sqlite+aiosqlite:///{demonstration}")
    async with reading(engine) as session:
        yield session
    await engine.dispose()


@pytest.fixture
async def chat(demonstration: Path, tmp_path: Path) -> AsyncIterator[Chat]:
    shutil.copyfile(demonstration, tmp_path / FILE)
    async with chatting(settings_in(tmp_path), plain=False) as chat:
        yield chat


# --- what it holds


async def test_forty_villages_on_the_former_district_are_marked_as_invented(session: Session) -> None:
    chosen = select(Place).where(Place.level == Level.DISTRICT, Place.name == "Bạch Thông")
    district = (await session.exec(chosen)).one()
    found = await session.places.villages_of(district.id, NOW.date())
    assert len(found) == 40
    assert all(place.invented and place.name.endswith(MARK) for place in found)
    assert (await session.exec(select(func.count()).where(col(Place.invented)))).one() == 40
    parents = Counter([(await session.places.ancestors(place.id, NOW.date()))[0].name for place in found])
    assert parents == dict.fromkeys(BACH_THONG.communes, 8)
    assert {place.name for place in await session.places.find("na hin", NOW.date())} == {f"Nà Hin {MARK}"}


async def test_everybody_of_the_demonstration_can_speak_and_has_their_role(session: Session) -> None:
    chosen = (
        select(Contact.address, Role.role, Place.level, Place.last_day)
        .join(Role, col(Role.person_id) == col(Contact.person_id))
        .join(Place, col(Place.id) == col(Role.place_id))
        .where(Contact.channel == "demo")
    )
    held = {
        address: (role, level, closed is not None)
        for address, role, level, closed in await session.exec(chosen)
    }
    assert len(held) == 40 + len(BACH_THONG.officers)
    assert held["truong-thon"] == ("truong-thon", "thon", False)
    assert held["can-bo-xa"] == ("can-bo-xa", "xa", False)
    assert held["can-bo-huyen"] == ("can-bo-huyen", "huyen", True)
    assert held["can-bo-tinh"] == ("can-bo-tinh", "tinh", False)
    assert held["trung-uong"] == ("trung-uong", "nuoc", False)
    assert held["quan-tri"][0] == "quan-tri"


async def test_four_months_are_reported_and_the_present_one_is_due(session: Session) -> None:
    entry = load_plans().entry("nuoc-sach")
    assert entry is not None
    home = (await session.exec(select(Place).where(Place.name == f"Nà Hin {MARK}"))).one()
    chosen = select(Submission.period).where(
        Submission.place_id == home.id, Submission.form_name == "nuoc-sach"
    )
    months = set(await session.exec(chosen))
    period, expected = entry.period(NOW.date()), set()
    assert period.key not in months
    for _ in range(4):
        period = period.previous()
        expected.add(period.key)
    assert months == expected
    assert (await session.exec(select(func.max(Submission.sent_at)))).one() <= NOW
    receipts = list(await session.exec(select(Submission.receipt)))
    assert len(set(receipts)) == len(receipts) > 300


@pytest.mark.parametrize(("day", "left"), [(3, "2026-11"), (9, "2026-12"), (20, "2026-12")])
def test_the_first_head_has_something_to_send_on_any_day(day: int, left: str) -> None:
    """Water is first asked some days after a month begins; until then that of the month before is left."""
    entry = load_plans().entry(LEFT)
    assert entry is not None
    now = datetime(2026, 12, day, 9, tzinfo=ZONE)
    sent = {period.key for _, period in reports(entry, BACH_THONG.villages[0], now)}
    assert left not in sent
    assert from_key(left).previous().key in sent
    assert from_key(left) in entry.asked_on(now.date())


async def test_the_rows_are_those_that_sending_gives(session: Session) -> None:
    submission = (await session.exec(select(Submission).where(Submission.form_name == "nuoc-sach"))).first()
    assert submission is not None
    form = await active_form(session, submission.form_name)
    kept = await session.exec(select(Observation).where(Observation.submission_id == submission.id))
    wanted = submissions.observations(submission, form)
    assert {(o.path, o.value, o.number) for o in kept} == {
        (o["path"], o["value"], o["number"]) for o in wanted
    }
    assert wanted


async def active_form(session: Session, name: str):  # type: ignore[no-untyped-def]
    from questionnaires.questionnaire import Questionnaire

    chosen = select(Form).where(Form.name == name, col(Form.active))
    return Questionnaire.from_json((await session.exec(chosen)).one().compiled)


@pytest.mark.parametrize("name", list(QUESTIONNAIRES))
async def test_every_report_of_the_demonstration_passes_its_questionnaire(
    session: Session, name: str
) -> None:
    form = await active_form(session, name)
    context = Context(now=NOW, lang="vi")
    for village in BACH_THONG.villages:
        for back in range(7):
            answers = QUESTIONNAIRES[name](village, back)
            interview, events = begin(form, context)
            recorded = 0
            while not any(isinstance(event, Finished) for event in events):
                ask = next(event.ask for event in events if isinstance(event, QuestionAsked))
                question = form.question(ask.path).name
                message = Answer(str(answers[question])) if question in answers else Skip()
                interview, events = step(form, interview, message, context)
                assert not isinstance(message, Answer) or any(isinstance(event, Recorded) for event in events)
                recorded += isinstance(message, Answer)
            stored = {path for path, value in interview.values.items() if value}
            assert len(stored) >= recorded > 0


@pytest.mark.parametrize("name", list(OFFICERS_FORMS))
async def test_every_report_of_an_officer_passes_its_questionnaire(session: Session, name: str) -> None:
    form = await active_form(session, name)
    for unit in (*BACH_THONG.communes, "Thái Nguyên"):
        for back in range(3):
            said = OFFICERS_FORMS[name](unit, back)
            interview, events = begin(form, Context(now=NOW, lang="vi"))
            while not any(isinstance(event, Finished) for event in events):
                ask = next(event.ask for event in events if isinstance(event, QuestionAsked))
                value = said.get(form.question(ask.path).name)
                interview, events = step(
                    form, interview, Value(value) if value else Skip(), Context(now=NOW, lang="vi")
                )
            stored = {form.question(path).name: value for path, value in interview.values.items() if value}
            assert said.items() <= stored.items()


async def test_officers_of_every_level_have_reported_and_have_something_to_do(session: Session) -> None:
    chosen = select(Place.level, Place.name, Submission.form_name, Submission.period).join(
        Place, col(Place.id) == col(Submission.place_id)
    )
    found = set(await session.exec(chosen.where(Place.level != Level.VILLAGE)))
    entry = load_plans().entry("vuong-mac")
    assert entry is not None
    now = entry.period(NOW.date()).key
    assert {level for level, *_ in found} == {Level.COMMUNE, Level.DISTRICT, Level.PROVINCE}
    assert (Level.COMMUNE, "Cẩm Giàng", "vuong-mac", now) in found
    assert (Level.COMMUNE, "Vĩnh Thông", "vuong-mac", now) not in found
    assert (Level.DISTRICT, "Bạch Thông", "vuong-mac", entry.period(NOW.date()).previous().key) in found


def test_it_is_always_the_same() -> None:
    assert BACH_THONG.villages == replace(BACH_THONG).villages
    assert len({village.contact for village in BACH_THONG.villages}) == 40
    first, second = (QUESTIONNAIRES["nuoc-sach"](BACH_THONG.villages[3], 2) for _ in range(2))
    assert first == second


# --- the tour


async def test_the_tour_shows_a_whole_report_with_a_mistake_corrected_and_an_officers_look(
    chat: Chat,
) -> None:
    out = io.StringIO()
    with time_machine.travel(NOW):
        await Tour(chat, out, wording("vi")).play()
    text = out.getvalue()
    assert "không thể nhiều hơn" in text
    assert "BC-" in text
    assert ".png" in text
    assert text.count("──") >= 2
    assert text.index("Vĩnh Thông xem các thôn") > text.index("BC-")
    reported = await chat.contact(HEAD)
    assert reported is not None
    assert reported.interview_id is None
    assert (await chat.contact(OFFICER)) is not None


async def test_each_role_gets_an_answer(chat: Chat) -> None:
    for contact in (HEAD, *(officer.contact for officer in BACH_THONG.officers)):
        shown = await chat.say(LocalMessage(contact, MessageKind.TEXT, "/menu"))
        assert [message.to for message in shown] == [contact]
        assert shown[0].text()


# --- the second ground


@pytest.fixture(scope="module")
def nghe_an(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of `thonbao demo --ground nghe-an`."""
    folder = tmp_path_factory.mktemp("nghe-an")
    asyncio.run(build(settings_in(folder), THEN, load_plans(), NGHE_AN))
    return folder / FILE


async def test_on_the_second_ground_the_year_s_capital_and_works_stand_against_their_plan(
    nghe_an: Path, tmp_path: Path
) -> None:
    shutil.copyfile(nghe_an, tmp_path / FILE)
    async with chatting(settings_in(tmp_path), plain=False) as chat:

        async def said(contact: str, text: str) -> str:
            shown = await chat.say(LocalMessage(contact, MessageKind.TEXT, text, at=THEN))
            return shown[0].text()

        table = await said("demo:can-bo-tinh", "bảng chỉ tiêu")
        assert re.search(
            r"Chậm: \d+ · Chưa rõ đạt hay chưa: 1 · Đúng tiến độ: 1 · Đạt: 2 · Chưa có số liệu: 1", table
        )
        # What villages count is of a few communes, so it says nothing of the province's amounts.
        assert "Danh sách mới có thôn của 3/412 xã" in table
        assert "Giải ngân vốn sự nghiệp, Tiểu dự án 3 - Dự án 5: 20.911 triệu đồng, quý III/2023\n" in table
        supported = await said("demo:can-bo-tinh", "hộ được hỗ trợ nước phân tán")
        assert "Chưa thể nói là đạt chỉ tiêu đến 2023: 7.020 hộ" in supported
        assert "Danh sách mới có thôn của 3/412 xã" in supported
        # The quota is of households in those areas, and it is written down that all of these communes are of them.
        assert "Kế hoạch chỉ nói về" not in table
        allotted = await said("demo:can-bo-tinh", "bảng vốn")
        assert "hôm nay cần 84,9 %" in allotted
        assert "Giải ngân toàn Chương trình: 584.009/1.473.139 triệu đồng (39,6 %), chậm" in allotted
        assert "Giải ngân vốn đầu tư, Dự án 1: 10.271/30.891 triệu đồng (33,2 %), chậm" in allotted
        assert "Dòng 1-8 trong 31" in allotted
        for _ in range(3):
            turned = LocalMessage("demo:can-bo-tinh", MessageKind.PRESS, "Trang sau ›", at=THEN)
            allotted = (await chat.say(turned))[0].text()
        assert "Hộ được hỗ trợ nhà ở: có báo cáo nhưng giữ kín để không lộ số nhỏ" in allotted
        line = await said("demo:can-bo-tinh", "giải ngân vốn đầu tư dự án 7")
        assert "13.325 triệu đồng" in line
        assert "Đạt chỉ tiêu" in line
        assert "hạn 10/11/2023" in await said("demo:can-bo-tinh", "/baocao")
        assert "huyện Kỳ Sơn" in await said("demo:can-bo-huyen", "/baocao")
        assert "xã Mỹ Lý" in await said("demo:can-bo-xa", "/baocao")
        assert f"bản Huồi Nhạ {MARK}" in await said(HEAD, "/baocao")
        # Here communes lie in a district that there still is.
        answer = await said("demo:can-bo-huyen", "tổng số hộ toàn huyện")
        assert re.search(r"huyện Kỳ Sơn.*Tổng số hộ", answer, re.DOTALL)
        assert "kết thúc" not in answer
        for question in ("hộ nghèo các xã", "so sánh hộ nghèo xã Mỹ Lý và Bảo Nam", "xuất hộ nghèo các xã"):
            assert "gặp lỗi" not in await said("demo:can-bo-huyen", question)
        assert "gặp lỗi" not in await said("demo:can-bo-tinh", "xuất báo cáo 9 tháng")


# --- the command


def test_without_a_terminal_the_demonstration_plays_the_tour_and_touches_nothing_else(tmp_path: Path) -> None:
    own = tmp_path / "own.db"
    settings = {"DATABASE_URL": f"sqlite+aiosqlite:///{own}", "DATA_DIR": str(tmp_path / "data")}
    environment = {**os.environ, **{f"THONBAO_{name}": value for name, value in settings.items()}}
    done = command("demo", environment=environment, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "câu 1/" in done.stdout.casefold()
    assert not own.exists()
    assert not (tmp_path / "data").exists()


def test_a_script_drives_the_demonstration_and_its_folder_stays(tmp_path: Path) -> None:
    folder = tmp_path / "kept #1 here"
    lines = [
        {"text": "/menu"},
        {"from": "demo:can-bo-huyen", "text": "/cacthon"},
        {"from": "nobody:1", "text": "a"},
    ]
    given = "".join(json.dumps(line) + "\n" for line in lines)
    words = ("demo", "--jsonl", "--keep", str(folder))
    done = command(*words, environment=os.environ, folder=tmp_path, given=given)
    assert done.returncode == 0, done.stderr
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line for line in out if "done" in line] == [{"done": True}] * 3
    assert {line["to"] for line in out if "to" in line} == {HEAD, "demo:can-bo-huyen"}
    assert "error" in out[-2]
    assert (folder / FILE).exists()
    moved = folder.rename(tmp_path / "moved")
    found = command("place", "find", "Vĩnh Thông", environment=os.environ, folder=moved)
    assert found.returncode == 0, found.stderr
    again = command("demo", "--keep", str(moved), environment=os.environ, folder=tmp_path)
    assert again.returncode == 2
    assert FILE in again.stderr


def test_the_settings_that_a_folder_has_are_not_replaced(tmp_path: Path) -> None:
    settings = tmp_path / ENV_FILE
    settings.write_text("THONBAO_TELEGRAM_TOKEN=1:a")
    done = command("demo", "--keep", ".", environment=os.environ, folder=tmp_path)
    assert done.returncode == 2
    assert ENV_FILE in done.stderr
    assert settings.read_text() == "THONBAO_TELEGRAM_TOKEN=1:a"
    assert not (tmp_path / FILE).exists()
