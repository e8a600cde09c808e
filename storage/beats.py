"""When the timetable rang last, which outlives the process: so an outage is noticed, and what fell into it is named."""

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
"""How often it is written down: once a minute would be a write a minute for ever."""
OUTAGE: Final = timedelta(hours=1)
"""A pause that is longer may have swallowed somebody's hour."""
RANG: Final = "timetable_rang"
PAUSE: Final = "timetable_pause"


@dataclass(frozen=True, slots=True)
class Pause:
    """From when to when nothing rang, and how many letters of each sort were of no use any more afterwards."""

    begin: datetime
    end: datetime
    lost: Mapping[str, int]


async def beat(session: Session, now: datetime) -> Pause | None:
    """Note that it rings; the pause before, if it was long, with nothing lost yet."""
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
    """The latest pause, if there was any."""
    written = await facts.get(session, PAUSE)
    if not written:
        return None
    value = json.loads(written)
    begin, end = (datetime.fromisoformat(value[name]) for name in ("begin", "end"))
    return Pause(begin, end, value["lost"])


async def expired(session: Session, since: datetime, until: datetime) -> int:
    """How many letters of the timetable nobody got because their time ran out between two moments."""
    unsent = col(Outbox.state) != OutboxState.SENT
    chosen = select(func.count()).select_from(Outbox).where(told.of_kinds(totals.TIMED), unsent)
    ended = chosen.where(col(Outbox.not_after) > since, col(Outbox.not_after) <= until)
    return int((await session.exec(ended)).one())
