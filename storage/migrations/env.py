"""What Alembic runs for a migration: on the connection that `storage.database` passes in, never by itself.

Our own types (`Instant`, `Exact`) are written into revisions as the plain types below them, so that an old revision
keeps its meaning when they change.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import AutoString

from storage.tables import Exact, Instant, metadata

PLAIN = {Instant: "sa.DateTime(timezone=True)", Exact: "sa.Text()", AutoString: "sa.String()"}


def plain_type(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """How a column's type is written into a new revision."""
    return PLAIN.get(type(item), False) if kind == "type" else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=plain_type,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
