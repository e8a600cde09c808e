"""Several answers in one message: "Thôn Nà Hin: tổng 120 hộ; HVS 109; thiếu nước 6", "5: 12", "120 109 98 27 6 0 1".

Each piece is laid to the question that its words name, or whose number in the review stands before a colon; numbers
alone only where there are as many as questions still to be answered. What is not plain is left doubtful, and nothing is
taken over here: whoever asks shows what was understood, and stores it once the person has said that it is right.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final, NamedTuple

from questionnaires.answers.text import bare, fold
from questionnaires.interview import (
    Answer,
    Context,
    GoTo,
    Interview,
    Line,
    Recorded,
    Refused,
    Value,
    first_of,
    questions,
    show_value,
    step,
)
from questionnaires.label_numbers import hidden, shown
from questionnaires.naming import EMPTY, SHORT, named, named_by, names_something, nearest, says_number_alone
from questionnaires.numbers_said import LONGEST, NUMBER, is_number
from questionnaires.questionnaire import Questionnaire, plain_words, template

PIECES: Final = re.compile(r"[;\n]+|,(?!\d)|\.(?=\s|$)|(?<=\d)\s*,\s+")
ADDRESS: Final = frozenset(" ".join(map(fold, SHORT.phrases("address"))).split())
"""Words that say who reports, and to whom."""
REPORTS: Final = re.compile(r"\b(?:báo cáo|bao cao|bc)\b", re.I)
PERIOD: Final = re.compile(
    r"\b(?:tháng|thang|quý|quy|kỳ|ky|đợt|dot|tuần|tuan|t)\s*(?:\d{1,2}|[iv]{1,3})\b(?:\s*[/-]\s*\d{4})?", re.I
)
COUNTED: Final = "|".join(map(re.escape, sorted(SHORT.phrases("counted"), key=len, reverse=True)))
WITH_UNIT: Final = re.compile(rf"\d+(?:[.,]\d+)*\s*(?:{COUNTED})\b", re.I)
OTHER_UNIT: Final = "other_unit"
"""Why an answer is refused that counts something else."""
CUTS: Final = (
    re.compile(r"(?<![\d.,])(?=\d)"),
    re.compile(rf"(?<=\d)\s+(?={COUNTED})(?:{COUNTED})\s+(?=\D)|(?<=\d)\s+(?!(?:{COUNTED})\b)(?=\D)", re.I),
)
"""Where a piece may be cut: before each number, or behind each with what is counted."""
LINE: Final = re.compile(
    r"\s*(?:sửa\s+)?(?:câu|cau|số|so|c)?\s*(\d{1,2})\s*(?:[:=]|(?:(?:sửa|sua|đổi|doi)\s+)?(?:là|la|thành|thanh|lại|lai)\s|(?:sửa|sua|đổi|doi)\s)\s*(\S.*)",
    re.I,
)
POINT: Final = re.compile(r"^[ \t]*(\d{1,2})[ \t]*[.)][ \t]+(?=\S)", re.M)
"""The number of a question as in a list: "4. 95"."""
ORDINAL: Final = re.compile(r"(?<=[.;,])[ \t]+\d{1,2}[.)][ \t]+(?=[^\W\d])")
"""The number of a line in a list that was written in one line: "120. 2. DTTS: 109"."""
LETTERED: Final = re.compile(r"\d[ol]+\b|\b[ol]\d", re.I)
"""An O or an l among the figures: whether it is one of them has to be asked."""


def either(table: str) -> str:
    """The phrases of a table, with and without marks, as alternatives of a pattern."""
    spelt = {form for phrase in SHORT.phrases(table) for form in (phrase, bare(phrase))}
    return "|".join(map(re.escape, sorted(spelt, key=len, reverse=True)))


PART: Final = re.compile(rf"\b(?:{either('part_of')})\b", re.I)
"""What follows counts part of what was named before it."""
BECOMES: Final = rf"\s*(?:(?:{either('together')})\s+)?(?:{either('becomes')})\s*(?P<answer>[^\s;,.]+)"
SHARED: Final = re.compile(
    rf"(?:{either('question')})\s*(?P<numbers>\d{{1,2}}"
    rf"(?:\s*(?:{either('and')})\s*(?:{either('question')})?\s*\d{{1,2}})+){BECOMES}",
    re.I,
)
"""One answer to questions that are named by number: "câu 6 và câu 7 bằng 0"."""
LAST: Final = re.compile(
    rf"(?P<many>\d|{either('many')})\s+(?:{either('question')})\s+(?:{either('last')}){BECOMES}", re.I
)
"""One answer to the last questions: "hai câu cuối là 0"."""
NEXT: Final = re.compile(
    rf"(?:(?<=\d)\s+|\s+(?:{either('and')})\s+)(?=(?:{either('question')})\s*\d{{1,2}}\s*(?:{either('becomes')}))",
    re.I,
)
"""Where the next question is named: "câu 2 thành 61 với câu 3 thành 36"."""
AT_ONCE: Final = re.compile(
    rf"(?P<wrong>\d+)(?P<of>[^\d;\n]*?)[\s,.;]*\b(?:{either('at_once')})\s+(?:{either('becomes')})?\s*(?P<right>\d+)"
    rf"(?:\s*(?:{COUNTED})\b)?(?:\s*(?:{either('right_now')})\b)*\s*(?=[,.;\n]|$)",
    re.I,
)
"""A figure that is put right in the same breath: "45 hộ dùng nước sạch, à quên 43 mới đúng"."""
NOT_THAT: Final = re.compile(
    rf"[\s,]*\b(?:{either('not_that')})\s+\d+(?:\s*(?:{COUNTED})\b)?(?:\s+(?:{either('right_now')})\b)*", re.I
)
"""A figure that is said to be wrong behind the right one: "8 hộ chứ không phải 9"."""
OUT_OF: Final = re.compile(
    rf"^\W*(?:{either('out_of')})\s+\d+\s*(?:{COUNTED})\b(?:\s*(?:ấy|đó|đấy|này|thì|ay|do|day|nay|thi))*\W+(?=.*\d)",
    re.I,
)
"""The whole of which a part is told: "trong 52 hộ thì 48 là hộ dân tộc"."""
ASIDE: Final = re.compile(
    rf"^(?:(?:{either('at_once')}|{either('lead_in')})\b[\s,.:;-]*)+|(?:\s+(?:{either('right_now')})\b)+\s*$",
    re.I,
)
"""What is said before or behind an answer that puts another right, and names nothing."""
COUNTS: Final = {fold(word): int(count) for count, words in SHORT.lists("count").items() for word in words}
FEW: Final = 3
"""The fewest numbers in a row that are a list of answers, although nobody knows to which questions."""
BLANK: Final = " .,-•*"
"""Around a piece."""
MOST: Final = 40
"""Pieces of one message."""


@dataclass(frozen=True, slots=True)
class SaidAnswer:
    """An answer that was understood: the question, the value to store, and both as they are read."""

    path: str
    label: str
    value: str
    shown: str


@dataclass(frozen=True, slots=True)
class Several:
    """What a message answers, what of it is doubtful, and which questions it leaves open."""

    answers: tuple[SaidAnswer, ...] = ()
    doubtful: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    """Path and words of answers to known questions that are not taken; they are among the doubtful too."""

    @property
    def answers_something(self) -> bool:
        """Whether a known question was answered, be it with what is not taken."""
        return bool(self.answers or self.refused)


class Laid(NamedTuple):
    """An answer and the question to which it is laid; None for a doubtful one. `said`: with the words around it."""

    path: str | None
    answer: str
    said: str = ""


def read_several(
    form: Questionnaire, interview: Interview, context: Context, text: str, place: str = ""
) -> Several:
    """What `text` answers of several questions; empty where it is no list of answers. `place` may be named in it."""
    asked, known = questions(form, interview, context), 0
    heard = Several()
    # An answer may bring further questions, which the same message answers, too.
    while len(asked) > known:
        known = len(asked)
        heard = laid_to(form, interview, context, text, place, asked)
        after, _ = apply(form, interview, context, {answer.path: answer.value for answer in heard.answers})
        asked = questions(form, after, context)
    return heard


def laid_to(
    form: Questionnaire, interview: Interview, context: Context, text: str, place: str, asked: Sequence[Line]
) -> Several:
    """Which of the questions `asked` a text answers, and how."""
    text = hidden(text[:LONGEST], [line.label for line in asked])
    still_open = [not interview.values.get(line.path) for line in asked]
    waiting = list(compress(asked, still_open))
    text = NEXT.sub("; ", spread(text, asked, still_open))
    pieces = [part for piece in pieces_of(text[:LONGEST], form, place) for part in apart(piece, asked)]
    # As many bare numbers as open questions are in their order; one name among them, and all go by name.
    known = [*asked, *not_asked(form, asked, context)]
    laid = in_order(pieces, waiting) or [only_to(asked, one) for one in by_name(pieces, known, waiting)]
    if len(laid) > MOST:
        return Several()
    if all(one.path is None for one in laid):
        return unnamed(laid)
    return tried(form, interview, context, asked, laid)


def unnamed(laid: Sequence[Laid]) -> Several:
    """What names no question: doubtful where it holds several numbers, else nothing that was told."""
    many = [one.answer for one in laid if sum(map(is_number, one.answer.split())) >= FEW]
    return Several((), tuple(map(shown, many)))


def not_asked(form: Questionnaire, asked: Sequence[Line], context: Context) -> list[Line]:
    """The questions that are not asked as things stand: words that are theirs are no other question's."""
    paths = {template(line.path) for line in asked}
    rest = (question for question in form.questions if question.path not in paths)
    labels = ((question.path, plain_words(form.words(question.labels, context.lang))) for question in rest)
    return [Line(path, label, "", estimate=False, value="") for path, label in labels]


