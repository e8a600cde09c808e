"""How commands print what they found, free of the database, so that those that need none start at once."""

import json
from collections.abc import Sequence
from datetime import datetime, tzinfo


def print_json(document: object) -> None:
    """One JSON document on standard output."""
    print(json.dumps(document, ensure_ascii=False, indent=1, default=str))  # noqa: T201 - what was asked for


def local(moment: datetime | None, zone: tzinfo | None) -> str | None:
    """Return a moment for JSON as the administrator's clock shows it, with its offset from UTC; None for none."""
    return None if moment is None else moment.astimezone(zone).isoformat()


def print_rows(rows: Sequence[Sequence[str]]) -> None:
    """Rows as columns with two spaces between them; the last column as long as it likes."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]) - 1)] if rows else []
    for row in rows:
        cells = [text.ljust(width) for text, width in zip(row[:-1], widths, strict=True)]
        print("  ".join([*cells, row[-1]]).rstrip())  # noqa: T201 - what was asked for
