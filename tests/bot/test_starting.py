"""What keeps `thonbao serve` from starting: a sentence where it must be mended, patience where it may pass."""

import asyncio
import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.cli import main
from bot.problems import WrongCall
from bot.serve import serve
from bot.settings import load_settings
from bot.starting import gate_of, waiting
from storage.ownership import lock_file
from storage.unit_of_work import APART
from tests.bot.loopback import PATIENCE, TOKEN, Loopback
from tests.bot.test_serve import environment, started, webhooks
from tests.bot.test_trouble import AGAIN, CALL, HEAD, NOT_SAVED, STRANGER, enrol
from tests.free_ports import free_port

Free = Callable[[], object]
"""Makes room."""
Disk = Callable[[dict[str, str]], AbstractAsyncContextManager[tuple[asyncio.subprocess.Process, Free]]]


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with Loopback() as api:
        yield api


def lock_is_a_folder(database: Path, data: Path) -> None:
    lock_file(database).unlink(missing_ok=True)
    lock_file(database).mkdir()


def database_is_a_folder(database: Path, data: Path) -> None:
    database.unlink()
    database.mkdir()


def no_database(database: Path, data: Path) -> None:
    database.write_bytes(b"")


def photos_are_a_file(database: Path, data: Path) -> None:
    (data / "photos").write_bytes(b"")


def no_database_file(database: Path, data: Path) -> None:
    database.write_bytes(b"SQLite of another kind" * 100)


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("harm", "vietnamese", "english"),
    [
        (lock_is_a_folder, "có quyền ghi. Hãy cấp quyền", "Give the right to"),
        (database_is_a_folder, "Không mở được tệp cơ sở dữ liệu", "cannot be opened"),
        (no_database, "thonbao init", "thonbao init"),
        (no_database_file, "không phải là cơ sở dữ liệu SQLite", "not an SQLite database"),
        (photos_are_a_file, "photos không phải là thư mục", "photos is a file"),
    ],
)
async def test_what_must_be_mended_is_a_sentence(
    kind: str,
    database_url: str,
    tmp_path: Path,
    harm: Callable[[Path, Path], None],
    vietnamese: str,
    english: str,
) -> None:
    harm(Path(database_url.partition("///")[2]), tmp_path)
    for locale, words in (("vi", vietnamese), ("en", english)):
        settings = load_settings(
            database_url=database_url,
            data_dir=tmp_path,
            telegram_token=TOKEN,
            port=free_port(),
            locale=locale,
        )
        with pytest.raises(WrongCall, match=words):
            await serve(settings)


