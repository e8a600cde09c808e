"""The channel on which a person wishes to have what the bot writes unasked, and whether their number may be used for it.

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
    no = sa.text("false")
    op.add_column("person", sa.Column("letters_by_phone", sa.Boolean(), nullable=False, server_default=no))


def downgrade() -> None:
    op.drop_column("person", "letters_by_phone")
    op.drop_column("person", "letters_on")
