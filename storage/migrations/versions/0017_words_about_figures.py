"""Words between a place and its officers, each bound to what it is about.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigKey, Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
