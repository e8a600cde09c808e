"""What /metrics tells: how many messages came and went, how long they took, what waits. No names, no places.

What this process does is counted as it happens. What the database holds is read when somebody asks, so that several
processes tell the same, and a restart changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlmodel import col, func, or_, select

from bot.reporting_rates import ReportingRates
from storage import carried, dead_letters
from storage.outage import Outage
from storage.outbox import in_time
from storage.priorities import ASKED_FOR
from storage.tables import Contact, Observation, Outbox, OutboxState, now
from storage.unit_of_work import Storage

PATIENCE: Final = 5.0
"""Seconds within which the database must answer; Prometheus itself gives up after ten."""

UPDATES = Counter("thonbao_updates", "Messages received and saved", ["channel", "kind"])
UPDATE_SECONDS = Histogram(
    "thonbao_update_seconds",
    "From receiving a message to its effect on disk",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
DROPPED = Counter("thonbao_updates_dropped", "Updates that could not be read or saved", ["channel", "kind"])
NOT_SAVED = Counter("thonbao_saves_failed", "Messages and other work that could not be saved", ["reason"])
REFUSED = Counter("thonbao_webhook_refused", "Webhook calls refused", ["reason"])
UNANSWERED = Counter(
    "thonbao_strangers_unanswered", "Messages of strangers who were asked to wait, left unanswered"
)
SENT = Counter("thonbao_messages_sent", "Outcomes of sending", ["channel", "outcome"])
HELD = Gauge("thonbao_messages_held", "Messages that this process has taken to send and not yet settled")

READING: Final = Outage("metrics not read")


@cache
def labelled(counter: Counter, *labels: str) -> Counter:
    """The part of a counter that has these labels. Found once: every message counts thrice, and to find it takes longest."""
    return counter.labels(*labels)


class Read(Collector):
    """What was read from the database, for one answer to Prometheus."""

    def __init__(self, families: Sequence[Metric]) -> None:
        self.families = families

    def collect(self) -> Iterable[Metric]:
        return self.families


async def told(
    storage: Storage,
    trouble: Callable[[], Awaitable[str]],
    reached: Mapping[str, bool] | None = None,
    rates: ReportingRates | None = None,
) -> bytes:
    """Return all metrics as Prometheus reads them.

    `trouble` says why nothing can be saved, `reached` which channels are connected, `rates` how complete the reports
    are. If the database does not answer, its numbers are left out: an old number would look like a true one.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            families = await of_the_database(storage)
    except Exception as error:
        READING.met(error=type(error).__name__)
        families = []
    else:
        READING.over()
    answers = GaugeMetricFamily("thonbao_database_up", "1 if the database answers and saves, 0 if not")
    answers.add_metric([], 0 if await trouble() or not families else 1)
    registry = CollectorRegistry()
    platforms = connected(reached or {})
    complete = await rates.read() if rates else []
    registry.register(Read([answers, platforms, *families, *complete]))
    return generate_latest() + generate_latest(registry)


def connected(reached: Mapping[str, bool]) -> Metric:
    """Which channels are connected."""
    platforms = GaugeMetricFamily(
        "thonbao_platform_up", "1 if a platform is connected, 0 if not", labels=["channel"]
    )
    for channel, up in reached.items():
        platforms.add_metric([channel], int(up))
    return platforms


async def of_the_database(storage: Storage) -> list[Metric]:
    """Return what waits, what was given up, what was answered and who cannot be reached: one query each."""
    at = now()
    since = func.coalesce(Outbox.not_before, Outbox.created_at)
    ready = or_(col(Outbox.not_before).is_(None), col(Outbox.not_before) <= at)
    waiting = select(func.count(), func.min(since)).where(Outbox.state == OutboxState.DUE, ready, in_time(at))
    # Only answers to strangers are put off: whoever takes part is answered at once.
    strangers = (
        select(func.count()).select_from(Outbox).join(Contact, col(Contact.id) == col(Outbox.contact_id))
    )
    strangers = strangers.where(Outbox.state == OutboxState.DUE, col(Outbox.not_before) > at)
    strangers = strangers.where(Outbox.priority == ASKED_FOR, col(Contact.person_id).is_(None))
    given_up = select(func.count()).select_from(Outbox).where(Outbox.state == OutboxState.DEAD)
    newest = select(func.max(Observation.id))  # a count of tens of millions would take seconds
    unreachable = select(func.count()).select_from(Contact).where(col(Contact.reachable).is_(False))
    unreachable = unreachable.where(Contact.channel != "")  # those of people who left
    began = carried.month_of(at)
    async with storage.reading() as session:
        held = await dead_letters.held_back(session, at)
        used = {
            name: await carried.used(session, name, began) for name in await carried.channels(session, began)
        }
        due, oldest = (await session.exec(waiting)).one()
        put_off = (await session.exec(strangers)).one()
        dead = (await session.exec(given_up)).one()
        answers = (await session.exec(newest)).one()
        gone = (await session.exec(unreachable)).one()
    return [
        GaugeMetricFamily("thonbao_outbox_due", "Messages not sent whose time has come", due),
        GaugeMetricFamily("thonbao_outbox_oldest_seconds", "How late the oldest of them is", age(oldest, at)),
        GaugeMetricFamily(
            "thonbao_strangers_waiting", "Answers to strangers that wait for their turn", put_off
        ),
        GaugeMetricFamily("thonbao_outbox_dead", "Messages that were given up", dead),
        CounterMetricFamily("thonbao_answers", "Answers in the reports that were sent", answers or 0),
        GaugeMetricFamily("thonbao_contacts_unreachable", "Chats that take nothing from the bot", gone),
        use_of(used),
        held_back(held),
    ]


def held_back(waiting: Iterable[dead_letters.HeldBack]) -> Metric:
    """Return how many messages wait for an allowance or a window. They are not due, since their time has not come."""
    told = GaugeMetricFamily(
        "thonbao_outbox_held_back",
        "Messages that wait: as much as may be sent was sent, or it would cost",
        labels=["channel", "reason"],
    )
    for one in waiting:
        told.add_metric([one.channel, one.problem], one.count)
    return told


def use_of(channels: Mapping[str, carried.Used]) -> Metric:
    """Return how much was sent this month on channels that count: messages, parts of SMS, đồng as foretold."""
    told = GaugeMetricFamily(
        "thonbao_channel_used", "Sent this month where it counts", labels=["channel", "unit"]
    )
    for name, used in channels.items():
        for unit, count in used._asdict().items():
            told.add_metric([name, unit], count)
    return told


def age(since: datetime | None, at: datetime) -> float:
    """Return the seconds from `since` to `at`; never negative, whatever the clocks say."""
    return max(0.0, (at - since).total_seconds()) if since else 0.0
