"""`make soak`: half an hour at a nation's rate while the platform misbehaves; memory and waits of each half minute.

85 updates a second come to the webhook; one call in a hundred of the bot's is refused for a second (429), one in a
hundred fails (502, or a connection that ends), and one update in fifty comes twice. What is looked for is what only
time shows: memory that grows, waits that grow, an update that was acknowledged and never answered. The table goes to
build/soak.md, the curve to docs/images/soak.svg. `MINUTES=5` is a shorter one.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlmodel import func, select

from storage.backup import verify
from storage.database import open_engine, reading
from storage.tables import Outbox, OutboxState, Seen
from tests.bench import world
from tests.bench.__main__ import crowd, processor_seconds, resident, stopped, thonbao, wait_for
from tests.free_ports import free_port

RATE: Final = 85
SLICE: Final = 30
"""Seconds between two looks at the memory."""
EACH: Final = 52
"""Messages with which one village head sends all that is due: four questionnaires."""
FAULTS: Final = ("--refuse", "0.01", "--faults", "0.01", "--again", "0.02")
RESULT: Final = Path("build/soak.md")
PICTURE: Final = Path("docs/images/soak.svg")
WIDTH, HEIGHT, LEFT, GAP = 720, 150, 60, 40


@dataclass(frozen=True, slots=True)
class Moment:
    """One slice of the time: how many updates were answered, how soon, and what the bot held at its end."""

    answered: float
    p50_ms: float
    p99_ms: float
    memory_mb: float


@dataclass(frozen=True, slots=True)
class Soaked:
    """What a run showed."""

    moments: list[Moment]
    report: dict[str, Any]
    cpu_ms: float
    seen: int
    """Different updates that were taken."""
    due: int
    """Messages that still waited at the end."""
    differences: int


async def soaked(minutes: float) -> Soaked:
    """Run it on a database of its own."""
    seconds = minutes * 60
    heads = int(seconds * RATE / EACH * 1.2) + RATE
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        url = world.sqlite_url(Path(name))
        await world.build(url, heads)
        options = ["--rate", str(RATE), "--fill", "--people", str(RATE), "--pool", str(heads), *FAULTS]
        options += ["--seconds", str(seconds), "--slice", str(SLICE)]
        memory, report, spent = await asyncio.to_thread(run, Path(name), url, options)
        engine = open_engine(url)
        async with reading(engine) as session:
            seen = (await session.exec(select(func.count()).select_from(Seen))).one()
            waiting = select(func.count()).select_from(Outbox).where(Outbox.state == OutboxState.DUE)
            due = (await session.exec(waiting)).one()
            differences = len((await verify(session)).differences)
        await engine.dispose()
    moments = [Moment(*one, mb) for one, mb in zip(report["slices"], memory, strict=False)]
    return Soaked(moments, report, 1000 * spent / max(1, report["answered"]), seen, due, differences)


def run(folder: Path, url: str, options: list[str]) -> tuple[list[float], dict[str, Any], float]:
    """Return the memory in megabytes at the end of each slice, the crowd's report, and the processor's seconds."""
    bot, api, port = thonbao(folder, url), free_port(), free_port()
    load = crowd(bot, [port], api, options)
    assert load.stdin
    assert load.stdout
    load.stdout.readline()
    process = bot.start(port, api)
    memory: list[float] = []
    try:
        with stopped(process):
            wait_for(port)
            before, began = processor_seconds(process.pid), time.monotonic()
            load.stdin.write("\n")
            load.stdin.flush()
            seconds = float(options[options.index("--seconds") + 1])
            while (passed := time.monotonic() - began) < seconds:
                time.sleep(SLICE - passed % SLICE)
                memory.append(resident(process.pid))
            report: dict[str, Any] = json.loads(load.stdout.readline())
            spent = processor_seconds(process.pid) - before
    finally:
        load.kill()
    return memory, report, spent


def table(result: Soaked) -> list[str]:
    """The run in words and as a table of some moments, as lines of Markdown."""
    apart = max(1, len(result.moments) // 6)
    rows = [
        f"| {number * apart * SLICE / 60:.1f} | {one.answered / SLICE:.0f} | {one.p50_ms:.0f} "
        f"| {one.p99_ms:.0f} | {one.memory_mb:.0f} |"
        for number, one in enumerate(result.moments[::apart])
    ]
    report = result.report
    lost = report["posted"] - result.seen
    return [
        "| minute | updates/s | p50 ms | p99 ms | MB |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"{report['posted']} updates, {report['floods']} calls refused, {report['faults']} failed. "
        f"Not taken: {lost}. Not answered: {report['unanswered']}. Messages that still waited: {result.due}. "
        f"`thonbao verify` found {result.differences} differences. {result.cpu_ms:.1f} ms of processor an update.",
    ]


def curve(values: list[float], top: int, title: str) -> str:
    """One panel of the picture: a line from zero, with its largest value beside it."""
    most = max(values, default=0.0) * 1.1 or 1.0
    step = (WIDTH - LEFT - 20) / max(1, len(values) - 1)
    points = " ".join(
        f"{LEFT + number * step:.1f},{top + HEIGHT - value / most * HEIGHT:.1f}"
        for number, value in enumerate(values)
    )
    return (
        f'<text x="{LEFT}" y="{top - 8}">{title}</text>'
        f'<text x="{LEFT - 8}" y="{top + 12}" text-anchor="end">{most:.0f}</text>'
        f'<text x="{LEFT - 8}" y="{top + HEIGHT}" text-anchor="end">0</text>'
        f'<path d="M{LEFT} {top}V{top + HEIGHT}H{WIDTH - 20}" fill="none" stroke="#888"/>'
        f'<polyline points="{points}" fill="none" stroke="#0a6" stroke-width="2"/>'
    )


def picture(moments: list[Moment]) -> str:
    """The curve of memory and of the waits, as an SVG."""
    minutes = len(moments) * SLICE / 60
    panels = [
        curve([one.memory_mb for one in moments], 40, "memory, MB"),
        curve(
            [one.p99_ms for one in moments], 40 + HEIGHT + GAP, "from an update to its first reply, p99, ms"
        ),
    ]
    height = 40 + 2 * (HEIGHT + GAP)
    last = f'<text x="{WIDTH - 20}" y="{height - 20}" text-anchor="end">{minutes:.0f} minutes</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13">'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>{"".join(panels)}{last}</svg>\n'
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    result = asyncio.run(soaked(parser.parse_args().minutes))
    text = "\n".join(table(result)) + "\n"
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text)
    PICTURE.write_text(picture(result.moments))
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
