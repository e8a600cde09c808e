"""Read a choice: by number, by label, by part of a label, or by value name. `several_choices` reads lists of them.

A label typed with all its diacritics wins over one that the words may stand for, and a whole label over a part of one. A
part counts only if a single label has it, without a negation before it ("hợp vệ sinh" does not choose "không hợp vệ
sinh"). A label one edit away is offered, never assumed.
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
"""Words, without diacritics, that reverse the meaning of what follows in a label ("cận nghèo" is not "nghèo")."""
CHOOSING: Final = WORDS_TO_CHOOSE.flags("choosing")
AND: Final = WORDS_TO_CHOOSE.flags("and")
OTHER: Final = WORDS_TO_CHOOSE.flags("other")
NONE_VALUES: Final = frozenset(("none", "khong", "khong_co", "no", "0"))
"""Value names by which authors mean "none of these", in Vietnamese without marks and in English."""
OTHER_VALUES: Final = frozenset(("other", "khac"))
SPLITTERS: Final = frozenset(",;\n&+")
"""Marks between choices."""
FIGURES: Final = re.compile(r"[0-9]{1,2}(?:,[0-9]{1,2})+")
"""Short numbers joined by commas, which are several choices here and would be a decimal elsewhere."""


LED: Final = re.compile(r"([^\W\d]+(?: [^\W\d]+)*) ([0-9]{1,2})(?:\.([0-9]{1,2}))?:")
"""A label that begins with a name and a number before a colon: "Dự án 5.1: Trường nội trú"."""
IN_LIST: Final = frozenset(("not_in_list", "part_of_list"))
"""The doubts of an answer that surely names choices by the numbers in their labels, and nothing else."""


@lru_cache(maxsize=4096)
def words_of(label: str) -> tuple[str, ...]:
    """Return the words and numbers of a label."""
    return tuple(token.text for token in tokens_of(clean(label)) if token.kind != "mark")


def is_none(option: Option) -> bool:
    """Whether an option means "none of these"."""
    label = fold(option.label)
    return option.value.lower() in NONE_VALUES or label.startswith(("khong co", "khong dung", "none", "no "))


def is_other(option: Option) -> bool:
    return option.value.lower() in OTHER_VALUES or fold(option.label) in ("khac", "other", "loai khac")


def offered(options: Sequence[Option]) -> tuple[Candidate, ...]:
    return tuple(Candidate(option.value, option.label) for option in options)


def by_label(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """Return the options with this label, exactly typed ones first; without any, those with this value name."""
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
    """Return the options with this value name, written together or with underscores."""
    texts = [token.text for token in tokens]
    return [option for option in options if bare(clean(option.value)) in ("".join(texts), "_".join(texts))]


def by_part(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """Return the options whose label contains the tokens, exactly typed ones first.

    Raises AnswerDoubt if a negation stands before them in some label.
    """
    for exactly in (True, False):
        places = {option: places_in(option, tokens, exactly=exactly) for option in options}
        refuse_negated(places)
        if named := [option for option in options if places[option]]:
            return named
    return []


def places_in(option: Option, tokens: Sequence[Token], *, exactly: bool) -> list[int]:
    """Return the places at which the tokens stand in a label."""
    label = words_of(option.label)
    return [
        place
        for place in range(len(label) - len(tokens) + 1)
        if spells(tokens, 0, label[place : place + len(tokens)], exactly=exactly)
    ]


def refuse_negated(places: Mapping[Option, Sequence[int]]) -> None:
    """Raise AnswerDoubt if a negation precedes the places in some label: there the words mean the opposite."""
    for option, places_of in places.items():
        before = words_of(option.label)[: max(places_of, default=0)]
        if not NEGATIONS.isdisjoint(map(bare, before)):
            raise AnswerDoubt("many_matches", offered(tuple(places)))


def by_number(tokens: Sequence[Token], options: Sequence[Option]) -> Option | None:
    """Return the option with this number, None if the tokens are no number. Raises AnswerDoubt if no option has it."""
    number = whole_number(tokens)
    if number is None:
        return None
    if numbered := numbers_in_labels(options):
        return by_number_in_label(number, numbered)
    if not 1 <= number <= len(options):
        raise AnswerDoubt("no_such_number", offered(options))
    chosen = options[number - 1]
    refuse_other_number(number, chosen, options)
    if len(tokens) == 1 and (told := telling(tokens[0], chosen, options)):
        raise AnswerDoubt("many_matches", offered((chosen, *told)))
    return chosen


def refuse_other_number(number: int, chosen: Option, options: Sequence[Option]) -> None:
    """Raise AnswerDoubt if labels begin with numbers, and this one is not the chosen option's own."""
    # Some labels have no number, so that "2" may be the second option as well as project 2.
    own = own_numbers(options)
    if own and own.get(chosen) != number:
        meant = [option for option, its in own.items() if its == number and option != chosen]
        raise AnswerDoubt("many_matches", offered((chosen, *meant)))


