"""What people ask for about their data, and the words that they consented to.

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
    for column in ("consent_version", "consent_message"):
        op.add_column("person", sa.Column(column, sa.String(), nullable=False, server_default=""))
    op.create_table(
        "consent_text",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("first_shown_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "person_request",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", BigKey, nullable=True),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("answer_due", sa.Date(), nullable=False),
        sa.Column("finish_due", sa.Date(), nullable=False),
        sa.Column("extended_at", Instant(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("person_request")
    op.drop_table("consent_text")
    for column in ("consent_message", "consent_version"):
        op.drop_column("person", column)
