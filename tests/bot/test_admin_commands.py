"""The administrator's commands, run as a shell runs them: what they print, where, and with which exit code."""

import errno
import io
import json
import os
import re
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from openpyxl import load_workbook

from bot import administration
from handlers.wording import catalogue
from storage import invitations, sheets
from storage.database import sqlite_file

HEADS = "Họ tên,Điện thoại,Địa bàn,Vai trò"
VILLAGES = """Xã,Tỉnh,Loại,Tên thôn
Vĩnh Thông,Thái Nguyên,thôn,Nà Hin
Vĩnh Thông,Thái Nguyên,bản,Khuổi Luông
"""
ROSTER = f"""{HEADS}
Lý A Sử,0912345678,"Nà Hin, Vĩnh Thông, Thái Nguyên",Trưởng thôn
"""


ELSEWHERE = """
CREATE TEMP TABLE kept AS
WITH RECURSIVE below(id) AS (
    SELECT id FROM place WHERE level = 'tinh' AND name IN ('Thái Nguyên', 'Bắc Kạn', 'Nghệ An', 'An Giang')
    UNION SELECT child_id FROM place_edge JOIN below ON below.id = parent_id
)
SELECT id FROM below UNION SELECT id FROM place WHERE level = 'nuoc';
DELETE FROM place_succession WHERE from_id NOT IN kept OR to_id NOT IN kept;
DELETE FROM place_edge WHERE child_id NOT IN kept OR parent_id NOT IN kept;
DELETE FROM place WHERE id NOT IN kept;
VACUUM;
"""
"""Remove the places of all other provinces."""


