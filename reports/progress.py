"""How a place stands: figures beside the period before and the plans' targets, as data and as a phone's text.

The handlers gather what was heard (one `Heard` for each questionnaire), `build` puts figures, targets and
standings together, `progress_text` says it in at most a screen and `picture_data` prepares the drawing. The
sentences are handed in (`Say`), so this room knows no catalogue. A target set for a province is for a village
only something to compare with, and is worded so. A number that is not there is said not to be there.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from markupsafe import Markup

from plans.period import Period
from plans.plan import LEVELS, Indicator, Plans, Programme, Target
from plans.rollup import Figure, Standing, Status, combined, figure, own_baseline, share_done, standing

CELLS = 10
"""How many cells a text bar has."""
FINEST = 6
"""At most this many decimals, to tell a value from a target that it almost meets."""


class Say(Protocol):
    """A sentence by its key, with values filled in as the language writes them."""

    def __call__(self, key: str, **values: object) -> Markup: ...


# --- what was heard -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heard:
    """What one questionnaire brought for a place: figures of the latest period and of the one before.

    `reported` of `expected` villages have answered for `period` (of the commune, for a village).
    """

    questions: frozenset[str]
    period: Period | None = None
    figures: Mapping[str, Figure] | None = None
    previous_period: Period | None = None
    previous: Mapping[str, Figure] | None = None
    reported: int = 0
    expected: int = 0


Answers = Mapping[str, Decimal]
"""Numbers by question name, of one place and one period."""


def figures_of(plans: Plans, questions: Collection[str], answers: Iterable[Answers]) -> dict[str, Figure]:
    """The figures that `questions` allow, of one place (one set of answers) or of several together."""
    sets = list(answers)
    return {
        indicator.id: combined(indicator, (figure(indicator, each) for each in sets))
        for indicator in plans.indicators.values()
        if indicator.numerator and set(indicator.questions) <= set(questions)
    }


def hear(
    plans: Plans,
    questions: Collection[str],
    period: Period | None,
    answers: Iterable[Answers],
    previous_period: Period | None = None,
    previous: Iterable[Answers] = (),
    reported: int = 0,
    expected: int = 0,
) -> Heard:
    """What one questionnaire brought: `questions` are all its names, `answers` one mapping for each place."""
    return Heard(
        frozenset(questions),
        period,
        figures_of(plans, questions, answers),
        previous_period,
        figures_of(plans, questions, previous),
        reported,
        expected,
    )


# --- as data ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Goal:
    """One target beside the figure. `compared` is false for what cannot be split among smaller places."""

    plan: str
    plan_title: str
    clause: str
    statement: str
    year: int | None
    comparator: str
    value: Decimal | None
    scope: str
    set_at: str
    owner: str
    former: bool
    compared: bool
    status: str
    distance: Decimal | None
    expected_today: Decimal | None
    due_passed: bool
    note: str = ""

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
    definition: str
    unit: str
    unit_of_one: str
    decimals: int
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    previous: Decimal | None
    period: str
    previous_period: str
    bar: Decimal | None
    goals: tuple[Goal, ...]

    @property
    def nobody(self) -> bool:
        """Whether there was nobody to count (no child of that age)."""
        return self.value is None and self.denominator == 0

    def unit_for(self, number: Decimal) -> str:
        """The unit as it follows `number`."""
        return self.unit_of_one if number == 1 else self.unit

    @property
    def goal(self) -> Goal | None:
        """The target to show first: one that it can be held against, else any with a number."""
        numbered = [goal for goal in self.goals if goal.value is not None]
        return next((goal for goal in numbered if goal.compared), numbered[0] if numbered else None)


@dataclass(frozen=True, slots=True)
class Domain:
    """A part of the progress: its name, which period it speaks of, and how many villages have reported."""

    id: str
    name: str
    period: str
    reported: int
    expected: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How `place` stands on `as_of`, in the language it was built for."""

    place: str
    level: str
    as_of: date
    domains: tuple[Domain, ...]
    lines: tuple[ProgressLine, ...]

    def of(self, domain: str, main: bool = False) -> tuple[ProgressLine, ...]:
        """The lines of `domain`, or only its main ones."""
        return tuple(line for line in self.lines if line.domain == domain and (line.main or not main))

    def to_json(self) -> dict[str, Any]:
        """This progress as JSON values; numbers as text, so that none changes."""
        body: dict[str, Any] = to_plain(self)
        return body

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Progress":
        """The progress that `to_json` wrote."""
        return cls(
            body["place"],
            body["level"],
            date.fromisoformat(body["as_of"]),
            tuple(Domain(**domain) for domain in body["domains"]),
            tuple(line_from(line) for line in body["lines"]),
        )