@pytest.mark.parametrize("words", ["serve", "people list", "init"])
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_an_env_that_is_a_folder_is_a_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: str,
    locale: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").mkdir()
    monkeypatch.setenv("THONBAO_LOCALE", locale)
    monkeypatch.setattr("sys.argv", ["thonbao", *words.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert told.startswith("Không đọc được .env" if locale == "vi" else ".env cannot be read")


async def answer(port: int) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/healthz") as got:
        return got.status, await got.text()


async def answer_soon(port: int) -> tuple[int, str]:
    """The same, or nothing where nobody listens yet."""
    with suppress(aiohttp.ClientConnectorError):
        return await answer(port)
    return 0, ""


async def said(process: asyncio.subprocess.Process, words: str) -> None:
    """Return once the service has logged `words`."""
    assert process.stderr is not None
    lines = [""]
    async with asyncio.timeout(PATIENCE):
        while words not in lines[-1]:
            lines.append((await process.stderr.readline()).decode())
            assert lines[-1], "".join(lines)  # at the end of a stream nothing waits, nor does a timeout come


@asynccontextmanager
async def without_room(variables: dict[str, str]) -> AsyncIterator[tuple[asyncio.subprocess.Process, Free]]:
    """The service under a limit on the size of files, which stands for a full disk: it can be lifted from outside."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        starting = started(variables)
        process = await starting.__aenter__()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    try:
        yield process, partial(resource.prlimit, process.pid, resource.RLIMIT_FSIZE, limit)
    finally:
        await starting.__aexit__(None, None, None)


@asynccontextmanager
async def on_small_disk(
    variables: dict[str, str], spoil: str, mend: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, Free]]:
    """The service on a real disk of its own, with what the shell does to the disk before and afterwards."""
    if subprocess.run(["unshare", "-Urm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lends nobody a disk")
    folder = Path(variables["THONBAO_DATA_DIR"])
    disk = folder / "disk"
    disk.mkdir()
    file = Path(variables["THONBAO_DATABASE_URL"].partition("///")[2])
    steps = (
        f"mount -t tmpfs -o size=16m none {disk}",
        f"cp {file} {disk}/thonbao.db",
        f"cd {disk}; ({spoil}) 2>{folder}/spoilt; cd {folder}",
        f"exec {sys.executable} -m bot serve",
    )
    there = {
        "PYTHONPATH": str(Path.cwd()),
        "THONBAO_DATABASE_URL": f"sqlite+aiosqlite:///{disk}/thonbao.db",
        "THONBAO_DATA_DIR": str(folder / "elsewhere"),
    }
    process = await asyncio.create_subprocess_exec(
        *("unshare", "-Urm", "sh", "-ec", "\n".join(steps)),
        env={**os.environ, **variables, **there},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    within = ("nsenter", "-t", str(process.pid), "-U", "-m", "--preserve-credentials")
    try:
        yield process, partial(subprocess.run, [*within, "sh", "-ec", f"cd {disk}; {mend}"], check=True)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.communicate()


on_full_disk = partial(on_small_disk, spoil="dd if=/dev/zero of=filled bs=4k || true", mend="rm filled")
on_locked_disk = partial(on_small_disk, spoil="mount -o remount,ro none .", mend="mount -o remount,rw none .")


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("disk", "mode", "why"),
    [
        (without_room, "webhook", "disk_full"),
        (on_full_disk, "polling", "disk_full"),
        (on_locked_disk, "polling", "disk_locked"),
    ],
)
async def test_a_disk_without_room_is_waited_out_and_whoever_writes_is_told(
    api: Loopback,
    database: AsyncEngine,
    database_url: str,
    kind: str,
    tmp_path: Path,
    disk: Disk,
    mode: str,
    why: str,
) -> None:
    """Nothing is confirmed meanwhile, each is told once, who is in danger whom to call; then each message counts once."""
    await enrol(database, HEAD)
    await database.dispose()
    port = free_port()

    def told(words: str, chat: int) -> int:
        return sum(words in text for text in api.chat(chat).texts)

    variables = environment(
        api, database_url, tmp_path, port, **(webhooks(port) if mode == "webhook" else {})
    )
    async with disk(variables) as (process, free):
        await said(process, "cannot begin yet, trying on")
        await api.until(lambda: api.webhook if mode == "webhook" else api.count("getUpdates"), PATIENCE)
        assert await answer(port) == (503, f"not ready: cannot begin: {why}")
        updates = [
            {"update_id": next(api.update_ids), "message": api.message_of(chat, text=text)}
            for chat, text in ((STRANGER, "xin chào"), (HEAD, "/start"), (HEAD, "cháy nhà cứu với"))
        ]
        for update in updates:
            if mode == "polling":
                await api.give(update)
            else:
                assert await api.post(update) == 500
        await api.until(lambda: told(NOT_SAVED, STRANGER) and told(CALL, HEAD), PATIENCE)
        assert mode == "webhook" or api.updates == updates, "what is not saved is not confirmed"
        free()
        for update in updates if mode == "webhook" else ():
            await posted(api, update)
        await api.until(lambda: (len(api.chat(STRANGER).texts), len(api.chat(HEAD).texts)) == (3, 5))
        assert [told(words, HEAD) for words in (NOT_SAVED, CALL, AGAIN, "khẩn cấp phải không")] == [1] * 4
        assert [told(words, STRANGER) for words in (NOT_SAVED, AGAIN)] == [1] * 2
        await api.until(lambda: not api.updates)
        assert await answer(port) == (200, "ok")
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0
    assert b"cannot begin" not in errors


async def posted(api: Loopback, update: dict[str, object]) -> None:
    """Deliver as Telegram does, until it is taken."""
    async with asyncio.timeout(PATIENCE):
        while await api.post(update) != 200:
            await asyncio.sleep(0.1)


def of_folder(number: int) -> WrongCall:
    """How the data folder tells what it met."""
    error = WrongCall("the folder")
    error.__cause__ = OSError(number, "")
    return error


@pytest.mark.parametrize(
    ("error", "sort"),
    [
        (OSError(errno.ENOSPC, ""), "disk_full"),
        (OSError(errno.EROFS, ""), "disk_locked"),
        (OSError(errno.EIO, ""), "disk_error"),
        (OSError(errno.EACCES, ""), ""),
        (of_folder(errno.EROFS), "disk_locked"),
        (of_folder(errno.EIO), "disk_error"),
        (of_folder(errno.EACCES), ""),
    ],
)
def test_a_disk_that_fails_is_waited_for_and_a_missing_right_is_not(error: Exception, sort: str) -> None:
    """Whether the database or the data folder meets it."""
    with nullcontext() if sort else pytest.raises(WrongCall):
        assert waiting(error, "", "vi") == sort


async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65536):
        writer.write(chunk)
    writer.close()


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_database_server_that_comes_late(
    api: Loopback, database_url: str, kind: str, tmp_path: Path
) -> None:
    port, server_port = free_port(), free_port()
    parts = urlsplit(database_url)
    [folder] = parse_qs(parts.query)["host"]
    late = f"postgresql+asyncpg://postgres@127.0.0.1:{server_port}{parts.path}?ssl=disable"

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.5432")
        await asyncio.gather(joined(reader, to_server), joined(from_server, writer))

    async with started(environment(api, late, tmp_path, port)) as process:
        await said(process, "cannot begin yet, trying on")
        assert await answer(port) == (503, "not ready: cannot begin: cannot_connect")
        await api.say(STRANGER, "xin chào")
        await api.until(lambda: api.chat(STRANGER).texts)
        async with await asyncio.start_server(forward, "127.0.0.1", server_port) as server:
            await api.until(lambda: len(api.chat(STRANGER).texts) == 3)
            assert await answer(port) == (200, "ok")
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.communicate(), PATIENCE)
            server.close()
    assert process.returncode == 0
    assert [
        words in text for words, text in zip((NOT_SAVED, AGAIN), api.chat(STRANGER).texts, strict=False)
    ] == [True] * 2


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_is_told_to_stop_while_it_waits_ends_well(api: Loopback, kind: str, tmp_path: Path) -> None:
    port, stop = free_port(), asyncio.Event()
    url = f"postgresql+asyncpg://postgres@127.0.0.1:{free_port()}/none"
    settings = load_settings(
        database_url=url, data_dir=tmp_path, telegram_token=TOKEN, telegram_base_url=api.url, port=port
    )
    serving = asyncio.create_task(serve(settings, stop))
    async with asyncio.timeout(PATIENCE):
        while await answer_soon(port) != (503, "not ready: cannot begin: cannot_connect"):
            await asyncio.sleep(0)
    stop.set()
    await asyncio.wait_for(serving, PATIENCE)
    assert await answer_soon(port) == (0, ""), "nobody listens any more"


async def test_answers_share_transactions_under_the_service(tmp_path: Path) -> None:
    file = tmp_path / "thonbao.db"
    file.touch()
    settings = load_settings(database_url=f"sqlite+aiosqlite:///{file}", data_dir=tmp_path)
    async with AsyncExitStack() as stack:
        assert (await gate_of(settings, [], stack)).apart == APART > 0
