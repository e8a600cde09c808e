"""Finds places by the names people type.

Names are compared without case, punctuation and the place of the tone mark, and with i and y as one where they
are a whole rhyme (Mĩ Lí, Mỹ Lý). A name typed with its marks finds those with the same marks only; typed without,
it finds all that it may stand for. A name one edit away, or with other marks, is offered and never assumed.
A type word ("xã", "tx.") filters, and so do parents, present or former. A remark in brackets behind a name
("Nà Hin (khu A)") need not be typed.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from questionnaires.answers.reading import Candidate, Reading
from questionnaires.answers.text import TONES, bare, clean

WHOLE_RHYME: Final = re.compile(r"(?P<onset>b|c|ch|d|g|gh|h|k|kh|l|m|n|nh|ng|ngh|ph|qu|r|s|t|th|tr|v|x)?y")
LONGEST: Final = 200
MOST_OFFERED: Final = 12
REMARK: Final = re.compile(r"\s*\([^()]*\)\s*$")
FORMER: Final = (("cu\u0303",), ("cu",))
"""What "(cũ)" behind a name looks like in its comparable form."""

TYPES: Final = {
    **{
        name: name
        for name in ("tinh", "huyen", "quan", "xa", "phuong", "thon", "ban", "xom", "ap", "lang", "buon")
    },
    **{
        name: name
        for name in ("thanh pho", "thi xa", "thi tran", "dac khu", "to dan pho", "khu pho", "khu", "to")
    },
    **{
        "tp": "thanh pho",
        "tx": "thi xa",
        "tt": "thi tran",
        "h": "huyen",
        "q": "quan",
        "x": "xa",
        "p": "phuong",
    },
    **{"dk": "dac khu", "tdp": "to dan pho", "nuoc": "nuoc"},
}
"""Type words and their abbreviations, folded."""


@lru_cache(maxsize=65536)
def marked(word: str) -> str:
    """A cleaned word with its marks in one order: the tone last, i for a y that is a whole rhyme."""
    letters = unicodedata.normalize("NFD", word)
    tone = "".join(letter for letter in letters if letter in TONES)
    plain = unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in TONES))
    match = WHOLE_RHYME.fullmatch(plain)
    return (f"{match['onset'] or ''}i" if match else plain) + tone


def may_mean(typed: str, word: str) -> bool:
    """Whether a word of a name was typed: a word with marks stands for itself only, one without for any."""
    return typed == word or (typed.isascii() and typed == bare(word))


def syllables(text: str) -> tuple[str, ...]:
    """The words of a name in their comparable form with marks."""
    spaced = "".join(
        letter if letter.isalnum() or unicodedata.combining(letter) else " " for letter in clean(text)
    )
    return tuple(marked(word) for word in spaced.split())


def fold_place(text: str) -> str:
    """A name without marks, case and punctuation, to find it by; type words stay.

    >>> fold_place("Mĩ Lí"), fold_place("Hoà  Bình"), fold_place("Quý")
    ('mi li', 'hoa binh', 'qui')
    """
    return " ".join(bare(word) for word in syllables(text))


@lru_cache(maxsize=256)
def folded_kind(kind: str) -> str:
    """A type word in its comparable form; there are few of them and many places."""
    return fold_place(kind)


@dataclass(frozen=True, slots=True)
class Unit:
    """A place to be found.

    `parents`: present first, then former; `kin`: units it came from or went into; `closed`: it is no more;
    `aliases`: type word and name of what else it is or was called.
    """

    id: int
    name: str
    kind: str
    parents: tuple[int, ...] = ()
    kin: tuple[int, ...] = ()
    closed: bool = False
    aliases: tuple[tuple[str, str], ...] = ()


def called(unit: Unit) -> tuple[tuple[str, str], ...]:
    """Every type word and name that the unit bears or bore, as they are written."""
    return ((unit.kind, unit.name), *unit.aliases)


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """One place ("match"), several or merely similar ones to choose from ("ambiguous"), or none."""

    status: Literal["match", "ambiguous", "none"]
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A name as it was typed, with the type word before it if there was one."""

    words: tuple[str, ...]
    kind: str = ""