class Ran(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `thonbao` with some words in a folder of its own, on SQLite unless told otherwise."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("THONBAO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("THONBAO_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'data' / 'thonbao.db'}")

    def command(*words: str) -> Ran:
        from bot.cli import main

        monkeypatch.setattr(sys, "argv", ["thonbao", *words])
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        else:
            code = 0
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return command


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database after `thonbao init`, to copy, with three provinces: reading a country's names takes each command long."""
    import asyncio

    from bot.settings import Settings
    from bot.setup import set_up

    folder = tmp_path_factory.mktemp("filled")
    file = folder / "thonbao.db"
    asyncio.run(set_up(Settings(database_url=f"sqlite+aiosqlite:///{file}", data_dir=folder)))
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(ELSEWHERE)
    return file


@pytest.fixture
def ready(run: Run, filled: Path, tmp_path: Path) -> Path:
    """The folder of a database after `thonbao init`, with two villages."""
    (tmp_path / "data").mkdir()
    shutil.copyfile(filled, tmp_path / "data" / "thonbao.db")
    (tmp_path / "villages.csv").write_text(VILLAGES, encoding="utf-8")
    assert run("place", "import", "villages.csv").code == 0
    return tmp_path


# --- init -----------------------------------------------------------------------------------------------


def test_init_makes_everything_and_may_be_repeated(
    run: Run, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THONBAO_DATABASE_URL", empty_url)
    if file := sqlite_file(empty_url):
        file.with_name(f"{file.name}-mark").touch()  # one that was there before is not wanted any more
    first = run("init", "--new", "--json")
    assert (first.code, first.err) == (0, "")
    bundled = Path(__file__).parents[2] / "questionnaires" / "forms"
    assert first.document["forms"] == [path.stem for path in sorted(bundled.glob("*.md"))]
    assert first.document["places"] == first.document["added"] > 14_000
    again = run("init", "--json")
    assert (again.code, again.document["added"]) == (0, 0)
    assert again.document["places"] == first.document["places"]
    assert run("verify").code == 0


def test_without_a_database_every_command_says_how_to_make_one(run: Run, tmp_path: Path) -> None:
    for words in (["place", "list"], ["people", "list"], ["verify"], ["invite", "--list"]):
        ended = run(*words)
        assert (ended.code, ended.out) == (1, "")
        assert "thonbao init" in ended.err
        assert "Traceback" not in ended.err
    assert list(tmp_path.rglob("*.db")) == []


def test_a_database_of_a_newer_version_is_refused_by_every_command(run: Run, ready: Path) -> None:
    file = ready / "data" / "thonbao.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = file.read_bytes()
    for words in (["init"], ["place", "list"], ["verify"]):
        ended = run(*words)
        assert (ended.code, ended.out) == (1, "")
        assert "phiên bản mới hơn" in ended.err
    assert file.read_bytes() == before


def test_init_on_a_full_disk_leaves_nothing_behind(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite itself is told that the database may have no more pages: it fails as on a full disk."""
    import storage.database

    prepare = storage.database.prepare_sqlite

    def tiny(connection: Any, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA max_page_count=300")

    monkeypatch.setattr(storage.database, "prepare_sqlite", tiny)
    ended = run("init")
    assert (ended.code, ended.out) == (1, "")
    assert "Đĩa đã đầy" in ended.err
    assert [path for path in (tmp_path / "data").iterdir() if path.name.startswith("thonbao.db")] == []
    monkeypatch.undo()


def test_a_full_disk_in_the_middle_of_a_list_loads_nothing(
    run: Run, ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import storage.database

    file = ready / "data" / "thonbao.db"
    with closing(sqlite3.connect(file)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    many = VILLAGES + "".join(f"Vĩnh Thông,Thái Nguyên,thôn,Số {n}\n" for n in range(3000))
    (ready / "many.csv").write_text(many, encoding="utf-8")
    prepare = storage.database.prepare_sqlite

    def tiny(connection: Any, record: object) -> None:
        prepare(connection, record)
        connection.execute(f"PRAGMA max_page_count={pages + 5}")

    monkeypatch.setattr(storage.database, "prepare_sqlite", tiny)
    ended = run("place", "import", "many.csv")
    assert (ended.code, ended.out) == (1, "")
    assert "Đĩa đã đầy" in ended.err
    monkeypatch.setattr(storage.database, "prepare_sqlite", prepare)
    assert len(run("place", "list", "--under", "xã Vĩnh Thông", "--json").document) == 2


def test_a_file_that_is_no_database(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "thonbao.db").write_text("no database " * 1000)
    ended = run("init")
    assert ended.code == 1
    assert "không phải là cơ sở dữ liệu SQLite" in ended.err
    assert (tmp_path / "data" / "thonbao.db").read_text().startswith("no database")


def test_a_server_that_nobody_knows(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONBAO_DATABASE_URL", "postgresql+asyncpg://u:hidden@nobody.invalid/x")
    ended = run("place", "list")
    assert (ended.code, "THONBAO_DATABASE_URL" in ended.err, "hidden" in ended.err) == (1, True, False)


def test_a_server_that_does_not_answer(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("THONBAO_DATABASE_URL", f"postgresql+asyncpg://u:secret@/db?host={tmp_path}")
    ended = run("place", "list")
    assert (ended.code, ended.out) == (1, "")
    assert "THONBAO_DATABASE_URL" in ended.err
    assert "secret" not in ended.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "x"), "disk_full"),
        (PermissionError(errno.EACCES, "x"), "read_only"),
        (OSError(errno.EROFS, "x"), "disk_locked"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "cannot_connect"),
        (ValueError("x"), ""),
        (OSError(errno.EINTR, "x"), ""),
    ],
)
def test_what_the_system_refuses_has_a_sentence(error: Exception, code: str) -> None:
    assert administration.code_of(error) == code
    assert (administration.problem_of(error) is None) == (not code)


def test_a_file_that_cannot_be_opened_on_a_read_only_disk_is_the_disks_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.db"
    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorname = "SQLITE_CANTOPEN"
    said = []
    for exists, flag in ((False, os.ST_RDONLY), (True, 0), (True, os.ST_RDONLY)):
        if exists:
            file.touch()
        monkeypatch.setattr(os, "statvfs", lambda path, flag=flag: SimpleNamespace(f_flag=flag))
        with (
            pytest.raises((sqlite3.Error, OSError)) as raised,
            administration.on_its_disk(f"sqlite:///{file}"),
        ):
            raise error
        said.append(administration.code_of(raised.value))
    assert said == ["cannot_open", "cannot_open", "disk_locked"]


FAULT = re.compile(r"""(?:fault\([^()]*?, |Unreadable\(|Fault\([^()]*(?:\([^()]*\))?[^()]*?, )"(\w+)"[,)]""")

REFUSED = re.compile(r"""Refused\("(\w+)\"""")


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_error_and_fault_has_its_sentence(locale: str) -> None:
    told = {
        *administration.UNFIT.values(),
        *administration.SQLITE.values(),
        *administration.POSTGRESQL.values(),
    }
    told |= set(administration.SYSTEM.values())
    folder = Path(sheets.__file__).parent
    sources = [
        (folder / name).read_text()
        for name in ("sheets.py", "cells.py", "list_places.py", "roster.py", "villages.py")
    ]
    faults = {code for source in sources for code in FAULT.findall(source)}
    events = [
        (folder / name).read_text()
        for name in ("place_events.py", "place_rules.py", "orders.py", "villages.py")
    ]
    faults |= {f"event_{code}" for source in events for code in REFUSED.findall(source)}
    assert len(faults) >= 40
    wanted = {f"admin.database.{code}" for code in told} | {f"admin.fault.{code}" for code in faults}
    assert wanted - catalogue(locale).keys() == set()


# --- places ---------------------------------------------------------------------------------------------


def test_places_are_listed_shown_and_found(run: Run, ready: Path) -> None:
    provinces = run("place", "list", "--json").document
    assert len(provinces) == 3
    assert len(run("place", "list", "--on", "2025-06-30", "--json").document) == 4
    below = run("place", "list", "--under", "xã Vĩnh Thông", "--json").document
    assert [(row["kind"], row["name"]) for row in below] == [("bản", "Khuổi Luông"), ("thôn", "Nà Hin")]
    shown = run("place", "show", "xã Vĩnh Thông", "--json").document
    assert shown["full_name"] == "xã Vĩnh Thông, tỉnh Thái Nguyên"
    assert shown["villages"] == 2
    assert "xã Vũ Muộn, huyện Bạch Thông, tỉnh Bắc Kạn" in [move["from"] for move in shown["history"]]
    found = run("place", "find", "na hin, vinh thong", "--json").document
    assert found["status"] == "match"
    (only,) = found["candidates"]
    assert only["full_name"] == "thôn Nà Hin, xã Vĩnh Thông, tỉnh Thái Nguyên"
    by_number = run("place", "show", f"#{only['id']}")
    assert by_number.out.startswith("thôn Nà Hin, xã Vĩnh Thông")
    villages = run("place", "list", "--under", "tỉnh Thái Nguyên", "--level", "thon")
    assert villages.out.count("xã Vĩnh Thông") == 2


def test_a_place_that_is_not_there_or_not_clear(run: Run, ready: Path) -> None:
    none = run("place", "find", "Nơi không có")
    assert (none.code, none.out) == (1, "")
    nothing = {"status": "none", "candidates": []}
    assert run("place", "find", "Nơi không có", "--json").document == nothing
    several = run("place", "show", "Vĩnh Thông")
    assert several.code == 2
    assert "phường Vĩnh Thông, tỉnh An Giang" in several.err
    assert run("place", "show", "#404404").code == 2
    wrong = run("place", "list", "--level", "phố")
    assert (wrong.code, "nuoc, tinh, huyen, xa, thon" in wrong.err) == (2, True)


def test_a_list_with_faults_loads_nothing_and_names_each(run: Run, ready: Path) -> None:
    (ready / "bad.csv").write_text(
        "Xã,Tỉnh,Loại,Tên thôn\nVĩnh Thông,Thái Nguyên,thôn,Mới\nKhông Có,Thái Nguyên,phố núi,\n"
    )
    ended = run("place", "import", "bad.csv")
    assert (ended.code, ended.out) == (1, "")
    lines = ended.err.splitlines()
    assert "3 chỗ" in lines[0]
    assert [line.split(":")[0].strip() for line in lines[1:]] == [
        "dòng 3, cột D",
        "dòng 3, cột C",
        "dòng 3, cột A",
    ]
    machine = run("place", "import", "bad.csv", "--json")
    assert machine.code == 1
    assert [fault["code"] for fault in machine.document["faults"]] == ["empty", "kind", "place_unknown"]
    assert len(run("place", "list", "--under", "xã Vĩnh Thông", "--json").document) == 2
    assert run("place", "import", "nowhere.csv").code == 2


def statuses(found: Any) -> tuple[str, list[str]]:
    return found["status"], [place["label"] for place in found["candidates"]]


def test_a_typed_name_finds_one_place_several_or_none(run: Run, ready: Path) -> None:
    assert statuses(run("place", "find", "vu muon", "--json").document) == (
        "match",
        ["xã Vũ Muộn, huyện Bạch Thông, tỉnh Bắc Kạn (cũ)"],
    )
    old, new = "huyện Bạch Thông, tỉnh Bắc Kạn", "xã Bạch Thông, tỉnh Thái Nguyên"
    assert statuses(run("place", "find", "bach thong", "--json").document) == (
        "ambiguous",
        [f"{old} (cũ)", new],
    )
    before = run("place", "find", "bach thong", "--on", "2025-06-30", "--json").document
    assert statuses(before) == ("match", [old])
    assert run("place", "find", "Vũ Muộm", "--json").document["status"] == "ambiguous"
    by_code = run("place", "find", "16849", "--json").document
    assert (by_code["status"], len(by_code["candidates"])) == ("ambiguous", 2)


def test_many_names_are_looked_up_in_one_go(run: Run, ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("vu muon\n\nNơi không có\n"))
    lines = run("place", "find", "--stdin").out.splitlines()
    assert [json.loads(line)["status"] for line in lines] == ["match", "none", "none"]


IN_VINH_THONG = ("--under", "xã Vĩnh Thông, Thái Nguyên")
BY = ("--day", "2026-01-01", "--basis", "NQ 12/NQ-HĐND")


def names_below(run: Run) -> list[str]:
    return [row["name"] for row in run("place", "list", *IN_VINH_THONG, "--json").document]


def test_villages_are_merged_told_of_and_brought_back(run: Run, ready: Path) -> None:
    merge = ("place", "merge", "Nà Hin", "Khuổi Luông", "--new", "thôn Hợp Nhất", *BY)
    tried = run(*merge, "--dry-run")
    assert (tried.code, names_below(run)) == (0, ["Khuổi Luông", "Nà Hin"])
    assert "vẫn tính riêng từng nơi" in tried.out, "its day is long over"
    done = run(*merge, "--json")
    assert (done.code, names_below(run)) == (0, ["Hợp Nhất"])
    (event,) = done.document["events"]
    assert (event["from"], event["into"]) == (["thôn Nà Hin", "bản Khuổi Luông"], ["thôn Hợp Nhất"])
    shown = run("place", "events")
    assert "Từ 01/01/2026, thôn Nà Hin, bản Khuổi Luông nhập vào thôn Hợp Nhất" in shown.out
    assert run("place", "undo", str(event["event"])).code == 0
    assert names_below(run) == ["Khuổi Luông", "Nà Hin"]
    again = run("place", "undo", str(event["event"]))
    assert (again.code, "đã được huỷ" in again.err) == (1, True)
    assert run("place", "undo", "404").code == 2
    assert run("verify").code == 0


def test_a_split_asks_for_each_village(run: Run, ready: Path) -> None:
    split = ("place", "split", "xã Vĩnh Thông, Thái Nguyên", "--new", "xã Vĩnh", "--new", "xã Thông", *BY)
    asked = run(*split, "--village", "Nà Hin=xã Vĩnh")
    assert (asked.code, "bản Khuổi Luông" in asked.err, "thôn Nà Hin" in asked.err) == (1, True, False)
    assert run(*split, "--village", "Nà Hin=xã Khác").code == 2
    assert run(*split, "--village", "Nà Hin").code == 2
    decided = ("--village", "Nà Hin=xã Vĩnh", "--village", "Khuổi Luông=Thông")
    assert run(*split, *decided).code == 0
    below = run("place", "list", "--under", "xã Thông, Thái Nguyên", "--json").document
    assert [row["name"] for row in below] == ["Khuổi Luông"]


def test_a_renamed_village_is_found_by_both_names(run: Run, ready: Path) -> None:
    assert run("place", "rename", "Nà Hin", "thôn Nà Hin Mới", *BY).code == 0
    for words in ("na hin moi", "nà hin, vĩnh thông"):
        assert run("place", "find", words, "--json").document["candidates"][0]["name"] == "Nà Hin Mới"
    assert run("place", "show", "nà hin, vĩnh thông").out.startswith("thôn Nà Hin Mới")
    moved = run("place", "move", "Nà Hin Mới", "--under", "xã Phủ Thông", *BY, "--json")
    assert moved.document["events"][0]["into"] == ["xã Phủ Thông"]


def test_a_list_of_events_is_carried_out_whole_or_not_at_all(run: Run, ready: Path) -> None:
    head = "Việc,Ngày,Căn cứ,Địa bàn,Vào,Lập mới,Thuộc,Gồm\n"
    good = (
        'đổi tên,01/01/2026,NQ 1,"Nà Hin, Vĩnh Thông",,thôn Nà Hin Mới,,\n'
        'chuyển,2026-01-02,NQ 1,"Khuổi Luông, Vĩnh Thông",,,xã Phủ Thông,\n'
    )
    bad = "gộp,01/01/2026,NQ 1,Nà Hin,,,,\nnhập,32/01/2026,NQ 1,Nà Hin,,,,\nchuyển,01/01/2026,NQ 1,Nà Hinn,,,xã Phủ Thông,\n"
    (ready / "bad.csv").write_text(head + good + bad, encoding="utf-8")
    ended = run("place", "change", "bad.csv", "--json")
    found = [(fault["row"], fault["column"], fault["code"]) for fault in ended.document["faults"]]
    assert (ended.code, found) == (
        1,
        [(4, "A", "event_work"), (5, "B", "event_day"), (6, "D", "event_unknown")],
    )
    assert names_below(run) == ["Khuổi Luông", "Nà Hin"]
    (ready / "good.csv").write_text(f"{head}{good}{head}Cộng,,,2 thôn,,,,\n", encoding="utf-8")
    tried = run("place", "change", "good.csv", "--dry-run", "--json").document
    assert [(row["row"], row["code"]) for row in tried["warnings"]] == [(4, "row_heading"), (5, "row_total")]
    done = run("place", "change", "good.csv")
    assert (done.code, names_below(run)) == (0, ["Nà Hin Mới"])
    assert tried["warnings"][1]["message"] in done.out


# --- people ---------------------------------------------------------------------------------------------


def test_a_roster_is_loaded_once(run: Run, ready: Path) -> None:
    (ready / "people.csv").write_text(ROSTER, encoding="utf-8")
    assert run("people", "import", "people.csv", "--json").document == {
        "added": 1,
        "known": 0,
        "unused": [],
        "left_out": [],
        "dry_run": False,
        "faults": [],
        "warnings": [],
    }
    assert run("people", "import", "people.csv", "--json").document["known"] == 1
    (ready / "wrong.csv").write_text("Tên,Tuổi\nLý A Sử,50\n", encoding="utf-8")
    wrong = run("people", "import", "wrong.csv")
    assert wrong.code == 1
    assert "Cần có: Họ tên; Điện thoại; Vai trò; Địa bàn" in wrong.err


@pytest.mark.parametrize(
    ("what", "wrong", "right"),
    [
        ("people", "Họ tên,Điện thoại,Địa bàn,Vai trò\nNông C,chưa có,Nà Hin,Trưởng thôn\n", "0912345677"),
        ("place", "Xã,Tỉnh,Loại,Tên thôn\nVĩnh Thông,Thái Nguyên,phố núi,Nà Mới\n", "thôn"),
    ],
)
def test_rows_with_faults_are_kept_in_a_file_to_be_mended(
    run: Run, ready: Path, what: str, wrong: str, right: str
) -> None:
    head, faulty = wrong.splitlines()
    good = {"people": "Lý A Sử,0912345678,Nà Hin,Trưởng thôn", "place": "Vĩnh Thông,Thái Nguyên,thôn,Nà Tốt"}
    (ready / "list.csv").write_text(f"{head}\n{faulty}\n{good[what]}\n", encoding="utf-8")
    assert run(what, "import", "list.csv", "--rest", "rest.csv").code == 2
    done = run(what, "import", "list.csv", "--rest", "rest.xlsx")
    assert (done.code, "rest.xlsx" in done.out) == (0, True)
    book = load_workbook(ready / "rest.xlsx")
    [headings, row] = [[cell.value for cell in cells] for cells in book.worksheets[0].iter_rows()]
    assert "dòng 2, cột" in row[headings.index("Cần sửa")]
    column = {"people": "Điện thoại", "place": "Loại"}[what]
    book.worksheets[0].cell(2, headings.index(column) + 1, right)
    book.save(ready / "mended.xlsx")
    assert run(what, "import", "mended.xlsx", "--json").document["added"] == 1
    assert run(what, "import", "list.csv", "--rest", "rest.xlsx").code == 2  # nothing is written over
    (ready / "wrong.csv").write_text(wrong, encoding="utf-8")
    refused = run(what, "import", "wrong.csv", "--rest", "all.xlsx")
    assert (refused.code, "all.xlsx" in refused.err, (ready / "all.xlsx").exists()) == (1, True, True)


def test_one_name_listed_and_invited_at_one_place_is_never_passed_over(run: Run, ready: Path) -> None:
    (ready / "people.csv").write_text(ROSTER, encoding="utf-8")
    (ready / "again.csv").write_text(ROSTER.replace("0912", "0913"), encoding="utf-8")
    name = ROSTER.splitlines()[1].split(",")[0]
    invited = ("invite", "--role", "truong-thon", "--place", "Nà Hin, Vĩnh Thông", "--name", name.lower())
    assert "đã có" not in run(*invited).out
    for words in (("--preview",), ()):
        told = run("people", "import", "people.csv", *words).out
        assert ("đã có mã mời" in told, "dòng 2: trưởng thôn" in told) == (True, bool(words))
    assert "Có thể là một người" in run("people", "list").out
    assert [one["same_name"] for one in run("people", "list", "--json").document] == [1, 1]
    assert "có số điện thoại trong danh sách" in run(*invited).out
    enrol(ready, name)
    [roster_too, invited_too, takes_part] = [
        fault["code"] for fault in run("people", "import", "again.csv", "--json").document["warnings"]
    ]
    assert {roster_too, invited_too, takes_part} == {"name_roster", "name_invitation", "name_person"}


def enrol(ready: Path, name: str = "Lý A Sử") -> int:
    """Somebody who is village head of Nà Hin, as the chat would enrol them; their number."""
    import asyncio

    from storage import people
    from storage.database import open_engine, writing
    from storage.tables import now

    async def work() -> int:
        engine = open_engine(f"sqlite+aiosqlite:///{ready / 'data' / 'thonbao.db'}")
        async with writing(engine) as session:
            village = (await session.places.find("Nà Hin, Vĩnh Thông", now().date()))[0]
            contact = await people.create_contact(session, "telegram", "12345")
            person = await people.enrol(session, contact, village.id, "truong-thon", name, now())
        await engine.dispose()
        return person.id

    return asyncio.run(work())


def test_people_are_listed_shown_and_erased(run: Run, ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("people", "list", "--json").document == []
    number = enrol(ready)
    (row,) = run("people", "list", "--under", "tỉnh Thái Nguyên", "--json").document
    assert (row["name"], row["role"], row["id"]) == ("Lý A Sử", "truong-thon", number)
    assert run("people", "list", "--under", "tỉnh An Giang", "--json").document == []
    shown = run("people", "show", str(number), "--json").document
    assert [chat["channel"] for chat in shown["channels"]] == ["telegram"]
    assert "12345" not in json.dumps(shown)
    photo = ready / "data" / "photos" / "ab" / "abcd.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"left over")
    fresh = photo.with_name("fresh.jpg")
    fresh.write_bytes(b"just now")
    os.utime(photo, (0, 0))
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    asked = run("people", "erase", str(number))
    assert (asked.code, "của Lý A Sử (số 1)?" in asked.out) == (1, True)
    assert run("people", "erase", str(number), "--yes").code == 0
    assert (photo.exists(), fresh.exists()) == (False, True)
    assert run("people", "show", str(number), "--json").document["name"] == ""
    assert run("people", "list", "--json").document == []
    assert run("people", "erase", str(number), "--yes").code == 2
    gone = run("people", "erase", str(number))
    assert (gone.code, gone.out) == (2, "")
    assert run("people", "show", "404").code == 2


# --- invitations ----------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Counts what a page holds, and what it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_an_invitation_is_good_for_one_place(run: Run, ready: Path) -> None:
    words = [
        "invite",
        "--role",
        "trưởng thôn",
        "--place",
        "Nà Hin, Vĩnh Thông",
        "--bot",
        "@ThonBaoBot",
        "--json",
    ]
    (card,) = run(*words).document
    assert invitations.normalise(card["code"]) == card["code"]
    assert card["link"] == f"https://t.me/ThonBaoBot?start={card['code']}"
    assert card["place"] == "thôn Nà Hin, xã Vĩnh Thông, tỉnh Thái Nguyên"
    listed = run("invite", "--list", "--json")
    assert [(row["id"], row["state"]) for row in listed.document] == [(card["id"], "open")]
    assert card["code"] not in listed.out
    assert card["code"].encode() not in (ready / "data" / "thonbao.db").read_bytes()
    assert run("invite", "--revoke", str(card["id"])).code == 0
    assert run("invite", "--list", "--json").document[0]["state"] == "revoked"
    assert run("invite", "--revoke", "404").code == 2


def test_a_sheet_has_a_card_for_each_village_and_fetches_nothing(run: Run, ready: Path) -> None:
    words = ["invite", "--role", "truong-thon", "--under", "xã Vĩnh Thông", "--sheet", "cards.html", "--json"]
    cards = run(*words).document
    file = ready / "cards.html"
    page = Page(file.read_text(encoding="utf-8"))
    assert len(cards) == page.tags.count("section") == page.tags.count("svg") == 2
    assert page.tags.count("li") == 6
    assert page.fetched == []
    said = " ".join(page.words)
    for card in cards:
        assert card["code"] in said
        assert card["place"] in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = run(*words)
    assert (again.code, again.out) == (2, "")
    assert len(run("invite", "--list", "--json").document) == 2


def test_a_place_whose_head_is_listed_already_is_named(run: Run, ready: Path) -> None:
    (ready / "people.csv").write_text(ROSTER, encoding="utf-8")
    assert run("people", "import", "people.csv").code == 0
    made = run("invite", "--role", "truong-thon", "--under", "xã Vĩnh Thông")
    [note] = [line for line in made.out.splitlines() if line.startswith("Lưu ý")]
    assert "thôn Nà Hin, xã Vĩnh Thông" in note
    assert "Nà Lốc" not in note


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--role", "truong-thon"],
        ["--place", "Nà Hin"],
        ["--role", "vua", "--place", "Nà Hin"],
        ["--role", "truong-thon", "--under", "tỉnh An Giang"],
        ["--role", "quan-tri", "--under", "xã Vĩnh Thông"],
        ["--role", "truong-thon", "--under", "xã Vĩnh Thông", "--name", "Lý A Sử"],
        ["--role", "truong-thon", "--place", "Nà Hin", "--sheet", "a.pdf"],
        ["--role", "truong-thon", "--place", "Nà Hin", "--sheet", "nowhere/a.html"],
        ["--role", "truong-thon", "--place", "Nà Hin", "--days", "0"],
        ["--role", "truong-thon", "--place", "Nà Hin", "--bot", "@tên bot"],
    ],
)
def test_an_invitation_that_cannot_be_made(run: Run, ready: Path, words: list[str]) -> None:
    ended = run("invite", *words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err
    assert not (ready / "nowhere").exists()
    assert run("invite", "--list", "--json").document == []


# --- verify, backup, doctor -----------------------------------------------------------------------------


def test_a_backup_is_a_whole_database(run: Run, ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = run("backup", "copies/one.db", "--json")
    assert made.code == 0
    copy = ready / "copies" / "one.db"
    assert made.document["bytes"] == copy.stat().st_size
    assert [path.name for path in copy.parent.iterdir()] == ["one.db"]
    assert copy.stat().st_mode & 0o077 == 0
    kept = copy.read_bytes()
    again = run("backup", "copies/one.db")
    assert (again.code, copy.read_bytes()) == (2, kept)
    monkeypatch.setenv("THONBAO_DATABASE_URL", f"sqlite+aiosqlite:///{copy}")
    assert len(run("place", "list", "--under", "xã Vĩnh Thông", "--json").document) == 2
    assert run("verify", "--json").document["differences"] == []


def test_a_whole_copy_is_looked_at_and_put_back(run: Run, ready: Path) -> None:
    photo = ready / "data" / "photos" / "a.jpg"
    photo.parent.mkdir(exist_ok=True)
    photo.write_bytes(b"picture")
    assert run("backup", "copy.zip", "--json").document["photos"] == 1
    assert run("backup", "copy.zip").code == 2
    assert ".zip" in run("backup", "copy.sql").err
    looked = run("restore", "copy.zip", "--check", "--json").document
    assert (looked["restored"], looked["database"], looked["rows"]["place"] > 500) == (
        False,
        "sqlite",
        True,
    )
    refused = run("restore", "copy.zip")
    assert (refused.code, "--force" in refused.err) == (2, True)
    run("backup", "bare.db")
    for file in ("bare.db", "copy.zip"):
        photo.unlink(missing_ok=True)
        assert run("restore", file, "--force").code == 0
        assert run("verify").code == 0
    assert photo.read_bytes() == b"picture"
    (ready / "text.zip").write_text("no copy")
    assert (run("restore", "text.zip").code, run("restore", "missing.zip").code) == (1, 2)


def test_verify_names_a_sum_that_the_reports_do_not_give(run: Run, ready: Path) -> None:
    assert run("verify").code == 0
    with closing(sqlite3.connect(ready / "data" / "thonbao.db")) as connection:
        day = date(2026, 11, 22).toordinal()
        connection.execute("INSERT INTO ledger VALUES (1, 5, ?, 0, 0, 1, 7, 0, 9, 0)", [day])
        connection.commit()
    ended = run("verify")
    assert (ended.code, "địa bàn 1 lệch: 5 2026-11-22: +1 +7 +9" in ended.err) == (1, True)
    (difference,) = run("verify", "--json").document["differences"]
    assert (difference["code"], difference["place_id"]) == ("ledger", 1)


def test_a_bare_backup_is_of_sqlite_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONBAO_DATABASE_URL", "postgresql+asyncpg://u:p@localhost/db")
    ended = run("backup", "one.db")
    assert (ended.code, ".zip" in ended.err) == (2, True)


def test_a_damaged_database_gives_no_backup(run: Run, ready: Path) -> None:
    file = ready / "data" / "thonbao.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "INSERT INTO role (person_id, place_id, role, since) VALUES (404, 1, 'x', '2026-01-01')"
        )
        connection.commit()
    ended = run("backup", "one.db")
    assert ended.code == 1
    assert list(ready.glob("one.db*")) == []


def test_the_doctor_tells_what_is_missing_and_never_a_token(
    run: Run, ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = "123456789:AAEabcdefghijklmnopqrstuvwxyz012345"
    monkeypatch.setenv("THONBAO_TELEGRAM_TOKEN", token)
    well = run("doctor", "--json")
    assert (well.code, well.document["ok"]) == (0, True)
    states = {check["name"]: check["state"] for check in well.document["checks"]}
    assert states == {
        "version": "good",
        "time": "good",
        "data": "good",
        "telegram": "good",
        "webhook": "good",
        "database": "good",
        "forms": "good",
        "places": "good",
        "people": "note",
    }
    assert token not in well.out
    monkeypatch.setenv("THONBAO_TELEGRAM_TOKEN", "nonsense-secret")
    ill = run("doctor")
    assert ill.code == 1
    assert "nonsense" not in ill.out + ill.err


def test_the_doctor_finds_an_indicator_without_its_question(run: Run, ready: Path) -> None:
    with closing(sqlite3.connect(ready / "data" / "thonbao.db")) as connection:
        connection.execute("UPDATE form SET active = 0 WHERE name = 'nha-o'")
        connection.commit()
    ended = run("doctor", "--json")
    assert ended.code == 1
    assert [c["name"] for c in ended.document["checks"] if c["state"] == "bad"] == ["forms"]


@pytest.mark.parametrize("command", ["doctor", "init", "chat --jsonl"])
def test_a_data_folder_that_is_of_no_use_is_named(
    run: Run, ready: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """It is no fault of the database, which lies elsewhere."""
    (ready / "file").write_text("")
    folder = str(ready / "file" / "below")
    monkeypatch.setenv("THONBAO_DATA_DIR", folder)
    ended = run(*command.split())
    told = ended.out + ended.err
    assert ended.code
    assert f"{folder} không phải là thư mục" in told
    assert "THONBAO_DATA_DIR" in told
    assert "tệp cơ sở dữ liệu" not in told


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TIMEZONE", "Mars/Olympus", "THONBAO_TIMEZONE"),
        ("TIMEZONE", "Asia", "THONBAO_TIMEZONE"),
        ("DATABASE_URL", "postgresql+asyncpg://u:hidden@[bad/x", "THONBAO_DATABASE_URL"),
        ("DATABASE_URL", "postgresql+asyncpg://u:hidden@h:port/x", "THONBAO_DATABASE_URL"),
        ("TELEGRAM_TOKN", "1:hidden", "có phải THONBAO_TELEGRAM_TOKEN không?"),
        ("DATABSE_URL", "hidden", "có phải THONBAO_DATABASE_URL không?"),
        ("TIME_ZONE", "Asia/Ho_Chi_Minh", "có phải THONBAO_TIMEZONE không?"),
        ("webhok_secret", "hidden", "có phải THONBAO_WEBHOOK_SECRET không?"),
    ],
)
def test_settings_that_are_wrong_are_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"THONBAO_{name}", value)
    ended = run("doctor")
    assert (ended.code, said in ended.err) == (2, True)
    assert "hidden" not in ended.err


def test_a_slip_in_the_settings_file_is_named_too(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / ".env"
    file.write_text("THONBAO_TELEGRAMTOKEN=1:hidden\n", "utf-8")
    ended = run("doctor")
    assert (ended.code, "có phải THONBAO_TELEGRAM_TOKEN không?" in ended.err) == (2, True)
    file.write_bytes(b"THONBAO_LOCALE=vi\n# \xff\n")
    ended = run("doctor")
    assert (ended.code, "UTF-8" in ended.err) == (2, True)


def test_a_name_of_something_else_is_no_slip(
    run: Run, ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THONBAO_HOME", str(tmp_path))
    assert run("place", "find", "Vĩnh Thông").code == 0
