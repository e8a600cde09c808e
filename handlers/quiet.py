"""The hours in which no unasked message is sent: by default from nine in the evening to six in the morning."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

WRITTEN: Final = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begin` to `end` each day, across midnight if `end` is earlier; none if they are equal."""

    begin: time = time(21)
    end: time = time(6)

    @classmethod
    def read(cls, text: str) -> "QuietHours":
        """Return the hours written as "21:00-6:00"; "" is none. Raises ValueError."""
        if not text.strip():
            return cls(time(), time())
        written = WRITTEN.fullmatch(text.strip())
        if written is None:
            raise ValueError(text)
        hours = [int(part) for part in written.groups()]
        return cls(time(hours[0], hours[1]), time(hours[2], hours[3]))

    def over(self, now: datetime) -> datetime | None:
        """Return when they end, if `now`, in the places' time zone, lies within them; else None."""
        at = now.time()
        late = self.begin <= at
        inside = (late and at < self.end) if self.begin < self.end else (late or at < self.end)
        if self.begin == self.end or not inside:
            return None
        day = now.date() + timedelta(days=at >= self.end)
        return datetime.combine(day, self.end, now.tzinfo)
