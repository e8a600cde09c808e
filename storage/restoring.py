"""Putting a copy in the place of a database, and marking what stands in it: chats may show more than it knows."""

from datetime import UTC, datetime
from typing import Final

UNTOLD: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""`Contact.ahead_until` of a chat that was not told yet that the database was restored."""
