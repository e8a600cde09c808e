"""Find places named among words: a name, perhaps with its type word, and with larger units after or before it.

"thôn Nà Hin xã Vĩnh Thông tỉnh Thái Nguyên", "my ly ky son nghe an", "Tỉnh Thái Nguyên - xã Vĩnh Thông - thôn Nà Hin"
each name one place, with or without commas, or with "thuộc" between. Names are looked for among the words, not between
marks, so a full official name ("Xuân Hương - Đà Lạt") is found whole. Unfinished Telex or VNI typing is read too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from questionnaires.answers.places.gazetteer import Gazetteer, Unit, without
from questionnaires.answers.places.names import marked
from questionnaires.answers.places.vocabulary import FORMER, KINDS, LONGEST_KIND, PRESENT, WITHIN
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Table, Token
from questionnaires.answers.typing import vni

INSIDE: Final = frozenset("-.'’‘`\"“”()/:")
"""Marks that may stand within a name, between it and its type word, or around it; "H'Drai", "P. Sài Gòn", "3/2"."""
BETWEEN: Final = INSIDE | frozenset(",;\n|>")
"""Marks that may stand between a name and what it lies in."""
DEEPEST: Final = 6
"""The most names in a mention: village, commune, district, province and nation, with one of them said twice."""

Era = Literal["former", "present", ""]
ERAS: Final[tuple[tuple[Era, Table[bool]], ...]] = (("former", FORMER), ("present", PRESENT))


@dataclass(frozen=True, slots=True)
class Name:
    """A name among the words `start` to `end`: the units that it means (`meant`), and `others` that it may stand for.

    `era` is "former" or "present" if "cũ" or "mới" follows; `meant` is not narrowed by it. `kinds` are those that its
    type word may mean.
    """

    start: int
    end: int
    words: tuple[str, ...]
    kinds: tuple[str, ...]
    meant: tuple[Unit, ...]
    others: tuple[Unit, ...]
    era: Era = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place among the words `start` to `end`: its name, and the names of units that it lies in.

    `units` are all that fit; if there are several, `meaning.settled` may choose. `names` are in the order of the text,
    and `target` is the index of the place's own name.
    """

    start: int
    end: int
    units: tuple[Unit, ...]
    names: tuple[Name, ...]
    target: int = 0

    @property
    def name(self) -> Name:
        """The name of the place itself."""
        return self.names[self.target]

    @property
    def has_marks(self) -> bool:
        """Whether a name in it is typed with diacritics, so that the others are, too."""
        return not all(word.isascii() for name in self.names for word in name.words)

    @property
    def parents(self) -> tuple[Name, ...]:
        """The names of the units that it lies in."""
        return (*self.names[: self.target], *self.names[self.target + 1 :])


