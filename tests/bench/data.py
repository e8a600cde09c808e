"""`make bench-data`: a whole country's reports, made up, in the same tables that the product uses.

30,591 villages answer 40 questions (four questionnaires of ten) every week for 104 weeks: 127 million answers, some
26 GB. `WEEKS=8` makes fewer. The rows are made by SQLite itself; the ledger is then built from them as
`thonbao init` would. A stock changes once in a quarter, in another week in each village. Some numbers are small, as in
life: what would give them away has to be looked for.
"""

import argparse
import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final

from plans.period import PeriodKind, period_of
from plans.reading import load_plans
from questionnaires.xlsform import compile_form
from storage import ledger
from storage.database import migrate, open_engine, writing
from storage.forms import save_form
from storage.tables import Level

PROVINCES: Final = 34
COMMUNES: Final = 3_321
VILLAGES: Final = 30_591
FORMS: Final = 4
QUESTIONS: Final = 10
WEEKS: Final = 104
FEWEST: Final = 40
"""Households of the smallest village."""
LAST: Final = date(2026, 11, 20)
PLACE: Final = Path("build/bench-data/thonbao.db")


def questions() -> list[list[str]]:
    """The question names of each questionnaire: those of the villages' indicators, so that rates are summed too."""
    forms: list[list[str]] = [[] for _ in range(FORMS)]
    for indicator in load_plans().indicators_of(Level.VILLAGE):
        for form in forms:
            new = [name for name in indicator.questions if name not in form]
            if len(form) + len(new) <= QUESTIONS and not any(set(new) & set(other) for other in forms):
                form += new
                break
    for number, form in enumerate(forms, 1):
        form += [f"do_{number}_{place}" for place in range(len(form), QUESTIONS)]
    return forms


def form_text(number: int, names: list[str]) -> bytes:
    """A questionnaire of whole numbers as an XLSForm in Markdown."""
    lines = ["| survey | | | |", "| | type | name | label::Tiếng Việt (vi) |"]
    lines += [f"| | integer | {name} | {name}? |" for name in names]
    lines += ["| settings | | | |", "| | form_title | form_id | default_language |"]
    lines += [f"| | Phiếu đo {number} | do-{number} | Tiếng Việt (vi) |"]
    return "\n".join(lines).encode()


def weeks(count: int) -> Iterator[tuple[int, str, str]]:
    """The last `count` weeks: number, key, last day; the oldest first."""
    period = period_of(PeriodKind.WEEK, LAST)
    found = []
    for number in range(count, 0, -1):
        found.append((number, period.key, period.end.isoformat()))
        period = period.previous()
    return reversed(found)


async def begin(url: str, villages: int) -> None:
    """Tables, questionnaires, and the tree: place 1 is the nation, then provinces, communes and villages."""
    await migrate(url)
    engine = open_engine(url)
    async with writing(engine) as session:
        for number, names in enumerate(questions(), 1):
            await save_form(session, compile_form(form_text(number, names), f"do-{number}.md"))
        connection = await session.connection()
        for statement in tree(villages):
            await connection.exec_driver_sql(statement)
    await engine.dispose()


def tree(villages: int) -> Iterator[str]:
    """The statements that make the places, spread evenly."""
    levels = (
        (Level.NATION, 1, 0),
        (Level.PROVINCE, PROVINCES, 1),
        (Level.COMMUNE, COMMUNES, PROVINCES),
        (Level.VILLAGE, villages, COMMUNES),
    )
    first, above = 1, 0
    for level, count, parents in levels:
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1})"
        yield (
            "INSERT INTO place (id, level, kind, name, first_day, search, invented, source) "
            f"{numbers} SELECT {first} + i, '{level}', '', 'Đo ' || i, '0001-01-01', 'do ' || i, 1, '' FROM n"
        )
        if parents:
            yield (
                "INSERT INTO place_edge (child_id, parent_id, first_day) "
                f"{numbers} SELECT {first} + i, {above} + i * {parents} / {count}, '0001-01-01' FROM n"
            )
        above, first = first, first + count


