"""Whoever agrees to an officer's invitation reads whose it is.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("role_request", sa.Column("name", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("role_request", "name")
