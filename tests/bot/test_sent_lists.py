"""Lists by chat: an administrator sends a file, sees what it would change, and has it loaded; once, and on their ground."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.channels.base import SendProblem
from bot.chat import Chat, LocalMessage, chatting
from bot.demo.run import FILE, settings_in
from bot.sent_lists import TRIES
from handlers.messages import MessageKind
from storage import villages as villages_of_list
from storage.place_rules import Ruling
from storage.session import Session
from storage.tables import Attachment, Place, RosterEntry
from tests.conftest import DEMONSTRATED

ADMIN, HEAD = "demo:quan-tri", "demo:truong-thon"
VILLAGES = "Mã xã,Loại,Tên thôn\n01981,thôn,Mới Một\n01981,thôn,Mới Hai\n"
ELSEWHERE = "00004"
"""A commune that the administrator does not look after."""
EMPTY = "Nghĩa Tá"
"""A commune of which no village is known."""
PEOPLE = "Họ tên,Điện thoại,Địa bàn,Vai trò\nĐặng Văn Sinh,0912 345 678,{place},{role}\n"


@asynccontextmanager
async def bot(folder: Path, demonstration: Path) -> AsyncIterator[Chat]:
    if not (folder / FILE).exists():
        shutil.copyfile(demonstration, folder / FILE)
    async with chatting(settings_in(folder), plain=False) as chat:
        chat.clock.moment = DEMONSTRATED
        yield chat


async def send(chat: Chat, folder: Path, content: str, name: str = "ds.csv", contact: str = ADMIN) -> str:
    (folder / name).write_text(content, encoding="utf-8")
    said = LocalMessage(contact, MessageKind.OTHER, document=folder / name, at=DEMONSTRATED)
    return "\n".join(message.text() for message in await chat.say(said))


async def press(chat: Chat, label: str) -> str:
    said = LocalMessage(ADMIN, MessageKind.PRESS, label, at=DEMONSTRATED)
    return "\n".join(message.text() for message in await chat.say(said))


async def villages(chat: Chat) -> list[str]:
    async with chat.app.storage.reading() as session:
        return list(await session.exec(select(Place.name).where(col(Place.name).like("Mới %"))))


async def test_a_list_is_shown_then_loaded_once(tmp_path: Path, demonstration: Path) -> None:
    async with bot(tmp_path, demonstration) as chat:
        shown = await send(chat, tmp_path, VILLAGES)
        assert "Danh sách ds.csv sẽ đổi:\nThêm 2 thôn\n• thôn Mới Một, xã Vĩnh Thông" in shown
        assert await villages(chat) == []
        assert "✅ Đã nạp danh sách ds.csv.\nThêm 2 thôn" in await press(chat, "Nạp danh sách")
        assert "đã nạp, đã bỏ" in await press(chat, "Nạp danh sách")
        assert sorted(await villages(chat)) == ["Mới Hai", "Mới Một"]
        assert "không có gì mới" in await send(chat, tmp_path, VILLAGES)
        people = PEOPLE.format(place='"Mới Một, xã Vĩnh Thông"', role="trưởng thôn")
        assert "Chờ thêm 1 trưởng thôn tham gia" in await send(chat, tmp_path, people)
        assert "Đã bỏ danh sách" in await press(chat, "Bỏ, không nạp")
        async with chat.app.storage.reading() as session:
            assert not (
                await session.exec(select(RosterEntry).where(RosterEntry.name == "Đặng Văn Sinh"))
            ).all()
            assert {row.sha256 for row in await session.exec(select(Attachment))} == {""}, "no file is kept"


async def test_one_list_of_an_office_gives_the_villages_and_then_their_heads(
    tmp_path: Path, demonstration: Path
) -> None:
    async with bot(tmp_path, demonstration) as chat:
        both = "Xã,Tên thôn,Họ và tên trưởng thôn,Điện thoại\n{commune},thôn {village},Đặng Văn Sinh,0912345671\n"
        slip = both.format(commune="Vĩnh Thông", village="Nà Hinn")
        assert "Nà Hin" in await send(chat, tmp_path, slip), "where villages are known, a slip makes none"
        shown = await send(chat, tmp_path, both.format(commune=EMPTY, village="Mới Ba"))
        assert f"Thêm 1 thôn\n• thôn Mới Ba, xã {EMPTY}" in shown
        loaded = await press(chat, "Nạp danh sách")
        assert "✅ Đã nạp danh sách ds.csv.\nThêm 1 thôn" in loaded
        assert "Chờ thêm 1 trưởng thôn tham gia" in loaded
        assert "Chờ thêm 1 trưởng thôn" in await press(chat, "Nạp danh sách")


async def test_numbers_of_households_are_shown_and_loaded(tmp_path: Path, demonstration: Path) -> None:
    async with bot(tmp_path, demonstration) as chat:
        await send(chat, tmp_path, VILLAGES)
        await press(chat, "Nạp danh sách")
        counted = "Mã xã,Loại,Tên thôn,Số hộ\n01981,thôn,Mới Một,45\n"
        shown = await send(chat, tmp_path, counted)
        assert "Đổi số hộ của 1 thôn\n• thôn Mới Một, xã Vĩnh Thông: – → 45" in shown
        assert "Đổi số hộ của 1 thôn" in await press(chat, "Nạp danh sách")
        async with chat.app.storage.reading() as session:
            [village] = await session.exec(select(Place).where(Place.name == "Mới Một"))
            assert village.households == 45


@pytest.mark.parametrize("columns", ["Số hộ", "Mã thôn"])
async def test_nothing_of_a_village_elsewhere_is_changed(
    tmp_path: Path, demonstration: Path, columns: str
) -> None:
    async with bot(tmp_path, demonstration) as chat:
        at_home = VILLAGES.replace("01981", ELSEWHERE)

        async def load(session: Session) -> None:
            ruling = Ruling(DEMONSTRATED.date(), "QĐ 1", DEMONSTRATED)
            loaded = await villages_of_list.load(session, at_home.encode(), "a.csv", ruling, "import")
            assert (loaded.faults, loaded.added) == ([], 2)

        await chat.app.storage.write(load)
        told = await send(chat, tmp_path, f"Mã xã,Loại,Tên thôn,{columns}\n{ELSEWHERE},thôn,Mới Một,45\n")
        assert "nằm ngoài nơi bác quản trị" in told
        assert "Nạp danh sách" not in told


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (VILLAGES.replace("01981", "99999"), "a.csv", "chưa nạp được, có 1 chỗ cần sửa:\n• dòng 2, 3, cột A"),
        ("Tên\nMới", "b.csv", "chưa nạp được"),
        (PEOPLE.format(place="xã Vĩnh Thông", role="cán bộ xã"), "c.csv", "1 người không phải trưởng thôn"),
        ("x", "d.pdf", "Xin gửi tệp .xlsx, .docx hoặc .csv"),
        ("x" * 1_100_000, "e.csv", "lớn hơn 1 MB"),
    ],
)
async def test_what_is_wrong_is_told_and_nothing_loaded(
    tmp_path: Path, demonstration: Path, content: str, name: str, told: str
) -> None:
    async with bot(tmp_path, demonstration) as chat:
        text = await send(chat, tmp_path, content, name)
        assert told in text
        assert await villages(chat) == []


PLACED = "STT,Họ và tên,Điện thoại,Thôn,Xã,Tỉnh,Chức vụ\n"
PLACED += "1,Đặng Văn Sinh,0912 345 678,{},Vĩnh Thông,Thái Nguyên,Trưởng thôn\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (PLACED.format("Thôn Mới Một"), "Chờ thêm 1 trưởng thôn"),
        (PLACED.format("Mới Ba"), "Không có địa bàn"),
        (PLACED.format("Thôn Mới Một").replace(",Chức vụ", ",Ghi chú"), "Vai trò"),
        (
            VILLAGES.replace("Tên thôn\n", "Tên thôn,Ghi chú\n").replace("Mới Hai", "Mới Ba"),
            "Không dùng các cột: Ghi chú",
        ),
        ("Mã xã,Loại,Tên thôn,Số hộ\n01981,thôn,Mới Ba,nhiều\n", "Số hộ «nhiều» không đọc được"),
    ],
)
async def test_a_list_of_people_is_never_loaded_as_one_of_villages(
    tmp_path: Path, demonstration: Path, content: str, told: str
) -> None:
    async with bot(tmp_path, demonstration) as chat:
        await send(chat, tmp_path, VILLAGES)
        await press(chat, "Nạp danh sách")
        assert told in await send(chat, tmp_path, content)


async def test_nobody_else_loads_lists(tmp_path: Path, demonstration: Path) -> None:
    async with bot(tmp_path, demonstration) as chat:
        assert "Máy chỉ đọc được chữ" in await send(chat, tmp_path, VILLAGES, contact=HEAD)


async def test_what_was_confirmed_is_loaded_after_a_restart_and_once(
    tmp_path: Path, demonstration: Path
) -> None:
    async with bot(tmp_path, demonstration) as chat:
        await send(chat, tmp_path, VILLAGES)
        chat.app.lists.working = Never()  # type: ignore[assignment]
        with pytest.raises(Dead):
            await press(chat, "Nạp danh sách")
    async with bot(tmp_path, demonstration) as chat:
        await chat.app.lists.work_off()
        await chat.app.lists.work_off()
        told = "\n".join(message.text() for message in await chat.left_over())
        assert told.count("Đã nạp danh sách") == 1
        assert sorted(await villages(chat)) == ["Mới Hai", "Mới Một"]


async def test_a_file_that_cannot_be_fetched_is_tried_again_and_then_given_up(
    tmp_path: Path, demonstration: Path
) -> None:
    async with bot(tmp_path, demonstration) as chat:
        channel = chat.channels["demo"]
        real, fails = channel.download, [True] * TRIES

        async def download(ref: str, limit: int) -> bytes:
            if fails:
                fails.pop()
                raise SendProblem("no network")
            return await real(ref, limit)

        channel.download = download  # type: ignore[method-assign]
        await send(chat, tmp_path, VILLAGES)
        for _ in range(TRIES):
            await chat.app.lists.work_off()
        told = "\n".join(message.text() for message in await chat.left_over())
        assert told.count("Không tải được tệp") == 1
        assert "Thêm 2 thôn" in await send(chat, tmp_path, VILLAGES, "again.csv")


class Dead(Exception):
    """The process ends here."""


class Never:
    """In the place of the lock: the process dies before the list is looked at."""

    async def __aenter__(self) -> None:
        raise Dead

    async def __aexit__(self, *_: object) -> None: ...