@dataclass
class Reader:
    """Finds the names of places among the words of one text."""

    tokens: Sequence[Token]
    gazetteer: Gazetteer
    known: dict[int, list[Name]] = field(default_factory=dict)

    def mentions(self, start: int) -> Iterator[Mention]:
        """Yield every way to read a place that begins at `start`, both longer ones and their beginnings."""
        for name in self.names(start):
            units = of_era(name.meant, name.era)
            if units:
                yield from self.extended(Mention(start, name.end, units, (name,)))

    def extended(self, mention: Mention) -> Iterator[Mention]:
        """Yield a mention, and its extensions by further names after it."""
        yield mention
        if len(mention.names) < DEEPEST:
            for name in self.names(self.past(mention.end)):
                longer = self.joined(mention, name)
                if longer is not None:
                    yield from self.extended(longer)

    def joined(self, mention: Mention, name: Name) -> Mention | None:
        """Return a mention with one more name, of a unit around the place or of a place within it; None if neither fits."""
        names = (*mention.names, name)
        # "huyện Bạch Thông, tỉnh Thái Nguyên (cũ)": what is said behind all of it is said of the place, else of the parent
        inside = of_era(self.lying_in(mention.units, name.meant), name.era)
        inside = inside or self.lying_in(mention.units, of_era(name.meant, name.era))
        if inside:
            return replace(mention, end=name.end, units=inside, names=names)
        smaller = self.lying_in(of_era(name.meant, name.era), mention.units)
        for parent in mention.parents:
            smaller = self.lying_in(smaller, parent.meant)
        if not smaller:
            return None
        return Mention(mention.start, name.end, smaller, names, len(names) - 1)

    def lying_in(self, units: Sequence[Unit], parents: Sequence[Unit]) -> tuple[Unit, ...]:
        """Return those of `units` that lie or lay in one of `parents`."""
        return tuple(self.gazetteer.lying_in(units, parents))

    def past(self, place: int) -> int:
        """Return the place after marks and "thuộc" between two names."""
        while place < len(self.tokens):
            said = WITHIN.at(self.tokens, place)
            if said is not None:
                place = said[1]
            elif self.tokens[place].text in BETWEEN:
                place += 1
            else:
                break
        return place

    def names(self, start: int) -> list[Name]:
        """Return every name that begins at `start`, with or without its type word, the longest first."""
        if start not in self.known:
            names = [name for kinds, place in self.kinds(start) for name in self.called(start, place, kinds)]
            self.known[start] = sorted(names, key=lambda name: -name.end)
        return self.known[start]

    def kinds(self, start: int) -> Iterator[tuple[tuple[str, ...], int]]:
        """Yield no kinds, then the kinds that a type word at `start` may mean, each with the place after it.

        Of one that is written twice ("bản Bản Sáo"), the second may be part of the name or not.
        """
        yield (), start
        first = self.kind_at(start)
        if first is not None:
            yield first
            again = self.kind_at(first[1])
            if again is not None and again[0] == first[0]:
                yield again

    def kind_at(self, start: int) -> tuple[tuple[str, ...], int] | None:
        """Return the kinds that a type word at `start` may mean, and the place after it; None without one."""
        for length in range(LONGEST_KIND, 0, -1):
            some = self.tokens[start : start + length]
            written = " ".join(bare(form_of(token)) for token in some)
            if len(some) == length and written in KINDS:
                return KINDS[written], self.past_inside(start + length)
        return None

    def past_inside(self, place: int) -> int:
        """Return the place after marks that may stand within a name."""
        while place < len(self.tokens) and self.tokens[place].text in INSIDE:
            place += 1
        return place

    def called(self, start: int, place: int, kinds: tuple[str, ...]) -> Iterator[Name]:
        """Yield the names at `place` of units of these `kinds`; () for any kind."""
        by_end: dict[int, Name] = {}
        for words, end in self.walk(place):
            meant, others = self.gazetteer.named(words, kinds)
            known = by_end.get(end)
            if known is not None:  # the same words in another form, such as Telex
                meant = [*known.meant, *without(meant, known.meant)]
                others = without([*known.others, *others], meant)
            if meant or others:
                by_end[end] = Name(start, end, words, kinds, tuple(meant), tuple(others))
        for name in by_end.values():
            yield from self.of_its_time(name)

    def walk(self, start: int) -> Iterator[tuple[tuple[str, ...], int]]:
        """Yield the words from `start` on that make a name, in each of their forms, with the place after them."""
        gazetteer = self.gazetteer
        waiting: list[tuple[tuple[str, ...], str, int]] = [((), "", start)]
        while waiting:
            words, plain, place = waiting.pop()
            if plain in gazetteer.spelt:
                yield words, place
            if not words or plain in gazetteer.begins:
                behind = self.past_inside(place) if words else place
                for form, end in forms_at(self.tokens, behind):
                    waiting.append(((*words, form), f"{plain} {bare(form)}".lstrip(), end))

    def of_its_time(self, name: Name) -> Iterator[Name]:
        """Yield a name, and the same with a "cũ" or "mới" after it."""
        yield name
        behind = self.past_inside(name.end)
        for era, table in ERAS:
            said = table.at(self.tokens, behind)
            if said is not None:
                yield replace(name, end=said[1], era=era)


def of_era(units: Sequence[Unit], era: Era) -> tuple[Unit, ...]:
    """Return the units that are closed ("former"), or that exist ("present"); all for ""."""
    return tuple(unit for unit in units if not era or unit.closed == (era == "former"))


def form_of(token: Token) -> str:
    """Return a word as its keyboard would have written it."""
    return (token.forms or (token.text,))[-1] if token.kind == "word" else token.text


def forms_at(tokens: Sequence[Token], place: int) -> Iterator[tuple[str, int]]:
    """Yield the ways to read the word at `place`, as typed and as Telex or VNI, each with the place after it."""
    if place >= len(tokens) or tokens[place].kind not in ("word", "number"):
        return
    token = tokens[place]
    for form in token.forms or (token.text,):
        yield marked(form), place + 1
    number = tokens[place + 1] if place + 1 < len(tokens) else None
    if token.kind == "word" and token.text.isascii() and number and number.kind == "number" and number.glued:
        made = vni(token.text + number.text)  # "Na2": a word of names that ends in its mark
        if made:
            yield marked(made), place + 2
