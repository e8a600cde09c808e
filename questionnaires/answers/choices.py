"""Reads one or several choices: by number, label, part of a label or value name.

A label with all its marks wins over one that it may stand for, a whole label over a part of one. A part counts
only when it belongs to one label and no negation stands before it there ("hợp vệ sinh" is no part of "không hợp
vệ sinh"). A label one edit away is offered, never assumed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from questionnaires.answers import words
from questionnaires.answers.cursor import Cursor
from questionnaires.answers.numerals import WORDS, NumeralPart, numeral_at
from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.reading import Candidate, Doubt, Kind, Option, Question, Reading
from questionnaires.answers.text import bare, clean, fold
from questionnaires.answers.tokens import Token, spells, tokens_of
from questionnaires.answers.yesno import read_yes_no

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
OTHER_VALUES: Final = frozenset(("other", "khac"))
SPLITTERS: Final = frozenset(",;\n&+")


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
        found = [
            option
            for option in options
            if len(words_of(option.label)) == len(tokens)
            and spells(tokens, 0, words_of(option.label), exactly=exactly)
        ]
        if found:
            return found
    typed = "".join(token.text for token in tokens)
    return [
        option for option in options if bare(clean(option.value)) in (typed, "_".join(t.text for t in tokens))
    ]


def by_part(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """The options of whose label this is a part, with all marks first. Raises Doubt behind a negation."""
    for exactly in (True, False):
        found: list[Option] = []
        for option in options:
            label = words_of(option.label)
            places = [
                place
                for place in range(len(label) - len(tokens) + 1)
                if spells(tokens, 0, label[place : place + len(tokens)], exactly=exactly)
            ]
            if any(NEGATIONS.intersection(map(bare, label[:place])) for place in places):
                raise Doubt("many_matches", offered(options))
            found += [option] if places else []
        if found:
            return found
    return []


def by_number(tokens: Sequence[Token], options: Sequence[Option]) -> Option | None:
    """The option with this number in the list. Raises Doubt for a number without an option."""
    number = whole_number(tokens)
    if number is None:
        return None
    if not 1 <= number <= len(options):
        raise Doubt("no_such_number", offered(options))
    chosen = options[number - 1]
    # "2" is doubtful where another label holds a 2: "Giếng khoan loại 2".
    told = [option for option in options if option != chosen and tokens[0].text in words_of(option.label)]
    if told and len(tokens) == 1:
        raise Doubt("many_matches", offered((chosen, *told)))
    return chosen


def whole_number(tokens: Sequence[Token]) -> int | None:
    """The number that all tokens together are, in figures or in words; "không" and "rưỡi" begin none."""
    if not tokens:
        return None
    word = WORDS.at(tokens, 0) if tokens[0].kind == "word" else None
    if tokens[0].kind != "number" and (word is None or word[0][0] in (NumeralPart.ZERO, NumeralPart.HALF)):
        return None
    try:
        numeral, place = numeral_at(tokens, 0)
    except Doubt:
        return None
    return int(numeral.value) if place == len(tokens) and numeral.shape in ("", "whole") else None


def without_courtesy(tokens: Sequence[Token], options: Sequence[Option]) -> list[Token]:
    """The tokens without politeness and "chọn số" at both ends; the words of a label are never taken away."""
    left = [token for token in tokens if token.text not in ('"', "'", "!")]
    while left and left[-1].text == ".":
        left.pop()
    while left and not by_label(left, options):
        shorter = without_one(left)
        if len(shorter) == len(left):
            break
        left = shorter
    return left


def without_one(tokens: list[Token]) -> list[Token]:
    """The tokens without one polite phrase at their beginning, else without one polite word or point at their end."""
    lead = Cursor(tokens)
    if any(lead.take(table) for table in (words.POLITE, words.PRONOUN, CHOOSING)):
        return tokens[lead.place :]
    polite = words.POLITE.at(tokens[-1:], 0) or words.PRONOUN.at(tokens[-1:], 0)
    return tokens[:-1] if polite or tokens[-1].text == "." else tokens


def one_of(tokens: Sequence[Token], options: Sequence[Option]) -> Option:
    """The one option that is meant. Raises Doubt when there is none, or several."""
    left = without_courtesy(tokens, options)
    labelled = by_label(left, options)
    numbered = None if len(labelled) == 1 and left[0].kind != "number" else by_number(left, options)
    meant = labelled + ([numbered] if numbered and numbered not in labelled else [])
    if not meant:
        meant = numbered_label(left, options) or by_part(
            [token for token in left if token.kind != "mark"], options
        )
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise Doubt("many_matches", offered(meant))
    raise Doubt("no_match", offered(near(left, options)))


def numbered_label(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """ "2. Giếng khoan": number and label must agree."""
    if len(tokens) < 2 or tokens[0].kind != "number":
        return []
    rest = tokens[1:]
    while rest and rest[0].text in (".", ")", "-", ":"):
        rest = rest[1:]
    if not rest:
        numbered = by_number(tokens[:1], options)
        return [numbered] if numbered else []
    labelled = by_label(rest, options)
    numbered = by_number(tokens[:1], options) if labelled else None
    if numbered is None:
        return []
    return labelled if numbered in labelled else [*labelled, numbered]


def near(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """Options whose label or a part of it is one edit away."""
    from rapidfuzz.distance import OSA  # 10 ms and 3 MB, only for names with a slip

    typed = bare(" ".join(token.text for token in tokens))
    if len(typed) < 3:
        return []
    return [
        option
        for option in options
        if OSA.distance(typed, fold(option.label), score_cutoff=1) <= 1
        or any(
            len(part) > 3 and OSA.distance(typed, part, score_cutoff=1) <= 1
            for part in parts_of(words_of(option.label), len(tokens))
        )
    ]


def parts_of(label: Sequence[str], length: int) -> Iterator[str]:
    """The runs of `length` words of a label, without their marks."""
    for place in range(len(label) - length + 1):
        yield bare(" ".join(label[place : place + length]))


def other_text(text: str, question: Question) -> str | None:
    """What follows "khác:", None when the answer does not begin so."""
    match = re.match(r"\s*(.{4,12}?)\s*[:\-–]\s*(\S.*)", text, re.DOTALL)
    if not match or not question.other:
        return None
    return match[2].strip() if OTHER.whole(tokens_of(clean(match[1]))) else None


def other_value(question: Question) -> str:
    """The value of the option that stands for others."""
    return next((option.value for option in question.options if is_other(option)), "other")


def read_one(text: str, tokens: Sequence[Token], question: Question) -> Reading:
    """Read one choice. Raises Doubt."""
    said = other_text(text, question)
    if said is not None:
        return Reading("ok", other_value(question), read_back=f"Khác: {said}", other=said)
    if any(token.text == "?" for token in tokens):
        raise Doubt("question")
    if question.other and OTHER.whole(without_courtesy(tokens, question.options)):
        return Reading("ok", other_value(question), read_back="Khác")
    if len(pieces_of(tokens)) > 1 and len(set(several(tokens, question))) > 1:
        raise Doubt("too_many", offered(question.options))
    option = one_of(tokens, question.options)
    return Reading("ok", option.value, exact=text.strip() == option.label, read_back=option.label)


def several(tokens: Sequence[Token], question: Question) -> list[Option]:
    """The options of a list, empty when it is none."""
    try:
        return [one_of(piece, question.options) for piece in pieces_of(tokens)]
    except Doubt:
        return []


def pieces_of(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens between commas, "và" and the like; "1 3" and "1,3" are two pieces."""
    pieces: list[list[Token]] = [[]]
    place = 0
    while place < len(tokens):
        token = tokens[place]
        joined = AND.at(tokens, place)
        if token.text in SPLITTERS or joined:
            pieces.append([])
            place = joined[1] if joined else place + 1
            continue
        figures = re.fullmatch(r"[0-9]{1,2}(?:,[0-9]{1,2})+", token.text)
        if figures:
            pieces += [[token._replace(text=part)] for part in token.text.split(",")] + [[]]
        elif token.kind == "number" and len(pieces[-1]) == 1 and pieces[-1][0].kind == "number":
            pieces.append([token])
        else:
            pieces[-1].append(token)
        place += 1
    return [piece for piece in pieces if piece]


