"""An indicator: which questions it is counted from, its unit, and what it means.

All plans share the indicators, so that a figure named in several plans is counted once. They stand in `indicators/`, one
file for each domain.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from plans.levels import LevelName
from plans.table import table
from plans.words import UnitWords, Words, in_language

CAPITAL: Final = "von"
"""The domain of capital: its sums of money run from January on. Incomes are money too, and are none."""


@table()
class Definition:
    """What an indicator means from `first_day` on, in plain words, with the source that defines it."""

    vi: str
    source: str
    en: str = ""
    first_day: date = date.min

    @property
    def complete(self) -> bool:
        """Whether it has a source, and words in both languages."""
        return bool(self.source and self.vi and self.en)

    def text(self, lang: str = "vi") -> str:
        """The words in `lang`."""
        return (lang == "en" and self.en) or self.vi


@table()
class Indicator:
    """Σ numerator (less Σ `minus`) / Σ denominator × factor, over questions of the questionnaires.

    Without a denominator the figure is a count. Without any question, no questionnaire asks for it yet. `parts` gives
    the whole of each question that is only asked when that whole is above 0; such a part counts as 0 when the whole is
    0. `stock` figures are the state at a date, others add up over a period.
    """

    id: str
    names: Annotated[Words, Field(alias="name")]
    domain: str
    unit: UnitWords
    better: Literal["up", "down"]
    level: LevelName
    """The lowest level that can count it from its own answers."""
    definitions: tuple[Definition, ...]
    """The oldest first; each holds until the next begins."""
    numerator: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    factor: Decimal = Decimal(1)
    decimals: int = 0
    stock: bool = True
    additive: bool = True
    """Whether figures of several places add up. A mean does not, if its numerator and denominator are not asked."""
    main: bool = False
    """Whether it is shown on the one-screen summary."""
    done: tuple[str, ...] = ()
    """Ids of indicators that count what was done about it: houses finished, for makeshift houses."""
    whole: bool = False
    """Whether other indicators count parts of it. Before the name of such a part, its name only means "of all"."""
    same: tuple[str, ...] = ()
    """Questions of other questionnaires that ask the same number; people are told when the answers disagree."""
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
        """The questions that its numerator, subtrahend and denominator add up."""
        return (*self.numerator, *self.minus, *self.denominator)

    @property
    def asked_elsewhere(self) -> tuple["Indicator", ...]:
        """The same figure as each of the other questionnaires asks it."""
        every = (*self.numerator, *self.same)
        return tuple(
            replace(self, numerator=(one,), same=tuple(other for other in every if other != one))
            for one in self.same
        )

    @property
    def explained(self) -> bool:
        """Whether it has definitions, each with a source and both languages."""
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
        """Its unit after the number 1, which differs in English: "household"."""
        return (lang == "en" and self.unit.get("one")) or self.unit_name(lang)

    def definition_on(self, day: date) -> Definition:
        """The definition that held on `day`; before the first one, the first."""
        begun = [definition for definition in self.definitions if definition.first_day <= day]
        return begun[-1] if begun else self.definitions[0]
