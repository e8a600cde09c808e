"""How a place stands, as data: a line for each indicator, with the targets beside it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from plans.covered import Change, Covered
from plans.indicator import CAPITAL
from plans.period import from_key
from plans.rollup import Status
from reports.basis import NOBODY


@dataclass(frozen=True, slots=True)
class Goal:
    """One target beside the figure. `compared` is False for what cannot be split among smaller places."""

    plan: str
    plan_title: str
    clause: str
    year: int | None
    comparator: str
    value: Decimal | None
    set_at: str
    owner: str
    former: bool
    compared: bool
    status: str
    distance: Decimal | None
    expected_today: Decimal | None
    due_passed: bool
    judged_on: date | None = None
    """The day as of which it is judged, and `expected_today` is meant, if that is not today."""
    note: str = ""
    words: str = ""
    """The plan's own, if it sets no number: a figure then stands for them."""
    value_high: Decimal | None = None
    """The farther end of a range."""
    reach: Decimal | None = None
    """The number that this place has to reach: for "3 points a year", the end of last year less 3."""
    pace: str = ""
    """How `expected_today` was pro-rated (`rollup.Pace`)."""
    part: str = ""
    """The former unit to which it is limited; "" if it is about the whole place."""
    over: date | None = None
    """The last day of its time, once that has passed: it shows its last state, and nothing new is compared with it."""
    held: Decimal | None = None
    """The figure that it is compared with, if that is not the place's newest."""
    period: str = ""
    """The period of that figure."""
    missing: int = 0
    """For how many periods nobody reported, if it is a sum over several."""
    amount: bool = False
    """Whether it is an amount added up since the plan began."""
    beyond: str = ""
    """Whom alone the plan is about, if the figure counts others too; "" if it counts just those."""
    listed_only: bool = False
    """Whether it is not judged because the figure is of a part of the place: of other parts no village is listed."""
    counted: str = ""
    """What is counted, if the plan is about something else (`Target.counted`); "" if it is the same."""
    among: str = ""
    """The attribute of the units that alone count for it, if they are not the whole place."""
    among_level: str = "thon"
    having: int = 0
    """How many units of that level count."""
    unsure: int = 0
    """How many units may or may not count; nobody knows."""

    @property
    def live(self) -> bool:
        """Whether the place's newest figure is compared with it."""
        return self.compared and self.over is None and not self.part and not self.among

    @property
    def standing(self) -> Status:
        """The heading that it is listed under."""
        return Status(self.status) if self.over is None else Status.OVER

    @property
    def clause_short(self) -> str:
        """The clause without the count of its dashes: "II.2.a"."""
        return self.clause.split(",")[0]


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """One indicator of the place."""

    indicator: str
    domain: str
    main: bool
    name: str
    unit: str
    unit_of_one: str
    decimals: int
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    period: str
    period_key: str
    """The same for programs: in whatever language it is shown."""
    bar: Decimal | None
    goals: tuple[Goal, ...]
    kept_back: bool = False
    """There is a value, but it is withheld from this reader."""
    goals_kept_back: frozenset[tuple[str, str]] = frozenset()
    """The targets, by plan and id, whose figure is withheld from this reader."""
    hidden_of_table: int = 0
    """How many of them have a number that is held against the place's own figure, so that a table lists them."""
    change: Change | None = None
    """What changed since the period before, over the same units."""
    silent: bool = False
    """The change since the period before is known, but withheld from this reader."""
    over_merger: bool = False
    """It cannot be compared with the period before, because places were merged or divided in between."""
    known: int = 1
    """From how many units of the level `by` the value is."""
    by: str = "thon"
    covered: Covered = NOBODY
    """How the units of the level `by` reported for its period."""

    @property
    def nobody(self) -> bool:
        """Whether there was nobody to count (no child of that age)."""
        return self.value is None and self.denominator == 0

    def unit_for(self, number: Decimal) -> str:
        """The unit as it follows `number`."""
        return self.unit_of_one if number == 1 else self.unit

    @property
    def beside(self) -> tuple[Goal, ...]:
        """The targets to show beside the value: without money of a time that was over before the value's."""
        if not self.period_key:
            return self.goals
        end = from_key(self.period_key).end
        return tuple(goal for goal in self.goals if not self.is_past(goal, end))

    def is_past(self, goal: Goal, day: date) -> bool:
        """Whether a target allots money of a time that was over before `day`: what is paid out later is of other money."""
        return self.domain == CAPITAL and goal.amount and goal.over is not None and day > goal.over

    @property
    def goal(self) -> Goal | None:
        """The target to show first: one that it can be compared with and that still applies, else any with a number."""
        numbered = (goal for goal in self.beside if goal.value is not None)
        return max(numbered, key=lambda goal: (goal.live, goal.over is None, goal.compared), default=None)

    @property
    def held_against(self) -> Goal | None:
        """The target by which the value is judged; None without a value, or if no target can be compared with it."""
        goal = self.goal
        return goal if goal is not None and goal.live and self.value is not None else None


@dataclass(frozen=True, slots=True)
class Domain:
    """A part of the progress: its name, its period, and how many units of the level `by` have reported for it."""

    id: str
    name: str
    period: str
    covered: Covered
    by: str = "thon"


@dataclass(frozen=True, slots=True)
class DomainLines:
    """Lines of one domain under one heading: all from one period, and from the same units."""

    period: str
    covered: Covered
    by: str
    lines: tuple[ProgressLine, ...]


def told_apart(domain: Domain, lines: Sequence[ProgressLine]) -> list[DomainLines]:
    """Return a domain's lines by what their heading says, in order; what was never reported goes under the first heading."""
    groups: dict[tuple[str, Covered, str], list[ProgressLine]] = {}
    first = next((line for line in lines if line.period), None)
    of_domain = (domain.period, domain.covered, domain.by)
    for line in lines:
        said = line if line.period else first
        key = (said.period, said.covered, said.by) if said else of_domain
        groups.setdefault(key, []).append(line)
    return [DomainLines(*key, tuple(some)) for key, some in (groups or {of_domain: []}).items()]


@dataclass(frozen=True, slots=True)
class PlaceProgress:
    """How `place` stands on `as_of`, in the language it was built for."""

    place: str
    level: str
    as_of: date
    domains: tuple[Domain, ...]
    lines: tuple[ProgressLine, ...]
    lang: str = "vi"

    def of(self, domain: str, main: bool = False) -> tuple[ProgressLine, ...]:
        """The lines of `domain`, or only its main ones."""
        return tuple(line for line in self.lines if line.domain == domain and (line.main or not main))

    @property
    def heard(self) -> tuple[Domain, ...]:
        """The domains on which something was reported."""
        return tuple(domain for domain in self.domains if domain.period)

    def only(self, domains: Collection[str]) -> "PlaceProgress":
        """This progress with nothing but these domains."""
        return replace(
            self,
            domains=tuple(domain for domain in self.domains if domain.id in domains),
            lines=tuple(line for line in self.lines if line.domain in domains),
        )

    def with_lines(self, lines: Sequence[ProgressLine]) -> "PlaceProgress":
        """This progress with nothing but these lines."""
        return replace(self, lines=tuple(lines))
