"""`thonbao setup`: an administrator is led from an empty folder to the first invitation, with an office's own list."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.docs.telling import run
from tests.handlers.chatting import TOWN
from tests.postgresql import Ground

TOKEN = f"123456789:{'a' * 35}"
ONE_LIST = """DANH SÁCH THÔN XÃ VĨNH THÔNG
STT,Tên thôn,Họ và tên trưởng thôn,Số điện thoại,Số hộ
1,Khuổi Mới,Đặng Văn Sinh,0912 345 671,84
2,Bản Mới,Hoàng Thị Lan,0912 345 672,112
"""


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture(scope="session")
def ground() -> Ground:
    return TOWN


class Telegram(BaseHTTPRequestHandler):
    """Answers that the bot is called thonbao_bot; to another token than ours, that it knows none."""

    def do_POST(self) -> None:
        known = TOKEN in self.path
        answer = {
            "ok": True,
            "result": {"id": 1, "is_bot": True, "first_name": "b", "username": "thonbao_bot"},
        }
        unknown = {"ok": False, "error_code": 401, "description": "Unauthorized"}
        self.send_response(200 if known else 401)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer if known else unknown).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def telegram() -> Iterator[str]:
    """The address of such a server."""
    server = HTTPServer(("127.0.0.1", 0), Telegram)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Path:
    """An administrator's folder with a database and an office's list."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("THONBAO_DATABASE_URL", database_url)
    monkeypatch.setenv("THONBAO_TELEGRAM_BASE_URL", "http://127.0.0.1:9")
    (tmp_path / "ds.csv").write_text(ONE_LIST, encoding="utf-8")
    return tmp_path


def test_one_list_of_the_office_is_asked_for_what_it_lacks_and_gives_villages_and_heads(folder: Path) -> None:
    said = run(["thonbao", "setup"], ["", "ds.csv", "thôn", "c", "c", "c", ""])
    assert "1 tên (dòng đầu: 3) không ghi loại" in said
    assert "Đã thêm 2 thôn" in said
    assert "Tệp ds.csv còn có họ tên và số điện thoại" in said
    assert "Đã thêm 2 người" in said
    listed = run(["thonbao", "people", "list"])
    assert "trưởng thôn (bản, tổ dân phố)" in listed
    assert "thôn Khuổi Mới" in listed


def test_heads_of_a_commune_are_invited_by_its_name_with_links_and_a_page_to_print(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with telegram() as address:
        monkeypatch.setenv("THONBAO_TELEGRAM_BASE_URL", address)
        wrong = TOKEN.replace("a", "b")
        said = run(["thonbao", "setup"], ["", "", "", wrong, TOKEN, "Vĩnh Thông", "trưởng thôn"])
    assert said.count("Đã ghi mã bot") == 1, "a token that Telegram does not know is not kept"
    assert "bot tên @thonbao_bot" in said
    assert said.count("https://t.me/thonbao_bot?start=") > 1
    assert "<svg" in (folder / "giay-moi.html").read_text(encoding="utf-8")


def test_nothing_goes_on_without_a_database_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "Chưa có cơ sở dữ liệu thì chưa làm được các bước sau" in run(["thonbao", "setup"], [""])


def test_setup_without_a_terminal_says_what_is_done_and_how_to_do_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run(["thonbao", "setup"])
    assert "1. Cơ sở dữ liệu: chưa có" in said
    assert "cần làm: thonbao init" in said
    assert "cần làm: THONBAO_TELEGRAM_TOKEN=…" in said
    assert not (tmp_path / ".env").exists()


def test_setup_keeps_a_token_for_its_user_alone_and_stops_when_nobody_answers(
    folder: Path,
) -> None:
    said = run(["thonbao", "setup"], ["", "", "", "no", TOKEN])
    assert "1. Cơ sở dữ liệu: đã có (sqlite)" in said
    assert (folder / ".env").read_text().strip().endswith(TOKEN)
    assert (folder / ".env").stat().st_mode & 0o777 == 0o600
    assert "Chưa hỏi được Telegram" in said
    assert "Không ai trả lời" in said
    again = run(["thonbao", "setup"], ["", "", "", "", ""])
    assert "4. Kênh nhắn tin: Telegram" in again
