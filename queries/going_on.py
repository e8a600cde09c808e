"""Follow-up questions: what they leave out is taken from the question before."""

from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from queries.frames import (
    Aspect,
    Compare,
    Format,
    Intent,
    Lookup,
    Measure,
    Missing,
    Open,
    Progress,
    Question,
    Ranking,
    Than,
    Trend,
    When,
    as_kind,
    framed,
    slots_of,
)
from queries.parts import Parts
from queries.spans import Tag
from queries.told import tells_each_period
from queries.understanding import NONE
from queries.where import COMPARED

TIMES: Final = (Tag.PERIOD, Tag.POINT, Tag.PREVIOUS, Tag.BACK, Tag.FUTURE)


def follows(parts: Parts, question: Question) -> bool:
    """Whether a question continues the one before: a complete one inherits nothing."""
    if parts.before is None or isinstance(question, Missing):
        return False
    if parts.sentence.goes_on:
        return not question.measure or not question.places
    if question.measure or parts.what.doubtful or is_whole(parts, question):
        return False
    return not isinstance(question, Open) or says_something(question)


def says_only(parts: Parts, *tags: Tag) -> bool:
    """Whether what is said has these tags, in this order, and nothing else."""
    return tuple(span.tag for span in parts.sentence.meaningful) == tags


def none_of_before(parts: Parts) -> Ranking | None:
    """ "… và thôn nào hết rồi": the units with none of what was asked before; None unless only that is said."""
    before = parts.before
    if before is None or len(before.indicators) != 1:
        return None
    said = parts.sentence.meaningful
    if not says_only(parts, Tag.EACH, Tag.NEGATION) or not said[1].value:
        return None
    if parts.plans[before.indicators[0]].better == "up":
        return None
    measure = replace(before.measure, aspect=Aspect.LEVEL, by="")
    return Ranking(
        measure=measure, places=before.places, when=before.when, level=said[0].value, bounds=(NONE,)
    )


def more_than_before(parts: Parts) -> Ranking | None:
    """ "… xã nào cao hơn": the units above the place that was asked about before; None unless only that is said."""
    before, said = parts.before, parts.sentence.meaningful
    if not isinstance(before, Lookup) or len(before.indicators) != 1 or len(before.places) != 1:
        return None
    if not says_only(parts, Tag.EACH, Tag.THAN) or not said[0].value:
        return None
    measure = replace(before.measure, aspect=Aspect.LEVEL, by="")
    than = Than(said[1].value, before.places[0])
    return Ranking(measure=measure, when=before.when, level=said[0].value, than=than)


def says_something(question: Open) -> bool:
    """Whether an incomplete question names a place, time, units or format."""
    said = (question.places, question.when, question.when.unit, question.level, question.order)
    return any(said) or question.format is not Format.TEXT


def is_whole(parts: Parts, question: Question) -> bool:
    """Whether a question without a figure is complete: "tiến độ kế hoạch", "Cẩm Giàng có mấy thôn"."""
    if isinstance(question, Progress):
        return bool((question.places and parts.asks_progress) or parts.sentence.of(Tag.TARGETS))
    return isinstance(question, Ranking) and question.counts_units and bool(question.places)


def go_on(earlier: Question, later: Question) -> Question:
    """`later`, with what it leaves out taken from `earlier`.

    After a ranking, a plain figure is the place's own: it inherits neither order nor bound.
    """
    same = isinstance(later, Open) or later.intent is earlier.intent
    before, said = slots_of(earlier), slots_of(later)
    carried: dict[str, Any] = {
        "places": later.places or earlier.places,
        "when": time_of(earlier, later, same),
        "measure": later.measure or with_aspect(earlier.measure, later.measure),
    }
    if same and said.get("standing") is None:
        carried["standing"] = before.get("standing")
    if keeps_its_units(earlier, later):
        carried |= units_of(before, said, placed=bool(later.places))
        carried["also"] = said.get("also") or (None if later.measure else before.get("also"))
        carried["measure"] = with_number(earlier.measure, later.measure)
    given = {name: slot for name, slot in carried.items() if slot is not None}
    went_on = by_change(framed(kind_of(earlier, later), said | given))
    return went_on if later.when else without_run(went_on)


def by_change(question: Question) -> Question:
    """Units listed where two times were compared: by how they changed, unless they are ordered or picked by a value.

    Then that value is of one time, and the other one is not said any more.
    """
    when, aspect = question.when, question.measure.aspect
    if not isinstance(question, Ranking) or aspect is Aspect.CHANGE or not is_of_two_times(question):
        return question
    if aspect is Aspect.LEVEL and not (question.order or question.picked):
        return replace(question, measure=question.measure.changed)
    if not when.against:
        return question
    return replace(question, when=When() if when.against == "said" else replace(when, against=""))


