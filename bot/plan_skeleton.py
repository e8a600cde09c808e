"""A folder for a plan of an office's own: `programme.toml` with what to write explained, and the files beside it."""

import csv
import io
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from bot.teller import Teller
from plans.reading import COLUMNS, TARGETS

FIELDS: Final = (
    "title",
    "short",
    "document",
    "dated",
    "issuer",
    "first_day",
    "last_day",
    "level",
    "covers",
    "note",
)
"""What a `programme.toml` says, in the order in which it is written."""


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What is known of a plan when its folder is made; "" and None where it is left to be filled."""

    title: str = ""
    first_day: date | None = None
    last_day: date | None = None
    level: str = ""
    place: str = ""
    province: str = ""


def programme_text(facts: KnownFacts, say: Teller) -> str:
    """A `programme.toml`: what is known, and the rest as lines to be filled, each with what it is for."""
    written = lines_of(facts)
    fields = (f"{comment(say(f'plan.new.{name}'))}\n{written[name]}" for name in FIELDS)
    return "\n\n".join([comment(say("plan.new.head")), *fields]) + "\n"


def written(day: date | None) -> str:
    """A day as TOML writes it; "" for none."""
    return day.isoformat() if day else ""


def covers_of(facts: KnownFacts) -> str:
    """The unit that the plan is for, as TOML writes it; "" where none is known."""
    if not facts.place:
        return ""
    within = f", within = {quoted(facts.province)}" if facts.province else ""
    return f"[{{ level = {quoted(facts.level)}, name = {quoted(facts.place)}{within} }}]"


def lines_of(facts: KnownFacts) -> Mapping[str, str]:
    """Each field as a line; one that is not known is commented out, so that it is missing until it is filled."""
    title = f"{{ vi = {quoted(facts.title)} }}" if facts.title else ""
    known = {
        "title": title,
        "short": title,
        "first_day": written(facts.first_day),
        "last_day": written(facts.last_day),
        "level": quoted(facts.level) if facts.level else "",
        "covers": covers_of(facts),
    }
    return {
        name: f"{name} = {known[name]}" if known.get(name) else f"# {name} = {EXAMPLES[name]}"
        for name in FIELDS
    }


EXAMPLES: Final[Mapping[str, str]] = {
    "title": '{ vi = "Kế hoạch thực hiện chương trình giai đoạn 2026-2030 tỉnh …" }',
    "short": '{ vi = "Kế hoạch 12 tỉnh …" }',
    "document": '"Kế hoạch số 12/KH-UBND"',
    "dated": '"2026-02-01"',
    "issuer": '"UBND tỉnh …"',
    "first_day": "2026-01-01",
    "last_day": "2030-12-31",
    "level": '"tinh"',
    "covers": '[{ level = "tinh", name = "…" }]',
    "note": '"…"',
}
"""How each field is written."""


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace(
        "\x7f", "\\u007f"
    )  # but for DEL, TOML escapes as JSON does


def comment(text: str) -> str:
    """Text as a comment."""
    return "\n".join(f"# {line}".rstrip() for line in text.splitlines())


def targets_text(rows: Iterable[Mapping[str, str]]) -> str:
    """A `targets.csv` with these rows."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def make_folder(
    folder: Path, facts: KnownFacts, rows: Iterable[Mapping[str, str]], say: Teller
) -> list[Path]:
    """Write the files of a plan. Raises OSError; FileExistsError where the folder is there."""
    programme = programme_text(facts, say)
    tomllib.loads(programme)  # whatever a title holds, the file can be read
    folder.mkdir(parents=True)
    texts = {
        "programme.toml": programme,
        TARGETS: targets_text(rows),
        "deadlines.toml": f"{comment(say('plan.new.deadlines'))}\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8-sig" if name == TARGETS else "utf-8")
    return [folder / name for name in texts]
