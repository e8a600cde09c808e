"""What the columns of all tables share: constraint names, keys, moments, exact numbers."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, Text, TypeDecorator
from sqlmodel import Field, SQLModel

ZONE: Final = "+00:00"
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING
metadata: MetaData = SQLModel.metadata


def as_text(value: datetime | None) -> str | None:
    """A moment as SQLite keeps it: "2026-11-20 01:00:00.000000"."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return value.astimezone(UTC).isoformat(" ", "microseconds").removesuffix(ZONE)


def from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


class Instant(TypeDecorator[datetime]):
    """An aware moment. SQLite keeps no zone, so it is written and read back as UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """Return what writes a moment; for SQLite one function instead of three: every message writes a dozen."""
        return as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Return what reads a moment; for SQLite one function instead of three."""
        return from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """An exact decimal as text: SQLite has no decimal type, and a float would change what was reported."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def now() -> datetime:
    return datetime.now(UTC)


BigKey = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts a primary key up by itself only if its type is plain INTEGER."""


def key() -> Any:
    """A primary key that the database counts up. A new row is made without it, and has it once flushed."""
    return Field(default=None, primary_key=True, sa_type=BigKey)


def ref(target: str, *, nullable: bool = False, index: bool = False, primary_key: bool = False) -> Any:
    """A column that holds the id of a row of another table, such as "place.id"."""
    default: dict[str, Any] = {"default": None} if nullable else {}
    return Field(
        foreign_key=target, sa_type=BigKey, nullable=nullable, index=index, primary_key=primary_key, **default
    )


def moment(nullable: bool = False, index: bool = False) -> Any:
    if nullable:
        return Field(default=None, sa_type=Instant, nullable=True, index=index)
    return Field(default_factory=now, sa_type=Instant, nullable=False, index=index)
