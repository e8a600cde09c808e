"""From the spans of a question to what it asks, or to what must be asked back.

A figure that answers another question than the one asked is the worst outcome; to ask back costs one message. So
nothing is guessed: a word that nobody knows, a name that fits several, a period to come, are each asked about.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise, takewhile
from typing import Any, Final

from plans import levels
from plans.indicator import Indicator
from queries.account import left_out
from queries.dictionary import Dictionary, expand, words_of
from queries.frames import Bound, By, Days, Format, Intent, Open, Order, Question
from queries.narrowing import Narrowing
from queries.query import Draft, Query
from queries.scan import Scanner, Span, What
from queries.understanding import ANY, NONE, OFFERED, WHOLE, Doubt, Offer, Understanding, settled
from queries.vocabulary import (
    COUNTED_AS,
    EXACTLY,
    LATE,
    LEVELS,
    MANY,
    PARTICLES,
    QUANTITY,
    RANK,
    SHARE,
    WITHIN,
)
from questionnaires.answers.places import Gazetteer, Unit
from questionnaires.answers.text import bare, clean
from questionnaires.answers.tokens import Table, Token, tokens_of

LONGEST: Final = 300
"""No question is longer."""
YEAR: Final = 3
"""A number with more digits may be a year or an amount: no part of a name."""
SHORTEST: Final = 3
"""A mistyped word with fewer letters may have been anything."""
HALF: Final = 0.5
"""Words of which an indicator's names have less are none of its own: they may be a place's name."""
NAMESAKES: Final = 48
"""So many places of one name are offered, a page at a time."""
COMPARED: Final = 6
"""So many places stand beside each other at most."""
UNITS_OF_TIME: Final = frozenset(("ngay", "tuan", "thang", "quy", "nam"))
DATED: Final = UNITS_OF_TIME | {"/", "-", "."}
"""What a time is written with beside numbers."""
TYPED: Final = (What.LEVEL, What.EACH, What.LISTED, What.HOW_MANY, What.OWN)
"""What may end in a type word."""
UNFINISHED: Final = frozenset(
    ("tại", "ở", "trong", "trên", "của", "về", "vào", "thuộc", "do", "để", "theo", "cho")
)
"""No question ends so: such a last word belongs to a name."""
NARROW: Final = Table({"phường": "xã", "thị trấn": "xã", "quận": "huyện", "thị xã": "huyện"})
"""Type words of some units of a level, with that for all of them."""
STATUTORY: Final = frozenset((day, month) for day in (14, 15) for month in (6, 12))
"""Reports by law are over the time up to such a day."""
BEFORE_DAY: Final = 4
"""So many words before a day may say that it names a time: "kỳ báo cáo ngày"."""
PERIODS: Final = frozenset(("ky", "ki", "dot"))
"""Before a day: the time reported on it."""
ORDERED: Final = (Intent.RANKING, Intent.TREND)
"""What is asked of one indicator at a time."""
TOP: Final = ("top",)
MINORITY: Final = "DTTS"
LENGTHS: Final = ("week", "month", "quarter", "year")
REFUSED: Final = (
    (What.PERSONAL, Doubt.PERSONAL),
    (What.CHANGE, Doubt.CHANGE),
    (What.OUTSIDE, Doubt.OUTSIDE),
)
BEHIND: Final = (What.PLACE, What.OWN, What.AGE, What.PERIOD)
"""Where and when may stand behind the "không" that ends a question."""
OF_ONE_PLACE: Final = (Intent.TREND, Intent.MISSING, Intent.PROGRESS)
NEEDS_INDICATOR: Final = (Intent.FIGURE, Intent.RANKING, Intent.TREND, Intent.COMPARE)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: their own unit, and which units they may ask about.

    `own_levels` gives their own unit, or the one above it, of each level; `nameable` is what they may ask about and
    what lies around it, so that a parent can be named to tell two places apart.
    """

    place: int
    own_levels: Mapping[str, int]
    visible: frozenset[int]
    nameable: frozenset[int]
    former: frozenset[int] = frozenset()
    """Units that are no more and went into what the asker may see."""

    def sees(self, place: int) -> bool:
        """Whether a place may be asked about."""
        return place in self.visible or place in self.former


def understand(
    text: str,
    dictionary: Dictionary,
    gazetteer: Gazetteer,
    asker: Asker,
    today: date,
    before: Question | None = None,
) -> Understanding:
    """What `text` asks; `before` is the question before it, for "còn xã Mỹ Lý?"."""
    if len(text) > LONGEST:
        return Understanding("refuse", Open(), Doubt.TOO_LONG)
    tokens = tokens_of(expand(clean(" ".join(text.split()))))
    if not any(token.kind in ("word", "number") for token in tokens):
        return Understanding("refuse", Open(), Doubt.EMPTY)
    scanner = Scanner(dictionary, gazetteer, today, asker.nameable)
    earlier = None if before is None else Query.of(before)
    found = Reading(tokens, scanner.spans(tokens), scanner, asker, earlier).result().framed()
    return settled(found.query, dictionary.plans) if found.status == "answer" else found


def which_indicator(query: Query, ids: Sequence[str] = (), words: tuple[str, ...] = ()) -> Draft:
    """What is asked about, of `ids` or, where there are none, at all?"""
    offers = tuple(Offer("indicator", id) for id in ids[:OFFERED])
    return Draft("clarify", query, Doubt.WHICH_INDICATOR, offers, words)


def is_share(indicator: Indicator) -> bool:
    """Whether an indicator is a part of something in percent."""
    return indicator.unit_name() == "%"


def unit_of(indicator: Indicator) -> str:
    """An indicator's unit as a bound has it; "" where it is neither percent nor households nor people."""
    return "%" if is_share(indicator) else counted_in(indicator.unit_name())


