"""When a chat's latest message was sent, since its number may begin anew; until when a restored database is behind it"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sent_at = sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("contact", sent_at)
    op.add_column("contact", sa.Column("ahead_until", sa.DateTime(timezone=True), nullable=True))
    contact = sa.table("contact", sa.column("last_sent_at", sa.DateTime(timezone=True)))
    op.execute(contact.update().values(last_sent_at=datetime.now(UTC)))
