"""Answers come in steadily while the summaries of a week are composed and sent by the same process.

Village heads answer 85 times a second over webhooks, which the country's programme needs; the same without letters
stands beside it. Meanwhile every village's summary is due. The Bot API may be given ten times what Telegram
allows, and so the sender's pace is ten times that of `TelegramChannel`; answers count towards it.
"""

import statistics
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from bot.settings import Settings
from storage.database import open_engine, reading, writing
from storage.tables import Contact, Outbox, WeeklyChoice

ZONE: Final = ZoneInfo(Settings.model_fields["timezone"].default)
VILLAGES: Final = 30_591
"""Of the country's programme."""
POOL: Final = 9000
RATE: Final = 85
SECONDS: Final = 40
OPTIONS: Final = [
    *("--rate", str(RATE), "--seconds", str(SECONDS), "--pool", str(POOL)),
    *("--letters", "Tin tuần của"),
]
"""What the crowd does."""
TICK: Final = 1_000_000 << 10
"""A second in the outbox's keys."""

Report = dict[str, float]


async def make_due(url: str) -> None:
    """Let every chat want its summary today, a minute ago."""
    now = datetime.now(ZONE)
    minute = max(0, now.hour * 60 + now.minute - 1)
    engine = open_engine(url)
    async with writing(engine) as session:
        for number in (await session.exec(select(Contact.id))).all():
            session.add(WeeklyChoice(contact_id=number or 0, weekday=now.weekday(), minute=minute))
    await engine.dispose()


async def composed(url: str) -> Report:
    """How many summaries were written, and in how many seconds from the first to the last one."""
    engine = open_engine(url)
    chosen = select(func.count(), func.min(Outbox.id), func.max(Outbox.id))
    async with reading(engine) as session:
        some = chosen.where(col(Outbox.natural_key).startswith("weekly:"))
        count, first, last = (await session.exec(some)).one()
    await engine.dispose()
    return {"composed": count, "compose_seconds": ((last or 0) - (first or 0)) / TICK}


def table(rounds: int, run: Callable[[bool], Report]) -> list[str]:
    """Without letters and with them in turn, `rounds` times; medians. `run` is one run of the crowd."""
    without, letters = [], []
    for _ in range(rounds):
        without.append(run(False))
        letters.append(run(True))
    return [
        "| a steady 85 updates a second | updates/s | p50 ms | p99 ms (range) | CPU ms/update | peak MB "
        "| letters/s | all messages, busiest second |",
        "|---|---|---|---|---|---|---|---|",
        row("without letters", without),
        row("with letters", letters),
        "",
        *sums(without, letters),
    ]


def median(reports: Sequence[Report], name: str) -> float:
    return statistics.median(report[name] for report in reports)


def row(title: str, reports: Sequence[Report]) -> str:
    slowest = sorted(report["p99_ms"] for report in reports)
    pace = statistics.median(each["letters"] / max(1.0, each["letter_seconds"]) for each in reports)
    return (
        f"| {title} | {median(reports, 'per_second'):.0f} | {median(reports, 'p50_ms'):.0f} "
        f"| {median(reports, 'p99_ms'):.0f} ({slowest[0]:.0f}-{slowest[-1]:.0f}) "
        f"| {median(reports, 'cpu_ms'):.2f} | {median(reports, 'peak_mb'):.0f} | {pace:.0f} "
        f"| {median(reports, 'busiest'):.0f} |"
    )


def sums(without: Sequence[Report], letters: Sequence[Report]) -> list[str]:
    """What follows from the rows."""
    each = statistics.median(report["compose_seconds"] / max(1.0, report["composed"]) for report in letters)
    ratio = median(letters, "p99_ms") / max(0.001, median(without, "p99_ms"))
    grown = median(letters, "peak_mb") - median(without, "peak_mb")
    return [
        f"p99 {ratio:.1f} times that without letters; {grown:.0f} MB more at the peak; "
        f"{median(letters, 'composed'):.0f} letters composed, {each * 1000:.1f} ms each: "
        f"{VILLAGES:,} in {each * VILLAGES / 60:.1f} minutes.",
    ]
