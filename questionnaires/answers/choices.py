"""Reads one or several choices: by number, label, part of a label or value name.

A label with all its marks wins over one that it may stand for, a whole label over a part of one. A part counts
only when it belongs to one label and no negation stands before it there ("hợp vệ sinh" is no part of "không hợp
vệ sinh"). A label one edit away is offered, never assumed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import dropwhile
from typing import Final

from questionnaires.answers import words
from questionnaires.answers.cursor import Cursor
from questionnaires.answers.numerals import WORDS, NumeralPart, numeral_at
from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.reading import AnswerDoubt, Candidate, ExpectedAnswer, Option, Reading
from questionnaires.answers.text import bare, clean, fold
from questionnaires.answers.tokens import Token, as_text, spells, tokens_of, without_marks

WORDS_TO_CHOOSE: Final = Words.read(FOLDER / "lua-chon.toml")
NEGATIONS: Final = frozenset(WORDS_TO_CHOOSE.phrases("negations"))
"""Words that turn round what follows them in a label ("cận nghèo" is not "nghèo"), without marks."""
CHOOSING: Final = WORDS_TO_CHOOSE.flags("choosing")
AND: Final = WORDS_TO_CHOOSE.flags("and")
ALL: Final = WORDS_TO_CHOOSE.flags("all")
BOTH: Final = WORDS_TO_CHOOSE.numbers("both")
NONE: Final = WORDS_TO_CHOOSE.flags("none")
OTHER: Final = WORDS_TO_CHOOSE.flags("other")
NONE_VALUES: Final = frozenset(("none", "khong", "khong_co", "no", "0"))
"""Value names by which authors mean "none of these", in Vietnamese without marks and in English."""
OTHER_VALUES: Final = frozenset(("other", "khac"))
SPLITTERS: Final = frozenset(",;\n&+")
"""Marks between choices."""
FIGURES: Final = re.compile(r"[0-9]{1,2}(?:,[0-9]{1,2})+")
"""Short numbers with commas: two choices, where anywhere else they would be a decimal."""


LED: Final = re.compile(r"[^\W\d]+(?: [^\W\d]+)* ([0-9]{1,2})(?:\.[0-9]{1,2})?:")
"""A label that begins with a name and a number, and goes on behind a colon: "Dự án 5.1: Trường nội trú"."""


@lru_cache(maxsize=4096)
def words_of(label: str) -> tuple[str, ...]:
    """The words and numbers of a label."""
    return tuple(token.text for token in tokens_of(clean(label)) if token.kind != "mark")


def is_none(option: Option) -> bool:
    """Whether an option says "none of these"."""
    label = fold(option.label)
    return option.value.lower() in NONE_VALUES or label.startswith(("khong co", "khong dung", "none", "no "))


def is_other(option: Option) -> bool:
    return option.value.lower() in OTHER_VALUES or fold(option.label) in ("khac", "other", "loai khac")


def offered(options: Sequence[Option]) -> tuple[Candidate, ...]:
    return tuple(Candidate(option.value, option.label) for option in options)


def by_label(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """The options whose whole label or value name this is; with all marks first."""
    if not tokens:
        return []
    for exactly in (True, False):
        if named := [option for option in options if is_label_of(option, tokens, exactly=exactly)]:
            return named
    return by_value(tokens, options)


def is_label_of(option: Option, tokens: Sequence[Token], *, exactly: bool) -> bool:
    """Whether the tokens are the whole label of an option."""
    label = words_of(option.label)
    return len(label) == len(tokens) and spells(tokens, 0, label, exactly=exactly)


def by_value(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """The options whose value name the tokens are, written together or with low lines."""
    texts = [token.text for token in tokens]
    return [option for option in options if bare(clean(option.value)) in ("".join(texts), "_".join(texts))]


def by_part(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """The options of whose label this is a part, with all marks first. Raises AnswerDoubt behind a negation."""
    for exactly in (True, False):
        places = {option: places_in(option, tokens, exactly=exactly) for option in options}
        refuse_negated(places)
        if named := [option for option in options if places[option]]:
            return named
    return []


def places_in(option: Option, tokens: Sequence[Token], *, exactly: bool) -> list[int]:
    """The places at which the tokens stand in a label."""
    label = words_of(option.label)
    return [
        place
        for place in range(len(label) - len(tokens) + 1)
        if spells(tokens, 0, label[place : place + len(tokens)], exactly=exactly)
    ]


def refuse_negated(places: Mapping[Option, Sequence[int]]) -> None:
    """Raise AnswerDoubt where a negation stands before some place of a label: there its words mean the opposite."""
    for option, places_of in places.items():
        before = words_of(option.label)[: max(places_of, default=0)]
        if not NEGATIONS.isdisjoint(map(bare, before)):
            raise AnswerDoubt("many_matches", offered(tuple(places)))


def by_number(tokens: Sequence[Token], options: Sequence[Option]) -> Option | None:
    """The option with this number in the list. Raises AnswerDoubt for a number without an option."""
    number = whole_number(tokens)
    if number is None:
        return None
    if numbered := numbers_in_labels(options):
        return by_number_in_label(number, numbered)
    if not 1 <= number <= len(options):
        raise AnswerDoubt("no_such_number", offered(options))
    chosen = options[number - 1]
    if len(tokens) == 1 and (told := telling(tokens[0], chosen, options)):
        raise AnswerDoubt("many_matches", offered((chosen, *told)))
    return chosen


def is_asked_about(option: Option) -> bool:
    """Whether an option is one of those asked about, and not "none" or "other"."""
    return not (is_none(option) or is_other(option))


def numbers_in_labels(options: Sequence[Option]) -> dict[Option, int]:
    """The number that each label begins with ("Dự án 4: Hạ tầng"); nothing where some label has none."""
    named = {option: LED.match(option.label) for option in options if is_asked_about(option)}
    return {option: int(led[1]) for option, led in named.items() if led} if all(named.values()) else {}


def by_number_in_label(number: int, numbered: Mapping[Option, int]) -> Option:
    """The option whose label begins with this number. Raises AnswerDoubt where none does, or several do ("5.1", "5.2")."""
    # Whoever types 4 for such a list means project 4, wherever it stands.
    meant = [option for option, own in numbered.items() if own == number]
    if len(meant) != 1:
        code = "many_matches" if meant else "no_such_number"
        raise AnswerDoubt(code, offered(meant or tuple(numbered)))
    return meant[0]


def telling(number: Token, chosen: Option, options: Sequence[Option]) -> list[Option]:
    """The other options with a number in their label: "2" may mean "Giếng khoan loại 2"."""
    return [option for option in options if option != chosen and number.text in words_of(option.label)]


def whole_number(tokens: Sequence[Token]) -> int | None:
    """The number that all tokens together are, in figures or in words; "không" and "rưỡi" begin none."""
    if not begins_number(tokens):
        return None
    try:
        numeral, place = numeral_at(tokens, 0)
    except AnswerDoubt:
        return None
    return int(numeral.value) if place == len(tokens) and numeral.shape in ("", "whole") else None


def begins_number(tokens: Sequence[Token]) -> bool:
    """Whether the first token may begin a number."""
    if not tokens or tokens[0].kind == "number":
        return bool(tokens)
    word = WORDS.at(tokens, 0) if tokens[0].kind == "word" else None
    return word is not None and word[0][0] not in (NumeralPart.ZERO, NumeralPart.HALF)


def without_courtesy(tokens: Sequence[Token], options: Sequence[Option]) -> list[Token]:
    """The tokens without politeness and "chọn số" at both ends; the words of a label are never taken away."""
    left = without_marks_around(tokens)
    while left and not by_label(left, options):
        # "co a" is "có ạ"; from the other end "co" would be cô.
        if left[-1].kind == "word" and words.POLITE.whole(left[-1:]) and by_label(left[:-1], options):
            return left[:-1]
        shorter = without_one(left)
        if len(shorter) == len(left):
            break
        left = shorter
    return left


def without_marks_around(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without quotation and exclamation marks, and without points at the end."""
    left = [token for token in tokens if token.text not in ('"', "'", "!")]
    while left and left[-1].text == ".":
        left.pop()
    return left


