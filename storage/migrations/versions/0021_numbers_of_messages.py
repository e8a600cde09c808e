"""Each chat's latest messages are known by their own numbers, also where their updates' numbers changed.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("last_messages", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("contact", "last_messages")
