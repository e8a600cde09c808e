"""Whose chats and whose reports they are is looked up: among a country's, each look read through all of them.

Revision ID: 0023
Revises: 0022
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_contact_person_person_id": ("contact_person", "person_id"),
    "ix_submission_person_id": ("submission", "person_id"),
    "ix_submission_approved_by": ("submission", "approved_by"),
}


def upgrade() -> None:
    for name, (table, column) in INDEXES.items():
        op.create_index(name, table, [column])


def downgrade() -> None:
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table)