def to_plain(value: Any) -> Any:
    """`value` as JSON values, dataclasses as objects."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_plain(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return {each.name: to_plain(getattr(value, each.name)) for each in fields(value)}
    return value


LINE_NUMBERS = ("value", "numerator", "denominator", "previous", "bar")
GOAL_NUMBERS = ("value", "distance", "expected_today")


def with_numbers(body: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """`body` with the numbers under `names` read back from text."""
    return {
        name: Decimal(value) if name in names and value is not None else value for name, value in body.items()
    }


def line_from(body: Mapping[str, Any]) -> ProgressLine:
    """The line that `to_plain` wrote."""
    goals = tuple(Goal(**with_numbers(goal, GOAL_NUMBERS)) for goal in body["goals"])
    return ProgressLine(**{**with_numbers(body, LINE_NUMBERS), "goals": goals})


# --- building -----------------------------------------------------------------------------------------


def build(
    plans: Plans,
    programmes: Sequence[Programme],
    place: str,
    level: str,
    heard: Sequence[Heard],
    as_of: date,
    lang: str = "vi",
) -> Progress:
    """The progress of `place` (its name as shown) at `level` against the targets of `programmes`."""
    lines = tuple(
        line_of(plans, programmes, indicator, heard, as_of, lang) for indicator in plans.indicators_of("thon")
    )
    domains = tuple(
        domain_of(plans, name, names.get(lang) or names["vi"], heard, lang)
        for name, names in plans.domains.items()
    )
    return Progress(place, level, as_of, domains, lines)


def heard_for(indicator: Indicator, heard: Sequence[Heard]) -> Heard | None:
    """The questionnaire that asks for `indicator`."""
    return next((each for each in heard if set(indicator.questions) <= each.questions), None)


def domain_of(plans: Plans, domain: str, name: str, heard: Sequence[Heard], lang: str) -> Domain:
    """The domain as heard in the questionnaire of its first indicator."""
    first = next((each for each in plans.indicators_of("thon", domain)), None)
    source = heard_for(first, heard) if first else None
    if source is None:
        return Domain(domain, name, "", 0, 0)
    period = source.period.label(lang) if source.period else ""
    return Domain(domain, name, period, source.reported, source.expected)


def line_of(
    plans: Plans,
    programmes: Sequence[Programme],
    indicator: Indicator,
    heard: Sequence[Heard],
    as_of: date,
    lang: str,
) -> ProgressLine:
    """One indicator's line."""
    source = heard_for(indicator, heard) or Heard(frozenset())
    nothing = Figure(indicator.id, None)
    now = (source.figures or {}).get(indicator.id, nothing)
    before = (source.previous or {}).get(indicator.id, nothing)
    return ProgressLine(
        indicator=indicator.id,
        domain=indicator.domain,
        main=indicator.main,
        name=indicator.name(lang),
        definition=indicator.definition.get(lang) or indicator.definition["vi"],
        unit=indicator.unit_name(lang),
        unit_of_one=indicator.unit_name("one" if lang == "en" and "one" in indicator.unit else lang),
        decimals=indicator.decimals,
        value=now.value,
        numerator=now.numerator,
        denominator=now.denominator,
        previous=before.value,
        period=source.period.label(lang) if source.period else "",
        previous_period=source.previous_period.label(lang) if source.previous_period else "",
        bar=share_done(None, indicator, now),
        goals=tuple(
            goal_of(programme, target, now, as_of, lang)
            for programme in programmes
            for target in plans.targets_of(indicator.id, [programme])
        ),
    )


def goal_of(programme: Programme, target: Target, now: Figure, as_of: date, lang: str) -> Goal:
    """A target beside the figure; a quota of a larger place is shown, not compared."""
    stands = standing(target, now, as_of, own_baseline(target, programme.first_day))
    if not target.comparable:
        stands = Standing(Status.NO_TARGET, due_passed=stands.due_passed)
    owner = programme.covers[0]
    return Goal(
        plan=programme.id,
        plan_title=programme.title(lang),
        clause=target.clause,
        statement=target.statement,
        year=target.year_due,
        comparator=target.comparator,
        value=target.goal,
        scope=target.scope,
        set_at=target.set_at,
        owner=owner.name,
        former=owner.former,
        compared=target.comparable,
        status=stands.status,
        distance=stands.distance,
        expected_today=stands.expected_today,
        due_passed=stands.due_passed,
        note=target.note,
    )


# --- numbers as shown ---------------------------------------------------------------------------------


def rounded(value: Decimal, decimals: int) -> Decimal:
    """`value` to at most `decimals` places, half up, without trailing zeros."""
    short = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short.normalize()


def rounded_up(value: Decimal, decimals: int) -> Decimal:
    """`value` to at most `decimals` places, never less: what is missing must not look like nothing."""
    return rounded(value.quantize(Decimal(1).scaleb(-decimals), ROUND_CEILING), decimals)


