"""How a place stands, in words for a phone: at most a screen, or one domain in detail.

The sentences are passed in (`Say`), so this room knows no catalogue. A target set for a province is worded as the
province's. A missing number is said to be missing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from textwrap import shorten
from typing import Final

from markupsafe import Markup

from plans.covered import Change
from plans.indicator import CAPITAL
from plans.levels import LEVELS
from plans.period import from_key
from plans.rollup import Pace, Status
from plans.target import Comparator
from reports.basis import Heard
from reports.covering import Say, changed_text, coverage_text
from reports.gathering import build, hear
from reports.lines import Domain, DomainLines, Goal, PlaceProgress, ProgressLine, told_apart

__all__ = ["Heard", "PlaceProgress", "Say", "build", "hear", "progress_text"]

CELLS: Final = 10
"""How many cells a text bar has."""
FIRST: Final = 3
"""How many figures are shown of a domain that has no main ones."""
NAMED: Final = 4
"""How many domains without a report are named."""
FINEST: Final = 6
"""The most decimals, used to tell a value from a target that it almost meets."""
WORDS: Final = 90
"""How many letters of a plan's words are shown beside the figure that follows them."""
END_MARKS: Final = (".", ":", "…", "!", "?")
"""What may end a sentence that another one follows."""

VERDICTS: Final = {Status.ACHIEVED: "met", Status.NO_DATA: "unknown", Status.UNSURE: "unsure"}
"""How a target whose time is over ended; any other was missed."""

EXPECTED: Final[dict[str, str]] = {
    Pace.YEAR: "progress.expected_year",
    Pace.ALWAYS: "progress.expected_always",
}
"""How today's expected value is worded, if it is not on the usual straight line to the due day."""


# --- numbers as shown ---------------------------------------------------------------------------------


def rounded(value: Decimal, decimals: int) -> Decimal:
    """`value` to at most `decimals` places, half up, without trailing zeros."""
    short = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short.normalize()


def rounded_up(value: Decimal, decimals: int) -> Decimal:
    """`value` to at most `decimals` places, never less: what is missing must not look like nothing."""
    return rounded(value.quantize(Decimal(1).scaleb(-decimals), ROUND_CEILING), decimals)


def keeps_sides(short: Decimal, value: Decimal, goals: Iterable[Decimal]) -> bool:
    """Whether a shortened value is above, at or below each goal as the value itself is."""
    return all((short > goal, short < goal) == (value > goal, value < goal) for goal in goals)


def shown(line: ProgressLine, value: Decimal) -> Decimal:
    """Return `value` as short as possible, but long enough to stay on its side of every target."""
    # 89,96 % rounded to 90 % would look as if "at least 90 %" were reached: such a value gets more decimals.
    goals = [goal.reach for goal in line.goals if goal.compared and goal.reach is not None]
    for decimals in range(line.decimals, FINEST):
        short = rounded(value, decimals)
        if keeps_sides(short, value, goals):
            return short
    return rounded(value, FINEST)


def text_bar(share: Decimal) -> Markup:
    """Ten cells: "▓▓▓▓▓▓▓▓░░" for 0.82. Only the whole is full, only nothing is empty."""
    filled = int(share * CELLS)
    if share > 0:
        filled = max(filled, 1)
    return Markup("▓") * filled + Markup("░") * (CELLS - filled)


# --- text ---------------------------------------------------------------------------------------------


def progress_text(progress: PlaceProgress, say: Say, domain: str = "", detail: bool = False) -> Markup:
    """The progress as a message: the main figures of every domain or of one, or one domain in `detail`."""
    wanted = [one for one in progress.domains if domain in ("", one.id)]
    blocks = [
        say("progress.title", place=progress.place, day=progress.as_of),
        *(domain_text(progress, one, say, detail) for one in wanted if one.period),
        silent_text([one.name for one in wanted if not one.period], say),
        plans_text(progress, say, domain, detail),
    ]
    return Markup("\n\n").join(filter(None, blocks))


