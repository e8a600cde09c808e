"""What the spans of a question say, part by part, and which kind of question they make."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

from plans.indicator import Indicator
from queries.aims import aim_of
from queries.context import Surroundings
from queries.frames import (
    Aspect,
    Bound,
    Format,
    Intent,
    Measure,
    Order,
    Question,
    When,
    WhichTasks,
    framed,
)
from queries.measured import Measured
from queries.spans import Span, Tag
from queries.tasking import TABLE, WORKS, which_tasks
from queries.told import LEAST
from queries.understanding import FELL, ROSE, UNMOVED, Offer
from queries.vocabulary import APPROVED, BOTH_UNITS, HOW_MUCH, LAGGING, LEVELS, PARTICLES, QUANTITY, TIMELY
from queries.where import size, size_of
from questionnaires.answers.text import bare

OPPOSITE: Final = {Order.HIGHEST: Order.LOWEST, Order.LOWEST: Order.HIGHEST}


@dataclass(frozen=True)
class Parts(Surroundings):
    """What the spans of one question say."""

    @cached_property
    def what(self) -> Measured:
        return Measured(self.sentence, self.context.dictionary)

    @cached_property
    def excluded(self) -> tuple[int, ...]:
        """The ids of the places left out; () if they are uncertain, or if the answer cannot leave any out."""
        where = self.where_of(self.excepted)
        sees = all(self.context.asker.sees(units[0].id) for units in where.groups)
        told = self.intent in (Intent.RANKING, Intent.FIGURE) and not self.sentence.of(Tag.PART, Tag.GAP)
        return where.places(where.groups) if sees and told and not where.doubtful else ()

    @property
    def plans(self) -> Mapping[str, Indicator]:
        return self.context.dictionary.plans.indicators

    @cached_property
    def kinds(self) -> frozenset[Intent]:
        """The kinds of question whose own words occur."""
        return frozenset(self.sentence.values(Tag.INTENT))

    @cached_property
    def aim(self) -> Bound | None:
        """The value from which the distance of one figure is asked; None if the question says none."""
        return aim_of(self.sentence, self.what, self.where, self.context.asker)

    @property
    def tells_times(self) -> bool:
        """Whether several times of one place were named, and no units."""
        return len(self.time.days) > 1 and self.where.beside < 2 and not self.which.units

    @property
    def side_by_side(self) -> bool:
        """Whether several places or times were named."""
        return self.where.beside > 1 or len(self.time.days) > 1

    @property
    def holds_two(self) -> bool:
        """Whether two places are compared: "Nà Hin nhiều hơn Cốc Nhội mấy hộ", "… xã nào nhiều hơn"."""
        if self.holds_figures:
            return True
        if 2 not in (self.where.beside, len(self.time.days)) or not self.sentence.of(Tag.THAN):
            return False
        own = {"", *self.where.levels(self.where.places(self.where.groups))}
        return all(span.tag is Tag.EACH and span.value in own for span in self.which.units)

    @property
    def holds_figures(self) -> bool:
        """Whether two figures are compared: "hộ cận nghèo nhiều hơn hộ nghèo không"."""
        figures, than = self.what.certain, self.sentence.of(Tag.THAN)
        between = len(figures) == 2 and any(figures[0].end <= one.start < figures[1].start for one in than)
        return between and not self.which.units

    @property
    def asks_progress(self) -> bool:
        """Whether the question asks how something stands; the mere name of a place does not."""
        targets = self.sentence.of(Tag.TARGET, Tag.TARGETS)
        return bool(Intent.PROGRESS in self.kinds or targets or self.what.asks_how_far)

    @property
    def lists_both_ends(self) -> bool:
        """Whether units are listed for two times: "nước hợp vệ sinh tháng 9 và tháng 10 các xã"."""
        picks = self.sentence.of(Tag.ORDER, Tag.BOUND, Tag.LEAD, Tag.NUMBER, Tag.THAN, Tag.PREVIOUS)
        alone = not picks and self.where.beside < 2 and Intent.COMPARE not in self.kinds
        return alone and bool(self.which.units and self.what) and self.time.from_end_to_end is not None

    @property
    def asks_change(self) -> bool:
        """Whether the question asks how one figure of one place changed: "hộ nghèo giảm"."""
        held = (
            self.side_by_side or (self.which.units and self.sentence.of(Tag.TARGET)) or self.asks_if_reached
        )
        return bool(self.sentence.of(Tag.MOVED, Tag.STAYED) and self.what) and not held

    @property
    def asks_if_reached(self) -> bool:
        """Whether it is asked whether a plan's target is reached: "hộ nghèo giảm đạt kế hoạch chưa"."""
        reached = self.sentence.of(Tag.TARGET) or Intent.PROGRESS in self.kinds
        last = range(len(self.sentence.tokens) - 1, len(self.sentence.tokens))
        return bool(reached) and PARTICLES.first_in(self.sentence.tokens, last) is not None

    @property
    def averages(self) -> bool:
        """Whether the question asks for the average of a level's units: "trung bình mỗi xã"."""
        return bool(self.sentence.of(Tag.MEAN) and self.sentence.of(Tag.EACH, Tag.LEVEL))

    @property
    def picks(self) -> bool:
        """Whether the question asks for units of a level: "xã nào …", or "mấy xã …" if no plan counts them."""
        asked = self.sentence.of(Tag.HOW_MANY)
        if asked:
            return not any(self.what.counts_units(id, asked[0].value) for id in self.what.named)
        return self.which.asks_which

    @property
    def lists_missed(self) -> bool:
        """Whether units are listed that miss the target of what is named: "các xã chưa đạt chỉ tiêu nước hợp vệ sinh"."""
        missed = False in self.sentence.values(Tag.TARGET)
        return missed and bool(self.sentence.of(Tag.EACH)) and bool(self.what or self.what.doubtful)

    @cached_property
    def intent(self) -> Intent:
        """The kind of question: by its words, otherwise by what it names."""
        return next((intent for intent, is_wanted in WANTED if is_wanted(self)), Intent.UNKNOWN)

    @cached_property
    def question(self) -> Question:
        """The question, still without places."""
        slots: dict[str, Any] = {
            **self.which.slots,
            **self.moved,
            "level": self.listed_level,
            "measure": self.measure,
            "when": self.when,
            "reported": self.asks_who_reported,
            "approved": self.sentence.is_in(APPROVED, Tag.REPORTED),
            "senders": next(iter(self.sentence.values(Tag.LEVEL)), "") if self.which.units else "",
            "timely": self.sentence.says(TIMELY) and not self.sentence.says(LAGGING),
            "counted": self.intent is Intent.RANKING
            and (bool(self.sentence.of(Tag.HOW_MANY)) or self.names_units),
            "mean": bool(self.sentence.of(Tag.MEAN)),
            "standing": self.standing,
            "tasks": self.which_tasks,
            "than": self.than,
            "without": self.excluded,
            "summed": self.asks_sum,
            "format": self.which.format,
        }
        return framed(self.intent, slots)

    @property
    def when(self) -> When:
        """The time; of who has not reported, several latest periods mean each of them."""
        when = (self.lists_both_ends and self.time.from_end_to_end) or self.time.when
        several = self.intent is Intent.MISSING and when.back > 1
        return replace(when, run=True) if several else when

    @property
    def names_units(self) -> bool:
        """Whether only the names of units are asked for: "liệt kê các xã", "thôn Nà Hin thuộc xã nào"."""
        only = (Tag.LISTED, Tag.EACH, Tag.LEVEL, Tag.OWN, Tag.PLACE, Tag.AGE)
        return self.lists_units and all(span.tag in only for span in self.sentence.meaningful)

    @property
    def lists_units(self) -> bool:
        """Whether units are asked for, whatever else is asked of them."""
        said = not {"gom", "thuoc"}.isdisjoint(self.sentence.bare_words) or self.sentence.of(Tag.LISTED)
        # "các xã" alone may go on from a figure; with where they lie they are asked for themselves
        within = self.sentence.of(Tag.EACH) and self.sentence.of(Tag.PLACE, Tag.OWN) and self.before is None
        return bool(said or within) or self.asks_larger_unit

    @property
    def asks_larger_unit(self) -> bool:
        """Whether units above the place named are asked for: "thôn Nà Hin ở xã nào"."""
        asked = [size_of(level) for level in self.sentence.values(Tag.EACH) if level]
        named = [size(unit) for units in self.where.groups for unit in units]
        return bool(named) and max(named) < min(asked, default=0)

    @property
    def asks_who_reported(self) -> bool:
        """Whether the question asks who has reported, rather than who has not."""
        said = self.sentence.values(Tag.REPORTED)
        return bool(said) and all(said) and not self.sentence.of(Tag.NEGATION)

    @cached_property
    def listed_level(self) -> str:
        """The level of the units to list; "" if none are.

        A figure that leaves out some units lists those of their level, whose sum is the answer.
        """
        if self.intent is not Intent.FIGURE:
            return str(self.which.slots["level"])
        if self.excluded:
            return next(iter(self.where.levels(self.excluded)), "")
        return "" if self.sentence.of(Tag.HOW_MANY) else str(self.which.slots["level"])

    @property
    def asks_sum(self) -> bool:
        """Whether the question asks for the sum of several places or times, of all but some, or of several figures."""
        if self.intent is Intent.FIGURE:
            return self.figure_is_summed
        if self.tells_times:
            return self.adds_times
        if self.intent is Intent.RANKING:
            return self.what.asks_total
        both = self.sentence.says(BOTH_UNITS) and Intent.COMPARE not in self.kinds
        return both or self.what.asks_sum

    @property
    def figure_is_summed(self) -> bool:
        """Whether a figure asked for is the sum of several, of all units but some, or of those of a level."""
        if not self.listed_level:
            return len(self.what.named) > 1 and self.what.adds_up  # one number is a sum already
        if self.excluded:
            return True
        return self.adds_times if self.tells_times else self.what.asks_total

    @property
    def adds_times(self) -> bool:
        """Whether the values of several times are added, not compared."""
        return self.what.adds_up and Intent.COMPARE not in self.kinds

    @cached_property
    def measure(self) -> Measure:
        """What is measured and what is asked of it, judging by units and places beside it too."""
        if self.intent is Intent.MISSING and self.what.named:
            return Measure(domain=self.domain_reported)
        if self.aim is not None:
            return replace(self.what.measure, aspect=Aspect.GAP, by="", aim=self.aim)
        if self.ranks_changes:
            return self.what.measure.changed
        if self.larger_unit is not None:
            return replace(self.what.measure, aspect=Aspect.PART, by="")
        return self.what.measure

    @property
    def domain_reported(self) -> str:
        """The domain for which somebody has or has not reported ("ai chưa nộp phiếu nhà tạm").

        "" if the question asks how many there are, or names no domain or several.
        """
        domains = self.what.named_domains
        certain, tokens = self.what.certain, self.sentence.tokens
        behind = [span for span in self.sentence.spans if certain and span.start >= certain[-1].end]
        counted = self.sentence.says(HOW_MUCH) and not self.sentence.of(Tag.HOW_MANY)
        apart = any(span.lists(tokens) for span in behind)
        return min(domains) if len(domains) == 1 and not (counted or apart) else ""

    @property
    def moved(self) -> dict[str, Any]:
        """For units ranked by a change: which end comes first, or that only those that rose or fell are wanted."""
        if not self.ranks_changes:
            return {}
        if self.sentence.of(Tag.STAYED):
            return {"order": None, "bounds": UNMOVED}
        ways = self.what.moves
        if not ways:
            return {"order": None, "bounds": ()}
        if self.sentence.of(Tag.ORDER, Tag.LEAD, Tag.NUMBER) or ways[0] not in (Order.HIGHEST, Order.LOWEST):
            return {"order": OPPOSITE.get(ways[0], ways[0]) if self.asks_least else ways[0], "bounds": ()}
        return {"order": None, "bounds": (ROSE if ways[0] is Order.HIGHEST else FELL,)}

    @property
    def asks_least(self) -> bool:
        """Whether the units that moved least come first: "giảm nghèo chậm nhất", "tăng ít nhất"."""
        return any(order in LEAST for order in self.sentence.values(Tag.ORDER))

    @cached_property
    def ranks_changes(self) -> bool:
        """Whether units are picked or ranked by their change: "xã nào hộ nghèo giảm nhiều nhất"."""
        units = self.which.units or self.sentence.of(Tag.NUMBER)
        named = self.what or self.what.doubtful
        # "chưa đạt chỉ tiêu giảm nghèo" is held against the target, not against another time
        level = self.what.aspect is Aspect.LEVEL and not self.sentence.of(Tag.TARGET)
        return bool(units and named) and level and self.tells_change

    @property
    def tells_change(self) -> bool:
        """Whether a change over time is told of: by its words, or by two times with nothing else to rank by."""
        if self.what.moves or self.what.asks_by_how_much or self.sentence.of(Tag.STAYED):
            return True
        held = self.time.is_held or (len(self.time.days) == 2 and Intent.COMPARE in self.kinds)
        return held and not self.sentence.of(Tag.ORDER, Tag.LEAD, Tag.BOUND)

    @cached_property
    def larger_unit(self) -> int | None:
        """The id of the unit of which a place is a part; 0 if none was named, None if that is not asked."""
        parts = self.sentence.values(Tag.PART)
        alone = len(self.what.named) == 1 and not self.which.units
        if not parts or not alone:
            return None
        if not self.where.groups:
            return self.own_whole
        if len(self.where.groups) > 2:
            return None
        own = (self.where.own_unit(span) for span in self.where.owns)
        named = sorted(self.where.groups[:2], key=lambda units: size(units[0]))[1:]
        larger = next(filter(None, (*(units[0].id for units in named), *own)), None)
        return larger or (0 if any(parts) else None)

    @property
    def own_whole(self) -> int | None:
        """The asker's own larger unit of which theirs is a part: "xã mình chiếm bao nhiêu % của huyện"; None if none
        is named."""
        units = self.context.gazetteer.units
        own = [units[id] for id in map(self.where.own_unit, self.where.owns) if id in units]
        larger = [unit for unit in own if size(unit) > size(units[self.context.asker.place])]
        return max(larger, key=size).id if larger else None

    @property
    def standing(self) -> str | None:
        """Which targets are wanted: those of a standing, or those met or missed, if no indicator is named."""
        said = self.sentence.values(Tag.TARGETS)
        if not self.what:
            said = [*said, *("achieved" if met else "behind" for met in self.sentence.values(Tag.TARGET))]
        return next(filter(None, said), next(iter(said), None))

    @property
    def lists_tasks(self) -> bool:
        """Whether tasks of plans are asked for by how they stand: "nhiệm vụ nào quá hạn"."""
        return TABLE in self.sentence.values(Tag.TARGETS)

    @property
    def lists_works(self) -> bool:
        """Whether single works are asked for: "tiến độ từng công trình"."""
        return WORKS in self.sentence.values(Tag.TARGETS)

    @property
    def which_tasks(self) -> WhichTasks:
        """Which of the tasks are asked for; all if the question is not about tasks."""
        return which_tasks(self.sentence.tokens) if self.lists_tasks else WhichTasks.ALL

    def indicators_of(self, question: Question) -> Sequence[str]:
        """The indicators of a question; those of its domain if it names none."""
        named = question.indicators
        return named or (self.context.dictionary.of_domain(question.domain) if question.domain else ())

    def without(self, *spans: Span) -> tuple[Offer, ...]:
        """The offer to go on without some words, if others are left."""
        rest = self.sentence.without(spans)
        return (Offer("drop", rest),) if rest else ()

    # --- what is not a part of the question -----------------------------------------------------------

    @cached_property
    def unread(self) -> list[Span]:
        """The spans that say nothing here, in order: unknown words, and spans without effect."""
        strays = (
            *([] if self.than or self.holds_two else self.sentence.of(Tag.THAN)),
            *self.what.unheld,
            *self.what.strays,
            *self.what.needed,
            *self.context_within,
            *self.loose_ages,
            *self.neighbours,
            *self.left_out,
        )
        return sorted({*self.sentence.of(Tag.UNKNOWN), *strays}, key=lambda span: span.start)

    @property
    def names_person(self) -> bool:
        """Whether a person is named: "ông Nông Văn Dũng"."""
        said = self.sentence.said
        return any(
            one.tag is other.tag is Tag.UNKNOWN and said(one)[0] in ("ông", "bà") and said(other)[0] != "mẹ"
            for one, other in pairwise(self.sentence.spans)
        )

    @property
    def context_within(self) -> Iterator[Span]:
        """A purpose in the middle of a question; only at its edges does it mean one."""
        spans = self.sentence.spans
        content = [place for place, span in enumerate(spans) if span in self.sentence.meaningful]
        if content:
            yield from (span for span in spans[content[0] : content[-1]] if span.tag is Tag.CONTEXT)

    @property
    def loose_ages(self) -> Iterator[Span]:
        """A "cũ" or "mới" that follows no place; "toàn huyện cũ" is the asker's own, where that has ended."""
        ends = {span.end for span in self.sentence.of(Tag.PLACE)}
        gone = {span.end for span in self.where.owns if self.has_ended(self.where.own_unit(span))}
        return (
            span
            for span in self.sentence.of(Tag.AGE)
            if span.start not in (ends | gone if span.value else ends)
        )

    @property
    def neighbours(self) -> Iterator[Span]:
        """A "xã bên cạnh" without a name: it is not the asker's own."""
        for span in [] if self.where.groups else self.sentence.of(Tag.FILLER):
            said = [bare(word) for word in self.sentence.said(span)]
            if said[1:2] == ["ben"] and LEVELS.at(self.sentence.tokens, span.start):
                yield span

    def has_ended(self, unit: int | None) -> bool:
        """Whether a unit is no more."""
        return unit is not None and self.context.gazetteer.units[unit].closed

    @property
    def left_out(self) -> Iterator[Span]:
        """A "trừ" that the answer cannot follow."""
        return iter(() if self.excluded else self.sentence.of(Tag.EXCEPT))