def answer(question: int | str, whole: bool | str) -> str:
    """What village `place` counts in `week`, in SQL: a `whole` stays, and no part is larger; a part is another number
    each quarter, and small in every twentieth village."""
    part = f"((place * 31 + {question} * 17 + (week + place) / 13 * 7) % {FEWEST})"
    return f"(CASE WHEN {whole} THEN {FEWEST} + place * 31 % 97 ELSE {part} END)"


def wholes() -> frozenset[str]:
    """The questions whose answers others are parts of."""
    counted = load_plans().indicators_of(Level.VILLAGE)
    return frozenset(name for indicator in counted for name in indicator.denominator)


def reports(file: Path, count: int) -> None:
    """Every report and its answers; the indexes are made when all is there."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=FILE"):
            database.execute(f"PRAGMA {pragma}")
        indexes = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
            "AND tbl_name IN ('observation', 'submission')"
        ).fetchall()
        for name, _ in indexes:
            database.execute(f"DROP INDEX {name}")
        database.execute("CREATE TEMP TABLE weeks (week INTEGER, period TEXT, period_end TEXT)")
        database.executemany("INSERT INTO weeks VALUES (?, ?, ?)", list(weeks(count)))
        whole = wholes()
        every = "(SELECT id AS place FROM place WHERE level = 'thon') CROSS JOIN weeks"
        for number, names in enumerate(questions(), 1):
            identity = f"((place * 1000 + week) * {FORMS} + {number})"
            said = " || ',' || ".join(
                f"""'"/data/{name}":"' || {answer(number * 10 + order, name in whole)} || '"'"""
                for order, name in enumerate(names)
            )
            database.execute(
                "INSERT INTO submission (id, receipt, place_id, form_id, form_name, period, period_end, revision, "
                f"current, answers, sent_at) SELECT {identity}, 'BC-' || {identity}, place, {number}, 'do-{number}', "
                f"period, period_end, 1, 1, '{{' || {said} || '}}', period_end || ' 08:00:00' FROM {every}"
            )
            rows = " UNION ALL ".join(
                f"SELECT {order} AS o, '{name}' AS name, '/data/{name}' AS path, {name in whole} AS whole"
                for order, name in enumerate(names)
            )
            value = answer(f"({number * 10} + o)", "whole")
            database.execute(
                "INSERT INTO observation (submission_id, place_id, period, period_end, question, path, value, number, "
                f"estimate, current) SELECT {identity}, place, period, period_end, name, path, {value}, {value}, 0, 1 "
                f"FROM {every} CROSS JOIN ({rows})"
            )
        for _, statement in indexes:
            database.execute(statement)
        database.execute("PRAGMA journal_mode=WAL")


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def add_up(url: str) -> None:
    """The ledger of it all."""
    engine = open_engine(url)
    async with writing(engine) as session:
        await ledger.rebuild(session)
    await engine.dispose()


def make(file: Path, villages: int, count: int) -> None:
    """The whole database in `file`, which must not exist. Prints how long each part took."""
    file.parent.mkdir(parents=True, exist_ok=True)
    url = url_of(file)
    for words, work in (
        ("places", lambda: asyncio.run(begin(url, villages))),
        ("reports", lambda: reports(file, count)),
        ("ledger", lambda: asyncio.run(add_up(url))),
    ):
        started = time.perf_counter()
        work()
        print(f"{words}: {time.perf_counter() - started:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=WEEKS)
    parser.add_argument("--villages", type=int, default=VILLAGES)
    parser.add_argument("--file", type=Path, default=PLACE)
    options = parser.parse_args()
    options.file.unlink(missing_ok=True)
    make(options.file, options.villages, options.weeks)
    print(f"{options.file}: {options.file.stat().st_size / 1e9:.1f} GB")


if __name__ == "__main__":
    main()
