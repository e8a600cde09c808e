"""Read several choices in one answer: listed, all, both, none of them, or "khác: …".

No choice is lost unsaid: a word of courtesy that may be one is asked about.
"""

import re
from collections.abc import Sequence
from typing import Final

from questionnaires.answers.choices import (
    CHOOSING,
    WORDS_TO_CHOOSE,
    by_label,
    is_none,
    is_other,
    numbers_in_labels,
    offered,
    one_of,
    other_text,
    other_value,
    pieces_of,
    places_in,
    refuse_other_places,
    refuse_question,
    without_courtesy,
    without_marks_around,
)
from questionnaires.answers.reading import AnswerDoubt, Candidate, ExpectedAnswer, Option, Reading
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import Token, tokens_of, without_marks

ALL: Final = WORDS_TO_CHOOSE.flags("all")
BOTH: Final = WORDS_TO_CHOOSE.numbers("both")
NONE: Final = WORDS_TO_CHOOSE.flags("none")
MARKS: Final = re.compile(r"[,;\n+]| và ")
"""What may stand before what is not in the list."""


def read_many(text: str, tokens: Sequence[Token], question: ExpectedAnswer) -> Reading:
    """Read several choices. Raises AnswerDoubt."""
    refuse_question(tokens)
    said = other_text(text, question)
    if said is not None:
        return Reading("ok", (other_value(question),), read_back=f"Khác: {said}", other=said)
    if beside := other_beside(text, question):
        listed_before, said = beside
        reading = read_many(listed_before, tokens_of(clean(listed_before)), question)
        values = tuple(dict.fromkeys((*several_of(reading), other_value(question))))
        return Reading("ok", values, read_back=f"{reading.read_back}, Khác: {said}", other=said)
    left = without_courtesy(tokens, question.options)
    if question.numbered:
        refuse_other_places(left, question.options)
    chosen = chosen_among(tokens, left, question.options)
    refuse_to_lose(tokens, chosen, question.options)
    ordered = in_order(chosen, question.options)
    label = ", ".join(option.label for option in ordered) or "Không có"
    values = tuple(option.value for option in ordered)
    return Reading("ok", values, exact=text.strip() == label, read_back=label)


def other_beside(text: str, question: ExpectedAnswer) -> tuple[str, str] | None:
    """Return what is listed before ", khác: …", and the text of that; None where nothing else is told."""
    for mark in MARKS.finditer(text):
        said = other_text(text[mark.end() :], question)
        if said is not None:
            return text[: mark.start()], said
    return None


def several_of(reading: Reading) -> tuple[str, ...]:
    """The values of a reading of several choices."""
    return reading.value if isinstance(reading.value, tuple) else ()


def in_order(chosen: Sequence[Option], options: Sequence[Option]) -> list[Option]:
    """Return the chosen options in the order of the list. Raises AnswerDoubt if "none of these" is among several."""
    ordered = [option for option in options if option in chosen]
    if len(ordered) > 1 and any(map(is_none, ordered)):
        raise AnswerDoubt("none_and_some", offered(ordered))
    return ordered


def chosen_among(tokens: Sequence[Token], left: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """Return the options that are meant; [] if the answer says none. `left` is without courtesy. Raises AnswerDoubt."""
    # A piece that is a label is no courtesy: "nha, gia suc" is Nhà and Gia súc.
    pieces = [piece for piece in pieces_of(without_marks_around(tokens)) if without_courtesy(piece, options)]
    chosen = group_of(left, options)
    if chosen is None and len(pieces) <= len(pieces_of(left)):
        chosen = whole_label(left, options)
    if chosen is None:
        chosen = listed(pieces, options)
    if not chosen and not NONE.whole(left):
        raise AnswerDoubt("no_match", offered(options))
    return chosen


def listed(pieces: Sequence[Sequence[Token]], options: Sequence[Option]) -> list[Option]:
    """Return the options that the pieces of a list name. Raises AnswerDoubt, with whole lists to choose from if only one
    piece may mean several options: "6, 10" may be 6 and 10.1, 6 and 10.2, or 6 and both."""
    clear, open_ones = list[Option](), list[tuple[Option, ...]]()
    for piece in pieces:
        try:
            clear.append(one_of(piece, options))
        except AnswerDoubt as doubt:
            meant = tuple(
                option for option in options if option.value in {one.value for one in doubt.candidates}
            )
            if doubt.code != "many_matches" or not numbers_in_labels(options):
                raise
            open_ones.append(meant)
    if open_ones:
        raise AnswerDoubt("part_of_list", lists_offered(clear, open_ones, options))
    return clear


def lists_offered(
    clear: Sequence[Option], open_ones: Sequence[Sequence[Option]], options: Sequence[Option]
) -> tuple[Candidate, ...]:
    """Return the lists that may be meant: with each option of the only open piece, and with all of every open piece."""
    each = [(*clear, option) for option in open_ones[0]] if len(open_ones) == 1 else []
    every = (*clear, *(option for some in open_ones for option in some))
    return tuple(as_candidate(list_, options) for list_ in (*each, every))


def as_candidate(chosen: Sequence[Option], options: Sequence[Option]) -> Candidate:
    """Return a list of options to be offered: each by the name and number of its label, a single one by all of it."""
    ordered = [option for option in options if option in chosen]
    names = (option.label.partition(":")[0] if len(ordered) > 1 else option.label for option in ordered)
    return Candidate(tuple(option.value for option in ordered), ", ".join(names))


def whole_label(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option] | None:
    """Return the option with this whole label, which may contain "và" or a comma; None if there is not just one."""
    labelled = by_label(without_marks(tokens), options)
    return labelled if len(labelled) == 1 else None


def refuse_to_lose(tokens: Sequence[Token], chosen: Sequence[Option], options: Sequence[Option]) -> None:
    """Raise AnswerDoubt if a word taken for courtesy may name one more choice: "ong, be" of Đường ống and Bể chứa.

    Both readings are offered.
    """
    aside = (token for piece in pieces_of(tokens) for token in left_out(piece, options))
    may_mean = (option for token in aside for option in named_by(token, options))
    more = [option for option in dict.fromkeys(may_mean) if option not in chosen]
    if chosen and more and not any(map(is_none, chosen)):
        raise AnswerDoubt(
            "many_matches", (as_candidate([*chosen, *more], options), as_candidate(chosen, options))
        )


def left_out(piece: Sequence[Token], options: Sequence[Option]) -> list[Token]:
    """Return the words at both ends of a piece that are taken for courtesy."""
    said = without_marks(piece)
    kept = without_courtesy(said, options)
    start = next(place for place in range(len(said) + 1) if said[place : place + len(kept)] == kept)
    return [*said[:start], *said[start + len(kept) :]]


def named_by(token: Token, options: Sequence[Option]) -> list[Option]:
    """Return the options with this word in their label. A single letter, or a word such as "số", names none."""
    if len(token.text) == 1 or CHOOSING.at((token,), 0):
        return []
    return [option for option in options if places_in(option, [token], exactly=False)]


def group_of(tokens: Sequence[Token], options: Sequence[Option]) -> list[Option] | None:
    """Return the options that "tất cả", "cả hai" or "không có cái nào" choose; None for other words."""
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
    """Return the options without those for "none of these" and for others."""
    return [option for option in options if not is_none(option) and not is_other(option)]
