"""One process owns a SQLite file; its lock ends with it, also when it is killed, and hinders nobody else."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.backup import backup
from storage.ownership import Owned, lock_file, owning

HOLD = """
import sys
from storage.ownership import owning
with owning(sys.argv[1]):
    print("owned", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path) -> Path:
    file = tmp_path / "thonbao.db"
    file.write_bytes(sqlite_template.read_bytes())
    return file


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@contextmanager
def owner(file: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that owns `file` until it is killed or its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url_of(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "owned\n"
        try:
            yield process
        finally:
            process.kill()


def test_the_second_is_told_who_owns_it(file: Path) -> None:
    with owner(file) as process, pytest.raises(Owned) as refused, owning(url_of(file)):
        raise AssertionError
    assert refused.value.pid == str(process.pid)
    assert stat.S_IMODE(lock_file(file).stat().st_mode) == 0o600


def test_another_name_of_the_same_file_is_owned_too(file: Path) -> None:
    link = file.with_name("link.db")
    link.symlink_to(file)
    with owner(file), pytest.raises(Owned), owning(url_of(link)):
        raise AssertionError


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_its_process_however_that_ends(file: Path, number: signal.Signals) -> None:
    with owner(file) as process:
        os.kill(process.pid, number)
        process.wait()
        with owning(url_of(file)):
            assert lock_file(file).read_text().strip() == str(os.getpid())


def test_a_child_that_outlives_the_owner_does_not_keep_it(file: Path) -> None:
    """A pool's worker is a fork: were it to inherit the lock, no start would succeed until somebody killed it."""
    reading, writing = os.pipe()
    code = f"""
import os, sys
from storage.ownership import owning
with owning(sys.argv[1]):
    if os.fork() == 0:
        os.read({reading}, 1)
        os._exit(0)
    os._exit(0)
"""
    done = subprocess.run([sys.executable, "-c", code, url_of(file)], check=True, pass_fds=[reading])
    try:
        with owning(url_of(file)):
            assert done.returncode == 0
    finally:
        os.close(writing)
        os.close(reading)


def test_a_copy_can_be_made_beside_the_owner(file: Path) -> None:
    with owner(file):
        assert backup(url_of(file), file.with_name("copy.db")) > 0


def test_many_may_own_what_is_no_file_or_is_not_there(tmp_path: Path) -> None:
    for url in ("postgresql+asyncpg://somebody@host/name", url_of(tmp_path / "none.db")):
        with owning(url), owning(url):
            assert list(tmp_path.iterdir()) == []