def is_of_two_times(question: Question) -> bool:
    """Whether one time is held against another."""
    return bool(question.when.against) or len(question.periods) == 2


def replaced(said: Question, meant: Question) -> Question:
    """Return `said` with what `meant` says instead. If that is only a figure, place or time, the kind of question stays."""
    if not isinstance(meant, Lookup | Open) or isinstance(said, Open):
        return go_on(said, meant)
    return replace(
        said,
        measure=with_number(said.measure, meant.measure) if meant.measure else said.measure,
        places=meant.places or said.places,
        when=meant.when or said.when,
    )


def without_run(question: Question) -> Question:
    """Drop the "3 tháng liền" of the question before, if the answer is not about each of several periods."""
    if not question.when.run or tells_each_period(question):
        return question
    return replace(question, when=replace(question.when, run=False, back=0, unit=""))


def with_aspect(earlier: Measure, later: Measure) -> Measure:
    """Return what was measured before with the new aspect: "còn thiếu bao nhiêu thì đạt"."""
    return earlier if later.aspect is Aspect.LEVEL else replace(earlier, aspect=later.aspect)


def with_number(earlier: Measure, later: Measure) -> Measure:
    """Return what is measured: by number or share, and as a value or a change, as was said last."""
    measure = replace(later or earlier, by=later.by or earlier.by)
    if later.aspect is not Aspect.LEVEL:
        return replace(measure, aspect=later.aspect)
    changes = earlier.aspect is Aspect.CHANGE and measure.aspect is Aspect.LEVEL
    return replace(measure, aspect=Aspect.CHANGE) if changes else measure


def keeps_its_units(earlier: Question, later: Question) -> bool:
    """Whether the units listed before are listed again."""
    listed = isinstance(earlier, Ranking) and earlier.plain
    return listed or not (isinstance(later, Lookup) and isinstance(earlier, Ranking))


def units_of(before: dict[str, Any], said: dict[str, Any], *, placed: bool) -> dict[str, Any]:
    """The slots of listed units; their level only if no other place is named."""
    where = {} if placed else before
    met = said.get("met")
    return {
        **{name: said.get(name) or before[name] for name in ("order", "bounds", "than") if name in before},
        "level": said.get("level") or where.get("level", ""),
        "count": said.get("count") or where.get("count"),
        "met": before.get("met") if met is None else met,
    }


def kind_of(earlier: Question, later: Question) -> Intent:
    """The kind that was said, otherwise that of the question before; a number of units only makes a list."""
    match earlier, later:
        case Compare(), Lookup(places=(), when=When() as when) if not when:
            return Intent.COMPARE
        case Missing(), Lookup(measure=Measure(indicators=())):
            return Intent.MISSING
        case Trend(), Open() if later.level:
            return Intent.RANKING
        case Compare(places=(_,)) | Compare(places=()), Open(order=None) if later.level:
            return Intent.RANKING
        case Ranking(plain=True), Trend(measure=Measure(indicators=()), places=()) if later.when.against:
            return Intent.RANKING
        case Progress() | Missing() | Lookup(), Open() if later.count:
            return Intent.RANKING
        case _, Open():
            return earlier.intent
    return later.intent


def time_of(earlier: Question, later: Question, same: bool) -> When:
    """The time that was said, otherwise that of the question before; a comparison goes on with its kind."""
    when, before = later.when, earlier.when
    against = when.against or (before.against if same and not when.back else "")
    if when:
        # A time that was said to compare with goes on only with such a time.
        lost = against == "said" and not when.periods
        return replace(when, against="" if lost else against)
    if before.against == "said" and not against:
        # The time named was only the earlier end of a comparison.
        before = When()
    return replace(before, against=against, unit=when.unit or before.unit, run=when.run or before.run)


def beside(parts: Parts, question: Question) -> Question:
    """ "thêm xã Phong Quang", "so với xã Phong Quang": beside the place asked about before, or the asker's own."""
    about = question if question.measure else parts.before
    if not sets_beside(parts) or parts.which.others or len(question.places) != 1 or len(question.periods) > 1:
        return question
    if about is None or not about.measure:
        return question
    first = () if about is question else about.places
    together = tuple(dict.fromkeys((*(first or (parts.context.asker.place,)), *question.places)))
    return as_kind(question, Intent.COMPARE, places=together[:COMPARED])


def sets_beside(parts: Parts) -> bool:
    """Whether something is added to what was asked before: "thêm …", "so với …"; a time behind it adds no place."""
    sentence = parts.sentence
    behind = pairwise((*sentence.meaningful, None))
    against = any(
        sentence.said(span) == ("so", "với") and (after is None or after.tag not in TIMES)
        for span, after in behind
        if span is not None and span.tag is Tag.INTENT
    )
    return against or sentence.bare_words[0] == "them" or sentence.bare_words[:2] == ["cong", "them"]
