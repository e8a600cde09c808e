"""Read several answers in one message: "Thôn Nà Hin: tổng 120 hộ; HVS 109; thiếu nước 6", "5: 12", "120 109 98 27 6 0 1".

Each piece of the message answers the question that its words name, or whose number in the review stands before a colon.
Bare numbers are taken only if there are as many as open questions, or as all questions. Unclear pieces are doubtful.
Nothing is stored here: the caller shows what was understood, and stores it after the person has confirmed it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress, dropwhile
from typing import Final, NamedTuple

from questionnaires.answers import yes_or_no
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import tokens_of
from questionnaires.answers.words import NEUTRAL_THINGS
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
from questionnaires.label_numbers import hidden, shown, without_times
from questionnaires.naming import EMPTY, SHORT, named, named_by, names_something, nearest, says_number_alone
from questionnaires.numbers_said import LONGEST, NUMBER, is_number, says_minus
from questionnaires.put_right_at_once import COUNTED, either
from questionnaires.questionnaire import NUMBER_TYPES, Questionnaire, plain_words, template
from questionnaires.shared_answers import NEXT, spread

PIECES: Final = re.compile(r"[;\n]+|,(?!\d)|\.(?=\s|$)|(?<=\d)\s*,\s+")
ADDRESS: Final = frozenset(" ".join(map(fold, SHORT.phrases("address"))).split())
"""Words, folded, that say who reports and to whom."""
REPORTS: Final = re.compile(r"\b(?:báo cáo|bao cao|bc)\b", re.I)
PERIOD: Final = re.compile(
    r"\b(?:tháng|thang|quý|quy|kỳ|ky|đợt|dot|tuần|tuan|t)\s*(?:\d{1,2}|[iv]{1,3})\b(?:\s*[/-]\s*\d{4})?", re.I
)
WITH_UNIT: Final = re.compile(rf"(?<!\d)\d++(?:[.,]\d++)*+\s*+(?:{COUNTED})\b", re.I)
OTHER_UNIT: Final = ("other_unit", "no_unit_asked")
"""The codes of a refused answer that counts something else than the question asks."""
CUTS: Final = (
    re.compile(r"(?<![\d.,])(?=\d)"),
    re.compile(rf"(?<=\d)\s+(?={COUNTED})(?:{COUNTED})\s+(?=\D)|(?<=\d)\s+(?!(?:{COUNTED})\b)(?=\D)", re.I),
)
"""Two ways to cut a piece: before each number, or after each number and what it counts."""
LINE: Final = re.compile(
    r"\s*+(?:sửa\s++)?(?:câu|cau|số|so|c)?\s*+(\d{1,2})\s*+(?:[:=]|(?:(?:sửa|sua|đổi|doi)\s++)?(?:là|la|thành|thanh|lại|lai)\s|(?:sửa|sua|đổi|doi)\s)\s*+(\S.*)",
    re.I,
)
POINT: Final = re.compile(r"^[ \t]*(\d{1,2})[ \t]*[.)][ \t]+(?=\S)", re.M)
"""The number of a question at the beginning of a line: "4. 95"."""
ORDINAL: Final = re.compile(r"(?<=[.;,])[ \t]+\d{1,2}[.)][ \t]+(?=[^\W\d])")
"""An item number within a numbered list that was written in one line: "120. 2. DTTS: 109"."""
LETTERED: Final = re.compile(r"\d[ol]+\b|\b[ol]\d", re.I)
"""A letter o or l among digits, which may be meant as 0 or 1: the person has to be asked."""
PART: Final = re.compile(rf"\b(?:{either('part_of')})\b", re.I)
"""Words after which a part of what was named before is counted: "trong đó"."""
ASIDE: Final = re.compile(
    rf"^(?:(?:{either('at_once')}|{either('lead_in')})\b[\s,.:;-]*)+|(?:\s+(?:{either('right_now')})\b)+\s*$",
    re.I,
)
"""Words before or after a correction that name no question."""
FEW: Final = 3
"""The fewest numbers in a row that count as a list of answers, even if they name no questions."""
BLANK: Final = " .,-•*"
"""Characters to strip from both ends of a piece."""
MOST: Final = 40
"""The most pieces that a message may have."""


@dataclass(frozen=True, slots=True)
class SaidAnswer:
    """An answer that was understood: its question's path and label, the value to store, and the value as shown."""

    path: str
    label: str
    value: str
    shown: str


