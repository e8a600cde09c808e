"""How the journals of all places end, in a file that is kept elsewhere, where those who can write to the database
cannot.

Somebody who rebuilt a whole chain would have to change such a file of every day as well.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bot.problems import WrongCall
from bot.teller import Teller
from storage import private
from storage.tables import JournalHead


class JournalEnd(NamedTuple):
    """The last entry of a place's chain, and its hash."""

    place: int
    entry: int
    hash: str


def write(file: Path, ends: Sequence[JournalHead], at: datetime) -> None:
    """Write the file, in place of an older one."""
    body = {"at": at.isoformat(), "ends": [[end.place_id, end.entry, end.hash] for end in ends]}
    with private.whole(file) as part:
        part.write_text(json.dumps(body), encoding="utf-8")


def read(file: Path, say: Teller) -> list[JournalEnd]:
    """What `write` wrote. Raises WrongCall for a file that is none."""
    try:
        body = json.loads(file.read_text(encoding="utf-8"))
        return [JournalEnd(int(place), int(entry), str(hash)) for place, entry, hash in body["ends"]]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise WrongCall(say("journal.no_ends", file=str(file))) from error