def only_to(asked: Sequence[Line], laid: Laid) -> Laid:
    """Only answers to the questions `asked`; one to another question is doubtful."""
    return laid if any(line.path == laid.path for line in asked) else Laid(None, laid.said)


def spread(text: str, asked: Sequence[Line], open_ones: Sequence[bool]) -> str:
    """`text` with one answer to several questions written for each: "câu 6 và câu 7 bằng 0" as "6: 0; 7: 0"."""
    match = SHARED.search(text) or LAST.search(text)
    if match is None:
        return text
    if match.re is SHARED:
        numbers = list(map(int, re.findall(r"\d+", match["numbers"])))
    else:
        numbers = last_ones(match["many"].lower(), open_ones)
    lines = [f"{number}: {match['answer']}" for number in numbers if 1 <= number <= len(asked)]
    return text.replace(match[0], "; ".join(lines))


def last_ones(many: str, open_ones: Sequence[bool]) -> list[int]:
    """The numbers of the questions that "hai câu cuối", "mấy câu còn lại" name, among those still open where some are."""
    every = list(range(1, len(open_ones) + 1))
    numbers = list(compress(every, open_ones))
    count = int(many) if many.isdecimal() else COUNTS.get(fold(many), 0)
    if not numbers or count > len(numbers):
        numbers = every
    return numbers[-count:] if count else numbers