@dataclass(frozen=True, slots=True)
class Several:
    """The answers in a message, its doubtful pieces, and the labels of the questions it leaves open."""

    answers: tuple[SaidAnswer, ...] = ()
    doubtful: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    """Path and words of answers that were refused although their question is known. `doubtful` has these words too."""

    @property
    def answers_something(self) -> bool:
        """Whether some known question was answered, even if the answer was refused."""
        return bool(self.answers or self.refused)


class Laid(NamedTuple):
    """A piece of a message: the path of the question it answers, None if doubtful, and the answer.

    `said` is the answer with the words around it.
    """

    path: str | None
    answer: str
    said: str = ""


def read_several(
    form: Questionnaire, interview: Interview, context: Context, text: str, place: str = ""
) -> Several:
    """Read the answers to several questions in `text`, which may name the `place`.

    Empty if it is no list of answers, or has a figure below zero.
    """
    if says_minus(text):
        return Several()
    asked, known = questions(form, interview, context), 0
    heard = Several()
    # An answer may make further questions relevant that the same message answers too.
    while len(asked) > known:
        known = len(asked)
        heard = laid_to(form, interview, context, text, place, asked)
        after, _ = apply(form, interview, context, {answer.path: answer.value for answer in heard.answers})
        asked = questions(form, after, context)
    return heard


def laid_to(
    form: Questionnaire, interview: Interview, context: Context, text: str, place: str, asked: Sequence[Line]
) -> Several:
    """Return the answers in `text` to the questions `asked`."""
    still_open = [not interview.values.get(line.path) for line in asked]
    waiting = list(compress(asked, still_open))
    if row := in_a_row_with_words(form, text, place, waiting):
        return tried(form, interview, context, asked, row)
    pieces = cut(text, form, place, asked, still_open)
    if len(pieces) > MOST:
        return Several()
    # If any piece names a question, all go by name.
    known = [*asked, *not_asked(form, asked, context)]
    laid = in_a_row(form, pieces, asked, waiting)
    laid = laid or [only_to(asked, one) for one in by_name(pieces, known, waiting)]
    if len(laid) > MOST:
        return Several()
    if all(one.path is None for one in laid):
        return unnamed(laid)
    return tried(form, interview, context, asked, laid)


def cut(
    text: str, form: Questionnaire, place: str, asked: Sequence[Line], still_open: Sequence[bool]
) -> list[str]:
    """Cut a message into pieces that answer one question each, as far as its words tell."""
    text = hidden(text[:LONGEST], [line.label for line in asked])
    text = NEXT.sub("; ", spread(text, asked, still_open))
    pieces = pieces_of(text[:LONGEST], form, place)
    return [without_times(part) for piece in pieces for part in apart(piece, asked)]


def in_a_row(
    form: Questionnaire, pieces: Sequence[str], asked: Sequence[Line], waiting: Sequence[Line]
) -> list[Laid]:
    """Assign as many bare numbers as there are open questions, or questions at all, to these in order; else return []."""
    again = asked if ask_numbers(form, asked) else ()
    return in_order(pieces, waiting) or in_order(pieces, again)


def in_a_row_with_words(form: Questionnaire, text: str, place: str, waiting: Sequence[Line]) -> list[Laid]:
    """Assign numbers, and yeses and noes to what is chosen, to the open questions in order: "bc 120 98 có không"."""
    words = [word.strip(BLANK) for word in text[:LONGEST].split()]
    row = list(dropwhile(lambda word: not is_number(word), words))
    chosen = [line for line, word in zip(waiting, row, strict=False) if not is_number(word)]
    if len(row) != len(waiting) or not chosen or any(ask_numbers(form, [line]) for line in chosen):
        return []
    bare = (word if yes_or_no(word, date.min) is None else "0" for word in row)
    laid = in_order(pieces_of(" ".join([*words[: -len(row)], *bare]), form, place), waiting)
    return [one._replace(answer=word) for one, word in zip(laid, row, strict=False)]


