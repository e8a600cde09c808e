"""Read files of words that people type. Anybody who speaks the language can read and correct these files.

A file is TOML: a table for each kind of word, in it a list of phrases for each meaning, the earlier meaning first
where two could be read. A phrase may be a pattern, so that a list stays short enough to be read:

    "(chưa|không) (báo|nộp) [phiếu|báo cáo]"    one of those in ( ), one or none of those in [ ]
    "=vẽ"                                       counts only as typed with its marks, not as "ve"

A file is checked when it is read. A phrase that is not NFC, or has no words, is reported as a mistake, with its file and
table; one that stands twice in a table, when that is first used, and by the tests, which use all tables.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, Final, TypeVar
from unicodedata import is_normalized

from questionnaires.answers.tokens import Table
from questionnaires.faults import WordsFault

Meaning = TypeVar("Meaning")
GROUP: Final = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")
"""Alternatives; groups do not nest."""
MOST: Final = 12_000
"""The most phrases that a pattern may stand for: each is kept in memory and takes time whenever the program starts."""
FOLDER: Final = Path(__file__).with_name("words")
"""The files of this package."""
OTHER_LANGUAGES: Final = "tieng-dan-toc.toml"
"""What is said in the languages of the minorities."""
UNSET: Final = "phrases"
"""The key of the only list in a table whose phrases all mean the same."""


@dataclass(frozen=True, slots=True)
class Words:
    """The tables of one file, as written."""

    name: str
    tables: Mapping[str, Mapping[str, list[str]]]

    @classmethod
    def read(cls, path: Path) -> "Words":
        """Read the file at `path`. Raises WordsFault if it is no TOML file with lists of phrases."""
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise WordsFault(f"{path.name}: {error}") from error
        for name, lists in tables.items():
            check(path.name, name, lists)
        return cls(path.name, tables)

    def lines(self, table: str) -> Mapping[str, list[str]]:
        """Return the lists of one table by key, as written. Raises WordsFault if there is no such table."""
        if table not in self.tables:
            raise WordsFault(f"{self.name}: [{table}] is missing")
        return self.tables[table]

    def lists(self, table: str) -> Mapping[str, list[str]]:
        """Return the same, with patterns expanded."""
        return {key: list(expanded(lines)) for key, lines in self.lines(table).items()}

    def named(self, table: str) -> Mapping[str, tuple[str, ...]]:
        """Return the lists of one table by key, for words that are used as a list."""
        return {key: tuple(phrases) for key, phrases in self.lists(table).items()}

    def codes(self, name: str) -> Table[str]:
        """The phrases of a table, each with the key it stands under."""
        return self.table(name, str)

    def numbers(self, name: str) -> Table[int]:
        """The phrases of a table whose keys are whole numbers."""
        return self.table(name, int)

    def all_phrases(self, name: str) -> tuple[str, ...]:
        """Every phrase of a table, whatever key it stands under."""
        return tuple(phrase for phrases in self.lists(name).values() for phrase in phrases)

    def with_more(self, name: str, more: Mapping[str, Iterable[str]]) -> "Words":
        """These words with `more` phrases for the keys of the table `name`."""
        lists = {key: list(phrases) for key, phrases in self.tables[name].items()}
        for key, phrases in more.items():
            lists.setdefault(key, []).extend(phrases)
        return Words(self.name, {**self.tables, name: lists})

    def table(self, name: str, meaning: Callable[[str], Meaning]) -> Table[Meaning]:
        """Return the phrases of a table, each with the meaning that `meaning` gives for its key.

        Raises WordsFault if there is no such table, or if `meaning` does not know a key. The phrases themselves are made
        when the table is first used: all of them take half a second.
        """
        meant = {key: self.meant(name, key, meaning) for key in self.lines(name)}
        return Table(partial(self.meanings, name, meant))

    def meant(self, name: str, key: str, meaning: Callable[[str], Meaning]) -> Meaning:
        """Return what a key of a table means. Raises WordsFault if `meaning` does not know it."""
        try:
            return meaning(key)
        except (ValueError, KeyError) as error:
            raise WordsFault(f"{self.name}: [{name}] has no meaning called {key!r}") from error

    def meanings(self, name: str, meant: Mapping[str, Meaning]) -> dict[str, Meaning]:
        """Return each phrase of a table with what its key means. Raises WordsFault for a phrase that stands there twice."""
        meanings: dict[str, Meaning] = {}
        for key, lines in self.lines(name).items():
            for phrase in expanded(lines):
                if phrase in meanings:
                    raise WordsFault(f"{self.name}: [{name}] has {phrase!r} twice")
                meanings[phrase] = meant[key]
        return meanings

    def cut(self, name: str) -> tuple[Table[frozenset[str]], Table[frozenset[tuple[str, str]]]]:
        """Return the two parts of the phrases that a table cuts at "…".

        Each first part comes with itself; each second part, with the keys it stands under and the first parts it follows.
        Raises WordsFault if there is no such table; the parts are made when they are first used.
        """
        self.lines(name)
        return Table(partial(self.begins, name)), Table(partial(self.ends, name))

    def begins(self, name: str) -> dict[str, frozenset[str]]:
        """Return the first parts of what a table cuts, each with itself."""
        return {first: frozenset({first}) for _, first, _ in self.parts(name)}

    def ends(self, name: str) -> dict[str, frozenset[tuple[str, str]]]:
        """Return the second parts, each with the keys it stands under and the first parts it follows."""
        ends: dict[str, set[tuple[str, str]]] = {}
        for key, first, second in self.parts(name):
            ends.setdefault(second, set()).add((key, first))
        return {second: frozenset(follows) for second, follows in ends.items()}

    def parts(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Yield (key, first part, second part) of each phrase that a table cuts."""
        for key, lines in self.lines(name).items():
            for phrase in expanded(lines):
                first, _, second = phrase.partition("…")
                yield key, first.strip(), second.strip()

    def phrases(self, name: str) -> tuple[str, ...]:
        """The phrases of a table that all mean the same."""
        return tuple(self.lists(name)[UNSET])

    def flags(self, name: str) -> Table[bool]:
        """The phrases of a table that only has to be recognised."""
        return self.table(name, {UNSET: True}.__getitem__)

    def answers(self, name: str) -> Table[bool]:
        """Return the phrases of a table with the keys "yes" and "no", each with True or False."""
        return self.table(name, {"yes": True, "no": False}.__getitem__)

    def pairs(self, name: str) -> dict[str, str]:
        """Return a table that has one phrase for each key, such as short forms and what they stand for."""
        return {key: phrases[0] for key, phrases in self.lists(name).items()}


