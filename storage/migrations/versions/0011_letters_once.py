"""When a weekly day was chosen; until when an announced questionnaire is to be answered, and how words were changed

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("weekly_choice", sa.Column("chosen_at", moment, nullable=True))
    op.add_column("announcement", sa.Column("until", moment, nullable=True))
    op.add_column("announcement", sa.Column("edited_at", moment, nullable=True))
    op.add_column("announcement", sa.Column("wanted", sa.String(), nullable=False, server_default=""))
    op.add_column(
        "announcement",
        sa.Column("wanted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )


def downgrade() -> None:
    for column in ("wanted_by", "wanted", "edited_at", "until"):
        op.drop_column("announcement", column)
    op.drop_column("weekly_choice", "chosen_at")
