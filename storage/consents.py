"""The words that people consented to, each kept once under its version, so that it can be shown what somebody agreed to."""

import hashlib
from datetime import datetime
from typing import Final

from storage.session import Session
from storage.tables import ConsentText

LETTERS: Final = 12
"""How many letters of the hash tell two texts apart."""


async def version_of(session: Session, locale: str, text: str, now: datetime) -> str:
    """The version of a text in a language, which is kept if it is new."""
    version = f"{locale}-{hashlib.sha256(text.encode()).hexdigest()[:LETTERS]}"
    if await session.get(ConsentText, version) is None:
        await session.merge(ConsentText(version=version, text=text, first_shown_at=now))
        await session.flush()
    return version