def silent_text(names: Sequence[str], say: Say) -> Markup:
    """Return the domains on which nothing was reported; only some are named if there are many."""
    if not names:
        return Markup()
    key = "progress.silent" if len(names) <= NAMED else "progress.silent_many"
    return say(key, n=len(names), domains="; ".join(names[:NAMED]))


def plans_text(progress: PlaceProgress, say: Say, domain: str, detail: bool) -> Markup:
    """Return which plans the figures are compared with, or that there is none; in detail each target itself names its
    plan."""
    plans = Markup() if detail else compared_with(progress, say, domain)
    if plans or any(line.goals for line in progress.lines):
        return plans
    return say("progress.no_plan")


def compared_with(progress: PlaceProgress, say: Say, domain: str = "") -> Markup:
    """Return which plans the figures of every domain, or of one, are compared with; nothing if there are none."""
    plans = dict.fromkeys(
        goal.plan_title
        for line in progress.lines
        if domain in ("", line.domain) and (goal := line.goal) is not None
    )
    return say("progress.compared_with", plans="; ".join(plans)) if plans else Markup()


def domain_text(progress: PlaceProgress, domain: Domain, say: Say, detail: bool) -> Markup:
    """Return one domain with reports: its lines, or the main ones if there are any, under headings that apply to each."""
    chosen = progress.of(domain.id) if detail else main_lines(progress, domain)
    between, blocks = Markup("\n\n") if detail else Markup("\n"), []
    for told in told_apart(domain, chosen):
        head = say("progress.domain", domain=domain.name, period=told.period)
        if told.covered.expected:
            head += Markup("\n") + told_covered(progress, told, say)
        lines = [line_text(line, progress.level, say, detail, progress.lang) for line in told.lines]
        blocks.append(between.join([head, *lines]))
    return Markup("\n\n").join(blocks)


def main_lines(progress: PlaceProgress, domain: Domain) -> tuple[ProgressLine, ...]:
    """Return the main lines of a domain; if it has none, the first ones with a figure."""
    known = tuple(line for line in progress.of(domain.id) if line.value is not None)
    return progress.of(domain.id, main=True) or known[:FIRST]


def line_text(line: ProgressLine, level: str, say: Say, detail: bool, lang: str = "vi") -> Markup:
    """One indicator: name and value, bar and change, and where it stands."""
    bar = text_bar(line.bar) if line.bar is not None else Markup("")
    rows = [
        say("progress.line", name=line.name, value=value_text(line, say)),
        Markup(" ").join(filter(None, (bar, change_text(line, say, lang)))),
        *(details(line, level, say) if detail else [in_short(line, level, say)]),
    ]
    return Markup("\n").join(filter(None, rows))


def changed_line(line: ProgressLine, say: Say, lang: str = "vi") -> Markup:
    """One indicator that changed, in a line: name, value, of which period, and what changed."""
    value = value_text(line, say)
    return say(
        "progress.changed",
        name=line.name,
        value=value,
        period=line.period,
        change=change_text(line, say, lang),
    )


def in_short(line: ProgressLine, level: str, say: Say) -> Markup:
    """Return where a figure stands against its first target; nothing without a figure or a target."""
    goal = line.goal
    if goal is None or line.value is None:
        return Markup()
    return goal_text(line, goal, level, say, say("progress.clause", clause=goal.clause_short))


def details(line: ProgressLine, level: str, say: Say) -> list[Markup]:
    """Everything about an indicator: each target in full, whether plans differ."""
    rows: list[Markup] = []
    for goal in line.beside:
        rows += goal_detail(line, goal, level, say)
    if plans_differ(line):
        rows.append(say("progress.differ"))
    return rows


def plans_differ(line: ProgressLine) -> bool:
    """Whether two plans set different numbers of one sort for the same year: then both are shown."""
    asked: dict[
        tuple[int | None, str, bool, bool], dict[str, set[tuple[Decimal | None, Decimal | None]]]
    ] = {}
    for goal in line.goals:
        comparator = Comparator(goal.comparator)
        if goal.compared and goal.value is not None:
            sort = goal.year, goal.among, comparator.relative, comparator.yearly
            asked.setdefault(sort, {}).setdefault(goal.plan, set()).add((goal.value, goal.value_high))
    return any(len({frozenset(values) for values in by_plan.values()}) > 1 for by_plan in asked.values())


