"""Work that may kill the process is counted; an emergency that was told is closed with a sentence"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "risk",
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("begun", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("work", name=op.f("pk_risk")),
    )
    op.add_column("emergency", sa.Column("told", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE emergency SET told = 1"
    )  # whether anybody was told is not known: take it that they were
    op.add_column("emergency", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
