"""A role may have an end from its beginning: a deputy's.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("role", "invitation"):
        op.add_column(table, sa.Column("ends_at", Instant(), nullable=True))


def downgrade() -> None:
    for table in ("role", "invitation"):
        op.drop_column(table, "ends_at")
