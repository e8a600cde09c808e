"""What the ledger asks the database and writes to it. The queries are in `ledger.sql`."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from decimal import Decimal
from functools import cache
from secrets import randbelow
from typing import Any, Final

from sqlalchemy import Date, Dialect, Integer, String, bindparam
from sqlmodel import SQLModel, col, select

from storage.ledger.measures import LedgerReport, Line, add_value, counted, lines, number
from storage.ledger.sums import Sums, Total, Totals
from storage.ledger.ways import LedgerWay, WayStep, WayTree
from storage.named_sql import named
from storage.portions import portions
from storage.session import Session
from storage.tables import Place, Submission

LEDGER: Final = SQLModel.metadata.tables["ledger"]
SHARDS: Final = 16
SHARD: Final = randbelow(SHARDS)
"""This process's share of the rows, on PostgreSQL."""
TOGETHER: Final = 20
"""How many places' reports are held in memory at once."""
REPORTS: Final[dict[str, Any]] = {
    "id": Integer, "place_id": Integer, "form_name": String, "period": String, "period_end": Date,
}  # fmt: skip
TREE: Final[dict[str, Any]] = {
    "id": Integer, "level": String, "first_day": Date, "last_day": Date,
    "succeeds": Integer, "other": Integer, "since": Date, "until": Date,
}  # fmt: skip
QUERIES: Final[dict[str, tuple[tuple[str, ...], dict[str, Any]]]] = {
    "ledger_tree": (("places",), TREE),
    "ledger_reporters": (("places",), {}),
    "ledger_neighbours": ((), REPORTS),
    "ledger_reports": (("places",), REPORTS),
    "ledger_numbers": (("places",), {}),
    "ledger_values": (("submissions",), {}),
    "ledger_totals": (("places", "measures"), {}),
    "ledger_latest": (("places", "measures"), {}),
}
"""For each query, the parameters that are lists, and the columns whose type the database does not tell."""


@cache
def prepared(name: str) -> Any:
    """Return the named query with the types of its parameters and columns."""
    lists, columns = QUERIES[name]
    parameters: list[Any] = [bindparam(name_of_list, expanding=True) for name_of_list in lists]
    if name == "ledger_neighbours":
        parameters.append(bindparam("day", type_=Date()))
    query = named(name).bindparams(*parameters)
    return query.columns(**columns) if columns else query


async def tree_of(session: Session, place_ids: Collection[int]) -> WayTree:
    """Return the tree above these places, with their successors."""
    rows = await session.fetch(prepared("ledger_tree"), places=list(place_ids))
    return WayTree(WayStep(*row) for row in rows)


async def way_of(session: Session, place: int) -> LedgerWay:
    """Return where the place's reports count; asked once as long as no place changes."""

    async def ask() -> LedgerWay:
        return (await tree_of(session, [place])).way(place)

    return await session.places.remember(("way", place), ask)


async def ways_of(session: Session, place_ids: Sequence[int]) -> dict[int, LedgerWay]:
    """Where each place's reports count."""
    ways: dict[int, LedgerWay] = {}
    for some in portions(place_ids):
        tree = await tree_of(session, some)
        ways |= {place: tree.way(place) for place in some}
    return ways


async def neighbours(
    session: Session, submission: Submission
) -> tuple[LedgerReport | None, LedgerReport | None]:
    """Return the current reports of the same place and form just before this one and just after it."""
    rows = await session.fetch(
        prepared("ledger_neighbours"),
        place=submission.place_id,
        form=submission.form_name,
        period=submission.period,
        day=submission.period_end,
    )
    before, later = None, None
    for id, _, form, period, day in rows:
        values = await values_of(session, [id])
        report = counted(form, period, day, values.get(id, {}))
        if (day, period) > (submission.period_end, submission.period):
            later = report
        else:
            before = report
    return before, later


async def values_of(session: Session, submissions: Collection[int]) -> dict[int, dict[str, Decimal]]:
    """The numbers of submissions by question; a repeated question's numbers are added up."""
    values: dict[int, dict[str, Decimal]] = {}
    rows = await session.fetch(prepared("ledger_values"), submissions=list(submissions))
    for submission, question, value in rows:
        add_value(values.setdefault(submission, {}), question, Decimal(value))
    return values


async def lines_of(session: Session, places: Sequence[int]) -> AsyncIterator[list[Line]]:
    """Yield all current reports, for some places at a time, by place and questionnaire, in order."""
    connection = await session.connection()
    for some in portions(places, TOGETHER):
        asked = {"places": list(some)}
        answers: dict[int, list[tuple[str, str]]] = {}
        for submission, question, value in await connection.execute(prepared("ledger_numbers"), asked):
            answers.setdefault(submission, []).append((question, value))
        reports = await connection.execute(prepared("ledger_reports"), asked)
        yield lines(
            (place, form, period, day, answers.get(id, [])) for id, place, form, period, day in reports
        )


async def reporters(session: Session) -> list[int]:
    """Every place with a report."""
    return [row[0] for row in await (await session.connection()).execute(named("ledger_places"))]


async def reporters_below(session: Session, place_ids: Collection[int]) -> list[int]:
    """Return the places with reports that ever lay in these, or are these."""
    query = prepared("ledger_reporters")
    connection = await session.connection()
    below: set[int] = set()
    for some in portions(sorted(place_ids)):
        below.update(row[0] for row in await connection.execute(query, {"places": list(some)}))
    return sorted(below)


async def lock(session: Session, place_ids: Collection[int]) -> None:
    """Let nobody else post for these places until the transaction ends (on SQLite nobody can anyway)."""
    if (await session.connection()).dialect.name == "sqlite":
        return
    chosen = select(Place.id).where(col(Place.id).in_(place_ids)).order_by(col(Place.id))
    for some in portions(sorted(place_ids)):
        await session.exec(chosen.where(col(Place.id).in_(some)).with_for_update(key_share=True))
    session.places.look_again()


async def lock_all(session: Session) -> None:
    """Let nobody else post until the transaction ends (on SQLite nobody can anyway)."""
    connection = await session.connection()
    if connection.dialect.name != "sqlite":
        await connection.execute(named("ledger_lock"))


async def write(session: Session, sums: Sums, table: str = LEDGER.name) -> None:
    """Add the changes to the ledger, or to a table that looks like it."""
    connection = await session.connection()
    dialect = connection.dialect
    if rows := sums.rows(0 if dialect.name == "sqlite" else SHARD):
        # Given to the driver as they are: SQLAlchemy would look at each row by itself, and there may be 100,000.
        await connection.exec_driver_sql(for_driver(f"{table}_add", dialect), rows)


@cache
def for_driver(name: str, dialect: Dialect) -> str:
    """Return the named statement as a driver takes it, with its parameters by position."""
    return named(name).compile(dialect=dialect).string


async def sums_of(
    session: Session,
    units: Collection[int],
    measures: Mapping[int, str],
    days: tuple[int, int],
    boundary: int,
) -> Totals:
    """Return what was added from the first day to the last, by unit and by the name that `measures` gives."""
    asked = {
        "places": list(units),
        "measures": list(measures),
        "first": days[0],
        "last": days[1],
        "boundary": boundary,
    }
    sums: Totals = {}
    rows = await session.fetch(prepared("ledger_totals"), **asked)
    for unit, measure, reports, *amounts in rows:
        if reports:
            whole, rest, of, of_rest = map(int, amounts)
            total = Total(int(reports), number(whole, rest), number(of, of_rest))
            sums.setdefault(unit, {})[measures[measure]] = total
    return sums
