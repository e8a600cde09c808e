"""From a question that was understood to its answer: the figure, what it was counted from, and where to go on.

A figure never travels alone: period, boundaries, how many have reported, the target with its clause and the change
since the period before stand with it. "Không có số liệu" is never 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from handlers import access, covering, figures, progress, small, targets
from handlers.asking.counting import Counted, Source, Span, count, source_of, turned_round, within
from handlers.asking.ground import Ground, below
from handlers.coverage import owed
from handlers.messages import Choice, Document, Picture, Rows
from handlers.turn import Turn
from handlers.years import year_ends
from plans.period import PeriodKind, from_key, period_of
from plans.plan import LEVELS, Indicator, Programme, Target, Window
from plans.rollup import NO_YEARS, Status, standing
from queries.query import Bound, Days, Format, Intent, Order, Query, Relation
from queries.understand import MINORITY
from reports.gathering import Heard, line_of
from reports.lines import ProgressLine
from reports.progress import change_text, goal_text, value_text
from storage import asking, places, remembered, submissions
from storage.tables import Level, Person, Place

SHOWN: Final = 8
"""Units on one screen of a ranking."""
OTHER_END: Final = 3
BACK: Final = 6
"""A trend shows so many periods where no number was said."""
MOST_BACK: Final = 24
NAMED: Final = 12
INDICATORS: Final = 6
"""So many indicators stand in one answer; the rest are a button away."""
LETTERS: Final = 2400
"""An answer with so many letters gets no further indicator: channels allow 4096, marks included."""
MOST_UNITS: Final = 5000
"""More units are not gone through one by one: the asker narrows first."""
BELOW: Final = {"nuoc": "tinh", "tinh": "xa", "huyen": "xa", "xa": "thon"}
"""Which units a look at a unit lists."""


@dataclass(frozen=True)
class Answering:
    """One question being answered, in the turn that asked it. `number` marks its buttons."""

    turn: Turn
    ground: Ground
    query: Query
    number: int

    # --- what is asked for ---------------------------------------------------------------------------

    async def asked_places(self) -> list[Place]:
        """The places that were named, or the asker's own."""
        wanted = self.query.places or (self.ground.asker.place,)
        found = [await places.get(self.turn.session, number) for number in wanted]
        return [
            place for place in found if place is not None and (place.id or 0) in self.ground.asker.visible
        ]

    async def sources(self) -> list[Source]:
        """The indicators that were named, or the main ones of the domain or of all, each with its questionnaire."""
        plans = self.turn.library.plans
        named = [plans.indicators[id] for id in self.query.indicators if id in plans.indicators]
        if not named:
            domain = self.query.domain
            of_domain = [each for each in plans.indicators.values() if domain in ("", each.domain)]
            named = [each for each in of_domain if each.main] or of_domain
        found = [await source_of(self.turn, indicator) for indicator in named]
        return [source for source in found if source is not None]

    def span(self, source: Source, said: Days | None = None) -> Span:
        """The days asked about: those that were said, or the present period."""
        days = said or (self.query.periods[0] if self.query.periods else None)
        span = source.span(*days) if days else source.now(self.turn.today)
        for _ in range(0 if days else min(self.query.ago, MOST_BACK)):
            span = span.before()
        return span

    async def spans(self) -> list[Span]:
        """The days that the answer is over: of each indicator, of each period, of each questionnaire."""
        if self.query.intent is Intent.MISSING:
            asked = await owed(self.turn, self.months_back())
            return [Span(each.period.start, each.period.end, each.period) for each in asked]
        sources = await self.sources()
        if self.query.intent is Intent.TREND and sources:
            return self.spans_back(sources[0])
        if self.query.periods:
            return [Span(*days) for days in self.query.periods]
        month = period_of(PeriodKind.MONTH, self.turn.today)
        return [self.span(source) for source in sources] or [Span(month.start, month.end, month)]

    def months_back(self) -> int:
        """How many months before this one a look at the reports begins."""
        today = self.turn.today
        last = min(self.query.periods[-1][1], today) if self.query.periods else today
        months = 12 * (today.year - last.year) + today.month - last.month + self.query.ago
        return min(months, figures.FURTHEST)

    def turned(self, source: Source, counted: Counted) -> Counted:
        return turned_round(counted, source.indicator) if self.query.complement else counted

    async def counted(self, source: Source, place: Place, span: Span) -> Counted:
        """The figure of one place over a span."""
        groups = await below(self.turn.session, (place.id or 0,), source.indicator.level, self.turn.today)
        found = await count(self.turn, source, groups, span)
        return self.turned(source, found[place.id or 0])

    # --- words ---------------------------------------------------------------------------------------

    def name(self, indicator: Indicator) -> Markup:
        """The indicator's name, turned round where the question was."""
        key = "asking.turned_round" if self.query.complement else "asking.indicator"
        return self.turn.say(key, name=indicator.name(self.turn.locale))

    def label(self, span: Span) -> str:
        """The span in words."""
        if span.period is not None:
            return span.period.label(self.turn.locale)
        say = self.turn.say
        return f"{say.date(span.start)} - {say.date(span.end)}"

    def told_period(self, span: Span, counted: Iterable[Counted]) -> str:
        """The period in words: where none was said, that of the newest report, for no later one can be told."""
        newest = max((each.newest for each in counted), default="")
        said = self.query.periods or self.query.ago
        return self.label(span) if said or not newest else from_key(newest).label(self.turn.locale)

    def level(self, level: str) -> Markup:
        return self.turn.say(f"progress.level.{level}")

    def line(
        self, source: Source, counted: Counted, earlier: Counted | None = None, span: Span | None = None
    ) -> ProgressLine:
        """The figure as `reports` words it."""
        indicator = source.indicator
        before = span.before().period if span is not None else None
        heard = Heard(
            frozenset(indicator.questions),
            from_key(counted.newest) if counted.newest else None,
            {indicator.id: counted.figure},
            before,
            {indicator.id: earlier.figure} if earlier else {},
            counted.known,
            counted.expected,
        )
        return line_of(self.turn.library.plans, (), indicator, [heard], self.turn.today, self.turn.locale)

    async def value(self, source: Source, counted: Counted, place: Place, span: Span) -> Markup:
        """The value in words; a village's small numbers only for those to whom they belong."""
        if await self.is_kept_back(source, place, span, counted):
            return self.turn.say("asking.small", n=small.SMALL)
        return value_text(self.line(source, counted), self.turn.say)

    async def is_kept_back(self, source: Source, place: Place, span: Span, counted: Counted) -> bool:
        """Whether a figure is not for the asker: a village's small one, be it the only one of a larger unit."""
        if place.level == Level.VILLAGE:
            return await small.is_kept_back(self.turn, source, place, span)
        if not small.is_one_village(counted) or await small.is_near(self.turn, place):
            return False
        return await small.tells_of_people(self.turn, source.indicator)

    async def about(self, place: Place) -> Markup:
        """By which boundaries the figure is counted."""
        if place.last_day is not None:
            return self.turn.say("asking.former", place=places.own_name(place), day=place.last_day)
        return self.turn.say("asking.as_now")

    # --- answers -------------------------------------------------------------------------------------

    async def answer(self, first: int = 0) -> None:
        """Reply to the question; `first` is where a further page of a long answer begins."""
        if self.query.intent is Intent.MISSING:
            await self.missing()
            return
        found = await self.asked_places()
        if not found:
            self.turn.reply(self.turn.say("asking.no_place"))
            return
        if self.query.intent is Intent.PROGRESS and not self.past():
            await self.progress(found[0])
            return
        sources = await self.sources()
        if not sources:
            self.turn.reply(self.turn.say("asking.not_asked_yet"))
            return
        if self.query.intent is Intent.RANKING or (self.query.intent is Intent.FIGURE and self.query.level):
            await self.ranking(found, sources[0], first)
        elif self.query.intent is Intent.TREND:
            await self.trend(found[0], sources[0])
        elif self.query.intent is Intent.COMPARE:
            await self.compare(found, sources, first)
        elif self.query.intent is Intent.EXPORT:
            await self.export(found, sources)
        else:
            await self.figures(found[0], sources, first)

    async def progress(self, place: Place) -> None:
        """Where a place stands against the plans: in one domain, by its targets, or in all."""
        domain = self.domain()
        if domain or self.query.standing is None:
            await progress.show_place(self.turn, place, domain)
        else:
            await targets.show(self.turn, place, Status(self.query.standing) if self.query.standing else None)

    def past(self) -> bool:
        """Whether a time is asked about that is over; where a place stands is known for today only."""
        return bool(self.query.ago or (self.query.periods and self.query.periods[-1][1] < self.turn.today))

    def domain(self) -> str:
        """The domain that was named, or that of the indicator."""
        plans = self.turn.library.plans
        first = next((plans.indicators[id] for id in self.query.indicators if id in plans.indicators), None)
        return first.domain if first else self.query.domain

    async def figures(self, place: Place, sources: Sequence[Source], first: int = 0) -> None:
        """One place's figures, each with what it was counted from; as many as one message holds."""
        turn = self.turn
        name = await places.full_name(turn.session, place, turn.today)
        blocks = [turn.say("asking.head", place=name)]
        after = min(first, len(sources) - 1)
        for source in sources[after : after + INDICATORS]:
            blocks.append(await self.figure(place, source))
            after += 1
            if sum(map(len, blocks)) > LETTERS:
                break
        blocks.append(await self.about(place))
        more = self.further(after, len(sources))
        turn.reply(Markup("\n\n").join(blocks), choices=(*more, *await self.ways_on(place, sources[0])))

    def further(self, after: int, total: int) -> Rows:
        """The button to what a message had no room for."""
        if after >= total:
            return ()
        label = self.turn.say("asking.button.rest", n=total - after)
        return ((self.button(label, "n", str(after)),),)

    async def figure(self, place: Place, source: Source) -> Markup:
        """One figure: value, period, coverage, change, targets."""
        turn, span = self.turn, self.span(source)
        counted = await self.counted(source, place, span)
        rows = [
            turn.say(
                "asking.figure",
                name=self.name(source.indicator),
                value=await self.value(source, counted, place, span),
            )
        ]
        rows.append(turn.say("asking.period", period=self.label(span)))
        if self.query.narrowed and MINORITY in source.indicator.name("vi"):
            rows.append(turn.say("asking.narrowed"))
        if counted.newest and span.period and counted.newest != span.period.key and source.indicator.stock:
            rows.append(turn.say("asking.latest", period=from_key(counted.newest).label(turn.locale)))
        rows.append(await self.coverage(place, source, counted, span))
        if counted.known and counted.figure.value is None and not source.indicator.additive:
            rows.append(turn.say("asking.not_added", level=self.level(source.indicator.level)))
        if counted.figure.value is not None and not await self.is_kept_back(source, place, span, counted):
            earlier = await self.counted(source, place, span.before())
            line = self.line(source, counted, earlier, span)
            before = span.before()
            if earlier.figure.value is not None and not await self.is_kept_back(
                source, place, before, earlier
            ):
                change = change_text(line, turn.say)
                rows.append(change[:1].upper() + change[1:])
            if not self.query.complement:
                rows += await self.targets(place, source, counted)
        return Markup("\n").join(row for row in rows if row)

    async def coverage(self, place: Place, source: Source, counted: Counted, span: Span) -> Markup:
        """Whether the figure can still change, how many have reported, and when the last came in."""
        turn = self.turn
        level = self.level(source.indicator.level)
        if not counted.expected:
            above = LEVELS.index(source.indicator.level) > LEVELS.index(place.level)
            return turn.say("asking.counted_above" if above else "asking.nobody_to_report", level=level)
        if not counted.known:
            return turn.say("asking.nobody_reported", expected=counted.expected, level=level)
        whole = counted.known == counted.expected
        last = from_key(within(source.entry, span)[-1])
        if source.entry.window(last, turn.today) is Window.LOCKED:
            key = "asking.closed" if whole else "asking.closed_incomplete"
        else:
            key = "asking.coverage" if whole else "asking.provisional"
        text = turn.say(key, known=counted.known, expected=counted.expected, level=level)
        if counted.places:
            form = source.entry.form
            at = await asking.updated_for(turn.session, form, counted.newest, counted.places)
        else:
            at = await asking.updated_at(turn.session, counted.reports)
        if at is not None:
            text += Markup(" ") + turn.say("asking.updated", at=at.astimezone(turn.zone))
        if place.level == source.indicator.level:
            text += await self.sent_by(place, source, counted)
        if counted.newest == last.key and source.indicator.stock and source.alone:
            group = (await below(turn.session, (place.id or 0,), source.indicator.level, turn.today))[
                place.id or 0
            ]
            fresh = await asking.reported(turn.session, source.entry.form, last.key, group)
            if fresh < counted.known:
                text += Markup("\n") + turn.say(
                    "asking.carried",
                    period=last.label(turn.locale),
                    fresh=fresh,
                    rest=counted.known - fresh,
                    level=level,
                )
        return text

    async def sent_by(self, place: Place, source: Source, counted: Counted) -> Markup:
        """A single place's receipt for officers who look after it, and for its commune who sent it; else nothing."""
        turn = self.turn
        if await access.visible(turn, place.id or 0) is None:
            return Markup()
        found = await submissions.submission_of(
            turn.session, place.id or 0, source.entry.form, counted.newest
        )
        if found is None:
            return Markup()
        if not await small.is_near(turn, place):
            return Markup("\n") + turn.say("asking.receipt", receipt=found.receipt)
        person = await turn.session.get(Person, found.person_id) if found.person_id else None
        who = person.name if person and person.name else turn.say("due.somebody")
        return Markup("\n") + turn.say("asking.sent_by", who=who, receipt=found.receipt)

    async def targets(self, place: Place, source: Source, counted: Counted) -> list[Markup]:
        """Where the figure stands against each plan's target, side by side."""
        turn = self.turn
        way = [place, *await places.ancestors(turn.session, place.id or 0, turn.today)]
        programmes = await covering.programmes_on(turn, way)
        indicator = source.indicator
        heard = Heard(frozenset(indicator.questions), None, {indicator.id: counted.figure})
        ends = (await year_ends(turn, place, programmes, [indicator])).get(indicator.id, NO_YEARS)
        line = line_of(turn.library.plans, programmes, indicator, [heard], turn.today, turn.locale, ends)
        return [
            goal_text(
                line,
                goal,
                place.level,
                turn.say,
                turn.say("progress.source", plan=goal.plan_title, clause=goal.clause),
            )
            for goal in line.goals
            if goal.value is not None
        ]

    async def ways_on(self, place: Place, source: Source) -> Rows:
        """Buttons down, up, back in time, to the picture and to the spreadsheet."""
        turn, level = self.turn, BELOW.get(place.level, "")
        rows: list[tuple[Choice, ...]] = []
        if level and LEVELS.index(level) >= LEVELS.index(source.indicator.level):
            label = turn.say("asking.button.down", level=self.level(level))
            rows.append((self.button(label, "d", level),))
        above = await places.ancestors(turn.session, place.id or 0, turn.today)
        if above and (above[0].id or 0) in self.ground.asker.visible:
            label = turn.say("asking.button.up", place=places.own_name(above[0]))
            rows.append((self.button(label, "p", str(above[0].id)),))
        rows.append(
            (
                self.button(turn.say("asking.button.earlier"), "b"),
                self.button(turn.say("asking.button.picture"), "g"),
                self.button(turn.say("asking.button.excel"), "x"),
            )
        )
        rows.append((self.button(turn.say("asking.button.save"), "s"),))
        return tuple(rows)

    def button(self, label: Markup, op: str, value: str = "") -> Choice:
        """A button of this answer."""
        return Choice(label.unescape()[:60], f"k:{self.number}:{op}:{value}")

    # --- rankings ------------------------------------------------------------------------------------

    async def rows(
        self, found: Sequence[Place], source: Source, span: Span
    ) -> tuple[list[tuple[Place, Counted]], list[Place], list[Place]]:
        """The units listed with their figures, in order; those without one; those whose figure is kept back."""
        turn, level = self.turn, self.listed_level(found[0], source)
        units: dict[int, Place] = {}
        for place in found:
            for unit in await remembered.units_below(turn.session, place.id or 0, level, turn.today):
                if (unit.id or 0) in self.ground.asker.visible:
                    units[unit.id or 0] = unit
        groups = await below(turn.session, tuple(units), source.indicator.level, turn.today)
        straight = await count(turn, source, groups, span)
        hidden = await self.kept_back(found, source, units, straight)
        counted = {id: self.turned(source, each) for id, each in straight.items()}
        known = [
            (units[id], each)
            for id, each in counted.items()
            if each.figure.value is not None and id not in hidden
        ]
        known.sort(key=lambda pair: (pair[0].name, pair[0].id))
        known.sort(
            key=lambda pair: pair[1].figure.value or Decimal(0), reverse=self.highest_first(source.indicator)
        )
        without = [units[id] for id, each in counted.items() if each.figure.value is None]
        known = [
            pair for pair in known if all(meets(pair[1].figure.value, bound) for bound in self.query.bounds)
        ]
        if self.query.met is not None:
            goals = await self.goals(found[0], source)
            known = [
                pair for pair in known if goals and self.reaches(source, goals[0], pair[1]) is self.query.met
            ]
        return known, without, [units[id] for id in sorted(hidden) if id in units]

    async def kept_back(
        self,
        found: Sequence[Place],
        source: Source,
        units: Mapping[int, Place],
        counted: Mapping[int, Counted],
    ) -> set[int]:
        """Which of the units that are listed have a figure that is not for the asker."""
        if not await small.tells_of_people(self.turn, source.indicator):
            return set()
        if all(unit.level == Level.VILLAGE for unit in units.values()):
            return await small.among(self.turn, found, counted)
        alone = [id for id, each in counted.items() if small.is_one_village(each)]
        return {id for id in alone if not await small.is_near(self.turn, units[id])}

    async def goals(self, place: Place, source: Source) -> list[tuple[Programme, Target]]:
        """The targets of the plans for `place` that a smaller unit's figure can be held against."""
        way = [place, *await places.ancestors(self.turn.session, place.id or 0, self.turn.today)]
        return [
            (programme, target)
            for programme in await covering.programmes_on(self.turn, way)
            for target in self.turn.library.plans.targets_of(source.indicator.id, [programme])
            if target.comparable
        ]

    def reaches(self, source: Source, goal: tuple[Programme, Target], counted: Counted) -> bool:
        """Whether a unit's figure meets the target, which is set for the indicator as it stands."""
        straight = self.turned(source, counted)
        return standing(goal[1], straight.figure, self.turn.today).status is Status.ACHIEVED

    def listed_level(self, place: Place, source: Source) -> str:
        """The level of the units listed: the one said, or the next below the place."""
        level = self.query.level or BELOW.get(place.level, place.level)
        lowest = source.indicator.level
        return level if LEVELS.index(level) >= LEVELS.index(lowest) else lowest

    def highest_first(self, indicator: Indicator) -> bool:
        """Whether the highest value stands first."""
        up = (indicator.better == "up") is not self.query.complement
        match self.query.order:
            case Order.HIGHEST:
                return True
            case Order.LOWEST:
                return False
            case Order.WORST:
                return not up
            case _:
                return up

    async def ranking(self, found: Sequence[Place], source: Source, first: int = 0) -> None:
        """Units in the order of a figure: ties share a place, and who has no figure is named."""
        turn, span = self.turn, self.span(source)
        lowest = source.indicator.level
        if self.query.level and LEVELS.index(self.query.level) < LEVELS.index(lowest):
            asked, above = self.level(self.query.level), self.level(lowest)
            turn.reply(turn.say("asking.counted_above_each", level=above, asked=asked))
            return
        if await self.narrowed(found, source):
            return
        known, without, hidden = await self.rows(found, source, span)
        if not (known or without or hidden) and await access.visible(turn, found[0].id or 0) is None:
            self.totals_only(found)
            return
        level = self.level(self.listed_level(found[0], source))
        where = ", ".join([await places.full_name(turn.session, place, turn.today) for place in found])
        lines = [
            turn.say(
                "asking.ranking",
                name=self.name(source.indicator),
                level=level,
                place=where,
                period=self.told_period(span, (each for _, each in known)),
            )
        ]
        picked = bool(self.query.bounds) or self.query.met is not None
        if self.query.met is not None:
            lines.append(await self.picked_by_target(found[0], source, len(known), level))
        if self.query.bounds:
            key = "asking.picked_at_least" if hidden else "asking.picked"
            told = self.bounds_text(source.indicator)
            lines.append(turn.say(key, n=len(known), hidden=len(hidden), level=level, bound=told))
        many = min(self.query.count or SHOWN, 4 * SHOWN)
        places_of = ranks([each.figure.value for _, each in known])
        shown = known[first : first + many]
        lines += [self.ranked(source, places_of[first + at], *pair) for at, pair in enumerate(shown)]
        rest = known[first + many :]
        if len(rest) > OTHER_END and not first and not picked:
            lines.append(turn.say("asking.between", n=len(rest) - OTHER_END))
            lines += [
                self.ranked(source, places_of[len(known) - OTHER_END + at], *pair)
                for at, pair in enumerate(known[-OTHER_END:])
            ]
        if not known and not picked:
            lines.append(turn.say("asking.no_figures"))
        if without:
            names = ", ".join(places.own_name(unit) for unit in without[:NAMED])
            key = "asking.not_ranked" if len(without) <= NAMED else "asking.not_ranked_many"
            lines.append(turn.say(key, n=len(without), names=names, level=level))
        if hidden:
            names = ", ".join(places.own_name(unit) for unit in hidden[:NAMED])
            lines.append(
                turn.say("asking.kept_back", n=len(hidden), smallest=small.SMALL, names=names, level=level)
            )
        rows: list[tuple[Choice, ...]] = [(await self.unit_button(unit),) for unit, _ in shown[:SHOWN]]
        if rest:
            rows.append((self.button(turn.say("asking.button.more"), "n", str(first + many)),))
        rows.append(
            (
                self.button(turn.say("asking.button.earlier"), "b"),
                self.button(turn.say("asking.button.excel"), "x"),
            )
        )
        rows.append((self.button(turn.say("asking.button.save"), "s"),))
        turn.reply(Markup("\n").join(lines), choices=tuple(rows))

    async def narrowed(self, found: Sequence[Place], source: Source) -> bool:
        """Whether there are too many units to go through, so that the asker was asked for larger ones."""
        turn, level = self.turn, self.listed_level(found[0], source)
        ids: set[int] = set()
        for place in found:
            ids |= set(await remembered.ids_below(turn.session, place.id or 0, level, turn.today))
        if len(ids) <= MOST_UNITS:
            return False
        between = range(LEVELS.index(level) + 1, LEVELS.index(found[0].level))
        above = [each for each in ("tinh", "xa") if LEVELS.index(each) in between]
        buttons = [
            self.button(turn.say("asking.button.down", level=self.level(each)), "d", each) for each in above
        ]
        turn.reply(
            turn.say("asking.too_many", n=len(ids), level=self.level(level)),
            choices=tuple((button,) for button in buttons),
        )
        return True

    async def picked_by_target(self, place: Place, source: Source, count: int, level: Markup) -> Markup:
        """By which target the units were picked, and how many there are."""
        goals = await self.goals(place, source)
        if not goals:
            return self.turn.say("asking.no_target")
        programme, target = goals[0]
        say = self.turn.say
        wanted = say(f"progress.wanted.{target.comparator}", value=target.goal or 0, unit=target.unit)
        key = "asking.met" if self.query.met else "asking.unmet"
        return say(
            key,
            n=count,
            level=level,
            wanted=wanted,
            plan=programme.title(self.turn.locale),
            clause=target.clause,
        )

    async def unit_button(self, unit: Place) -> Choice:
        return self.button(Markup.escape(places.own_name(unit)), "p", str(unit.id))

    def ranked(self, source: Source, rank: int, unit: Place, counted: Counted) -> Markup:
        """One line of a ranking."""
        value = value_text(self.line(source, counted), self.turn.say)
        incomplete = counted.known < counted.expected
        key = "asking.ranked_incomplete" if incomplete else "asking.ranked"
        return self.turn.say(
            key,
            rank=rank,
            place=places.own_name(unit),
            value=value,
            known=counted.known,
            expected=counted.expected,
        )

    def bounds_text(self, indicator: Indicator) -> Markup:
        """Between which values the units lie."""
        say, unit = self.turn.say, indicator.unit_name(self.turn.locale)
        match self.query.bounds:
            case (Bound(Relation.ABOVE, value),) if not value:
                return say("asking.bound.some", unit=unit)
            case (Bound(Relation.AT_LEAST, low), Bound(Relation.AT_MOST, high)):
                return say("asking.bound.between", low=low, high=high, unit=unit)
        told = [
            say(f"asking.bound.{each.relation}", value=each.value, unit=unit) for each in self.query.bounds
        ]
        return Markup(", ").join(told)

    # --- over time, side by side ---------------------------------------------------------------------

    def spans_back(self, source: Source) -> list[Span]:
        """The periods of a trend, the earliest first."""
        if self.query.periods and self.query.periods[0] != self.query.periods[-1]:
            return [source.span(*days) for days in self.query.periods]
        last = source.now(self.turn.today)
        if self.query.periods:
            last = Span(*self.query.periods[0])
            last = source.now(min(last.end, self.turn.today))
        spans = [last]
        while len(spans) < min(self.query.back or BACK, MOST_BACK):
            spans.append(spans[-1].before())
        return spans[::-1]

    async def trend(self, place: Place, source: Source) -> None:
        """One place over time, in words and, where asked, as a picture."""
        turn = self.turn
        found = [(span, await self.counted(source, place, span)) for span in self.spans_back(source)]
        name = await places.full_name(turn.session, place, turn.today)
        lines = [turn.say("asking.trend", name=self.name(source.indicator), place=name)]
        for span, counted in found:
            value = await self.value(source, counted, place, span)
            label = span.period.name(turn.locale) if span.period else self.label(span)
            lines.append(
                turn.say(
                    "asking.at", period=label, value=value, known=counted.known, expected=counted.expected
                )
            )
        lines.append(await self.about(place))
        text = Markup("\n").join(lines)
        if self.query.format is not Format.PICTURE:
            turn.reply(text, choices=await self.ways_on(place, source))
            return
        hidden = [await self.is_kept_back(source, place, span, counted) for span, counted in found]
        data = {
            "title": f"{self.name(source.indicator).unescape()}, {name}",
            "unit": source.indicator.unit_name(turn.locale),
            "points": [
                {
                    "label": span.period.name(turn.locale) if span.period else self.label(span),
                    "value": None
                    if counted.figure.value is None or kept
                    else str(round(counted.figure.value, 2)),
                    "shown": turn.say.number(round(counted.figure.value, source.indicator.decimals))
                    if counted.figure.value is not None and not kept
                    else "",
                }
                for (span, counted), kept in zip(found, hidden, strict=True)
            ],
            "foot": turn.say("asking.picture_foot", day=turn.today).unescape(),
        }
        turn.reply(text, picture=Picture("trend", data), choices=await self.ways_on(place, source))

    async def compare(self, found: Sequence[Place], sources: Sequence[Source], first: int = 0) -> None:
        """Places, or two periods of one place, side by side."""
        turn = self.turn
        blocks: list[Markup] = []
        after = min(first, len(sources) - 1)
        for source in sources[after : after + INDICATORS]:
            after += 1
            spans = [source.span(*days) for days in self.query.periods] or [self.span(source)]
            rows = [
                turn.say(
                    "asking.compare",
                    name=self.name(source.indicator),
                    period=", ".join(map(self.label, spans)),
                )
            ]
            for place in found:
                name = await places.full_name(turn.session, place, turn.today)
                for span in spans:
                    counted = await self.counted(source, place, span)
                    label = name if len(spans) == 1 else f"{name}, {self.label(span)}"
                    value = await self.value(source, counted, place, span)
                    rows.append(
                        turn.say(
                            "asking.beside",
                            place=label,
                            value=value,
                            known=counted.known,
                            expected=counted.expected,
                        )
                    )
            blocks.append(Markup("\n").join(rows))
            if sum(map(len, blocks)) > LETTERS:
                break
        excel = self.button(turn.say("asking.button.excel"), "x")
        turn.reply(Markup("\n\n").join(blocks), choices=(*self.further(after, len(sources)), (excel,)))

    def totals_only(self, found: Sequence[Place]) -> None:
        """Of the units beside the asker's own only the totals are for them."""
        self.turn.reply(self.turn.say("asking.totals_only", place=", ".join(map(places.own_name, found))))

    async def missing(self) -> None:
        """Who has and who has not reported: the officer's own screen of that."""
        found = await self.asked_places()
        if not found or not access.is_officer(self.turn):
            self.turn.reply(self.turn.say("asking.no_place"))
            return
        if await access.visible(self.turn, found[0].id or 0) is None:
            self.totals_only(found)
            return
        await figures.show_place(self.turn, found[0].id or 0, self.months_back(), 0)

    # --- spreadsheets --------------------------------------------------------------------------------

    async def export(self, found: Sequence[Place], sources: Sequence[Source]) -> None:
        """The figures of the places and the units below them as a spreadsheet."""
        turn = self.turn
        tables = []
        for source in sources:
            span = self.span(source)
            if await self.narrowed(found, source):
                return
            known, without, hidden = await self.rows(found, source, span)
            listed = {place.id for place, _ in known}
            total: list[tuple[Place, Counted]] = []
            for place in found:
                counted = await self.counted(source, place, span)
                if await self.is_kept_back(source, place, span, counted):
                    hidden = [*hidden, *([] if place in hidden else [place])]
                elif place.id not in listed:
                    total.append((place, counted))
            tables.append(self.table(source, span, [*total, *known], [*hidden, *without]))
        names = [await places.full_name(turn.session, place, turn.today) for place in found]
        front = [
            [
                turn.say("asking.sheet.what").unescape(),
                ", ".join(self.name(source.indicator).unescape() for source in sources),
            ],
            [turn.say("asking.sheet.where").unescape(), ", ".join(names)],
            [turn.say("asking.sheet.boundaries").unescape(), (await self.about(found[0])).unescape()],
            [turn.say("asking.sheet.when").unescape(), turn.say.moment(turn.now)],
        ]
        body = {"front": front, "front_title": turn.say("asking.sheet.front").unescape(), "tables": tables}
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        document = Document("", f"so-lieu-{turn.today:%Y-%m-%d}.xlsx", media, body)
        turn.reply(turn.say("asking.exported", place=", ".join(names)), document=document)

    def table(
        self, source: Source, span: Span, rows: Sequence[tuple[Place, Counted]], without: Sequence[Place]
    ) -> dict[str, object]:
        """One indicator's sheet as JSON values."""
        turn, indicator = self.turn, source.indicator
        heads = ("place", "value", "unit", "numerator", "denominator", "known", "expected", "period")
        cells: list[list[str | int | None]] = []
        for place, counted in rows:
            figure = counted.figure
            coverage = (counted.known, counted.expected, self.label(span))
            numbers = [
                None if number is None else str(number)
                for number in (figure.value, figure.numerator, figure.denominator)
            ]
            cells.append(
                [
                    places.own_name(place),
                    numbers[0],
                    indicator.unit_name(turn.locale),
                    *numbers[1:],
                    *coverage,
                ]
            )
        cells += [
            [
                places.own_name(unit),
                None,
                indicator.unit_name(turn.locale),
                None,
                None,
                None,
                None,
                self.label(span),
            ]
            for unit in without
        ]
        return {
            "title": self.name(indicator).unescape(),
            "heads": [turn.say(f"asking.sheet.{head}").unescape() for head in heads],
            "numbers": [1, 3, 4],
            "rows": cells,
        }


def meets(value: Decimal | None, bound: Bound) -> bool:
    """Whether a value lies on the asked side of a bound."""
    if value is None:
        return False
    return {
        Relation.BELOW: value < bound.value,
        Relation.AT_MOST: value <= bound.value,
        Relation.ABOVE: value > bound.value,
        Relation.AT_LEAST: value >= bound.value,
    }[bound.relation]


def ranks(values: Sequence[Decimal | None]) -> list[int]:
    """The rank of each value in its order: equal values share one, and the next is counted on."""
    found: list[int] = []
    for place, value in enumerate(values):
        found.append(found[-1] if place and value == values[place - 1] else place + 1)
    return found


def earlier(query: Query, source: Source) -> Query:
    """The same question one period back."""
    if not query.periods:
        return replace(query, ago=query.ago + 1)
    before = source.span(*query.periods[0]).before()
    return replace(query, periods=((before.start, before.end),))
