"""What is measured: the indicators or the domain that a question names, and what it asks of them.

Nothing similar is ever taken for an indicator: "chưa" asks for a share's complement, "đã xóa được" for what was done,
and words that none of its names has make it something else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from typing import Final

from plans.indicator import Indicator
from plans.minority import MINORITY
from queries.counted_instead import counted_instead
from queries.dictionary import Dictionary, words_in
from queries.frames import Aspect, Bound, By, Intent, Measure, Order
from queries.spans import ASIDE, Sentence, Span, Tag
from queries.vocabulary import (
    CLOSING,
    COUNTED_AS,
    COUNTING,
    DONE,
    HOW_FAR,
    LATE,
    LEVELS,
    MANY,
    MONEY,
    MOVED,
    NEAR,
    PARTICLES,
    PEOPLE,
    QUANTITY,
    REQUESTS,
    SHARE,
    SUM,
    SUPPORTS,
    TELLING,
    WHO,
)
from queries.wholes import COUNTED, asks_number, wholes_asked
from queries.word_rules import asks_meaning, is_run_of
from questionnaires.answers.text import bare, clean
from questionnaires.answers.tokens import tokens_of

CHANGING: Final = frozenset(("tang", "giam"))
"""What a question begins with that asks how something changed."""
NEEDS: Final = frozenset(("can", "phai", "duoc", "dang"))
"""Right before what is to be done: "cần sửa"."""
BEHIND: Final = (Tag.PLACE, Tag.OWN, Tag.AGE, Tag.PERIOD)
"""Places and times may follow the "không" that ends a question."""


def is_share(indicator: Indicator) -> bool:
    """Whether an indicator is a share in percent."""
    return indicator.unit_name() == "%"


def is_by_how_much(sentence: Sentence, span: Span) -> bool:
    """Whether a span asks how something changed: "giảm bao nhiêu"; not "xu hướng", which is of a longer time."""
    return span.tag is Tag.INTENT and span.value is Intent.TREND and bare(sentence.said(span)[0]) in CHANGING


def counted_in(text: str) -> str:
    """Whether households or people are named first; "" for neither."""
    return COUNTED_AS.first_in(tokens_of(clean(text))) or ""


@dataclass(frozen=True)
class Measured:
    """What one question measures."""

    sentence: Sentence
    dictionary: Dictionary

    @cached_property
    def certain(self) -> list[Span]:
        """The spans that name a single indicator, without a total right before its part: "tổng số hộ nhà tạm"."""
        spans = [span for span in self.sentence.of(Tag.INDICATOR) if len(span.value) == 1]
        starts, plans = {span.start for span in spans}, self.dictionary.plans.indicators
        parts = [span for span in spans if span.end not in starts or not plans[span.value[0]].whole]
        return [
            span for place, span in enumerate(parts) if not (place and self.sums_up(parts[place - 1], span))
        ]

    def sums_up(self, before: Span, span: Span) -> bool:
        """Whether a total only says that what precedes it is summed: "hộ nghèo của xã tổng cộng bao nhiêu hộ"."""
        whole = self.dictionary.plans.indicators[span.value[0]].whole
        between = (one for one in self.sentence.spans if before.end <= one.start < span.start)
        apart = any(one.lists(self.sentence.tokens) for one in between)
        return whole and not apart and SUM.at(self.sentence.tokens, span.start) is not None

    @cached_property
    def doubtful(self) -> tuple[str, ...]:
        """The ids of the indicators that the first ambiguous name may mean; () if no name is ambiguous."""
        names: Iterator[tuple[str, ...]] = (span.value for span in self.sentence.of(Tag.INDICATOR))
        return next((ids for ids in names if len(ids) > 1), ())

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The indicators that are named, by id."""
        named = [(span.start, id) for span in self.certain for id in span.value]
        named += [(start, id) for id, start, _ in self.wholes]
        return tuple(dict.fromkeys(id for _, id in sorted(named)))

    @cached_property
    def wholes(self) -> Sequence[tuple[str, int, int]]:
        """ "Bao nhiêu hộ, bao nhiêu khẩu": the indicator that counts all, and where."""
        return wholes_asked(self.sentence, self.dictionary.plans)

    @cached_property
    def domains(self) -> list[str]:
        """The domains asked about; beside an indicator only those in its list ("điện và đường")."""
        spans = self.sentence.of(Tag.DOMAIN)
        listed = [span for span in spans if not self.named or self.listed & {span.start, span.end}]
        return list(dict.fromkeys(id for span in listed for id in span.value))

    @cached_property
    def listed(self) -> set[int]:
        """Where an "và" begins or ends."""
        return {edge for span in self.sentence.of(Tag.AND) for edge in (span.start, span.end)}

    @cached_property
    def measure(self) -> Measure:
        """What is measured, and what is asked of it."""
        alone = len(self.domains) == 1 and not self.named
        of_domains = (id for domain in self.domains for id in self.dictionary.of_domain(domain))
        return Measure(
            indicators=() if alone else tuple(dict.fromkeys((*self.named, *of_domains))),
            domain=self.domains[0] if alone else "",
            aspect=self.aspect,
            by=self.by,
            narrowed=any(map(self.is_narrower, self.named)),
            nearly=any(map(self.is_nearly, self.certain)),
            defined=bool(self.named) and asks_meaning(self.sentence.tokens),
        )

    def is_nearly(self, span: Span) -> bool:
        """Whether a span is a common name for something close to an indicator, and not that indicator's."""
        tokens, start, end = self.sentence.tokens, span.start, span.end
        if span.denied:  # a name has no "chưa": "lao động chưa qua đào tạo"
            tokens = [one for one in tokens[start:end] if PARTICLES.whole([one]) is None]
            start, end = 0, len(tokens)
        near = NEAR.at(tokens, start)
        is_near = near is not None and near[1] == end
        return is_near and self.dictionary.indicators.at(tokens, start) != (span.value, end)

    def __bool__(self) -> bool:
        """Whether anything is named."""
        return bool(self.named or self.domains)

    # --- aspect and number ----------------------------------------------------------------------------

    @property
    def aspect(self) -> Aspect:
        """What is asked of the indicator."""
        if self.asks_gap:
            return Aspect.GAP
        if self.turned_round:
            return Aspect.REST
        return Aspect.DONE if self.asks_done else Aspect.LEVEL

    @property
    def asks_gap(self) -> bool:
        """Whether the question asks what is missing to the target."""
        gaps = self.sentence.of(Tag.GAP)
        missing = "thiếu" in self.sentence.words(Tag.INTENT)
        return any(span.value or missing for span in gaps)

    @property
    def moves(self) -> list[Order]:
        """The directions of change, in the order of the words; "giảm nghèo" names a domain and a direction."""
        spans = sorted(self.sentence.of(Tag.MOVED, Tag.DOMAIN), key=lambda span: span.start)
        ways = (MOVED.at(self.sentence.tokens, span.start) for span in spans)
        return [way[0] for way in ways if way]

    @property
    def asks_by_how_much(self) -> bool:
        """Whether it asks how something changed: "giảm bao nhiêu", "tăng giảm thế nào"."""
        return any(is_by_how_much(self.sentence, span) for span in self.sentence.spans)

    @property
    def asks_sum(self) -> bool:
        """Whether the sum of several places is asked for."""
        return self.sentence.says(SUM)

    @property
    def asks_total(self) -> bool:
        """Whether the sum of the listed units is wanted: "tổng số hộ của các xã", not the "tông" in a name."""
        return any(map(self.says_sum, self.sentence.spans))

    @property
    def adds_up(self) -> bool:
        """Whether several figures are to be added up; not by the "tổng" of "tổng số hộ", which is one of them."""
        plans = self.dictionary.plans.indicators
        wholes = [span for span in self.certain if plans[span.value[0]].whole]
        return any(self.says_sum(span) for span in self.sentence.spans if span not in wholes)

    def says_sum(self, span: Span) -> bool:
        """Whether a span begins with a word for a sum."""
        return SUM.at(self.sentence.tokens, span.start) is not None

    @property
    def turned_round(self) -> bool:
        """Whether a "chưa có" stands before the indicator that it denies, or within its name."""
        if any(span.denied for span in self.certain):
            return True
        if any(map(self.denies_in_units, range(len(self.sentence.meaningful)))):
            return True
        for first, second in pairwise(self.sentence.meaningful):
            if first.tag is Tag.NEGATION and second.tag is Tag.INDICATOR:
                return bool(first.value)
        return False

    @property
    def asks_done(self) -> bool:
        """Whether it asks what was done: "đã xóa được bao nhiêu nhà tạm", "kết quả xóa nhà tạm"; not "cần xóa …"."""
        if self.is_to_do:
            return False
        said = self.sentence.of(Tag.DONE) and not self.asks_how_far
        return bool(said) or any(map(self.says_done, self.certain))

    @property
    def is_to_do(self) -> bool:
        """Whether it remains to be done: "cần xóa bao nhiêu nhà tạm nữa" asks for what remains."""
        said = self.sentence.bare_words
        return any(said[max(0, span.start - 1)] in ("can", "phai") for span in self.sentence.of(Tag.DONE))

    @property
    def asks_how_far(self) -> bool:
        """Whether it asks how something stands: "đến đâu rồi", "tình hình"."""
        return self.sentence.says(HOW_FAR)

    def says_done(self, span: Span) -> bool:
        """Whether a name begins with what is done to the thing: "xóa nhà tạm" names the same as "nhà tạm"."""
        verb = DONE.at(self.sentence.tokens, span.start)
        if verb is None or verb[1] >= span.end:
            return False
        return self.dictionary.indicators.at(self.sentence.tokens, verb[1]) == (span.value, span.end)

    @property
    def by(self) -> By:
        """Whether a share ("tỷ lệ") or a number ("nhiều … nhất") is asked for."""
        if self.sentence.says(SHARE) and not self.counts_before_share:
            return "share"
        many = any(bare(self.sentence.said(span)[0]) in MANY for span in self.sentence.of(Tag.ORDER))
        bounds: Iterator[Bound] = chain.from_iterable(self.sentence.values(Tag.BOUND))
        number = many or any(bound.counts for bound in bounds)
        number = number or any(asks_number(self.sentence, span) for span in self.certain)
        number = number or any(map(self.moves_by_number, self.sentence.of(Tag.MOVED, Tag.INTENT)))
        return "count" if number else ""

    @property
    def counts_before_share(self) -> bool:
        """Whether units are ranked by number before their shares are asked for: "3 xã nhiều hộ nghèo nhất, tỷ lệ"."""
        said, tokens = self.sentence.bare_words, self.sentence.tokens
        share = next((place for place in range(len(tokens)) if SHARE.at(tokens, place)), 0)
        return any(said[span.start] in MANY and span.start < share for span in self.sentence.of(Tag.ORDER))

    def moves_by_number(self, span: Span) -> bool:
        """Whether it asks by how many something rose or fell: "giảm được mấy hộ"."""
        moved = MOVED.at(self.sentence.tokens, span.start)
        behind = self.sentence.bare_words[moved[1] : moved[1] + 3] if moved else []
        return any(one in COUNTING and other in COUNTED for one, other in pairwise(behind))

    def is_narrower(self, id: str) -> bool:
        """Whether an indicator counts ethnic minorities only and the question does not say so."""
        pairs = set(pairwise(self.sentence.bare_words))
        of_minorities = MINORITY in self.dictionary.plans.indicators[id].names["vi"]
        return of_minorities and not pairs & {("thieu", "so"), ("dong", "bao"), ("dan", "toc")}

    def share_of(self, id: str) -> str:
        """The share that belongs to an amount, if all its words are said: "vốn sự nghiệp giải ngân … phần trăm"."""
        plans = self.dictionary.plans.indicators
        said = {*self.sentence.bare_words, "ty", "le"}
        if is_share(plans[id]):
            return ""
        called = self.dictionary.called
        shares = (other.id for other in plans.values() if is_share(other))
        return next((share for share in shares if called[id] <= called[share] <= said), "")

    @property
    def asks_who(self) -> bool:
        """Whether persons are asked for: "ai chưa có BHYT"."""
        return bool(self.named) and self.sentence.is_in(WHO, Tag.FILLER)

    # --- units that an indicator counts ---------------------------------------------------------------

    def counts_units(self, id: str, level: str) -> bool:
        """Whether an indicator itself counts units of a level ("Thôn có nhà văn hóa")."""
        return self.unit_counted(id) == level

    def count_any(self, ids: Sequence[str], level: str) -> bool:
        """Whether one of these indicators itself counts units of a level."""
        return level in map(self.unit_counted, ids)

    def unit_counted(self, id: str) -> str:
        """The level of the units that an indicator counts; "" if it counts something else."""
        level = LEVELS.at(tokens_of(clean(self.dictionary.plans.indicators[id].names["vi"])), 0)
        return level[0] if level is not None else ""

    def of_level(self, level: str, ids: Sequence[str]) -> list[str]:
        """Indicators of the level listed with the name that was taken for another level's.

        "Xã nào chưa có nhà văn hóa": communes without one, or with villages without one?
        """
        if not level or self.count_any(ids, level):
            return []
        return [other for id in filter(self.unit_counted, ids) for other in self.namesakes(id, level)]

    def namesakes(self, id: str, level: str) -> Iterator[str]:
        """The indicators of the same domain that count units of the level and may have the name that was said."""
        said = frozenset(bare(word) for span in self.certain for word in self.sentence.said(span))
        for other in self.dictionary.by_domain[self.dictionary.plans.indicators[id].domain]:
            if self.counts_units(other, level) and said <= self.dictionary.called[other]:
                yield other

    # --- what is named in a way that cannot be told ---------------------------------------------------

    @property
    def run_together(self) -> bool:
        """Whether indicators follow each other without a list: "hộ nghèo có bhyt" is neither."""
        tokens = self.sentence.tokens
        listing = {
            span.start
            for span in self.sentence.spans
            if span.lists(tokens)
            or span.tag is Tag.THAN
            or (span.tag is Tag.INTENT and span.value is Intent.COMPARE)
        }
        return any(listing.isdisjoint(range(one.end, other.start)) for one, other in pairwise(self.certain))

    @property
    def denies_domain(self) -> bool:
        """Whether a "chưa có" stands before a whole domain: it does not say which of its indicators."""
        pairs = pairwise(self.sentence.meaningful)
        return any(one.tag is Tag.NEGATION and other.tag is Tag.DOMAIN for one, other in pairs)

    @property
    def counts_domain(self) -> bool:
        """Whether one number is asked for beside a domain ("tỷ lệ giảm nghèo"), or how its works stand."""
        number = self.sentence.is_in(QUANTITY, Tag.FILLER) or self.sentence.is_in(LATE, Tag.INTENT)
        return bool(number or self.sentence.of(Tag.LEVEL)) or "hộ" in self.sentence.words(Tag.DOMAIN)

    @cached_property
    def strays(self) -> list[Span]:
        """Words that narrow, turn or belong to something other than what is named, which would then not be meant."""
        if self.sentence.of(Tag.REPORTED):
            return []  # of whom and of what a questionnaire asks is told by all of its questions
        asked_for_all = {place for _, start, end in self.wholes for place in range(start, end)}
        groups = [
            span
            for span in self.sentence.of(Tag.GROUP)
            if span.start not in asked_for_all and not self.is_counted_group(span)
        ]
        return [*groups, *self.own_domains(), *self.requests(), *self.counted_instead()]

    def is_counted_group(self, span: Span) -> bool:
        """Whether a group is just those whom all that is named counts: "người DTTS chưa có thẻ BHYT"."""
        minority = {"thieu so", "dan toc"} & set(map(" ".join, pairwise(map(bare, self.sentence.said(span)))))
        plans = self.dictionary.plans.indicators
        return bool(minority and self.named) and all(MINORITY in plans[id].names["vi"] for id in self.named)

    @cached_property
    def unheld(self) -> list[Span]:
        """Each "chưa có" that denies nothing, and each domain that is neither of what was named nor in its list."""
        return [*self.denying_nothing(), *self.stray_domains()]

    def denying_nothing(self) -> Iterator[Span]:
        """Each "chưa có" with nothing after it to deny, except the "chưa" that ends a question."""
        if self.sentence.of(Tag.REPORTED):
            return
        for place, span in enumerate(self.sentence.meaningful):
            if span.tag is Tag.NEGATION and not self.denies_or_asks(place):
                yield span

    def denies(self, span: Span) -> bool:
        """Whether a "chưa" is more than the end of a question."""
        ends = self.sentence.meaningful[-1:] == [span] and len(self.sentence.meaningful) > 1
        return not (ends and span.is_in(PARTICLES, self.sentence.tokens))

    def denies_or_asks(self, place: int) -> bool:
        """Whether a "chưa" precedes what it denies, or ends a question about what precedes it."""
        said = self.sentence.meaningful
        behind = [span.tag for span in said[place + 1 :]]
        if (behind and behind[0] in (Tag.INDICATOR, Tag.DOMAIN)) or self.denies_in_units(place):
            return True
        ends = place > 0 and all(tag in BEHIND for tag in behind) and self.is_last_word(place)
        return ends and said[place].is_in(PARTICLES, self.sentence.tokens)

    def is_last_word(self, place: int) -> bool:
        """Whether nothing but courtesy follows a "chưa": not so in "ô tô chưa vào được", unless a figure's name or what
        is left of an amount has its denial."""
        said = self.sentence.meaningful
        denied = self.asks_gap or any(span.denied for span in self.certain)
        courtesy = is_run_of(CLOSING, self.sentence.tokens[said[place].end :])
        # What is not paid out of capital is what is left of it: "chưa giải ngân".
        return courtesy or denied or place + 1 < len(said) or self.named_domains == {"von"}

    def denies_in_units(self, place: int) -> bool:
        """Whether a "chưa có" after "thôn nào" denies what precedes these: "đường bê tông thôn nào chưa có"."""
        said = self.sentence.meaningful[: place + 1]
        tags = [span.tag for span in said[-3:]]
        denied = tags == [Tag.INDICATOR, Tag.EACH, Tag.NEGATION] and bool(said[-1].value)
        ends = all(span.tag in BEHIND for span in self.sentence.meaningful[place + 1 :])
        return denied and ends and not said[-1].is_in(PARTICLES, self.sentence.tokens)

    def stray_domains(self) -> list[Span]:
        """The domains that belong to none of the indicators named and are in no list with one of them."""
        spans = self.sentence.of(Tag.DOMAIN)
        several = len(set(chain.from_iterable(self.sentence.values(Tag.DOMAIN)))) > 1
        if not (self.certain or several):
            return []
        alone = (span for span in spans if self.listed.isdisjoint((span.start, span.end)))
        return [span for span in alone if self.named_domains.isdisjoint(span.value)]

    @cached_property
    def named_domains(self) -> frozenset[str]:
        """The domains of the indicators named."""
        return frozenset(self.dictionary.plans.indicators[id].domain for id in self.named)

    def own_domains(self) -> Iterator[Span]:
        """A domain right beside its own indicator: "phụ nữ tảo hôn", "đường điện"; not "giáo dục: trẻ 5 tuổi"."""
        for place, span in enumerate(self.sentence.spans):
            own = span.tag is Tag.DOMAIN and not self.named_domains.isdisjoint(span.value)
            if own and not (self.stands_in_list(place) or self.is_said_by_name(span)):
                yield span

    def stands_in_list(self, place: int) -> bool:
        """Whether the span before or after one joins it to something else."""
        spans, tokens = self.sentence.spans, self.sentence.tokens
        return any(
            near.lists(tokens) for near in (*spans[max(0, place - 1) : place], *spans[place + 1 : place + 2])
        )

    def is_said_by_name(self, span: Span) -> bool:
        """Whether a domain's words say no more than an indicator's name, or only that it is about money."""
        said = {word for word in self.sentence.said(span) if word.isalnum()}
        if self.named_domains == {"von"} and said <= MONEY:
            return True
        plans = self.dictionary.plans.indicators
        of_names = chain.from_iterable(words_in(plans[id]) for id in self.named)
        return set(map(bare, said)) <= set(map(bare, of_names))

    @property
    def needed(self) -> list[Span]:
        """Each "sửa" that something needs or gets, which does not ask to change a report: "chợ xuống cấp cần sửa"."""
        said = self.sentence.bare_words
        spans = self.sentence.of(Tag.CHANGE)
        return [span for span in spans if self.named and said[max(0, span.start - 1)] in NEEDS]

    def requests(self) -> Iterator[Span]:
        """A "cần" or "đề nghị" after those who need or ask: "hộ cần hỗ trợ nhà ở"; not "tôi cần số hộ nghèo"."""
        tokens, others = self.sentence.tokens, False
        for place, span in enumerate(self.sentence.spans):
            if (others or self.is_needed_support(place)) and self.asks_for_named(place):
                yield span
            others = others or span.tag not in ASIDE or span.is_in(PEOPLE, tokens)

    def is_needed_support(self, place: int) -> bool:
        """Whether a "cần" stands before a support: "cần hỗ trợ đất ở cho bao nhiêu hộ" is not what was given."""
        behind = self.sentence.spans[place + 1 : place + 2]
        return bool(behind) and SUPPORTS.at(self.sentence.tokens, behind[0].start) is not None

    def asks_for_named(self, place: int) -> bool:
        """Whether a span is a request for something measured, rather than to be told about it."""
        span, behind = self.sentence.spans[place], self.sentence.spans[place + 1 :]
        if span.tag is not Tag.FILLER or not span.is_in(REQUESTS, self.sentence.tokens):
            return False
        if not any(span.tag in (Tag.INDICATOR, Tag.DOMAIN) for span in behind):
            return False
        return not behind[0].is_in(TELLING, self.sentence.tokens)

    def counted_instead(self) -> Iterator[Span]:
        """Words for what is counted that do not fit what is named."""
        plans = self.dictionary.plans.indicators
        return counted_instead(self.sentence, [plans[id] for id in self.named])