def check(file: str, table: str, lists: Any) -> None:
    """Raise WordsFault if a table is anything but lists of phrases in composed letters (NFC)."""
    for key, lines in lists.items() if isinstance(lists, dict) else [("", None)]:
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            raise WordsFault(f"{file}: [{table}] {key} is no list of phrases")
        for line in lines:
            check_phrase(f"{file}: [{table}] {key}", line)


def check_phrase(where: str, line: str) -> None:
    """Raise WordsFault for a phrase without words, not in NFC, with misplaced brackets, or standing for too many phrases."""
    if not line.strip("= ") or not is_normalized("NFC", line):
        raise WordsFault(f"{where}: {line!r} has no words or is not NFC")
    if set(GROUP.sub("", line)) & set("()[]|"):
        raise WordsFault(f"{where}: {line!r} has a bracket too many, or one within another")
    if (count := prod(map(len, parts_of(line)))) > MOST:
        raise WordsFault(
            f"{where}: {line!r} stands for {count:,} phrases, {MOST:,} are the most: cut it in several"
        )


def expanded(lines: Iterable[str]) -> Iterator[str]:
    """Yield the phrases that patterns stand for, in the order of their alternatives."""
    for line in lines:
        for chosen in product(*parts_of(line)):
            yield " ".join("".join(chosen).split())


def parts_of(line: str) -> list[list[str]]:
    """Split a pattern into its parts, each with its alternatives; plain words have one."""
    parts, end = [], 0
    for group in GROUP.finditer(line):
        parts.append([line[end : group.start()]])
        must, may = group.groups()
        parts.append(must.split("|") if must is not None else ["", *may.split("|")])
        end = group.end()
    return [*parts, [line[end:]]]


@cache
def other_languages() -> Words:
    """Return the words of the minorities' languages, which their speakers fill in."""
    return Words.read(FOLDER / OTHER_LANGUAGES)
