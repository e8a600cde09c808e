"""How complete and timely the month's reports are, for Prometheus.

Counting looks at all villages, so it is done at most every quarter of an hour, however often the numbers are read.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from prometheus_client.core import GaugeMetricFamily, Metric
from sqlmodel import col, or_, select

from figures import completeness
from figures.completeness import ReportingRate
from figures.coverage import Owed
from figures.view import View
from handlers.library import Library
from storage.outage import Outage
from storage.tables import Level, Place, now
from storage.unit_of_work import Storage

EVERY: Final = timedelta(minutes=15)
PATIENCE: Final = 4.0
"""Seconds. With what the other numbers may take, this is less than Prometheus waits."""


class ReportingRates:
    """Counts the reports expected, received, and received in time, by questionnaire, and remembers the counts for a
    while."""

    def __init__(self, storage: Storage, library: Library, clock: Callable[[], datetime] = now) -> None:
        self.storage, self.library, self.clock = storage, library, clock
        self.counted_at: datetime | None = None
        self.rates: Sequence[tuple[Owed, ReportingRate]] = ()
        self.outage = Outage("completeness not counted")

    async def read(self) -> list[Metric]:
        """The rates of each form; none for a form that nobody is asked this month."""
        at = self.clock()
        if self.counted_at is None or at - self.counted_at >= EVERY:
            # Noted before counting, so that two simultaneous readers count once.
            self.counted_at = at
            await self.count(at)
        told = GaugeMetricFamily(
            "thonbao_reports",
            "Reports that villages were first asked this month",
            labels=["form", "period", "count"],
        )
        for owed, rate in self.rates:
            form, period = owed.mark
            for name in ("expected", "received", "on_time"):
                told.add_metric([form, period, name], getattr(rate, name))
        return [told]

    async def count(self, at: datetime) -> None:
        """Count again. If the database does not answer in time, drop the old numbers: they would look current."""
        self.rates = ()
        with self.outage.survived():
            async with asyncio.timeout(PATIENCE), self.storage.reading() as session:
                view = View(session, self.library, (), at.astimezone(self.library.zone))
                standing = or_(col(Place.last_day).is_(None), col(Place.last_day) >= view.today)
                chosen = select(Place.id).where(Place.level == Level.VILLAGE, standing)
                ids = set(await session.exec(chosen.where(Place.first_day <= view.today)))
                self.rates = await completeness.of_month(view, ids)
