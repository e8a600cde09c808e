"""The channel on which a person wishes to have what the bot writes unasked.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("letters_on", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("person", "letters_on")