def as_meant(text: str) -> str:
    """`text` without a figure that it puts right itself or says to be wrong, nor the whole of which it tells a part.

    >>> as_meant("45 hộ có điện, à quên 43 mới đúng"), as_meant("trong 52 hộ thì 48 là hộ dân tộc")
    ('43 hộ có điện', '48 là hộ dân tộc')
    >>> as_meant("nghèo là 8 hộ chứ không phải 9")
    'nghèo là 8 hộ'
    """
    text = AT_ONCE.sub(lambda match: match["right"] + match["of"], OUT_OF.sub("", text))
    return NOT_THAT.sub("", text)


def pieces_of(text: str, form: Questionnaire, place: str) -> list[str]:
    """The pieces of a message, without what only says of which place and questionnaire they are."""
    text = PERIOD.sub(" ", text, count=1)
    head, colon, rest = text.partition(":")
    addressed = names(head, place) or names(head, *form.titles.values())
    # "Nước: 25" may be the answer to one question named "nước"; a head is cut off only where a list follows.
    listed = not NUMBER.match(rest.strip()) or len(NUMBER.findall(rest)) >= FEW
    if colon and addressed and not NUMBER.search(head) and listed:
        text = rest
    text = without_heading(text, place, " ".join(form.titles.values()))
    text = ORDINAL.sub(" ", POINT.sub(r"\1: ", text))
    pieces = (ASIDE.sub("", piece.strip(BLANK)).strip(BLANK) for piece in PIECES.split(text) if piece)
    return [piece for piece in pieces if piece]


def without_heading(text: str, place: str, titles: str) -> str:
    """`text` without who reports, of what and for when: "Thôn Nà Hin báo cáo nước tháng 11 có 120 hộ" is "120 hộ"."""
    first = NUMBER.search(text)
    head = text[: first.start()] if first else ""
    who, reports, what = REPORTS.search(head), "", head
    if who is not None:
        reports, what = head[: who.start()], head[who.end() :]
    told = EMPTY | ADDRESS | set(fold(place).split())
    if not set(fold(reports).split()) <= told:
        return text
    listed = bool(first) and all(map(is_number, text[len(head) :].split()))
    known = told | set(fold(titles if who is not None or listed else "").split())
    words = what.split()
    while words and set(fold(words[0]).split()) <= known:
        words.pop(0)
    return " ".join([*words, text[len(head) :]])


