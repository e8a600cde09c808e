"""Reports are approved, figures sent back, and a journal holds what happened to each.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigKey, Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submission", sa.Column("in_place", sa.String(), nullable=False, server_default=""))
    op.add_column("submission", sa.Column("approved_at", Instant(), nullable=True))
    op.add_column("submission", sa.Column("approved_by", BigKey, nullable=True))
    op.create_table(
        "figure_return",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("submission_id", BigKey, sa.ForeignKey("submission.id"), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("person_id", BigKey, nullable=True),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answer_reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_figure_return_submission_id", "figure_return", ["submission_id"])
    op.create_table(
        "journal",
        sa.Column("place_id", BigKey, sa.ForeignKey("place.id"), nullable=False),
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("form_name", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("in_place", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("place_id", "entry"),
    )
    op.create_table(
        "journal_author",
        sa.Column("place_id", BigKey, sa.ForeignKey("place.id"), nullable=False),
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", BigKey, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("place_id", "entry"),
    )
    op.create_index("ix_journal_author_person_id", "journal_author", ["person_id"])
    op.create_table(
        "journal_head",
        sa.Column("place_id", BigKey, sa.ForeignKey("place.id"), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("place_id"),
    )


def downgrade() -> None:
    for table in ("journal_head", "journal_author", "journal", "figure_return"):
        op.drop_table(table)
    for column in ("approved_by", "approved_at", "in_place"):
        op.drop_column("submission", column)
