"""Periods are locked, deputies end by themselves, officers come and go by two people, and words belong to a figure.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigKey, Instant

revision = "0016"
down_revision = "0015"
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
    for table in ("role", "invitation"):
        op.add_column(table, sa.Column("ends_at", Instant(), nullable=True))
    op.create_table(
        "role_request",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("place_id", BigKey, sa.ForeignKey("place.id"), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("ends_role", BigKey, sa.ForeignKey("role.id"), nullable=True),
        sa.Column("asked_by", BigKey, nullable=True),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("decided_by", BigKey, nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_role_request_place_id", "role_request", ["place_id"])
    op.create_table(
        "exchange",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("place_id", BigKey, sa.ForeignKey("place.id"), nullable=False),
        sa.Column("form_name", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("announcement_id", BigKey, sa.ForeignKey("announcement.id"), nullable=True),
        sa.Column("stopped_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("subject"),
    )
    op.create_index("ix_exchange_place_id", "exchange", ["place_id"])
    op.create_table(
        "remark",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("exchange_id", BigKey, sa.ForeignKey("exchange.id"), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("person_id", BigKey, nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_remark_exchange_id", "remark", ["exchange_id"])


def downgrade() -> None:
    op.drop_table("remark")
    op.drop_table("exchange")
    op.drop_table("role_request")
    for table in ("role", "invitation"):
        op.drop_column(table, "ends_at")
    op.drop_table("period_lock")
    op.drop_column("submission", "locked_at")
