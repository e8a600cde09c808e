"""Replies and presses that belong to another message than the open question's: they never answer it."""

import os
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from bot.channels.telegram import TelegramChannel
from bot.chat import Chat, chatting, said_from
from bot.demo.run import FILE, settings_in
from bot.main import running
from bot.serve import Taker
from bot.settings import Settings, load_settings
from storage.database import writing
from storage.tables import Contact, Emergency, InterviewRow, Outbox, now
from tests.bot.loopback import TOKEN, Loopback
from tests.bot.person import CHAT, Person, begun, data_of, settle, stored
from tests.handlers.chatting import ZONE

HEAD = "demo:truong-thon"
DATE = "2026-11-18T09:40"


@pytest.fixture
async def chat(demonstration: Path, tmp_path: Path) -> AsyncIterator[Chat]:
    shutil.copyfile(demonstration, tmp_path / FILE)
    async with chatting(settings_in(tmp_path), plain=False) as chat:
        yield chat


async def says(chat: Chat, line: str, contact: str = HEAD) -> str:
    """Everything that a line of a script, in JSON, leads to, with the labels of its buttons."""
    shown = await chat.say(said_from(line.replace("}", f', "date": "{DATE}"}}'), contact, ZONE))
    labels = [f"[{button.label}]" for message in shown for button in message.buttons()]
    return "\n".join([*(message.text() for message in shown), *labels])


async def values(chat: Chat) -> dict[str, str]:
    """The answers of the latest interview that is under way, by question."""
    async with chat.app.storage.reading() as session:
        rows = await session.exec(select(InterviewRow).where(InterviewRow.status.in_(("open", "review"))))  # type: ignore[attr-defined]
        state = list(rows)[-1].state
    return {path.rpartition("/")[2]: value for path, value in state["values"].items() if "/meta/" not in path}


async def at_third_question(chat: Chat) -> None:
    """Begin the questionnaire on water and answer its first two questions with 120 and 110."""
    await says(chat, '{"text": "báo cáo"}')
    assert "Câu 1/" in await says(chat, '{"press": "Làm: Nước sinh hoạt"}')
    await says(chat, '{"text": "120"}')
    assert "Câu 3/" in await says(chat, '{"text": "110"}')


@pytest.mark.parametrize(("button", "then"), [("Lùi", "Câu 2/"), ("Như kỳ trước: 109 hộ", "Câu 4/")])
async def test_a_tap_that_is_repeated_does_nothing_more(chat: Chat, button: str, then: str) -> None:
    """On a slow network people tap until something happens: the question after the first tap is asked again."""
    await at_third_question(chat)
    tap = f'{{"press": "{button}", "under": "Câu 3/"}}'
    assert then in await says(chat, tap)
    for _ in range(2):
        said = await says(chat, tap)
        assert then in said
        assert "nút của một câu khác" not in said


async def test_a_reply_to_an_earlier_question_leads_back_to_it(chat: Chat) -> None:
    await at_third_question(chat)
    before = await values(chat)
    said = await says(chat, '{"text": "20", "reply": "Câu 1/"}')
    assert "Câu 1/" in said
    assert "Giữ nguyên: 120 hộ" in said
    assert await values(chat) == before
    assert "Ghi nhận: 115 hộ" in await says(chat, '{"text": "115"}')


async def test_a_reply_to_the_open_question_answers_it(chat: Chat) -> None:
    await at_third_question(chat)
    assert "Ghi nhận: 90 hộ" in await says(chat, '{"text": "90", "reply": "Câu 3/"}')


@pytest.mark.parametrize("line", ['{"text": "20", "reply": 999}', '{"press": "Để sau", "under": 999}'])
async def test_what_belongs_to_an_unknown_message_changes_nothing_and_leads_on(chat: Chat, line: str) -> None:
    await at_third_question(chat)
    before = await values(chat)
    said = await says(chat, line)
    assert "Câu 3/" in said
    assert "[Để sau]" in said
    assert await values(chat) == before
    assert "Ghi nhận: 90 hộ" in await says(chat, '{"text": "90"}')


