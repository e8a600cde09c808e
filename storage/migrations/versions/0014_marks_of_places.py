"""Places have attributes, from when until when: of the minorities' area, rural, specially disadvantaged.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigKey

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place_mark",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("place_id", BigKey, sa.ForeignKey("place.id"), nullable=False),
        sa.Column("attribute", sa.String(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("event_id", BigKey, sa.ForeignKey("place_event.id"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_place_mark_place_id", "place_mark", ["place_id"])
    op.create_index("ix_place_mark_attribute", "place_mark", ["attribute"])
    op.create_index("ix_place_mark_event_id", "place_mark", ["event_id"])


def downgrade() -> None:
    op.drop_table("place_mark")