def apart(piece: str, asked: Sequence[Line]) -> list[str]:
    """A piece with several numbers and no mark between them, cut where each part names a question of its own.

    The words stand before their numbers or behind them: "nghèo 22 hộ cận nghèo 10", "120 hộ 109 dtts 100 hvs".
    """
    if len(NUMBER.findall(piece)) < 2:
        return [piece]
    cuts = (list(filter(None, map(str.strip, cut.split(piece)))) for cut in CUTS)
    return next((parts for parts in cuts if name_one_each(parts, asked)), [piece])


def name_one_each(parts: Sequence[str], asked: Sequence[Line]) -> bool:
    """Whether there are several parts and each names a question of its own; the first may answer the one that is open."""
    if len(parts) < 2:
        return False
    paths = [named(part, asked)[0] for part in parts]
    if paths[0] is None and says_number_alone(parts[0]):
        paths[0] = ""  # "120 hộ"
    return None not in paths and len(set(paths)) == len(paths)


def names(head: str, *known: str) -> bool:
    """Whether words before a colon are of one of the names `known`, or tell nothing."""
    words = set(fold(head).split()) - EMPTY
    return not words or any(words & set(fold(name).split()) for name in known)


def in_order(pieces: Sequence[str], waiting: Sequence[Line]) -> list[Laid]:
    """Numbers alone, laid to the questions still open, where there are as many; else nothing."""
    numbers = " ".join(pieces).split()
    plain = all(map(is_number, numbers))
    if not plain or len(numbers) < 2 or len(numbers) != len(waiting):
        return []
    return [Laid(line.path, number) for line, number in zip(waiting, numbers, strict=True)]


def by_name(pieces: Sequence[str], asked: Sequence[Line], waiting: Sequence[Line]) -> Iterator[Laid]:
    """Each piece with the question that it names, None for a doubtful one; a question is named once.

    A first piece that names none answers the question that is open.
    """
    taken: set[str] = set()
    for place, piece in enumerate(pieces):
        before = pieces[place - 1] if place else ""
        still_open = [line for line in waiting if line.path not in taken]
        path, answer = question_of(piece, before, asked, still_open)
        if not before:
            path = opening(pieces, waiting) or path
        sure = (
            path is not None and path not in taken and not of_another_whole(path, before, asked, still_open)
        )
        yield Laid(path, answer, piece) if sure else Laid(None, piece, piece)
        taken.add(path or "")


def question_of(
    piece: str, before: str, asked: Sequence[Line], still_open: Sequence[Line]
) -> tuple[str | None, str]:
    """The question that a piece names, after the one `before` it or by some of its words, and its answer."""
    path, answer = numbered(piece, asked) or named(piece, asked)
    if any(line.path == path and line.value for line in asked):
        path = open_one(piece, still_open) or path
    if before and path:
        again = all(line.path != path for line in still_open)
        path = after(path, before, piece, asked, again=again)
    if path is None and len(NUMBER.findall(piece)) == 1:
        return nearest(NUMBER.sub(" ", piece), asked, still_open), piece[first_number(piece) :]
    return path, answer


def open_one(piece: str, still_open: Sequence[Line]) -> str | None:
    """The question still open that a piece may name as well as an answered one: "7 hộ dân tộc" behind the poor ones. One
    that is named by its number is meant."""
    return None if LINE.fullmatch(piece) else named(piece, still_open)[0]


def of_another_whole(path: str, before: str, asked: Sequence[Line], still_open: Sequence[Line]) -> bool:
    """Whether the question at `path` asks for part of what nobody said yet, and the one named `before` has a part of its
    own that is open: "5 tuổi 8 em, đi học 8" is not of the older ones."""
    order, left = [line.path for line in asked], {line.path for line in still_open}
    at, whole = order.index(path), named(before, asked)[0] if before else None
    if whole is None or not at or PART.search(asked[at].label) is None or order[at - 1] not in left:
        return False
    own = order.index(whole) + 1
    return own not in (at, len(order)) and PART.search(asked[own].label) is not None and order[own] in left


def first_number(piece: str) -> int:
    """Where the first number of `piece` begins."""
    number = NUMBER.search(piece)
    return number.start() if number else 0


def opening(pieces: Sequence[str], waiting: Sequence[Line]) -> str | None:
    """The open question, where a bare number answers it before others follow."""
    alone = len(pieces) > 1 and says_number_alone(pieces[0])
    return waiting[0].path if alone and waiting else None