def value_text(line: ProgressLine, say: Say) -> Markup:
    """The value with its unit and what it was counted from, or that there is none."""
    value, parts = value_alone(line, say), parts_text(line, say)
    return value + Markup(" ") + parts if parts else value


def value_alone(line: ProgressLine, say: Say) -> Markup:
    """The value with its unit, or that there is none."""
    if line.kept_back:
        return say("progress.kept_back", unit=say("progress.small_unit") if line.unit == "%" else line.unit)
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


@dataclass(frozen=True, slots=True)
class LineInWords:
    """How the numbers of a line are written, as `reports.covering` needs it."""

    line: ProgressLine
    say: Say

    def number(self, value: Decimal) -> Markup:
        return number_text(self.line, shown(self.line, value), self.say)

    def rounded(self, value: Decimal) -> Decimal:
        return shown(self.line, value)

    def short(self, by: Decimal) -> Decimal:
        return rounded(by, self.line.decimals)

    def difference(self, by: Decimal) -> str:
        return difference_unit(self.line, by, self.say)


def change_text(line: ProgressLine, say: Say, lang: str = "vi") -> Markup:
    """Return what changed since the period before, over the same units; or that this is withheld, or not known yet."""
    if line.value is None:
        return Markup("")
    if line.change is None:
        return say(no_change_key(line))
    if begins_anew(line, line.change):
        return say("progress.new_year", year=str(from_key(line.period_key).year))
    return changed_text(line.change, line.known, line.by, LineInWords(line, say), say, lang)


def no_change_key(line: ProgressLine) -> str:
    """Return the name of the sentence that says why there is no change to tell."""
    if line.over_merger:
        return "progress.over_merger"
    return "progress.change_kept_back" if line.silent else "progress.first"


def begins_anew(line: ProgressLine, change: Change) -> bool:
    """Whether capital is counted from January on, so that an earlier year's sum says nothing of this one, unless it is of
    the same part of the year."""
    if line.domain != CAPITAL or change.since is None or not line.period_key:
        return False
    since, now = change.since, from_key(line.period_key)
    return since.year != now.year and (since.kind, since.number) != (now.kind, now.number)


def told_covered(progress: PlaceProgress, told: DomainLines, say: Say) -> Markup:
    """Return the coverage of the units that the lines under one heading are about; for a village, of its commune's."""
    if progress.level == "thon":
        unit = say(f"progress.units.{told.by}")
        counts = {"reported": told.covered.fresh, "expected": told.covered.expected}
        return say("progress.coverage_commune", unit=unit, **counts)
    return coverage_text(told.covered, told.by, say, progress.lang)


def difference_unit(line: ProgressLine, number: Decimal, say: Say) -> str:
    """What a difference between two values is counted in: points between shares."""
    return say("progress.points") if line.unit == "%" else line.unit_for(number)


def goal_text(line: ProgressLine, goal: Goal, level: str, say: Say, source: Markup) -> Markup:
    """Return where the figure stands against a target, in one line; `source` is the clause, maybe with its plan."""
    what = wanted(line, goal, say)
    if not goal.compared:
        return quota_text(goal, what, say, source)
    if goal.over is not None:
        return run_on([*over_text(line, goal, what, say, source), *beyond_text(goal, say)])
    below = LEVELS.index(level) < LEVELS.index(goal.set_at)
    stands = say(
        "progress.goal" if below else "progress.goal_own",
        status=say(f"progress.status.{goal.status}"),
        level=say(f"progress.level.{goal.set_at}"),
        wanted=what,
        until=until_text(goal, say),
        source=source,
    )
    return run_on(
        [*held_text(line, goal, say), stands, *share_text(line, goal, say), *beyond_text(goal, say)]
    )


