"""Two bundled questionnaires are called by what they ask, no longer by a number

Versions, reports, interviews under way, announcements and whatever chats remember follow. The figures in the ledger are
numbered by the questionnaire's name, so it is made anew at the next start if there are reports of these two. A database
in which somebody already took in a questionnaire of the new name keeps both as they are.
"""

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

RENAMED = {
    "giao-duc-2": "trung-hoc-xoa-mu-chu",
    "von-su-nghiep-2": "von-su-nghiep-da-6-10",
}
NAMED = {"form": "name", "interview": "form_name", "submission": "form_name", "announcement": "form_name"}
REMEMBERED = (("contact", "screen"), ("interview", "extra"), ("saved_question", "query"), ("outbox", "body"))
"""JSON in which names of questionnaires stand among other words: in buttons, in what a chat expects."""


def upgrade() -> None:
    connection = op.get_bind()
    form = sa.table("form", sa.column("name", sa.String))
    taken = set(connection.scalars(sa.select(form.c.name)))
    renamed = {old: new for old, new in RENAMED.items() if old in taken and new not in taken}
    if renamed:
        make_the_ledger_anew(connection, renamed)
        for old, new in renamed.items():
            rename(connection, old, new)
        for table, column in (("form", "compiled"), *REMEMBERED):
            rewrite(connection, table, column, renamed)
        rewrite_keys(connection, renamed)


def make_the_ledger_anew(connection: sa.Connection, renamed: Mapping[str, str]) -> None:
    """Forget by what the ledger was made, where reports of these questionnaires are in it."""
    submission = sa.table("submission", sa.column("form_name", sa.String))
    reports = sa.select(sa.literal(1)).where(submission.c.form_name.in_(renamed)).limit(1)
    if connection.scalar(reports):
        setting = sa.table("setting", sa.column("key", sa.String))
        connection.execute(sa.delete(setting).where(setting.c.key == "ledger_basis"))


def rename(connection: sa.Connection, old: str, new: str) -> None:
    for name, column in NAMED.items():
        table = sa.table(name, sa.column(column, sa.String))
        connection.execute(sa.update(table).where(table.c[column] == old).values({column: new}))


def rewrite(connection: sa.Connection, name: str, column: str, renamed: Mapping[str, str]) -> None:
    """Put the new names into the JSON of a column, wherever an old one stands by itself."""
    table = sa.table(name, sa.column("id", sa.BigInteger), sa.column(column, sa.JSON))
    text = sa.cast(table.c[column], sa.Text)
    rows = connection.execute(
        sa.select(table.c.id, table.c[column]).where(sa.or_(*(text.contains(old) for old in renamed)))
    ).all()
    for id, value in rows:
        changed = replaced(value, renamed)
        if changed != value:
            connection.execute(sa.update(table).where(table.c.id == id).values({column: changed}))


def rewrite_keys(connection: sa.Connection, renamed: Mapping[str, str]) -> None:
    """A reminder's key lists its questionnaires in order: with an old name in it, it would be sent once more."""
    outbox = sa.table("outbox", sa.column("id", sa.BigInteger), sa.column("natural_key", sa.String))
    key = outbox.c.natural_key
    rows = connection.execute(
        sa.select(outbox.c.id, key).where(sa.or_(*(key.contains(old) for old in renamed)))
    ).all()
    for id, old in rows:
        parts = (sorted(replaced(part, renamed).split(",")) for part in old.split(":"))
        new = ":".join(",".join(names) for names in parts)
        connection.execute(sa.update(outbox).where(outbox.c.id == id).values(natural_key=new))


def replaced(value: Any, renamed: Mapping[str, str]) -> Any:
    """JSON with the new names in it, also as keys."""
    match value:
        case dict():
            return {replaced(key, renamed): replaced(one, renamed) for key, one in value.items()}
        case list():
            return [replaced(one, renamed) for one in value]
        case str():
            return re.sub(r"[\w-]+", lambda word: renamed.get(word[0], word[0]), value)
    return value
