"""What was done, and a few facts about the database itself."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from storage.tables.columns import BigKey, key, moment


class AuditEntry(SQLModel, table=True):
    """Who did what when, without names, phones, answers or codes."""

    __tablename__: ClassVar[str] = "audit"
    id: int = key()
    at: datetime = moment(index=True)
    person_id: int | None = Field(default=None, sa_type=BigKey)
    contact_id: int | None = Field(default=None, sa_type=BigKey)
    action: str
    subject: str = ""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Setting(SQLModel, table=True):
    """A few facts about this database itself (its own id, the secret for receipts …)."""

    key: str = Field(primary_key=True)
    value: str = ""
