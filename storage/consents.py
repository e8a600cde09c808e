"""The words that people consented to, each text kept once under its version, so that we can show what somebody agreed to."""

import hashlib
from datetime import datetime
from typing import Final

from storage.session import Session
from storage.tables import ConsentText

LETTERS: Final = 12
"""How many letters of the hash are enough to tell two texts apart."""


async def version_of(session: Session, locale: str, text: str, now: datetime) -> str:
    """Return the version of a text in a language; keep the text if it is new."""
    version = f"{locale}-{hashlib.sha256(text.encode()).hexdigest()[:LETTERS]}"
    if await session.get(ConsentText, version) is None:
        await session.merge(ConsentText(version=version, text=text, first_shown_at=now))
        await session.flush()
    return version
