"""The index of questionnaires and periods holds all that tells how far reports are approved.

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INDEX = "ix_submission_form_period"
BEFORE = ["form_name", "period"]


def upgrade() -> None:
    op.drop_index(INDEX, "submission")
    op.create_index(INDEX, "submission", [*BEFORE, "current", "sent_at", "approved_at", "locked_at"])


def downgrade() -> None:
    op.drop_index(INDEX, "submission")
    op.create_index(INDEX, "submission", BEFORE)