def run_on(sentences: Sequence[Markup]) -> Markup:
    """Join sentences; one without a mark at its end gets a full stop if another follows."""
    *before, last = sentences
    return Markup(" ").join([*(one if one.endswith(END_MARKS) else one + "." for one in before), last])


def beyond_text(goal: Goal, say: Say) -> Iterator[Markup]:
    """Yield the sentence that the figure counts people whom the plan is not about, only some of the place, or something
    else."""
    if goal.beyond:
        yield say("progress.beyond", scope=goal.beyond)
    if goal.listed_only:
        yield say("progress.listed_only")
    if goal.counted:
        yield say(f"progress.counted.{goal.counted}")


def until_text(goal: Goal, say: Say) -> Markup:
    """Return by which year; nothing if the document names none."""
    return Markup() if goal.year is None else say("progress.until", year=str(goal.year))


def quota_text(goal: Goal, what: Markup, say: Say, source: Markup) -> Markup:
    """Return an amount that is another unit's, and whether its time is over."""
    told = say(
        "progress.quota", owner=owner_text(goal, say), wanted=what, until=until_text(goal, say), source=source
    )
    return told if goal.over is None else run_on([told, say("progress.quota_over", day=goal.over)])


def over_text(line: ProgressLine, goal: Goal, what: Markup, say: Say, source: Markup) -> Iterator[Markup]:
    """Yield the last state of a target whose time is over; nothing later is compared with it."""
    verdict = VERDICTS.get(Status(goal.status), "missed")
    if verdict == "unknown" and goal.held is not None and goal.period:
        verdict = "undecided"
    yield from part_text(goal, say, None)
    yield say(
        f"progress.over.{verdict}",
        day=goal.over,
        value=held_value(line, goal, say),
        period=goal.period,
        level=say(f"progress.level.{goal.set_at}"),
        wanted=what,
        source=source,
    )
    if goal.among:
        yield from among_text(goal, say, held_value(line, goal, say))
    yield from missing_text(goal, say)


def held_text(line: ProgressLine, goal: Goal, say: Say) -> Iterator[Markup]:
    """Yield the figure that a target is compared with, if it is not the one shown above it."""
    value = held_value(line, goal, say)
    if goal.among:
        yield from [*part_text(goal, say, None), *among_text(goal, say, value)]
    elif goal.part:
        yield from part_text(goal, say, value, "" if goal.period == line.period else goal.period)
    elif goal.amount and goal.held is not None:
        yield say("progress.so_far", value=value)
    yield from missing_text(goal, say)


def part_text(goal: Goal, say: Say, value: Markup | None, period: str = "") -> Iterator[Markup]:
    """Yield to which part of the place the plan is limited, with that part's figure if it is told here.

    Its `period` is told if it is not the one above.
    """
    if goal.part and value is None:
        yield say("progress.part", part=goal.part)
    elif goal.part and period:
        yield say("progress.part_value_of", part=goal.part, value=value, period=period)
    elif goal.part:
        yield say("progress.part_value", part=goal.part, value=value)


def among_text(goal: Goal, say: Say, value: Markup) -> Iterator[Markup]:
    """Yield the figure of the units that alone count, or that none is known; and how many units nobody knows about."""
    unit = say(f"progress.units.{goal.among_level}")
    if not goal.having:
        yield say("progress.among_none", name=goal.among)
        return
    yield say("progress.among", n=goal.having, unit=unit, name=goal.among, value=value)
    if goal.unsure:
        yield say("progress.among_unsure", n=goal.unsure, unit=unit)


def missing_text(goal: Goal, say: Say) -> Iterator[Markup]:
    """The sentence that a sum lacks periods for which nobody reported."""
    if goal.missing and goal.held is not None:
        yield say("progress.sum_missing", n=goal.missing)


def held_value(line: ProgressLine, goal: Goal, say: Say) -> Markup:
    """Return the figure that a target is compared with, or that there is none of its own."""
    return say("progress.no_data") if goal.held is None else number_text(line, shown(line, goal.held), say)