def shown(line: ProgressLine, value: Decimal) -> Decimal:
    """`value` as short as it may be: no shorter than it takes to stay on its side of every target."""
    goals = [goal.value for goal in line.goals if goal.compared and goal.value is not None]
    for decimals in range(line.decimals, FINEST):
        short = rounded(value, decimals)
        if all((short > goal, short < goal) == (value > goal, value < goal) for goal in goals):
            return short
    return rounded(value, FINEST)


def text_bar(share: Decimal) -> Markup:
    """Ten cells: "▓▓▓▓▓▓▓▓░░" for 0.82. Only the whole is full, only nothing is empty."""
    filled = int(share * CELLS)
    if share > 0:
        filled = max(filled, 1)
    return Markup("▓") * filled + Markup("░") * (CELLS - filled)


# --- text ---------------------------------------------------------------------------------------------


def progress_text(progress: Progress, say: Say, domain: str = "", detail: bool = False) -> Markup:
    """The progress as a message: the main figures of every domain or of one, or one domain in `detail`."""
    blocks = [say("progress.title", place=progress.place, day=progress.as_of)]
    blocks += [
        domain_text(progress, each, say, detail) for each in progress.domains if domain in ("", each.id)
    ]
    plans = dict.fromkeys(
        goal.plan_title
        for line in progress.lines
        if domain in ("", line.domain) and (goal := line.goal) is not None and not detail
    )
    if plans:
        blocks.append(say("progress.compared_with", plans="; ".join(plans)))
    elif not any(line.goals for line in progress.lines):
        blocks.append(say("progress.no_plan"))
    return Markup("\n\n").join(blocks)


def domain_text(progress: Progress, domain: Domain, say: Say, detail: bool) -> Markup:
    """One domain: its heading and its lines."""
    if not domain.period:
        return say("progress.domain_silent", domain=domain.name)
    head = say("progress.domain", domain=domain.name, period=domain.period)
    if domain.expected:
        key = "progress.coverage_commune" if progress.level in ("thon", "xa") else "progress.coverage"
        head += Markup("\n") + say(key, reported=domain.reported, expected=domain.expected)
    lines = [
        line_text(line, domain, progress.level, say, detail)
        for line in progress.of(domain.id, main=not detail)
    ]
    between = Markup("\n\n") if detail else Markup("\n")
    return between.join([head, *lines])


def line_text(line: ProgressLine, domain: Domain, level: str, say: Say, detail: bool) -> Markup:
    """One indicator: name and value, bar and change, and where it stands."""
    rows = [say("progress.line", name=line.name, value=value_text(line, say))]
    bar = text_bar(line.bar) if line.bar is not None else Markup("")
    under = [part for part in (bar, change_text(line, say)) if part]
    if under:
        rows.append(Markup(" ").join(under))
    if detail and line.period and line.period != domain.period:
        rows.append(say("progress.of_period", period=line.period))
    if not detail:
        goal = line.goal
        if goal is not None and line.value is not None:
            rows.append(goal_text(line, goal, level, say, say("progress.clause", clause=goal.clause_short)))
        return Markup("\n").join(rows)
    for goal in line.goals:
        rows.extend(goal_detail(line, goal, level, say))
    return Markup("\n").join(rows)


def value_text(line: ProgressLine, say: Say) -> Markup:
    """The value with its unit and what it was counted from, or that there is none."""
    value, parts = value_alone(line, say), parts_text(line, say)
    return value + Markup(" ") + parts if parts else value


def value_alone(line: ProgressLine, say: Say) -> Markup:
    """The value with its unit, or that there is none."""
    if line.nobody:
        return say("progress.nobody")
    if line.value is None:
        return say("progress.no_data")
    return number_text(line, shown(line, line.value), say)


def number_text(line: ProgressLine, number: Decimal, say: Say) -> Markup:
    """A number with the line's unit."""
    return say("progress.value", value=number, unit=line.unit_for(number))


def parts_text(line: ProgressLine, say: Say) -> Markup:
    """What a rate was counted from: "(37/45)"."""
    if line.value is None or line.numerator is None or line.denominator is None:
        return Markup("")
    return say("progress.parts", part=line.numerator, whole=line.denominator)


def change_text(line: ProgressLine, say: Say) -> Markup:
    """What changed since the period before: between the numbers as they are shown."""
    if line.value is None:
        return Markup("")
    if line.previous is None:
        return say("progress.first")
    now, before = shown(line, line.value), shown(line, line.previous)
    if now == before:
        return say("progress.same")
    by = abs(now - before)
    was = number_text(line, before, say)
    key = "progress.up" if now > before else "progress.down"
    return say(key, by=by, unit=difference_unit(line, by, say), was=was)


