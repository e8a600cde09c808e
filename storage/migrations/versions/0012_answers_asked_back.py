"""What answers are held against, and which were asked back.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigKey

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("interview", sa.Column("evidence", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "challenge",
        sa.Column("submission_id", BigKey, sa.ForeignKey("submission.id"), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("submission_id", "path"),
    )


def downgrade() -> None:
    op.drop_table("challenge")
    op.drop_column("interview", "evidence")