def share_text(line: ProgressLine, goal: Goal, say: Say) -> Iterator[Markup]:
    """Yield how much of an amount was reached, and how much should be by now if it were spread evenly over the days."""
    if not goal.amount or not goal.value:
        return
    reached = line.value if goal.held is None else goal.held
    if reached is not None and reached > goal.value:
        yield say("progress.share_above", share=percent(reached, goal.value))
    elif goal.distance is not None and goal.status != Status.ACHIEVED:
        yield say("progress.share", share=percent(goal.value - goal.distance, goal.value))
        if goal.expected_today is not None:
            key = "progress.share_expected" + when(goal)
            yield say(key, share=percent(goal.expected_today, goal.value), day=goal.judged_on)


def when(goal: Goal) -> str:
    """The ending of the key of what is expected: "_on" for a day that is not today, as of which the target is judged."""
    return "_on" if goal.judged_on else ""


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """A part of a whole in per cent."""
    return rounded(part * 100 / whole, 1)


def wanted(line: ProgressLine, goal: Goal, say: Say) -> Markup:
    """What the target asks for: "trên 90 %", "mỗi năm giảm 2,5-3 %"."""
    value: Decimal | Markup = rounded(goal.value, FINEST) if goal.value is not None else Decimal(0)
    if goal.value_high is not None:
        value = say("progress.range", low=value, high=rounded(goal.value_high, FINEST))
    return say(f"progress.wanted.{goal.comparator}", value=value, unit=line.unit)


def owner_text(goal: Goal, say: Say) -> Markup:
    """Whose target it is: "tỉnh Bắc Kạn (cũ)"."""
    return unit_text(goal.set_at, goal.owner, say, former=goal.former)


def unit_text(level: str, name: str, say: Say, *, former: bool) -> Markup:
    """The unit for which a plan was made, with its type."""
    key = "progress.owner_former" if former else "progress.owner"
    return say(key, level=say(f"progress.level.{level}"), name=name)


def goal_detail(line: ProgressLine, goal: Goal, level: str, say: Say) -> list[Markup]:
    """Return a target in full: plan, clause, what is missing, and what was to be expected by today."""
    source = say("progress.source", plan=goal.plan_title, clause=goal.clause)
    noted = [say("progress.note", note=goal.note)] if goal.note else []
    if goal.value is None:
        return [
            say("progress.trend", words=shorten(goal.words, WORDS, placeholder=" …"), source=source),
            *noted,
        ]
    rows = [goal_text(line, goal, level, say, source), *noted]
    if goal.compared and goal.over is None:
        rows += [reach_text(line, goal, say), *still_to_go(line, goal, say)]
    return rows


def reach_text(line: ProgressLine, goal: Goal, say: Say) -> Markup:
    """Return the number that "so much a year" means for this place; other targets have already said it."""
    if goal.reach is None or not Comparator(goal.comparator).relative:
        return Markup()
    return say("progress.reach", value=rounded(goal.reach, FINEST), unit=line.unit)


def still_to_go(line: ProgressLine, goal: Goal, say: Say) -> Iterator[Markup]:
    """Yield what is missing to a target that is not reached, and how far the place should be by today."""
    if goal.status in (Status.ACHIEVED, Status.NO_DATA, Status.UNSURE):
        return
    if goal.distance:
        by = rounded_up(goal.distance, line.decimals)
        yield say("progress.missing", by=by, unit=difference_unit(line, by, say))
    yield expected_text(line, goal, say)


def expected_text(line: ProgressLine, goal: Goal, say: Say) -> Markup:
    """The value expected today, or that nobody can say."""
    if goal.expected_today is None:
        return say("progress.no_expectation")
    value = rounded(goal.expected_today, line.decimals)
    key = EXPECTED.get(goal.pace, "progress.expected")
    if goal.pace != Pace.ALWAYS:
        key += when(goal)
    return say(key, value=value, unit=line.unit, day=goal.judged_on)


def plain(text: Markup) -> str:
    """Marked-up text without its marks."""
    return text.striptags()