def without_one(tokens: list[Token]) -> list[Token]:
    """The tokens without one polite phrase at their beginning, else without one polite word or point at their end."""
    lead = Cursor(tokens)
    if any(lead.take(table) for table in (words.POLITE, words.PRONOUN, CHOOSING)):
        return tokens[lead.place :]
    for length in (2, 1):
        end = tokens[-length:]
        if words.POLITE.whole(end) or words.PRONOUN.whole(end):
            return tokens[:-length]
    return tokens[:-1] if tokens[-1].text == "." else tokens


def one_of(tokens: Sequence[Token], options: Sequence[Option]) -> Option:
    """The one option that is meant. Raises AnswerDoubt when there is none, or several."""
    left = without_courtesy(tokens, options)
    meant = (
        labelled_or_numbered(left, options)
        or numbered_label(left, options)
        or by_part(without_marks(left), options)
    )
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise AnswerDoubt("many_matches", offered(meant))
    raise AnswerDoubt("no_match", offered(near(left, options)))


def labelled_or_numbered(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """What the tokens name as a label or as a number; both where they may be one and the other."""
    labelled = by_label(tokens, options)
    if len(labelled) == 1 and tokens[0].kind != "number":
        return labelled
    return joined(labelled, by_number(tokens, options))


def joined(labelled: list[Option], numbered: Option | None) -> list[Option]:
    """The options that a label names, with the one that a number names."""
    return labelled if numbered is None or numbered in labelled else [*labelled, numbered]


def numbered_label(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """ "2. Giếng khoan": number and label must agree."""
    if len(tokens) < 2 or tokens[0].kind != "number":
        return []
    rest = list(dropwhile(lambda token: token.text in (".", ")", "-", ":"), tokens[1:]))
    labelled = by_label(rest, options)
    if rest and not labelled:
        return []
    numbered = by_number(tokens[:1], options)
    return joined(labelled, numbered) if numbered else []


def near(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """Options whose label or a part of it is one edit away."""
    from rapidfuzz.distance import OSA  # 10 ms and 3 MB, only for names with a slip

    typed = bare(as_text(tokens))

    def is_near(option: Option) -> bool:
        parts = filter(lambda part: len(part) > 3, parts_of(words_of(option.label), len(tokens)))
        return any(OSA.distance(typed, text, score_cutoff=1) <= 1 for text in (fold(option.label), *parts))

    return list(filter(is_near, options)) if len(typed) >= 3 else []


def parts_of(label: Sequence[str], length: int) -> Iterator[str]:
    """The runs of `length` words of a label, without their marks."""
    for place in range(len(label) - length + 1):
        yield bare(" ".join(label[place : place + length]))


def other_text(text: str, question: ExpectedAnswer) -> str | None:
    """What follows "khác:", None when the answer does not begin so."""
    match = re.match(r"\s*(.{4,12}?)\s*[:\-–]\s*(\S.*)", text, re.DOTALL)
    if not match or not question.other:
        return None
    return match[2].strip() if OTHER.whole(tokens_of(clean(match[1]))) else None


def other_value(question: ExpectedAnswer) -> str:
    """The value of the option that stands for others."""
    return next((option.value for option in question.options if is_other(option)), "other")


def read_one(text: str, tokens: Sequence[Token], question: ExpectedAnswer) -> Reading:
    """Read one choice. Raises AnswerDoubt."""
    said = other_text(text, question)
    if said is not None:
        return Reading("ok", other_value(question), read_back=f"Khác: {said}", other=said)
    refuse_question(tokens)
    if question.other and OTHER.whole(without_courtesy(tokens, question.options)):
        return Reading("ok", other_value(question), read_back="Khác")
    if len(pieces_of(tokens)) > 1 and len(set(several(tokens, question))) > 1:
        raise AnswerDoubt("too_many", offered(question.options))
    option = one_of(tokens, question.options)
    return Reading("ok", option.value, exact=text.strip() == option.label, read_back=option.label)


def refuse_question(tokens: Sequence[Token]) -> None:
    """Raise AnswerDoubt where something is asked and not answered."""
    if any(token.text == "?" for token in tokens):
        raise AnswerDoubt("question")


def several(tokens: Sequence[Token], question: ExpectedAnswer) -> list[Option]:
    """The options of a list, empty when it is none."""
    try:
        return [one_of(piece, question.options) for piece in pieces_of(tokens)]
    except AnswerDoubt:
        return []


def pieces_of(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens between commas, "và" and the like; "1 3" and "1,3" are two pieces."""
    pieces: list[list[Token]] = [[]]
    place = 0
    while place < len(tokens):
        behind = behind_splitter(tokens, place)
        if behind > place:
            pieces.append([])
        else:
            put(tokens[place], pieces)
        place = max(behind, place + 1)
    return list(filter(None, pieces))


def behind_splitter(tokens: Sequence[Token], place: int) -> int:
    """The place behind a comma or an "và" that stands at `place`; the same place where none does."""
    joining = AND.at(tokens, place)
    return joining[1] if joining else place + (tokens[place].text in SPLITTERS)


def put(token: Token, pieces: list[list[Token]]) -> None:
    """Add a token to the last piece; numbers beside each other, or joined by commas, are pieces of their own."""
    last = pieces[-1]
    if FIGURES.fullmatch(token.text):
        pieces += [[token._replace(text=part)] for part in token.text.split(",")] + [[]]
    elif token.kind == "number" and [before.kind for before in last] == ["number"]:
        pieces.append([token])
    else:
        last.append(token)


def read_many(text: str, tokens: Sequence[Token], question: ExpectedAnswer) -> Reading:
    """Read several choices. Raises AnswerDoubt."""
    refuse_question(tokens)
    said = other_text(text, question)
    if said is not None:
        return Reading("ok", (other_value(question),), read_back=f"Khác: {said}", other=said)
    chosen = chosen_among(without_courtesy(tokens, question.options), question.options)
    ordered = in_order(chosen, question.options)
    label = ", ".join(option.label for option in ordered) or "Không có"
    values = tuple(option.value for option in ordered)
    return Reading("ok", values, exact=text.strip() == label, read_back=label)


def in_order(chosen: Sequence[Option], options: Sequence[Option]) -> list[Option]:
    """What was chosen in the order of the list. Raises AnswerDoubt where none of them is chosen with others."""
    ordered = [option for option in options if option in chosen]
    if len(ordered) > 1 and any(map(is_none, ordered)):
        raise AnswerDoubt("none_and_some", offered(ordered))
    return ordered


def chosen_among(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """The options that are meant; none where "không" says so. Raises AnswerDoubt."""
    chosen = group_of(tokens, options)
    if chosen is None:
        chosen = whole_label(tokens, options)
    if chosen is None:
        chosen = [one_of(piece, options) for piece in pieces_of(tokens)]
    if not chosen and not NONE.whole(tokens):
        raise AnswerDoubt("no_match", offered(options))
    return chosen


def whole_label(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option] | None:
    """One label that may itself hold "và" or a comma."""
    labelled = by_label(without_marks(tokens), options)
    return labelled if len(labelled) == 1 else None


def group_of(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option] | None:
    """What "tất cả", "cả hai" and "không có cái nào" choose; None for other words."""
    if by_label(tokens, options):
        return None
    real = real_ones(options)
    if NONE.whole(tokens):
        return list(filter(is_none, options))[:1]
    if ALL.whole(tokens):
        return real
    number = BOTH.whole(tokens)
    if number is None:
        return None
    if number != len(real):
        raise AnswerDoubt("many_matches", offered(options))
    return real


def real_ones(options: Sequence[Option]) -> list[Option]:
    """The options that name something, without those that stand for none and for others."""
    return [option for option in options if not is_none(option) and not is_other(option)]