@pytest.mark.parametrize("words", ["nhầm, 115", "à quên 115", "lộn, 115 hộ", "không phải, 115"])
@pytest.mark.parametrize("back", ["Lùi", "reply"])
async def test_a_slip_is_of_the_question_that_was_gone_back_to(chat: Chat, back: str, words: str) -> None:
    await at_third_question(chat)
    if back == "reply":
        assert "Câu 1/" in await says(chat, '{"text": "nhầm", "reply": "Câu 1/"}')
    else:
        await says(chat, '{"press": "Lùi"}')
        assert "Câu 1/" in await says(chat, '{"press": "Lùi"}')
    assert "Ghi nhận: 115 hộ" in await says(chat, f'{{"text": "{words}"}}')
    # Back at question 2, the one before it is what was answered last.
    assert "1. " in await says(chat, '{"text": "nhầm, 117"}')


async def test_a_slip_is_of_a_later_question_that_was_gone_to(chat: Chat) -> None:
    await at_third_question(chat)
    await says(chat, '{"text": "109"}')
    for _ in range(3):
        await says(chat, '{"press": "Lùi"}')
    await says(chat, '{"text": "121"}')
    assert "Giữ nguyên: 109 hộ" in await says(chat, '{"text": "nhầm", "reply": "Câu 3/"}')
    assert "Ghi nhận: 108 hộ" in await says(chat, '{"text": "nhầm, 108"}')


async def test_a_slip_after_what_was_kept_is_of_the_open_question(chat: Chat) -> None:
    await at_third_question(chat)
    await says(chat, '{"press": "Lùi"}')
    await says(chat, '{"press": "Lùi"}')
    assert "Câu 2/" in await says(chat, '{"press": "Giữ nguyên: 120 hộ"}')
    assert "Ghi nhận: 109 hộ" in await says(chat, '{"text": "nhầm, 109"}')


async def test_a_slip_in_reply_to_the_open_question_is_its_own(chat: Chat) -> None:
    await at_third_question(chat)
    assert "Ghi nhận: 90 hộ" in await says(chat, '{"text": "nhầm, 90", "reply": "Câu 3/"}')


async def test_a_reply_to_what_is_no_question_answers_nothing(chat: Chat) -> None:
    await at_third_question(chat)
    await says(chat, '{"text": "/menu"}')
    said = await says(chat, '{"text": "90", "reply": "Bác muốn làm gì"}')
    assert "Câu 3/" in said
    assert "Ghi nhận" not in said


async def test_words_that_call_a_screen_do_so_whatever_they_reply_to(chat: Chat) -> None:
    await at_third_question(chat)
    assert "[Làm tiếp: " in await says(chat, '{"text": "báo cáo", "reply": 999}')


async def test_a_reply_to_a_question_that_was_put_aside_takes_it_up(chat: Chat) -> None:
    await at_third_question(chat)
    await says(chat, '{"press": "Để sau"}')
    assert "Câu 2/" in await says(chat, '{"text": "90", "reply": "Câu 2/"}')
    assert await values(chat) == {"nuoc_ho": "120", "nuoc_ho_dtts": "110"}


async def test_yes_in_reply_to_something_else_erases_nobody(chat: Chat) -> None:
    await says(chat, '{"text": "/menu"}')
    await says(chat, '{"text": "/roi"}')
    for line in ('{"text": "có", "reply": 999}', '{"text": "vâng", "reply": "Bác muốn làm gì"}'):
        assert "chưa được ghi" in await says(chat, line)
    async with chat.app.storage.reading() as session:
        [contact] = await session.exec(select(Contact).where(Contact.address == "truong-thon"))
    assert contact.person_id is not None


async def test_an_emergency_goes_on_whatever_it_replies_to(chat: Chat) -> None:
    said = await says(chat, '{"text": "khẩn cấp"}')
    kind = said.partition("[")[2].partition("]")[0]
    await says(chat, f'{{"press": "{kind}"}}')
    await says(chat, '{"text": "nước lên nhanh", "reply": 999}')
    async with chat.app.storage.reading() as session:
        [emergency] = await session.exec(select(Emergency))
    assert [detail["text"] for detail in emergency.details] == ["nước lên nhanh"]


# --- Telegram -------------------------------------------------------------------------------------------


