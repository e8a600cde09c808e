"""What keeps `thonbao serve` from starting: a sentence where it must be mended, patience where it may pass."""

import asyncio
import resource
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.cli import main
from bot.problems import WrongCall
from bot.serve import serve
from bot.settings import load_settings
from storage.ownership import lock_file
from tests.bot.loopback import PATIENCE, TOKEN, Loopback
from tests.bot.test_serve import environment, free_port, started


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


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_full_disk_is_waited_out(api: Loopback, database_url: str, kind: str, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: it can be lifted from outside."""
    port = free_port()
    none = (0, resource.RLIM_INFINITY)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, none)
    try:
        starting = started(environment(api, database_url, tmp_path, port))
        process = await starting.__aenter__()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    try:
        await said(process, "cannot begin yet, trying on")
        assert await answer(port) == (503, "not ready: cannot begin: disk_full")
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, limit)
        await api.until(lambda: api.count("getUpdates"), PATIENCE)
        assert await answer(port) == (200, "ok")
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    finally:
        await starting.__aexit__(None, None, None)
    assert process.returncode == 0
    assert b"cannot begin" not in errors


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
        async with await asyncio.start_server(forward, "127.0.0.1", server_port) as server:
            await api.until(lambda: api.count("getUpdates"), PATIENCE)
            assert await answer(port) == (200, "ok")
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.communicate(), PATIENCE)
            server.close()
    assert process.returncode == 0


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_is_told_to_stop_while_it_waits_ends_well(api: Loopback, kind: str, tmp_path: Path) -> None:
    port, stop = free_port(), asyncio.Event()
    url = f"postgresql+asyncpg://postgres@127.0.0.1:{free_port()}/none"
    settings = load_settings(database_url=url, data_dir=tmp_path, telegram_token=TOKEN, port=port)
    serving = asyncio.create_task(serve(settings, stop))
    async with asyncio.timeout(PATIENCE):
        while await answer_soon(port) != (503, "not ready: cannot begin: cannot_connect"):
            await asyncio.sleep(0)
    stop.set()
    await asyncio.wait_for(serving, PATIENCE)
    assert await answer_soon(port) == (0, ""), "nobody listens any more"
