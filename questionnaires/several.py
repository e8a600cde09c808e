"""Several answers in one message: "Thôn Nà Hin: tổng 120 hộ; HVS 109; thiếu nước 6", "5: 12", "120 109 98 27 6 0 1".

Each piece is laid to the question that its words name, or whose number in the review stands before a colon; numbers
alone only where there are as many as questions still to be answered. What is not plain is left doubtful, and nothing is
taken over here: whoever asks shows what was understood, and stores it once the person has said that it is right.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.text import bare, clean, fold, stands_for
from questionnaires.answers.tokens import as_text, tokens_of, walk, without_marks
from questionnaires.answers.words import BEFORE_NUMBER, HEDGE, POLITE, PRONOUN
from questionnaires.answers.yesno import says_yes_or_no
from questionnaires.interview import (
    Answer,
    Context,
    GoTo,
    Interview,
    Line,
    Recorded,
    Value,
    questions,
    show_value,
    step,
)
from questionnaires.numbers_said import LONGEST, NUMBER, is_number
from questionnaires.questionnaire import Questionnaire

SHORT: Final = Words.read(FOLDER / "nhieu-cau.toml")
EMPTY: Final = frozenset(" ".join(map(fold, SHORT.phrases("empty"))).split())
"""Words that tell no question from another."""
SAME: Final = sorted(
    ((fold(phrase), fold(key)) for key, phrases in SHORT.lists("same").items() for phrase in phrases),
    key=lambda pair: -len(pair[0]),
)
"""How a question is called for short, and what stands in it then; the longest first."""
PIECES: Final = re.compile(r"[;\n]+|,(?!\d)|\.(?=\s|$)|(?<=\d)\s*,\s+")
ADDRESS: Final = frozenset(" ".join(map(fold, SHORT.phrases("address"))).split())
"""Words that say who reports, and to whom."""
REPORTS: Final = re.compile(r"\b(?:báo cáo|bao cao|bc)\b", re.I)
PERIOD: Final = re.compile(
    r"\b(?:tháng|thang|quý|quy|kỳ|ky|đợt|dot|tuần|tuan|t)\s*(?:\d{1,2}|[iv]{1,3})\b(?:\s*[/-]\s*\d{4})?", re.I
)
COUNTED: Final = "|".join(map(re.escape, sorted(SHORT.phrases("counted"), key=len, reverse=True)))
CUTS: Final = (
    re.compile(r"(?<![\d.,])(?=\d)"),
    re.compile(rf"(?<=\d)\s+(?={COUNTED})(?:{COUNTED})\s+(?=\D)|(?<=\d)\s+(?!(?:{COUNTED})\b)(?=\D)", re.I),
)
"""Where a piece may be cut: before each number, or behind each with what is counted."""
LINE: Final = re.compile(
    r"\s*(?:sửa\s+)?(?:câu|cau|số|so|c)?\s*(\d{1,2})\s*(?:[:=]|là\s|la\s|thành\s|thanh\s)\s*(\S.*)", re.I
)
POINT: Final = re.compile(r"^[ \t]*(\d{1,2})[ \t]*[.)][ \t]+(?=\S)", re.M)
"""The number of a question as in a list: "4. 95"."""
ORDINAL: Final = re.compile(r"(?<=[.;,])[ \t]+\d{1,2}[.)][ \t]+(?=[^\W\d])")
"""The number of a line in a list that was written in one line: "120. 2. DTTS: 109"."""
LETTERED: Final = re.compile(r"\d[ol]+\b|\b[ol]\d", re.I)
"""An O or an l among the figures: whether it is one of them has to be asked."""
LEADING: Final = (HEDGE, BEFORE_NUMBER, POLITE, PRONOUN)
"""What may stand before a number and names nothing."""


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
OUT_OF: Final = re.compile(
    rf"^\W*(?:{either('out_of')})\s+\d+\s*(?:{COUNTED})\b(?:\s*(?:ấy|đó|đấy|này|thì|ay|do|day|nay|thi))*\W+(?=.*\d)",
    re.I,
)
"""The whole of which a part is told: "trong 52 hộ thì 48 là hộ dân tộc"."""
COUNTS: Final = {fold(word): int(count) for count, words in SHORT.lists("count").items() for word in words}
FEW: Final = 3
"""The fewest numbers in a row that are a list of answers, although nobody knows to which questions."""
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


def read_several(
    form: Questionnaire, interview: Interview, context: Context, text: str, place: str = ""
) -> Several:
    """What `text` answers of several questions; empty where it is no list of answers. `place` may be named in it."""
    asked = questions(form, interview, context)
    text = spread(text[:LONGEST], asked, [not interview.values.get(line.path) for line in asked])
    text = NEXT.sub("; ", text)
    pieces = [part for piece in pieces_of(text[:LONGEST], form, place) for part in apart(piece, asked)]
    waiting = [line for line in asked if not interview.values.get(line.path)]
    # As many bare numbers as open questions are in their order; one name among them, and all go by name.
    laid = in_order(pieces, waiting) or list(by_name(pieces, asked, waiting))
    if len(laid) > MOST:
        return Several()
    if all(path is None for path, _ in laid):
        return Several((), tuple(piece for _, piece in laid if sum(map(is_number, piece.split())) >= FEW))
    return tried(form, interview, context, asked, laid)


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
    numbers = [number for number, is_open in enumerate(open_ones, 1) if is_open]
    count = int(many) if many.isdecimal() else COUNTS.get(fold(many), 0)
    if not numbers or count > len(numbers):
        numbers = list(range(1, len(open_ones) + 1))
    return numbers[-count:] if count else numbers


def as_meant(text: str) -> str:
    """`text` without a figure that it puts right itself, nor the whole of which it tells a part.

    >>> as_meant("45 hộ có điện, à quên 43 mới đúng"), as_meant("trong 52 hộ thì 48 là hộ dân tộc")
    ('43 hộ có điện', '48 là hộ dân tộc')
    """
    return AT_ONCE.sub(lambda match: match["right"] + match["of"], OUT_OF.sub("", text))


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
    return [piece.strip(" .,-•*") for piece in PIECES.split(text) if piece and piece.strip(" .,-•*")]


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
    paths = [named(part, asked)[0] for part in parts]
    if len(paths) > 1 and paths[0] is None and says_number_alone(parts[0]):
        paths[0] = ""  # "120 hộ"
    return len(paths) > 1 and None not in paths and len(set(paths)) == len(paths)


def names(head: str, *known: str) -> bool:
    """Whether words before a colon are of one of the names `known`, or tell nothing."""
    words = set(fold(head).split()) - EMPTY
    return not words or any(words & set(fold(name).split()) for name in known)


def in_order(pieces: Sequence[str], waiting: Sequence[Line]) -> list[tuple[str | None, str]]:
    """Numbers alone, laid to the questions still open, where there are as many; else nothing."""
    numbers = " ".join(pieces).split()
    plain = all(map(is_number, numbers))
    if not plain or len(numbers) < 2 or len(numbers) != len(waiting):
        return []
    return [(line.path, number) for line, number in zip(waiting, numbers, strict=True)]


def by_name(
    pieces: Sequence[str], asked: Sequence[Line], waiting: Sequence[Line]
) -> Iterator[tuple[str | None, str]]:
    """Each piece with the question that it names, None for a doubtful one; a question is named once.

    A first piece that names none answers the question that is open.
    """
    taken: set[str] = set()
    still_open = {line.path for line in waiting}
    for place, piece in enumerate(pieces):
        path, answer = numbered(piece, asked) or named(piece, asked)
        if place and path:
            again = path in taken or path not in still_open
            path = after(path, pieces[place - 1], piece, asked, again=again)
        elif not place:
            path = opening(pieces, waiting) or path
        yield (None, piece) if path is None or path in taken else (path, answer)
        taken.add(path or "")


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


def names_something(answer: str) -> bool:
    """Whether words that do not belong to a number stand before the first number of `answer`."""
    number = NUMBER.search(answer)
    tokens = tokens_of(clean(answer[: number.start()])) if number else []
    return any(phrase is None and tokens[place].kind == "word" for place, phrase in walk(tokens, *LEADING))


def named(piece: str, asked: Sequence[Line]) -> tuple[str | None, str]:
    """The question whose words those around the only number of `piece` are, and what is to be read as its answer."""
    numbers = list(NUMBER.finditer(piece))
    if not numbers:
        said, answer = without_yes_or_no(piece)
        return (named_by(said, asked) if answer else None), answer or piece
    if len(numbers) != 1:
        return None, piece
    return named_by(NUMBER.sub(" ", piece), asked), piece[numbers[0].start() :]


def without_yes_or_no(piece: str) -> tuple[str, str]:
    """The words before a yes or a no that ends `piece`, and that; "" where it ends otherwise: "đường bê tông" and "rồi"."""
    tokens = without_marks(tokens_of(clean(piece)))
    cuts = (place for place in range(1, len(tokens)) if says_yes_or_no(tokens[place:]))
    cut = next(cuts, len(tokens))
    said, answer = map(as_text, (tokens[:cut], tokens[cut:]))
    return said, answer


def named_by(said: str, asked: Sequence[Line]) -> str | None:
    """The path of the question whose words `said` are; None for none, or several as good."""
    words = set(written_out(said).split()) - EMPTY
    if not words:
        return None
    rest = {
        line.path: content(line.label) - words
        for line in asked
        if words <= content(line.label) and agrees_in_marks(said, line.label)
    }
    least = min(map(len, rest.values()), default=0)
    best = [path for path, others in rest.items() if len(others) == least]
    return best[0] if len(best) == 1 else None


def agrees_in_marks(piece: str, label: str) -> bool:
    """Whether the marks of the words that both hold agree: "thiếu" is not in "dân tộc thiểu số"."""
    written: dict[str, list[str]] = {}
    for word in clean(label).split():
        written.setdefault(fold(word), []).append(word.strip("?,.:;()"))
    said = ((word, written.get(fold(word), [])) for word in re.findall(r"[^\W\d_]+", clean(piece)))
    return all(any(stands_for(word, known) for known in words) for word, words in said if words)


def says_number_alone(piece: str) -> bool:
    """Whether a piece says one number and names no question: "120 hộ"."""
    return len(NUMBER.findall(piece)) == 1 and not set(written_out(NUMBER.sub(" ", piece)).split()) - EMPTY


def written_out(text: str) -> str:
    """`text` folded, its short names as the questions say them."""
    folded = f" {fold(text)} "
    for short, written in SAME:
        folded = folded.replace(f" {short} ", f" {written.replace(' ', '_')} ")
    return folded.replace("_", " ")


def content(label: str) -> set[str]:
    """The words of a question that tell it from others."""
    return set(fold(label).split()) - EMPTY


def tried(
    form: Questionnaire,
    interview: Interview,
    context: Context,
    asked: Sequence[Line],
    laid: Sequence[tuple[str | None, str]],
) -> Several:
    """Answer the questions one after another, in their order, to see what is taken; nothing of it stays."""
    answers = {path: answer for path, answer in laid if path is not None}
    doubtful = [answer for path, answer in laid if path is None]
    said: list[SaidAnswer] = []
    refused: list[tuple[str, str]] = []
    for line in asked:
        if line.path in answers:
            after = taken(form, interview, context, line.path, answers[line.path])
            # What is not taken stays out and is shown as doubtful: the other answers of the message need not wait for
            # it.
            if after is None:
                doubtful.append(f"{line.label} {answers[line.path]}")
                refused.append((line.path, answers[line.path]))
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
    """The interview after `answer`, or its number alone, to the question at `path`; None where neither is taken."""
    number = None if LETTERED.search(answer) else NUMBER.search(answer)
    for text in dict.fromkeys((answer, number[0] if number else answer)):
        gone, _ = step(form, interview, GoTo(path), context)
        after, events = step(form, gone, Answer(text), context)
        if gone.position == path and any(is_plain(event, path) for event in events):
            return after
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