def counted_in(text: str) -> str:
    """Whether households or people are named first; "" where neither is."""
    named = tokens_of(clean(text))
    kinds = (COUNTED_AS.at(named, place) for place in range(len(named)))
    return next((kind[0] for kind in kinds if kind), "")


def bound_to(query: Query) -> Iterable[tuple[Bound, str]]:
    """Each bound with each indicator that it holds for."""
    return ((bound, id) for bound in query.bounds for id in query.indicators)


def fits(bound: Bound, indicator: Indicator) -> bool:
    """Whether a bound can be held against an indicator: not percent of a count, nor people where households count."""
    if bound.unit == "%":
        return is_share(indicator) and bound.value <= WHOLE
    if not bound.counts:
        return True
    return counted_in(indicator.name() if indicator.rate else indicator.unit_name()) == bound.unit


@dataclass
class Reading:
    """One question, cut into spans, being put together."""

    tokens: Sequence[Token]
    spans: Sequence[Span]
    scanner: Scanner
    asker: Asker
    before: Query | None

    @property
    def dictionary(self) -> Dictionary:
        return self.scanner.dictionary

    def of(self, *kinds: What) -> list[Span]:
        """The spans of these kinds, in their order."""
        return [span for span in self.spans if span.what in kinds]

    def result(self) -> Draft:
        """What to do with the question."""
        for what, doubt in REFUSED:
            if self.of(what):
                return Draft("refuse", Query(), doubt)
        query = self.query()
        if query.intent is Intent.HELP:
            return Draft("help", query)
        unread = self.unread()
        unknown = tuple(word for span in unread for word in self.said(span))
        groups = self.place_groups()
        for units in groups:
            if not self.asker.sees(units[0].id):
                return Draft("clarify", query, Doubt.NO_PLACE, words=self.name_of(units[0]))
        if said := self.misplaced():
            return Draft("clarify", query, Doubt.NO_PLACE, words=said)
        if not unknown and any(len(units) > 1 for units in groups):
            return self.which_place(query, groups)
        query = self.beside_before(replace(query, places=self.places(groups)))
        if self.asks_rank() and not query.level:
            query = replace(query, level=self.own_level(query))
        if unknown:
            return self.unexplained(query, unread, unknown)
        if said := self.other_bound():
            return Draft("clarify", query, Doubt.UNKNOWN_WORDS, words=said)
        if any(not self.is_last_year(span) for span in self.said_of_previous()):
            said = self.words(What.PREVIOUS, What.PERIOD)
            return Draft("clarify", query, Doubt.WHICH_PERIOD, words=said)
        if said := self.not_own():
            return Draft("clarify", query, Doubt.NO_PLACE, words=said)
        if self.of(What.FUTURE) or any(start > self.scanner.today for start, _ in query.periods):
            return Draft("clarify", query, Doubt.FUTURE)
        if said := self.statutory():
            return Draft("clarify", query, Doubt.WHICH_DAYS, words=said)
        if not all(map(self.asker.sees, query.places)):
            said = self.words(What.OWN, What.NATION)
            return Draft("clarify", query, Doubt.NO_PLACE, words=said)
        if self.before is not None and self.follows(query):
            query = self.before.followed_by(query)
        return self.complete(query)

    def which_place(self, query: Query, groups: Sequence[Sequence[Unit]]) -> Draft:
        """A name fits several places: those are offered, beside the places that are sure."""
        doubtful = [unit for units in groups if len(units) > 1 for unit in units]
        several = sum(len(units) > 1 for units in groups) > 1
        if self.before is not None and self.follows(replace(query, places=(doubtful[0].id,))):
            query = self.before.followed_by(replace(query, places=(doubtful[0].id,)))
        elif several and query.intent is Intent.COMPARE:
            query = replace(query, intent=Intent.FIGURE)
        sure = () if several else self.places([units for units in groups if len(units) == 1])
        offers = tuple(Offer("place", str(unit.id)) for unit in self.nearest(doubtful)[:NAMESAKES])
        doubt = Doubt.ONE_PLACE if several else Doubt.WHICH_PLACE
        return Draft("clarify", replace(query, places=sure), doubt, offers)

    def beside_before(self, query: Query) -> Query:
        """ "thêm xã Phong Quang", "so với xã Phong Quang": beside the place asked about before, or the asker's own."""
        added = bare(self.tokens[0].text) == "them"
        against = any(self.said(span) == ["so", "với"] for span in self.of(What.INTENT))
        about = query if query.indicators or query.domain else self.before
        if not (added or against) or len(query.places) != 1 or len(query.periods) > 1 or about is None:
            return query
        if not about.indicators and not about.domain:
            return query
        first = () if about is query else about.places
        together = tuple(dict.fromkeys((*(first or (self.asker.place,)), *query.places)))
        return replace(query, intent=Intent.COMPARE, places=together[:COMPARED])

    def asks_rank(self) -> bool:
        """Whether it is asked which place in the order a unit has."""
        return any(span.is_in(RANK, self.tokens) for span in self.of(What.INTENT))

    def own_level(self, query: Query) -> str:
        """The level of the unit asked about, the asker's own where none is named."""
        number = query.places[0] if query.places else self.asker.place
        unit = self.scanner.gazetteer.units.get(number)
        return level_of(unit) if unit else ""

    def misplaced(self) -> tuple[str, ...]:
        """The words of a place and of a larger one right behind it in which it does not lie; () where there are none."""
        spans = [span for span in self.spans if span.what is not What.FILLER]
        for one, other in pairwise(spans):
            if one.what is not What.PLACE or other.what is not What.PLACE:
                continue
            smaller = max(map(size, one.value)) < min(map(size, other.value))
            if smaller and not self.inside(one.value, other.value):
                return (*self.said(one), *self.said(other))
        return ()

    # --- slots ---------------------------------------------------------------------------------------

    def query(self) -> Query:
        """The slots that were said, but for places."""
        backs = [span.value for span in self.of(What.BACK)]
        numbers = [span.value for span in self.of(What.NUMBER)]
        orders = [span.value for span in self.of(What.ORDER)] or self.topmost()
        bounds = [bound for span in self.of(What.BOUND) for bound in span.value]
        formats = [span.value for span in self.of(What.FORMAT)]
        levels = [span.value for span in self.units()] + [level for _, level in numbers if level]
        targets = [span.value for span in self.of(What.TARGET)] if self.units() else []
        named = tuple(dict.fromkeys(id for span in self.certain() for id in span.value))
        domains = self.domains(named)
        alone = len(domains) == 1 and not named
        of_domains = () if alone else (id for each in domains for id in self.dictionary.of_domain(each))
        indicators = tuple(dict.fromkeys((*named, *of_domains)))
        intent = self.intent(bool(indicators or domains))
        return Query(
            intent=intent,
            indicators=indicators,
            complement=self.turned_round(),
            domain=domains[0] if alone else "",
            level=levels[0] if levels else "",
            periods=tuple(self.days()),
            back=next((count for count, unit in backs if unit != "this"), 0),
            unit=next((unit for _, unit in backs if unit in LENGTHS), ""),
            against=next((span.value for span in self.of(What.PREVIOUS) if span.value), ""),
            ago=next((count for count, unit in backs if unit == "this"), 0),
            order=orders[0] if orders else None,
            count=numbers[0][0] if numbers else None,
            bounds=tuple(bounds),
            met=targets[0] if targets else None,
            format=formats[0] if formats else Format.TEXT,
            reported=any(span.value for span in self.of(What.REPORTED)) and not self.of(What.NEGATION),
            counted=intent is Intent.RANKING and bool(self.of(What.HOW_MANY)),
            measure=self.measure(),
            narrowed=any(self.is_narrower(id) for id in named),
            standing=next((span.value for span in self.of(What.TARGETS)), None),
        )

    def topmost(self) -> list[Order]:
        """ "top 5 thôn nhà tạm": those with most, where no order is said."""
        tops = any(bare(self.said(span)[0]) in TOP for span in self.of(What.INTENT, What.NUMBER))
        return [Order.HIGHEST] if tops else []

    def measure(self) -> By:
        """Whether a part ("tỷ lệ") or a number ("nhiều … nhất") is asked for."""
        if any(SHARE.at(self.tokens, place) for place in range(len(self.tokens))):
            return "share"
        many = any(bare(self.said(span)[0]) in MANY for span in self.of(What.ORDER))
        counted = many or any(bound.counts for span in self.of(What.BOUND) for bound in span.value)
        return "count" if counted else ""

    def units(self) -> list[Span]:
        """The spans that say of which units something is listed or counted."""
        return self.of(What.EACH, What.LISTED, What.HOW_MANY)

    def domains(self, named: Sequence[str]) -> list[str]:
        """The domains asked about; beside an indicator that is named only those listed with it ("điện và đường")."""
        listed = {edge for span in self.of(What.AND) for edge in (span.start, span.end)}
        spans = [span for span in self.of(What.DOMAIN) if not named or listed & {span.start, span.end}]
        return list(dict.fromkeys(id for span in spans for id in span.value))

    def is_narrower(self, id: str) -> bool:
        """Whether an indicator counts the ethnic minorities only, and the question does not say so."""
        return MINORITY in self.dictionary.plans.indicators[id].names["vi"] and not any(
            (bare(first.text), bare(second.text)) in (("thieu", "so"), ("dong", "bao"))
            for first, second in zip(self.tokens, self.tokens[1:], strict=False)
        )

    def counts_units(self, id: str, level: str) -> bool:
        """Whether an indicator is itself a count of the units of a level ("Thôn có nhà văn hóa")."""
        level_of = LEVELS.at(tokens_of(clean(self.dictionary.plans.indicators[id].names["vi"])), 0)
        return level_of is not None and level_of[0] == level

    def of_level(self, query: Query) -> list[str]:
        """Indicators of the level listed that bear the name which was taken for one of another level.

        "Xã nào chưa có nhà văn hóa": communes without one of theirs, or with villages without one?
        """
        if not query.level or any(self.counts_units(id, query.level) for id in query.indicators):
            return []
        plans = self.dictionary.plans.indicators
        named = {token for span in self.certain() for token in map(bare, self.said(span))}
        return [
            each.id
            for id in query.indicators
            for each in plans.values()
            if each.domain == plans[id].domain and self.counts_units(each.id, query.level)
            if self.counts_some(id) and named <= set(map(bare, words_of(each.names["vi"])))
        ]

    def counts_some(self, id: str) -> bool:
        """Whether an indicator is a count of the units of some level."""
        return LEVELS.at(tokens_of(clean(self.dictionary.plans.indicators[id].names["vi"])), 0) is not None

    def certain(self) -> list[Span]:
        """The spans that name one indicator each."""
        return [span for span in self.of(What.INDICATOR) if len(span.value) == 1]

    def days(self) -> Iterable[Days]:
        """The periods that were said, the earlier first; not the year of "cùng kỳ năm 2025"."""
        ago = [span for span in self.said_of_previous() if self.is_last_year(span)]
        spans = [span for span in self.of(What.PERIOD, What.POINT) if span not in ago]
        return sorted({days for span in spans for days in each_of(span.value)})

    def said_of_previous(self) -> list[Span]:
        """The periods right behind a "cùng kỳ" or "so với đầu năm" that does not say which year: they say it."""
        said = self.meaningful()
        return [
            behind
            for span, behind in pairwise(said)
            if span.what is What.PREVIOUS and span.value and behind.what is What.PERIOD
            if bare(self.said(span)[-1]) in ("ky", "ki", "nam") and span.end == behind.start
        ]

    def is_last_year(self, span: Span) -> bool:
        """Whether a period is the whole of the year before this one, behind "cùng kỳ"."""
        year = self.scanner.today.year - 1
        if any(each.value == "year_start" for each in self.of(What.PREVIOUS)):
            return False
        return bool(span.value == (date(year, 1, 1), date(year, 12, 31)))

    def up_to(self) -> bool:
        """Whether all up to a time is asked for: "lũy kế", "đến hết tháng 9", "đến nay"."""
        times = {span.start for span in self.of(What.PERIOD, What.POINT)}
        return any(span.end in times or span.value for span in self.of(What.UNTIL))

    def summed_up(self, query: Query) -> Query:
        """Up to a time what is counted over a time is counted from the year's beginning."""
        if not self.up_to() or len(query.periods) > 1 or query.back or query.intent is Intent.TREND:
            return query
        if not any(not self.dictionary.plans.indicators[id].stock for id in self.indicators_of(query)):
            return query
        last = query.periods[0][1] if query.periods else self.scanner.today
        first = min(query.periods[0][0] if query.periods else last, last.replace(month=1, day=1))
        return replace(query, periods=((first, last),))

    def indicators_of(self, query: Query) -> Sequence[str]:
        """The indicators that a query is about, those of its domain where none is named."""
        return query.indicators or (self.dictionary.of_domain(query.domain) if query.domain else ())

    def turned_round(self) -> bool:
        """Whether a "chưa có" stands before the indicator it denies, or within its name."""
        if any(span.denied for span in self.certain()):
            return True
        for first, second in zip(self.meaningful(), self.meaningful()[1:], strict=False):
            if first.what is What.NEGATION and second.what is What.INDICATOR:
                return bool(first.value)
        return False

    def run_together(self) -> bool:
        """Whether indicators stand side by side with nothing that lists them: "hộ nghèo có bhyt" is neither."""
        said = self.certain()
        listing = {span.start for span in self.spans if self.lists(span)}
        return any(listing.isdisjoint(range(first.end, second.start)) for first, second in pairwise(said))

    def lists(self, span: Span) -> bool:
        """Whether a span stands between things that are listed or compared: "và", a comma, "so với"."""
        return span.lists(self.tokens) or (span.what is What.INTENT and span.value is Intent.COMPARE)

    def denies_domain(self) -> bool:
        """Whether a "chưa có" stands before a whole domain: which of its indicators is denied is not said."""
        pairs = zip(self.meaningful(), self.meaningful()[1:], strict=False)
        return any(one.what is What.NEGATION and other.what is What.DOMAIN for one, other in pairs)

    def counts_domain(self) -> bool:
        """Whether one number is asked for beside a domain ("tỷ lệ giảm nghèo"), or how its works stand."""
        said = [span for span in self.of(What.FILLER) if span.is_in(QUANTITY, self.tokens)]
        late = [span for span in self.of(What.INTENT) if span.is_in(LATE, self.tokens)]
        within = {token.text for span in self.of(What.DOMAIN) for token in self.tokens[span.start : span.end]}
        return bool(said or late or self.of(What.LEVEL) or "hộ" in within)

    def meaningful(self) -> list[Span]:
        """The spans that say something."""
        return [span for span in self.spans if span.what not in (What.FILLER, What.AND, What.FOLLOW)]

    def intent(self, about: bool) -> Intent:
        """What is wanted, by the words for it, else by what was named."""
        said = {span.value for span in self.of(What.INTENT)}
        if Intent.HELP in said:
            return Intent.HELP
        if Intent.EXPORT in said or any(span.value is not Format.PICTURE for span in self.of(What.FORMAT)):
            return Intent.EXPORT
        if self.of(What.REPORTED) and not self.of(What.INDICATOR):
            return Intent.MISSING
        if (
            Intent.TREND in said
            or self.of(What.PREVIOUS)
            or any(unit != "this" for _, unit in (span.value for span in self.of(What.BACK)))
        ):
            return Intent.TREND
        beside = self.places_beside() > 1 or len(list(self.days())) > 1
        if Intent.COMPARE in said and self.of(What.EACH) and not beside:
            return Intent.RANKING
        if Intent.RANKING in said or self.of(What.ORDER, What.BOUND, What.LISTED) or self.picks():
            return Intent.RANKING
        if Intent.COMPARE in said or beside:
            return Intent.COMPARE
        if Intent.PROGRESS in said or self.of(What.TARGET, What.TARGETS):
            return Intent.PROGRESS
        if about:
            return Intent.FIGURE
        if self.of(What.FOLLOW) or any(span.is_in(QUANTITY, self.tokens) for span in self.of(What.FILLER)):
            return Intent.UNKNOWN
        return Intent.PROGRESS if self.place_groups() else Intent.UNKNOWN

    def picks(self) -> bool:
        """Whether units of a level are asked for: "xã nào …", "mấy xã …" where the plans do not count them."""
        asked = self.of(What.HOW_MANY)
        if asked:
            named = [id for span in self.certain() for id in span.value]
            return not any(self.counts_units(id, asked[0].value) for id in named)
        return bool(self.of(What.EACH)) and any(bare(token.text) == "nao" for token in self.tokens)

    # --- places --------------------------------------------------------------------------------------

    def place_groups(self) -> list[list[Unit]]:
        """For each place that was named the units it may be; parents behind a name narrow it."""
        groups: list[list[Unit]] = []
        last: Span | None = None
        for span in self.spans:
            if span.what in (What.FILLER, What.UNKNOWN) and last is not None and span.start == last.end:
                last = replace(last, end=span.end) if span.what is What.FILLER else None
                continue
            if span.what is What.AGE and last is not None and span.start == last.end:
                groups[-1] = [unit for unit in groups[-1] if unit.closed is span.value] or groups[-1]
                last = replace(last, end=span.end)
                continue
            if span.what is not What.PLACE:
                last = None
                continue
            units = list(span.value)
            inside = self.inside(groups[-1], units) if last is not None and groups else []
            if inside:
                groups[-1] = inside
            else:
                groups.append(units)
            last = span
        return [self.preferred(units) for units in groups]

    def unread(self) -> list[Span]:
        """The spans that say nothing here, in their order.

        Words that nobody knows, a "cũ" or "mới" that is no place's, a "chưa có" that denies nothing, and a domain that
        is neither that of what was named nor listed beside another ("giải ngân nhà tạm").
        """
        ends = {span.end for span in self.of(What.PLACE)}
        ages = [span for span in self.of(What.AGE) if span.start not in ends]
        strays = (*self.denying_nothing(), *self.stray_domains(), *self.narrowing)
        return sorted({*self.of(What.UNKNOWN, What.EXCEPT), *ages, *strays}, key=lambda span: span.start)

    @cached_property
    def narrowing(self) -> list[Span]:
        """The spans that narrow or turn what is asked about, and are no part of its name."""
        return Narrowing(self.dictionary, self.tokens, self.spans).found()

    def denying_nothing(self) -> list[Span]:
        """Each "chưa có" that stands before nothing it could deny, but for the "chưa" that ends a question."""
        if self.of(What.REPORTED):
            return []
        said = self.meaningful()
        found = []
        for place, span in enumerate(said):
            behind = said[place + 1].what if place + 1 < len(said) else None
            ends = all(each.what in BEHIND for each in said[place + 1 :])
            asks = bool(place) and ends and span.is_in(PARTICLES, self.tokens)
            if span.what is What.NEGATION and behind not in (What.INDICATOR, What.DOMAIN) and not asks:
                found.append(span)
        return found

    def stray_domains(self) -> list[Span]:
        """The domains that are not those of the indicators named, nor listed beside one of these or another domain."""
        own = {self.dictionary.plans.indicators[id].domain for span in self.certain() for id in span.value}
        listed = {edge for span in self.of(What.AND) for edge in (span.start, span.end)}
        spans = self.of(What.DOMAIN)
        beside = [span for span in spans if not (listed & {span.start, span.end} or own & set(span.value))]
        several = len({id for span in spans for id in span.value}) > 1
        return beside if self.certain() or several else []

    def inside(self, units: Sequence[Unit], parents: Sequence[Unit]) -> list[Unit]:
        """Those of `units` that lie in one of `parents`."""
        wanted = {parent.id for parent in parents}
        gazetteer = self.scanner.gazetteer
        return [
            unit
            for unit in units
            if any(wanted & gazetteer.above(each) for each in (unit, *parents_of(unit, gazetteer)))
        ]

    def nearest(self, units: Iterable[Unit]) -> list[Unit]:
        """Those that share most units above them with the asker first; of these the ones that still exist first."""
        gazetteer = self.scanner.gazetteer
        own = gazetteer.units.get(self.asker.place)
        above = {self.asker.place} | (gazetteer.above(own) if own else set())
        return sorted(units, key=lambda each: (-len(above & gazetteer.above(each)), each.closed))

    def preferred(self, units: list[Unit]) -> list[Unit]:
        """Those that the asker may ask about, where some are; a former unit and its namesake today both stay.

        So does a former one around these: "Bắc Kạn cũ" may be the province, not its town. One that went into its
        namesake ("xã Cẩm Giàng") is meant by a larger unit's asker only where "cũ" is said.
        """
        seen = [unit for unit in units if unit.id in self.asker.visible]
        kin = {number for unit in seen for number in unit.kin}
        former = [unit for unit in units if unit.id in self.asker.former - kin]
        above = {number for unit in (*seen, *former) for number in self.scanner.gazetteer.above(unit)}
        around = [unit for unit in units if unit.closed and unit.id in above and unit not in (*seen, *former)]
        return [*seen, *former, *around] or units

    def places(self, groups: Sequence[Sequence[Unit]]) -> tuple[int, ...]:
        """The ids of the places meant, each once."""
        own = [self.own_unit(span) for span in self.own(bool(groups))]
        found = [*(units[0].id for units in groups), *(id for id in own if id)]
        return tuple(dict.fromkeys(found))[:COMPARED]

    def places_beside(self) -> int:
        """How many places stand beside each other: those named, and the asker's own with them."""
        groups = self.place_groups()
        return len(groups) + len(self.own(True)) if groups else 0

    def own(self, named: bool) -> list[Span]:
        """The spans that mean a unit of the asker's own: beside places that are `named` not those that only say where."""
        typed = {span.start for span in self.of(What.PLACE)}
        spans = [span for span in self.of(What.OWN, What.NATION) if span.end not in typed]
        beside = [span for span in spans if self.said(span)[0] not in WITHIN]
        return beside if named or beside else spans

    def own_unit(self, span: Span) -> int | None:
        """The asker's own unit that a span means; None where there is none of that level."""
        return self.asker.own_levels.get("nuoc" if span.what is What.NATION else span.value)

    def not_own(self) -> tuple[str, ...]:
        """The words for a unit of the asker's own that is none ("toàn huyện" of a commune's officer); () where all are."""
        spans = self.own(bool(self.place_groups()))
        return next((tuple(self.said(span)) for span in spans if self.own_unit(span) is None), ())

    # --- what to do ----------------------------------------------------------------------------------

    def follows(self, query: Query) -> bool:
        """Whether the question goes on from the one before it."""
        if self.before is None or query.intent in (Intent.MISSING, Intent.HELP):
            return False
        incomplete = not query.indicators and not query.domain
        slots = (query.places, query.periods, query.level, query.order, query.ago, query.back)
        said = any(slots) or query.format is not Format.TEXT
        if self.of(What.FOLLOW):
            return incomplete or not query.places
        whole = query.intent is Intent.PROGRESS and bool(query.places)
        return incomplete and bool(said or query.intent is not Intent.UNKNOWN) and not whole

    def other_bound(self) -> tuple[str, ...]:
        """The words of a bound that picks no units: "đã đạt 80% chưa", "đạt 100% kế hoạch"; () where there is none."""
        planned = self.of(What.TARGET) or Intent.PROGRESS in {span.value for span in self.of(What.INTENT)}
        listed = self.units() or self.of(What.LEVEL, What.NUMBER)
        for span in self.of(What.BOUND):
            words = self.said(span)
            exactly = replace(span, end=span.start + 1).is_in(EXACTLY, self.tokens) and len(span.value) > 1
            if planned or (not listed and (exactly or "dat" in map(bare, words))):
                return tuple(words)
        return ()

    def unexplained(self, query: Query, unread: Sequence[Span], unknown: tuple[str, ...]) -> Draft:
        """Words are left over: what they may have been is offered, else the person is told which they are."""
        if name := self.unknown_place():
            return Draft("clarify", query, Doubt.NO_PLACE, words=name)
        if when := self.unknown_period():
            return Draft("clarify", query, Doubt.WHICH_PERIOD, words=when)
        repaired = self.repaired(unknown)
        if repaired:
            return Draft("clarify", query, Doubt.UNKNOWN_WORDS, (Offer("text", repaired),), unknown)
        number = any(word.isdigit() and len(word) > YEAR for word in unknown)
        known = [] if number else [word for word in unknown if self.dictionary.knows(word)]
        near = [word for span in self.certain() for word in self.said(span)]
        alike = self.dictionary.alike([*known, *near]) if known else []
        if all(self.dictionary.share(id, unknown) < HALF for id in query.indicators):
            alike = [id for id in alike if self.dictionary.share(id, unknown) > HALF or not query.indicators]
        if query.domain and not alike and not number:
            alike = self.dictionary.of_domain(query.domain)
        if alike:
            return which_indicator(query, alike, unknown)
        if query.intent is Intent.UNKNOWN or not (query.indicators or query.domain or query.places):
            return Draft("refuse", query, Doubt.OUTSIDE, words=unknown)
        together = all(span in self.narrowing for span in unread)
        doubt = Doubt.TOGETHER if together else Doubt.UNKNOWN_WORDS
        return Draft("clarify", query, doubt, (), unknown)

    def unknown_place(self) -> tuple[str, ...]:
        """The name after a type word that is no place's ("xã Abc"), with the type word; () where there is none."""
        for place, span in enumerate(self.spans):
            kind = self.type_word(span)
            whole = bare(self.said(span)[0]) in ("toan", "ca")
            if span.what not in TYPED or whole or not kind:
                continue
            rest = list(takewhile(self.in_name, self.spans[place + 1 :]))
            while rest and rest[-1].what is not What.UNKNOWN and self.said(rest[-1])[0] not in UNFINISHED:
                rest.pop()
            if any(each.what is What.UNKNOWN for each in rest):
                return (*kind, *(word for each in rest for word in self.said(each)))
        return ()

    def unknown_period(self) -> tuple[str, ...]:
        """The words of a time that is none ("năm 1800", "31/2/2026"); () where there is none."""
        for place, span in enumerate(self.spans):
            if span.what is not What.UNKNOWN or not str(span.value).isdigit():
                continue
            first, last = place, place
            while first and self.in_period(self.spans[first - 1]):
                first -= 1
            while last + 1 < len(self.spans) and self.in_period(self.spans[last + 1]):
                last += 1
            words = [word for each in self.spans[first : last + 1] for word in self.said(each)]
            if any(each.what is What.PERIOD for each in self.spans[first : last + 1]) or (
                {"/", *UNITS_OF_TIME} & set(map(bare, words))
            ):
                return tuple(words)
        return ()

    def in_period(self, span: Span) -> bool:
        """Whether a span may be a part of a time: a period, a number, a slash, a word such as "tháng"."""
        word = bare(self.said(span)[0])
        return span.what is What.PERIOD or (span.end == span.start + 1 and (word in DATED or word.isdigit()))

    def type_word(self, span: Span) -> list[str]:
        """The type word at the end of a span ("các xã", "tổ dân phố"); [] where there is none."""
        for start in range(span.start, span.end):
            level = LEVELS.at(self.tokens, start)
            if level is not None and level[1] == span.end:
                return [token.text for token in self.tokens[start : span.end]]
        return []

    def in_name(self, span: Span) -> bool:
        """Whether a span may be a part of a name that nobody knows."""
        grammar = span.what in (What.FILLER, What.NEGATION) and span.end == span.start + 1
        return span.what is What.UNKNOWN or (grammar and self.tokens[span.start].kind == "word")

    def name_of(self, unit: Unit) -> tuple[str, ...]:
        """A place as it was typed."""
        spans = [span for span in self.of(What.PLACE) if unit in span.value]
        return tuple(self.said(spans[0])) if spans else ()

    def said(self, span: Span) -> list[str]:
        """The words of a span."""
        return [token.text for token in self.tokens[span.start : span.end]]

    def words(self, *kinds: What) -> tuple[str, ...]:
        """The words of the spans of these kinds."""
        return tuple(word for span in self.of(*kinds) for word in self.said(span))

    def repaired(self, unknown: Iterable[str]) -> str:
        """The question with one unknown word one letter away from a known one, if it is then understood; else ""."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        strange = [word for word in dict.fromkeys(unknown) if not self.dictionary.knows(word)]
        if len(strange) != 1 or len(strange[0]) < SHORTEST:
            return ""
        word = strange[0]
        near = process.extract(
            bare(word), self.dictionary.folded, scorer=OSA.distance, score_cutoff=1, limit=None
        )
        for _, _, place in near:
            other = self.dictionary.vocabulary[place]
            text = " ".join(other if token.text == word else token.text for token in self.tokens)
            if bare(other)[0] == bare(word)[0] and self.scanned(text, other):
                return text
        return ""

    def scanned(self, text: str, word: str) -> bool:
        """Whether every word of `text` is known, `word` as a part of what is asked about."""
        tokens = tokens_of(text)
        spans = self.scanner.spans(tokens)
        about = (span for span in spans if span.what in (What.INDICATOR, What.DOMAIN))
        parts = {token.text for span in about for token in tokens[span.start : span.end]}
        return word in parts and all(span.what is not What.UNKNOWN for span in spans)

    def complete(self, query: Query) -> Draft:
        """The query where every word is explained: answered, or asked about what is missing."""
        steps = (
            self.about,
            self.bounded,
            self.located,
            self.timed,
            self.of_one_indicator,
            self.accounted_for,
        )
        for step in steps:
            found = step(query)
            if isinstance(found, Draft):
                return found
            query = found
        return Draft("answer", query)

    def about(self, query: Query) -> Query | Draft:
        """With something that can be told; else it is asked what."""
        doubtful = [span for span in self.of(What.INDICATOR) if len(span.value) > 1]
        if doubtful:
            return which_indicator(query, doubtful[0].value)
        if query.intent is Intent.UNKNOWN:
            on = self.of(What.FOLLOW) or query.places or query.periods
            return which_indicator(query) if on else Draft("refuse", query, Doubt.OUTSIDE)
        nothing = not query.indicators and not query.domain
        if query.intent in NEEDS_INDICATOR and nothing:
            return which_indicator(query)
        if query.intent is not Intent.PROGRESS:
            return query
        if len(self.domains_of(query)) > 1:
            return which_indicator(query, query.indicators)
        return which_indicator(query) if nothing and self.past(query) else query

    def bounded(self, query: Query) -> Query | Draft:
        """With bounds that can be held against what is asked about."""
        query = self.of_one_unit(query)
        if all(fits(bound, self.dictionary.plans.indicators[id]) for bound, id in bound_to(query)):
            return query
        return Draft("clarify", query, Doubt.UNKNOWN_WORDS, words=self.words(What.BOUND))

    def located(self, query: Query) -> Query | Draft:
        """With the units listed, and one place where only one can be told of."""
        if query.intent is Intent.FIGURE and self.of(What.HOW_MANY):
            query = replace(query, level="")
        if query.intent is Intent.PROGRESS and query.count:
            return which_indicator(query)
        query = self.of_bare_level(query)
        if query.intent not in OF_ONE_PLACE or len(query.places) <= 1:
            return query
        offers = tuple(Offer("place", str(id)) for id in query.places)
        return Draft("clarify", replace(query, places=()), Doubt.ONE_PLACE, offers)

    def timed(self, query: Query) -> Query | Draft:
        """With a time over which it is counted: what is counted over a time has no figure of a moment."""
        query = self.summed_up(query)
        flows = [id for id in self.indicators_of(query) if not self.dictionary.plans.indicators[id].stock]
        if self.of(What.POINT) and flows and not self.up_to():
            return Draft("clarify", query, Doubt.WHICH_PERIOD, words=self.words(What.POINT))
        return query

    def of_one_indicator(self, query: Query) -> Query | Draft:
        """With one indicator where only one can be told, or denied."""
        query = self.without_any(query)
        plans = self.dictionary.plans.indicators
        mixed = len(query.indicators) > 1 and (query.complement or self.run_together())
        if mixed or (query.complement and any(not plans[id].rate for id in query.indicators)):
            return which_indicator(replace(query, complement=False), query.indicators)
        if query.domain and not query.indicators and (self.denies_domain() or self.counts_domain()):
            return which_indicator(query, self.dictionary.of_domain(query.domain))
        if query.intent is Intent.FIGURE and query.format is Format.PICTURE:
            query = replace(query, intent=Intent.RANKING if query.level else Intent.TREND)
        alone = query.intent in ORDERED or (query.intent is Intent.FIGURE and query.level)
        several = self.indicators_of(query)
        return which_indicator(query, several) if alone and len(several) > 1 else query

    def accounted_for(self, query: Query) -> Query | Draft:
        """With all that was said in it."""
        if query.intent is Intent.RANKING and not query.level:
            query = replace(query, level=self.level_said())
        if self.of(What.LISTED) or (query.intent is Intent.RANKING and self.of(What.EACH) and self.picks()):
            query = self.where_it_applies(query)
        if kind := self.narrow_kind():
            return Draft("clarify", query, Doubt.TOGETHER, (Offer("text", self.widened()),), kind)
        if (over := left_out(query, self.spans) or self.loose_level(query)) is not None:
            return Draft("clarify", query, Doubt.TOGETHER, words=tuple(self.said(over)))
        if other := self.of_level(query):
            return which_indicator(query, (*query.indicators, *other))
        return query

    def of_one_unit(self, query: Query) -> Query:
        """A bound that says no unit is one in that of the indicator."""
        units = {unit_of(self.dictionary.plans.indicators[id]) for id in query.indicators}
        if len(units) != 1 or query.bounds in ((ANY,), (NONE,)):
            return query
        bounds = tuple(replace(bound, unit=bound.unit or min(units)) for bound in query.bounds)
        return replace(query, bounds=bounds)

    def domains_of(self, query: Query) -> set[str]:
        """The domains of the indicators that a query names."""
        return {self.dictionary.plans.indicators[id].domain for id in query.indicators}

    def past(self, query: Query) -> bool:
        """Whether a time is asked about that is over."""
        return bool(query.ago or (query.periods and query.periods[-1][1] < self.scanner.today))

    def of_bare_level(self, query: Query) -> Query:
        """ "thôn thiếu nước": a level before everything else, below the asker's own, lists its units."""
        first = self.meaningful()[:1]
        if query.intent is not Intent.FIGURE or query.level or not query.indicators or not first:
            return query
        level, own = first[0], self.asker.own_levels
        if level.what is not What.LEVEL or self.asker.place in (own.get(level.value), own.get("thon")):
            return query
        if any(self.counts_units(id, level.value) for id in query.indicators):
            return query
        return self.where_it_applies(replace(query, intent=Intent.RANKING, level=level.value))

    def without_any(self, query: Query) -> Query:
        """ "xã nào hết nhà tạm", "thôn nào không có hộ nghèo": the units with none; not those with some of the rest."""
        listed = self.of(What.LISTED, What.HOW_MANY) or self.picks()
        if not (query.complement and query.level and listed) or query.bounds or query.met is not None:
            return query
        indicator = self.dictionary.plans.indicators[query.indicators[0]]
        if self.counts_units(indicator.id, query.level) or (indicator.rate and indicator.better == "up"):
            return query
        return replace(query, intent=Intent.RANKING, complement=False, bounds=(NONE,))

    def where_it_applies(self, query: Query) -> Query:
        """Only the units that have any of what was named; all of them, where that is a rate of what is wanted."""
        if query.bounds or query.order or query.count or query.met is not None or not query.indicators:
            return query
        id = query.indicators[0]
        some = not self.dictionary.plans.indicators[id].rate or self.counts_units(id, query.level)
        if not some and not query.complement:
            return query
        return replace(query, bounds=(ANY,), order=Order.HIGHEST)

    def loose_level(self, query: Query) -> Span | None:
        """A bare level that is neither that of the units listed nor of what is asked about ("nhà tạm thôn"); else None."""
        units = [self.scanner.gazetteer.units.get(id) for id in query.places or (self.asker.place,)]
        told = {query.level, *(level_of(unit) for unit in units if unit)}
        told |= {"thon"} if query.intent is Intent.MISSING else set()
        told |= {level for id in query.indicators for level in levels.LEVELS if self.counts_units(id, level)}
        return next((span for span in self.of(What.LEVEL) if span.value not in told), None)

    def narrow_kind(self) -> tuple[str, ...]:
        """The type word of only some units of the level that is listed ("phường nào"); () where there is none."""
        for span in (*self.units(), *self.of(What.NUMBER, What.LEVEL)):
            for place in range(span.start, span.end):
                kind = NARROW.at(self.tokens, place)
                both = place > span.start and LEVELS.at(self.tokens, place - 1) is not None
                if kind is not None and not both:
                    return tuple(token.text for token in self.tokens[place : kind[1]])
        return ()

    def widened(self) -> str:
        """The question of all units of a level instead of those of some type ("xã nào" for "phường nào")."""
        said, place = [], 0
        while place < len(self.tokens):
            kind = NARROW.at(self.tokens, place)
            said.append(kind[0] if kind else self.tokens[place].text)
            place = kind[1] if kind else place + 1
        return " ".join(said)

    def statutory(self) -> tuple[str, ...]:
        """The words of a day that may name the time reported on it: "kỳ báo cáo 15/6", "báo cáo 14/12"; () where none."""
        for span in self.of(What.PERIOD):
            first, last = each_of(span.value)[0]
            before = self.tokens[max(0, span.start - BEFORE_DAY) : span.start]
            lead = [bare(token.text) for token in (*before, *self.tokens[span.start : span.end])]
            report = "bao" in lead and "cao" in lead and (first.day, first.month) in STATUTORY
            if first == last and (report or PERIODS & set(lead)):
                return tuple(self.said(span))
        return ()

    def level_said(self) -> str:
        """The level that a bare type word names ("xã thấp nhất"), if any."""
        return next((str(span.value) for span in self.of(What.LEVEL)), "")


def each_of(value: tuple[Any, ...]) -> tuple[Days, ...]:
    """The periods of a span: one, or several that were listed ("tháng 8, 9, 10")."""
    return value if isinstance(value[0], tuple) else (value,)


def level_of(unit: Unit) -> str:
    """The level of a place, by its type word; that of a "thành phố" by what it lies in."""
    found = LEVELS.at(tokens_of(clean(unit.kind)), 0)
    if found is not None:
        return found[0]
    return "xa" if unit.kind == "đặc khu" else "huyen" if unit.closed else "tinh"


def size(unit: Unit) -> int:
    """How large a place is, by its level."""
    return levels.LEVELS.index(level_of(unit) if unit.parents else "nuoc")


def parents_of(unit: Unit, gazetteer: Gazetteer) -> Iterable[Unit]:
    """What a place lies or lay in directly."""
    return (gazetteer.units[number] for number in unit.parents if number in gazetteer.units)