def unnamed(laid: Sequence[Laid]) -> Several:
    """Return pieces that name no question: as doubtful if they have at least `FEW` numbers, else as no answers."""
    many = [one.answer for one in laid if sum(map(is_number, one.answer.split())) >= FEW]
    return Several((), tuple(map(shown, many)))


def not_asked(form: Questionnaire, asked: Sequence[Line], context: Context) -> list[Line]:
    """Return the questions that are not asked now. Their words must not be taken for another question's."""
    paths = {template(line.path) for line in asked}
    rest = (question for question in form.questions if question.path not in paths)
    labels = ((question.path, plain_words(form.words(question.labels, context.lang))) for question in rest)
    return [Line(path, label, "", estimate=False, value="") for path, label in labels]


def only_to(asked: Sequence[Line], laid: Laid) -> Laid:
    """Return `laid` if it answers one of the questions `asked`; otherwise the same piece as doubtful."""
    return laid if any(line.path == laid.path for line in asked) else Laid(None, laid.said)


def pieces_of(text: str, form: Questionnaire, place: str) -> list[str]:
    """Split a message into pieces, without a heading that only names the place, the period or the questionnaire."""
    text = PERIOD.sub(" ", text, count=1)
    head, colon, rest = text.partition(":")
    addressed = names(head, place) or names(head, *form.titles.values())
    # "Nước: 25" may answer a single question about water, so a heading is cut off only before a list.
    listed = not NUMBER.match(rest.strip()) or len(NUMBER.findall(rest)) >= FEW
    if colon and addressed and not NUMBER.search(head) and listed:
        text = rest
    text = without_heading(text, place, " ".join(form.titles.values()))
    text = ORDINAL.sub(" ", POINT.sub(r"\1: ", text))
    pieces = (ASIDE.sub("", piece.strip(BLANK)).strip(BLANK) for piece in PIECES.split(text) if piece)
    return [piece for piece in pieces if piece]


def without_heading(text: str, place: str, titles: str) -> str:
    """Cut off who reports what and for when: "Thôn Nà Hin báo cáo nước tháng 11 có 120 hộ" becomes "120 hộ"."""
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
    """Cut a piece with several numbers so that each part names a question of its own; if that fails, leave it whole.

    The words may stand before their numbers or after them: "nghèo 22 hộ cận nghèo 10", "120 hộ 109 dtts 100 hvs".
    """
    if len(NUMBER.findall(piece)) < 2:
        return [piece]
    cuts = (list(filter(None, map(str.strip, cut.split(piece)))) for cut in CUTS)
    parts = next((parts for parts in cuts if name_one_each(parts, asked)), [piece])
    return parts[1:] if is_numbered_so(parts, asked) else parts


def is_numbered_so(parts: Sequence[str], asked: Sequence[Line]) -> bool:
    """Whether the first part is only the number of the question that the second part names: "6 thiếu 3 hộ"."""
    if len(parts) != 2 or not parts[0].isdecimal():
        return False
    number, path = int(parts[0]), named(parts[1], asked)[0]
    return path is not None and 1 <= number <= len(asked) and asked[number - 1].path == path


def name_one_each(parts: Sequence[str], asked: Sequence[Line]) -> bool:
    """Whether there are several parts and each names another question. The first may be a bare number instead."""
    if not 2 <= len(parts) <= len(asked) + 1:
        return False
    paths = [named(part, asked)[0] for part in parts]
    if paths[0] is None and says_number_alone(parts[0]):
        paths[0] = ""  # "120 hộ"
    return None not in paths and len(set(paths)) == len(paths)


def names(head: str, *known: str) -> bool:
    """Whether the words before a colon share a word with one of the names `known`, or have no meaning of their own."""
    words = set(fold(head).split()) - EMPTY
    return not words or any(words & set(fold(name).split()) for name in known)


