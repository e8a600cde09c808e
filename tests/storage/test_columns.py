"""How moments are kept by SQLite."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import pytest
from sqlalchemy.dialects import sqlite

from storage.tables.columns import Instant

SQLITE: Final = sqlite.dialect()  # type: ignore[no-untyped-call]
HANOI: Final = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 20, 8, 0, 0, 120, HANOI),
        datetime(2026, 11, 20, 1, tzinfo=UTC),
        datetime(33, 1, 1, tzinfo=UTC),
    ],
)
def test_a_moment_is_kept_as_sqlalchemy_keeps_it(moment: datetime) -> None:
    write, read = Instant().bind_processor(SQLITE), Instant().result_processor(SQLITE, None)
    theirs = sqlite.DATETIME().bind_processor(SQLITE)
    assert write
    assert read
    assert theirs
    assert write(moment) == theirs(moment.astimezone(UTC))
    assert read(write(moment)) == moment
    assert (write(None), read(None)) == (None, None)


def test_a_moment_without_a_zone_is_refused() -> None:
    write = Instant().bind_processor(SQLITE)
    assert write
    with pytest.raises(ValueError, match="time zone"):
        write(datetime(2026, 11, 20))  # noqa: DTZ001
