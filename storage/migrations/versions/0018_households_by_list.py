"""How many households the office's list gives a village.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("place", sa.Column("households", sa.Integer(), nullable=True))
    op.add_column("place", sa.Column("households_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("place", "households_on")
    op.drop_column("place", "households")