WANTED: Final[Sequence[tuple[Intent, Callable[[Parts], Any]]]] = (
    (Intent.HELP, lambda parts: Intent.HELP in parts.kinds and not parts.what.measure.defined),
    (Intent.DIFFICULTIES, lambda parts: Intent.DIFFICULTIES in parts.kinds and not parts.what.named),
    (
        Intent.EXPORT,
        lambda parts: Intent.EXPORT in parts.kinds or parts.which.format not in (Format.TEXT, Format.PICTURE),
    ),
    (
        Intent.MISSING,
        lambda parts: parts.sentence.of(Tag.REPORTED) and (parts.domain_reported or not parts.what.named),
    ),
    (Intent.FIGURE, lambda parts: parts.aim is not None),
    (Intent.FIGURE, lambda parts: parts.what.asks_gap and parts.what and not parts.which.units),
    (Intent.RANKING, lambda parts: parts.ranks_changes),
    (Intent.FIGURE, lambda parts: parts.larger_unit is not None),
    (Intent.COMPARE, lambda parts: parts.holds_two),
    (
        Intent.RANKING,
        lambda parts: parts.time.is_run and parts.which.units and (parts.what or parts.what.doubtful),
    ),
    (Intent.TREND, lambda parts: Intent.TREND in parts.kinds or parts.time.runs or parts.asks_change),
    (Intent.TREND, lambda parts: parts.which.format is Format.PICTURE and parts.tells_times),
    (
        Intent.RANKING,
        lambda parts: (
            Intent.COMPARE in parts.kinds
            and parts.sentence.of(Tag.EACH, Tag.NUMBER)
            and (parts.which.others or not parts.side_by_side)
        ),
    ),
    (
        Intent.RANKING,
        lambda parts: (
            Intent.RANKING in parts.kinds
            or parts.sentence.of(Tag.ORDER, Tag.BOUND, Tag.LISTED, Tag.LEAD)
            or parts.than
            or parts.picks
            or parts.averages
            or parts.names_units
            or parts.lists_missed
        ),
    ),
    (Intent.RANKING, lambda parts: parts.lists_both_ends),
    (Intent.COMPARE, lambda parts: Intent.COMPARE in parts.kinds or parts.side_by_side),
    (
        Intent.PROGRESS,
        lambda parts: Intent.PROGRESS in parts.kinds or parts.sentence.of(Tag.TARGET, Tag.TARGETS),
    ),
    (Intent.FIGURE, lambda parts: parts.what),
    (
        Intent.UNKNOWN,
        lambda parts: parts.sentence.of(Tag.FOLLOW) or parts.sentence.is_in(QUANTITY, Tag.FILLER),
    ),
    (
        Intent.PROGRESS,
        lambda parts: (
            parts.where.groups
            or ((parts.where.own(False) or parts.sentence.of(Tag.LEVEL)) and parts.what.asks_how_far)
        ),
    ),
)
"""The words that ask for each kind of question, in order of precedence."""