def difference_unit(line: ProgressLine, number: Decimal, say: Say) -> str:
    """What a difference between two values is counted in: points between shares."""
    return say("progress.points") if line.unit == "%" else line.unit_for(number)


def goal_text(line: ProgressLine, goal: Goal, level: str, say: Say, source: Markup) -> Markup:
    """Where the figure stands against a target, in one line; `source` is the clause, maybe with its plan."""
    what = wanted(line, goal, say)
    if not goal.compared:
        owner = owner_text(goal, say)
        return say("progress.quota", owner=owner, wanted=what, year=str(goal.year), source=source)
    below = LEVELS.index(level) < LEVELS.index(goal.set_at)
    return say(
        "progress.goal" if below else "progress.goal_own",
        status=say(f"progress.status.{status_key(goal)}"),
        level=say(f"progress.level.{goal.set_at}"),
        wanted=what,
        year=str(goal.year),
        source=source,
    )


def status_key(goal: Goal) -> str:
    """The word for the standing; what is late has one of its own."""
    return "late" if goal.status == Status.BEHIND and goal.due_passed else goal.status


def wanted(line: ProgressLine, goal: Goal, say: Say) -> Markup:
    """What the target asks for: "trên 90 %"."""
    value = rounded(goal.value, FINEST) if goal.value is not None else Decimal(0)
    return say(f"progress.wanted.{goal.comparator}", value=value, unit=line.unit)


def owner_text(goal: Goal, say: Say) -> Markup:
    """Whose target it is: "tỉnh Bắc Kạn (cũ)"."""
    key = "progress.owner_former" if goal.former else "progress.owner"
    return say(key, level=say(f"progress.level.{goal.set_at}"), name=goal.owner)


def goal_detail(line: ProgressLine, goal: Goal, level: str, say: Say) -> list[Markup]:
    """A target in full: plan, clause, what is missing, what was to be expected by today."""
    source = say("progress.source", plan=goal.plan_title, clause=goal.clause)
    if goal.value is None:
        return [say("progress.trend", source=source)]
    rows = [goal_text(line, goal, level, say, source)]
    if not goal.compared or goal.status in (Status.ACHIEVED, Status.NO_DATA):
        return rows
    if goal.distance:
        by = rounded_up(goal.distance, line.decimals)
        rows.append(say("progress.missing", by=by, unit=difference_unit(line, by, say)))
    if goal.expected_today is not None and not goal.due_passed:
        value = rounded(goal.expected_today, line.decimals)
        rows.append(say("progress.expected", value=value, unit=line.unit))
    elif not goal.due_passed:
        rows.append(say("progress.no_expectation"))
    return rows


# --- for the drawing ----------------------------------------------------------------------------------


def picture_data(progress: Progress, say: Say, domain: str = "") -> dict[str, Any]:
    """What `reports.pictures` draws, every word in it: the main figures, or all of one domain."""
    rows: list[dict[str, Any]] = []
    for each in progress.domains:
        if domain not in ("", each.id):
            continue
        note = str(say("progress.picture.silent"))
        if each.period:
            note = each.period
            if each.expected:
                note += " · " + plain(
                    say("progress.picture.coverage", reported=each.reported, expected=each.expected)
                )
        rows.append({"heading": each.name, "note": note})
        if each.period:
            rows += [
                picture_row(line, each, progress.level, say) for line in progress.of(each.id, main=not domain)
            ]
    return {
        "title": plain(say("progress.picture.title", place=progress.place)),
        "rows": rows,
        "footer": plain(say("progress.picture.footer", day=progress.as_of)),
        "marker": plain(say("progress.picture.marker")),
    }


def picture_row(line: ProgressLine, domain: Domain, level: str, say: Say) -> dict[str, Any]:
    """One indicator of the drawing; shares are 0 to 1."""
    goal = line.goal
    compared = goal is not None and goal.compared and line.value is not None
    comparable = goal is not None and compared and goal.value and line.unit == "%"
    mark = goal.value / 100 if goal is not None and goal.value and comparable else None
    standing_words = ""
    if goal is not None and compared:
        clause = say("progress.clause", clause=goal.clause_short)
        standing_words = plain(goal_text(line, goal, level, say, clause))
    under = [parts_text(line, say), change_text(line, say)]
    if line.period and line.period != domain.period:
        under.insert(0, say("progress.picture.period", period=line.period))
    return {
        "name": line.name,
        "value": plain(value_alone(line, say)),
        "counted": line.value is not None,
        "share": None if line.bar is None else float(line.bar),
        "mark": None if mark is None else float(mark),
        "change": " ".join(plain(part) for part in under if part),
        "standing": standing_words,
        "state": goal.status if goal is not None and compared else "none",
    }


def plain(text: Markup) -> str:
    """Marked-up text without its marks."""
    return text.striptags()