@pytest.fixture
def settings(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in [name for name in os.environ if name.startswith("THONBAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("THONBAO_DATABASE_URL", database_url)
    monkeypatch.setenv("THONBAO_DATA_DIR", str(tmp_path))
    return load_settings()


@pytest.fixture
async def person(database: AsyncEngine, settings: Settings) -> AsyncIterator[Person]:
    async with writing(database) as session:
        await settle(session)
    async with Loopback() as api, TelegramChannel(TOKEN, api.url) as telegram:
        api.chat(CHAT)
        async with running(settings, [telegram]) as app:
            yield Person(api, Taker(app, telegram))


async def test_telegram_a_reply_belongs_to_the_question_it_replies_to(person: Person) -> None:
    first, *_ = await begun(person)
    said = await person.says("20", reply_to_message=first)
    assert "Câu 1/" in said["text"]
    assert await stored(person) == {"nuoc_ho": "100", "nuoc_ho_dtts": "40"}
    assert "Ghi nhận: 98 hộ" in (await person.says("98"))["text"]


async def test_telegram_a_reply_to_ones_own_answer_leads_back_to_its_question(person: Person) -> None:
    await begun(person)
    own = person.api.message_of(CHAT, text="39")
    await person.sends({"message": own})
    assert "Câu 3/" in (await person.says("38", reply_to_message=own))["text"]


@pytest.mark.parametrize("elsewhere", [{"reply_to_message": {"message_id": 987654}}, {"external_reply": {}}])
async def test_telegram_a_reply_to_what_is_not_known(person: Person, elsewhere: dict[str, Any]) -> None:
    await begun(person)
    said = await person.says("20", **elsewhere)
    assert "Câu 3/" in said["text"]
    assert "chưa được ghi" in said["text"]
    assert await stored(person) == {"nuoc_ho": "100", "nuoc_ho_dtts": "40"}


async def test_telegram_a_press_under_a_message_that_is_not_known(person: Person) -> None:
    *_, third = await begun(person)
    lost = {**third, "message_id": 987654}
    said = await person.presses(data_of(third, ":b"), lost)
    assert "Câu 3/" in said["text"]
    assert "không còn nhớ" in said["text"]
    assert "Câu 2/" in (await person.presses(data_of(said, ":b"), dict(said)))["text"]


async def test_telegram_the_first_of_two_copies_works(person: Person) -> None:
    """A process that died after sending wrote nothing down: the message came again under another number."""
    *_, third = await begun(person)
    async with writing(person.taker.app.storage.engine) as session:
        row = (await session.exec(select(Outbox).where(Outbox.ref == str(third["message_id"])))).one()
        row.ref, row.body = "987654", {**row.body, "again": True}
    assert "Câu 2/" in (await person.presses(data_of(third, ":b"), third))["text"]


async def test_telegram_a_button_of_long_ago_works_though_its_message_is_known_no_more(
    person: Person,
) -> None:
    *_, third = await begun(person)
    await aged(person, timedelta(days=9))
    old = {**third, "message_id": 987654, "date": int((datetime.now(UTC) - timedelta(days=8)).timestamp())}
    assert "Câu 2/" in (await person.presses(data_of(third, ":b"), old))["text"]


async def test_telegram_no_button_acts_on_an_interview_that_began_after_it_was_shown(person: Person) -> None:
    """A restored database gives the number of a lost interview to another."""
    *_, third = await begun(person)
    old = {**third, "message_id": 987654, "date": int((datetime.now(UTC) - timedelta(days=8)).timestamp())}
    said = await person.presses(data_of(third, ":b"), old)
    assert "Câu" not in said["text"]
    assert "Báo cáo" in str(said["reply_markup"])


@pytest.mark.parametrize("date", [0, 1_000_000_000])
async def test_telegram_a_button_works_under_a_message_that_is_told_with_no_date_or_an_odd_one(
    person: Person, date: int
) -> None:
    """What Telegram cannot read any more it tells with the date 0: it is no message from before the interview began."""
    *_, third = await begun(person)
    under = {"chat": third["chat"], "message_id": third["message_id"], "date": date}
    assert "Câu 2/" in (await person.presses(data_of(third, ":b"), under))["text"]


async def aged(person: Person, by: timedelta) -> None:
    """Let the interview have begun so long ago."""
    async with writing(person.taker.app.storage.engine) as session:
        (await session.exec(select(InterviewRow))).one().started_at = now() - by


async def test_a_button_of_the_question_that_was_open_before_a_step_back_leads_to_it(chat: Chat) -> None:
    await at_third_question(chat)
    await says(chat, '{"text": "20", "reply": "Câu 1/"}')
    said = await says(chat, '{"press": "Lùi", "under": "Câu 3/"}')
    assert "Câu 3/" in said
    assert "không cần trả lời" not in said
    assert "Ghi nhận: 90 hộ" in await says(chat, '{"text": "90"}')
