"""What a question is read against, and what it says of places, times and the units to list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Final

from queries.dictionary import Dictionary
from queries.frames import Question, Than
from queries.picked import Picked
from queries.spans import ASIDE, Sentence, Span, Tag
from queries.timed import Timed
from queries.where import Asker, Where, level_of
from questionnaires.answers.places import Gazetteer
from questionnaires.answers.text import bare

MEANS: Final = frozenset(("binh", "trung", "chung"))
"""Words that say that something is held against the average of all units."""


@dataclass(frozen=True)
class QuestionContext:
    """What a question is read against: the plans' words, all places, the asker's part of them, and the day."""

    dictionary: Dictionary
    gazetteer: Gazetteer
    asker: Asker
    today: date


@dataclass(frozen=True)
class Surroundings:
    """What the spans of one question say of places, times and units; `before` is the question before it."""

    sentence: Sentence
    context: QuestionContext
    before: Question | None

    @cached_property
    def where(self) -> Where:
        """The places asked about, without those that others are compared with or that are left out."""
        aside = (self.reference, *self.excepted)
        return self.where_of([span for span in self.sentence.spans if span not in aside])

    def where_of(self, spans: Sequence[Span]) -> Where:
        """The places of some spans."""
        return Where(Sentence(self.sentence.tokens, spans), self.context.gazetteer, self.asker)

    @cached_property
    def asker(self) -> Asker:
        """The asker; "thôn này" is the village asked about before, if none is their own."""
        asker, units = self.context.asker, self.context.gazetteer.units
        before = [units[id] for id in self.before.places if id in units] if self.before else []
        pointed = any(bare(self.sentence.said(span)[-1]) == "nay" for span in self.sentence.of(Tag.OWN))
        if len(before) != 1 or not pointed or level_of(before[0]) in asker.own_levels:
            return asker
        return replace(asker, own_levels={**asker.own_levels, level_of(before[0]): before[0].id})

    @cached_property
    def reference(self) -> Span | None:
        """The place behind a "cao hơn" by whose value units are picked."""
        if not self.which.units:
            return None
        for than, behind in pairwise(self.sentence.spans):
            if than.tag is Tag.THAN and behind.tag in (Tag.PLACE, Tag.OWN, Tag.NATION):
                return behind
        return None

    @property
    def without_reference(self) -> bool:
        """Whether units are held against an own unit that the asker does not have, or may not see."""
        own = self.reference is not None and self.reference.tag in (Tag.OWN, Tag.NATION)
        return own and self.than is None

    @cached_property
    def than(self) -> Than | None:
        """By whose value units are picked, if that is one place."""
        if self.reference is None:
            return self.than_all
        where = self.where_of([self.reference])
        places = where.places(where.groups)
        sure = len(places) == 1 and all(len(units) == 1 for units in where.groups)
        than = self.sentence.of(Tag.THAN)[0]
        seen = sure and self.context.asker.sees(places[0])
        return Than(than.value, places[0], self.says_mean(than)) if seen else None

    def says_mean(self, than: Span) -> bool:
        """Whether a "cao hơn" is followed by a word for the average."""
        return not MEANS.isdisjoint(map(bare, self.sentence.said(than)))

    @property
    def than_all(self) -> Than | None:
        """The place whose units are picked by what all of them have: "xã nào cao hơn bình quân chung"."""
        said = list(filter(self.says_mean, self.sentence.of(Tag.THAN)))
        groups = self.where.groups
        if not said or not self.which.units or len(groups) > 1 or any(len(units) > 1 for units in groups):
            return None
        place = next(iter(self.where.places(groups)), self.context.asker.place)
        return Than(said[0].value, place, mean=True) if self.context.asker.sees(place) else None

    @cached_property
    def excepted(self) -> list[Span]:
        """The places behind a "trừ", or the asker's own unit if it stands first there."""
        places = list[Span]()
        before: Tag | None = None
        for span in self.sentence.spans:
            goes_on = before is not None and span.tag in (Tag.PLACE, *ASIDE)
            own = before is Tag.EXCEPT and span.tag is Tag.OWN
            if own or (goes_on and span.tag is Tag.PLACE):
                places.append(span)
            if span.tag not in ASIDE or before is None:
                before = span.tag if span.tag is Tag.EXCEPT or own or goes_on else None
        return places

    @cached_property
    def time(self) -> Timed:
        return Timed(self.sentence, self.context.today)

    @cached_property
    def which(self) -> Picked:
        return Picked(self.sentence)