class Gazetteer:
    """All places that may be named, indexed by their names."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = {unit.id: unit for unit in units}
        self.by_name: dict[str, list[Unit]] = defaultdict(list)
        self.spelt: dict[tuple[int, str], tuple[str, ...]] = {}
        self.kinds: dict[tuple[int, str], set[str]] = defaultdict(set)
        for unit in self.units.values():
            short = [(kind, REMARK.sub("", name)) for kind, name in called(unit) if name.endswith(")")]
            for kind, name in (*called(unit), *short):
                words = syllables(name)
                if not words:
                    continue
                key = " ".join(map(bare, words))
                if (unit.id, key) not in self.spelt:
                    self.spelt[unit.id, key] = words
                    self.by_name[key].append(unit)
                self.kinds[unit.id, key].add(folded_kind(kind))
        self.names = list(self.by_name)

    def above(self, unit: Unit) -> set[int]:
        """Every unit it lies or lay in, also those of the units it came from or went into."""
        found: set[int] = set()
        waiting = [*unit.parents]
        for relative in unit.kin:
            waiting += self.units[relative].parents if relative in self.units else ()
        while waiting:
            number = waiting.pop()
            if number not in found and number in self.units:
                found.add(number)
                waiting += self.units[number].parents
        return found

    def label(self, unit: Unit) -> str:
        """The place with its parents: "xã Vĩnh Thông, tỉnh Thái Nguyên", "huyện Bạch Thông, tỉnh Bắc Kạn (cũ)"."""
        parts = [f"{unit.kind} {unit.name}".strip()]
        parent = unit.parents[0] if unit.parents else None
        while parent is not None and parent in self.units:
            above = self.units[parent]
            if above.kind != "nước":
                parts.append(f"{above.kind} {above.name}".strip())
            parent = above.parents[0] if above.parents else None
        return ", ".join(parts) + (" (cũ)" if unit.closed else "")

    def named(self, asked: Asked) -> tuple[list[Unit], list[Unit]]:
        """Units with this name: those that it means, and those with other marks."""
        key = " ".join(map(bare, asked.words))
        units = self.of_kind(self.by_name.get(key, ()), key, asked.kind)
        exact = [unit for unit in units if self.spelt[unit.id, key] == asked.words]
        if exact and any(not word.isascii() for word in asked.words):
            return exact, []
        meant = [unit for unit in units if all(map(may_mean, asked.words, self.spelt[unit.id, key]))]
        return meant, [unit for unit in units if unit not in meant]

    def of_kind(self, units: Iterable[Unit], key: str, kind: str) -> list[Unit]:
        """Those of the units that bear the type word `kind` with the name `key`; all where none was typed."""
        return [unit for unit in units if not kind or kind in self.kinds[unit.id, key]]

    def similar(self, asked: Asked) -> list[Unit]:
        """Units whose name is one edit away."""
        from rapidfuzz import process  # 10 ms and 3 MB, only for names with a slip
        from rapidfuzz.distance import OSA

        typed = " ".join(map(bare, asked.words))
        if len(typed) < 4:
            return []
        near = process.extract(typed, self.names, scorer=OSA.distance, score_cutoff=1, limit=None)
        return [unit for name, *_ in near for unit in self.of_kind(self.by_name[name], name, asked.kind)]


def typed_parts(text: str) -> list[tuple[str, ...]]:
    """The words of each part between commas, brackets, dashes and "thuộc"."""
    parts = re.split(r"[,;()\n/]|\s-\s|\bthuộc\b|\bthuoc\b", clean(text))
    return [words for words in map(syllables, parts) if words]


def with_type(words: tuple[str, ...]) -> Iterator[Asked]:
    """The words as a name, and, when they begin with a type word, the rest as a name of that type."""
    yield Asked(words)
    for length in (3, 2, 1):
        kind = TYPES.get(" ".join(map(bare, words[:length])))
        if kind and len(words) > length:
            yield Asked(words[length:], kind)
            return


def splits(words: tuple[str, ...]) -> Iterator[list[tuple[str, ...]]]:
    """The words as one name, then as a name with a parent behind it, the longer name first."""
    yield [words]
    for place in range(len(words) - 1, 0, -1):
        yield [words[:place], words[place:]]


def match_place(text: str, gazetteer: Gazetteer, near: Collection[int] = ()) -> PlaceMatch:
    """The place that `text` names; several come with those in or near the units `near` first."""
    parts = typed_parts(text) if len(text) <= LONGEST else []
    if not parts:
        return PlaceMatch("none")
    first, *parents = parts
    others: list[Unit] = []
    for split in splits(first):
        meant, different = found_in(gazetteer, split[0], [*split[1:], *parents])
        if meant:
            units = nearest_first(meant, gazetteer, near)
            return PlaceMatch("match" if len(units) == 1 else "ambiguous", units[:MOST_OFFERED])
        others += different
    if not others:
        others = similar_to(gazetteer, first, parents)
    if not others:
        return PlaceMatch("none")
    return PlaceMatch("ambiguous", nearest_first(others, gazetteer, near)[:MOST_OFFERED])


def found_in(
    gazetteer: Gazetteer, words: tuple[str, ...], parents: Sequence[tuple[str, ...]]
) -> tuple[list[Unit], list[Unit]]:
    """Units of this name that lie in all the parents, and those whose name has other marks."""
    meant: dict[int, Unit] = {}
    different: dict[int, Unit] = {}
    for asked in with_type(words):
        for chosen, units in zip((meant, different), gazetteer.named(asked), strict=True):
            chosen |= {unit.id: unit for unit in units if lies_in(gazetteer, unit, parents)}
    return list(meant.values()), list(different.values())


def similar_to(
    gazetteer: Gazetteer, words: tuple[str, ...], parents: Sequence[tuple[str, ...]]
) -> list[Unit]:
    """Units whose name is one edit away and that lie in all the parents."""
    asked = list(with_type(words))[-1]
    return [unit for unit in gazetteer.similar(asked) if lies_in(gazetteer, unit, parents)]


def lies_in(gazetteer: Gazetteer, unit: Unit, parents: Sequence[tuple[str, ...]]) -> bool:
    """Whether each of the parents, present or former, is one of the unit's."""
    if not parents:
        return True
    if parents[-1] in FORMER and unit.closed:
        parents = parents[:-1]
    above = gazetteer.above(unit)
    return all(
        is_remark(unit, words)
        or any(parent.id in above for asked in with_type(words) for parent in gazetteer.named(asked)[0])
        for words in parents
    )


