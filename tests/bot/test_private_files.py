"""Every command that writes a file writes it for its owner alone, under any umask."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app

OTHERS = 0o077


@pytest.fixture(autouse=True)
def lax() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def test_nothing_that_a_command_writes_is_open_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    out.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("THONBAO_DATA_DIR", str(data))
    monkeypatch.setenv("THONBAO_DATABASE_URL", f"sqlite+aiosqlite:///{data / 'thonbao.db'}")
    (out / "old.csv").write_text("an earlier export, open to others")
    csv, xlsx, xml = (str(out / name) for name in ("old.csv", "b.xlsx", "c.xml"))
    invite = ("invite", "--role", "can-bo-xa", "--place", "Vĩnh Thông, Thái Nguyên")
    for words in (
        ("init",),
        ("export", csv, "--force"),
        ("export", xlsx, "--format", "xlsx"),
        ("export", xml, "--format", "openrosa"),
        ("backup", str(out / "copies" / "d.db")),
        (*invite, "--bot", "thonbao_bot", "--sheet", str(out / "e.html")),
    ):
        ran = CliRunner().invoke(app, words)
        assert ran.exit_code == 0, (words, ran.output, ran.exception)
    written = [path for folder in (data, out) for path in folder.rglob("*")]
    assert len(written) >= 8
    assert [str(path) for path in (data, *written) if path.stat().st_mode & OTHERS] == []
