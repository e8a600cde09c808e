"""The releases so far, as `storage/migrations/released.toml` lists them."""

import re
import tomllib
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from storage.database import MIGRATIONS

RELEASED: Final = MIGRATIONS / "released.toml"
CHANGELOG: Final = MIGRATIONS.parents[1] / "CHANGELOG.md"


@dataclass(frozen=True)
class Release:
    """A version, its newest revision, and the SHA-256 of each revision file that it brought."""

    version: str
    head: str
    hashes: dict[str, str]


def read_releases() -> list[Release]:
    """Every release, the oldest first."""
    listed = tomllib.loads(RELEASED.read_text(encoding="utf-8")) if RELEASED.exists() else {}
    return [Release(**release) for release in listed.get("release", [])]


def hashes() -> dict[str, str]:
    """The SHA-256 of each revision file as it is now."""
    files = sorted(MIGRATIONS.glob("versions/[0-9]*.py"))
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in files}


def newest_heading() -> str:
    """The version on top of CHANGELOG.md with what stands beside it: "0.2.0 (2026-11-28)"."""
    return re.findall(r"^## (.+)$", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)[0]


def is_dated(version: str, heading: str) -> bool:
    """Whether a heading is that of this version, released: a date stands beside it."""
    return bool(re.fullmatch(re.escape(version) + r" \(\d{4}-\d\d-\d\d\)", heading))