def ask_numbers(form: Questionnaire, asked: Sequence[Line]) -> bool:
    """Whether all questions ask for a number: only then is a row of numbers the whole report again, answered as it is."""
    return all(
        form.section_at(line.path) is None and form.question(line.path).type in NUMBER_TYPES for line in asked
    )


def in_order(pieces: Sequence[str], meant: Sequence[Line]) -> list[Laid]:
    """Assign bare numbers to the questions `meant` in order if there are as many of both; else return []."""
    numbers = " ".join(pieces).split()
    plain = all(map(is_number, numbers))
    if not plain or len(numbers) < 2 or len(numbers) != len(meant):
        return []
    return [Laid(line.path, number) for line, number in zip(meant, numbers, strict=True)]


def by_name(pieces: Sequence[str], asked: Sequence[Line], waiting: Sequence[Line]) -> Iterator[Laid]:
    """Yield each piece with the question that it names. A piece that names none, or one named before, is doubtful.

    If the first piece is a bare number, it answers the first open question.
    """
    taken: set[str] = set()
    for place, piece in enumerate(pieces):
        before = pieces[place - 1] if place else ""
        still_open = [line for line in waiting if line.path not in taken]
        path, answer = question_of(piece, before, asked, still_open)
        if not before:
            path = opening(pieces, asked, waiting) or path
        sure = (
            path is not None and path not in taken and not of_another_whole(path, before, asked, still_open)
        )
        yield Laid(path, answer, piece) if sure else Laid(None, piece, piece)
        taken.add(path or "")


def question_of(
    piece: str, before: str, asked: Sequence[Line], still_open: Sequence[Line]
) -> tuple[str | None, str]:
    """Return the path of the question that a piece names, and its answer.

    If its own words do not decide, the piece `before` it may, or the open question that shares most words with it.
    """
    path, answer = numbered(piece, asked) or named(piece, asked)
    if any(line.path == path and line.value for line in asked):
        path = open_one(piece, still_open) or path
    if before and path and not is_kept(path, answer, asked):
        again = all(line.path != path for line in still_open)
        path = after(path, before, piece, asked, again=again)
    if path is None and len(NUMBER.findall(piece)) == 1:
        return nearest(NUMBER.sub(" ", piece), asked, still_open), piece[first_number(piece) :]
    return path, answer


def is_kept(path: str, answer: str, asked: Sequence[Line]) -> bool:
    """Whether the question at `path` has this very answer: then it is meant, said once more."""
    return any(line.path == path and line.value == answer.strip() for line in asked)


def open_one(piece: str, still_open: Sequence[Line]) -> str | None:
    """Return the open question that a piece may name instead of an answered one: "7 hộ dân tộc" after poor households.

    None if the piece names its question by number: then that one is meant.
    """
    return None if LINE.fullmatch(piece) else named(piece, still_open)[0]


def of_another_whole(path: str, before: str, asked: Sequence[Line], still_open: Sequence[Line]) -> bool:
    """Whether a piece more likely counts a part of what the piece `before` named than the question at `path`.

    That is so if `path` counts part of something not answered yet, while the question named before has an open part of
    its own: in "5 tuổi 8 em, đi học 8", the 8 at school are five years old.
    """
    order, left = [line.path for line in asked], {line.path for line in still_open}
    at, whole = order.index(path), named(before, asked)[0] if before else None
    if whole is None or not at or PART.search(asked[at].label) is None or order[at - 1] not in left:
        return False
    own = order.index(whole) + 1
    return own not in (at, len(order)) and PART.search(asked[own].label) is not None and order[own] in left


def first_number(piece: str) -> int:
    """Return where the first number of `piece` begins; 0 if there is none."""
    number = NUMBER.search(piece)
    return number.start() if number else 0


def opening(pieces: Sequence[str], asked: Sequence[Line], waiting: Sequence[Line]) -> str | None:
    """Return the question that a bare number at the beginning of a longer message answers: the first open one.

    If the message goes on to name that one, it is an answered question with this very answer, or None: "120 hộ, 109 hộ
    dân tộc" where the households of minorities are asked for.
    """
    if len(pieces) < 2 or not waiting or not says_number_alone(pieces[0]):
        return None
    first = waiting[0].path
    if all(named(piece, asked)[0] != first for piece in pieces[1:]):
        return first
    number = NUMBER.search(pieces[0])
    said = number[0] if number else ""
    return next((line.path for line in asked if line.value == said), None)


