"""The bot as a script meets it: every line answered, nothing that is said ends the conversation."""

import asyncio
import io
import json
import os
import shutil
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console
from sqlmodel import col, select, update

from bot.chat import Chat, chatting
from bot.demo.build import build
from bot.demo.run import FILE, settings_in
from bot.demo.tour import Tour
from bot.problems import WrongCall
from bot.terminal import Terminal, lines, run_script
from handlers.wording import wording
from plans.reading import load_plans
from storage.tables import Role

NOW = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
HEAD = "demo:truong-thon"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chat")
    asyncio.run(build(settings_in(folder), NOW, load_plans()))
    return folder / FILE


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    shutil.copyfile(template, tmp_path / FILE)
    return tmp_path


@pytest.fixture
async def chat(folder: Path) -> AsyncIterator[Chat]:
    async with chatting(settings_in(folder), plain=False) as chat:
        yield chat


async def test_a_new_day_ends_what_has_run_out_as_a_service_would(chat: Chat) -> None:
    days = [{"text": "menu", "date": f"{NOW + timedelta(days=day):%Y-%m-%dT%H:%M}"} for day in (0, 1)]
    await script(chat, days[0])
    ends = update(Role).where(col(Role.id) == 1).values(ends_at=NOW)
    await chat.app.storage.write(lambda session: session.exec(ends))
    await script(chat, days[0])
    assert not await is_ended(chat)
    await script(chat, days[1])
    assert await is_ended(chat)


async def is_ended(chat: Chat) -> bool:
    async with chat.app.storage.reading() as session:
        return (await session.exec(select(Role.until).where(Role.id == 1))).one() is not None


def typed(text: bytes) -> int:
    """A descriptor from which `text` can be read, and then its end."""
    reader, writer = os.pipe()
    os.write(writer, text)
    os.close(writer)
    return reader


async def script(chat: Chat, *said: Any, contact: str = HEAD) -> list[list[dict[str, Any]]]:
    """What is printed for each line, without the closing {"done": true}."""
    written = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in said]
    out, descriptor = io.StringIO(), typed(b"\n".join(written) + b"\n")
    try:
        await run_script(chat, contact, descriptor, out)
    finally:
        os.close(descriptor)
    groups: list[list[dict[str, Any]]] = [[]]
    for line in out.getvalue().splitlines():
        body = json.loads(line)
        if body == {"done": True}:
            groups.append([])
        else:
            groups[-1].append(body)
    assert groups.pop() == []
    assert len(groups) == len(said)
    return groups


def labels(group: list[dict[str, Any]]) -> list[str]:
    return [label for message in group for row in message["buttons"] for label in row]


async def to_first_question(chat: Chat) -> list[dict[str, Any]]:
    """Open the questionnaire on water; gives the messages that ask its first question."""
    (due,) = await script(chat, {"text": "/baocao"})
    wanted = next(label for label in labels(due) if "Nước sinh hoạt" in label)
    (asked,) = await script(chat, {"press": wanted})
    assert "Câu 1/" in asked[-1]["text"]
    return asked


async def test_lines_come_whole_and_the_last_one_needs_no_end() -> None:
    descriptor = typed("một\nhai\n\nba".encode())
    assert [line.decode() async for line in lines(descriptor)] == ["một", "hai", "", "ba"]
    os.close(descriptor)


async def test_every_message_has_every_key_and_every_line_is_closed(chat: Chat) -> None:
    menu, help_ = await script(chat, {"text": "/menu"}, {"text": "/trogiup"})
    for message in (*menu, *help_):
        assert set(message) == {"to", "text", "buttons", "photo", "document"}
        assert message["to"] == HEAD
        assert message["text"]
        assert "<" not in message["text"]


async def test_bad_lines_are_named_and_the_conversation_goes_on(chat: Chat) -> None:
    groups = await script(
        chat,
        *(b"no", b"\xff", b"", b"[]", {"press": "Nút không có"}, {"photo": "/no/where.jpg"}),
        *({"from": "x:1", "text": "a"}, {"text": "/menu"}),
    )
    for group in groups[:-1]:
        assert [list(line) for line in group] == [["error"]]
    assert groups[-1][0]["to"] == HEAD


