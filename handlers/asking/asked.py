"""One question while it is answered: what it asks for, what is counted for it, and how that is worded.

No figure is told without its coverage, and none that the asker may not see.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

from markupsafe import Markup

from figures import small
from figures.alike import source_over
from figures.counted import Counted, rest_of, turned_round
from figures.counting import as_told, changes, count, with_carried
from figures.coverage import FURTHEST
from figures.discretion import Discretion
from figures.expected import Expected, ids_of
from figures.ground import Ground, below
from figures.programmes import was_closed
from figures.sources import FigureDays, Source, periods_in, source_of, span_of
from handlers import menu
from handlers.asking.ways import AskHelp, NextPage, OfAnswer
from handlers.buttons import choice
from handlers.messages import Choice, Reply, Rows, column
from handlers.sentences import first_names
from handlers.viewer import Viewer
from plans.covered import Change, Covered
from plans.indicator import CAPITAL, Indicator
from plans.levels import LEVELS
from plans.period import Period
from queries.frames import Aspect, Days, Listing, Question
from queries.measured import counted_in
from reports.basis import Heard
from reports.covering import in_brief
from reports.gathering import line_of
from reports.lines import ProgressLine
from reports.progress import value_text
from storage import places
from storage.tables import Level, Place

MOST_BACK: Final = 24
NAMED: Final = 12
"""How many units are named in a row."""
BELOW: Final = {"nuoc": "tinh", "tinh": "xa", "huyen": "xa", "xa": "thon"}
"""Which units are listed below a unit."""
INDICATORS: Final = 6
"""How many indicators one answer shows; the rest are a button away."""
LETTERS: Final = 2400
"""An answer this long gets no further indicator: channels allow 4096 letters, markup included."""


class ToldChange(NamedTuple):
    """A change; nothing if it is unknown or `kept_back` from the asker. `since`: the earlier period, where it is one.
    `merged`: it is not told because places were merged in between."""

    change: Change | None
    kept_back: bool
    since: Period | None = None
    merged: bool = False


@dataclass(frozen=True)
class Asked:
    """One question being answered. `number` marks its buttons."""

    viewer: Viewer
    ground: Ground
    query: Question
    number: int
    first: int = 0
    """Where this page of a long answer begins."""
    brief: bool = False
    """Whether each letter of the answer costs money."""

    @property
    def listing(self) -> Listing:
        """Which units are listed, and how; the default for a question that lists none."""
        return self.query if isinstance(self.query, Listing) else Listing()

    @cached_property
    def discretion(self) -> Discretion:
        """What the asker may see."""
        return Discretion(self.viewer)

    async def places(self) -> list[Place]:
        """The places named, or the asker's own."""
        wanted = self.query.places or (self.ground.asker.place,)
        known = [await self.viewer.session.places.get(number) for number in wanted]
        return [place for place in known if place is not None and self.ground.asker.sees(place.id)]

    async def sources(self) -> list[Source]:
        """The indicators named, or the main ones of the domain or of all domains; each with its questionnaire."""
        known = self.viewer.library.plans.indicators
        named = [known[id] for id in self.query.indicators if id in known] or await self.of_domain()
        sources = [await self.source_of(self.as_asked(indicator)) for indicator in named]
        return [*filter(None, sources)]

    async def source_of(self, indicator: Indicator) -> Source | None:
        """The questionnaire that gives an indicator for the time asked about; its name says which, if several ask it."""
        viewer, source = self.viewer, await source_of(self.viewer, indicator)
        if source is None or not indicator.same:
            return source
        spans = self.spans_named(source)
        units = tuple(place.id for place in await self.places())
        groups = await below(viewer.session, units, indicator.level, viewer.today)
        return await self.titled(await source_over(viewer, source, groups, spans))

    def spans_named(self, source: Source) -> list[FigureDays]:
        """The spans that the question names, by days or by how long ago; [] if it names none."""
        spans = [source.named(*days) for days in self.query.periods]
        if not spans and self.query.when.ago:
            return [self.span(source)]
        return spans

    async def titled(self, source: Source) -> Source:
        """A source whose indicator's name says which questionnaire counts it."""
        viewer, indicator = self.viewer, source.indicator
        forms = await viewer.library.active_forms(viewer.session)
        title = forms[source.entry.form][1].title(viewer.locale)
        name = viewer.say("asking.by_form", name=indicator.name(viewer.locale), form=title).unescape()
        return replace(source, indicator=replace(indicator, names={**indicator.names, viewer.locale: name}))

    async def of_domain(self) -> list[Indicator]:
        """The main indicators of the domain named, or of all domains; every indicator of a domain without main ones.

        Only those that all the places have, if there are any: a district has no figure that only the province reports.
        """
        domain, known = self.query.domain, self.viewer.library.plans.indicators.values()
        every = [indicator for indicator in known if domain in ("", indicator.domain)]
        lowest = min((LEVELS.index(place.level) for place in await self.places()), default=0)
        every = [one for one in every if LEVELS.index(one.level) <= lowest] or every
        return [indicator for indicator in every if indicator.main] or every

    def as_asked(self, indicator: Indicator) -> Indicator:
        """The share that goes with a number, if a share was asked for and there is one.

        Or the number that goes with a share, if one place's number was asked for, or its part of a larger unit's.
        """
        if indicator.rate and self.counts:
            return self.number_of(indicator)
        if self.query.measure.by != "share" or indicator.rate:
            return indicator
        parts = (indicator.numerator, indicator.minus)
        known = self.viewer.plans.indicators.values()
        shares = [one for one in known if one.rate and (one.numerator, one.minus) == parts]
        return shares[0] if len(shares) == 1 else indicator

    @property
    def counts(self) -> bool:
        """Whether the question asks for the number of each place."""
        measure = self.query.measure
        number = measure.by == "count" or measure.aspect is Aspect.PART
        return number and measure.aspect is not Aspect.REST and not isinstance(self.query, Listing)

    def number_of(self, share: Indicator) -> Indicator:
        """The indicator that counts the numerator of a share; the share itself if there is none."""
        parts = (share.numerator, share.minus)
        known = self.viewer.plans.indicators.values()
        numbers = [one for one in known if not one.rate and (one.numerator, one.minus) == parts]
        return numbers[0] if len(numbers) == 1 else share

    def is_by_number(self, indicator: Indicator) -> bool:
        """Whether a share's numerator is what is asked for, not the share."""
        return self.query.measure.by == "count" and indicator.rate

    def unit_measured(self, indicator: Indicator) -> str:
        """The unit of what units are ranked by."""
        by_number = self.is_by_number(indicator)
        return self.number_unit(indicator) if by_number else indicator.unit_name(self.viewer.locale)

    def number_unit(self, indicator: Indicator) -> str:
        """In what a share's numerator is counted, by the indicator's name; households or people if that says neither."""
        kind = counted_in(indicator.name())
        return self.viewer.say(f"asking.unit.{kind}" if kind else "asking.small_unit").unescape()

    def span(self, source: Source, said: Days | None = None) -> FigureDays:
        """The days asked about, or the newest period reported."""
        days = said or (self.query.periods[0] if self.query.periods else None)
        if days and self.is_within_present(source, days):
            return source.now(self.viewer.today)
        if days:
            return source.span(*self.up_to_now(source, days))
        span = source.now(self.viewer.today)
        for _ in range(min(self.query.when.ago, MOST_BACK)):
            span = span.before()
        return span if self.query.when.ago else source.newest(self.viewer.today)

    def periods_in(self, source: Source, span: FigureDays) -> list[FigureDays]:
        """The questionnaire's own periods in a span, up to the one that is under way."""
        return list(map(span_of, periods_in(source, span, self.viewer.today)))

    def is_within_present(self, source: Source, days: Days) -> bool:
        """Whether a "tháng này" is part of the period that a questionnaire asks about at present.

        For a quarterly figure that is then the present one.
        """
        today = self.viewer.today
        period = source.entry.period(today)
        return days[0] <= today <= days[1] and period.start <= days[0] and days[1] <= period.end

    def up_to_now(self, source: Source, days: Days) -> Days:
        """Return the days; for a flow, with the whole current period once it is asked: "từ đầu năm" includes what is
        not over."""
        today = self.viewer.today
        running = source.entry.period(today)
        if source.indicator.stock or days[1] != today or source.entry.opens(running) > today:
            return days
        return days[0], running.end

    async def told_span(self, source: Source) -> FigureDays:
        """The days of the answer: those of the newest period reported, if none were named."""
        span, places = self.span(source), await self.places()
        if not span.newest or not places:
            return span
        return as_told(source, await self.counted(source, places[0], span), span)

    def missing(self, counted: Counted) -> Markup:
        """The periods of a flow that nobody reported: they are not in the sum."""
        if not counted.missing or counted.period is None:
            return Markup()
        names = ", ".join(period.name(self.viewer.locale) for period in counted.missing)
        return self.viewer.say("asking.missing_periods", names=names)

    def months_back(self) -> int:
        """How many months ago to begin looking at reports."""
        today = self.viewer.today
        last = min(self.query.periods[-1][1], today) if self.query.periods else today
        months = 12 * (today.year - last.year) + today.month - last.month + self.query.when.ago
        return min(months, FURTHEST)

    def turned(self, source: Source, counted: Counted) -> Counted:
        return turned_round(counted, source.indicator) if self.query.complement else counted

    async def counted(self, source: Source, place: Place, span: FigureDays) -> Counted:
        """The figure of one place over a span."""
        session, indicator = self.viewer.session, source.indicator

        async def ask() -> Counted:
            groups = await below(session, (place.id,), indicator.level, self.viewer.today)
            return (await count(self.viewer, source, groups, span))[place.id]

        key = ("counted", indicator.id, indicator.rate, source.forms, place.id, span, self.viewer.today)
        return self.turned(source, await session.recall(key, ask))

    def name(self, indicator: Indicator) -> Markup:
        """The indicator's name, as its complement if the question asked for that."""
        key = "asking.turned_round" if self.query.complement else "asking.indicator"
        if self.query.complement and indicator.domain == CAPITAL:
            key = "asking.capital_rest"
        return self.viewer.say(key, name=indicator.name(self.viewer.locale))

    async def full_names(self, named: Iterable[Place]) -> str:
        """The full names of places in a row."""
        known = self.viewer.session.places
        return ", ".join([await known.full_name(place, self.viewer.today) for place in named])

    def no_share(self, indicator: Indicator) -> Markup:
        """Say that there is only a number, if a share was asked for; otherwise empty."""
        if self.query.measure.by != "share" or indicator.unit_name() == "%":
            return Markup()
        return self.viewer.say("asking.no_share", unit=indicator.unit_name(self.viewer.locale))

    def label(self, span: FigureDays) -> str:
        """The span in words."""
        if span.period is not None:
            return span.period.label(self.viewer.locale)
        say, first = self.viewer.say, self.viewer.say.date(span.start)
        return first if span.start == span.end else f"{first} - {say.date(span.end)}"

    def told_period(self, source: Source, span: FigureDays, counted: Iterable[Counted]) -> str:
        """The period in words: the newest reported if none was named; for a stock, its own period too."""
        known = next((one for one in counted if one.period), None)
        told = as_told(source, known, span) if known else span
        if span.newest or told == span:
            return self.label(told)
        last = self.viewer.say("asking.told_as", said=self.label(span), period=self.label(told))
        return last.unescape()

    def level(self, level: str) -> Markup:
        return self.viewer.say(f"progress.level.{level}")

    def line(self, source: Source, counted: Counted, change: Change | None = None) -> ProgressLine:
        """The figure as `reports` words it."""
        indicator = source.indicator
        heard = Heard(
            frozenset(indicator.questions),
            counted.period,
            {indicator.id: counted.figure},
            {indicator.id: change} if change else {},
            counted.covered,
            indicator.level,
            {indicator.id: counted.known},
        )
        return line_of(
            self.viewer.library.plans, (), indicator, [heard], self.viewer.today, self.viewer.locale
        )

    async def value(self, source: Source, counted: Counted, place: Place, span: FigureDays) -> Markup:
        """The value in words; small numbers of a village only for those who may see them."""
        if counted.period is None:
            return self.viewer.say("asking.not_reported")
        if await self.is_kept_back(source, place, span, counted):
            return await self.why_not(source, counted, place)
        return value_text(self.line(source, counted), self.viewer.say)

    async def why_not(self, source: Source, counted: Counted, place: Place) -> Markup:
        """Why a value is withheld."""
        if await self.discretion.is_of_few(source, place, small.villages_in(counted)):
            return self.viewer.say("asking.few", n=small.FEWEST, level=self.level(source.indicator.level))
        return self.viewer.say("asking.small", n=small.SMALL, unit=self.counted_in(source))

    def covered(self, source: Source, counted: Counted) -> Markup:
        """The coverage in short; empty if the place counts the figure itself."""
        if counted.period is None or counted.covered == Covered(1, 1):
            return Markup()
        return Markup(" ") + in_brief(counted.covered, source.indicator.level, self.viewer.say)

    async def change(
        self, source: Source, place: Place, now: FigureDays, since: FigureDays | None = None
    ) -> ToldChange:
        """The change in a place over the same units, as far as the asker may see it."""
        viewer = self.viewer
        groups = await below(viewer.session, (place.id,), source.indicator.level, viewer.today)
        known = await changes(viewer, source, groups, now, since)
        change = (await with_carried(viewer, source, groups, known, now.period)).get(place.id)
        told = await self.discretion.seen(source, place, now.period, change)
        if change is None:
            return ToldChange(None, kept_back=False)
        merged = told is None and await self.discretion.is_over_a_merger(source, place, now.period, change)
        return ToldChange(self.turned_change(source, told), told is None, change.since, merged)

    def change_kept_back(self, source: Source, since: FigureDays, *, merged: bool) -> Markup:
        """Say why a change since an earlier time is not told: places were merged, or it would tell small numbers."""
        if merged:
            return self.viewer.say("asking.change_over_merger", then=self.label(since))
        told = {"then": self.label(since), "n": small.SMALL, "unit": self.counted_in(source)}
        return self.viewer.say("asking.change_kept_back", **told)

    def turned_change(self, source: Source, change: Change | None) -> Change | None:
        """The change of a rate's complement, if that was asked for."""
        if change is None or not self.query.complement:
            return change
        indicator = source.indicator
        now, before = (rest_of(figure, indicator) for figure in (change.now, change.before))
        of_new = rest_of(change.of_new, indicator) if change.of_new else None
        return replace(change, now=now, before=before, of_new=of_new)

    def counted_in(self, source: Source) -> str:
        """The unit of the numbers that may be small."""
        unit = small.counted_in(source.indicator, self.viewer.locale)
        return unit or str(self.viewer.say("asking.small_unit"))

    async def is_kept_back(self, source: Source, place: Place, span: FigureDays, counted: Counted) -> bool:
        """Whether a figure is withheld from the asker, because it is about one or two households."""
        return await self.discretion.is_kept_back(source, place, span, counted)

    async def about(self, place: Place) -> Markup:
        """By which boundaries the figure is counted."""
        viewer = self.viewer
        if not was_closed(viewer, place):
            return viewer.say("asking.as_now")
        level = Level.VILLAGE if place.level == Level.VILLAGE else Level.COMMUNE
        units = await viewer.session.places.below(place.id, level, viewer.today)
        names = first_names([*map(places.own_name, units)], NAMED, " …")
        if place.level == Level.VILLAGE or await self.has_own(place):
            return viewer.say(
                "asking.former_village", place=places.own_name(place), day=place.last_day, units=names
            )
        told = viewer.say("asking.former", place=places.own_name(place), day=place.last_day, units=names)
        others = self.others_within(place, units)
        if not others:
            return told
        names = first_names(others, NAMED, " …")
        wider = viewer.say("asking.former_wider", place=places.own_name(place), others=names)
        return Markup("\n").join((told, wider))

    async def has_own(self, place: Place) -> bool:
        """Whether a closed place has itself reported what is asked about: then that is its figure."""
        plans = self.viewer.library.plans
        asked = [plans.indicators[id] for id in self.query.indicators if id in plans.indicators]
        for indicator in asked:
            source = await source_of(self.viewer, indicator) if indicator.level == place.level else None
            if source and place.id in ids_of(await Expected.by(self.viewer, source).ended()):
                return True
        return False

    def others_within(self, place: Place, units: Sequence[Place]) -> list[str]:
        """The names of the other units that became part of a place's successors: the sum includes them."""
        gazetteer = self.ground.gazetteer
        names: dict[int, str] = {}
        for unit in units:
            known = gazetteer.units.get(unit.id)
            for number in known.kin if known else ():
                other = gazetteer.units.get(number)
                if other is None or not other.closed or number == place.id:
                    continue
                if place.id not in gazetteer.above(other):
                    names[number] = f"{other.kind} {other.name}"
        return list(names.values())

    def domain(self) -> str:
        """The domain that was named, or that of the indicator."""
        plans = self.viewer.library.plans
        first = next((plans.indicators[id] for id in self.query.indicators if id in plans.indicators), None)
        return first.domain if first else self.query.domain

    def past(self) -> bool:
        """Whether the time asked about is over; where a place stands is known for today only."""
        return bool(
            self.query.when.ago or (self.query.periods and self.query.periods[-1][1] < self.viewer.today)
        )

    def further(self, after: int, total: int) -> Rows:
        """The button to what a message had no room for."""
        if after >= total:
            return ()
        label = self.viewer.say("asking.button.rest", n=total - after)
        return ((self.button(label, NextPage, after),),)

    def button(self, label: Markup, kind: Callable[..., OfAnswer], *facts: int | str) -> Choice:
        """A button of this answer."""
        return choice(label, kind(self.number, *facts))

    def totals_only(self, named: Sequence[Place]) -> Reply:
        """Say that for units beside the asker's own only totals are shown, and lead to what can be asked."""
        told = self.viewer.say("asking.totals_only", place=", ".join(map(places.own_name, named)))
        return Reply(told, column(help_button(self.viewer)))


def help_button(viewer: Viewer) -> Choice:
    """The button to what can be asked."""
    return menu.named(viewer, "asking.button.help", AskHelp())
