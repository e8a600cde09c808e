"""Periods are locked, and reports say whether theirs is.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigKey, Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submission", sa.Column("locked_at", Instant(), nullable=True))
    op.create_table(
        "period_lock",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("place_id", BigKey, sa.ForeignKey("place.id"), nullable=False),
        sa.Column("form_name", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("locked_by", BigKey, nullable=True),
        sa.Column("locked_at", Instant(), nullable=False),
        sa.Column("reopened_by", BigKey, nullable=True),
        sa.Column("reopened_at", Instant(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    unlocked = sa.text("reopened_at IS NULL")
    op.create_index(
        "uq_period_lock",
        "period_lock",
        ["place_id", "form_name", "period"],
        unique=True,
        sqlite_where=unlocked,
        postgresql_where=unlocked,
    )


def downgrade() -> None:
    op.drop_table("period_lock")
    op.drop_column("submission", "locked_at")