async def test_an_answer_is_read_and_the_next_question_follows(chat: Chat) -> None:
    await to_first_question(chat)
    (answered,) = await script(chat, {"text": "118 hộ"})
    assert any("118 hộ" in message["text"] for message in answered)
    assert "Câu 2/" in answered[-1]["text"]


async def test_a_message_delivered_twice_has_one_effect(chat: Chat) -> None:
    await to_first_question(chat)
    once, twice = await script(chat, {"text": "62", "key": "k1"}, {"text": "62", "key": "k1"})
    assert once
    assert twice == []


async def test_a_button_of_the_last_message_is_known_after_a_restart(folder: Path) -> None:
    async with chatting(settings_in(folder), plain=False) as first:
        asked = await to_first_question(first)
    later = labels(asked)[-1]
    async with chatting(settings_in(folder), plain=False) as second:
        (answered,) = await script(second, {"press": later})
    assert answered
    assert "error" not in answered[0]


async def test_the_date_of_a_line_is_the_day_of_that_message_alone(chat: Chat) -> None:
    then, now = await script(chat, {"text": "/baocao", "date": "2026-03-04T08:00"}, {"text": "/baocao"})
    assert "03/2026" in then[0]["text"]
    assert "04/03/2026" not in now[0]["text"]
    assert then[0]["text"] != now[0]["text"]


async def test_a_reminder_reaches_the_village_with_the_line_that_caused_it(chat: Chat) -> None:
    officer, day = "demo:can-bo-xa", "2026-11-21T10:00"
    [seen] = await script(chat, {"from": officer, "text": "/cacthon", "date": day})
    late = next(label for row in seen[0]["buttons"] for label in row if label.startswith("Thiếu"))
    await script(chat, {"from": officer, "press": late, "date": day})
    remind = chat.screen.seen[officer][-1].buttons()[0].label
    assert remind.startswith("Nhắc")
    [said] = await script(chat, {"from": officer, "press": remind, "date": day})
    reminded = {message["to"] for message in said} - {officer}
    assert reminded
    assert all(contact.startswith("demo:truong-thon") for contact in reminded)


async def test_without_buttons_the_numbered_list_is_typed_and_pressed_alike(folder: Path) -> None:
    async with chatting(settings_in(folder), plain=True) as chat:
        (due,) = await script(chat, {"text": "/baocao"})
        assert due[0]["buttons"] == []
        assert "\n1. " in due[0]["text"]
        (asked,) = await script(chat, {"text": "1"})
        assert "Câu 1/" in asked[-1]["text"]
        assert "Gõ: " in asked[-1]["text"]
        later = asked[-1]["text"].rpartition(" · ")[2]
        (kept,) = await script(chat, {"press": later})
        assert "Câu 1/" not in kept[0]["text"]


async def test_the_terminal_shows_another_channel_with_what_it_costs(folder: Path) -> None:
    async with chatting(settings_in(folder), plain=False, shown_as="sms") as chat:
        due, asked = await script(chat, {"text": "bao cao"}, {"text": "1"})
        assert due[0]["text"].startswith("Bao cao\n- ")
        assert "\n1. Lam: " in due[0]["text"]
        assert (due[0]["buttons"], due[0]["cost"]) == ([], "(2 phần SMS)")
        assert "Cau 1/" in asked[0]["text"]
    async with chatting(settings_in(folder), plain=False, shown_as="zalo-oa") as chat:
        out = io.StringIO()
        await Tour(chat, out, wording("vi")).play()
    assert "[Gửi]" in out.getvalue()
    assert "48 giờ" in out.getvalue()
    with pytest.raises(WrongCall, match="zalo-oa"):
        async with chatting(settings_in(folder), plain=False, shown_as="zallo"):
            pass