def refuse_other_places(tokens: Sequence[Token], options: Sequence[Option]) -> None:
    """Raise AnswerDoubt if a number is one label's own, and another's place in the numbered list that the person sees."""
    for number in filter(None, map(whole_number, pieces_of(tokens))):
        if 0 < number <= len(options):
            refuse_other_number(number, options[number - 1], options)


def is_asked_about(option: Option) -> bool:
    """Whether an option is one of those asked about, and not "none" or "other"."""
    return not (is_none(option) or is_other(option))


def numbers_in_labels(options: Sequence[Option]) -> dict[Option, int]:
    """Return the number that each label begins with ("Dự án 4: Hạ tầng"); {} if some label has none."""
    own = own_numbers(options)
    return own if all(option in own for option in filter(is_asked_about, options)) else {}


def own_numbers(options: Sequence[Option]) -> dict[Option, int]:
    """Return the number that a label begins with, of the options that have one."""
    named = {option: LED.match(option.label) for option in options if is_asked_about(option)}
    return {option: int(led[2]) for option, led in named.items() if led}


def by_name_and_number(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """Return the options whose labels begin with these words: "dự án 10" begins all of its parts.

    A part may be named before its whole: "tiểu dự án 1 dự án 10" is 10.1. Raises AnswerDoubt if the words name a number
    that no label has.
    """
    said, parts = fold(as_text(without_marks(tokens))), numbered(options)
    for lead in {name for name, _, _ in parts.values()}:
        if those := parts_named(said, lead, parts):
            return those
        if whole := re.fullmatch(rf"{lead} (\d+)", said):
            those = [option for option, its in parts.items() if its[:2] == (lead, whole[1])]
            return those or refuse_number(options)
    return []


def numbered(options: Sequence[Option]) -> dict[Option, tuple[str, str, str]]:
    """Return how the labels begin that begin with a name and its number: "Dự án 10.1" with du an, 10 and 1."""
    led = ((option, LED.match(option.label)) for option in options)
    return {option: (fold(its[1]), its[2], its[3]) for option, its in led if its}


def parts_named(said: str, lead: str, parts: Mapping[Option, tuple[str, str, str]]) -> list[Option]:
    """Return the options that are the part that is said: "tieu du an 1 du an 10"; [] if none is."""
    pair = re.fullmatch(rf"[a-z]+ {lead} (\d+)(?:(?: cua| thuoc)? {lead} (\d+))?", said)
    return [option for option, its in parts.items() if is_part_of(its, pair[1], pair[2])] if pair else []


def is_part_of(label: tuple[str, str, str | None], part: str, whole: str | None) -> bool:
    """Whether a label's numbers are those of this part of this whole; of any whole if none is said."""
    return label[2] == part and whole in (None, label[1])


def refuse_number(options: Sequence[Option]) -> list[Option]:
    """Raise AnswerDoubt: no label has the number that was named."""
    raise AnswerDoubt("not_in_list", offered(options))


def by_number_in_label(number: int, numbered: Mapping[Option, int]) -> Option:
    """Return the option whose label has this number. Raises AnswerDoubt if none has it, or several ("5.1", "5.2")."""
    # Whoever types 4 for such a list means project 4, wherever it stands in the list.
    meant = [option for option, own in numbered.items() if own == number]
    if len(meant) != 1:
        code = "many_matches" if meant else "not_in_list"
        raise AnswerDoubt(code, offered(meant or tuple(numbered)))
    return meant[0]


def telling(number: Token, chosen: Option, options: Sequence[Option]) -> list[Option]:
    """Return the other options with this number in their label: "2" may mean "Giếng khoan loại 2"."""
    return [option for option in options if option != chosen and number.text in words_of(option.label)]


def whole_number(tokens: Sequence[Token]) -> int | None:
    """Return the whole number that all tokens together are, in figures or words; None if they are none."""
    if not begins_number(tokens):
        return None
    try:
        numeral, place = numeral_at(tokens, 0)
    except AnswerDoubt:
        return None
    return int(numeral.value) if place == len(tokens) and numeral.shape in ("", "whole") else None


def begins_number(tokens: Sequence[Token]) -> bool:
    """Whether the first token may begin a number; "không" and "rưỡi" may not."""
    if not tokens or tokens[0].kind == "number":
        return bool(tokens)
    word = WORDS.at(tokens, 0) if tokens[0].kind == "word" else None
    return word is not None and word[0][0] not in (NumeralPart.ZERO, NumeralPart.HALF)


def without_courtesy(tokens: Sequence[Token], options: Sequence[Option]) -> list[Token]:
    """Return the tokens without courtesy and "chọn số" at both ends. The words of a label are never removed."""
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
    """Return the tokens without quotation and exclamation marks, and without points at the end."""
    left = [token for token in tokens if token.text not in ('"', "'", "!")]
    while left and left[-1].text == ".":
        left.pop()
    return left


def without_one(tokens: list[Token]) -> list[Token]:
    """Remove one polite phrase at the beginning, or else one polite phrase or point at the end."""
    lead = Cursor(tokens)
    if any(lead.take(table) for table in (words.POLITE, words.PRONOUN, CHOOSING)):
        return tokens[lead.place :]
    for length in (2, 1):
        end = tokens[-length:]
        if words.POLITE.whole(end) or words.PRONOUN.whole(end):
            return tokens[:-length]
    return tokens[:-1] if tokens[-1].text == "." else tokens


def one_of(tokens: Sequence[Token], options: Sequence[Option]) -> Option:
    """Return the one option that is meant. Raises AnswerDoubt if there is none, or if there are several."""
    left = without_courtesy(tokens, options)
    meant = (
        labelled_or_numbered(left, options)
        or numbered_label(left, options)
        or by_name_and_number(left, options)
        or by_part(without_marks(left), options)
    )
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise AnswerDoubt("many_matches", offered(meant))
    raise AnswerDoubt("no_match", offered(near(left, options)))


def labelled_or_numbered(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """Return the options that the tokens name as a label and as a number."""
    labelled = by_label(tokens, options)
    if len(labelled) == 1 and tokens[0].kind != "number":
        return labelled
    return joined(labelled, by_number(tokens, options))


def joined(labelled: list[Option], numbered: Option | None) -> list[Option]:
    """Return the options named by label, with the one named by number."""
    return labelled if numbered is None or numbered in labelled else [*labelled, numbered]


def numbered_label(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """Return the options that "2. Giếng khoan" names: one if number and label agree, otherwise all of both."""
    if len(tokens) < 2 or tokens[0].kind != "number":
        return []
    rest = list(dropwhile(lambda token: token.text in (".", ")", "-", ":"), tokens[1:]))
    labelled = by_label(rest, options)
    if rest and not labelled:
        return []
    numbered = by_number(tokens[:1], options)
    return joined(labelled, numbered) if numbered else []


def near(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """Return the options with a label, or a part of it, that is one edit away."""
    from rapidfuzz.distance import OSA  # 10 ms and 3 MB, only for names with a slip

    typed = bare(as_text(tokens))

    def is_near(option: Option) -> bool:
        parts = filter(lambda part: len(part) > 3, parts_of(words_of(option.label), len(tokens)))
        return any(OSA.distance(typed, text, score_cutoff=1) <= 1 for text in (fold(option.label), *parts))

    return list(filter(is_near, options)) if len(typed) >= 3 else []


def parts_of(label: Sequence[str], length: int) -> Iterator[str]:
    """Yield the runs of `length` words in a label, without diacritics."""
    for place in range(len(label) - length + 1):
        yield bare(" ".join(label[place : place + length]))


def other_text(text: str, question: ExpectedAnswer) -> str | None:
    """Return what follows "khác:"; None if the answer does not begin so, or the question has no such choice."""
    match = re.match(r"\s*(.{4,12}?)\s*[:\-–]\s*(\S.*)", text, re.DOTALL)
    if not match or not question.other:
        return None
    return match[2].strip() if OTHER.whole(tokens_of(clean(match[1]))) else None


def other_value(question: ExpectedAnswer) -> str:
    """Return the value of the option for others."""
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
    if question.numbered:
        refuse_other_places(without_courtesy(tokens, question.options), question.options)
    option = one_of(tokens, question.options)
    return Reading("ok", option.value, exact=text.strip() == option.label, read_back=option.label)


def refuse_question(tokens: Sequence[Token]) -> None:
    """Raise AnswerDoubt if the answer asks something."""
    if any(token.text == "?" for token in tokens):
        raise AnswerDoubt("question")


def several(tokens: Sequence[Token], question: ExpectedAnswer) -> list[Option]:
    """Return the options that the tokens list; [] if they are no list of options."""
    try:
        return [one_of(piece, question.options) for piece in pieces_of(tokens)]
    except AnswerDoubt:
        return []


def pieces_of(tokens: Sequence[Token]) -> list[list[Token]]:
    """Split the tokens at commas, "và" and the like; "1 3" and "1,3" are two pieces."""
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
    """Return the place after a comma or "và" at `place`; `place` itself if there is none."""
    joining = AND.at(tokens, place)
    return joining[1] if joining else place + (tokens[place].text in SPLITTERS)


def put(token: Token, pieces: list[list[Token]]) -> None:
    """Add a token to the last piece. Numbers beside each other, or joined by commas, become pieces of their own."""
    last = pieces[-1]
    if FIGURES.fullmatch(token.text):
        pieces += [[token._replace(text=part)] for part in token.text.split(",")] + [[]]
    elif token.kind == "number" and [before.kind for before in last] == ["number"]:
        pieces.append([token])
    else:
        last.append(token)
