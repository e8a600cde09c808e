"""When the timetable last ran. It outlives the process, so an outage is noticed and what fell into it can be named."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, func, select

from storage import facts, told, totals
from storage.session import Session
from storage.tables import Outbox, OutboxState

BEAT: Final = timedelta(minutes=5)
"""How often the beat is written down. Once a minute would mean a write every minute, for ever."""
OUTAGE: Final = timedelta(hours=1)
"""A longer pause may have swallowed the hour at which somebody gets a letter."""
RANG: Final = "timetable_rang"
PAUSE: Final = "timetable_pause"


@dataclass(frozen=True, slots=True)
class Pause:
    """From when to when nothing ran, and how many letters of each sort had become useless by its end."""

    begin: datetime
    end: datetime
    lost: Mapping[str, int]


async def beat(session: Session, now: datetime) -> Pause | None:
    """Note that the timetable runs; return the pause before, if it was long, with no letter counted as lost yet."""
    written = await facts.get(session, RANG)
    last = datetime.fromisoformat(written) if written else None
    if last is None or not last <= now <= last + BEAT:
        await facts.put(session, RANG, now.isoformat())
    return Pause(last, now, {}) if last is not None and now - last > OUTAGE else None


async def keep(session: Session, pause: Pause) -> None:
    """Keep what is known of the latest pause."""
    value = {"begin": pause.begin.isoformat(), "end": pause.end.isoformat(), "lost": dict(pause.lost)}
    await facts.put(session, PAUSE, json.dumps(value))


async def latest(session: Session) -> Pause | None:
    """Return the latest pause, if there was any."""
    written = await facts.get(session, PAUSE)
    if not written:
        return None
    value = json.loads(written)
    begin, end = (datetime.fromisoformat(value[name]) for name in ("begin", "end"))
    return Pause(begin, end, value["lost"])


async def expired(session: Session, since: datetime, until: datetime) -> int:
    """Return how many of the timetable's letters ran out of time between two moments without reaching anybody."""
    unsent = col(Outbox.state) != OutboxState.SENT
    chosen = select(func.count()).select_from(Outbox).where(told.of_kinds(totals.TIMED), unsent)
    ended = chosen.where(col(Outbox.not_after) > since, col(Outbox.not_after) <= until)
    return int((await session.exec(ended)).one())