def after(path: str, before: str, piece: str, asked: Sequence[Line], *, again: bool) -> str | None:
    """Return the question that a piece answers, given that its words name `path`.

    If it counts part of what the piece `before` it named, that may be another question. `again`: `path` is answered.
    """
    label = next((line.label for line in asked if line.path == path), "")
    return path_of_part(path, before, piece, asked) if is_part(piece, label, again=again) else path


def is_part(piece: str, label: str, *, again: bool) -> bool:
    """Whether `piece` counts part of what was named before.

    It does if it says so itself, or if it names a question that asks for a part and is answered already (`again`).
    """
    return PART.search(piece) is not None or (again and PART.search(label) is not None)


def path_of_part(path: str, before: str, piece: str, asked: Sequence[Line]) -> str | None:
    """Return the question that `piece` answers as a part of what `before` named: "nghèo 23, trong đó dân tộc 21".

    The words of both pieces together name it. If they name none, it is the question `path`, unless the piece says "trong
    đó" and `path` does not come right after the question named before: then None.
    """
    both = named_by(NUMBER.sub(" ", f"{before} {piece}"), asked)
    if both is not None or not PART.search(piece):
        return both or path
    order = [line.path for line in asked]
    whole = named(before, asked)[0]
    follows = whole is None or order.index(path) == order.index(whole) + 1
    return path if follows else None


def numbered(piece: str, asked: Sequence[Line]) -> tuple[str | None, str] | None:
    """Read a piece such as "5: 12" as the fifth question and its answer; None for a piece of another form.

    In a list with numbers of its own, "4. Thiếu nước: 6", the words decide which question it is.
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
    """Try the answers one after another, in the order of the questions, to see which are taken. Nothing is stored."""
    answers = {one.path: one for one in laid if one.path is not None}
    doubtful = [shown(one.answer) for one in laid if one.path is None]
    said: list[SaidAnswer] = []
    refused: list[tuple[str, str]] = []
    for line in asked:
        if line.path in answers:
            one = answers[line.path]
            after = taken(form, interview, context, line.path, one.answer)
            # A refused answer is shown as doubtful, so that it does not hold up the others of the message.
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
    """Return the interview after `answer`, or after its only number, to the question at `path`.

    None if neither is taken, or if the answer counts something else than the question asks for.
    """
    figureless = LETTERED.search(answer) or without_times(answer) != answer
    numbers = [] if figureless else NUMBER.findall(answer)
    only = numbers if len(numbers) == 1 else []
    counted = WITH_UNIT.findall(answer) if only else []
    for text in dict.fromkeys((shown(answer), *counted, *only)):
        gone, _ = step(form, interview, GoTo(path), context)
        after, events = step(form, gone, Answer(text), context)
        if gone.position == path and any(is_plain(event, path) for event in events):
            return after
        refused = first_of(events, Refused)
        if refused is not None and refused.code in OTHER_UNIT and not counts_things(text):
            return None
    return None


def counts_things(answer: str) -> bool:
    """Whether `answer` counts with a word that stands for whatever is asked: "1 cái"."""
    return any(token.text in NEUTRAL_THINGS for token in tokens_of(clean(answer)))


def is_plain(event: object, path: str) -> bool:
    """Whether `event` says that the answer to `path` was understood."""
    return isinstance(event, Recorded) and event.path == path


def apply(
    form: Questionnaire, interview: Interview, context: Context, values: Mapping[str, str]
) -> tuple[Interview, list[Recorded]]:
    """Store `values` by path, and return the interview and what was recorded. Values no longer allowed are left out."""
    recorded: list[Recorded] = []
    for path, value in values.items():
        gone, _ = step(form, interview, GoTo(path), context)
        after, events = step(form, gone, Value(value), context)
        if gone.position == path and any(is_plain(event, path) for event in events):
            interview = after
            recorded.append(Recorded(path, value, show_value(form, path, value, context.lang)))
    return interview, recorded
