"""What words mean by the words around them, where no table can list them: "nhiều … nhất", "bao giờ … hết".

Each rule gives the spans that begin at a place of a question. It needs no plan, no place and no day (`queries.lattice`
has the rules that do).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from queries import vocabulary as words
from queries.amounts import amount_at
from queries.frames import Format, Intent
from queries.sending import in_time
from queries.spans import Rule, Span, Tag, one_ends_at
from queries.times import UNITS_OF_TIME, count_at
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Table, Token, walk

LONGEST_NAME: Final = 2
"""The most words of a name behind "anh", "chị"."""
HAVING: Final = ("co", "con", "dang", "bi")
"""Words between units and what they have."""
LONGEST_RANK: Final = 5
"""The most words of "đứng thứ mấy"."""
LONGEST_THAN: Final = 6
"""The most words of a phrase before what others are compared with."""


def situation(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "tinh hinh" of a question without marks: no province, and no picture."""
    said = [token.text for token in tokens[place : place + 2]]
    if said == ["tinh", "hinh"]:
        yield Span(place, place + 2, Tag.ANY)


def ranked_among(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The level of "đứng thứ mấy huyện": the asker's own unit, among whose units one is ranked."""
    level = words.LEVELS.at(tokens, place)
    ranks = (words.RANK.at(tokens, start) for start in range(max(0, place - LONGEST_RANK), place))
    if level is not None and one_ends_at(ranks, place):
        yield Span(place, level[1], Tag.OWN, level[0])


def what_difficulties(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "là gì" at the end of a question about difficulties, and the "gặp" after them."""
    asked = words.ASKED_WHAT.at(tokens, place)
    ends = asked if asked is not None and asked[1] == len(tokens) else None
    said = words.MET.at(tokens, place) or ends
    if said is not None and words.INTENTS.first_in(tokens, range(place)) is Intent.DIFFICULTIES:
        yield Span(place, said[1], Tag.FILLER)


def difficulties_first(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """Difficulties that a question begins with: "khó khăn xã Phong Quang"."""
    if not place and [bare(token.text) for token in tokens[:2]] == ["kho", "khan"]:
        yield Span(0, 2, Tag.INTENT, Intent.DIFFICULTIES)


def defined(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The words that ask what an indicator is: "là gì" at the end, "thế nào là" before it."""
    said = words.DEFINED.at(tokens, place)
    if said is not None and asks_meaning(tokens):
        yield Span(place, said[1], Tag.FILLER)


def asks_meaning(tokens: Sequence[Token]) -> bool:
    """Whether a question asks what something is; a goal that is asked for is a value."""
    return words.DEFINED.stands_in(tokens) and not words.GOALS.stands_in(tokens)


def apart(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "nhiều … nhất", around its subject; also the "nhiều" of "thôn nào nhiều …", "thôn nào … nhiều"."""
    first = words.APART.at(tokens, place)
    if first is not None and ranks(tokens, place):
        yield Span(place, place + 1, Tag.ORDER, first[0])
    if words.MOST.at(tokens, place) and words.APART.first_in(tokens, range(place - 1)):
        yield Span(place, place + 1, Tag.FILLER)


def ranks(tokens: Sequence[Token], place: int) -> bool:
    """Whether the "nhiều" at `place` ranks: with a "nhất" or "thứ hai" behind it, or as in "thôn nào nhiều …"; not in
    "nhiều … hơn"."""
    behind = range(place + 2, len(tokens))
    if words.MOST.first_in(tokens, behind) or words.NTH.first_in(tokens, behind):
        return True
    if words.MORE.first_in(tokens, range(place + 1, len(tokens))):
        return False
    before = [bare(token.text) for token in tokens[:place]]
    anywhere = place == len(tokens) - 1 or before[-1:] == [
        "vua"
    ]  # "thôn nào vừa thiếu nước vừa nhiều nhà tạm"
    return "nao" in (before if anywhere else before[-2:]) or lists_units(tokens, place)


def lists_units(tokens: Sequence[Token], place: int) -> bool:
    """Whether units of a level are listed before `place`: "top 10 thôn có nhiều …", "các xã còn nhiều …"."""
    behind = place
    while behind and bare(tokens[behind - 1].text) in HAVING:
        behind -= 1
    levels = (words.LEVELS.at(tokens, start) for start in range(max(0, behind - 3), behind))
    return one_ends_at(levels, behind) and bool(
        words.EACH.first_in(tokens) or words.BEFORE_NUMBER.first_in(tokens)
    )


def more_apart(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "nhiều … hơn" around what is compared; not with a number: "nhiều … hơn 2 em"."""
    first = words.THAN_APART.at(tokens, place)
    behind = (words.MORE.at(tokens, at) for at in range(place + 2, len(tokens)))
    if first is not None and any(more and not amount_at(tokens, more[1]) for more in behind):
        yield Span(place, first[1], Tag.THAN, first[0])
    more = words.MORE.at(tokens, place)
    if more is not None and words.THAN_APART.first_in(tokens, range(place - 1)):
        yield Span(place, more[1], Tag.FILLER)


def both(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Vừa … vừa": joins what follows each of them."""
    said = words.BOTH.at(tokens, place)
    others = (*range(place), *range(place + 1, len(tokens)))
    if said is not None and words.BOTH.first_in(tokens, others):
        yield Span(place, said[1], Tag.AND)


def out_of(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "ra" of "ngoài xã Phong Quang ra", the "lại" of "cộng A, B lại": each ends what an earlier word began."""
    if (begun := words.ENDED.get(bare(tokens[place].text))) and begun.first_in(tokens, range(place)):
        yield Span(place, place + 1, Tag.FILLER)


def sending(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Khi nào … nộp" in either order, around or before a questionnaire's name: asks for its deadline."""
    for here, other in ((words.SENDING, words.ASKED_WHEN), (words.ASKED_WHEN, words.SENDING)):
        said = here.at(tokens, place)
        elsewhere = (*range(place), *range(said[1], len(tokens))) if said else ()
        if said is not None and other.first_in(tokens, elsewhere):
            yield Span(place, said[1], Tag.PLAN, "deadline")


def of_so_many(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Trong 8 thôn", "cả 5 xã", "5 xã cộng lại": the number of units is known and not asked for."""
    start = words.ALL_OF_THEM.past(tokens, place)
    counted = start < len(tokens) and tokens[start].text.isdigit()
    level = words.LEVELS.at(tokens, start + 1) if counted else None
    if level is not None and (start > place or words.KNOWN_UNITS.at(tokens, level[1])):
        yield Span(place, level[1], Tag.FILLER)


def lies_in(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "nằm ở" of "thôn Nà Hin nằm ở xã nào"; in "bao nhiêu phần trăm nhà tạm nằm ở Phong Quang" it asks for a part."""
    for _, end in words.LYING.every(tokens, place):
        level = words.LEVELS.at(tokens, end)
        which = level is not None and words.WHICH.at(tokens, level[1])
        if which or words.SOMEWHERE.at(tokens, end):
            yield Span(place, end, Tag.FILLER)


def sorted_apart(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "sắp xếp" of "sắp xếp nước sạch các thôn từ cao xuống thấp": how, is said by the order behind."""
    said = words.SORTED.at(tokens, place)
    if (
        said is not None
        and words.EACH.first_in(tokens)
        and words.ORDERS.first_in(tokens, range(said[1], len(tokens)))
    ):
        yield Span(place, said[1], Tag.ANY)


def compared_level(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Cao hơn trung bình của xã": the asker's own unit, with which others are compared."""
    level = words.LEVELS.at(tokens, place)
    leads = (words.THAN.at(tokens, start) for start in range(max(0, place - LONGEST_THAN), place))
    if level is not None and one_ends_at(leads, place):
        yield Span(place, level[1], Tag.OWN, level[0])


def own_beside(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "So với huyện", "xã Vĩnh Thông và tỉnh chênh nhau bao nhiêu": the asker's own unit in a comparison."""
    level = words.LEVELS.at(tokens, place)
    leads = (
        table.at(tokens, at)
        for table in (words.AND, words.INTENTS)
        for at in (place - 1, place - 2)
        if at > 0
    )
    compares = level is not None and words.INTENTS.first_in(tokens) is Intent.COMPARE
    if level is not None and compares and one_ends_at(leads, place):
        yield Span(place, level[1], Tag.OWN, level[0])


def confirmed(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The number of "là 88 đúng không": the figure shows whether it is right."""
    said = place > 0 and bare(tokens[place - 1].text) == "la" and amount_at(tokens, place)
    asks = [bare(token.text) for token in tokens[-2:]] in (["dung", "khong"], ["phai", "khong"])
    if said and asks:
        yield Span(place, said.named, Tag.FILLER)


def must_reach(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Phải giảm … bao nhiêu": the value that a plan sets; "còn phải" and "nữa" ask for what remains."""
    must = words.MUST.at(tokens, place)
    if (
        must is not None
        and not asks_rest(tokens, place)
        and words.HOW_MUCH.first_in(tokens, range(must[1], len(tokens)))
    ):
        yield Span(place, must[1], Tag.GOAL)
        if much := words.HOW_MUCH.at(tokens, must[1]):
            yield Span(place, much[1], Tag.GOAL)  # else "giảm bao nhiêu" would ask how it changed


def asks_rest(tokens: Sequence[Token], place: int) -> bool:
    """Whether a "phải" at `place` asks for what remains: "còn phải", "… nữa"."""
    still = place > 0 and bare(tokens[place - 1].text) == "con"
    return still or "nua" in (bare(token.text) for token in tokens)


EDGES: Final = {
    True: (words.CLOSING, words.OPENING),
    False: (words.MARKED_CLOSING, words.MARKED_OPENING),
}
"""Words without meaning at the end and at the beginning of a question, by whether it has diacritics."""


def done_when(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Bao giờ … hết": by when a plan means to finish."""
    when = words.ASKED_WHEN.at(tokens, place)
    if when is not None and words.FINISHED.first_in(tokens, range(when[1], len(tokens))):
        yield Span(place, when[1], Tag.GOAL)


def at_an_edge(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """Courtesy at an end of the question, where it may lack diacritics: "… vay", "alo …"."""
    plain = all(token.text.isascii() for token in tokens)
    last, first = EDGES[plain]
    closing = last.at(tokens, place)
    if closing is not None and is_run_of(last, tokens[closing[1] :]):
        yield Span(place, closing[1], Tag.FILLER)
    opening = first.at(tokens, place)
    if opening is not None and is_run_of(first, tokens[:place]):
        yield Span(place, opening[1], Tag.FILLER)


def is_run_of(table: Table[bool], tokens: Sequence[Token]) -> bool:
    """Whether there are only phrases of a table and punctuation."""
    return all(phrase or tokens[place].kind == "mark" for place, phrase in walk(tokens, table))


def reporting(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "báo cáo tháng 10 … đủ chưa": whether it was reported, with place and time in between."""
    said = words.REPORTING.at(tokens, place)
    sent = words.SENT_OR_NOT.at(tokens, place)
    if said is not None and is_yet_last(tokens, range(said[1], len(tokens))):
        yield Span(place, said[1], Tag.REPORTED, False)
    elif sent is not None and bare(tokens[-1].text) == "khong":
        yield Span(place, sent[1], Tag.REPORTED, False)
    elif is_yet_last(tokens, (place,)) and words.REPORTING.first_in(tokens, range(place)):
        yield Span(place, len(tokens), Tag.REPORTED, False)


def target_state(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Chỉ tiêu nào của huyện đang chậm": how the targets stand, said behind the place."""
    state = words.TARGET_STATES.at(tokens, place)
    asked = (words.TARGETS.at(tokens, at) for at in range(place)) if state is not None else ()
    if state is not None and any(one and not one[0] and one[1] <= place for one in asked):
        yield Span(place, state[1], Tag.TARGETS, state[0])


def held_with(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "với kỳ trước" of "so hộ nghèo với kỳ trước", around what is compared."""
    if bare(tokens[place].text) != "voi" or bare(tokens[0].text) != "so" or not place:
        return
    unit = UNITS_OF_TIME.at(tokens, place + 1)
    if (
        unit is not None
        and unit[0] != "year"
        and [bare(one.text) for one in tokens[unit[1] : unit[1] + 1]] == ["truoc"]
    ):
        yield Span(place, unit[1] + 1, Tag.PREVIOUS, "before")


def given_to_unit(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "được cấp bao nhiêu tiền" behind a unit: "xã được cấp bao nhiêu tiền" is no norm of what a household gets."""
    given = words.GIVEN_TO_UNIT.at(tokens, place)
    levels = (words.LEVELS.at(tokens, start) for start in range(max(0, place - 3), place))
    if given is not None and one_ends_at(levels, place):
        yield Span(place, given[1], Tag.PLAN, "target")


def pace_of_units(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "tiến độ" of "tiến độ giải ngân vốn sự nghiệp các xã": how far each unit has come with one figure, whatever a
    plan says of it."""
    pace = words.PACE.at(tokens, place)
    if pace is not None and words.EACH.first_in(tokens) and words.GOALS.first_in(tokens) is None:
        yield Span(place, pace[1], Tag.ANY)


def latest_of_series(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Biểu đồ … 6 tháng": a number of periods that ends a question about a series is the number of the latest ones."""
    count = count_at(tokens, place)
    unit = UNITS_OF_TIME.at(tokens, place + 1) if count and count > 1 else None
    if unit is None or not is_run_of(words.CLOSING, tokens[unit[1] :]):
        return
    if asks_series(tokens):
        yield Span(place, unit[1], Tag.BACK, (count, unit[0]))


def asks_series(tokens: Sequence[Token]) -> bool:
    """Whether it is asked how something went on, in words or as a picture."""
    return words.INTENTS.first_in(tokens) is Intent.TREND or words.FORMATS.first_in(tokens) is Format.PICTURE


def sent_already(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Mấy thôn báo nước rồi": who has reported, with the subject before the "rồi" that ends the question."""
    said = words.SENT.at(tokens, place) if bare(tokens[-1].text) == "roi" else None
    if said is None or said[1] == len(tokens):
        return
    if words.WHICH.first_in(tokens) or words.HOW_MUCH.first_in(tokens, range(place)):
        yield Span(place, said[1], Tag.REPORTED, True)


def any_at_all(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Còn hộ nào ở nhà tạm không": whether there are any; nobody asks which."""
    said = words.ANY_AT_ALL.at(tokens, place)
    if said is not None and said[1] < len(tokens) and words.PARTICLES.at(tokens, len(tokens) - 1) is not None:
        yield Span(place, said[1], Tag.ANY)


def ceased(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "thôi" of "thôn nào thôi thiếu nước": those without it; at the end of a question it says nothing."""
    said = [bare(token.text) for token in tokens[max(0, place - 2) : place + 1]]
    if said[-1:] == ["thoi"] and "nao" in said and place + 1 < len(tokens):
        yield Span(place, place + 1, Tag.NEGATION, True)


def tells_that(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "báo" of "mấy thôn báo thiếu nước": what they tell is asked, not who has reported."""
    if bare(tokens[place].text) == "bao" and 0 < place < len(tokens) - 1 and follows_units(tokens, place):
        yield Span(place, place + 1, Tag.FILLER)


def follows_units(tokens: Sequence[Token], place: int) -> bool:
    """Whether units that are asked for stand right before `place`: "mấy thôn", "thôn nào"."""
    levels = (words.LEVELS.at(tokens, start) for start in range(max(0, place - 4), place))
    ends = {phrase[1] for phrase in levels if phrase is not None}
    which = bare(tokens[place - 1].text) == "nao" and place - 1 in ends
    many = words.HOW_MANY.first_in(tokens, range(max(0, place - 4), place)) is not None
    return which or (many and place in ends)


def is_yet_last(tokens: Sequence[Token], places: Iterable[int]) -> bool:
    """Whether the question ends in a "chưa" that begins at one of these places; courtesy may follow it: "nộp chưa em"."""
    yets = (words.YET.at(tokens, place) for place in places)
    return any(yet is not None and is_run_of(words.CLOSING, tokens[yet[1] :]) for yet in yets)


def better_of_units(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "khá hơn" that ends "nơi nào nước hợp vệ sinh khá hơn": that end of all units, if nothing is set beside them."""
    better = words.BETTER.at(tokens, place)
    if better is None or not asks_units_of_something(tokens, place):
        return
    if is_run_of(words.CLOSING, tokens[better[1] :]) and words.BESIDE.first_in(tokens) is None:
        yield Span(place, better[1], Tag.ORDER, better[0])


def asks_units_of_something(tokens: Sequence[Token], place: int) -> bool:
    """Whether units are asked for before `place` and something else is named: "xã nào cao hơn" goes on from a question."""
    each = words.EACH_ASKED.at(tokens, 0)
    alone = each is not None and each[1] == place
    return not alone and words.EACH_ASKED.first_in(tokens, range(place)) is not None


def for_one_unit(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "một thôn" beside a "bình quân": the mean of them all, and no first one."""
    level = words.LEVELS.at(tokens, place + 1) if tokens[place].text in ("một", "mot", "1") else None
    if level is not None and words.MEAN.stands_in(tokens):
        yield Span(place, level[1], Tag.EACH, level[0])


def coming_days(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "10 ngày tới" of a question what is due: that time from today on."""
    count = count_at(tokens, place)
    length = words.COMING.at(tokens, place + 1) if count else None
    if length is not None:
        yield Span(place, length[1], Tag.FUTURE, timedelta(days=length[0] * (count or 0)))


def addressed(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "để chiều báo cáo anh Sáu" of a question's edge: its purpose, with the name of whoever it is for."""
    purpose = words.FOR_WHOM.at(tokens, place)
    whom = words.ADDRESSED.at(tokens, purpose[1]) if purpose else None
    if whom is None:
        return
    end = next((at for at in range(whom[1], len(tokens)) if tokens[at].kind != "word"), len(tokens))
    if end - whom[1] <= LONGEST_NAME:
        yield Span(place, end, Tag.CONTEXT)


WORD_RULES: Final[tuple[Rule, ...]] = (
    apart,
    more_apart,
    own_beside,
    both,
    out_of,
    reporting,
    in_time,
    sending,
    must_reach,
    confirmed,
    compared_level,
    ranked_among,
    situation,
    lies_in,
    sorted_apart,
    of_so_many,
    done_when,
    given_to_unit,
    at_an_edge,
    any_at_all,
    ceased,
    tells_that,
    sent_already,
    target_state,
    latest_of_series,
    pace_of_units,
    held_with,
    difficulties_first,
    what_difficulties,
    defined,
    better_of_units,
    for_one_unit,
    coming_days,
    addressed,
)
"""All these rules."""