def after(path: str, before: str, piece: str, asked: Sequence[Line], *, again: bool) -> str | None:
    """The question that a piece answers whose words name `path`: of part of what stands `before` it, perhaps another.

    `again`: that one is answered already.
    """
    label = next((line.label for line in asked if line.path == path), "")
    return path_of_part(path, before, piece, asked) if is_part(piece, label, again=again) else path


def is_part(piece: str, label: str, *, again: bool) -> bool:
    """Whether `piece` counts part of what was named before it: it says so, or the question with this label does, and that
    is answered already."""
    return PART.search(piece) is not None or (again and PART.search(label) is not None)


def path_of_part(path: str, before: str, piece: str, asked: Sequence[Line]) -> str | None:
    """The question that `piece`, said of part of what was named `before` it, answers: "nghèo 23, trong đó dân tộc 21".

    Both together name it. Where they name none, it is the question `path` if only its words were said, or if that follows
    the question named before; else nobody knows.
    """
    both = named_by(NUMBER.sub(" ", f"{before} {piece}"), asked)
    if both is not None or not PART.search(piece):
        return both or path
    order = [line.path for line in asked]
    whole = named(before, asked)[0]
    follows = whole is None or order.index(path) == order.index(whole) + 1
    return path if follows else None


def numbered(piece: str, asked: Sequence[Line]) -> tuple[str | None, str] | None:
    """ "5: 12" as the fifth question and its answer; None for a piece of another form.

    In a list with numbers of its own, "4. Thiếu nước: 6", the words tell the question.
    """
    match = LINE.fullmatch(piece)
    if match is None:
        return None
    number, answer = int(match[1]), match[2]
    path, value = named(answer, asked)
    if path is not None or names_something(answer):
        return path, value
    return (asked[number - 1].path if 1 <= number <= len(asked) else None), answer


def tried(
    form: Questionnaire,
    interview: Interview,
    context: Context,
    asked: Sequence[Line],
    laid: Sequence[Laid],
) -> Several:
    """Answer the questions one after another, in their order, to see what is taken; nothing of it stays."""
    answers = {one.path: one for one in laid if one.path is not None}
    doubtful = [shown(one.answer) for one in laid if one.path is None]
    said: list[SaidAnswer] = []
    refused: list[tuple[str, str]] = []
    for line in asked:
        if line.path in answers:
            one = answers[line.path]
            after = taken(form, interview, context, line.path, one.answer)
            # What is not taken stays out and is shown as doubtful: the other answers of the message need not wait for
            # it.
            if after is None:
                doubtful.append(shown(one.said or one.answer))
                refused.append((line.path, shown(one.answer)))
            else:
                interview = after
                value = after.values[line.path]
                said.append(
                    SaidAnswer(line.path, line.label, value, show_value(form, line.path, value, context.lang))
                )
    left = [line.label for line in asked if not interview.values.get(line.path)]
    return Several(tuple(said), tuple(doubtful), tuple(left), tuple(refused))


def taken(
    form: Questionnaire, interview: Interview, context: Context, path: str, answer: str
) -> Interview | None:
    """The interview after `answer`, or its only number, to the question at `path`; None where neither is taken, or where
    another thing is counted than the question asks for."""
    numbers = [] if LETTERED.search(answer) else NUMBER.findall(answer)
    only = numbers if len(numbers) == 1 else []
    counted = WITH_UNIT.findall(answer) if only else []
    for text in dict.fromkeys((shown(answer), *counted, *only)):
        gone, _ = step(form, interview, GoTo(path), context)
        after, events = step(form, gone, Answer(text), context)
        if gone.position == path and any(is_plain(event, path) for event in events):
            return after
        refused = first_of(events, Refused)
        if refused is not None and refused.code == OTHER_UNIT:
            return None
    return None


def is_plain(event: object, path: str) -> bool:
    """Whether `event` says that the answer to `path` was understood."""
    return isinstance(event, Recorded) and event.path == path


def apply(
    form: Questionnaire, interview: Interview, context: Context, values: Mapping[str, str]
) -> tuple[Interview, list[Recorded]]:
    """The interview with `values` that were understood, and what was recorded; what does not hold any more is left out."""
    recorded: list[Recorded] = []
    for path, value in values.items():
        gone, _ = step(form, interview, GoTo(path), context)
        after, events = step(form, gone, Value(value), context)
        if gone.position == path and any(is_plain(event, path) for event in events):
            interview = after
            recorded.append(Recorded(path, value, show_value(form, path, value, context.lang)))
    return interview, recorded
