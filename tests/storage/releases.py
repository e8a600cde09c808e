"""The releases so far, as `storage/migrations/released.toml` lists them."""

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from storage.database import MIGRATIONS

RELEASED: Final = MIGRATIONS / "released.toml"


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