async def test_without_buttons_what_came_unasked_is_answered_by_its_words(folder: Path) -> None:
    officer = "demo:can-bo-xa"
    async with chatting(settings_in(folder), plain=True) as chat:
        await script(chat, {"from": officer, "text": "/thongbao"})
        _, raised = await script(chat, {"text": "khẩn cấp"}, {"text": "2"})
        [alert] = [said["text"] for said in raised if said["to"] == officer]
        assert alert.endswith("Gõ: Đã nhận tin")
        acknowledged, sent = await script(
            chat, {"from": officer, "text": "da nhan tin"}, {"from": officer, "text": "tôi lên ngay"}
        )
        assert {said["to"] for said in acknowledged} == {officer, HEAD, "demo:can-bo-huyen"}
        [told] = [said["text"] for said in sent if said["to"] == HEAD]
        assert "tôi lên ngay" in told
        (again,) = await script(chat, {"from": officer, "text": "đã nhận tin"})
        assert "Đã nhận lúc" in again[0]["text"]
        assert "Hà Thị Vinh" in again[0]["text"]


async def terminal(chat: Chat, *said: str, roles: dict[str, str] | None = None) -> str:
    out, descriptor = io.StringIO(), typed("\n".join(said).encode() + b"\n")
    try:
        console = Console(file=out, width=100)
        await Terminal(chat, HEAD, console, wording("vi"), roles or {}).run(descriptor, "/baocao")
    finally:
        os.close(descriptor)
    return out.getvalue()


async def test_at_a_terminal_a_number_presses_but_answers_where_a_number_is_asked(chat: Chat) -> None:
    out = await terminal(chat, "1", "119", "#99", "/q", "/menu")
    assert "[1] " in out
    assert "Câu 1/" in out
    assert "Câu 2/" in out
    assert "Không có nút số 99." in out
    assert out.count(f"{HEAD} ›") == 4


async def test_at_a_terminal_photos_places_and_roles_have_words(chat: Chat, tmp_path: Path) -> None:
    roles = {HEAD: "trưởng thôn", "demo:can-bo-xa": "cán bộ xã"}
    out = await terminal(
        chat,
        "photo /no/where.jpg",
        "vitri x",
        "vitri 22.27 105.9",
        "/vai",
        "/vai 2",
        "/vai demo:truong-thon",
        roles=roles,
    )
    assert "/no/where.jpg" in out
    assert "vitri 22.2712" in out
    assert "  2  demo:can-bo-xa" in out
    assert "demo:can-bo-xa ›" in out
    assert out.rstrip().endswith(f"{HEAD} ›")


async def test_at_a_terminal_the_same_phone_is_shown_as_on_each_channel(chat: Chat) -> None:
    """The conversation goes on where it stood: an answer that was begun on one channel is given on the next."""
    out = await terminal(chat, "1", "/kenh sms", "119", "/kenh zalo", "/kenh zalo-oa", roles={HEAD: "x"})
    begun, sms, account = (
        out.partition("kênh sms")[0],
        out.partition("kênh sms")[2],
        out.rpartition("zalo-oa.")[2],
    )
    assert "Câu 1/" in begun
    assert "phan SMS" in sms or "phần SMS" in sms
    assert "Cau 2/" in sms
    assert "Không có kênh «zalo». Các kênh: telegram, zalo-bot, zalo-oa, sms." in " ".join(out.split())
    assert "không mất tiền" in account


async def test_at_a_terminal_a_stranger_is_told_how_to_share_a_number(chat: Chat) -> None:
    roles = {HEAD: "trưởng thôn", "console:moi": "người mới"}
    out = await terminal(chat, "/vai console:moi", "so 0912000111", roles=roles)
    assert "so 0912345678" in out
    assert "chưa có trong danh sách" in out


async def test_a_button_named_with_its_message_is_that_messages(chat: Chat) -> None:
    """And not that of a newer message with the same label."""
    raised = ({"text": "/khancap"}, {"press": "Cháy"}, {"text": "/khancap"}, {"press": "Sạt lở đất"})
    *_, old, none = await script(
        chat,
        *raised,
        {"press": "Tôi bấm nhầm", "under": "Đã báo Cháy"},
        {"press": "Để sau", "under": "Đã báo Cháy"},
    )
    assert "Để khép tin Cháy" in old[0]["text"]
    assert list(none[0]) == ["error"]
