"""A small district in a database, written by whichever code of Thôn Báo is on the path: `python sample.py URL`.

It is run with the code of the revision whose tables are wanted, so it uses only what every revision has: two villages
report, one of them twice, one interview is open. Every other table that the code knows gets one row.
"""

import asyncio
import sys
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Table, func
from sqlmodel import SQLModel, select

from questionnaires.xlsform import compile_form
from storage import forms, interviews, people, submissions
from storage.database import migrate, open_engine, writing
from storage.session import Session
from storage.tables import Level, PlaceSuccession, RoleName

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
FORM = """
| survey | | | |
|---|---|---|---|
| | type | name | label |
| | integer | ho | Bao nhiêu hộ? |
| | integer | ho_nuoc | Bao nhiêu hộ dùng nước hợp vệ sinh? |
| | text | ghi_chu | Bác muốn ghi gì thêm? |

| settings | | | |
|---|---|---|---|
| | form_id | form_title | default_language |
| | nuoc-thu | Nước | vi |
"""
REPORTS = (("Nà Hin", "2026-W46", "90"), ("Nà Hin", "2026-W47", "98"), ("Khuổi Luông", "2026-W47", "31"))


async def write_sample(url: str) -> None:
    """Make the database at `url`, which is empty, and write the sample into it."""
    await migrate(url)
    engine = open_engine(url)
    async with writing(engine) as session:
        await write_reports(session)
        for mapper in sorted(SQLModel._sa_registry.mappers, key=rank):
            await write_one(session, mapper.class_, mapper.local_table)
    await engine.dispose()


async def write_reports(session: Session) -> None:
    """Through the program's own functions: places, people, a questionnaire, interviews, submissions."""
    form = compile_form(FORM.encode(), "nuoc-thu.md")
    form_id = (await forms.save_form(session, form)).id
    commune = await session.places.add(Level.COMMUNE, "xã", "Vĩnh Thông", None, code="01981")
    heads: dict[str, tuple[int, int]] = {}
    for name in ("Nà Hin", "Khuổi Luông"):
        village = await session.places.add(Level.VILLAGE, "thôn", name, commune.id)
        contact = await people.create_contact(session, "console", name, "vi")
        role = RoleName.VILLAGE_HEAD
        head = await people.enrol(session, contact, village.id, role, "Lý A Sử", NOW)
        heads[name] = (head.id, village.id)
    old = await session.places.add(Level.VILLAGE, "thôn", "Khuổi Cũ", commune.id)
    old.last_day = date(2025, 6, 30)
    document = "QĐ 12/QĐ-UBND"
    into = heads["Nà Hin"][1]
    session.add(PlaceSuccession(from_id=old.id, to_id=into, day=date(2025, 7, 1), legal_basis=document))
    for name, period, count in (*REPORTS, ("Khuổi Luông", "2026-W46", "")):
        person_id, place_id = heads[name]
        row = await interviews.start(
            session, person_id=person_id, place_id=place_id, form_id=form_id, form_name=form.name,
            period=period, state={}, now=NOW,
        )  # fmt: skip
        if count:
            values = {"/data/ho": "109", "/data/ho_nuoc": count, "/data/ghi_chu": "Đập bị “vỡ”; 2 hộ"}
            paths = [question.path for question in form.questions]
            await submissions.send(session, row, form, dict(zip(paths, values.values(), strict=True)), NOW)


def rank(mapper: Any) -> int:
    """Tables to which others refer come first."""
    return list(SQLModel.metadata.sorted_tables).index(mapper.local_table)


async def write_one(session: Session, model: type[Any], table: Table) -> None:
    """One row of a table that has none."""
    if (await session.exec(select(func.count()).select_from(table))).one():
        return
    values = {column.name: await value_of(session, column) for column in table.columns if is_asked(column)}
    session.add(model(**values))
    await session.flush()


def is_asked(column: Column[Any]) -> bool:
    """Whether a column gets no value by itself, as numbers of rows and JSON do."""
    numbered = column.name == "id" and column.primary_key
    return not column.nullable and not numbered and not isinstance(column.type, JSON)


async def value_of(session: Session, column: Column[Any]) -> Any:
    """Something that may stand in `column`."""
    for key in column.foreign_keys:
        return (await session.exec(select(func.min(key.column)))).one()
    kind = getattr(column.type, "impl_instance", column.type).python_type
    default = column.default.arg if column.default is not None and column.default.is_scalar else None
    samples = {bool: False, int: 1, str: f"mẫu {column.name}", date: NOW.date(), datetime: NOW}
    return default if default is not None else samples[kind]


if __name__ == "__main__":
    asyncio.run(write_sample(sys.argv[1]))