def read_many(text: str, tokens: Sequence[Token], question: Question) -> Reading:
    """Read several choices. Raises Doubt."""
    if any(token.text == "?" for token in tokens):
        raise Doubt("question")
    said = other_text(text, question)
    if said is not None:
        return Reading("ok", (other_value(question),), read_back=f"Khác: {said}", other=said)
    chosen = chosen_among(without_courtesy(tokens, question.options), question.options)
    ordered = [option for option in question.options if option in chosen]
    if len(ordered) > 1 and any(is_none(option) for option in ordered):
        raise Doubt("none_and_some", offered(ordered))
    label = ", ".join(option.label for option in ordered) or "Không có"
    values = tuple(option.value for option in ordered)
    return Reading("ok", values, exact=text.strip() == label, read_back=label)


def chosen_among(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """The options that are meant; none where "không" says so. Raises Doubt."""
    chosen = group_of(tokens, options)
    if chosen is None:
        chosen = whole_label(tokens, options)
    if chosen is None:
        chosen = [one_of(piece, options) for piece in pieces_of(tokens)]
    if not chosen and not NONE.whole(tokens):
        raise Doubt("no_match", offered(options))
    return chosen


def whole_label(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option] | None:
    """One label that may itself hold "và" or a comma."""
    found = by_label([token for token in tokens if token.kind != "mark"], options)
    return found if len(found) == 1 else None


def group_of(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option] | None:
    """What "tất cả", "cả hai" and "không có cái nào" choose; None for other words."""
    if by_label(tokens, options):
        return None
    real = [option for option in options if not is_none(option) and not is_other(option)]
    if NONE.whole(tokens):
        return [option for option in options if is_none(option)][:1]
    if ALL.whole(tokens):
        return real
    number = BOTH.whole(tokens)
    if number is None:
        return None
    if number != len(real):
        raise Doubt("many_matches", offered(options))
    return real


def yes_and_no(options: Sequence[Option]) -> tuple[Option, Option] | None:
    """The two options of a plain "Có" or "Không", in this order; None for any other choices."""
    by_word = {fold(option.label): option for option in options}
    for yes, no in (("co", "khong"), ("yes", "no")):
        if by_word.keys() == {yes, no} and len(options) == 2:
            return by_word[yes], by_word[no]
    return None


def read_choice(text: str, tokens: Sequence[Token], question: Question) -> Reading:
    """Read the answer to a question with choices; "ko" and "rồi" choose a plain No or Yes. Raises Doubt."""
    if question.kind is not Kind.ONE:
        return read_many(text, tokens, question)
    pair = yes_and_no(question.options)
    try:
        return read_one(text, tokens, question)
    except Doubt as doubt:
        if pair is None or doubt.code != "no_match":
            raise
        said = said_yes_or_no(text, tokens, question)
        if said is None:
            raise
    option = pair[0] if said else pair[1]
    return Reading("ok", option.value, read_back=option.label)


def said_yes_or_no(text: str, tokens: Sequence[Token], question: Question) -> bool | None:
    """What an answer says to "is there?"; None where that is in doubt."""
    try:
        return bool(read_yes_no(text, tokens, replace(question, kind=Kind.HAS)).value)
    except Doubt:
        return None
