"""The ledger of figures, and a quicker way to a place's reports"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("place_id", KEY, autoincrement=False, nullable=False),
        sa.Column("measure_id", KEY, autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("boundary", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shard", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("numerator", sa.BigInteger(), nullable=False),
        sa.Column("numerator_rest", sa.BigInteger(), nullable=False),
        sa.Column("denominator", sa.BigInteger(), nullable=False),
        sa.Column("denominator_rest", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("place_id", "measure_id", "day", "boundary", "shard", name=op.f("pk_ledger")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_submission_lookup", "submission", ["place_id", "form_name", "period_end"])
    op.drop_index("ix_submission_place_id", "submission")
