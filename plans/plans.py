"""The contents of the plans' folder, and lookups in them. Nothing here knows the inside of a questionnaire."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from plans.attribute import Attribute
from plans.challenge_rules import Challenges
from plans.faults import PlanFault
from plans.indicator import Indicator
from plans.levels import LEVELS
from plans.minority import MINORITY
from plans.period import Period
from plans.programme import Programme
from plans.schedule import Entry, once
from plans.target import Target

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plans:
    """The programmes, the indicators that they share, and which questionnaires every place is asked."""

    programmes: Mapping[str, Programme]
    indicators: Mapping[str, Indicator]
    schedule: tuple[Entry, ...]
    domains: Mapping[str, Mapping[str, str]]
    """The domains in the order they are shown, with their names by language."""
    challenges: Challenges
    """Which answers are asked back."""
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    """The attributes by which targets pick units, by id."""
    own: frozenset[str] = frozenset()
    """The ids of programmes and indicators that an office has added. Mostly they have Vietnamese texts only."""
    own_schedule: tuple[Entry, ...] = ()
    """The lines of the schedule that an office has added."""
    own_faults: tuple[PlanFault, ...] = ()
    """The faults for which parts of an office's own plans were left out."""
    lookups: dict[Hashable, Any] = field(init=False, repr=False, compare=False, default_factory=dict)
    """A cache of lookups. Every place's progress asks for the same few, and plans never change."""
    flows: frozenset[str] = field(init=False, repr=False, compare=False)
    """The questions that ask what happened within a period."""

    def __post_init__(self) -> None:
        added = (it for it in self.indicators.values() if not it.stock)
        object.__setattr__(self, "flows", frozenset(name for it in added for name in it.counted))

    def covering(self, units: Collection[tuple[str, str]]) -> tuple[Programme, ...]:
        """Return the programmes that cover a place, the nearest level first. `units` as in `Programme.covers_any`."""
        covering = [programme for programme in self.programmes.values() if programme.covers_any(units)]
        return tuple(sorted(covering, key=lambda programme: LEVELS.index(programme.level)))

    def targets_of(self, indicator: str, programmes: Iterable[Programme]) -> tuple[Target, ...]:
        """The targets for `indicator` in `programmes`, in their order."""
        return tuple(
            target for programme in programmes for target in programme.of_indicator.get(indicator, ())
        )

    def questions_of(self, target: Target) -> tuple[str, ...]:
        """Return the questions that a target is measured by; () if it has no figure."""
        indicator = self.indicators.get(target.indicator)
        return indicator.questions if indicator else ()

    # --- who is asked what ----------------------------------------------------------------------------------

    def asked_of(self, level: str, programmes: Iterable[Programme] = ()) -> tuple[Entry, ...]:
        """Return the questionnaires that a place of `level` is asked, each once, in the order of the schedule.

        `programmes` are those that cover the place. Questionnaires that only their places are asked come last.
        """
        return tuple(entry for entry in self.with_those_of(programmes) if entry.level == level)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every line of every schedule, each once."""
        return self.with_those_of(self.programmes.values())

    def with_those_of(self, programmes: Iterable[Programme]) -> tuple[Entry, ...]:
        """The common schedule, then what `programmes` ask; each line once."""
        some = tuple(programmes)

        def select() -> tuple[Entry, ...]:
            own = (entry for programme in some for entry in programme.schedule)
            return tuple(dict.fromkeys((*self.schedule, *own)))

        return self.looked_up((Entry, *(programme.id for programme in some)), select)

    def entry(self, form: str, level: str = "") -> Entry | None:
        """Return the schedule of questionnaire `form` for `level`, or for any level if "".

        None if it is not asked regularly there.
        """
        return next(
            (entry for entry in self.entries if entry.form == form and level in ("", entry.level)), None
        )

    def days_of(self, form: str, level: str, period: Period) -> Entry:
        """Return the days on which a report of a place of `level` for `period` is in time, late, or no longer taken.

        If this level is not asked the questionnaire regularly, the days of another level apply; if none is, those of a
        questionnaire asked once.
        """
        return self.entry(form, level) or self.entry(form) or once(form, level, period)

    def beside(self, programme: Programme) -> tuple[Programme, ...]:
        """`programme` and those that may hold for the same places."""
        return tuple(other for other in self.programmes.values() if programme.shares_ground(other))

    # --- indicators -----------------------------------------------------------------------------------------

    @property
    def ordered(self) -> tuple[Indicator, ...]:
        """Every indicator that is asked for, domain by domain in the order shown."""
        return self.looked_up((), self.in_order_of_domains)

    def in_order_of_domains(self) -> tuple[Indicator, ...]:
        order = {domain: at for at, domain in enumerate(self.domains)}
        asked = (it for it in self.indicators.values() if it.numerator and it.domain in order)
        return tuple(sorted(asked, key=lambda indicator: order[indicator.domain]))

    def indicators_of(self, level: str, domain: str = "") -> tuple[Indicator, ...]:
        """The indicators that a place of `level` counts, of one domain or of all, in the order shown."""

        def select() -> tuple[Indicator, ...]:
            return tuple(it for it in self.ordered if it.level == level and domain in ("", it.domain))

        return self.looked_up((level, domain), select)

    def whole_of(self, indicator: Indicator) -> Indicator | None:
        """Return the indicator that counts the whole of which `indicator` counts a part.

        None if there is none, or if `indicator` is a share itself.
        """
        of_minority = MINORITY in indicator.name("vi")
        if indicator.rate or not indicator.stock or (indicator.whole and not of_minority):
            return None
        wholes = (one for one in self.indicators.values() if one.whole)
        alike = (
            one for one in wholes if (one.level, one.unit["vi"]) == (indicator.level, indicator.unit["vi"])
        )
        some_of_minority = of_minority and not indicator.whole
        return next((one for one in alike if (MINORITY in one.name("vi")) is some_of_minority), None)

    def asked_alike(self, indicator: Indicator) -> tuple[Indicator, tuple[str, ...]]:
        """Return what several questionnaires ask alike of an indicator, itself or the whole of a share, and the
        questions of the others."""
        if not indicator.rate:
            return indicator, indicator.same
        for whole in self.indicators.values():
            alike = (*whole.numerator, *whole.same)
            if whole.whole and len(indicator.denominator) == 1 and indicator.denominator[0] in alike:
                return whole, tuple(name for name in alike if name not in indicator.denominator)
        return indicator, ()

    def fed_by(self, questions: frozenset[str]) -> tuple[Indicator, ...]:
        """Return the indicators that can be counted from these questions alone."""

        def select() -> tuple[Indicator, ...]:
            asked = (it for it in self.indicators.values() if it.numerator)
            return tuple(it for it in asked if questions.issuperset(it.questions))

        return self.looked_up(questions, select)

    def asked_by(self, questions: frozenset[str]) -> tuple[Indicator, ...]:
        """Return the indicators of which all questions are among these, in the order shown."""
        return self.looked_up(
            ("asked", questions),
            lambda: tuple(it for it in self.ordered if questions.issuperset(it.questions)),
        )

    def looked_up(self, key: Hashable, select: Callable[[], T]) -> T:
        """Return what `select` gives, calling it once for each key."""
        if key not in self.lookups:
            self.lookups[key] = select()
        return cast(T, self.lookups[key])
