"""Words beside what is asked about that make it something else, though each of them is known by itself.

"Phụ nữ tảo hôn" is not the number of early marriages, nor is "hộ cần hỗ trợ nhà ở" that of the households helped. Such
words are asked about, unless they are a part of the indicator's own names.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from plans.indicator import Indicator
from queries.dictionary import Dictionary, words_of
from queries.scan import Span, What
from queries.vocabulary import COUNTING, MONEY, PEOPLE, REQUESTS, TELLING
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Token


@dataclass(frozen=True)
class Narrowing:
    """One question, cut into spans, seen for what its indicators leave out."""

    dictionary: Dictionary
    tokens: Sequence[Token]
    spans: Sequence[Span]

    def found(self) -> list[Span]:
        """The spans that narrow or turn what is asked about."""
        groups = [span for span in self.spans if span.what is What.GROUP]
        return [*groups, *self.own_domains(), *self.requests(), *self.people()]

    @cached_property
    def named(self) -> list[Indicator]:
        """The indicators that are named."""
        spans = (span for span in self.spans if span.what is What.INDICATOR and len(span.value) == 1)
        return [self.dictionary.plans.indicators[span.value[0]] for span in spans]

    def own_domains(self) -> Iterator[Span]:
        """A domain right beside its own indicator: "phụ nữ tảo hôn", "đường điện"; not "giáo dục: trẻ 5 tuổi"."""
        domains = {indicator.domain for indicator in self.named}
        known = {word for indicator in self.named for word in words_in(indicator)}
        for place, span in enumerate(self.spans):
            if span.what is not What.DOMAIN or not domains & set(span.value):
                continue
            beside = [*self.spans[max(0, place - 1) : place], *self.spans[place + 1 : place + 2]]
            said = {token.text for token in self.tokens[span.start : span.end] if token.kind != "mark"}
            paid = domains == {"von"} and said <= MONEY
            if not (
                any(each.lists(self.tokens) for each in beside)
                or paid
                or set(map(bare, said)) <= set(map(bare, known))
            ):
                yield span

    def requests(self) -> Iterator[Span]:
        """A "cần", "đề nghị" behind those who need or ask it: "hộ cần hỗ trợ nhà ở"; not "tôi cần số hộ nghèo"."""
        others = False
        for place, span in enumerate(self.spans):
            behind = self.spans[place + 1 : place + 2]
            about = any(each.what in (What.INDICATOR, What.DOMAIN) for each in self.spans[place + 1 :])
            told = any(each.is_in(TELLING, self.tokens) for each in behind)
            if (
                others
                and about
                and not told
                and span.what is What.FILLER
                and span.is_in(REQUESTS, self.tokens)
            ):
                yield span
            others = others or span.what is not What.FILLER or span.is_in(PEOPLE, self.tokens)

    def people(self) -> Iterator[Span]:
        """ "số người thiếu nước": people are asked for where households are counted."""
        if not any(words_of(indicator.name())[:1] == ["hộ"] for indicator in self.named):
            return
        for span in self.spans:
            before = bare(self.tokens[span.start - 1].text) if span.start else ""
            alone = span.end == span.start + 1 and bare(self.tokens[span.start].text) == "nguoi"
            if span.what is What.FILLER and alone and before in COUNTING:
                yield span


def words_in(indicator: Indicator) -> Iterator[str]:
    """The words of an indicator's names and synonyms."""
    for phrase in (indicator.names["vi"], *indicator.synonyms):
        yield from words_of(phrase)