def is_remark(unit: Unit, words: tuple[str, ...]) -> bool:
    """Whether the words are what stands in brackets behind one of the unit's names."""
    remarks = (REMARK.search(name) for _, name in called(unit))
    return any(fold_place(found[0]) == " ".join(map(bare, words)) for found in remarks if found)


def nearest_first(units: Sequence[Unit], gazetteer: Gazetteer, near: Collection[int]) -> tuple[Unit, ...]:
    """Units that share most with the asker's own area first, else in the order of their names and numbers."""
    own = set(near)
    return tuple(
        sorted(
            {unit.id: unit for unit in units}.values(),
            key=lambda unit: (-len(own & (gazetteer.above(unit) | {unit.id})), unit.name, unit.id),
        )
    )


def read_place(text: str, gazetteer: Gazetteer, near: Collection[int] = ()) -> Reading:
    """Read a place; the value is the unit's id as text."""
    match = match_place(text, gazetteer, near)
    if match.status == "match":
        unit = match.units[0]
        label = gazetteer.label(unit)
        return Reading("ok", str(unit.id), exact=text.strip() == label, read_back=label)
    offered = tuple(Candidate(str(unit.id), gazetteer.label(unit)) for unit in match.units)
    return Reading("ask", doubt="many_places" if offered else "no_place", candidates=offered)
