"""A figure that can be counted: from which questions, in which unit, and what it means.

Indicators are shared by all plans, so that the same figure in several plans is one. They stand in `indicators/`, a
file for each domain.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from plans.levels import LevelName
from plans.table import table
from plans.words import UnitWords, Words, in_language


@table()
class Definition:
    """What an indicator means from `first_day` on, in plain words, and where that is laid down."""

    vi: str
    source: str
    en: str = ""
    first_day: date = date.min

    @property
    def complete(self) -> bool:
        """Whether it has a source and says the same in both languages."""
        return bool(self.source and self.vi and self.en)

    def text(self, lang: str = "vi") -> str:
        """The words in `lang`."""
        return (lang == "en" and self.en) or self.vi


@table()
class Indicator:
    """Σ numerator (less Σ `minus`) / Σ denominator × factor, over questions of the questionnaires.

    Without a denominator the figure is a count. Without any question no questionnaire asks for it yet. A `part` is a
    question that is only asked when its whole is above 0, so it counts as 0 when the whole is 0. `stock` figures stand
    at a date, others add up over a period.
    """

    id: str
    names: Annotated[Words, Field(alias="name")]
    domain: str
    unit: UnitWords
    better: Literal["up", "down"]
    level: LevelName
    """The lowest level that can count it."""
    definitions: tuple[Definition, ...]
    """The oldest first; each holds until the next begins."""
    numerator: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    factor: Decimal = Decimal(1)
    decimals: int = 0
    stock: bool = True
    additive: bool = True
    """Whether places together have it: a mean that is asked for without what it is a mean of does not add up."""
    main: bool = False
    """Shown on the one-screen summary."""
    done: tuple[str, ...] = ()
    """Indicators that count what was done about it: houses finished, of makeshift ones."""
    whole: bool = False
    """Whether others are shares of it: before the name of one of them it only says "how many of all"."""
    same: tuple[str, ...] = ()
    """Questions of other questionnaires that ask the same number: where they disagree with it, that is told."""
    synonyms: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Every question that the figure needs, each once."""

    def __post_init__(self) -> None:
        needed = dict.fromkeys((*self.counted, *self.parts.values()))
        object.__setattr__(self, "questions", tuple(needed))
        oldest_first = sorted(self.definitions, key=lambda definition: definition.first_day)
        object.__setattr__(self, "definitions", tuple(oldest_first))

    @property
    def counted(self) -> tuple[str, ...]:
        """The questions that its sums are made of."""
        return (*self.numerator, *self.minus, *self.denominator)

    @property
    def explained(self) -> bool:
        """Whether it says what it means at any time, in both languages and with a source."""
        return bool(self.definitions) and all(meaning.complete for meaning in self.definitions)

    @property
    def rate(self) -> bool:
        """Whether it is a share of something rather than a count."""
        return bool(self.denominator)

    def name(self, lang: str = "vi") -> str:
        """Its name in `lang`."""
        return in_language(self.names, lang)

    def unit_name(self, lang: str = "vi") -> str:
        """Its unit in `lang`: "%", "hộ"."""
        return in_language(self.unit, lang)

    def unit_of_one(self, lang: str = "vi") -> str:
        """Its unit after the number 1, which is another word in English: "household"."""
        return (lang == "en" and self.unit.get("one")) or self.unit_name(lang)

    def definition_on(self, day: date) -> Definition:
        """What it meant on `day`; on a day before its first definition, that one."""
        begun = [definition for definition in self.definitions if definition.first_day <= day]
        return begun[-1] if begun else self.definitions[0]
