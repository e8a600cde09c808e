"""What 0004 came to hold only after it had been applied somewhere: tables and columns of announcements, kept
questions, weekly lines and photos of emergencies

0004 grew while it was in use, so a database may bear its number, or 0005's, and lack some of it. Whatever is
missing is made; a database that has all of it is left as it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Each step looks first whether it was done."""
    there = sa.inspect(op.get_bind())
    tables = set(there.get_table_names())
    if "announcement" not in tables:
        create_announcement()
    else:
        complete_announcement({column["name"] for column in there.get_columns("announcement")})
    if "announcement_read" not in tables:
        create_announcement_read()
    if "saved_question" not in tables:
        create_saved_question()
    if "weekly_line" not in tables:
        create_weekly_line()
    if "unreachable_since" not in {column["name"] for column in there.get_columns("contact")}:
        op.add_column("contact", sa.Column("unreachable_since", sa.DateTime(timezone=True), nullable=True))
    if "emergency_id" not in {column["name"] for column in there.get_columns("attachment")}:
        let_emergencies_have_photos()
    if "ledger_measure" in tables:  # an early 0002 made it; nothing ever read it
        op.drop_table("ledger_measure")


def create_announcement() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", KEY, nullable=False),
        sa.Column("place_id", KEY, nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("form_name", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("confirmed_by", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_announcement_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index("ix_announcement_place_id", "announcement", ["place_id"])


def complete_announcement(columns: set[str]) -> None:
    """Announcements of then were mere words: the questionnaire and the period that they ask for are empty.

    The default stays on SQLite, which would have to write the table anew to drop it while others refer to it.
    """
    for name in ("form_name", "period"):
        if name not in columns:
            op.add_column("announcement", sa.Column(name, sa.String(), nullable=False, server_default=""))
            if op.get_context().dialect.name != "sqlite":
                op.alter_column("announcement", name, server_default=None)


def create_announcement_read() -> None:
    op.create_table(
        "announcement_read",
        sa.Column("announcement_id", KEY, nullable=False),
        sa.Column("contact_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcement.id"], name=op.f("fk_announcement_read_announcement_id")
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_announcement_read_contact_id")),
        sa.PrimaryKeyConstraint("announcement_id", "contact_id", name=op.f("pk_announcement_read")),
    )


def create_saved_question() -> None:
    op.create_table(
        "saved_question",
        sa.Column("id", KEY, nullable=False),
        sa.Column("contact_id", KEY, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_saved_question_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_question")),
    )
    op.create_index("ix_saved_question_contact_id", "saved_question", ["contact_id"])


def create_weekly_line() -> None:
    op.create_table(
        "weekly_line",
        sa.Column("place_id", KEY, nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_weekly_line_place_id")),
        sa.PrimaryKeyConstraint("place_id", "week", name=op.f("pk_weekly_line")),
    )


def let_emergencies_have_photos() -> None:
    with op.batch_alter_table("attachment") as attachment:
        attachment.alter_column("interview_id", existing_type=KEY, nullable=True)
        attachment.add_column(sa.Column("emergency_id", KEY, nullable=True))
        attachment.create_foreign_key(
            op.f("fk_attachment_emergency_id"), "emergency", ["emergency_id"], ["id"]
        )
        attachment.create_index("ix_attachment_emergency_id", ["emergency_id"])
