"""Officers are invited, and their roles ended, by two people.

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


def downgrade() -> None:
    op.drop_table("role_request")
